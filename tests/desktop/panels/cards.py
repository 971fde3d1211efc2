"""Models that are not there, for panels to show."""

from pathlib import Path

from engine import BrokenModel, InstalledModel, ModelCard
from engine.errors import BadWeightsError


def model(name="photo", *, bundled=True, **facts):
    """An installed model."""
    card = ModelCard(
        id=name,
        purpose=facts.pop("purpose", f"What {name} is for."),
        architecture=facts.pop("architecture", "photo"),
        licence=facts.pop("licence", "Apache-2.0"),
        sha256="0" * 64,
        parameters=facts.pop("parameters", 5_745_570),
        inference_side=192,
        **facts,
    )
    return InstalledModel(card=card, weights=Path(f"/models/{name}.safetensors"), bundled=bundled)


def broken(name="old"):
    """A model that cannot be used."""
    error = BadWeightsError(f"{name}.toml is a card without its weights.", "Add the model again.")
    return BrokenModel(name, Path(f"/models/{name}.toml"), bundled=False, error=error)
