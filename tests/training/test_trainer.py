"""Runs: they learn, resume exactly, stop when asked, and refuse what does not fit."""

import errno
import json
import signal
from pathlib import Path

import numpy as np
import pytest
import torch
from torch._dynamo.exc import TorchRuntimeError

from engine.color.tensors import lab_to_srgb
from engine.errors import OutOfMemoryError
from tests.training.making import fighting_recipe, packed, rule_photo, tiny_recipe
from training.checkpoint import CheckpointError
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


@pytest.mark.parametrize("kept", [1, 3, 5])
def test_critics_snapshots_and_dropout_resume_exactly(tmp_path, photos, kept):
    """In each stage: before, with, and beside a critic, and in the middle of choosing."""
    whole = trainer_in(tmp_path / "whole", photos, fighting_recipe())
    assert whole.run()
    broken = trainer_in(tmp_path / "broken", photos, fighting_recipe())
    for _ in range(kept):
        broken.step()
    broken.save()
    broken.step()
    resumed = trainer_in(tmp_path / "broken", photos, fighting_recipe())
    assert resumed.resume()
    assert resumed.run()
    same(state_of(whole), state_of(resumed))


def test_a_stage_that_chooses_ends_with_its_best(tmp_path, photos, monkeypatch):
    """The measure is made up: the second of two snapshots is the worse."""
    gains = iter([2.0, 1.0])
    trainer = trainer_in(tmp_path, photos, fighting_recipe(schedule={"ema": 0.0}))
    real = trainer.monitor.measure
    snapshots: list[dict[str, torch.Tensor]] = []

    def measure(model):
        snapshots.append({name: value.clone() for name, value in model.state_dict().items()})
        return real(model) | {"gain_db": next(gains), "chroma_share": 0.0}

    monkeypatch.setattr(trainer.monitor, "measure", measure)
    for _ in range(7):
        trainer.step()
    best = {name: value.clone() for name, value in trainer.averaged_model().state_dict().items()}
    same(best, snapshots[0])  # what would be exported if the run stopped here
    trainer.step()
    assert trainer.samples == 32
    same(dict(trainer.averaged_model().state_dict()), snapshots[0])
    same(dict(trainer.learner.task.model.state_dict()), snapshots[0])
    assert not trainer.learner.best.state
    told = [event for event in events(tmp_path) if "snapshot" in event or "chosen" in event]
    assert [event["samples"] for event in told] == [24, 32, 32]
    assert [event["snapshot"]["best"] for event in told[:2]] == [True, False]
    assert told[2]["chosen"] == 24


def test_the_names_of_the_stages_are_told(tmp_path, photos):
    steps: list[Step] = []
    trainer_in(tmp_path, photos, fighting_recipe()).run(on_step=steps.append)
    assert [step.stage for step in steps] == ["pre-training"] * 2 + ["critic"] * 2 + ["NoGAN"] * 4
    sheets = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    assert sheets == ["000000008-1.jpg", "000000016-2.jpg", "000000032.jpg"]


def test_a_disk_that_is_full_for_a_while(tmp_path, photos, monkeypatch, caplog):
    monkeypatch.setattr("training.trainer.CHECKPOINT_SECONDS", -1.0)
    trainer = trainer_in(tmp_path, photos)
    real, tries = torch.save, []

    def save(state, file):
        tries.append(state["samples"])
        if state["samples"] in (16, 24):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(state, file)

    monkeypatch.setattr("training.checkpoint.torch.save", save)

    def kept(step: Step) -> None:
        if step.samples == 32:  # before its own checkpoint
            assert torch.load(tmp_path / "checkpoint.pt", weights_only=True)["samples"] == 8

    with caplog.at_level("WARNING"):
        assert trainer.run(on_step=kept)
    assert tries == [8, 16, 24, 32, 40, 48, 48]
    assert [entry.getMessage().count("No space left") for entry in caplog.records] == [1, 1]
    assert torch.load(tmp_path / "checkpoint.pt", weights_only=True)["samples"] == 48


def test_a_disk_that_stays_full_is_an_error_and_the_old_state_is_whole(tmp_path, photos, monkeypatch):
    trainer = trainer_in(tmp_path, photos)
    assert not trainer.run(minutes=0.0)

    def save(state, file):
        file.write(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("training.checkpoint.torch.save", save)
        with pytest.raises(CheckpointError, match="No space left on device") as told:
            trainer.run(minutes=0.0)
    assert "--resume" in told.value.advice
    later = trainer_in(tmp_path, photos)
    assert later.resume()
    assert later.samples == 8


def test_a_batch_too_large_for_the_memory(tmp_path, photos, monkeypatch):
    trainer = trainer_in(tmp_path, photos)

    def forward(*_, **__):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(trainer.learner.task, "forward", forward)
    with pytest.raises(OutOfMemoryError, match="batches of 8") as told:
        trainer.run()
    assert "accumulate" in told.value.advice


def test_a_network_that_cannot_be_compiled(tmp_path, photos, monkeypatch):
    def refuse(*_, **__):
        raise TorchRuntimeError("no C++ compiler was found")

    monkeypatch.setattr(torch, "compile", lambda _: refuse)
    trainer = trainer_in(tmp_path, photos, tiny_recipe(schedule={"compile": True}))
    with pytest.raises(RecipeError, match="no C\\+\\+ compiler") as told:
        trainer.run()
    assert "schedule.compile" in told.value.advice


def test_a_compiled_network_is_the_same_network(tmp_path, photos, monkeypatch):
    asked: list[str] = []

    def compiled(function):
        asked.append(function.__name__)
        return function

    usual = trainer_in(tmp_path / "a", photos)
    monkeypatch.setattr(torch, "compile", compiled)
    other = trainer_in(tmp_path / "b", photos, tiny_recipe(schedule={"compile": True}))
    assert asked == ["encode", "decode"]
    for trainer in (usual, other):
        trainer.step()
    same(state_of(usual), state_of(other))


def test_a_network_without_weights_is_made_of_the_photos_at_once(tmp_path, photos):
    stages = [{"until": 1.0, "size": 64}]
    network = {"references": 4, "side": 16}
    recipe = tiny_recipe(architecture="histogram", network=network, schedule={"stages": stages})
    trainer = trainer_in(tmp_path, photos, recipe)
    steps: list[Step] = []
    assert trainer.run(on_step=steps.append)
    assert not steps
    assert trainer.averaged_model().get_buffer("references").any()


def test_a_recipe_or_photos_that_have_changed_are_told(tmp_path, photos, caplog):
    assert not trainer_in(tmp_path, photos).run(minutes=0.0)
    longer = trainer_in(tmp_path, photos, tiny_recipe(schedule={"samples": 96}))
    with caplog.at_level("WARNING"):
        assert longer.resume()
        other = trainer_in(tmp_path, photos.subset(range(11)))
        assert other.resume()
    told = [entry.getMessage().split(" since ")[0] for entry in caplog.records]
    assert told == ["The recipe has changed", "The photos have changed"]
    assert longer.samples == other.samples == 8


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
    assert trainer.interrupted
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
    recipe = tiny_recipe(schedule=schedule, augmentation={"crop": 0.8, "emulsion": 0.0, "ageing": 0.0, "hinted": 0.0})
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
