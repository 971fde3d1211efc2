"""Errors as people read them, and as they cross between processes."""

import inspect
import pickle
from pathlib import Path

import pytest

from engine import errors
from engine.errors import EngineError, OutOfMemoryError, PhotoError, SaveError, UnreadablePhotoError

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, EngineError)]


def test_a_sentence_and_what_to_do():
    error = EngineError("The disk is full.", "Make room.")
    assert (error.sentence, error.advice, str(error)) == (
        "The disk is full.",
        "Make room.",
        "The disk is full. Make room.",
    )
    assert str(EngineError("The disk is full.")) == "The disk is full."


def test_an_error_about_a_photo_names_it():
    error = UnreadablePhotoError(Path("album/a.jpg"), "it is empty", "Copy it again.")
    assert str(error) == f"{Path('album/a.jpg')}: it is empty Copy it again."
    assert (error.path, error.cause) == (Path("album/a.jpg"), "it is empty")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_has_a_title_of_its_own(kind):
    assert kind.title
    assert not kind.title.endswith(".")
    assert kind in (EngineError, PhotoError) or "title" in vars(kind)
    assert len({other.title for other in KINDS}) == len(KINDS)
    assert kind.__doc__


@pytest.mark.parametrize(
    "error",
    [
        OutOfMemoryError("There is not enough memory.", "Close other programs."),
        EngineError("It failed."),
        SaveError(Path("a.png"), "the disk is full", "Make room."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_cross_between_processes(error):
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
