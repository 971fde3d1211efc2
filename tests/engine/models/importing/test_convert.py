"""From an authors' file to an installed model that colours photos as their code does."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.color.tensors import lab_to_srgb, srgb_to_lab
from engine.colorist import Colorist
from engine.errors import BadWeightsError, EngineError
from engine.models import store
from engine.models.conditioning import hint_tensors
from engine.models.contract import Prediction
from engine.models.importing import convert
from engine.models.importing.convert import import_checkpoint
from engine.models.importing.published import PUBLISHED
from engine.models.registry import ARCHITECTURES
from engine.models.store import ModelFolders, ModelStoreError
from engine.models.weights import load_network
from tests.engine.models.importing import layouts
from tests.engine.models.importing.test_ddcolor import Published as DDColor
from tests.training.making import rule_photo

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*spectral_norm.*:FutureWarning"),
    pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning"),
]
DDCOLOR = {
    "encoder": "convnext_tiny.fb_in22k",
    "depths": [1, 2, 1, 1],
    "widths": [8, 12, 16, 24],
    "pixel_width": 16,
    "levels": [16, 8, 4, 16, 8, 4],
    "queries": 5,
    "query_width": 16,
    "heads": 4,
    "feed_forward": 24,
}
SMALL = {
    "eccv16": {"width": 4, "bins": 12},
    "siggraph17": {"width": 4},
    "deoldify": layouts.SMALL_ARTISTIC,
    "deoldify-stable": layouts.SMALL_STABLE,
    "ddcolor": DDCOLOR,
    "ddcolor-t": DDCOLOR,
}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The published networks with small numbers, in float32, on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    few = {name: dataclasses.replace(entry, network=SMALL[name]) for name, entry in PUBLISHED.items()}
    monkeypatch.setattr(convert, "PUBLISHED", few)
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.float32)
    yield
    torch.set_num_threads(threads)


def grey(lightness: Tensor) -> Tensor:
    return lab_to_srgb(torch.cat([lightness, lightness * 0, lightness * 0], dim=1))


def normalised(lightness: Tensor) -> Tensor:
    return (grey(lightness) - layouts.IMAGENET_MEAN) / layouts.IMAGENET_STD


def said_by_deoldify(layout: nn.Module, lightness: Tensor) -> Tensor:
    srgb = layout(normalised(lightness)) * layouts.IMAGENET_STD + layouts.IMAGENET_MEAN
    return srgb_to_lab(srgb.clamp(0, 1))[:, 1:]


Says = Callable[[nn.Module, Tensor], Tensor]
CASES: dict[str, tuple[Callable[[], nn.Module], Callable[[Tensor], Tensor], Says]] = {
    "eccv16": (lambda: layouts.Eccv16(4, 12), lambda x: x, lambda layout, x: layout(x)),
    "siggraph17": (lambda: layouts.Siggraph17(4), lambda x: x, lambda layout, x: layout(x)[0]),
    "deoldify": (layouts.small_artistic, normalised, said_by_deoldify),
    "deoldify-stable": (layouts.small_stable, normalised, said_by_deoldify),
    "ddcolor": (DDColor, grey, lambda layout, x: layout(grey(x))),
}
"""How a layout is built, what it is fed with, and its ab for a lightness."""


def written(name: str, folder: Path, wrap: str = "") -> tuple[Path, nn.Module]:
    """An authors' file, and the network that it is of."""
    torch.manual_seed(0)
    build, fed, _ = CASES[name]
    layout = layouts.lived_in(build(), fed(torch.rand(2, 1, 64, 64) * 100))
    file = folder / f"{name}.pth"
    torch.save({wrap: layout.state_dict()} if wrap else layout.state_dict(), file)
    return file, layout


@pytest.mark.parametrize("name", list(CASES))
def test_the_imported_file_colours_a_photo_as_its_authors_do(name: str, tmp_path: Path) -> None:
    file, layout = written(name, tmp_path, wrap="model" if name.startswith("deoldify") else "")
    model = import_checkpoint(file, name)
    colorist = Colorist(name, "cpu", side=64)
    prepared = colorist.prepare(rule_photo(3, 96, 128))
    ab = torch.as_tensor(colorist.colors([prepared])[0].ab).permute(2, 0, 1)[None]
    lightness = torch.as_tensor(prepared.lightness)[None, None]
    with torch.inference_mode():
        theirs = CASES[name][2](layout, lightness)
    if ab.shape != theirs.shape:  # the authors enlarge it themselves
        ab = F.interpolate(ab, size=theirs.shape[2:], mode="bilinear")
    assert theirs.std() > 0.1
    limit = 1e-4 if model.card.more["origin"]["precision"] == "float32" else 2e-3
    assert (ab - theirs.clamp(-110, 110)).abs().max() / 110 <= limit


def test_a_hint_changes_the_colour_there(tmp_path: Path) -> None:
    file, _ = written("siggraph17", tmp_path)
    network = load_network(import_checkpoint(file, "siggraph17"))
    features = network.encode(torch.full((1, 1, 64, 64), 50.0))
    spot = torch.tensor([[[0.25, 0.25, 70.0, 50.0, 4.0, 0.0]]])
    hints = hint_tensors(spot, torch.ones(1, 1, dtype=torch.bool), (64, 64))
    change = (network.decode(features, hints).ab - network.decode(features).ab).abs().sum(dim=1)[0]
    assert network.takes_hints
    assert change[16, 16] > 1
    assert change[16, 16] > 5 * change[56, 56]


