"""Colours by name: what a person types becomes a colour, and a colour becomes words that a person would use.

The words are coarse on purpose ("dark red", "light greyish blue"): they tell one hint from another in a list, also to
somebody who sees no colours. Their lightness and chroma are CIELAB's, but their hue is that of B. Ottosson's Oklab ("A
perceptual color space for image processing", 2020), because in CIELAB one hue angle runs from blue into purple.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

import numpy as np

from engine.color.css_colors import CSS_COLORS
from engine.color.difference import ciede2000
from engine.color.lab import linearize
from engine.color.swatches import lab_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

LightnessWord = Literal["", "very dark", "dark", "light", "very light"]
ChromaWord = Literal["", "greyish", "strong", "vivid"]
HueWord = Literal[
    "black",
    "grey",
    "white",
    "red",
    "brown",
    "orange",
    "yellow",
    "olive",
    "green",
    "turquoise",
    "blue",
    "purple",
    "pink",
]

Word = TypeVar("Word", LightnessWord, ChromaWord, HueWord)

NEUTRAL = 4.0
"""Chroma below which a colour is called grey."""
_LIGHTNESSES: tuple[tuple[float, LightnessWord], ...] = (
    (20, "very dark"),
    (40, "dark"),
    (68, ""),
    (86, "light"),
    (math.inf, "very light"),
)
_CHROMAS: tuple[tuple[float, ChromaWord], ...] = ((14, "greyish"), (42, ""), (75, "strong"), (math.inf, "vivid"))
_HUES: tuple[tuple[float, HueWord], ...] = (
    (8, "pink"),
    (38, "red"),
    (85, "orange"),
    (115, "yellow"),
    (165, "green"),
    (212, "turquoise"),
    (289, "blue"),
    (338, "purple"),
    (360, "pink"),
)
"""Where each hue ends, in degrees of Oklab."""
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB_AB = np.array(
    [[1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]],
)
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})|[0-9a-f]{6}")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*[,\s]\s*(\d{1,3})\s*[,\s]\s*(\d{1,3})\s*\)", re.ASCII)
_LONGEST = 64


class ColorWords(NamedTuple):
    """A colour in words, as keys that a window translates; an empty one goes without saying.

    Attributes:
        lightness: "very dark", "dark", "", "light", "very light".
        chroma: "greyish", "", "strong", "vivid".
        hue: "red", "brown", …, or "black", "grey", "white" of what has no hue.
    """

    lightness: LightnessWord
    chroma: ChromaWord
    hue: HueWord


def parse_color(text: str) -> str | None:
    """A colour that a person typed or pasted.

    Args:
        text: "#7d2a2f", "7d2a2f", "#abc", "rgb(125, 42, 47)", or a name of CSS, in one word or several; any case.

    Returns:
        "#rrggbb", lower case; None if it is no colour (or not yet: it may be called at each key).
    """
    typed = text.strip().lower()
    if len(typed) > _LONGEST:
        return None
    if _HEX.fullmatch(typed):
        digits = typed.removeprefix("#")
        return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
    if levels := _RGB.fullmatch(typed):
        numbers = [int(level) for level in levels.groups()]
        return f"#{bytes(numbers).hex()}" if max(numbers) <= 255 else None
    return _without_blanks().get("".join(typed.split()))


def color_names() -> tuple[str, ...]:
    """The names that `parse_color` knows, in alphabetical order, to complete what somebody types."""
    return tuple(sorted(CSS_COLORS))


@lru_cache(maxsize=1024)
def color_name(color: str) -> str:
    """The named colour that looks most alike, by CIEDE2000.

    Args:
        color: "#rrggbb".

    Returns:
        A name of CSS, its words apart: "dark olive green".

    Raises:
        ValueError: If the colour is not of that form.
    """
    names, lab = _named()
    return names[int(np.argmin(ciede2000(np.array(lab_of(color)), lab)))]


@lru_cache(maxsize=1024)
def color_words(color: str) -> ColorWords:
    """A colour in the words of everyday.

    Args:
        color: "#rrggbb".

    Raises:
        ValueError: If the colour is not of that form.
    """
    lightness, a, b = lab_of(color)
    chroma = math.hypot(a, b)
    light: LightnessWord = _up_to(_LIGHTNESSES, lightness)
    if chroma < NEUTRAL:
        if lightness < 14 or lightness > 96:
            return ColorWords("", "", "black" if lightness < 14 else "white")
        return ColorWords(light, "", "grey")
    hue = _everyday(_up_to(_HUES, _oklab_hue(color)), lightness, chroma)
    return ColorWords(light, _up_to(_CHROMAS, chroma), hue)


def _everyday(hue: HueWord, lightness: float, chroma: float) -> HueWord:
    """Some hues have other names where they are dark or light: a dark orange is brown, a light red is pink."""
    if hue == "orange" and (lightness < 60 or (lightness < 80 and chroma < 40)):
        return "brown"
    if hue == "yellow" and lightness < 60:
        return "olive"
    if hue == "red" and lightness >= 66:
        return "pink"
    if hue == "pink" and lightness < 42:
        return "red"
    return hue


def _oklab_hue(color: str) -> float:
    """The hue angle of "#rrggbb" in Oklab, degrees in [0, 360)."""
    levels = np.frombuffer(bytes.fromhex(color[1:]), np.uint8)
    a, b = _TO_OKLAB_AB @ np.cbrt(_TO_CONES @ linearize(levels / 255))
    return math.degrees(math.atan2(b, a)) % 360


def _up_to(table: tuple[tuple[float, Word], ...], value: float) -> Word:
    return next(word for end, word in table if value < end)


@cache
def _without_blanks() -> dict[str, str]:
    return {name.replace(" ", ""): color for name, color in CSS_COLORS.items()}


@cache
def _named() -> tuple[list[str], NDArray[np.float64]]:
    """The names that are shown, and their N×3 CIELAB."""
    shown: dict[str, str] = {}
    for name, color in CSS_COLORS.items():
        shown.setdefault(color, name)
    return list(shown.values()), np.array([lab_of(color) for color in shown])
