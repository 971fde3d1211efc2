"""The header of a safetensors file, checked before anything else trusts the file.

Format: https://github.com/huggingface/safetensors#format. Eight bytes little-endian length, that many bytes of JSON,
then the tensors. The library accepts duplicate keys (the last wins) and any number of tensors; we do not. Nothing here
is ever unpickled, whatever the file is called.
"""

from __future__ import annotations

import json
import math
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from engine.errors import BadWeightsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_FILE_BYTES = 1 << 30
"""Bundled weights are under 100 MB; what is larger than 1 GiB is not one of ours."""
MAX_HEADER_BYTES = 4 << 20
MAX_TENSORS = 10_000
"""The largest of our networks has some 300 tensors."""
MAX_NAME_LENGTH = 256
MAX_RANK = 8
ITEM_BYTES = {"F16": 2, "BF16": 2, "F32": 4, "I64": 8, "U8": 1}
"""The types that weights are kept in: floating-point ones become float32, I64 counts batches, U8 holds pictures."""

PICKLE_SUFFIXES = frozenset({".pth", ".pt", ".ckpt", ".pkl", ".pickle", ".bin"})
_AGAIN = "Download it again."
_WANTED = "Autochrome loads .safetensors files."


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """One tensor of a file.

    Attributes:
        dtype: A key of `ITEM_BYTES`.
        shape: Its sizes; empty for a single number.
        begin: Its first byte, counted from the end of the header.
        end: One past its last byte.
    """

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class WeightHeader:
    """What a weight file says that it holds.

    Attributes:
        tensors: By name, in the order of the file's header.
        metadata: Free texts.
    """

    tensors: Mapping[str, TensorEntry]
    metadata: Mapping[str, str]


