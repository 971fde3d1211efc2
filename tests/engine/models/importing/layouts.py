"""The published layouts of eccv16, siggraph17 and DeOldify, built anew from their names and shapes, at any width.

Independent of the engine: only the names and the order of layers are those of the authors' public code.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import spectral_norm, weight_norm

IMAGENET_MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
IMAGENET_STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


def vgg(*widths: int, stride: int = 1, dilation: int = 1, relu_first: bool = False) -> nn.Sequential:
    """Convolutions with ReLU after each, batch norm at the end, numbered as the authors number them."""
    layers: list[nn.Module] = [nn.ReLU()] if relu_first else []
    for n in range(len(widths) - 1):
        step = stride if n == len(widths) - 2 else 1
        layers += [nn.Conv2d(widths[n], widths[n + 1], 3, step, dilation, dilation), nn.ReLU()]
    return nn.Sequential(*layers, nn.BatchNorm2d(widths[-1]))


class Eccv16(nn.Module):
    def __init__(self, w: int = 64, bins: int = 313) -> None:
        super().__init__()
        self.model1 = vgg(1, w, w, stride=2)
        self.model2 = vgg(w, 2 * w, 2 * w, stride=2)
        self.model3 = vgg(2 * w, 4 * w, 4 * w, 4 * w, stride=2)
        self.model4 = vgg(4 * w, 8 * w, 8 * w, 8 * w)
        self.model5 = vgg(8 * w, 8 * w, 8 * w, 8 * w, dilation=2)
        self.model6 = vgg(8 * w, 8 * w, 8 * w, 8 * w, dilation=2)
        self.model7 = vgg(8 * w, 8 * w, 8 * w, 8 * w)
        self.model8 = nn.Sequential(
            nn.ConvTranspose2d(8 * w, 4 * w, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(4 * w, 4 * w, 3, 1, 1),
            nn.ReLU(),
            nn.Conv2d(4 * w, 4 * w, 3, 1, 1),
            nn.ReLU(),
            nn.Conv2d(4 * w, bins, 1),
        )
        self.model_out = nn.Conv2d(bins, 2, 1, bias=False)

    def forward(self, lightness: Tensor) -> Tensor:
        """L* to ab in CIELAB units, four times enlarged at the end."""
        x = (lightness - 50) / 100
        for n in range(1, 9):
            x = getattr(self, f"model{n}")(x)
        small = self.model_out(F.softmax(x, dim=1))
        return F.interpolate(small, scale_factor=4, mode="bilinear") * 110


class Siggraph17(nn.Module):
    def __init__(self, w: int = 64, bins: int = 529) -> None:
        super().__init__()
        self.model1 = vgg(4, w, w)
        self.model2 = vgg(w, 2 * w, 2 * w)
        self.model3 = vgg(2 * w, 4 * w, 4 * w, 4 * w)
        self.model4 = vgg(4 * w, 8 * w, 8 * w, 8 * w)
        self.model5 = vgg(8 * w, 8 * w, 8 * w, 8 * w, dilation=2)
        self.model6 = vgg(8 * w, 8 * w, 8 * w, 8 * w, dilation=2)
        self.model7 = vgg(8 * w, 8 * w, 8 * w, 8 * w)
        self.model8up = nn.Sequential(nn.ConvTranspose2d(8 * w, 4 * w, 4, 2, 1))
        self.model8 = vgg(4 * w, 4 * w, 4 * w, relu_first=True)
        self.model9up = nn.Sequential(nn.ConvTranspose2d(4 * w, 2 * w, 4, 2, 1))
        self.model9 = vgg(2 * w, 2 * w, relu_first=True)
        self.model10up = nn.Sequential(nn.ConvTranspose2d(2 * w, 2 * w, 4, 2, 1))
        self.model10 = nn.Sequential(nn.ReLU(), nn.Conv2d(2 * w, 2 * w, 3, 1, 1), nn.LeakyReLU(0.2))
        self.model3short8 = nn.Sequential(nn.Conv2d(4 * w, 4 * w, 3, 1, 1))
        self.model2short9 = nn.Sequential(nn.Conv2d(2 * w, 2 * w, 3, 1, 1))
        self.model1short10 = nn.Sequential(nn.Conv2d(w, 2 * w, 3, 1, 1))
        self.model_class = nn.Sequential(nn.Conv2d(4 * w, bins, 1))
        self.model_out = nn.Sequential(nn.Conv2d(2 * w, 2, 1), nn.Tanh())

    def forward(self, lightness: Tensor, ab: Tensor | None = None, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """L*, hinted ab in CIELAB units and their mask to ab in CIELAB units and the logits of the bins."""
        ab = torch.cat([lightness, lightness], dim=1) * 0 if ab is None else ab
        mask = lightness * 0 if mask is None else mask
        one = self.model1(torch.cat([(lightness - 50) / 100, ab / 110, mask], dim=1))
        two = self.model2(one[:, :, ::2, ::2])
        three = self.model3(two[:, :, ::2, ::2])
        seven = self.model7(self.model6(self.model5(self.model4(three[:, :, ::2, ::2]))))
        eight = self.model8(self.model8up(seven) + self.model3short8(three))
        nine = self.model9(self.model9up(eight) + self.model2short9(two))
        ten = self.model10(self.model10up(nine) + self.model1short10(one))
        return self.model_out(ten) * 110, self.model_class(eight)


class Basic(nn.Module):
    expansion = 1

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        if stride != 1 or inputs != width:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        return (y + (self.downsample(x) if hasattr(self, "downsample") else x)).relu()


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = 4 * width
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn1(self.conv1(x)).relu()
        y = self.bn3(self.conv3(self.bn2(self.conv2(y)).relu()))
        return (y + (self.downsample(x) if hasattr(self, "downsample") else x)).relu()


def resnet(block: type[Basic] | type[Bottleneck], depths: tuple[int, ...], widths: tuple[int, ...]) -> nn.Sequential:
    """The children of a ResNet without its pooling and its classifier."""
    layers: list[nn.Module] = [
        nn.Conv2d(3, 64, 7, 2, 3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, 1),
    ]
    inputs = 64
    for n, (depth, width) in enumerate(zip(depths, widths, strict=True)):
        blocks: list[nn.Module] = []
        for k in range(depth):
            blocks.append(block(inputs, width, 2 if n and not k else 1))
            inputs = width * block.expansion
        layers.append(nn.Sequential(*blocks))
    return nn.Sequential(*layers)


class Attention(nn.Module):
    def __init__(self, n: int) -> None:
        super().__init__()
        self.query = spectral_norm(nn.Conv1d(n, n // 8, 1, bias=False))
        self.key = spectral_norm(nn.Conv1d(n, n // 8, 1, bias=False))
        self.value = spectral_norm(nn.Conv1d(n, n, 1, bias=False))
        self.gamma = nn.Parameter(torch.tensor([0.7]))

    def forward(self, x: Tensor) -> Tensor:
        flat = x.flatten(2)
        f, g, h = self.query(flat), self.key(flat), self.value(flat)
        beta = F.softmax(f.transpose(1, 2) @ g, dim=1)
        return (self.gamma * (h @ beta) + flat).view(x.shape)


def spectral(inputs: int, outputs: int, side: int = 3, bias: bool = False) -> nn.Module:
    return spectral_norm(nn.Conv2d(inputs, outputs, side, padding=side // 2, bias=bias))


def unit(inputs: int, outputs: int, attention: bool = False) -> nn.Sequential:
    more = [Attention(outputs)] if attention else []
    return nn.Sequential(spectral(inputs, outputs), nn.ReLU(), nn.BatchNorm2d(outputs), *more)


class Shuffle(nn.Module):
    def __init__(self, inputs: int, outputs: int, last: bool = False) -> None:
        super().__init__()
        if last:
            self.conv = nn.Sequential(weight_norm(nn.Conv2d(inputs, 4 * outputs, 1)))
        else:
            self.conv = nn.Sequential(spectral(inputs, 4 * outputs, 1), nn.BatchNorm2d(4 * outputs))

    def forward(self, x: Tensor) -> Tensor:
        large = F.pixel_shuffle(self.conv(x).relu(), 2)
        return F.avg_pool2d(F.pad(large, (1, 0, 1, 0), mode="replicate"), 2, 1)


class DeepBlock(nn.Module):
    def __init__(self, up: int, skip: int, factor: float, last: bool, attention: bool) -> None:
        super().__init__()
        self.shuf = Shuffle(up, up // 2)
        self.bn = nn.BatchNorm2d(skip)
        joined = up // 2 + skip
        self.outputs = int((joined // 2 if last else joined) * factor)
        self.conv1 = unit(joined, self.outputs)
        self.conv2 = unit(self.outputs, self.outputs, attention)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        return self.conv2(self.conv1(torch.cat([self.shuf(x), self.bn(skip)], dim=1).relu()))


class WideBlock(nn.Module):
    def __init__(self, up: int, skip: int, factor: float, last: bool, attention: bool) -> None:
        super().__init__()
        n = int(512 * factor)
        self.outputs = (n // 2 if last else n) // 2
        self.shuf = Shuffle(up, self.outputs)
        self.bn = nn.BatchNorm2d(skip)
        self.conv = unit(self.outputs + skip, self.outputs, attention)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        return self.conv(torch.cat([self.shuf(x), self.bn(skip)], dim=1).relu())


class Layered(nn.Module):
    def __init__(self, layers: list[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)


class DeOldify(Layered):
    def __init__(self, encoder: nn.Sequential, widths: list[int], deep: bool, factor: float) -> None:
        """`widths` are the channels of the encoder's maps at 1/2, 1/4, 1/8, 1/16 and 1/32."""
        *skips, n = widths
        blocks: list[nn.Module] = []
        up = n
        for k, skip in enumerate(reversed(skips)):
            block = (DeepBlock if deep else WideBlock)(up, skip, factor, k == 3, k == 1)
            blocks.append(block)
            up = block.outputs
        cross = up + 3
        residual = Layered([nn.Sequential(spectral(cross, cross, bias=True), nn.ReLU()) for _ in range(2)])
        super().__init__(
            [
                encoder,
                nn.BatchNorm2d(n),
                nn.ReLU(),
                nn.Sequential(unit(n, 2 * n), unit(2 * n, n)),
                *blocks,
                Shuffle(up, up, last=True),
                nn.Identity(),
                residual,
                nn.Sequential(spectral(cross, 3, 1, bias=True)),
            ]
        )

    def forward(self, x: Tensor) -> Tensor:
        """Normalised sRGB to normalised sRGB within ±3."""
        maps: list[Tensor] = []
        y = x
        for n, layer in enumerate(self.layers[0].children()):
            y = layer(y)
            if n in (2, 4, 5, 6):
                maps.append(y)
        y = self.layers[3](self.layers[1](y).relu())
        for k in range(4):
            y = self.layers[4 + k](y, maps[3 - k])
        y = torch.cat([self.layers[8](y), x], dim=1)
        z = y
        for layer in self.layers[10].get_submodule("layers").children():
            z = layer(z)
        return torch.sigmoid(self.layers[11](y + z)) * 6 - 3


