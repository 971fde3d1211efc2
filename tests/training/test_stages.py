"""Stages, learning rates and snapshots, as functions of the photos seen."""

import pytest

from tests.training.making import tiny_recipe
from training.stages import rate_factor, stage_at


def schedule_of(**changes):
    return tiny_recipe(schedule={"samples": 1000, **changes}).schedule


def factors(schedule, step=50):
    return [rate_factor(schedule, samples) for samples in range(0, 1001, step)]


def test_the_cosine_rises_stays_and_falls():
    found = factors(schedule_of(warmup=0.1, decay=0.4))
    assert found[1] == pytest.approx(0.5)
    assert found[2:13] == [1.0] * 11
    assert found[12:] == sorted(found[12:], reverse=True)
    assert found[16] == pytest.approx(0.505)
    assert 0 < found[-1] <= 0.011


def test_steps_fall_at_their_places():
    found = factors(schedule_of(warmup=0.0, shape="steps", step_first=400, step_every=200, step_factor=0.5), 100)
    assert found == [1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625]
    once = factors(schedule_of(warmup=0.0, shape="steps", step_first=400, step_factor=0.1), 200)
    assert once == pytest.approx([1, 1, 0.1, 0.1, 0.1, 0.1])


def test_constant_but_for_the_warm_up():
    found = factors(schedule_of(warmup=0.1, shape="constant"))
    assert found == [pytest.approx(0.01), pytest.approx(0.5), *[1.0] * 19]


def test_a_stage_has_its_size_name_and_rate():
    stages = [{"until": 0.5, "size": 32}, {"until": 1.0, "size": 64, "name": "large", "rate": 0.25}]
    schedule = schedule_of(warmup=0.0, shape="constant", stages=stages)
    found = [stage_at(schedule, samples) for samples in (0, 499, 500, 999, 5000)]
    assert [stage.recipe.size for stage in found] == [32, 32, 64, 64, 64]
    assert [stage.name for stage in found] == ["stage 1", "stage 1", "large", "large", "large"]
    assert (found[0].start, found[0].end, found[2].start, found[2].end) == (0, 500, 500, 1000)
    assert factors(schedule, 250) == [1, 1, 0.25, 0.25, 0.25]


def snapshots(stage, step=50):
    return [after for after in range(50, 1001, step) if stage.snapshot_due(after - step, after)]


def test_snapshots_are_taken_where_the_stage_chooses():
    stages = [
        {"until": 0.5, "size": 32},
        {"until": 1.0, "size": 32, "choose": True, "snapshot_samples": 200},
    ]
    schedule = schedule_of(stages=stages)
    assert snapshots(stage_at(schedule, 0)) == []
    inside = [after for after in range(550, 1001, 50) if stage_at(schedule, 500).snapshot_due(after - 50, after)]
    assert inside == [700, 900, 1000]


def test_a_tenth_of_the_stage_is_the_usual_distance():
    stage = stage_at(schedule_of(stages=[{"until": 1.0, "size": 32, "choose": True}]), 0)
    assert snapshots(stage) == list(range(100, 1001, 100))
