import pytest

from desktop.library.contents import NEW, Mark, PhotoState, Recorded
from desktop.library.marks import Marks

COLORED = Mark(PhotoState.COLORED)
FAILED = Mark(PhotoState.FAILED, "it is damaged.")


@pytest.fixture
def marks(tmp_path):
    made = Marks()
    made.enter(tmp_path)
    return made


@pytest.fixture
def photo(tmp_path):
    return tmp_path / "p.jpg"


def recorded(mark):
    return Recorded({} if mark is NEW else {"p.jpg": mark})


def known(marks):
    return marks.known.get("p.jpg", NEW)


@pytest.mark.parametrize("reading", [False, True])
def test_what_is_told_before_the_first_reading_holds(marks, photo, reading):
    marks.tell(photo, FAILED, reading=reading)
    for _ in range(2):
        marks.take(recorded(NEW))
        assert known(marks) == FAILED


@pytest.mark.parametrize("before", [NEW, COLORED])
def test_records_that_are_as_they_were_know_nothing_newer(marks, photo, before):
    marks.take(recorded(before))
    marks.tell(photo, FAILED)
    marks.take(recorded(before))
    assert known(marks) == FAILED


def test_records_that_are_not_as_they_were_know_something_newer(marks, photo):
    marks.take(recorded(NEW))
    marks.tell(photo, FAILED)
    marks.take(recorded(COLORED))
    assert known(marks) == COLORED
    marks.take(recorded(NEW))
    assert known(marks) == NEW


def test_a_reading_that_had_begun_before_may_be_older(marks, photo):
    marks.take(recorded(NEW))
    marks.tell(photo, COLORED, reading=True)
    marks.take(recorded(FAILED))
    assert known(marks) == COLORED
    marks.take(recorded(COLORED))
    marks.take(recorded(NEW))
    assert known(marks) == NEW, "the records had caught up, and what was told is theirs since"


def test_the_last_word_counts(marks, photo):
    marks.take(recorded(COLORED))
    for mark in (FAILED, NEW, FAILED, COLORED):
        marks.tell(photo, mark)
        assert known(marks) == mark
    marks.take(recorded(NEW))
    assert known(marks) == NEW


def test_another_folder_forgets_and_the_same_does_not(marks, photo, tmp_path):
    marks.tell(photo, FAILED)
    marks.enter(tmp_path)
    assert known(marks) == FAILED
    marks.enter(tmp_path / "other")
    marks.tell(photo, FAILED)
    assert known(marks) == NEW
    marks.enter(tmp_path)
    assert known(marks) == NEW


def test_copies_are_remembered_through_all_folders(marks, photo, tmp_path):
    marks.enter(None)
    marks.announce(tmp_path / "a.jpg")
    marks.tell(photo, COLORED, tmp_path / "p-color.jpg")
    marks.tell(photo, COLORED, tmp_path / "out" / "p.jpg")
    assert marks.copies == set()
    marks.enter(tmp_path)
    marks.take(Recorded({}, {"b.jpg"}))
    assert marks.copies == {"a.jpg", "b.jpg", "p-color.jpg"}
    marks.forget("a.jpg")
    marks.enter(tmp_path)
    assert marks.copies == {"p-color.jpg"}
    marks.enter(tmp_path / "out")
    assert marks.copies == set(), "copies in a folder of their own are what there is to see"


def test_without_its_copy_a_photo_is_what_the_records_say(marks, photo, tmp_path):
    marks.take(recorded(FAILED))
    marks.tell(photo, COLORED, tmp_path / "p-color.jpg")
    assert marks.forget("p-color.jpg") == ["p.jpg"]
    assert known(marks) == FAILED
    assert marks.forget("p-color.jpg") == []
