"""What other people's names, rights and faults do to a batch in object storage: nothing goes astray, nothing leaks."""

import errno
import json
import socket
import sqlite3
import tempfile
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem

from engine.batch import BatchJob, saving
from engine.batch.journal import JournalError
from engine.batch.options import BatchOptions
from engine.batch.outage import outage_of
from engine.batch.place import Place, opened, records_of, state_folder
from engine.batch.storage import close_mirror, fetched, look_into, mirror, open_mirror, refresh
from engine.batch.storage.names import is_file_name, without_secrets
from engine.batch.storage.scratch import Scratch
from engine.batch.storage.stores import StorageError
from engine.errors import EngineError, SaveError, UnreadablePhotoError
from engine.lock import InUseError, RunLock
from engine.photo import temporary_in
from tests.engine.batch.on_cluster import HereSession, parts
from tests.engine.batch.on_storage import Objects, job, run
from tests.painting import contents, files_below, is_coloured, make_photo, of


class Containers(Objects):
    """As Azure has it: what stands before the @ is no user, but the container."""

    protocol = ("abfs", "sftp")
    base = Path()

    @classmethod
    def _strip_protocol(cls, path):
        if "://" not in str(path):
            return Objects._strip_protocol(path)
        container, _, rest = str(path).partition("://")[2].partition("/")
        return Objects._strip_protocol(f"{cls.base}/{container.split('@')[0]}/{rest}")


@pytest.fixture(autouse=True)
def store(monkeypatch, tmp_path, tmp_path_factory):
    fsspec.register_implementation("objects", Objects, clobber=True)
    fsspec.register_implementation("abfs", Containers, clobber=True)
    fsspec.register_implementation("sftp", Containers, clobber=True)
    monkeypatch.setattr(Containers, "base", tmp_path)
    monkeypatch.setattr(Objects, "acts", [])
    monkeypatch.setattr(Objects, "before", staticmethod(lambda act, key: None))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("scratch")))


@pytest.fixture
def bucket(tmp_path):
    for number in range(3):
        make_photo(tmp_path / "bucket" / "scans" / f"{number}.jpg", seed=number)
    return tmp_path / "bucket"


def url(path):
    return f"objects://{path}"


def test_two_containers_of_one_account_are_two_places(bucket):
    before = contents(bucket / "scans")
    account = "account.dfs.core.windows.net"
    summary, events = run(f"abfs://bucket@{account}/scans", output=f"abfs://colour@{account}/scans")
    assert summary.done == 3
    assert contents(bucket / "scans") == before
    assert is_coloured(bucket.parent / "colour" / "scans" / "0.jpg")
    told = json.loads(of(events, "done")[0].to_json())
    assert told["source"].startswith(f"abfs://bucket@{account}/scans/")
    assert told["output"].startswith(f"abfs://colour@{account}/scans/")


def test_two_users_of_one_host_are_refused(bucket):
    with pytest.raises(StorageError, match="is named with two users") as caught:
        run("sftp://bucket:first@host/scans", output="sftp://colour:second@host/colour")
    assert "first" not in str(caught.value)
    assert "second" not in str(caught.value)


def test_a_password_with_an_at_is_left_out_whole():
    assert without_secrets("sftp://me:p@ss@host/photos/a@b") == "sftp://host/photos/a@b"


@pytest.mark.parametrize("name", ["C:", "a:b.jpg", "NUL", "aux.jpg", "x.jpg.", "x ", "a\\b", "..", "what?.jpg"])
def test_names_that_mean_something_else_on_windows_are_none(name):
    assert not is_file_name(name, windows=True)
    assert is_file_name("x y.jpg", windows=True)


def test_an_output_that_may_not_be_read_costs_its_name_alone(bucket, monkeypatch, tmp_path):
    run(url(bucket / "scans"), output=url(bucket / "colour"))
    monkeypatch.setenv("AUTOCHROME_STATE", str(tmp_path / "another machine"))
    cat = Objects.cat_file

    def refused(self, path, **kwargs):
        if str(path).endswith("colour/0.jpg"):
            raise PermissionError(errno.EACCES, "InvalidObjectState")
        return cat(self, path, **kwargs)

    monkeypatch.setattr(Objects, "cat_file", refused)
    before = (bucket / "colour" / "0.jpg").read_bytes()
    summary, _ = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert (summary.failed, summary.done, summary.skipped) == (0, 1, 2)
    assert (bucket / "colour" / "0.jpg").read_bytes() == before


