"""`report.html`: one page that a browser shows without anything but the files beside it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, cast

from training.report import ARTEFACTS, artefact_figures, figure, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from training.report import Report
    from training.reporting.gallery import Exhibit
    from training.scores import Row

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 68rem; padding: 0 1rem; color: #222;
  background: #fff }
h1, h2, h3 { line-height: 1.2; margin-top: 2rem }
div.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: 13px; margin: .5rem 0 }
td, th { padding: .2rem .6rem; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap }
td:first-child, th:first-child, td.text { text-align: left }
td.text { white-space: normal }
th { background: #f4f4f4; vertical-align: bottom }
small, .note { color: #666; font-weight: normal }
figure { margin: 1rem 0 } img { max-width: 100%; height: auto } pre { overflow-x: auto; background: #f4f4f4;
  padding: .6rem }
"""


def page(report: Report, plots: Mapping[str, str], exhibits: Mapping[str, Sequence[tuple[Exhibit, str]]]) -> str:
    """The page.

    Args:
        report: What was measured.
        plots: Titles of the plots, and their files relative to the page.
        exhibits: By model, photos to show and their files relative to the page.
    """
    parts = [
        f"<h1>Evaluation: {escape(', '.join(exhibits) or 'rows without a model')}</h1>",
        _opening(report),
        _headlines(report),
        *(_picture(title, file) for title, file in plots.items()),
        _hints(report),
        _variants(report),
        _likelihood(report),
        _inception(report),
        _stability(report),
        _artefacts(report),
        _sources(report),
        _all_figures(report),
        _gallery(exhibits),
        _settings(report),
    ]
    body = "\n".join(part for part in parts if part)
    head = f'<meta charset="utf-8"><title>Autochrome evaluation</title><style>{STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>\n{body}\n</body></html>\n'


def _opening(report: Report) -> str:
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in report.notes)
    return (
        f"<p>{report.photos} photos (half: {escape(report.half)}), {report.side}² centre crops; "
        f"{len(report.left_out)} left out for lack of colour, {len(report.damaged)} damaged. "
        "The network sees lightness alone. Figures in the first table are means of the sources' means.</p>"
        f"{notes}<pre>{escape(report.command)}</pre>"
    )


def _headlines(report: Report) -> str:
    shown = report.metrics
    head = ["method", *(metric.heading for metric in shown)]
    rows = [
        [row.name, *(figure(row.macro.get(metric.key), metric.decimals) for metric in shown)] for row in report.rows
    ]
    meanings = "".join(
        f"<li><b>{escape(metric.heading)}</b> ({_better(metric.better)}): {escape(metric.meaning)}</li>"
        for metric in shown
    )
    return f"<h2>The methods</h2>{_table(head, rows)}<ul><small>{meanings}</small></ul>"


def _better(better: str) -> str:
    return "best like the truth's" if better == "truth" else f"{better} is better"


def _hints(report: Report) -> str:
    if not report.hints:
        return ""
    counts = list(report.hints[0].points)
    gains = [[way.name, *(f"{way.points[count].macro['gain']:+.2f}" for count in counts)] for way in report.hints]
    ratios = [[way.name, *(f"{way.points[count].macro['psnr']:.2f}" for count in counts)] for way in report.hints]
    head = ["dB over grey", *(str(count) for count in counts)]
    trusted = [count for count in counts if count]
    trust = [
        [
            way.name,
            *(figure(way.points[count].macro.get("trust"), 2) for count in trusted),
            figure(way.wrong.macro.get("trust"), 2),
            figure(way.wrong.macro.get("locality"), 2),
        ]
        for way in report.hints
    ]
    return (
        "<h2>Hints</h2><p>Patches of 6×6 pixels of the true mean ab at places drawn from N(centre, side/4), once for "
        f"each photo. Saturation 1.</p>{_table(head, gains)}{_table(['dB', *head[1:]], ratios)}"
        "<p>Trust: CIEDE2000 under the hints between the result and what they ask for (to be 3 or less). "
        "A wrong hint is one of the opposite hue; locality is what it changes (ab distance) over a quarter of the side "
        "away, where lightness differs by over 20.</p>"
        + _table(["trust", *(str(count) for count in trusted), "a wrong hint", "locality"], trust)
    )


def _variants(report: Report) -> str:
    if not report.variants:
        return ""
    rows = [
        [row.name, f"{row.macro['psnr']:.2f}", f"{row.macro['gain']:+.2f}", f"{row.macro['colorfulness']:.1f}"]
        for row in report.variants
    ]
    return (
        "<h2>Best of four variants</h2><p>An oracle chooses the variant with the best PSNR.</p>"
        f"{_table(['method', 'PSNR dB', 'over grey dB', 'CF'], rows)}"
    )


