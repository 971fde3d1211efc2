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
    "cnn-baseline": {"width": 8, "bottleneck": 4},
    "dlcnn": {"widths": [8, 8, 16, 16], "bottleneck": 32},
    "dcc": {"widths": [4, 8, 16], "dilations": [1, 2]},
    "unet": {"widths": [8, 8, 16, 16, 16, 16], "bottleneck": 16},
    "unet-palette": {"widths": [8, 8, 16, 16, 16, 16], "bottleneck": 16, "colors": 8, "choices": 3, "key_width": 4},
    "pix2pix": {"levels": 5, "width": 8},
    "resnet-unet": {"channels": [8, 8, 16, 16], "head": 8},
    "wgan-resunet": {"widths": [8, 16, 16], "blocks": 2, "head": 8},
    "multiscale-attention": {
        "stem": 4,
        "semantic": 4,
        "semantic_channels": [8, 8, 16, 16],
        "widths": [8, 8, 16, 16],
        "head": 8,
    },
    "autocaconet": {"widths": [8, 8, 16, 16], "head": 8},
}
