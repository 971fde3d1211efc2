"""`autochrome benchmark`, as a user or a script calls it."""

import importlib
import json
import os
import signal
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from engine.batch import Failed, Summary, Waiting
from engine.benchmark.batches import BatchClock, Copies
from engine.cli import app
from engine.errors import EngineError
from engine.photo import SaveOptions, read_photo, save_photo
from engine.progress import Progress
from tests.painting import files_below, make_photo
from tests.training.making import install

command = importlib.import_module("engine.cli.benchmark")  # the package shows the function by the same name


@pytest.fixture
def photo(tmp_path):
    install()
    return make_photo(tmp_path / "old.jpg")


def call(*arguments, code=0):
    result = CliRunner().invoke(app, ["benchmark", *map(str, arguments)], env={"COLUMNS": "100"})
    assert result.exit_code == code, (result.output, result.exception)
    return result


def quick(photo, *more):
    return ("--photo", photo, "--model", "tiny", "--device", "cpu", "--repeats", 1, *more)


def test_a_table_with_a_real_batch_and_strokes(photo):
    result = call(*quick(photo, "--strokes", 3, "--batch", 2))
    for words in (
        "old.jpg, model tiny on cpu",
        "decode with hints",
        "Everything but the network",
        "From stroke to screen: median",
        "A batch of 2:",
    ):
        assert words in result.stdout
    assert result.stderr.splitlines() == [
        "old.jpg: getting it ready",
        "old.jpg, tiny on cpu: stages",
        "old.jpg, tiny on cpu: strokes",
        "old.jpg, tiny on cpu: a batch",
    ]
    assert files_below(photo.parent) == ["old.jpg"]


def test_json(photo):
    (line,) = call(*quick(photo, "--strokes", 2, "--batch", 0, "--json")).stdout.splitlines()
    told = json.loads(line)
    assert (told["event"], told["photo"], told["model"], told["device"]) == ("measured", "old.jpg", "tiny", "cpu")
    assert told["ratio"] > 0
    assert len(told["strokes"]["seconds"]) == 2
    assert told["batch"] is None


def test_several_models_and_one_that_is_broken(photo):
    weights = install("broken")
    weights.write_bytes(weights.read_bytes()[:-4])
    install("other")
    arguments = quick(photo, "--model", "other", "--model", "broken", "--strokes", 0, "--batch", 0)
    lines = [json.loads(line) for line in call(*arguments, "--json", code=1).stdout.splitlines()]
    assert [(line["event"], line["model"]) for line in lines] == [
        ("measured", "tiny"),
        ("measured", "other"),
        ("failed", "broken"),
    ]
    result = call(*arguments, code=1)
    assert "In short" in result.stdout
    assert "broken on cpu was not measured" in result.stderr


def test_only_a_broken_one(photo):
    weights = install()
    weights.write_bytes(weights.read_bytes()[:-4])
    result = call(*quick(photo), code=2)
    assert "tiny" in result.stderr


@pytest.mark.parametrize("more", [("--device", "abacus"), ("--model", "tinny")])
def test_wrong_names(photo, more):
    assert more[1] in call("--photo", photo, *more, code=2).stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_keeps_what_was_told(photo, monkeypatch, number):
    install("other")

    def interrupted(copies, progress):
        if copies.model == "other":
            os.kill(os.getpid(), number)
        return SimpleNamespace(seconds=1.0, stages={}, busy={})

    monkeypatch.setattr(command, "run_batch", interrupted)
    before = signal.getsignal(number)
    arguments = quick(photo, "--model", "other", "--strokes", 0, "--batch", 1, "--json")
    (line,) = call(*arguments, code=130).stdout.splitlines()
    assert json.loads(line)["model"] == "tiny"
    assert signal.getsignal(number) == before


def copies_of(*photos, output):
    return Copies(photos=photos, output=output, model="tiny", device="cpu", clock=BatchClock())


def test_a_batch_leaves_no_results(photo, tmp_path):
    copies = copies_of(photo, make_photo(tmp_path / "other.jpg", seed=1), output=tmp_path / "out")
    summary = command.run_batch(copies, Progress())
    assert (summary.done, copies.clock.saved) == (2, 2)
    assert copies.clock.seconds > 0
    assert [name for name in files_below(tmp_path / "out") if name.endswith(".jpg")] == []


def test_a_photo_that_this_program_made_is_left(photo, tmp_path):
    read = read_photo(photo)
    colored = np.repeat(read.pixels[..., None], 3, axis=2)
    made = tmp_path / "made.jpg"
    save_photo(made, [colored], [read], SaveOptions(format="JPEG", model="tiny"))
    result = call(*quick(made, "--strokes", 0, "--batch", 1))
    assert "A batch coloured none of the copies. Others were left:" in result.stdout


def test_a_batch_without_room_ends(photo, tmp_path, monkeypatch):
    told = []

    class Stuck:
        def __init__(self, options):
            self.options = options

        def run(self, progress, listener):
            listener(Failed(source=self.options.paths[0], cause="it is cut off."))
            listener(Waiting(folder=tmp_path, cause="the disk is full.", advice="Make room."))
            told.append(progress.cancelled)
            return Summary(done=0, failed=1, skipped=0, interrupted=True)

    monkeypatch.setattr(command, "BatchJob", Stuck)
    copies = copies_of(photo, output=tmp_path / "out")
    with pytest.raises(EngineError, match=r"the disk is full\. Make room\."):
        command.run_batch(copies, Progress())
    assert told == [True]
    assert copies.clock.cause == "it is cut off."
