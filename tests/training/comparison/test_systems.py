"""The rows of the comparison: each has a recipe and a network, and keeps what its authors gave it but the budget."""

import pytest
import torch

from engine.models.registry import build_network
from training.comparison.systems import Budget, ComparisonError, System, load_systems, within
from training.recipe import RECIPES, load_recipe

BUDGET = Budget(samples=1000, size=100)
ROWS = load_systems()


def test_every_bundled_recipe_of_a_system_is_a_row_and_every_row_has_a_recipe():
    gone_on_with = {"fine-tune", "cartoon", "vivid", "photo-hints", "photo-lite-hints", "vivid-hints"}
    assert {row.id for row in ROWS} == {path.stem for path in RECIPES.glob("*.toml")} - gone_on_with - {"trial"}
    assert len({row.id for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_budget_changes_samples_and_size_and_what_the_row_says(row: System):
    full = load_recipe(row.id)
    cut = within(BUDGET, row, full)
    assert cut.schedule.samples == 1000
    assert cut.pretrained is False
    with torch.device("meta"):
        multiple = build_network(cut.architecture, cut.network).multiple
    assert {stage.size for stage in cut.schedule.stages} == {cut.inference_side}
    assert cut.inference_side % multiple == 0
    if row.size is None:
        assert abs(cut.inference_side - 100) <= multiple
    assert cut.schedule.rate == (row.rate or full.schedule.rate)
    assert cut.schedule.batch == (row.batch or full.schedule.batch)
    assert cut.network == {**full.network, **row.network}
    assert [stage.until for stage in cut.schedule.stages] == [stage.until for stage in full.schedule.stages]
    assert (cut.loss, cut.adversary, cut.augmentation) == (full.loss, full.adversary, full.augmentation)


def test_rows_can_be_chosen_by_name():
    assert [row.id for row in load_systems(["photo", "unet"])] == ["unet", "photo"]


def test_a_name_that_is_no_row_is_told():
    with pytest.raises(ComparisonError, match='There is no system "unett"'):
        load_systems(["unett"])
