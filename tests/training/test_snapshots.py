"""The best of a stage's snapshots."""

import torch

from tests.training.making import fighting_recipe
from training.snapshots import Best, score


def test_gain_and_chroma_are_weighed_as_the_recipe_says():
    stage = fighting_recipe().schedule.stages[-1]
    assert score(stage, {"gain_db": 1.5, "chroma_share": 0.5}) == 2.5
    assert score(stage, {"gain_db": 1.5, "chroma_share": 3.0}) == score(stage, {"gain_db": 1.5, "chroma_share": 1.0})


def test_the_best_is_kept_as_it_was():
    best = Best()
    weights = {"a": torch.zeros(2)}
    assert best.consider(8, -3.0, weights)
    weights["a"] += 1
    assert not best.consider(16, -3.0, weights)
    assert (best.samples, best.score, best.state["a"].tolist()) == (8, -3.0, [0, 0])
    assert best.consider(24, 1.0, weights)
    again = Best()
    again.load_state_dict(best.state_dict())
    assert (again.samples, again.score, again.state["a"].tolist()) == (24, 1.0, [1, 1])
    best.forget()
    assert not best.state
    assert best.consider(32, -9.0, weights)
