"""The panel of models."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog, QLabel, QMessageBox

from desktop.panels import ModelPanel
from tests.desktop.panels.cards import broken, model


@pytest.fixture
def panel(qtbot):
    made = ModelPanel()
    qtbot.addWidget(made)
    made.resize(280, 600)
    made.set_models([model("photo"), model("vivid"), model("mine", bundled=False)], [broken()], {"photo": 11_500_000})
    made.set_current("photo")
    made.show()
    qtbot.waitExposed(made)
    return made


def heard(signal):
    """What a signal tells from now on."""
    told = []
    signal.connect(lambda *values: told.append(values[0] if len(values) == 1 else values))
    return told


def dropped(widget, *files):
    """Drags files over a widget and drops them; whether it took them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    arguments = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), *arguments)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), *arguments))
    return enter.isAccepted()


def test_the_models_are_listed_and_the_broken_ones_cannot_be_chosen(panel):
    choice = panel.choice
    assert [choice.itemText(row) for row in range(choice.count())] == [
        "photo",
        "vivid",
        "mine",
        "old (cannot be used)",
    ]
    assert not choice.model().item(3).isEnabled()
    assert panel.purpose.text() == "What photo is for."
    told = {fact.name: fact.text for fact in panel.card.facts}
    assert told["Size"].startswith("11.5 MB")
    assert told["Cannot be used"] == "old: old.toml is a card without its weights. Add the model again."


def test_choosing_tells_the_name_and_shows_its_card(qtbot, panel):
    chosen = heard(panel.model_chosen)
    panel.choice.setFocus()
    qtbot.keyClick(panel.choice, Qt.Key.Key_Down)
    assert chosen == ["vivid"]
    assert panel.current == "vivid"
    assert panel.purpose.text() == "What vivid is for."


def test_setting_a_model_tells_nobody(panel):
    chosen = heard(panel.model_chosen)
    panel.set_current("mine")
    assert panel.current == "mine"
    assert chosen == []


def test_keys_never_reach_a_broken_model(qtbot, panel):
    panel.set_current("mine")
    chosen = heard(panel.model_chosen)
    qtbot.keyClick(panel.choice, Qt.Key.Key_Down)
    assert panel.current == "mine"
    assert chosen == []


def test_the_chosen_model_stays_when_the_list_is_renewed(panel):
    chosen = heard(panel.model_chosen)
    panel.set_current("vivid")
    panel.set_models([model("another"), model("vivid")])
    assert panel.current == "vivid"
    panel.set_models([model("another")])
    assert panel.current == ""
    assert "No model" in panel.purpose.text()
    assert panel.card.facts == ()
    assert chosen == []


def test_only_ones_own_model_can_be_removed_and_only_after_a_question(qtbot, panel):
    removed = heard(panel.remove_requested)
    assert not panel.remove_button.isEnabled()
    panel.set_current("mine")
    panel.remove_button.click()
    question = panel.findChild(QMessageBox)
    assert "mine" in question.text()
    question.button(QMessageBox.StandardButton.Cancel).click()
    assert removed == []
    qtbot.waitUntil(lambda: panel.findChild(QMessageBox) is None)
    panel.remove_button.click()
    question = panel.findChild(QMessageBox)
    destructive = QMessageBox.ButtonRole.DestructiveRole
    next(button for button in question.buttons() if question.buttonRole(button) == destructive).click()
    assert removed == ["mine"]


def test_a_file_is_chosen_in_a_dialog_that_holds_nothing_up(qtbot, panel, tmp_path):
    asked = heard(panel.add_requested)
    file = tmp_path / "new.safetensors"
    file.write_bytes(b"")
    panel.add_button.click()
    dialog = panel.findChild(QFileDialog)
    dialog.fileSelected.emit(str(file))
    dialog.close()
    assert asked == [file]
    qtbot.waitUntil(lambda: panel.findChild(QFileDialog) is None)


def test_weight_files_can_be_dropped_on_it(panel, tmp_path):
    asked = heard(panel.add_requested)
    assert dropped(panel, tmp_path / "new.safetensors", tmp_path / "new.toml")
    assert asked == [tmp_path / "new.safetensors"]


