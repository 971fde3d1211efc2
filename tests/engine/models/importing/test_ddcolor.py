"""DDColor's published layout, built anew from its names and shapes alone, against ours after import."""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import spectral_norm

from engine.errors import BadWeightsError
from engine.models.ddcolor import DDColor, DDColorSpec
from engine.models.grey import grey_srgb
from engine.models.importing.ddcolor import rename

pytestmark = pytest.mark.filterwarnings("ignore:.*spectral_norm.*:FutureWarning")

WIDTHS = (8, 12, 16, 24)
DEPTHS = (1, 2, 1, 1)
PIXELS, QUERIES, WIDTH, HEADS, HIDDEN, ROUNDS = 16, 5, 16, 4, 24, 2


class Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.dwconv = nn.Conv2d(width, width, 7, padding=3, groups=width)
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.pwconv1 = nn.Linear(width, 4 * width)
        self.pwconv2 = nn.Linear(4 * width, width)
        self.gamma = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(self.dwconv(x).permute(0, 2, 3, 1))
        return x + (self.gamma * self.pwconv2(F.gelu(self.pwconv1(y)))).permute(0, 3, 1, 2)


class ChannelNorm(nn.LayerNorm):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class PublishedEncoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        stem = nn.Sequential(nn.Conv2d(3, WIDTHS[0], 4, 4), ChannelNorm(WIDTHS[0], eps=1e-6))
        downs = [
            nn.Sequential(ChannelNorm(WIDTHS[n], eps=1e-6), nn.Conv2d(WIDTHS[n], WIDTHS[n + 1], 2, 2)) for n in range(3)
        ]
        self.downsample_layers = nn.ModuleList([stem, *downs])
        self.stages = nn.ModuleList(
            [nn.Sequential(*[Block(width) for _ in range(depth)]) for width, depth in zip(WIDTHS, DEPTHS, strict=True)]
        )
        for n, width in enumerate(WIDTHS):
            self.add_module(f"norm{n}", ChannelNorm(width, eps=1e-6))
        self.norm = nn.LayerNorm(WIDTHS[3], eps=1e-6)

    def forward(self, x: Tensor) -> list[Tensor]:
        found = []
        for n in range(4):
            x = self.stages[n](self.downsample_layers[n](x))
            found.append(getattr(self, f"norm{n}")(x))
        return found


class Shuffle(nn.Module):
    def __init__(self, inputs: int, outputs: int, scale: int, normed: bool) -> None:
        super().__init__()
        channels = outputs * scale**2
        conv = spectral_norm(nn.Conv2d(inputs, channels, 1, bias=not normed))
        self.conv = nn.Sequential(conv, nn.BatchNorm2d(channels)) if normed else nn.Sequential(conv)
        self.shuf = nn.PixelShuffle(scale)
        self.pad = nn.ReplicationPad2d((1, 0, 1, 0))
        self.blur = nn.AvgPool2d(2, stride=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.blur(self.pad(self.shuf(self.conv(x).relu())))


class Up(nn.Module):
    def __init__(self, inputs: int, skip: int, outputs: int) -> None:
        super().__init__()
        self.shuf = Shuffle(inputs, outputs, 2, normed=True)
        self.bn = nn.BatchNorm2d(skip)
        self.conv = nn.Sequential(
            spectral_norm(nn.Conv2d(outputs + skip, outputs, 3, padding=1, bias=False)),
            nn.ReLU(),
            nn.BatchNorm2d(outputs),
        )

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        return self.conv(torch.cat([self.shuf(x), self.bn(skip)], dim=1).relu())


class CrossAttention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.multihead_attn = nn.MultiheadAttention(WIDTH, HEADS)
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, target: Tensor, memory: Tensor, pos: Tensor, query_pos: Tensor) -> Tensor:
        return self.norm(target + self.multihead_attn(target + query_pos, memory + pos, memory)[0])


class SelfAttention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.self_attn = nn.MultiheadAttention(WIDTH, HEADS)
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, target: Tensor, query_pos: Tensor) -> Tensor:
        placed = target + query_pos
        return self.norm(target + self.self_attn(placed, placed, target)[0])


