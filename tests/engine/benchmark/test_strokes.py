"""Strokes of the hint brush are painted and timed; how long they take is nobody's business here."""

import numpy as np
import pytest
from PIL import Image

from engine.benchmark import time_strokes
from engine.colorist import Colorist
from engine.errors import CancelledError
from engine.progress import Progress
from tests.training.making import install, rule_photo


@pytest.fixture
def photo(tmp_path):
    install()
    path = tmp_path / "old.jpg"
    Image.fromarray(np.ascontiguousarray(rule_photo(0, 60, 80)[..., 1])).save(path)
    return path


def test_each_stroke_is_timed(photo):
    found = time_strokes(photo, Colorist("tiny", "cpu"), count=22)
    assert (found.photo, found.model, found.device) == ("old.jpg", "tiny", "cpu")
    assert len(found.seconds) == 22
    assert 0 < found.median <= found.p95
    assert min(found.encode, found.decode, found.hinted, found.draw) > 0


def test_strokes_can_be_cancelled(photo):
    shares = []
    progress = Progress(lambda share, doing: (shares.append(share), progress.cancel()))
    with pytest.raises(CancelledError):
        time_strokes(photo, Colorist("tiny", "cpu"), count=22, progress=progress)
    assert len(shares) == 1
