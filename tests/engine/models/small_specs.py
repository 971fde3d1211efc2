"""Numbers of tiny networks, one for each architecture of the registry: they train a few steps in a second."""

from typing import Any

_DDCOLOR = {
    "encoder": "convnext_tiny.fb_in22k",
    "depths": [1, 1, 1, 1],
    "widths": [8, 8, 16, 16],
    "pixel_width": 16,
    "levels": [16, 8, 4],
    "queries": 4,
    "query_width": 16,
    "heads": 2,
    "feed_forward": 16,
}

SMALL: dict[str, dict[str, Any]] = {
    "photo": {
        "channels": [8, 16, 24, 32],
        "stem_width": 8,
        "pyramid": [16, 16, 16],
        "queries": 4,
        "query_width": 16,
        "rounds": 1,
        "heads": 2,
        "palettes": 4,
    },
    "photo-lite": {"channels": [8, 16, 24, 32], "stem_width": 8, "pyramid": [16, 16, 16], "queries": 4, "palettes": 4},
    "ddcolor": _DDCOLOR,
    "ddcolor-t": _DDCOLOR,
    "ddcolor-tiny": {**_DDCOLOR, "levels": [16, 16]},
    "ddcolor-reduced": {**_DDCOLOR, "levels": [16, 8, 4, 16]},
    "vgg-decoder": {"encoder": [8, 8, 16, 16, 16], "decoder": [16, 16, 8, 8, 8]},
    "unet-plain": {"encoder": [8, 8], "middle": 8, "decoder": [8, 8]},
    "unet-vae": {"channels": 8},
    "histogram": {"references": 4, "side": 16},
    "eccv16": {"width": 4, "bins": 7},
    "colorful": {"width": 4},
    "siggraph17": {"width": 4},
    "deoldify": {"encoder": "resnet18", "channels": [8, 8, 16, 16]},
}
