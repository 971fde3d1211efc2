"""The models that are installed: found, added, removed and verified by name.

Two folders are looked into: the bundled models, then the user's own. Only cards are read to list them, so this costs no
torch. Adding checks a model in full before anything of it is copied; its two files appear under their names only whole.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_data_path

from engine.errors import BadWeightsError, EngineError, UnknownModelError
from engine.models.card import InstalledModel, is_model_id, parse_card, read_card, read_card_text
from engine.models.header import open_weights, read_header

if TYPE_CHECKING:
    from collections.abc import Generator

    from engine.models.card import ModelCard

DATA_VARIABLE = "AUTOCHROME_DATA"
"""Environment variable: a folder to use in place of the user's data folder."""
FIRST = ("photo", "vivid", "photo-lite", "cartoon")
"""Models that lists begin with, for these are what most people want; the others follow by name."""
EMBEDDED_CARD = "autochrome_card"
"""Key of a weight file's metadata under which it may carry its card; such a card states no sha256."""
WEIGHTS, CARD = ".safetensors", ".toml"
_PREFIX, _SUFFIX = ".autochrome-", ".part"
_BLOCK = 1 << 20


class ModelStoreError(EngineError):
    """A model could not be added or removed; the installed models are as they were."""

    title = "The installed models were not changed"


class ModelExistsError(ModelStoreError):
    """A model of this name is installed among the user's own; it can be replaced on request."""


@dataclass(frozen=True, slots=True)
class ModelFolders:
    """Where models are kept.

    Attributes:
        bundled: Models that came with the program; never written to.
        own: The user's models; made when the first one is added.
    """

    bundled: Path
    own: Path


@dataclass(frozen=True, slots=True)
class BrokenModel:
    """A model that cannot be used.

    Attributes:
        id: The name of its files.
        path: The file that is at fault, or the folder if that cannot be read.
        bundled: Whether it came with the program.
        error: What is wrong, and what to do.
    """

    id: str
    path: Path
    bundled: bool
    error: BadWeightsError


def model_folders(data: Path | None = None) -> ModelFolders:
    """The two folders of this installation.

    Args:
        data: The data folder; None for the one that the environment variable AUTOCHROME_DATA names, or the user's.
    """
    if data is None:
        named = os.environ.get(DATA_VARIABLE, "")
        data = Path(named) if named else user_data_path("autochrome", appauthor=False)
    return ModelFolders(bundled=Path(__file__).parents[2] / "resources" / "models", own=data / "models")


def list_models(folders: ModelFolders | None = None) -> list[InstalledModel]:
    """The installed models, bundled ones first, those of `FIRST` before others; `broken_models` tells the rest."""
    return _survey(folders or model_folders())[0]


def broken_models(folders: ModelFolders | None = None) -> list[BrokenModel]:
    """What lies in the model folders and cannot be used: no card, no weights, or a card with an error."""
    return _survey(folders or model_folders())[1]


def find_model(name: str, folders: ModelFolders | None = None) -> InstalledModel:
    """The installed model of a name.

    Raises:
        UnknownModelError: If there is none; it names near misses and what is installed.
        BadWeightsError: If there is one, and its card cannot be used.
    """
    models, broken = _survey(folders or model_folders())
    for model in models:
        if model.id == name:
            return model
    for model in broken:
        if model.id == name:
            raise model.error
    raise _unknown(name, [model.id for model in models])


def model_at(file: Path) -> InstalledModel:
    """The model of a weight file that is not installed, with its card beside it or in its metadata.

    Raises:
        BadWeightsError: If the file is none, or its card cannot be used.
    """
    card, _ = _card_of(file)
    return InstalledModel(card=card, weights=file, bundled=False)


def verify_model(name: str, folders: ModelFolders | None = None) -> tuple[str, ...]:
    """Checks a model in full: hash, header, names and shapes, finiteness, and a trial on a tiny picture. Loads torch.

    Returns:
        What was checked, a sentence each.

    Raises:
        UnknownModelError: As `find_model`.
        BadWeightsError: If anything is wrong with it.
    """
    from engine.models.weights import verify_weights

    return verify_weights(find_model(name, folders))


def add_model(file: Path, *, replace: bool = False, folders: ModelFolders | None = None) -> InstalledModel:
    """Installs a model among the user's own, after a check in full. Loads torch.

    Args:
        file: A .safetensors file with its card beside it (the same name with .toml), or with the card in its metadata
            under `autochrome_card`.
        replace: Whether a model of the same name among the user's own is replaced. Bundled ones never are.
        folders: Where to; None for this installation's.

    Raises:
        BadWeightsError: If the file or its card cannot be used.
        ModelStoreError: If the name is taken, or the files cannot be written.
    """
    from engine.models.weights import verify_weights

    folders = folders or model_folders()
    card, card_text = _card_of(file)
    if _taken(card.id, folders.bundled):
        raise ModelStoreError(
            f'The model "{card.id}" came with the program and is not replaced.',
            'Change "id" in the card of the new one.',
        )
    if _taken(card.id, folders.own) and not replace:
        raise ModelExistsError(f'A model "{card.id}" is already installed.', "Remove it first, or ask to replace it.")
    verify_weights(InstalledModel(card=card, weights=file, bundled=False))
    weights = folders.own / f"{card.id}{WEIGHTS}"
    try:
        folders.own.mkdir(parents=True, exist_ok=True)
        with _new_file(weights) as temporary:
            _copy(file, temporary, card.sha256)
        # The card last: without it the weights are not taken up as a model.
        with _new_file(weights.with_suffix(CARD)) as temporary:
            _write(temporary, card_text.encode("utf-8"))
        _sync_folder(folders.own)
    except OSError as error:
        raise ModelStoreError(f"{weights} could not be written: {error.strerror or error}.") from error
    return InstalledModel(card=card, weights=weights, bundled=False)


