"""What a user changed is kept by photo, and comes back from the session file."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.edits import NO_EDITS, EditBook, Edits, former_edits
from desktop.studio import Choice
from engine import Hint, HintPoint, HintSet, Look

A, B = Path("/photos/a.jpg"), Path("/photos/b.jpg")
VIVID = Edits(Look(saturation=2.0))
HINTS = HintSet(100, 80, (Hint((HintPoint(10, 20),), 5, "#7d2a2f"),))
OTHER = Edits(Look(vibrance=0.5, temperature=-3.0, white_balance=True, evenness=0.5), Choice("photo", 2))


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


def test_edits_from_the_disk_are_taken_over_without_being_kept_again(qtbot):
    book = EditBook()
    with qtbot.assertNotEmitted(book.edited), qtbot.waitSignal(book.changed):
        book.adopt(A, VIVID)
    assert book.of(A) == VIVID
    assert not book.is_unsaved(A)
    with qtbot.assertNotEmitted(book.changed):
        book.adopt(A, VIVID)
    with qtbot.waitSignal(book.edited):
        book.put(A, OTHER)
    assert book.is_unsaved(A)


def test_photos_that_are_known_to_be_unsaved_stay_so_when_their_edits_come(qtbot):
    book = EditBook()
    book.expect([A, B])
    assert book.unsaved() == [A, B]
    book.adopt(A, VIVID)
    assert book.unsaved() == [B, A]
    book.adopt(B, NO_EDITS)  # its edits are gone
    assert book.unsaved() == [A]
    book.mark_saved(A, VIVID)
    assert book.unsaved() == []


def test_forgetting_a_photo_asks_nobody_to_write(qtbot):
    book = EditBook()
    book.put(A, VIVID)
    with qtbot.assertNotEmitted(book.edited):
        book.forget(A)
    assert book.of(A) == NO_EDITS
    assert book.unsaved() == []


def test_no_hints_are_no_edit():
    assert Edits(hints=HintSet(10, 10)) == NO_EDITS
    assert Edits(hints=HINTS) != NO_EDITS


def test_what_is_open_is_filled_from_others():
    assert VIVID.over(OTHER) == Edits(VIVID.look, OTHER.choice)
    assert Edits(hints=HINTS).over(VIVID) == Edits(VIVID.look, None, HINTS)
    assert NO_EDITS.over(NO_EDITS) == NO_EDITS


def test_a_removed_model_is_dropped_and_the_rest_stays(qtbot):
    book = EditBook()
    book.put(A, Edits(VIVID.look, Choice("gone"), HINTS))
    book.forget_model("gone")
    assert book.of(A) == Edits(VIVID.look, None, HINTS)


ROWS = [
    {"photo": str(A), "saved": True, "look": {"saturation": 2.0}},
    {
        "photo": str(B),
        "look": {"vibrance": 0.5, "temperature": -3.0, "white_balance": True, "evenness": 0.5},
        "choice": {"model": "photo", "variant": 2},
    },
]


def test_edits_of_an_earlier_session_file_are_read():
    assert former_edits(json.loads(json.dumps(ROWS))) == {A: (VIVID, True), B: (OTHER, False)}


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
def test_a_damaged_file_is_left_out(rows):
    found = former_edits([*rows, ROWS[0]] if isinstance(rows, list) else rows)
    assert found == ({A: (VIVID, True)} if isinstance(rows, list) else {})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["photo", "look", "choice", "model", "saved"]), inner)
    ),
)


@given(json_values)
def test_whatever_a_file_holds_nothing_is_raised(rows):
    assert NO_EDITS not in [edits for edits, _ in former_edits(rows).values()]
