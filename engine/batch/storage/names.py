"""Names of what lies in object storage: its URL for people, and the path in a mirror that stands for it here.

A mirror keeps what `s3://bucket/scans` holds under `…/s3/bucket/scans`. Everything below the batch's surface works with
such paths; whatever is said to people, and written into journals and reports, names the URL.
"""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from urllib.parse import unquote

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://(.+)", re.DOTALL)
_SECRET = re.compile(r"^[^/]*@")
_CONTAINED = frozenset({"abfs", "abfss", "az", "wasb", "wasbs"})
"""Where what stands before the @ is no user but the container that the photos are in."""
_LONG_ENOUGH = 4
_NONE_ON_WINDOWS = re.compile(
    r"""[\x00-\x1f<>:"/\\|?*] | [. ]$ | ^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])[ ]*(\.|$)""",
    re.IGNORECASE | re.VERBOSE,
)


_secrets: set[str] = set()
"""What is never said again of the URLs that this process was given."""


class _Known:
    """The folders of all mirrors that this process ever had, and how the URLs of what is in them begin."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.starts: tuple[tuple[str, str], ...] = ()

    def add(self, folder: Path, start: str) -> None:
        with self._lock:
            self.starts = (
                *(each for each in self.starts if each[0] != f"{folder}{os.sep}"),
                (f"{folder}{os.sep}", start),
            )


_known = _Known()


def is_url(name: str | Path) -> bool:
    """Whether a name is a URL, and not that of a file or folder which happens to look like one."""
    return isinstance(name, str) and _URL.fullmatch(name) is not None and not os.path.lexists(name)


def parted(url: str) -> tuple[str, str]:
    """The scheme of a URL, in lower case, and the rest without what a user name or a password might stand in."""
    scheme, rest = _parts(url)
    return scheme, rest[len(secret_of(url)) :]


def without_secrets(url: str) -> str:
    """A URL as it may be shown and kept."""
    return "://".join(parted(url))


def secret_of(url: str) -> str:
    """What `without_secrets` leaves out."""
    scheme, rest = _parts(url)
    found = _SECRET.match(rest)
    if found is None or (scheme in _CONTAINED and ":" not in found.group()):
        return ""
    return found.group()


def keep_secret(url: str) -> None:
    """Has `discreet` leave out the user and password of a URL."""
    secret = secret_of(url)
    if secret:
        password = secret.rstrip("@").partition(":")[2]
        # A very short one stands in many words.
        _secrets.update({secret, *(each for each in (password, unquote(password)) if len(each) >= _LONG_ENOUGH)})


def discreet(text: str) -> str:
    """What a library said, without users and passwords."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, "")
    return text


def is_file_name(part: str, *, windows: bool = os.sep != "/") -> bool:
    """Whether a file of this machine can be called so, and that name means no other place.

    Args:
        part: A piece of a key between slashes.
        windows: Whether names are Windows's, where a drive in the middle of a path leads out of it.
    """
    if part in ("", ".", "..") or "\0" in part:
        return False
    return not windows or _NONE_ON_WINDOWS.search(part) is None


def make_known(folder: Path, start: str) -> None:
    """Makes a folder known, and how the URLs of what is below it begin; for as long as this process lives."""
    _known.add(folder, start)


def url_of(path: Path | str) -> str | None:
    """The URL that a path in a mirror stands for; None for any other path."""
    text = os.fspath(path)
    for folder, start in _known.starts:
        if text.startswith(folder):
            return start + text[len(folder) :].replace(os.sep, "/")
    return None


def path_of(url: str) -> Path | None:
    """The path in the newest mirror that stands for a URL; None if there is no mirror of its kind."""
    for folder, start in reversed(_known.starts):
        if url.startswith(start):
            return Path(folder, *url[len(start) :].split("/"))
    return None


def named(text: str) -> str:
    """A text with URLs in the place of the paths that stand for them."""
    for folder, start in _known.starts:
        text = text.replace(folder, start)
    return text


def _parts(url: str) -> tuple[str, str]:
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError(f"{url!r} is no URL")
    return found.group(1).lower(), found.group(2)
