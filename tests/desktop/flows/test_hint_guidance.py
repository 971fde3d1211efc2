"""Where a hint would help is shown while it is wanted."""

from PySide6.QtCore import Qt

from tests.desktop.flows.acting import (
    is_coloured,
    key,
    paint,
    wait,
)


def test_where_a_hint_would_help_is_shown_and_renewed(opened, qtbot):
    advice = []
    opened.parts.engine.advised.connect(advice.append)
    key(qtbot, opened, Qt.Key.Key_W)
    wait(qtbot, lambda: advice)
    assert advice[0].need.min() >= 0
    assert advice[0].need.max() <= 1
    assert opened.parts.tools.places
    paint(qtbot, opened, (30, 40), (50, 40))
    wait(qtbot, lambda: len(advice) == 2)
    key(qtbot, opened, Qt.Key.Key_W)
    assert opened.parts.tools.places == ()
    opened.parts.actions["undo"].trigger()
    wait(qtbot, lambda: is_coloured(opened))
    assert len(advice) == 2, "nobody wants it any more"
