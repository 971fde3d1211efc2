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

    def color(self, photo, choice, hints, progress):
        self.asked.append(choice)
        self.threads.add(threading.current_thread())
        self.begun.set()
        self.gate.wait(5)
        progress.check()
        if choice.model == "broken":
            raise EngineError("It is broken.")
        return Coloring(choice, Colors(np.zeros((2, 2, 2), np.float32), np.zeros((2, 2), np.float32)), 2, "cpu", ())

    color_aside = color

    def _noted(self, what, progress):
        self.asked.append(what)
        self.begun.set()
        self.gate.wait(5)
        progress.check()
        return what

    def sight(self, photo, choice, hints, place, progress):
        return self._noted(("sight", place), progress)

    def advice(self, photo, choice, hints, progress):
        return self._noted(("advice", choice.model), progress)

    def encode_ahead(self, photo, model, progress):
        self._noted(("ahead", photo.path.name), progress)

    def reference_hints(self, photo, choice, reference, progress):
        return self._noted("reference", progress)


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


def test_colours_go_first_then_questions_of_which_the_newest_counts(engine, studio, qtbot, tmp_path):
    seen, advised = [], []
    engine.seen.connect(seen.append)
    engine.advised.connect(advised.append)
    open_photo = photo(tmp_path)
    engine.color(open_photo, Choice("first"))
    assert studio.begun.wait(5)
    for number in range(3):
        engine.look_at(open_photo, ONE, None, (number, number))
        engine.advise(open_photo, Choice(str(number)), None)
    engine.encode_ahead(photo(tmp_path, "b.jpg"), "one")
    engine.color(open_photo, Choice("last"))
    studio.gate.set()
    qtbot.waitUntil(lambda: bool(seen and advised))
    assert (seen, advised) == ([("sight", (2, 2))], [("advice", "2")])
    assert [getattr(asked, "model", asked) for asked in studio.asked] == [
        "first",
        "last",
        ("sight", (2, 2)),
        ("advice", "2"),
    ], "and what nobody waits for was given up"


def test_idle_work_is_done_and_told_and_given_up_when_anything_is_asked(engine, studio, qtbot, tmp_path):
    ahead = []
    engine.encoded_ahead.connect(lambda path, model: ahead.append((path.name, model)))
    engine.encode_ahead(photo(tmp_path, "b.jpg"), "one")
    assert studio.begun.wait(5)
    with qtbot.waitSignal(engine.colored):
        engine.color(photo(tmp_path), ONE)
        studio.gate.set()
    assert ahead == [], "it was in the middle of it"
    with qtbot.waitSignal(engine.encoded_ahead):
        engine.encode_ahead(photo(tmp_path, "b.jpg"), "one")
    assert ahead == [("b.jpg", "one")]


def test_answers_about_a_photo_that_was_closed_do_not_come(engine, studio, qtbot, tmp_path):
    engine.seen.connect(pytest.fail)
    engine.advised.connect(pytest.fail)
    open_photo = photo(tmp_path)
    engine.look_at(open_photo, ONE, None, (1, 1))
    assert studio.begun.wait(5)
    engine.advise(open_photo, ONE, None)
    engine.close_photo(open_photo)
    studio.gate.set()
    engine.color_aside(open_photo, ONE, None, Progress())  # the thread has come so far
    qtbot.wait(10)


def test_a_reference_is_waited_for_behind_the_window(engine, studio, tmp_path):
    studio.gate.set()
    pixels = np.zeros((4, 4, 3), np.uint8)
    assert engine.reference_hints(photo(tmp_path), ONE, pixels, Progress()) == "reference"


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
    engine.color_aside(photo(tmp_path), ONE, None, Progress())  # the thread has come so far
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
        answers.append(engine.color_aside(photo(tmp_path), ONE, None, Progress()))

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
            engine.color_aside(photo(tmp_path), ONE, None, Progress())
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
        engine.color_aside(photo(tmp_path), ONE, None, Progress())
