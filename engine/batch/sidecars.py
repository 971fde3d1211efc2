"""What sidecars ask for: how each photo of a batch is coloured.

A photo without a sidecar is coloured as the options say. A sidecar speaks for its own photo, so what it says wins over
the options, which speak for all. One that cannot be used costs its photo: colours without the hints in it would look as
if the work of hours had been done in vain, and nobody would notice.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.naming import folded
from engine.batch.storage import fetched, look_into, mirror_of
from engine.errors import EngineError, SidecarError, UnknownModelError
from engine.models.store import find_model
from engine.sidecar import SUFFIX, newer_sidecar, read_sidecar, sidecar_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.batch.options import BatchOptions
    from engine.batch.scan import Found
    from engine.photo import OutputFormat
    from engine.render import Look
    from engine.sidecar import Sidecar


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one photo is coloured.

    Attributes:
        model: Name of its model.
        model_hash: The sha256 of that model's weights.
        look: How its colours are shown.
        variant: Which of the model's palettes for the photo, 0 for the likeliest; None leaves it to the model.
        sidecar: Its sidecar, whose hints count; None if it has none, or an empty one.
        notes: What there is to say of it.
    """

    model: str
    model_hash: str
    look: Look
    variant: int | None = None
    sidecar: Sidecar | None = None
    notes: tuple[str, ...] = ()

    @property
    def hints(self) -> int:
        """How many hints it has."""
        return len(self.sidecar.hints) if self.sidecar is not None else 0

    @property
    def alone(self) -> bool:
        """Whether the photo goes through the network by itself."""
        return self.variant is not None or self.hints > 0

    @property
    def digest(self) -> str:
        """`digest_of` its sidecar; empty without one."""
        return digest_of(self.sidecar)

    def settings(self, options: BatchOptions, output_format: OutputFormat) -> str:
        """`BatchOptions.settings` of this photo: what its sidecar changes about the output counts."""
        more: list[object] = [] if self.variant is None else ["variant", self.variant]
        if self.sidecar is not None and self.hints:
            more += ["hints", _plain_hints(self.sidecar)]
        return options.settings(output_format, look=self.look, more=more)


def digest_of(sidecar: Sidecar | None) -> str:
    """A hash of all that a sidecar asks for; what is unknown in it does not count. Empty for none, or an empty one."""
    if sidecar is None or sidecar.is_empty:
        return ""
    look = None if sidecar.look is None else _plain_look(sidecar.look)
    asked: list[object] = [sidecar.model, sidecar.variant, look, _plain_hints(sidecar) if sidecar.hints else None]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


def _plain_look(look: Look) -> list[object]:
    """Without what earlier versions did not know, where it changes nothing: what they made still counts."""
    numbers = dataclasses.asdict(look)
    return [value for name, value in numbers.items() if value or name != "evenness"]


def _plain_hints(sidecar: Sidecar) -> list[object]:
    return [sidecar.width, sidecar.height, [(hint.points, hint.radius, hint.color) for hint in sidecar.hints]]


