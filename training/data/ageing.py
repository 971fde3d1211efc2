"""What time, old lenses, plates, prints and scans did to lightness, for a batch on the device.

In the order in which it happened: in the light on its way to the plate the lens blurs and darkens the corners (the law
of cos⁴) and highlights bleed through the glass (halation); the print is hard or fades, and shows the plate's grain; the
scan is a JPEG file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.color.tensors import compress
from training.data.jpeg import compressed

if TYPE_CHECKING:
    from training.recipe import AugmentationRecipe

HALO = 0.04
"""Standard deviation of halation, as a share of the picture's side."""
GRAIN_SIZES = (0.35, 0.8)
"""Standard deviation of a grain's blur in pixels, from and to."""
BEST_JPEG = 95.0


def aged(lightness: Tensor, generator: torch.Generator, recipe: AugmentationRecipe) -> Tensor:
    """Old prints of pictures: each of six effects with probability 1/2, up to the recipe's strengths.

    Args:
        lightness: N×1×H×W L*.
        generator: Of all that is drawn.
        recipe: The strengths; 0 (of `jpeg`: 100) leaves one out.

    Returns:
        N×1×H×W L* in [0, 100].
    """
    count, device = len(lightness), lightness.device

    def drawn(strongest: float, weakest: float = 0.0) -> Tensor:
        """N×1×1×1 strengths: 0 with probability 1/2, else anything between the two."""
        strengths = torch.rand(2, count, 1, 1, 1, generator=generator)
        return ((strengths[0] < 0.5) * (weakest + strengths[1] * (strongest - weakest))).to(device)

    light = relative_luminance(lightness)
    if recipe.blur:
        light = blurred(light, drawn(recipe.blur))
    if recipe.vignetting:
        centre = 0.35 + 0.3 * torch.rand(count, 2, generator=generator)
        light = vignetted(light, drawn(recipe.vignetting), centre.to(device))
    if recipe.halation:
        light = halated(light, drawn(recipe.halation))
    print_ = 116 * compress(light) - 16
    if recipe.fade:
        # A print on hard paper is the reverse of a faded one: its shadows are all black, its skies all white.
        black, white = drawn(recipe.fade, -recipe.fade), 100 + drawn(recipe.fade, -recipe.fade)
        print_ = black + print_ * (white - black) / 100
    if recipe.grain:
        noise = torch.randn(lightness.shape, generator=generator).to(device)
        smallest, largest = GRAIN_SIZES
        sizes = smallest + (largest - smallest) * torch.rand(count, 1, 1, 1, generator=generator)
        print_ = grained(print_, drawn(recipe.grain), sizes.to(device), noise)
    print_ = print_.clamp(0, 100)
    if recipe.jpeg < 100:
        worse = drawn(BEST_JPEG - min(recipe.jpeg, BEST_JPEG))
        rows, columns = (int(torch.randint(8, (), generator=generator)) for _ in range(2))
        print_ = torch.where(worse > 0, scanned(print_, (BEST_JPEG - worse).flatten(), (rows, columns)), print_)
    return print_


def relative_luminance(lightness: Tensor) -> Tensor:
    """Y in [0, 1] of L* in [0, 100] (CIE 15:2004), any shape."""
    return torch.where(lightness > 8, ((lightness + 16) / 116) ** 3, lightness * (27 / 24389))


def blurred(picture: Tensor, deviation: Tensor) -> Tensor:
    """Gaussian blur, each picture with its own standard deviation.

    Args:
        picture: N×1×H×W.
        deviation: N×1×1×1 in pixels; 0 leaves a picture as it is.
    """
    count = len(picture)
    kernel = gaussian(deviation.flatten())
    reach = kernel.shape[1] // 2
    layers = F.pad(picture.transpose(0, 1), (reach, reach, reach, reach), mode="replicate")  # 1×N×H×W
    layers = F.conv2d(layers, kernel[:, None, None, :], groups=count)
    return F.conv2d(layers, kernel[:, None, :, None], groups=count).transpose(0, 1)


def gaussian(deviation: Tensor) -> Tensor:
    """Gaussian kernels N×K that sum to 1, of N standard deviations in pixels; 0 gives a single 1 in the middle."""
    reach = max(1, round(3 * float(deviation.max())))
    places = torch.arange(-reach, reach + 1, device=deviation.device)
    weights = torch.exp(-places.square() / (2 * deviation[:, None].clamp(min=1e-3).square()))
    return weights / weights.sum(1, keepdim=True)


def vignetted(light: Tensor, loss: Tensor, centre: Tensor) -> Tensor:
    """Less light towards the corners, by the cos⁴ law.

    Args:
        light: N×1×H×W.
        loss: N×1×1×1, the share that the corner farthest from the axis loses, below 1.
        centre: N×2, where the lens's axis meets the picture: x, y in [0, 1].
    """
    height, width = light.shape[2:]
    across = (torch.arange(width, device=light.device) + 0.5) / width - centre[:, 0, None, None, None]  # N×1×1×W
    down = ((torch.arange(height, device=light.device) + 0.5) / height)[:, None] - centre[:, 1, None, None, None]
    square = across.square() + down.square()
    # cos⁴ = 1/(1 + tan²)², and tan² grows with the square of the distance from the axis.
    steepest = (1 - loss).clamp(min=1e-3) ** -0.5 - 1
    return light / (1 + steepest * square / square.amax(dim=(2, 3), keepdim=True)).square()


def halated(light: Tensor, share: Tensor) -> Tensor:
    """Bright light reflected by the back of the plate, as a glow around it.

    Args:
        light: N×1×H×W in [0, 1].
        share: N×1×1×1, the share of the bright light that glows.
    """
    bright = light * ((light - 0.4) / 0.5).clamp(0, 1)  # a shadow has no halo
    halo = blurred(bright, torch.full_like(share, HALO * min(light.shape[2:])))
    return (light + share * halo).clamp(max=1)


def grained(lightness: Tensor, deviation: Tensor, size: Tensor, noise: Tensor) -> Tensor:
    """Silver grain: clumps rather than pixels, strongest in the mid-tones, none where the paper is black or bare.

    Args:
        lightness: N×1×H×W L*.
        deviation: N×1×1×1 standard deviation in L*, at L* 50.
        size: N×1×1×1, the standard deviation in pixels of the blur that makes clumps.
        noise: N×1×H×W of the standard normal.
    """
    power = gaussian(size.flatten()).square().sum(1)[:, None, None, None]  # what blurring leaves, of either direction
    clumps = blurred(noise, size) / power
    tone = (lightness / 100).clamp(0, 1)
    return lightness + deviation * 2 * (tone * (1 - tone)).sqrt() * clumps


def scanned(lightness: Tensor, quality: Tensor, offset: tuple[int, int]) -> Tensor:
    """A JPEG file of the print; L* stands for display values, which it follows within a few units of 255.

    Args:
        lightness: N×1×H×W L* in [0, 100].
        quality: N, in [1, 100].
        offset: As of `jpeg.compressed`.
    """
    return compressed(lightness * 2.55, quality, offset) / 2.55
