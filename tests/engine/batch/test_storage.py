"""A batch whose photos or outputs are in object storage."""

import csv
import dataclasses
import errno
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import fsspec
import numpy as np
import pytest

from engine.batch import BatchJob, BatchOptions, saving, shown
from engine.batch.storage import is_url
from engine.batch.storage.names import without_secrets
from engine.batch.storage.stores import Stamp, StorageError, stamp_of
from engine.errors import EngineError
from engine.lock import InUseError
from engine.progress import Progress
from tests.engine.batch.on_cluster import HereSession, parts
from tests.engine.batch.on_storage import Objects, job, run
from tests.painting import contents, files_below, is_coloured, make_photo, of, pixels
from tests.painting import run as run_here

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def store(monkeypatch, tmp_path_factory):
    fsspec.register_implementation("objects", Objects, clobber=True)
    monkeypatch.setattr(Objects, "acts", [])
    monkeypatch.setattr(Objects, "before", staticmethod(lambda act, key: None))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("scratch")))


@pytest.fixture
def bucket(tmp_path):
    for number in range(4):
        make_photo(tmp_path / "bucket" / "scans" / f"{number % 2}" / f"{number}.jpg", seed=number)
    return tmp_path / "bucket"


def url(path):
    return f"objects://{path}"


def puts():
    """The pictures that were written, by their names."""
    return [
        Path(key).name for act, key in Objects.acts if act == "put" and ".autochrome" not in key and "report" not in key
    ]


def order(monkeypatch, before):
    monkeypatch.setattr(Objects, "before", staticmethod(before))


def test_a_folder_of_objects_is_coloured_once(bucket, tmp_path):
    before = contents(bucket / "scans")
    summary, _events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert (summary.done, summary.failed) == (4, 0)
    assert contents(bucket / "scans") == before
    assert [name for name in files_below(bucket / "colour") if name.endswith(".jpg")] == files_below(bucket / "scans")
    assert all(is_coloured(bucket / "colour" / name) for name in before)
    assert sorted(puts()) == ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]
    run_here(bucket / "scans", output=tmp_path / "here")
    for name in before:
        here, there = (pixels(folder / name).astype(int) for folder in (tmp_path / "here", bucket / "colour"))
        assert np.abs(here - there).max() == 0
    Objects.acts.clear()
    again, _ = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert (again.done, again.skipped) == (0, 4)
    assert puts() == []
    assert not [act for act in Objects.acts if act[0] == "get"]


def test_everything_that_is_told_and_kept_names_urls(bucket):
    _summary, events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    told = [json.loads(event.to_json()) for event in events]
    done = [each for each in told if each["event"] == "done"]
    assert {each["source"] for each in done} == {url(path) for path in (bucket / "scans").rglob("*.jpg")}
    assert all(each["output"].startswith(url(bucket / "colour")) for each in done)
    assert told[-1]["reports"] == [url(bucket / "colour" / name) for name in ("report.csv", "report.html")]
    with (bucket / "colour" / "report.csv").open(encoding="utf-8-sig") as report:
        rows = list(csv.DictReader(report))
    assert {row["source"] for row in rows} == {each["source"] for each in done}
    page = (bucket / "colour" / "report.html").read_text("utf-8")
    assert 'href="../scans/0/0.jpg"' in page
    thumbnails = list((bucket / "colour" / ".autochrome" / "thumbnails").rglob("*.jpg"))
    assert len(thumbnails) == 4
    assert all(f'src=".autochrome/thumbnails/{each.parent.name}/{each.name}"' in page for each in thumbnails)
    assert "autochrome-storage" not in page + "".join(each.to_json() for each in events)
    assert shown(done[0]["source"]) == done[0]["source"]


def test_nothing_is_left_on_this_machine_but_the_record(bucket, tmp_path):
    run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert os.listdir(tempfile.gettempdir()) == []
    assert not (bucket / "colour" / ".autochrome" / "lock").exists()
    assert not (bucket / "colour" / ".autochrome" / "journal.sqlite").exists()
    state = Path(os.environ["AUTOCHROME_STATE"])
    assert list(state.rglob("journal.sqlite"))


def test_without_output_the_coloured_folder_stands_beside_the_photos(bucket):
    summary, _ = run(url(bucket / "scans"))
    assert summary.done == 4
    assert (bucket / "scans-color" / "1" / "3.jpg").is_file()


