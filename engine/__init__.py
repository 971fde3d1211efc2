"""Autochrome's engine: it colours photographs, without a window and without training.

A photo travels like this. `read_photo` decodes the file in full, turns it upright and brings it to sRGB
(`engine.photo`). A `Colorist` is a model on a device (`engine.models`, `engine.device`): it sees its lightness at
its own small size and proposes colours there. `render` brings them to full size along the photo's edges, applies a
`Look`, and keeps the photographer's lightness (`engine.render`, `engine.color`). `save_photo` writes the result beside
nothing it could overwrite. A `Session` does this for one photo on a screen: the network's slow half runs once, colours
and looks as often as wanted; a `Pyramid` and a `Painting` draw any part of it at any size (`engine.tiles`), and
`save_beside` writes it where a batch would. A `BatchJob` does it for many, and remembers in a journal what is done
(`engine.batch`); `folder_records` asks it.

    from engine import Colorist, SaveOptions, Session, read_photo, save_photo

    session = Session(Colorist("photo"))
    photo = read_photo(path)
    session.set_photo(photo.pixels)
    save_photo(output, [session.render(session.colorize())], [photo], SaveOptions(format="PNG"))

Importing this loads no torch; a `Colorist` does.
"""

from engine.batch import (
    BatchJob,
    BatchOptions,
    Begin,
    Done,
    Event,
    Failed,
    FormatChoice,
    Note,
    Outcome,
    Planned,
    Record,
    Saved,
    Skipped,
    Started,
    Summary,
    folder_records,
    save_as,
    save_beside,
    state_folder,
)
from engine.device import available_devices
from engine.errors import CancelledError, EngineError, PhotoError
from engine.models.card import InstalledModel, ModelCard
from engine.models.store import (
    BrokenModel,
    ModelExistsError,
    add_model,
    broken_models,
    find_model,
    list_models,
    remove_model,
    verify_model,
)
from engine.photo import (
    Photo,
    PhotoHeader,
    SaveOptions,
    SourceKind,
    chosen_format,
    count_pages,
    load_decoders,
    natural_format,
    read_header,
    read_pages,
    read_photo,
    read_thumbnail,
    save_photo,
    source_suffixes,
)
from engine.progress import Progress
from engine.render import Colors, Look, render
from engine.session import Colorist, Session
from engine.tiles import Painting, Pyramid
from engine.torch_loading import load_torch

__all__ = [
    "BatchJob",
    "BatchOptions",
    "Begin",
    "BrokenModel",
    "CancelledError",
    "Colorist",
    "Colors",
    "Done",
    "EngineError",
    "Event",
    "Failed",
    "FormatChoice",
    "InstalledModel",
    "Look",
    "ModelCard",
    "ModelExistsError",
    "Note",
    "Outcome",
    "Painting",
    "Photo",
    "PhotoError",
    "PhotoHeader",
    "Planned",
    "Progress",
    "Pyramid",
    "Record",
    "SaveOptions",
    "Saved",
    "Session",
    "Skipped",
    "SourceKind",
    "Started",
    "Summary",
    "add_model",
    "available_devices",
    "broken_models",
    "chosen_format",
    "count_pages",
    "find_model",
    "folder_records",
    "list_models",
    "load_decoders",
    "load_torch",
    "natural_format",
    "read_header",
    "read_pages",
    "read_photo",
    "read_thumbnail",
    "remove_model",
    "render",
    "save_as",
    "save_beside",
    "save_photo",
    "source_suffixes",
    "state_folder",
    "verify_model",
]
