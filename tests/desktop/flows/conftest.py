"""What the tests of painting hints begin with."""

import pytest

from engine.models import store
from engine.models.store import ModelFolders
from tests.desktop.flows.acting import is_coloured, wait


@pytest.fixture(autouse=True)
def one_bundled_model(monkeypatch, tmp_path_factory):
    """Of the bundled models only `photo`, so that what is compared does not depend on how many there are."""
    bundled = tmp_path_factory.mktemp("bundled")
    folders = store.model_folders
    for file in folders().bundled.glob("photo.*"):
        (bundled / file.name).symlink_to(file)
    monkeypatch.setattr(store, "model_folders", lambda data=None: ModelFolders(bundled, folders(data).own))


@pytest.fixture
def opened(make_program, folder, qtbot, errors):
    """The window with a photo open and coloured, and a small brush."""
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    program.parts.tools.set_radius(6.0)
    program.parts.canvas.setFocus()
    return program
