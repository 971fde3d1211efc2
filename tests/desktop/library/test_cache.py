import hashlib
import os
import stat

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

import desktop.library.cache as cache_module
from desktop.library import ThumbnailCache
from desktop.library.cache import default_root
from desktop.library.png import png_with_texts
from desktop.library.uri import file_uri
from desktop.pixels import pixels_of
from engine import PhotoError
from tests.desktop.library.conftest import LONG_AGO, old_photo
from tests.painting import make_photo


def name_of(path):
    return hashlib.md5(file_uri(path).encode()).hexdigest() + ".png"


def kept(cache):
    return sorted(str(path.relative_to(cache.root)) for path in cache.root.rglob("*") if path.is_file())


@pytest.fixture
def made(monkeypatch):
    """Which photos thumbnails were made of."""
    calls = []
    real = cache_module.read_thumbnail
    monkeypatch.setattr(cache_module, "read_thumbnail", lambda path, side: calls.append(path) or real(path, side))
    return calls


def test_a_thumbnail_is_made_once_and_then_read(cache, tmp_path, made):
    photo = old_photo(tmp_path / "a.jpg", width=600, height=300)
    first, second = cache.image(photo, 200), cache.image(photo, 200)
    assert (first.width(), first.height()) == (256, 128)
    assert np.array_equal(pixels_of(first), pixels_of(second))
    assert made == [photo]
    assert kept(cache) == [f"large/{name_of(photo)}"]


@pytest.mark.parametrize(("size", "folder"), [(128, "normal"), (129, "large"), (512, "x-large"), (2000, "xx-large")])
def test_each_size_has_its_folder(cache, tmp_path, size, folder):
    photo = old_photo(tmp_path / "a.jpg", width=1100, height=50)
    cache.image(photo, size)
    assert kept(cache) == [f"{folder}/{name_of(photo)}"]


def test_a_file_says_what_the_specification_asks_for(cache, tmp_path):
    photo = old_photo(tmp_path / "ä;1.jpg")
    cache.image(photo, 128)
    with Image.open(cache.root / "normal" / name_of(photo)) as thumbnail:
        assert (thumbnail.mode, thumbnail.size, thumbnail.info.get("interlace")) == ("RGBA", (48, 32), None)
        assert thumbnail.text == {
            "Thumb::URI": file_uri(photo),
            "Thumb::MTime": str(LONG_AGO),
            "Thumb::Size": str(photo.stat().st_size),
            "Software": "Autochrome",
        }


def test_the_texts_are_plain_chunks_before_the_pixels():
    long = "file:///" + "x" * 300
    content = png_with_texts(np.zeros((2, 2, 3), np.uint8), {"Thumb::URI": long, "Cause": "damaged …"})
    assert b"tEXtThumb::URI\0" + long.encode() in content
    assert content.index(b"tEXt") < content.index(b"iTXt") < content.index(b"IDAT")
    image = QImage.fromData(content)
    assert (image.text("Thumb::URI"), image.text("Cause")) == (long, "damaged …")


def test_pixels_survive_the_file():
    pixels = np.random.default_rng(1).integers(0, 256, (37, 53, 3), np.uint8)
    assert np.array_equal(pixels_of(QImage.fromData(png_with_texts(pixels, {}))), pixels)


@pytest.mark.skipif(os.name == "nt", reason="permissions are others on Windows")
def test_nobody_else_may_look(cache, tmp_path):
    cache.image(old_photo(tmp_path / "a.jpg"), 128)
    folders = [cache.root, cache.root / "normal"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in folders] == [0o700, 0o700]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (cache.root / "normal").iterdir()] == [0o600]


def test_a_changed_photo_gets_a_new_thumbnail(cache, tmp_path, made):
    photo = old_photo(tmp_path / "a.jpg")
    cache.image(photo, 128)
    old_photo(photo, width=30, height=60)
    os.utime(photo, (LONG_AGO + 1, LONG_AGO + 1))
    assert cache.image(photo, 128).height() == 60
    assert made == [photo, photo]


def test_a_photo_of_the_same_second_but_another_size_is_another(cache, tmp_path):
    photo = old_photo(tmp_path / "a.jpg")
    cache.image(photo, 128)
    old_photo(photo, width=30, height=60)
    assert cache.image(photo, 128).height() == 60


def test_a_photo_that_was_changed_just_now_is_not_kept(cache, tmp_path):
    cache.image(make_photo(tmp_path / "a.jpg"), 128)
    assert kept(cache) == []


