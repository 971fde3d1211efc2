"""The panel of hints: what is set is shown and told to nobody, what the user does is told."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QLineEdit,
    QWidget,
)

from desktop.keys import KnowsItsKeys
from desktop.panels import HintPanel
from desktop.panels.hints.gamut_view import GamutView
from desktop.panels.hints.swatch import NEUTRAL
from engine import Palette, ab_of, color_at
from tests.desktop.panels.hints.painted import BLUE, RED, dab, painted, stroke, suggested

GREEN = "#306050"
SIGNALS = (
    "color_chosen",
    "tool_chosen",
    "radius_chosen",
    "hint_selected",
    "hint_deleted",
    "hint_recoloring",
    "hint_recolored",
    "where_toggled",
    "clear_requested",
    "copy_requested",
    "reference_requested",
    "palette_load_requested",
    "palette_save_requested",
    "palette_edited",
)


@pytest.fixture
def panel(qtbot):
    made = HintPanel()
    qtbot.addWidget(made)
    made.resize(300, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def told(panel):
    """What the panel tells, in order, each with the signal's name."""
    log = []
    for name in SIGNALS:
        getattr(panel, name).connect(lambda *values, name=name: log.append((name, *values)))
    return log


def colors_of(row):
    return [swatch.color for swatch in row.swatches]


def test_what_is_set_is_shown_and_not_told(panel, told):
    panel.set_tool("brush")
    panel.set_color(BLUE)
    panel.set_radius(40, 30)
    panel.set_lightness(38.4, "under the pointer")
    panel.set_suggestions(suggested(RED, GREEN))
    panel.set_recent([RED, None, RED])
    panel.set_palette(Palette("Uniforms", (GREEN,), ("",)))
    panel.set_hints(painted(dab(RED), stroke(BLUE)))
    panel.set_selected(0)
    panel.set_where(True)
    panel.set_can_copy(False)
    assert told == []
    assert panel.tools.current == "brush"
    assert panel.color == RED
    assert panel.radius == 40
    assert panel.chooser.place.text() == "Lightness 38\nunder the pointer"
    assert colors_of(panel.suggestions) == [RED, GREEN]
    assert colors_of(panel.recent) == [RED, None]
    assert colors_of(panel.own_colors.view) == [GREEN]
    assert panel.selected == 0
    assert panel.help.where_button.isChecked()
    assert not panel.help.copy_button.isEnabled()


@pytest.mark.parametrize("name", ["brush", "eraser", "pick", "select"])
def test_a_tool_is_chosen_and_put_away_by_its_button(panel, told, name):
    panel.tools.button(name).click()
    assert panel.tools.current == name
    panel.tools.button(name).click()
    assert told == [("tool_chosen", name), ("tool_chosen", "")]


def test_tools_show_the_acts_of_the_window(qtbot, panel, told):
    group = QActionGroup(panel)
    actions = {}
    for name in ("brush", "eraser", "pick", "select", "where", "keep", "neutral"):
        actions[name] = QAction(name, panel)
        actions[name].setToolTip(f"{name} (B)")
        actions[name].setCheckable(name not in ("keep", "neutral"))
        if name in ("brush", "eraser", "pick", "select"):
            group.addAction(actions[name])
    panel.bind_actions({**actions, "save": QAction(panel)})
    actions["eraser"].trigger()
    assert panel.tools.current == "eraser"
    assert panel.tools.button("eraser").isChecked()
    panel.tools.button("brush").click()
    assert actions["brush"].isChecked()
    actions["keep"].trigger()
    actions["neutral"].trigger()
    actions["where"].trigger()
    assert panel.help.where_button.isChecked()
    panel.help.where_button.click()
    assert not actions["where"].isChecked()
    assert told == [
        ("tool_chosen", "eraser"),
        ("tool_chosen", "brush"),
        ("color_chosen", None),
        ("color_chosen", NEUTRAL),
        ("where_toggled", True),
        ("where_toggled", False),
    ]
    assert panel.tools.button("brush").toolTip() == "brush (B)"
    actions["pick"].setEnabled(False)
    assert not panel.tools.button("pick").isEnabled()
    panel.set_tool("select")
    assert actions["select"].isChecked()
    assert told[-1] == ("where_toggled", False)


