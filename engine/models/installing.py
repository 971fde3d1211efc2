"""How weights that this program made become a model of the user's own: imported ones and blended ones."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w
from safetensors.torch import save

from engine.models.store import ModelStoreError, add_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from engine.models.card import InstalledModel
    from engine.models.store import ModelFolders


def install_weights(
    tensors: Mapping[str, Tensor], card: Mapping[str, Any], folders: ModelFolders, *, replace: bool
) -> InstalledModel:
    """Writes both files of a model where no one looks, and adds them as any other model is added.

    Args:
        tensors: The weights by their names.
        card: The card as a table, but for the hash of the weights.
        folders: Where to.
        replace: Whether a model of the same name among the user's own is replaced.

    Raises:
        BadWeightsError: If it would be no model that can be used.
        ModelStoreError: If the name is taken, or the files cannot be written.
    """
    try:
        folders.own.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".autochrome-new-", dir=folders.own) as folder:
            weights = Path(folder) / f"{card['id']}.safetensors"
            content = save({key: value.contiguous() for key, value in tensors.items()})
            weights.write_bytes(content)
            text = tomli_w.dumps({**card, "sha256": hashlib.sha256(content).hexdigest()})
            weights.with_suffix(".toml").write_text(text, encoding="utf-8")
            return add_model(weights, replace=replace, folders=folders)
    except OSError as error:
        raise ModelStoreError(f"{folders.own} could not be written to: {error.strerror or error}.") from error
