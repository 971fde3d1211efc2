"""What a card says, in words."""

import pytest
from PySide6.QtCore import QLocale

from desktop.panels.model_facts import facts_of
from tests.desktop.panels.cards import model


@pytest.fixture(autouse=True)
def _english():
    former = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(former)


def facts(size=None, **card):
    return {fact.name: fact for fact in facts_of(model(**card), size)}


def test_a_full_card():
    told = facts(
        11_527_980,
        saturation=1.5,
        photos=23_397,
        collections=("bsds500", "intel"),
        date="2026-11-21",
        metrics={
            "photos": 518,
            "gain": 1.154,
            "chroma": 0.598,
            "colorfulness": 16.774,
            "gain_of_others": {"photo ×1.5": 0.69},
        },
    )
    assert told["Accuracy"].text == "1.2 dB nearer to the true colours than grey"
    assert "518 photos" in told["Accuracy"].hint
    assert told["Colours"].text == "60 % as strong as the true ones"
    assert "16.8" in told["Colours"].hint
    assert told["Shown with"].text == "Saturation 1.5: 0.7 dB nearer to the true colours than grey"
    assert told["Trained on"].text == "23,397 photos, collections: 2"
    assert "bsds500, intel" in told["Trained on"].hint
    assert told["Size"].text == "11.5 MB, 5.7 million parameters"
    assert "192 × 192" in told["Size"].hint
    assert told["Licence"].text == "Apache-2.0"
    assert told["From"].text == "Came with Autochrome; made 2026-11-21"


def test_a_bare_card_tells_only_what_it_has():
    told = facts(bundled=False)
    assert set(told) == {"Size", "Licence", "From"}
    assert told["From"].text == "Added by you"


@pytest.mark.parametrize(
    ("gain", "text"),
    [
        (-0.42, "0.4 dB farther from the true colours than grey"),
        (0.01, "As near to the true colours as grey"),
    ],
)
def test_models_that_gain_nothing_are_told_honestly(gain, text):
    assert facts(metrics={"gain": gain})["Accuracy"].text == text


@pytest.mark.parametrize(
    ("saturation", "text"),
    [
        (1.0, "Saturation 1, evenness 0.5: 0.3 dB nearer"),
        (1.25, "Saturation 1.25, evenness 0.5: 0.2 dB nearer"),
        (1.5, "Saturation 1.5, evenness 0.5"),
    ],
)
def test_a_figure_is_told_only_of_the_look_that_was_measured(saturation, text):
    others = {"photo ×1.5": 0.7, "photo even 0.5": 0.3, "photo ×1.25 even 0.5": 0.2}
    told = facts(saturation=saturation, evenness=0.5, metrics={"gain_of_others": others})["Shown with"].text
    assert told.startswith(text)
    assert ("dB" in told) == ("dB" in text)


@pytest.mark.parametrize("wrong", ["a lot", True, [1.0], {"x": 1}, None])
def test_figures_that_are_none_are_left_out(wrong):
    metrics = {"gain": wrong, "chroma": wrong, "colorfulness": wrong, "photos": wrong, "gain_of_others": wrong}
    told = facts(saturation=2.0, metrics=metrics)
    assert "Accuracy" not in told
    assert "Colours" not in told
    assert told["Shown with"].text == "Saturation 2"


def test_colourfulness_alone_is_told_too():
    assert facts(metrics={"colorfulness": 25})["Colours"].text.startswith("Colourfulness 25.0")


def test_texts_of_any_length_are_bounded():
    told = facts(licence="L" * 100_000, date="9" * 5000, collections=("c" * 50_000,))
    assert max(len(fact.text) for fact in told.values()) < 500
