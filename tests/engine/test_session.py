"""Colorists and sessions: sizes, batches, variants, and what happens when memory or precision is not enough."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from engine.color.lab import srgb_to_lab
from engine.color.swatches import ab_of, lightness_of_color
from engine.colorist import MAX_ASPECT, Colorist, Prepared, network_size, propagated
from engine.errors import BadPredictionError, DeviceError, NoPhotoError, OutOfMemoryError, UnknownModelError
from engine.hints import Hint, HintPoint, HintSet
from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.registry import build_network
from engine.models.store import model_at
from engine.render import Look
from engine.session import Session
from tests.training.making import TINY, install, rule_photo, tiny_network


class Stub(Colorizer):
    """The tiny network, which counts its calls and can be made to fail."""

    def __init__(self, fail: Callable[[Tensor], None] = lambda lightness: None) -> None:
        super().__init__()
        self.inner = tiny_network()
        self.palette_count = self.inner.palette_count
        self.fail = fail
        self.encoded: list[int] = []
        self.decoded = 0

    def encode(self, lightness: Tensor) -> Features:
        self.encoded.append(len(lightness))
        self.fail(lightness)
        return self.inner.encode(lightness)

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        self.decoded += 1
        return self.inner.decode(features, hints, palette)

    def palette_logits(self, features: Features) -> Tensor | None:
        return self.inner.palette_logits(features)


@pytest.fixture(autouse=True)
def plain_precision(monkeypatch):
    """float32 whatever this machine is quick at, on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.float32)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def colorist() -> Colorist:
    install()
    return Colorist("tiny", "cpu")


@pytest.fixture
def with_stub(monkeypatch):
    """Makes a colorist of a stub, on a device that may be a fake one."""
    install()

    def make(stub: Colorizer, device: str = "cpu") -> Colorist:
        monkeypatch.setattr("engine.models.runtime.choose_device", lambda name: torch.device(device))
        monkeypatch.setattr("engine.models.weights.load_network", lambda model, device: stub)
        return Colorist("tiny")

    return make


def greys(count: int, height: int = 60, width: int = 80) -> list[np.ndarray]:
    return [rule_photo(n, height, width)[..., 1].copy() for n in range(count)]


def out_of_memory_beyond(most: int) -> Callable[[Tensor], None]:
    def fail(lightness: Tensor) -> None:
        if len(lightness) > most:
            raise torch.OutOfMemoryError("CUDA out of memory.")

    return fail


@pytest.mark.parametrize("size", [(1, 1), (3, 4000), (600, 800), (800, 600), (65535, 1)], ids=str)
def test_the_networks_size(size):
    height, width = size
    rows, columns = network_size(height, width, 192, 16)
    assert rows % 16 == columns % 16 == 0
    assert 0.75 * 192**2 < rows * columns < 1.25 * 192**2
    wanted = min(max(width / height, 1 / MAX_ASPECT), MAX_ASPECT)
    assert columns / rows == pytest.approx(wanted, rel=0.2)