def test_thumbnails_of_other_programs_are_used(cache, tmp_path, made):
    photo = old_photo(tmp_path / "a.jpg")
    texts = {"Thumb::URI": file_uri(photo), "Thumb::MTime": f"{LONG_AGO}.0"}  # without a size, which is optional
    (cache.root / "normal").mkdir(parents=True)
    clear = np.zeros((20, 10, 4), np.uint8)
    (cache.root / "normal" / name_of(photo)).write_bytes(png_with_texts(clear, texts))
    image = cache.image(photo, 100)
    assert (image.width(), image.height(), image.pixelColor(5, 5).name()) == (10, 20, "#ffffff")
    assert made == []


def test_a_larger_thumbnail_serves_too(cache, tmp_path, made):
    photo = old_photo(tmp_path / "a.jpg", width=300, height=200)
    cache.image(photo, 256)
    assert cache.image(photo, 100).width() == 256
    assert made == [photo]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        png_with_texts(np.zeros((5, 5, 3), np.uint8), {}),
        png_with_texts(np.zeros((5, 5, 3), np.uint8), {"Thumb::URI": "file:///other", "Thumb::MTime": str(LONG_AGO)}),
        png_with_texts(np.zeros((999, 5, 3), np.uint8), {"Thumb::MTime": str(LONG_AGO)}),
    ],
)
def test_what_is_no_thumbnail_of_this_photo_is_replaced(cache, tmp_path, content):
    photo = old_photo(tmp_path / "a.jpg")
    (cache.root / "normal").mkdir(parents=True)
    (cache.root / "normal" / name_of(photo)).write_bytes(content)
    assert cache.image(photo, 128).width() == 48
    assert QImage(str(cache.root / "normal" / name_of(photo))).text("Thumb::URI") == file_uri(photo)


def test_a_failure_is_remembered_until_the_photo_changes(cache, tmp_path, made):
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"no picture at all")
    os.utime(photo, (LONG_AGO, LONG_AGO))
    causes = []
    for _ in range(2):
        with pytest.raises(PhotoError) as caught:
            cache.image(photo, 128)
        causes.append(caught.value.cause)
    assert causes[0] == causes[1]
    assert made == [photo]
    assert kept(cache) == [f"fail/autochrome-test/{name_of(photo)}"]
    old_photo(photo)
    assert cache.image(photo, 128).width() == 48


def test_what_an_advice_may_mend_is_not_remembered(cache, tmp_path, monkeypatch):
    photo = old_photo(tmp_path / "a.jpg")

    def fail(path, side):
        raise PhotoError(path, "it needs an extra.", "Install it.")

    monkeypatch.setattr(cache_module, "read_thumbnail", fail)
    with pytest.raises(PhotoError):
        cache.image(photo, 128)
    assert kept(cache) == []


def test_a_missing_photo_is_no_secret_of_the_cache(cache, tmp_path):
    photo = old_photo(tmp_path / "a.jpg")
    cache.image(photo, 128)
    photo.unlink()
    with pytest.raises(PhotoError):
        cache.image(photo, 128)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may read everything")
def test_what_may_not_be_read_is_not_shown_from_the_cache(cache, tmp_path):
    photo = old_photo(tmp_path / "a.jpg")
    cache.image(photo, 128)
    photo.chmod(0)
    with pytest.raises(PhotoError):
        cache.image(photo, 128)


def test_there_are_no_thumbnails_of_thumbnails(cache, tmp_path):
    photo = old_photo(tmp_path / "a.jpg")
    cache.image(photo, 128)
    thumbnail = cache.root / "normal" / name_of(photo)
    os.utime(thumbnail, (LONG_AGO, LONG_AGO))
    (tmp_path / "way").symlink_to(cache.root)
    for path in (thumbnail, tmp_path / "way" / "normal" / thumbnail.name):
        assert cache.image(path, 128).width() == 48
    assert kept(cache) == [f"normal/{name_of(photo)}"]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = ThumbnailCache(tmp_path / "file" / "thumbnails")
    assert cache.image(old_photo(tmp_path / "a.jpg"), 128).width() == 48


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_name_that_is_no_text_has_a_thumbnail_too(cache, tmp_path, made):
    photo = old_photo(tmp_path / os.fsdecode(b"\xff\xe4.jpg"))
    assert cache.image(photo, 128).width() == cache.image(photo, 128).width() == 48
    assert made == [photo]
    assert "%FF%E4.jpg" in file_uri(photo)


@pytest.mark.skipif(os.name == "nt", reason="the freedesktop layout is for Linux")
def test_the_shared_folder_is_found(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    for value, root in (
        (str(tmp_path / "c"), tmp_path / "c"),
        ("relative", tmp_path / ".cache"),
        ("", tmp_path / ".cache"),
    ):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert default_root() == root / "thumbnails"
    monkeypatch.setattr("sys.platform", "darwin")
    assert "autochrome" in str(default_root())


def test_grey_pages_and_transparent_ones_are_shown(cache, tmp_path):
    photo = old_photo(tmp_path / "a.png", mode="LA")
    assert not cache.image(photo, 128).hasAlphaChannel()
