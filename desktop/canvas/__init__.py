"""The middle of the window: a photo, before and after, at any size.

A photo comes in three steps. First its draft, a small picture that is there at once (`Canvas.show_draft`); then the
photo itself as a `Pyramid` (`Canvas.show_photo`); then its colours as a `Painting` (`Canvas.show_painting`), and again
with each change of a look, variant or model. A `Picture` holds what is there so far.

What is seen of it is decided by a `Viewport`: a zoom and a centre, shared by all views of a canvas, so that they always
show the same part. A `PhotoView` asks it where the photo lies (`Placement`), lays the tiles of the level that fits the
zoom over it (`Mosaic`, `cells`), and asks the `TileStore` for those that it lacks; until they come it draws coarser
ones. Tiles are rendered on the threads of `Tasks` and kept until their bytes are needed. Each picture in a view is a
`Layer`: when its colours change, the old ones stay until every visible tile of the new ones is there.

Pointers, pens and the tools' own keys go through a `Tool` in pixels of the photo: `PanTool` moves it. `HintTools` is
the state of the tools for hints, shared by all views; `brush` and `selecting` are what the pointer does for it. A
`Stroke` grows point by point and is painted at once, as ink on a picture of its own (`InkLayer`), of which only the
touched part is drawn again; no engine is asked. `HintLayer` draws what a view shows of hints. Who listens to
`HintTools` turns its signals into commands, and gives the hints that come of them back.
"""

from desktop.canvas.canvas import Canvas, Mode
from desktop.canvas.compare import Candidate
from desktop.canvas.hint_tool import HintToolKind, HintTools
from desktop.canvas.overlay import heat_image
from desktop.canvas.picture import Picture
from desktop.canvas.tool import PanTool, Pointer, Tool
from desktop.canvas.view import PhotoView
from desktop.canvas.viewport import Viewport

__all__ = [
    "Candidate",
    "Canvas",
    "HintToolKind",
    "HintTools",
    "Mode",
    "PanTool",
    "PhotoView",
    "Picture",
    "Pointer",
    "Tool",
    "Viewport",
    "heat_image",
]
