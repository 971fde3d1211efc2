"""How long each stage of a photo takes on this machine, and how that compares with decoding and encoding it bare.

All stages are timed in one run, in turns, and given as medians: on a busy machine a ratio says more than a second does.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from engine.benchmark.bare import QUALITY, decode_bare, encode_bare
from engine.benchmark.painting import painted_hints
from engine.photo import SaveOptions, format_suffix, natural_format, read_photo, save_photo
from engine.progress import Progress
from engine.render import render

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.color.lab import FloatArray
    from engine.colorist import Colorist, Prepared
    from engine.models.contract import Features

Result = TypeVar("Result")

WARM_UP = 1
HINTS = 10
"""Strokes of the photo whose hints are timed."""


def time_stages(
    photo: Path, colorist: Colorist, folder: Path, *, repeats: int = 5, progress: Progress | None = None
) -> dict[str, float]:
    """Times the stages of one photo.

    Args:
        photo: A picture file.
        colorist: The model to colour it with.
        folder: Where results are written, and deleted again.
        repeats: How often each stage runs; the median counts.
        progress: Told after each repeat; may cancel between two stages.

    Returns:
        Median seconds. "decode" and "encode" are bare (`engine.benchmark.bare`). "read", "prepare" (lightness),
        "network", "render" and "save" are as the batch does them, saving with its check and its sync. The network's
        parts follow, as a session runs them: "network_encode", once per photo; "network_decode", without hints;
        "network_hints", with some; and "propagation", which spreads what the network leaves of the hints: all that a
        session takes for them, less the network.

    Raises:
        EngineError: If the photo cannot be used or saved, the model fails, or the benchmark was cancelled.
    """
    progress = progress or Progress()
    runs: list[dict[str, float]] = []
    for repeat in range(WARM_UP + repeats):
        watch = _Stopwatch(progress)
        _time_all(photo, folder / f"stages-{repeat}", colorist, watch)
        runs.append(watch.seconds)
        progress.report((repeat + 1) / (WARM_UP + repeats), photo.name)
    return {stage: statistics.median(run[stage] for run in runs[WARM_UP:]) for stage in runs[0]}


class _Stopwatch:
    """Times pieces of work by name.

    Attributes:
        seconds: What each took.
    """

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    def time(self, stage: str, work: Callable[[], Result]) -> Result:
        """Does the work, unless everything was cancelled."""
        self._progress.check()
        start = time.perf_counter()
        result = work()
        self.seconds[stage] = time.perf_counter() - start
        return result


def _time_all(source: Path, target: Path, colorist: Colorist, watch: _Stopwatch) -> None:
    photo = watch.time("read", lambda: read_photo(source))
    prepared = watch.time("prepare", lambda: colorist.prepare(photo.pixels))
    colors = watch.time("network", lambda: colorist.colors([prepared])[0])
    colored = watch.time("render", lambda: render(photo.pixels, colors))
    form = natural_format(photo)
    options = SaveOptions(format=form, quality=QUALITY, model=colorist.card.id)
    output = target.with_suffix(format_suffix(form))
    try:
        watch.time("save", lambda: save_photo(output, [colored], [photo], options))
    finally:
        output.unlink(missing_ok=True)
    watch.time("decode", lambda: decode_bare(source, photo.format))
    watch.time("encode", lambda: encode_bare(colored, form))
    _time_halves(colorist, prepared, (photo.width, photo.height), watch)


def _time_halves(colorist: Colorist, prepared: Prepared, size: tuple[int, int], watch: _Stopwatch) -> None:
    """The network's two halves, and hints, as when a photo is painted on."""
    rows, columns = prepared.lightness.shape
    spots = painted_hints(*size, HINTS).spots(rows, columns)
    features = watch.time("network_encode", lambda: _encoded(colorist, prepared))
    watch.time("network_decode", lambda: colorist.decode(features, prepared))
    if colorist.takes_hints:
        watch.time("network_hints", lambda: _decode_with_hints(colorist, features, prepared, spots))
    else:
        watch.seconds["network_hints"] = watch.seconds["network_decode"]
    # From the second stroke on, what the network says without hints is known.
    colorist.decode(features, prepared, None, spots)
    watch.time("propagation", lambda: colorist.decode(features, prepared, None, spots))
    watch.seconds["propagation"] = max(0.0, watch.seconds["propagation"] - watch.seconds["network_hints"])


def _encoded(colorist: Colorist, prepared: Prepared) -> Features:
    """Encoded, and waited for: devices work on while nobody looks."""
    features = colorist.encode(prepared)
    for part in features:
        part.flatten()[:1].cpu()
    return features


def _decode_with_hints(colorist: Colorist, features: Features, prepared: Prepared, spots: FloatArray) -> None:
    """The network alone: `Colorist.decode` would go on to spread what it leaves."""
    import torch

    from engine.models.conditioning import hint_tensors

    device, precision = colorist.device_name, colorist.precision
    rows = torch.as_tensor(np.asarray(spots, np.float32), device=device)[None]
    height, width = prepared.lightness.shape
    hints = hint_tensors(rows, torch.ones(rows.shape[:2], dtype=torch.bool, device=device), (height, width))
    plain = precision == torch.float32
    # Both may have changed since the photo was encoded, where the memory was not enough.
    here = tuple(part.to(device).float() if plain else part.to(device) for part in features)
    with torch.inference_mode(), torch.autocast(device, precision, enabled=not plain):
        colorist.network.decode(here, hints).ab.float().cpu().numpy()
