"""The address of a file, written byte for byte as GLib writes it.

Thumbnails are found under the MD5 of the address of their photo, so two programs share them only if they write it the
same way. What the file managers of GNOME, KDE and Xfce use is GLib's `g_filename_to_uri`: the bytes of the absolute
path, each of them percent-encoded in capitals unless RFC 2396 allows it in a path. Links are not followed.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from PySide6.QtCore import QUrl

# What may stand in a path as it is; `;` may not, for GLib takes it for the start of parameters.
_UNESCAPED = "!$&'()*+,-./:=@_~"


def file_uri(path: Path) -> str:
    """The `file:` address of a path, which need not exist and need not be text in any encoding."""
    absolute = Path(os.path.abspath(path))
    return address_of(os.fsencode(absolute.as_posix()))


def address_of(path: bytes) -> str:
    """The `file:` address of an absolute path with forward slashes, given as bytes."""
    root = b"" if path.startswith(b"/") else b"/"  # C:/ on Windows
    return "file://" + quote_from_bytes(root + path, safe=_UNESCAPED)


def path_of(url: QUrl) -> Path | None:
    """The file that an address means, whatever its bytes; None if it is none of this computer."""
    if not url.isLocalFile():
        return None
    if os.name == "nt":
        return Path(url.toLocalFile())
    encoded = url.path(QUrl.ComponentFormattingOption.FullyEncoded)
    return Path(os.fsdecode(unquote_to_bytes(encoded)))
