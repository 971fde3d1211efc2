"""`autochrome models`, as a user or a script calls it."""

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import tomli_w
import torch
from safetensors.torch import save
from typer.testing import CliRunner

from engine.cli.models import app
from engine.errors import BadWeightsError, UnknownModelError
from engine.models import store
from engine.models.importing import convert
from engine.models.importing.published import PUBLISHED
from engine.models.registry import build_network

NUMBERS = {
    "channels": [8, 8, 16, 16],
    "stem_width": 8,
    "pyramid": [8, 8, 16],
    "queries": 3,
    "query_width": 16,
    "rounds": 1,
    "heads": 2,
    "palettes": 5,
}


@pytest.fixture(scope="module")
def content() -> bytes:
    torch.manual_seed(0)
    return save({name: value.clone() for name, value in build_network("photo", NUMBERS).state_dict().items()})


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> store.ModelFolders:
    made = store.ModelFolders(tmp_path / "bundled", tmp_path / "data" / "models")
    monkeypatch.setattr(store, "model_folders", lambda: made)
    return made


def write(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    card = {
        "id": name,
        "purpose": "For [bold]tests[/bold].",
        "architecture": "photo",
        "licence": "Apache-2.0",
        "sha256": hashlib.sha256(content).hexdigest(),
        "parameters": sum(value.numel() for value in build_network("photo", NUMBERS).parameters()),
        "inference_side": 64,
        "network": NUMBERS,
        "training": {"photos": 3, "collections": ["coco"]},
        "metrics": {"command": "autochrome evaluate", "psnr": 24.5, "sources": {"coco": {"psnr": 23.5}}},
        "homepage": "https://example.org",
    }
    (folder / f"{name}.toml").write_text(tomli_w.dumps(card))
    weights = folder / f"{name}.safetensors"
    weights.write_bytes(content)
    return weights


def call(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"}, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def events(*arguments: str, code: int = 0) -> list[dict[str, Any]]:
    return [json.loads(line) for line in call(*arguments, "--json", code=code).splitlines()]


def test_nothing_is_installed() -> None:
    assert "No model is installed" in call()
    assert events("list") == []


@pytest.mark.parametrize("arguments", [(), ("list",)])
def test_list(folders: store.ModelFolders, content: bytes, arguments: tuple[str, ...]) -> None:
    write(folders.bundled, "photo", content)
    write(folders.own, "mine", content)
    (folders.own / "bad.toml").write_text("][")
    text = call(*arguments)
    assert "For [bold]tests[/bold]." in text  # a card's text is no markup
    assert [word for word in ("photo", "mine", "Autochrome", "bad cannot be used") if word not in text] == []
    found = events(*arguments)
    assert [(event["event"], event["id"]) for event in found] == [
        ("model", "photo"),
        ("model", "mine"),
        ("broken", "bad"),
    ]
    assert found[0]["bundled"]
    assert not found[1]["bundled"]
    assert "is not a card" in found[2]["cause"]


def test_show(folders: store.ModelFolders, content: bytes) -> None:
    write(folders.own, "mine", content)
    text = call("show", "mine")
    for part in ("metrics.sources.coco.psnr", "23.5", "homepage", "training.collections", '["coco"]', "sha256"):
        assert part in text
    (event,) = events("show", "mine")
    assert event["event"] == "model"
    assert event["metrics"]["sources"]["coco"]["psnr"] == 23.5
    assert event["homepage"] == "https://example.org"
    assert event["network"] == NUMBERS


def test_show_an_unknown_one() -> None:
    with pytest.raises(UnknownModelError):
        call("show", "nothing")


def test_verify(folders: store.ModelFolders, content: bytes) -> None:
    write(folders.own, "mine", content)
    assert "mine: good" in call("verify", "mine")
    assert "SHA-256" in call("verify")
    (event,) = events("verify", "mine")
    assert (event["event"], event["id"], len(event["checks"])) == ("verified", "mine", 4)


def test_verify_goes_on_after_a_bad_one(folders: store.ModelFolders, content: bytes) -> None:
    write(folders.own, "bad", content).write_bytes(content[:-1])
    write(folders.own, "good", content)
    (folders.own / "worse.toml").write_text("][")
    assert "bad: cannot be used" in call("verify", code=1)
    found = {event["id"]: event["event"] for event in events("verify", code=1)}
    assert found == {"bad": "failed", "good": "verified", "worse": "failed"}
    assert [event["event"] for event in events("verify", "bad", code=1)] == ["failed"]


def test_add_and_remove(folders: store.ModelFolders, content: bytes, tmp_path: Path) -> None:
    weights = write(tmp_path / "download", "mine", content)
    assert "Added mine" in call("add", str(weights))
    with pytest.raises(store.ModelStoreError):
        call("add", str(weights))
    (event,) = events("add", str(weights), "--replace")
    assert (event["event"], event["id"]) == ("added", "mine")
    assert events("remove", "mine") == [{"event": "removed", "id": "mine"}]
    with pytest.raises(UnknownModelError):
        call("remove", "mine")
    call("add", str(weights))
    assert "Removed mine" in call("remove", "mine")
    assert list(folders.own.iterdir()) == []


@pytest.fixture
def eccv16(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: store.ModelFolders) -> Path:
    """A small file under the names that its authors use."""
    monkeypatch.setattr(convert, "model_folders", lambda: folders)
    few = dataclasses.replace(PUBLISHED["eccv16"], network={"width": 4, "bins": 5})
    monkeypatch.setattr(convert, "PUBLISHED", {**PUBLISHED, "eccv16": few})
    torch.manual_seed(0)
    state = build_network("eccv16", few.network).state_dict()
    theirs = {
        "model_out.weight" if name == "centres.weight" else f"model{int(name.split('.')[1]) + 1}{name[7:]}": value
        for name, value in state.items()
    }
    file = tmp_path / "colorization_release_v2-9b330a0b.pth"
    torch.save(theirs, file)
    return file


def test_import(folders: store.ModelFolders, eccv16: Path) -> None:
    text = call("import", str(eccv16), "--architecture", "eccv16")
    assert "Imported eccv16" in text
    assert "BSD-2-Clause" in text
    (event,) = events("import", str(eccv16), "--architecture", "eccv16", "--replace")
    assert (event["event"], event["id"], event["bundled"]) == ("imported", "eccv16", False)
    (event,) = events("import", str(eccv16), "--architecture", "eccv16", "--name", "zhang")
    assert event["id"] == "zhang"
    assert "zhang: good" in call("verify", "zhang")
    assert "colorization_release_v2-9b330a0b.pth" in call("show", "zhang")
    assert sorted(file.stem for file in folders.own.glob("*.toml")) == ["eccv16", "zhang"]


def test_import_refusals(eccv16: Path, folders: store.ModelFolders) -> None:
    with pytest.raises(BadWeightsError, match="Known: ddcolor, ddcolor-t, siggraph17, eccv16, deoldify, deoldify-stab"):
        call("import", str(eccv16), "--architecture", "pix2pix")
    with pytest.raises(BadWeightsError, match="not a published checkpoint"):
        call("import", str(eccv16), "--architecture", "siggraph17")
    call("import", str(eccv16), code=2)
    assert store.list_models(folders) == []
    call("import", str(eccv16), "--architecture", "eccv16")
    with pytest.raises(store.ModelStoreError, match="already installed"):
        call("import", str(eccv16), "--architecture", "eccv16")


def test_add_what_is_no_weight_file(tmp_path: Path) -> None:
    page = tmp_path / "page.safetensors"
    page.write_text("<html>")
    with pytest.raises(BadWeightsError, match="web page"):
        call("add", str(page))


def test_json_stands_behind_the_subcommand() -> None:
    assert call("--json") == ""
    call("--json", "list", code=2)
    call("no-such-command", code=2)
