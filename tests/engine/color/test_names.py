"""What people type becomes a colour, and colours become words."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color.names import (
    ChromaWord,
    ColorWords,
    HueWord,
    LightnessWord,
    color_name,
    color_names,
    color_words,
    parse_color,
)
from engine.color.swatches import is_color

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("#7d2a2f", "#7d2a2f"),
        (" 7D2A2F ", "#7d2a2f"),
        ("#aBc", "#aabbcc"),
        ("rgb(125,42,47)", "#7d2a2f"),
        ("RGB( 125  42 47 )", "#7d2a2f"),
        ("rgb(125, 42, 47)", "#7d2a2f"),
        ("darkolivegreen", "#556b2f"),
        ("Dark  Olive Green", "#556b2f"),
        ("grey", "#808080"),
        ("GRAY", "#808080"),
        ("RebeccaPurple", "#663399"),
    ],
)
def test_what_is_a_color(text, color):
    assert parse_color(text) == color


@pytest.mark.parametrize(
    "text", ["", " ", "#", "#12", "#12345", "abc", "rgb(1,2)", "rgb(1,2,256)", "rgb(1,2,999)", "dark olive", "٣" * 6]
)
def test_what_is_none(text):
    assert parse_color(text) is None


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_color_or_none(text):
    color = parse_color(text)
    assert color is None or is_color(color)


@given(COLORS)
@settings(max_examples=40, deadline=None)
def test_every_color_has_a_name_and_words(color):
    assert color_name(color) in color_names()
    words = color_words(color)
    assert isinstance(words, ColorWords)
    assert words.lightness in get_args(LightnessWord)
    assert words.chroma in get_args(ChromaWord)
    assert words.hue in get_args(HueWord)


def test_names_name_themselves():
    names = color_names()
    assert list(names) == sorted(set(names))
    assert len(names) == 148
    for name in names:
        color = parse_color(name)
        assert color is not None
        assert parse_color(color_name(color)) == color
    assert color_name("#808080") == "grey"
    assert color_name("#00ffff") == "cyan"


def test_the_nearest_name_is_near_to_the_eye():
    assert color_name("#fe0302") == "red"
    assert color_name("#56692f") == "dark olive green"
    assert color_name("#7f1e1e") in ("brown", "maroon", "dark red")


@pytest.mark.parametrize(
    ("color", "words"),
    [
        ("#000000", ("", "", "black")),
        ("#ffffff", ("", "", "white")),
        ("#808080", ("", "", "grey")),
        ("#404040", ("dark", "", "grey")),
        ("#ff0000", ("", "vivid", "red")),
        ("#7d2a2f", ("dark", "", "red")),
        ("#8b4513", ("dark", "strong", "brown")),
        ("#ffa500", ("light", "vivid", "orange")),
        ("#ffff00", ("very light", "vivid", "yellow")),
        ("#808000", ("", "strong", "olive")),
        ("#008000", ("", "strong", "green")),
        ("#87ceeb", ("light", "", "blue")),
        ("#0000ff", ("dark", "vivid", "blue")),
        ("#778899", ("", "greyish", "blue")),
        ("#800080", ("dark", "strong", "purple")),
        ("#ffc0cb", ("light", "", "pink")),
        ("#40e0d0", ("light", "strong", "turquoise")),
    ],
)
def test_the_words_of_everyday(color, words):
    assert color_words(color) == words


@pytest.mark.parametrize("color", ["", "red", "#abc"])
def test_words_are_of_colors_only(color):
    for function in (color_name, color_words):
        with pytest.raises(ValueError, match="#rrggbb"):
            function(color)
