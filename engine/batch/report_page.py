"""The report as pages for a browser: failures first, by their cause, then the coloured photos as a contact sheet.

A hundred thousand photos make some hundred pages of a few hundred each, made one after the other. The pages need
nothing from elsewhere, and forbid scripts altogether, so that even a mistake in their making could not run one.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from engine.batch.events import Failed, Outcome
from engine.batch.report_causes import causes_of, kind_of
from engine.batch.report_markup import Links, card, common_folder, failure, row, sentence, text
from engine.batch.report_style import STYLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from engine.batch.report_facts import Facts

START = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="generator" content="Autochrome">\n'
)
"""How each page begins; known by it as ours."""
PAGE = 300
"""Photos on one page."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:; base-uri 'none'; form-action 'none'"
_NEAR = 2
"""Pages to either side of the current one that have a link of their own."""
_CAUSES = 50
"""Causes in the overview; each has its heading further down all the same."""


class ReportPages:
    """The pages of one report.

    Args:
        folder: The output folder.
        outcomes: What became of each photo.
        thumbnail: Finds the thumbnail of a source, if there is one.
        facts: What to say of the run.
    """

    def __init__(
        self, folder: Path, outcomes: Sequence[Outcome], thumbnail: Callable[[Path], Path | None], facts: Facts
    ) -> None:
        self._folder = folder
        self._thumbnail = thumbnail
        self._facts = facts
        self._base = common_folder(outcome.source for outcome in outcomes)
        failed = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
        self._left = [o for o in outcomes if o.output is None and not isinstance(o, Failed)]
        self._coloured = [o for o in outcomes if o.output is not None and not isinstance(o, Failed)]
        self._causes = causes_of(failed)
        self._numbers = {kind: number for number, kind in enumerate(self._causes, 1)}
        self._failed = sorted(failed, key=lambda outcome: self._causes[kind_of(outcome)].first)
        self._all = [*self._failed, *self._left, *self._coloured]

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-len(self._all) // PAGE), 1)

    def render(self, files: Sequence[Path]) -> Iterator[tuple[Path, str]]:
        """Makes the pages, one by one; the first one last, so that all that it links to is there when it appears.

        Args:
            files: Where they will lie, as many as there are pages, the first one first.

        Yields:
            Each page and its text.
        """
        for number in reversed(range(len(files))):
            links = Links(files[number].parent, self._base)
            yield files[number], "".join(self._page(number, files, links))

    def _page(self, number: int, files: Sequence[Path], links: Links) -> Iterator[str]:
        title = text(self._folder.name or self._folder) + (f", page {number + 1} of {len(files)}" if number else "")
        navigation = "".join(_navigation(number, files, links))
        yield f'{START}<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        yield f"<title>Report: {title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        yield f"<header>\n<h1>{title}</h1>\n"
        yield f"{self._when()}</header>\n<main>\n"
        if number == 0:
            yield from self._overview(files, links)
        yield navigation
        here = self._all[number * PAGE : (number + 1) * PAGE]
        yield from self._failures([outcome for outcome in here if isinstance(outcome, Failed)], number, links)
        yield from self._rest([outcome for outcome in here if not isinstance(outcome, Failed)], links)
        yield f"</main>\n{navigation}</body>\n</html>\n"

    def _when(self) -> str:
        facts = self._facts
        took = f", after {text(facts.took)}" if facts.took else ""
        return (
            f'<p class="muted">Coloured by Autochrome, finished {text(facts.ended)}{took}.</p>\n' if facts.ended else ""
        )

    def _overview(self, files: Sequence[Path], links: Links) -> Iterator[str]:
        """The counts, the causes and the settings."""
        failed, left, coloured = len(self._failed), len(self._left), len(self._coloured)
        yield '<ul class="counts">\n'
        yield f'<li class="good"><b>{coloured:,}</b> coloured</li>\n'
        yield f'<li class="{"bad" if failed else "muted"}"><b>{failed:,}</b> failed</li>\n'
        if left:
            yield f"<li><b>{left:,}</b> left as they are</li>\n"
        yield "</ul>\n"
        if len(self._causes) > 1:
            yield from self._why(files, links)
        if self._facts.settings:
            yield "<details><summary>Settings</summary>\n<dl>\n"
            for label, value in self._facts.settings:
                yield f"<dt>{text(label)}</dt><dd>{text(value)}</dd>\n"
            yield "</dl>\n</details>\n"

    def _why(self, files: Sequence[Path], links: Links) -> Iterator[str]:
        """The causes at a glance."""
        causes = list(self._causes.values())
        yield '<h2>Why photos failed</h2>\n<table>\n<thead><tr><th scope="col" class="number">Photos</th>'
        yield '<th scope="col" class="half">What happened</th><th scope="col">What to do</th></tr></thead>\n<tbody>\n'
        for number, cause in enumerate(causes[:_CAUSES], 1):
            page = cause.first // PAGE
            address = f"{links.to(files[page]) if page else ''}#cause-{number}"
            yield f'<tr><td class="number">{cause.count:,}</td><th scope="row"><a href="{address}">'
            yield f"{sentence(cause.cause)}</a></th><td>{text(cause.advice)}</td></tr>\n"
        yield "</tbody>\n</table>\n"
        if len(causes) > _CAUSES:
            yield f"<p>… and {len(causes) - _CAUSES:,} more causes, further down.</p>\n"

    def _failures(self, failed: Sequence[Failed], page: int, links: Links) -> Iterator[str]:
        """The failures of a page, under the heading of their cause."""
        if not failed:
            return
        yield f'<h2 class="bad">Failed: {len(self._failed):,}</h2>\n'
        for kind, here in groupby(failed, kind_of):
            cause, anchor = self._causes[kind], f"cause-{self._numbers[kind]}"
            count = "1 photo" if cause.count == 1 else f"{cause.count:,} photos"
            again = " (continued)" if cause.first < page * PAGE else ""
            yield f'<section class="group" aria-labelledby="{anchor}">\n<h3 id="{anchor}">{count}{again}: '
            yield f"{sentence(cause.cause)}</h3>\n<p>{text(cause.advice)}</p>\n<ul>\n"
            yield from (failure(outcome, cause, links) for outcome in here)
            yield "</ul>\n</section>\n"

    def _rest(self, outcomes: Sequence[Outcome], links: Links) -> Iterator[str]:
        """What was left as it is, and what was coloured."""
        left = [outcome for outcome in outcomes if outcome.output is None]
        if left:
            yield f"<h2>Left as they are: {len(self._left):,}</h2>\n<table>\n<thead><tr>"
            yield '<th scope="col" class="half">File</th><th scope="col">Why</th></tr></thead>\n<tbody>\n'
            yield from (row(outcome, links) for outcome in left)
            yield "</tbody>\n</table>\n"
        coloured = [outcome for outcome in outcomes if outcome.output is not None]
        if coloured:
            yield f'<h2>Coloured: {len(self._coloured):,}</h2>\n<ul class="sheet">\n'
            yield from (card(outcome, self._thumbnail(outcome.source), links) for outcome in coloured)
            yield "</ul>\n"


def _navigation(number: int, files: Sequence[Path], links: Links) -> Iterator[str]:
    """Links to the other pages: the ends, the neighbours, and a step of a tenth of them where there are many."""
    if len(files) == 1:
        return
    last = len(files) - 1
    near = range(max(number - _NEAR, 0), min(number + _NEAR, last) + 1)
    far = range(0, last, max(len(files) // 10, 1))
    yield '<nav aria-label="Pages">\n<ul>\n'
    if number > 0:
        yield f'<li><a rel="prev" href="{links.to(files[number - 1])}">Previous</a></li>\n'
    former = -1
    for page in sorted({0, *far, *near, last}):
        if page > former + 1:
            yield "<li><span>…</span></li>\n"
        former = page
        if page == number:
            yield f'<li><b aria-current="page">{page + 1}</b></li>\n'
        else:
            yield f'<li><a href="{links.to(files[page])}" aria-label="Page {page + 1}">{page + 1}</a></li>\n'
    if number < last:
        yield f'<li><a rel="next" href="{links.to(files[number + 1])}">Next</a></li>\n'
    yield "</ul>\n</nav>\n"
