"""The panel of looks: what the user moves becomes a look, and a look that is shown is told to nobody."""

import dataclasses

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QAbstractSpinBox, QApplication

from desktop.panels import LookPanel
from engine import Look

DEFAULTS = Look(saturation=1.5)
SLIDERS = ("saturation", "vibrance", "temperature", "evenness")


@pytest.fixture
def panel(qtbot):
    made = LookPanel()
    qtbot.addWidget(made)
    made.set_look(DEFAULTS, DEFAULTS)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def told(panel):
    """What the panel tells, in order: each signal's first letter and its look."""
    heard = []
    panel.look_changed.connect(lambda look: heard.append(("changed", look)))
    panel.look_committed.connect(lambda look: heard.append(("committed", look)))
    return heard


def drag(slider, *positions):
    """Takes the handle, moves it, and lets it go, as the mouse does."""
    slider.setSliderDown(True)
    for position in positions:
        slider.setSliderPosition(position)
    slider.setSliderDown(False)


def test_a_look_that_is_set_is_shown_and_not_told(panel, told):
    look = Look(saturation=2.25, vibrance=-0.3, temperature=12.5, white_balance=True, evenness=0.4)
    panel.set_look(look, DEFAULTS)
    assert panel.look == look
    assert panel.saturation.field.value() == 2.25
    assert panel.vibrance.field.value() == -0.3
    assert panel.temperature.slider.value() == 125
    assert panel.white_balance.value is True
    assert panel.evenness.slider.value() == 40
    assert told == []


def test_dragging_tells_each_move_and_one_end(panel, told):
    drag(panel.saturation.slider, 160, 170, 180)
    looks = [dataclasses.replace(DEFAULTS, saturation=value) for value in (1.6, 1.7, 1.8)]
    assert told == [*(("changed", look) for look in looks), ("committed", looks[-1])]
    assert panel.saturation.field.value() == 1.8


def test_a_drag_that_ends_where_it_began_is_no_act(panel, told):
    drag(panel.saturation.slider, 160, 150)
    assert [kind for kind, _ in told] == ["changed", "changed"]


def test_letting_the_handle_go_without_a_move_is_no_act(panel, told):
    drag(panel.vibrance.slider)
    assert told == []


def test_an_echo_in_the_middle_of_a_drag_changes_nothing(panel, told):
    panel.look_changed.connect(lambda look: panel.set_look(look, DEFAULTS))
    drag(panel.temperature.slider, 110, 120)
    final = dataclasses.replace(DEFAULTS, temperature=10.0)
    assert told[-1] == ("committed", final)
    assert len(told) == 3


def test_a_switch_is_told_with_an_echo_too(panel, told):
    panel.look_changed.connect(lambda look: panel.set_look(look, DEFAULTS))
    panel.white_balance.box.click()
    look = dataclasses.replace(DEFAULTS, white_balance=True)
    assert told == [("changed", look), ("committed", look)]


def test_a_row_of_keys_is_one_act_that_ends_by_itself(qtbot, panel, told):
    slider = panel.saturation.slider
    slider.setFocus()
    with qtbot.waitSignal(panel.look_committed):
        for _ in range(3):
            qtbot.keyClick(slider, Qt.Key.Key_Right)
        assert [kind for kind, _ in told] == ["changed"] * 3
    assert told[-1] == ("committed", dataclasses.replace(DEFAULTS, saturation=1.65))


def test_an_act_by_keys_can_be_ended_at_once(qtbot, panel, told):
    qtbot.keyClick(panel.vibrance.slider, Qt.Key.Key_PageUp)
    panel.finish()
    assert told[-1] == ("committed", dataclasses.replace(DEFAULTS, vibrance=0.1))
    panel.finish()
    assert len(told) == 2


def test_leaving_the_control_ends_an_act_by_keys(qtbot, panel, told):
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.vibrance.slider.setFocus()
    qtbot.keyClick(panel.vibrance.slider, Qt.Key.Key_Right)
    panel.temperature.slider.setFocus()
    assert told[-1][0] == "committed"


def test_a_typed_number_is_taken_when_it_is_entered(qtbot, panel, told):
    field = panel.temperature.field
    field.selectAll()
    qtbot.keyClicks(field, field.locale().toString(-7.5))
    assert told == []
    qtbot.keyClick(field, Qt.Key.Key_Return)
    panel.finish()
    look = dataclasses.replace(DEFAULTS, temperature=-7.5)
    assert told == [("changed", look), ("committed", look)]
    assert panel.temperature.slider.value() == 85


def test_each_control_resets_itself_alone(panel, told):
    panel.set_look(Look(saturation=3, vibrance=0.5, temperature=9, white_balance=True), DEFAULTS)
    panel.saturation.reset_button.click()
    assert told[-1] == ("committed", Look(saturation=1.5, vibrance=0.5, temperature=9, white_balance=True))
    panel.white_balance.reset_button.click()
    assert told[-1] == ("committed", Look(saturation=1.5, vibrance=0.5, temperature=9))
    assert not panel.saturation.reset_button.isEnabled()
    assert panel.vibrance.reset_button.isEnabled()


def test_evenness_goes_back_to_what_the_model_has(panel, told):
    defaults = dataclasses.replace(DEFAULTS, evenness=0.75)
    panel.set_look(defaults, defaults)
    drag(panel.evenness.slider, 50, 0)
    assert told[-1] == ("committed", DEFAULTS)
    assert panel.evenness.field.value() == 0
    panel.evenness.reset_button.click()
    assert told[-1] == ("committed", defaults)


def test_resetting_all_is_one_act(panel, told):
    panel.set_look(Look(saturation=3, vibrance=0.5, temperature=9, white_balance=True, evenness=1), DEFAULTS)
    panel.reset_all_button.click()
    assert told == [("changed", DEFAULTS), ("committed", DEFAULTS)]
    assert not panel.reset_all_button.isEnabled()


def test_numbers_outside_of_the_scale_stay_until_the_user_changes_them(panel, told):
    look = Look(saturation=3.75, vibrance=0.123, temperature=80)
    panel.set_look(look, DEFAULTS)
    assert panel.look == look
    panel.white_balance.box.click()
    assert told[-1][1] == dataclasses.replace(look, white_balance=True)


def test_another_look_in_the_middle_of_an_act_by_keys_ends_it(qtbot, panel, told):
    qtbot.keyClick(panel.vibrance.slider, Qt.Key.Key_Right)
    panel.set_look(Look(), Look())
    panel.finish()
    assert [kind for kind, _ in told] == ["changed"]
    assert panel.look == Look()


@pytest.mark.parametrize("name", SLIDERS)
def test_the_wheel_only_turns_what_has_the_focus(qtbot, panel, name):
    panel.set_look(Look(evenness=0.5))  # so that each can go both ways
    control = getattr(panel, name)
    other = panel.reset_all_button
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    for widget in (control.slider, control.field):
        other.setEnabled(True)
        other.setFocus()
        before = control.value
        wheel(widget)
        assert control.value == before
    control.slider.setFocus()
    wheel(control.slider)
    assert control.value != before


def wheel(widget):
    center = QPointF(widget.rect().center())
    event = QWheelEvent(
        center,
        widget.mapToGlobal(center),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_every_control_has_a_name_and_the_keyboard_reaches_it(panel):
    for kind in (QAbstractSlider, QAbstractSpinBox, QAbstractButton):
        for control in panel.findChildren(kind):
            assert control.accessibleName(), control
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_sliders_say_the_number_that_they_stand_for(panel):
    assert panel.saturation.slider.accessibleDescription() == panel.saturation.field.text()
