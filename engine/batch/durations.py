"""Times in words, for people."""

from __future__ import annotations

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def duration(seconds: float) -> str:
    """A time in its two largest units, as far as anybody wants to know: `40 s`, `3 h 20 min`, `2 days 5 h`."""
    if seconds < 0.5:
        return "less than a second"
    if round(seconds) < _MINUTE:
        return f"{round(seconds)} s"
    minutes = round(seconds / _MINUTE)
    if minutes * _MINUTE < _HOUR:
        return f"{minutes} min"
    if minutes * _MINUTE < _DAY:
        return _pair(minutes // 60, "h", minutes % 60, "min")
    hours = round(seconds / _HOUR)
    days = hours // 24
    return _pair(days, "day" if days == 1 else "days", hours % 24, "h")


def _pair(large: int, of: str, small: int, than: str) -> str:
    return f"{large} {of} {small} {than}" if small else f"{large} {of}"
