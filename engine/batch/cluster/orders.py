"""What the driver and the workers say to each other: an order for each photo, and a reply to each order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from engine.batch.events import Outcome
    from engine.batch.journal import Made, Row
    from engine.batch.place import Place
    from engine.batch.plan import Item
    from engine.batch.scan import Found
    from engine.photo import OutputFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One photo to colour: what `plan.Item` says, without what only the driver's machine has.

    Attributes:
        number: The reply's number.
        found: The source.
        place: Where its output goes.
        natural: The output format that the source would have by itself, as far as its name tells.
        format: The output's format.
        output: The output.
        replace: Whether it takes the place of one that this program made before.
        hints: How many hints it has.
        former: That earlier output, as it was left.
    """

    number: int
    found: Found
    place: Place
    natural: OutputFormat
    format: OutputFormat
    output: Path
    replace: bool
    hints: int
    former: Made | None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to an order.

    Attributes:
        number: The order's.
    """

    number: int


@dataclass(frozen=True, slots=True)
class Finished(Reply):
    """The photo is coloured, or cannot be, or need not be.

    Attributes:
        outcome: What became of it.
        row: What the journal shall say; None where it keeps silent.
        made: The output, where there is one now.
        seconds: What reading it, the network, and saving it took.
    """

    outcome: Outcome
    row: Row | None = None
    made: Made | None = None
    seconds: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class There(Reply):
    """The output is there already, from an attempt that was lost before it could say so.

    Attributes:
        made: The output.
    """

    made: Made


@dataclass(frozen=True, slots=True)
class Misnamed(Reply):
    """The photo is of another format than its name says, and so its output needs another name.

    Attributes:
        natural: The output format that it would have by itself.
    """

    natural: OutputFormat


@dataclass(frozen=True, slots=True)
class Fault(Reply):
    """No photo can be coloured on a machine; the run ends.

    Attributes:
        sentence: Why.
        advice: What the user can do about it.
    """

    sentence: str
    advice: str


def order_of(item: Item, number: int) -> Order:
    """The order for an item, with the number of its reply."""
    shelf = item.shelf
    return Order(
        number=number,
        found=item.found,
        place=shelf.place,
        natural=item.natural,
        format=item.format,
        output=item.output,
        replace=item.replace,
        hints=item.hints,
        former=shelf.journal.made(shelf.place.key(item.output)) if item.replace else None,
    )
