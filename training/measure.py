"""One run of `autochrome evaluate`: which rows, over which photos, measured how."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.colorist import Colorist
from engine.errors import EngineError
from engine.models.store import WEIGHTS, model_at
from engine.render import Look
from training import evaluation
from training.artefacts import ArtefactError, Artefacts, artefacts_of
from training.data.packed import pack
from training.hint_curve import PLACES, HintTrial
from training.likelihood import Ledger, Likelihood
from training.methods import Method, Painter, constant, oracle_mean
from training.metrics import LIGHT_METRICS, STRUCTURAL_METRICS, Metric, View
from training.metrics.extra import MissingExtraError, installed
from training.metrics.inception import InceptionLedger, inception_extractor
from training.metrics.lpips import lpips_metric
from training.neighbours import Neighbours
from training.report import Report
from training.reporting.gallery import Gallery
from training.scores import Scoreboard, Scored, judge
from training.stability import size_stability
from training.variants import VariantTrial

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from training.data.packed import PackedPhotos

REFERENCE_SIDE = 64
STRUCTURES = ("some", "all", "none")


class EvaluationError(EngineError):
    """An evaluation was asked for that makes no sense."""

    title = "This cannot be measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to measure.

    Attributes:
        data: Where the photos are.
        models: Names of installed models, or paths of .safetensors files with their cards beside them.
        half: test, choose or all.
        parts: Glob over zip parts in `data`.
        exclude: Sources that do not count.
        photos: So many photos, the first of a fixed shuffle; None takes all.
        reference: Where the training photos are; empty leaves out the rows that need them.
        reference_parts: Glob over zip parts in `reference`.
        saturations: Looks to measure each model with; 1 is always among them.
        evenness: How far regions take one colour, for rows of each model at each saturation; 0 is always among them.
        hints: Numbers of hints of the hint curve; empty leaves it out.
        side: The network's size in place of the card's.
        aged: Whether the models see each photo as an old print of it, and the truth is that of the photo.
        stability: Whether to measure other sizes, and artefacts, too.
        structure: Where SSIM, MS-SSIM, UQI, VIF (and LPIPS, FID or KID) are measured: "some" is grey and each model at
            saturation 1, "all" is every row, "none" nowhere.
        lpips: AlexNet's weight file, for LPIPS; None leaves it out.
        inception: Inception's weight file, for FID or KID; None leaves it out.
        device: auto, cpu, cuda or mps.

    Raises:
        EvaluationError: If there is no such half or structure, or a number makes no sense.
    """

    data: Sequence[Path]
    models: Sequence[str]
    half: str = "test"
    parts: str = "*val*.zip"
    exclude: Sequence[str] = ()
    photos: int | None = None
    reference: Sequence[Path] = ()
    reference_parts: str = "*train*.zip"
    saturations: Sequence[float] = (1.0,)
    evenness: Sequence[float] = (0.0,)
    hints: Sequence[int] = ()
    side: int | None = None
    aged: bool = False
    stability: bool = True
    structure: str = "some"
    lpips: Path | None = None
    inception: Path | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        if self.half not in get_args(evaluation.Half):
            raise EvaluationError(f'There is no half "{self.half}".', "Choose test, choose or all.")
        if self.structure not in STRUCTURES:
            raise EvaluationError(f'"{self.structure}" is no extent.', f"Choose {', '.join(STRUCTURES)}.")
        if any(saturation < 0 for saturation in self.saturations):
            raise EvaluationError("A saturation is 0 or more.", "1 leaves the colours as they are.")
        if any(not 0 <= evenness <= 1 for evenness in self.evenness):
            raise EvaluationError("An evenness lies between 0 and 1.", "0 leaves the colours as they are.")
        if any(not 0 <= count <= PLACES for count in self.hints):
            raise EvaluationError(f"There are 0 to {PLACES} hints.", "For example --hints 0,1,10,100.")
        if self.photos is not None and self.photos < 1:
            raise EvaluationError("At least one photo is measured.", "Leave --photos out to measure all.")
        if self.structure == "none" and (self.lpips or self.inception):
            raise EvaluationError('LPIPS, FID and KID are not measured with --structure "none".', "Leave it out.")


