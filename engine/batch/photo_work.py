"""A photo of a batch on its way from the file that it is to the file that it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.batch.pages import Pages
    from engine.batch.plan import Item
    from engine.batch.sidecars import Recipe
    from engine.render import Colors


@dataclass(slots=True, eq=False)
class PhotoWork:
    """A photo in flight.

    Attributes:
        item: What is to become of it.
        pages: What was read of it.
        recipe: How it is coloured.
        seconds: The work that it took so far.
        extra: Bytes that saving it takes besides what the pages need.
        colors: Of each page, once it went through the network.
        notes: Remarks about that.
    """

    item: Item
    pages: Pages
    recipe: Recipe
    seconds: float
    extra: int = 0
    colors: tuple[Colors, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def cost(self) -> int:
        """Bytes that it takes until it is saved."""
        return self.pages.cost + self.extra

    @property
    def likeness(self) -> object:
        """Its model, and the network's size of its page; those of several pages, or with hints, go alone."""
        if len(self.pages.photos) > 1 or self.recipe.alone:
            return id(self)
        return self.recipe.model, self.pages.prepared[0].lightness.shape
