"""The open photo, and the acts on it: everything can be undone."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.commands import ChangeLook, Choose
from desktop.document import Document
from desktop.edits import NO_EDITS, Edits
from desktop.studio import Choice, Coloring
from engine import Colors, Look, Pyramid, read_photo
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


acts = st.lists(
    st.one_of(
        st.builds(lambda s: ("look", Look(saturation=s)), st.sampled_from([0.5, 1.0, 1.5, 2.0])),
        st.builds(lambda n: ("choice", Choice("photo", n)), st.sampled_from([None, 0, 1, 2])),
        st.just(("undo", None)),
        st.just(("redo", None)),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(acts)
def test_any_acts_undone_are_the_start_and_redone_the_end(qapp, acts):
    document = Document()
    document.set_default_look(DEFAULT)
    document.open(Path("a.png"), NO_EDITS)
    for kind, value in acts:
        if kind == "look":
            before = document.edits
            document.set_look(value)  # as a slider does while it is dragged
            document.undo_stack.push(ChangeLook(document, before))
        elif kind == "choice":
            document.undo_stack.push(Choose(document, value))
        else:
            getattr(document.undo_stack, kind)()
    end = document.edits
    count = document.undo_stack.index()
    for _ in range(count):
        document.undo_stack.undo()
    assert document.edits == NO_EDITS
    for _ in range(count):
        document.undo_stack.redo()
    assert document.edits == end


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
