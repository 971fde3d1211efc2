"""`autochrome train`, as typed: folders that are taken, photos that teach nothing, and fine-tuning in one command."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import tomli_w

from engine.errors import EngineError, UnknownModelError
from engine.lock import InUseError, RunLock
from engine.models.card import read_card
from tests.training.making import encoded, grey_photo, install, tiny_table, write_rule_zip, write_zip
from tests.training.test_cli import run
from training.data.entries import DataError
from training.recipe import RECIPES, RecipeError, load_recipe
from training.trainer import Trainer


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def recipe(tmp_path) -> Path:
    file = tmp_path / "tiny.toml"
    file.write_text(tomli_w.dumps(tiny_table(schedule={"samples": 16})), encoding="utf-8")
    return file


@pytest.fixture
def photos(tmp_path) -> Path:
    write_rule_zip(tmp_path / "my photos" / "photos-train-00.zip", 8)
    return tmp_path / "my photos"


def test_two_runs_in_one_folder(recipe, photos, tmp_path):
    (tmp_path / "run").mkdir()
    with RunLock(tmp_path / "run" / "lock", tmp_path / "run"), pytest.raises(InUseError, match="Another run") as told:
        run("train", recipe, "--data", photos, "--output", "run", "--device", "cpu")
    assert "--output" in told.value.advice


def test_a_lock_left_behind_is_taken_over(recipe, photos, tmp_path):
    held = (
        "import os, pathlib; from engine.lock import RunLock; "
        "RunLock(pathlib.Path('run/lock'), pathlib.Path()).__enter__(); os._exit(9)"
    )
    (tmp_path / "run").mkdir()
    usual = {**os.environ, "PYTHONPATH": str(RECIPES.parents[1])}
    assert subprocess.run([sys.executable, "-c", held], check=False, env=usual, timeout=60).returncode == 9
    assert (tmp_path / "run" / "lock").exists()
    assert run("train", recipe, "--data", photos, "--output", "run", "--device", "cpu").exit_code == 0
    assert not (tmp_path / "run" / "lock").exists()


def test_a_folder_that_cannot_hold_a_run(recipe, photos, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(RecipeError, match="cannot hold a run") as told:
        run("train", recipe, "--data", photos, "--output", "taken", "--device", "cpu")
    assert "--output" in told.value.advice


def test_photos_that_teach_nothing(recipe, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="No photos were found"):
        run("train", recipe, "--data", "empty", "--device", "cpu")
    write_zip(tmp_path / "grey" / "a-train.zip", {f"{n}.webp": encoded(grey_photo()) for n in range(3)})
    with pytest.raises(DataError, match="All 3 pictures are grey"):
        run("train", recipe, "--data", "grey", "--device", "cpu")
    write_rule_zip(tmp_path / "one" / "a-train.zip", 1)
    with pytest.raises(DataError, match="one photo"):
        run("train", recipe, "--data", "one", "--device", "cpu")
    assert not list((tmp_path / "runs" / "tiny").glob("checkpoint*"))


def test_what_is_wrong_with_the_recipe_is_told_before_the_photos_are_read(photos, tmp_path):
    file = tmp_path / "wrong.toml"
    file.write_text(tomli_w.dumps(tiny_table(schedule={"stages": [{"until": 1.0, "size": 40}]})), encoding="utf-8")
    with pytest.raises(RecipeError, match="size 40"):
        run("train", file, "--data", "nowhere", "--device", "cpu")
    file.write_text(tomli_w.dumps(tiny_table(architecture="foto")), encoding="utf-8")
    with pytest.raises(EngineError, match='no architecture "foto"'):
        run("train", file, "--data", "nowhere", "--device", "cpu")
    assert not (tmp_path / "runs").exists()


def test_it_says_how_to_go_on(recipe, photos):
    install("parent")
    asked = ("train", recipe, "--data", photos, "--name", "mine", "--start", "parent", "--device", "cpu")
    said = " ".join(run(*asked, "--minutes", 0).stderr.split())
    command = f"autochrome train {recipe} --data '{photos}' --output runs/mine --name mine --start parent --resume"
    assert f"Go on with: {command}" in said
    assert "Finished after 16 photos" in " ".join(run(*asked, "--resume").stderr.split())
    assert read_card(Path("runs/mine/mine.toml")).id == "mine"


def test_ctrl_c_saves_says_how_to_go_on_and_has_its_exit_code(recipe, photos, monkeypatch):
    real = Trainer.step

    def step(trainer):
        signal.raise_signal(signal.SIGINT)
        return real(trainer)

    monkeypatch.setattr(Trainer, "step", step)
    ended = run("train", recipe, "--data", photos, "--device", "cpu")
    assert ended.exit_code == 130
    assert "Stopped after 8 photos" in " ".join(ended.stderr.split())
    assert "--resume" in ended.stderr
    assert Path("runs/tiny/checkpoint.pt").exists()


def test_fine_tuning_is_one_command(photos, tmp_path):
    """The recipe as it is, but for a few photos and a tiny model in place of the bundled one."""
    install("small")
    table = {"id": "short", "purpose": "For tests.", "architecture": "photo", "start": "small"}
    schedule = {"samples": 8, "batch": 8, "stages": [{"until": 1.0, "size": 32}]}
    (tmp_path / "short.toml").write_text(tomli_w.dumps(table | {"schedule": schedule}), encoding="utf-8")
    assert run("train", "short.toml", "--data", photos, "--device", "cpu").exit_code == 0
    card = read_card(Path("runs/short/short.toml"))
    assert card.training["start"] == "small"
    assert card.network["queries"] == 4  # the model's numbers, though the recipe has none
    with pytest.raises(UnknownModelError):
        run("train", "short.toml", "--data", photos, "--start", "smal", "--device", "cpu")


def test_the_bundled_recipe_for_it_starts_from_the_bundled_model():
    recipe = load_recipe("fine-tune")
    assert recipe.start == "photo"
    assert recipe.architecture == "photo"
    assert not recipe.network


def test_names_that_cannot_be(recipe, photos):
    with pytest.raises(RecipeError, match="name of a model"):
        run("train", recipe, "--data", photos, "--name", "../mine", "--device", "cpu")


def test_the_log_tells_stage_rate_and_waiting(recipe, photos, monkeypatch):
    monkeypatch.setattr("training.trainer.REPORT_SECONDS", -1.0)
    run("train", recipe, "--data", photos, "--device", "cpu")
    lines = [json.loads(line) for line in Path("runs/tiny/log.jsonl").read_text().splitlines()]
    told = [line for line in lines if "loss" in line]
    assert [line["samples"] for line in told] == [8, 16]
    assert all(line["stage"] and line["rate"] > 0 and 0 <= line["waiting"] <= 1 for line in told)


def test_a_source_that_is_left_out(recipe, photos):
    run("train", recipe, "--data", photos, "--output", "all", "--device", "cpu")
    card = read_card(Path("all/tiny.toml"))
    write_rule_zip(photos / "photos-train-01.zip", 6, start=30, sources=("other",))
    run("train", recipe, "--data", photos, "--output", "run", "--device", "cpu", "--set", 'data.exclude = ["other"]')
    told = read_card(Path("run/tiny.toml"))
    assert told.training["collections"] == card.training["collections"]
    assert told.training["photos"] == card.training["photos"]
    assert told.recipe["data"]["exclude"] == ["other"]


def test_a_source_that_is_not_there_cannot_be_left_out(recipe, photos):
    with pytest.raises(RecipeError, match="No photo is of the source intell") as told:
        run("train", recipe, "--data", photos, "--output", "run", "--set", 'data.exclude = ["intell"]')
    assert "may name: one, two" in told.value.advice


def test_what_leaves_nothing(recipe, photos):
    with pytest.raises(RecipeError, match="no photo to train on"):
        run("train", recipe, "--data", photos, "--output", "run", "--set", 'data.exclude = ["one", "two"]')


def test_the_changes_are_told_again_with_how_to_go_on(recipe, photos):
    change = ("--set", "schedule.rate = 0.002")
    told = run("train", recipe, "--data", photos, "--minutes", 0, "--output", "run", "--device", "cpu", *change)
    assert "--set 'schedule.rate = 0.002' --resume" in told.output
