"""FID and KID: how far the distribution of coloured pictures is from that of the true ones, to an Inception network.

Sources: M. Heusel et al., "GANs Trained by a Two Time-Scale Update Rule", NeurIPS 2017 (FID); M. Bińkowski et al.,
"Demystifying MMD GANs", ICLR 2018 (KID, unbiased, cubic kernel). FID is biased for few pictures and says nothing under
2,000: there it is KID. Features are the 2,048 of torch-fidelity's Inception (the TensorFlow network of 2015, which the
published figures use), from a weight file that the user names.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from training.metrics.extra import required
from training.metrics.weight_file import MetricWeightsError, read_tensors

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from training.data.packed import Photo

NETWORK = "torch-fidelity's Inception"
LAYER = "2048"
LEAST_FOR_FID = 2000


@dataclass(frozen=True, slots=True)
class InceptionDistance:
    """The distance of one method's pictures from the true ones.

    Attributes:
        kind: "FID", or "KID" under 2,000 photos.
        value: The distance; KID as it is, not times 1,000.
        photos: How many photos it is of.
    """

    kind: str
    value: float
    photos: int


class InceptionLedger:
    """Collects features photo by photo.

    Args:
        extract: Makes the features of a picture: see `inception_extractor`.
    """

    def __init__(self, extract: Callable[[Photo], NDArray[np.float64]]) -> None:
        self._extract = extract
        self._true: list[NDArray[np.float64]] = []
        self._found: dict[str, list[NDArray[np.float64]]] = {}

    def add_truth(self, srgb: Photo) -> None:
        """Enters a true picture."""
        self._true.append(self._extract(srgb))

    def add(self, method: str, srgb: Photo) -> None:
        """Enters a coloured picture."""
        self._found.setdefault(method, []).append(self._extract(srgb))

    def result(self) -> dict[str, InceptionDistance]:
        """The distance of each method; empty with fewer than two photos."""
        if len(self._true) < 2:
            return {}
        count = len(self._true)
        kind, distance = ("FID", frechet_distance) if count >= LEAST_FOR_FID else ("KID", kernel_distance)
        true = np.stack(self._true)
        return {
            method: InceptionDistance(kind, distance(true, np.stack(found)), count)
            for method, found in self._found.items()
        }


def inception_extractor(file: Path) -> Callable[[Photo], NDArray[np.float64]]:
    """Features of a picture H×W×3 uint8 sRGB: 2,048 numbers.

    Raises:
        MetricWeightsError: If the file does not hold the network's weights.
        MissingExtraError: If torch-fidelity is not installed.
    """
    module = required("torch_fidelity.feature_extractor_inceptionv3", "FID or KID")
    tensors = read_tensors(file, NETWORK)
    # The library unpickles whatever file it is given, so it gets one that we wrote ourselves.
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder) / "inception.pth"
        torch.save(tensors, clean)
        try:
            network = module.FeatureExtractorInceptionV3("inception", [LAYER], feature_extractor_weights_path=clean)
        except RuntimeError as error:
            reason = str(error).splitlines()[-1].strip().rstrip(".")
            raise MetricWeightsError(f"{file} does not fit {NETWORK}: {reason}.") from error

    def extract(srgb: Photo) -> NDArray[np.float64]:
        batch = torch.as_tensor(np.ascontiguousarray(np.moveaxis(srgb, -1, 0)))[None]
        with torch.inference_mode():
            found: Any = network(batch)
        return found[0][0].double().numpy()

    return extract


def frechet_distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½) of two N×D sets of features."""
    apart = one.mean(axis=0) - other.mean(axis=0)
    first, second = np.atleast_2d(np.cov(one, rowvar=False)), np.atleast_2d(np.cov(other, rowvar=False))
    # tr (Σ₁Σ₂)^½ = tr (Σ₁^½ Σ₂ Σ₁^½)^½, and that matrix is symmetric.
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    mixed = np.linalg.eigvalsh(root @ second @ root)
    return float(apart @ apart + np.trace(first) + np.trace(second) - 2 * np.sqrt(np.maximum(mixed, 0)).sum())


def kernel_distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The unbiased squared maximum mean discrepancy of two sets of features N×D, under the kernel (x·y/D + 1)³."""

    def kernel(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        return (a @ b.T / a.shape[1] + 1) ** 3

    def within(features: NDArray[np.float64]) -> float:
        values, count = kernel(features, features), len(features)
        return float((values.sum() - np.trace(values)) / (count * (count - 1)))

    return within(one) + within(other) - 2 * float(kernel(one, other).mean())
