"""The folder in the queue, and what the thumbnails say of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.batches import BatchEntry, BatchState
from desktop.library import PhotoState
from engine import BatchOptions, Waiting
from tests.desktop.flows.acting import is_coloured, key, wait
from tests.painting import contents, files_below


@pytest.fixture
def opened(make_program, folder, qtbot):
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    wait(qtbot, lambda: program.parts.library.photos.rowCount() == 4)
    program.parts.canvas.setFocus()
    return program


def test_the_folder_is_coloured_and_its_thumbnails_say_so(opened, folder, qtbot):
    before = contents(folder)
    key(qtbot, opened, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: opened.parts.queue.entries and not opened.parts.queue.busy)
    (entry,) = opened.parts.queue.entries
    assert entry.state is BatchState.DONE
    made = files_below(folder.with_name("photos-color"))
    assert [name for name in made if not name.startswith("report.")] == ["scan 1.jpg", "scan 10.jpg", "scan 2.jpg"]
    assert contents(folder) == before
    states = {path.name: opened.parts.library.photos.state_of(path).state for path in opened.parts.library.photos.paths}
    assert states == {
        "broken.jpg": PhotoState.FAILED,
        "scan 1.jpg": PhotoState.COLORED,
        "scan 2.jpg": PhotoState.COLORED,
        "scan 10.jpg": PhotoState.COLORED,
    }
    assert [failure.path.name for failure in entry.failures] == ["broken.jpg"]
    assert not opened.parts.window.queue_dock.isHidden()


def test_a_failure_can_be_looked_at_and_tried_again(opened, folder, qtbot):
    opened.parts.actions["color_folder"].trigger()
    wait(qtbot, lambda: opened.parts.queue.entries and not opened.parts.queue.busy)
    (entry,) = opened.parts.queue.entries
    (folder / "broken.jpg").write_bytes((folder / "scan 1.jpg").read_bytes())
    opened.parts.queue.retry(entry)
    wait(qtbot, lambda: not opened.parts.queue.busy)
    assert entry.failures == []
    assert (folder.with_name("photos-color") / "broken.jpg").exists()
    opened.parts.batches.photo_requested.emit(folder / "broken.jpg")
    wait(qtbot, lambda: is_coloured(opened, folder / "broken.jpg"))


def test_the_states_are_known_again_after_a_restart(opened, make_program, folder, qtbot):
    from tests.desktop.conftest import quit_program

    opened.parts.actions["color_folder"].trigger()
    wait(qtbot, lambda: opened.parts.queue.entries and not opened.parts.queue.busy)
    quit_program(opened)
    again = make_program()
    wait(qtbot, lambda: again.parts.library.photos.rowCount() == 4)
    wait(qtbot, lambda: again.parts.library.photos.state_of(folder / "scan 1.jpg").state is PhotoState.COLORED)


def test_the_batch_uses_the_model_and_the_settings_of_the_window(opened, folder, qtbot):
    opened.parts.actions["color_folder"].trigger()
    (entry,) = opened.parts.queue.entries
    assert entry.options.model == "tiny"
    assert entry.options.look.saturation == 1.5
    assert entry.options.device == "cpu"
    wait(qtbot, lambda: not opened.parts.queue.busy)


def test_the_batch_keeps_luma_where_the_settings_say_so(program, folder, qtbot):
    settings, queue = program.parts.settings, program.parts.queue
    kept = []
    queue.entry_added.connect(lambda entry: kept.append(entry.options.luma))
    for count, (exact, format) in enumerate([(False, "same"), (True, "same"), (True, "png")], 1):
        values = settings.settings
        batch, saving = replace(values.batch, exact_luma=exact), replace(values.saving, format=format)
        settings.update(replace(values, batch=batch, saving=saving))
        program.parts.batches.dropped.emit([folder / f"none {count}"])
        wait(qtbot, lambda count=count: len(kept) == count and not queue.busy)
    assert kept == ["lightness", "exact", "lightness"]


def test_a_batch_that_waits_for_its_disk_is_told_where_it_is_seen(program):
    parts = program.parts
    outage = Waiting(folder=Path("/out"), cause="the disk is full.", advice="Make room on it.")
    entry = BatchEntry(options=BatchOptions(paths=(Path("/photos"),)), state=BatchState.RUNNING, outage=outage)
    assert parts.window.queue_dock.isHidden()
    parts.queue.held_up.emit(entry)
    assert not parts.window.queue_dock.isHidden()
    assert "The disk is full." in parts.window.status.currentMessage()
    parts.window.queue_dock.hide()
    parts.actions["full_screen"].trigger()
    parts.queue.held_up.emit(entry)
    assert parts.window.queue_dock.isHidden(), "the photo is alone there"
    parts.actions["full_screen"].trigger()


def test_closing_while_a_batch_runs_asks(opened, folder, qtbot, monkeypatch):
    from PySide6.QtWidgets import QMessageBox

    asked = []

    def answer(*arguments, **options):
        asked.append(arguments)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", answer)
    monkeypatch.setattr(type(opened.parts.queue), "busy", property(lambda queue: True))
    opened.parts.window.close()
    assert asked
    assert opened.parts.window.isVisible()
    monkeypatch.setattr(QMessageBox, "question", lambda *a, **k: QMessageBox.StandardButton.Yes)
