"""The panel of the batch queue, over a queue whose jobs do what the test says."""

import os
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication

from desktop.batches import BatchQueue, BatchState
from desktop.panels import BatchPanel
from desktop.panels.batch_panel import open_with_system, output_folders, reports_to_read
from desktop.panels.batch_texts import entry_message, entry_progress, entry_state
from engine import BatchOptions, Begin, Done, EngineError, Failed, Skipped, Started, Summary, Waiting

OPTIONS = BatchOptions(paths=())


class Job:
    """Fails as many photos as its folder's name says, colours one, and ends when it is let, or paused for ever.

    In a folder named "full" it waits for its disk meanwhile.
    """

    def __init__(self, options, gate, tries):
        self._folder = options.paths[0]
        self._gate = gate
        self.try_again = lambda: tries.append(self._folder)

    def run(self, progress, listener, *, grace):
        if self._folder.name == "empty":
            raise EngineError("There are no photos to colour.", "Name photos, or folders that hold some.")
        full = self._folder.name == "full"
        count = 0 if full else int(self._folder.name)
        listener(Begin(total=count + 2))
        listener(Skipped(source=Path("there.jpg"), output=Path("/out/there.jpg")))
        for number in range(count):
            source = self._folder / f"{number:05}.jpg"
            listener(Failed(source=source, cause="the file is cut off.", advice="Scan it again."))
        listener(Started(source=Path("now.jpg")))
        if full:
            listener(Waiting(folder=Path("/out"), cause="the disk is full.", advice="Make room on it."))
        while not self._gate.wait(0.005) and not progress.cancelled:
            pass
        if not progress.cancelled:
            listener(Done(source=Path("now.jpg"), output=Path("/out/now.jpg")))
        return Summary(
            done=1,
            failed=count,
            skipped=1,
            interrupted=progress.cancelled,
            seconds=200.0,
            reports=(Path("/out/report.csv"), Path("/out/report.html")),
        )


@pytest.fixture
def gate():
    return threading.Event()


@pytest.fixture
def tries():
    return []


@pytest.fixture
def queue(qapp, gate, tries):
    made = BatchQueue(job=lambda options: Job(options, gate, tries))
    yield made
    gate.set()
    made.stop()


@pytest.fixture
def opened():
    return []


@pytest.fixture
def panel(qtbot, queue, opened):
    made = BatchPanel(queue, open_path=lambda path: opened.append(path) or path.name != "gone")
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def heard(signal):
    told = []
    signal.connect(lambda *values: told.append(values[0] if len(values) == 1 else values))
    return told


def wait_for(qtbot, entry, state):
    qtbot.waitUntil(lambda: entry.state is state)


def failing(qtbot, queue, count):
    """An entry that runs and has so many failures."""
    entry = queue.add([Path(f"/photos/{count}")], OPTIONS)
    qtbot.waitUntil(lambda: entry.counts.begun and len(entry.failures) == count)
    return entry


def test_an_empty_queue_says_what_it_is_for(panel):
    asked = heard(panel.add_requested)
    assert panel.empty.isVisible()
    panel.add_button.click()
    assert len(asked) == 1
    assert not panel.cancel_button.isEnabled()


def test_an_entry_is_listed_with_its_state_and_counts_for_eyes_and_ears(qtbot, panel, queue):
    entry = failing(qtbot, queue, 3)
    assert panel.current is entry
    index = panel.rows.index(0)
    assert index.data() == "3"
    assert "/photos/3" in index.data(Qt.ItemDataRole.ToolTipRole)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Running" in spoken
    assert "4 of 5" in spoken
    assert "3 failed" in spoken


