"""The store: the newest settings win, on the disk too."""

import threading

import pytest

from desktop.settings import Appearance, Settings, SettingsFile, SettingsStore
from desktop.tasks import Tasks

DARK = Settings(appearance=Appearance(theme="dark"))
LIGHT = Settings(appearance=Appearance(theme="light"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.toml"


@pytest.fixture
def tasks(qtbot):
    made = Tasks("settings", 1)
    yield made
    made.stop()


def read(path):
    return SettingsFile(path).read()[0]


def test_a_change_is_told_and_written(qtbot, path, tasks):
    store = SettingsStore(SettingsFile(path), tasks)
    with qtbot.waitSignal(store.changed) as told:
        store.update(DARK)
    assert told.args == [DARK]
    assert store.settings == DARK
    qtbot.waitUntil(lambda: read(path) == DARK)


def test_the_same_settings_again_are_no_change(qtbot, path):
    store = SettingsStore(SettingsFile(path))
    with qtbot.assertNotEmitted(store.changed):
        store.update(Settings())
    assert not path.exists()


def test_without_threads_it_is_written_at_once(qtbot, path):
    SettingsStore(SettingsFile(path)).update(DARK)
    assert read(path) == DARK


def test_many_changes_end_with_the_newest(qtbot, path, tasks):
    store = SettingsStore(SettingsFile(path), tasks)
    for number in range(40):
        store.update(DARK if number % 2 else LIGHT)
    qtbot.waitUntil(lambda: tasks.idle and read(path) == DARK)


def test_flush_writes_what_still_waits(qtbot, path, tasks):
    held = threading.Event()
    tasks.run(lambda progress: held.wait(10))
    store = SettingsStore(SettingsFile(path), tasks)
    store.update(LIGHT)
    store.update(DARK)
    store.flush()
    assert read(path) == DARK
    held.set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert read(path) == DARK


def test_what_was_wrong_with_the_file_is_kept_to_be_told(qtbot, path):
    path.write_text("not = [toml")
    assert "damaged" in SettingsStore(SettingsFile(path)).problem.sentence


@pytest.mark.parametrize("threaded", [True, False])
def test_a_disk_that_cannot_be_written_to_is_told_once(qtbot, tmp_path, tasks, threaded):
    (tmp_path / "file").write_text("no folder")
    file = SettingsFile(tmp_path / "config" / "settings.toml")
    store = SettingsStore(file, tasks if threaded else None)
    file.path = tmp_path / "file" / "settings.toml"
    told = []
    store.failed.connect(told.append)
    for settings in (DARK, LIGHT, DARK):
        store.update(settings)
        qtbot.waitUntil(lambda: tasks.idle)
    qtbot.waitUntil(lambda: len(told) == 1)
    store.flush()
    assert len(told) == 1
    assert store.settings == DARK
