"""Loading weights: the good file works, and every bad one is refused with a sentence that says what it is."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import pickle
import struct
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch
from safetensors.torch import load, save
from torch import nn

from engine.errors import BadWeightsError, EngineError
from engine.models import registry
from engine.models.header import MAX_HEADER_BYTES, MAX_TENSORS, read_header
from engine.models.photo import PhotoNet, PhotoSpec
from engine.models.registry import Architecture
from engine.models.weights import load_network, verify_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.models.contract import Colorizer
    from tests.engine.models.conftest import ModelMaker


def pack(header: object, body: bytes = b"") -> bytes:
    """A safetensors file of any header."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def unpack(content: bytes) -> tuple[dict[str, Any], bytes]:
    length = struct.unpack("<Q", content[:8])[0]
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def refused(maker: ModelMaker, content: bytes, said: str, **changes: Any) -> None:
    """The file is refused with these words, though its card states the hash of just this content."""
    with pytest.raises(BadWeightsError, match=said):
        load_network(maker.model(content, **changes))


def changed_state(content: bytes, change: Callable[[dict[str, torch.Tensor]], object]) -> bytes:
    state = load(content)
    change(state)
    return save(state)


# The good file


def test_a_good_file_gives_the_network(maker: ModelMaker, network: Colorizer) -> None:
    loaded = load_network(maker.model())
    lightness = torch.linspace(0, 100, 64).expand(1, 1, 64, 64)
    assert not loaded.training
    assert not any(value.requires_grad for value in loaded.parameters())
    assert all(value.dtype in (torch.float32, torch.int64) for value in loaded.state_dict().values())
    assert not any(value.is_meta for value in [*loaded.parameters(), *loaded.buffers()])
    half = network.half().float()
    with torch.inference_mode():
        torch.testing.assert_close(loaded(lightness).ab, half(lightness).ab)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_other_precisions_load_too(maker: ModelMaker, small_content: bytes, dtype: torch.dtype) -> None:
    content = save({name: v.to(dtype) if v.is_floating_point() else v for name, v in load(small_content).items()})
    assert load_network(maker.model(content)).state_dict()["ab_head.weight"].dtype == torch.float32


def test_metadata_are_no_tensors(maker: ModelMaker, small_content: bytes) -> None:
    content = save(load(small_content), {"format": "pt"})
    assert load_network(maker.model(content)).multiple == 16
    assert read_header(maker.model(content).weights).metadata == {"format": "pt"}


def test_verify_says_what_it_checked(maker: ModelMaker) -> None:
    checks = verify_weights(maker.model())
    assert len(checks) == 4
    assert all(check.endswith(".") for check in checks)


