"""What a test does to the window, and waits for."""

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

SECONDS = 20_000


def wait(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=SECONDS)


def is_coloured(program, path=None):
    """Whether the open photo (that of the path) stands on the screen in its colours."""
    document = program.parts.document
    return (
        (path is None or document.path == path)
        and document.coloring is not None
        and document.coloring.choice == document.choice
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
