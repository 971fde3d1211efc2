"""A full disk and a disk that is away are waited out; everything else is the failure of one photo."""

import errno
import os
import shutil
import sqlite3
import threading
from collections import namedtuple
from pathlib import Path

import pytest

from engine.batch import outage as outages
from engine.batch.journal import JournalError, Row
from engine.batch.outage import Outages, outage_of
from engine.batch.place import Place, opened
from engine.batch.scan import Found
from engine.errors import CancelledError, SaveError, UnreadablePhotoError
from engine.progress import Progress

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def beside(tmp_path):
    """Outputs lie beside their sources."""
    (tmp_path / "photos").mkdir()
    with opened(Place(None, tmp_path / "state")) as shelf:
        yield shelf


@pytest.fixture
def told():
    return []


def said(number, kind=SaveError):
    """What is raised where the system says an error."""
    try:
        try:
            raise OSError(number, os.strerror(number))
        except OSError as error:
            raise kind(error.filename, "it could not be written.") from error
    except kind as error:
        return error


def of_sqlite(code):
    """What the journal raises for one of SQLite's codes."""
    cause = sqlite3.OperationalError("no")
    cause.sqlite_errorcode = code
    error = JournalError("The journal cannot be written.")
    error.__cause__ = cause
    return error


class Failing:
    """Work that fails some times and then is done; `before` is called each time before it fails."""

    def __init__(self, *errors, before=lambda: None):
        self.left = list(errors)
        self.calls = 0
        self.before = before

    def __call__(self):
        self.calls += 1
        if self.left:
            self.before()
            raise self.left.pop(0)
        return "done"


def names(told):
    return [event.name for event in told]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_an_outage(shelf, root, number):
    for error in (said(number), OSError(number, "full")):
        found = outage_of(error, shelf, root / "1.jpg")
        assert found is not None
        assert (found.folder, found.gone) == (root, False)
        assert 0 < found.need <= shutil.disk_usage(root).total
        assert "disk" in found.cause
        assert found.advice


@pytest.mark.parametrize("number", [errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.EROFS])
def test_a_disk_that_is_away_or_read_only_is_an_outage(shelf, root, number):
    found = outage_of(said(number), shelf, root / "1.jpg")
    assert found is not None
    assert found.gone


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.EFBIG, errno.ENOENT, errno.ENAMETOOLONG])
def test_one_file_that_is_refused_is_not(shelf, root, number):
    assert outage_of(said(number), shelf, root / "1.jpg") is None


def test_neither_is_what_has_nothing_to_do_with_the_outputs(shelf, root):
    root.rename(root.with_name("away"))
    for error in (SaveError(root, "odd"), said(errno.ENXIO, UnreadablePhotoError), MemoryError(), ValueError()):
        assert outage_of(error, shelf, root / "1.jpg") is None


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOENT, errno.EACCES])
@pytest.mark.parametrize("another", [False, True])
def test_whatever_is_said_when_the_folder_is_gone(shelf, root, number, another):
    root.rename(root.with_name("away"))
    if another:
        root.mkdir()
    found = outage_of(said(number), shelf, root / "1.jpg")
    assert found is not None
    assert (found.folder, found.gone) == (root, True)
    assert "gone" in found.cause


def test_beside_the_sources_the_folder_of_the_photo_counts(beside, tmp_path):
    output = tmp_path / "photos" / "1-color.jpg"
    assert outage_of(said(errno.ENOSPC), beside, output).folder == tmp_path / "photos"
    assert outage_of(said(errno.ENOENT), beside, output) is None
    assert outage_of(said(errno.EROFS), beside, output) is None  # it may always have been
    output.parent.rmdir()
    assert outage_of(said(errno.ENOENT), beside, output).gone


def test_the_journal_on_a_full_disk(shelf, beside, root):
    for one in (shelf, beside):
        found = outage_of(of_sqlite(sqlite3.SQLITE_FULL), one, root / "1.jpg")
        assert found is not None
        assert (found.folder, found.gone) == (one.place.title, False)


