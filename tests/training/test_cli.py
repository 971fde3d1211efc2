"""`autochrome train` and `autochrome evaluate`, as typed."""

import json
from pathlib import Path

import pytest
import tomli_w
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from engine.errors import EngineError, UnknownModelError
from engine.models.card import read_card
from engine.models.store import find_model, verify_model
from tests.training.making import hashed_name, install, rule_photo, tiny_table, write_rule_zip
from training.cli import app
from training.evaluation import in_half
from training.measure import EvaluationError
from training.recipe import RecipeError

ROWS = ["grey", "constant", "nearest neighbours", "oracle mean", "tiny ×0.5", "tiny"]


def run(*arguments):
    """The result of a command line; what the program would say in one sentence is raised."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if isinstance(result.exception, EngineError):
        raise result.exception
    return result


@pytest.fixture(autouse=True)
def wide_and_plain(monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("engine.session.faster_dtype", lambda run, device: torch.float32)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def recipe(tmp_path):
    file = tmp_path / "tiny.toml"
    file.write_text(tomli_w.dumps(tiny_table(schedule={"samples": 24})), encoding="utf-8")
    return file


@pytest.fixture
def photos(tmp_path):
    write_rule_zip(tmp_path / "data" / "photos-train-00.zip", 8)
    write_rule_zip(tmp_path / "data" / "photos-val.zip", 10, start=50)
    return tmp_path / "data"


def test_training_starts_from_an_installed_model(recipe, photos, one_thread):
    install("parent")
    run("train", recipe, "--data", photos, "--minutes", 0, "--start", "parent", "--device", "cpu", "--output", "child")
    assert read_card(Path("child/tiny.toml")).training["start"] == "parent"
    parent, child = (load_file(path) for path in (find_model("parent").weights, "child/tiny.safetensors"))
    trained = [name for name in parent if name.endswith(".weight")]
    away = max(float((parent[name].float() - child[name].float()).abs().max()) for name in trained)
    assert 0 < away < 0.05  # one step in the warm-up
    run("train", recipe, "--data", photos, "--resume", "--device", "cpu", "--output", "child")
    assert read_card(Path("child/tiny.toml")).training["start"] == "parent"


def test_training_does_not_start_from_another_network(tmp_path, photos):
    install("other")
    table = tiny_table()
    table["network"]["queries"] = 8
    recipe = tmp_path / "wider.toml"
    recipe.write_text(tomli_w.dumps(table), encoding="utf-8")
    with pytest.raises(RecipeError, match="not of the recipe's network"):
        run("train", recipe, "--data", photos, "--start", "other", "--device", "cpu")


def test_training_stops_resumes_and_exports(recipe, photos, tmp_path, one_thread):
    first = run("train", recipe, "--data", photos, "--minutes", 0, "--device", "cpu", "--threads", 1)
    assert first.exit_code == 0, first.output
    assert "Stopped after 8 photos" in " ".join(first.stderr.split())
    assert "--resume" in first.stderr
    with pytest.raises(RecipeError, match="already holds a run") as told:
        run("train", recipe, "--data", photos)
    assert "--resume" in told.value.advice
    second = run("train", recipe, "--data", photos, "--resume", "--device", "cpu")
    said = " ".join(second.stderr.split())
    assert "Resumed after 8 photos" in said
    assert "Finished after 24 photos" in said

    folder = tmp_path / "runs" / "tiny"
    card = read_card(folder / "tiny.toml")
    assert card.collections == ("one", "two")
    assert card.photos == 7  # one of the eight is held out
    install()  # makes the folder of the user's models
    installed = find_model("tiny")
    for suffix in (".safetensors", ".toml"):
        installed.weights.with_suffix(suffix).write_bytes((folder / f"tiny{suffix}").read_bytes())
    assert verify_model("tiny")


def test_training_what_is_not_there(recipe, tmp_path):
    with pytest.raises(RecipeError, match="no recipe nothing"):
        run("train", "nothing", "--data", tmp_path)
    with pytest.raises(EngineError, match="does not exist"):
        run("train", recipe, "--data", tmp_path / "nowhere")


def test_evaluating_prints_all_rows(photos):
    install()
    result = run(
        *("evaluate", "--data", photos, "--model", "tiny", "--half", "all", "--reference", photos),
        *("--saturation", "0.5", "--device", "cpu"),
    )
    assert result.exit_code == 0, result.output
    for word in (*ROWS, "over grey dB", "CIEDE2000", "10 photos (all)", "bits a pixel", "marginal", "0.5x", "4x"):
        assert word in result.stdout
    assert "reference photos" in result.stdout


def test_evaluating_as_json(photos):
    install()
    result = run(
        "evaluate", "--data", photos, "--model", "tiny", "--half", "all", "--no-stability", "--json", "--device", "cpu"
    )
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    found = json.loads(result.stdout)
    rows = {row["name"]: row["macro"] for row in found["rows"]}
    assert list(rows) == ["grey", "oracle mean", "tiny"]
    assert found["photos"] == 10
    assert found["stability"] == {}
    assert rows["grey"]["gain"] == 0
    assert rows["tiny"]["chroma"] > 0.05
    likelihood = found["likelihood"]["tiny"]
    assert likelihood["marginal_of"] == "measured photos"
    assert 0 < likelihood["marginal"] < likelihood["bits"]  # nobody taught it


def test_figures_on_a_card(photos):
    card = install().with_suffix(".toml")
    result = run(
        *("evaluate", "--data", photos, "--model", "tiny", "--half", "all", "--no-stability", "--json"),
        *("--card", card, "--device", "cpu"),
    )
    assert result.exit_code == 0, result.output
    metrics = read_card(card).metrics
    report = json.loads(result.stdout)
    assert metrics["photos"] == 10
    assert metrics["gain"] == pytest.approx(report["rows"][-1]["macro"]["gain"], abs=0.001)
    assert metrics["bits"] == pytest.approx(report["likelihood"]["tiny"]["bits"], abs=0.001)
    assert metrics["bits_marginal_of"] == "measured photos"
    assert set(metrics["gain_by_source"]) == {"one", "two"}
    assert metrics["command"].startswith("autochrome")
    assert verify_model("tiny")


def test_the_halves(photos):
    install()
    names = [hashed_name(("one", "two")[n % 2], n) for n in range(50, 60)]
    counts = {half: sum(in_half(name, half) for name in names) for half in ("test", "choose")}
    for half, count in counts.items():
        result = run(
            *("evaluate", "--data", photos, "--model", "tiny", "--half", half, "--no-stability", "--json"),
            *("--device", "cpu"),
        )
        assert json.loads(result.stdout)["photos"] == count


def test_one_source_can_be_left_out(photos):
    install()
    result = run(
        *("evaluate", "--data", photos, "--model", "tiny", "--half", "all", "--exclude", "two", "--no-stability"),
        *("--json", "--device", "cpu"),
    )
    found = json.loads(result.stdout)
    assert list(found["rows"][0]["sources"]) == ["one"]


def test_wrong_use(photos, tmp_path):
    install()
    usual = ("evaluate", "--data", photos, "--model", "tiny")
    with pytest.raises(EvaluationError, match="no half"):
        run(*usual, "--half", "third")
    with pytest.raises(EvaluationError, match="saturation"):
        run(*usual, "--saturation", "-1")
    with pytest.raises(EngineError, match=r"none\.toml"):
        run(*usual, "--card", tmp_path / "none.toml")
    with pytest.raises(UnknownModelError):
        run("evaluate", "--data", tmp_path / "nowhere", "--model", "tinny")  # told before anything is read
    assert run(*usual, "--saturation", "much").exit_code == 2


def test_photos_follow_the_rule():
    """What the tests of training rest on: bright is blue, dark is orange."""
    photo = rule_photo(0).astype(int)
    bright, dark = photo.sum(axis=-1) > 550, photo.sum(axis=-1) < 200
    assert (photo[bright][:, 2] > photo[bright][:, 0]).mean() > 0.95
    assert (photo[dark][:, 0] > photo[dark][:, 2]).mean() > 0.95
