"""Saving single photos, as a window does: beside the photo, never over another's file, known to the batch."""

import dataclasses
import os
import sqlite3
import threading

import numpy as np
import pytest
import tifffile

from engine.batch import BatchOptions, save_as, save_beside, state_folder
from engine.batch.journal import FILE, peek
from engine.errors import SaveError
from engine.lock import RunLock
from engine.photo import SaveOptions, is_marked, read_pages, read_photo, save_photo
from engine.render import Colors, Look, render
from tests.painting import AB, contents, files_below, is_coloured, make_photo, of, pixels, run

SAME = SaveOptions(format="same")


def colored(photo, ab=AB):
    small = np.broadcast_to(np.asarray(ab, np.float32), (8, 8, 2)).copy()
    return render(photo.pixels, Colors(small, np.full((32, 32), 50, np.float32)))


def saved(path, options=SAME, *, ab=AB, **more):
    photos = list(read_pages(path))
    return save_beside([colored(photo, ab) for photo in photos], photos, options, **more)


@pytest.fixture
def photo(tmp_path):
    return make_photo(tmp_path / "box" / "x.jpg")


def test_the_name_is_that_of_the_command(photo):
    before = photo.read_bytes()
    result = saved(photo)
    assert (result.path, result.replaced, result.notes) == (photo.with_name("x-color.jpg"), False, ())
    assert is_coloured(result.path)
    assert is_marked(result.path)
    assert photo.read_bytes() == before


def test_saving_again_replaces_our_own_output(photo):
    first = saved(photo)
    before = first.path.read_bytes()
    second = saved(photo, ab=(-30.0, 10.0))
    assert (second.path, second.replaced) == (first.path, True)
    assert second.path.read_bytes() != before
    assert files_below(photo.parent) == ["x-color.jpg", "x.jpg"]


def test_output_that_was_changed_is_left_alone(photo):
    first = saved(photo)
    first.path.write_bytes(b"retouched by hand")
    second = saved(photo)
    assert (second.path.name, second.replaced) == ("x-color-2.jpg", False)
    assert first.path.read_bytes() == b"retouched by hand"
    assert saved(photo).path == second.path


