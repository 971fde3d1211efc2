"""Photos, models and devices are gone through, and what cannot be used is told."""

import errno
import json
import tempfile
from types import SimpleNamespace

import pytest

from engine.benchmark import Benchmark, BenchmarkOptions, NotMeasured, benchmark, photos
from engine.errors import CancelledError, DeviceError, EngineError, UnknownModelError, UnreadablePhotoError
from engine.models import store
from engine.progress import Progress
from tests.painting import make_photo
from tests.training.making import install


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where temporary files go; small photos; no models but the user's."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(photos, "MEGAPIXELS_12", (80, 60))
    own = store.model_folders().own
    monkeypatch.setattr(store, "model_folders", lambda: store.ModelFolders(tmp_path / "none", own))
    install()
    return folder


def fake_batch(copies, progress):
    copies.clock.was_read()
    for _ in copies.photos:
        copies.clock.was_saved()
    return SimpleNamespace(seconds=2.0, stages={"read": 1.0}, busy={"workers": 0.5})


def few(**options):
    return BenchmarkOptions(**{"repeats": 1, "strokes": 2, "copies": 2, "devices": ("cpu",), **options})


def test_every_photo_model_and_device(folder):
    install("other")
    parts = []
    found = list(benchmark(few(devices=()), fake_batch, on_part=parts.append))
    names = ["12 MP grey JPEG", "12 MP colour JPEG", "12 MP 16-bit TIFF"]
    measured = [(one.photo, one.model, one.device) for one in found if one.device == "cpu"]
    assert measured == [(name, model, "cpu") for name in names for model in ("other", "tiny")]
    assert parts[:4] == [
        f"{names[0]}: getting it ready",
        f"{names[0]}, other on {found[0].device}: stages",
        f"{names[0]}, other on {found[0].device}: strokes",
        f"{names[0]}, other on {found[0].device}: a batch",
    ]
    assert list(folder.iterdir()) == []


def test_one_photo_with_one_model(tmp_path):
    install("other")
    photo = make_photo(tmp_path / "mine.png")
    (found,) = benchmark(few(photo=photo, models=("tiny", "tiny")), fake_batch)
    assert (found.photo, found.model, found.device) == ("mine.png", "tiny", "cpu")
    assert (len(found.strokes.seconds), found.strokes.photo) == (2, "mine.png")
    assert found.batch.photos == 2


def test_strokes_and_the_batch_can_be_left_out(tmp_path):
    (found,) = benchmark(few(photo=make_photo(tmp_path / "a.jpg"), strokes=0, copies=0), fake_batch)
    assert (found.strokes, found.batch) == (None, None)


def test_the_ratio():
    seconds = {"decode": 1.0, "encode": 3.0, "read": 1.0, "prepare": 2.0, "network": 50.0, "render": 3.0, "save": 4.0}
    found = Benchmark(photo="a", model="b", device="cpu", seconds=seconds)
    assert (found.bare, found.ratio) == (4.0, 2.5)


def test_all_of_it_is_json(tmp_path):
    (found,) = benchmark(few(photo=make_photo(tmp_path / "a.jpg")), fake_batch)
    plain = json.loads(json.dumps(found.to_plain()))
    assert plain["ratio"] == found.ratio
    assert plain["seconds"] == found.seconds
    assert plain["strokes"]["median"] == found.strokes.median
    assert plain["strokes"]["p95"] == found.strokes.p95
    assert plain["batch"]["rate"] == found.batch.rate
    assert plain["batch"]["busy"] == {"workers": 0.5}


def test_a_model_that_cannot_be_used_does_not_stop_the_others(tmp_path):
    weights = install("broken")
    weights.write_bytes(weights.read_bytes()[:-4])
    found = list(benchmark(few(photo=make_photo(tmp_path / "a.jpg")), fake_batch))
    assert [(type(one), one.model) for one in found] == [(NotMeasured, "broken"), (Benchmark, "tiny")]
    assert "broken" in str(found[0].error)


@pytest.mark.parametrize(
    ("options", "error"),
    [({"models": ("tinny",)}, UnknownModelError), ({"devices": ("abacus",)}, DeviceError)],
)
def test_a_name_that_nobody_has_is_told_before_anything(options, error):
    parts = []
    with pytest.raises(error):
        next(benchmark(few(**options), fake_batch, on_part=parts.append))
    assert parts == []


def test_a_photo_that_cannot_be_read(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"")
    with pytest.raises(UnreadablePhotoError):
        next(benchmark(few(photo=tmp_path / "a.jpg"), fake_batch))


def test_no_room_for_the_copies(tmp_path, monkeypatch, folder):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("engine.benchmark.batches.shutil.copyfile", full)
    with pytest.raises(EngineError, match=r"No space left on device.*TMPDIR"):
        next(benchmark(few(photo=make_photo(tmp_path / "a.jpg")), fake_batch))
    assert list(folder.iterdir()) == []


def test_nothing_stays_when_it_is_cancelled(folder):
    progress = Progress()
    measuring = benchmark(few(), fake_batch, progress=progress)
    next(measuring)
    progress.cancel()
    with pytest.raises(CancelledError):
        next(measuring)
    assert list(folder.iterdir()) == []