@pytest.mark.parametrize("number", [errno.EDQUOT, errno.EROFS, errno.EIO])
def test_where_the_journal_does_not_know_a_small_file_tells(shelf, root, monkeypatch, number):
    error = of_sqlite(sqlite3.SQLITE_IOERR_WRITE)
    assert outage_of(error, shelf, root / "1.jpg") is None

    def refuse(descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    found = outage_of(error, shelf, root / "1.jpg")
    assert (found is None) == (number == errno.EIO)
    assert outage_of(of_sqlite(sqlite3.SQLITE_CONSTRAINT), shelf, root / "1.jpg") is None
    monkeypatch.undo()
    assert not list(root.rglob("*.part"))


def test_work_that_meets_a_full_disk_is_done_again(shelf, root, told):
    work = Failing(said(errno.ENOSPC))
    assert Outages(told.append, Progress()).attempt(work, shelf, root / "1.jpg") == "done"
    assert work.calls == 2
    assert names(told) == ["waiting", "resumed"]
    assert told[0].folder == told[1].folder == root
    assert told[0].cause == "the disk is full."
    assert not list(root.rglob("*.part"))


def test_each_thread_knows_how_long_it_has_waited(shelf, root, told):
    waiting, others = Outages(told.append, Progress()), []
    waiting.attempt(Failing(), shelf, root / "1.jpg")
    assert waiting.waited == 0
    waiting.attempt(Failing(said(errno.ENOSPC)), shelf, root / "1.jpg")
    assert waiting.waited > 0
    thread = threading.Thread(target=lambda: others.append(waiting.waited))
    thread.start()
    thread.join()
    assert others == [0]


def test_other_errors_go_up_and_are_not_told(shelf, root, told):
    work = Failing(said(errno.EIO))
    with pytest.raises(SaveError):
        Outages(told.append, Progress()).attempt(work, shelf, root / "1.jpg")
    assert (work.calls, told) == (1, [])


def test_an_outage_ends_with_another_failure_too(shelf, root, told):
    waiting = Outages(told.append, Progress())
    for _ in range(2):
        with pytest.raises(SaveError):
            waiting.attempt(Failing(said(errno.ENOSPC), said(errno.EIO), said(errno.EIO)), shelf, root / "1.jpg")
    assert names(told) == ["waiting", "resumed"] * 2


@pytest.mark.parametrize("failures", [1, 2])
def test_a_failure_during_an_outage_that_is_over_is_doubted_once(shelf, root, told, failures):
    waiting = Outages(told.append, Progress())

    def meet_it():  # as another thread does
        if work.calls == 1:
            waiting.attempt(Failing(said(errno.ENOSPC)), shelf, root / "2.jpg")

    work = Failing(*[said(errno.EIO)] * failures, before=meet_it)
    if failures == 1:
        assert waiting.attempt(work, shelf, root / "1.jpg") == "done"
    else:
        with pytest.raises(SaveError):
            waiting.attempt(work, shelf, root / "1.jpg")
    assert work.calls == 2
    assert names(told) == ["waiting", "resumed"]


def test_cancelling_ends_the_waiting(shelf, root):
    progress = Progress()

    def tell(event):
        assert event.name == "waiting"
        progress.cancel()

    work = Failing(said(errno.ENOSPC))
    with pytest.raises(CancelledError):
        Outages(tell, progress).attempt(work, shelf, root / "1.jpg")
    assert work.calls == 1


def test_more_space_than_did_not_suffice_is_waited_for(shelf, root, told, monkeypatch):
    monkeypatch.setattr(outages, "INTERVAL", 0.0)
    looks = iter([50, 50, 60, 60, 30, 60, 61, 70])  # failure, look; failure, looks until there is a margin above 60
    seen = []

    def usage(folder):
        seen.append(next(looks))
        return Usage(100, 0, seen[-1])

    monkeypatch.setattr(shutil, "disk_usage", usage)
    work = Failing(said(errno.ENOSPC), said(errno.ENOSPC))
    assert Outages(told.append, Progress()).attempt(work, shelf, root / "1.jpg") == "done"
    assert seen == [50, 50, 60, 60, 30, 60, 61, 70]
    assert names(told) == ["waiting", "resumed"]


def test_a_key_tries_again_at_once(shelf, root, told, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(100, 100, 0))
    waiting = Outages(told.append, Progress())
    work = Failing(*[said(errno.ENOSPC) for _ in range(5)], before=waiting.try_again)
    assert waiting.attempt(work, shelf, root / "1.jpg") == "done"
    assert work.calls == 6
    assert names(told) == ["waiting", "resumed"]


def test_listeners_may_ask_for_another_try(shelf, root, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(100, 100, 0))

    def tell(event):
        if event.name == "waiting":
            waiting.try_again()

    waiting = Outages(tell, Progress())
    assert waiting.attempt(Failing(said(errno.ENOSPC)), shelf, root / "1.jpg") == "done"


def test_an_outage_is_told_once_however_many_threads_meet_it(shelf, root, told):
    waiting = Outages(told.append, Progress())
    together = threading.Barrier(4)
    results = []

    def save():
        failed = False

        def work():
            nonlocal failed
            together.wait(20)  # all fail before one is done
            if not failed:
                failed = True
                raise said(errno.ENOSPC)
            return "done"

        results.append(waiting.attempt(work, shelf, root / "1.jpg"))

    threads = [threading.Thread(target=save) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["done"] * 4
    assert names(told) == ["waiting", "resumed"]


def test_whoever_still_waits_says_so_again(shelf, root, told, monkeypatch):
    """The large photo waits on while a small one found room."""
    monkeypatch.setattr(outages, "INTERVAL", 0.0)
    free = [50]
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(100, 0, free[0]))
    again = threading.Event()

    def tell(event):
        told.append(event)
        if names(told) == ["waiting", "resumed", "waiting"]:
            again.set()

    waiting = Outages(tell, Progress())
    large = Failing(said(errno.ENOSPC), said(errno.ENOSPC))
    failed = threading.Event()
    large.before = lambda: failed.set() if large.calls == 2 else None
    thread = threading.Thread(target=waiting.attempt, args=(large, shelf, root / "2.jpg"))
    thread.start()
    assert failed.wait(20)
    waiting.attempt(Failing(said(errno.ENOSPC)), shelf, root / "1.jpg")
    assert again.wait(20)
    free[0] = 90
    thread.join()
    assert names(told) == ["waiting", "resumed"] * 2


def test_a_folder_that_comes_back(shelf, root, told):
    away = root.with_name("away")
    shelf.journal.store(Row(source=b"1"))

    def tell(event):
        told.append(event)
        if event.name == "waiting":
            assert not root.exists()
            away.rename(root)

    def write():
        shelf.make_folder(root / "box")
        (root / "box" / "1.jpg").write_bytes(b"1")

    root.rename(away)
    waiting = Outages(tell, Progress())
    waiting.attempt(write, shelf, root / "box" / "1.jpg")
    waiting.attempt(lambda: shelf.journal.store(Row(source=b"1", state="done")), shelf, root / "box" / "1.jpg")
    assert names(told) == ["waiting", "resumed"]
    assert shelf.journal.row(b"1").state == "done"


def test_a_disk_that_comes_back_under_another_number(shelf, root, told):
    """All that was open is dead then: the journal is opened again, on the disk that is there."""
    away = root.with_name("away")
    shelf.journal.store(Row(source=b"1"))
    root.rename(away)

    def tell(event):
        told.append(event)
        if event.name == "waiting":
            shutil.copytree(away, root)

    work = Failing(said(errno.EIO))
    assert Outages(tell, Progress()).attempt(work, shelf, root / "1.jpg") == "done"
    assert names(told) == ["waiting", "resumed"]
    shelf.journal.store(Row(source=b"2"))
    shelf.check()
    connection = sqlite3.connect(away / ".autochrome" / "journal.sqlite")
    assert connection.execute("SELECT source FROM photos").fetchall() == [(b"1",)]
    connection.close()
    assert [row.source for row in shelf.journal.below(b"")] == [b"1", b"2"]


def test_a_disk_that_goes_again_at_once(shelf, root, told, monkeypatch):
    """Each time it comes back under another number, and what was opened in between is dead as well."""
    monkeypatch.setattr(outages, "INTERVAL", 0.0)
    shelf.journal.store(Row(source=b"1"))
    away = root.rename(root.with_name("away"))
    shutil.copytree(away, root)
    refusals, refusal = [], outages._refusal

    def goes_again(folder):
        if not refusals:
            root.rename(root.with_name("twice away"))
            shutil.copytree(away, root)
        refusals.append(refusal(folder) if refusals else OSError(errno.EIO, "gone"))
        return refusals[-1]

    monkeypatch.setattr(outages, "_refusal", goes_again)
    work = Failing(said(errno.EIO))
    assert Outages(told.append, Progress()).attempt(work, shelf, root / "1.jpg") == "done"
    assert len(refusals) == 2
    shelf.check()
    shelf.journal.store(Row(source=b"2"))
    assert names(told) == ["waiting", "resumed"]


def test_the_places_of_one_output_folder_come_back_together(shelf, root, told):
    other = shelf.beside(Place(root, root / ".autochrome", Path("other")))
    shelf.journal.store(Row(source=b"1"))
    shutil.copytree(root.rename(root.with_name("away")), root)
    waiting = Outages(told.append, Progress())
    waiting.attempt(Failing(said(errno.EIO)), shelf, root / "1.jpg")
    waiting.attempt(other.check, other, root / "other" / "1.jpg")
    assert names(told) == ["waiting", "resumed"]


def test_a_dead_disk_is_waited_for_whatever_it_says_of_itself(shelf, beside, root, told, monkeypatch):
    """To look whether a folder is there is an error of its own on some."""

    def dead(path, **options):
        raise OSError(errno.EIO, os.strerror(errno.EIO), os.fspath(path))

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", dead)
        assert outage_of(said(errno.EIO), shelf, root / "1.jpg").gone
        assert outage_of(said(errno.EIO), beside, root / "1.jpg").gone
        assert not shelf.regain()
    assert shelf.regain()


def test_a_lost_journal_is_waited_for(shelf, root, told):
    """One thread found the journal closed that another tries to open again."""
    away = root.rename(root.with_name("away"))
    root.mkdir()
    assert not shelf.regain()
    root.rmdir()
    away.rename(root)
    with pytest.raises(JournalError) as raised:
        shelf.journal.store(Row(source=b"1"))
    assert outage_of(raised.value, shelf, root / "1.jpg").gone
    Outages(told.append, Progress()).attempt(lambda: shelf.journal.store(Row(source=b"1")), shelf, root / "1.jpg")
    assert names(told) == ["waiting", "resumed"]
    assert shelf.journal.row(b"1") is not None


class Reading:
    """Reads a photo's file; `before` is called first, each time."""

    def __init__(self, path, before=lambda: None):
        self.path = path
        self.before = before

    def __call__(self):
        self.before()
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise UnreadablePhotoError(self.path, "there is no such file.") from error


@pytest.fixture
def found(tmp_path):
    """Two photos in a folder."""
    box = tmp_path / "photos" / "box"
    box.mkdir(parents=True)
    for name in ("1.jpg", "2.jpg"):
        (box / name).write_bytes(b"photo")
    return [Found(path=box / name, argument=0, relative=Path("box", name)) for name in ("1.jpg", "2.jpg")]


@pytest.mark.parametrize("known", [False, True])
def test_photos_whose_disk_is_away_are_waited_for(shelf, found, told, tmp_path, known):
    photos, away = tmp_path / "photos", tmp_path / "away"

    def tell(event):
        told.append(event)
        if event.name == "waiting":
            shutil.rmtree(photos, ignore_errors=True)
            away.rename(photos)

    waiting = Outages(tell, Progress())
    if known:
        assert waiting.read(Reading(found[0].path), shelf, found[0]) == b"photo"
    photos.rename(away)
    if known:
        photos.mkdir()  # what the disk was mounted on
    assert waiting.read(Reading(found[1].path), shelf, found[1]) == b"photo"
    assert names(told) == ["waiting", "resumed"]
    assert told[0].folder == photos
    assert "photos" in told[0].cause


def test_one_photo_that_is_away_is_not_waited_for(shelf, found, told):
    waiting = Outages(told.append, Progress())
    waiting.read(Reading(found[0].path), shelf, found[0])
    found[1].path.unlink()
    with pytest.raises(UnreadablePhotoError):
        waiting.read(Reading(found[1].path), shelf, found[1])
    with pytest.raises(ValueError, match="odd"):
        waiting.read(lambda: int("odd"), shelf, found[0])
    assert told == []


def test_nothing_is_read_while_the_outputs_are_away(shelf, root, found, told, tmp_path):
    """Often both lie on one disk."""
    photos = tmp_path / "photos"

    def tell(event):
        told.append(event)
        if event.name == "waiting":
            photos.with_name("photos-away").rename(photos)
            root.with_name("away").rename(root)

    photos.rename(photos.with_name("photos-away"))
    root.rename(root.with_name("away"))
    assert Outages(tell, Progress()).read(Reading(found[0].path), shelf, found[0]) == b"photo"
    assert names(told) == ["waiting", "resumed"]
    assert told[0].folder == root
    shelf.journal.store(Row(source=b"1"))


def test_cancelled_reading_is_no_outage(shelf, root, found, told):
    root.rename(root.with_name("away"))

    def cancel():
        raise CancelledError("The work was cancelled.")

    with pytest.raises(CancelledError):
        Outages(told.append, Progress()).read(cancel, shelf, found[0])
    assert told == []


def test_after_a_while_a_disk_is_tried_whatever_it_says_of_its_space(shelf, root, told, monkeypatch):
    monkeypatch.setattr(outages, "INTERVAL", 0.0)
    monkeypatch.setattr(outages, "ANYWAY", 0.0)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(100, 100, 0))
    work = Failing(*[said(errno.EDQUOT) for _ in range(3)])
    assert Outages(told.append, Progress()).attempt(work, shelf, root / "1.jpg") == "done"
    assert work.calls == 4
    assert told[0].cause == "your share of the disk is used up."
