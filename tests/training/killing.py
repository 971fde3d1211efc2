"""Trains with a checkpoint after every step, kills the run where it is told to, resumes it, and compares with one that
nobody disturbed.

Run in a process of its own, which has no threads when it forks: `python -m tests.training.killing FOLDER STEP…`. Each
number counts the acts of a run (a step, and three of writing its checkpoint) before it is killed.
"""

import os
import signal
import sys
import traceback
from pathlib import Path

import torch

from tests.training.making import fighting_recipe, packed, rule_photo
from training import checkpoint, trainer
from training.data.packed import PackedPhotos

CPU = torch.device("cpu")


def main(folder: Path, places: list[int]) -> None:
    """Raises AssertionError if a resumed run ends elsewhere; says how many photos had been seen at each kill."""
    assert in_child(lambda: train(folder / "whole", None)) == 0
    for place in places:
        status = in_child(lambda place=place: train(folder / "killed", place))
        assert os.WIFSIGNALED(status), status
        assert os.WTERMSIG(status) == signal.SIGKILL
    assert in_child(lambda: train(folder / "killed", None)) == 0
    assert in_child(lambda: compare(folder)) == 0


def train(folder: Path, place: int | None) -> None:
    """Trains or resumes a run; it is killed at its n-th act, if told so."""
    torch.set_num_threads(1)
    trainer.CHECKPOINT_SECONDS = -1.0
    left = place or -1

    def act() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    real_save, real_replace = torch.save, Path.replace

    def save(state: object, file: object) -> None:
        act()
        real_save(state, file)
        act()  # written, not yet in its place

    def replace(path: Path, target: Path) -> Path:
        replaced = real_replace(path, target)
        act()
        return replaced

    checkpoint.torch.save, Path.replace = save, replace
    photos: PackedPhotos = packed([rule_photo(n, 48, 48) for n in range(8)])
    run = trainer.Trainer(fighting_recipe(), photos.subset(range(6)), photos.subset([6, 7]), folder, CPU)
    run.resume()
    run.run(on_step=lambda _: act())


def compare(folder: Path) -> None:
    """Both runs' last states, bit by bit."""
    whole, killed = (
        torch.load(folder / name / "checkpoint.pt", map_location="cpu", weights_only=True)
        for name in ("whole", "killed")
    )
    first, second = dict(flat(whole)), dict(flat(killed))
    assert first.keys() == second.keys()
    for name, value in first.items():
        other = second[name]
        assert torch.equal(value, other) if isinstance(value, torch.Tensor) else value == other, name


def flat(state: object, name: str = "") -> list[tuple[str, object]]:
    """All numbers and tensors of a nested state, by their path."""
    if isinstance(state, dict | list | tuple):
        items = state.items() if isinstance(state, dict) else enumerate(state)
        return [pair for key, value in items for pair in flat(value, f"{name}/{key}")]
    return [(name, state)]


def in_child(work) -> int:
    """The status that a child ends with."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001 - told, and the parent sees the status
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(place) for place in sys.argv[2:]])