def artistic(widths: tuple[int, ...] = (64, 128, 256, 512), depths: tuple[int, ...] = (3, 4, 6, 3)) -> DeOldify:
    return DeOldify(resnet(Basic, depths, widths), [64, *widths], True, 1.5)


def stable(
    widths: tuple[int, ...] = (64, 128, 256, 512), depths: tuple[int, ...] = (3, 4, 23, 3), factor: float = 2
) -> DeOldify:
    return DeOldify(resnet(Bottleneck, depths, widths), [64, *(4 * width for width in widths)], False, factor)


def small_artistic() -> DeOldify:
    """As of the numbers `SMALL_ARTISTIC`."""
    return artistic((8, 8, 16, 16), (2, 2, 2, 2))


def small_stable() -> DeOldify:
    """As of the numbers `SMALL_STABLE`."""
    return stable((4, 4, 8, 8), (2, 2, 2, 2), 1 / 16)


SMALL_ARTISTIC = {"encoder": "resnet18", "channels": [8, 8, 16, 16]}
SMALL_STABLE = {"encoder": "resnet26", "channels": [4, 4, 8, 8], "deep": False, "width": 0.0625}


def lived_in(network: nn.Module, *inputs: Tensor) -> nn.Module:
    """The network after some steps of training mode: running statistics and singular vectors are no longer new."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.05)
        for _ in range(4):
            network.train()(*inputs)
    return network.eval()