def test_one_object_has_its_output_beside_it(bucket):
    make_photo(bucket / "scans" / "0" / "0-color.jpg", seed=9)  # somebody's
    for number in range(2):
        summary, _events = run(url(bucket / "scans" / "0" / "0.jpg"))
        assert (summary.done, summary.skipped) == ((1, 0), (0, 1))[number]
    assert is_coloured(bucket / "scans" / "0" / "0-color-2.jpg")
    assert not is_coloured(bucket / "scans" / "0" / "0-color.jpg")


@pytest.mark.parametrize("remote", ["sources", "outputs"])
def test_one_side_may_be_here(bucket, tmp_path, remote):
    source = url(bucket / "scans") if remote == "sources" else bucket / "scans"
    output = tmp_path / "out"
    named = output if remote == "sources" else url(output)
    first, _ = run(source, output=named)
    second, _ = run(source, output=named)
    assert (first.done, second.done, second.skipped) == (4, 0, 4)
    assert is_coloured(output / "1" / "1.jpg")


def test_an_object_of_somebody_else_is_left_alone(bucket):
    theirs = make_photo(bucket / "colour" / "0" / "0.jpg", seed=7)
    before = theirs.read_bytes()
    first, _ = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert first.done == 4
    assert theirs.read_bytes() == before
    assert is_coloured(bucket / "colour" / "0" / "0-color.jpg")
    assert run(url(bucket / "scans"), output=url(bucket / "colour"))[0].skipped == 4


def test_an_object_that_comes_in_between_is_left_alone(bucket, monkeypatch):
    theirs = bucket / "colour" / "0" / "0.jpg"

    def before(act, key):
        if act == "put" and key == str(theirs):
            make_photo(theirs, seed=7)

    order(monkeypatch, before)
    summary, events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert (summary.done, summary.failed) == (3, 1)
    assert of(events, "failed")[0].cause == "an object of this name is already there and is left as it is."
    assert not is_coloured(theirs)
    order(monkeypatch, lambda act, key: None)
    assert run(url(bucket / "scans"), output=url(bucket / "colour"))[0].done == 1
    assert not is_coloured(theirs)
    assert is_coloured(bucket / "colour" / "0" / "0-color.jpg")


def test_only_what_nobody_changed_is_replaced(bucket):
    run(url(bucket / "scans"), output=url(bucket / "colour"))
    make_photo(bucket / "colour" / "0" / "0.jpg", seed=7)
    before = contents(bucket / "colour")
    summary, _ = run(url(bucket / "scans"), output=url(bucket / "colour"), restart=True)
    assert summary.done == 4
    after = contents(bucket / "colour")
    assert after["0/0.jpg"] == before["0/0.jpg"]
    assert is_coloured(bucket / "colour" / "0" / "0-color.jpg")
    assert after["1/1.jpg"][1] != before["1/1.jpg"][1]


def test_a_new_scan_of_the_same_size_and_second_is_coloured_again(bucket):
    photo = bucket / "scans" / "0" / "0.jpg"
    run(url(bucket / "scans"), output=url(bucket / "colour"))
    content, status = bytearray(photo.read_bytes()), photo.stat()
    content[-3] ^= 1
    photo.write_bytes(content)
    os.utime(photo, ns=(status.st_mtime_ns, status.st_mtime_ns))
    _summary, events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert [event.source.name for event in of(events, "done")] == ["0.jpg"]


def test_a_photo_that_changes_each_time_it_is_read_fails(bucket, monkeypatch):
    changing = bucket / "scans" / "0" / "0.jpg"
    seeds = iter(range(100, 200))

    def before(act, key):
        if act == "get" and key == str(changing):
            make_photo(changing, seed=next(seeds))

    order(monkeypatch, before)
    summary, events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert summary.done == 3
    assert of(events, "failed")[0].cause == "it changed while it was being read."
    assert not (bucket / "colour" / "0" / "0.jpg").exists()


def test_a_photo_that_is_gone_fails_alone(bucket, monkeypatch):
    gone = bucket / "scans" / "0" / "0.jpg"
    order(monkeypatch, lambda act, key: gone.unlink() if (act, key) == ("get", str(gone)) and gone.exists() else None)
    summary, _events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert (summary.done, summary.failed) == (3, 1)


