"""Keys without a modifier: ← →, S, D, Space … mean one thing over the photo and another in a field.

Qt would give them to the window's acts wherever the focus is, or never where a control might want them. `KeyGuard`
knows which keys each kind of control needs for itself, lets it have those and no others, and turns Space into "while
held", which a shortcut cannot be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QDoubleSpinBox,
    QLineEdit,
    QMenuBar,
    QPlainTextEdit,
    QSpinBox,
    QTabBar,
    QTextEdit,
    QWidget,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop.window import MainWindow

_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_NEVER_TAKEN = frozenset({Qt.Key.Key_F1, Qt.Key.Key_F11, Qt.Key.Key_Escape})
_ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})
_SCROLLING = _ARROWS | {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
_PRESSING = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select})
_OF_A_LIST = _SCROLLING | _PRESSING
_OF_A_CHOICE = _PRESSING | {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_F4}
_TYPED_INTO = (QLineEdit, QTextEdit, QPlainTextEdit, QMenuBar)
"""All plain keys are theirs; a menu bar has the focus only while a letter of its menus is waited for."""
_KEYS = frozenset({QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease})
_LEAVING = frozenset({QEvent.Type.ApplicationDeactivate, QEvent.Type.WindowDeactivate})


@runtime_checkable
class KnowsItsKeys(Protocol):
    """A control of our own, which says by itself which keys it has."""

    def needs_key(self, key: int, text: str) -> bool:
        """Whether a key without Ctrl or Alt means something here, whatever it is to the window.

        Args:
            key: The key, a `Qt.Key`.
            text: What it types.
        """
        ...


class KeyGuard(QObject):
    """An event filter for the application.

    It also joins the two ways to ask for the original: Space, and the act "original", which stays checked. The original
    is shown as long as either asks for it.

    Args:
        window: Only its keys are looked at, in it and in its docks; dialogs have theirs.

    Signals:
        held (bool): Whether the original is to be shown; emitted whenever Space or the act "original" has changed.
    """

    held = Signal(bool)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._original = window.actions_by_name["original"]
        self._original.toggled.connect(self._tell)
        self._holding = False
        self._is_down = False  # Space is, since it was pressed over the photo; it may outlast the hold

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sees every event of the application."""
        kind = event.type()
        if kind in _LEAVING:
            self._is_down = False  # its release goes elsewhere
            self._hold(on=False)
        elif kind == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._on_focus(watched)
        elif kind in _KEYS and isinstance(watched, QWidget):
            return self._on_key(watched, cast("QKeyEvent", event), kind)
        return False

    def _on_key(self, watched: QWidget, event: QKeyEvent, kind: QEvent.Type) -> bool:
        if kind == QEvent.Type.ShortcutOverride:
            return self._on_override(watched, event)
        if event.key() == Qt.Key.Key_Space:
            return self._on_space(watched, event)
        return kind == QEvent.Type.KeyPress and self._is_idle_act(watched, event)

    def _is_idle_act(self, control: QWidget, event: QKeyEvent) -> bool:
        """Whether a key is that of an act that cannot be done now; it must not begin a search by name instead."""
        if event.modifiers() & _COMMAND or event.key() in _NEVER_TAKEN or not self._has_focus(control):
            return False
        if _needs(control, event.key(), event.text()):
            return False
        pressed = QKeySequence(event.keyCombination())
        return any(pressed in action.shortcuts() for action in self._window.actions_by_name.by_name.values())

    def _has_focus(self, watched: QWidget) -> bool:
        """Whether the keys of the window go there now; where nothing has the focus, they go to the window itself."""
        if watched is not (QApplication.focusWidget() or self._window):
            return False
        top = watched.window()
        return top is self._window or (isinstance(top, QDockWidget) and top.parent() is self._window)

    def _on_override(self, control: QWidget, event: QKeyEvent) -> bool:
        if not self._has_focus(control):
            return False
        if event.modifiers() & _COMMAND:
            return _asks_undo(event) and _is_settled_number(control) and _given_away(event)
        if event.key() in _NEVER_TAKEN:
            return False
        if _needs(control, event.key(), event.text()):
            event.accept()
            return True
        # The line inside of a number field would take every letter, only to refuse it afterwards.
        return isinstance(control, QAbstractSpinBox) and _given_away(event)

    def _on_space(self, watched: QWidget, event: QKeyEvent) -> bool:
        if event.isAutoRepeat():
            return self._is_down  # nor is it typed into a field that got the focus meanwhile
        if event.type() == QEvent.Type.KeyRelease:
            was_down, self._is_down = self._is_down, False
            self._hold(on=False)
            return was_down
        self._is_down = (
            self._has_focus(watched)
            and not event.modifiers() & _COMMAND
            and not _needs(watched, event.key(), event.text())
        )
        self._hold(on=self._is_down)
        return self._is_down

    def _on_focus(self, control: QWidget) -> None:
        if self._holding and _needs(control, Qt.Key.Key_Space, " "):
            self._hold(on=False)

    def _hold(self, *, on: bool) -> None:
        if on != self._holding:
            self._holding = on
            self._tell()

    def _tell(self) -> None:
        self.held.emit(self._holding or self._original.isChecked())


def _needs(control: QWidget, key: int, text: str) -> bool:
    """Whether a control needs a plain key for itself.

    Args:
        control: What has the focus.
        key: The key, a `Qt.Key`.
        text: What it types.
    """
    if isinstance(control, KnowsItsKeys):
        return control.needs_key(key, text)
    if isinstance(control, _TYPED_INTO) or (isinstance(control, QComboBox) and control.isEditable()):
        return True
    if isinstance(control, QAbstractSpinBox):
        return key != Qt.Key.Key_Space and not text.isalpha()
    if isinstance(control, QAbstractItemView):
        return key in _OF_A_LIST or (text != "" and text.isprintable())  # a name is searched by its first letters
    return key in _own_keys(control)


def _own_keys(control: QWidget) -> frozenset[Qt.Key]:
    if isinstance(control, QAbstractSlider):
        return _SCROLLING
    if isinstance(control, QTabBar):
        return _ARROWS
    if isinstance(control, QComboBox):
        return _OF_A_CHOICE
    if isinstance(control, QAbstractButton):
        # Of buttons that exclude each other, Tab reaches one; arrows lead to the others.
        group = control.group()
        return _PRESSING | _ARROWS if control.autoExclusive() or (group and group.exclusive()) else _PRESSING
    return frozenset()


def _asks_undo(event: QKeyEvent) -> bool:
    """Whether it is Ctrl+Z or Ctrl+Shift+Z."""
    return event.key() == Qt.Key.Key_Z and event.modifiers() & ~_SHIFT == Qt.KeyboardModifier.ControlModifier


def _is_settled_number(control: QWidget) -> bool:
    """Whether it is a number field in which nothing is typed that has not been taken over yet."""
    if isinstance(control, QDoubleSpinBox):
        return control.cleanText() == control.textFromValue(control.value())
    return isinstance(control, QSpinBox) and control.cleanText() == control.textFromValue(control.value())


def _given_away(event: QKeyEvent) -> bool:
    """Leaves a key to the window, before the control could take it."""
    event.ignore()
    return True