@dataclass(frozen=True, slots=True)
class Line:
    """A row to be measured.

    Attributes:
        method: Makes its pictures.
        model: The model whose row this is; empty for the rows without one, and for other evenness than 0.
        look: How its colours are shown.
        thorough: Whether the slow metrics are measured too.
    """

    method: Method
    model: str = ""
    look: Look = field(default_factory=Look)
    thorough: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run gives.

    Attributes:
        report: The figures.
        scores: Every method on every photo.
        gallery: The models' pictures at saturation 1.
    """

    report: Report
    scores: list[Scored]
    gallery: Gallery


@dataclass(slots=True)
class _Trials:
    """All that sees the photos one after the other."""

    metrics: Sequence[Metric]
    thorough: Sequence[Metric]
    hints: HintTrial | None
    variants: VariantTrial
    ledgers: Mapping[str, Ledger]
    inception: InceptionLedger | None
    board: Scoreboard = field(default_factory=Scoreboard)
    gallery: Gallery = field(default_factory=Gallery)
    drift: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])
    artefacts: dict[str, Artefacts] = field(default_factory=dict[str, Artefacts])


def run_plan(plan: Plan, command: str, console: Console) -> Measured:
    """Measures every row. The models are loaded first, so that a wrong name is told before anything is read.

    Args:
        plan: What to measure.
        command: What was typed.
        console: Where the progress is shown.

    Raises:
        EngineError: If a model, a weight file or the data cannot be used, or a library is missing that was asked for.
    """
    painters = _painters(plan)
    thorough, notes = _thorough_metrics(plan)
    inception = None if plan.inception is None else InceptionLedger(inception_extractor(plan.inception))
    half = cast("evaluation.Half", plan.half)
    found = evaluation.load_samples(plan.data, plan.parts, half, plan.exclude, plan.photos)
    reference = None
    if plan.reference:
        reference = pack(plan.reference, plan.reference_parts, REFERENCE_SIDE, evaluation.MIN_COLORFULNESS)
    trials = _Trials(
        metrics=LIGHT_METRICS,
        thorough=thorough,
        hints=HintTrial(plan.hints, painters) if plan.hints else None,
        variants=VariantTrial(painters),
        ledgers={name: Ledger(reference) for name in painters},
        inception=inception,
    )
    lines = _lines(plan, painters, reference)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("measuring", total=len(found.samples))
        for sample in found.samples:
            _measure(sample, lines, painters, trials)
            bar.advance(task)
        for name, painter in painters.items() if plan.stability else ():
            task = bar.add_task(f"other sizes, {name}", total=len(found.samples))
            trials.drift[name] = size_stability(painter.colorist, found.samples, partial(bar.advance, task))
        for name, painter in painters.items() if plan.stability else ():
            try:
                trials.artefacts[name] = artefacts_of(painter.colorist, found.samples)
            except ArtefactError as error:
                notes.append(f"The artefacts of {name} were not measured. {error.sentence}")
    if len(found.samples) < found.candidates - len(found.grey) - len(found.damaged):
        notes.append(f"Only {len(found.samples)} of {found.candidates} photos, the first of a fixed shuffle.")
    return _measured(plan, command, found, trials, lines, _settings(plan, painters), notes)


def _painters(plan: Plan) -> dict[str, Painter]:
    """The models by the names of their rows: the card's, or what was typed where two cards have one name."""
    models = {text: model_at(Path(text)) if text.endswith(WEIGHTS) else text for text in plan.models}
    painters: dict[str, Painter] = {}
    for text, model in models.items():
        colorist = Colorist(model, plan.device, side=plan.side)
        name = colorist.card.id
        painters[text if name in painters else name] = Painter(colorist, aged=plan.aged)
    return painters


def _thorough_metrics(plan: Plan) -> tuple[list[Metric], list[str]]:
    """The slow metrics, and what a reader must know of those that are absent."""
    metrics: list[Metric] = []
    notes: list[str] = []
    if plan.structure != "none":
        if installed("torchmetrics"):
            metrics.extend(STRUCTURAL_METRICS)
        elif plan.structure == "all":
            raise MissingExtraError(
                "SSIM, MS-SSIM, UQI and VIF need torchmetrics, which is not installed.",
                "Install it with: pip install 'autochrome[train]'",
            )
        else:
            notes.append(
                "SSIM, MS-SSIM, UQI and VIF were not measured: torchmetrics is not installed "
                "(pip install 'autochrome[train]')."
            )
    if plan.lpips is not None:
        metrics.append(lpips_metric(plan.lpips))
    return metrics, notes


