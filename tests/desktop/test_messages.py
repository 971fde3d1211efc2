"""Errors reach the log and the user, once, from wherever they come."""

import gc
import sys
import threading

import pytest
from PySide6.QtCore import QObject, QTimer, Signal, qInstallMessageHandler, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

import engine.batch
import engine.models  # noqa: F401 - for the classes of errors
from desktop.dialogs.error import ErrorDialog, ErrorText
from desktop.error_titles import TITLES
from desktop.logbook import Logbook
from desktop.messages import MOST_DIALOGS, Messages, text_of
from desktop.uncaught import Uncaught
from engine import CancelledError, EngineError, PhotoError


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def messages(qtbot, tmp_path, window):
    made = Messages(Logbook(tmp_path / "log"))
    yield made
    made.stop()
    for dialog in shown(window):
        dialog.close()


@pytest.fixture
def hooked(messages, monkeypatch):
    """With the hooks in place, under pytest-qt's own."""
    former = sys.excepthook, threading.excepthook, sys.unraisablehook
    messages.start()
    yield messages
    messages.stop()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == former


def shown(parent=None):
    from PySide6.QtWidgets import QApplication

    return [one for one in QApplication.topLevelWidgets() if isinstance(one, ErrorDialog) and one.isVisible()]


def test_an_engine_error_is_told_in_its_own_words(messages, window, tmp_path):
    messages.show_error(PhotoError(tmp_path / "x.jpg", "it is damaged.", "Scan it again."), window)
    (dialog,) = shown()
    assert dialog.text == ErrorText(
        "This photo could not be used", f"{tmp_path / 'x.jpg'}: it is damaged.", "Scan it again."
    )
    assert dialog.sentence.toPlainText() == dialog.text.sentence
    assert dialog.advice.toPlainText() == "Scan it again."
    assert dialog.parent() is window


def test_the_system_is_told_in_its_words(messages, window):
    messages.show_error(PermissionError(13, "Permission denied", "/photos"), window)
    assert shown()[0].sentence.toPlainText() == "/photos: Permission denied."


def test_what_was_cancelled_is_no_error(messages):
    messages.show_error(CancelledError("Stopped."))
    assert shown() == []


def test_the_same_error_again_is_counted(qtbot, messages, window):
    for _ in range(3):
        messages.show_error(EngineError("The disk is full."), window)
    (dialog,) = shown()
    assert dialog.count_label.isVisible()
    assert "2" in dialog.count_label.text()
    dialog.close()
    messages.show_error(EngineError("The disk is full."), window)
    assert len(shown()) == 1


def test_many_errors_do_not_flood_the_screen(messages, window):
    for number in range(50):
        messages.show_error(EngineError(f"Number {number}."), window)
    assert len(shown()) == MOST_DIALOGS


def test_an_unexpected_error_is_shown_once_for_each_kind(messages, window):
    def fail(number):
        raise ValueError(number)

    for number in range(5):
        try:
            fail(number)
        except ValueError as error:
            messages.show_error(error, window)
            for dialog in shown():
                dialog.close()
    try:
        raise ValueError("elsewhere")
    except ValueError as error:
        messages.show_error(error, window)
    (dialog,) = shown()
    assert "ValueError: elsewhere" in dialog.text.sentence
    assert dialog.text.unexpected


def test_details_are_shown_and_copied(qtbot, messages, window):
    messages.show_error(EngineError("The disk is full."), window)
    (dialog,) = shown()
    assert not dialog.details.isVisible()
    dialog.details_button.click()
    assert dialog.details.isVisible()
    assert "EngineError: The disk is full." in dialog.details.toPlainText()
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == dialog.details.toPlainText()
    dialog.details_button.click()
    assert not dialog.details.isVisible()


class Clicker(QObject):
    clicked = Signal()


@pytest.mark.qt_no_exception_capture
def test_an_exception_in_a_slot_reaches_the_log_and_a_dialog(qtbot, hooked):
    def slot():
        raise RuntimeError("from a slot")

    clicker = Clicker()
    clicker.clicked.connect(slot)
    clicker.clicked.emit()
    clicker.clicked.emit()
    qtbot.waitUntil(lambda: len(shown()) == 1)
    assert "from a slot" in shown()[0].text.sentence
    hooked.stop()
    assert hooked.logbook.path.read_text().count("ERROR    desktop.messages: RuntimeError: from a slot") == 2


@pytest.mark.qt_no_exception_capture
def test_an_exception_in_a_timer_is_shown(qtbot, hooked):
    def late():
        raise RuntimeError("late")

    QTimer.singleShot(0, late)
    qtbot.waitUntil(lambda: len(shown()) == 1)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_exception_on_a_thread_is_shown(qtbot, hooked):
    def work():
        raise RuntimeError("from a thread")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(shown()) == 1)
    assert "from a thread" in shown()[0].text.sentence


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_exception_in_a_destructor_is_shown(qtbot, hooked):
    class Odd:
        def __del__(self):
            raise RuntimeError("from a destructor")

    Odd()
    gc.collect()
    qtbot.waitUntil(lambda: len(shown()) == 1)


def test_qts_warnings_go_to_the_log_and_to_whoever_listened_before(messages):
    heard = []
    former = qInstallMessageHandler(lambda kind, context, text: heard.append(text))
    messages.start()
    qWarning("Qt is not amused")
    messages.stop()
    qWarning("and again")
    qInstallMessageHandler(former)
    assert heard == ["Qt is not amused", "and again"]
    assert "WARNING  qt: Qt is not amused" in messages.logbook.path.read_text()


@pytest.mark.qt_no_exception_capture
def test_the_end_of_the_program_is_no_error(qtbot, hooked):
    sys.excepthook(SystemExit, SystemExit(0), None)
    sys.excepthook(CancelledError, CancelledError("Stopped."), None)
    qtbot.wait(1)
    assert shown() == []


def test_a_long_path_does_not_make_the_dialog_wide(messages, window):
    messages.show_error(EngineError(f"/{'x' * 4000}/photo.jpg: it is damaged."), window)
    assert shown()[0].width() < 900


def test_every_control_has_a_name(messages, window):
    messages.show_error(EngineError("The disk is full.", "Free some space."), window)
    (dialog,) = shown()
    for control in (dialog.sentence, dialog.advice, dialog.details, dialog.details_button, dialog.copy_button):
        assert control.accessibleName()


def everything_below(kind):
    return {kind, *(below for child in kind.__subclasses__() for below in everything_below(child))}


def test_every_title_can_be_translated():
    ours = {kind for kind in everything_below(EngineError) if kind.__module__.split(".")[0] in ("engine", "desktop")}
    titles = {kind.title for kind in ours if kind is not CancelledError}
    assert titles <= set(TITLES)
    assert text_of(EngineError("x")).title == EngineError.title


def test_two_programs_in_one_process_end_in_any_order(monkeypatch):
    for owner, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(owner, name, lambda *arguments: None)
    told = []
    first, second = (Uncaught(lambda error, name=name: told.append(name)) for name in ("first", "second"))
    first.install()
    second.install()
    first.remove()
    sys.excepthook(ValueError, ValueError("x"), None)
    assert told == ["second"], "the first one passes on, and tells nothing"
    second.remove()
    sys.excepthook(ValueError, ValueError("x"), None)
    assert told == ["second"]
