"""Which pictures are found where, and what is known about them."""

import pytest

from tests.training.making import encoded, rule_photo, write_csv, write_zip
from training.data.entries import DataError, find_entries, read_all

ANY = "*.zip"


def names_and_sources(places, parts=ANY):
    return [(entry.name, entry.source) for entry in find_entries(places, parts)]


def test_parts_of_a_folder(tmp_path):
    write_zip(tmp_path / "photos-train-01.zip", {"b-2.webp": b"", "a-1.jpg": b"", "notes.txt": b"", "sub/c-3.PNG": b""})
    write_zip(tmp_path / "photos-train-00.zip", {"z-9.webp": b""})
    write_zip(tmp_path / "photos-val.zip", {"v-1.webp": b""})
    (tmp_path / "loose.jpg").touch()
    found = names_and_sources([tmp_path], "*train*.zip")
    assert [name for name, _ in found] == ["z-9.webp", "a-1.jpg", "b-2.webp", "sub/c-3.PNG"]
    assert [source for _, source in found] == ["z", "a", "b", "c"]


def test_a_folder_without_parts(tmp_path):
    for name in ("b.jpg", "a.TIFF", "deep/er/c.png", "text.txt", "d.webp"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    entries = find_entries([tmp_path], ANY)
    assert [entry.name for entry in entries] == ["a.TIFF", "b.jpg", "d.webp", "deep/er/c.png"]
    assert {entry.source for entry in entries} == {tmp_path.name}


def test_a_zip_file_given_by_itself_always_counts(tmp_path):
    part = write_zip(tmp_path / "holiday.zip", {"a.jpg": b""})
    assert names_and_sources([part, tmp_path], "holi*.zip") == [("a.jpg", "holiday")] * 2
    assert names_and_sources([part], "*train*.zip") == [("a.jpg", "holiday")]


def test_facts_from_a_table(tmp_path):
    write_zip(tmp_path / "p.zip", dict.fromkeys(("a-1.webp", "b-2.webp", "c-3.webp", "d-4.webp"), b""))
    rows = [
        {"file": "a-1.webp", "source": "museum", "label": "coat"},
        {"file": "b-2.webp", "source": "museum", "label": ""},
        {"file": "c-3.webp", "source": "", "label": "cat"},
    ]
    write_csv(tmp_path / "facts.csv", rows)
    found = [(entry.source, entry.label) for entry in find_entries([tmp_path], ANY)]
    assert found == [("museum", "coat"), ("museum", ""), ("c", "cat"), ("d", "")]
    assert [entry.source for entry in find_entries([tmp_path / "p.zip"], ANY)] == ["museum", "museum", "c", "d"]


def test_nothing_to_be_found(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        find_entries([tmp_path / "nowhere"], ANY)
    with pytest.raises(DataError, match="No photos were found") as told:
        find_entries([tmp_path], "*train*.zip")
    assert "*train*.zip" in told.value.advice


def test_a_zip_file_that_is_none(tmp_path):
    (tmp_path / "half.zip").write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(DataError, match=r"half\.zip"):
        find_entries([tmp_path], ANY)


def test_reading_in_order(tmp_path):
    photo = encoded(rule_photo(0))
    write_zip(tmp_path / "one.zip", {"a.webp": photo, "b.webp": b"second"})
    folder = tmp_path / "loose"
    folder.mkdir()
    (folder / "c.webp").write_bytes(b"third")
    entries = find_entries([tmp_path, folder], ANY)
    assert list(read_all(entries)) == [photo, b"second", b"third"]
    assert list(read_all(entries[::-1])) == [b"third", b"second", photo]


def test_what_cannot_be_read_is_told_and_passed_over(tmp_path, caplog):
    part = write_zip(tmp_path / "one.zip", {"a.webp": b"A" * 500, "b.webp": b"B" * 500})
    folder = tmp_path / "loose"
    folder.mkdir()
    (folder / "c.webp").write_bytes(b"third")
    entries = find_entries([part, folder], ANY)
    part.write_bytes(part.read_bytes().replace(b"A" * 500, b"A" * 499 + b"X"))  # its checksum is wrong now
    (folder / "c.webp").unlink()
    assert list(read_all(entries)) == [None, b"B" * 500, None]
    assert "a.webp" in caplog.text
    assert "c.webp" in caplog.text
