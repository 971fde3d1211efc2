"""The left side of the window: from a folder on disk to thumbnails on the screen.

A folder travels like this. `Library.open_folder` asks the `FolderReader` for it, which lists it on a background thread
(`listing`) and hands its photos on in natural order, a few hundred at a time: `FolderReader.listed`. The `PhotoList`
appends them and the `ThumbnailGrid` shows them, with names and blank pictures at first. Whenever other rows come into
view, `ThumbnailGrid.view_changed`, the library tells the `ThumbnailLoader` which photos those are; what has scrolled
away is dropped. The loader asks the `ThumbnailCache`, on background threads again, and `ThumbnailLoader.loaded` has the
`PhotoDelegate` draw the row. Meanwhile `FolderRecords` asks the engine what became of these photos earlier; `Marks`
joins that with what the window tells, and badges appear. Coloured copies that lie among the photos are known from the
same records; they are no photos to colour and stay out of the grid, unless one asks for them.

From then on `FolderWatch` follows the folder. When something changes, the folder is compared in the background with
what is shown, and the differences are applied row by row, so that neither the selection nor the place is lost.

The tree of folders (`FolderModel`, `FolderTree`) is listed in the background too, level by level.
"""

from desktop.library.cache import ThumbnailCache
from desktop.library.contents import PhotoState
from desktop.library.library import Library

__all__ = ["Library", "PhotoState", "ThumbnailCache"]