def test_output_of_the_same_size_that_was_changed_is_left_alone(photo):
    first = saved(photo)
    status = first.path.stat()
    os.utime(first.path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
    assert saved(photo).path.name == "x-color-2.jpg"


def test_foreign_file_is_left_alone(photo):
    foreign = photo.with_name("x-color.jpg")
    foreign.write_bytes(b"not ours")
    assert saved(photo).path.name == "x-color-2.jpg"
    assert foreign.read_bytes() == b"not ours"


def test_marked_file_that_no_record_knows_is_left_alone(photo):
    """It may be the work of another computer, or of a record that was lost."""
    first = saved(photo)
    (state_folder() / FILE).unlink()
    before = first.path.read_bytes()
    assert saved(photo, ab=(0.0, -30.0)).path.name == "x-color-2.jpg"
    assert first.path.read_bytes() == before


def test_link_under_the_name_is_left_alone(photo):
    photo.with_name("x-color.jpg").symlink_to(photo)
    before = photo.read_bytes()
    assert saved(photo).path.name == "x-color-2.jpg"
    assert photo.read_bytes() == before


def test_deleted_output_is_made_again(photo):
    saved(photo).path.unlink()
    result = saved(photo)
    assert (result.path.name, result.replaced) == ("x-color.jpg", False)


def test_command_knows_what_the_window_saved(photo):
    first = saved(photo)
    _, events = run(photo.parent, output=photo.parent / "out")
    assert [event.source.name for event in of(events, "done")] == ["x.jpg"]
    before = first.path.read_bytes()
    _, events = run(photo)
    (skipped,) = of(events, "skipped")  # somebody chose these colours: the command leaves them
    assert skipped.output == first.path
    assert "in the window" in skipped.cause
    assert first.path.read_bytes() == before
    assert files_below(photo.parent) == ["out/report.csv", "out/x.jpg", "x-color.jpg", "x.jpg"]


def test_window_knows_what_the_command_made(photo):
    run(photo)
    result = saved(photo, ab=(-30.0, 10.0))
    assert (result.path.name, result.replaced) == ("x-color.jpg", True)


def test_command_has_nothing_to_do_for_the_same_look(photo, monkeypatch):
    look = Look(saturation=1.2)
    monkeypatch.setattr("engine.batch.single._hash_of", lambda model: "a" * 64)
    saved(photo, dataclasses.replace(SAME, model="photo"), look=look)
    summary, events = run(photo, look=look)
    assert (summary.done, summary.skipped) == (0, 1)
    assert of(events, "skipped")[0].output == photo.with_name("x-color.jpg")
    assert run(photo, look=Look(saturation=1.3))[0].done == 1


def test_the_record_tells_what_was_done(photo):
    saved(photo, SaveOptions(format="png", model="no such model"))
    journal = peek(state_folder())
    assert journal is not None
    row = journal.row(os.fsencode(photo))
    assert row is not None
    assert (row.state, row.kind, row.bits, row.pages, row.natural) == ("done", "grey", 8, 1, "JPEG")
    assert os.fsdecode(row.output) == str(photo.with_name("x-color.png"))
    assert (row.size, row.mtime_ns) == (photo.stat().st_size, photo.stat().st_mtime_ns)


@pytest.mark.parametrize(
    ("name", "format", "expected"),
    [
        ("x.jpeg", "same", "x-color.jpeg"),
        ("x.png", "same", "x-color.png"),
        ("x.bmp", "same", "x-color.png"),
        ("x.gif", "same", "x-color.png"),
        ("x.tif", "same", "x-color.tif"),
        ("x.jpg", "tiff", "x-color.tif"),
        ("x.jpg", "TIFF", "x-color.tif"),
        ("x.png", "jpeg", "x-color.jpg"),
    ],
)
def test_formats(tmp_path, name, format, expected):
    result = saved(make_photo(tmp_path / name), SaveOptions(format=format))
    assert result.path.name == expected
    assert read_photo(result.path).format.lower() == {"tif": "tiff", "jpg": "jpeg"}.get(
        result.path.suffix[1:], result.path.suffix[1:]
    )


def test_all_pages_are_saved(tmp_path):
    path = tmp_path / "x.tif"
    with tifffile.TiffWriter(path) as writer:
        for level in (60, 120, 180):
            writer.write(np.full((20, 30), level, np.uint8), metadata=None)
    result = saved(path)
    assert result.path.name == "x-color.tif"
    assert [page.pixels.shape for page in read_pages(result.path)] == [(20, 30, 3)] * 3
    with pytest.raises(SaveError, match="one page"):
        saved(path, SaveOptions(format="jpeg"))


def test_names_that_are_no_text(tmp_path):
    path = make_photo(os.fsdecode(os.fsencode(tmp_path / "caf") + b"\xe9.jpg"))
    first = saved(path)
    assert os.fsencode(first.path.name) == b"caf\xe9-color.jpg"
    assert saved(path).replaced


def test_record_in_use_by_another_run(photo):
    first = saved(photo)
    with RunLock(state_folder() / "lock", state_folder()):
        second = saved(photo)
    assert (second.path.name, second.replaced) == ("x-color-2.jpg", False)
    assert "in use by another run" in second.notes[0]
    third = saved(photo)
    assert (third.path, third.replaced, third.notes) == (first.path, True, ())


def test_record_that_cannot_be_made(photo, monkeypatch, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("AUTOCHROME_STATE", str(tmp_path / "file" / "state"))
    result = saved(photo)
    assert result.path.name == "x-color.jpg"
    assert "cannot be written" in result.notes[0]
    assert saved(photo).path.name == "x-color-2.jpg"


def test_record_that_refuses_to_write(photo, monkeypatch):
    """The disk with the record is full: the photo is saved, and what is there is not touched."""
    first = saved(photo)
    before = first.path.read_bytes()
    with sqlite3.connect(state_folder() / FILE) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON photos BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    connection.close()
    result = saved(photo, ab=(-30.0, 10.0))
    assert result.path.name == "x-color-2.jpg"
    assert "cannot be written" in result.notes[0]
    assert first.path.read_bytes() == before


def test_record_of_a_newer_version(photo):
    saved(photo)
    connection = sqlite3.connect(state_folder() / FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert saved(photo).path.name == "x-color-2.jpg"


def test_damaged_record_is_set_aside_and_told(photo):
    state_folder().mkdir(parents=True, exist_ok=True)
    (state_folder() / FILE).write_bytes(b"no database" * 1000)
    result = saved(photo)
    assert result.path.name == "x-color.jpg"
    assert any("damaged" in note for note in result.notes)


def test_failure_leaves_everything_as_it_was(photo):
    saved(photo)
    before = contents(photo.parent)
    source = read_photo(photo)

    def fails():
        raise LookupError("no colours")
        yield

    with pytest.raises(LookupError):
        save_beside(fails(), [source], SAME)
    with pytest.raises(SaveError):
        save_beside([np.zeros((3, 3, 3), np.uint8)], [source], SAME)
    assert contents(photo.parent) == before
    assert saved(photo).replaced


def test_the_record_is_free_while_the_colours_are_made(photo):
    source = read_photo(photo)

    def slow():
        assert run(make_photo(photo.with_name("y.jpg")))[0].done == 1  # a whole batch, meanwhile
        yield colored(source)

    assert save_beside(slow(), [source], SAME).notes == ()


def test_threads_take_turns(tmp_path):
    paths = [make_photo(tmp_path / f"{number}.jpg", seed=number) for number in range(8)]
    results = {}
    threads = [threading.Thread(target=lambda path=path: results.update({path: saved(path)})) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {path: (result.path.name, result.notes) for path, result in results.items()} == {
        path: (f"{path.stem}-color.jpg", ()) for path in paths
    }


def test_metadata_and_mark_are_options(photo):
    result = saved(photo, SaveOptions(format="same", mark=False, metadata=False))
    assert not is_marked(result.path)
    _, events = run(result.path)  # by the record it is known all the same
    assert of(events, "skipped")


# Where the user says


def elsewhere(destination, path, *, replace=False, options=SAME):
    source = read_photo(path)
    return save_as(destination, [colored(source)], [source], options, replace=replace)


def test_save_as(photo, tmp_path):
    result = elsewhere(tmp_path / "mine.png", photo, options=SaveOptions(format="png"))
    assert (result.path, result.replaced) == (tmp_path / "mine.png", False)
    assert is_coloured(result.path)
    with pytest.raises(SaveError, match="already there"):
        elsewhere(tmp_path / "mine.png", photo)
    assert elsewhere(tmp_path / "mine.png", photo, replace=True).replaced


def test_the_photo_itself_is_refused_by_every_path(photo, tmp_path, monkeypatch):
    before = photo.read_bytes()
    hard, soft, folder = tmp_path / "hard.jpg", tmp_path / "soft.jpg", tmp_path / "linked"
    os.link(photo, hard)
    soft.symlink_to(photo)
    folder.symlink_to(photo.parent)
    monkeypatch.chdir(photo.parent)
    paths = [
        photo,
        photo.parent / ".." / "box" / "x.jpg",
        photo.relative_to(photo.parent),
        photo.with_name("X.JPG"),
        folder / "x.jpg",
        folder / "X.jpg",
        hard,
        soft,
    ]
    for path in paths:
        with pytest.raises(SaveError, match="the photo itself"):
            elsewhere(path, photo, replace=True)
    assert photo.read_bytes() == before
    assert files_below(photo.parent) == ["x.jpg"]


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_refused(photo, tmp_path, kind):
    place = tmp_path / "place.jpg"
    place.mkdir() if kind == "folder" else os.mkfifo(place)
    with pytest.raises(SaveError, match="no file"):
        elsewhere(place, photo, replace=True)
    assert place.exists()


def test_missing_folder_is_told(photo, tmp_path):
    with pytest.raises(SaveError, match="no such folder"):
        elsewhere(tmp_path / "nowhere" / "x.jpg", photo)


def test_save_photo_takes_choices_too(photo, tmp_path):
    source = read_photo(photo)
    save_photo(tmp_path / "out", [colored(source)], [source], SAME)
    assert read_photo(tmp_path / "out").format == "JPEG"
    assert pixels(tmp_path / "out").shape == (32, 48, 3)


def test_batches_leave_metadata_out(photo, tmp_path):
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01;\0\x02\0\0\0\x04Ann\0\0\0\0\0"
    make_photo(photo, exif=exif)
    assert b"Ann\0" in photo.read_bytes()
    run(photo, output=tmp_path / "with")
    run(photo, output=tmp_path / "without", metadata=False)
    assert b"Ann\0" in (tmp_path / "with" / "x.jpg").read_bytes()
    assert b"Ann\0" not in (tmp_path / "without" / "x.jpg").read_bytes()
    assert BatchOptions(paths=(photo,)).metadata
