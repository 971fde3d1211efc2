"""No test touches the user's own folders, and none fights with the others for the cores."""

import gc
import os

# Threads of torch that wait for one another on a busy machine take many times as long as one alone.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import settings

# Property tests look at the same examples each time; `--hypothesis-profile search` looks for new ones.
settings.register_profile("repeatable", derandomize=True)
settings.register_profile("search")
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _garbage_is_collected_here():
    """As in the program (`desktop.collecting`): garbage is collected on this thread alone.

    A thread that a test started would otherwise collect widgets that tests before it left behind, and Qt crashes.
    """
    gc.disable()
    yield
    gc.disable()  # whatever the test switched on
    counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [generation for generation, (count, threshold) in enumerate(counts) if threshold and count > threshold]
    if due:
        gc.collect(due[-1])


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("AUTOCHROME_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setenv("AUTOCHROME_DATA", str(tmp_path_factory.mktemp("data")))
