"""The window as a user has it: a folder of photos, the bundled weights, keys and the mouse, and a saved photo."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from desktop.app import Autochrome
from desktop.canvas import Mode
from engine import list_models, read_photo
from engine.photo import is_marked
from tests.desktop.conftest import quit_program
from tests.desktop.flows.acting import drop, is_coloured, key, wait
from tests.painting import contents

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


@pytest.fixture
def program(qapp, qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOCHROME_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = Autochrome(qapp)
    made.start()
    qtbot.waitExposed(made.parts.window)
    yield made
    quit_program(made)


def test_from_a_dropped_folder_to_a_saved_photo(program, qtbot, tmp_path):
    photos = tmp_path / "family"
    photos.mkdir()
    for file in SAMPLES.glob("*.jpg"):
        shutil.copy(file, photos)
    before = contents(photos)
    parts = program.parts

    drop(parts.window, photos)
    wait(qtbot, lambda: is_coloured(program))
    names = [path.name for path in parts.library.photos.paths]
    assert names == sorted(names)
    assert len(names) == 4
    assert parts.document.coloring.choice.model == "photo"

    parts.canvas.setFocus()
    for name in names[1:]:
        key(qtbot, program, Qt.Key.Key_Right)
        wait(qtbot, lambda name=name: is_coloured(program, photos / name))

    key(qtbot, program, Qt.Key.Key_S)
    assert parts.canvas.mode is Mode.SPLIT
    key(qtbot, program, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: not program.saving.busy)

    source = photos / names[-1]
    saved = source.with_name(f"{source.stem}-color.jpg")
    after = contents(photos)
    assert set(after) - set(before) == {saved.name}
    assert {name: after[name] for name in before} == before, "no source was touched"
    assert is_marked(saved)
    coloured = read_photo(saved).pixels.astype(int)
    assert coloured.shape[:2] == read_photo(source).pixels.shape[:2]
    assert np.abs(coloured.max(axis=2) - coloured.min(axis=2)).mean() > 5
    assert "photo" in [model.id for model in list_models()]
