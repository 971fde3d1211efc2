"""The small pieces of a report's pages: text and links that no file name can break, one failure, one coloured photo.

Names of files are anything that somebody thought of. In the text they are escaped, and kept apart so that one written
from right to left does not turn its neighbours around. In links they are percent-encoded and relative, so that none can
become a scheme or leave its attribute; what is relative also stays true when the folder is moved.
"""

from __future__ import annotations

import html
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.batch.events import Done, shown
from engine.batch.storage import url_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.batch.events import Failed, Outcome
    from engine.batch.report_causes import Cause


_TURNING = {code: f"\\u{code:04x}" for code in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""Signs that turn the direction of writing, by which `gpj.exe` can pass for `exe.jpg`; written as escapes."""


def text(value: Path | str) -> str:
    """Anything as text of a page: also inside an attribute, and where it holds bytes that are no text."""
    return html.escape(shown(value).translate(_TURNING))


def sentence(value: str) -> str:
    """The same, with a capital letter at its beginning."""
    return text(value[:1].upper() + value[1:])


class Links:
    """Links from the pages in one folder.

    Args:
        page_folder: Where the pages lie.
        base: The folder that all photos have in common, left out where they are named; None if there is none.
    """

    def __init__(self, page_folder: Path, base: str | None) -> None:
        self._page_folder = page_folder
        self._base = base
        self._ways: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def to(self, file: Path) -> str:
        """The address of a file, ready to stand in an attribute."""
        folder, name = os.path.split(os.fspath(file))
        way = self._ways.get(folder)
        if way is None:
            way = self._ways[folder] = self._way(folder)
        return way + quote(os.fsencode(name))

    def folder_of(self, file: Path) -> str:
        """The folder of a photo as text, below the one that all have in common; empty if it is that one."""
        folder = os.path.dirname(os.fspath(file))
        said = self._folders.get(folder)
        if said is None:
            within = folder if self._base is None else os.path.relpath(folder, self._base)
            said = self._folders[folder] = "" if within == os.curdir else text(within)
        return said

    def _way(self, folder: str) -> str:
        """The way to a folder, with a slash at its end."""
        url, here = url_of(folder), url_of(self._page_folder)
        if (url is None) != (here is None):  # one of them is in object storage, and the other on this machine
            return f"{quote(url, safe=':/') if url else Path(folder).as_uri()}/"
        try:
            way = os.path.relpath(folder, self._page_folder)
        except ValueError:  # another drive, on Windows: there is no relative way
            return f"{Path(folder).as_uri()}/"
        if os.sep != "/":
            way = way.replace(os.sep, "/")
        return "" if way == os.curdir else f"{quote(os.fsencode(way))}/"


def common_folder(files: Iterable[Path]) -> str | None:
    """The innermost folder that holds all files; None if there is none."""
    try:
        return os.path.commonpath({os.path.dirname(os.fspath(file)) for file in files})
    except ValueError:  # no files, or several drives
        return None


def failure(failed: Failed, cause: Cause, links: Links) -> str:
    """A photo under the heading of its cause, as an item of a list; with what the heading does not say."""
    own = " ".join(
        each
        for each in (
            sentence(failed.cause) if failed.cause != cause.cause else "",
            text(failed.advice) if failed.advice != cause.advice else "",
        )
        if each
    )
    more = f'<br><span class="muted">{own}</span>' if own else ""
    return f"<li>{_link(failed.source, links)}{_within(failed.source, links)}{more}</li>\n"


def row(outcome: Outcome, links: Links) -> str:
    """A photo that was left as it is, as a row of a table."""
    file = f"{_link(outcome.source, links)}{_within(outcome.source, links)}"
    return f'<tr><th scope="row">{file}</th><td>{sentence(outcome.cause)}</td></tr>\n'


def card(outcome: Outcome, thumbnail: Path | None, links: Links) -> str:
    """A coloured photo, as an item of the contact sheet."""
    output = outcome.output or outcome.source
    name = text(outcome.source.name)
    if thumbnail is None:
        picture = '<span class="shown none">no preview</span>'
    else:
        picture = (
            f'<a class="shown" href="{links.to(output)}">'
            f'<img src="{links.to(thumbnail)}" alt="Before and after: {name}" loading="lazy" decoding="async"></a>'
        )
    notes = f'<p class="note">{sentence("; ".join(outcome.notes))}.</p>' if outcome.notes else ""
    return (
        f'<li>{picture}\n<div><a class="name" href="{links.to(output)}"><bdi>{text(output.name)}</bdi></a>'
        f'<p class="muted">{_about(outcome, links)}'
        f'<a href="{links.to(outcome.source)}" aria-label="Original: {name}">original</a></p>{notes}</div></li>\n'
    )


def _link(file: Path, links: Links) -> str:
    return f'<a href="{links.to(file)}"><bdi>{text(file.name)}</bdi></a>'


def _within(file: Path, links: Links) -> str:
    folder = links.folder_of(file)
    return f' <span class="muted">in <bdi>{folder}</bdi></span>' if folder else ""


def _about(outcome: Outcome, links: Links) -> str:
    """What is known of a coloured photo, each piece followed by a dot in the middle."""
    folder = links.folder_of(outcome.source)
    known = [f"in <bdi>{folder}</bdi>"] if folder else []
    known.append(text(outcome.kind))
    if outcome.bits:
        known.append(f"{outcome.bits} bit")
    if outcome.pages > 1:
        known.append(f"{outcome.pages} pages")
    if outcome.hints:
        known.append("1 hint" if outcome.hints == 1 else f"{outcome.hints} hints")
    known.append(f"{outcome.seconds:.1f} s" if isinstance(outcome, Done) else text(outcome.cause))
    return "".join(f"{each} · " for each in known if each)