def test_the_failures_are_listed_with_cause_and_advice(qtbot, panel, queue):
    failing(qtbot, queue, 3)
    view = panel.failure_view
    cells = [[view.failures.index(row, column).data() for column in range(3)] for row in range(3)]
    assert cells == [[f"0000{row}.jpg", "The file is cut off.", "Scan it again."] for row in range(3)]
    assert view.heading.text() == "3 failed"
    assert "/photos/3/00000.jpg" in view.details.text()
    assert "Scan it again." in view.details.text()


def test_a_failed_photo_can_be_shown_by_button_and_by_enter(qtbot, panel, queue):
    failing(qtbot, queue, 3)
    asked = heard(panel.photo_requested)
    view = panel.failure_view
    view.table.selectRow(1)
    view.show_button.click()
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert asked == [Path("/photos/3/00001.jpg")] * 2


def test_failures_can_be_copied(qtbot, panel, queue):
    failing(qtbot, queue, 3)
    panel.failure_view.table.selectAll()
    qtbot.keyClick(panel.failure_view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    panel.failure_view.copy()
    text = QGuiApplication.clipboard().text()
    assert text.count("The file is cut off. Scan it again.") == 3
    assert "/photos/3/00002.jpg" in text


def test_pause_go_on_and_cancel(qtbot, panel, queue):
    entry = failing(qtbot, queue, 1)
    panel.pause_button.click()
    assert entry.state is BatchState.PAUSED
    assert panel.pause_button.accessibleName() == "Go on"
    panel.pause_button.click()
    assert entry.state is BatchState.RUNNING
    assert panel.pause_button.accessibleName() == "Pause"
    assert not panel.remove_button.isEnabled()
    panel.cancel_button.click()
    wait_for(qtbot, entry, BatchState.CANCELLED)
    assert panel.retry_button.isEnabled()
    assert panel.remove_button.isEnabled()
    assert not panel.pause_button.isEnabled()


@pytest.mark.parametrize("where", ["bar", "failures"])
def test_retry_runs_again_with_a_new_list_of_failures(qtbot, panel, queue, gate, where):
    entry = failing(qtbot, queue, 2)
    first = entry.failures
    gate.set()
    wait_for(qtbot, entry, BatchState.DONE)
    button = panel.retry_button if where == "bar" else panel.failure_view.retry_button
    assert button.isEnabled()
    button.click()
    assert entry.state is BatchState.RUNNING
    wait_for(qtbot, entry, BatchState.DONE)
    assert entry.failures is not first
    assert panel.failure_view.failures.rowCount() == 2


def test_an_entry_is_removed_by_button_and_by_key(qtbot, panel, queue, gate):
    gate.set()
    entries = [queue.add([Path(f"/photos/{count}")], OPTIONS) for count in (1, 2, 3)]
    wait_for(qtbot, entries[-1], BatchState.DONE)
    panel.select(entries[0])
    panel.remove_button.click()
    assert queue.entries == tuple(entries[1:])
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert len(queue.entries) == 1
    assert panel.current is queue.entries[0]
    panel.remove_button.click()
    assert panel.empty.isVisible()
    assert panel.current is None


def test_output_folder_and_report_are_opened(qtbot, panel, queue, gate, opened):
    gate.set()
    entry = queue.add([Path("/photos/1")], OPTIONS)
    wait_for(qtbot, entry, BatchState.DONE)
    panel.folder_button.click()
    panel.report_button.click()
    assert opened == [Path("/out"), Path("/out/report.html")]


def test_of_each_folders_reports_the_page_is_read(qtbot, queue, gate):
    gate.set()
    entry = queue.add([Path("/photos/1")], OPTIONS)
    wait_for(qtbot, entry, BatchState.DONE)
    tables = ("/a/report.csv", "/b/.autochrome/report.csv", "/c/report.csv")
    pages = ("/a/.autochrome/report.html", "/b/report.html", "/b/.autochrome/report/2.html")
    entry.reports = tuple(Path(name) for name in (*tables, *pages))
    assert [str(report) for report in reports_to_read(entry)] == [*pages[:2], "/c/report.csv"]
    assert output_folders(entry) == [Path("/a"), Path("/b"), Path("/c")]


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_report_is_opened_whatever_the_name_of_its_folder(monkeypatch):
    urls = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(bytes(url.toEncoded().data())) or True)
    assert open_with_system(Path(os.fsdecode(b"/gr\xfcn #1%41?/report.html")))
    assert urls == [b"file:///gr%FCn%20%231%2541%3F/report.html"]


