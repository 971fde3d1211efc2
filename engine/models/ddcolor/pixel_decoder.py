"""The pixel decoder: from the encoder's features up to full size, with shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.layers.spectral_norm import spectral_norm

if TYPE_CHECKING:
    from collections.abc import Sequence


def spectral_conv(inputs: int, outputs: int, side: int, *, bias: bool, repeats: int = 1) -> nn.Conv2d:
    """A convolution whose weight is divided by its largest singular value (Miyato et al., ICLR 2018).

    Args:
        inputs: Channels in.
        outputs: Channels out.
        side: Side of the kernel; the size of the picture is kept.
        bias: Whether it has one.
        repeats: So many neighbouring channels start equal: where they are shuffled into pixels, the start is free of
            checkerboards (ICNR: Aitken et al., 2017). Divides `outputs`.
    """
    conv = nn.Conv2d(inputs, outputs, side, padding=side // 2, bias=bias)
    with torch.no_grad():
        start = nn.init.kaiming_normal_(conv.weight.new_empty(outputs // repeats, *conv.weight.shape[1:]))
        conv.weight.copy_(start.repeat_interleave(repeats, dim=0))
        if conv.bias is not None:
            conv.bias.zero_()
    return spectral_norm(conv)


class BatchNorm(nn.BatchNorm2d):
    """Batch norm that also trains on a single value a channel: it uses the running statistics then."""

    def forward(self, features: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        """B×C×h×w to the same."""
        if self.training and features.numel() == features.shape[1]:
            return F.batch_norm(features, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        return super().forward(features)


class ShuffleUp(nn.Module):
    """Enlarges by shuffling channels into pixels, and blurs what that leaves of a grid.

    Args:
        inputs: Channels in.
        outputs: Channels out.
        scale: How many times larger.
        norm: With batch norm; without, the convolution has a bias.
    """

    def __init__(self, inputs: int, outputs: int, scale: int, *, norm: bool) -> None:
        super().__init__()
        self.scale = scale
        self.conv = spectral_conv(inputs, outputs * scale**2, 1, bias=not norm, repeats=scale**2)
        self.norm = BatchNorm(outputs * scale**2) if norm else nn.Identity()

    def forward(self, features: Tensor) -> Tensor:
        """B×C×h×w to B×D×(scale·h)×(scale·w)."""
        large = F.pixel_shuffle(F.relu(self.norm(self.conv(features))), self.scale)
        # The mean of each pixel, its left and upper neighbours: "Super-Resolution using Convolutional Neural Networks
        # without Any Checkerboard Artifacts", Sugawara et al., 2018.
        return F.avg_pool2d(F.pad(large, (1, 0, 1, 0), mode="replicate"), 2, stride=1)


class UpStage(nn.Module):
    """Twice the size, joined with the encoder's features of that size.

    Args:
        inputs: Channels from below.
        skip: Channels of the encoder's features.
        outputs: Channels out.
    """

    def __init__(self, inputs: int, skip: int, outputs: int) -> None:
        super().__init__()
        self.up = ShuffleUp(inputs, outputs, 2, norm=True)
        self.skip_norm = BatchNorm(skip)
        nn.init.constant_(self.skip_norm.bias, 1e-3)
        self.conv = spectral_conv(outputs + skip, outputs, 3, bias=False)
        self.norm = BatchNorm(outputs)

    def forward(self, features: Tensor, skip: Tensor) -> Tensor:
        """B×C×h×w and B×S×2h×2w to B×D×2h×2w."""
        joined = torch.cat([self.up(features), self.skip_norm(skip)], dim=1)
        return self.norm(F.relu(self.conv(F.relu(joined))))


class PixelDecoder(nn.Module):
    """Four stages up, from 1/32 to full size.

    Args:
        stages: Widths of the encoder's four stages.
        width: Width at 1/16 and 1/8; half of it at 1/4 and at full size.
    """

    def __init__(self, stages: Sequence[int], width: int) -> None:
        super().__init__()
        quarter, eighth, sixteenth, deepest = stages
        self.to_sixteenth = UpStage(deepest, sixteenth, width)
        self.to_eighth = UpStage(width, eighth, width)
        self.to_quarter = UpStage(width, quarter, width // 2)
        self.to_full = ShuffleUp(width // 2, width // 2, 4, norm=False)

    def forward(self, stages: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The encoder's features at 1/4, 1/8, 1/16 and 1/32 to the decoder's at 1/16, 1/8, 1/4 and full size."""
        quarter, eighth, sixteenth, deepest = stages
        coarse = self.to_sixteenth(deepest, sixteenth)
        middle = self.to_eighth(coarse, eighth)
        fine = self.to_quarter(middle, quarter)
        return coarse, middle, fine, self.to_full(fine)