def test_the_networks_size_does_not_depend_on_the_scans(colorist):
    photo = cv2.resize(rule_photo(1, 120, 160), (640, 480), interpolation=cv2.INTER_CUBIC)
    sizes = {colorist.prepare(cv2.resize(photo, (640 // k, 480 // k))).lightness.shape for k in (1, 2, 4, 8)}
    assert len(sizes) == 1


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (1, 65535), (300, 40), (37, 41, 3)], ids=str)
def test_prepared_lightness(colorist, dtype, shape):
    maximum = np.iinfo(dtype).max
    level = np.random.default_rng(0).integers(0, maximum, shape, dtype)
    prepared = colorist.prepare(level)
    assert prepared.lightness.dtype == np.float32
    assert prepared.lightness.min() >= 0
    assert prepared.lightness.max() <= 100.001
    flat = colorist.prepare(np.full(shape, maximum, dtype))
    assert flat.lightness == pytest.approx(100.0, abs=0.01)


def test_the_colours_of_a_photo_do_not_depend_on_its_size(colorist):
    photo = cv2.resize(rule_photo(1, 90, 120), (320, 240), interpolation=cv2.INTER_CUBIC)
    own = colorist.colors([colorist.prepare(photo)])[0].ab
    assert np.ptp(own) > 5  # the colours are not the same everywhere, so comparing them says something
    for scale in (0.5, 2, 4):
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        scaled = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=how)
        other = colorist.colors([colorist.prepare(scaled)])[0].ab
        assert other.shape == own.shape
        assert np.linalg.norm(own - other, axis=-1).mean() < 0.5


def test_a_batch_colours_like_one_photo_at_a_time(colorist):
    pictures = [*greys(3), *greys(2, 80, 60), *greys(11, 60, 80)]
    prepared = [colorist.prepare(picture) for picture in pictures]
    together = colorist.colors(prepared)
    assert len(together) == len(prepared)
    for photo, colors in zip(prepared, together, strict=True):
        alone = colorist.colors([photo])[0]
        assert colors.guide is photo.lightness
        np.testing.assert_allclose(colors.ab, alone.ab, atol=0.01)
    assert colorist.colors([]) == []


def test_encode_and_decode_are_colors(colorist):
    prepared = colorist.prepare(greys(1)[0])
    ab = colorist.decode(colorist.encode(prepared), prepared).ab
    np.testing.assert_array_equal(ab, colorist.colors([prepared])[0].ab)


def test_distribution(colorist, with_stub):
    features = colorist.encode(colorist.prepare(greys(1)[0]))
    found = colorist.distribution(features)
    assert found is not None
    np.testing.assert_allclose(np.exp(found.log_probability).sum(axis=0), 1, atol=1e-4)
    assert found.bins.shape == (len(found.log_probability), 2)

    class Undecided(Stub):
        def decode(self, features, hints=None, palette=None):
            return Prediction(super().decode(features, hints, palette).ab)

    assert with_stub(Undecided()).distribution(features) is None


def test_who_it_is(colorist):
    assert (colorist.device_name, colorist.side, colorist.notes) == ("cpu", 64, ())
    assert colorist.card.id == "tiny"
    assert colorist.precision == torch.float32
    assert Colorist("tiny", "cpu", side=96).prepare(greys(1)[0]).lightness.size > 64 * 80


def test_what_does_not_exist_is_named():
    install()
    with pytest.raises(UnknownModelError, match="tiny"):
        Colorist("tinny")
    with pytest.raises(DeviceError, match="gpu"):
        Colorist("tiny", "gpu")


def test_little_memory_halves_the_batch_and_says_it_once(with_stub, colorist):
    stub = Stub(out_of_memory_beyond(2))
    stingy = with_stub(stub)
    prepared = [colorist.prepare(picture) for picture in greys(9)]
    found = stingy.colors(prepared)
    assert stub.encoded[:3] == [8, 4, 2]
    assert stub.encoded[3:] == [2, 2, 2, 1]  # it stays small
    assert len(stingy.notes) == 1
    assert "memory" in stingy.notes[0]
    assert stingy.device_name == "cpu"
    reference = with_stub(Stub()).colors(prepared)
    for one, other in zip(found, reference, strict=True):
        np.testing.assert_allclose(one.ab, other.ab, atol=0.01)


def no_memory_on_the_device(lightness: Tensor) -> None:
    if lightness.device.type != "cpu":
        raise torch.OutOfMemoryError("out of memory")


def test_no_memory_on_the_device_goes_on_with_the_cpu(with_stub, colorist):
    stub = Stub(no_memory_on_the_device)
    elsewhere = with_stub(stub, "meta")
    prepared = [colorist.prepare(picture) for picture in greys(3)]
    found = elsewhere.colors(prepared)
    assert elsewhere.device_name == "cpu"
    assert [note for note in elsewhere.notes if "META" in note and "CPU" in note]
    assert len(elsewhere.notes) == len(set(elsewhere.notes)) == 2
    for one, other in zip(found, with_stub(Stub()).colors(prepared), strict=True):
        np.testing.assert_allclose(one.ab, other.ab, atol=0.01)


def test_a_session_survives_the_loss_of_its_device(with_stub):
    session = Session(with_stub(Stub(no_memory_on_the_device), "meta"))
    session.set_photo(greys(1)[0])
    assert session.colorize().ab.any()


def test_a_model_that_does_not_fit_onto_the_device_is_loaded_on_the_cpu(monkeypatch):
    install()
    from engine.models import weights

    load = weights.load_network

    def small_device(model, device):
        if device.type != "cpu":
            raise OutOfMemoryError("There is not enough memory.")
        return load(model, device)

    monkeypatch.setattr("engine.models.runtime.choose_device", lambda name: torch.device("meta"))
    monkeypatch.setattr("engine.models.weights.load_network", small_device)
    colorist = Colorist("tiny")
    assert colorist.device_name == "cpu"
    assert len(colorist.notes) == 1
    assert colorist.colors([colorist.prepare(greys(1)[0])])[0].ab.any()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory."),
        RuntimeError(
            "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 17179869184 bytes."
        ),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 17179869184 bytes."),
        RuntimeError("MPS backend out of memory"),
    ],
    ids=lambda error: str(error)[:30],
)
def test_when_nothing_is_left_there_is_advice(with_stub, colorist, error):
    def fail(lightness):
        raise error

    broke = with_stub(Stub(fail))
    prepared = colorist.prepare(greys(1)[0])
    for act in (lambda: broke.colors([prepared] * 3), lambda: broke.encode(prepared)):
        with pytest.raises(OutOfMemoryError) as told:
            act()
        assert told.value.advice
        assert told.value.__cause__ is error


