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
from training.metrics.extra import MissingExtraError
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
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.float32)
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
        *("--saturation", "0.5", "--structure", "none", "--device", "cpu"),
    )
    assert result.exit_code == 0, result.output
    for word in (*ROWS, "over grey dB", "CIEDE2000", "10 photos (all)", "bits a pixel", "marginal", "0.5x", "4x"):
        assert word in result.stdout
    assert "reference photos" in result.stdout


def test_evaluating_as_json(photos):
    install()
    result = run(
        *("evaluate", "--data", photos, "--model", "tiny", "--half", "all", "--no-stability", "--structure", "none"),
        *("--json", "--device", "cpu"),
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
        *("--card", card, "--structure", "none", "--device", "cpu"),
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


def test_hints_saturations_and_the_best_of_four(photos):
    card = install().with_suffix(".toml")
    result = run(
        *("evaluate", "--data", photos, "--model", "tiny", "--half", "all", "--no-stability", "--device", "cpu"),
        *("--hints", "0,2", "--saturation", "0.5,2", "--structure", "none", "--photos", 4, "--card", card),
    )
    assert result.exit_code == 0, result.output
    said = " ".join(result.stdout.split())
    for word in ("tiny ×0.5", "tiny ×2", "grey + propagation", "automatic + propagation", "best of four", "4 photos"):
        assert word in said
    assert "Only 4 of 10 photos" in said
    metrics = read_card(card).metrics
    assert set(metrics["gain_by_hints"]["tiny: hinted + propagation"]) == {"0", "2"}
    assert metrics["gain_best_of_automatic_and_three"] >= metrics["gain"]


def test_each_evenness_has_a_row_at_each_saturation(photos):
    card = install().with_suffix(".toml")
    result = run(
        *("evaluate", "--data", photos, "--model", "tiny", "--half", "all", "--no-stability", "--device", "cpu"),
        *("--evenness", "0,1", "--saturation", "2", "--structure", "none", "--photos", 3, "--json"),
        *("--card", card),
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    rows = {row["name"]: row["macro"] for row in found["rows"]}
    assert list(rows) == ["grey", "oracle mean", "tiny", "tiny even 1", "tiny ×2", "tiny ×2 even 1"]
    assert all({"psnr", "colorfulness", "bleeding"} <= set(row) for row in rows.values())
    figures = [rows[name]["colorfulness"] for name in rows if name.startswith("tiny")]
    assert len({round(figure, 9) for figure in figures}) == 4
    assert list(found["models"]) == ["tiny", "tiny ×2"]
    metrics = read_card(card).metrics
    assert metrics["psnr"] == pytest.approx(rows["tiny"]["psnr"], abs=0.001)
    both = "tiny ×2 even 1"
    assert metrics["gain_of_others"][both] == pytest.approx(rows[both]["gain"], abs=0.001)


def test_weights_from_a_file(photos, tmp_path):
    file = install("elsewhere")
    for path in (file, file.with_suffix(".toml")):
        path.rename(tmp_path / path.name)
    install("tiny")
    result = run(
        *("evaluate", "--data", photos, "--model", tmp_path / "elsewhere.safetensors", "--model", "tiny", "--json"),
        *("--half", "all", "--no-stability", "--structure", "none", "--photos", 2, "--device", "cpu"),
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    rows = {row["name"]: row["macro"] for row in found["rows"]}
    assert rows["elsewhere"] == rows["tiny"]  # they are the same network
    assert found["settings"]["networks"]["elsewhere"]["side"] == 64
    with pytest.raises(EngineError, match="nowhere"):
        run("evaluate", "--data", photos, "--model", tmp_path / "nowhere.safetensors")


def test_two_models_of_one_name_are_told_apart(photos, tmp_path):
    file = install("tiny")
    for path in (file, file.with_suffix(".toml")):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    result = run(
        *("evaluate", "--data", photos, "--model", "tiny", "--model", tmp_path / "tiny.safetensors", "--json"),
        *("--half", "all", "--no-stability", "--structure", "none", "--photos", 1, "--device", "cpu"),
    )
    names = [row["name"] for row in json.loads(result.stdout)["rows"]]
    assert names == ["grey", "oracle mean", "tiny", str(tmp_path / "tiny.safetensors")]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_a_report_folder(photos, tmp_path):
    pytest.importorskip("matplotlib")
    install()
    result = run(
        *("evaluate", "--data", photos, "--model", "tiny", "--half", "all", "--no-stability", "--device", "cpu"),
        *("--report", tmp_path / "report", "--photos", 2, "--structure", "none"),
    )
    assert result.exit_code == 0, result.output
    assert "report.html" in result.stdout
    found = json.loads((tmp_path / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert len(found["rows"]) == 2 + 7
    assert list(found["hints"][0]["points"]) == ["0", "1", "2", "5", "10", "20", "50", "100"]
    assert found["settings"]["saturations"] == [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]


def test_structure_without_torchmetrics(photos, monkeypatch):
    install()
    monkeypatch.setattr("training.measure.installed", lambda module: False)
    usual = ("evaluate", "--data", photos, "--model", "tiny", "--half", "all", "--no-stability", "--photos", 1)
    result = run(*usual, "--device", "cpu")
    assert result.exit_code == 0, result.output
    assert "torchmetrics is not installed" in " ".join(result.stdout.split())
    with pytest.raises(MissingExtraError, match="torchmetrics"):
        run(*usual, "--structure", "all")


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_structure_on_every_row(photos):
    pytest.importorskip("torchmetrics")
    install()
    result = run(
        *("evaluate", "--data", photos, "--model", "tiny", "--half", "all", "--no-stability", "--photos", 1),
        *("--structure", "all", "--saturation", "2", "--json", "--device", "cpu"),
    )
    assert result.exit_code == 0, result.output
    for row in json.loads(result.stdout)["rows"]:
        assert {"ssim", "ms_ssim", "uqi", "vif"} < set(row["spread"])


def test_the_halves(photos):
    install()
    names = [hashed_name(("one", "two")[n % 2], n) for n in range(50, 60)]
    counts = {half: sum(in_half(name, half) for name in names) for half in ("test", "choose")}
    for half, count in counts.items():
        result = run(
            *("evaluate", "--data", photos, "--model", "tiny", "--half", half, "--no-stability", "--json"),
            *("--structure", "none", "--device", "cpu"),
        )
        assert json.loads(result.stdout)["photos"] == count


def test_one_source_can_be_left_out(photos):
    install()
    result = run(
        *("evaluate", "--data", photos, "--model", "tiny", "--half", "all", "--exclude", "two", "--no-stability"),
        *("--structure", "none", "--json", "--device", "cpu"),
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
    with pytest.raises(EvaluationError, match="evenness"):
        run(*usual, "--evenness", "0,2")
    for option, value in (("--hints", "500"), ("--structure", "most"), ("--photos", "0")):
        with pytest.raises(EvaluationError):
            run(*usual, option, value)
    with pytest.raises(EvaluationError, match="LPIPS"):
        run(*usual, "--structure", "none", "--lpips", tmp_path / "alex.pth")
    with pytest.raises(EngineError, match=r"alex\.pth"):
        run(*usual, "--lpips", tmp_path / "alex.pth")
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
