"""What a test does to the window, and waits for."""

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

SECONDS = 20_000
RED, GREEN = "#c83232", "#2f8f2f"


def wait(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=SECONDS)


def is_coloured(program, path=None):
    """Whether the open photo (that of the path) stands on the screen in its colours."""
    document = program.parts.document
    return (
        (path is None or document.path == path)
        and document.is_current
        and not program.parts.engine.busy
        and program.parts.canvas.settled
    )


def open_photo(qtbot, program, path):
    program.opening.open_paths([path])
    wait(qtbot, lambda: is_coloured(program, path))


def drop(widget, *paths):
    """Drops files onto a widget, as the desktop does."""
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place, action = QPointF(widget.rect().center()), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place.toPoint(), action, content, buttons, keys)
    QApplication.sendEvent(widget, entering)
    assert entering.isAccepted()
    dropping = QDropEvent(place, action, content, buttons, keys)
    QApplication.sendEvent(widget, dropping)
    assert dropping.isAccepted()


def key(qtbot, program, name, modifier=Qt.KeyboardModifier.NoModifier):
    """Presses and lets go a key where the focus is."""
    target = QApplication.focusWidget() or program.parts.window
    qtbot.keyClick(target, name, modifier)


def view_of(program):
    """The view of the coloured photo, fit into the window."""
    canvas = program.parts.canvas
    return canvas.single if canvas.single.isVisible() else canvas.after


def press(program, x, y):
    """Puts the pointer's button down on a place of the photo."""
    view = view_of(program)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=view.point_of(QPointF(x, y)).toPoint())


def move(program, x, y):
    """Moves the pointer to a place of the photo."""
    view = view_of(program)
    QTest.mouseMove(view, view.point_of(QPointF(x, y)).toPoint())


def release(program, x, y):
    """Lets the pointer's button go there."""
    view = view_of(program)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=view.point_of(QPointF(x, y)).toPoint())


def stroke(qtbot, program, *places):
    """Draws with the tool in use from place to place, and waits for what comes of it."""
    press(program, *places[0])
    for place in places[1:]:
        move(program, *place)
    release(program, *places[-1])
    wait(qtbot, lambda: is_coloured(program))


def take(program, name):
    """Takes a tool by its act."""
    action = program.parts.actions[name]
    if not action.isChecked():
        action.trigger()
    assert action.isChecked()


def paint(qtbot, program, *places, color=RED):
    """Paints a hint with the brush, and waits for its colours."""
    take(program, "brush")
    program.parts.hints.choose_color(color)
    stroke(qtbot, program, *places)


def colour_at(program, x, y):
    """What the photo shows at a place: red, green, blue."""
    document = program.parts.document
    return document.pyramid.colored(0, (x, y, 1, 1), document.painting)[0, 0].astype(int)


def redness(program, x, y):
    """How much more red than anything else the photo shows at a place."""
    red, green, blue = colour_at(program, x, y)
    return red - max(green, blue)
