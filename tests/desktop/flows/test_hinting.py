"""Hints through the window: painted, changed, undone, kept; the photo follows at once."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from desktop.canvas import HintToolKind
from desktop.edits import NO_EDITS
from desktop.studio import Coloring
from engine import Hint, HintKind, HintPoint, HintSet, read_sidecar, sidecar_path
from tests.desktop.conftest import quit_program
from tests.desktop.flows.acting import (
    GREEN,
    RED,
    is_coloured,
    key,
    move,
    open_photo,
    paint,
    press,
    redness,
    release,
    stroke,
    take,
    wait,
)
from tests.painting import make_photo, pixels
from tests.training.making import install, tiny_network


def test_a_stroke_colours_what_was_painted_and_is_one_step_of_undo(opened, qtbot):
    before = redness(opened, 40, 40)
    key(qtbot, opened, Qt.Key.Key_B)
    assert opened.parts.tools.tool is HintToolKind.BRUSH
    opened.parts.hints.choose_color(RED)
    stroke(qtbot, opened, (30, 40), (40, 40), (50, 40))
    document = opened.parts.document
    assert len(document.hints) == 1
    assert document.hints.hints[0].color == RED
    assert redness(opened, 40, 40) > before + 20
    assert document.undo_stack.count() == 1
    opened.parts.actions["undo"].trigger()
    wait(qtbot, lambda: is_coloured(opened))
    assert document.edits == NO_EDITS
    assert redness(opened, 40, 40) == before
    opened.parts.actions["redo"].trigger()
    wait(qtbot, lambda: is_coloured(opened))
    assert redness(opened, 40, 40) > before + 20


def test_while_a_stroke_is_drawn_a_preview_follows_and_escape_gives_it_up(opened, qtbot):
    document = opened.parts.document
    before, plain = document.coloring, redness(opened, 40, 40)
    take(opened, "brush")
    opened.parts.hints.choose_color(RED)
    press(opened, 30, 40)
    move(opened, 50, 40)
    wait(qtbot, lambda: redness(opened, 40, 40) > plain + 20)
    assert document.coloring is before
    assert document.hints is None
    assert opened.parts.tools.stroke is not None
    key(qtbot, opened, Qt.Key.Key_Escape)
    release(opened, 50, 40)
    wait(qtbot, lambda: is_coloured(opened))
    assert document.hints is None
    assert redness(opened, 40, 40) == plain
    assert opened.parts.tools.tool is HintToolKind.BRUSH, "the tool stays for the next try"
    assert not document.undo_stack.canUndo()


def test_previews_never_queue(opened, qtbot, monkeypatch):
    asked = []
    color = opened.parts.engine.color
    monkeypatch.setattr(opened.parts.engine, "color", lambda *wish: asked.append(wish) or color(*wish))
    hints = [HintSet(120, 80, (Hint((HintPoint(n, 40),), 4, RED),)) for n in range(1, 8)]
    for each in hints:
        opened.coloring.preview(each)
    assert [wish[2] for wish in asked] == [hints[0]]
    wait(qtbot, lambda: len(asked) == 2 and not opened.parts.engine.busy)
    assert asked[1][2] == hints[-1], "those between are passed over"
    opened.coloring.end_preview()
    assert opened.parts.document.painting.colors is opened.parts.document.coloring.colors


def test_a_hint_is_selected_moved_recoloured_and_deleted_each_in_one_step(opened, qtbot):
    parts, document = opened.parts, opened.parts.document
    paint(qtbot, opened, (30, 40), (50, 40))
    paint(qtbot, opened, (90, 20), color=None)
    assert [hint.kind for hint in document.hints] == [HintKind.COLOR, HintKind.KEEP]
    take(opened, "select")
    stroke(qtbot, opened, (40, 40), (45, 45), (50, 55))
    assert parts.tools.selected == 0
    assert parts.hints.selected == 0
    assert parts.hints.color == RED
    assert document.hints.hints[0].points[0].y > 50
    parts.hints.choose_color(GREEN)
    wait(qtbot, lambda: is_coloured(opened))
    assert document.hints.hints[0].color == GREEN
    assert document.undo_stack.count() == 4
    key(qtbot, opened, Qt.Key.Key_Delete)
    wait(qtbot, lambda: is_coloured(opened))
    assert [hint.kind for hint in document.hints] == [HintKind.KEEP]
    for count in (2, 2, 2, 1):
        parts.actions["undo"].trigger()
        assert len(document.hints) == count
    wait(qtbot, lambda: is_coloured(opened))
    assert document.hints.hints[0].color == RED
    assert document.hints.hints[0].points[0].y < 45


def test_a_colour_that_is_dragged_over_the_palette_is_seen_at_once_and_one_step(opened, qtbot):
    parts, document = opened.parts, opened.parts.document
    paint(qtbot, opened, (30, 40), (50, 40))
    parts.tools.set_selected(0)
    red = redness(opened, 40, 40)
    parts.hints.hint_recoloring.emit(0, GREEN)
    wait(qtbot, lambda: redness(opened, 40, 40) < red - 20)
    assert document.hints.hints[0].color == RED
    parts.hints.hint_recolored.emit(0, GREEN)
    wait(qtbot, lambda: is_coloured(opened))
    assert document.hints.hints[0].color == GREEN
    assert document.undo_stack.count() == 2


def test_the_eraser_takes_away_what_it_touches(opened, qtbot):
    document = opened.parts.document
    paint(qtbot, opened, (20, 40), (60, 40), (100, 40))
    key(qtbot, opened, Qt.Key.Key_E)
    stroke(qtbot, opened, (60, 20), (60, 60))
    assert len(document.hints) == 2, "a stroke in two"
    assert document.undo_stack.count() == 2
    stroke(qtbot, opened, (10, 5), (20, 5))
    assert document.undo_stack.count() == 2, "nothing was touched"
    opened.parts.actions["clear_hints"].trigger()
    assert document.hints is None
    opened.parts.actions["undo"].trigger()
    assert len(document.hints) == 2


def test_keys_size_the_brush_and_put_it_away(opened, qtbot):
    tools = opened.parts.tools
    key(qtbot, opened, Qt.Key.Key_B)
    radius = tools.radius
    key(qtbot, opened, Qt.Key.Key_BracketRight)
    assert tools.radius > radius
    assert opened.parts.hints.radius == pytest.approx(tools.radius)
    key(qtbot, opened, Qt.Key.Key_BracketLeft)
    assert tools.radius == pytest.approx(radius)
    opened.parts.hints.radius_chosen.emit(9.0)
    assert tools.radius == 9.0
    key(qtbot, opened, Qt.Key.Key_Escape)
    assert tools.tool is None
    assert not opened.parts.actions["brush"].isChecked()
    key(qtbot, opened, Qt.Key.Key_B)
    key(qtbot, opened, Qt.Key.Key_B)
    assert tools.tool is None


def test_the_brush_is_as_large_on_the_next_photo_however_it_was_scanned(opened, folder, qtbot):
    make_photo(folder / "large.jpg", width=480, height=320, seed=3)
    opened.parts.tools.set_radius(5.0)
    open_photo(qtbot, opened, folder / "large.jpg")
    assert opened.parts.tools.radius == pytest.approx(20.0)


def test_what_is_painted_goes_with_the_photo_and_is_there_after_a_restart(opened, make_program, folder, qtbot):
    paint(qtbot, opened, (30, 40), (50, 40))
    hints = opened.parts.document.hints
    open_photo(qtbot, opened, folder / "scan 1.jpg")
    assert opened.parts.document.hints is None
    assert opened.parts.tools.hints.hints == ()
    open_photo(qtbot, opened, folder / "scan 2.jpg")
    assert opened.parts.document.hints == hints
    assert opened.parts.tools.hints == hints
    quit_program(opened)
    assert read_sidecar(sidecar_path(folder / "scan 2.jpg")).hints == hints.hints
    again = make_program()
    wait(qtbot, lambda: is_coloured(again, folder / "scan 2.jpg"))
    assert again.parts.document.hints == hints
    assert redness(again, 40, 40) > 20
    assert again.hint_colors.recent[0] == RED
    assert again.parts.tools.color == RED
    assert again.parts.window.isWindowModified()


def test_another_scan_of_the_photo_has_its_hints_in_its_own_size(opened, folder, qtbot):
    paint(qtbot, opened, (30, 40), (50, 40))
    points = opened.parts.document.hints.hints[0].points
    make_photo(folder / "scan 2.jpg", width=240, height=160, seed=2)
    wait(qtbot, lambda: opened.parts.document.photo is not None and opened.parts.document.photo.width == 240)
    wait(qtbot, lambda: is_coloured(opened))
    assert opened.parts.document.hints.hints[0].points[0].x == pytest.approx(2 * points[0].x)


def test_what_is_saved_shows_the_hints(opened, folder, qtbot):
    paint(qtbot, opened, (30, 40), (50, 40))
    opened.saving.save()
    wait(qtbot, lambda: not opened.saving.busy)
    red, green, blue = pixels(folder / "scan 2-color.jpg")[40, 40].astype(int)
    assert red - max(green, blue) > 20
    assert not opened.parts.window.isWindowModified()


def test_save_all_uses_the_hints_of_photos_that_are_not_open(opened, folder, qtbot):
    paint(qtbot, opened, (30, 40), (50, 40))
    open_photo(qtbot, opened, folder / "scan 1.jpg")
    opened.saving.save_all()
    wait(qtbot, lambda: not opened.saving.busy)
    red, green, blue = pixels(folder / "scan 2-color.jpg")[40, 40].astype(int)
    assert red - max(green, blue) > 20


def test_a_batch_uses_hints_that_were_painted_a_moment_ago(opened, folder, qtbot):
    paint(qtbot, opened, (30, 40), (50, 40))
    opened.batching.color([folder / "scan 2.jpg"])
    wait(qtbot, lambda: opened.parts.queue.entries and not opened.parts.queue.busy)
    red, green, blue = pixels(folder / "scan 2-color.jpg")[40, 40].astype(int)
    assert red - max(green, blue) > 20


def test_models_and_variants_are_compared_with_the_hints(opened, qtbot):
    install("other", tiny_network(seed=3))
    opened.choosing.refresh()
    paint(qtbot, opened, (30, 40), (50, 40))
    wait(qtbot, lambda: len(opened.choosing.installed) == 3)
    shown = []
    opened.parts.engine.candidate.connect(lambda number, index, result: shown.append(result))
    opened.comparing.compare_variants()
    wait(qtbot, lambda: not opened.parts.engine.busy)
    assert {result.hints for result in shown if isinstance(result, Coloring)} == {opened.parts.document.hints}
    opened.parts.actions["undo"].trigger()
    assert not opened.comparing.active, "they were of other hints"


def test_hints_of_a_newer_version_are_shown_and_stay(make_program, folder, qtbot, errors):
    newer = {
        "autochrome": 2,
        "photo": {"width": 120, "height": 80},
        "hints": [{"points": [[30, 40]], "radius": 6, "color": RED}],
    }
    file = sidecar_path(folder / "scan 2.jpg")
    file.write_text(json.dumps(newer))
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    assert len(program.parts.document.hints) == 1
    assert not program.parts.actions["brush"].isEnabled()
    assert "newer version" in program.parts.hints.reason.text()
    open_photo(qtbot, program, folder / "scan 1.jpg")
    assert program.parts.actions["brush"].isEnabled()
    assert json.loads(file.read_text()) == newer


def test_a_damaged_sidecar_is_told_and_what_is_painted_then_is_kept_elsewhere(make_program, folder, qtbot, errors):
    file = sidecar_path(folder / "scan 2.jpg")
    file.write_bytes(b"{")
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    assert file.name in program.parts.window.status.currentMessage()
    program.parts.tools.set_radius(6.0)
    paint(qtbot, program, (30, 40), (50, 40))
    hints = program.parts.document.hints
    quit_program(program)
    assert file.read_bytes() == b"{"
    again = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(again, folder / "scan 2.jpg"))
    assert again.parts.document.hints == hints
    assert errors == []


def test_without_a_photo_nothing_can_be_painted_and_why_is_said(program, qtbot):
    assert not program.parts.actions["brush"].isEnabled()
    assert program.parts.hints.reason.text() != ""
    key(qtbot, program, Qt.Key.Key_B)
    assert program.parts.tools.tool is None


def test_looks_and_hints_are_undone_in_the_order_in_which_they_came(opened, qtbot):
    document = opened.parts.document
    paint(qtbot, opened, (30, 40), (50, 40))
    opened.parts.looks.look_changed.emit(replace(document.look, saturation=0.5))
    opened.parts.looks.look_committed.emit(replace(document.look, saturation=0.5))
    paint(qtbot, opened, (90, 20), color=GREEN)
    for _ in range(3):
        opened.parts.actions["undo"].trigger()
    wait(qtbot, lambda: is_coloured(opened))
    assert document.edits == NO_EDITS
