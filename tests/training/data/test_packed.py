"""Photos decoded once: what is kept, what is left out and counted, and the cache."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from tests.training.making import encoded, grey_photo, packed, rule_photo, write_csv, write_rule_zip, write_zip
from training.data.entries import DataError
from training.data.packed import MIN_SIDE, decode, pack

ANY = "*.zip"


def test_folders_and_parts(tmp_path):
    write_rule_zip(tmp_path / "a.zip", 3)
    (tmp_path / "loose").mkdir()
    Image.fromarray(rule_photo(9, 100, 150)).save(tmp_path / "loose" / "x.jpg", quality=95)
    photos = pack([tmp_path / "a.zip", tmp_path / "loose"], ANY, short_side=64, min_colorfulness=10)
    assert len(photos) == 4
    assert photos.sizes.tolist() == [[64, 80]] * 3 + [[64, 96]]
    for n in range(3):
        assert np.abs(photos.photo(n).astype(int) - decode(encoded(rule_photo_of(photos.names[n])))).max() == 0
    assert photos.sources[-1] == "loose"
    assert set(photos.left_out.values()) == {0}


def rule_photo_of(name):
    """Which of the made-up photos has this name."""
    from tests.training.making import hashed_name

    return next(rule_photo(n) for n in range(3) if hashed_name(("one", "two")[n % 2], n) == name)


def test_what_cannot_teach_colour_is_counted(tmp_path, caplog):
    good = encoded(rule_photo(1))
    files = {
        "good.webp": good,
        "grey.webp": encoded(grey_photo()),
        "faint.webp": encoded(sepia_photo(6)),
        "sepia.webp": encoded(sepia_photo(40)),
        "cut.webp": good[: len(good) // 2],
        "text.jpg": b"this is not a picture",
        "empty.png": b"",
        "tiny.webp": encoded(rule_photo(2, MIN_SIDE - 1, 80)),
        "least.webp": encoded(rule_photo(2, MIN_SIDE, 80)),
        "same.webp": good,
    }
    write_zip(tmp_path / "p.zip", files)
    photos = pack([tmp_path], ANY, short_side=176, min_colorfulness=10)
    assert photos.names == ["good.webp", "least.webp"]
    assert photos.left_out == {"grey": 1, "sepia": 2, "damaged": 3, "too small": 1, "duplicate": 1}
    for name in ("cut.webp", "text.jpg", "empty.png"):
        assert name in caplog.text


def test_a_damaged_part_of_a_zip_is_counted(tmp_path):
    files = {"a.webp": encoded(rule_photo(1)), "b.webp": encoded(rule_photo(2))}
    part = write_zip(tmp_path / "p.zip", files)
    content = bytearray(part.read_bytes())
    content[200] ^= 0xFF
    part.write_bytes(content)
    photos = pack([tmp_path], ANY, short_side=176, min_colorfulness=10)
    assert photos.names == ["b.webp"]
    assert photos.left_out["damaged"] == 1


def sepia_photo(tone):
    return np.clip(grey_photo() + np.array([tone, 0, -tone]), 0, 255).astype(np.uint8)


def test_whoever_wants_all_gets_all(tmp_path):
    write_zip(tmp_path / "p.zip", {"grey.webp": encoded(grey_photo()), "sepia.webp": encoded(sepia_photo(40))})
    assert len(pack([tmp_path], ANY, short_side=176, min_colorfulness=0)) == 2


def test_small_photos_of_small_recipes(tmp_path):
    write_zip(tmp_path / "p.zip", {"a.webp": encoded(rule_photo(1))})
    assert pack([tmp_path], ANY, short_side=32, min_colorfulness=10).sizes.tolist() == [[32, 40]]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.webp": encoded(grey_photo())}, "The only picture is grey"),
        ({f"{n}.webp": encoded(grey_photo(64, 80 + n)) for n in range(3)}, "All 3 pictures are grey"),
        ({"a.webp": encoded(grey_photo()), "b.webp": b"?"}, "None of the 2 pictures can be used: 1 grey, 1 damaged"),
    ],
)
def test_nothing_usable(tmp_path, files, told):
    write_zip(tmp_path / "p.zip", files)
    with pytest.raises(DataError, match=told) as error:
        pack([tmp_path], ANY, short_side=176, min_colorfulness=10)
    assert error.value.advice


def test_labels(tmp_path):
    names = write_rule_zip(tmp_path / "p.zip", 4)
    rows = [
        {"file": name, "source": "s", "label": label}
        for name, label in zip(names, ["cat", "", "bird", "cat"], strict=True)
    ]
    write_csv(tmp_path / "p.csv", rows)
    photos = pack([tmp_path], ANY, short_side=64, min_colorfulness=10)
    assert photos.label_names == ["bird", "cat"]
    assert {name: int(label) for name, label in zip(photos.names, photos.labels, strict=True)} == dict(
        zip(names, [1, -1, 0, 1], strict=True)
    )


def test_pixels_of_many_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("training.data.packed.BLOCK", 1000)
    names = write_rule_zip(tmp_path / "p.zip", 3)
    photos = pack([tmp_path / "p.zip"], ANY, 64, 10)
    assert photos.pixels.shape == (3 * 64 * 80, 3)
    for n, name in enumerate(photos.names):
        np.testing.assert_array_equal(photos.photo(n), decode(encoded(rule_photo_of(name))))
    assert sorted(names) == photos.names


def same(one, other):
    for name in ("pixels", "starts", "sizes", "labels"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert getattr(one, name).dtype == getattr(other, name).dtype
    return (one.names, one.sources, one.left_out) == (other.names, other.sources, other.left_out)


def test_the_cache_gives_the_same_photos(tmp_path):
    write_rule_zip(tmp_path / "p.zip", 4)
    cache = tmp_path / "cache"
    fresh = pack([tmp_path / "p.zip"], ANY, 64, 10, cache)
    again = pack([tmp_path / "p.zip"], ANY, 64, 10, cache)
    assert isinstance(again.pixels, np.memmap)
    assert same(fresh, again)
    assert not list(cache.glob("*.new"))
    other = pack([tmp_path / "p.zip"], ANY, 50, 10, cache)  # another size is another cache
    assert other.sizes.min() == 50
    assert len(list(cache.iterdir())) == 4


def test_photos_changed_in_place_are_read_again(tmp_path):
    write_rule_zip(tmp_path / "p.zip", 4)
    cache = tmp_path / "cache"
    pack([tmp_path / "p.zip"], ANY, 64, 10, cache)
    write_zip(tmp_path / "p.zip", {name: encoded(rule_photo(9)) for name in write_rule_zip(tmp_path / "p.zip", 4)[:1]})
    changed = pack([tmp_path / "p.zip"], ANY, 64, 10, cache)
    assert len(changed) == 1
    assert same(changed, pack([tmp_path / "p.zip"], ANY, 64, 10, cache))
    assert len(list(cache.iterdir())) == 2  # the old one is replaced


def test_decoding_turns_upright_and_shrinks():
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    Image.fromarray(rule_photo(1, 100, 200)).save(file, "JPEG", exif=exif)
    assert decode(file.getvalue()).shape == (200, 100, 3)
    assert decode(file.getvalue(), 50).shape == (100, 50, 3)
    assert decode(file.getvalue(), 500).shape == (200, 100, 3)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "1"])
def test_decoding_gives_three_channels(mode):
    file = io.BytesIO()
    Image.fromarray(rule_photo(1)).convert(mode).save(file, "TIFF")
    assert decode(file.getvalue()).shape == (64, 80, 3)


def test_held_out_photos_are_never_trained_on():
    photos = packed([rule_photo(n, 24, 24) for n in range(200)])
    rest, out = photos.held_out(8)
    assert set(rest.names) | set(out.names) == set(photos.names)
    assert not set(rest.names) & set(out.names)
    assert 10 < len(out) < 45
    np.testing.assert_array_equal(out.photo(0), photos.photo(photos.names.index(out.names[0])))


def test_a_photo_is_held_out_by_what_it_shows():
    photos = packed([rule_photo(n, 24, 24) for n in range(200)])
    out = photos.held_out(8)[1]
    half = photos.subset(range(0, 200, 2))
    assert set(half.held_out(8)[1].names) == set(out.names) & set(half.names)
    renamed = dataclasses.replace(photos, names=[f"other {n}" for n in range(200)])
    np.testing.assert_array_equal(renamed.held_out(8)[1].starts, out.starts)


def test_near_duplicates_share_their_fate():
    originals = [rule_photo(n, 48, 60) for n in range(60)]
    copies = [decode(encoded(photo, "JPEG"), 40) for photo in originals]
    photos = packed([*originals, *copies])
    rest, out = photos.held_out(4)
    assert {int(name.split(".")[0]) % 60 for name in out.names}.isdisjoint(
        int(name.split(".")[0]) % 60 for name in rest.names
    )
    assert len(out) % 2 == 0


@pytest.mark.parametrize("count", [2, 3])
def test_even_of_few_photos_one_is_held_out(count):
    rest, out = packed([rule_photo(n) for n in range(count)]).held_out(10**9)
    assert (len(rest), len(out)) == (count - 1, 1)
    rest, out = packed([rule_photo(n) for n in range(count)]).held_out(1)
    assert (len(rest), len(out)) == (count - 1, 1)


def test_one_photo_cannot_be_trained_on_and_held_out():
    with pytest.raises(DataError, match="one photo"):
        packed([rule_photo(0)]).held_out()
    with pytest.raises(DataError, match="All photos show the same"):
        packed([rule_photo(0), rule_photo(0), rule_photo(0)]).held_out()
