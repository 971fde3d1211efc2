"""What several tests of this package start from."""

import pytest


@pytest.fixture
def write(tmp_path):
    """Writes bytes to a file and gives its path."""

    def write(content, name="photo.bin"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write
