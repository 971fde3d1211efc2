"""The whole ColTran network: its three stages, their likelihood, and its edge to lightness and ab; see the package."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.models.coltran.attention import start
from engine.models.coltran.colorizer import CoarseColorizer, GreyEncoder
from engine.models.coltran.colors import (
    BYTES,
    CHANNELS,
    LEVELS,
    byte_values,
    display_values,
    levels_of,
    resized_by_area,
    symbols_of,
)
from engine.models.coltran.upsampler import ChannelUpsampler
from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.grey import grey_srgb
from engine.models.rgb import ab_of_srgb
from engine.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.models.coltran.spec import ColTranSpec

SAMPLING = 0.5
"""The share of the work that the coarse colours are said to be. It is most of it on a GPU, and little on a CPU."""


class ColTran(Colorizer):
    """L* to the ab of a sampled picture; automatic, hints are ignored.

    Args:
        spec: The numbers of the network.
    """

    multiple: ClassVar[int] = 16

    def __init__(self, spec: ColTranSpec) -> None:
        super().__init__()
        self.spec = spec
        self.encoder = GreyEncoder(spec)
        self.colorizer = CoarseColorizer(spec)
        self.color_upsampler = ChannelUpsampler(spec, spec.coarse_side, LEVELS, spec.color_layers)
        self.space_upsampler = ChannelUpsampler(spec, spec.fine_side, BYTES, spec.space_layers)
        start(self)

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`.

        Returns:
            The encoding of the grey picture, B×coarse×coarse×D, and the lightness itself.
        """
        return self.encoder(self._grey(lightness, self.spec.coarse_side)), lightness

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`. Samples, and so has no gradient; polls `progress` at each pixel.

        Raises:
            CancelledError: If the work was cancelled.
        """
        del hints, palette
        encoding, lightness = features
        picture = self._sample(encoding, lightness)
        ab = ab_of_srgb(display_values(picture))
        size = (lightness.shape[2], lightness.shape[3])
        return Prediction(self.bounded(F.interpolate(ab, size=size, mode="bilinear", antialias=True)))

    def own_losses(self, lightness: Tensor, srgb: Tensor) -> dict[str, Tensor]:
        """See `Colorizer`: the four terms of the module's likelihood, weighted, in nats per pixel and channel."""
        coarse, fine = self.spec.coarse_side, self.spec.fine_side
        small, large = (byte_values(resized_by_area(srgb.float(), side)) for side in (coarse, fine))
        symbols = symbols_of(small)
        encoding, _ = self.encode(lightness)
        weight = self.spec.auxiliary
        return {
            "coarse": (1 - weight) * _surprise(self.colorizer(symbols, encoding), symbols) / CHANNELS,
            "coarse_parallel": weight * _surprise(self.encoder.parallel(encoding), symbols) / CHANNELS,
            "color_upsampling": self._upsampling_loss(
                self.color_upsampler, levels_of(symbols), small, self._grey(lightness, coarse)
            ),
            "spatial_upsampling": self._upsampling_loss(
                self.space_upsampler, self._enlarged(small), large, self._grey(lightness, fine)
            ),
        }

    def _upsampling_loss(self, upsampler: ChannelUpsampler, known: Tensor, truth: Tensor, grey: Tensor) -> Tensor:
        """Nats per pixel and channel: of a channel drawn for each picture while training, else of all three."""
        batch = torch.arange(len(known), device=known.device)
        if self.training:
            drawn = torch.randint(CHANNELS, (len(known),), device=known.device)
            return _surprise(upsampler(known[batch, drawn], drawn, grey), truth[batch, drawn])
        channels = [torch.full_like(batch, n) for n in range(CHANNELS)]
        losses = [_surprise(upsampler(known[batch, n], n, grey), truth[batch, n]) for n in channels]
        return torch.stack(losses).mean()

    @torch.no_grad()
    def _sample(self, encoding: Tensor, lightness: Tensor) -> Tensor:
        """The sampled picture: B×3×fine×fine from 0 to 255."""
        spec, progress = self.spec, self.progress or Progress()
        symbols, _ = self.colorizer.sample(encoding, spec.temperature, spec.seed, progress, SAMPLING)
        refining = self._refining(progress)
        small = self.color_upsampler.most_likely(
            levels_of(symbols), self._grey(lightness, spec.coarse_side), lambda: refining(spec.coarse_side)
        )
        large = self.space_upsampler.most_likely(
            self._enlarged(small), self._grey(lightness, spec.fine_side), lambda: refining(spec.fine_side)
        )
        progress.report(1.0, "Refining colours")
        return large

    def _refining(self, progress: Progress) -> Callable[[int], None]:
        """Reports a block of an upsampler before it runs, by the side of its picture."""
        spec = self.spec
        layers = spec.color_layers * spec.coarse_side**2 + spec.space_layers * spec.fine_side**2
        total, done = 2 * CHANNELS * layers, 0

        def block(side: int) -> None:
            nonlocal done
            progress.report(SAMPLING + (1 - SAMPLING) * done / total, "Refining colours")
            done += side**2

        return block

    def _enlarged(self, small: Tensor) -> Tensor:
        """8-bit pictures at the coarse side, enlarged by area to the fine side: blurred 8-bit pictures."""
        return byte_values(resized_by_area(display_values(small), self.spec.fine_side))

    @staticmethod
    def _grey(lightness: Tensor, side: int) -> Tensor:
        """The grey picture of L*, B×side×side from 0 to 255."""
        return byte_values(resized_by_area(grey_srgb(lightness), side))[:, 0]


def _surprise(logits: Tensor, truth: Tensor) -> Tensor:
    """The mean of −log p of symbols ... under logits ...×Q before softmax, in nats."""
    return F.cross_entropy(logits.float().flatten(0, -2), truth.flatten())