def test_an_upload_that_is_refused_costs_its_photo(bucket, monkeypatch):
    def before(act, key):
        if act == "put" and key.endswith("colour/0/0.jpg"):
            raise PermissionError(errno.EACCES, "Access Denied")

    order(monkeypatch, before)
    summary, events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert (summary.done, summary.failed) == (3, 1)
    failed = of(events, "failed")[0]
    assert failed.cause == "the storage refuses it: Access Denied."
    assert not (bucket / "colour" / "0" / "0.jpg").exists()
    order(monkeypatch, lambda act, key: None)
    assert run(url(bucket / "scans"), output=url(bucket / "colour"))[0].done == 1


def test_an_answer_that_was_lost_is_no_failure(bucket, monkeypatch):
    put = Objects.put_file

    def put_and_fail(self, file, path, mode="overwrite", **kwargs):
        put(self, file, path, mode="overwrite")
        if path.endswith("colour/0/0.jpg"):
            raise FileExistsError(path)  # as the store says to the library's second try

    monkeypatch.setattr(Objects, "put_file", put_and_fail)
    assert run(url(bucket / "scans"), output=url(bucket / "colour"))[0].done == 4


@pytest.mark.parametrize("act", ["get", "put"])
def test_a_store_that_does_not_answer_is_waited_for(bucket, monkeypatch, act):
    away = []
    info = Objects.info

    def before(did, key):
        if did == act and key.endswith("0/0.jpg") and not away:
            away.append(key)
        if len(away) == 1:
            raise ConnectionError("nobody there")

    def away_info(self, path, **kwargs):
        if len(away) == 1:
            raise ConnectionError("nobody there")
        return info(self, path, **kwargs)

    order(monkeypatch, before)
    monkeypatch.setattr(Objects, "info", away_info)
    monkeypatch.setattr("engine.batch.outage.INTERVAL", 0.05)
    events = []

    def listen(event):
        events.append(event)
        if event.name == "waiting":
            away.append("back")

    summary = job(url(bucket / "scans"), output=url(bucket / "colour")).run(listener=listen)
    assert (summary.done, summary.failed) == (4, 0)
    waiting = of(events, "waiting")[0]
    assert waiting.cause == "the storage does not answer: nobody there."
    assert shown(waiting.folder) in (url(bucket / "scans"), url(bucket / "colour"))
    assert len(of(events, "resumed")) == len(of(events, "waiting"))


@pytest.mark.parametrize("act", ["get", "save"])
def test_a_full_disk_of_this_machine_is_waited_for(bucket, monkeypatch, act):
    refusals = []
    save = saving.save_photo

    def full(file, *args, **kwargs):
        before("save", f"0/{file.name}")
        return save(file, *args, **kwargs)

    def before(did, key):
        if did == act and key.endswith("0/0.jpg") and len(refusals) < 3:
            refusals.append(key)
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(saving, "save_photo", full)
    order(monkeypatch, before)
    monkeypatch.setattr("engine.batch.outage.INTERVAL", 0.05)
    monkeypatch.setattr("engine.batch.outage.MARGIN", -(1 << 40))  # nothing is ever freed here
    summary, events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert (summary.done, summary.failed) == (4, 0)
    waiting = of(events, "waiting")[0]
    assert waiting.cause == "the disk is full."
    assert "://" not in shown(waiting.folder), "it is the disk of this machine that needs space"
    assert "TMPDIR" in waiting.advice
    assert len(of(events, "resumed")) == len(of(events, "waiting"))


@pytest.mark.parametrize("luma", ["lightness", "exact"])
def test_a_store_that_is_full_is_told_from_this_machine(bucket, monkeypatch, luma):
    """As one on a disk elsewhere: what is uploaded has had its room here."""
    refusals = []

    def before(did, key):
        if did == "put" and key.endswith("0/0.jpg") and len(refusals) < 3:
            refusals.append(key)
            raise OSError(errno.ENOSPC, "No space left on device")

    order(monkeypatch, before)
    monkeypatch.setattr("engine.batch.outage.INTERVAL", 0.05)
    summary, events = run(url(bucket / "scans"), output=url(bucket / "colour"), luma=luma)
    assert (summary.done, summary.failed) == (4, 0)
    told = {(shown(event.folder), event.cause) for event in of(events, "waiting")}
    assert told == {(url(bucket / "colour"), "the storage is full: No space left on device.")}
    assert len(of(events, "resumed")) == len(of(events, "waiting"))