class Recipes:
    """The recipes of a batch's photos; safe to use from several threads.

    Args:
        options: What was asked for.
        hash_of: The sha256 of a model's weights.

    Raises:
        EngineError: If there is no such model, or no such folder of sidecars.
    """

    def __init__(self, options: BatchOptions, hash_of: Callable[[str], str]) -> None:
        self._options = options
        self._hash_of = hash_of
        self._usual = Recipe(model=options.model, model_hash=hash_of(options.model), look=options.look)
        self._hashes: dict[str, str | None] = {options.model: self._usual.model_hash}
        self._listings: dict[Path, frozenset[str] | None] = {}
        self._seen: set[Path] = set()
        self._folder = None if options.sidecars is None else Path(os.path.abspath(options.sidecars))
        if self._folder is not None and mirror_of(self._folder) is None and not self._folder.is_dir():
            raise EngineError(f"There is no folder {self._folder}.", "Check how --sidecars is written.")

    def of(self, found: Found) -> Recipe:
        """The recipe of a photo.

        Raises:
            SidecarError: If its sidecar cannot be used, or has gone since it was read: its disk may be away.
            BadWeightsError: If the card of the model that it names cannot be used.
        """
        if not self._options.use_sidecars:
            return self._usual
        path = self._path_for(found)
        sidecar = None
        if self._is_listed(path):
            with fetched(path):
                sidecar = read_sidecar(path)
        if sidecar is not None:
            self._seen.add(path)
        elif path in self._seen:
            raise SidecarError(path, "it was removed while the batch was running.", "Run the same command again.")
        if sidecar is not None and sidecar.read_only:
            raise newer_sidecar(path)
        return self._usual if sidecar is None or sidecar.is_empty else self._made_of(sidecar)

    def _path_for(self, found: Found) -> Path:
        """Where a photo's sidecar is; below a folder of sidecars photos are told apart as they are below --output."""
        if self._folder is None:
            return sidecar_path(found.path)
        several = len(self._options.paths) > 1 and not found.named
        inside = Path(os.path.abspath(self._options.paths[found.argument])).name if several else ""
        return sidecar_path(found.path, self._folder / inside / found.relative.parent)

    def _is_listed(self, path: Path) -> bool:
        """Whether a file may be there. A folder is listed once, for asking for each photo costs much over a network."""
        if path.parent not in self._listings:
            self._listings[path.parent] = _sidecars_in(path.parent)
        names = self._listings[path.parent]
        return names is None or folded(Path(path.name)) in names

    def _made_of(self, sidecar: Sidecar) -> Recipe:
        model, variant, missing = self._options.model, None, ""
        if sidecar.model is not None and self._hash(sidecar.model) is not None:
            model, variant = sidecar.model, sidecar.variant
        elif sidecar.model is not None:
            missing = f'the model "{sidecar.model}" of its sidecar is not installed; it was coloured with "{model}"'
        look = sidecar.look or self._usual_look(model)
        recipe = Recipe(model=model, model_hash=self._hash(model) or "", look=look, variant=variant, sidecar=sidecar)
        return dataclasses.replace(recipe, notes=tuple(note for note in (_said(recipe), missing) if note))

    def _hash(self, model: str) -> str | None:
        """The hash of a model; None for one that is not installed."""
        if model not in self._hashes:
            try:
                self._hashes[model] = self._hash_of(model)
            except UnknownModelError:
                self._hashes[model] = None
        return self._hashes[model]

    def _usual_look(self, model: str) -> Look:
        """The look of all photos; of another model with what that model's card says, unless something was asked for."""
        look, usual = self._options.look, self._options.model
        if model == usual:
            return look
        try:
            own, other = (find_model(each).card for each in (usual, model))
        except UnknownModelError:  # a model that only the caller knows how to load
            return look
        saturation = other.saturation if look.saturation == own.saturation else look.saturation
        evenness = other.evenness if look.evenness == own.evenness else look.evenness
        return dataclasses.replace(look, saturation=saturation, evenness=evenness)


def _said(recipe: Recipe) -> str:
    """What a sidecar changed, for the report; empty for nothing."""
    sidecar = recipe.sidecar
    if sidecar is None:
        return ""
    parts = [f"{recipe.hints} hint{'s' if recipe.hints > 1 else ''}"] if recipe.hints else []
    parts += [f'model "{recipe.model}"'] if recipe.model == sidecar.model else []
    parts += [] if recipe.variant is None else [f"variant {recipe.variant}"]
    parts += [] if sidecar.look is None else ["look"]
    return f"by its sidecar: {', '.join(parts)}" if parts else ""


def _sidecars_in(folder: Path) -> frozenset[str] | None:
    """The names of a folder's sidecars, folded; None where they cannot be listed, so that each is tried."""
    look_into(folder, SUFFIX)
    try:
        with os.scandir(folder) as listing:
            return frozenset(name for name in (folded(Path(entry.name)) for entry in listing) if name.endswith(SUFFIX))
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except OSError:
        return None
