"""Cards: read in full, and every mistake in one named with its file and key."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from engine.errors import BadWeightsError
from engine.models.card import MAX_CARD_BYTES, is_model_id, parse_card, read_card


@pytest.fixture
def table(make_card_table: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return make_card_table(b"weights")


def test_a_card_as_training_writes_it(table: dict[str, Any]) -> None:
    card = parse_card(tomli_w.dumps(table), "small.toml")
    for key in ("id", "purpose", "architecture", "licence", "sha256", "parameters", "inference_side", "date", "commit"):
        assert getattr(card, key) == table[key]
    assert card.network == table["network"]
    assert (card.photos, card.collections) == (12, ("one", "two"))
    assert card.training["torch"] == "2.6"
    assert card.recipe == table["recipe"]
    assert card.metrics == {}
    assert card.more == {}


def test_metrics_and_their_sources(table: dict[str, Any]) -> None:
    metrics = {"command": "autochrome evaluate", "psnr": 24.5, "sources": {"coco": {"psnr": 23.9}}}
    assert parse_card(tomli_w.dumps({**table, "metrics": metrics}), "small.toml").metrics == metrics


def test_unknown_keys_are_kept_and_do_no_harm(table: dict[str, Any]) -> None:
    card = parse_card(tomli_w.dumps({**table, "homepage": "https://example.org", "future": {"x": 1}}), "small.toml")
    assert card.more == {"homepage": "https://example.org", "future": {"x": 1}}


def test_what_may_be_absent(table: dict[str, Any]) -> None:
    needed = ("id", "purpose", "architecture", "licence", "sha256", "parameters", "inference_side")
    card = parse_card(tomli_w.dumps({key: table[key] for key in needed}), "small.toml")
    assert (card.date, card.commit, card.photos, card.collections) == ("", "", 0, ())


def test_a_date_of_toml_is_as_good_as_text(table: dict[str, Any]) -> None:
    assert parse_card(tomli_w.dumps({**table, "date": dt.date(2026, 1, 31)}), "small.toml").date == "2026-01-31"


def test_evenness_is_none_unless_the_card_says_so(table: dict[str, Any]) -> None:
    assert parse_card(tomli_w.dumps(table), "small.toml").evenness == 0
    for evenness in (0, 0.5, 1):
        assert parse_card(tomli_w.dumps({**table, "evenness": evenness}), "small.toml").evenness == evenness


@pytest.mark.parametrize("key", ["id", "purpose", "architecture", "licence", "sha256", "parameters", "inference_side"])
def test_what_must_be_there(table: dict[str, Any], key: str) -> None:
    del table[key]
    with pytest.raises(BadWeightsError, match=f'small.toml.*lacks "{key}"'):
        parse_card(tomli_w.dumps(table), "small.toml")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", 7),
        ("purpose", ["a"]),
        ("sha256", 12),
        ("sha256", "abc"),
        ("sha256", "A" * 64),
        ("parameters", "many"),
        ("parameters", True),
        ("parameters", -1),
        ("inference_side", 192.5),
        ("inference_side", 0),
        ("saturation", 0.0),
        ("saturation", 40),
        ("saturation", "vivid"),
        ("evenness", -0.1),
        ("evenness", 1.5),
        ("evenness", True),
        ("evenness", "flat"),
        ("inference_side", 10**9),
        ("date", 2026),
        ("network", "small"),
        ("recipe", []),
        ("metrics", 24.5),
    ],
)
def test_wrong_values_name_file_and_key(table: dict[str, Any], key: str, value: Any) -> None:
    with pytest.raises(BadWeightsError, match=f'small.toml: "{key}"'):
        parse_card(tomli_w.dumps({**table, key: value}), "small.toml")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("training", {"photos": "all"}, "training.photos"),
        ("training", {"collections": "all"}, "training.collections"),
        ("training", {"collections": [1]}, "training.collections"),
        ("metrics", {"command": 1}, "metrics.command"),
        ("metrics", {"sources": {"coco": {"psnr": float("nan")}}}, "metrics.sources.coco.psnr"),
        ("recipe", {"rates": [1.0, float("inf")]}, "recipe.rates"),
    ],
)
def test_wrong_values_deeper_down(table: dict[str, Any], key: str, value: Any, said: str) -> None:
    with pytest.raises(BadWeightsError, match=f'small.toml: "{said}"'):
        parse_card(tomli_w.dumps({**table, key: value}), "small.toml")


@pytest.mark.parametrize("name", ["photo", "photo-lite", "v1.2_b", "0"])
def test_good_ids(name: str) -> None:
    assert is_model_id(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Photo",
        "../photo",
        "a/b",
        "a\\b",
        ".hidden",
        "-x",
        "a b",
        "a\n",
        "é",
        "con",
        "nul.v2",
        "com1",
        "a.",
        "x" * 65,
    ],
)
def test_bad_ids(table: dict[str, Any], name: str) -> None:
    assert not is_model_id(name)
    with pytest.raises(BadWeightsError, match='"id"'):
        parse_card(tomli_w.dumps({**table, "id": name}), "small.toml")


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 20_000,
        "[a" + ".a" * 5000 + "]\n",
        "a" + ".a" * 5000 + " = 1\n",
        "a = 1\n" * 2,
        "#" * (MAX_CARD_BYTES + 1),
    ],
    ids=["brackets", "tables", "keys", "twice", "long"],
)
def test_texts_without_end(text: str) -> None:
    with pytest.raises(BadWeightsError, match=r"x\.toml is (not a|far larger than a) card"):
        parse_card(text, "x.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of Unix")
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.toml")
    with pytest.raises(BadWeightsError, match="not a file"):
        read_card(tmp_path / "x.toml")


def test_files_that_are_no_cards(tmp_path: Path) -> None:
    card = tmp_path / "x.toml"
    with pytest.raises(BadWeightsError, match="no card"):
        read_card(card)
    card.write_text("<html>", encoding="utf-8")
    with pytest.raises(BadWeightsError, match=r"x\.toml is not a card"):
        read_card(card)
    card.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadWeightsError, match="not text"):
        read_card(card)
    card.write_bytes(b"#" * (MAX_CARD_BYTES + 1))
    with pytest.raises(BadWeightsError, match="far larger"):
        read_card(card)
    with pytest.raises(BadWeightsError, match="cannot be read"):
        read_card(tmp_path)
    card.write_text("x = " + "[" * 5000, encoding="utf-8")
    with pytest.raises(BadWeightsError, match="not a card"):
        read_card(card)
