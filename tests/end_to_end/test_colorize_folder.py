"""A folder of photos goes through the whole program, with the bundled model, as a user would run it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

import main
from engine.color import srgb_to_lab
from engine.photo import is_marked

ROOT = Path(main.__file__).parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A sample in three formats, and a file that is broken."""
    folder = tmp_path_factory.mktemp("album") / "photos"
    (folder / "1936").mkdir(parents=True)
    with Image.open(ROOT / "resources" / "samples" / "migrant-mother-1936.jpg") as sample:
        grey = sample.convert("L")
    grey.thumbnail((320, 320))
    grey.save(folder / "1936" / "mother.jpg", quality=95)
    grey.rotate(90, expand=True).save(folder / "turned.png")
    deep = np.asarray(grey).astype(np.uint16) * 257
    tifffile.imwrite(folder / "deep.tif", deep, photometric="minisblack")
    (folder / "broken.jpg").write_bytes((folder / "1936" / "mother.jpg").read_bytes()[:2000])
    return folder


def autochrome(*arguments):
    return subprocess.run(
        [sys.executable, "main.py", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def lightness(pixels):
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    return srgb_to_lab(pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max))


def test_a_folder_is_coloured_once(folder):
    result = autochrome("colorize", folder, "--json", "--device", "cpu")
    assert result.returncode == 1, result.stderr
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert events[-1]["done"] == 3
    assert [event["source"] for event in events if event["event"] == "failed"] == [str(folder / "broken.jpg")]
    output = folder.with_name("photos-color")
    for name in ("1936/mother.jpg", "turned.png", "deep.tif"):
        assert is_marked(output / name)
        source, coloured = _pixels(folder / name), _pixels(output / name)
        assert coloured.shape == (*source.shape, 3)
        assert coloured.dtype == source.dtype
        lab = lightness(coloured)
        assert np.hypot(lab[..., 1], lab[..., 2]).mean() > 1
        difference = np.abs(lab[..., 0] - lightness(source)[..., 0])
        assert difference.mean() < (0.7 if name.endswith("jpg") else 0.3)
    again = autochrome("colorize", folder)
    assert "0 coloured, 1 failed, 3 skipped" in again.stderr


def _pixels(path):
    if path.suffix == ".tif":
        return tifffile.imread(path)
    with Image.open(path) as picture:
        return np.asarray(picture)
