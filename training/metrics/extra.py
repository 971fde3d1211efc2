"""Libraries of the extra `train`, which the program runs without and these measurements do not."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from engine.errors import EngineError


class MissingExtraError(EngineError):
    """A library is not installed that something needs which was asked for."""

    title = "A library is missing"


def installed(module: str) -> bool:
    """Whether a library is there; it is not imported."""
    return importlib.util.find_spec(module.split(".")[0]) is not None


def required(module: str, what: str) -> Any:
    """Imports a library.

    Args:
        module: Its dotted name.
        what: What needs it, to begin a sentence.

    Raises:
        MissingExtraError: If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        library = module.split(".")[0]
        raise MissingExtraError(
            f"{what} needs {library}, which is not installed.", "Install it with: pip install 'autochrome[train]'"
        ) from error
