"""A device that fails while it works: no photo is lost, the CPU goes on, and this is said once.

The device here is torch's "meta", from which nothing can be read back either: what lies on it is lost by nature.
"""

import numpy as np
import pytest
import torch

from engine.colorist import Colorist
from engine.errors import DeviceError
from engine.models.contract import Colorizer, Prediction
from engine.models.registry import build_network
from tests.painting import make_photo, of, run
from tests.training.making import TINY, install, rule_photo, tiny_network

LOST = "CUDA error: unspecified launch failure"
SPOTS = np.array([[0.5, 0.5, 30, 20, 3, 0]], np.float32)


class Fragile(Colorizer):
    """A network on a device that fails where it is told to; on the CPU it works.

    Args:
        fails_at: The calls that fail on the device: encode, decode, palette_logits, correlation or descriptors.
        fails_on: Whether the CPU fails as well.
    """

    def __init__(self, inner, *fails_at, cpu_too=False):
        super().__init__()
        self.inner = inner
        for name in ("multiple", "output_stride", "palette_count", "takes_hints", "spreads_hints"):
            setattr(self, name, getattr(inner, name))
        self.fails_at = fails_at
        self.cpu_too = cpu_too
        self.encoded = []

    def _on_device(self, name, part):
        elsewhere = part.device.type != "cpu"
        if name in self.fails_at and (elsewhere or self.cpu_too):
            raise torch.AcceleratorError(LOST)
        return elsewhere

    def encode(self, lightness):
        self.encoded.append(lightness.device.type)
        if self._on_device("encode", lightness):
            return (torch.empty(1, 8, 8, 8, device="meta"),)
        return self.inner.encode(lightness)

    def decode(self, features, hints=None, palette=None):
        if self._on_device("decode", features[0]):
            return Prediction(torch.empty(1, 2, 8, 8, device="meta"))
        return self.inner.decode(features, hints, palette)

    def palette_logits(self, features):
        self._on_device("palette_logits", features[0])
        return self.inner.palette_logits(features)

    def correlation(self, features, lightness):
        self._on_device("correlation", features[0])
        return self.inner.correlation(features, lightness)

    def descriptors(self, features, lightness):
        self._on_device("descriptors", features[0])
        return self.inner.descriptors(features, lightness)

    def spread_hints(self, features, *rest):
        self._on_device("spread_hints", features[0])
        return self.inner.spread_hints(features, *rest)


@pytest.fixture(autouse=True)
def plain_precision(monkeypatch):
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.float32)


@pytest.fixture
def on_device(monkeypatch):
    """Makes a colorist whose network lies on the device, and after its loss, as from the file, on the CPU."""
    install()

    def make(network, device="meta"):
        monkeypatch.setattr("engine.models.runtime.choose_device", lambda name: torch.device(device))
        monkeypatch.setattr("engine.models.weights.load_network", lambda model, device: network)
        return Colorist("tiny")

    return make


def photos(colorist, count=1):
    return [colorist.prepare(rule_photo(n, 60, 80)[..., 1].copy()) for n in range(count)]


def assert_told_once(colorist):
    assert colorist.device_name == "cpu"
    assert len(colorist.notes) == 1
    assert "META device has failed" in colorist.notes[0]
    assert "CPU" in colorist.notes[0]


def test_a_batch_goes_on_with_the_cpu(on_device):
    network = Fragile(tiny_network(), "encode")
    colorist = on_device(network)
    prepared = photos(colorist, 9)
    found = colorist.colors(prepared) + colorist.colors(prepared[:1])
    assert_told_once(colorist)
    assert network.encoded == ["meta", *["cpu"] * 3]  # all eight of the batch again at once, and never the device
    expected = on_device(tiny_network(), "cpu").colors(prepared)
    for one, other in zip(found, [*expected, expected[0]], strict=True):
        np.testing.assert_allclose(one.ab, other.ab, atol=0.01)


