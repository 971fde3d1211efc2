import os
import unicodedata
from pathlib import Path

import pytest

from engine.batch.naming import LONGEST, Names, Wish, shortened
from engine.errors import CancelledError


def settle(tmp_path, *names, suffix=None, beside=False, kept=None, usable=lambda path: False):
    sources = [tmp_path / "in" / name for name in names]
    wishes = [
        Wish(
            source=source,
            folder=source.parent if beside else tmp_path / "out",
            suffix=suffix or source.suffix,
            usable=usable,
            beside=beside,
            kept=(kept or {}).get(source.name),
        )
        for source in sources
    ]
    return [path.name for path in Names(sources).settle(wishes)]


def test_free_names_stay(tmp_path):
    assert settle(tmp_path, "a.jpg", "b.jpeg", "noext") == ["a.jpg", "b.jpeg", "noext"]
    assert settle(tmp_path, "a.jpg", beside=True) == ["a-color.jpg"]


def test_collisions_keep_their_suffix(tmp_path):
    assert settle(tmp_path, "a.jpg", "a.tif", "b.jpg", suffix=".png") == ["a-jpg.png", "a-tif.png", "b.png"]
    assert settle(tmp_path, "a.jpg", "a.tif", suffix=".png", beside=True) == ["a-jpg-color.png", "a-tif-color.png"]


@pytest.mark.parametrize(
    "pair", [("A.jpg", "a.jpg"), ("é.jpg", unicodedata.normalize("NFD", "é.jpg")), ("ß.jpg", "SS.jpg")]
)
def test_names_that_a_disk_may_take_for_one(tmp_path, pair):
    first, second = settle(tmp_path, *pair)
    fold = {unicodedata.normalize("NFC", name.casefold()) for name in (first, second)}
    assert len(fold) == 2


def test_names_on_the_disk_are_not_taken(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.jpg").touch()
    (tmp_path / "out" / "a-color.jpg").symlink_to("nowhere")
    assert settle(tmp_path, "a.jpg") == ["a-color-2.jpg"]
    assert settle(tmp_path, "a.jpg", usable=lambda path: path.name == "a.jpg") == ["a.jpg"]


def test_no_output_bears_a_sources_name(tmp_path):
    assert settle(tmp_path, "a.jpg", "a-color.jpg", beside=True) == ["a-color-2.jpg", "a-color-color.jpg"]


def test_thousands_of_one_name_are_numbered(tmp_path):
    """`box*/0001.tif` into one folder: twenty times as many take about twenty times as long."""
    sources = [tmp_path / str(box) / "0001.tif" for box in range(5000)]
    wishes = [
        Wish(source=source, folder=tmp_path / "out", suffix=".tif", usable=lambda path: False) for source in sources
    ]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "0001-tif-color-7.tif").touch()
    settled = [path.name for path in Names(sources).settle(wishes)]
    assert len(set(settled)) == 5000
    assert settled[:3] == ["0001-tif.tif", "0001-tif-color.tif", "0001-tif-color-2.tif"]
    assert settled[-1] == "0001-tif-color-5000.tif"
    assert "0001-tif-color-7.tif" not in settled


def test_a_number_on_the_disk_is_still_its_own_photos(tmp_path):
    sources = [tmp_path / str(box) / "a.jpg" for box in range(6)]
    out = tmp_path / "out"
    out.mkdir()
    (out / "a-jpg-color-2.jpg").touch()

    def wish(source):
        own = source.parent.name == "5"
        return Wish(source=source, folder=out, suffix=".jpg", usable=lambda path: own)

    settled = [path.name for path in Names(sources).settle([wish(source) for source in sources])]
    assert settled[5] == "a-jpg-color-2.jpg"
    assert len(set(settled)) == 6


def test_names_of_an_earlier_run_stay(tmp_path):
    kept = {"a.jpg": tmp_path / "out" / "a.png"}
    assert settle(tmp_path, "a.jpg", "a.tif", suffix=".png", kept=kept) == ["a.png", "a-tif.png"]


def test_another_format_frees_the_former_name(tmp_path):
    source = tmp_path / "in" / "a.jpg"
    wish = Wish(source=source, folder=tmp_path / "out", suffix=".jpg", usable=lambda path: False)
    names = Names([source])
    (former,) = names.settle([wish])
    again = Wish(source=source, folder=tmp_path / "out", suffix=".png", usable=lambda path: False)
    assert names.settle_again(again, former) == tmp_path / "out" / "a.png"
    other = Wish(source=tmp_path / "in" / "a.png", folder=tmp_path / "out", suffix=".jpg", usable=lambda path: False)
    assert names.settle([other]) == [former]


@pytest.mark.parametrize("stem", ["x" * 255, "é" * 127, os.fsdecode(b"\xff" * 255)])
def test_long_names_are_cut_alike_and_apart(stem):
    cut = shortened(stem, "-color.jpg")
    assert len(os.fsencode(cut)) <= LONGEST
    assert cut == shortened(stem, "-color.jpg")
    assert cut != shortened(stem[:-1] + "y", "-color.jpg")
    assert cut.endswith("-color.jpg")
    assert Path(cut).name == cut


def test_settling_can_be_ended_before_its_end(tmp_path):
    wishes = [
        Wish(source=tmp_path / name, folder=tmp_path / "out", suffix=".jpg", usable=lambda path: False)
        for name in ("a.jpg", "b.jpg", "c.jpg")
    ]
    asked = []

    def check():
        asked.append(None)
        if len(asked) == 2:
            raise CancelledError("enough")

    names = Names(wish.source for wish in wishes)
    with pytest.raises(CancelledError):
        names.settle(wishes, check)
    assert len(asked) == 2
