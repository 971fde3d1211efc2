"""CIELAB, gamut and colour difference: numbers in, numbers out.

Everything here is CIELAB under D65 (2 degree observer) in float32. `lab` converts pictures (NumPy, H×W×3) and holds the
tables that turn a grey picture into L* without any arithmetic per pixel; `tensors` is the same for batches (torch,
B×3×H×W) and is imported only by what already needs torch; `gamut` finds the colours that sRGB can show at a lightness;
`difference` is CIEDE2000.
"""

from engine.color.difference import ciede2000
from engine.color.gamut import fit_chroma, gamut_slice, max_chroma
from engine.color.lab import lab_to_srgb, lightness_of, srgb_to_lab

__all__ = ["ciede2000", "fit_chroma", "gamut_slice", "lab_to_srgb", "lightness_of", "max_chroma", "srgb_to_lab"]
