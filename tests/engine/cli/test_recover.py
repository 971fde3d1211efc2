"""`autochrome recover`, as a user or a script calls it."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from engine.cli import app
from tests.engine.photo.jpegs import coefficients, jpeg, save_exact


@pytest.fixture
def colored(tmp_path):
    """A coloured picture with the luma of x.jpg."""
    (tmp_path / "x.jpg").write_bytes(jpeg())
    save_exact(tmp_path / "x.jpg", tmp_path / "x-color.jpg")
    return tmp_path / "x-color.jpg"


def call(*arguments):
    return CliRunner().invoke(app, ["recover", *map(str, arguments)])


def test_the_original_is_recovered(tmp_path, colored):
    out = tmp_path / "deep" / "originals"
    result = call(colored, "--output", out)
    assert result.exit_code == 0
    assert result.stdout == f"{colored} -> {out / 'x.jpg'}\n"
    assert np.array_equal(coefficients(tmp_path / "x.jpg")[0], coefficients(out / "x.jpg")[0])


def test_one_bad_file_costs_itself_alone(tmp_path, colored):
    out = tmp_path / "out"
    result = call(tmp_path / "x.jpg", tmp_path / "missing.jpg", colored, "--output", out)
    assert result.exit_code == 1
    assert "x.jpg: it does not say that Autochrome made it with exact luma. Only such" in result.stderr
    assert "missing.jpg: there is no such file." in result.stderr
    assert "1 recovered, 2 failed" in result.stderr
    assert [path.name for path in out.iterdir()] == ["x.jpg"]


def test_json_lines(tmp_path, colored):
    result = call(colored, tmp_path / "x.jpg", "--output", tmp_path / "out", "--json")
    done, failed, summary = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 1
    assert done == {"event": "done", "source": str(colored), "output": str(tmp_path / "out" / "x.jpg")}
    assert (failed["event"], failed["source"]) == ("failed", str(tmp_path / "x.jpg"))
    assert "exact luma" in failed["cause"]
    assert summary == {"event": "summary", "done": 1, "failed": 1}


def test_wrong_use_starts_nothing(tmp_path, colored):
    assert call(colored).exit_code == 2
    assert call("--output", tmp_path / "out").exit_code == 2
    result = call(colored, "--output", colored / "below")
    assert result.exit_code == 2
    assert "the folder cannot be made" in result.stderr
