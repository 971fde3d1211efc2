"""Hints: what a person knows of a photo's colours, carried to where it belongs.

A hint travels like this. A person paints a `Hint`: a dab or a stroke of one colour, or of "no colour", or of "keep what
the model says". A `HintSet` has all hints of a photo; each act on it gives another set, so that undoing is taking the
former one (`ink` is the geometry of strokes and erasers). As plain numbers it is a list of *spots*, discs of one colour
(`engine.models.conditioning` says their fields). A network that takes hints sees them as planes and tokens, and decodes
its encoded photo again, but is told only of those that it finds credible (`engine.models.credibility`); one that takes
none decodes as ever. Whatever then still differs from the hints is spread: by a network that has learned what is alike
(`engine.models.kriging`, from points, `anchors`), or else by `propagation`, where the difference (hint − prediction)
flows from each spot over what is alike in lightness and stops at edges. So a hint is honoured by every model, and where
there is no hint nothing changes. On disk hints stand in the photo's sidecar (`engine.sidecar`).

Whoever paints is helped by `suggestions` at a place, by `worth`, the map of where a hint would tell most, and by
`reference`, colours carried over from a similar photo.
"""

from engine.hints.hint import Hint, HintKind
from engine.hints.hint_set import HintSet
from engine.hints.ink import HintPoint
from engine.hints.propagation import propagate

__all__ = ["Hint", "HintKind", "HintPoint", "HintSet", "propagate"]
