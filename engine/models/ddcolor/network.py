"""The whole DDColor network; see the package."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

import timm
import torch
from timm.layers.norm import LayerNorm2d
from torch import Tensor, nn

from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.ddcolor.color_decoder import ColorDecoder
from engine.models.ddcolor.pixel_decoder import PixelDecoder, spectral_conv
from engine.models.grey import grey_srgb

if TYPE_CHECKING:
    from engine.models.ddcolor.spec import DDColorSpec

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
"""Of ImageNet's sRGB values in [0, 1], which the encoder was trained with."""


class DDColor(Colorizer):
    """L* to ab through a grey sRGB picture; automatic, hints are ignored.

    Args:
        spec: The numbers of the network.
        pretrained: Starts the encoder from timm's published weights (downloads them): for training only.
    """

    multiple: ClassVar[int] = 32

    def __init__(self, spec: DDColorSpec, *, pretrained: bool = False) -> None:
        super().__init__()
        self.spec = spec
        self.encoder = timm.create_model(
            spec.encoder,
            pretrained=pretrained,
            features_only=True,
            out_indices=(0, 1, 2, 3),
            depths=spec.depths,
            dims=spec.widths,
        )
        self.norms = nn.ModuleList([LayerNorm2d(width, eps=1e-6) for width in spec.widths])
        self.pixel_decoder = PixelDecoder(spec.widths, spec.pixel_width)
        self.color_decoder = ColorDecoder(spec)
        self.refine = spectral_conv(spec.queries + len(MEAN), 2, 1, bias=True)

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`.

        Returns:
            The pixel decoder's features at 1/16, 1/8, 1/4 and full size, and B×3×H×W, what the encoder saw.
        """
        grey = grey_srgb(lightness)
        picture = torch.cat([(grey - mean) / std for mean, std in zip(MEAN, STD, strict=True)], dim=1)
        stages = cast("list[Tensor]", self.encoder(picture))
        return (*self.pixel_decoder([norm(stage) for norm, stage in zip(self.norms, stages, strict=True)]), picture)

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        del hints, palette
        *levels, pixels, picture = features
        embeddings = self.color_decoder(levels)  # B×Q×C
        # Q maps of embeddings·pixels, and a 1×1 convolution over them: the convolution first, the maps never.
        weight = self.refine.weight[:, :, 0, 0]  # 2×(Q+3)
        ab = torch.einsum("boc,bchw->bohw", weight[:, : -len(MEAN)] @ embeddings, pixels).float()
        direct = torch.einsum("oc,bchw->bohw", weight[:, -len(MEAN) :], picture).float()
        bias = cast("Tensor", self.refine.bias)[:, None, None]
        return Prediction(self.bounded(ab + direct + bias))
