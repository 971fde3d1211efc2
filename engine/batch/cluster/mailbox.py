"""The way back for what only the moment knows: that a photo was begun, that a disk is full, a remark.

It is for people who watch. What gets lost here, with a machine that is lost, changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.batch.events import Event


class Mailbox:
    """Holds events until the driver takes them; an actor on the driver's machine."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def put(self, event: Event) -> None:
        """Adds one."""
        self._events.append(event)

    def take(self) -> list[Event]:
        """All that came since the last time."""
        events, self._events = self._events, []
        return events


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends events to a mailbox, without waiting for it.

    Attributes:
        mailbox: Ray's handle of it.
    """

    mailbox: Any

    def __call__(self, event: Event) -> None:
        """Sends one."""
        self.mailbox.put.remote(event)
