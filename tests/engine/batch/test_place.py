"""An output folder is the one of the beginning, or it is gone."""

import os
import shutil
import sqlite3

import pytest

from engine.batch.journal import Row
from engine.batch.place import Place, opened


@pytest.fixture
def beside(tmp_path):
    """Outputs lie beside their sources."""
    (tmp_path / "photos").mkdir()
    with opened(Place(None, tmp_path / "state")) as shelf:
        yield shelf


def test_another_folder_in_its_place_is_not_taken_for_it(shelf, root, tmp_path):
    shelf.journal.store(Row(source=b"1"))
    away = root.rename(root.with_name("away"))
    assert not shelf.regain()
    root.mkdir()  # what a disk was mounted on
    assert not shelf.regain()
    assert shelf.journal.lost
    assert os.listdir(root) == []
    root.rmdir()
    with opened(Place(root, root / ".autochrome")):
        pass  # the output folder of another run
    assert not shelf.regain()
    shutil.rmtree(root)
    away.rename(root)
    assert shelf.regain()
    assert not shelf.journal.lost
    assert shelf.journal.row(b"1") is not None


def test_folders_are_made_below_the_output_folder_alone(shelf, root):
    shelf.make_folder(root / "a" / "b")
    shelf.make_folder(root / "a" / "b")
    shelf.make_folder(root)
    assert (root / "a" / "b").is_dir()
    (root / "file").touch()
    with pytest.raises(OSError, match="exists"):
        shelf.make_folder(root / "file" / "c")
    root.rename(root.with_name("away"))
    with pytest.raises(FileNotFoundError):
        shelf.make_folder(root / "a")
    assert not root.exists()
    root.mkdir()
    with pytest.raises(FileNotFoundError):
        shelf.make_folder(root / "a")
    assert os.listdir(root) == []


def test_a_photos_own_folder_is_never_made(beside, tmp_path):
    beside.make_folder(tmp_path / "photos")
    (tmp_path / "photos").rmdir()
    with pytest.raises(FileNotFoundError):
        beside.make_folder(tmp_path / "photos")
    assert not (tmp_path / "photos").exists()


def test_a_journal_that_another_run_holds_is_not_taken_up(shelf, root):
    shelf.journal.store(Row(source=b"1"))
    away = root.rename(root.with_name("away"))
    shutil.copytree(away, root)
    other = sqlite3.connect(root / ".autochrome" / "journal.sqlite")
    other.execute("BEGIN EXCLUSIVE")
    assert not shelf.regain()
    other.close()
    assert shelf.regain()