def test_a_dry_run_fails_a_photo_that_may_not_be_read_alone(bucket, monkeypatch):
    cat = Objects.cat_file

    def refused(self, path, **kwargs):
        if str(path).endswith("scans/0.jpg"):
            raise PermissionError(errno.EACCES, "Access Denied")
        return cat(self, path, **kwargs)

    monkeypatch.setattr(Objects, "cat_file", refused)
    events = []
    job(url(bucket / "scans"), output=url(bucket / "colour")).dry_run(listener=events.append)
    assert len(of(events, "planned")) == 2
    assert of(events, "failed")[0].cause == "the storage refuses it: Access Denied."


def precondition(self, file, path, mode="overwrite", **kwargs):
    """As s3fs: what its store says to an object that is there is an invalid argument."""
    if mode == "create" and Path(path).exists():
        raise OSError(errno.EINVAL, "At least one of the pre-conditions you specified did not hold")
    return PUT(self, file, path, **kwargs)


PUT = Objects.put_file


def test_an_object_in_the_way_is_told_from_a_failure(bucket, monkeypatch):
    def before(act, key):
        if act == "put" and key.endswith("colour/0.jpg"):
            make_photo(Path(key), seed=7)

    def racing(self, file, path, mode="overwrite", **kwargs):
        before("put", str(path))
        return precondition(self, file, path, mode, **kwargs)

    monkeypatch.setattr(Objects, "put_file", racing)
    summary, events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert (summary.done, summary.failed) == (2, 1)
    assert of(events, "failed")[0].cause == "an object of this name is already there and is left as it is."
    assert not is_coloured(bucket / "colour" / "0.jpg")


def test_an_answer_about_a_lock_that_was_lost_is_no_other_run(bucket, monkeypatch):
    def twice(self, file, path, mode="overwrite", **kwargs):
        precondition(self, file, path, mode, **kwargs)
        if path.endswith("lock"):  # the library tries once more
            precondition(self, file, path, "create", **kwargs)

    monkeypatch.setattr(Objects, "put_file", twice)
    assert run(url(bucket / "scans"), output=url(bucket / "colour"))[0].done == 3
    assert not (bucket / "colour" / ".autochrome" / "lock").exists()


def test_a_lock_that_another_run_wrote_over_is_not_held(bucket, monkeypatch):
    theirs = json.dumps({"host": "another", "pid": 1, "started": "", "token": ""})

    def overtaken(self, file, path, **kwargs):  # of a store that cannot refuse
        PUT(self, file, path)
        if str(path).endswith("lock"):
            Path(path).write_text(theirs)

    monkeypatch.setattr(Objects, "put_file", overtaken)
    with pytest.raises(InUseError, match="Another run is already writing"):
        run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert (bucket / "colour" / ".autochrome" / "lock").read_text() == theirs
    assert not list((bucket / "colour").glob("*.jpg"))


@pytest.fixture
def left(bucket):
    """The lock that a killed run of this machine left; its process is the very one that the tests run in."""
    lock = bucket / "colour" / ".autochrome" / "lock"
    kept = []

    def before(act, key):
        if act == "put" and key.endswith(".jpg") and not kept:
            kept.append(lock.read_bytes())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Objects, "before", staticmethod(before))
        run(url(bucket / "scans"), output=url(bucket / "colour"))
    lock.write_bytes(kept[0])
    return lock


def test_a_lock_that_a_dead_run_of_this_machine_left_is_taken_over(bucket, left):
    assert run(url(bucket / "scans"), output=url(bucket / "colour"))[0].skipped == 3
    assert not left.exists()


def test_a_machine_of_the_same_name_is_another_one(bucket, left, monkeypatch, tmp_path):
    """Two containers may have one name, and the same number for their process."""
    monkeypatch.setenv("AUTOCHROME_STATE", str(tmp_path / "another container"))
    with pytest.raises(InUseError, match="Another run is already writing") as caught:
        run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert f"If that run no longer exists, delete {url(left)}." in caught.value.advice
    assert left.exists()


