"""Autochrome's engine: it colours photographs, without a window and without training.

A photo travels like this. `read_photo` decodes the file in full, turns it upright and brings it to sRGB
(`engine.photo`). A `Colorist` is a model on a device (`engine.models`, `engine.device`): it sees its lightness at
its own small size and proposes colours there. `render` brings them to full size along the photo's edges, applies a
`Look`, and keeps the photographer's lightness (`engine.render`, `engine.color`). `save_photo` writes the result beside
nothing it could overwrite. A `Session` does this for one photo on a screen: the network's slow half runs once, colours
and looks as often as wanted; a `Pyramid` and a `Painting` draw any part of it at any size (`engine.tiles`), and
`save_beside` writes it where a batch would. What a person knows of the colours is a `HintSet` of strokes
(`engine.hints`), which `Session.colorize` honours with any model and a `Sidecar` keeps beside the photo. A `BatchJob`
does it for many, and remembers in a journal what is done (`engine.batch`); `folder_records` asks it.

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
    Resumed,
    Saved,
    Skipped,
    Started,
    Summary,
    Waiting,
    folder_records,
    save_as,
    save_beside,
    state_folder,
)
from engine.color.names import ColorWords, color_name, color_names, color_words, parse_color
from engine.color.palette_file import Palette, read_palette, write_palette
from engine.color.swatches import ab_of, color_at, fitted, gamut_picture, lightness_of_color
from engine.colorist import Colorist
from engine.device import available_devices
from engine.errors import CancelledError, EngineError, PaletteError, PhotoError, SidecarError
from engine.hints import Hint, HintKind, HintPoint, HintSet
from engine.hints.suggestions import Suggestion
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
from engine.session import Session
from engine.sidecar import Sidecar, read_sidecar, sidecar_path, write_sidecar
from engine.tiles import Painting, Pyramid
from engine.torch_loading import load_torch

__all__ = [
    "BatchJob",
    "BatchOptions",
    "Begin",
    "BrokenModel",
    "CancelledError",
    "ColorWords",
    "Colorist",
    "Colors",
    "Done",
    "EngineError",
    "Event",
    "Failed",
    "FormatChoice",
    "Hint",
    "HintKind",
    "HintPoint",
    "HintSet",
    "InstalledModel",
    "Look",
    "ModelCard",
    "ModelExistsError",
    "Note",
    "Outcome",
    "Painting",
    "Palette",
    "PaletteError",
    "Photo",
    "PhotoError",
    "PhotoHeader",
    "Planned",
    "Progress",
    "Pyramid",
    "Record",
    "Resumed",
    "SaveOptions",
    "Saved",
    "Session",
    "Sidecar",
    "SidecarError",
    "Skipped",
    "SourceKind",
    "Started",
    "Suggestion",
    "Summary",
    "Waiting",
    "ab_of",
    "add_model",
    "available_devices",
    "broken_models",
    "chosen_format",
    "color_at",
    "color_name",
    "color_names",
    "color_words",
    "count_pages",
    "find_model",
    "fitted",
    "folder_records",
    "gamut_picture",
    "lightness_of_color",
    "list_models",
    "load_decoders",
    "load_torch",
    "natural_format",
    "parse_color",
    "read_header",
    "read_pages",
    "read_palette",
    "read_photo",
    "read_sidecar",
    "read_thumbnail",
    "remove_model",
    "render",
    "save_as",
    "save_beside",
    "save_photo",
    "sidecar_path",
    "source_suffixes",
    "state_folder",
    "verify_model",
    "write_palette",
    "write_sidecar",
]
