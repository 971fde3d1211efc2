"""What can be imported: the published colorizers, each with what its file does not say itself. Loads no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.models.importing import ddcolor, deoldify, eccv16, siggraph17

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A network whose weights were published.

    Attributes:
        architecture: Its name in `engine.models.registry.ARCHITECTURES`.
        network: Its numbers, where they are not the architecture's defaults.
        rename: Puts our names in place of the authors'.
        purpose: What it is for, one sentence, for the card.
        licence: SPDX name of the licence of the published weights.
        home: Where the authors offer them.
        inference_side: The size that the authors use it at, in pixels a side.
        collections: What the authors trained it on, where that is the same for all of their files.
    """

    architecture: str
    network: Mapping[str, Any] = field(default_factory=dict[str, Any])
    rename: Callable[[Mapping[str, Tensor]], dict[str, Tensor]]
    purpose: str
    licence: str
    home: str
    inference_side: int
    collections: tuple[str, ...] = ()


_DDCOLOR = "https://github.com/piddnad/DDColor"
_ZHANG = "https://github.com/richzhang/colorization"
_DEOLDIFY = "https://github.com/jantic/DeOldify"

PUBLISHED: Mapping[str, Published] = {
    "ddcolor": Published(
        architecture="ddcolor",
        rename=ddcolor.rename,
        purpose="DDColor, large, by its authors: vivid automatic colours.",
        licence="Apache-2.0",
        home=_DDCOLOR,
        inference_side=512,
    ),
    "ddcolor-t": Published(
        architecture="ddcolor-t",
        rename=ddcolor.rename,
        purpose="DDColor, tiny, by its authors: vivid automatic colours on weaker machines.",
        licence="Apache-2.0",
        home=_DDCOLOR,
        inference_side=512,
    ),
    "siggraph17": Published(
        architecture="siggraph17",
        rename=siggraph17.rename,
        purpose="Zhang et al., SIGGRAPH 2017, by its authors: colours by hints, calm without them.",
        licence="BSD-2-Clause",
        home=_ZHANG,
        inference_side=256,
        collections=("ImageNet",),
    ),
    "eccv16": Published(
        architecture="eccv16",
        rename=eccv16.rename,
        purpose="Zhang et al., ECCV 2016, by its authors: vivid automatic colours, at times where they do not belong.",
        licence="BSD-2-Clause",
        home=_ZHANG,
        inference_side=256,
        collections=("ImageNet",),
    ),
    "deoldify": Published(
        architecture="deoldify",
        rename=deoldify.rename,
        purpose="DeOldify, artistic, by its author: lively colours for old photos.",
        licence="MIT",
        home=_DEOLDIFY,
        inference_side=560,
        collections=("ImageNet",),
    ),
    "deoldify-stable": Published(
        architecture="deoldify",
        network={"encoder": "resnet101", "deep": False, "width": 2.0},
        rename=deoldify.rename,
        purpose="DeOldify, stable, by its author: quieter colours with fewer mistakes on people and landscapes.",
        licence="MIT",
        home=_DEOLDIFY,
        inference_side=560,
        collections=("ImageNet",),
    ),
}
"""By the name that `autochrome models import` knows it by. DeOldify's size is that of its default render factor, 35."""
