import os
import socket
import unicodedata

import pytest

from engine.batch.scan import scan
from engine.errors import CancelledError, EngineError


@pytest.fixture
def tree(tmp_path):
    """Makes empty files, for nothing looks into them here."""

    def tree(*names):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
        return tmp_path

    return tree


def names(found):
    return [str(one.relative) for one in found]


def test_natural_order_and_only_pictures(tree):
    folder = tree("a10.jpg", "a2.JPG", "notes.txt", "b/a1.tif", "b/.hidden/c.png", "Thumbs.db")
    assert names(scan([folder])) == ["a2.JPG", "a10.jpg", "b/a1.tif", "b/.hidden/c.png"]


def test_files_that_are_named_are_always_tried(tree):
    folder = tree("scan.dat", "a.jpg")
    found = list(scan([folder / "scan.dat", folder]))
    assert names(found) == ["scan.dat", "a.jpg"]
    assert found[0].named
    assert not found[1].named


def test_own_folders_and_files_are_left_out(tree):
    folder = tree("a.jpg", "._a.jpg", ".autochrome/b.jpg", "out/c.jpg", ".autochrome-0123456789ab.part")
    assert names(scan([folder], outputs=[folder / "out"])) == ["a.jpg"]
    assert names(scan([folder / "out"], outputs=[folder / "out"])) == ["c.jpg"]


def test_each_file_once(tree):
    folder = tree("a.jpg", "b/c.jpg")
    os.link(folder / "a.jpg", folder / "hard.jpg")
    (folder / "soft.jpg").symlink_to(folder / "a.jpg")
    assert names(scan([folder, folder, folder / "b", folder / "a.jpg"])) == ["a.jpg", "b/c.jpg"]


def test_circles_and_links_above_the_tree_end(tree):
    folder = tree("in/a.jpg", "in/b/c.jpg", "other/d.jpg", "e.jpg")
    (folder / "in" / "b" / "again").symlink_to(folder / "in")
    (folder / "in" / "up").symlink_to(folder)
    (folder / "in" / "all").symlink_to("/")
    (folder / "in" / "other").symlink_to(folder / "other")
    (folder / "in" / "self.jpg").symlink_to(folder / "in" / "self.jpg")
    found = list(scan([folder / "in"]))
    assert names(found) == ["a.jpg", "self.jpg", "b/c.jpg", "other/d.jpg"]
    assert found[1].cause == "the link leads in a circle."


def test_what_is_no_file_is_not_opened(tree):
    folder = tree("a.jpg", "x.jpg/inside.png")
    os.mkfifo(folder / "pipe.jpg")
    (folder / "null.png").symlink_to("/dev/zero")
    (folder / "gone.jpg").symlink_to(folder / "nothing")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(folder)  # a socket's path has to be short
        try:
            server.bind("s.jpg")
        finally:
            os.chdir(here)
        found = {str(one.relative): one for one in scan([folder])}
    assert {name for name, one in found.items() if not one.cause} == {"a.jpg", "x.jpg/inside.png"}
    assert {name for name, one in found.items() if one.harmless} == {"pipe.jpg", "null.png", "s.jpg"}
    assert "leads nowhere" in found["gone.jpg"].cause
    (named,) = scan([folder / "pipe.jpg"])
    assert named.cause
    assert not named.harmless


def test_folder_that_cannot_be_read_is_one_row(tree, monkeypatch):
    folder = tree("a.jpg", "locked/b.jpg", "z/c.jpg")
    real = os.scandir

    def refuse(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = list(scan([folder]))
    assert names(found) == ["a.jpg", "locked", "z/c.jpg"]
    assert found[1].cause == "the folder cannot be read: permission denied."


def test_odd_names(tmp_path):
    odd = [
        "-n.jpg",
        "a\nb.jpg",
        "[red].jpg",
        "100%.jpg",
        "é.jpg",
        unicodedata.normalize("NFD", "é.jpg"),
        "شمس.jpg",
        " .jpg",
    ]
    raw = [os.fsencode(name) for name in odd] + [b"\xff\xfe.jpg"]
    for name in raw:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb"):
            pass
    assert sorted(os.fsencode(one.path.name) for one in scan([tmp_path])) == sorted(raw)


def test_deep_trees(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    depth = 1200  # deeper than Python may recurse
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    try:
        assert list(scan([tmp_path])) == []
    finally:
        for _ in range(depth):  # pytest's own clearing up recurses
            os.chdir("..")
            os.rmdir("d")


def test_missing_argument_is_told_before_anything_else(tree):
    folder = tree("a.jpg")
    with pytest.raises(EngineError, match="no file or folder"):
        list(scan([folder, folder / "missing"]))


def test_a_scan_can_be_ended_within_a_folder(tree):
    asked = []

    def check():
        asked.append(None)
        if len(asked) == 4:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        list(scan([tree(*(f"{number}.jpg" for number in range(5)))], check=check))
    assert len(asked) == 4
