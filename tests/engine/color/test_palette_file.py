"""Palettes as other programs write and read them."""

import os
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color.palette_file import MOST_BYTES, Palette, read_palette, write_palette
from engine.errors import PaletteError

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30).map(
    lambda text: " ".join(text.split())
)
COATS = Palette("Coats", ("#7d2a2f", "#000000"), ("the red one", ""))


@given(LINES.filter(bool), st.lists(st.tuples(COLORS, LINES), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read_back(tmp_path_factory, name, entries):
    palette = Palette(name, tuple(color for color, _ in entries), tuple(name for _, name in entries))
    path = tmp_path_factory.mktemp("palettes") / "a.gpl"
    write_palette(path, palette)
    assert read_palette(path) == palette
    assert [left.name for left in path.parent.iterdir()] == ["a.gpl"]


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_a_clear_error_and_stay(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("palettes") / "a.gpl"
    path.write_bytes(content)
    with pytest.raises(PaletteError, match="not a GIMP palette"):
        read_palette(path)
    with pytest.raises(PaletteError, match="not a palette"):
        write_palette(path, COATS)
    assert path.read_bytes() == content


def test_a_palette_of_gimp(tmp_path):
    path = tmp_path / "Bears.gpl"
    path.write_bytes(
        b"GIMP Palette\r\nName: Bears\r\nColumns: 4\r\n# grizzly\r\n#\r\n  8   8   8\tgrey3\r\n 68  44  44\r\n"
    )
    assert read_palette(path) == Palette("Bears", ("#080808", "#442c2c"), ("grey3", ""))


def test_other_programs_write_it_a_little_differently(tmp_path):
    path = tmp_path / "sea.gpl"
    path.write_bytes(b"\xef\xbb\xbfGIMP Palette\nChannels: RGBA\n#\n\n0 0 255 128 half\n255 0 0 255\n")
    assert read_palette(path) == Palette("sea", ("#0000ff", "#ff0000"), ("half", ""))
    path.write_bytes("GIMP Palette\nName: Grün\n1 2 3 Möwe\n".encode("latin-1"))
    assert read_palette(path) == Palette("Grün", ("#010203",), ("Möwe",))


@pytest.mark.parametrize(
    "line", ["1 2", "1 2 256", "-1 2 3", "a b c", "1 2 3.5 x", "1,2,3", "9" * 5000 + " 1 2", "٣ 1 2"]
)
def test_a_damaged_line_is_named(tmp_path, line):
    path = tmp_path / "a.gpl"
    path.write_text(f"GIMP Palette\nName: x\n1 2 3 good\n{line}\n", encoding="utf-8")
    with pytest.raises(PaletteError, match=r"a\.gpl: line 4 is not a colour"):
        read_palette(path)


def test_what_is_no_palette(tmp_path):
    with pytest.raises(PaletteError, match="could not be read"):
        read_palette(tmp_path / "absent.gpl")
    with pytest.raises(PaletteError, match="could not be read"):
        read_palette(tmp_path)
    empty = tmp_path / "empty.gpl"
    empty.write_text("GIMP Palette\nName: nothing\n")
    with pytest.raises(PaletteError, match="no colours"):
        read_palette(empty)
    large = tmp_path / "large.gpl"
    large.write_bytes(b"GIMP Palette\n" + b"1 2 3\n" * (MOST_BYTES // 6))
    with pytest.raises(PaletteError, match="too large"):
        read_palette(large)
    large.write_bytes(b"GIMP Palette\n" + b"1 2 3\n" * 10_001)
    with pytest.raises(PaletteError, match="more than 10000"):
        read_palette(large)


def test_a_palette_may_be_replaced(tmp_path):
    path = tmp_path / "a.gpl"
    write_palette(path, COATS)
    write_palette(path, Palette("Hats", ("#ffffff",), ("straw",)))
    assert read_palette(path).name == "Hats"
    assert path.read_text() == "GIMP Palette\nName: Hats\nColumns: 0\n#\n255 255 255\tstraw\n"


def test_a_palette_with_a_name_of_several_lines_stays_readable(tmp_path):
    path = tmp_path / "a.gpl"
    write_palette(path, Palette("two\nlines", ("#010203",), ("also\r\n\ttwo",)))
    assert read_palette(path) == Palette("two lines", ("#010203",), ("also two",))


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_stays_one(tmp_path):
    write_palette(tmp_path / "a.gpl", COATS)
    link = tmp_path / "link.gpl"
    link.symlink_to("a.gpl")
    write_palette(link, Palette("Hats", ("#ffffff",), ("",)))
    assert link.is_symlink()
    assert read_palette(tmp_path / "a.gpl").name == "Hats"
    dangling = tmp_path / "dangling.gpl"
    dangling.symlink_to("nowhere.gpl")
    with pytest.raises(PaletteError):
        write_palette(dangling, COATS)


def test_nothing_to_save_and_nowhere_to_save_it(tmp_path, monkeypatch):
    with pytest.raises(PaletteError, match="no colour to save"):
        write_palette(tmp_path / "a.gpl", Palette("none", (), ()))
    with pytest.raises(PaletteError, match="could not be written"):
        write_palette(tmp_path / "absent" / "a.gpl", COATS)
    write_palette(tmp_path / "a.gpl", COATS)

    def refuse(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(PaletteError, match="No space left"):
        write_palette(tmp_path / "a.gpl", Palette("Hats", ("#ffffff",), ("",)))
    assert read_palette(tmp_path / "a.gpl") == COATS
    assert [left.name for left in tmp_path.iterdir()] == ["a.gpl"]


def test_a_palette_is_whole():
    with pytest.raises(ValueError, match="2 colours with 1 names"):
        Palette("a", ("#000000", "#ffffff"), ("x",))
    with pytest.raises(ValueError, match="#rrggbb"):
        Palette("a", ("#FFFFFF",), ("x",))
