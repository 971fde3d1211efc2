"""The installed models: what is found, and that adding and removing leave nothing half done."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomli_w
import torch
from safetensors.torch import load, save

from engine.errors import BadWeightsError, EngineError, UnknownModelError
from engine.models import store
from engine.models.store import (
    ModelFolders,
    ModelStoreError,
    add_model,
    broken_models,
    find_model,
    list_models,
    model_folders,
    remove_model,
    verify_model,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.models.conftest import ModelMaker


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def test_folders_of_this_installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUTOCHROME_DATA", str(tmp_path))
    assert model_folders().own == tmp_path / "models"
    assert model_folders(tmp_path / "other").own == tmp_path / "other" / "models"
    assert model_folders().bundled.parts[-2:] == ("resources", "models")
    monkeypatch.delenv("AUTOCHROME_DATA")
    assert "autochrome" in str(model_folders().own).lower()


def test_nothing_installed(folders: ModelFolders) -> None:
    assert list_models(folders) == []
    assert broken_models(folders) == []
    with pytest.raises(UnknownModelError, match="No model is installed"):
        find_model("photo", folders)


def test_bundled_models_come_first_and_hide_those_of_the_user(maker: ModelMaker, folders: ModelFolders) -> None:
    maker.write("photo", folder=folders.bundled)
    for name in ("photo", "alpha"):
        maker.write(name, folder=folders.own)
    assert [(model.id, model.bundled) for model in list_models(folders)] == [("photo", True), ("alpha", False)]
    assert find_model("photo", folders).weights.parent == folders.bundled


def test_a_list_reads_no_weights(maker: ModelMaker, folders: ModelFolders) -> None:
    maker.write("photo", folder=folders.own).write_bytes(b"anything")
    assert [model.id for model in list_models(folders)] == ["photo"]


def test_an_unknown_name_is_told_what_is_there(maker: ModelMaker, folders: ModelFolders) -> None:
    for name in ("photo", "vivid"):
        maker.write(name, folder=folders.own)
    with pytest.raises(UnknownModelError, match=r'no model "phto".*Did you mean photo\? Installed: photo, vivid'):
        find_model("phto", folders)
    with pytest.raises(UnknownModelError, match=r"Installed: photo, vivid"):
        find_model("../../etc/passwd", folders)


def test_broken_models_are_told_and_hide_no_other(maker: ModelMaker, folders: ModelFolders) -> None:
    maker.write("good", folder=folders.own)
    (folders.own / "no-weights.toml").write_text((folders.own / "good.toml").read_text().replace("good", "no-weights"))
    (folders.own / "no-card.safetensors").write_bytes(b"x")
    (folders.own / "no-toml.toml").write_text("][")
    maker.write("renamed", folder=folders.own, id="other")
    (folders.own / ".autochrome-abc.part").write_bytes(b"left by an interrupted copy")
    (folders.own / "readme.txt").write_text("not a model")
    broken = {model.id: str(model.error) for model in broken_models(folders)}
    assert [model.id for model in list_models(folders)] == ["good"]
    assert sorted(broken) == ["no-card", "no-toml", "no-weights", "renamed"]
    assert "without its weights" in broken["no-weights"]
    assert "There is no card" in broken["no-card"]
    assert "is not a card" in broken["no-toml"]
    assert 'the card of "other"' in broken["renamed"]
    with pytest.raises(BadWeightsError, match="is not a card"):
        find_model("no-toml", folders)


def test_a_good_model_stands_in_for_a_broken_bundled_one(maker: ModelMaker, folders: ModelFolders) -> None:
    maker.write("photo", folder=folders.bundled).unlink()
    maker.write("photo", folder=folders.own)
    assert not find_model("photo", folders).bundled
    assert [model.bundled for model in broken_models(folders)] == [True]


def test_a_folder_that_cannot_be_read_is_told(maker: ModelMaker, folders: ModelFolders) -> None:
    maker.write("photo", folder=folders.bundled)
    folders.own.parent.mkdir(parents=True)
    folders.own.write_text("a file in the place of the folder")
    assert [model.id for model in list_models(folders)] == ["photo"]
    assert "cannot be read" in str(broken_models(folders)[0].error)


def test_add(maker: ModelMaker, folders: ModelFolders) -> None:
    weights = maker.write("small", purpose="[Brackets] stay.", homepage="https://example.org")
    added = add_model(weights, folders=folders)
    assert names_in(folders.own) == ["small.safetensors", "small.toml"]
    assert added == find_model("small", folders)
    assert added.weights.read_bytes() == weights.read_bytes()
    assert (folders.own / "small.toml").read_text() == weights.with_suffix(".toml").read_text()
    assert len(verify_model("small", folders)) == 4


def test_the_card_gives_the_name_not_the_file(maker: ModelMaker, folders: ModelFolders) -> None:
    weights = maker.write("small")
    for suffix in (".safetensors", ".toml"):
        weights.with_suffix(suffix).rename(weights.with_name(f"download (1){suffix}"))
    assert add_model(weights.with_name("download (1).safetensors"), folders=folders).id == "small"


def test_add_a_file_that_carries_its_card(
    maker: ModelMaker,
    folders: ModelFolders,
    small_content: bytes,
    make_card_table: Callable[..., dict[str, Any]],
    tmp_path: Path,
) -> None:
    table = make_card_table(b"", sha256=None)
    file = tmp_path / "carrier.safetensors"
    file.write_bytes(save(load(small_content), {"autochrome_card": tomli_w.dumps(table)}))
    assert add_model(file, folders=folders).id == "small"
    assert len(verify_model("small", folders)) == 4


@pytest.mark.parametrize(
    ("card", "said"),
    [("][", "The card in .*carrier.safetensors is not a card"), ('id = "../x"', "lacks|cannot be"), ("", "lacks")],
)
def test_a_bad_card_inside_a_file_is_refused(
    small_content: bytes, tmp_path: Path, folders: ModelFolders, card: str, said: str
) -> None:
    file = tmp_path / "carrier.safetensors"
    file.write_bytes(save(load(small_content), {"autochrome_card": card}))
    with pytest.raises(BadWeightsError, match=said):
        add_model(file, folders=folders)


def test_add_without_a_card(maker: ModelMaker, folders: ModelFolders) -> None:
    weights = maker.write()
    weights.with_suffix(".toml").unlink()
    with pytest.raises(BadWeightsError, match=r"There is no card .*small\.toml"):
        add_model(weights, folders=folders)


def test_add_replaces_only_when_asked_to(maker: ModelMaker, folders: ModelFolders, small_content: bytes) -> None:
    add_model(maker.write(), folders=folders)
    newer = maker.write(content=save(load(small_content), {"version": "2"}))
    with pytest.raises(ModelStoreError, match="already installed"):
        add_model(newer, folders=folders)
    assert find_model("small", folders).weights.read_bytes() == small_content
    add_model(newer, replace=True, folders=folders)
    assert find_model("small", folders).weights.read_bytes() == newer.read_bytes()
    verify_model("small", folders)


@pytest.mark.parametrize("replace", [False, True])
def test_bundled_models_are_never_replaced(maker: ModelMaker, folders: ModelFolders, replace: bool) -> None:
    maker.write(folder=folders.bundled)
    with pytest.raises(ModelStoreError, match="came with the program"):
        add_model(maker.write(), replace=replace, folders=folders)
    assert names_in(folders.own) == []


def spoiled(content: bytes) -> bytes:
    state = load(content)
    state["ab_head.bias"][0] = torch.nan
    return save(state)


@pytest.mark.parametrize("fault", ["cut", "hash", "nan", "misfit", "count", "name"])
def test_what_is_refused_leaves_no_trace(
    maker: ModelMaker, folders: ModelFolders, small_content: bytes, fault: str
) -> None:
    weights = {
        "cut": lambda: maker.write(content=small_content[:-5]),
        "hash": lambda: maker.write(sha256="0" * 64),
        "nan": lambda: maker.write(content=spoiled(small_content)),
        "misfit": lambda: maker.write(architecture="photo-lite", network={}),
        "count": lambda: maker.write(parameters=3),
        "name": lambda: maker.write(id="../../evil"),
    }[fault]()
    with pytest.raises(BadWeightsError):
        add_model(weights, folders=folders)
    assert not folders.own.exists()


@pytest.mark.parametrize("name", ["model.pth", "model.ckpt", "model.bin"])
def test_pickles_are_not_added(maker: ModelMaker, folders: ModelFolders, name: str) -> None:
    weights = maker.write()
    with pytest.raises(BadWeightsError, match="pickle is never loaded"):
        add_model(weights.rename(weights.with_name(name)), folders=folders)


def test_a_file_of_another_suffix_is_not_added(maker: ModelMaker, folders: ModelFolders) -> None:
    weights = maker.write()
    with pytest.raises(BadWeightsError, match=r"not a \.safetensors file"):
        add_model(weights.rename(weights.with_suffix(".dat")), folders=folders)


def test_a_full_disk_leaves_no_trace(maker: ModelMaker, folders: ModelFolders, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(ModelStoreError, match="No space left"):
        add_model(maker.write(), folders=folders)
    assert names_in(folders.own) == []


def test_a_file_that_changes_while_it_is_copied_is_refused(
    maker: ModelMaker, folders: ModelFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = maker.write()
    copy = store._copy

    def change_and_copy(source: Path, destination: Path, sha256: str) -> None:
        source.write_bytes(source.read_bytes() + b"\0")
        copy(source, destination, sha256)

    monkeypatch.setattr(store, "_copy", change_and_copy)
    with pytest.raises(BadWeightsError, match="was changed while"):
        add_model(weights, folders=folders)
    assert names_in(folders.own) == []


def test_an_interrupted_add_can_be_repeated(maker: ModelMaker, folders: ModelFolders) -> None:
    """Killed between its two files, it leaves weights without a card."""
    weights = maker.write()
    add_model(weights, folders=folders)
    (folders.own / "small.toml").unlink()
    assert list_models(folders) == []
    with pytest.raises(ModelStoreError):
        add_model(weights, folders=folders)
    add_model(weights, replace=True, folders=folders)
    assert find_model("small", folders).id == "small"


def test_remove(maker: ModelMaker, folders: ModelFolders) -> None:
    for name in ("small", "small-2"):
        maker.write(name, folder=folders.own)
    remove_model("small", folders)
    assert names_in(folders.own) == ["small-2.safetensors", "small-2.toml"]
    with pytest.raises(UnknownModelError, match="Installed: small-2"):
        remove_model("small", folders)


def test_remove_a_broken_model(maker: ModelMaker, folders: ModelFolders) -> None:
    maker.write("small", folder=folders.own).unlink()
    remove_model("small", folders)
    assert names_in(folders.own) == []


def test_remove_never_touches_bundled_models_or_other_files(
    maker: ModelMaker, folders: ModelFolders, tmp_path: Path
) -> None:
    maker.write("photo", folder=folders.bundled)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.toml").write_text("")
    with pytest.raises(ModelStoreError, match="came with the program"):
        remove_model("photo", folders)
    for name in ("../secret", "..", "", "/etc/passwd"):
        with pytest.raises(UnknownModelError):
            remove_model(name, folders)
    assert (tmp_path / "data" / "secret.toml").exists()
    assert names_in(folders.bundled) == ["photo.safetensors", "photo.toml"]


def test_remove_says_why_it_could_not(
    maker: ModelMaker, folders: ModelFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker.write("small", folder=folders.own)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(EngineError, match="could not be removed: Permission denied"):
        remove_model("small", folders)


def test_verify_finds_damage(maker: ModelMaker, folders: ModelFolders) -> None:
    add_model(maker.write(), folders=folders)
    weights = folders.own / "small.safetensors"
    damaged = bytearray(weights.read_bytes())
    damaged[-1] ^= 1
    weights.write_bytes(damaged)
    with pytest.raises(BadWeightsError, match="SHA-256"):
        verify_model("small", folders)


def test_listing_loads_no_torch(maker: ModelMaker, folders: ModelFolders) -> None:
    maker.write("small", folder=folders.own)
    program = (
        "import sys; from pathlib import Path; from engine.models.store import *\n"
        f"found = list_models(ModelFolders(Path({str(folders.bundled)!r}), Path({str(folders.own)!r})))\n"
        "assert [model.id for model in found] == ['small']\n"
        "assert not {'torch', 'timm', 'safetensors'} & set(sys.modules)"
    )
    root = Path(store.__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)


def test_default_folders_are_used(maker: ModelMaker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(store, "model_folders", lambda: ModelFolders(tmp_path / "none", tmp_path / "mine"))
    add_model(maker.write())
    assert [model.id for model in list_models()] == ["small"]
    assert broken_models() == []
    remove_model("small")
    assert list_models() == []
