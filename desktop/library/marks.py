"""What became of the photos of the open folder: what the records say, and what the window has told since.

The records are read again and again, and none of these readings is of one moment: one that began before a photo was
saved says what was true then. So what the window has told holds until the records say something else of that photo
than they did when it was told; then they know something newer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.library.contents import NEW, Mark, Recorded

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class _Told:
    """What the window has told of a photo.

    Attributes:
        mark: What became of it.
        output: The name of its coloured copy beside it; empty if there is none.
        recorded: What the records said of it before; None until that is known.
    """

    mark: Mark
    output: str
    recorded: Mark | None


class Marks:
    """What became of the photos of one folder, by file name, listed or not.

    Attributes:
        known: What became of them; of those that are not in it, nothing is known.
        copies: Files of the folder that are no photos to colour, but coloured copies of others.
    """

    def __init__(self) -> None:
        self.known: dict[str, Mark] = {}
        self.copies: set[str] = set()
        self._folder: Path | None = None
        self._recorded: Recorded | None = None
        self._told: dict[str, _Told] = {}
        self._announced: dict[Path, set[str]] = {}

    def enter(self, folder: Path | None) -> None:
        """Turns to a folder; what was told of the photos of another one is forgotten, but not which are copies."""
        if folder != self._folder:
            self._told.clear()
        self._folder, self._recorded = folder, None
        self._merge()

    def take(self, recorded: Recorded) -> None:
        """Takes over what the records say now."""
        for name, told in list(self._told.items()):
            mark = recorded.marks.get(name, NEW)
            if mark == told.mark or told.recorded not in (None, mark):
                del self._told[name]
            else:
                told.recorded = mark
        self._recorded = recorded
        self._merge()

    def tell(self, path: Path, mark: Mark, output: Path | None = None, *, reading: bool = False) -> None:
        """Takes over what the window says of a photo.

        Args:
            path: The photo.
            mark: What became of it.
            output: Its coloured copy. What lies beside its photo counts as a copy from now on; in a folder of its own,
                copies are what there is to see.
            reading: Whether the records are being read, so that what they say next may be older than this.
        """
        beside = output is not None and output.parent == path.parent
        if output is not None and beside:
            self.announce(output)
        if path.parent != self._folder:
            return
        self._told.pop(path.name, None)
        unsure = reading or self._recorded is None
        recorded = NEW if self._recorded is None else self._recorded.marks.get(path.name, NEW)
        if unsure or mark != recorded:
            name = output.name if output is not None and beside else ""
            self._told[path.name] = _Told(mark, name, None if unsure else recorded)
        self.known[path.name] = mark

    def announce(self, copy: Path) -> None:
        """Says that a file is a coloured copy, in this folder or another."""
        self._announced.setdefault(copy.parent, set()).add(copy.name)
        if copy.parent == self._folder:
            self.copies.add(copy.name)

    def forget(self, name: str) -> list[str]:
        """Says that a file of the folder is gone.

        Returns:
            The photos that were coloured by what the window told, and are no longer, for this was their copy.
        """
        if self._folder is not None:
            self._announced.get(self._folder, set()).discard(name)
        photos = [photo for photo, told in self._told.items() if told.output == name]
        for photo in (name, *photos):
            self.renew(photo)
        self.copies.discard(name)
        return photos

    def renew(self, name: str) -> None:
        """Says that a photo, or its copy, is no longer what it was: what was told of it is void, records hold."""
        if self._told.pop(name, None) is None:
            return
        mark = NEW if self._recorded is None else self._recorded.marks.get(name, NEW)
        self.known[name] = mark

    def _merge(self) -> None:
        recorded = self._recorded or Recorded()
        self.known = recorded.marks | {name: told.mark for name, told in self._told.items()}
        announced = set[str]() if self._folder is None else self._announced.get(self._folder, set[str]())
        self.copies = recorded.copies | announced