def open_weights(path: Path) -> tuple[BinaryIO, int]:
    """Opens a weight file and tells its size; never blocks on a pipe or a device.

    Raises:
        BadWeightsError: If there is no such file, it is no ordinary file, its name is a pickle's, it is empty, or it is
            larger than any weights.
    """
    if path.suffix.lower() in PICKLE_SUFFIXES:
        raise _pickle(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadWeightsError(f"{path} is not a file.", _WANTED)
        file = path.open("rb")
    except FileNotFoundError as error:
        raise BadWeightsError(f"There is no file {path}.") from error
    except OSError as error:
        raise BadWeightsError(f"{path} cannot be read: {error.strerror}.") from error
    size = os.fstat(file.fileno()).st_size
    if not 0 < size <= MAX_FILE_BYTES:
        file.close()
        if size == 0:
            raise BadWeightsError(f"{path} is empty: the download is incomplete.", _AGAIN)
        raise BadWeightsError(f"{path} is larger than any weights ({size >> 20} MiB).", _WANTED)
    return file, size


def read_header(path: Path) -> WeightHeader:
    """Reads and checks the header of a weight file, and no more of the file than that.

    Raises:
        BadWeightsError: As `open_weights` and `parse_header`.
    """
    file, size = open_weights(path)
    with file:
        try:
            start = file.read(8 + MAX_HEADER_BYTES)
        except OSError as error:
            raise BadWeightsError(f"{path} cannot be read: {error.strerror}.") from error
    return parse_header(memoryview(start), size, path)


def parse_header(start: memoryview, size: int, path: Path) -> WeightHeader:
    """Checks a header.

    Args:
        start: The file's first bytes: the header at least, up to the whole file.
        size: Bytes of the whole file.
        path: The file's name, for error messages.

    Raises:
        BadWeightsError: If the file is something else (a web page, a pickle), is cut short or has a tail, or if its
            header is too large, names a tensor twice, or describes tensors that overlap or leave holes.
    """
    length = int.from_bytes(start[:8], "little")
    if size < 8 or length > MAX_HEADER_BYTES or (size > 8 and bytes(start[8:9]) != b"{"):
        raise _something_else(bytes(start[:512]), size, length, path)
    if size < 8 + length:
        raise _incomplete(path, size, 8 + length)
    tensors: dict[str, TensorEntry] = {}
    metadata: dict[str, str] = {}
    for name, value in _parse_json(bytes(start[8 : 8 + length]), path).items():
        if name == "__metadata__":
            metadata = _check_metadata(value, path)
        else:
            tensors[name] = _check_entry(name, value, path)
    if not tensors:
        raise BadWeightsError(f"{path} holds no tensors.", _WANTED)
    _check_layout(tensors, size - 8 - length, path)
    return WeightHeader(tensors, metadata)


def _parse_json(text: bytes, path: Path) -> dict[str, Any]:
    """The header's object, refusing what JSON parsers let pass: keys given twice, and endless numbers of them."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(pairs) > MAX_TENSORS + 1:
            raise BadWeightsError(f"{path} describes {len(pairs)} tensors; no network here has as many.", _WANTED)
        table = dict(pairs)
        if len(table) < len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))
            raise BadWeightsError(f"{path} names {_shown(twice)} twice.", "It was made to deceive or is damaged.")
        return table

    try:
        parsed = json.loads(text.decode("utf-8"), object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise BadWeightsError(f"{path} is damaged: its header is not JSON.", _AGAIN) from error
    if not isinstance(parsed, dict):
        raise BadWeightsError(f"{path} is damaged: its header is not a JSON object.", _AGAIN)
    return cast("dict[str, Any]", parsed)


def _check_metadata(value: Any, path: Path) -> dict[str, str]:
    texts = cast("dict[str, Any]", value) if isinstance(value, dict) else None
    if texts is None or not all(isinstance(text, str) for text in texts.values()):
        raise BadWeightsError(f"{path} is damaged: its metadata are not texts.", _AGAIN)
    return cast("dict[str, str]", texts)


def _check_entry(name: str, value: Any, path: Path) -> TensorEntry:
    """One tensor's description, on its own."""
    if not 0 < len(name) <= MAX_NAME_LENGTH or not name.isprintable():
        raise BadWeightsError(f"{path} names a tensor {_shown(name)}.", _WANTED)
    entry = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    if set(entry) != {"dtype", "shape", "data_offsets"}:
        raise BadWeightsError(f"{path} is damaged: it does not describe the tensor {_shown(name)}.", _AGAIN)
    dtype, shape, offsets = entry["dtype"], _counts(entry["shape"]), _counts(entry["data_offsets"])
    if not isinstance(dtype, str) or dtype not in ITEM_BYTES:
        raise BadWeightsError(
            f"{path}: the tensor {_shown(name)} is of type {_shown(dtype)}.", f"Known: {', '.join(ITEM_BYTES)}."
        )
    if shape is None or len(shape) > MAX_RANK or offsets is None or len(offsets) != 2:
        raise BadWeightsError(f"{path} is damaged: the tensor {_shown(name)} has no proper shape or place.", _AGAIN)
    begin, end = offsets
    if end - begin != math.prod(shape) * ITEM_BYTES[dtype]:
        raise BadWeightsError(f"{path} is damaged: the tensor {_shown(name)} has another size than its shape.", _AGAIN)
    return TensorEntry(dtype, shape, begin, end)


def _counts(value: Any) -> tuple[int, ...] | None:
    """A list of whole numbers from 0 up to the largest file, or None."""
    if not isinstance(value, list):
        return None
    items = cast("list[Any]", value)
    if any(type(item) is not int or not 0 <= item <= MAX_FILE_BYTES for item in items):
        return None
    return tuple(items)


def _check_layout(tensors: Mapping[str, TensorEntry], available: int, path: Path) -> None:
    """The tensors lie one after the other, from the first byte after the header to the last of the file."""
    position = 0
    for name, entry in sorted(tensors.items(), key=lambda item: (item[1].begin, item[1].end)):
        if entry.begin != position:
            what = "overlaps another" if entry.begin < position else "leaves a hole before it"
            raise BadWeightsError(f"{path} is damaged: the tensor {_shown(name)} {what}.", _AGAIN)
        position = entry.end
    if available < position:
        raise _incomplete(path, available, position)
    if available > position:
        raise BadWeightsError(f"{path} is damaged: {available - position} bytes follow after its end.", _AGAIN)


def _something_else(start: bytes, size: int, length: int, path: Path) -> BadWeightsError:
    """What a file is that is not safetensors, as far as its first bytes tell."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return BadWeightsError(f"{path} is a web page, not a weight file.", "Download the file that the page links to.")
    if start.startswith(b"PK\x03\x04") or (start[:1] == b"\x80" and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")):
        return _pickle(path)
    if text.startswith(b"version https://git-lfs"):
        return BadWeightsError(f"{path} only points to a weight file (Git LFS).", "Download the file itself.")
    if size < 8:
        return BadWeightsError(f"{path} has {size} bytes: the download is incomplete.", _AGAIN)
    if start[8:9] == b"{":
        return BadWeightsError(f"{path} claims a header of {length} bytes; none of ours is as large.", _WANTED)
    return BadWeightsError(f"{path} is not a weight file.", _WANTED)


def _pickle(path: Path) -> BadWeightsError:
    return BadWeightsError(
        f"{path} is a pickle or a checkpoint made of pickles: opening one can run any program hidden in it, so a "
        "pickle is never loaded.",
        "Ask its author for a .safetensors file.",
    )


def _incomplete(path: Path, present: int, needed: int) -> BadWeightsError:
    return BadWeightsError(f"{path} ends too early: the download is incomplete ({present} of {needed} bytes).", _AGAIN)


def _shown(value: Any) -> str:
    """A value of a file that nobody trusts, short and printable."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 80 else f"{text[:77]}…"
