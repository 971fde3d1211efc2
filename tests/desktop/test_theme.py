"""Both themes: contrasts by WCAG 2's formula, and following the system."""

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette

from desktop.theme import (
    DARK_COLORS,
    LIGHT_COLORS,
    Theme,
    box_palette,
    dark_palette,
    is_dark,
    light_palette,
    theme_colors,
)

Role = QPalette.ColorRole
GROUNDS = (Role.Window, Role.Base, Role.AlternateBase)
PAIRS = [
    *itertools.product((Role.WindowText, Role.Text, Role.PlaceholderText, Role.Link, Role.LinkVisited), GROUNDS),
    (Role.BrightText, Role.Window),
    (Role.ButtonText, Role.Button),
    (Role.WindowText, Role.Button),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.HighlightedText, Role.Highlight),
    (Role.HighlightedText, Role.Accent),
]
PALETTES = {"light": (light_palette, LIGHT_COLORS), "dark": (dark_palette, DARK_COLORS)}


def luminance(color):
    """Relative luminance, WCAG 2.2."""
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Contrast ratio, WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture
def application(qapp):
    palette, style = qapp.palette(), qapp.style().name()
    yield qapp
    qapp.styleHints().setColorScheme(Qt.ColorScheme.Unknown)
    qapp.setPalette(palette)
    qapp.setStyle(style)


def test_the_formula_knows_black_and_white():
    black, white = Qt.GlobalColor.black, Qt.GlobalColor.white
    assert contrast(QPalette(black).color(Role.Button), QPalette(white).color(Role.Button)) == pytest.approx(21)


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("group", [QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive])
@pytest.mark.parametrize(("text", "ground"), PAIRS, ids=lambda role: role.name)
def test_every_text_can_be_read(qapp, name, group, text, ground):
    palette = PALETTES[name][0]()
    assert contrast(palette.color(group, text), palette.color(group, ground)) >= 4.5


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("ground", GROUNDS, ids=lambda role: role.name)
def test_states_can_be_read(qapp, name, ground):
    make, colors = PALETTES[name]
    palette = make()
    assert theme_colors(palette) is colors
    for text in (colors.done, colors.failed, colors.warning, colors.muted):
        assert contrast(text, palette.color(ground)) >= 4.5
    assert contrast(colors.canvas_text, colors.canvas) >= 4.5


@pytest.mark.parametrize("name", PALETTES)
def test_the_focus_stands_out(qapp, name):
    make, colors = PALETTES[name]
    for ground in (*(make().color(role) for role in (*GROUNDS, Role.Button)), colors.canvas):
        assert contrast(colors.focus, ground) >= 3
        assert contrast(make().color(Role.Highlight), make().color(Role.Window)) >= 2.5


@pytest.mark.parametrize("name", PALETTES)
def test_what_is_disabled_can_still_be_made_out(qapp, name):
    palette = PALETTES[name][0]()
    disabled = QPalette.ColorGroup.Disabled
    for text, ground in ((Role.WindowText, Role.Window), (Role.Text, Role.Base), (Role.ButtonText, Role.Button)):
        assert contrast(palette.color(disabled, text), palette.color(disabled, ground)) >= 2.5
        assert palette.color(disabled, text) != palette.color(text)


def test_a_choice_holds_at_once(application, qtbot):
    theme = Theme(application, "light")
    assert not is_dark(application.palette())
    with qtbot.waitSignal(theme.changed):
        theme.set_choice("dark")
    assert is_dark(application.palette())
    assert application.style().name() == "fusion"
    assert (theme.choice, theme.dark) == ("dark", True)


def test_the_same_choice_changes_nothing(application, qtbot):
    theme = Theme(application, "dark")
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_choice("dark")


def test_it_follows_the_system_when_asked_to(application, monkeypatch):
    theme = Theme(application, "system")
    system = [Qt.ColorScheme.Light]
    monkeypatch.setattr(type(application.styleHints()), "colorScheme", lambda hints: system[0])
    for dark in (True, False):
        system[0] = Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light
        application.styleHints().colorSchemeChanged.emit(system[0])
        assert is_dark(application.palette()) is dark
        assert theme.dark is dark


def test_a_choice_is_kept_whatever_the_system_does(application, monkeypatch):
    theme = Theme(application, "light")
    monkeypatch.setattr(type(application.styleHints()), "colorScheme", lambda hints: Qt.ColorScheme.Dark)
    application.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme.dark
    assert not is_dark(application.palette())


def test_an_empty_check_box_is_seen_in_the_dark():
    dark = box_palette(dark_palette())
    ground, box, tick = (dark.color(role) for role in (Role.Window, Role.Base, Role.Text))
    assert contrast(ground, box) >= 3.0
    assert contrast(box, tick) >= 3.0
    assert box_palette(light_palette()) == light_palette()