def test_the_size_is_told_as_a_radius(qtbot, panel, told):
    panel.set_radius(20)
    qtbot.keyClick(panel.size_control.slider, Qt.Key.Key_Right)
    assert told == [("radius_chosen", panel.radius)]
    assert panel.radius > 20


def test_a_suggestion_is_chosen_by_a_click_or_by_its_key(qtbot, panel, told):
    panel.set_suggestions(suggested(RED, GREEN, BLUE))
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    qtbot.keyClick(panel, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(panel, Qt.Key.Key_9, Qt.KeyboardModifier.AltModifier)
    first = panel.suggestions.visualRect(panel.suggestions.model().index(0, 0))
    qtbot.mouseClick(panel.suggestions.viewport(), Qt.MouseButton.LeftButton, pos=first.center())
    assert told == [("color_chosen", GREEN), ("color_chosen", RED)]
    tooltip = panel.suggestions.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    for said in ("Dark red", RED, "50 % likely", "Alt+1"):
        assert said in tooltip


def test_where_there_are_no_suggestions_it_is_said_why(panel):
    panel.set_suggestions([], "This model makes none.")
    assert panel.suggestions.empty == "This model makes none."
    assert panel.suggestions.accessibleDescription() == "This model makes none."
    panel.set_suggestions(suggested(*(color_at(50, a, 5) for a in range(-60, 60, 10))))
    assert len(panel.suggestions.swatches) == 9


def test_a_colour_is_typed(qtbot, panel, told):
    entry = panel.chooser.entry
    qtbot.keyClicks(entry, "dark red")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert told == [("color_chosen", "#8b0000")]
    assert panel.chooser.words.text() == "Dark strong red"
    entry.selectAll()
    qtbot.keyClicks(entry, "darkrod")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert "darkrod" in panel.chooser.problem.text()
    assert panel.chooser.problem.isVisible()
    assert len(told) == 1
    panel.set_color(BLUE)
    assert not panel.chooser.problem.isVisible()
    assert entry.text() == BLUE


def test_no_colour_and_keep_are_choices_of_their_own(panel, told):
    panel.set_color(RED)
    panel.chooser.keep_button.click()
    assert panel.color is None
    assert panel.chooser.keep_button.isChecked()
    assert panel.chooser.words.text() == "Keep what is here"
    assert panel.chooser.entry.text() == ""
    panel.chooser.neutral_button.click()
    assert panel.chooser.neutral_button.isChecked()
    assert not panel.chooser.keep_button.isChecked()
    panel.chooser.neutral_button.click()
    assert panel.chooser.neutral_button.isChecked()
    assert told == [("color_chosen", None), ("color_chosen", NEUTRAL), ("color_chosen", NEUTRAL)]


def test_a_colour_that_looks_otherwise_at_this_lightness_is_shown_in_both_ways(panel):
    panel.set_color(RED)
    panel.set_lightness(80)
    there = color_at(80, *ab_of(RED))
    assert RED in panel.chooser.preview.toolTip()
    assert there in panel.chooser.preview.toolTip()
    image = panel.chooser.preview.grab().toImage()
    assert image.pixelColor(12, image.height() // 2).name() == RED
    assert image.pixelColor(image.width() - 12, image.height() // 2).name() == there


def test_another_colour_for_the_selected_hint_recolours_it(panel, told):
    panel.set_hints(painted(dab(RED), dab(BLUE)))
    panel.set_selected(1)
    panel.set_recent([GREEN])
    panel.recent.choose(0)
    assert told == [("color_chosen", GREEN), ("hint_recoloring", 1, GREEN), ("hint_recolored", 1, GREEN)]


def test_a_drag_recolours_once(qtbot, panel, told):
    panel.set_hints(painted(dab(RED)))
    panel.set_selected(0)
    panel.set_lightness(50)
    gamut = panel.chooser.gamut
    places = [gamut.place_of(a, 10).toPoint() for a in (10, 20, 30)]
    qtbot.mousePress(gamut, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(gamut, place)
        panel.set_hints(painted(dab(panel.color)))  # as who shows it while it goes on
    qtbot.mouseRelease(gamut, Qt.MouseButton.LeftButton, pos=places[-1])
    names = [name for name, *_ in told]
    assert names.count("hint_recoloring") == names.count("color_chosen") == 3
    assert told[-1] == ("hint_recolored", 0, panel.color)
    assert names.count("hint_recolored") == 1


def test_the_same_colour_again_recolours_nothing(panel, told):
    panel.set_hints(painted(dab(RED)))
    panel.set_selected(0)
    panel.choose_color(RED)
    assert "hint_recolored" not in [name for name, *_ in told]


def test_a_recolouring_that_was_undone_can_be_done_again(panel, told):
    panel.set_hints(painted(dab(RED)))
    panel.set_selected(0)
    panel.choose_color(BLUE)
    panel.set_hints(painted(dab(BLUE)))
    panel.set_hints(painted(dab(RED)))
    assert panel.color == RED
    panel.choose_color(BLUE)
    assert [entry for entry in told if entry[0] == "hint_recolored"] == [("hint_recolored", 0, BLUE)] * 2


def test_a_choice_by_keys_is_for_the_hint_that_was_selected_when_it_began(qtbot, panel, told):
    panel.set_hints(painted(dab(RED), dab(BLUE)))
    panel.set_selected(0)
    qtbot.keyClick(panel.chooser.gamut, Qt.Key.Key_Right)
    chosen = panel.color
    panel.set_selected(1)
    assert told[-1] == ("hint_recolored", 0, chosen)
    assert panel.color == BLUE
    panel.finish()
    assert told[-1] == ("hint_recolored", 0, chosen)


def test_selecting_in_the_list_takes_over_the_colour(qtbot, panel, told):
    panel.set_hints(painted(dab(RED), dab(BLUE), dab(None)))
    rows = panel.list.rows
    place = rows.visualRect(panel.list.hints.index(1)).center()
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told == [("hint_selected", 1)]
    assert panel.color == BLUE
    panel.list.delete_button.click()
    assert told[-1] == ("hint_deleted", 1)


def test_the_other_wishes(panel, told):
    panel.set_hints(painted(dab()))
    panel.help.where_button.click()
    panel.help.copy_button.click()
    panel.help.reference_button.click()
    panel.list.clear_button.click()
    assert told == [("where_toggled", True), ("copy_requested",), ("reference_requested",), ("clear_requested",)]


def test_the_colour_in_use_is_added_to_the_palette(panel, told):
    panel.set_color(RED)
    panel.own_colors.add_button.click()
    assert panel.color_palette.colors == (RED,)
    assert told == [("palette_edited", panel.color_palette)]
    panel.set_color(None)
    assert not panel.own_colors.add_button.isEnabled()


def test_without_a_photo_nothing_works_and_it_is_said_why(qtbot, panel, told):
    panel.set_suggestions(suggested(RED))
    panel.set_enabled_reason("Open a photo first.")
    assert panel.reason.isVisible()
    assert panel.reason.text() == "Open a photo first."
    assert not any(button.isEnabled() for button in panel.findChildren(QAbstractButton))
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    qtbot.keyClick(panel, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert told == []
    panel.set_enabled_reason("")
    assert not panel.reason.isVisible()
    qtbot.keyClick(panel, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert told == [("color_chosen", RED)]


def test_every_control_has_a_name_and_the_keyboard_reaches_it(panel):
    panel.set_recent([RED])
    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QLineEdit, QAbstractItemView, GamutView)
    inner = (QAbstractSpinBox, QLineEdit)
    for control in panel.findChildren(QWidget):
        if not isinstance(control, kinds) or isinstance(control.parent(), inner) or "Scroll" in repr(control):
            continue
        if control.window() is not panel:
            continue  # the list of a completer
        assert control.accessibleName(), control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control


def test_its_own_controls_tell_the_window_which_keys_they_need(panel):
    for control in (panel.chooser.gamut, panel.suggestions, panel.recent, panel.list.rows):
        assert isinstance(control, KnowsItsKeys)
        assert control.needs_key(Qt.Key.Key_Right, "")
        assert not control.needs_key(Qt.Key.Key_E, "e")


def test_it_fits_beside_a_photo_on_a_small_screen(panel):
    panel.set_suggestions(suggested(*(color_at(50, a, 5) for a in range(-40, 50, 10))))
    panel.set_recent([color_at(50, a, -5) for a in range(-40, 50, 5)])
    panel.set_hints(painted(dab(), stroke()))
    assert panel.minimumSizeHint().width() <= 280
    assert panel.sizeHint().height() <= 800
