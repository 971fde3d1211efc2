"""Foreign files: which are opened, and that none of them can do anything but be read."""

from __future__ import annotations

import collections
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from engine.errors import BadWeightsError
from engine.models.importing.checkpoint import read_checkpoint

STATE = {"layer.weight": torch.arange(6.0).view(2, 3), "layer.count": torch.tensor(3)}


class Payload:
    """What unpickling this does is what a hostile file would do."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return os.mkdir, (str(self.file),)


def check(found: dict[str, torch.Tensor]) -> None:
    assert found.keys() == STATE.keys()
    assert all(torch.equal(found[key], value) for key, value in STATE.items())


@pytest.mark.parametrize("zipped", [True, False], ids=["new", "before 1.6"])
@pytest.mark.parametrize(
    "content",
    [
        STATE,
        {"params": STATE},
        {"params_ema": STATE},
        {"state_dict": STATE, "epoch": 3},
        {"model": STATE, "opt": {"state": {}, "param_groups": [{"lr": 0.1, "betas": (0.9, 0.99), "params": [0]}]}},
        {"model": {"state_dict": STATE}},
        {"params": STATE, "params_ema": {"other": torch.zeros(1)}},
        collections.OrderedDict((key, torch.nn.Parameter(value, requires_grad=False)) for key, value in STATE.items()),
    ],
    ids=["bare", "params", "params_ema", "state_dict", "fastai", "nested", "params first", "parameters"],
)
def test_checkpoints_of_pytorch(tmp_path: Path, content: Any, zipped: bool) -> None:
    file = tmp_path / "weights.pth"
    torch.save(content, file, _use_new_zipfile_serialization=zipped)
    check(read_checkpoint(file))


def test_safetensors(tmp_path: Path) -> None:
    save_file(STATE, tmp_path / "weights.safetensors")
    check(read_checkpoint(tmp_path / "weights.safetensors"))


@pytest.mark.parametrize("how", ["zip", "legacy", "pickle"])
@pytest.mark.parametrize("beside", [True, False], ids=["beside the tensors", "alone"])
def test_a_payload_is_refused_and_not_run(
    tmp_path: Path, how: str, beside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    file, done = tmp_path / "weights.pth", tmp_path / "done"
    content = {"model": STATE, "opt": Payload(done)} if beside else Payload(done)
    if how == "pickle":
        file.write_bytes(pickle.dumps(content))
    else:
        torch.save(content, file, _use_new_zipfile_serialization=how == "zip")
    with pytest.raises(
        BadWeightsError, match=r"weights\.pth holds something other than tensors.*nothing of it was run"
    ):
        read_checkpoint(file)
    assert not done.exists()


def test_a_payload_under_the_name_of_safetensors(tmp_path: Path) -> None:
    file, done = tmp_path / "weights.safetensors", tmp_path / "done"
    file.write_bytes(pickle.dumps(Payload(done)))
    with pytest.raises(BadWeightsError, match="pickle"):
        read_checkpoint(file)
    assert not done.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pth", b"", "is empty"),
        ("a.pth", b"  <!DOCTYPE html><html>", "is a web page"),
        ("a.pth", b"PK\x03\x04 and no more", "cannot be opened"),
        ("a.pth", b"version https://git-lfs.github.com/spec/v1\noid sha256:0", r"a\.pth"),
        ("a.pth", bytes(range(256)) * 4, r"a\.pth"),
        ("a.onnx", b"\x08\x03", "not a checkpoint by its name"),
        ("a.safetensors", b"\x01\x00\x00\x00\x00\x00\x00\x00{", r"a\.safetensors"),
    ],
)
def test_other_files(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadWeightsError, match=said):
        read_checkpoint(tmp_path / name)


def test_half_a_download(tmp_path: Path) -> None:
    for zipped in (True, False):
        file = tmp_path / "weights.pth"
        torch.save({"w": torch.zeros(1000)}, file, _use_new_zipfile_serialization=zipped)
        file.write_bytes(file.read_bytes()[:-2000])
        with pytest.raises(BadWeightsError, match=r"weights\.pth"):
            read_checkpoint(file)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadWeightsError, match="no file"):
        read_checkpoint(tmp_path / "missing.pth")
    (tmp_path / "folder.pth").mkdir()
    with pytest.raises(BadWeightsError, match="is not a file"):
        read_checkpoint(tmp_path / "folder.pth")


@pytest.mark.parametrize(
    "content",
    [
        {},
        [torch.zeros(1)],
        torch.zeros(1),
        {"weight": 3.0},
        {3: torch.zeros(1)},
        {"model": {"weight": "text"}},
        {"weight": torch.zeros(2, dtype=torch.complex64)},
        {"weight": torch.eye(2).to_sparse()},
    ],
    ids=lambda value: str(value)[:30],
)
def test_no_table_of_plain_tensors(tmp_path: Path, content: Any) -> None:
    torch.save(content, tmp_path / "weights.pth")
    with pytest.raises(BadWeightsError, match=r"weights\.pth"):
        read_checkpoint(tmp_path / "weights.pth")
