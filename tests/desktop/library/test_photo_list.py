import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.library.contents import Changes, Mark, PhotoFilter, PhotoState, Recorded, StateFilter
from desktop.library.listing import list_photos
from desktop.library.loader import ThumbnailLoader
from desktop.library.photo_list import PhotoList, PhotoRole
from desktop.library.uri import path_of
from engine import Progress


@pytest.fixture
def photos(tasks, cache):
    loader = ThumbnailLoader(tasks, cache)
    made = PhotoList(loader)
    made.tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    made.loader = loader
    return made


@pytest.fixture
def folder(tmp_path):
    for number in range(1, 8):
        (tmp_path / f"p{number}.jpg").touch()
    return tmp_path


@pytest.fixture
def copied(photos, folder):
    """The same with a coloured copy of the first."""
    (folder / "p1-color.jpg").touch()
    photos.clear(folder)
    photos.append(listed(folder))
    photos.set_records(Recorded({"p1.jpg": Mark(PhotoState.COLORED)}, {"p1-color.jpg"}))
    return photos


def listed(folder, known=None):
    return list_photos(folder, Progress(), known=known)


def shown(photos):
    return [photos.data(photos.index(row)) for row in range(photos.rowCount())]


def look_again(photos, folder):
    photos.apply(Changes.between(photos.snapshot(), listed(folder)))


def watch(model: QAbstractItemModel):
    events = []
    model.rowsInserted.connect(lambda parent, first, last: events.append(("inserted", first, last)))
    model.rowsRemoved.connect(lambda parent, first, last: events.append(("removed", first, last)))
    model.dataChanged.connect(lambda top, bottom: events.append(("changed", top.row(), bottom.row())))
    model.modelReset.connect(lambda: events.append(("reset",)))
    return events


def test_photos_are_appended_in_portions(photos, folder):
    files = listed(folder)
    photos.append(files[:3])
    photos.append(files[3:])
    assert shown(photos) == [f"p{number}.jpg" for number in range(1, 8)]
    assert photos.data(photos.index(2), PhotoRole.PATH) == folder / "p3.jpg"
    assert photos.row_of(folder / "p3.jpg") == 2
    assert photos.row_of(folder / "other" / "p3.jpg") == -1


