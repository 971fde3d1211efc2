"""The driver of a cluster, with a worker in this process in Ray's place: names, journal, lost blocks, resuming."""

import csv
import os
import sys

import pytest

from engine.batch import BatchOptions, Waiting
from engine.batch.cluster import driver
from engine.batch.cluster.crew import Crew, Node, crew_of
from engine.batch.cluster.session import ClusterError
from engine.errors import DeviceError, EngineError
from engine.progress import Progress
from tests.engine.batch.on_cluster import HereSession, cluster_job
from tests.painting import contents, files_below, make_photo, of, pixels, run


@pytest.fixture
def photos(tmp_path):
    for number in range(10):
        make_photo(tmp_path / "photos" / f"box {number % 2}" / f"{number}.jpg", seed=number)
    return tmp_path / "photos"


@pytest.fixture
def on(monkeypatch):
    """Runs a batch on a session that is none of Ray's; its summary and its events."""

    def on(session, *paths, progress=None, listen=lambda event: None, **options):
        monkeypatch.setattr(driver, "connected", session.connected)
        events = []

        def listener(event):
            events.append(event)
            listen(event)

        return cluster_job(*paths, **options).run(progress, listener), events

    return on


def test_a_cluster_makes_what_one_machine_makes(photos, tmp_path, on):
    (photos / "no photo.jpg").write_text("none")
    make_photo(photos / "twin.jpg", seed=11)
    make_photo(photos / "twin.png", seed=12)
    before = contents(photos)
    summary, events = on(HereSession(), photos, output=tmp_path / "cluster", format="jpeg")
    alone, others = run(photos, output=tmp_path / "alone", format="jpeg")
    assert (summary.done, summary.failed, summary.skipped) == (alone.done, alone.failed, alone.skipped) == (12, 1, 0)
    assert {event.source: event.cause for event in of(events, "failed")} == {
        event.source: event.cause for event in of(others, "failed")
    }
    assert files_below(tmp_path / "cluster") == files_below(tmp_path / "alone")
    for name in files_below(tmp_path / "alone"):
        if name.endswith(".jpg"):
            assert (pixels(tmp_path / "cluster" / name) == pixels(tmp_path / "alone" / name)).all()
    assert reported(tmp_path / "cluster") == reported(tmp_path / "alone")
    assert contents(photos) == before
    again, _ = on(HereSession(), photos, output=tmp_path / "cluster", format="jpeg")
    assert (again.done, again.failed, again.skipped) == (0, 1, 12)
    resumed, _ = run(photos, output=tmp_path / "cluster", format="jpeg")  # and on one machine
    assert (resumed.done, resumed.skipped) == (0, 12)


def reported(output):
    """The rows of a report, but for what differs from run to run."""
    columns = ("source", "state", "cause", "advice", "kind", "bits", "pages", "notes", "hints")
    with (output / "report.csv").open(encoding="utf-8-sig") as report:
        return sorted([row[name] for name in columns] for row in csv.DictReader(report))


def test_a_photo_of_another_format_than_its_name_gets_its_name_from_the_driver(tmp_path, on):
    make_photo(tmp_path / "photos" / "a.png").rename(tmp_path / "photos" / "a.jpg")
    summary, _ = on(HereSession(), tmp_path / "photos")
    assert summary.done == 1
    assert "a.png" in files_below(tmp_path / "photos-color")
    again, _ = on(HereSession(), tmp_path / "photos")
    assert (again.done, again.skipped) == (0, 1)


def test_lost_blocks_are_done_again_and_what_they_had_made_is_found(photos, on):
    lost = [True, False, True]
    session = HereSession(lost=lambda sources: len(sources) > 1 and lost.pop(0))
    made = {}

    def note_first(event):
        if event.name == "done":
            made[event.output] = event.output.stat().st_mtime_ns

    summary, events = on(session, photos, listen=note_first)
    assert (summary.done, summary.failed) == (10, 0)
    assert {len(block) for block in session.blocks} == {4, 2, 1}
    found = [event for event in of(events, "done") if event.notes]
    assert len(found) == 6
    assert "was there when its work was repeated" in found[0].notes[0]
    assert {output: output.stat().st_mtime_ns for output in made} == made
    again, _ = on(HereSession(), photos)
    assert (again.done, again.skipped) == (0, 10)


def test_a_photo_that_ends_every_process_costs_its_own_row(photos, on):
    class Deadly(HereSession):
        """Everything with photo 3 in it dies before it begins."""

        def replies(self, blocks, parts, terms, crew, progress):
            alive = [block for block in blocks if "3.jpg" not in [order.found.path.name for order in block]]
            yield from super().replies(alive, parts, terms, crew, progress)

    summary, events = on(Deadly(), photos)
    assert (summary.done, summary.failed) == (9, 1)
    (failed,) = of(events, "failed")
    assert failed.source.name == "3.jpg"
    assert "ended again and again" in failed.cause
    assert failed.advice