def test_a_copy_of_a_machine_is_another_one(bucket, left, monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "the copy")
    with pytest.raises(InUseError):
        run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert left.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1]", b"[" * 5000])
def test_a_lock_that_says_nothing_is_somebodys(bucket, content):
    lock = bucket / "colour" / ".autochrome" / "lock"
    lock.parent.mkdir(parents=True)
    lock.write_bytes(content)
    with pytest.raises(InUseError, match="Another run is already writing"):
        run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert lock.read_bytes() == content


@pytest.mark.parametrize("content", ["", "0" * 30, "no number at all, and of no use here"])
def test_a_token_that_was_half_written_is_made_anew(bucket, content):
    run(url(bucket / "scans"), output=url(bucket / "colour"))
    token = next(state_folder().rglob("lock-token"))
    token.write_text(content)
    assert run(url(bucket / "scans"), output=url(bucket / "colour"))[0].skipped == 3
    assert len(bytes.fromhex(token.read_text())) == 16


def test_a_rename_that_did_nothing_is_a_failure(bucket, monkeypatch):
    class Stubborn(Objects):
        """A file system that says nothing when it does not rename over what is there."""

        def put_file(self, file, path, **kwargs):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            return PUT(self, file, path)

        def mv(self, old, new, **kwargs):
            if not Path(new).exists():
                Path(old).rename(new)

    fsspec.register_implementation("objects", Stubborn, clobber=True)
    run(url(bucket / "scans"), output=url(bucket / "colour"))
    before = contents(bucket / "colour")
    summary, _events = run(url(bucket / "scans"), output=url(bucket / "colour"), restart=True)
    assert (summary.done, summary.failed) == (0, 3)
    after = contents(bucket / "colour")
    assert all(after[name] == before[name] for name in before if name.endswith(".jpg"))
    assert not [name for name in files_below(bucket / "colour") if name.endswith(".part")]


def test_what_a_dead_run_was_uploading_is_removed_by_the_next(bucket):
    """Of a store that gives names by renaming; what it finds in the folders of the photos is nobody's to remove."""
    left = [temporary_in(folder) for folder in (bucket / "colour", bucket / "colour" / "deep")]
    others = [temporary_in(bucket / "scans"), bucket / "colour" / "notes.part", bucket / "colour" / ".autochrome-notes"]
    inner = bucket / "colour" / "inner"  # the output folder of another run, which is at work
    others += [inner / ".autochrome" / "lock", temporary_in(inner), temporary_in(inner / "deep")]
    for file in (*left, *others):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"half")
    summary, _ = run((bucket / "scans").as_uri(), output=(bucket / "colour").as_uri())
    assert summary.done == 3
    assert not any(file.exists() for file in left)
    assert all(file.read_bytes() == b"half" for file in others)


def test_what_a_living_run_is_uploading_stays(bucket):
    lock, file = bucket / "colour" / ".autochrome" / "lock", temporary_in(bucket / "colour")
    lock.parent.mkdir(parents=True)
    lock.write_text(json.dumps({"host": "another", "pid": 1, "started": ""}))
    file.write_bytes(b"half")
    with pytest.raises(InUseError):
        run((bucket / "scans").as_uri(), output=(bucket / "colour").as_uri())
    assert file.exists()


def test_many_processes_make_their_folders_at_once(monkeypatch):
    """While one is between making its lock and holding it, another clears up."""
    enter, others = RunLock.__enter__, []

    def slow(self):
        if not others:
            others.append(True)
            self._file.touch()
            others.append(Scratch())
        return enter(self)

    monkeypatch.setattr(RunLock, "__enter__", slow)
    made = Scratch()
    assert made.folder.is_dir()
    made.close()
    others[1].close()


def test_a_sidecar_is_not_emptied_while_another_thread_reads_it(bucket):
    sidecar = bucket / "scans" / "0.jpg.autochrome.json"
    sidecar.write_text("{}")
    options, mirror = open_mirror(BatchOptions(paths=(url(bucket / "scans"),)))
    try:
        here = options.paths[0] / sidecar.name
        look_into(here.parent, ".json")
        with fetched(here):
            look_into(here.parent, ".json")  # as another thread does
            assert here.read_text() == "{}"
    finally:
        close_mirror(mirror)


def test_a_report_that_somebody_saved_meanwhile_is_left_alone(bucket, monkeypatch):
    theirs = bucket / "colour" / "report.html"

    def before(act, key):
        if act == "put" and key.endswith("colour/0.jpg"):
            theirs.parent.mkdir(exist_ok=True)
            theirs.write_text("somebody's")

    monkeypatch.setattr(Objects, "before", staticmethod(before))
    summary, _ = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert summary.done == 3
    assert theirs.read_text() == "somebody's"
    assert (bucket / "colour" / ".autochrome" / "report.html").is_file()


