"""A batch on a real cluster of Ray: two machines, of which one is lost in the middle; a driver that is killed."""

import csv
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from tests.engine.batch.on_cluster import cluster_job
from tests.painting import contents, files_below, make_photo, of, pixels, run

# Ray leaves sockets, files and processes for its own end to close, and warns of its own future.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ROOT = Path(__file__).parents[3]
PHOTOS = 200
HEAD = {
    "num_cpus": 1,
    "include_dashboard": False,
    # How soon a machine that does not answer is given up: 2 s instead of 15.
    "_system_config": {"health_check_period_ms": 500, "health_check_failure_threshold": 4},
}


@pytest.fixture(scope="module")
def cluster():
    """Two machines of one core each; the first is the one that a driver connects to."""
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))  # the workers import the fake model
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        made = Cluster(initialize_head=True, head_node_args=HEAD)
        try:
            made.add_node(num_cpus=1)
            yield made
        finally:
            made.shutdown()


@pytest.fixture
def photos(tmp_path):
    for number in range(PHOTOS):
        make_photo(tmp_path / "photos" / f"{number % 7}" / f"{number}.jpg", seed=number)
    return tmp_path / "photos"


def pictures(folder):
    return [name for name in files_below(folder) if name.endswith(".jpg")]


def test_a_killed_driver_is_gone_on_with(cluster, photos):
    before = contents(photos)
    command = [sys.executable, "-m", "tests.engine.batch.on_cluster", str(photos), cluster.address]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as first:
        done = [first.stdout.readline().split()[1] for _ in range(60)]
        first.kill()
    assert len(set(done)) == 60
    summary = cluster_job(photos, cluster_address=cluster.address).run()
    assert (summary.failed, summary.interrupted) == (0, False)
    assert summary.done + summary.skipped == PHOTOS
    assert summary.skipped >= 60
    assert_complete(photos, before)


def test_whoever_listens_to_the_log_is_not_muted_with_ray(cluster, photos):
    listener = logging.StreamHandler()
    logging.getLogger("ray.data").addHandler(listener)
    try:
        assert cluster_job(photos / "0", cluster_address=cluster.address).run().failed == 0
    finally:
        logging.getLogger("ray.data").removeHandler(listener)
    assert listener.level == logging.NOTSET


def test_photos_and_outputs_named_by_urls(cluster, photos, tmp_path):
    """As in object storage: each process of the cluster has them in a mirror of its own."""
    few, there = photos / "1", tmp_path / "there"
    before = contents(few)
    summary = cluster_job(few.as_uri(), output=there.as_uri(), cluster_address=cluster.address).run()
    assert (summary.done, summary.failed) == (len(before), 0)
    assert contents(few) == before
    assert pictures(there) == pictures(few)
    assert not list(there.rglob("*.part"))
    run(few, output=tmp_path / "alone")
    for name in pictures(few):
        assert np.array_equal(pixels(there / name), pixels(tmp_path / "alone" / name))
    with (there / "report.csv").open(encoding="utf-8-sig") as report:
        assert sorted(row["source"] for row in csv.DictReader(report)) == sorted(
            (few / name).as_uri() for name in before
        )
    page = (there / "report.html").read_text(encoding="utf-8")
    assert page.count("<img src=") == len(before)
    again = cluster_job(few.as_uri(), output=there.as_uri(), cluster_address=cluster.address).run()
    assert (again.done, again.skipped) == (0, len(before))


def test_a_lost_machine_costs_nothing_but_time(cluster, photos, tmp_path):
    before = contents(photos)
    node = next(iter(cluster.worker_nodes))
    events, removing = [], []

    def listen(event):
        events.append(event)
        if len(of(events, "done")) == PHOTOS // 3 and not removing:
            removing.append(threading.Thread(target=cluster.remove_node, args=(node, False)))
            removing[0].start()

    summary = cluster_job(photos, seconds=0.05, cluster_address=cluster.address).run(listener=listen)
    removing[0].join()
    assert (summary.done, summary.failed, summary.interrupted) == (PHOTOS, 0, False)
    assert len({event.source for event in of(events, "done")}) == PHOTOS
    assert_complete(photos, before)
    run(photos, output=tmp_path / "alone")
    for name in pictures(photos):
        made, alone = (
            pixels(folder / name).astype(int) for folder in (photos.with_name("photos-color"), tmp_path / "alone")
        )
        assert np.abs(made - alone).max() <= 1


def assert_complete(photos, before):
    """Every photo has one whole output and one row in the report, nothing is left over, and no source was touched."""
    output = photos.with_name("photos-color")
    assert contents(photos) == before
    assert pictures(output) == pictures(photos)
    assert not list(output.rglob("*.part"))
    for name in pictures(output):
        assert pixels(output / name).shape == pixels(photos / name).shape
    with (output / "report.csv").open(encoding="utf-8-sig") as report:
        rows = list(csv.DictReader(report))
    assert sorted(os.path.relpath(row["source"], photos) for row in rows) == pictures(photos)
    assert {row["state"] for row in rows} == {"done"}
