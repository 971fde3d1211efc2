import io
import json
import os
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from engine.cli import app
from engine.cli import colorize as command
from engine.cli.display import choose_display
from engine.models.store import find_model
from engine.progress import Progress
from engine.render import Look
from engine.sidecar import Sidecar, sidecar_path, write_sidecar
from tests.engine.hints.painting_hints import dab
from tests.painting import files_below, job, make_photo
from tests.training.making import install

INTERRUPTIBLE = """
import sys
from engine.cli import colorize, app, run
from tests.painting import FakePainter, job

colorize.make_job = lambda options: job(*options.paths, painter=FakePainter(0.2), jobs=1)
run(app)
"""


@pytest.fixture
def photos(tmp_path):
    for number in range(3):
        make_photo(tmp_path / "photos" / f"{number}.jpg", seed=number)
    return tmp_path / "photos"


@pytest.fixture
def colorize(monkeypatch):
    """Runs the command with the fake model; the result, and the options that it made."""
    seen = []

    def make_job(options):
        seen.append(options)
        fields = {name: getattr(options, name) for name in options.__dataclass_fields__ if name != "paths"}
        return job(*options.paths, **{**fields, "jobs": 2})

    monkeypatch.setattr(command, "make_job", make_job)

    def colorize(*arguments):
        result = CliRunner().invoke(app, ["colorize", *map(str, arguments)])
        return result, seen[-1] if seen else None

    return colorize


def test_all_done_is_0_and_nothing_on_stdout(photos, colorize):
    result, options = colorize(photos)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "3 coloured, 0 failed, 0 skipped (already there)" in result.stderr
    assert (options.format, options.quality, options.mark, options.jobs) == ("same", 92, True, 0)
    result, _ = colorize(photos)
    assert "0 coloured, 0 failed, 3 skipped (already there)" in result.stderr


def test_a_failed_photo_is_1_and_named_with_cause_and_advice(photos, colorize):
    broken = photos / "1.jpg"
    broken.write_bytes(broken.read_bytes()[:-50])
    result, _ = colorize(photos)
    assert result.exit_code == 1
    assert "2 coloured, 1 failed" in result.stderr
    assert str(broken) in result.stderr
    assert "Use --salvage" in result.stderr


def test_options_reach_the_batch(photos, tmp_path, colorize):
    result, options = colorize(
        *("--output", tmp_path / "out", "--format", "png", "--quality", 80, "--saturation", 1.2, "--vibrance", -0.5),
        *("--temperature", 3, "--device", "cpu", "--jobs", 1, "--no-mark", "--salvage", "--restart", photos),
    )
    assert result.exit_code == 0
    assert options.look == Look(saturation=1.2, vibrance=-0.5, temperature=3.0)
    assert (options.output, options.format, options.quality, options.device) == (tmp_path / "out", "png", 80, "cpu")
    assert (options.jobs, options.mark, options.salvage, options.restart) == (1, False, True, True)
    assert files_below(tmp_path / "out") == ["0.png", "1.png", "2.png", "report.csv"]


def test_without_a_saturation_the_card_of_the_model_decides(photos, colorize):
    _, options = colorize(photos)
    assert options.look == Look(saturation=find_model("photo").card.saturation)
    assert options.look.saturation > 1


def test_without_an_evenness_the_card_of_the_model_decides(photos, colorize):
    install("even", evenness=0.75)
    assert colorize(photos, "--model", "even")[1].look.evenness == 0.75
    assert colorize(photos, "--model", "even", "--evenness", 0)[1].look.evenness == 0
    assert colorize(photos, "--evenness", 0.5)[1].look.evenness == 0.5
    assert colorize(photos)[1].look.evenness == find_model("photo").card.evenness == 0


@pytest.mark.parametrize(
    "wrong",
    [
        ["--quality", "0"],
        ["--vibrance", "2"],
        ["--evenness", "1.1"],
        ["--format", "gif"],
        ["--device", "abacus"],
        ["--jobs", "0"],
        ["--luma", "nearly"],
        ["--sidecars", "x"],
        ["--cluster-address", "head:6379"],
    ],
)
def test_wrong_use_is_2(photos, colorize, wrong):
    assert colorize(photos, *wrong)[0].exit_code == 2


