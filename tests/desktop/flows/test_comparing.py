"""Several colourings of one photo beside each other."""

import pytest
from PySide6.QtCore import Qt

from desktop.canvas import Mode
from desktop.studio import Choice
from tests.desktop.flows.acting import is_coloured, key, wait
from tests.training.making import install, tiny_network


@pytest.fixture
def opened(make_program, folder, qtbot):
    install("other", tiny_network(seed=3))
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    wait(qtbot, lambda: len(program.choosing.installed) == 3)
    program.parts.canvas.setFocus()
    return program


def ready(program):
    return program.parts.canvas.mode is Mode.COMPARE and not program.parts.engine.busy and program.parts.canvas.settled


def test_variants_beside_each_other_and_a_key_takes_one(opened, qtbot):
    opened.parts.canvas.set_mode(Mode.SPLIT)
    key(qtbot, opened, Qt.Key.Key_V)
    wait(qtbot, lambda: ready(opened))
    paintings = [candidate.painting for candidate in opened.comparing.candidates]
    assert len(paintings) >= 3
    assert all(painting is not None for painting in paintings)
    key(qtbot, opened, Qt.Key.Key_3)
    wait(qtbot, lambda: is_coloured(opened) and not opened.comparing.active)
    assert opened.parts.document.choice == Choice("tiny", 1)
    assert opened.parts.canvas.mode is Mode.SPLIT
    assert (opened.parts.document.coloring.colors.ab == paintings[2].colors.ab).all()
    opened.parts.actions["undo"].trigger()
    wait(qtbot, lambda: is_coloured(opened))
    assert opened.parts.document.choice == Choice("tiny")


def test_models_beside_each_other_and_one_is_taken_for_this_photo(opened, folder, qtbot):
    opened.parts.actions["compare_models"].trigger()
    wait(qtbot, lambda: ready(opened))
    titles = [candidate.title for candidate in opened.comparing.candidates]
    assert titles[0] == "tiny"
    assert set(titles) == {"tiny", "other", "photo"}
    index = titles.index("other")
    opened.parts.canvas.take(index)
    wait(qtbot, lambda: is_coloured(opened) and not opened.comparing.active)
    assert opened.parts.document.choice == Choice("other")
    assert opened.parts.settings.settings.coloring.model == "tiny", "the other photos keep their model"


def test_escape_takes_nothing(opened, qtbot):
    before = opened.parts.document.coloring.colors.ab
    opened.parts.actions["compare_variants"].trigger()
    wait(qtbot, lambda: opened.comparing.active)
    key(qtbot, opened, Qt.Key.Key_Escape)
    wait(qtbot, lambda: is_coloured(opened) and not opened.comparing.active)
    assert opened.parts.document.choice == Choice("tiny")
    assert (opened.parts.canvas.picture.painting.colors.ab == before).all()
    assert opened.parts.canvas.mode is Mode.SINGLE


def test_the_next_photo_ends_the_comparison(opened, folder, qtbot):
    opened.parts.actions["compare_variants"].trigger()
    wait(qtbot, lambda: opened.comparing.active)
    opened.opening.open_photo(folder / "scan 1.jpg")
    wait(qtbot, lambda: is_coloured(opened, folder / "scan 1.jpg"))
    assert not opened.comparing.active
    assert opened.parts.canvas.mode is Mode.SINGLE


def test_another_view_ends_the_comparison(opened, qtbot):
    opened.parts.actions["compare_variants"].trigger()
    wait(qtbot, lambda: ready(opened))
    opened.parts.actions["side_by_side"].trigger()
    wait(qtbot, lambda: is_coloured(opened))
    assert not opened.comparing.active
    assert opened.parts.canvas.mode is Mode.SIDE_BY_SIDE


def test_a_model_that_fails_has_its_cause_in_its_place(opened, qtbot):
    install("bad", tiny_network(seed=5)).write_bytes(b"this is no weight file")
    opened.choosing.refresh()
    wait(qtbot, lambda: len(opened.choosing.installed) == 4)
    opened.parts.actions["compare_models"].trigger()
    wait(qtbot, lambda: ready(opened))
    by_title = {candidate.title: candidate for candidate in opened.comparing.candidates}
    assert by_title["bad"].error
    assert by_title["other"].painting is not None


def test_there_is_nothing_to_compare_without_a_photo(make_program):
    program = make_program()
    assert not program.parts.actions["compare_variants"].isEnabled()
    assert not program.parts.actions["compare_models"].isEnabled()
