"""No test touches the user's own folders."""

import pytest


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("AUTOCHROME_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setenv("AUTOCHROME_DATA", str(tmp_path_factory.mktemp("data")))
