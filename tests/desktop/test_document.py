"""The open photo, and the acts on it: everything can be undone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.commands import (
    AddHint,
    ChangeLook,
    Choose,
    ClearHints,
    DeleteHint,
    EraseHints,
    MoveHint,
    PasteHints,
    RecolorHint,
)
from desktop.document import Document
from desktop.edits import NO_EDITS, Edits
from desktop.studio import Choice, Coloring
from engine import Colors, Hint, HintPoint, HintSet, Look, Pyramid, read_photo
from tests.painting import make_photo

VIVID = Look(saturation=2.0)
DEFAULT = Look(saturation=1.5)


PLAIN = Choice("photo")


def coloring(choice=PLAIN):
    return Coloring(choice, Colors(np.full((4, 6, 2), 20, np.float32), np.full((16, 24), 50, np.float32)), 4, "cpu", ())


def change_look(document, look):
    """What a slider does, from the first move to letting go."""
    before = document.edits
    document.set_look(look)
    document.undo_stack.push(ChangeLook(document, before))


@pytest.fixture
def document(qapp):
    made = Document()
    made.set_default_look(DEFAULT)
    return made


@pytest.fixture
def opened(document, tmp_path):
    path = make_photo(tmp_path / "a.png")
    document.open(path, NO_EDITS)
    photo = read_photo(path)
    document.set_photo(photo, Pyramid.build(photo.pixels))
    return document


def test_a_photo_comes_step_by_step(document, tmp_path, qtbot):
    path = make_photo(tmp_path / "a.png")
    with qtbot.waitSignals([document.opened, document.look_changed, document.choice_changed]):
        document.open(path, NO_EDITS, page=0)
    assert (document.path, document.photo, document.painting) == (path, None, None)
    photo = read_photo(path)
    with qtbot.waitSignal(document.photo_changed):
        document.set_photo(photo, Pyramid.build(photo.pixels))
    with qtbot.waitSignals([document.coloring_changed, document.painting_changed]):
        document.set_coloring(coloring())
    assert document.painting is not None
    assert document.painting.look == DEFAULT


def test_another_photo_has_nothing_of_the_first(opened, tmp_path):
    opened.set_coloring(coloring())
    change_look(opened, VIVID)
    opened.open(tmp_path / "b.png", NO_EDITS)
    assert (opened.photo, opened.pyramid, opened.coloring, opened.painting) == (None, None, None, None)
    assert opened.look == DEFAULT
    assert not opened.undo_stack.canUndo()
    opened.close()
    assert opened.path is None


def test_a_look_is_shown_without_new_colours(opened, qtbot):
    opened.set_coloring(coloring())
    before = opened.painting
    with qtbot.assertNotEmitted(opened.choice_changed), qtbot.waitSignal(opened.painting_changed):
        opened.set_look(VIVID)
    assert opened.painting is not before
    assert opened.painting.look == VIVID
    assert opened.painting.colors is before.colors
    assert opened.edits == Edits(VIVID)


def test_the_models_own_look_is_no_edit(opened):
    opened.set_look(VIVID)
    opened.set_look(DEFAULT)
    assert opened.edits == NO_EDITS


def test_the_default_look_follows_the_model_until_the_user_chose_one(opened):
    opened.set_default_look(Look(saturation=1.2))
    assert opened.look.saturation == 1.2
    opened.set_look(VIVID)
    opened.set_default_look(DEFAULT)
    assert opened.look == VIVID


def test_the_default_choice_is_told_only_where_it_counts(opened, qtbot):
    with qtbot.waitSignal(opened.choice_changed) as told:
        opened.set_default_choice(Choice("other"))
    assert told.args == [Choice("other")]
    opened.set_choice(Choice("photo", 1))
    with qtbot.assertNotEmitted(opened.choice_changed):
        opened.set_default_choice(Choice("third"))


def test_edits_come_back_with_the_photo(document, tmp_path):
    document.open(tmp_path / "a.png", Edits(VIVID, Choice("photo", 2)))
    assert document.look == VIVID
    assert document.choice == Choice("photo", 2)


def hint(x, y, color="#7d2a2f", radius=3.0):
    return Hint((HintPoint(x, y), HintPoint(x + 8, y)), radius, color)


def test_hints_are_told_and_kept_with_the_edits(opened, qtbot):
    assert opened.hints is None
    assert opened.takes_hints
    with qtbot.waitSignals([opened.hints_changed, opened.edited]):
        opened.undo_stack.push(AddHint(opened, hint(10, 10)))
    assert opened.hints.hints == (hint(10, 10),)
    assert opened.edits == Edits(hints=opened.hints)
    with qtbot.assertNotEmitted(opened.hints_changed):
        change_look(opened, VIVID)


def test_hints_of_another_scan_are_brought_to_the_size_of_the_photo(document, tmp_path):
    path = make_photo(tmp_path / "a.png", width=120, height=80)
    photo = read_photo(path)
    document.open(path, Edits(hints=HintSet(240, 160, (hint(20, 20),))))
    document.set_photo(photo, Pyramid.build(photo.pixels))
    assert (document.hints.width, document.hints.height) == (120, 80)
    assert document.hints.hints[0].points[0] == (10, 10, 1)


def test_other_pages_than_the_first_have_no_hints(document, tmp_path):
    path = make_photo(tmp_path / "a.png")
    edits = Edits(hints=HintSet(10, 10, (hint(1, 1),)))
    document.open(path, edits, page=1)
    photo = read_photo(path)
    document.set_photo(photo, Pyramid.build(photo.pixels))
    assert document.hints is None
    assert not document.takes_hints
    assert document.edits == edits, "they are those of the first page, and stay"


def test_locked_hints_are_shown_and_not_taken(opened, tmp_path):
    opened.undo_stack.push(AddHint(opened, hint(10, 10)))
    opened.lock_hints()
    assert opened.hints is not None
    assert not opened.takes_hints
    opened.open(tmp_path / "b.png", NO_EDITS)
    assert not opened.hints_locked


def test_without_a_photo_there_are_no_hints(document):
    assert document.hints is None
    assert not document.takes_hints
    with pytest.raises(ValueError, match="photo"):
        document.hint_set  # noqa: B018


def test_colours_are_current_only_with_the_hints_that_are_there(opened):
    opened.set_default_choice(PLAIN)
    opened.set_coloring(coloring())
    assert opened.is_current
    opened.undo_stack.push(AddHint(opened, hint(10, 10)))
    assert not opened.is_current
    opened.set_coloring(replace(coloring(), hints=opened.hints))
    assert opened.is_current


def test_a_preview_is_shown_and_leaves_the_colours_as_they_are(opened, qtbot):
    opened.set_coloring(coloring())
    with qtbot.waitSignal(opened.painting_changed), qtbot.assertNotEmitted(opened.coloring_changed):
        opened.preview(coloring(Choice("other")))
    shown = opened.painting
    assert opened.coloring.choice == PLAIN
    opened.preview(None)
    assert opened.painting.colors is opened.coloring.colors
    assert shown is not opened.painting


strokes = st.builds(
    hint, st.integers(0, 90), st.integers(0, 60), st.sampled_from(["#7d2a2f", "#808080", None]), st.just(4.0)
)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("look"), st.builds(lambda s: Look(saturation=s), st.sampled_from([0.5, 1.0, 1.5, 2.0]))),
        st.tuples(st.just("choice"), st.builds(lambda n: Choice("photo", n), st.sampled_from([None, 0, 1, 2]))),
        st.tuples(st.just("add"), strokes),
        st.tuples(st.just("move"), st.tuples(st.integers(0, 5), st.integers(-50, 50), st.floats(-5, 5))),
        st.tuples(st.just("recolor"), st.tuples(st.integers(0, 5), st.sampled_from([None, "#00ff00", "#7d2a2f"]))),
        st.tuples(st.just("delete"), st.integers(0, 5)),
        st.tuples(st.just("erase"), st.tuples(st.integers(0, 100), st.integers(0, 70))),
        st.tuples(st.just("clear"), st.none()),
        st.tuples(st.just("paste"), st.lists(strokes, max_size=3).map(tuple)),
        st.tuples(st.just("undo"), st.none()),
        st.tuples(st.just("redo"), st.none()),
    ),
    max_size=16,
)


def command(document, kind, value):
    """The command of an act; None where there is nothing that it could be done to."""
    if kind == "look":
        before = document.edits
        document.set_look(value)  # as a slider does while it is dragged
        return ChangeLook(document, before)
    if kind == "choice":
        return Choose(document, value)
    if kind == "add":
        return AddHint(document, value)
    if kind == "erase":
        return EraseHints(document, [HintPoint(*value)], 6.0)
    if kind == "clear":
        return ClearHints(document)
    if kind == "paste":
        return PasteHints(document, HintSet(240, 160, value))
    index, *more = value if isinstance(value, tuple) else (value,)
    if index >= len(document.hint_set):
        return None
    return {"move": MoveHint, "recolor": RecolorHint, "delete": DeleteHint}[kind](document, index, *more)


@pytest.fixture(scope="module")
def a_photo(tmp_path_factory):
    return read_photo(make_photo(tmp_path_factory.mktemp("photos") / "a.png", width=120, height=80))


@settings(deadline=None, max_examples=80)
@given(acts)
def test_any_acts_undone_are_the_start_and_redone_the_end(qapp, a_photo, acts):
    document = Document()
    document.set_default_look(DEFAULT)
    document.open(Path("a.png"), NO_EDITS)
    document.set_photo(a_photo, Pyramid.build(a_photo.pixels))
    for kind, value in acts:
        if kind in ("undo", "redo"):
            getattr(document.undo_stack, kind)()
        elif (act := command(document, kind, value)) is not None:
            document.undo_stack.push(act)
    end = document.edits
    count = document.undo_stack.index()
    states = [end]
    for _ in range(count):
        document.undo_stack.undo()
        states.append(document.edits)
    assert document.edits == NO_EDITS
    for state in reversed(states[1:]):
        assert document.edits == state
        document.undo_stack.redo()
    assert document.edits == end


def test_an_act_undone_leaves_what_came_from_the_disk_meanwhile(opened):
    change_look(opened, VIVID)  # while the photo was still being read
    kept = HintSet(120, 80, (hint(1, 1),))
    opened.set_edits(replace(opened.edits, hints=kept))
    opened.undo_stack.undo()
    assert opened.edits == Edits(hints=kept)


def test_hints_of_another_photo_are_pasted_in_this_ones_size(opened):
    opened.undo_stack.push(AddHint(opened, hint(1, 1)))
    width, height = opened.hints.width, opened.hints.height
    opened.undo_stack.push(PasteHints(opened, HintSet(2 * width, 2 * height, (hint(40, 40, None),))))
    assert [each.points[0][:2] for each in opened.hints] == [(1, 1), (20, 20)]
    opened.undo_stack.undo()
    assert len(opened.hints) == 1


def test_each_act_is_one_step_with_a_name(opened):
    opened.undo_stack.push(Choose(opened, Choice("photo", 1)))
    change_look(opened, VIVID)
    assert opened.undo_stack.undoText() == "Change of look"
    opened.undo_stack.undo()
    assert opened.look == DEFAULT
    assert opened.undo_stack.undoText() == "Choice of colours"


def test_after_an_undo_the_look_of_all_photos_is_in_force_again_whatever_it_is_now(opened):
    change_look(opened, VIVID)
    opened.set_default_look(Look(saturation=1.1))
    opened.undo_stack.undo()
    assert opened.edits == NO_EDITS
    assert opened.look == Look(saturation=1.1)


def test_after_an_undo_the_model_of_all_photos_is_in_force_again_whatever_it_is_now(opened):
    opened.undo_stack.push(Choose(opened, Choice("photo", 1)))
    opened.set_default_choice(Choice("other"))
    assert opened.choice == Choice("photo", 1)
    opened.undo_stack.undo()
    assert opened.choice == Choice("other")
    opened.undo_stack.redo()
    assert opened.choice == Choice("photo", 1)
    opened.undo_stack.push(Choose(opened, None))
    assert opened.choice == Choice("other")
