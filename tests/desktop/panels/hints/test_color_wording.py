"""Colours in words."""

import typing

import pytest

from desktop.panels.hints.color_wording import WORDS, choice_text, color_text
from engine import ColorWords


def test_every_word_of_the_engine_can_be_translated():
    hints = typing.get_type_hints(ColorWords)
    words = {word for hint in hints.values() for word in typing.get_args(hint) if word}
    assert words == set(WORDS)


@pytest.mark.parametrize(
    ("color", "words"),
    [("#8b0000", "dark strong red"), ("#7d2a2f", "dark red"), ("#000000", "black")],
)
def test_a_colour_in_words(color, words):
    assert color_text(color) == words


def test_what_is_no_colour_is_said_in_words_too():
    assert choice_text(None) == "keep what is here"
    assert choice_text("#808080") == choice_text("#ffffff") == "no colour"
    assert choice_text("#7d2a2f") == "dark red"