def test_what_a_library_says_of_a_password_is_not_said_again(bucket):
    class Talkative(Objects):
        """Tells more than it should."""

        def __init__(self, *args, **kwargs):
            raise ValueError("no connection to sftp://me:hunter2@host with hunter2")

    fsspec.register_implementation("sftp", Talkative, clobber=True)
    with pytest.raises(StorageError) as caught:
        run("sftp://me:hunter2@host/scans", output=bucket / "colour")
    assert "hunter2" not in str(caught.value)


def test_a_thread_that_was_left_behind_leaves_nothing_on_the_disk(bucket):
    options, mirror = open_mirror(BatchOptions(paths=(url(bucket / "scans"),)))
    refresh(options.paths[0])
    with fetched(options.paths[0] / "0.jpg"):
        close_mirror(mirror)
    assert not list(Path(tempfile.gettempdir()).iterdir())


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def quick(monkeypatch):
    """Outages that are looked at often, and end although nothing is ever freed here."""
    monkeypatch.setattr("engine.batch.outage.INTERVAL", 0.05)
    monkeypatch.setattr("engine.batch.outage.MARGIN", -(1 << 40))


def test_a_full_disk_of_the_outputs_is_not_taken_for_that_of_the_photos(bucket, monkeypatch, quick, tmp_path):
    """Where a photo is read once more while its output is written, both are done in one step."""
    left = [FULL, FULL]
    save = saving.save_photo

    def full(file, *args, **kwargs):
        if left:
            raise SaveError(file, "the disk is full.") from left.pop()
        return save(file, *args, **kwargs)

    monkeypatch.setattr(saving, "save_photo", full)
    summary, events = run(url(bucket / "scans"), output=tmp_path / "here", luma="exact")
    assert (summary.done, summary.failed) == (3, 0)
    assert [(event.folder, event.advice) for event in of(events, "waiting")] == [
        (tmp_path / "here", "Free some space.")
    ]


def test_hints_are_not_left_out_where_the_disk_has_no_room_for_them(bucket, monkeypatch, tmp_path):
    """A placeholder that cannot be laid is not one that has no name here."""
    hint = {"points": [[4, 4]], "radius": 6.0, "color": "#7d2a2f"}
    (bucket / "hints").mkdir()
    (bucket / "hints" / "0.jpg.autochrome.json").write_text(json.dumps({"autochrome": 1, "hints": [hint]}))
    lay = mirror.lay

    def full(path, stamp, **kwargs):
        if path.name.endswith(".json"):
            raise FULL
        lay(path, stamp, **kwargs)

    monkeypatch.setattr(mirror, "lay", full)
    with pytest.raises(EngineError, match="No space left on device") as caught:
        run(bucket / "scans", output=tmp_path / "here", sidecars=url(bucket / "hints"))
    assert "TMPDIR" in caught.value.advice
    assert not (tmp_path / "here" / "0.jpg").exists()


def test_sidecars_that_are_fetched_wait_for_a_full_disk_too(bucket, monkeypatch, quick, tmp_path):
    hint = {"points": [[4, 4]], "radius": 6.0, "color": "#7d2a2f"}
    (bucket / "hints").mkdir()
    (bucket / "hints" / "0.jpg.autochrome.json").write_text(json.dumps({"autochrome": 1, "hints": [hint]}))
    gets = []

    def before(act, key):
        if act == "get" and key.endswith(".json"):
            gets.append(key)
            if len(gets) in (2, 3):  # the first was for the plan
                raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Objects, "before", staticmethod(before))
    summary, events = run(bucket / "scans", output=tmp_path / "here", sidecars=url(bucket / "hints"))
    assert (summary.done, summary.failed, summary.hinted) == (3, 0, 1)
    assert "TMPDIR" in of(events, "waiting")[0].advice


