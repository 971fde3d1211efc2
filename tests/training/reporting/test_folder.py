"""The folder: page, figures, plots and pictures."""

import csv
import json
import sys

import pytest
from PIL import Image

from tests.training.making import rule_photo
from tests.training.reports import a_report
from training.measure import Measured
from training.metrics.extra import MissingExtraError
from training.reporting.folder import ReportFolderError, prepare_folder, write_csv, write_folder
from training.reporting.gallery import Gallery
from training.scores import Scored

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")


@pytest.fixture
def measured():
    gallery = Gallery()
    scores = []
    for n in range(7):
        gallery.add_truth(f"{n}.webp", rule_photo(n))
        gallery.add("tiny", f"{n}.webp", rule_photo(n + 50))
        for method in ("grey", "tiny", "tiny ×2"):
            scores.append(Scored(f"{n}.webp", "one", method, {"psnr": 20.0 + n, "gain": n / 2}))
    return Measured(a_report(), scores, gallery)


def test_the_folder(measured, tmp_path):
    pytest.importorskip("matplotlib")
    folder = tmp_path / "deep" / "report"
    prepare_folder(folder)
    page = write_folder(folder, measured)
    prepare_folder(folder)  # of an older report a new one may take the place
    assert page == folder / "report.html"
    plots = sorted(path.name for path in (folder / "plots").iterdir())
    assert plots == ["distributions.png", "hints.png", "sources.png", "vividness.png"]
    pictures = sorted((folder / "pictures").iterdir())
    assert len(pictures) == 6
    for file in (*pictures, *(folder / "plots").iterdir()):
        assert f"{file.parent.name}/{file.name}" in page.read_text(encoding="utf-8")
        with Image.open(file) as picture:
            picture.verify()
    assert json.loads((folder / "metrics.json").read_text(encoding="utf-8"))["photos"] == 7
    assert (folder / "metrics.csv").stat().st_size > 100


def test_the_table(tmp_path):
    scores = [Scored("a,b.webp", "one", "tiny", {"psnr": 20.5}), Scored("c.webp", "two", "x", {"psnr": 1, "ssim": 0.9})]
    write_csv(tmp_path / "m.csv", scores)
    with (tmp_path / "m.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows == [
        {"photo": "a,b.webp", "source": "one", "method": "tiny", "psnr": "20.5", "ssim": ""},
        {"photo": "c.webp", "source": "two", "method": "x", "psnr": "1", "ssim": "0.9"},
    ]


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    pytest.importorskip("matplotlib")
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(ReportFolderError, match="other files"):
        prepare_folder(tmp_path)
    with pytest.raises(ReportFolderError, match="cannot be used"):
        prepare_folder(tmp_path / "letter.txt" / "below")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_without_matplotlib(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match="plots needs matplotlib"):
        prepare_folder(tmp_path / "report")
