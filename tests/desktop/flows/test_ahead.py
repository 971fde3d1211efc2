"""Neighbours of the open photo are encoded while nothing is asked for."""

from engine import Colorist
from tests.desktop.flows.acting import (
    open_photo,
    paint,
    wait,
)


def test_neighbours_are_encoded_while_nothing_is_asked_for(opened, folder, qtbot, monkeypatch):
    encoded = []
    encode = Colorist.encode
    monkeypatch.setattr(Colorist, "encode", lambda self, prepared: encoded.append(1) or encode(self, prepared))
    ahead = []
    opened.parts.engine.encoded_ahead.connect(lambda path, model: ahead.append(path))
    wait(qtbot, lambda: len(encoded) == 2)
    wait(qtbot, lambda: folder / "scan 10.jpg" in ahead)
    open_photo(qtbot, opened, folder / "scan 10.jpg")
    open_photo(qtbot, opened, folder / "scan 2.jpg")
    assert len(encoded) == 2, "both ways without the slow part"


def test_the_act_that_asks_first_is_answered_before_the_neighbours(opened, qtbot):
    opened.ahead._begin()
    paint(qtbot, opened, (30, 40), (50, 40))
    assert opened.parts.document.is_current
