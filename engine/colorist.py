"""A `Colorist`: a loaded model on a device, which colours photos at its own small size.

For many photos, `prepare` each (cheap, on any thread), give them to `colors` in small batches (the network: on one
thread, or on several where it runs on the CPU) and `engine.render.render` the results (on any thread). For one photo
that is coloured again and again there is a `Session` (`engine.session`).

Torch is imported when a model is loaded, not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from engine.color.lab import FloatArray, Pixels, lightness_of, srgb_to_lab
from engine.errors import BadPredictionError, DeviceError
from engine.hints import propagate
from engine.hints.anchors import anchors
from engine.hints.propagation import SPOT_FIELDS
from engine.hints.reference import CarriedColor, carry_colors, descriptors_of
from engine.hints.worth import color_deviation, hint_worth
from engine.models.card import InstalledModel
from engine.models.runtime import Runtime
from engine.models.store import find_model
from engine.render import Colors

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.models.card import ModelCard
    from engine.models.contract import Colorizer, Features, HintTensors, Prediction

MAX_ASPECT = 4.0
"""A strip longer than this is squeezed for the network, which never saw such; its picture is not."""
LEAST_STRIDE = 4
"""Where hints help is asked of a map that is smaller than the network's input by at least this much."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A photo as a network sees it.

    Attributes:
        lightness: H×W, L* in [0, 100] at the network's size, float32.
    """

    lightness: FloatArray


@dataclass(frozen=True, slots=True)
class Distribution:
    """How likely a network finds each colour at each place of its output.

    Attributes:
        log_probability: Q×h×w, natural logarithms; float32.
        bins: Q×2, the a* and b* of the bins in CIELAB units; float32.
    """

    log_probability: FloatArray
    bins: FloatArray


@dataclass(frozen=True, slots=True)
class _Plain:
    """What a network said of a photo without hints, and for what, and where, it was asked."""

    features: Features
    palette: int | None
    state: tuple[torch.device, torch.dtype]
    prediction: Prediction


def propagated(colors: Colors, spots: NDArray[np.float32], kept: FloatArray | None = None) -> Colors:
    """Colours that agree with hints: what a network proposed, and the rest spread along edges (`engine.hints`).

    Args:
        colors: What a network says of the photo, with or without having seen the hints.
        spots: N×6 hints as of `Colorist.decode`, the radius in pixels of the guide.
        kept: h×w×2, the colours that "keep" stands for; None for those of `colors`.

    Raises:
        ValueError: If the spots are not N×6 finite numbers.
    """
    rows, columns = colors.ab.shape[:2]
    scale = columns / colors.guide.shape[1]
    lightness = cv2.resize(colors.guide, (columns, rows), interpolation=cv2.INTER_AREA)
    spread = propagate(colors.ab, np.asarray(lightness, np.float32), _scaled(spots, scale), kept)
    return Colors(spread.ab, colors.guide, spread.asked)


def network_size(height: int, width: int, side: int, multiple: int) -> tuple[int, int]:
    """The network's size for a photo: about side² pixels, its aspect kept, both sides multiples of `multiple`.

    It does not depend on how large the scan is, so neither do the colours.
    """
    aspect = min(max(width / height, 1 / MAX_ASPECT), MAX_ASPECT)
    fitted = (side / aspect**0.5, side * aspect**0.5)
    rows, columns = (max(multiple, round(length / multiple) * multiple) for length in fitted)
    return rows, columns


class Colorist:
    """A model on a device, ready to colour.

    A device whose memory is not enough, or that fails altogether, is left for the CPU (`engine.models.runtime`), and
    `notes` says so. What it knew of a photo is made again, so no photo is lost by it.

    Args:
        model: Name of an installed model, or a model that is not installed (`engine.models.store.model_at`).
        device: auto, cpu, cuda or mps.
        side: The network's size in use; None takes the card's.

    Raises:
        UnknownModelError: If no such model is installed.
        BadWeightsError: If its weights cannot be used.
        DeviceError: If this machine has no such device.
    """

    def __init__(self, model: str | InstalledModel = "photo", device: str = "auto", *, side: int | None = None) -> None:
        installed = model if isinstance(model, InstalledModel) else find_model(model)
        self.card: ModelCard = installed.card
        self.side = side or self.card.inference_side
        self._runtime = Runtime(installed, device)
        self._plain: _Plain | None = None
        self._latest: tuple[Features, Prepared] | None = None
        self._again: tuple[Features, Features] | None = None

    @property
    def device_name(self) -> str:
        """Where the network runs now: cuda, mps or cpu."""
        return self._runtime.device.type

    @property
    def network(self) -> Colorizer:
        """The network itself, for measuring what it does; to colour photos, go through this class."""
        return self._runtime.network

    @property
    def precision(self) -> torch.dtype:
        """What the network computes in now; features that were encoded in another precision are better made again."""
        return self._runtime.dtype

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know, each said once: that the memory was not enough, for example."""
        return self._runtime.notes

    def prepare(self, pixels: Pixels) -> Prepared:
        """Lightness at the network's size.

        Args:
            pixels: H×W or H×W×3, sRGB-encoded, uint8 or uint16.
        """
        height, width = pixels.shape[:2]
        rows, columns = network_size(height, width, self.side, self.network.multiple)
        # First to four times the size in the file's own numbers, which is quick; the rest in L*, at full precision.
        first = (min(width, 4 * columns), min(height, 4 * rows))
        if first != (width, height):
            pixels = cast("Pixels", cv2.resize(pixels, first, interpolation=cv2.INTER_AREA))
        lightness = lightness_of(pixels)
        smaller = columns <= first[0] and rows <= first[1]
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        return Prepared(cv2.resize(lightness, (columns, rows), interpolation=how).astype(np.float32))

    def colors(self, prepared: Sequence[Prepared]) -> list[Colors]:
        """Runs the network; equal sizes next to each other go through it together.

        Call it from one thread, or from several where the network runs on the CPU. All else that knows of a photo is
        for one thread.

        Args:
            prepared: Photos from `prepare`.

        Returns:
            The colours of each photo, in order.

        Raises:
            OutOfMemoryError: If not even one photo fits into the memory of the CPU.
            BadPredictionError: If the network returned nothing usable, in float32 too.
        """
        done: list[Colors] = []
        while len(done) < len(prepared):
            group = _equal_run(prepared[len(done) : len(done) + self._runtime.batch])
            try:
                done.extend(self._decoded(self._encoded(group), group, None))
            except (MemoryError, RuntimeError) as error:
                self._runtime.give_way(error, len(group))
        return done

    def encode(self, prepared: Prepared) -> Features:
        """The slow half of the network for one photo; the result is for `decode`. Errors as in `colors`."""
        features = self._runtime.persist(lambda: self._encoded([prepared]))
        self._latest = features, prepared
        return features

    def decode(
        self,
        features: Features,
        prepared: Prepared,
        palette: int | None = None,
        spots: NDArray[np.float32] | None = None,
    ) -> Colors:
        """The fast half: colours of an encoded photo. Errors as in `colors`.

        A network that takes hints is told of those that it finds credible. Whatever its colours then still differ from
        all of them is spread, by its own likeness where it has learned one, or else by propagation.

        Args:
            features: From `encode`, of the same photo.
            prepared: The photo.
            palette: One of the network's palettes; None leaves it to the network.
            spots: N×6 hints, with the fields of `engine.models.conditioning.SPOT_FIELDS`: the radius is in pixels of
                `prepared`. None, or N = 0, for no hint.

        Raises:
            ValueError: If the spots are not N×6 finite numbers.
        """
        if spots is None or len(spots) == 0:
            return self._decode(features, prepared, palette, None)
        if spots.ndim != 2 or spots.shape[1] != SPOT_FIELDS or not np.isfinite(spots).all():
            raise ValueError(f"hints are N×{SPOT_FIELDS} finite numbers, not {spots.shape} or nan")
        return self._runtime.persist(lambda: self._hinted(self._sound(features, prepared), prepared, palette, spots))

    def _hinted(
        self, features: Features, prepared: Prepared, palette: int | None, spots: NDArray[np.float32]
    ) -> Colors:
        if not self.network.takes_hints:
            return propagated(self._decode(features, prepared, palette, None), spots)
        believed = spots[self._credibility(features, palette, spots) >= 1]
        colors = self._decode(features, prepared, palette, believed if len(believed) else None)
        if self._runtime.dtype.itemsize == 4 and any(_imprecise(part) for part in features):
            features = self.encode(prepared)  # their precision was found wanting just now
        if self.network.spreads_hints:
            return self._spread(features, prepared, palette, colors, spots)
        kept = self._without_hints(features, palette).ab[0].permute(1, 2, 0).float().cpu().numpy()
        return propagated(colors, spots, np.ascontiguousarray(kept))

    def _credibility(self, features: Features, palette: int | None, spots: NDArray[np.float32]) -> FloatArray:
        """N in [0, 1], how credible hints are (`engine.models.credibility`); the network is told of those with 1."""
        import torch

        from engine.models.credibility import credibility

        plain = self._without_hints(features, palette)
        with torch.inference_mode():
            rows = torch.as_tensor(np.asarray(spots, np.float32), device=self._runtime.device)[None]
            return credibility(plain, rows)[0].cpu().numpy()

    def _without_hints(self, features: Features, palette: int | None) -> Prediction:
        """What the network says without hints; remembered while the same photo is painted on."""
        import torch

        plain, state = self._plain, self._runtime.state  # another thread may change them
        if plain is None or plain.features is not features or (plain.palette, plain.state) != (palette, state):
            chosen = None if palette is None else torch.full((1,), palette, device=self._runtime.device)
            with self._runtime.inference():
                prediction = self.network.decode(self._here(features), None, chosen)
            self._plain = plain = _Plain(features, palette, state, prediction)
        return plain.prediction

    def _spread(
        self,
        features: Features,
        prepared: Prepared,
        palette: int | None,
        colors: Colors,
        spots: NDArray[np.float32],
    ) -> Colors:
        """Colours that agree with hints, spread by the network's own likeness."""
        import torch

        rows, columns = colors.ab.shape[:2]
        points = anchors(_scaled(spots, columns / prepared.lightness.shape[1]), (rows, columns))
        hints = self._hints(points, prepared)
        credibility = self._credibility(features, palette, points)
        with torch.inference_mode():
            ab = torch.as_tensor(colors.ab, device=self._runtime.device).permute(2, 0, 1)[None]
            reach = torch.as_tensor(credibility, device=self._runtime.device)[None]
            here, lightness = self._here(features), self._lightness([prepared])
            kept = self._without_hints(features, palette).ab.float()
            found, asked = self.network.spread_hints(here, lightness, ab, hints, reach, kept)
        spread = np.ascontiguousarray(found[0].permute(1, 2, 0).cpu().numpy(), np.float32)
        return Colors(spread, colors.guide, np.ascontiguousarray(asked[0, 0].cpu().numpy(), np.float32))

    def _lightness(self, group: Sequence[Prepared]) -> Tensor:
        import torch

        return torch.as_tensor(np.stack([photo.lightness for photo in group]))[:, None].to(self._runtime.device)

    def where_to_hint(
        self, features: Features, prepared: Prepared, spots: NDArray[np.float32] | None = None
    ) -> FloatArray:
        """How much a hint would help at each place, given the hints that there are: h×w in [0, 1].

        Args:
            features: From `encode`.
            prepared: The photo.
            spots: The hints, as of `decode`.
        """
        import torch

        def correlation() -> FloatArray | None:
            here = self._here(self._sound(features, prepared))
            with torch.inference_mode():
                found = self.network.correlation(here, self._lightness([prepared]))
            return None if found is None else found[0].float().cpu().numpy()

        distribution = self.distribution(features, prepared, spots)
        likeness = self._runtime.persist(correlation)
        size = self._output_size(prepared)
        return hint_worth(
            prepared.lightness,
            size,
            deviation=None
            if distribution is None
            else color_deviation(distribution.log_probability, distribution.bins),
            likeness=likeness,
            spots=None if spots is None else _scaled(spots, size[1] / prepared.lightness.shape[1]),
        )

    def carry_colors(self, features: Features, prepared: Prepared, reference: Pixels, count: int) -> list[CarriedColor]:
        """Colours of a similar colour photo for places of this one.

        Args:
            features: From `encode`, of the photo.
            prepared: The photo.
            reference: H×W×3, sRGB-encoded, uint8 or uint16.
            count: How many at most.
        """
        other = self.prepare(reference)
        rows, columns = other.lightness.shape
        maximum = float(np.iinfo(reference.dtype).max)
        small = cv2.resize(reference.astype(np.float32) / maximum, (columns, rows), interpolation=cv2.INTER_AREA)
        return carry_colors(
            prepared.lightness,
            self._looks(features, prepared),
            other.lightness,
            srgb_to_lab(small)[..., 1:],
            self._looks(self.encode(other), other),
            count,
        )

    def _looks(self, features: Features, prepared: Prepared) -> FloatArray:
        """What each place looks like, h×w×D, by the network or else by hand."""
        import torch

        def described() -> FloatArray | None:
            here = self._here(self._sound(features, prepared))
            with torch.inference_mode():
                found = self.network.descriptors(here, self._lightness([prepared]))
            return None if found is None else found[0].permute(1, 2, 0).float().cpu().numpy()

        looks = self._runtime.persist(described)
        return descriptors_of(prepared.lightness) if looks is None else looks

    def _output_size(self, prepared: Prepared) -> tuple[int, int]:
        """Rows and columns of a map of the network's output; of fine ones, of a coarser one."""
        stride = max(self.network.output_stride, LEAST_STRIDE)
        rows, columns = prepared.lightness.shape
        return rows // stride, columns // stride

    def _decode(
        self, features: Features, prepared: Prepared, palette: int | None, spots: NDArray[np.float32] | None
    ) -> Colors:
        return self._runtime.persist(
            lambda: self._decoded(self._sound(features, prepared), [prepared], palette, spots)[0]
        )

    @property
    def takes_hints(self) -> bool:
        """Whether the network itself looks at hints; propagation spreads those that it does not honour."""
        return self.network.takes_hints

    def palettes(self, features: Features) -> list[int]:
        """The photo's palettes, the most likely first; empty for a network without variants."""

        def likely() -> list[int]:
            with self._runtime.inference():
                logits = self.network.palette_logits(self._here(features))
            return [] if logits is None else [int(n) for n in logits[0].argsort(descending=True)]

        return self._runtime.persist(likely)

    def distribution(
        self,
        features: Features,
        prepared: Prepared | None = None,
        spots: NDArray[np.float32] | None = None,
    ) -> Distribution | None:
        """How likely each colour is at each place of an encoded photo; None where the network does not say.

        Args:
            features: From `encode`.
            prepared: The photo; needed with spots alone.
            spots: Hints as of `decode`, for networks that take some.
        """
        return self._runtime.persist(lambda: self._distribution(features, prepared, spots))

    def _distribution(
        self, features: Features, prepared: Prepared | None, spots: NDArray[np.float32] | None
    ) -> Distribution | None:

        features = self._sound(features, prepared)
        given = prepared is not None and spots is not None and len(spots) > 0 and self.network.takes_hints
        hints = self._hints(spots, prepared) if given and spots is not None and prepared is not None else None
        with self._runtime.inference():
            prediction = self.network.decode(self._here(features), hints)
        if prediction.logits is None or prediction.bins is None:
            return None
        log_probability = prediction.logits[0].float().log_softmax(dim=0)
        return Distribution(log_probability.cpu().numpy(), prediction.bins.float().cpu().numpy())

    def _encoded(self, group: Sequence[Prepared]) -> Features:
        with self._runtime.inference():
            return self.network.encode(self._lightness(group))

    def _decoded(
        self,
        features: Features,
        group: Sequence[Prepared],
        palette: int | None,
        spots: NDArray[np.float32] | None = None,
        *,
        again: bool = False,
    ) -> list[Colors]:
        import torch

        chosen = None if palette is None else torch.full((len(group),), palette, device=self._runtime.device)
        hints = None if spots is None else self._hints(spots, group[0])
        with self._runtime.inference():
            ab = self.network.decode(self._here(features), hints, chosen).ab.float()
        maps = ab.permute(0, 2, 3, 1).cpu().numpy()
        if not np.isfinite(maps).all() or not maps.any(axis=(1, 2, 3)).all():
            if again:
                raise BadPredictionError(
                    f'The model "{self.card.id}" returned no usable colours.', "Choose another model for this photo."
                )
            self._runtime.doubt_precision()
            # Once more from the start: the features may be of a time when this, or another thread, was less precise.
            return self._decoded(self._encoded(group), group, palette, spots, again=True)
        return [Colors(np.ascontiguousarray(map_), photo.lightness) for map_, photo in zip(maps, group, strict=True)]

    def _hints(self, spots: NDArray[np.float32], photo: Prepared) -> HintTensors:
        """Hints of one photo as its network reads them."""
        import torch

        from engine.models.conditioning import hint_tensors

        rows = torch.as_tensor(np.asarray(spots, np.float32), device=self._runtime.device)[None]
        height, width = photo.lightness.shape
        return hint_tensors(
            rows, torch.ones(rows.shape[:2], dtype=torch.bool, device=self._runtime.device), (height, width)
        )

    def _here(self, features: Features) -> Features:
        """Features as the network takes them now: its device or precision may have changed since `encode`."""
        return self._runtime.here(self._sound(features))

    def _sound(self, features: Features, prepared: Prepared | None = None) -> Features:
        """Features that can be read: those that were lost with their device are made again, once.

        Args:
            features: From `encode`.
            prepared: Their photo; without it, only the latest photo's can be made again.
        """
        if not self._runtime.lost or all(part.device.type == "cpu" for part in features):
            return features
        if self._again is None or self._again[0] is not features:
            if prepared is None and self._latest is not None and self._latest[0] is features:
                prepared = self._latest[1]
            if prepared is None:
                raise DeviceError("A device has failed, and with it went what was known of a photo.", "Open it again.")
            self._again = features, self._encoded([prepared])
        return self._again[1]


def _scaled(spots: NDArray[np.float32], scale: float) -> FloatArray:
    """Spots whose radius is in pixels of a smaller or larger map."""
    return np.asarray(spots * np.array([1, 1, 1, 1, scale, 1], np.float32), np.float32)


def _equal_run(prepared: Sequence[Prepared]) -> Sequence[Prepared]:
    """The photos at the start that have one size."""
    first = prepared[0].lightness.shape
    other = (n for n, photo in enumerate(prepared) if photo.lightness.shape != first)
    return prepared[: next(other, len(prepared))]


def _imprecise(part: Tensor) -> bool:
    """Whether a feature was computed in less than float32."""
    return part.is_floating_point() and part.element_size() < 4
