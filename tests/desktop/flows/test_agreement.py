"""Panels, photo, settings and edits stay in agreement, whatever comes between."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage

from desktop.canvas import Mode
from desktop.dialogs import SaveAsDialog
from desktop.edits import NO_EDITS, Edits
from desktop.library import PhotoState
from desktop.studio import Choice
from engine import Look, read_sidecar, sidecar_path, state_folder
from tests.desktop.conftest import quit_program
from tests.desktop.flows.acting import is_coloured, key, open_photo, wait
from tests.painting import make_photo, pixels
from tests.training.making import install, tiny_network


@pytest.fixture
def opened(make_program, folder, qtbot, errors):
    install("other", tiny_network(seed=3), saturation=2.0)
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    wait(qtbot, lambda: len(program.choosing.installed) == 3)
    program.parts.canvas.setFocus()
    return program


def change_look(program, **changes):
    look = replace(program.parts.document.look, **changes)
    program.parts.looks.look_changed.emit(look)
    program.parts.looks.look_committed.emit(look)


def take_variant(qtbot, program, variant):
    program.parts.models.variants.button(variant).click()
    wait(qtbot, lambda: is_coloured(program) and program.parts.document.choice.variant == variant)


def test_save_all_colours_each_photo_with_its_own_choice(opened, folder, qtbot, monkeypatch):
    change_look(opened, saturation=0.7)
    open_photo(qtbot, opened, folder / "scan 1.jpg")
    take_variant(qtbot, opened, 1)
    asked = []
    monkeypatch.setattr(opened.saving, "_queue", lambda jobs: asked.extend(request for request, _ in jobs))
    opened.saving.save_all()
    assert {request.path.name: request.choice for request in asked} == {
        "scan 2.jpg": Choice("tiny"),
        "scan 1.jpg": Choice("tiny", 1),
    }


def test_after_a_restart_changes_can_be_saved_and_are_seen(opened, make_program, folder, qtbot):
    change_look(opened, saturation=0.2)
    quit_program(opened)
    again = make_program()
    assert again.parts.actions["save_all"].isEnabled()
    wait(qtbot, lambda: is_coloured(again, folder / "scan 2.jpg"))
    assert again.parts.document.look.saturation == 0.2
    assert again.parts.window.isWindowModified()


def test_two_windows_keep_each_others_changes(opened, make_program, folder, qtbot):
    second = make_program(folder / "scan 1.jpg")
    wait(qtbot, lambda: is_coloured(second, folder / "scan 1.jpg"))
    change_look(opened, saturation=0.2)
    change_look(second, saturation=0.9)
    quit_program(opened)
    quit_program(second)
    for name, saturation in (("scan 2.jpg", 0.2), ("scan 1.jpg", 0.9)):
        assert read_sidecar(sidecar_path(folder / name)).look.saturation == saturation
    unsaved = json.loads((state_folder() / "session.json").read_bytes())["unsaved"]
    assert set(unsaved) == {str(folder / "scan 2.jpg"), str(folder / "scan 1.jpg")}


def test_taking_a_change_back_takes_its_sidecar_away(opened, make_program, folder, qtbot):
    change_look(opened, saturation=0.2)
    quit_program(opened)
    again = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(again, folder / "scan 2.jpg"))
    again.parts.looks.reset_all_button.click()
    quit_program(again)
    assert not sidecar_path(folder / "scan 2.jpg").exists()
    assert json.loads((state_folder() / "session.json").read_bytes())["unsaved"] == []


def test_edits_of_an_earlier_version_go_to_sidecars_once(make_program, folder, qtbot):
    look = {"saturation": 0.3, "vibrance": 0.0, "temperature": 0.0, "white_balance": False, "evenness": 0.0}
    rows = [
        {"photo": str(folder / "scan 1.jpg"), "saved": False, "look": look},
        {"photo": str(folder / "scan 2.jpg"), "saved": True, "choice": {"model": "tiny", "variant": 1}},
    ]
    session = state_folder() / "session.json"
    session.parent.mkdir(parents=True, exist_ok=True)
    session.write_text(json.dumps({"view": "split", "edits": rows}), "ascii")
    program = make_program(folder / "scan 1.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 1.jpg"))
    assert program.parts.document.look.saturation == 0.3
    assert program.parts.book.unsaved() == [folder / "scan 1.jpg"]
    wait(qtbot, lambda: sidecar_path(folder / "scan 2.jpg").exists())
    quit_program(program)
    assert read_sidecar(sidecar_path(folder / "scan 1.jpg")).look.saturation == 0.3
    assert read_sidecar(sidecar_path(folder / "scan 2.jpg")).variant == 1
    assert "edits" not in json.loads(session.read_bytes())


def test_changes_are_on_the_disk_while_something_is_being_saved(opened, folder, qtbot, monkeypatch):
    import threading

    gate = threading.Event()
    opened.parts.saving.run(lambda progress: gate.wait(20))
    change_look(opened, saturation=0.2)
    wait(qtbot, lambda: sidecar_path(folder / "scan 2.jpg").exists() and (state_folder() / "session.json").exists())
    gate.set()


def test_save_as_saves_the_photo_that_it_was_asked_for(opened, folder, tmp_path, qtbot, monkeypatch):
    shade = pixels(folder / "scan 2.jpg").astype(float).mean(axis=2)

    def fill(dialog):
        dialog.folder_edit.setText(str(tmp_path))
        dialog.name_edit.setText("mine.png")
        dialog.format_combo.set_value("PNG")
        opened.opening.open_photo(folder / "scan 10.jpg")  # something that was on its way arrives meanwhile
        wait(qtbot, lambda: is_coloured(opened, folder / "scan 10.jpg"))
        return True

    monkeypatch.setattr(SaveAsDialog, "exec", fill)
    opened.saving.save_as()
    wait(qtbot, lambda: not opened.saving.busy)
    saved = pixels(tmp_path / "mine.png").astype(float) @ [0.2126, 0.7152, 0.0722]
    assert np.abs(saved - shade).mean() < np.abs(saved - pixels(folder / "scan 10.jpg")[..., 0]).mean() + 20


def test_the_queue_leaves_a_copy_that_was_made_by_hand(opened, folder, qtbot):
    change_look(opened, saturation=0.0)
    opened.saving.save()
    wait(qtbot, lambda: not opened.saving.busy)
    before = (folder / "scan 2-color.jpg").read_bytes()
    opened.batching.color([folder / "scan 2.jpg"])
    wait(qtbot, lambda: not opened.parts.queue.busy)
    assert (folder / "scan 2-color.jpg").read_bytes() == before
    assert not (folder / "scan 2-color-2.jpg").exists()


def test_a_pasted_picture_keeps_its_changes_and_is_found_again(program, folder, qtbot):
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    for x in range(60):
        for y in range(40):
            image.setPixel(x, y, 0xFF000000 + (4 * x) * 0x010101)
    QGuiApplication.clipboard().setImage(image)
    program.parts.actions["paste"].trigger()
    wait(qtbot, lambda: is_coloured(program))
    pasted = program.parts.document.path
    change_look(program, saturation=0.3)
    open_photo(qtbot, program, folder / "scan 1.jpg")
    open_photo(qtbot, program, pasted)
    assert program.parts.document.look.saturation == 0.3
    assert program.parts.document.borrowed
    assert program.parts.library.folder == pasted.parent
    assert not program.parts.actions["save_all"].isEnabled(), "where a pasted picture goes, only the user can say"


def test_escape_while_colouring_goes_back_to_what_is_seen(opened, qtbot, monkeypatch):
    with monkeypatch.context() as held:  # the engine's thread does not hear of it
        held.setattr(opened.parts.engine, "_wake", type("Held", (), {"emit": staticmethod(lambda: None)}))
        opened.parts.models.model_chosen.emit("other")
    assert opened.parts.engine.busy
    key(qtbot, opened, Qt.Key.Key_Escape)
    assert not opened.parts.engine.busy
    assert opened.parts.document.choice == opened.parts.document.coloring.choice == Choice("tiny")
    assert opened.parts.models.current == "tiny"
    assert opened.parts.settings.settings.coloring.model == "tiny"
    opened.parts.models.model_chosen.emit("other")
    wait(qtbot, lambda: is_coloured(opened) and opened.parts.document.coloring.choice == Choice("other"))


def test_undoing_a_look_after_another_model_was_chosen_leaves_no_edit(opened, qtbot):
    change_look(opened, temperature=10.0)
    opened.parts.models.model_chosen.emit("other")
    wait(qtbot, lambda: is_coloured(opened) and opened.parts.document.coloring.choice == Choice("other"))
    opened.parts.actions["undo"].trigger()
    assert opened.parts.document.edits == NO_EDITS
    assert opened.parts.document.look == Look(saturation=2.0)


def test_a_variant_that_is_chosen_already_is_no_step_of_undo(opened, qtbot):
    opened.parts.models.variants.button(None).click()
    assert not opened.parts.actions["undo"].isEnabled()


def test_a_look_that_is_being_changed_belongs_to_its_photo(opened, folder, qtbot):
    opened.parts.looks.saturation.field.setValue(0.5)  # by keys: not committed yet
    open_photo(qtbot, opened, folder / "scan 1.jpg")
    assert opened.parts.document.edits == NO_EDITS
    change_look(opened, vibrance=0.5)
    opened.parts.actions["undo"].trigger()
    assert opened.parts.document.edits == NO_EDITS
    assert opened.parts.book.of(folder / "scan 2.jpg").look.saturation == 0.5


def test_another_model_during_a_comparison_ends_it(opened, qtbot):
    opened.parts.actions["compare_models"].trigger()
    opened.parts.models.model_chosen.emit("other")
    wait(qtbot, lambda: is_coloured(opened) and opened.parts.document.coloring.choice == Choice("other"))
    assert not opened.comparing.active
    assert opened.parts.canvas.mode is Mode.SINGLE
    assert opened.parts.canvas.status_text == ""


def test_looks_are_seen_in_a_comparison(opened, qtbot):
    opened.parts.actions["compare_variants"].trigger()
    wait(qtbot, lambda: not opened.parts.engine.busy and opened.parts.canvas.settled)
    opened.parts.looks.look_changed.emit(Look(saturation=0.0))
    assert {candidate.painting.look.saturation for candidate in opened.comparing.candidates} == {0.0}
    assert opened.comparing.active


def test_nothing_of_the_former_photo_stays_beside_a_broken_one(opened, folder, qtbot):
    opened.opening.open_photo(folder / "broken.jpg")
    wait(qtbot, lambda: not opened.opening.busy)
    parts = opened.parts
    assert parts.window.status.photo_text == ""
    assert parts.models.variants.count == 0
    for act in ("compare_variants", "compare_models", "save", "split", "fit"):
        assert not parts.actions[act].isEnabled(), act
    assert not parts.looks.isEnabled()


def test_a_removed_model_leaves_no_photo_behind_that_wants_it(opened, folder, qtbot, errors):
    take_variant(qtbot, opened, 1)  # the photo's own choice, of the model that goes
    opened.parts.models.remove_requested.emit("tiny")
    wait(qtbot, lambda: len(opened.choosing.installed) == 2)
    wait(qtbot, lambda: is_coloured(opened))
    assert opened.parts.settings.settings.coloring.model == "photo"
    open_photo(qtbot, opened, folder / "scan 1.jpg")
    assert opened.parts.document.coloring.choice == Choice("photo")
    assert errors == []


def test_a_photo_whose_own_model_is_gone_changes_nothing_for_the_others(opened, folder, qtbot, errors):
    opened.parts.book.put(folder / "scan 1.jpg", Edits(None, Choice("gone")))
    open_photo(qtbot, opened, folder / "scan 1.jpg")
    assert len(errors) == 1
    assert opened.parts.document.coloring.choice == Choice("tiny")
    assert opened.parts.settings.settings.coloring.model == "tiny"


def test_a_chosen_model_that_is_not_there_is_replaced_and_said(make_program, folder, qtbot, errors):
    from desktop.settings import SettingsFile

    file = SettingsFile()
    settings, _ = file.read()
    file.write(lambda: replace(settings, coloring=replace(settings.coloring, model="gone", device="cpu")))
    program = make_program()
    wait(qtbot, lambda: program.choosing.installed)
    assert program.parts.document.choice == Choice("photo")
    assert "gone" in program.parts.window.status.currentMessage()


def test_a_mended_file_is_read_again(opened, folder, qtbot):
    broken = folder / "broken.jpg"
    opened.opening.open_photo(broken)
    library = opened.parts.library
    wait(qtbot, lambda: library.photos.state_of(broken).state is PhotoState.FAILED)
    shutil.copy(folder / "scan 1.jpg", broken)
    opened.opening.open_photo(broken)
    wait(qtbot, lambda: is_coloured(opened, broken))
    wait(qtbot, lambda: library.photos.state_of(broken).state is PhotoState.NEW)


def test_a_photo_that_changes_on_the_disk_is_read_again(opened, folder, qtbot):
    watched = opened.parts.library._watch._watcher
    wait(qtbot, lambda: str(folder / "scan 2.jpg") in watched.files())
    make_photo(folder / "scan 2.jpg", width=160, height=90, seed=40)
    wait(qtbot, lambda: opened.parts.document.photo is not None and opened.parts.document.photo.width == 160)
    wait(qtbot, lambda: is_coloured(opened))


def test_what_is_saved_is_the_photo_as_it_is_now(opened, folder, qtbot, monkeypatch):
    monkeypatch.setattr(opened.parts.library._watch, "touch", lambda: None)  # nobody noticed the change
    make_photo(folder / "scan 2.jpg", width=160, height=90, seed=40)
    opened.saving.save()
    wait(qtbot, lambda: not opened.saving.busy)
    assert pixels(folder / "scan 2-color.jpg").shape == (90, 160, 3)


def test_from_a_damaged_page_there_is_a_way_back(program, tmp_path, qtbot, errors, monkeypatch):
    file = tmp_path / "album" / "pages.tif"
    file.parent.mkdir()
    ramp = np.linspace(20, 220, 80 * 60).reshape(60, 80).astype(np.uint8)
    Image.fromarray(ramp).save(file, save_all=True, append_images=[Image.fromarray(ramp // 2)])
    open_photo(qtbot, program, file)
    program.opening.open_photo(file, 7)  # there is no such page
    wait(qtbot, lambda: not program.opening.busy)
    assert program.parts.actions["previous_page"].isEnabled()
    for _ in range(7):
        program.parts.actions["previous_page"].trigger()
    wait(qtbot, lambda: is_coloured(program) and program.parts.document.page == 0)


def test_a_folder_that_is_gone_is_not_coloured(opened, folder, tmp_path, qtbot, errors):
    opened.parts.library.open_folder(tmp_path / "nowhere")
    wait(qtbot, lambda: errors)
    opened.parts.actions["color_folder"].trigger()
    assert opened.parts.queue.entries == ()
    assert not opened.parts.actions["color_folder"].isEnabled()


def test_a_slow_opening_does_not_win_over_a_later_one(opened, folder, qtbot, monkeypatch):
    import threading

    from desktop.flows import opening

    gate, sorted_out = threading.Event(), opening._sorted_out

    def slow(paths, progress):
        gate.wait(20)
        return sorted_out(paths, progress)

    monkeypatch.setattr(opening, "_sorted_out", slow)
    opened.opening.open_paths([folder / "scan 1.jpg"])
    open_photo_directly = opened.opening.open_photo
    open_photo_directly(folder / "scan 10.jpg")
    gate.set()
    wait(qtbot, lambda: is_coloured(opened, folder / "scan 10.jpg"))
    wait(qtbot, lambda: opened.parts.reading.idle)
    assert opened.parts.document.path == folder / "scan 10.jpg"


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"edits": 5, "view": 7, "unsaved": 3, "colors": [2, "x"]}', b"\xff\x00", b"[]"]
)
def test_a_damaged_session_file_stops_nothing(make_program, folder, qtbot, content):
    (state_folder()).mkdir(parents=True, exist_ok=True)
    (state_folder() / "session.json").write_bytes(content)
    program = make_program(folder / "scan 1.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 1.jpg"))


def test_a_deleted_photo_is_told_once_and_no_longer_unsaved(opened, folder, qtbot, errors):
    open_photo(qtbot, opened, folder / "scan 1.jpg")
    change_look(opened, saturation=0.2)
    open_photo(qtbot, opened, folder / "scan 2.jpg")
    (folder / "scan 1.jpg").unlink()
    opened.saving.save_all()
    wait(qtbot, lambda: not opened.saving.busy)
    assert len(errors) == 1
    assert opened.parts.book.unsaved() == []


def test_another_device_colours_anew(opened, qtbot):
    asked = []
    opened.parts.engine.colored.connect(lambda number, coloring: asked.append(coloring))
    settings = opened.parts.settings.settings
    opened.parts.settings.update(replace(settings, coloring=replace(settings.coloring, device="auto")))
    wait(qtbot, lambda: asked and is_coloured(opened))


def test_a_model_that_is_there_can_be_replaced(opened, tmp_path, qtbot, errors):
    from PySide6.QtWidgets import QMessageBox

    weights = install("tiny-2", tiny_network(seed=8))
    moved = tmp_path / weights.name
    for suffix in (".toml", ".safetensors"):
        shutil.copy(weights.with_suffix(suffix), moved.with_suffix(suffix))
    opened.choosing.add_model(moved)
    wait(qtbot, lambda: opened.parts.window.findChildren(QMessageBox))
    (question,) = opened.parts.window.findChildren(QMessageBox)
    next(button for button in question.buttons() if button.text() == "Replace").click()
    wait(qtbot, lambda: is_coloured(opened) and opened.parts.document.coloring.choice == Choice("tiny-2"))
    assert errors == []


def test_the_welcome_page_gives_way_to_whatever_is_asked_of_the_photo(opened, qtbot):
    opened.parts.actions["welcome"].trigger()
    assert opened.parts.window.shows_welcome
    opened.parts.actions["split"].trigger()
    assert not opened.parts.window.shows_welcome
