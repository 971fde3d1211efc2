"""Steps: who learns in which stage, what stays frozen, and parts that add up to a batch."""

import pytest
import torch

from engine.models.registry import build_network
from tests.training.making import TINY, fighting_recipe, merged, packed, rule_photo, tiny_recipe, tiny_table
from training.batch import Needs, make_batch
from training.data.batches import CropSource
from training.distributed import ALONE, Group
from training.learner import Learner, check_recipe
from training.recipe import Recipe, RecipeError, parse

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def crops() -> CropSource:
    return CropSource(packed([rule_photo(n) for n in range(8)]), CPU)


def plain_recipe(**changes) -> Recipe:
    """A network without batch norms and dropout: its parts see what the whole sees."""
    table = tiny_table(
        architecture="unet-plain",
        network={"encoder": [8, 8], "middle": 8, "decoder": [8, 8]},
        loss={"huber": 0.0, "srgb": 1.0, "colorfulness": 0.1},
        schedule={"precision": "float32"},
    )
    return parse(merged(table, changes))


def whole(crops, recipe, samples, stride, hints=False):
    """Gives the parts of one and the same batch, however many there are."""
    batch = make_batch(crops, recipe, samples, recipe.schedule.batch, 32, Needs(stride, hints))
    return lambda part: batch.share(part, recipe.schedule.accumulate)


def after(crops, recipe, steps=1, samples=0) -> Learner:
    learner = Learner(recipe, crops, 0, ALONE)
    for step in range(steps):
        seen = samples + step * recipe.schedule.batch
        learner.step(seen, whole(crops, recipe, seen, learner.needs.stride))
    return learner