def remove_model(name: str, folders: ModelFolders | None = None) -> None:
    """Deletes a model of the user's own, a broken one too.

    Raises:
        UnknownModelError: If there is none.
        ModelStoreError: If it came with the program, or cannot be deleted.
    """
    folders = folders or model_folders()
    if not is_model_id(name) or not _taken(name, folders.own):
        if is_model_id(name) and _taken(name, folders.bundled):
            raise ModelStoreError(f'The model "{name}" came with the program and cannot be removed.')
        raise _unknown(name, [model.id for model in list_models(folders) if not model.bundled])
    try:
        for suffix in (CARD, WEIGHTS):
            (folders.own / f"{name}{suffix}").unlink(missing_ok=True)
    except OSError as error:
        raise ModelStoreError(f'The model "{name}" could not be removed: {error.strerror or error}.') from error


def _survey(folders: ModelFolders) -> tuple[list[InstalledModel], list[BrokenModel]]:
    """All that lies in both folders; a bundled model hides one of the user's by the same name."""
    models: dict[str, InstalledModel] = {}
    broken: list[BrokenModel] = []
    for folder, bundled in ((folders.bundled, True), (folders.own, False)):
        try:
            names = _names(folder)
        except OSError as error:
            cause = BadWeightsError(f"The folder {folder} cannot be read: {error.strerror}.")
            broken.append(BrokenModel("", folder, bundled, cause))
            continue
        for name in names:
            card, weights = folder / f"{name}{CARD}", folder / f"{name}{WEIGHTS}"
            try:
                model = _look_at(name, card, weights, bundled=bundled)
            except BadWeightsError as error:
                broken.append(BrokenModel(name, card if card.exists() else weights, bundled, error))
            else:
                models.setdefault(name, model)
    return list(models.values()), broken


def _names(folder: Path) -> list[str]:
    """The names of the models of a folder, by either of their files."""
    try:
        files = list(folder.iterdir())
    except FileNotFoundError:
        return []
    names = {file.stem for file in files if file.suffix in (WEIGHTS, CARD) and not file.name.startswith(".")}
    return sorted(names, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))


def _look_at(name: str, card: Path, weights: Path, *, bundled: bool) -> InstalledModel:
    """A model by its card; of the weights only that they are there."""
    facts = read_card(card)
    if facts.id != name:
        raise BadWeightsError(f'{card} is the card of "{facts.id}".', f"Rename the files to {facts.id}.")
    if not weights.is_file():
        raise BadWeightsError(f"{card} is a card without its weights {weights.name}.", "Add the model again.")
    return InstalledModel(card=facts, weights=weights, bundled=bundled)


def _taken(name: str, folder: Path) -> bool:
    return any(os.path.lexists(folder / f"{name}{suffix}") for suffix in (WEIGHTS, CARD))


def _unknown(name: str, known: list[str]) -> UnknownModelError:
    near = difflib.get_close_matches(name, known, n=3)
    advice = f"Did you mean {' or '.join(near)}? " if near else ""
    advice += f"Installed: {', '.join(known)}." if known else "No model is installed."
    return UnknownModelError(f'There is no model "{name}".', advice)


def _card_of(file: Path) -> tuple[ModelCard, str]:
    """The card of a file that is not installed yet, and its text: beside the file, or in its metadata."""
    header = read_header(file)
    if file.suffix != WEIGHTS:
        raise BadWeightsError(f"{file} is not a .safetensors file by its name.", "Rename it if it is one.")
    beside = file.with_suffix(CARD)
    embedded = header.metadata.get(EMBEDDED_CARD)
    if beside.exists() or embedded is None:
        text = read_card_text(beside)
        return parse_card(text, str(beside)), text
    # A file cannot state its own hash, so it is taken now: from here on the file must stay as it is.
    text = f'sha256 = "{_hash(file)}"\n{embedded}'
    return parse_card(text, f"The card in {file}"), text


def _hash(file: Path) -> str:
    digest = hashlib.sha256()
    reader, _ = open_weights(file)
    with reader:
        while block := reader.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


@contextlib.contextmanager
def _new_file(destination: Path) -> Generator[Path]:
    """A temporary file in the destination's folder, which takes the destination's name if the block ends well."""
    temporary = destination.with_name(f"{_PREFIX}{secrets.token_hex(6)}{_SUFFIX}")
    try:
        yield temporary
        temporary.replace(destination)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _copy(source: Path, destination: Path, sha256: str) -> None:
    """Copies in blocks; what arrives must be what was checked."""
    digest = hashlib.sha256()
    reader, _ = open_weights(source)
    with reader, destination.open("xb") as writer:
        while block := reader.read(_BLOCK):
            digest.update(block)
            writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())
    if digest.hexdigest() != sha256:
        raise BadWeightsError(f"{source} was changed while it was copied.", "Try again.")


def _write(destination: Path, content: bytes) -> None:
    with destination.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Makes the new names themselves durable. Some systems cannot; the files are whole all the same."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