def test_sidecars_are_read_beside_the_objects(bucket):
    hint = {"points": [[4, 4]], "radius": 6.0, "color": "#7d2a2f"}
    sidecar = bucket / "scans" / "0" / "0.jpg.autochrome.json"
    sidecar.write_text(json.dumps({"autochrome": 1, "hints": [hint]}))
    summary, _events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert summary.hinted == 1
    assert run(url(bucket / "scans"), output=url(bucket / "colour"))[0].skipped == 4
    sidecar.unlink()
    elsewhere = bucket / "hints" / "0" / sidecar.name
    elsewhere.parent.mkdir(parents=True)
    elsewhere.write_text(json.dumps({"autochrome": 1, "hints": [hint, hint]}))
    options = {"output": url(bucket / "colour"), "sidecars": url(bucket / "hints")}
    assert run(url(bucket / "scans"), **options)[0].hinted == 1


def test_several_pages_are_read_again_when_they_are_saved(bucket):
    import tifffile

    pages = np.random.default_rng(0).integers(0, 255, (3, 40, 50), dtype=np.uint8)
    tifffile.imwrite(bucket / "scans" / "pages.tif", pages, photometric="minisblack")
    summary, _events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert summary.done == 5
    with tifffile.TiffFile(bucket / "colour" / "pages.tif") as made:
        assert len(made.pages) == 3


def test_outputs_of_another_machine_are_known_by_their_mark(bucket, monkeypatch, tmp_path):
    run(url(bucket / "scans"), output=url(bucket / "colour"))
    monkeypatch.setenv("AUTOCHROME_STATE", str(tmp_path / "another machine"))
    Objects.acts.clear()
    summary, _ = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert (summary.done, summary.skipped) == (0, 4)
    assert puts() == []


def test_two_runs_never_write_to_one_place(bucket):
    lock = bucket / "colour" / ".autochrome" / "lock"
    lock.parent.mkdir(parents=True)
    lock.write_text(json.dumps({"host": "another", "pid": 1, "started": ""}))
    with pytest.raises(InUseError) as caught:
        run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert url(lock) in caught.value.advice
    assert url(bucket / "colour") in caught.value.sentence
    lock.unlink()
    assert run(url(bucket / "scans"), output=url(bucket / "colour"))[0].done == 4


def test_a_place_that_takes_nothing_ends_the_run_at_once(bucket, monkeypatch):
    def before(act, key):
        if act == "put":
            raise PermissionError(errno.EACCES, "Access Denied")

    order(monkeypatch, before)
    with pytest.raises(EngineError, match=r"Nothing can be written to objects://.*: Access Denied"):
        run(url(bucket / "scans"), output=url(bucket / "colour"))


def test_a_dry_run_writes_nothing(bucket):
    events = []
    summary = job(url(bucket / "scans"), output=url(bucket / "colour")).dry_run(listener=events.append, sample=2)
    assert len(of(events, "planned")) == 4
    assert summary.estimate is not None
    assert json.loads(of(events, "planned")[0].to_json())["output"] == url(bucket / "colour" / "0" / "0.jpg")
    assert not (bucket / "colour").exists()


def test_a_cancelled_run_leaves_nothing_partial(bucket):
    progress = Progress()
    job(url(bucket / "scans"), output=url(bucket / "colour")).run(
        progress, lambda event: progress.cancel() if event.name == "done" else None
    )
    for name in files_below(bucket / "colour"):
        assert is_coloured(bucket / "colour" / name)
    summary, _ = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert summary.done + summary.skipped == 4


def test_a_killed_run_is_gone_on_with(tmp_path):
    for number in range(30):
        make_photo(tmp_path / "scans" / f"{number}.jpg", seed=number)
    before = contents(tmp_path / "scans")
    names = [f"file://{tmp_path / name}" for name in ("scans", "colour")]
    command = [sys.executable, "-m", "tests.engine.batch.on_storage", *names]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as first:
        done = [first.stdout.readline().split()[1] for _ in range(8)]
        first.kill()
    assert len(set(done)) == 8
    made = contents(tmp_path / "colour")
    assert len([name for name in made if name.endswith(".jpg")]) >= 8
    summary, _events = run(names[0], output=names[1])
    assert (summary.failed, summary.done + summary.skipped) == (0, 30)
    assert summary.skipped >= 8
    after = contents(tmp_path / "colour")
    assert all(after[name] == made[name] for name in made if name.endswith(".jpg"))
    assert [name for name in after if name.endswith(".jpg")] == list(before)
    assert contents(tmp_path / "scans") == before
    assert not list((tmp_path / "colour").rglob("*.part"))


