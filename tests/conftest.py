"""No test touches the user's own folders, and none fights with the others for the cores."""

import os

# Threads of torch that wait for one another on a busy machine take many times as long as one alone.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("AUTOCHROME_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setenv("AUTOCHROME_DATA", str(tmp_path_factory.mktemp("data")))
