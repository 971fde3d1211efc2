"""Numbers, times and paths for people."""

import pytest
from PySide6.QtCore import QLocale

from desktop.panels.wording import (
    as_sentence,
    decimal_text,
    duration_text,
    megabytes_text,
    number_text,
    parameters_text,
    path_text,
    plain_tooltip,
    rate_text,
    shortened,
)


@pytest.fixture(autouse=True)
def _english():
    former = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(former)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3540, "59 min"),
        (3599, "1 h 0 min"),
        (7800, "2 h 10 min"),
        (86_400, "1 d 0 h"),
        (200_000, "2 d 8 h"),
    ],
)
def test_durations(seconds, text):
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("rate", "text"), [(12.34, "12.3 photos a second"), (1, "1.0 photos a second"), (0.4, "2.5 s a photo")]
)
def test_rates(rate, text):
    assert rate_text(rate) == text


def test_numbers_have_the_separators_of_the_language():
    assert number_text(100_000) == "100,000"
    assert decimal_text(-1.25) in ("−1.2", "−1.3")
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    assert number_text(100_000) == "100.000"
    assert decimal_text(1.5) == "1,5"


def test_sizes():
    assert megabytes_text(11_527_980) == "11.5 MB"
    assert megabytes_text(250_000_000) == "250 MB"
    assert parameters_text(5_745_570) == "5.7 million parameters"
    assert parameters_text(1200) == "1,200 parameters"


def test_names_that_are_no_text_are_escaped():
    assert path_text(b"gr\xfcn.jpg".decode("utf-8", "surrogateescape")) == "gr\\xfcn.jpg"


def test_tooltips_show_markup_as_text():
    assert "<img" not in plain_tooltip("<img src=x>")
    assert plain_tooltip("") == ""


def test_long_texts_are_shortened():
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd", 3) == "ab…"


def test_a_sentence_begins_with_a_capital_and_may_be_empty():
    assert as_sentence("it is empty.") == "It is empty."
    assert as_sentence("") == ""
