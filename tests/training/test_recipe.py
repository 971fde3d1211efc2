"""Recipes: every key is known, every value can be, and what is written out reads back."""

import pytest
import tomli_w
import torch

from engine.models.registry import build_network
from tests.training.making import TINY, tiny_recipe, tiny_table
from training.distributed import ALONE
from training.learner import check_recipe
from training.recipe import RECIPES, RecipeError, StageRecipe, changed, load_recipe, parse, to_table


@pytest.mark.parametrize("name", sorted(path.stem for path in RECIPES.glob("*.toml")))
def test_bundled_recipes(name):
    recipe = load_recipe(name)
    assert recipe.id == name
    assert recipe.purpose.endswith(".")
    check_recipe(recipe, ALONE)
    with torch.device("meta"):
        network = build_network(recipe.architecture, recipe.network)
    assert recipe.inference_side % network.multiple == 0


def test_values_and_defaults():
    recipe = tiny_recipe()
    assert recipe.network == TINY
    assert recipe.schedule.stages == (StageRecipe(until=0.5, size=32), StageRecipe(until=1.0, size=64))
    assert recipe.augmentation.rotation == 0.0
    assert recipe.augmentation.flip == 0.5
    assert isinstance(tiny_recipe(schedule={"rate": 1}).schedule.rate, float)


def test_what_is_written_out_reads_back(tmp_path):
    recipe = tiny_recipe(loss={"huber": 3.0}, pretrained=False)
    assert parse(to_table(recipe)) == recipe
    file = tmp_path / "mine.toml"
    file.write_text(tomli_w.dumps(to_table(recipe)), encoding="utf-8")
    assert load_recipe(file) == load_recipe(str(file)) == recipe


@pytest.mark.parametrize(
    ("changes", "wrong", "right"),
    [
        ({"schedule": {"sample": 5}}, "schedule.sample", "samples"),
        ({"loss": {"hubber": 1.0}}, "loss.hubber", "huber"),
        ({"architeture": "photo"}, "architeture", "architecture"),
        ({"augmentation": {"emulsions": 0.5}}, "augmentation.emulsions", "emulsion"),
    ],
    ids=str,
)
def test_an_unknown_key_names_the_nearest(changes, wrong, right):
    with pytest.raises(RecipeError) as told:
        tiny_recipe(**changes)
    assert f'"{wrong}"' in told.value.sentence
    assert f'Did you mean "{right}"?' in told.value.advice


def test_an_unknown_key_like_no_other_lists_the_known():
    with pytest.raises(RecipeError) as told:
        tiny_recipe(data={"xyzzy": 1})
    assert "parts, min_colorfulness, short_side" in told.value.advice


def test_an_unknown_key_in_a_stage():
    with pytest.raises(RecipeError, match=r"schedule\.stages\.sise"):
        tiny_recipe(schedule={"stages": [{"until": 1.0, "size": 64, "sise": 1}]})


def test_one_change_at_a_time():
    recipe = tiny_recipe()
    trial = changed(recipe, ["loss.bins = 0.1", 'data.exclude=["intel"]', "network.queries = 4"])
    assert (trial.loss.bins, trial.data.exclude, trial.network) == (0.1, ("intel",), {**TINY, "queries": 4})
    assert changed(trial, [f"loss.bins = {recipe.loss.bins}", "data.exclude = []", "network = {queries = 1}"]) != trial
    assert changed(recipe, []) == recipe


@pytest.mark.parametrize(
    ("change", "words"), [("loss.bins", "loss.bins cannot be read"), ("loss.bin = 1", "loss.bin"), ("loss = 3", "loss")]
)
def test_a_change_that_cannot_be(change, words):
    with pytest.raises(RecipeError, match=words):
        changed(tiny_recipe(), [change])


