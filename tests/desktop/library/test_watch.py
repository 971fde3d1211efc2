import shutil

import pytest

from desktop.library.watch import FolderWatch


@pytest.fixture
def watch(tasks):
    made = FolderWatch(tasks)
    yield made
    made.stop()


def test_names_that_come_and_go_are_noticed(qtbot, watch, tmp_path):
    watch.follow(tmp_path)
    with qtbot.waitSignal(watch.changed):
        (tmp_path / "a.jpg").touch()
    with qtbot.waitSignal(watch.changed):
        (tmp_path / "a.jpg").unlink()


def test_a_file_that_is_written_where_it_lies_is_noticed(qtbot, watch, tmp_path):
    (tmp_path / "a.jpg").touch()
    watch.follow(tmp_path)
    watch.set_files([tmp_path / "a.jpg"])
    with qtbot.waitSignal(watch.changed):
        (tmp_path / "a.jpg").write_bytes(b"more")


def test_many_changes_are_told_once(qtbot, watch, tmp_path):
    told = []
    watch.changed.connect(lambda: told.append(1))
    watch.follow(tmp_path)
    for number in range(50):
        (tmp_path / f"{number}.jpg").touch()
    with qtbot.waitSignal(watch.changed):
        pass
    assert told == [1]


def test_a_look_finds_what_the_system_does_not_tell(qtbot, tasks, watch, tmp_path, monkeypatch):
    monkeypatch.setattr(watch._watcher, "addPath", lambda path: False)
    folder = tmp_path / "share"
    folder.mkdir()
    watch.follow(folder)
    qtbot.waitUntil(lambda: tasks.idle and watch._state is not None)
    with qtbot.waitSignal(watch.changed):
        (folder / "a.jpg").touch()
        watch.look()
    with qtbot.waitSignal(watch.changed):
        shutil.rmtree(folder)
        watch.look()
    with qtbot.waitSignal(watch.changed):
        folder.mkdir()
        watch.look()


def test_another_folder_is_watched_instead(qtbot, watch, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    watch.follow(tmp_path / "one")
    watch.follow(tmp_path / "two")
    with qtbot.waitSignal(watch.changed):
        (tmp_path / "two" / "a.jpg").touch()
    watch.stop()
    with qtbot.assertNotEmitted(watch.changed, wait=350):
        (tmp_path / "two" / "b.jpg").touch()
        watch.touch()


def test_files_that_are_out_of_sight_are_let_go(watch, tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.jpg").touch()
    watch.follow(tmp_path)
    watch.set_files([tmp_path / "0.jpg", tmp_path / "1.jpg"])
    watch.set_files([tmp_path / "1.jpg", tmp_path / "2.jpg"])
    assert sorted(watch._watcher.files()) == [str(tmp_path / "1.jpg"), str(tmp_path / "2.jpg")]