def test_other_files_are_not_taken(panel, tmp_path):
    asked = heard(panel.add_requested)
    assert not dropped(panel, tmp_path / "photo.jpg", tmp_path / "weights.pth")
    assert asked == []


def test_while_busy_models_are_neither_added_nor_removed_but_can_be_chosen(panel, tmp_path):
    panel.set_current("mine")
    panel.set_busy(True)
    assert panel.busy_bar.isVisible()
    assert not panel.add_button.isEnabled()
    assert not panel.remove_button.isEnabled()
    assert panel.choice.isEnabled()
    assert not dropped(panel, tmp_path / "new.safetensors")
    panel.set_busy(False)
    assert not panel.busy_bar.isVisible()
    assert panel.add_button.isEnabled()
    assert panel.remove_button.isEnabled()


def test_variants_are_a_row_of_buttons(panel):
    chosen = heard(panel.variant_chosen)
    assert not panel.variants.isVisible()
    panel.set_variants(4, 1)
    assert panel.variants.isVisible()
    assert panel.variants.current == 1
    panel.variants.button(3).click()
    panel.variants.button(None).click()
    assert chosen == [3, None]
    assert panel.variants.current is None


def test_fewer_variants_take_buttons_away(panel):
    panel.set_variants(4, 3)
    panel.set_variants(2, 3)
    assert panel.variants.count == 2
    assert panel.variants.current is None
    panel.set_variants(3, 2)
    assert panel.variants.current == 2
    panel.set_variants(0, None)
    assert not panel.variants.isVisible()


def test_variants_are_gone_through_by_keys(qtbot, panel):
    panel.set_variants(2, None)
    chosen = heard(panel.variant_chosen)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.variants.button(None).setFocus()
    qtbot.keyClick(panel.variants.button(None), Qt.Key.Key_Right)
    assert panel.variants.current == 0
    assert chosen == [0]


def test_variants_are_compared(panel):
    asked = heard(panel.compare_variants_requested)
    panel.set_variants(4, None)
    panel.variants.compare_button.click()
    assert len(asked) == 1


def test_models_are_compared_with_the_one_in_use_first(panel):
    asked = heard(panel.compare_models_requested)
    panel.set_current("vivid")
    assert panel.compared_models == ["vivid", "photo", "mine"]
    panel.compare_models_button.click()
    assert len(asked) == 1


def test_at_most_four_models_are_compared_and_the_menu_chooses_them(panel):
    names = ["a", "b", "c", "d", "e", "f"]
    panel.set_models([model(name) for name in names])
    panel.set_current("e")
    assert panel.compared_models == ["e", "a", "b", "c"]
    actions = {action.text(): action for action in panel.compare_models_button.menu().actions()}
    assert not actions["f"].isEnabled()
    assert not actions["e"].isEnabled()
    actions["a"].trigger()
    assert actions["f"].isEnabled()
    actions["f"].trigger()
    assert panel.compared_models == ["e", "b", "c", "f"]
    panel.set_current("b")
    assert panel.compared_models == ["b", "c", "e", "f"]


def test_one_model_is_compared_with_nothing(panel):
    panel.set_models([model("photo")])
    assert panel.compared_models == []
    assert not panel.compare_models_button.isEnabled()
    panel.set_models([])
    assert panel.compared_models == []


def test_the_facts_fold_away(panel):
    folded = heard(panel.card.folded)
    panel.card.fold_button.click()
    assert not panel.card.opened
    panel.set_current("vivid")
    assert not panel.card.opened
    panel.card.fold_button.click()
    assert folded == [True, False]


def test_a_hostile_card_is_shown_as_text_and_never_widens_the_panel(qtbot, panel):
    panel.set_models([model("evil", purpose="<img src='http://x/'>" + "W" * 100_000, licence="<b>none</b>")])
    panel.set_current("evil")
    assert all(
        label.textFormat() == Qt.TextFormat.PlainText for label in panel.findChildren(QLabel) if "<" in label.text()
    )
    assert panel.minimumSizeHint().width() < 300


def test_every_control_has_a_name(panel):
    panel.set_variants(4, None)
    for kind in (QAbstractButton, QComboBox):
        for control in panel.findChildren(kind):
            if control.isVisible():
                assert control.accessibleName(), control
                assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
