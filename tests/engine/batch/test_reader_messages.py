"""Messages between a batch and its reading processes: nothing but what was agreed gets through."""

import io
import json

import numpy as np
import pytest

from engine.batch.reader_messages import Message, SenselessMessageError, most_bytes, of_photo, photo_of, receive, send
from engine.errors import UnreadablePhotoError
from engine.photo import read_photo
from tests.engine.photo.mutations import sound_pictures

LIMIT = 20_000
MOST = most_bytes(LIMIT)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(sound_pictures()["clear.png"])
    return read_photo(path)


def through_a_pipe(message):
    file = io.BytesIO()
    send(file, message)
    file.seek(0)
    return receive(file, lambda: MOST)


def test_a_photo_comes_as_it_went(photo):
    back = photo_of(through_a_pipe(of_photo(photo)), photo.path, 0, LIMIT)
    assert (back.pixels == photo.pixels).all()
    assert (back.alpha == photo.alpha).all()
    assert back.metadata == photo.metadata


@pytest.mark.parametrize(
    "change",
    [
        {"page": 1},
        {"page": -1},
        {"page": None},
        {"page_count": 0},
        {"page_count": "many"},
        {"dtype": "object"},
        {"dtype": "float64"},
        {"dtype": "uint16"},
        {"shape": [96, 128, 4]},
        {"shape": [96, -1, 3]},
        {"shape": [2**40, 2**40]},
        {"shape": [128, 97, 3]},
        {"shape": 7},
        {"shape": [float("inf"), 1]},
        {"alpha": False, "shape": [0, 128, 3]},
        {"source_kind": "__class__"},
        {"format": ["JPEG"]},
        {"notes": [7]},
        {"notes": None},
        {"dpi": ["a", "b"]},
        {"dpi": [1]},
        {"metadata": ["__init__"]},
        {"metadata": ["exif"], "alpha": False, "shape": [96, 128]},
        {"error": "SystemExit", "cause": "x", "advice": ""},
        {"error": "UnreadablePhotoError", "cause": 7, "advice": ""},
        {"error": "UnreadablePhotoError"},
    ],
)
def test_what_cannot_be_is_senseless(photo, change):
    message = of_photo(photo)
    with pytest.raises(SenselessMessageError):
        photo_of(through_a_pipe(Message(message.header | change, message.blobs)), photo.path, 0, LIMIT)


def test_more_pixels_than_were_allowed_are_senseless(photo):
    with pytest.raises(SenselessMessageError):
        photo_of(through_a_pipe(of_photo(photo)), photo.path, 0, 100)


def test_a_text_for_a_terminal_is_plain(photo):
    header = {"error": "UnreadablePhotoError", "cause": "\x1b[2Jgone\n", "advice": "Größe"}
    with pytest.raises(UnreadablePhotoError) as caught:
        photo_of(through_a_pipe(Message(header)), photo.path, 0, LIMIT)
    assert (caught.value.cause, caught.value.advice) == ("?[2Jgone?", "Größe")


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\x80\x04.",
        b"[]",
        b"7",
        b"{}",
        b'{"blobs": 7}',
        b'{"blobs": [-1]}',
        b'{"blobs": [-9, 9]}',
        b'{"blobs": ["x"]}',
        b'{"blobs": [Infinity]}',
        b'{"blobs": [1e300]}',
        b'{"blobs": [99999999999999999999]}',
        json.dumps({"blobs": [MOST, 1]}).encode(),
        b"[" * 100_000,
    ],
)
def test_headers_without_sense_take_no_memory(header):
    with pytest.raises(SenselessMessageError):
        receive(io.BytesIO(len(header).to_bytes(4) + header), lambda: MOST)
    with pytest.raises(SenselessMessageError):
        receive(io.BytesIO(b"\xff" * 4 + header), lambda: MOST)


def test_an_answer_that_ends_early(photo):
    file = io.BytesIO()
    send(file, of_photo(photo))
    whole = file.getvalue()
    for size in (0, 3, 4, 40, len(whole) - 1):
        with pytest.raises(EOFError):
            receive(io.BytesIO(whole[:size]), lambda: MOST)


def test_empty_pieces_pass():
    back = through_a_pipe(Message({"x": 1}, [np.zeros(0, np.uint8), np.ones(3, np.uint8)]))
    assert [blob.tolist() for blob in back.blobs] == [[], [1, 1, 1]]
