"""Tables, JSON and cards."""

import dataclasses
import json
import sys

import pytest
from rich.console import Console

from engine.models.card import read_card
from tests.training.making import install
from tests.training.reports import a_report
from training.report import figure, metrics_of, typed_command, write_metrics


@pytest.fixture
def report():
    return a_report()


def text_of(report):
    console = Console(width=200)
    with console.capture() as capture:
        for table in report.tables():
            console.print(table)
    return capture.get()


def test_tables(report):
    text = text_of(report)
    for word in ("grey", "tiny", "tiny ×2", "PSNR dB", "CIEDE2000", "7 photos (test), 256²", "+1.23", "+0.62"):
        assert word in text
    for word in ("bits a pixel", "reference photos", "4.568", "5.000", "4.600", "0.25"):
        assert word in text
    for word in ("number of hints", "grey + propagation", "+3.50", "best of four palettes", "KID from 7", "0.0120"):
        assert word in text
    for word in ("checkerboard", "0.0125", "0.75"):
        assert word in text
    assert "SSIM" not in text  # headlines only


def test_what_was_not_measured_has_no_table(report):
    bare = dataclasses.replace(report, likelihood={}, stability={}, artefacts={}, hints=[], variants=[], inception={})
    assert len(bare.tables()) == 2
    assert len(report.tables()) == 8


def test_rows_of_other_looks_are_no_headlines(report):
    assert [row.name for row in report.headline_rows] == ["grey", "tiny"]
    assert report.first_model == "tiny"


def test_json(report):
    found = json.loads(json.dumps(report.as_json()))
    assert found["photos"] == 7
    assert [each["name"] for each in found["rows"]] == ["grey", "tiny", "tiny ×2", "tiny even 1"]
    assert found["rows"][1]["macro"]["gain"] == 1.2345
    assert found["rows"][1]["spread"]["gain"] == {"mean": 1.2345, "sd": 0.5, "min": -1, "max": 3, "photos": 7}
    assert found["likelihood"]["tiny"]["bits"] == 4.5678
    assert found["likelihood"]["tiny"]["marginal_of"] == "reference photos"
    assert found["hints"][0]["points"]["10"]["macro"]["gain"] == 3.5
    assert found["inception"]["tiny"]["kind"] == "KID"
    assert {metric["key"] for metric in found["metrics"]} >= {"psnr", "ssim", "bleeding"}
    assert found["settings"]["half"] == "test"
    assert set(found["versions"]) >= {"torch", "numpy", "python"}


def test_metrics(report):
    metrics = metrics_of(report, "tiny")
    assert metrics["gain"] == pytest.approx(1.2345, abs=0.001)
    assert metrics["ssim"] == 0.9
    assert (metrics["bits"], metrics["bits_marginal"], metrics["bits_marginal_of"]) == (4.568, 5.0, "reference photos")
    assert metrics["bits_by_source"] == {"one": 4.5, "two": 4.6}
    assert metrics["gain_of_others"] == {"grey": 0.0, "tiny ×2": -0.5, "tiny even 1": 1.25}
    assert metrics["stability"] == {"0.5x": 0.5, "2x": 0.25}
    assert metrics["artefacts"] == {"checkerboard": 0.0125, "border": 0.75}
    assert metrics["gain_by_hints"] == {
        "grey + propagation": {"0": 0.0, "10": 3.5},
        "tiny: automatic + propagation": {"0": 1.234, "10": 4.0},
    }
    assert (metrics["gain_best_of_four"], metrics["gain_best_of_automatic_and_three"]) == (2.0, 2.1)
    assert metrics["kid"] == 0.012
    bare = metrics_of(dataclasses.replace(report, likelihood={}, hints=[], variants=[], inception={}), "tiny")
    assert not {"bits", "gain_by_hints", "gain_best_of_four", "kid"} & set(bare)


def test_a_card_reads_back(report):
    card = install("tiny").with_suffix(".toml")
    before = read_card(card)
    for _ in range(2):  # older figures are replaced
        write_metrics(card, report, "tiny")
    after = read_card(card)
    assert after.metrics == metrics_of(report, "tiny")
    assert dataclasses.replace(after, metrics={}) == before
    assert sorted(path.name for path in card.parent.iterdir()) == ["tiny.safetensors", "tiny.toml"]


def test_a_number_that_is_none():
    assert (figure(None, 2), figure(1.256, 2), figure(-0.5, 1)) == ("–", "1.26", "-0.5")


def test_the_command_can_be_typed_again(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/some/where/main.py", "evaluate", "--data", "my photos", "--json"])
    assert typed_command() == "autochrome evaluate --data 'my photos' --json"
