"""Every architecture of the registry, by its own recipe's losses: trained, exported, loaded, and colouring a photo."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.colorist import Colorist
from engine.models.registry import ARCHITECTURES
from engine.models.store import find_model, model_folders
from engine.models.weights import verify_weights
from engine.session import Session
from tests.engine.models.small_specs import SMALL
from tests.training.making import packed, rule_photo, tiny_table
from training.data.packed import PackedPhotos
from training.export import export
from training.recipe import RECIPES, Recipe, load_recipe, parse, to_table
from training.trainer import Step, Trainer

SIDE = 64
BATCH = 2
STEPS = 4
"""Enough for each stage of a recipe to be entered."""


@pytest.fixture(scope="module")
def photos() -> PackedPhotos:
    return packed([rule_photo(seed, SIDE, SIDE) for seed in range(6)])


def small_recipe(architecture: str) -> Recipe:
    """The architecture's own recipe made small; for what is published elsewhere and has none, a plain regression."""
    if (RECIPES / f"{architecture}.toml").exists():
        table = to_table(load_recipe(architecture))
    else:
        regression = {"huber": 10.0, "bins": 0.0, "palette": 0.0, "label": 0.0}
        table = to_table(parse(tiny_table(architecture=architecture, network={}, loss=regression)))
    schedule: dict[str, Any] = table["schedule"]
    for loss in (table["loss"], *(stage["loss"] for stage in schedule["stages"])):
        loss.pop("perceptual", None)  # needs VGG16's weights, a file of the user's
    for stage in schedule["stages"]:
        stage.update(size=SIDE, snapshot_samples=0)
    schedule.update(samples=STEPS * BATCH, batch=BATCH, accumulate=1, warmup=0.0, ema=0.5, compile=False)
    table.update(id=f"small-{architecture}", network=SMALL[architecture], pretrained=False, inference_side=SIDE)
    table["adversary"].update(width=4, layers=2)
    return parse(table)


@pytest.mark.parametrize("architecture", list(ARCHITECTURES))
def test_from_recipe_to_coloured_photo(architecture: str, photos: PackedPhotos, tmp_path: Path) -> None:
    if architecture not in SMALL:
        pytest.fail(f'Add a small network of "{architecture}" to tests/engine/models/small_specs.py.')
    recipe = small_recipe(architecture)
    trainer = Trainer(recipe, photos.subset(range(5)), photos.subset([5]), tmp_path, torch.device("cpu"))
    before = {name: value.clone() for name, value in trainer.averaged_model().state_dict().items()}
    steps: list[Step] = []
    assert trainer.run(on_step=steps.append)
    trained = trainer.averaged_model()
    if list(trained.parameters()):
        assert steps
        assert all(step.losses and np.isfinite(list(step.losses.values())).all() for step in steps)
        changed = [name for name, value in trained.named_parameters() if not torch.equal(value, before[name])]
        assert changed
    else:
        assert not steps
        assert trained.get_buffer("references").any()

    export(trained, recipe, model_folders().own, photos=5, sources=["rule"])
    installed = find_model(recipe.id)
    assert verify_weights(installed)
    session = Session(Colorist(recipe.id, "cpu"))
    grey = rule_photo(7, 48, 80)[..., 1]
    session.set_photo(grey)
    colors = session.colorize()
    assert np.isfinite(colors.ab).all()
    assert np.ptp(colors.ab) > 0
    colored = session.render(colors)
    assert colored.shape == (48, 80, 3)
    assert (colored[..., 0] != colored[..., 2]).any()


def test_every_small_network_is_in_use() -> None:
    assert sorted(SMALL) == sorted(ARCHITECTURES)


def test_every_recipe_is_of_a_known_architecture() -> None:
    for path in sorted(RECIPES.glob("*.toml")):
        assert load_recipe(path).architecture in ARCHITECTURES