def _lines(plan: Plan, painters: Mapping[str, Painter], reference: PackedPhotos | None) -> dict[str, Line]:
    """The rows by name, in order."""
    everywhere = plan.structure == "all"
    lines = {"grey": Line(constant((0.0, 0.0)), thorough=plan.structure != "none")}
    if reference is not None:
        neighbours = Neighbours(reference)
        lines["constant"] = Line(constant(neighbours.mean_ab), thorough=everywhere)
        lines["nearest neighbours"] = Line(neighbours.method(), thorough=everywhere)
    lines["oracle mean"] = Line(oracle_mean, thorough=everywhere)
    for name, painter in painters.items():
        for saturation, evenness in product(sorted({1.0, *plan.saturations}), sorted({0.0, *plan.evenness})):
            look = Look(saturation=saturation, evenness=evenness)
            thorough = everywhere or (saturation == 1 and plan.structure != "none")
            lines[row_of(name, look)] = Line(painter.method(look), "" if evenness else name, look, thorough)
    return lines


def row_of(name: str, look: Look) -> str:
    """What a model's row is called, by the saturation and evenness of its look."""
    saturation = "" if look.saturation == 1 else f" ×{look.saturation:g}"
    return f"{name}{saturation}" + (f" even {look.evenness:g}" if look.evenness else "")


def _measure(
    sample: evaluation.Sample, lines: Mapping[str, Line], painters: Mapping[str, Painter], trials: _Trials
) -> None:
    """Everything about one photo; each network encodes it once."""
    truth = View(sample.srgb)
    if trials.inception is not None:
        trials.inception.add_truth(sample.srgb)
    for name, line in lines.items():
        colored = View(line.method(sample.srgb))
        metrics = (*trials.metrics, *trials.thorough) if line.thorough else trials.metrics
        trials.board.enter(name, sample, judge(truth, colored, metrics))
        if trials.inception is not None and line.thorough:
            trials.inception.add(name, colored.srgb)
        if line.model and line.look.neutral:
            trials.gallery.add(line.model, sample.name, colored.srgb)
    if trials.hints is not None:
        trials.hints.add(sample, truth)
    trials.variants.add(sample, truth)
    for name, painter in painters.items():
        distribution = painter.distribution(sample.srgb)
        if distribution is not None:
            trials.ledgers[name].add(sample.source, sample.srgb, distribution)


def _measured(
    plan: Plan,
    command: str,
    found: evaluation.Found,
    trials: _Trials,
    lines: Mapping[str, Line],
    settings: dict[str, Any],
    notes: list[str],
) -> Measured:
    scores = [*trials.board.scores, *trials.variants.board.scores]
    if trials.hints is not None:
        scores.extend(trials.hints.board.scores)
    for sample in found.samples:
        trials.gallery.add_truth(sample.name, sample.srgb)
    report = Report(
        command=command,
        settings=settings,
        notes=notes,
        photos=len(found.samples),
        left_out=found.grey,
        damaged=found.damaged,
        half=plan.half,
        side=evaluation.SIDE,
        rows=trials.board.rows(),
        models={name: (line.model, line.look.saturation) for name, line in lines.items() if line.model},
        metrics=[*trials.metrics, *trials.thorough],
        likelihood=_likelihoods(trials.ledgers),
        stability=trials.drift,
        artefacts=trials.artefacts,
        hints=[] if trials.hints is None else trials.hints.rows(),
        variants=trials.variants.rows(),
        inception={} if trials.inception is None else trials.inception.result(),
        looks=[name for name, line in lines.items() if not line.look.neutral],
    )
    return Measured(report, scores, trials.gallery)


def _settings(plan: Plan, painters: Mapping[str, Painter]) -> dict[str, Any]:
    """The plan in plain words, and what each model ran with."""
    plain: dict[str, Any] = {}
    for key, value in asdict(plan).items():
        if isinstance(value, list | tuple):
            plain[key] = [_plain(each) for each in cast("Sequence[Any]", value)]
        else:
            plain[key] = _plain(value)
    plain["networks"] = {
        name: {
            "architecture": painter.colorist.card.architecture,
            "parameters": painter.colorist.card.parameters,
            "sha256": painter.colorist.card.sha256,
            "side": painter.colorist.side,
            "device": painter.colorist.device_name,
            "precision": str(painter.colorist.precision).removeprefix("torch."),
        }
        for name, painter in painters.items()
    }
    return plain


def _plain(value: Any) -> Any:
    """A value that JSON can hold."""
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _likelihoods(ledgers: Mapping[str, Ledger]) -> dict[str, Likelihood]:
    results = {name: ledger.result() for name, ledger in ledgers.items()}
    return {name: result for name, result in results.items() if result is not None}
