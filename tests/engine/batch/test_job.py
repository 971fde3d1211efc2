import csv
import dataclasses
import json
import os
import sqlite3
import threading

import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.batch import BatchJob, BatchOptions, InUseError, shown
from engine.batch.readers import HereReaders, ReaderProcesses
from engine.errors import BadPredictionError, EngineError, UnknownModelError
from engine.lock import RunLock
from engine.photo import is_marked, recover_photo
from engine.progress import Progress
from engine.render import Look
from tests.painting import FakePainter, contents, files_below, is_coloured, job, make_photo, of, run


@pytest.fixture
def photos(tmp_path):
    """A folder of five photos, one of them in a folder below."""
    folder = tmp_path / "photos"
    for number in range(4):
        make_photo(folder / f"{number}.jpg", seed=number)
    make_photo(folder / "below" / "x.png")
    return folder


def test_folder_is_mirrored_beside_it(photos):
    before = contents(photos)
    summary, events = run(photos)
    output = photos.with_name("photos-color")
    assert (summary.done, summary.failed, summary.skipped) == (5, 0, 0)
    assert files_below(output) == ["0.jpg", "1.jpg", "2.jpg", "3.jpg", "below/x.png", "report.csv"]
    assert all(is_coloured(output / name) and is_marked(output / name) for name in ("0.jpg", "below/x.png"))
    assert contents(photos) == before
    assert {event.output for event in of(events, "done")} == {output / name for name in files_below(output)[:-1]}
    assert events[0].name == "begin"
    assert events[-1] == summary


def test_second_run_redoes_nothing_and_loads_nothing(photos):
    def load(model, device):
        raise AssertionError("there is nothing to load a model for")

    run(photos)
    before = contents(photos.with_name("photos-color"))
    events = []
    summary = BatchJob(BatchOptions(paths=(photos,)), load=load, hash_of=lambda model: "a" * 64).run(
        listener=events.append
    )
    after = contents(photos.with_name("photos-color"))
    assert (summary.done, summary.failed, summary.skipped) == (0, 0, 5)
    assert {event.cause for event in of(events, "skipped")} == {"already there"}
    assert {k: v for k, v in after.items() if k != "report.csv"} == {
        k: v for k, v in before.items() if k != "report.csv"
    }


