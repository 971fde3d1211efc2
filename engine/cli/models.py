"""`autochrome models`: list, show, verify, add, import and remove the models that colour photographs."""

from __future__ import annotations

import dataclasses
import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.errors import EngineError
from engine.models import store
from engine.models.importing.published import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.models.card import InstalledModel

app = typer.Typer(help="List, show, verify, add, import and remove models.", add_completion=False)

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout, and nothing else there.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The name of an installed model.")]


@app.callback(invoke_without_command=True)
def models(context: typer.Context, json: Json = False) -> None:
    """Lists the installed models, unless told otherwise."""
    if context.invoked_subcommand is None:
        list_installed(json=json)
    elif json:
        raise typer.BadParameter("--json goes behind the subcommand.")


@app.command("list")
def list_installed(json: Json = False) -> None:
    """Lists the installed models, and what lies beside them and cannot be used."""
    found, broken = store.list_models(), store.broken_models()
    if json:
        for model in found:
            _emit("model", **_summary(model))
        for bad in broken:
            _emit("broken", id=bad.id, path=str(bad.path), bundled=bad.bundled, cause=str(bad.error))
        return
    table = Table("Model", "Purpose", "Architecture", "Parameters", "Licence", "From", box=None, pad_edge=False)
    for model in found:
        card = model.card
        origin = "Autochrome" if model.bundled else "you"
        size = f"{card.parameters / 1e6:.1f} M"
        table.add_row(*_plain(card.id, card.purpose, card.architecture, size, card.licence, origin))
    console = _console()
    console.print(table if found else "No model is installed.")
    for bad in broken:
        console.print(Text(f"\n{bad.id or bad.path} cannot be used: {bad.error}"))


@app.command()
def show(name: Id, json: Json = False) -> None:
    """Shows all that the card of a model says."""
    model = store.find_model(name)
    if json:
        _emit("model", **_summary(model), **_details(model))
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(overflow="fold")  # a hash is to be compared, so all of it is shown
    for key, value in _flat({**_summary(model), **_details(model)}):
        table.add_row(*_plain(key, value))
    _console().print(table)


@app.command()
def verify(
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="A model. Default: every one.")] = None,
    json: Json = False,
) -> None:
    """Checks weights in full: hash, names and shapes, values, and a trial run. Exit code 1 if one of them is bad."""
    causes: dict[str, EngineError] = {}
    names = [model.id for model in store.list_models()] if name is None else [store.find_model(name).id]
    if name is None:
        causes = {bad.id or str(bad.path): bad.error for bad in store.broken_models()}
    for each in names:
        try:
            checks = store.verify_model(each)
        except EngineError as error:
            causes[each] = error
            continue
        if json:
            _emit("verified", id=each, checks=checks)
        else:
            _console().print(Text("\n  ".join([f"{each}: good", *checks])))
    for each, error in causes.items():
        if json:
            _emit("failed", id=each, cause=str(error))
        else:
            _console().print(Text(f"{each}: cannot be used. {error}"))
    if causes:
        raise typer.Exit(1)


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="A .safetensors file with its .toml card beside it.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replaces one of yours by the same name.")] = False,
    json: Json = False,
) -> None:
    """Checks a model in full and copies it among yours."""
    model = store.add_model(file, replace=replace)
    if json:
        _emit("added", **_summary(model))
    else:
        _console().print(Text(f"Added {model.id}: {model.card.purpose}"))


@app.command("import")
def import_published(
    file: Annotated[Path, typer.Argument(help="The authors' file: .pth, .pt, .bin or .safetensors.")],
    architecture: Annotated[str, typer.Option("--architecture", help=f"What it is of: {', '.join(PUBLISHED)}.")],
    name: Annotated[str | None, typer.Option("--name", help="Default: the architecture.", metavar="ID")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replaces one of yours by the same name.")] = False,
    json: Json = False,
) -> None:
    """Converts weights that others published and installs them among yours. Pickles are read without running them."""
    from engine.models.importing.convert import import_checkpoint

    model = import_checkpoint(file, architecture, name=name, replace=replace)
    if json:
        _emit("imported", **_summary(model))
    else:
        _console().print(Text(f"Imported {model.id}: {model.card.purpose} Licence: {model.card.licence}."))


@app.command()
def blend(
    first: Annotated[str, typer.Argument(metavar="FIRST", help="An installed model, or a .safetensors file.")],
    second: Annotated[str, typer.Argument(metavar="SECOND", help="Another, gone on with from the first or beside it.")],
    name: Annotated[str, typer.Option("--name", metavar="ID", help="Of the new model.")],
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="Of the second in the new weights.")] = 0.5,
    replace: Annotated[bool, typer.Option("--replace", help="Replaces one of yours by the same name.")] = False,
    json: Json = False,
) -> None:
    """Makes a model between two of the same network, for example between accurate and vivid."""
    from engine.models.blending import blend_models

    one, other = (
        store.model_at(Path(text)) if text.endswith(store.WEIGHTS) else store.find_model(text)
        for text in (first, second)
    )
    model = blend_models(one, other, share, name, replace=replace)
    if json:
        _emit("blended", **_summary(model))
    else:
        _console().print(Text(f"Blended {model.id}: {model.card.purpose}"))


@app.command()
def remove(name: Id, json: Json = False) -> None:
    """Deletes one of your models."""
    store.remove_model(name)
    if json:
        _emit("removed", id=name)
    else:
        _console().print(Text(f"Removed {name}."))


def _summary(model: InstalledModel) -> dict[str, Any]:
    """What a list tells about a model."""
    card = model.card
    return {
        "id": card.id,
        "purpose": card.purpose,
        "architecture": card.architecture,
        "licence": card.licence,
        "parameters": card.parameters,
        "bundled": model.bundled,
        "weights": str(model.weights),
    }


def _details(model: InstalledModel) -> dict[str, Any]:
    """The rest of a card."""
    known = {field.name: getattr(model.card, field.name) for field in dataclasses.fields(model.card)}
    for key in ("photos", "collections", "more", *_summary(model)):
        known.pop(key, None)
    return {**known, **{key: value for key, value in model.card.more.items() if key not in _summary(model)}}


def _flat(table: Mapping[str, Any], where: str = "") -> list[tuple[str, str]]:
    """A table of tables as rows of dotted key and text."""
    rows: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{where}{key}.")  # pyright: ignore[reportUnknownArgumentType]
        else:
            text = value if isinstance(value, str) else json_format.dumps(value, default=str, ensure_ascii=False)
            rows.append((f"{where}{key}", text))
    return rows


def _emit(event: str, **fields: Any) -> None:
    """One event as a line of JSON."""
    typer.echo(json_format.dumps({"event": event, **fields}, default=str))


def _plain(*texts: str) -> list[Text]:
    """Texts that rich shows as they are: a card's brackets are not markup."""
    return [Text(text) for text in texts]


def _console() -> Console:
    """Made for each use, so that it writes to what stdout is by then."""
    return Console(highlight=False)
