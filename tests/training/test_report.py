"""Tables, JSON and cards."""

import dataclasses
import json
import sys

import pytest
from rich.console import Console

from engine.models.card import read_card
from tests.training.making import install
from training.evaluation import Row, Score
from training.likelihood import Likelihood
from training.report import COLUMNS, HEADINGS, Report, metrics_of, typed_command, write_metrics


def row(name, gain):
    value = Score(22.0 + gain, gain, 10.0 - gain, 20.0, 5.0, 0.5)
    return Row(name, value, {"one": value, "two": dataclasses.replace(value, gain=gain / 2)})


@pytest.fixture
def report():
    return Report(
        command="autochrome evaluate --data there",
        photos=7,
        left_out=["grey.jpg"],
        damaged=[],
        half="test",
        side=256,
        rows=[row("grey", 0.0), row("tiny", 1.2345), row("tiny ×2", -0.5)],
        likelihood={"tiny": Likelihood(4.5678, 5.0, "reference photos", {"one": (4.5, 5.0), "two": (4.6, 5.1)})},
        stability={"tiny": {"0.5x": 0.5, "2x": 0.25}},
    )


def text_of(report):
    console = Console(width=200)
    with console.capture() as capture:
        for table in report.tables():
            console.print(table)
    return capture.get()


def test_tables(report):
    text = text_of(report)
    for word in ("grey", "tiny", "tiny ×2", *HEADINGS, "7 photos (test), 256²", "+1.23", "-0.25"):
        assert word in text
    for word in ("bits a pixel", "reference photos", "4.568", "5.000", "4.600", "0.25"):
        assert word in text
    assert len(COLUMNS) == len(HEADINGS)


def test_what_was_not_measured_has_no_table(report):
    bare = dataclasses.replace(report, likelihood={}, stability={})
    assert len(bare.tables()) == 2


def test_json(report):
    found = json.loads(json.dumps(report.as_json()))
    assert found["photos"] == 7
    assert [each["name"] for each in found["rows"]] == ["grey", "tiny", "tiny ×2"]
    assert found["rows"][1]["macro"]["gain"] == 1.2345
    assert found["likelihood"]["tiny"]["bits"] == 4.5678
    assert found["likelihood"]["tiny"]["marginal_of"] == "reference photos"
    assert set(found["versions"]) >= {"torch", "numpy", "python"}


def test_metrics(report):
    metrics = metrics_of(report, "tiny")
    assert metrics["gain"] == pytest.approx(1.2345, abs=0.001)
    assert (metrics["bits"], metrics["bits_marginal"], metrics["bits_marginal_of"]) == (4.568, 5.0, "reference photos")
    assert metrics["bits_by_source"] == {"one": 4.5, "two": 4.6}
    assert metrics["gain_of_others"] == {"grey": 0.0, "tiny ×2": -0.5}
    assert metrics["stability"] == {"0.5x": 0.5, "2x": 0.25}
    assert "bits" not in metrics_of(dataclasses.replace(report, likelihood={}), "tiny")


def test_a_card_reads_back(report):
    card = install("tiny").with_suffix(".toml")
    before = read_card(card)
    for _ in range(2):  # older figures are replaced
        write_metrics(card, report, "tiny")
    after = read_card(card)
    assert after.metrics == metrics_of(report, "tiny")
    assert dataclasses.replace(after, metrics={}) == before
    assert sorted(path.name for path in card.parent.iterdir()) == ["tiny.safetensors", "tiny.toml"]


def test_the_command_can_be_typed_again(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/some/where/main.py", "evaluate", "--data", "my photos", "--json"])
    assert typed_command() == "autochrome evaluate --data 'my photos' --json"