def test_a_run_that_died_is_gone_on_with(photos, on):
    class CrashError(Exception):
        pass

    def crash(event):
        if event.name == "done" and event.source.name == "1.jpg":
            raise CrashError

    before = contents(photos)
    with pytest.raises(CrashError):
        on(HereSession(), photos, listen=crash)
    output = photos.with_name("photos-color")
    finished = contents(output)
    summary, _ = on(HereSession(), photos)
    assert summary.done + len([name for name in finished if name.endswith(".jpg")]) == 10
    after = contents(output)
    assert all(after[name] == finished[name] for name in finished if name.endswith(".jpg"))
    assert contents(photos) == before
    assert not list(output.rglob("*.part"))


def test_a_cancelled_run_says_so_and_is_gone_on_with(photos, on):
    progress = Progress()

    def cancel(event):
        if event.name == "done":
            progress.cancel()

    summary, _ = on(HereSession(), photos, progress=progress, listen=cancel)
    assert summary.interrupted
    assert 0 < summary.done < 10
    again, _ = on(HereSession(), photos)
    assert again.done + again.skipped == 10
    assert again.skipped >= summary.done


def test_outputs_of_before_are_replaced_unless_somebody_changed_them(photos, on):
    run(photos)
    output = photos.with_name("photos-color")
    changed = output / "box 0" / "0.jpg"
    changed.write_bytes(changed.read_bytes() + b"edited")
    kept = changed.read_bytes()
    before = contents(output)
    summary, _ = on(HereSession(), photos, quality=50)
    assert summary.done == 10
    after = contents(output)
    assert changed.read_bytes() == kept
    assert sum(before[name][0] != after[name][0] for name in before if name.endswith(".jpg")) == 9
    assert {name for name in after if name not in before} == {os.path.join("box 0", "0-color.jpg")}


def test_a_disk_that_many_wait_for_is_told_once(photos, on):
    class Full(HereSession):
        def events(self):
            return [Waiting(folder=photos, cause="the disk is full.")] * 3

    _, events = on(Full(), photos)
    assert len(of(events, "waiting")) == 1


def test_a_fault_of_a_machine_ends_the_run_and_names_it(photos, on):
    def load(model, device):
        raise EngineError("The model is damaged.", "Install it again.")

    with pytest.raises(ClusterError, match=r"On the machine .*: The model is damaged\. Install it again\."):
        on(HereSession(), photos, load=load)


def test_a_dry_run_plans_without_ray_and_guesses_no_time(photos, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    events = []
    summary = cluster_job(photos).dry_run(listener=events.append, sample=4)
    assert len(of(events, "planned")) == 10
    assert summary.estimate is None


def test_without_ray_a_sentence_says_what_to_install(photos, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setitem(sys.modules, "ray.data", None)
    with pytest.raises(ClusterError, match=r"not installed.*pip install 'autochrome\[cluster\]'"):
        cluster_job(photos).run()
    assert not photos.with_name("photos-color").exists()


def test_an_address_without_a_cluster_is_refused(photos):
    with pytest.raises(EngineError, match="Add --cluster"):
        BatchOptions(paths=(photos,), cluster_address="head:6379")


@pytest.mark.parametrize(
    ("nodes", "options", "crew"),
    [
        ([Node(8, 1)] * 10, {}, Crew(10, 8, 1, "cuda")),
        ([Node(8, 2), Node(4, 0)], {}, Crew(2, 4, 1, "cuda")),
        ([Node(8, 1)], {"device": "cpu"}, Crew(2, 4, 0, "cpu")),
        ([Node(8, 0), Node(2, 0)], {}, Crew(5, 2, 0, "cpu")),
        ([Node(6, 0), Node(0, 0)], {"jobs": 1}, Crew(6, 1, 0, "cpu")),
    ],
)
def test_a_crew_has_an_actor_for_each_gpu_or_for_every_few_cores(nodes, options, crew, tmp_path):
    assert crew_of(nodes, BatchOptions(paths=(tmp_path,), **options)) == crew


def test_a_crew_that_cannot_be(tmp_path):
    with pytest.raises(DeviceError, match="No machine of the cluster has a GPU"):
        crew_of([Node(4, 0)], BatchOptions(paths=(tmp_path,), device="cuda"))
    with pytest.raises(DeviceError, match="no device mps"):
        crew_of([Node(4, 0)], BatchOptions(paths=(tmp_path,), device="mps"))
    with pytest.raises(EngineError, match="has 8 cores to give"):
        crew_of([Node(4, 0)], BatchOptions(paths=(tmp_path,), jobs=8))


def test_what_came_in_the_place_of_an_unmarked_output_is_never_replaced(photos, on):
    """A window of the plan is taken down long before its photos are worked on; then the driver dies."""

    class Dead(HereSession):
        def replies(self, blocks, parts, terms, crew, progress):
            progress.cancel()
            yield []

    on(Dead(), photos, progress=Progress(), mark=False)
    theirs = make_photo(photos.parent / "photos-color" / "box 0" / "0.jpg", seed=9)
    before = theirs.read_bytes()
    on(HereSession(), photos, mark=False)
    on(HereSession(), photos, mark=False, restart=True, quality=50)
    assert theirs.read_bytes() == before
