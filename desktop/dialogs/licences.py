"""The libraries that the program stands on, with their licences, as they are installed here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

OURS = "autochrome"
LICENCE_FILE = Path(__file__).parent.parent.parent / "LICENSE"
_TEXTS = re.compile(r"(licen[cs]e|copying|notice|copyright)", re.IGNORECASE)
_MOST_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Library:
    """One library.

    Attributes:
        name: As it calls itself.
        version: The installed one.
        licence: Its name, SPDX where the library gives one; empty where it gives none.
    """

    name: str
    version: str
    licence: str


def installed_libraries() -> list[Library]:
    """Everything that this program needs, directly or not, in order of names.

    Reads files: not for the window's thread.
    """
    found: dict[str, Library] = {}
    waiting = _needed_by(OURS)
    while waiting:
        name = waiting.pop()
        key = _folded(name)
        if key in found or key == OURS:
            continue
        try:
            about = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # needed on another system, or by an extra
        found[key] = Library(about.metadata["Name"] or name, about.version, _licence_of(about.metadata))
        waiting += _needed_by(name)
    return [found[key] for key in sorted(found)]


def licence_text(library: str | None) -> str:
    """The licence of a library in full, or of this program for None; empty where it brought none along.

    Reads files: not for the window's thread.
    """
    if library is None:
        return LICENCE_FILE.read_text("utf-8", "replace") if LICENCE_FILE.exists() else _texts_of(OURS)
    return _texts_of(library)


def _texts_of(name: str) -> str:
    try:
        files = metadata.distribution(name).files or []
    except metadata.PackageNotFoundError:
        return ""
    texts: list[str] = []
    for file in files:
        if ".dist-info" in str(file) and _TEXTS.search(file.name):
            path = Path(str(file.locate()))
            if path.is_file():
                texts.append(path.read_text("utf-8", "replace"))
    return "\n\n".join(texts)[:_MOST_CHARACTERS]


def _needed_by(name: str) -> list[str]:
    """The names of what a library needs, without what only its extras need."""
    try:
        requirements = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    plain = (requirement for requirement in requirements if "extra ==" not in requirement.replace("'", '"'))
    matches = (re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement) for requirement in plain)
    return [match.group() for match in matches if match]


def _licence_of(about: metadata.PackageMetadata) -> str:
    """The licence's name, from the fields that three generations of packaging have used."""
    for field in ("License-Expression", "License"):
        value = about.get_all(field) or []
        if value and value[0].strip() and value[0].strip().upper() != "UNKNOWN":
            return value[0].strip().splitlines()[0][:80]
    classifiers = about.get_all("Classifier") or []
    names = [line.rpartition("::")[2].strip() for line in classifiers if line.startswith("License")]
    return ", ".join(names)


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
