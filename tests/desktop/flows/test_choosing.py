"""Models, variants and looks: by the panels, with undo, and with files that are broken or hostile."""

import os
import pickle
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from desktop.studio import Choice
from engine import Look, list_models
from tests.desktop.flows.acting import drop, is_coloured, key, open_photo, wait
from tests.training.making import install, tiny_network


@pytest.fixture
def opened(make_program, folder, qtbot, errors):
    install("other", tiny_network(seed=3))
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    wait(qtbot, lambda: len(program.choosing.installed) == 3)
    program.parts.canvas.setFocus()
    return program


def test_another_model_gives_other_colours_and_is_remembered(opened, make_program, folder, qtbot):
    before = opened.parts.document.coloring.colors.ab
    opened.parts.models.model_chosen.emit("other")
    wait(qtbot, lambda: is_coloured(opened) and opened.parts.document.coloring.choice.model == "other")
    assert (opened.parts.document.coloring.colors.ab != before).any()
    assert opened.parts.models.current == "other"
    assert opened.parts.settings.settings.coloring.model == "other"
    open_photo(qtbot, opened, folder / "scan 1.jpg")
    assert opened.parts.document.coloring.choice == Choice("other")


def test_a_model_that_cannot_be_loaded_is_told_and_the_old_one_stays(opened, qtbot, errors):
    before = opened.parts.document.coloring
    install("bad", tiny_network(seed=5)).write_bytes(b"this is no weight file")
    opened.choosing.refresh()
    wait(qtbot, lambda: len(opened.choosing.installed) == 4)
    opened.parts.models.model_chosen.emit("bad")
    wait(qtbot, lambda: errors)
    wait(qtbot, lambda: is_coloured(opened))
    assert opened.parts.document.choice == Choice("tiny")
    assert opened.parts.models.current == "tiny"
    assert opened.parts.settings.settings.coloring.model == "tiny"
    assert (opened.parts.document.coloring.colors.ab == before.colors.ab).all()


def weight_file(folder, name="mine", seed=9):
    """A weight file of the user's, with its card, that is not installed."""
    weights = install(name, tiny_network(seed=seed))
    folder.mkdir(exist_ok=True)
    moved = folder / weights.name
    for suffix in (".toml", ".safetensors"):
        weights.with_suffix(suffix).rename(moved.with_suffix(suffix))
    return moved


def test_a_dropped_weight_file_is_installed_and_used(opened, tmp_path, qtbot):
    file = weight_file(tmp_path / "downloads")
    drop(opened.parts.window, file)
    wait(qtbot, lambda: is_coloured(opened) and opened.parts.document.coloring.choice.model == "mine")
    assert "mine" in [model.id for model in list_models()]
    assert not opened.parts.window.status.working


def test_a_damaged_weight_file_is_refused(opened, tmp_path, qtbot, errors):
    file = weight_file(tmp_path / "downloads")
    content = bytearray(file.read_bytes())
    content[-5] ^= 1
    file.write_bytes(content)
    drop(opened.parts.models, file)
    wait(qtbot, lambda: errors)
    assert [model.id for model in list_models() if model.id == "mine"] == []
    assert opened.parts.document.choice == Choice("tiny")
    assert is_coloured(opened)


def test_a_hostile_weight_file_is_refused_and_does_nothing(opened, tmp_path, qtbot, errors):
    class Hostile:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "canary"),)

    for name in ("evil.pth", "evil.safetensors"):
        (tmp_path / name).write_bytes(pickle.dumps(Hostile()))
        drop(opened.parts.window, tmp_path / name)
        count = len(errors)
        wait(qtbot, lambda count=count: len(errors) > count or errors)
        errors.clear()
    assert not (tmp_path / "canary").exists()
    assert is_coloured(opened)


def test_a_removed_model_is_gone_and_another_one_chosen(opened, qtbot):
    opened.parts.models.remove_requested.emit("tiny")
    wait(qtbot, lambda: "tiny" not in [model.id for model in opened.choosing.installed])
    wait(qtbot, lambda: is_coloured(opened))
    assert opened.parts.document.choice.model != "tiny"
    assert "tiny" not in [model.id for model in list_models()]


