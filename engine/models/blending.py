"""Two models of one network become a third, between them: each weight is a mean of theirs.

Wortsman et al., "Robust Fine-Tuning of Zero-Shot Models", CVPR 2022: where one of two networks was gone on with from
the other, what lies on the line between their weights is a good network too, and often better than both ends. Here, a
model that a critic made vivid keeps more of its accuracy and of its calm the nearer it stays to where it came from.

Two networks that were trained apart have nothing in common, and their mean is noise; nothing tells it from their cards,
so look at what comes out.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from engine.errors import BadWeightsError
from engine.models.card import is_model_id
from engine.models.installing import install_weights
from engine.models.store import model_folders
from engine.models.weights import load_network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from engine.models.card import InstalledModel
    from engine.models.store import ModelFolders


def blend_models(
    first: InstalledModel,
    second: InstalledModel,
    share: float,
    name: str,
    folders: ModelFolders | None = None,
    *,
    replace: bool = False,
) -> InstalledModel:
    """Installs a model between two others among the user's own.

    Args:
        first: A model; the new one has its network, and its size in use.
        second: A model of the same network; the new one has its purpose.
        share: Of the second in the new weights, in [0, 1].
        name: What the new one shall be called.
        folders: Where to; None for this installation's.
        replace: Whether a model of the same name among the user's own is replaced.

    Returns:
        The model. Its card has no figures: `autochrome evaluate --card` measures them.

    Raises:
        BadWeightsError: If the two are of different networks or one cannot be used, or the share or name cannot be.
        ModelStoreError: If the name is taken, or the files cannot be written.
        OutOfMemoryError: If there is too little memory.
    """
    if not (math.isfinite(share) and 0 <= share <= 1):
        raise BadWeightsError(f"A share of {share} cannot be.", "0.5 is the middle, 0 is the first, 1 the second.")
    if not is_model_id(name):
        advice = "Lower-case letters, digits, dots, dashes and underscores can be used."
        raise BadWeightsError(f'A model cannot be called "{name}".', advice)
    one, other = (load_network(model).state_dict() for model in (first, second))
    shapes = [(model.card.architecture, _shapes(state)) for model, state in ((first, one), (second, other))]
    if shapes[0] != shapes[1]:
        raise BadWeightsError(
            f'"{first.id}" and "{second.id}" are of different networks.', "Blend a model with one gone on with from it."
        )
    tensors = {key: _mean(value, other[key], share) for key, value in one.items()}
    return install_weights(tensors, _card(first, second, share, name), folders or model_folders(), replace=replace)


def _shapes(state: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {key: tuple(value.shape) for key, value in state.items()}


def _mean(one: Tensor, other: Tensor, share: float) -> Tensor:
    """Of two tensors, in float16; counters and the like are the second's."""
    return one.lerp(other, share).half() if one.is_floating_point() else other


def _card(first: InstalledModel, second: InstalledModel, share: float, name: str) -> dict[str, Any]:
    """The card, but for the hash of the weights."""
    one, other = first.card, second.card
    return {
        "id": name,
        "purpose": other.purpose,
        "architecture": one.architecture,
        "licence": one.licence if one.licence == other.licence else f"{one.licence} AND {other.licence}",
        "parameters": one.parameters,
        "inference_side": one.inference_side,
        "saturation": one.saturation + share * (other.saturation - one.saturation),
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "network": dict(one.network),
        "training": {
            "photos": max(one.photos, other.photos),
            "collections": sorted({*one.collections, *other.collections}),
            "blended": [one.id, other.id],
            "blended_sha256": [one.sha256, other.sha256],
            "share": share,
        },
        "recipe": dict(other.recipe),
    }