def test_this_systems_own_words_for_no_memory(with_stub, colorist):
    def fail(lightness):
        torch.empty(1 << 60, dtype=torch.uint8)

    with pytest.raises(OutOfMemoryError):
        with_stub(Stub(fail)).colors([colorist.prepare(greys(1)[0])])


def test_other_errors_are_not_taken_for_memory(with_stub, colorist):
    def fail(lightness):
        raise RuntimeError("shapes do not match")

    broken = with_stub(Stub(fail))
    with pytest.raises(RuntimeError, match="shapes do not match"):
        broken.colors([colorist.prepare(greys(1)[0])])
    assert broken.notes == ()


class Spoilt(Stub):
    """Returns something unusable for one photo of a batch."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = value

    def decode(self, features, hints=None, palette=None):
        ab = super().decode(features, hints, palette).ab.clone()
        ab[-1] = self.value
        return Prediction(ab)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0.0])
def test_unusable_colours_are_refused(with_stub, colorist, value):
    spoilt = with_stub(Spoilt(value))
    prepared = [colorist.prepare(picture) for picture in greys(2)]
    with pytest.raises(BadPredictionError, match="tiny") as told:
        spoilt.colors(prepared)
    assert told.value.advice


class Coarse(Stub):
    """Works in float32 only."""

    def encode(self, lightness):
        features = super().encode(lightness)
        if torch.is_autocast_enabled(lightness.device.type):
            return tuple(feature.to(torch.bfloat16) * float("nan") for feature in features)
        return features


def test_float32_is_tried_before_a_result_is_refused(with_stub, monkeypatch):
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.bfloat16)
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: True)
    stub = Coarse()
    colorist = with_stub(stub)
    assert colorist.precision == torch.bfloat16
    session = Session(colorist)
    session.set_photo(greys(1)[0])
    first = session.colorize()
    assert np.isfinite(first.ab).all()
    assert colorist.precision == torch.float32
    assert len(colorist.notes) == 1
    assert "bfloat16" in colorist.notes[0]
    np.testing.assert_array_equal(session.colorize().ab, first.ab)
    runs = len(stub.encoded)
    session.colorize()
    assert len(stub.encoded) == runs  # what was encoded too coarsely is not kept


class Overtaken(Stub):
    """Works in float32 only, which another thread finds out while this one is at work.

    Attributes:
        rival: The colorist, once the other thread is to begin.
    """

    rival = None

    def encode(self, lightness):
        return tuple(feature.float() for feature in super().encode(lightness))  # nothing tells how they were made

    def decode(self, features, hints=None, palette=None):
        ab = super().decode(features, hints, palette).ab.float()
        if not torch.is_autocast_enabled("cpu"):
            return Prediction(ab)
        if self.rival is not None:
            rival, self.rival = self.rival, None
            prepared = rival.prepare(greys(1)[0])
            with ThreadPoolExecutor(1) as pool:
                assert np.isfinite(pool.submit(rival.colors, [prepared]).result()[0].ab).all()
            assert rival.precision == torch.float32
        return Prediction(ab * float("nan"))


def test_a_precision_that_another_thread_found_wanting_costs_no_photo(with_stub, monkeypatch):
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.bfloat16)
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: True)
    stub = Overtaken()
    colorist = with_stub(stub)
    prepared = [colorist.prepare(picture) for picture in greys(2)]
    stub.rival = colorist
    assert all(np.isfinite(colors.ab).all() for colors in colorist.colors(prepared))
    assert len(colorist.notes) == 1


def test_everything_works_in_bfloat16(colorist, monkeypatch):
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.bfloat16)
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: True)
    rough = Colorist("tiny", "cpu")
    prepared = colorist.prepare(greys(1)[0])
    features = rough.encode(prepared)
    assert any(feature.dtype == torch.bfloat16 for feature in features)
    assert sorted(rough.palettes(features)) == [0, 1, 2, 3]
    assert rough.distribution(features) is not None
    fine = colorist.colors([prepared])[0].ab
    assert np.linalg.norm(rough.decode(features, prepared).ab - fine, axis=-1).mean() < 3
    assert rough.notes == ()


def test_features_from_a_coarser_time_are_made_again(with_stub, colorist, monkeypatch):
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.bfloat16)
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: True)
    coarse = with_stub(Coarse())
    prepared = colorist.prepare(greys(1)[0])
    features = coarse.encode(prepared)
    for _ in range(2):
        assert np.isfinite(coarse.decode(features, prepared).ab).all()


def test_a_session_needs_a_photo(colorist):
    session = Session(colorist)
    for ask in (session.palettes, session.colorize):
        with pytest.raises(NoPhotoError) as told:
            ask()
        assert "set_photo" in told.value.advice


def test_a_session_encodes_once(with_stub):
    stub = Stub()
    session = Session(with_stub(stub))
    photo = rule_photo(3, 70, 90)
    session.set_photo(photo)
    assert stub.encoded == [1]
    colors = [session.colorize(palette) for palette in (None, 0, 1, None)]
    pictures = [session.render(colors[0], look) for look in (None, Look(saturation=2.0), Look(temperature=9.0))]
    assert stub.encoded == [1]
    assert stub.decoded == 4
    np.testing.assert_array_equal(colors[0].ab, colors[3].ab)
    assert all(picture.shape == photo.shape and picture.dtype == photo.dtype for picture in pictures)
    assert not np.array_equal(pictures[0], pictures[1])
    session.set_photo(photo)
    session.colorize()
    assert stub.encoded == [1, 1]


def test_variants_differ(colorist):
    session = Session(colorist)
    session.set_photo(greys(1)[0])
    palettes = session.palettes()
    assert sorted(palettes) == [0, 1, 2, 3]
    maps = [session.colorize(palette).ab for palette in palettes]
    differences = [np.abs(one - other).max() for n, one in enumerate(maps) for other in maps[:n]]
    assert min(differences) > 0.5


def test_the_most_likely_variant_comes_first(colorist):
    prepared = colorist.prepare(greys(1)[0])
    features = colorist.encode(prepared)
    with torch.inference_mode():
        logits = tiny_network().palette_logits(features)
    assert logits is not None
    assert colorist.palettes(features)[0] == int(logits[0].argmax())


def test_another_model_keeps_the_photo(with_stub):
    first, second = Stub(), Stub()
    session = Session(with_stub(first))
    session.set_photo(greys(1)[0])
    before = session.colorize()
    session.set_colorist(with_stub(second))
    assert second.encoded == []  # not before it is asked
    np.testing.assert_array_equal(session.colorize().ab, before.ab)
    session.colorize()
    assert (first.encoded, second.encoded) == ([1], [1])


def test_a_model_can_be_changed_before_there_is_a_photo(colorist):
    session = Session(colorist)
    session.set_colorist(colorist)
    with pytest.raises(NoPhotoError):
        session.colorize()


def test_prepared_is_all_that_colours_need(colorist):
    lightness = colorist.prepare(greys(1)[0]).lightness
    assert colorist.colors([Prepared(lightness)])[0].guide is lightness


def hint(x: float, y: float, color: tuple[float, float], radius: float = 3.0, kind: float = 0.0) -> np.ndarray:
    return np.array([[x, y, *color, radius, kind]], np.float32)


def at(colors, x: float, y: float) -> np.ndarray:
    rows, columns = colors.ab.shape[:2]
    return colors.ab[int(y * rows), int(x * columns)]


def test_a_hint_is_honoured(colorist):
    prepared = colorist.prepare(greys(1)[0])
    features = colorist.encode(prepared)
    plain = colorist.decode(features, prepared)
    hinted = colorist.decode(features, prepared, spots=hint(0.4, 0.6, (45, -35)))
    assert np.linalg.norm(at(plain, 0.4, 0.6) - [45, -35]) > 10
    assert np.linalg.norm(at(hinted, 0.4, 0.6) - [45, -35]) < 5
    assert hinted.guide is prepared.lightness
    none = colorist.decode(features, prepared, spots=np.zeros((0, 6), np.float32))
    np.testing.assert_array_equal(none.ab, plain.ab)


def test_the_network_sees_hints_only_if_it_takes_them(with_stub):
    class Listener(Stub):
        def __init__(self):
            super().__init__()
            self.heard = []

        def decode(self, features, hints=None, palette=None):
            self.heard.append(hints)
            return super().decode(features, hints, palette)

    for takes in (True, False):
        stub = Listener()
        stub.takes_hints = takes
        colorist = with_stub(stub)
        assert colorist.takes_hints is takes
        prepared = colorist.prepare(greys(1)[0])
        features = colorist.encode(prepared)
        found = colorist.decode(features, prepared, 1, hint(0.5, 0.5, (45, -35)))
        assert np.linalg.norm(at(found, 0.5, 0.5) - [45, -35]) < 5
        heard = stub.heard[-1]
        assert (heard is not None) is takes
        if takes:
            assert heard.planes.shape[2:] == prepared.lightness.shape
            assert heard.tokens.shape == (1, 1, 5)


def test_a_hint_that_is_none(colorist):
    prepared = colorist.prepare(greys(1)[0])
    features = colorist.encode(prepared)
    for wrong in (hint(0.5, 0.5, (np.nan, 0)), np.zeros((2, 5), np.float32)):
        with pytest.raises(ValueError, match=r"finite|shape|dimension"):
            propagated(colorist.decode(features, prepared), wrong)


def test_a_model_that_is_not_installed(tmp_path):
    file = install("elsewhere")
    for path in (file, file.with_suffix(".toml")):
        path.rename(tmp_path / path.name)
    model = model_at(tmp_path / file.name)
    assert Colorist(model, "cpu").card.id == "elsewhere"
    with pytest.raises(UnknownModelError):
        Colorist("elsewhere", "cpu")


def painted(x, y, color, radius=3.0):
    return Hint((HintPoint(x, y),), radius, color)


@pytest.fixture(params=[0, 2], ids=["propagation", "kriging"])
def session(request, colorist, with_stub):
    """A session on a photo of 80×60, of a network that spreads hints itself or does not."""
    if request.param:
        network = build_network("photo", {**TINY, "kriging": request.param}).eval()
        colorist = with_stub(network)
    made = Session(colorist)
    made.set_photo(greys(1)[0])
    return made


def test_hints_are_honoured_and_known_as_asked(session):
    plain = session.colorize()
    assert plain.asked is None
    colored = session.colorize(hints=HintSet(80, 60).added(painted(40, 30, "#c03020")))
    rows, columns = colored.ab.shape[:2]
    there = colored.ab[rows // 2, columns // 2]
    assert there[0] > 35
    assert colored.asked[rows // 2, columns // 2] > 0.8
    np.testing.assert_array_equal(session.colorize(hints=HintSet(80, 60)).ab, plain.ab)


def test_no_colour_and_keep(session):
    grey = session.colorize(hints=HintSet(80, 60).added(painted(40, 30, "#808080")))
    rows, columns = grey.ab.shape[:2]
    before = session.colorize().ab[rows // 2, columns // 2]
    assert np.hypot(*grey.ab[rows // 2, columns // 2]) < 0.2 * np.hypot(*before) + 1
    kept = session.colorize(hints=HintSet(80, 60).added(painted(40, 30, None)))
    assert not kept.asked.any()


def test_keep_brings_the_colours_back_that_were_there_without_hints(session):
    plain = session.colorize()
    rows, columns = plain.ab.shape[:2]
    there = (rows // 4, columns // 4)
    strong = HintSet(80, 60).added(painted(60, 45, "#0000ff", 12.0))
    kept = strong.added(painted(20, 15, None, 10.0))

    def far(hints):
        return np.hypot(*(session.colorize(hints=hints).ab[there] - plain.ab[there]))

    assert far(kept) < 0.5 * far(strong) + 0.3


def test_suggestions_are_colours_at_the_lightness_of_the_place(session):
    found = session.suggestions(20, 30)
    assert 0 < len(found) <= 9
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    lightness = session.lightness_at(20, 30)
    assert all(abs(lightness_of_color(one.color) - lightness) < 2 for one in found)
    assert session.suggestions(-5, 900)  # beyond the photo: the nearest place of it


def test_where_a_hint_helps(session):
    worth = session.where_to_hint()
    assert worth.ndim == 2
    assert 0 <= worth.min() <= worth.max() <= 1
    places = session.best_places(worth, 3)
    assert 0 < len(places) <= 3
    assert all(0 <= x <= 80 and 0 <= y <= 60 for x, y in places)
    told = session.where_to_hint(HintSet(80, 60).added(painted(40, 30, "#c03020", 20.0)))
    rows, columns = worth.shape
    assert told[rows // 2, columns // 2] < worth[rows // 2, columns // 2]


def test_colours_carried_over_from_the_same_photo_come_close(session):
    reference = rule_photo(0, 60, 80)
    session.set_photo(reference)  # of which its lightness alone counts
    hints = session.reference_hints(reference)
    assert 0 < len(hints) <= 24
    assert (hints.width, hints.height) == (80, 60)
    truth = srgb_to_lab(reference / np.float32(255))[..., 1:]
    far, grey = [], []
    for one in hints:
        x, y, _ = one.points[0]
        wanted = truth[int(y), int(x)]
        far.append(np.hypot(*(np.array(ab_of(one.color)) - wanted)))
        grey.append(np.hypot(*wanted))
    assert np.mean(far) < 0.6 * np.mean(grey)


def test_lightness_of_a_place(session):
    pixels = np.zeros((60, 80), np.uint8)
    pixels[:, 40:] = 255
    session.set_photo(pixels)
    assert session.lightness_at(10, 30) == pytest.approx(0, abs=0.1)
    assert session.lightness_at(70, 30) == pytest.approx(100, abs=0.1)


def test_guidance_needs_a_photo(colorist):
    empty = Session(colorist)
    for ask in (lambda: empty.lightness_at(0, 0), lambda: empty.suggestions(0, 0), empty.where_to_hint):
        with pytest.raises(NoPhotoError):
            ask()


@pytest.mark.parametrize("wrong", [np.full((1, 6), np.nan, np.float32), np.zeros((1, 5), np.float32)])
@pytest.mark.parametrize("kernels", [{}, {"kriging": 2}], ids=["propagation", "kriging"])
def test_hints_that_are_none_are_refused_by_every_network(with_stub, kernels, wrong):
    colorist = with_stub(build_network("photo", {**TINY, **kernels}).eval())
    prepared = colorist.prepare(greys(1)[0])
    with pytest.raises(ValueError, match="finite"):
        colorist.decode(colorist.encode(prepared), prepared, None, wrong)


def test_no_memory_for_spreading_hints_is_told_in_words(with_stub, monkeypatch):
    network = build_network("photo", {**TINY, "kriging": 2}).eval()
    colorist = with_stub(network)
    prepared = colorist.prepare(greys(1)[0])
    features = colorist.encode(prepared)
    calls = []

    def fails(lightness, *rest):
        calls.append(lightness)
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(network, "spread_hints", fails)
    with pytest.raises(OutOfMemoryError):
        colorist.decode(features, prepared, None, np.array([[0.5, 0.5, 30, 20, 3, 0]], np.float32))
    assert len(calls) == 1
