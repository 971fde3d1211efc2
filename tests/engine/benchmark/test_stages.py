"""Every stage of a photo is timed; how long it takes is nobody's business here."""

import numpy as np
import pytest
import tifffile

from engine.benchmark import time_stages
from engine.colorist import Colorist
from engine.errors import CancelledError, UnreadablePhotoError
from engine.models.registry import build_network
from engine.models.store import model_folders
from engine.progress import Progress
from tests.engine.models.small_specs import SMALL
from tests.painting import files_below, make_photo
from tests.training.making import install, tiny_recipe
from training.export import export

STAGES = {
    "decode",
    "encode",
    "read",
    "prepare",
    "network",
    "network_encode",
    "network_decode",
    "network_hints",
    "propagation",
    "render",
    "save",
}


@pytest.fixture
def colorist():
    install()
    return Colorist("tiny", "cpu")


def deep_tiff(path):
    tifffile.imwrite(path, np.random.default_rng(0).integers(0, 65535, (40, 60), np.uint16), photometric="minisblack")
    return path


@pytest.mark.parametrize(
    "make", [lambda folder: make_photo(folder / "a.jpg"), lambda folder: deep_tiff(folder / "a.tif")]
)
def test_each_stage_is_timed(tmp_path, colorist, make):
    photo = make(tmp_path)
    shares = []
    found = time_stages(photo, colorist, tmp_path, repeats=2, progress=Progress(lambda share, _: shares.append(share)))
    assert set(found) == STAGES
    assert min(found[stage] for stage in STAGES - {"propagation"}) > 0
    assert found["propagation"] >= 0
    assert shares == [1 / 3, 2 / 3, 1.0]
    assert files_below(tmp_path) == [photo.name]


def test_a_network_without_hints_leaves_them_to_propagation(tmp_path):
    folder = model_folders().own
    folder.mkdir(parents=True, exist_ok=True)
    recipe = tiny_recipe(id="eccv", architecture="eccv16", network=SMALL["eccv16"])
    export(build_network("eccv16", SMALL["eccv16"]), recipe, folder, photos=3, sources=["made up"])
    found = time_stages(make_photo(tmp_path / "a.jpg"), Colorist("eccv", "cpu"), tmp_path, repeats=1)
    assert found["network_hints"] == found["network_decode"]
    assert found["propagation"] > 0


def test_a_photo_that_cannot_be_read(tmp_path, colorist):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"")
    with pytest.raises(UnreadablePhotoError):
        time_stages(path, colorist, tmp_path)


def test_it_stops_between_two_stages(tmp_path, colorist):
    progress = Progress()
    prepare = colorist.prepare
    colorist.prepare = lambda pixels: (progress.cancel(), prepare(pixels))[1]
    with pytest.raises(CancelledError):
        time_stages(make_photo(tmp_path / "a.jpg"), colorist, tmp_path, progress=progress)
    assert files_below(tmp_path) == ["a.jpg"]
