"""Runs: they learn, resume exactly, stop when asked, and refuse what does not fit."""

import json
import signal
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.color.tensors import lab_to_srgb
from tests.training.making import packed, rule_photo, tiny_recipe
from training.data.augmentation import true_pair
from training.data.batches import CropSource
from training.recipe import Recipe, RecipeError
from training.trainer import Step, Trainer

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def photos():
    return packed([rule_photo(n) for n in range(12)], [n % 3 for n in range(12)])


def trainer_in(folder: Path, photos, recipe: Recipe | None = None) -> Trainer:
    rest, out = photos.held_out(6)
    return Trainer(recipe or tiny_recipe(), rest, out, folder, CPU)


def events(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def state_of(trainer: Trainer) -> dict[str, object]:
    return flat(trainer.learner.state_dict())


def flat(state: object, name: str = "") -> dict[str, object]:
    """All numbers and tensors of a nested state, by their path."""
    if isinstance(state, dict | list | tuple):
        items = state.items() if isinstance(state, dict) else enumerate(state)
        return {key: value for n, item in items for key, value in flat(item, f"{name}/{n}").items()}
    return {name: state}


def same(first: dict[str, object], second: dict[str, object]) -> None:
    assert list(first) == list(second)
    for name, value in first.items():
        other = second[name]
        assert torch.equal(value, other) if isinstance(value, torch.Tensor) else value == other, name


def test_a_resumed_run_ends_bit_by_bit_where_an_unbroken_one_does(tmp_path, photos):
    whole = trainer_in(tmp_path / "whole", photos)
    assert whole.run()
    broken = trainer_in(tmp_path / "broken", photos)
    for _ in range(3):
        broken.step()
    broken.save()
    broken.step()  # lost: killed after the checkpoint
    del broken
    resumed = trainer_in(tmp_path / "broken", photos)
    assert resumed.resume()
    assert resumed.samples == 24
    assert resumed.run()
    same(state_of(whole), state_of(resumed))


def test_the_same_recipe_gives_the_same_weights(tmp_path, photos):
    first, second = (trainer_in(tmp_path / name, photos) for name in ("a", "b"))
    for trainer in (first, second):
        trainer.step()
    same(state_of(first), state_of(second))
    other = trainer_in(tmp_path / "c", photos, tiny_recipe(schedule={"seed": 2}))
    mine, others = (trainer.learner.average.state for trainer in (first, other))
    assert any(not torch.equal(value, others[name]) for name, value in mine.items())


def test_minutes_stop_a_run_which_goes_on_later(tmp_path, photos):
    trainer = trainer_in(tmp_path, photos)
    assert not trainer.run(minutes=0.0)
    assert trainer.samples == 8
    later = trainer_in(tmp_path, photos)
    assert later.resume()
    assert later.samples == 8
    assert later.run(minutes=10)
    assert later.samples == 48
    assert later.run()  # there is nothing left to do
    assert later.samples == 48


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_after_the_step(tmp_path, photos, number):
    trainer = trainer_in(tmp_path, photos)
    before = signal.getsignal(number)

    def interrupt(step: Step) -> None:
        if step.samples == 16:
            signal.raise_signal(number)

    assert not trainer.run(on_step=interrupt)
    assert trainer.samples == 16
    assert signal.getsignal(number) is before
    assert (tmp_path / "checkpoint.pt").exists()
    assert trainer.run()


def test_a_second_ctrl_c_stops_at_once(tmp_path, photos):
    trainer = trainer_in(tmp_path, photos)

    def interrupt(step: Step) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        trainer.run(on_step=interrupt)


def test_progress_is_told_and_logged(tmp_path, photos):
    steps: list[Step] = []
    trainer_in(tmp_path, photos).run(on_step=steps.append)
    assert [step.samples for step in steps] == [8, 16, 24, 32, 40, 48]
    assert all(step.total == 48 and step.rate > 0 and step.learning_rate > 0 for step in steps)
    assert set(steps[0].losses) == {"huber", "bins", "palette", "label"}
    held_out = events(tmp_path)[-1]["held_out"]
    assert set(held_out) == {"gain_db", "chroma_share", "bits"}
    assert all(np.isfinite(value) for value in held_out.values())
    assert {"checkpoint.pt", "log.jsonl", "pictures"} <= {path.name for path in tmp_path.iterdir()}
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"000000024-1.jpg", "000000048.jpg"}


def test_resuming_where_there_is_nothing(tmp_path, photos):
    trainer = trainer_in(tmp_path, photos)
    assert not trainer.resume()
    assert trainer.samples == 0


def test_a_checkpoint_of_another_network(tmp_path, photos):
    trainer = trainer_in(tmp_path, photos)
    trainer.save()
    other = trainer_in(tmp_path, photos, tiny_recipe(network={"query_width": 32}))
    with pytest.raises(RecipeError, match="another network") as told:
        other.resume()
    assert "--output" in told.value.advice


def test_a_loss_that_is_not_finite_stops_the_run(tmp_path, photos):
    trainer = trainer_in(tmp_path, photos)
    with torch.no_grad():
        next(trainer.learner.task.parameters()).fill_(float("nan"))
    with pytest.raises(RecipeError, match="not finite") as told:
        trainer.step()
    assert "learning rate" in told.value.advice


def test_palettes_are_those_of_the_photos(tmp_path, photos):
    trainer = trainer_in(tmp_path, photos)
    palettes = trainer.learner.task.model.get_buffer("palettes")
    assert palettes.shape == (4, 2, 4, 4)
    assert palettes.abs().amax(dim=(1, 2, 3)).min() > 10
    assert torch.equal(palettes, trainer.learner.average.state["palettes"])


def test_an_obvious_rule_is_learnt(tmp_path):
    """Bright is blue, dark is orange: after a few hundred photos, unseen ones are so too."""
    photos = packed([rule_photo(n, 64, 64) for n in range(40)])
    schedule = {
        "samples": 384,
        "batch": 6,
        "rate": 4e-3,
        "weight_decay": 0.0,
        "stages": [{"until": 1.0, "size": 32}],
    }
    recipe = tiny_recipe(schedule=schedule, augmentation={"crop": 0.8, "emulsion": 0.0, "ageing": 0.0})
    trainer = trainer_in(tmp_path, photos, recipe)
    steps: list[dict[str, float]] = [trainer.step() for _ in range(64)]
    first, last = (np.mean([sum(step.values()) for step in part]) for part in (steps[:5], steps[-10:]))
    assert last < 0.6 * first

    unseen = packed([rule_photo(n, 64, 64) for n in range(100, 106)])
    srgb = CropSource(unseen, CPU).crops(torch.arange(6), 64, torch.Generator(), None).srgb
    pair = true_pair(srgb)
    with torch.inference_mode():
        ab = trainer.averaged_model()(pair.lightness).ab
    bright, dark = (pair.target_lightness > 62).squeeze(1), (pair.target_lightness < 38).squeeze(1)
    blue, orange = ab[:, 1][bright], ab[:, 1][dark]
    assert (blue < -8).float().mean() > 0.9
    assert (orange > 8).float().mean() > 0.9
    full = torch.nn.functional.interpolate(ab, size=(64, 64), mode="bilinear")
    error = (lab_to_srgb(torch.cat([pair.lightness, full], dim=1)) - srgb).square().mean()
    grey = (lab_to_srgb(torch.cat([pair.lightness, full * 0], dim=1)) - srgb).square().mean()
    assert error < 0.4 * grey
