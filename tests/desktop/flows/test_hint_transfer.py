"""Hints go from photo to photo, and come out of a photo in colour."""

import json

import numpy as np
from PIL import Image

from engine import Hint, HintPoint, HintSet, sidecar_path
from tests.desktop.flows.acting import (
    GREEN,
    drop,
    is_coloured,
    open_photo,
    paint,
    wait,
)
from tests.painting import make_photo, pixels


def test_hints_are_copied_from_photo_to_photo(opened, folder, qtbot):
    paint(qtbot, opened, (30, 40), (50, 40))
    hints = opened.parts.document.hints
    opened.parts.actions["copy_hints"].trigger()
    make_photo(folder / "scan 3.jpg", width=240, height=160, seed=3)
    open_photo(qtbot, opened, folder / "scan 3.jpg")
    opened.parts.actions["paste_hints"].trigger()
    wait(qtbot, lambda: is_coloured(opened))
    assert opened.parts.document.hints == hints.scaled_to(240, 160)
    opened.parts.actions["undo"].trigger()
    assert opened.parts.document.hints is None
    opened.parts.hints.copy_requested.emit()
    assert opened.parts.document.hints == hints.scaled_to(240, 160)
    assert opened.parts.document.undo_stack.undoText() == "Pasting of hints"


def test_the_photo_before_in_the_folder_lends_its_hints_though_it_was_not_open(make_program, folder, qtbot):
    hints = HintSet(120, 80, (Hint((HintPoint(30, 40),), 6, GREEN),))
    sidecar = {
        "autochrome": 1,
        "photo": {"width": 120, "height": 80},
        "hints": [{"points": [[30, 40]], "radius": 6, "color": GREEN}],
    }
    sidecar_path(folder / "scan 1.jpg").write_text(json.dumps(sidecar))
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    wait(qtbot, lambda: program.parts.library.photos.row_of(folder / "scan 2.jpg") > 0)
    program.transfer.copy_previous()
    wait(qtbot, lambda: program.parts.document.hints == hints)
    assert program.hint_colors.recent == (GREEN,)


def test_colours_come_over_from_a_similar_photo_in_colour(opened, folder, tmp_path, qtbot):
    reference = tmp_path / "reference.png"
    grey = pixels(folder / "scan 2.jpg").astype(float)
    Image.fromarray(np.clip(grey * (1.2, 0.9, 0.5), 0, 255).astype(np.uint8)).save(reference)
    drop(opened.parts.hints, reference)
    assert opened.transfer.busy
    wait(qtbot, lambda: not opened.transfer.busy)
    wait(qtbot, lambda: is_coloured(opened))
    document = opened.parts.document
    assert len(document.hints) > 0
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Colours from reference.png"
    assert opened.hint_colors.recent


def test_a_reference_without_colours_is_told(opened, folder, qtbot, errors):
    opened.transfer.use_reference(folder / "scan 1.jpg")
    wait(qtbot, lambda: errors)
    assert "no colours" in errors[0].sentence
    assert opened.parts.document.hints is None