def test_a_row_is_told_in_words(photos, folder):
    (folder / "p1.jpg.autochrome.json").touch()
    photos.append(listed(folder))
    photos.set_records(
        Recorded({"p2.jpg": Mark(PhotoState.FAILED, "it is empty."), "p3.jpg": Mark(PhotoState.COLORED)})
    )
    photos.set_edited(folder / "p3.jpg", True)
    told = [photos.data(photos.index(row), Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert told == [
        "p1.jpg, not coloured yet, has hints",
        "p2.jpg, failed: it is empty.",
        "p3.jpg, coloured, has unsaved changes",
    ]
    assert photos.data(photos.index(1), PhotoRole.CAUSE) == "it is empty."
    assert photos.state_of(folder / "p3.jpg").state is PhotoState.COLORED


def test_changes_on_disk_touch_only_their_own_rows(photos, folder):
    photos.append(listed(folder))
    events = watch(photos)
    (folder / "p2.jpg").unlink()
    (folder / "p10.jpg").touch()
    (folder / "p5.jpg").write_bytes(b"changed")
    look_again(photos, folder)
    assert shown(photos) == ["p1.jpg", "p3.jpg", "p4.jpg", "p5.jpg", "p6.jpg", "p7.jpg", "p10.jpg"]
    assert events == [("removed", 1, 1), ("inserted", 6, 6), ("changed", 3, 3)]


def test_many_changes_come_as_a_new_list(photos, folder):
    photos.append(listed(folder))
    events = watch(photos)
    for number in range(100, 400):
        (folder / f"p{number}.jpg").touch()
    (folder / "p1.jpg").unlink()
    look_again(photos, folder)
    assert events == [("reset",)]
    assert shown(photos)[:2] == ["p2.jpg", "p3.jpg"]
    assert photos.total == photos.rowCount() == 306


def test_the_filter_chooses_and_lets_go(photos, folder):
    photos.append(listed(folder))
    photos.set_filter(PhotoFilter.of("p3"))
    assert (shown(photos), photos.total) == (["p3.jpg"], 7)
    photos.set_filter(PhotoFilter.of(""))
    assert len(shown(photos)) == 7


def test_a_photo_leaves_the_filter_when_its_state_changes_but_not_under_the_users_eyes(photos, folder):
    photos.clear(folder)
    photos.append(listed(folder))
    photos.set_filter(PhotoFilter.of("", StateFilter.NEW))
    photos.pin(folder / "p4.jpg")
    for name in ("p3.jpg", "p4.jpg"):
        photos.tell(folder / name, Mark(PhotoState.COLORED))
    assert "p3.jpg" not in shown(photos)
    assert "p4.jpg" in shown(photos)
    photos.tell(folder / "p3.jpg", Mark())
    assert shown(photos) == [f"p{number}.jpg" for number in range(1, 8)]
    photos.set_filter(PhotoFilter.of("", StateFilter.FAILED))
    assert shown(photos) == []


def test_unsaved_changes_are_remembered_from_folder_to_folder(photos, folder):
    photos.set_edited(folder / "p2.jpg", True)
    photos.append(listed(folder))
    assert photos.data(photos.index(1), PhotoRole.EDITED)
    photos.clear()
    photos.append(listed(folder))
    assert photos.data(photos.index(1), PhotoRole.EDITED)


def test_marks_of_another_read_replace_the_former(photos, folder):
    photos.append(listed(folder))
    photos.set_records(Recorded({"p1.jpg": Mark(PhotoState.COLORED)}))
    photos.set_records(Recorded({"p2.jpg": Mark(PhotoState.COLORED)}))
    assert [photos.data(photos.index(row), PhotoRole.STATE) for row in (0, 1)] == [PhotoState.NEW, PhotoState.COLORED]


def test_coloured_copies_are_no_photos_to_colour(copied):
    assert shown(copied) == [f"p{number}.jpg" for number in range(1, 8)]
    assert (copied.total, copied.copy_count, copied.copies_shown) == (7, 1, 0)
    copied.set_filter(PhotoFilter.of("", StateFilter.COPIES))
    assert shown(copied) == ["p1-color.jpg"]
    assert copied.copies_shown == 1
    assert copied.data(copied.index(0), Qt.ItemDataRole.AccessibleTextRole) == "p1-color.jpg, coloured copy"


def test_a_copy_that_is_pinned_is_shown(copied, folder):
    copied.pin(folder / "p1-color.jpg")
    assert shown(copied)[:2] == ["p1-color.jpg", "p1.jpg"]
    copied.set_records(Recorded({}, {"p1-color.jpg"}))
    assert shown(copied)[0] == "p1-color.jpg"


def test_copies_that_become_known_leave_and_only_they(copied, folder):
    events = watch(copied)
    copied.tell(folder / "p5.jpg", Mark(PhotoState.COLORED), folder / "p4.jpg")
    assert events == [("changed", 4, 4), ("removed", 3, 3)]
    copied.set_records(Recorded({"p5.jpg": Mark(PhotoState.COLORED)}, {"p6.jpg", "p1-color.jpg"}))
    assert shown(copied) == ["p1.jpg", "p2.jpg", "p3.jpg", "p5.jpg", "p7.jpg"]
    assert ("reset",) not in events


def test_a_file_that_is_no_longer_a_copy_is_a_photo_again(copied):
    copied.set_records(Recorded())
    assert shown(copied)[:2] == ["p1-color.jpg", "p1.jpg"]
    assert copied.total == 8


def test_very_many_copies_come_as_a_new_list(photos, folder):
    names = {f"c{number}.jpg" for number in range(300)}
    for name in names:
        (folder / name).touch()
    photos.append(listed(folder))
    events = watch(photos)
    photos.set_records(Recorded({}, names))
    assert events == [("reset",)]
    assert (photos.rowCount(), photos.total, photos.copy_count) == (7, 7, 300)


def test_what_was_told_of_a_photo_is_void_once_it_is_another_or_its_copy_is_gone(copied, folder):
    copied.tell(folder / "p2.jpg", Mark(PhotoState.FAILED, "why"))
    copied.tell(folder / "p3.jpg", Mark(PhotoState.COLORED), folder / "p3-color.jpg")
    (folder / "p3-color.jpg").touch()
    (folder / "p2.jpg.autochrome.json").touch()
    look_again(copied, folder)
    assert copied.state_of(folder / "p2.jpg").cause == "why", "a sidecar makes it no other photo"
    (folder / "p2.jpg").write_bytes(b"changed")
    (folder / "p3-color.jpg").unlink()
    events = watch(copied)
    look_again(copied, folder)
    assert [copied.state_of(folder / name).state for name in ("p2.jpg", "p3.jpg")] == [PhotoState.NEW] * 2
    assert {("changed", 1, 1), ("changed", 2, 2)} <= set(events)


def test_a_new_sidecar_shows(photos, folder):
    photos.append(listed(folder))
    (folder / "p2.jpg.autochrome.json").touch()
    look_again(photos, folder)
    assert photos.data(photos.index(1), PhotoRole.HINTS)


@pytest.mark.parametrize(("start", "typed", "row"), [(0, "P5", 4), (5, "p1", 0), (6, "p7", 6), (0, "x", None)])
def test_typing_finds_a_name(photos, folder, start, typed, row):
    photos.append(listed(folder))
    found = photos.match(photos.index(start), Qt.ItemDataRole.DisplayRole, typed, 1)
    assert [index.row() for index in found] == ([] if row is None else [row])


def test_photos_are_dragged_out_as_files(photos, folder):
    photos.append(listed(folder))
    carried = photos.mimeData([photos.index(0), photos.index(2)])
    assert [path_of(url) for url in carried.urls()] == [folder / "p1.jpg", folder / "p3.jpg"]
    assert photos.supportedDragActions() == Qt.DropAction.CopyAction
