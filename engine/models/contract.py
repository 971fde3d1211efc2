"""What every network is: a `Colorizer`, which encodes lightness once and decodes colours as often as hints change.

Shapes: B pictures of H×W pixels at the network's size, H and W multiples of the network's `multiple`. A network that
speaks another language than L* in, ab out (RGB, tokens, a histogram) is translated at its own edge, so that this
contract holds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from torch import Tensor, nn

if TYPE_CHECKING:
    from engine.progress import Progress

AB_BOUND = 110.0
"""a* and b* of a prediction lie within ± this; the sRGB gamut reaches 98 and -108."""

Features = tuple[Tensor, ...]
"""What `encode` returns and `decode` takes: opaque to all others, who may keep it or move it to another device."""


@dataclass(frozen=True, slots=True)
class HintTensors:
    """Hints as a network reads them; made only by `engine.models.conditioning`.

    Attributes:
        planes: B×3×H×W at the network's input size: a*/110, b*/110, mask (1 under a hint); zero where there is none.
        tokens: B×N×5: x, y in [0, 1] from the top-left corner, a*/110, b*/110, kind (0 colour, 1 keep).
        token_mask: B×N, true where a token is a hint and not filling.
    """

    planes: Tensor
    tokens: Tensor
    token_mask: Tensor


@dataclass(frozen=True, slots=True)
class Prediction:
    """The colours that a network proposes.

    Attributes:
        ab: B×2×h×w, a* and b* in CIELAB units within ±110, at the network's output size (`photo`: a quarter of H×W).
        logits: B×Q×h'×w', the distribution over Q ab bins before softmax, at the size of `ab` or a whole part of it;
            None where the network has none.
        bins: Q×2, the ab centres of the bins in CIELAB units; None where `logits` is.
        srgb: B×3×h×w in [0, 1], what a network that speaks RGB said before its translation; for its losses.
        kl: B, the Kullback-Leibler divergence in nats of a variational network's latent from the standard normal, while
            training; for its loss.
    """

    ab: Tensor
    logits: Tensor | None = None
    bins: Tensor | None = None
    srgb: Tensor | None = None
    kl: Tensor | None = None


class Colorizer(nn.Module, ABC):
    """A network that colours photographs.

    Attributes:
        multiple: H and W of the input are multiples of this.
        output_stride: The output has H/`output_stride` × W/`output_stride` pixels.
        takes_hints: Whether `decode` looks at its hints; propagation spreads what it ignores.
        spreads_hints: Whether `spread_hints` does what propagation does for other networks, in a way that was learned.
        palette_count: How many palettes `decode` can be asked for; 0 where the network offers no variants.
        summary_width: Channels of `summary`; 0 where there is none.
        reference_count: How many colour photos the network keeps in its buffer `references` (N×3×s×s, uint8 sRGB) and
            carries colours over from; training fills them. 0 for networks that need none.
        progress: What a network that takes long reports to and polls while it encodes or decodes; None for nobody.
    """

    multiple: ClassVar[int] = 32
    output_stride: ClassVar[int] = 1
    takes_hints: ClassVar[bool] = False
    spreads_hints: bool = False
    palette_count: int = 0
    summary_width: int = 0
    reference_count: int = 0
    progress: Progress | None = None

    @abstractmethod
    def encode(self, lightness: Tensor) -> Features:
        """The slow part, once per photo.

        Args:
            lightness: B×1×H×W, L* in [0, 100].

        Returns:
            The features that `decode` needs, each with the batch first.
        """

    @abstractmethod
    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """The fast part, as often as hints or palette change.

        Args:
            features: What `encode` returned.
            hints: The hints, or None for none at all. Ignored by networks that take none.
            palette: B indices of palettes, -1 for "undecided"; None leaves all undecided. Ignored where there are none.

        Returns:
            The colours, `ab` unbounded while training and within ±110 otherwise.
        """

    def spread_hints(
        self,
        features: Features,
        lightness: Tensor,
        ab: Tensor,
        hints: HintTensors,
        reach: Tensor | None = None,
        kept: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Brings a prediction into agreement with hints, and what looks alike along with it.

        Only for networks with `spreads_hints`; in float32 whatever precision the other layers run in.

        Args:
            features: What `encode` returned.
            lightness: B×1×H×W, L* in [0, 100], what was encoded.
            ab: B×2×h×w, what `decode` returned.
            hints: The hints, as points: their tokens count.
            reach: B×N in [0, 1], how far each hint speaks of more than its surroundings; None for 1.
            kept: B×2×h×w, the colours that "keep" stands for; None for `ab`.

        Returns:
            B×2×h×w in CIELAB units, within ±110 but for training; and B×1×h×w in [0, 1], how far each colour is one
            that hints asked for.
        """
        del features, lightness, hints, reach, kept
        return ab, ab.new_zeros(ab.shape[0], 1, *ab.shape[2:])

    def correlation(self, features: Features, lightness: Tensor) -> Tensor | None:
        """How much the errors at any two places of the output have in common: B×hw×hw in [0, 1]; None if unknown."""
        del features, lightness
        return None

    def descriptors(self, features: Features, lightness: Tensor) -> Tensor | None:
        """What each place looks like, B×D×h×w, near for what is likely to have like colours; None if unknown."""
        del features, lightness
        return None

    def palette_logits(self, features: Features) -> Tensor | None:
        """How likely each palette is for a photo: B×`palette_count` before softmax, or None where there are none."""
        del features
        return None

    def summary(self, features: Features) -> Tensor | None:
        """What the photo shows as a whole, B×`summary_width`, for training to hang a classifier on; or None."""
        del features
        return None

    def own_losses(self, lightness: Tensor, srgb: Tensor) -> dict[str, Tensor] | None:
        """The losses of a network that is trained by a likelihood of its own instead of by comparing its `ab`.

        Args:
            lightness: B×1×H×W, L* in [0, 100], what the network sees.
            srgb: B×3×H×W in [0, 1], the truth at that lightness.

        Returns:
            Scalars to be minimised, by name; None for a network that is trained by what `decode` returns.
        """
        del lightness, srgb
        return None

    def forward(self, lightness: Tensor, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """`encode` and `decode` in one; arguments and result as theirs."""
        return self.decode(self.encode(lightness), hints, palette)

    def bounded(self, ab: Tensor) -> Tensor:
        """Clamps ab to ±110 outside of training, where a clamp would stop the gradient."""
        return ab if self.training else ab.clamp(-AB_BOUND, AB_BOUND)
