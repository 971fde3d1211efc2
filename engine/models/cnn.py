"""`cnn-baseline`, `dlcnn` and `dcc`: convolutional encoder-decoders without skips.

Papers:
- `cnn-baseline`: the report "Cartoon Image Colorization", §4.1: two 3×3 convolutions, two 3×3 transposed convolutions,
  12 features at the bottleneck.
- `dlcnn`: Sarapu et al., "Automatic colorization of black and white images using convolutional neural networks", 2020:
  a plain network from L* to ab.
- `dcc`: the Deep Cartoon Colorizer, as the same report sums it up (§3.2): a fully automatic convolutional
  encoder-decoder that keeps clean boundaries.

Ours, for these sources leave it open:
- `cnn-baseline`: strides of 2, so that the transposed convolutions have something to undo; 32 features before and after
  the bottleneck; no activation on ab, for its loss fixes ab only up to a constant.
- `dlcnn`: eleven convolutions with three halvings and doublings, the layout most such networks share, without
  normalisation and started as He et al. (ICCV 2015) advise.
- `dcc`: only two halvings, for a network without skips never sees a boundary again that it has lost; the context that a
  figure's colour needs comes from dilated residual blocks instead.

Weights: none published that could be imported; trained by the recipes of these names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from torch import Tensor, nn

from engine.models.contract import AB_BOUND, Colorizer, Features, HintTensors, Prediction
from engine.models.layers.ab_head import centred
from engine.models.layers.residual import ResidualBlock

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class CnnBaselineSpec:
    """The numbers of a `cnn-baseline` network.

    Attributes:
        width: Channels before and after the bottleneck.
        bottleneck: Channels of the bottleneck.
    """

    width: int = 32
    bottleneck: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DlcnnSpec:
    """The numbers of a `dlcnn` network.

    Attributes:
        widths: Channels at full size and at 1/2, 1/4 and 1/8.
        bottleneck: Channels in the middle.

    Raises:
        ValueError: If there are not four widths.
    """

    widths: tuple[int, int, int, int] = (32, 64, 128, 256)
    bottleneck: int = 512

    def __post_init__(self) -> None:
        if len(self.widths) != 4:
            raise ValueError(f"{len(self.widths)} widths are not 4")


@dataclass(frozen=True, slots=True, kw_only=True)
class DccSpec:
    """The numbers of a `dcc` network.

    Attributes:
        widths: Channels at full size, at 1/2 and at 1/4.
        dilations: Of the residual blocks at 1/4, one each.

    Raises:
        ValueError: If there are not three widths.
    """

    widths: tuple[int, int, int] = (32, 64, 128)
    dilations: tuple[int, ...] = (1, 2, 4, 8, 4, 2, 1)

    def __post_init__(self) -> None:
        if len(self.widths) != 3:
            raise ValueError(f"{len(self.widths)} widths are not 3")


class _EncoderDecoder(Colorizer):
    """All that the three have in common: a stack of layers down, and one up to ab/110."""

    def __init__(self, encoder: nn.Sequential, decoder: nn.Sequential) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns the bottleneck."""
        return (self.encoder(centred(lightness)),)

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        del hints, palette
        return Prediction(self.bounded(self.decoder(features[0]).float() * AB_BOUND))


class CnnBaseline(_EncoderDecoder):
    """Four layers; see the module."""

    multiple: ClassVar[int] = 4

    def __init__(self, spec: CnnBaselineSpec) -> None:
        width, bottleneck = spec.width, spec.bottleneck
        super().__init__(
            nn.Sequential(
                nn.Conv2d(1, width, 3, stride=2, padding=1),
                nn.ReLU(),
                nn.Conv2d(width, bottleneck, 3, stride=2, padding=1),
                nn.ReLU(),
            ),
            nn.Sequential(
                nn.ConvTranspose2d(bottleneck, width, 3, stride=2, padding=1, output_padding=1),
                nn.ReLU(),
                nn.ConvTranspose2d(width, 2, 3, stride=2, padding=1, output_padding=1),
            ),
        )


class Dlcnn(_EncoderDecoder):
    """Eleven plain convolutions; see the module."""

    multiple: ClassVar[int] = 8

    def __init__(self, spec: DlcnnSpec) -> None:
        full, half, quarter, eighth = spec.widths
        super().__init__(
            nn.Sequential(
                *_plain(1, half, stride=2),
                *_plain(half, quarter),
                *_plain(quarter, quarter, stride=2),
                *_plain(quarter, eighth),
                *_plain(eighth, eighth, stride=2),
                *_plain(eighth, spec.bottleneck),
                *_plain(spec.bottleneck, eighth),
            ),
            nn.Sequential(
                *_plain(eighth, quarter),
                _doubled(),
                *_plain(quarter, half),
                _doubled(),
                *_plain(half, full),
                nn.Conv2d(full, 2, 3, padding=1),
                nn.Tanh(),
                _doubled(),
            ),
        )
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d) and layer.out_channels > 2:
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")


class Dcc(_EncoderDecoder):
    """Two halvings and dilated residual blocks; see the module."""

    multiple: ClassVar[int] = 4

    def __init__(self, spec: DccSpec) -> None:
        full, half, quarter = spec.widths
        super().__init__(
            nn.Sequential(
                *_normed(1, full),
                *_normed(full, half, stride=2),
                *_normed(half, quarter, stride=2),
                *(ResidualBlock(quarter, dilation=dilation) for dilation in spec.dilations),
            ),
            nn.Sequential(
                _doubled(),
                *_normed(quarter, half),
                _doubled(),
                *_normed(half, full),
                nn.Conv2d(full, 2, 3, padding=1),
                nn.Tanh(),
            ),
        )


def _plain(inputs: int, outputs: int, stride: int = 1) -> Sequence[nn.Module]:
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1), nn.ReLU()


def _normed(inputs: int, outputs: int, stride: int = 1) -> Sequence[nn.Module]:
    convolution = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
    return convolution, nn.BatchNorm2d(outputs), nn.ReLU()


def _doubled() -> nn.Module:
    return nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
