"""What there is to say about an entry of the batch queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.batches import BatchState
from desktop.panels.wording import as_sentence, duration_text, number_text, path_text, rate_text
from engine import EngineError

if TYPE_CHECKING:
    from desktop.batches import BatchEntry
    from engine import Waiting

MOST_PATHS = 20
"""Paths that a tooltip lists."""
SEPARATOR = " · "


def entry_title(entry: BatchEntry) -> str:
    """The name of the folder or photo, and how many more there are."""
    first = path_text(entry.paths[0].name or entry.paths[0]) if entry.paths else ""
    if len(entry.paths) < 2:
        return first
    text = QCoreApplication.translate("BatchTexts", "{name} and {count} more")
    return text.format(name=first, count=number_text(len(entry.paths) - 1))


def entry_paths(entry: BatchEntry) -> str:
    """Where they are, a line each."""
    lines = [path_text(path) for path in entry.paths[:MOST_PATHS]]
    return "\n".join([*lines, "…"] if len(entry.paths) > MOST_PATHS else lines)


def entry_state(entry: BatchEntry) -> str:
    """What it is doing, in a word or three."""
    if entry.state is BatchState.RUNNING:
        if entry.outage is not None:
            return QCoreApplication.translate("BatchTexts", "Waiting for the disk")
        return _stage(entry)
    if entry.state is BatchState.DONE and entry.counts.failed:
        return QCoreApplication.translate("BatchTexts", "Done, with failures")
    return {
        BatchState.WAITING: QCoreApplication.translate("BatchTexts", "Waiting"),
        BatchState.PAUSED: QCoreApplication.translate("BatchTexts", "Paused"),
        BatchState.STOPPING: QCoreApplication.translate("BatchTexts", "Stopping…"),
        BatchState.DONE: QCoreApplication.translate("BatchTexts", "Done"),
        BatchState.CANCELLED: QCoreApplication.translate("BatchTexts", "Cancelled"),
        BatchState.FAILED: QCoreApplication.translate("BatchTexts", "Could not be run"),
    }[entry.state]


def entry_progress(entry: BatchEntry) -> str:
    """How far it is: counts, failures, time left and rate, as far as they are known. Before that, where it is."""
    counts = entry.counts
    if counts.total is None:
        if isinstance(entry.error, EngineError):
            return entry.error.sentence
        return path_text(entry.paths[0].parent) if entry.paths else ""
    of_all = QCoreApplication.translate("BatchTexts", "{settled} of {total}")
    parts = [of_all.format(settled=number_text(counts.settled), total=number_text(counts.total))]
    if counts.failed:
        text = QCoreApplication.translate("BatchTexts", "{count} failed")
        parts.append(text.format(count=number_text(counts.failed)))
    moving = entry.state is BatchState.RUNNING and entry.outage is None
    if entry.seconds_left is not None and moving:
        text = QCoreApplication.translate("BatchTexts", "{time} left")
        parts.append(text.format(time=duration_text(entry.seconds_left)))
    if entry.rate is not None and moving:
        parts.append(rate_text(entry.rate))
    if counts.skipped:
        text = QCoreApplication.translate("BatchTexts", "{count} were there already")
        parts.append(text.format(count=number_text(counts.skipped)))
    return SEPARATOR.join(parts)


def entry_message(entry: BatchEntry) -> str:
    """What else there is to know: what it waits for, an error with its advice, what to do next, remarks."""
    lines = _outage(entry)
    if isinstance(entry.error, EngineError):
        lines.append(f"{entry.error.sentence} {entry.error.advice}".strip())
    elif entry.error is not None:
        lines.append(QCoreApplication.translate("BatchTexts", "An unexpected error ended it; the log has the details."))
    elif entry.state is BatchState.CANCELLED:
        lines.append(QCoreApplication.translate("BatchTexts", "“Run again” goes on from here."))
    elif entry.state is BatchState.PAUSED:
        lines.append(QCoreApplication.translate("BatchTexts", "Photos in hand are still finished."))
    elif entry.state is BatchState.DONE and entry.seconds is not None and entry.counts.worked:
        text = QCoreApplication.translate("BatchTexts", "It took {time}.")
        lines.append(text.format(time=duration_text(entry.seconds)))
    elif entry.state is BatchState.RUNNING and entry.counts.name and not lines:
        text = QCoreApplication.translate("BatchTexts", "Now: {name}")
        lines.append(text.format(name=path_text(entry.counts.name)))
    return "\n".join([*lines, *entry.notes])


def entry_spoken(entry: BatchEntry) -> str:
    """All of it in one line, for a screen reader."""
    return ". ".join(part for part in (entry_title(entry), entry_state(entry), entry_progress(entry)) if part)


def outage_text(outage: Waiting) -> str:
    """What a run waits for, why, and what can be done about it."""
    text = QCoreApplication.translate("BatchTexts", "Waiting for {folder}.")
    told = (text.format(folder=path_text(outage.folder)), as_sentence(outage.cause), outage.advice)
    return " ".join(part for part in told if part)


def _outage(entry: BatchEntry) -> list[str]:
    """What it waits for, and how it will go on; nothing if it does not wait."""
    if entry.outage is None or not entry.held_up:
        return []
    lines = [outage_text(entry.outage)]
    if entry.state is BatchState.RUNNING:
        lines.append(QCoreApplication.translate("BatchTexts", "Nothing is lost, and it goes on by itself."))
    if entry.tried_at is not None:
        text = QCoreApplication.translate("BatchTexts", "Tried again at {time}.")
        lines.append(text.format(time=f"{entry.tried_at:%H:%M:%S}"))
    return lines


def _stage(entry: BatchEntry) -> str:
    if entry.counts.total is None:
        return QCoreApplication.translate("BatchTexts", "Looking for photos…")
    if not entry.counts.begun and entry.counts.settled < entry.counts.total:
        return QCoreApplication.translate("BatchTexts", "Loading the model…")
    return QCoreApplication.translate("BatchTexts", "Running")
