"""Strokes of the hint brush are painted and timed; how long they take is nobody's business here."""

import json

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from engine.benchmark import time_strokes
from engine.cli import app
from tests.training.making import install, rule_photo


@pytest.fixture
def photo(tmp_path):
    install()
    path = tmp_path / "old.jpg"
    Image.fromarray(np.ascontiguousarray(rule_photo(0, 60, 80)[..., 1])).save(path)
    return path


def test_each_stroke_is_timed(photo):
    found = time_strokes(photo, model="tiny", device="cpu", count=22)
    assert (found.photo, found.model, found.device) == ("old.jpg", "tiny", "cpu")
    assert len(found.seconds) == 22
    assert 0 < found.median <= found.p95
    assert min(found.encode, found.decode, found.hinted, found.draw) > 0


def test_the_command_tells_of_them(photo):
    arguments = ["benchmark", "--photo", str(photo), "--model", "tiny", "--device", "cpu", "--repeats", "1"]
    without = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert without["strokes"] is None
    with_it = json.loads(CliRunner().invoke(app, [*arguments, "--strokes", "3", "--json"]).stdout)
    assert len(with_it["strokes"]["seconds"]) == 3
    shown = CliRunner().invoke(app, [*arguments, "--strokes", "3"]).stdout
    assert "From stroke to screen" in shown
