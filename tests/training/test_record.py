"""The log of a run."""

import json
import logging
import sys

import pytest

from training.record import Record


def test_lines_and_curves(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    record = Record(tmp_path / "run")
    record.write(8, stage="first", loss={"l1": 0.5})
    record.write(16, stage="first", loss={"l1": 0.25})
    record.close()
    lines = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [(line["samples"], line["loss"]) for line in lines] == [(8, {"l1": 0.5}), (16, {"l1": 0.25})]
    curves = EventAccumulator(str(tmp_path / "run" / "tensorboard")).Reload()
    assert [(event.step, event.value) for event in curves.Scalars("loss/l1")] == [(8, 0.5), (16, 0.25)]


def test_tensorboard_is_not_needed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    record = Record(tmp_path)
    record.write(8, rate=1.5)
    record.close()
    assert [path.name for path in tmp_path.iterdir()] == ["log.jsonl"]


def test_a_log_that_cannot_be_written_is_told_once(tmp_path, caplog):
    (tmp_path / "run").write_text("a file")
    record = Record(tmp_path / "run")
    with caplog.at_level(logging.WARNING):
        record.write(8, rate=1.5)
        record.write(16, rate=1.5)
    assert [entry.getMessage().startswith("The log in") for entry in caplog.records] == [True]
