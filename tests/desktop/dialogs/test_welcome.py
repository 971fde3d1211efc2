"""The welcome page: from the start to a photo in one click."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout

from desktop.dialogs import WelcomePage
from desktop.dialogs.sample import SAMPLE
from desktop.tasks import Tasks
from desktop.theme import dark_palette


@pytest.fixture
def tasks(qapp):
    made = Tasks("welcome", 1)
    yield made
    made.stop()


@pytest.fixture
def page(qtbot, tasks):
    made = WelcomePage(tasks)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def test_the_sample_is_shown_and_chosen_with_one_click(qtbot, page):
    assert SAMPLE.exists()
    qtbot.waitUntil(lambda: page.sample_button.has_picture)
    with qtbot.waitSignal(page.sample_chosen) as chosen:
        qtbot.mouseClick(page.sample_button, Qt.MouseButton.LeftButton)
    assert chosen.args == [SAMPLE]


def test_the_sample_is_chosen_with_the_keyboard(qtbot, page):
    with qtbot.waitSignal(page.sample_chosen):
        qtbot.keyClick(page.sample_button, Qt.Key.Key_Space)


def test_the_sample_is_a_coloured_button_of_its_own(qtbot, page):
    qtbot.waitUntil(lambda: page.sample_button.has_picture)
    image = page.sample_button.grab().toImage()
    colors = {image.pixelColor(x, image.height() // 2).name() for x in range(20, image.width() - 20, 7)}
    assert len(colors) > 10


def test_folders_and_photos_are_asked_for(qtbot, page):
    with qtbot.waitSignal(page.open_folder_requested):
        page.folder_button.click()
    with qtbot.waitSignal(page.open_photo_requested):
        page.photo_button.click()


def test_recent_folders_are_offered(qtbot, page):
    assert not page.recent.isVisible()
    folders = [Path(f"/photos/{number} & more") for number in range(10)]
    page.set_recent(folders)
    assert page.recent.isVisible()
    assert len(page.recent.buttons) == 6
    first = page.recent.buttons[0]
    assert "0 && more" in first.text()
    assert first.toolTip() == str(folders[0])
    with qtbot.waitSignal(page.folder_chosen) as chosen:
        first.click()
    assert chosen.args == [folders[0]]
    page.set_recent([])
    assert not page.recent.isVisible()


def test_a_long_folder_does_not_widen_the_page(qtbot, page):
    page.set_recent([Path("/x" * 2000)])
    assert page.widget().width() <= page.width()
    assert page.recent.buttons[0].text().endswith("…")


def test_on_a_narrow_window_the_photo_stands_below(qtbot, page):
    page.resize(500, 800)
    qtbot.waitUntil(lambda: page._columns.direction() == QBoxLayout.Direction.TopToBottom)
    page.resize(900, 600)
    qtbot.waitUntil(lambda: page._columns.direction() == QBoxLayout.Direction.LeftToRight)


def test_an_installation_without_its_sample_has_a_page_without_it(qtbot, tasks, tmp_path):
    page = WelcomePage(tasks, sample=tmp_path / "none.jpg")
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: not page.sample_button.isVisible())


def test_the_icons_follow_the_theme(qtbot, page):
    page.set_recent([Path("/a")])
    before = page.folder_button.icon().cacheKey()
    page.setPalette(dark_palette())
    qtbot.waitUntil(lambda: page._hint.palette().windowText().color().lightness() > 128)
    assert page.folder_button.icon().cacheKey() is not None
    assert before is not None


def test_every_control_has_a_name(page):
    page.set_recent([Path("/a")])
    for control in (page, page.folder_button, page.photo_button, page.sample_button, *page.recent.buttons):
        assert control.accessibleName()
