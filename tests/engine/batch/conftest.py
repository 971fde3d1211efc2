"""An output folder with its journal open."""

import pytest

from engine.batch.place import Place, opened


@pytest.fixture
def shelf(tmp_path):
    root = tmp_path / "out"
    with opened(Place(root, root / ".autochrome")) as shelf:
        yield shelf


@pytest.fixture
def root(shelf):
    return shelf.place.root