def waiting(qtbot, queue):
    """An entry that waits for its disk."""
    entry = queue.add([Path("/photos/full")], OPTIONS)
    qtbot.waitUntil(lambda: entry.outage is not None)
    return entry


def test_a_full_disk_is_told_with_what_can_be_done(qtbot, panel, queue):
    entry = waiting(qtbot, queue)
    message = panel.failure_view.message.text()
    assert "Waiting for /out. The disk is full. Make room on it." in message
    assert "goes on by itself" in message
    assert "Now:" not in message
    spoken = panel.rows.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Waiting for the disk" in spoken
    entry.seconds_left, entry.rate = 60, 2.0
    assert "left" not in entry_progress(entry)
    assert "second" not in entry_progress(entry)


def test_it_can_be_told_to_try_again_by_button_and_by_menu(qtbot, panel, queue, tries):
    waiting(qtbot, queue)
    button = panel.failure_view.again_button
    assert button.isVisible()
    button.click()
    assert tries == [Path("/photos/full")]
    assert "Tried again at " in panel.failure_view.message.text()
    next(action for action in panel.entry_menu().actions() if action.text() == button.text()).trigger()
    assert len(tries) == 2


def test_waiting_for_the_disk_it_is_paused_and_cancelled_as_ever(qtbot, panel, queue):
    entry = waiting(qtbot, queue)
    panel.pause_button.click()
    assert entry_state(entry) == "Paused"
    message = panel.failure_view.message.text()
    assert "The disk is full." in message
    assert "by itself" not in message
    assert panel.failure_view.again_button.isVisible()
    panel.cancel_button.click()
    assert not panel.failure_view.again_button.isVisible()
    wait_for(qtbot, entry, BatchState.CANCELLED)
    assert "disk" not in panel.failure_view.message.text()
    assert not panel.failure_view.again_button.isVisible()


def test_other_entries_offer_no_second_try(qtbot, panel, queue, gate):
    failing(qtbot, queue, 1)
    assert not panel.failure_view.again_button.isVisible()
    assert panel.failure_view.again_button.text() not in [action.text() for action in panel.entry_menu().actions()]


def test_how_long_it_took_is_told_at_the_end(qtbot, panel, queue, gate):
    gate.set()
    entry = queue.add([Path("/photos/1")], OPTIONS)
    wait_for(qtbot, entry, BatchState.DONE)
    assert panel.failure_view.message.text() == "It took 3 min."


def test_what_cannot_be_opened_is_told(qtbot, panel, queue, gate):
    gate.set()
    failed = heard(panel.failed)
    options = BatchOptions(paths=(), output=Path("/photos/gone"))
    entry = queue.add([Path("/photos/1")], options)
    wait_for(qtbot, entry, BatchState.DONE)
    panel.folder_button.click()
    assert isinstance(failed[0], EngineError)
    assert "gone" in failed[0].sentence


def test_what_could_not_be_run_is_told_in_place(qtbot, panel, queue):
    entry = queue.add([Path("/photos/empty")], OPTIONS)
    wait_for(qtbot, entry, BatchState.FAILED)
    text = panel.failure_view.message.text()
    assert text == "There are no photos to colour. Name photos, or folders that hold some."
    assert panel.retry_button.isEnabled()
    assert not panel.folder_button.isEnabled()
    assert not panel.failure_view.table.isVisible()


