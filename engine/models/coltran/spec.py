"""The numbers of ColTran."""

from __future__ import annotations

from dataclasses import dataclass

MAX_LAYERS = 16
MAX_SIDE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class ColTranSpec:
    """The numbers of a ColTran network; the defaults are the paper's.

    Attributes:
        coarse_side: Pixels on a side of what is sampled.
        fine_side: Pixels on a side of the result.
        width: Width of all layers.
        feed_forward: Width within the feed-forwards.
        heads: Attention heads; divides `width`.
        encoder_layers: Layers of the grey encoder; a layer is a row and a column attention.
        outer_layers: Layers of the decoder over the rows above.
        inner_layers: Layers of the decoder within a row: a row attention each.
        color_layers: Layers of the colour upsampler.
        space_layers: Layers of the spatial upsampler.
        auxiliary: λ, the weight in [0, 1] of the auxiliary parallel head against the autoregressive one.
        temperature: Of sampling; 0 takes the most likely colour each time.
        seed: Of the noise of sampling.

    Raises:
        ValueError: If the numbers do not go together.
    """

    coarse_side: int = 64
    fine_side: int = 256
    width: int = 512
    feed_forward: int = 512
    heads: int = 4
    encoder_layers: int = 4
    outer_layers: int = 2
    inner_layers: int = 2
    color_layers: int = 4
    space_layers: int = 3
    auxiliary: float = 0.01
    temperature: float = 1.0
    seed: int = 1

    def __post_init__(self) -> None:
        if self.width % self.heads:
            raise ValueError(f"{self.heads} heads do not divide a width of {self.width}")
        if not self.coarse_side <= self.fine_side <= MAX_SIDE:
            raise ValueError(f"the sides {self.coarse_side} and {self.fine_side} do not rise to at most {MAX_SIDE}")
        layers = max(self.encoder_layers, self.outer_layers, self.inner_layers, self.color_layers, self.space_layers)
        if layers > MAX_LAYERS:
            raise ValueError(f"{layers} layers are more than {MAX_LAYERS}")
        if not 0 <= self.auxiliary <= 1:
            raise ValueError(f"the auxiliary weight {self.auxiliary} is not in [0, 1]")
        if not 0 <= self.temperature <= 100:
            raise ValueError(f"the temperature {self.temperature} is not in [0, 100]")