def test_the_card(tmp_path: Path) -> None:
    file, layout = written("eccv16", tmp_path)
    model = import_checkpoint(file, "eccv16", name="zhang")
    card = model.card
    assert (card.id, card.architecture, card.licence, card.inference_side) == ("zhang", "eccv16", "BSD-2-Clause", 256)
    assert "Zhang" in card.purpose
    assert card.parameters == sum(value.numel() for value in layout.parameters())
    assert card.network == SMALL["eccv16"]
    assert card.collections == ("ImageNet",)
    origin = card.more["origin"]
    assert origin["file"] == "eccv16.pth"
    assert origin["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert origin["home"] == "https://github.com/richzhang/colorization"
    assert store.find_model("zhang") == model


@pytest.mark.parametrize("name", list(PUBLISHED))
def test_every_published_network_has_an_architecture_and_an_open_licence(name: str) -> None:
    entry = PUBLISHED[name]
    assert entry.architecture in ARCHITECTURES
    assert entry.licence in {"Apache-2.0", "BSD-2-Clause", "MIT"}
    assert entry.purpose.endswith(".")


def test_half_precision_is_kept_only_where_nobody_sees_it(tmp_path: Path) -> None:
    file, layout = written("eccv16", tmp_path)
    half = import_checkpoint(file, "eccv16")
    assert half.card.more["origin"]["precision"] == "float16"
    state = layout.state_dict()
    # Float16 cannot tell the first apart, and cannot hold the second.
    for name, bias in (("apart", 3000.0 + 0.9 * torch.arange(12) / 12), ("overflowing", 1e6 + torch.rand(12))):
        torch.save({**state, "model8.6.bias": bias, "model_out.weight": torch.randn(2, 12, 1, 1) * 0.5}, file)
        full = import_checkpoint(file, "eccv16", name=name)
        assert full.card.more["origin"]["precision"] == "float32"
        assert full.weights.stat().st_size > 1.9 * half.weights.stat().st_size


def test_an_old_file_without_the_counters(tmp_path: Path) -> None:
    file, layout = written("eccv16", tmp_path)
    state = layout.state_dict()
    torch.save({key: value for key, value in state.items() if not key.endswith("num_batches_tracked")}, file)
    assert len(store.verify_model(import_checkpoint(file, "eccv16").id)) == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model_out.weight": None}, 'lacks "centres.weight"'),
        ({"model9.0.weight": torch.zeros(1)}, '"model9.0.weight" has no place there'),
        ({"model1.0.weight": torch.zeros(4, 3, 3, 3)}, '"trunk.0.0.weight" is 4×3×3×3, not 4×1×3×3'),
        ({"model1.0.bias": torch.zeros(4, dtype=torch.int64)}, "of another type"),
        ({"model1.0.bias": torch.full((4,), torch.nan)}, '"trunk.0.0.bias" holds a value that is not finite'),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, change: dict[str, Tensor | None], said: str) -> None:
    file, layout = written("eccv16", tmp_path)
    state = {**layout.state_dict(), **change}
    torch.save({key: value for key, value in state.items() if value is not None}, file)
    with pytest.raises(BadWeightsError, match=r"eccv16\.pth") as refusal:
        import_checkpoint(file, "eccv16")
    assert said in str(refusal.value)
    assert store.list_models() == [model for model in store.list_models() if model.bundled]


def test_the_wrong_architecture_is_refused(tmp_path: Path) -> None:
    file, _ = written("siggraph17", tmp_path)
    for wrong in ("eccv16", "deoldify", "ddcolor"):
        with pytest.raises(BadWeightsError, match=r"siggraph17\.pth"):
            import_checkpoint(file, wrong)
    with pytest.raises(BadWeightsError, match="Known: ddcolor"):
        import_checkpoint(file, "photo")


def test_names_and_replacing(tmp_path: Path) -> None:
    folders = ModelFolders(tmp_path / "bundled", tmp_path / "own")
    file, _ = written("eccv16", tmp_path)
    with pytest.raises(EngineError, match="cannot be called"):
        import_checkpoint(file, "eccv16", folders, name="../x")
    first = import_checkpoint(file, "eccv16", folders)
    with pytest.raises(ModelStoreError, match="already installed"):
        import_checkpoint(file, "eccv16", folders)
    assert import_checkpoint(file, "eccv16", folders, replace=True).card.sha256 == first.card.sha256
    assert sorted(found.name for found in folders.own.iterdir()) == ["eccv16.safetensors", "eccv16.toml"]


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    file, _ = written("eccv16", tmp_path)
    (tmp_path / "own").write_text("a file in the place of the folder")
    with pytest.raises(ModelStoreError, match="could not be written"):
        import_checkpoint(file, "eccv16", ModelFolders(tmp_path / "bundled", tmp_path / "own"))


def test_the_trial_shows_every_lightness_and_edges() -> None:
    seen: list[np.ndarray] = []

    class Watcher(nn.Module):
        multiple = 32

        def forward(self, lightness: Tensor) -> Prediction:
            seen.append(lightness.numpy())
            return Prediction(lightness)

    convert._trial(Watcher())
    assert seen[0].shape == (1, 1, 128, 128)
    assert len(np.unique(seen[0].round())) == 101
