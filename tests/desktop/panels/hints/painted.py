"""Hints that somebody has painted, and suggestions for a place, for panels to show."""

from engine import Hint, HintPoint, HintSet, Suggestion, ab_of

RED, BLUE, GREY = "#7d2a2f", "#3050a0", "#808080"


def dab(color=RED, x=10.0, y=20.0):
    return Hint((HintPoint(x, y),), 12.0, color)


def stroke(color=RED, count=14, x=10.0):
    return Hint(tuple(HintPoint(x + step, 20.0) for step in range(count)), 12.0, color)


def painted(*hints):
    return HintSet(1600, 1200, tuple(hints))


def suggested(*colors):
    """Suggestions, each half as likely as the one before."""
    return [Suggestion(color, ab_of(color), 0.5 ** (rank + 1)) for rank, color in enumerate(colors)]


def heard(signal):
    """What a signal tells from now on."""
    told = []
    signal.connect(lambda *values: told.append(values[0] if len(values) == 1 else values))
    return told
