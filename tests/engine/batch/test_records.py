"""What is known of a folder's photos from earlier runs."""

import os

import pytest

from engine.batch import BatchOptions, Record, folder_records, save_beside, state_folder
from engine.batch.place import opened, places_for
from engine.photo import SaveOptions, read_photo
from tests.engine.batch.test_single import colored
from tests.painting import contents, make_photo, run


@pytest.fixture
def photos(tmp_path):
    """A folder of two photos, a broken one, and one in a folder below."""
    folder = tmp_path / "photos"
    for name in ("a.jpg", "b.jpg", "below/c.jpg"):
        make_photo(folder / name)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 nothing")
    return folder


def states(folder, outputs=()):
    return {path.name: record.state for path, record in folder_records(folder, outputs).items()}


def test_nothing_is_known_at_first(photos):
    assert folder_records(photos) == {}
    assert folder_records(photos / "nowhere") == {}


def test_a_folder_that_was_coloured(photos):
    run(photos)
    records = folder_records(photos)
    output = photos.with_name("photos-color")
    assert records[photos / "a.jpg"] == Record("done", output / "a.jpg")
    broken = records.pop(photos / "broken.jpg")
    assert broken.state == "failed"
    assert broken.output is None
    assert broken.cause
    assert set(records) == {photos / "a.jpg", photos / "b.jpg"}


def test_a_folder_below_one_that_was_coloured(photos):
    run(photos)
    assert folder_records(photos / "below") == {
        photos / "below" / "c.jpg": Record("done", photos.with_name("photos-color") / "below" / "c.jpg")
    }


def test_outputs_that_the_user_names(photos, tmp_path):
    run(photos, output=tmp_path / "elsewhere")
    assert folder_records(photos) == {}
    assert states(photos, [tmp_path / "nothing", tmp_path / "elsewhere"]) == {
        "a.jpg": "done",
        "b.jpg": "done",
        "broken.jpg": "failed",
    }


def test_output_folder_that_is_the_folder_itself(photos):
    run(photos / "a.jpg", output=photos)
    assert states(photos, [photos]) == {"a.jpg": "done"}


def test_single_photos(photos):
    run(photos / "a.jpg")
    source = read_photo(photos / "b.jpg")
    save_beside([colored(source)], [source], SaveOptions(format="png"))
    assert folder_records(photos) == {
        photos / "a.jpg": Record("done", photos / "a-color.jpg"),
        photos / "b.jpg": Record("done", photos / "b-color.png"),
    }


def test_success_counts_before_failure(photos, tmp_path):
    run(photos, output=tmp_path / "first")
    make_photo(photos / "broken.jpg")
    run(photos / "broken.jpg")
    assert states(photos, [tmp_path / "first"])["broken.jpg"] == "done"


def test_what_changed_since_is_as_good_as_new(photos):
    run(photos)
    make_photo(photos / "a.jpg", seed=9)
    (photos.with_name("photos-color") / "b.jpg").unlink()
    make_photo(photos / "broken.jpg")
    assert folder_records(photos) == {}


def test_neighbours_with_like_names_are_not_mixed_up(tmp_path):
    for name in ("box", "box2", "box/in", "bo"):
        make_photo(tmp_path / name / "x.jpg")
        run(tmp_path / name / "x.jpg")
    for name in ("box", "box2", "box/in", "bo"):
        folder = tmp_path / name
        assert folder_records(folder) == {folder / "x.jpg": Record("done", folder / "x-color.jpg")}


def test_names_that_are_no_text(tmp_path):
    folder = tmp_path / os.fsdecode(b"gr\xfc\xff")
    path = make_photo(folder / os.fsdecode(b"caf\xe9.jpg"))
    run(folder)
    assert list(folder_records(folder)) == [path]
    run(path)
    assert list(folder_records(folder)) == [path]


def test_relative_folders(photos, monkeypatch):
    run(photos)
    monkeypatch.chdir(photos.parent)
    from pathlib import Path

    assert Path("photos") / "a.jpg" in folder_records(Path("photos"))


def test_asking_changes_nothing_and_needs_no_lock(photos):
    run(photos)
    output = photos.with_name("photos-color")
    (place,) = places_for(BatchOptions(paths=(photos,)))
    with opened(place) as shelf:
        assert shelf.journal.outputs()
        before = contents(photos.parent), sorted(os.listdir(output / ".autochrome"))
        assert len(states(photos)) == 3
        assert (contents(photos.parent), sorted(os.listdir(output / ".autochrome"))) == before
    assert not list(state_folder().iterdir())


def test_damaged_records_tell_nothing(photos):
    run(photos)
    (photos.with_name("photos-color") / ".autochrome" / "journal.sqlite").write_bytes(b"no database" * 500)
    assert folder_records(photos) == {}
