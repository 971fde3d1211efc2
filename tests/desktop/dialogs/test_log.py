"""The log viewer: follows, searches, copies."""

import logging

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.dialogs import LogDialog
from desktop.logbook import Logbook

log = logging.getLogger("desktop.test")


@pytest.fixture
def logbook(tmp_path):
    made = Logbook(tmp_path / "log")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def dialog(qtbot, logbook):
    made = LogDialog(logbook)
    qtbot.addWidget(made)
    made.show()
    return made


def test_it_follows_the_log(qtbot, dialog):
    log.info("The first")
    qtbot.waitUntil(lambda: "The first" in dialog.view.toPlainText())
    log.warning("The second")
    qtbot.waitUntil(lambda: "The second" in dialog.view.toPlainText())
    assert dialog.view.toPlainText().count("The first") == 1


def test_it_rests_while_it_is_hidden_and_catches_up(qtbot, dialog):
    dialog.hide()
    log.info("Meanwhile")
    dialog.show()
    qtbot.waitUntil(lambda: "Meanwhile" in dialog.view.toPlainText())


def test_a_flood_is_shown_in_portions(qtbot, dialog, logbook):
    for number in range(3000):
        log.info("number %d", number)
    qtbot.waitUntil(lambda: dialog.view.toPlainText().endswith("number 2999"))


def test_it_is_searched(qtbot, dialog):
    for name in ("apple", "pear", "apple pie"):
        log.info(name)
    qtbot.waitUntil(lambda: "pie" in dialog.view.toPlainText())
    dialog.search_edit.setText("APPLE")
    lines = dialog.view.toPlainText().splitlines()
    assert [line.rpartition(": ")[2] for line in lines] == ["apple", "apple pie"]
    log.info("pear tree")
    log.info("apple tree")
    qtbot.waitUntil(lambda: "apple tree" in dialog.view.toPlainText())
    assert "pear" not in dialog.view.toPlainText()
    dialog.search_edit.clear()
    assert "pear tree" in dialog.view.toPlainText()


def test_the_newest_line_is_in_sight_only_where_wanted(qtbot, dialog):
    dialog.follow_box.setChecked(False)
    for number in range(200):
        log.info("number %d", number)
    qtbot.waitUntil(lambda: "number 199" in dialog.view.toPlainText())
    bar = dialog.view.verticalScrollBar()
    assert bar.value() == 0
    dialog.follow_box.setChecked(True)
    dialog.read_on()
    assert bar.value() == bar.maximum() > 0


def test_details_are_copied(qtbot, dialog):
    log.info("Something to report")
    qtbot.waitUntil(lambda: "Something to report" in dialog.view.toPlainText())
    dialog.copy_button.click()
    text = QGuiApplication.clipboard().text()
    assert "Autochrome" in text
    assert "Something to report" in text


def test_the_folder_is_opened(dialog, logbook, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    dialog.folder_button.click()
    assert opened == [str(logbook.folder)]


def test_every_control_has_a_name(dialog):
    for control in (dialog.search_edit, dialog.follow_box, dialog.view, dialog.copy_button, dialog.folder_button):
        assert control.accessibleName()
