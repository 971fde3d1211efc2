import pytest

from desktop.atomic import write_atomically


def test_a_file_is_written_and_replaced(tmp_path):
    file = tmp_path / "new" / "folder" / "x"
    for content in (b"one", b"two"):
        write_atomically(file, content)
        assert file.read_bytes() == content
    assert [path.name for path in file.parent.iterdir()] == ["x"]


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_a_failure_leaves_the_former_file_and_nothing_else(tmp_path, monkeypatch, step):
    file = tmp_path / "x"
    write_atomically(file, b"one")

    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(step, fail)
    with pytest.raises(OSError, match="No space"):
        write_atomically(file, b"two")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert file.read_bytes() == b"one"
