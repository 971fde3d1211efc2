"""A recipe: everything that makes a weight what it is, as a TOML file read into frozen dataclasses."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from engine.models.card import is_model_id
from training.tables import RecipeError, build, plain, within

if TYPE_CHECKING:
    from collections.abc import Sequence

RECIPES = Path(__file__).parent / "recipes"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRecipe:
    """Which photos to train on.

    Attributes:
        parts: Glob over the names of the zip parts in a data folder; in a folder without such, all pictures count.
        min_colorfulness: Photos below this Hasler-Suesstrunk colourfulness are left out: grey ones teach grey.
        short_side: Photos are kept with at most this short side, in pixels.
        watched: How many of the held-out photos are measured at each look at most.
        exclude: Sources that are left out altogether, so that their photos can be measured as ones of a kind that the
            network never saw.
    """

    parts: str = "*train*.zip"
    min_colorfulness: float = within(10.0)
    short_side: int = within(176, low=8)
    watched: int = within(256, low=1)
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentationRecipe:
    """What happens to a photo on its way into a batch.

    Attributes:
        crop: Least side of the square crop, as a share of the photo's short side.
        flip: Probability of a mirror image.
        rotation: Largest rotation, in degrees.
        emulsion: Probability that the grey input is mixed from the colours as old plates and filters would have.
        tone: Largest exponent of a random tone curve on the input, 1 for none.
        ageing: Probability that the input is that of an old print: then each of the six that follow happens to it with
            probability 1/2, in the lightness alone, at a strength drawn between nothing and the one given.
        blur: Of an old lens: standard deviation in pixels of the input.
        halation: Share of the bright light that bleeds into its surroundings.
        vignetting: Share of the light that the corners lose.
        fade: L* by which black has risen, or white fallen; as far as this the other way on hard paper, which cuts off.
        grain: Standard deviation in L*, in the mid-tones.
        jpeg: The lowest quality of a JPEG file, 100 for none.
        hinted: Probability that a photo gets hints.
        kept: Probability that a hint says "keep what is here" and names no colour.
        recolored: Probability that a segment of a hinted photo has another hue, with hints that ask for it.
        true_palette: Probability that the decoder is told the photo's true palette.
    """

    crop: float = within(0.5, above=0, high=1)
    flip: float = within(0.5, high=1)
    rotation: float = within(10.0, high=180)
    emulsion: float = within(0.2, high=1)
    tone: float = within(1.25, low=1)
    ageing: float = within(0.2, high=1)
    blur: float = within(1.2, high=16)
    halation: float = within(0.12, high=1)
    vignetting: float = within(0.6, high=1)
    fade: float = within(15.0, high=45)
    grain: float = within(4.0, high=50)
    jpeg: float = within(25.0, low=1, high=100)
    hinted: float = within(0.2, high=1)
    kept: float = within(0.05, high=1)
    recolored: float = within(0.12, high=1)
    true_palette: float = within(0.4, high=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossRecipe:
    """Weights of the losses; 0 leaves one out. Each is defined, with its source, in a file of `training.losses`.

    Attributes:
        l1: Of the mean absolute error of ab/110.
        l2: Of the mean squared error of ab/110.
        huber: Of the Huber loss on ab/110.
        huber_delta: Where the Huber loss turns from square to straight, in ab/110.
        pairwise: Of the mean pairwise squared error, which leaves a photo's mean colour free.
        mean_color: Of the squared error of each photo's mean colour, to stand beside `pairwise`.
        bins: Of the soft-encoded cross-entropy over ab bins, where the network has such a distribution.
        rebalance: Mix lambda of the uniform distribution into the bins' prior when rare colours are given more weight
            in `bins`; 0 gives all the same weight.
        rebalance_cap: The largest weight of a bin that `rebalance` gives.
        dominant: Of the penalty on colours that dominate the output.
        perceptual: Of the distance between VGG16 features.
        perceptual_weights: File of the VGG16 weights for `perceptual`.
        colorfulness: Of the negative colourfulness.
        kl: Of a variational network's divergence from its prior.
        srgb: Of the mean squared error of an RGB network's own output.
        own: Of the likelihood that a network brings itself.
        distill: Of the Huber loss (with `huber_delta`) between the colours of the network and its teacher.
        distill_bins: Of the divergence of the distribution over ab bins from the teacher's.
        kriging: Of the Huber loss (with `kriging_delta`) of the colours that come of spreading hints over the network's
            own, which it does not change: it trains what spreads them alone.
        kriging_delta: Where that loss turns from square to straight, in ab/110.
        palette: Of the cross-entropy over palettes, where the network has some.
        label: Of the cross-entropy over the photos' labels, where they have one (Iizuka et al., SIGGRAPH 2016).
        target_saturation: The chroma of the truth is multiplied by this where the critic or the perceptual loss sees
            it (Kang et al., ICCV 2023, use 1.2).
    """

    l1: float = within(0.0)
    l2: float = within(0.0)
    huber: float = within(10.0)
    huber_delta: float = within(0.1, above=0)
    pairwise: float = within(0.0)
    mean_color: float = within(0.0)
    bins: float = within(0.5)
    rebalance: float = within(0.0, high=1)
    rebalance_cap: float = within(10.0, low=1)
    dominant: float = within(0.0)
    perceptual: float = within(0.0)
    perceptual_weights: str = ""
    colorfulness: float = within(0.0)
    kl: float = within(0.0)
    srgb: float = within(0.0)
    own: float = within(0.0)
    distill: float = within(0.0)
    distill_bins: float = within(0.0)
    kriging: float = within(0.0)
    kriging_delta: float = within(0.2, above=0)
    palette: float = within(0.1)
    label: float = within(0.2)
    target_saturation: float = within(1.0, above=0, high=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdversaryRecipe:
    """The critic of adversarial stages (Isola et al., CVPR 2017); there is none unless a stage asks for it.

    Attributes:
        kind: Its loss: vanilla (cross-entropy), least-squares, or wasserstein (with a gradient penalty).
        width: Channels of its first layer.
        layers: Strided layers; 3 let each score see 70×70 pixels.
        scales: That many critics, each on pictures of half the size of the one before.
        norm: batch, instance or none.
        spectral: Divides its weights by their largest singular value.
        conditional: It sees the lightness and ab, and so judges whether the colours suit the photo; else it sees the
            picture in sRGB.
        semantic: It is also told what a pre-trained ResNet-18 sees in the lightness.
        rate: Peak learning rate; follows the generator's schedule.
        betas: Of its Adam.
        penalty: Weight of the gradient penalty of wasserstein.
        critic_steps: It takes that many steps, each on photos of its own, while the generator takes one.
    """

    kind: Literal["vanilla", "least-squares", "wasserstein"] = "vanilla"
    width: int = within(64, low=1, high=1024)
    layers: int = within(3, low=1, high=6)
    scales: int = within(1, low=1, high=4)
    norm: Literal["batch", "instance", "none"] = "batch"
    spectral: bool = False
    conditional: bool = True
    semantic: bool = False
    rate: float = within(2e-4, above=0)
    betas: tuple[float, float] = within((0.5, 0.999), high=0.999999)
    penalty: float = within(10.0)
    critic_steps: int = within(1, low=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRecipe:
    """A stretch of the training.

    Attributes:
        until: The stage ends at this share of all samples, in (0, 1].
        size: Side of the square input in pixels, a multiple of the network's.
        name: For logs and pictures.
        rate: Multiplies both learning rates.
        freeze: Parts of the network, by the beginning of their names, that do not change in this stage.
        only: Parts, named likewise, that alone change in this stage; empty for all.
        adversarial: Weight of the generator's adversarial loss; 0 leaves it out.
        train: Who learns: the generator, the critic alone (as NoGAN begins), or both.
        choose: Keeps a snapshot every `snapshot_samples`, and the stage ends with the best of them (NoGAN's point of
            inflection, found by measure), which is also what is exported if the run stops within the stage. The
            measure is the held-out photos' gain over grey in dB + `choose_chroma` × their share of the truth's chroma
            (at most 1, for more than the truth is no better).
        snapshot_samples: Photos between two snapshots; 0 for a tenth of the stage.
        choose_chroma: What full chroma counts in that measure, in dB.
        loss: Keys of the table `loss` that are others in this stage.
    """

    until: float = within(dataclasses.MISSING, above=0, high=1)
    size: int = within(dataclasses.MISSING, low=8, high=4096)
    name: str = ""
    rate: float = within(1.0, above=0)
    freeze: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    adversarial: float = within(0.0)
    train: Literal["generator", "critic", "both"] = "generator"
    choose: bool = False
    snapshot_samples: int = within(0)
    choose_chroma: float = within(2.0)
    loss: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRecipe:
    """How long and how fast; schedules run over samples, so that a resumed run goes on where it was.

    Attributes:
        samples: Photos in all, repeats counted.
        batch: Photos a step.
        accumulate: A batch is computed in so many equal parts, one after another: less memory, the same step.
        optimizer: adamw, or adam (whose weight decay is an L2 penalty).
        rate: Peak learning rate.
        betas: Of the optimizer.
        weight_decay: On weights but neither biases nor norms.
        warmup: Share of the samples in which the rate rises from 0.
        shape: How the rate falls: cosine (over the last `decay`), steps, or constant.
        decay: Share of the samples at the end in which the rate falls to 0 as a cosine; constant in between.
        step_first: Photos after which the rate of the shape "steps" falls for the first time.
        step_every: Photos between two falls after that; 0 for no second one.
        step_factor: What the rate is multiplied by at each fall.
        clip: Largest norm of the gradient; 0 for any.
        ema: Decay of the exponential moving average a step; what is exported is the average.
        precision: bfloat16 or float32 in the layers; auto takes bfloat16 where the device computes it in hardware.
        repeatable: On CUDA, adds in a fixed order wherever that is possible, which is slower: then a resumed run equals
            an unbroken one bit by bit, as it always does on a CPU.
        compile: Runs the network through torch.compile: slow first steps, and a compiler must be installed.
        seed: Of everything that is drawn.
        stages: In order of `until`; the last ends at 1.
    """

    samples: int = within(160_000, low=1)
    batch: int = within(32, low=1)
    accumulate: int = within(1, low=1)
    optimizer: Literal["adamw", "adam"] = "adamw"
    rate: float = within(1e-3, above=0)
    betas: tuple[float, float] = within((0.9, 0.98), high=0.999999)
    weight_decay: float = within(0.05)
    warmup: float = within(0.02, high=1)
    shape: Literal["cosine", "steps", "constant"] = "cosine"
    decay: float = within(0.4, high=1)
    step_first: int = within(0)
    step_every: int = within(0)
    step_factor: float = within(0.5, above=0, high=1)
    clip: float = within(1.0)
    ema: float = within(0.999, high=0.999999)
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    repeatable: bool = True
    compile: bool = False
    seed: int = within(1)
    stages: tuple[StageRecipe, ...] = (StageRecipe(until=1.0, size=128),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One published weight.

    Attributes:
        id: Name of the weight.
        purpose: What it is for, one sentence for the card.
        architecture: A name of the registry.
        network: The architecture's numbers; absent ones take its defaults. Without any, a recipe that starts from a
            model takes that model's.
        pretrained: Starts the encoder from timm's published weights, which are downloaded.
        start: Starts from the weights of this installed model, of the same network: fine-tuning. Empty for none.
        encoder_weights: File of VGG16 weights that a network which decodes VGG16's features starts from, and keeps as
            they are. Empty for none.
        teacher: The installed model that the losses `distill` and `distill_bins` imitate. Empty for none.
        inference_side: The network's size in use: photos are resized to about this many pixels squared.
        saturation: What the colours are shown with unless the user says otherwise; chosen by measure, see the card.
        evenness: How far each region between lines is shown in one colour unless the user says otherwise, for cartoons.
        data: Which photos.
        augmentation: What happens to them.
        loss: What is minimised.
        adversary: The critic of adversarial stages.
        schedule: How long and how fast.
    """

    id: str
    purpose: str
    architecture: str
    network: dict[str, Any] = field(default_factory=dict[str, Any])
    pretrained: bool = False
    start: str = ""
    encoder_weights: str = ""
    teacher: str = ""
    inference_side: int = within(192, low=8)
    saturation: float = within(1.0)
    evenness: float = within(0.0, high=1)
    data: DataRecipe = DataRecipe()
    augmentation: AugmentationRecipe = AugmentationRecipe()
    loss: LossRecipe = LossRecipe()
    adversary: AdversaryRecipe = AdversaryRecipe()
    schedule: ScheduleRecipe = ScheduleRecipe()

    def stage_loss(self, stage: StageRecipe) -> LossRecipe:
        """The weights of the losses in a stage."""
        return cast("LossRecipe", build(LossRecipe, plain(self.loss) | stage.loss, "schedule.stages.loss."))


