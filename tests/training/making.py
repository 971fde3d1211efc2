"""Photos that follow a rule, tiny recipes, and tiny models, made by the tests themselves."""

import csv
import functools
import hashlib
import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from engine.color.gamut import fit_chroma
from engine.color.lab import lab_to_srgb
from engine.models.contract import Colorizer
from engine.models.registry import build_network
from engine.models.store import model_folders
from tests.engine.models.small_specs import SMALL
from training.data.packed import PackedPhotos
from training.export import export
from training.recipe import Recipe, parse

BLUE = (2.0, -40.0)
ORANGE = (28.0, 48.0)
TINY = SMALL["photo"]


def rule_photo(seed: int, height: int = 64, width: int = 80) -> NDArray[np.uint8]:
    """Blobs of light and dark: what is bright is blue, what is dark is orange. H×W×3 sRGB."""
    noise = np.random.default_rng(seed).uniform(-1, 1, (6, 7)).astype(np.float32)
    blobs = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    lightness = np.clip(55 + 40 * blobs, 15, 92)
    bright = np.clip((lightness - 50) / 10, 0, 1)[..., None]
    ab = bright * np.array(BLUE, np.float32) + (1 - bright) * np.array(ORANGE, np.float32)
    lab = fit_chroma(np.concatenate([lightness[..., None], ab], axis=-1))
    return np.rint(lab_to_srgb(lab) * 255).astype(np.uint8)


def grey_photo(height: int = 64, width: int = 80) -> NDArray[np.uint8]:
    """A grey ramp, H×W×3."""
    ramp = np.linspace(10, 240, width).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(ramp[None, :, None], (height, width, 3)))


def encoded(picture: NDArray[np.uint8], kind: str = "WEBP") -> bytes:
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind, quality=95)
    return file.getvalue()


def hashed_name(source: str, number: int) -> str:
    """A file name as published parts have it: the source, and a hash at the end."""
    return f"{source}-{hashlib.sha256(f'{source} {number}'.encode()).hexdigest()[:10]}.webp"


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    """A zip part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as part:
        for name, content in files.items():
            part.writestr(name, content)
    return path


def write_rule_zip(path: Path, count: int, *, sources: tuple[str, ...] = ("one", "two"), start: int = 0) -> list[str]:
    """A zip part of photos that follow the rule; the names of its files."""
    files = {hashed_name(sources[n % len(sources)], n): encoded(rule_photo(n)) for n in range(start, start + count)}
    write_zip(path, files)
    return list(files)


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    """The facts beside zip parts."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def packed(pictures: list[NDArray[np.uint8]], labels: list[int] | None = None) -> PackedPhotos:
    """Photos packed without any file."""
    counts = [picture.shape[0] * picture.shape[1] for picture in pictures]
    found = labels or [-1] * len(pictures)
    return PackedPhotos(
        pixels=np.concatenate([picture.reshape(-1, 3) for picture in pictures]),
        starts=np.cumsum([0, *counts[:-1]]).astype(np.int64),
        sizes=np.array([picture.shape[:2] for picture in pictures], np.int32),
        labels=np.array(found, np.int32),
        label_names=[f"label {n}" for n in range(max(found) + 1)],
        names=[f"{n}.webp" for n in range(len(pictures))],
        sources=["rule"] * len(pictures),
        left_out={},
    )


def tiny_table(**changes: Any) -> dict[str, Any]:
    """A recipe that runs in seconds, as TOML would give it; `changes` are merged into its tables.

    The numbers of another architecture's network take the place of the usual ones.
    """
    table: dict[str, Any] = {
        "id": "tiny",
        "purpose": "For tests.",
        "architecture": "photo",
        "inference_side": 64,
        "saturation": 1.25,
        "network": dict(TINY),
        "data": {"short_side": 64},
        "augmentation": {"rotation": 0.0},
        "schedule": {
            "samples": 48,
            "batch": 8,
            "rate": 3e-3,
            "ema": 0.95,
            "stages": [{"until": 0.5, "size": 32}, {"until": 1.0, "size": 64}],
        },
    }
    if "architecture" in changes:
        table["network"] = {}
    return merged(table, changes)


def merged(table: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A table with changes merged into the tables within it."""
    for key, value in changes.items():
        table[key] = {**table.get(key, {}), **value} if isinstance(value, dict) else value
    return table


def tiny_recipe(**changes: Any) -> Recipe:
    """`tiny_table`, parsed."""
    return parse(tiny_table(**changes))


def fighting_recipe(**changes: Any) -> Recipe:
    """A recipe with a critic, dropout and all kinds of stages, that runs in a second or two."""
    stages = [
        {"name": "pre-training", "until": 0.25, "size": 32},
        {"name": "critic", "until": 0.5, "size": 32, "train": "critic"},
        {"name": "NoGAN", "until": 1.0, "size": 32, "train": "both", "adversarial": 0.1, "rate": 0.5}
        | {"choose": True, "snapshot_samples": 8},
    ]
    table = tiny_table(
        architecture="pix2pix",
        loss={"huber": 0.0, "l1": 1.0},
        adversary={"width": 4, "layers": 2, "spectral": True, "scales": 2},
        network={"levels": 5, "width": 4},
        schedule={"samples": 32, "batch": 4, "stages": stages},
    )
    return parse(merged(table, changes))


def tiny_network(seed: int = 0, spread: float = 0.1) -> Colorizer:
    """A network whose weights are the same at each call and which colours boldly enough to be seen."""
    torch.manual_seed(seed)  # pyright: ignore[reportUnknownMemberType]
    network = build_network("photo", TINY)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * spread)
    return network.eval()


def install(name: str = "tiny", network: Colorizer | None = None, **changes: Any) -> Path:
    """Puts a tiny model among the user's own; the path of its weights."""
    folder = model_folders().own
    folder.mkdir(parents=True, exist_ok=True)
    if network is None and not changes:
        for suffix, content in _usual(name).items():
            (folder / f"{name}{suffix}").write_bytes(content)
        return folder / f"{name}.safetensors"
    recipe = tiny_recipe(id=name, **changes)
    return export(network or tiny_network(), recipe, folder, photos=3, sources=["made up"])[0]


@functools.cache
def _usual(name: str) -> dict[str, bytes]:
    """The two files of the usual tiny model, made once."""
    with tempfile.TemporaryDirectory() as folder:
        files = export(tiny_network(), tiny_recipe(id=name), Path(folder), photos=3, sources=["made up"])
        return {file.suffix: file.read_bytes() for file in files}
