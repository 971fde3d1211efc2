"""What formats hold, and what files are called."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLocale

from desktop.dialogs.formats import can_save, format_for, format_of_name, losses, with_suffix
from engine import Photo


def photo(format="JPEG", *, bits=8, alpha=False, pages=1, side=10):
    depth = np.uint16 if bits > 8 else np.uint8
    return Photo(
        path=Path("/photos/x.jpg"),
        pixels=np.broadcast_to(np.zeros((1, 1), depth), (10, side)),
        alpha=np.zeros((10, side), depth) if alpha else None,
        page=0,
        page_count=pages,
        format=format,
        bit_depth=bits,
        source_kind="grey",
    )


@pytest.mark.parametrize(
    ("format", "bits", "alpha", "becomes"),
    [
        ("JPEG", 8, False, "JPEG"),
        ("TIFF", 16, False, "TIFF"),
        ("WebP", 8, True, "WebP"),
        ("BMP", 8, False, "PNG"),
        ("GIF", 8, False, "PNG"),
        ("RAW", 16, False, "TIFF"),
        ("HEIC", 8, False, "JPEG"),
        ("HEIC", 8, True, "PNG"),
        ("AVIF", 16, False, "PNG"),
    ],
)
def test_the_same_format_is_the_engines(format, bits, alpha, becomes):
    from engine.photo import output_format

    assert format_for("same", photo(format, bits=bits, alpha=alpha)) == becomes
    assert output_format(format, bit_depth=bits, has_alpha=alpha) == becomes


def test_a_format_of_ones_own_choice(qapp):
    assert format_for("webp", photo()) == "WebP"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WebP"])
def test_a_plain_photo_loses_nothing(format):
    assert losses(format, photo()) == []
    assert can_save(format, photo())


def test_what_is_lost_is_told():
    scan = photo("TIFF", bits=16, alpha=True)
    assert ["8 bits" in sentence for sentence in losses("WebP", scan)] == [True]
    assert ["8 bits" in sentence or "transparency" in sentence for sentence in losses("JPEG", scan)] == [True, True]
    assert losses("PNG", scan) == losses("TIFF", scan) == []
    assert can_save("JPEG", scan)


@pytest.fixture
def _english():
    former = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(former)


@pytest.mark.usefixtures("_english")
def test_what_cannot_be_saved_is_told():
    pages, wide = photo("TIFF", pages=3), photo(side=20_000)
    assert "one page" in losses("PNG", pages)[0]
    assert not can_save("PNG", pages)
    assert can_save("TIFF", pages)
    assert "16,383" in losses("WebP", wide)[0]
    assert "20,000" in losses("WebP", wide)[0]
    assert not can_save("WebP", wide)
    assert can_save("JPEG", wide)


@pytest.mark.parametrize(
    ("name", "format", "becomes"),
    [
        ("a.jpg", "PNG", "a.png"),
        ("a.JPEG", "JPEG", "a.JPEG"),
        ("a", "JPEG", "a.jpg"),
        ("St. Moritz 1920", "TIFF", "St. Moritz 1920.tif"),
        ("a.tiff", "TIFF", "a.tiff"),
        (".jpg", "JPEG", ".jpg.jpg"),
        ("a.b.png", "WebP", "a.b.webp"),
    ],
)
def test_the_suffix_follows_the_format(name, format, becomes):
    assert with_suffix(name, format) == becomes


def test_a_suffix_stands_for_a_format():
    assert [format_of_name(name) for name in ("x.JPG", "x.tiff", "x.doc", "x", ".png")] == [
        "JPEG",
        "TIFF",
        None,
        None,
        None,
    ]
