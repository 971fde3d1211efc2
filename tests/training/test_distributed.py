"""Two processes that train together end where one alone does."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import tomli_w
import torch

from engine.models.card import read_card
from tests.training.making import merged, tiny_table, write_rule_zip
from training.distributed import ALONE, joined

ROOT = Path(__file__).parents[2]


def recipe_file(folder: Path) -> Path:
    """Neither dropout nor batch norm: a share of a batch sees what the whole batch sees."""
    stages = [
        {"until": 0.5, "size": 32, "freeze": ["encoder_1"]},
        {"until": 1.0, "size": 32, "train": "both", "adversarial": 0.1, "choose": True},
    ]
    table = tiny_table(
        architecture="unet-plain",
        network={"encoder": [4, 4], "middle": 4, "decoder": [4, 4]},
        loss={"huber": 1.0, "srgb": 1.0},
        adversary={"width": 4, "layers": 2, "norm": "none"},
    )
    schedule = {"samples": 32, "batch": 8, "accumulate": 2, "precision": "float32", "rate": 1e-3, "stages": stages}
    file = folder / "together.toml"
    file.write_text(tomli_w.dumps(merged(table, {"schedule": schedule})), encoding="utf-8")
    return file


def command(folder: Path, output: str) -> list[str]:
    arguments = ["train", str(folder / "together.toml"), "--data", str(folder / "data"), "--device", "cpu"]
    return [sys.executable, str(ROOT / "main.py"), *arguments, "--threads", "1", "--output", str(folder / output)]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.mark.skipif(not torch.distributed.is_available(), reason="torch was built without it")
def test_two_processes_equal_one(tmp_path):
    recipe_file(tmp_path)
    write_rule_zip(tmp_path / "data" / "photos-train-0.zip", 10)
    usual = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    group = usual | {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
    places = [usual, group | {"RANK": "0", "LOCAL_RANK": "0"}, group | {"RANK": "1", "LOCAL_RANK": "1"}]
    outputs = ["alone", "together", "together"]
    started = [
        subprocess.Popen(command(tmp_path, output), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for output, env in zip(outputs, places, strict=True)
    ]
    said = [process.communicate(timeout=300) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    assert "Finished after 32 photos" in " ".join(said[1][1].split())
    assert "Finished" not in said[2][1]  # rank 0 alone speaks

    alone, together = (
        torch.load(tmp_path / name / "checkpoint.pt", weights_only=True) for name in ("alone", "together")
    )
    for part in ("task", ("adversary", "critic"), ("average", "state")):
        first, second = alone, together
        for key in (part,) if isinstance(part, str) else part:
            first, second = first[key], second[key]
        assert first.keys() == second.keys()
        for name, value in first.items():
            assert torch.allclose(value, second[name], atol=1e-4), (part, name)
    assert read_card(tmp_path / "together" / "tiny.toml").parameters > 0
    assert len((tmp_path / "together" / "log.jsonl").read_text().splitlines()) == len(
        (tmp_path / "alone" / "log.jsonl").read_text().splitlines()
    )


def test_one_process_is_a_group_of_its_own(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with joined(torch.device("cpu")) as (group, device):
        assert group == ALONE
        assert group.first
        assert device.type == "cpu"
        assert group.any(True, device)
        assert not group.any(False, device)
        assert group.from_first(1.5, device) == 1.5
        layer = torch.nn.Linear(1, 1)
        assert group.parallel(layer, device) is layer
        group.wait()
