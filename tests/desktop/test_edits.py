"""What a user changed is kept by photo, and comes back from the session file."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.edits import NO_EDITS, EditBook, Edits
from desktop.studio import Choice
from engine import Look

A, B = Path("/photos/a.jpg"), Path("/photos/b.jpg")
VIVID = Edits(Look(saturation=2.0))
OTHER = Edits(Look(vibrance=0.5, temperature=-3.0, white_balance=True), Choice("photo", 2))


def test_edits_are_kept_and_told(qtbot):
    book = EditBook()
    assert book.of(A) == NO_EDITS
    with qtbot.waitSignal(book.changed) as told:
        book.put(A, VIVID)
    assert told.args == [A]
    assert book.of(A) == VIVID
    assert book.of(B) == NO_EDITS
    with qtbot.assertNotEmitted(book.changed):
        book.put(A, VIVID)


def test_unsaved_until_saved_and_again_after_a_change(qtbot):
    book = EditBook()
    book.put(A, VIVID)
    book.put(B, OTHER)
    assert book.unsaved() == [A, B]
    book.mark_saved(A, VIVID)
    assert book.unsaved() == [B]
    book.put(A, OTHER)
    assert book.is_unsaved(A)
    book.put(A, VIVID)
    assert not book.is_unsaved(A)


def test_taking_an_edit_back_leaves_nothing_to_save(qtbot):
    book = EditBook()
    book.put(A, VIVID)
    book.put(A, NO_EDITS)
    assert book.unsaved() == []


def test_after_saving_an_edit_going_back_is_a_change(qtbot):
    book = EditBook()
    book.put(A, VIVID)
    book.mark_saved(A, VIVID)
    book.put(A, NO_EDITS)
    assert book.is_unsaved(A)
    assert book.unsaved() == [A]


def test_there_and_back_through_a_file(qtbot):
    book = EditBook()
    book.put(A, VIVID)
    book.mark_saved(A, VIVID)
    book.put(B, OTHER)
    back = EditBook()
    back.read_json(json.loads(json.dumps(book.to_json())))
    assert (back.of(A), back.of(B)) == (VIVID, OTHER)
    assert back.unsaved() == [B]


@pytest.mark.parametrize(
    "rows",
    [
        None,
        {},
        [1, "x", None],
        [{"photo": 5, "look": {}}],
        [{"photo": "/a", "look": {"saturation": "much"}}],
        [{"photo": "/a", "look": {"saturation": 1e9}}],
        [{"photo": "/a", "look": {"saturation": True}}],
        [{"photo": "/a", "look": []}],
        [{"photo": "/a", "choice": {"model": 3}}],
        [{"photo": "/a", "choice": {"model": "photo", "variant": "two"}}],
        [{"photo": "/a"}],
    ],
)
def test_a_damaged_file_is_left_out(qtbot, rows):
    book = EditBook()
    book.read_json([*rows, {"photo": str(B), "look": {"saturation": 2.0}}] if isinstance(rows, list) else rows)
    assert book.of(Path("/a")) == NO_EDITS
    if isinstance(rows, list):
        assert book.of(B) == VIVID


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["photo", "look", "choice", "model", "saved"]), inner)
    ),
)


@given(json_values)
def test_whatever_a_file_holds_nothing_is_raised(rows):
    book = EditBook()
    book.read_json(rows)
    for path in book.unsaved():
        assert book.of(path) != NO_EDITS
