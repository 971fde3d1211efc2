"""From a run to a published weight, and back through the engine's strict door."""

import errno
import hashlib
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.models.card import InstalledModel, read_card
from engine.models.store import find_model, model_folders
from engine.models.weights import load_network, verify_weights
from tests.training.making import install, packed, rule_photo, tiny_network, tiny_recipe
from training.export import export
from training.recipe import RecipeError, to_table
from training.trainer import Trainer


def test_weights_are_float16_and_load_strictly(tmp_path):
    network = tiny_network()
    weights, card = export(network, tiny_recipe(), tmp_path / "run", photos=12, sources=["one", "two"])
    assert (weights.name, card.name) == ("tiny.safetensors", "tiny.toml")
    stored = load_file(weights)
    assert {value.dtype for value in stored.values()} == {torch.float16, torch.int64}
    assert set(stored) == set(network.state_dict())

    model = InstalledModel(card=read_card(card), weights=weights, bundled=False)
    loaded = load_network(model)
    lightness = torch.rand(1, 1, 64, 64, generator=torch.Generator().manual_seed(0)) * 100
    with torch.inference_mode():
        mine, theirs = network(lightness).ab, loaded(lightness).ab
    assert mine.std() > 1
    assert (mine - theirs).abs().max() < 0.5


def test_the_card(tmp_path):
    recipe = tiny_recipe()
    network = tiny_network()
    weights, path = export(network, recipe, tmp_path, photos=12, sources=["one", "two"])
    card = read_card(path)
    assert (card.id, card.purpose, card.architecture) == ("tiny", "For tests.", "photo")
    assert card.sha256 == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert card.parameters == sum(value.numel() for value in network.parameters())
    assert (card.inference_side, card.saturation, card.licence) == (64, 1.25, "Apache-2.0")
    assert (card.photos, card.collections) == (12, ("one", "two"))
    assert card.network == recipe.network
    assert card.recipe == {
        key: to_table(recipe)[key] for key in ("data", "augmentation", "loss", "adversary", "schedule")
    }
    assert card.evenness == 0
    assert read_card(export(network, tiny_recipe(evenness=0.5), tmp_path, photos=1, sources=[])[1]).evenness == 0.5
    assert len(card.date) == 10
    assert card.commit
    assert card.metrics == {}


def test_an_exported_model_passes_verification():
    install("mine")
    assert model_folders().own.is_dir()
    assert verify_weights(find_model("mine"))


def test_without_git_the_commit_is_unknown(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    _, card = export(tiny_network(), tiny_recipe(), tmp_path, photos=1, sources=[])
    assert read_card(card).commit == "unknown"


def test_what_is_exported_is_the_average(tmp_path):
    photos = packed([rule_photo(n) for n in range(4)])
    trainer = Trainer(tiny_recipe(), photos.subset([0, 1, 2]), photos.subset([3]), tmp_path, torch.device("cpu"))
    for _ in range(2):
        trainer.step()
    weights, _ = export(trainer.averaged_model(), trainer.recipe, tmp_path, photos=3, sources=["rule"])
    stored = load_file(weights)
    for name, value in trainer.learner.average.state.items():
        np.testing.assert_allclose(stored[name].float().numpy(), value.float().numpy(), rtol=1e-3, atol=1e-4)
    trained = trainer.learner.task.model.state_dict()
    assert any(not torch.allclose(stored[name].float(), trained[name].float(), atol=1e-3) for name in trained)


@pytest.mark.parametrize("twice", [1, 2])
def test_exporting_again_replaces(tmp_path, twice):
    for seed in range(twice):
        weights, card = export(tiny_network(seed), tiny_recipe(), tmp_path, photos=1, sources=[])
    assert read_card(card).sha256 == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert len(list(tmp_path.iterdir())) == 2


def test_the_card_says_which_weights_took_part(tmp_path):
    network = tiny_network()

    def said(recipe, start="") -> dict:
        return dict(read_card(export(network, recipe, tmp_path, photos=1, sources=[], start=start)[1]).training)

    assert said(tiny_recipe())["began"] == "from random weights"
    taught = said(tiny_recipe(teacher="wise"), start="parent")
    assert (taught["start"], taught["teacher"]) == ("parent", "wise")
    assert said(tiny_recipe(pretrained=True))["encoder_weights"] == "timm's published weights"
    assert said(tiny_recipe(encoder_weights="/somewhere/vgg16.pth"))["encoder_weights"] == "vgg16.pth"


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    before = [path.read_bytes() for path in export(tiny_network(), tiny_recipe(), tmp_path, photos=1, sources=[])]

    def full(self, content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RecipeError, match="cannot be written") as said:
        export(tiny_network(1), tiny_recipe(), tmp_path, photos=1, sources=[])
    assert "--resume" in said.value.advice
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == before
