"""A comparison as a whole, with rows of our own making: trained, measured, one page; gone on with where it stopped."""

import io
import json
import re
import signal
from pathlib import Path

import pytest
import tomli_w
import torch
from rich.console import Console

from engine.lock import InUseError
from tests.training.making import tiny_table, write_rule_zip
from training.comparison import running, systems
from training.comparison.running import Request, carry_out
from training.comparison.systems import Budget, ComparisonError
from training.data.entries import DataError
from training.distributed import ALONE
from training.running import held

COMMAND = "autochrome compare --data photos"


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """Two systems: a tiny `photo`, and `cnn-baseline` with a rate of its own, measured on fewer photos."""
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    loss = {"huber": 0.0, "bins": 0.0, "palette": 0.0, "label": 0.0, "l1": 1.0}
    plain = tiny_table(id="plain", architecture="cnn-baseline", network={}, loss=loss)
    plain["network"] = {"width": 4, "bottleneck": 2}
    for table in (tiny_table(id="ours"), plain):
        (recipes / f"{table['id']}.toml").write_text(tomli_w.dumps(table), encoding="utf-8")
    listed = {
        "system": [
            {"id": "ours"},
            {"id": "plain", "rate": 0.01, "photos": 3, "published": "PSNR 99 dB", "note": "made up"},
        ]
    }
    (tmp_path / "systems.toml").write_text(tomli_w.dumps(listed), encoding="utf-8")
    monkeypatch.setattr("training.recipe.RECIPES", recipes)
    monkeypatch.setattr(systems, "SYSTEMS", tmp_path / "systems.toml")
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.float32)
    return recipes


@pytest.fixture
def photos(tmp_path):
    write_rule_zip(tmp_path / "photos" / "photos-train-00.zip", 8)
    write_rule_zip(tmp_path / "photos" / "photos-val.zip", 12, start=50)
    return tmp_path / "photos"


def request_for(photos: Path, **changes) -> Request:
    return Request(
        **{
            "data": [photos],
            "parts": "*train*.zip",
            "measured": [photos / "photos-val.zip"],
            "systems": (),
            "budget": Budget(samples=16, size=32),
            "folder": photos.parent / "runs",
            "photos": 5,
            "half": "all",
            "exclude": (),
            "device": "cpu",
            **changes,
        }
    )


def quiet() -> Console:
    return Console(file=io.StringIO())


def cells(text: str, name: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| {name}"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_every_system_and_the_rows_that_know_nothing_are_in_one_table(rows, photos, one_thread):
    text = carry_out(request_for(photos), COMMAND, quiet())
    assert "**16 samples**" in text
    assert f"    {COMMAND}\n" in text
    assert "same 5 photos" in " ".join(text.split())
    assert cells(text, "grey")[2] == "+0.00"
    assert re.fullmatch(r"[+−]\d\.\d\d", cells(text, "oracle mean")[2])
    assert cells(text, "constant")
    assert cells(text, "`ours`")[7:9] == ["32", "8"]
    plain = cells(text, "`plain`*")
    assert plain[9:12] == ["0.01", "l1", "33.33%"]
    assert re.search(r"- `plain`: rate 0.01 in place of 0.003; measured on 3 photos; made up\.", text)
    assert "PSNR 99 dB" in text


def test_a_system_that_had_its_budget_is_not_trained_again(rows, photos, one_thread, monkeypatch):
    carry_out(request_for(photos, systems=["ours"]), COMMAND, quiet())
    weights = photos.parent / "runs" / "ours" / "ours.safetensors"
    before = (weights.stat().st_mtime_ns, weights.read_bytes())
    monkeypatch.setattr(running, "Trainer", None)
    text = carry_out(request_for(photos, systems=["ours"]), COMMAND, quiet())
    assert cells(text, "`ours`")
    assert (weights.stat().st_mtime_ns, weights.read_bytes()) == before


def test_another_budget_in_the_same_folder_is_refused(rows, photos, one_thread):
    carry_out(request_for(photos, systems=["plain"]), COMMAND, quiet())
    with pytest.raises(ComparisonError, match="another budget"):
        carry_out(request_for(photos, systems=["plain"], budget=Budget(samples=24, size=32)), COMMAND, quiet())


def test_an_interrupted_run_is_gone_on_with(rows, photos, one_thread, monkeypatch):
    steps: list[int] = []
    whole = running.Trainer.step

    def stopping(self):
        steps.append(self.samples)
        signal.raise_signal(signal.SIGINT)
        return whole(self)

    monkeypatch.setattr(running.Trainer, "step", stopping)
    assert carry_out(request_for(photos, systems=["ours"]), COMMAND, quiet()) is None
    assert not (photos.parent / "runs" / "ours" / "done.json").exists()
    assert carry_out(request_for(photos, systems=["ours"]), COMMAND, quiet()) is not None
    assert steps == [0, 8]
    assert json.loads((photos.parent / "runs" / "ours" / "done.json").read_text())["id"] == "ours"


def test_a_system_whose_training_collapsed_is_told_and_the_others_measured(rows, photos, one_thread, monkeypatch):
    whole = running.export

    def collapsed(model, recipe, *arguments, **named):
        if recipe.id == "plain":
            for parameter in model.parameters():
                parameter.data.zero_()
        return whole(model, recipe, *arguments, **named)

    monkeypatch.setattr(running, "export", collapsed)
    text = carry_out(request_for(photos), COMMAND, quiet())
    assert cells(text, "`ours`")
    assert "| `plain`" not in text
    assert re.search(r"training collapsed.*\n\n- `plain`: The model \"plain\" returned no usable colours", text)


def test_photos_that_are_not_there_are_told_before_anything_is_trained(rows, photos):
    with pytest.raises(DataError, match="does not exist"):
        carry_out(request_for(photos, measured=[photos / "nothing.zip"]), COMMAND, quiet())
    assert not (photos.parent / "runs").exists()


def test_a_system_that_another_process_trains_is_left_to_it(rows, photos, one_thread):
    with held(photos.parent / "runs" / "ours", ALONE), pytest.raises(InUseError):
        carry_out(request_for(photos, systems=["ours"]), COMMAND, quiet())