def test_what_cannot_be_started_is_2_with_a_sentence(tmp_path, colorize):
    result, _ = colorize(tmp_path / "missing")
    assert result.exit_code == 2
    assert "There is no file or folder" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_a_cluster_without_ray_is_2_and_says_what_to_install(photos, colorize, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setitem(sys.modules, "ray.data", None)
    result, options = colorize("--cluster", "--cluster-address", "head:6379", photos)
    assert (options.cluster, options.cluster_address) == (True, "head:6379")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "pip install 'autochrome[cluster]'" in " ".join(result.stderr.split())


def test_unknown_model_is_2(photos):
    result = CliRunner().invoke(app, ["colorize", str(photos), "--model", "no-such-model"])
    assert result.exit_code == 2
    assert "no-such-model" in result.stderr


def test_json_is_all_there_is_on_stdout(photos, colorize):
    (photos / os.fsdecode(b"\xff.jpg")).write_bytes(b"")
    colorize(photos / "0.jpg", "--output", photos.with_name("photos-color"))
    result, _ = colorize(photos, "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert sorted(event["event"] for event in events) == ["done", "done", "failed", "skipped", "summary"]
    assert events[-1]["event"] == "summary"
    failed = next(event for event in events if event["event"] == "failed")
    assert os.fsencode(failed["source"]) == os.fsencode(photos) + b"/\xff.jpg"
    assert failed["cause"] == "the file is empty."
    done = next(event for event in events if event["event"] == "done")
    assert {"source", "output", "seconds", "kind", "notes"} <= set(done)
    assert result.exit_code == 1


def test_dry_run_lists_and_writes_nothing(photos, colorize):
    result, _ = colorize(photos, "--dry-run")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == f"{photos}/0.jpg -> {photos}-color/0.jpg"
    assert len(lines) == 3
    assert "3 would be coloured" in result.stderr
    assert not photos.with_name("photos-color").exists()
    result, _ = colorize(photos, "--dry-run", "--json")
    assert [json.loads(line)["event"] for line in result.stdout.splitlines()] == ["planned"] * 3 + ["summary"]


def test_markup_and_control_characters_in_names_stay_text(tmp_path, colorize):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "[red]\x1b[2J.jpg").write_bytes(b"")
    result, _ = colorize(tmp_path / "in")
    assert "[red]\\x1b[2J.jpg" in result.stderr
    assert "\x1b[2J" not in result.stderr


def test_bar_on_a_terminal(photos, monkeypatch, colorize):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("LINES", "40")
    (photos / "bad.jpg").write_bytes(b"")
    result, _ = colorize(photos)
    assert "4/4" in result.stderr
    assert "3 coloured, 1 failed" in result.stderr


def test_closed_pipe_cancels_instead_of_failing(photos, monkeypatch):
    from engine.cli.display import JsonLines

    class Closed:
        def write(self, text):
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Closed())
    progress, display = Progress(), JsonLines()
    display.on_closed = progress.cancel
    summary = job(photos).run(progress, display.on_event)
    assert summary.interrupted
    assert summary.failed == 0


def test_a_closed_stderr_cancels_too(photos, monkeypatch):
    class Closed(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Closed())
    progress, display = Progress(), choose_display()
    display.on_closed = progress.cancel
    summary = job(photos).run(progress, display.on_event)
    assert summary.interrupted
    assert summary.failed == 0


@pytest.mark.skipif(sys.platform == "win32", reason="other signals there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_is_130_and_resumable(tmp_path, number):
    photos = tmp_path / "photos"
    for count in range(30):
        make_photo(photos / f"{count}.jpg", seed=count, width=10 + count)
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "colorize", str(photos), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        child.send_signal(number)
        rest, errors = child.communicate(timeout=30)
    assert json.loads(first or "{}").get("event") == "done", errors
    assert child.returncode == 130, errors
    summary = json.loads(rest.splitlines()[-1])
    assert summary["interrupted"]
    output = photos.with_name("photos-color")
    assert len(files_below(output)) == summary["done"]
    assert not (output / ".autochrome" / "lock").exists()
    assert job(photos).run().skipped == summary["done"]


def test_folder_named_like_a_command(tmp_path, monkeypatch, colorize):
    make_photo(tmp_path / "models" / "a.jpg")
    monkeypatch.chdir(tmp_path)
    assert colorize("./models")[0].exit_code == 0
    assert files_below(tmp_path / "models-color") == ["a.jpg", "report.csv"]


def test_white_balance_and_metadata_are_options(photos, colorize):
    _, options = colorize(photos, "--white-balance", "--no-metadata")
    assert (options.look.white_balance, options.metadata) == (True, False)
    _, options = colorize(photos)
    assert (options.look.white_balance, options.metadata) == (False, True)


def test_hints_are_counted(photos, colorize):
    write_sidecar(sidecar_path(photos / "1.jpg"), Sidecar(48, 32, hints=(dab(5, 5), dab(9, 9))))
    result, _ = colorize("--json", photos)
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["hints"] for event in events if event["event"] == "done"] in ([2, 0, 0], [0, 2, 0], [0, 0, 2])
    assert events[-1]["hinted"] == 1
    result, _ = colorize("--restart", photos)
    assert "3 coloured (1 with hints), 0 failed" in result.stderr


def test_sidecars_may_lie_elsewhere_or_be_left_aside(photos, tmp_path, colorize):
    write_sidecar(sidecar_path(photos / "1.jpg", tmp_path / "kept"), Sidecar(48, 32, hints=(dab(5, 5),)))
    sidecar_path(photos / "2.jpg").write_text("{")
    result, options = colorize(photos, "--sidecars", tmp_path / "kept")
    assert (options.sidecars, options.use_sidecars, result.exit_code) == (tmp_path / "kept", True, 0)
    assert "3 coloured (1 with hints)" in result.stderr
    result, options = colorize(photos, "--no-sidecars")
    assert (options.sidecars, options.use_sidecars, result.exit_code) == (None, False, 0)
    assert "1 coloured, 0 failed, 2 skipped" in result.stderr
    result, _ = colorize(photos)
    assert result.exit_code == 1
    assert f"{sidecar_path(photos / '2.jpg')}: it is damaged" in result.stderr
    result, _ = colorize(photos, "--no-sidecars", "--sidecars", tmp_path / "kept")
    assert result.exit_code == 2


def test_help_says_that_sidecars_win(colorize):
    result, _ = colorize("--help")
    words = " ".join(result.stdout.replace("│", " ").split())
    assert "What a sidecar says of its photo wins over --model" in words
