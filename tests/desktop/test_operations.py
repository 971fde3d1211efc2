"""What goes on in the background, by itself; `flows` has it through the window."""

import os

from desktop.operations import stamp_of, weight_sizes
from engine import find_model
from tests.training.making import install


def test_sizes_of_weight_files_and_those_that_are_gone_are_left_out():
    here, gone = (install(name) for name in ("here", "gone"))
    models = [find_model("here"), find_model("gone")]
    gone.unlink()
    assert weight_sizes(models) == {"here": here.stat().st_size}


def test_a_stamp_tells_one_content_from_another(tmp_path):
    file = tmp_path / "a.jpg"
    assert stamp_of(file) is None
    file.write_bytes(b"one")
    first = stamp_of(file)
    assert stamp_of(file) == first
    file.write_bytes(b"three")
    assert stamp_of(file) != first
    second = stamp_of(file)
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1_000_000_000))
    assert stamp_of(file) != second
