"""What a comparison of systems showed, as a Markdown page."""

from __future__ import annotations

import dataclasses
import datetime as dt
import platform
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from training.recipe import LossRecipe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from training.comparison.systems import Budget, Trained
    from training.recipe import Recipe
    from training.report import Report

LIBRARIES = ("torch", "timm", "numpy")
TRIVIAL = ("grey", "constant", "nearest neighbours", "oracle mean")
SETTINGS_OF_LOSSES = {
    *("huber_delta", "kriging_delta", "rebalance", "rebalance_cap", "perceptual_weights", "target_saturation"),
}
HEADINGS = (
    "system",
    "parameters",
    "over grey, dB",
    "CF",
    "&#124;ΔCF&#124;",
    "CIEDE2000",
    "time a photo",
    "size",
    "batch",
    "rate",
    "losses",
    "of its own recipe's photos",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that the page tells.

    Attributes:
        command: What was typed.
        budget: What every system got.
        photos: How many photos were trained on.
        trained: The systems.
        silent: Those whose training collapsed, by id, and what is wrong with them.
        reports: The evaluation of each system, by its id; several may share one.
        parameters: How many numbers each network has.
        seconds: Of one photo, by system.
    """

    command: str
    budget: Budget
    photos: int
    trained: Sequence[Trained]
    silent: Mapping[str, str]
    reports: Mapping[str, Report]
    parameters: Mapping[str, int]
    seconds: Mapping[str, float]


def page(found: Comparison) -> str:
    """The page as Markdown."""
    parts = [_introduction(found), _table(found), _silent(found), _notes(found), _published(found)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _introduction(found: Comparison) -> str:
    budget, report = found.budget, _main(found)
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    return f"""# The systems side by side

Every system was trained from random weights on the same {found.photos:,} photos for the same budget of
**{budget.samples:,} samples** (repeats counted) at {budget.size} pixels, then measured on the same {report.photos}
photos that no system saw ({report.half} half, {report.side}² crops, mean of the sources' means, saturation 1). So small
a budget ranks **how fast the systems learn, not how good they are at their best**: their authors gave most of them a
hundred to ten thousand times as much, as the last column says. What it is worth is that it is equal. Nothing was
downloaded: encoders that their authors start from ImageNet start from random weights here, and no perceptual loss was
used.

Made on {today} by

    {found.command}

with Python {platform.python_version()}, {versions}. CF is the Hasler-Süsstrunk colourfulness (the truth's is
{_truth_colorfulness(report):.1f}); a system that raises its decibels by staying brown has a low one. The time of a
photo is a multiple of the quickest network's, each at its own size."""


def _main(found: Comparison) -> Report:
    """The evaluation with the most photos."""
    return max(found.reports.values(), key=lambda report: report.photos)


def _truth_colorfulness(report: Report) -> float:
    """Of the true pictures: grey has none, so its error is all of it."""
    grey = next(row for row in report.rows if row.name == "grey")
    return grey.macro["colorfulness_error"] + grey.macro["colorfulness"]


def _table(found: Comparison) -> str:
    report = _main(found)
    lines = [_line(HEADINGS), _line("---" if n == 0 else "---:" for n in range(len(HEADINGS)))]
    for row in report.rows:
        if row.name in TRIVIAL:
            lines.append(_line([row.name, "", *_figures(row.macro), *[""] * 6]))
    quickest = min(found.seconds.values())
    by_gain = sorted(found.trained, key=lambda each: _macro(found, each)["gain"])
    for each in by_gain:
        recipe, report = each.recipe, found.reports[each.system.id]
        star = "*" if _differs(found, each) else ""
        share = found.budget.samples / each.full.schedule.samples
        cells = [
            f"`{recipe.id}`{star}",
            f"{found.parameters[recipe.id] / 1e6:.2f} M",
            *_figures(_macro(found, each)),
            f"{found.seconds[recipe.id] / quickest:.1f}×",
            f"{recipe.inference_side}",
            f"{recipe.schedule.batch}",
            f"{recipe.schedule.rate:g}",
            _losses(recipe),
            "all" if share >= 1 else f"{share:.2%}",
        ]
        lines.append(_line(cells))
    return "\n".join(lines)


def _macro(found: Comparison, each: Trained) -> Mapping[str, float]:
    rows = found.reports[each.system.id].rows
    return next(row.macro for row in rows if row.name == each.system.id)


def _figures(macro: Mapping[str, float]) -> list[str]:
    signed = f"{macro['gain']:+.2f}".replace("-", "−")
    return [signed, *(f"{macro[name]:.1f}" for name in ("colorfulness", "colorfulness_error", "ciede2000"))]


def _losses(recipe: Recipe) -> str:
    """The losses that count, and the critic's."""
    names = [
        field.name
        for field in dataclasses.fields(LossRecipe)
        if field.name not in SETTINGS_OF_LOSSES and getattr(recipe.loss, field.name)
    ]
    if recipe.loss.rebalance:
        names.append("rebalanced")
    if any(stage.adversarial for stage in recipe.schedule.stages):
        names.append(f"{recipe.adversary.kind} critic")
    return ", ".join(name.replace("_", " ") for name in names)


def _differs(found: Comparison, each: Trained) -> list[str]:
    """What of a system is not as its own recipe has it, besides the budget."""
    said: list[str] = []
    if each.system.network:
        numbers = ", ".join(f"{name} {value}" for name, value in each.system.network.items())
        said.append(f"reduced for this budget: {numbers}")
    if each.recipe.schedule.rate != each.full.schedule.rate:
        said.append(f"rate {each.recipe.schedule.rate:g} in place of {each.full.schedule.rate:g}")
    if each.recipe.schedule.batch != each.full.schedule.batch:
        said.append(f"batches of {each.recipe.schedule.batch} in place of {each.full.schedule.batch}")
    report = found.reports[each.system.id]
    if report.photos < _main(found).photos:
        said.append(f"measured on {report.photos} photos")
    if each.full.pretrained:
        said.append("its encoder is not pre-trained")
    if each.system.note:
        said.append(each.system.note)
    return said


def _silent(found: Comparison) -> str:
    if not found.silent:
        return ""
    lines = [f"- `{name}`: {said}" for name, said in found.silent.items()]
    return "\n".join(["Not in the table, for their training collapsed within this budget:", "", *lines])


def _notes(found: Comparison) -> str:
    told = [(each.system.id, _differs(found, each)) for each in found.trained]
    lines = [f"- `{name}`: {'; '.join(said)}." for name, said in told if said]
    return "\n".join(["\\* Not as its own recipe has it:", "", *lines]) if lines else ""


def _published(found: Comparison) -> str:
    rows = [(each.system.id, each.system.published) for each in found.trained if each.system.published]
    if not rows:
        return ""
    lines = [_line(("system", "published by its authors")), _line(("---", "---"))]
    lines += [_line((f"`{name}`", text)) for name, text in rows]
    return "\n".join(
        [
            "## What their authors report",
            "",
            "Each with its own photos and protocol; comparable with nobody's.",
            "",
            *lines,
        ]
    )


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
