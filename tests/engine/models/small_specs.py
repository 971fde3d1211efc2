"""Numbers of tiny networks, one for each architecture of the registry: they train a few steps in a second."""

from typing import Any

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
}
