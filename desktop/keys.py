"""Keys without a modifier: ← →, S, D, Space … mean one thing over the photo and another in a field.

Qt would give them to the window's acts wherever the focus is. `KeyGuard` lets a control that needs them for itself
have them, and turns Space into "while held", which a shortcut cannot be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QTextEdit,
    QTreeView,
    QWidget,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_TAKES_KEYS = (
    QLineEdit,
    QAbstractSpinBox,
    QAbstractSlider,
    QComboBox,
    QTextEdit,
    QPlainTextEdit,
    QTreeView,
    QTableView,
    QTabBar,
)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier)
_NEVER_TAKEN = (Qt.Key.Key_F1, Qt.Key.Key_F11, Qt.Key.Key_Escape)


class KeyGuard(QObject):
    """An event filter for the application.

    Args:
        window: Only its keys are looked at; dialogs have theirs.

    Signals:
        held (bool): Space went down over the photo or the thumbnails, or up again.
    """

    held = Signal(bool)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._holding = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sees every event of the application."""
        kind = event.type()
        if kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return self._on_key(watched, cast("QKeyEvent", event), kind)
        if kind in (QEvent.Type.ApplicationDeactivate, QEvent.Type.WindowDeactivate):
            self._hold(down=False)
        return False

    def _on_key(self, watched: QObject, event: QKeyEvent, kind: QEvent.Type) -> bool:
        focus = QApplication.focusWidget()
        if focus is None or watched is not focus or focus.window() is not self._window:
            return False
        if kind == QEvent.Type.ShortcutOverride:
            if event.modifiers() in _PLAIN and event.key() not in _NEVER_TAKEN and isinstance(focus, _TAKES_KEYS):
                event.accept()
            return False
        if event.key() != Qt.Key.Key_Space or event.modifiers() not in _PLAIN:
            return False
        if isinstance(focus, (*_TAKES_KEYS, QAbstractButton)):
            return False
        if not event.isAutoRepeat():
            self._hold(down=kind == QEvent.Type.KeyPress)
        return True

    def _hold(self, *, down: bool) -> None:
        if down != self._holding:
            self._holding = down
            self.held.emit(down)