class FeedForward(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear1 = nn.Linear(WIDTH, HIDDEN)
        self.linear2 = nn.Linear(HIDDEN, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, target: Tensor) -> Tensor:
        return self.norm(target + self.linear2(self.linear1(target).relu()))


class Layered(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, PIXELS // 2)])


def written_out_positions(height: int, width: int) -> Tensor:
    """(h·w)×1×WIDTH, each number by itself."""
    half = WIDTH // 2

    def wave(place: float, channel: int) -> float:
        angle = place / 10000 ** (2 * (channel // 2) / half)
        return math.cos(angle) if channel % 2 else math.sin(angle)

    turn = 2 * math.pi
    rows = [
        [wave((y + 1) / (height + 1e-6) * turn, c) for c in range(half)]
        + [wave((x + 1) / (width + 1e-6) * turn, c) for c in range(half)]
        for y in range(height)
        for x in range(width)
    ]
    return torch.tensor(rows)[:, None]


class PublishedColorDecoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query_feat = nn.Embedding(QUERIES, WIDTH)
        self.query_embed = nn.Embedding(QUERIES, WIDTH)
        self.level_embed = nn.Embedding(3, WIDTH)
        self.input_proj = nn.ModuleList([nn.Conv2d(width, WIDTH, 1) for width in (PIXELS, PIXELS, PIXELS // 2)])
        count = 3 * ROUNDS
        self.transformer_self_attention_layers = nn.ModuleList([SelfAttention() for _ in range(count)])
        self.transformer_cross_attention_layers = nn.ModuleList([CrossAttention() for _ in range(count)])
        self.transformer_ffn_layers = nn.ModuleList([FeedForward() for _ in range(count)])
        self.decoder_norm = nn.LayerNorm(WIDTH)
        self.color_embed = Layered()

    def forward(self, levels: list[Tensor], pixels: Tensor) -> Tensor:
        source, pos = [], []
        for n, level in enumerate(levels):
            pos.append(written_out_positions(*level.shape[2:]))
            made = self.input_proj[n](level).flatten(2) + self.level_embed.weight[n][None, :, None]
            source.append(made.permute(2, 0, 1))
        places = self.query_embed.weight[:, None]
        out = self.query_feat.weight[:, None].repeat(1, len(pixels), 1)
        for n in range(3 * ROUNDS):
            out = self.transformer_cross_attention_layers[n](out, source[n % 3], pos[n % 3], places)
            out = self.transformer_self_attention_layers[n](out, places)
            out = self.transformer_ffn_layers[n](out)
        out = self.decoder_norm(out).transpose(0, 1)
        first, second, last = self.color_embed.layers
        return torch.einsum("bqc,bchw->bqhw", last(second(first(out).relu()).relu()), pixels)


class PublishedDecoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            Up(WIDTHS[3], WIDTHS[2], PIXELS), Up(PIXELS, WIDTHS[1], PIXELS), Up(PIXELS, WIDTHS[0], PIXELS // 2)
        )
        self.last_shuf = Shuffle(PIXELS // 2, PIXELS // 2, 4, normed=False)
        self.color_decoder = PublishedColorDecoder()

    def forward(self, stages: list[Tensor]) -> Tensor:
        levels, x = [], stages[3]
        for layer, skip in zip(self.layers, stages[2::-1], strict=True):
            x = layer(x, skip)
            levels.append(x)
        return self.color_decoder(levels, self.last_shuf(x))


class Published(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Module()
        self.encoder.arch = PublishedEncoder()
        self.decoder = PublishedDecoder()
        self.refine_net = nn.Sequential(nn.Sequential(spectral_norm(nn.Conv2d(QUERIES + 3, 2, 1))))
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))

    def forward(self, srgb: Tensor) -> Tensor:
        x = (srgb - self.mean) / self.std
        return self.refine_net(torch.cat([self.decoder(self.encoder.arch(x)), x], dim=1))


@pytest.fixture
def published() -> Published:
    """Random weights, running statistics and singular vectors, as after some training."""
    torch.manual_seed(3)
    network = Published()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
        network.train()(torch.rand(3, 3, 64, 64))
        network.get_buffer("refine_net.0.0.weight_u").copy_(
            F.normalize(torch.randn(2), dim=0)
        )  # sigma far from the true one
    return network.eval()


@pytest.fixture
def ours() -> DDColor:
    spec = DDColorSpec(
        encoder="convnext_tiny.fb_in22k",
        depths=DEPTHS,
        widths=WIDTHS,
        pixel_width=PIXELS,
        levels=(16, 8, 4) * ROUNDS,
        queries=QUERIES,
        query_width=WIDTH,
        heads=HEADS,
        feed_forward=HIDDEN,
    )
    return DDColor(spec).eval()


@pytest.mark.parametrize("size", [(64, 64), (96, 32)], ids=str)
def test_equal_outputs_after_import(published: Published, ours: DDColor, size: tuple[int, int]) -> None:
    ours.load_state_dict(rename(published.state_dict()), strict=True)
    lightness = torch.rand(2, 1, *size, generator=torch.Generator().manual_seed(1)) * 100
    with torch.inference_mode():
        theirs = published(grey_srgb(lightness).expand(-1, 3, -1, -1))
        assert theirs.abs().max() < 110  # no clamp in the way
        assert theirs.std() > 0.1
        found = ours(lightness).ab
    assert (found - theirs).abs().max() / 110 <= 1e-4


def test_what_nothing_reads_is_left_out_and_the_rest_is_unchanged(published: Published, ours: DDColor) -> None:
    state = {**published.state_dict(), "encoder.arch.head_cls.weight": torch.zeros(4, 24)}
    renamed = rename(state)
    assert set(renamed) == set(ours.state_dict())
    assert renamed["refine.bias"] is state["refine_net.0.0.bias"]
    assert len(state) - len(renamed) == 5  # mean, std, the encoder's last norm, the classifier


def test_another_layout_is_refused_by_name(published: Published) -> None:
    with pytest.raises(BadWeightsError, match=r"color_decoder\.transformer\.decoder"):
        rename({**published.state_dict(), "decoder.color_decoder.transformer.decoder.norm.weight": torch.zeros(1)})
