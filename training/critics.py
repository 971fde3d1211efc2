"""Critics: networks that tell true colours from made ones, patch by patch.

Source: Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks", CVPR 2017 (PatchGAN: 4×4
convolutions, stride 2 but in the last two, leaky ReLU 0.2, no norm in the first, weights drawn from N(0, 0.02));
several scales: Wang et al., "High-Resolution Image Synthesis and Semantic Manipulation with Conditional GANs", CVPR
2018; spectral norm: Miyato et al., ICLR 2018.

Differs: what the critic is told of the photo (what a ResNet-18 sees in it) is enlarged to the picture and concatenated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from engine.color.tensors import lab_to_srgb
from engine.models.contract import AB_BOUND
from engine.models.layers.normalisation import norm_layer
from engine.models.layers.semantic import SemanticFeatures

if TYPE_CHECKING:
    from training.recipe import AdversaryRecipe

COLOR_CHANNELS = 3
SEMANTIC_WIDTH = 32
WIDEST = 8
"""Layers widen up to so many times the first one's channels."""
LEAK = 0.2


def smallest_side(recipe: AdversaryRecipe) -> int:
    """The least side of a picture, in pixels, that all of a recipe's critics can judge."""
    last = 3  # the two layers without stride each take a pixel, and one must be left
    return last * 2 ** (recipe.layers + recipe.scales - 1)


class PatchCritic(nn.Module):
    """One score a patch.

    Args:
        inputs: Channels of the picture and of what is told about it.
        recipe: Width, layers and norms.
    """

    def __init__(self, inputs: int, recipe: AdversaryRecipe) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        widths = [recipe.width * min(2**n, WIDEST) for n in range(recipe.layers + 1)]
        for number, width in enumerate(widths):
            norm = recipe.norm if number else "none"
            stride = 2 if number < recipe.layers else 1
            conv = nn.Conv2d(inputs, width, 4, stride, 1, bias=norm != "batch")
            layers += [conv, norm_layer(norm, width), nn.LeakyReLU(LEAK)]
            inputs = width
        layers.append(nn.Conv2d(inputs, 1, 4, 1, 1))
        self.layers = nn.Sequential(*layers)
        for layer in layers:
            if isinstance(layer, nn.Conv2d):
                nn.init.normal_(layer.weight, 0.0, 0.02)
                if recipe.spectral:
                    spectral_norm(layer)

    def forward(self, pictures: Tensor) -> Tensor:
        """B×inputs×h×w to scores B×1×h'×w', without an activation."""
        return self.layers(pictures)


class Critic(nn.Module):
    """Judges colours at one or several scales.

    Args:
        recipe: What it is made of.
        pretrained: Starts its ResNet-18, where it has one, from timm's published weights (downloads them).
    """

    def __init__(self, recipe: AdversaryRecipe, *, pretrained: bool = False) -> None:
        super().__init__()
        self.conditional = recipe.conditional
        self.semantic = SemanticFeatures(SEMANTIC_WIDTH, pretrained=pretrained) if recipe.semantic else None
        inputs = COLOR_CHANNELS + (SEMANTIC_WIDTH if recipe.semantic else 0)
        self.scales = nn.ModuleList(PatchCritic(inputs, recipe) for _ in range(recipe.scales))

    def picture(self, lightness: Tensor, ab: Tensor) -> Tensor:
        """What is judged: L* B×1×h×w and ab B×2×h×w to B×3×h×w in about [-1, 1]: L and ab, or sRGB."""
        if self.conditional:
            return torch.cat([lightness / 50.0 - 1.0, ab / AB_BOUND], dim=1)
        return lab_to_srgb(torch.cat([lightness, ab], dim=1)) * 2.0 - 1.0

    def told(self, lightness: Tensor) -> Tensor | None:
        """What else the critic knows of a photo, for `forward`: L* B×1×H×W to B×C×⌈H/32⌉×⌈W/32⌉, or None."""
        return None if self.semantic is None else self.semantic(lightness)

    def forward(self, pictures: Tensor, told: Tensor | None = None) -> list[Tensor]:
        """Scores without an activation.

        Args:
            pictures: B×3×h×w, what `picture` made.
            told: What `told` made of the same photos.

        Returns:
            B×1×h'×w' for each scale, the finest first.
        """
        if told is not None:
            size = (pictures.shape[2], pictures.shape[3])
            enlarged = F.interpolate(told, size=size, mode="bilinear", align_corners=False)
            pictures = torch.cat([pictures, enlarged.to(pictures.dtype)], dim=1)
        scores: list[Tensor] = []
        for critic in self.scales:
            scores.append(critic(pictures))
            pictures = F.avg_pool2d(pictures, 2)
        return scores