@pytest.mark.parametrize("key", ["id", "purpose", "architecture"])
def test_a_missing_key_is_named(key):
    table = tiny_table()
    del table[key]
    with pytest.raises(RecipeError, match=key):
        parse(table)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 5},
        {"schedule": {"samples": "many"}},
        {"schedule": {"samples": True}},
        {"schedule": {"samples": 1.5}},
        {"schedule": {"rate": "fast"}},
        {"schedule": {"stages": {"until": 1.0}}},
        {"schedule": {"stages": [5]}},
        {"pretrained": 1},
        {"network": [1]},
    ],
    ids=str,
)
def test_a_value_of_the_wrong_type(changes):
    with pytest.raises(RecipeError, match="must be"):
        tiny_recipe(**changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"adversary": {"kind": "vanila"}}, 'Did you mean "vanilla"'),
        ({"schedule": {"betas": [0.9]}}, "list of 2 values"),
        ({"schedule": {"betas": 0.9}}, "list of values"),
        ({"schedule": {"ema": 1.0}}, r"in \[0, 0.999999\]"),
        ({"schedule": {"rate": float("nan")}}, "greater than 0"),
        ({"schedule": {"batch": 9, "accumulate": 2}}, "2 equal parts"),
        ({"schedule": {"shape": "steps"}}, "step_first"),
        ({"loss": {"perceptual": 1.0}}, "perceptual_weights"),
        ({"loss": {"l1": -1.0}}, "at least 0"),
        ({"schedule": {"stages": [{"until": 1.0, "size": 32, "loss": {"l11": 1.0}}]}}, 'Did you mean "l1"'),
        ({"schedule": {"stages": [{"until": 1.0, "size": 32, "adversarial": 1.0}]}}, 'train = "both"'),
        ({"schedule": {"stages": [{"until": 1.0, "size": 32, "train": "critic", "choose": True}]}}, "neither"),
        ({"loss": {"own": 1.0}, "schedule": {"stages": [{"until": 1.0, "size": 32, "choose": True}]}}, "choose"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said(changes, said):
    with pytest.raises(RecipeError, match=said):
        tiny_recipe(**changes)


def test_a_table_that_is_none():
    with pytest.raises(RecipeError, match='"data" in the recipe must be a table'):
        parse(tiny_table() | {"data": 5})


@pytest.mark.parametrize(
    "changes",
    [
        {"schedule": {"stages": []}},
        {"schedule": {"stages": [{"until": 0.5, "size": 32}]}},
        {"schedule": {"stages": [{"until": 1.0, "size": 32}, {"until": 0.5, "size": 64}]}},
        {"schedule": {"stages": [{"until": 1.0, "size": 4}]}},
        {"schedule": {"stages": [{"until": 1.0, "size": 0}]}},
        {"schedule": {"samples": 0}},
        {"schedule": {"batch": -1}},
        {"schedule": {"rate": 0.0}},
        {"augmentation": {"crop": 0.0}},
        {"augmentation": {"crop": 1.5}},
    ],
    ids=str,
)
def test_values_that_cannot_be(changes):
    with pytest.raises(RecipeError):
        tiny_recipe(**changes)


def test_a_stage_has_weights_of_its_own():
    stages = [{"until": 0.5, "size": 32, "loss": {"l1": 2.0}}, {"until": 1.0, "size": 32}]
    recipe = tiny_recipe(loss={"huber": 3.0}, schedule={"stages": stages})
    first, second = (recipe.stage_loss(stage) for stage in recipe.schedule.stages)
    assert (first.l1, first.huber, second.l1, second.huber) == (2.0, 3.0, 0.0, 3.0)
    assert parse(to_table(recipe)) == recipe


def test_recipes_that_are_not_there(tmp_path):
    with pytest.raises(RecipeError, match="photto") as told:
        load_recipe("photto")
    assert "photo" in told.value.advice
    with pytest.raises(RecipeError, match=r"none\.toml"):
        load_recipe(tmp_path / "none.toml")


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe\x00", b"id = 'a'\nid = 'b'"], ids=str)
def test_a_file_that_is_not_toml(tmp_path, content):
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    with pytest.raises(RecipeError, match=r"broken\.toml"):
        load_recipe(file)
