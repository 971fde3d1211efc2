"""Small networks, and weight files and cards made of them."""

import functools
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
import torch
from safetensors.torch import save

from engine.models.card import InstalledModel, read_card
from engine.models.contract import Colorizer
from engine.models.registry import build_network
from engine.models.store import ModelFolders
from tests.engine.models.small_specs import SMALL as SMALL_OF_ALL

SMALL = {
    "channels": [8, 8, 16, 16],
    "stem_width": 8,
    "pyramid": [8, 8, 16],
    "queries": 3,
    "query_width": 16,
    "rounds": 1,
    "heads": 2,
    "palettes": 5,
}
SMALL_NUMBERS: dict[str, dict[str, Any]] = {**SMALL_OF_ALL, "photo": SMALL, "photo-lite": SMALL}
"""Numbers for a small network of each architecture."""


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def small_network(architecture: str = "photo") -> Colorizer:
    """The same weights at each call, none of them at a value that hides a mistake."""
    torch.manual_seed(0)
    network = build_network(architecture, SMALL_NUMBERS[architecture])
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.05)
    return network.eval()


@functools.cache
def small_parameters() -> int:
    return sum(value.numel() for value in small_network().parameters())


def card_table(content: bytes, **changes: Any) -> dict[str, Any]:
    """A card for a small `photo` network; a change to None leaves a key out."""
    table = {
        "id": "small",
        "purpose": "For tests.",
        "architecture": "photo",
        "licence": "Apache-2.0",
        "sha256": hashlib.sha256(content).hexdigest(),
        "parameters": small_parameters(),
        "inference_side": 64,
        "date": "2026-01-31",
        "commit": "abc1234",
        "network": SMALL,
        "training": {"photos": 12, "collections": ["one", "two"], "torch": "2.6"},
        "recipe": {"loss": {"huber": 10.0}},
    }
    return {key: value for key, value in {**table, **changes}.items() if value is not None}


class ModelMaker:
    """Writes models into a folder."""

    def __init__(self, folder: Path, content: bytes) -> None:
        self.folder = folder
        self.content = content

    def write(
        self, name: str = "small", content: bytes | None = None, folder: Path | None = None, **changes: Any
    ) -> Path:
        """Weights and a card, which fits them unless `changes` say otherwise; returns the weight file."""
        folder = folder or self.folder
        folder.mkdir(parents=True, exist_ok=True)
        content = self.content if content is None else content
        weights = folder / f"{name}.safetensors"
        weights.write_bytes(content)
        card = tomli_w.dumps(card_table(content, **{"id": name, **changes}))
        weights.with_suffix(".toml").write_text(card, encoding="utf-8")
        return weights

    def model(self, content: bytes | None = None, **changes: Any) -> InstalledModel:
        """A model whose card fits its content."""
        weights = self.write(content=content, **changes)
        return InstalledModel(card=read_card(weights.with_suffix(".toml")), weights=weights, bundled=False)


@pytest.fixture(scope="session")
def small_content() -> bytes:
    """A good weight file, as training exports it: float16."""
    state = small_network().state_dict()
    return save({name: value.half() if value.is_floating_point() else value for name, value in state.items()})


@pytest.fixture
def maker(tmp_path: Path, small_content: bytes) -> ModelMaker:
    return ModelMaker(tmp_path / "made", small_content)


@pytest.fixture
def folders(tmp_path: Path) -> ModelFolders:
    return ModelFolders(bundled=tmp_path / "bundled", own=tmp_path / "data" / "models")


@pytest.fixture
def network() -> Colorizer:
    return small_network()


@pytest.fixture
def make_network() -> Callable[..., Colorizer]:
    """`small_network`, for tests to call; importlib mode keeps them from importing this file."""
    return small_network


@pytest.fixture
def make_card_table() -> Callable[..., dict[str, Any]]:
    return card_table
