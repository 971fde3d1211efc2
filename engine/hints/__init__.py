"""Hints: what a person knows of a photo's colours, carried to where it belongs.

A hint travels like this. As plain numbers it is a list of *spots*, discs of one colour (`engine.models.conditioning`
says their fields). A network that takes hints sees them as planes and tokens, and decodes its encoded photo again; one
that takes none decodes as ever. Whatever then still differs from the hints is spread by `propagation`: the difference
(hint − prediction) flows from each spot over what is alike in lightness and stops at edges. So a hint is honoured by
every model, and where there is no hint nothing changes.
"""

from engine.hints.propagation import propagate

__all__ = ["propagate"]
