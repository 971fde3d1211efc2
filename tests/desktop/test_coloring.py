"""The engine's thread: the newest wish wins, the background waits, nothing stale is told."""

import threading

import numpy as np
import pytest

from desktop.coloring import Engine
from desktop.studio import Choice, Coloring, Studio
from engine import CancelledError, Colors, EngineError, Photo, Progress, SourceKind

ONE = Choice("one")


def photo(tmp_path, name="a.jpg"):
    pixels = np.full((4, 4), 100, np.uint8)
    return Photo(
        path=tmp_path / name,
        pixels=pixels,
        alpha=None,
        page=0,
        page_count=1,
        format="JPEG",
        bit_depth=8,
        source_kind=SourceKind.GREY,
    )


class SlowStudio(Studio):
    """Colours when it is told to, and remembers what it was asked."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()
        self.begun = threading.Event()
        self.asked = []
        self.threads = set()

    def color(self, photo, choice, progress):
        self.asked.append(choice)
        self.threads.add(threading.current_thread())
        self.begun.set()
        self.gate.wait(5)
        progress.check()
        if choice.model == "broken":
            raise EngineError("It is broken.")
        return Coloring(choice, Colors(np.zeros((2, 2, 2), np.float32), np.zeros((2, 2), np.float32)), 2, "cpu", ())

    color_aside = color


@pytest.fixture
def studio():
    return SlowStudio()


@pytest.fixture
def engine(qapp, studio):
    made = Engine(studio)
    yield made
    studio.gate.set()
    assert made.stop()


def test_colours_come_with_their_number(engine, studio, qtbot, tmp_path):
    studio.gate.set()
    with qtbot.waitSignal(engine.colored) as told:
        number = engine.color(photo(tmp_path), ONE)
    assert told.args[0] == number
    assert told.args[1].choice == ONE
    assert threading.main_thread() not in studio.threads
    assert not engine.busy


def test_only_the_newest_is_told(engine, studio, qtbot, tmp_path):
    told = []
    engine.colored.connect(lambda number, coloring: told.append((number, coloring.choice.model)))
    engine.failed.connect(pytest.fail)
    first = photo(tmp_path)
    engine.color(first, Choice("first"))
    assert studio.begun.wait(5)
    for name in ("second", "third"):
        engine.color(first, Choice(name))
    last = engine.color(first, Choice("last"))
    studio.gate.set()
    qtbot.waitUntil(lambda: not engine.busy)
    assert told == [(last, "last")]
    assert [choice.model for choice in studio.asked] == ["first", "last"], "what was overtaken is not even begun"


def test_a_failure_is_told_and_the_next_request_works(engine, studio, qtbot, tmp_path):
    studio.gate.set()
    with qtbot.waitSignal(engine.failed) as told:
        engine.color(photo(tmp_path), Choice("broken"))
    assert "broken" in str(told.args[1])
    with qtbot.waitSignal(engine.colored):
        engine.color(photo(tmp_path), ONE)


def test_cancel_is_at_once_and_nothing_comes_afterwards(engine, studio, qtbot, tmp_path):
    engine.colored.connect(pytest.fail)
    engine.failed.connect(pytest.fail)
    engine.color(photo(tmp_path), ONE)
    assert studio.begun.wait(5)
    assert engine.busy
    engine.cancel()
    assert not engine.busy
    studio.gate.set()
    engine.warm_up("none").exception(5)  # the thread has come so far
    qtbot.wait(10)


def test_candidates_come_one_by_one_and_a_bad_one_does_not_stop_the_others(engine, studio, qtbot, tmp_path):
    studio.gate.set()
    told = {}
    engine.candidate.connect(lambda number, index, result: told.update({index: result}))
    engine.color_candidates(photo(tmp_path), [ONE, Choice("broken"), Choice("two", 1)])
    qtbot.waitUntil(lambda: len(told) == 3 and not engine.busy)
    assert told[0].choice == ONE
    assert isinstance(told[1], EngineError)
    assert told[2].choice == Choice("two", 1)


def test_the_background_waits_for_its_own_answer(engine, studio, qtbot, tmp_path):
    answers = []

    def work():
        answers.append(engine.color_aside(photo(tmp_path), ONE, Progress()))

    thread = threading.Thread(target=work)
    thread.start()
    assert studio.begun.wait(5)
    studio.gate.set()
    thread.join(5)
    assert answers[0].choice == ONE


def test_stopping_frees_who_waits(qapp, studio, tmp_path):
    engine = Engine(studio)
    errors = []

    def work():
        try:
            engine.color_aside(photo(tmp_path), ONE, Progress())
        except CancelledError as error:
            errors.append(error)

    engine.color(photo(tmp_path), ONE)
    assert studio.begun.wait(5)
    thread = threading.Thread(target=work)
    thread.start()
    studio.gate.set()
    engine.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert len(errors) <= 1


def test_after_the_stop_nobody_waits_for_ever(qapp, studio, tmp_path):
    engine = Engine(studio)
    assert engine.stop()
    with pytest.raises(CancelledError):
        engine.color_aside(photo(tmp_path), ONE, Progress())
