"""`resnet-unet`: a U-Net whose way down is a pre-trained ResNet-18.

Paper: the report "Automatic Image Colorization Using Deep Learning" (§4.5): ResNet-18, its last two layers (pooling and
classifier) removed, encompasses the down-sampling path; pre-trained with L1, then a conditional GAN.

Ours, for the report leaves it open: the way up, which enlarges bilinearly and so leaves no checkerboards, joins the
maps at 1/16, 1/8, 1/4 and 1/2, and sees L* itself again at full size; tanh on ab/110.

Weights: none published that could be imported. `pretrained` starts the encoder from timm's weights for ImageNet, which
are trained by the recipe of this name from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.layers.ab_head import AbHead
from engine.models.layers.paths import UpPath
from engine.models.layers.resnet import CHANNELS, ResNetEncoder

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class ResNetUNetSpec:
    """The numbers of a `resnet-unet` network.

    Attributes:
        channels: Widths of ResNet-18's four stages; published weights have the usual ones.
        head: Channels at full size.

    Raises:
        ValueError: If there are not four widths.
    """

    channels: tuple[int, int, int, int] = CHANNELS
    head: int = 32

    def __post_init__(self) -> None:
        if len(self.channels) != 4:
            raise ValueError(f"{len(self.channels)} widths are not 4")


class ResNetUNet(Colorizer):
    """ResNet-18 down, skips up; see the module.

    Args:
        spec: The numbers of the network.
        pretrained: Starts the encoder from timm's published weights (downloads them): for training only.
    """

    multiple: ClassVar[int] = 32

    def __init__(self, spec: ResNetUNetSpec, *, pretrained: bool = False) -> None:
        super().__init__()
        self.encoder = ResNetEncoder(spec.channels, pretrained=pretrained)
        self.up = UpPath(self.encoder.widths)
        self.head = AbHead(self.encoder.widths[0], spec.head)

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns L* and the maps at 1/2, 1/4, 1/8, 1/16 and 1/32."""
        return lightness, *self.encoder(lightness)

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        del hints, palette
        lightness, *maps = features
        return Prediction(self.bounded(self.head(self.up(maps), lightness)))
