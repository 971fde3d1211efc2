"""The colour in use: picked, kept in palettes, and what suits the place that is pointed at."""

import numpy as np
from PIL import Image
from PySide6.QtCore import QPointF, Qt

from tests.desktop.conftest import quit_program
from tests.desktop.flows.acting import (
    RED,
    colour_at,
    key,
    move,
    open_photo,
    paint,
    press,
    release,
    stroke,
    take,
    wait,
)


def test_a_colour_is_picked_from_the_photo_as_it_is_coloured_now(opened, qtbot):
    paint(qtbot, opened, (30, 40), (50, 40))
    key(qtbot, opened, Qt.Key.Key_I)
    press(opened, 40, 40)
    release(opened, 40, 40)
    wait(qtbot, lambda: opened.parts.tools.color != RED)
    picked = opened.parts.tools.color
    shown = "#" + "".join(f"{value:02x}" for value in colour_at(opened, 40, 40))
    assert all(abs(int(picked[n : n + 2], 16) - int(shown[n : n + 2], 16)) < 25 for n in (1, 3, 5))
    assert opened.parts.hints.color == picked


def test_of_a_colour_photo_the_original_is_picked_while_it_is_shown(opened, folder, qtbot):
    colours = np.zeros((80, 120, 3), np.uint8)
    colours[:, :60], colours[:, 60:] = (40, 60, 200), (60, 160, 40)
    Image.fromarray(colours).save(folder / "colours.png")
    open_photo(qtbot, opened, folder / "colours.png")
    take(opened, "pick")
    opened.parts.canvas.hold_original(True)
    opened.hint_colors.pick(30.0, 40.0)
    wait(qtbot, lambda: opened.parts.tools.color == "#283cc8")


def test_where_the_pointer_is_the_palette_and_the_suggestions_follow(opened, qtbot, monkeypatch):
    panel = opened.parts.hints
    told = []
    monkeypatch.setattr(panel, "set_lightness", lambda lightness, at="": told.append((lightness, at)))
    key(qtbot, opened, Qt.Key.Key_B)
    move(opened, 30, 40)
    wait(qtbot, lambda: told)
    assert 0 <= told[-1][0] <= 100
    assert panel.suggestions.swatches
    opened.parts.hints.choose_color(RED)
    stroke(qtbot, opened, (100, 60))
    opened.parts.tools.point_at(None)
    wait(qtbot, lambda: told[-1][1] == "at the place that you chose")
    meant = told[-1]
    told.clear()
    move(opened, 5, 5)
    opened.parts.tools.point_at(None)  # the pointer goes to the panel, past places that nobody meant
    wait(qtbot, lambda: told and not opened.parts.engine.busy)
    assert told[-1] == meant
    opened.parts.tools.point_at(QPointF(5, 6))
    wait(qtbot, lambda: opened.hint_colors.meant == QPointF(5, 6))  # it stays there
    opened.parts.tools.point_at(None)
    wait(qtbot, lambda: told[-1][0] != meant[0] and told[-1][1] == meant[1])


def test_a_palette_is_loaded_kept_and_saved(opened, make_program, tmp_path, qtbot, errors):
    file = tmp_path / "coats.gpl"
    file.write_text("GIMP Palette\nName: Coats\n#\n200 50 50 Red coat\n", "utf-8")
    opened.parts.hints.palette_load_requested.emit(file)
    wait(qtbot, lambda: opened.parts.hints.color_palette.colors == (RED,))
    opened.parts.hints.palette_save_requested.emit(tmp_path / "copy.gpl")
    wait(qtbot, lambda: (tmp_path / "copy.gpl").exists())
    opened.parts.hints.palette_load_requested.emit(tmp_path / "none.gpl")
    wait(qtbot, lambda: errors)
    quit_program(opened)
    again = make_program()
    assert again.parts.hints.color_palette.names == ("Red coat",)
