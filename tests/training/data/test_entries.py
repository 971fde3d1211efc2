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


def write_list(path, text, encoding="utf-8"):
    path.write_text(text, encoding=encoding)
    return path


def test_a_list_of_loose_files(tmp_path):
    for name in ("b.jpg", "deep/a.png", "other.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    chosen = write_list(tmp_path / "mine.csv", "file,label,source\ndeep/a.png,cat,album\nb.jpg,,\n", "utf-8-sig")
    found = [(entry.name, entry.source, entry.label) for entry in find_entries([chosen], ANY)]
    assert found == [("deep/a.png", "album", "cat"), ("b.jpg", tmp_path.name, "")]
    assert list(read_all(find_entries([chosen], ANY))) == [b"", b""]


def test_a_list_of_photos_in_parts(tmp_path):
    write_zip(tmp_path / "p-train.zip", {"a-1.webp": b"first", "b-2.webp": b"second"})
    write_zip(tmp_path / "p-val.zip", {"c-3.webp": b"third"})
    rows = "part,file,source\np-train,b-2.webp,x\np-val.zip,c-3.webp,\np-train,a-1.webp,\n"
    chosen = write_list(tmp_path / "p.csv", rows)
    assert names_and_sources([chosen], "*train*.zip") == [("b-2.webp", "x"), ("a-1.webp", "a")]
    entries = find_entries([chosen], "other*.zip")
    assert [entry.name for entry in entries] == ["b-2.webp", "c-3.webp", "a-1.webp"]
    assert list(read_all(entries)) == [b"second", b"third", b"first"]


def test_photos_of_a_list_that_are_not_there(tmp_path, caplog):
    (tmp_path / "there.jpg").touch()
    write_zip(tmp_path / "p.zip", {"in.jpg": b""})
    gone = "".join(f",gone{n}.jpg\n" for n in range(7))
    chosen = write_list(tmp_path / "mine.csv", f"part,file\n,there.jpg\np,in.jpg\np,out.jpg\n{gone}")
    assert [entry.name for entry in find_entries([chosen], "none")] == ["there.jpg", "in.jpg"]
    assert "8 of the 10 photos" in caplog.text
    assert "out.jpg, gone0.jpg, gone1.jpg, gone2.jpg, gone3.jpg, …" in caplog.text
    (tmp_path / "there.jpg").unlink()
    alone = write_list(tmp_path / "alone.csv", "file\nthere.jpg\n")
    with pytest.raises(DataError, match=r"1 of the 1 photos that .*alone\.csv lists are not there: there\.jpg"):
        find_entries([alone], ANY)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"name,label\na.jpg,cat\n", 'no column "file"; its columns are: name, label'),
        (b"file;label\na.jpg;cat\n", 'no column "file"; its columns are: file;label'),
        (b"", "its columns are: none"),
        (b"file\n\xff\xfe\n", "cannot be read as a CSV file"),
        (b"file,label\n", "No photos were found"),
    ],
)
def test_lists_that_say_nothing(tmp_path, content, told):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=told) as error:
        find_entries([path], ANY)
    assert error.value.advice


def test_a_table_beside_photos_that_cannot_be_read_is_told(tmp_path, caplog):
    (tmp_path / "a.jpg").touch()
    (tmp_path / "ledger.csv").write_bytes(b"file\n\xff\xfe\n")
    assert len(find_entries([tmp_path], ANY)) == 1
    assert "ledger.csv" in caplog.text


def test_rows_may_be_short_or_long(tmp_path):
    (tmp_path / "a.jpg").touch()
    chosen = write_list(tmp_path / "mine.csv", "file,source,label\na.jpg\na.jpg,s,l,more\n")
    assert [(entry.source, entry.label) for entry in find_entries([chosen], ANY)] == [(tmp_path.name, ""), ("s", "l")]


def test_an_empty_folder(tmp_path):
    with pytest.raises(DataError, match="No photos were found in"):
        find_entries([tmp_path], ANY)


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