def test_buffers_that_no_file_holds_survive(maker: ModelMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Built on the meta device, such a buffer would hold nothing."""

    class WithConstant(PhotoNet):
        def __init__(self, spec: PhotoSpec, *, pretrained: bool = False) -> None:
            super().__init__(spec, pretrained=pretrained)
            self.register_buffer("constant", torch.arange(3.0), persistent=False)

    family = registry.ARCHITECTURES["photo"]
    made = Architecture(spec=family.spec, build=lambda spec, _: WithConstant(spec), summary="For a test.")
    monkeypatch.setattr(registry, "ARCHITECTURES", {"photo": made})
    assert load_network(maker.model()).get_buffer("constant").tolist() == [0.0, 1.0, 2.0]


# FAULTS 50: truncated, with a tail, a web page, a flipped bit, not finite


@pytest.mark.parametrize("kept", [0, 1, 7, 8, 9, 500, 0.5, -1])
def test_truncated(maker: ModelMaker, small_content: bytes, kept: float) -> None:
    count = int(kept * len(small_content)) if isinstance(kept, float) else kept
    refused(maker, small_content[:count], "download is incomplete")


def test_extra_tail(maker: ModelMaker, small_content: bytes) -> None:
    refused(maker, small_content + b"\0\0", "2 bytes follow after its end")


@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html><html>404</html>", b"\n\n  <html>", b"<?xml version='1.0'?><Error/>", b"<p>"]
)
def test_web_page(maker: ModelMaker, page: bytes) -> None:
    refused(maker, page, "a web page, not a weight file")


@pytest.mark.parametrize("content", [b"GIF89a" * 20, b"version https://git-lfs.github.com/spec/v1\noid", b"\0" * 64])
def test_other_files(maker: ModelMaker, content: bytes) -> None:
    refused(maker, content, "not a weight file|only points to a weight file")


@pytest.mark.parametrize("place", [-1, -1000])
def test_flipped_bit(maker: ModelMaker, small_content: bytes, place: int) -> None:
    model = maker.model()
    damaged = bytearray(small_content)
    damaged[place] ^= 1
    model.weights.write_bytes(damaged)
    with pytest.raises(BadWeightsError, match="SHA-256 is another"):
        load_network(model)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_value_that_is_not_finite(maker: ModelMaker, small_content: bytes, value: Any) -> None:
    def spoil(state: dict[str, torch.Tensor]) -> None:
        state["ab_head.bias"][1] = value

    refused(maker, changed_state(small_content, spoil), '"ab_head.bias" holds a value that is not finite')


def test_what_overflows_in_use(maker: ModelMaker, small_content: bytes) -> None:
    def spoil(state: dict[str, torch.Tensor]) -> None:
        state["ab_head.bias"] = torch.full((2,), 3e38, dtype=torch.float32)

    with pytest.raises(BadWeightsError, match="no colours that could be shown"):
        verify_weights(maker.model(changed_state(small_content, spoil)))


def test_the_previous_model_stays(maker: ModelMaker, small_content: bytes) -> None:
    held = load_network(maker.model())
    before = {name: value.clone() for name, value in held.state_dict().items()}
    with pytest.raises(BadWeightsError):
        held = load_network(maker.model(small_content[:-1]))
    assert all(torch.equal(before[name], value) for name, value in held.state_dict().items())


# FAULTS 51: pickles


HARMFUL = {"os.system", "subprocess.Popen", "exec", "pickle.find_class"}


@pytest.fixture(scope="module")
def watched() -> Iterator[list[str]]:
    """The names of the interpreter's audit events as they happen. A hook cannot be taken off, only be made deaf."""
    events: list[str] = []
    listening = True

    def hear(event: str, _: object) -> None:
        if listening:
            events.append(event)

    sys.addaudithook(hear)
    yield events
    listening = False


class Payload:
    """Unpickled, it writes a file."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return (os.system, (f"touch '{self.canary}'",))


def malicious(kind: str, canary: Path) -> bytes:
    if kind == "zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("archive/data.pkl", pickle.dumps(Payload(canary)))
        return buffer.getvalue()
    return pickle.dumps(Payload(canary), protocol=int(kind))


@pytest.mark.parametrize("name", ["x.pth", "x.pt", "x.ckpt", "x.pkl", "x.bin", "x.PTH", "x.safetensors"])
@pytest.mark.parametrize("kind", ["zip", "0", "2", "4", "5"])
def test_pickles_are_never_opened(tmp_path: Path, maker: ModelMaker, watched: list[str], name: str, kind: str) -> None:
    canary = tmp_path / "canary"
    content = malicious(kind, canary)
    model = maker.model()
    path = maker.folder / name
    path.write_bytes(content)
    named = "a pickle is never loaded|is not a weight file" if name == "x.safetensors" else "a pickle is never loaded"
    watched.clear()
    with pytest.raises(BadWeightsError, match=named):
        load_network(dataclasses.replace(model, weights=path))
    with pytest.raises(BadWeightsError, match=named):
        read_header(path)
    assert [event for event in watched if event in HARMFUL] == []
    assert not canary.exists()


def test_the_payload_would_have_worked(tmp_path: Path, watched: list[str]) -> None:
    canary = tmp_path / "canary"
    watched.clear()
    pickle.loads(malicious("4", canary))
    assert canary.exists()
    assert {"os.system", "pickle.find_class"} <= set(watched)


# FAULTS 52: keys that do not fit, and headers made to deceive


def test_wrong_architecture_names_the_first_difference(maker: ModelMaker) -> None:
    refused(
        maker,
        maker.content,
        'architecture "photo-lite" .* "queries" is 1×3×16, not 1×16×64',
        network={},
        architecture="photo-lite",
    )


def test_wrong_numbers_name_the_first_difference(
    maker: ModelMaker, make_card_table: Callable[..., dict[str, Any]]
) -> None:
    numbers = {**make_card_table(b"")["network"], "stem_width": 16}
    refused(
        maker,
        maker.content,
        '"encoder.conv1_0.weight"|"encoder.conv1.0.weight" is 8×1×3×3, not 16×1×3×3',
        network=numbers,
    )


def test_unknown_architecture(maker: ModelMaker) -> None:
    refused(maker, maker.content, 'no architecture "pix3pix"', architecture="pix3pix")


def test_unknown_number_of_the_network(maker: ModelMaker) -> None:
    refused(maker, maker.content, '"depth"', network={"depth": 3})


def test_missing_keys_name_the_first(maker: ModelMaker, small_content: bytes) -> None:
    def lose(state: dict[str, torch.Tensor]) -> None:
        del state["bin_head.bias"], state["ab_head.weight"]

    refused(maker, changed_state(small_content, lose), r'lacks "ab_head.weight"')


def test_extra_key(maker: ModelMaker, small_content: bytes) -> None:
    def add(state: dict[str, torch.Tensor]) -> None:
        state["zebra"] = torch.zeros(2)

    refused(maker, changed_state(small_content, add), '"zebra" has no place')


def test_wrong_shape(maker: ModelMaker, small_content: bytes) -> None:
    def turn(state: dict[str, torch.Tensor]) -> None:
        state["ab_head.weight"] = state["ab_head.weight"].transpose(0, 1).contiguous()

    refused(maker, changed_state(small_content, turn), '"ab_head.weight" is 11×2×1×1, not 2×11×1×1')


def test_two_names_of_one_tensor_have_one_value(maker: ModelMaker, small_content: bytes) -> None:
    def part(state: dict[str, torch.Tensor]) -> None:
        state["context.context_norm.weight"] = state["context.norm.weight"] + 1

    refused(
        maker, changed_state(small_content, part), '"context.context_norm.weight" and "context.norm.weight" are one'
    )


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("ab_head.bias", torch.int64),
        ("ab_head.bias", torch.uint8),
        ("encoder.bn1.num_batches_tracked", torch.float32),
        ("encoder.bn1.num_batches_tracked", torch.uint8),
    ],
)
def test_wrong_kind_of_number(maker: ModelMaker, small_content: bytes, name: str, dtype: torch.dtype) -> None:
    def turn(state: dict[str, torch.Tensor]) -> None:
        state[name] = state[name].to(dtype)

    refused(maker, changed_state(small_content, turn), f'"{name}" is of type')


@pytest.mark.parametrize("dtype", [torch.float64, torch.int8, torch.bool, torch.complex64])
def test_types_that_weights_never_have(maker: ModelMaker, small_content: bytes, dtype: torch.dtype) -> None:
    def turn(state: dict[str, torch.Tensor]) -> None:
        state["ab_head.bias"] = state["ab_head.bias"].to(dtype)

    refused(maker, changed_state(small_content, turn), '"ab_head.bias" is of type')


def test_duplicate_key(maker: ModelMaker, small_content: bytes) -> None:
    header, body = unpack(small_content)
    entry = json.dumps(header["ab_head.bias"])
    text = json.dumps(header)[:-1] + f', "ab_head.bias": {entry}}}'
    content = pack(text.encode(), body)
    assert load(content)  # the library takes it
    refused(maker, content, 'names "ab_head.bias" twice')


@pytest.mark.parametrize("length", [MAX_HEADER_BYTES + 1, 2**40, 2**63, 2**64 - 1])
def test_huge_header_is_not_read(maker: ModelMaker, length: int) -> None:
    refused(maker, struct.pack("<Q", length) + b'{"a":', "claims a header")


def test_many_tensors(maker: ModelMaker) -> None:
    def header(count: int) -> dict[str, Any]:
        return {f"t{n}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for n in range(count)}

    refused(maker, pack(header(100_000)), "claims a header")
    refused(maker, pack(header(MAX_TENSORS + 2)), f"{MAX_TENSORS + 2} tensors")


def entry(begin: int, end: int, dtype: object = "F32", shape: object = None) -> dict[str, Any]:
    return {"dtype": dtype, "shape": [(end - begin) // 4] if shape is None else shape, "data_offsets": [begin, end]}


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"a": entry(0, 8), "b": entry(4, 12)}, '"b" overlaps'),
        ({"a": entry(0, 4), "b": entry(8, 12)}, '"b" leaves a hole'),
        ({"a": entry(4, 12)}, '"a" leaves a hole'),
        ({"a": entry(0, 400)}, "download is incomplete"),
        ({"a": entry(0, 8)}, "4 bytes follow"),
        ({"a": entry(0, 12, shape=[2])}, "another size than its shape"),
        ({"a": entry(0, 12, shape=[-3])}, "no proper shape"),
        ({"a": entry(0, 12, shape=[3.0])}, "no proper shape"),
        ({"a": entry(0, 12, shape=[True, 3])}, "no proper shape"),
        ({"a": entry(0, 12, shape="3")}, "no proper shape"),
        ({"a": entry(0, 12, shape=[2**30] * 8)}, "another size"),
        ({"a": entry(0, 12, shape=[1] * 9 + [3])}, "no proper shape"),
        ({"a": entry(12, 0, shape=[0])}, "another size"),
        ({"a": {**entry(0, 12), "data_offsets": [0, 4, 12]}}, "no proper shape"),
        ({"a": {**entry(0, 12), "data_offsets": [0, 10**400]}}, "no proper shape"),
        ({"a": entry(0, 12, dtype="F128")}, '"a" is of type "F128"'),
        ({"a": entry(0, 12, dtype=["F32"])}, '"a" is of type'),
        ({"a": {"dtype": "F32"}}, 'does not describe the tensor "a"'),
        ({"a": {**entry(0, 12), "more": 1}}, 'does not describe the tensor "a"'),
        ({"a": 3}, 'does not describe the tensor "a"'),
        ({"": entry(0, 12)}, 'names a tensor ""'),
        ({"a\u001b[2J": entry(0, 12)}, "names a tensor"),
        ({"x" * 300: entry(0, 12)}, "names a tensor"),
        ({"__metadata__": {"a": 1}}, "metadata are not texts"),
        ({"__metadata__": "a"}, "metadata are not texts"),
        ({"__metadata__": {"a": "b"}}, "holds no tensors"),
        ({}, "holds no tensors"),
        (b"{" * 1000, "not JSON"),
        (b'{"a":' * 200_000, "not JSON"),
        (b'{"a": ' + b"[" * 100_000, "not JSON"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "not JSON"),
        (b'{"\xff": 1}', "not JSON"),
    ],
)
def test_hostile_headers(maker: ModelMaker, header: Any, said: str) -> None:
    refused(maker, pack(header, b"\0" * 12), said)


def test_header_starting_like_a_pickle_is_not_mistaken_for_one(maker: ModelMaker, small_content: bytes) -> None:
    """640 bytes of header are written 80 02 …, which is how a pickle begins."""
    text = json.dumps({"a": entry(0, 12)}).encode().ljust(640)
    content = pack(text, b"\0" * 12)
    assert content[:2] == b"\x80\x02"
    refused(maker, content, "does not fit the architecture")


# What is no file at all


def test_no_file(maker: ModelMaker) -> None:
    model = maker.model()
    model.weights.unlink()
    with pytest.raises(BadWeightsError, match="There is no file"):
        load_network(model)
    model.weights.mkdir()
    with pytest.raises(BadWeightsError, match="is not a file"):
        load_network(model)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of Unix")
def test_a_pipe_does_not_block(maker: ModelMaker) -> None:
    model = maker.model()
    model.weights.unlink()
    os.mkfifo(model.weights)
    with pytest.raises(BadWeightsError, match="is not a file"):
        load_network(model)


def test_wrong_count_of_parameters(maker: ModelMaker) -> None:
    with pytest.raises(BadWeightsError, match="counts 5 parameters"):
        verify_weights(maker.model(parameters=5))


def test_a_network_that_fails_is_found_out(
    maker: ModelMaker, monkeypatch: pytest.MonkeyPatch, network: Colorizer
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no kernel")

    monkeypatch.setattr(type(network), "decode", fail)
    with pytest.raises(BadWeightsError, match="the network fails"):
        verify_weights(maker.model())


def test_too_little_memory_is_said_so(maker: ModelMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(nn.Module, "load_state_dict", fail)
    with pytest.raises(EngineError, match="not enough memory"):
        load_network(maker.model())