def test_names_that_no_file_can_have_are_told(bucket):
    listed = Objects.find

    class Strange(Objects):
        def find(self, path, **kwargs):
            found = dict(listed(self, path, **kwargs))
            return {**found, f"{path}//x.jpg": {"name": f"{path}//x.jpg", "type": "file", "size": 1, "mtime": 1.0}}

    fsspec.register_implementation("objects", Strange, clobber=True)
    summary, events = run(url(bucket / "scans"), output=url(bucket / "colour"))
    assert summary.done == 4
    assert any("//x.jpg is left aside" in event.text for event in of(events, "note"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("https://example.org/scans", "is no storage"),
        ("nosuch://bucket/scans", "Protocol not known"),
        ("objects:///no/such/folder", "There is no file or folder objects:///no/such/folder"),
    ],
)
def test_what_cannot_be_used_is_said(name, sentence, tmp_path):
    with pytest.raises(EngineError, match=sentence):
        run(name, output=tmp_path / "out")


def test_a_missing_package_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(StorageError) as caught:
        run("s3://bucket/scans", output=tmp_path / "out")
    assert str(caught.value) == (
        "s3://bucket/scans needs s3fs, which is not installed. Install it with: pip install s3fs"
    )


def test_without_a_url_fsspec_is_not_loaded(tmp_path):
    make_photo(tmp_path / "photos" / "1.jpg")
    check = (
        "import sys\nfrom pathlib import Path\nfrom engine import BatchJob, BatchOptions\n"
        f"BatchJob(BatchOptions(paths=(Path({str(tmp_path / 'photos')!r}),))).dry_run()\n"
        "sys.exit('fsspec' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True)


def test_what_looks_like_a_url_and_is_there_is_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert is_url("s3://bucket/x")
    assert not is_url(Path("s3://bucket/x"))
    assert not is_url("C:/photos")
    make_photo(Path("s3:/bucket/x.jpg"))
    assert not is_url("s3://bucket/x.jpg")


def test_secrets_are_left_out():
    assert without_secrets("SFTP://me:pw@host/photos/a@b") == "sftp://host/photos/a@b"


def test_a_stamp_knows_the_tag():
    info = {"size": 5, "LastModified": "2026-01-02T03:04:05+00:00", "ETag": '"abc"'}
    assert stamp_of(info) == stamp_of({**info, "ETag": "abc"})
    assert stamp_of(info) != stamp_of({**info, "ETag": "abd"})
    assert stamp_of(info).mtime_ns // 10**9 == 1767323045
    assert stamp_of({"size": 5, "mtime": 1.25}) == Stamp(5, 1_250_000_000)


def test_a_bucket_has_no_folder_beside_it():
    with pytest.raises(EngineError, match="has no folder beside it"):
        BatchJob(BatchOptions(paths=("file:///etc",)), hash_of=lambda model: "a" * 64).dry_run()


def test_the_workers_of_a_cluster_read_and_write_the_objects(tmp_path, monkeypatch):
    for number in range(6):
        make_photo(tmp_path / "scans" / f"{number % 2}" / f"{number}.jpg", seed=number)
    sidecar = tmp_path / "scans" / "0" / "0.jpg.autochrome.json"
    hint = {"points": [[4, 4]], "radius": 6.0, "color": "#7d2a2f"}
    sidecar.write_text(json.dumps({"autochrome": 1, "hints": [hint]}))
    before = contents(tmp_path / "scans")
    session = HereSession(lost=lambda sources: len(sources) > 1)  # then it is found, one by one
    monkeypatch.setattr("engine.batch.cluster.driver.connected", session.connected)
    events = []
    made = parts("here", output=f"file://{tmp_path / 'colour'}")
    chosen = dataclasses.replace(made.options, paths=(f"file://{tmp_path / 'scans'}",))
    batch = BatchJob(chosen, load=made.load, hash_of=made.hash_of, readers=made.readers)
    summary = batch.run(listener=events.append)
    assert (summary.failed, summary.hinted) == (0, 1)
    assert summary.done == 6
    told = [json.loads(event.to_json()) for event in events]
    sources = {f"file://{path}" for path in (tmp_path / "scans").rglob("*.jpg")}
    assert {each["source"] for each in told if each["event"] == "started"} <= sources
    assert {each["source"] for each in told if each["event"] == "done"} == sources
    assert contents(tmp_path / "scans") == before
    assert all(is_coloured(tmp_path / "colour" / f"{number % 2}" / f"{number}.jpg") for number in range(6))
    assert batch.run().skipped == 6
    assert "autochrome-storage" not in "".join(event.to_json() for event in events)