def parse(table: dict[str, Any]) -> Recipe:
    """Makes a recipe of a TOML table.

    Raises:
        RecipeError: If a key is unknown or missing, or a value has the wrong type or cannot be.
    """
    recipe = cast("Recipe", build(Recipe, table))
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


def changed(recipe: Recipe, changes: Sequence[str]) -> Recipe:
    """The recipe with some of its values changed: for trials that differ in one thing.

    Args:
        recipe: The recipe.
        changes: Each a key and its value as they stand in TOML, for example `loss.bins = 0.1`.

    Raises:
        RecipeError: If one is no TOML, or what it names cannot be so.
    """
    table = to_table(recipe)
    for change in changes:
        try:
            asked: dict[str, Any] = tomllib.loads(change)
        except tomllib.TOMLDecodeError as error:
            raise RecipeError(
                f"The change {change} cannot be read: {error}.", "Write it as in a recipe: --set 'loss.bins = 0.1'."
            ) from error
        table = _laid_over(table, asked)
    return parse(table)


def _laid_over(table: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """A table with the values of another in the place of its own."""
    merged = dict(table)
    for key, value in over.items():
        own = table.get(key)
        nested = isinstance(own, dict) and isinstance(value, dict)
        merged[key] = _laid_over(cast("dict[str, Any]", own), cast("dict[str, Any]", value)) if nested else value
    return merged


def to_table(recipe: Recipe) -> dict[str, Any]:
    """The recipe as a TOML table, every default written out; `parse` reads it back."""
    return cast("dict[str, Any]", plain(recipe))


def _check(recipe: Recipe) -> None:
    """What no single key can tell, and what would fail only after the photos were read, or after hours."""
    if not is_model_id(recipe.id):
        raise RecipeError(
            f'"{recipe.id}" cannot be the name of a model.', "Use lower-case letters, digits, dots and dashes."
        )
    schedule = recipe.schedule
    ends = [stage.until for stage in schedule.stages]
    if not ends or ends != sorted(set(ends)) or ends[-1] != 1:
        raise RecipeError("The stages of the recipe must rise in `until`, and the last must end at 1.")
    if schedule.batch % schedule.accumulate:
        raise RecipeError(f"A batch of {schedule.batch} cannot be computed in {schedule.accumulate} equal parts.")
    if schedule.shape == "steps" and not schedule.step_first:
        raise RecipeError('The shape "steps" needs "schedule.step_first": the photos before the first fall.')
    for stage in schedule.stages:
        weights = recipe.stage_loss(stage)
        if stage.train == "critic" and (stage.adversarial or stage.choose):
            raise RecipeError('A stage that trains the critic alone has neither "adversarial" nor "choose".')
        if stage.train == "generator" and stage.adversarial:
            raise RecipeError('A stage with "adversarial" needs train = "both": a critic that stands still is fooled.')
        if weights.own and stage.choose:
            raise RecipeError('A network trained by its own likelihood cannot "choose": its colours take long to draw.')
        if weights.perceptual and not weights.perceptual_weights:
            raise RecipeError(
                "The perceptual loss needs the weights of a VGG16 network.",
                'Name their file in "loss.perceptual_weights", or set "loss.perceptual" to 0.',
            )
