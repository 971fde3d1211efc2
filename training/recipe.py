"""A recipe: everything that makes a weight what it is, as a TOML file read into frozen dataclasses.

An unknown key is an error that names the nearest right one, for a misspelt setting that is silently ignored costs
hours.
"""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast, get_origin, get_type_hints

from engine.errors import EngineError

RECIPES = Path(__file__).parent / "recipes"
SIZE_STEP = 32


class RecipeError(EngineError):
    """A recipe is missing, is not TOML, or holds a key or value that does not belong there."""

    title = "This recipe cannot be used"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRecipe:
    """Which photos to train on.

    Attributes:
        parts: Glob over the names of the zip parts in a data folder; in a folder without such, all pictures count.
        min_colorfulness: Photos below this Hasler-Suesstrunk colourfulness are left out: grey ones teach grey.
        short_side: Photos are kept with at most this short side, in pixels.
    """

    parts: str = "*train*.zip"
    min_colorfulness: float = 10.0
    short_side: int = 176


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentationRecipe:
    """What happens to a photo on its way into a batch.

    Attributes:
        crop: Least side of the square crop, as a share of the photo's short side.
        flip: Probability of a mirror image.
        rotation: Largest rotation, in degrees.
        emulsion: Probability that the grey input is mixed from the colours as old plates and filters would have.
        ageing: Probability of fading, blur and grain, in the lightness alone.
        tone: Largest exponent of a random tone curve on the input, 1 for none.
        hinted: Probability that a photo gets hints.
        true_palette: Probability that the decoder is told the photo's true palette.
    """

    crop: float = 0.5
    flip: float = 0.5
    rotation: float = 10.0
    emulsion: float = 0.2
    ageing: float = 0.2
    tone: float = 1.25
    hinted: float = 0.2
    true_palette: float = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class LossRecipe:
    """Weights of the losses; 0 leaves one out.

    Attributes:
        huber: Of the Huber loss on ab/110.
        huber_delta: Where the Huber loss turns from square to straight, in ab/110.
        bins: Of the soft-encoded cross-entropy over ab bins.
        palette: Of the cross-entropy over palettes.
        label: Of the cross-entropy over the photos' labels, where they have one (Iizuka et al., SIGGRAPH 2016).
    """

    huber: float = 10.0
    huber_delta: float = 0.1
    bins: float = 0.5
    palette: float = 0.1
    label: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRecipe:
    """A stretch of the training with one input size.

    Attributes:
        until: The stage ends at this share of all samples, in (0, 1].
        size: Side of the square input in pixels, a multiple of 32.
    """

    until: float
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRecipe:
    """How long and how fast; schedules run over samples, so that a resumed run goes on where it was.

    Attributes:
        samples: Photos in all, repeats counted.
        batch: Photos a step.
        rate: Peak learning rate of AdamW.
        weight_decay: Of AdamW, on weights but neither biases nor norms.
        warmup: Share of the samples in which the rate rises from 0.
        decay: Share of the samples at the end in which the rate falls to 0 as a cosine; constant in between.
        clip: Largest norm of the gradient.
        ema: Decay of the exponential moving average a step; what is exported is the average.
        seed: Of everything that is drawn.
        stages: The sizes, in order of `until`; the last ends at 1.
    """

    samples: int = 160_000
    batch: int = 32
    rate: float = 1e-3
    weight_decay: float = 0.05
    warmup: float = 0.02
    decay: float = 0.4
    clip: float = 1.0
    ema: float = 0.999
    seed: int = 1
    stages: tuple[StageRecipe, ...] = (StageRecipe(until=1.0, size=128),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One published weight.

    Attributes:
        id: Name of the weight.
        purpose: What it is for, one sentence for the card.
        architecture: A name of the registry.
        network: The architecture's numbers; absent ones take its defaults.
        pretrained: Starts the encoder from timm's published weights, which are downloaded.
        inference_side: The network's size in use: photos are resized to about this many pixels squared.
        saturation: What the colours are shown with unless the user says otherwise; chosen by measure, see the card.
        data: Which photos.
        augmentation: What happens to them.
        loss: What is minimised.
        schedule: How long and how fast.
    """

    id: str
    purpose: str
    architecture: str
    network: dict[str, Any] = field(default_factory=dict[str, Any])
    pretrained: bool = False
    inference_side: int = 192
    saturation: float = 1.0
    data: DataRecipe = DataRecipe()
    augmentation: AugmentationRecipe = AugmentationRecipe()
    loss: LossRecipe = LossRecipe()
    schedule: ScheduleRecipe = ScheduleRecipe()


def parse(table: dict[str, Any]) -> Recipe:
    """Makes a recipe of a TOML table.

    Raises:
        RecipeError: If a key is unknown or missing, or a value has the wrong type or cannot be.
    """
    recipe = cast("Recipe", _build(Recipe, table, ""))
    _check(recipe)
    return recipe


def load_recipe(name: str | Path) -> Recipe:
    """Reads a recipe.

    Args:
        name: A TOML file, or the name of one of the bundled recipes.

    Raises:
        RecipeError: If there is no such recipe or it cannot be used.
    """
    path = Path(name)
    if not path.suffix:
        path = RECIPES / f"{name}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        bundled = ", ".join(sorted(recipe.stem for recipe in RECIPES.glob("*.toml")))
        raise RecipeError(f"There is no recipe {name}.", f"Bundled recipes: {bundled}.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path} cannot be read as a recipe: {error}.") from error
    return parse(table)


def to_table(recipe: Recipe) -> dict[str, Any]:
    """The recipe as a TOML table, every default written out; `parse` reads it back."""
    return cast("dict[str, Any]", _plain(dataclasses.asdict(recipe)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return {key: _plain(item) for key, item in table.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("list[Any]", value)]
    return value


def _build(kind: type[Any], table: dict[str, Any], where: str) -> Any:
    hints = get_type_hints(kind)
    known = [item.name for item in dataclasses.fields(kind)]
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            advice = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known)}."
            raise RecipeError(f'The recipe has an unknown key "{where}{key}".', advice)
    values = {key: _convert(hints[key], value, f"{where}{key}") for key, value in table.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise RecipeError(f"The recipe lacks a key in [{where.rstrip('.') or 'recipe'}]: {error}.") from error


def _convert(kind: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, dict):
            raise RecipeError(f'"{where}" in the recipe must be a table.')
        return _build(kind, cast("dict[str, Any]", value), f"{where}.")
    if kind == tuple[StageRecipe, ...]:
        if not isinstance(value, list):
            raise RecipeError(f'"{where}" in the recipe must be a list of tables.')
        return tuple(_convert(StageRecipe, item, where) for item in cast("list[Any]", value))
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    plain = cast("type[Any]", get_origin(kind) or kind)
    if not isinstance(value, plain) or (plain is int and isinstance(value, bool)):
        raise RecipeError(f'"{where}" in the recipe must be of type {plain.__name__}.')
    return value


def _check(recipe: Recipe) -> None:
    """Values of the right type that would fail only after the photos were read, or after hours."""
    schedule = recipe.schedule
    bounds = [(stage.until, stage.size) for stage in schedule.stages]
    if not bounds or [until for until, _ in bounds] != sorted({until for until, _ in bounds}) or bounds[-1][0] != 1:
        raise RecipeError("The stages of the recipe must rise in `until`, and the last must end at 1.")
    for _, size in bounds:
        if size < SIZE_STEP or size % SIZE_STEP:
            raise RecipeError(f"A stage of the recipe has size {size}.", f"Sizes are multiples of {SIZE_STEP}.")
    for name in ("samples", "batch", "rate", "clip"):
        if getattr(schedule, name) <= 0:
            raise RecipeError(f'"schedule.{name}" in the recipe must be greater than 0.')
    if not 0 < recipe.augmentation.crop <= 1:
        raise RecipeError('"augmentation.crop" in the recipe must lie in (0, 1].')
