"""What the card of a model says, in the words of somebody who chooses one.

Figures are shown only where the card has them. Those of a model's author are measured by `autochrome evaluate`: the
gain is in decibels of peak signal-to-noise ratio over leaving the photo grey, the chroma a share of the true one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication

from desktop.panels.wording import decimal_text, megabytes_text, number_text, parameters_text, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine import InstalledModel, ModelCard

MOST_CHARACTERS = 300
UNCHANGED_DB = 0.05
"""Decibels that nobody can tell from none."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about a model.

    Attributes:
        name: What it is about.
        text: The fact.
        hint: More of it, for those who ask.
    """

    name: str
    text: str
    hint: str = ""


def facts_of(model: InstalledModel, size: int | None) -> list[Fact]:
    """All that is worth telling about a model.

    Args:
        model: The model.
        size: Bytes of its weight file, where they are known.
    """
    found = [
        _accuracy(model.card),
        _strength(model.card),
        _default_look(model.card),
        _trained_on(model.card),
        _size(model.card, size),
        _licence(model.card),
        _origin(model),
    ]
    return [fact for fact in found if fact is not None]


def _accuracy(card: ModelCard) -> Fact | None:
    gain = _figure(card.metrics, "gain")
    if gain is None:
        return None
    photos = _figure(card.metrics, "photos")
    hint = QCoreApplication.translate(
        "ModelFacts",
        "How near the colours come to the true ones, measured on colour photos that were made grey first. "
        "A photo that is left grey has 0 dB; more is nearer.",
    )
    if photos:
        measured = QCoreApplication.translate("ModelFacts", "Measured on {count} photos that it was not trained on.")
        hint = f"{hint}\n{measured.format(count=number_text(round(photos)))}"
    return Fact(QCoreApplication.translate("ModelFacts", "Accuracy"), _nearness(gain), hint)


def _nearness(gain: float) -> str:
    if gain >= UNCHANGED_DB:
        text = QCoreApplication.translate("ModelFacts", "{gain} dB nearer to the true colours than grey")
    elif gain <= -UNCHANGED_DB:
        text = QCoreApplication.translate("ModelFacts", "{gain} dB farther from the true colours than grey")
    else:
        text = QCoreApplication.translate("ModelFacts", "As near to the true colours as grey")
    return text.format(gain=decimal_text(abs(gain)))


def _strength(card: ModelCard) -> Fact | None:
    chroma, colorfulness = _figure(card.metrics, "chroma"), _figure(card.metrics, "colorfulness")
    if chroma is None and colorfulness is None:
        return None
    index = ""
    if colorfulness is not None:
        text = QCoreApplication.translate("ModelFacts", "Colourfulness {index} (0 is grey; true photos have about 40)")
        index = text.format(index=decimal_text(colorfulness))
    if chroma is None:
        return Fact(QCoreApplication.translate("ModelFacts", "Colours"), index)
    text = QCoreApplication.translate("ModelFacts", "{share} % as strong as the true ones")
    name = QCoreApplication.translate("ModelFacts", "Colours")
    return Fact(name, text.format(share=number_text(round(100 * chroma))), index)


def _default_look(card: ModelCard) -> Fact | None:
    if card.saturation == 1 and card.evenness == 0:
        return None
    text = QCoreApplication.translate("ModelFacts", "Saturation {saturation}")
    text = text.format(saturation=_short(card.saturation))
    if card.evenness:
        both = QCoreApplication.translate("ModelFacts", "{saturation}, evenness {evenness}")
        text = both.format(saturation=text, evenness=_short(card.evenness))
    others = card.metrics.get("gain_of_others")
    gain = _figure(_table(others), _row_of_look(card))
    if gain is not None:
        text = f"{text}: {_nearness(gain)}"
    hint = QCoreApplication.translate(
        "ModelFacts",
        "What the model's colours are shown with unless you choose otherwise; the figures above are without it.",
    )
    return Fact(QCoreApplication.translate("ModelFacts", "Shown with"), text, hint)


def _row_of_look(card: ModelCard) -> str:
    """What `autochrome evaluate` calls the row of the look."""
    saturation = "" if card.saturation == 1 else f" ×{card.saturation:g}"
    return f"{card.id}{saturation}" + (f" even {card.evenness:g}" if card.evenness else "")


def _short(number: float) -> str:
    """At most two decimals."""
    return decimal_text(number, 2).rstrip("0").rstrip(".,")


def _trained_on(card: ModelCard) -> Fact | None:
    if not card.photos and not card.collections:
        return None
    name = QCoreApplication.translate("ModelFacts", "Trained on")
    collections = ", ".join(card.collections)
    if not card.photos:
        return Fact(name, shortened(collections, MOST_CHARACTERS), collections)
    text = QCoreApplication.translate("ModelFacts", "{count} photos").format(count=number_text(card.photos))
    if card.collections:
        several = QCoreApplication.translate("ModelFacts", "{photos}, collections: {count}")
        text = several.format(photos=text, count=number_text(len(card.collections)))
    return Fact(name, text, shortened(collections, 4 * MOST_CHARACTERS))


def _size(card: ModelCard, size: int | None) -> Fact:
    parts = [megabytes_text(size)] if size is not None else []
    parts.append(parameters_text(card.parameters))
    hint = QCoreApplication.translate("ModelFacts", "Network: {name}; it looks at photos at {side} × {side} pixels.")
    hint = hint.format(name=shortened(card.architecture, MOST_CHARACTERS), side=card.inference_side)
    return Fact(QCoreApplication.translate("ModelFacts", "Size"), ", ".join(parts), hint)


def _licence(card: ModelCard) -> Fact:
    return Fact(QCoreApplication.translate("ModelFacts", "Licence"), shortened(card.licence, MOST_CHARACTERS))


def _origin(model: InstalledModel) -> Fact:
    if model.bundled:
        text = QCoreApplication.translate("ModelFacts", "Came with Autochrome")
    else:
        text = QCoreApplication.translate("ModelFacts", "Added by you")
    if model.card.date:
        made = QCoreApplication.translate("ModelFacts", "{origin}; made {date}")
        text = made.format(origin=text, date=shortened(model.card.date, 40))
    return Fact(QCoreApplication.translate("ModelFacts", "From"), text, str(model.weights))


def _table(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _figure(metrics: Mapping[str, Any], key: str) -> float | None:
    """A measured figure; cards come from anybody, and may have anything in its place."""
    value = metrics.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