def test_one_broken_among_twenty(tmp_path):
    for number in range(20):
        make_photo(tmp_path / "in" / f"{number}.jpg", seed=number)
    broken = tmp_path / "in" / "7.jpg"
    broken.write_bytes(broken.read_bytes()[:-100])
    summary, events = run(tmp_path / "in", output=tmp_path / "out")
    assert (summary.done, summary.failed) == (19, 1)
    (failed,) = of(events, "failed")
    assert failed.source == broken
    assert "cut off" in failed.cause
    assert "--salvage" in failed.advice
    assert len(files_below(tmp_path / "out")) == 20
    with open(tmp_path / "out" / "report.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["state"] for row in rows] == ["failed"] + ["done"] * 19
    assert rows[0]["source"] == str(broken)
    assert (rows[1]["kind"], rows[1]["bits"], rows[1]["pages"]) == ("grey", "8", "1")


def test_failed_photos_are_tried_again(tmp_path):
    photo = tmp_path / "in" / "a.jpg"
    make_photo(tmp_path / "in" / "b.jpg")
    photo.write_bytes(b"")
    assert run(tmp_path / "in")[0].failed == 1
    make_photo(photo)
    summary, _ = run(tmp_path / "in")
    assert (summary.done, summary.failed, summary.skipped) == (1, 0, 1)


def test_salvage_is_noted(tmp_path):
    photo = make_photo(tmp_path / "a.jpg", width=300, height=200)
    photo.write_bytes(photo.read_bytes()[:-2000])
    assert run(photo)[0].failed == 1
    summary, events = run(photo, salvage=True)
    assert summary.done == 1
    assert of(events, "done")[0].notes


@pytest.mark.parametrize("changed", [{"look": Look(saturation=0.5)}, {"quality": 50}, {"model_hash": "b" * 64}])
def test_changed_setting_colours_again_in_the_same_place(photos, changed):
    run(photos)
    names = files_below(photos.with_name("photos-color"))
    summary, _ = run(photos, **changed)
    only_jpeg = changed == {"quality": 50}
    assert (summary.done, summary.skipped) == ((4, 1) if only_jpeg else (5, 0))
    assert files_below(photos.with_name("photos-color")) == names


def test_changed_format_leaves_the_former_outputs(photos):
    run(photos)
    summary, _ = run(photos, format="png")
    output = photos.with_name("photos-color")
    assert (summary.done, summary.skipped) == (4, 1)
    assert {"0.jpg", "0.png", "below/x.png"} <= set(files_below(output))
    assert run(photos, format="png")[0].skipped == 5


def test_changed_source_is_coloured_again(photos):
    run(photos)
    make_photo(photos / "2.jpg", seed=77)
    summary, events = run(photos)
    assert (summary.done, summary.skipped) == (1, 4)
    assert of(events, "done")[0].output == photos.with_name("photos-color") / "2.jpg"


def test_deleted_output_is_made_again(photos):
    run(photos)
    (photos.with_name("photos-color") / "1.jpg").unlink()
    summary, events = run(photos)
    assert (summary.done, summary.skipped) == (1, 4)
    assert of(events, "done")[0].output.name == "1.jpg"


def test_output_that_the_user_changed_is_never_replaced(photos):
    run(photos)
    output = photos.with_name("photos-color") / "1.jpg"
    output.write_bytes(b"retouched by hand")
    summary, events = run(photos, look=Look(saturation=0.5))
    assert summary.done == 5
    assert output.read_bytes() == b"retouched by hand"
    assert next(event.output for event in of(events, "done") if event.source.name == "1.jpg").name == "1-color.jpg"


def test_foreign_file_is_never_overwritten(tmp_path):
    photo = make_photo(tmp_path / "x.jpg")
    foreign = tmp_path / "x-color.jpg"
    foreign.write_bytes(b"not ours")
    _, events = run(photo)
    assert foreign.read_bytes() == b"not ours"
    assert of(events, "done")[0].output == tmp_path / "x-color-2.jpg"


def test_restart_colours_again_what_was_made(photos):
    run(photos)
    names = files_below(photos.with_name("photos-color"))
    summary, _ = run(photos, restart=True)
    assert summary.done == 5
    assert files_below(photos.with_name("photos-color")) == names


def test_single_photo_goes_beside_and_is_no_input(tmp_path):
    photo = make_photo(tmp_path / "x.jpg")
    assert run(photo, mark=False)[0].done == 1
    assert files_below(tmp_path) == ["x-color.jpg", "x.jpg"]
    assert not is_marked(tmp_path / "x-color.jpg")
    assert run(photo, mark=False)[0].skipped == 1
    # The journal knows the coloured one, even without a mark.
    summary, events = run(tmp_path, output=tmp_path / "out")
    assert (summary.done, summary.skipped) == (1, 0)
    summary, events = run(tmp_path / "x-color.jpg", output=tmp_path / "out")
    assert "Autochrome made" in of(events, "skipped")[0].cause


def test_marked_photo_is_no_input(tmp_path):
    photo = make_photo(tmp_path / "x.jpg")
    run(photo)
    moved = (tmp_path / "x-color.jpg").rename(tmp_path / "elsewhere.jpg")
    summary, events = run(moved)
    assert (summary.done, summary.skipped) == (0, 1)
    assert "Autochrome made" in of(events, "skipped")[0].cause


@pytest.mark.parametrize("mark", [True, False])
def test_output_inside_the_input_and_onto_itself(photos, mark):
    assert run(photos, output=photos / "coloured", mark=mark)[0].done == 5
    summary, _ = run(photos, output=photos / "coloured", mark=mark)
    assert (summary.done, summary.skipped) == (0, 5)
    summary, events = run(photos, output=photos, mark=mark)
    assert {event.output.name for event in of(events, "done")} == {f"{n}-color.jpg" for n in range(4)} | {"x-color.png"}
    summary, _ = run(photos, output=photos, mark=mark)
    assert (summary.done, summary.skipped) == (0, 5)


def test_damaged_journal_is_set_aside(photos):
    run(photos)
    records = photos.with_name("photos-color") / ".autochrome"
    journal = records / "journal.sqlite"
    journal.write_bytes(b"no database" * 1000)
    before = contents(photos.with_name("photos-color"))
    summary, events = run(photos)
    assert (summary.done, summary.skipped) == (0, 5)
    assert "set aside" in of(events, "note")[0].text
    assert (records / "journal.sqlite.bad").exists()
    assert contents(photos.with_name("photos-color"))["0.jpg"] == before["0.jpg"]
    assert run(photos)[0].skipped == 5


def test_journal_is_versioned_and_holds_a_row_a_photo(photos):
    run(photos)
    connection = sqlite3.connect(photos.with_name("photos-color") / ".autochrome" / "journal.sqlite")
    try:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        rows = dict(connection.execute("SELECT source, state FROM photos").fetchall())
        connection.execute("PRAGMA user_version = 2")
    finally:
        connection.close()
    assert rows == {
        os.fsencode(f"../photos/{name}"): "done" for name in ("0.jpg", "1.jpg", "2.jpg", "3.jpg", "below/x.png")
    }
    with pytest.raises(EngineError, match="newer version"):
        run(photos)


def test_moving_source_and_output_together_redoes_nothing(photos, tmp_path):
    run(photos)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    photos.with_name("photos-color").rename(elsewhere / "photos-color")
    assert run(photos.rename(elsewhere / "photos"))[0].skipped == 5


def test_second_run_on_the_same_output_is_told(photos, tmp_path):
    output = tmp_path / "out"
    (output / ".autochrome").mkdir(parents=True)
    with RunLock(output / ".autochrome" / "lock", output), pytest.raises(InUseError, match="Another run"):
        run(photos, output=output)
    assert run(photos, output=output)[0].done == 5


def test_unwritable_output_is_refused_before_the_start(photos, tmp_path):
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(EngineError, match="Nothing can be written"):
        run(photos, output=tmp_path / "out")


def test_nothing_to_colour(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(EngineError, match="no photos"):
        run(tmp_path / "empty")
    with pytest.raises(EngineError, match="no file or folder"):
        run(tmp_path / "missing")
    assert files_below(tmp_path) == []


def test_model_that_cannot_be_loaded_ends_the_run(photos):
    def load(model, device):
        raise UnknownModelError("There is no model.")

    with pytest.raises(UnknownModelError):
        BatchJob(BatchOptions(paths=(photos,)), load=load, hash_of=lambda model: "x").run()
    assert run(photos)[0].done == 5


def test_dry_run_writes_nothing(photos, tmp_path):
    make_photo(photos / "marked.jpg")
    run(photos / "marked.jpg", output=tmp_path / "m")
    (tmp_path / "m" / "marked.jpg").replace(photos / "marked.jpg")
    before = files_below(tmp_path)
    events = []
    job(photos).dry_run(listener=events.append)
    assert files_below(tmp_path) == before
    assert not photos.with_name("photos-color").exists()
    assert [event.output.name for event in of(events, "planned")] == ["0.jpg", "1.jpg", "2.jpg", "3.jpg", "x.png"]
    assert len(of(events, "skipped")) == 1
    run(photos)
    before = contents(photos.with_name("photos-color") / ".autochrome")
    events.clear()
    job(photos, quality=10).dry_run(listener=events.append)
    assert {(event.output.name, event.replace) for event in of(events, "planned")} == {
        (f"{n}.jpg", True) for n in range(4)
    }
    assert contents(photos.with_name("photos-color") / ".autochrome") == before


def test_pages_of_a_tiff_are_all_coloured(tmp_path):
    pages = np.random.default_rng(0).integers(0, 65535, (3, 40, 60)).astype(np.uint16)
    (tmp_path / "in").mkdir()
    tifffile.imwrite(tmp_path / "in" / "pages.tif", pages, photometric="minisblack")
    painter = FakePainter()
    summary, events = run(tmp_path / "in", painter=painter)
    assert summary.done == 1
    assert of(events, "done")[0].pages == 3
    with tifffile.TiffFile(tmp_path / "in-color" / "pages.tif") as file:
        assert [page.shape for page in file.pages] == [(40, 60, 3)] * 3
        assert file.pages[0].dtype == np.uint16


def test_colour_source_is_coloured_from_its_lightness_and_the_row_says_so(tmp_path):
    from PIL import Image

    (tmp_path / "in").mkdir()
    noise = np.random.default_rng(1).integers(0, 255, (4, 6, 3), np.uint8)
    Image.fromarray(noise).resize((300, 200)).save(tmp_path / "in" / "a.png")
    _, events = run(tmp_path / "in")
    assert of(events, "done")[0].kind == "colour"
    assert "already has colours" in of(events, "done")[0].notes[0]


def test_content_decides_the_format(tmp_path):
    photo = make_photo(tmp_path / "in" / "a.png")
    photo.rename(tmp_path / "in" / "a.jpg")
    make_photo(tmp_path / "in" / "b.bmp")
    assert run(tmp_path / "in")[0].done == 2
    assert files_below(tmp_path / "in-color") == ["a.png", "b.png", "report.csv"]
    assert run(tmp_path / "in")[0].skipped == 2


def test_other_peoples_report_is_left_alone(photos, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.csv").write_text("mine")
    summary, _ = run(photos, output=tmp_path / "out")
    assert (tmp_path / "out" / "report.csv").read_text() == "mine"
    assert summary.reports[0] == tmp_path / "out" / ".autochrome" / "report.csv"


def test_several_folders_keep_their_names_below_one_output(tmp_path):
    for box in ("box1", "box2"):
        make_photo(tmp_path / box / "001.jpg")
    run(tmp_path / "box1", tmp_path / "box2", output=tmp_path / "out")
    assert files_below(tmp_path / "out") == ["box1/001.jpg", "box2/001.jpg", "report.csv"]


def test_cancelled_run_leaves_nothing_partial_and_goes_on(photos):
    progress, events = Progress(), []

    def listen(event):
        events.append(event)
        if event.name == "done":
            progress.cancel()

    summary = job(photos, painter=FakePainter(0.05), jobs=1).run(progress, listen)
    assert summary.interrupted
    done = len(of(events, "done"))
    assert 1 <= done < 5
    assert not of(events, "failed")
    names = files_below(photos.with_name("photos-color"))
    assert len(names) == done
    assert not any(name.endswith(".part") for name in names)
    summary, _ = run(photos)
    assert (summary.done, summary.skipped) == (5 - done, done)


def test_paused_run_is_cancelled_within_its_grace(photos):
    """The network hangs, and the run is paused; still it ends, and tells nothing after its summary."""
    progress, release, events = Progress(), threading.Event(), []

    class Hanging(FakePainter):
        def colors(self, prepared):
            progress.pause()
            threading.Timer(0.05, progress.cancel).start()
            release.wait(30)
            return super().colors(prepared)

    summary = job(photos, painter=Hanging(), jobs=1).run(progress, events.append, grace=0.1)
    assert not release.is_set()
    assert summary.interrupted
    release.set()
    for thread in threading.enumerate():
        if thread.name.startswith("autochrome-"):
            thread.join(10)
    assert events[-1] == summary
    assert run(photos)[0].done == 5


def test_paused_run_goes_on_where_it_was(photos):
    progress, events = Progress(), []

    def listen(event):
        events.append(event)
        if event.name == "done" and not resumed:
            progress.pause()
            resumed.append(threading.Timer(0.2, progress.resume))
            resumed[0].start()

    resumed: list[threading.Timer] = []
    summary = job(photos, painter=FakePainter(0.01), jobs=2).run(progress, listen)
    assert (summary.done, summary.interrupted) == (5, False)


def test_one_photo_that_the_model_cannot_colour(photos):
    class Moody(FakePainter):
        bad = None

        def colors(self, prepared):
            if any(photo.lightness.mean() == self.bad for photo in prepared):
                raise BadPredictionError("The model returned no usable colours.")
            return super().colors(prepared)

        def prepare(self, pixels):
            prepared = super().prepare(pixels)
            self.bad = self.bad or prepared.lightness.mean()
            return prepared

    summary, _ = run(photos, painter=Moody())
    assert summary.failed >= 1
    assert summary.done + summary.failed == 5


def test_notes_of_the_model_are_told_once(photos):
    painter = FakePainter()
    painter.notes = ("Going on with the CPU.",)
    _, events = run(photos, painter=painter)
    assert [event.text for event in of(events, "note")] == ["Going on with the CPU."]


def test_every_event_is_a_line_of_json(photos):
    (photos / "bad.jpg").write_bytes(b"x")
    _, events = run(photos)
    for event in events:
        fields = json.loads(event.to_json())
        assert fields.pop("event") == event.name
        assert set(fields) == {field.name for field in dataclasses.fields(event)}


def test_what_decoders_do_in_their_own_processes_costs_one_photo_each(photos):
    for name in ("crash", "killed"):
        make_photo(photos / f"{name}.jpg")
    readers = ReaderProcesses(entry="tests.engine.batch.strange_reader")
    summary, events = run(photos, readers=readers)
    assert (summary.done, summary.failed) == (5, 2)
    causes = {event.source.name: event.cause for event in of(events, "failed")}
    assert "crashed" in causes["crash.jpg"]
    assert "stopped by the system" in causes["killed.jpg"]
    assert readers.closed
    assert not readers.process_ids


def test_a_cancelled_run_does_not_wait_for_a_decoder(photos):
    os.mkfifo(photos / "wait.fifo")
    make_photo(photos / "wait.jpg")
    readers = ReaderProcesses(entry="tests.engine.batch.strange_reader")
    progress = Progress()
    with open(os.open(photos / "wait.fifo", os.O_RDWR), "wb"):  # so that whoever reads it waits

        def listen(event):
            if event.name == "done" and event.source.name == "3.jpg":
                progress.cancel()

        summary = job(photos, readers=readers, jobs=2).run(progress, listen)
    assert summary.interrupted
    assert summary.failed == 0
    assert not readers.process_ids
    assert run(photos, readers=HereReaders())[0].done >= 1


def test_a_dry_run_tells_how_long_it_would_take(photos):
    before = contents(photos)
    events = []
    summary = job(photos).dry_run(listener=events.append, sample=3)
    assert (len(of(events, "planned")), summary.sample) == (5, 3)
    assert (summary.estimate or 0) > 0
    assert contents(photos) == before
    assert not photos.with_name("photos-color").exists()
    assert job(photos).dry_run().estimate is None


def test_a_dry_run_waits_for_nothing(photos):
    """The output folder is not there yet, and that is no outage."""
    (photos / "broken.jpg").write_bytes(make_photo(photos / "broken.jpg").read_bytes()[:200])
    events = []
    summary = job(photos).dry_run(listener=events.append, sample=8)
    assert (of(events, "waiting"), summary.sample) == ([], 5)


def test_the_summary_tells_what_the_stages_took(photos):
    summary, _ = run(photos)
    assert set(summary.stages) == {"read", "network", "save"}
    assert all(seconds > 0 for seconds in summary.stages.values())
    assert json.loads(summary.to_json())["busy"].keys() == {"workers"}


def test_thumbnails_are_kept_for_the_report(photos):
    summary, _ = run(photos)
    csv_file, page = summary.reports
    assert (csv_file.name, page.name) == ("report.csv", "report.html")
    records = photos.with_name("photos-color") / ".autochrome"
    assert len(list((records / "thumbnails").rglob("*.jpg"))) == 5
    assert page.read_text().count(".autochrome/thumbnails/") >= 5


def test_half_of_a_surrogate_pair_is_shown_all_the_same():
    assert shown("\ud800x.jpg") == "\\xed\\xa0\\x80x.jpg"
    assert shown(os.fsdecode(b"\xff\n.jpg")) == "\\xff\\n.jpg"
    assert shown("plain é.jpg") == "plain é.jpg"


def test_exact_luma_is_kept_or_its_reason_told(photos, tmp_path):
    summary, events = run(photos, luma="exact")
    assert (summary.done, summary.failed) == (4, 1)
    (failed,) = of(events, "failed")
    assert failed.source.name == "x.png"
    assert "--luma lightness" in failed.advice
    output = photos.with_name("photos-color")
    for number in range(4):
        assert is_coloured(output / f"{number}.jpg")
        grey = recover_photo(output / f"{number}.jpg", tmp_path)
        with Image.open(grey) as recovered, Image.open(photos / f"{number}.jpg") as source:
            assert np.array_equal(np.asarray(recovered), np.asarray(source))
    assert run(photos, luma="exact")[0].skipped == 4
    assert run(photos)[0].done == 5, "another setting colours all of them again"


def test_a_dry_run_tells_which_luma_cannot_be_kept(photos):
    events = []
    job(photos, luma="exact").dry_run(listener=events.append)
    assert len(of(events, "planned")) == 4
    assert [event.source.name for event in of(events, "failed")] == ["x.png"]
