"""Hints for tests: by hand, and any that hypothesis thinks of."""

from hypothesis import strategies as st

from engine.hints import Hint, HintPoint, HintSet

RED, GREY = "#7d2a2f", "#808080"

places = st.floats(-500, 2500)
radii = st.floats(0.5, 200)
pressures = st.floats(0.05, 1)
colors = st.none() | st.integers(0, 0xFFFFFF).map("#{:06x}".format)
points = st.builds(HintPoint, places, places, st.just(1.0) | pressures)
strokes = st.lists(points, min_size=1, max_size=6).map(tuple)
hints = st.builds(Hint, strokes, radii, colors)
hint_sets = st.builds(HintSet, st.just(2000), st.just(1500), st.lists(hints, max_size=5).map(tuple))


def dab(x, y, radius=5.0, color=RED):
    return Hint((HintPoint(x, y),), radius, color)


def stroke(*places, radius=5.0, color=RED):
    return Hint(tuple(HintPoint(*place) for place in places), radius, color)