def _likelihood(report: Report) -> str:
    if not report.likelihood:
        return ""
    rows = [
        [model, f"{found.bits:.3f}", f"{found.marginal:.3f}", f"{found.marginal - found.bits:+.3f}"]
        for model, found in report.likelihood.items()
    ]
    whose = next(iter(report.likelihood.values())).marginal_of
    return (
        f"<h2>ab NLL</h2><p>Bits a pixel; marginal of the {escape(whose)}.</p>"
        f"{_table(['model', 'bits', 'marginal', 'below it'], rows)}"
    )


def _inception(report: Report) -> str:
    rows = [[name, found.kind, f"{found.value:.5f}", str(found.photos)] for name, found in report.inception.items()]
    return f"<h2>FID or KID</h2>{_table(['method', 'distance', 'value', 'photos'], rows)}" if rows else ""


def _stability(report: Report) -> str:
    if not report.stability:
        return ""
    scales = list(next(iter(report.stability.values())))
    rows = [[model, *(f"{found[scale]:.2f}" for scale in scales)] for model, found in report.stability.items()]
    return (
        "<h2>Other sizes</h2><p>ab distance from the colours at the photo's own size.</p>"
        f"{_table(['model', *scales], rows)}"
    )


def _artefacts(report: Report) -> str:
    if not report.artefacts:
        return ""
    rows = [[model, *artefact_figures(found)] for model, found in report.artefacts.items()]
    return (
        "<h2>Artefacts</h2><p>In CIELAB units: patterns of the network's own raster, and what lying at the border "
        "changes. Detail: how much of the photo's a network's own RGB picture keeps; only its colours are used.</p>"
        f"{_table(['model', *ARTEFACTS], rows)}"
    )


def _sources(report: Report) -> str:
    rows = report.headline_rows
    body = [[source, *(f"{row.sources[source]['gain']:+.2f}" for row in rows)] for source in rows[0].sources]
    body.append(["mean of the sources", *(f"{row.macro['gain']:+.2f}" for row in rows)])
    return f"<h2>dB over grey, by source</h2>{_table(['source', *(row.name for row in rows)], body)}"


def _all_figures(report: Report) -> str:
    tables = "".join(f"<h3>{escape(row.name)}</h3>{_spread(report, row)}" for row in report.rows)
    return f"<h2>Over the photos</h2><p>Whatever their source; sd is that of the photos.</p>{tables}"


def _spread(report: Report, row: Row) -> str:
    rows = [
        [metric.heading, *(figure(value, metric.decimals) for value in _four(row, metric.key)), str(found.photos)]
        for metric in report.metrics
        if (found := row.spread.get(metric.key)) is not None
    ]
    return _table(["metric", "mean", "sd", "min", "max", "photos"], rows)


def _four(row: Row, key: str) -> tuple[float, float, float, float]:
    found = row.spread[key]
    return found.mean, found.sd, found.min, found.max


def _gallery(exhibits: Mapping[str, Sequence[tuple[Exhibit, str]]]) -> str:
    parts: list[str] = []
    for model, shown in exhibits.items():
        parts.append(f"<h2>{escape(model)}: grey, generated, original</h2>")
        for exhibit, file in shown:
            caption = f"{exhibit.group}: {exhibit.photo}, {exhibit.gain:+.2f} dB over grey"
            parts.append(_picture(caption, file))
    return "\n".join(parts)


def _settings(report: Report) -> str:
    facts: dict[str, Any] = {**report.settings, **{f"version of {name}": text for name, text in versions().items()}}
    names = {"left out (no colour)": report.left_out, "damaged": report.damaged}
    facts |= {key: ", ".join(found) for key, found in names.items() if found}
    rows = "".join(
        f'<tr><td>{escape(key)}</td><td class="text">{escape(_text(value))}</td></tr>' for key, value in facts.items()
    )
    return f"<h2>Settings</h2><table>{rows}</table>"


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_text(each) for each in cast("Sequence[Any]", value))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_text(each)}" for key, each in cast("dict[str, Any]", value).items())
    return "–" if value is None else str(value)


def _picture(caption: str, file: str) -> str:
    text = escape(caption)
    return f'<figure><img src="{escape(file)}" alt="{text}" loading="lazy"><figcaption>{text}</figcaption></figure>'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{top}</tr>{body}</table></div>'