def test_a_variant_is_undone_and_redone_by_keys(opened, qtbot):
    automatic = opened.parts.document.coloring.colors.ab
    opened.parts.models.variants.button(1).click()
    wait(qtbot, lambda: is_coloured(opened) and opened.parts.document.choice.variant == 1)
    varied = opened.parts.document.coloring.colors.ab
    assert (varied != automatic).any()
    opened.parts.canvas.setFocus()
    key(qtbot, opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: is_coloured(opened) and opened.parts.document.choice.variant is None)
    assert (opened.parts.document.coloring.colors.ab == automatic).all()
    key(qtbot, opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    wait(qtbot, lambda: is_coloured(opened) and opened.parts.document.choice.variant == 1)
    assert (opened.parts.document.coloring.colors.ab == varied).all()


def test_a_look_is_live_without_the_network_and_one_step_of_undo(opened, qtbot):
    parts = opened.parts
    asked = []
    parts.engine.busy_changed.connect(asked.append)
    start = parts.document.look
    for value in (1.8, 2.2, 2.5):  # as it is dragged
        parts.looks.look_changed.emit(replace(start, saturation=value))
        assert parts.document.painting.look.saturation == value
    parts.looks.look_committed.emit(replace(start, saturation=2.5))
    assert asked == []
    assert parts.document.undo_stack.count() == 1
    parts.actions["undo"].trigger()
    assert parts.document.look == start
    parts.actions["redo"].trigger()
    assert parts.document.look.saturation == 2.5


def test_the_slider_itself_changes_the_picture(opened, qtbot):
    parts = opened.parts
    field = parts.looks.saturation.field
    field.setFocus()
    field.setValue(0.0)
    wait(qtbot, lambda: parts.document.look.saturation == 0.0 and parts.canvas.settled)
    assert parts.canvas.picture.painting.look.saturation == 0.0
    parts.looks.reset_all_button.click()
    assert parts.document.look == parts.document.default_look


def test_the_look_of_the_card_is_where_it_begins(opened):
    assert opened.parts.document.look == Look(saturation=1.5)
    assert opened.parts.looks.look == Look(saturation=1.5)


def test_the_evenness_of_the_card_is_where_it_begins_and_the_slider_is_undone(opened, qtbot):
    parts = opened.parts
    install("flat", tiny_network(seed=4), saturation=1.0, evenness=0.75)
    opened.choosing.refresh()
    wait(qtbot, lambda: len(opened.choosing.installed) == 4)
    parts.models.model_chosen.emit("flat")
    wait(qtbot, lambda: is_coloured(opened) and parts.document.look == Look(evenness=0.75))
    assert parts.looks.evenness.value == 0.75
    parts.looks.evenness.slider.setValue(25)
    parts.looks.finish()
    wait(qtbot, lambda: parts.canvas.settled)
    assert parts.document.painting.look.evenness == 0.25
    parts.actions["undo"].trigger()
    assert parts.document.look.evenness == parts.looks.evenness.value == 0.75


def test_each_photo_keeps_its_own_look(opened, folder, qtbot):
    parts = opened.parts
    parts.looks.look_changed.emit(Look(saturation=0.4))
    parts.looks.look_committed.emit(Look(saturation=0.4))
    open_photo(qtbot, opened, folder / "scan 1.jpg")
    assert parts.document.look == Look(saturation=1.5)
    assert not parts.actions["undo"].isEnabled()
    open_photo(qtbot, opened, folder / "scan 2.jpg")
    assert parts.document.look == Look(saturation=0.4)
    assert parts.looks.look == Look(saturation=0.4)


def test_white_balance_as_a_setting_is_where_a_look_begins(opened, qtbot):
    settings = opened.parts.settings.settings
    opened.parts.settings.update(replace(settings, coloring=replace(settings.coloring, white_balance=True)))
    assert opened.parts.document.look.white_balance
    assert opened.parts.document.painting.look.white_balance
