"""A journal in a folder that others can write to may say anything; nothing outside the output folder is touched."""

import os
import sqlite3

import pytest

from tests.painting import contents, make_photo, of, run


@pytest.mark.parametrize("state", ["done", "saving"])
@pytest.mark.parametrize("target", ["../photos/2.jpg", "../elsewhere/new.jpg", "/absolute"])
def test_outputs_elsewhere_are_not_believed(tmp_path, state, target):
    """The row of one photo says that its output is another's source, or anywhere: with its true size and time."""
    photos, output, elsewhere = tmp_path / "photos", tmp_path / "photos-color", tmp_path / "elsewhere"
    for number in range(3):
        make_photo(photos / f"{number}.jpg", seed=number)
    elsewhere.mkdir()
    run(photos)
    name = os.fsencode(elsewhere / "new.jpg") if target == "/absolute" else target.encode()
    victim = photos / "2.jpg"
    status = victim.stat()
    connection = sqlite3.connect(output / ".autochrome" / "journal.sqlite")
    with connection:
        connection.execute(
            "UPDATE photos SET output = ?, state = ? WHERE source = ?", (name, state, b"../photos/1.jpg")
        )
        connection.execute(
            "INSERT OR REPLACE INTO outputs (name, source, size, mtime_ns) VALUES (?, ?, ?, ?)",
            (name, b"../photos/1.jpg", status.st_size, status.st_mtime_ns),
        )
    connection.close()
    (output / "1.jpg").unlink()
    before = contents(photos)
    summary, events = run(photos, quality=80)
    assert contents(photos) == before
    assert list(elsewhere.iterdir()) == []
    assert summary.failed == 0
    assert all(event.output.is_relative_to(output) for event in of(events, "done"))


def test_a_link_in_the_output_folder_leads_to_no_source(tmp_path):
    """The folder of a photo's output is a link to the folder of the photo, and the journal calls the photo its own."""
    photos, output = tmp_path / "photos", tmp_path / "photos-color"
    make_photo(photos / "below" / "1.jpg")
    run(photos)
    victim = photos / "below" / "1.jpg"
    (output / "below" / "1.jpg").unlink()
    (output / "below").rmdir()
    (output / "below").symlink_to(photos / "below")
    connection = sqlite3.connect(output / ".autochrome" / "journal.sqlite")
    with connection:
        status = victim.stat()
        connection.execute("UPDATE outputs SET size = ?, mtime_ns = ?", (status.st_size, status.st_mtime_ns))
    connection.close()
    before = victim.read_bytes()
    run(photos, quality=80)
    assert victim.read_bytes() == before