def copied(module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


def changed(module, before) -> set[str]:
    return {name for name, value in module.state_dict().items() if not torch.equal(value, before[name])}


def test_parts_add_up_to_the_batch(crops):
    one, four = (after(crops, plain_recipe(schedule={"accumulate": parts}), 3) for parts in (1, 4))
    for name, value in one.task.model.state_dict().items():
        assert torch.allclose(value, four.task.model.state_dict()[name], atol=2e-4), name  # steps are of 3e-3


def test_the_critic_alone_leaves_the_generator_as_it_is(crops):
    recipe = fighting_recipe()
    learner = Learner(recipe, crops, 0, ALONE)
    before = copied(learner.task), copied(learner.adversary.critic), dict(learner.average.state)
    losses = learner.step(8, whole(crops, recipe, 8, 1))
    assert set(losses) == {"critic"}
    assert not changed(learner.task, before[0])
    assert changed(learner.adversary.critic, before[1])
    assert all(value is before[2][name] for name, value in learner.average.state.items())


def test_both_learn_in_an_adversarial_stage(crops):
    recipe = fighting_recipe()
    learner = Learner(recipe, crops, 0, ALONE)
    before = copied(learner.task), copied(learner.adversary.critic)
    losses = learner.step(16, whole(crops, recipe, 16, 1))
    assert set(losses) == {"l1", "adversarial", "critic"}
    trained = {name for name, _ in learner.task.named_parameters()}
    assert trained & changed(learner.task, before[0])
    assert changed(learner.adversary.critic, before[1])


def test_the_adversarial_weight_moves_the_generator(crops):
    stages = [{"until": 1.0, "size": 32, "train": "both", "adversarial": weight} for weight in (0.0, 1.0)]
    without, with_it = (after(crops, fighting_recipe(schedule={"stages": [stage]})) for stage in stages)
    assert changed(without.task, copied(with_it.task))
    others = dict(with_it.adversary.critic.named_parameters())
    assert all(torch.equal(value, others[name]) for name, value in without.adversary.critic.named_parameters())


def test_a_wasserstein_generator_waits_for_its_turn(crops):
    recipe = fighting_recipe(
        adversary={"kind": "wasserstein", "critic_steps": 2, "norm": "instance", "spectral": False, "scales": 1},
        schedule={"stages": [{"until": 1.0, "size": 32, "train": "both", "adversarial": 0.1}]},
    )
    learner = Learner(recipe, crops, 0, ALONE)
    before = copied(learner.task)
    assert set(learner.step(0, whole(crops, recipe, 0, 1))) == {"critic", "penalty"}
    names = {name for name, _ in learner.task.named_parameters()}
    assert not names & changed(learner.task, before)
    assert set(learner.step(4, whole(crops, recipe, 4, 1))) == {"critic", "penalty", "adversarial", "l1"}
    assert names & changed(learner.task, before)


def test_what_a_stage_freezes_stays(crops):
    stages = [{"until": 0.5, "size": 32, "freeze": ["encoder", "context"]}, {"until": 1.0, "size": 32}]
    recipe = tiny_recipe(schedule={"stages": stages})
    learner = Learner(recipe, crops, 0, ALONE)
    before = copied(learner.task.model)
    learner.step(0, whole(crops, recipe, 0, 4))
    moved = {name.split(".")[0] for name in changed(learner.task.model, before)}
    assert {"encoder", "context"}.isdisjoint(moved)
    assert "ab_head" in moved
    learner.step(40, whole(crops, recipe, 40, 4))
    assert {"encoder", "context"} <= {name.split(".")[0] for name in changed(learner.task.model, before)}


def test_losses_of_a_stage(crops):
    stages = [{"until": 0.5, "size": 32, "loss": {"l1": 0.0, "l2": 2.0}}, {"until": 1.0, "size": 32}]
    recipe = tiny_recipe(loss={"l1": 1.0, "huber": 0.0, "bins": 0.0}, schedule={"stages": stages})
    learner = Learner(recipe, crops, 0, ALONE)
    assert set(learner.step(0, whole(crops, recipe, 0, 4))) == {"l2", "palette"}
    assert set(learner.step(40, whole(crops, recipe, 40, 4))) == {"l1", "palette"}


def test_rebalancing_is_of_the_photos(crops):
    learner = Learner(tiny_recipe(loss={"rebalance": 0.5}), crops, 0, ALONE)
    weights = learner.task.get_buffer("bin_weights")
    assert weights.shape == (len(learner.task.model.get_buffer("bins")),)
    assert float(weights.max()) > 2 * float(weights.min())
    with pytest.raises(RecipeError, match="no ab bins"):
        Learner(plain_recipe(loss={"rebalance": 0.5}), crops, 0, ALONE)


def test_references_are_photos(crops):
    stages = [{"until": 1.0, "size": 64}]
    network = {"references": 12, "side": 16}
    recipe = tiny_recipe(architecture="histogram", network=network, schedule={"stages": stages})
    learner = Learner(recipe, crops, 0, ALONE)
    references = learner.task.model.get_buffer("references")
    assert not learner.trainable
    assert all(float(photo.float().std()) > 5 for photo in references)
    assert torch.equal(learner.average.state["references"], references)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stages": [{"until": 1.0, "size": 40}]}, "size 40"),
        ({"stages": [{"until": 1.0, "size": 32, "freeze": ["encodr"]}]}, "encodr"),
        ({"batch": 6, "accumulate": 2}, "2 processes cannot share 3"),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_told_before_anything_is_read(changes, said):
    with pytest.raises(RecipeError, match=said):
        check_recipe(tiny_recipe(schedule=changes), Group(0, 2))


def test_a_recipe_without_any_loss(crops):
    with pytest.raises(RecipeError, match="no loss"):
        after(crops, tiny_recipe(loss={"huber": 0.0, "bins": 0.0, "palette": 0.0, "label": 0.0}))


def test_bfloat16_and_float32_are_not_the_same(crops):
    half, full = (after(crops, tiny_recipe(schedule={"precision": name})) for name in ("bfloat16", "float32"))
    assert changed(half.task, copied(full.task))
    assert all(value.dtype == torch.float32 for value in half.task.parameters())


def test_what_a_stage_trains_alone(crops):
    recipe = kriging_recipe()
    learner = Learner(recipe, crops, 0, ALONE)
    before = copied(learner.task.model)
    losses = learner.step(0, whole(crops, recipe, 0, 4, hints=True))
    assert set(losses) == {"kriging"}
    assert {name.split(".")[0] for name in changed(learner.task.model, before)} == {"kriging"}


def test_the_parts_that_a_start_lacks_stay_random(crops):
    start = build_network("photo", TINY)
    learner = Learner(kriging_recipe(), crops, 0, ALONE)
    learner.start_from(start)
    state = learner.task.model.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in start.state_dict().items())
    assert any(name.startswith("kriging.") for name in state)
    with pytest.raises(RuntimeError):
        learner.start_from(build_network("photo", {**TINY, "queries": 5}))
    with pytest.raises(RuntimeError):
        Learner(tiny_recipe(), crops, 0, ALONE).start_from(learner.task.model)


def kriging_recipe() -> Recipe:
    return tiny_recipe(
        network={"kriging": 2},
        augmentation={"hinted": 1.0},
        loss={"huber": 0.0, "bins": 0.0, "palette": 0.0, "label": 0.0, "kriging": 1.0},
        schedule={"stages": [{"until": 1.0, "size": 32, "only": ["kriging"]}]},
    )
