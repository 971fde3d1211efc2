"""Autochrome's engine: it colours photographs, without a window and without training.

A photo travels like this. `read_photo` decodes the file in full, turns it upright and brings it to sRGB
(`engine.photo`). A `Colorist` is a model on a device (`engine.models`, `engine.device`): it sees its lightness at
its own small size and proposes colours there. `render` brings them to full size along the photo's edges, applies a
`Look`, and keeps the photographer's lightness (`engine.render`, `engine.color`). `save_photo` writes the result beside
nothing it could overwrite. A `Session` does this for one photo on a screen: the network's slow half runs once, colours
and looks as often as wanted. A `BatchJob` does it for many, and remembers in a journal what is done (`engine.batch`).

    from engine import Colorist, SaveOptions, Session, read_photo, save_photo

    session = Session(Colorist("photo"))
    photo = read_photo(path)
    session.set_photo(photo.pixels)
    save_photo(output, [session.render(session.colorize())], [photo], SaveOptions(format="PNG"))

Importing this loads no torch; a `Colorist` does.
"""

from engine.batch import BatchJob, BatchOptions, Summary
from engine.device import available_devices
from engine.errors import EngineError, PhotoError
from engine.models.store import add_model, find_model, list_models, remove_model, verify_model
from engine.photo import (
    Photo,
    SaveOptions,
    count_pages,
    read_pages,
    read_photo,
    read_thumbnail,
    save_photo,
    source_suffixes,
)
from engine.progress import Progress
from engine.render import Colors, Look
from engine.session import Colorist, Session

__all__ = [
    "BatchJob",
    "BatchOptions",
    "Colorist",
    "Colors",
    "EngineError",
    "Look",
    "Photo",
    "PhotoError",
    "Progress",
    "SaveOptions",
    "Session",
    "Summary",
    "add_model",
    "available_devices",
    "count_pages",
    "find_model",
    "list_models",
    "read_pages",
    "read_photo",
    "read_thumbnail",
    "remove_model",
    "save_photo",
    "source_suffixes",
    "verify_model",
]
