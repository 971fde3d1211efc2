"""Picture files: from disk to pixels and back.

A file is opened without ever waiting (folders, pipes and devices are refused), and its first bytes, not its name, say
what it is. Only formats of our list reach a decoder. The reader of that format first reads the header alone: size,
pages, depth, profile, metadata, all within bounds, so that a picture that cannot fit into memory is refused before any
is taken. Then it decodes: samples of any depth, sign and range become uint8 or uint16 over the full range. From there
every format takes the same way: through its colour profile to sRGB, upright by its orientation, and a look at a small
copy tells whether it is grey, bitonal, toned or already coloured. The result is a `Photo`.

The way back: a coloured picture and its `Photo` become a file of the wished format. EXIF, XMP, IPTC and the resolution
are carried over as bytes and corrected only where they would no longer be true (orientation, sizes, thumbnail); XMP
gains the mark that the colours are synthetic. The file is written under a hidden name in its folder, synced, decoded
again and compared, and only then moved to its own name, never onto another file. A JPEG may keep the luma of the JPEG
that it is made of to the bit (`SaveOptions.luma`), as stored and with its orientation; `recover_photo` takes it out
again.

Whatever is wrong with a file is a `PhotoError` that names it and says why; whatever had to be guessed, reduced or left
out is a note in plain words.
"""

from engine.photo._atomic import is_temporary, new_file, remove_left, temporary_in
from engine.photo._depth import to_8
from engine.photo._exact import exact_luma_obstacle
from engine.photo._limits import BYTES_PER_PIXEL, default_pixel_limit
from engine.photo._picture import Metadata, Photo, PhotoHeader, SourceKind
from engine.photo._read import count_pages, is_marked, on_white, read_header, read_pages, read_photo, read_thumbnail
from engine.photo._recover import recover_photo
from engine.photo._save import (
    FormatChoice,
    Luma,
    OutputFormat,
    SaveOptions,
    chosen_format,
    format_suffix,
    natural_format,
    output_format,
    save_photo,
)
from engine.photo._source import source_suffixes
from engine.photo._warm import load_decoders

__all__ = [
    "BYTES_PER_PIXEL",
    "FormatChoice",
    "Luma",
    "Metadata",
    "OutputFormat",
    "Photo",
    "PhotoHeader",
    "SaveOptions",
    "SourceKind",
    "chosen_format",
    "count_pages",
    "default_pixel_limit",
    "exact_luma_obstacle",
    "format_suffix",
    "is_marked",
    "is_temporary",
    "load_decoders",
    "natural_format",
    "new_file",
    "on_white",
    "output_format",
    "read_header",
    "read_pages",
    "read_photo",
    "read_thumbnail",
    "recover_photo",
    "remove_left",
    "save_photo",
    "source_suffixes",
    "temporary_in",
    "to_8",
]
