import os

import pytest

from desktop.library.contents import Changes, Mark, PhotoFilter, PhotoState, StateFilter
from desktop.library.listing import FolderError, list_photos, list_subfolders, natural_key, shown_name
from engine import CancelledError, Progress
from tests.painting import make_photo


def names(files):
    return [file.path.name for file in files]


def touch(folder, *names):
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).touch()


def test_photos_are_in_natural_order(tmp_path):
    touch(tmp_path, "IMG_10.jpg", "img_9.JPG", "IMG_1.jpg", "a.tif", "Z.png")
    assert names(list_photos(tmp_path, Progress())) == ["a.tif", "IMG_1.jpg", "img_9.JPG", "IMG_10.jpg", "Z.png"]


def test_only_what_may_be_a_photo_is_listed(tmp_path):
    touch(tmp_path, "a.jpg", "notes.txt", "._a.jpg", ".hidden.jpg", "jpg")
    (tmp_path / "folder.jpg").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
    assert names(list_photos(tmp_path, Progress())) == ["a.jpg"]


def test_portions_come_in_order_and_miss_nothing(tmp_path):
    touch(tmp_path, *(f"{number}.jpg" for number in range(1050)))
    portions = []
    files = list_photos(tmp_path, Progress(), portions.append)
    assert [file for portion in portions for file in portion] == files
    assert names(files) == [f"{number}.jpg" for number in range(1050)]
    assert max(map(len, portions)) <= 500
    assert len(portions[0]) <= 100


def test_a_sidecar_means_hints(tmp_path):
    touch(tmp_path, "a.jpg", "b.jpg", "a.jpg.autochrome.json")
    assert [file.has_hints for file in list_photos(tmp_path, Progress())] == [True, False]


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_names_that_are_no_text_are_listed_and_shown(tmp_path):
    (tmp_path / os.fsdecode(b"\xff1.jpg")).touch()
    (tmp_path / "a\nb.jpg").touch()
    files = list_photos(tmp_path, Progress())
    assert {file.name for file in files} == {"\ufffd1.jpg", "a\ufffdb.jpg"}
    assert all(file.path.exists() for file in files)


def test_no_two_names_share_a_key():
    assert len({natural_key(name) for name in ("a1.jpg", "a01.jpg", "A1.jpg", "a1.JPG")}) == 4


def test_text_is_shown_as_it_is():
    assert shown_name("Straße – 北京 é\u202f1\xa0PM.jpg") == "Straße – 北京 é\u202f1\xa0PM.jpg"
    assert shown_name("a\u202egpj.exe") == "a\ufffdgpj.exe"


def test_a_folder_that_is_gone_says_so(tmp_path):
    with pytest.raises(FolderError) as caught:
        list_photos(tmp_path / "gone", Progress())
    assert caught.value.is_gone
    assert "gone" in caught.value.sentence
    assert caught.value.title
    assert caught.value.advice


def test_a_cancelled_listing_stops(tmp_path):
    progress = Progress()
    progress.cancel()
    touch(tmp_path, "a.jpg")
    with pytest.raises(CancelledError):
        list_photos(tmp_path, progress)


def test_subfolders_are_in_order_without_hidden_ones(tmp_path):
    for name in ("b10", "b9", "A", ".git"):
        (tmp_path / name).mkdir()
    touch(tmp_path, "file")
    assert [path.name for path in list_subfolders(tmp_path, Progress())] == ["A", "b9", "b10"]


def test_links_in_a_circle_are_no_folder(tmp_path):
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    assert list_subfolders(tmp_path, Progress()) == []


def test_changes_lead_from_one_listing_to_the_next(tmp_path):
    touch(tmp_path, "stays.jpg", "goes.jpg", "changes.jpg")
    before = {file.path.name: file for file in list_photos(tmp_path, Progress())}
    (tmp_path / "goes.jpg").unlink()
    make_photo(tmp_path / "changes.jpg")
    touch(tmp_path, "comes.jpg")
    changes = Changes.between(before, list_photos(tmp_path, Progress(), known=before))
    assert (names(changes.removed), names(changes.added), names(changes.changed)) == (
        ["goes.jpg"],
        ["comes.jpg"],
        ["changes.jpg"],
    )
    assert len(changes) == 3


def test_all_words_count_without_regard_to_case(tmp_path):
    touch(tmp_path, "Summer 1920.jpg", "Summer 1921.jpg", "Winter 1920.jpg")
    files = list_photos(tmp_path, Progress())
    assert names(PhotoFilter.of("1920 SUMMER").select(files, {}, ())) == ["Summer 1920.jpg"]
    assert PhotoFilter.of("").select(files, {}, ()) == files


@pytest.mark.parametrize(
    ("state", "left"),
    [
        (StateFilter.ALL, ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]),
        (StateFilter.NEW, ["c.jpg", "d.jpg"]),
        (StateFilter.COLORED, ["a.jpg"]),
        (StateFilter.FAILED, ["b.jpg"]),
        (StateFilter.HINTS, ["c.jpg"]),
        (StateFilter.EDITED, ["d.jpg"]),
    ],
)
def test_states_are_told_apart(tmp_path, state, left):
    touch(tmp_path, "a.jpg", "b.jpg", "c.jpg", "d.jpg", "c.jpg.autochrome.json")
    files = list_photos(tmp_path, Progress())
    marks = {"a.jpg": Mark(PhotoState.COLORED), "b.jpg": Mark(PhotoState.FAILED, "why")}
    chosen, edited = PhotoFilter.of("", state), {tmp_path / "d.jpg"}
    assert names(chosen.select(files, marks, edited)) == left


@pytest.mark.parametrize(
    ("state", "text", "left"),
    [
        (StateFilter.ALL, "", ["a.jpg"]),
        (StateFilter.COLORED, "", ["a.jpg"]),
        (StateFilter.EDITED, "", []),
        (StateFilter.COPIES, "", ["a-color.jpg", "b-color.jpg"]),
        (StateFilter.COPIES, "b", ["b-color.jpg"]),
    ],
)
def test_coloured_copies_are_shown_where_they_are_asked_for_alone(tmp_path, state, text, left):
    touch(tmp_path, "a.jpg", "a-color.jpg", "b-color.jpg")
    files = list_photos(tmp_path, Progress())
    marks = {"a.jpg": Mark(PhotoState.COLORED), "b-color.jpg": Mark(PhotoState.COLORED)}
    copies, edited = {"a-color.jpg", "b-color.jpg", "gone.jpg"}, {tmp_path / "a-color.jpg"}
    assert names(PhotoFilter.of(text, state).select(files, marks, edited, copies)) == left
    if state is StateFilter.COPIES:
        assert PhotoFilter.of(text, state).select(files, marks, edited) == []