@pytest.mark.parametrize("spots", [None, SPOTS], ids=["alone", "hints"])
@pytest.mark.parametrize("kriging", [None, 2], ids=["propagation", "likeness"])
def test_what_was_encoded_before_the_loss_is_made_again(on_device, spots, kriging):
    inner = build_network("photo", {**TINY, **({} if kriging is None else {"kriging": kriging})}).eval()
    network = Fragile(inner, "decode")
    colorist = on_device(network)
    (prepared,) = photos(colorist)
    features = colorist.encode(prepared)
    other = on_device(network).encode(prepared)  # of another time: not the latest of this one
    found = [colorist.decode(each, prepared, None, spots) for each in (features, features, other)]
    assert_told_once(colorist)
    assert network.encoded == ["meta", "meta", "cpu", "cpu"]  # once each
    calm = on_device(inner, "cpu")
    expected = calm.decode(calm.encode(prepared), prepared, None, spots)
    for colors in found:
        np.testing.assert_allclose(colors.ab, expected.ab, atol=0.01)


@pytest.mark.parametrize("act", ["palettes", "distribution", "where_to_hint", "carry_colors"])
def test_everything_else_survives_too(on_device, act):
    inner = build_network("photo", {**TINY, "kriging": 2}).eval()
    names = ("palette_logits", "decode", "correlation", "descriptors")

    def answer(colorist):
        (prepared,) = photos(colorist)
        features = colorist.encode(prepared)
        rest = {
            "palettes": (),
            "distribution": (),
            "where_to_hint": (prepared,),
            "carry_colors": (prepared, rule_photo(1, 60, 80), 3),
        }[act]
        return getattr(colorist, act)(features, *rest)

    colorist = on_device(Fragile(inner, *names))
    found = answer(colorist)
    assert_told_once(colorist)
    expected = answer(on_device(inner, "cpu"))
    if act == "distribution":
        np.testing.assert_allclose(found.log_probability, expected.log_probability, atol=1e-4)
    else:
        np.testing.assert_array_equal(found, expected)


def test_a_photo_that_is_not_known_any_more_is_said_so(on_device):
    network = Fragile(tiny_network(), "decode")
    colorist = on_device(network)
    first, second = photos(colorist, 2)
    features = colorist.encode(first)
    colorist.decode(colorist.encode(second), second)
    with pytest.raises(DeviceError, match="failed"):
        colorist.palettes(features)


def test_a_device_that_fails_while_memory_is_short(on_device, monkeypatch):
    network = Fragile(tiny_network())
    colorist = on_device(network)

    def short(lightness):
        if lightness.device.type != "cpu":
            raise torch.OutOfMemoryError("out of memory")
        return network.inner.encode(lightness)

    def moved(device=None, **_):
        if device is not None:
            raise torch.AcceleratorError(LOST)
        return network

    monkeypatch.setattr(network, "encode", short)
    monkeypatch.setattr(network, "to", moved)
    assert colorist.colors(photos(colorist))[0].ab.any()
    assert_told_once(colorist)


def test_a_device_that_cannot_even_load_the_model(monkeypatch):
    install()
    from engine.models import weights

    load = weights.load_network

    def dead(model, device):
        if torch.device(device).type != "cpu":
            raise torch.AcceleratorError("CUDA error: no kernel image is available for execution on the device")
        return load(model, device)

    monkeypatch.setattr("engine.models.runtime.choose_device", lambda name: torch.device("meta"))
    monkeypatch.setattr("engine.models.weights.load_network", dead)
    colorist = Colorist("tiny")
    assert_told_once(colorist)
    assert colorist.colors(photos(colorist))[0].ab.any()


def test_the_same_from_the_cpu_is_a_fault(on_device):
    colorist = on_device(Fragile(tiny_network(), "encode", cpu_too=True))
    with pytest.raises(torch.AcceleratorError):
        colorist.colors(photos(colorist))
    assert_told_once(colorist)


def test_a_batch_loses_no_photo(on_device, tmp_path):
    for number in range(5):
        make_photo(tmp_path / "in" / f"{number}.png", seed=number)
    colorist = on_device(Fragile(tiny_network(), "encode"))
    summary, events = run(tmp_path / "in", painter=colorist)
    assert (summary.done, summary.failed) == (5, 0)
    assert [note.text for note in of(events, "note")] == list(colorist.notes)
    assert_told_once(colorist)
