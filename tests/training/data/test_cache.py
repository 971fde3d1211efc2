"""Packed photos kept on disk: whole or not at all."""

import errno
import json
import logging

import numpy as np
import pytest

from tests.training.making import write_zip
from training.data import cache
from training.data.entries import find_entries

PIXELS = np.random.default_rng(0).integers(0, 256, (500, 3), np.uint8)
FACTS = {"names": ["a", "b"]}


def test_what_is_stored_is_loaded(tmp_path):
    cache.store(tmp_path / "new", "x", "print", PIXELS, FACTS)
    loaded = cache.load(tmp_path / "new", "x", "print")
    assert loaded is not None
    np.testing.assert_array_equal(loaded[0], PIXELS)
    assert loaded[0].flags.writeable  # or torch would take a copy
    assert loaded[1]["names"] == ["a", "b"]


def test_nothing_where_nothing_fits(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    assert cache.load(tmp_path, "x", "print") is None
    assert not caplog.text
    cache.store(tmp_path, "x", "print", PIXELS, FACTS)
    assert cache.load(tmp_path, "x", "another") is None
    assert "have changed" in caplog.text


def cut(folder):
    path = folder / "x.npy"
    path.write_bytes(path.read_bytes()[:-100])


def flip(folder):
    path = folder / "x.npy"
    content = bytearray(path.read_bytes())
    content[-50] ^= 1
    path.write_bytes(bytes(content))


def lose(folder):
    (folder / "x.npy").unlink()


def half_facts(folder):
    path = folder / "x.json"
    path.write_bytes(path.read_bytes()[:20])


def other_facts(folder):
    (folder / "x.json").write_text(json.dumps({"fingerprint": "print"}))


def list_of_facts(folder):
    (folder / "x.json").write_text("[1]")


@pytest.mark.parametrize("damage", [cut, flip, lose, half_facts, other_facts, list_of_facts])
def test_a_damaged_cache_is_told_and_not_taken(tmp_path, caplog, damage):
    cache.store(tmp_path, "x", "print", PIXELS, FACTS)
    damage(tmp_path)
    assert cache.load(tmp_path, "x", "print") is None
    assert "damaged" in caplog.text
    cache.store(tmp_path, "x", "print", PIXELS, FACTS)
    assert cache.load(tmp_path, "x", "print") is not None


def test_a_full_disk_costs_the_cache_alone(tmp_path, caplog, monkeypatch):
    def full(file, _pixels):
        file.write(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    cache.store(tmp_path, "x", "print", PIXELS, FACTS)
    assert "No space left" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path, caplog):
    (tmp_path / "file").touch()
    cache.store(tmp_path / "file" / "in", "x", "print", PIXELS, FACTS)
    assert "cannot be kept" in caplog.text


def prints(folder):
    return cache.fingerprint(find_entries([folder], "*.zip"))


def test_fingerprints_notice_every_change(tmp_path):
    loose, parts = tmp_path / "loose", tmp_path / "parts"
    loose.mkdir()
    (loose / "a.jpg").write_bytes(b"one")
    write_zip(parts / "p.zip", {"a.jpg": b"one"})
    before = {folder: prints(folder) for folder in (loose, parts)}
    assert {folder: prints(folder) for folder in (loose, parts)} == before
    (loose / "a.jpg").write_bytes(b"three")
    write_zip(parts / "p.zip", {"a.jpg": b"three"})
    assert prints(loose) != before[loose]
    assert prints(parts) != before[parts]
    now = prints(loose)
    (loose / "b.jpg").touch()
    assert prints(loose) != now
    entries = find_entries([loose], "*.zip")
    (loose / "b.jpg").unlink()
    assert cache.fingerprint(entries) != now  # a file that is gone is no reason to fail