def test_a_new_entry_does_not_take_the_running_one_out_of_sight(qtbot, panel, queue, gate):
    running = failing(qtbot, queue, 1)
    waiting = queue.add([Path("/photos/2")], OPTIONS)
    assert panel.current is running
    gate.set()
    wait_for(qtbot, waiting, BatchState.DONE)
    newest = queue.add([Path("/photos/3")], OPTIONS)
    assert panel.current is newest


def test_another_entry_shows_its_own_failures(qtbot, panel, queue, gate):
    gate.set()
    entries = [queue.add([Path(f"/photos/{count}")], OPTIONS) for count in (1, 4)]
    wait_for(qtbot, entries[1], BatchState.DONE)
    for entry, count in zip(entries, (1, 4), strict=True):
        panel.select(entry)
        assert panel.failure_view.failures.rowCount() == count


def test_thousands_of_failures_are_one_table_that_grows(qtbot, panel, queue):
    resets = heard(panel.failure_view.failures.modelReset)
    failing(qtbot, queue, 5000)
    assert panel.failure_view.failures.rowCount() == 5000
    assert len(resets) <= 2
    panel.failure_view.table.scrollToBottom()
    panel.failure_view.table.selectRow(4999)
    assert "04999.jpg" in panel.failure_view.details.text()


def test_files_and_folders_can_be_dropped_on_it(panel, tmp_path):
    told = heard(panel.dropped)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    arguments = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), *arguments)
    QApplication.sendEvent(panel, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(panel, QDropEvent(QPointF(5, 5), *arguments))
    assert told == [[tmp_path]]


def test_the_failures_stand_beside_the_entries_where_there_is_room(qtbot, panel, queue):
    failing(qtbot, queue, 1)
    list_, table = panel.list, panel.failure_view.table

    def offset():
        return table.mapTo(panel, QPoint()) - list_.mapTo(panel, QPoint())

    qtbot.waitUntil(lambda: offset().x() > 100)
    panel.resize(300, 600)
    qtbot.waitUntil(lambda: offset().x() == 0 and offset().y() > 50)
    assert panel.minimumSizeHint().width() <= 320


def test_the_menu_of_an_entry_has_what_can_be_done(qtbot, panel, queue):
    entry = failing(qtbot, queue, 1)
    menu = panel.entry_menu()
    able = {action.text() for action in menu.actions() if action.isEnabled()}
    assert {"Pause", "Cancel"} <= able
    assert "Run again" not in able
    next(action for action in menu.actions() if action.text() == "Pause").trigger()
    assert entry.state is BatchState.PAUSED


def test_every_state_has_words(qtbot, queue, gate):
    entry = failing(qtbot, queue, 1)
    words = set()
    for state in BatchState:
        entry.state = state
        words.add(entry_state(entry))
        assert isinstance(entry_message(entry), str)
        assert entry_progress(entry)
    entry.state = BatchState.RUNNING
    assert len(words) == len(BatchState)


def test_the_folders_of_an_entry(qtbot, queue, gate):
    gate.set()
    entry = queue.add([Path("/photos/1")], OPTIONS)
    wait_for(qtbot, entry, BatchState.DONE)
    assert output_folders(entry) == [Path("/out")]
    entry.reports = (Path("/a/.autochrome/report.csv"), Path("/b/report.csv"))
    assert output_folders(entry) == [Path("/a"), Path("/b")]
    entry.reports = ()
    assert output_folders(entry) == [Path("/out")]


@pytest.mark.parametrize("begin", [lambda *with_: failing(*with_, 1), waiting], ids=["failures", "full disk"])
def test_every_control_has_a_name_and_the_keyboard_reaches_it(qtbot, panel, queue, begin):
    begin(qtbot, queue)
    for control in panel.findChildren(QAbstractButton):
        if control.isVisible() and control.parent() is not panel.failure_view.table:
            assert control.accessibleName(), control
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert panel.list.accessibleName()
    assert panel.failure_view.table.accessibleName()