def test_a_full_disk_while_marks_are_looked_for_is_told_in_words(bucket, monkeypatch, tmp_path):
    run(url(bucket / "scans"), output=url(bucket / "colour"))
    monkeypatch.setenv("AUTOCHROME_STATE", str(tmp_path / "another machine"))
    opened = Path.open

    def full(self, mode="r", *args, **kwargs):
        if mode == "r+b" and self.name.endswith(".jpg"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(EngineError, match="No space left on device"):
        run(url(bucket / "scans"), output=url(bucket / "colour"))


@pytest.mark.parametrize("listed", [True, False])
def test_thumbnails_of_other_machines_are_in_the_first_report(bucket, monkeypatch, listed):
    def before(act, key):
        if act == "find" and key.endswith("thumbnails") and not listed:
            raise PermissionError(errno.EACCES, "Access Denied")

    monkeypatch.setattr(Objects, "before", staticmethod(before))
    session = HereSession()
    monkeypatch.setattr("engine.batch.cluster.driver.connected", session.connected)
    made, events = parts(url(bucket / "scans"), output=url(bucket / "colour")), []
    batch = BatchJob(made.options, load=made.load, hash_of=made.hash_of, readers=made.readers)
    assert batch.run(listener=events.append).done == 3
    page = (bucket / "colour" / "report.html").read_text("utf-8")
    assert page.count("<img src=") == (3 if listed else 0)
    notes = [event.text for event in of(events, "note") if "thumbnails are missing" in event.text]
    assert len(notes) == (0 if listed else 1)
    assert all("Access Denied" in note and "autochrome-storage" not in note for note in notes)


def test_a_full_disk_of_another_machine_is_told_as_that_machines(bucket, monkeypatch, quick):
    left = [1, 2]

    def before(act, key):
        if act == "get" and key.endswith("scans/0.jpg") and left:
            left.pop()
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Objects, "before", staticmethod(before))
    session = HereSession()
    monkeypatch.setattr("engine.batch.cluster.driver.connected", session.connected)
    made, events = parts(url(bucket / "scans"), output=url(bucket / "colour")), []
    batch = BatchJob(made.options, load=made.load, hash_of=made.hash_of, readers=made.readers)
    assert batch.run(listener=events.append).failed == 0
    waiting = of(events, "waiting")[0]
    assert socket.gethostname() in waiting.advice


@pytest.fixture
def shelf(bucket):
    """Of an output folder in object storage."""
    chosen = BatchOptions(paths=(url(bucket / "scans"),), output=url(bucket / "colour"))
    local, here = open_mirror(chosen)
    with opened(Place(local.output, records_of(local.output))) as shelf:
        yield shelf
    close_mirror(here)


def test_a_journal_on_a_disk_that_became_read_only_is_not_told_of_the_storage(shelf, monkeypatch):
    def refuse(descriptor):
        raise OSError(errno.EROFS, "Read-only file system")

    error = JournalError("It cannot be written.")
    error.__cause__ = sqlite3.OperationalError("no")
    error.__cause__.sqlite_errorcode = sqlite3.SQLITE_READONLY
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", refuse)
        outage = outage_of(error, shelf, shelf.place.root / "0.jpg")
    assert outage is not None
    assert outage.folder == shelf.place.records


def test_a_full_disk_where_an_output_is_looked_at_is_an_outage(shelf):
    output = shelf.place.root / "0.jpg"
    error = UnreadablePhotoError(output, "it could not be fetched: No space left on device.")
    error.__cause__ = FULL
    outage = outage_of(error, shelf, output)
    assert outage is not None
    assert "TMPDIR" in outage.advice


def test_what_a_run_further_up_is_uploading_stays(bucket):
    """Its outputs may go into a folder that this run has for its own."""
    lock, file = bucket / "colour" / ".autochrome" / "lock", temporary_in(bucket / "colour" / "inner")
    for each in (lock, file):
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_bytes(b"half")
    inner = (bucket / "colour" / "inner").as_uri()
    assert run((bucket / "scans").as_uri(), output=inner)[0].done == 3
    assert file.exists()


def test_what_a_run_uploads_that_began_while_objects_were_listed_stays(bucket, monkeypatch):
    inner = bucket / "colour" / "inner"
    file, lock = temporary_in(inner / "deep"), inner / ".autochrome" / "lock"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"half")
    find = LocalFileSystem.find

    def late(self, path, **kwargs):
        found = find(self, path, **kwargs)
        if path.endswith("colour"):
            lock.parent.mkdir()
            lock.write_bytes(b"half")
        return found

    monkeypatch.setattr(LocalFileSystem, "find", late)
    assert run((bucket / "scans").as_uri(), output=(bucket / "colour").as_uri())[0].done == 3
    assert file.exists()
