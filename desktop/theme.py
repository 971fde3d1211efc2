"""The light and the dark theme: Qt's Fusion style in colours of our own, following the system where the user wants so.

Widgets take their colours from their palette. What a palette has no role for (states, the ground behind a photo) is in
`ThemeColors`, which `theme_colors` gives for a palette. Text has a contrast of 4.5:1 to what it stands on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop.settings.values import ThemeChoice

Role = QPalette.ColorRole
Group = QPalette.ColorGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeColors:
    """Colours that a palette has no role for; states are told by a shape or a word as well.

    Attributes:
        done: Text and icons of what is finished, on the window's and the lists' ground.
        failed: The same of what failed.
        warning: The same of what the user should know.
        focus: The ring around what has the keyboard; 3:1 to every ground.
        muted: Text of lesser weight.
        canvas: The ground behind a photo.
        canvas_text: Text on it.
        border: Lines between parts; they carry no meaning.
    """

    done: QColor
    failed: QColor
    warning: QColor
    focus: QColor
    muted: QColor
    canvas: QColor
    canvas_text: QColor
    border: QColor


LIGHT_COLORS = ThemeColors(
    done=QColor("#1c6b3a"),
    failed=QColor("#b3261e"),
    warning=QColor("#7a4b00"),
    focus=QColor("#3f51b5"),
    muted=QColor("#5a5955"),
    canvas=QColor("#dddbd6"),
    canvas_text=QColor("#33322f"),
    border=QColor("#c9c6bf"),
)
DARK_COLORS = ThemeColors(
    done=QColor("#7fd19b"),
    failed=QColor("#ff9c94"),
    warning=QColor("#f1c06b"),
    focus=QColor("#9fadff"),
    muted=QColor("#b3b1ac"),
    canvas=QColor("#131416"),
    canvas_text=QColor("#d9d7d3"),
    border=QColor("#46484d"),
)

_LIGHT: dict[Role, str] = {
    Role.Window: "#f4f3f0",
    Role.WindowText: "#1f1e1c",
    Role.Base: "#ffffff",
    Role.AlternateBase: "#f7f6f3",
    Role.Text: "#1f1e1c",
    Role.PlaceholderText: "#6a6863",
    Role.Button: "#ebe9e4",
    Role.ButtonText: "#1f1e1c",
    Role.BrightText: "#9c1c15",
    Role.ToolTipBase: "#2b2c2f",
    Role.ToolTipText: "#f3f2ef",
    Role.Highlight: "#3f51b5",
    Role.HighlightedText: "#ffffff",
    Role.Accent: "#3f51b5",
    Role.Link: "#3346b0",
    Role.LinkVisited: "#6b3a94",
    Role.Light: "#ffffff",
    Role.Midlight: "#f4f3f0",
    Role.Mid: "#bfbcb5",
    Role.Dark: "#98958e",
    Role.Shadow: "#6c6a65",
}
_DARK: dict[Role, str] = {
    Role.Window: "#26272a",
    Role.WindowText: "#e9e7e3",
    Role.Base: "#17181a",
    Role.AlternateBase: "#1e1f22",
    Role.Text: "#e9e7e3",
    Role.PlaceholderText: "#9c9a95",
    Role.Button: "#34363a",
    Role.ButtonText: "#e9e7e3",
    Role.BrightText: "#ffb3ad",
    Role.ToolTipBase: "#eceae5",
    Role.ToolTipText: "#1f1e1c",
    Role.Highlight: "#5163cf",
    Role.HighlightedText: "#ffffff",
    Role.Accent: "#5163cf",
    Role.Link: "#a9b6ff",
    Role.LinkVisited: "#d3b0f2",
    Role.Light: "#4a4c51",
    Role.Midlight: "#3c3e42",
    Role.Mid: "#1f2023",
    Role.Dark: "#141517",
    Role.Shadow: "#0b0b0c",
}
_DARK_BOX = "#6f727a"
_TEXTS = (Role.WindowText, Role.Text, Role.ButtonText, Role.PlaceholderText, Role.HighlightedText)
_DISABLED_LIGHT, _DISABLED_DARK = ("#8b8984", "#c4c1ba"), ("#85837f", "#44464b")


def light_palette() -> QPalette:
    """The palette of the light theme."""
    return _palette(_LIGHT, *_DISABLED_LIGHT)


def dark_palette() -> QPalette:
    """The palette of the dark theme."""
    return _palette(_DARK, *_DISABLED_DARK)


def box_palette(palette: QPalette) -> QPalette:
    """The palette of check boxes. Fusion draws an empty one as a hole in the ground, which nobody sees in the dark."""
    boxes = QPalette(palette)
    if is_dark(palette):
        boxes.setColor(Role.Base, QColor(_DARK_BOX))
    return boxes


def theme_colors(palette: QPalette) -> ThemeColors:
    """The colours that go with a palette."""
    return DARK_COLORS if is_dark(palette) else LIGHT_COLORS


def is_dark(palette: QPalette) -> bool:
    """Whether a palette has light text on a dark ground."""
    return palette.color(Role.Window).lightness() < palette.color(Role.WindowText).lightness()


class Theme(QObject):
    """Dresses the application, and follows the system when that turns dark or light.

    Args:
        application: What is dressed.
        choice: The user's choice.
        parent: The owner.

    Signals:
        changed (): The palette is another one now.
    """

    changed = Signal()

    def __init__(
        self, application: QApplication, choice: ThemeChoice = "system", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._choice: ThemeChoice = choice
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._follow)
        self._apply()

    @property
    def choice(self) -> ThemeChoice:
        """What the user has chosen."""
        return self._choice

    @property
    def dark(self) -> bool:
        """Whether the dark theme is the one on the screen."""
        if self._choice == "system":
            return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._choice == "dark"

    def set_choice(self, choice: ThemeChoice) -> None:
        """Changes the theme at once."""
        if choice != self._choice:
            self._choice = choice
            self._apply()

    def _follow(self) -> None:
        """The system has turned dark or light, or Qt has, because `_apply` asked it to."""
        if self._choice == "system":
            self._dress()

    def _apply(self) -> None:
        hints = self._application.styleHints()
        if hasattr(hints, "setColorScheme"):  # from Qt 6.8 on: frames and the system's own dialogs match
            schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
            hints.setColorScheme(schemes.get(self._choice, Qt.ColorScheme.Unknown))
        self._dress()

    def _dress(self) -> None:
        palette = dark_palette() if self.dark else light_palette()
        self._application.setPalette(palette)
        for control in ("QCheckBox", "QRadioButton"):
            # PySide's stubs ask for bytes, which PySide itself refuses.
            self._application.setPalette(box_palette(palette), control)  # pyright: ignore[reportArgumentType, reportCallIssue]
        self.changed.emit()


def _palette(colors: dict[Role, str], disabled_text: str, disabled_highlight: str) -> QPalette:
    palette = QPalette()
    for role, color in colors.items():
        palette.setColor(role, QColor(color))
    for role in _TEXTS:
        palette.setColor(Group.Disabled, role, QColor(disabled_text))
    palette.setColor(Group.Disabled, Role.Highlight, QColor(disabled_highlight))
    palette.setColor(Group.Disabled, Role.HighlightedText, QColor(colors[Role.Text]))
    return palette
