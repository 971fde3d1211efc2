"""CIELAB, gamut and colour difference: numbers in, numbers out.

Everything here is CIELAB under D65 (2 degree observer) in float32. `lab` converts pictures (NumPy, H×W×3) and holds the
tables that turn a grey picture into L* without any arithmetic per pixel; `tensors` is the same for batches (torch,
B×3×H×W) and is imported only by what already needs torch; `gamut` finds the colours that sRGB can show at a lightness;
`difference` is CIEDE2000; `cast` finds what tints a picture's greys, and `trapped_ball` the regions between its lines.
For people who choose colours, `swatches` shows what there is at a lightness and turns
"#rrggbb" into a*, b* and back, `names` turns words into colours and colours into words, and `palette_file` keeps
collections of them.
"""

from engine.color.difference import ciede2000
from engine.color.gamut import fit_chroma, max_chroma
from engine.color.lab import lab_to_srgb, lightness_of, srgb_to_lab
from engine.color.names import ColorWords, color_name, color_names, color_words, parse_color
from engine.color.palette_file import Palette, read_palette, write_palette
from engine.color.swatches import ab_of, color_at, fitted, gamut_picture, lightness_of_color

__all__ = [
    "ColorWords",
    "Palette",
    "ab_of",
    "ciede2000",
    "color_at",
    "color_name",
    "color_names",
    "color_words",
    "fit_chroma",
    "fitted",
    "gamut_picture",
    "lab_to_srgb",
    "lightness_of",
    "lightness_of_color",
    "max_chroma",
    "parse_color",
    "read_palette",
    "srgb_to_lab",
    "write_palette",
]
