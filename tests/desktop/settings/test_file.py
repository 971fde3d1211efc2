"""The settings file: round trips, damage, and disks that do not let themselves be written to."""

import os
import tomllib
from dataclasses import replace

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.settings import (
    Appearance,
    BatchSettings,
    Coloring,
    LibrarySettings,
    Saving,
    Settings,
    SettingsFile,
    UnsavedSettingsError,
    config_folder,
)

OTHERS = Settings(
    appearance=Appearance(theme="dark", language="de"),
    coloring=Coloring(model="vivid", device="cpu", white_balance=True),
    saving=Saving(format="tiff", quality=80, mark=False, metadata=False),
    library=LibrarySettings(thumbnail_size=256, recent=("/a", "/b ü"), reopen=False, folder="/a", photo="/a/x.jpg"),
    batch=BatchSettings(jobs=2, salvage=True, exact_luma=True),
)
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config" / "settings.toml"


def written(path, content):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def saved(path, values):
    file = SettingsFile(path)
    file.read()
    file.write(lambda: values)


def test_a_new_user_has_the_defaults_and_no_message(path):
    assert SettingsFile(path).read() == (Settings(), None)
    assert not path.parent.exists()


def test_what_was_written_is_read_again(path):
    saved(path, OTHERS)
    assert SettingsFile(path).read() == (OTHERS, None)


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_folders_of_undecodable_names_are_kept(path):
    library = LibrarySettings(recent=(os.fsdecode(b"/photos/\xff\xe9 100%"), "file-name:x"))
    saved(path, Settings(library=library))
    assert SettingsFile(path).read() == (Settings(library=library), None)


def test_nothing_but_the_file_is_left_behind(path):
    saved(path, OTHERS)
    assert os.listdir(path.parent) == ["settings.toml"]


def test_keys_that_this_version_does_not_know_are_kept(path):
    document = {"plugins": {"a": [1, 2]}, "saving": {"quality": 70, "colour_space": "P3"}, "note": "mine"}
    written(path, tomli_w.dumps(document))
    file = SettingsFile(path)
    values, problem = file.read()
    assert (values.saving.quality, problem) == (70, None)
    file.write(lambda: replace(values, saving=Saving(quality=60)))
    after = tomllib.loads(path.read_text())
    assert after["plugins"] == {"a": [1, 2]}
    assert after["note"] == "mine"
    assert after["saving"]["colour_space"] == "P3"
    assert after["saving"]["quality"] == 60


@pytest.mark.parametrize(
    "content",
    [b"\x00\xff\xfe", b"[appearance", b"a = " + b"[" * 100_000, b"n = 0x" + b"f" * 9000, b"#" * 2_000_000, b"a = \xff"],
    ids=["bytes", "cut", "nested", "huge number", "huge file", "not text"],
)
def test_a_damaged_file_is_set_aside_and_told(path, content):
    written(path, content)
    file = SettingsFile(path)
    values, problem = file.read()
    assert values == Settings()
    assert "damaged" in problem.sentence
    assert str(path) in problem.sentence
    assert "settings.toml.bad" in problem.advice
    assert path.with_name("settings.toml.bad").read_bytes() == content
    file.write(lambda: OTHERS)
    assert SettingsFile(path).read() == (OTHERS, None)


def test_a_file_of_a_newer_version_is_set_aside_and_told(path):
    written(path, 'autochrome = 2\n[saving]\nquality = "best"\n')
    values, problem = SettingsFile(path).read()
    assert values == Settings()
    assert "newer version" in problem.sentence
    assert path.with_name("settings.toml.bad").exists()


@pytest.mark.parametrize("version", ["true", '"1"', "0", "-1", "1.0"])
def test_a_version_that_is_none_is_damage(path, version):
    written(path, f"autochrome = {version}\n")
    assert "damaged" in SettingsFile(path).read()[1].sentence


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('appearance = {theme = "pink"}', "appearance.theme"),
        ("appearance = {theme = ['dark']}", "appearance.theme"),
        ("saving = {quality = 0}", "saving.quality"),
        ("saving = {quality = 101}", "saving.quality"),
        ("saving = {quality = true}", "saving.quality"),
        ("saving = {quality = 92.0}", "saving.quality"),
        ("saving = {mark = 1}", "saving.mark"),
        ("library = {recent = 'x'}", "library.recent"),
        ("library = {recent = ['x', 1]}", "library.recent"),
        ("library = {thumbnail_size = 99999999999999999999999999}", "library.thumbnail_size"),
        ("coloring = {model = 3}", "coloring.model"),
        ("batch = 3", "batch"),
    ],
)
def test_one_value_that_cannot_be_used_costs_that_one_alone(path, line, name):
    known = tomllib.loads(line)
    others = {"appearance": {"language": "de"}, "saving": {"metadata": False}}
    document = {**others, **known}
    for section, table in others.items():
        if section in known:
            document[section] = {**table, **known[section]}
    written(path, tomli_w.dumps(document))
    values, problem = SettingsFile(path).read()
    assert name in problem.sentence
    assert values == Settings(appearance=Appearance(language="de"), saving=Saving(metadata=False))
    assert path.with_name("settings.toml.bad").exists()
    assert SettingsFile(path).read() == (values, None), "told once, and the good values are still there"


@quick
@given(content=st.binary(max_size=300))
def test_random_bytes_never_stop_the_program(tmp_path, content):
    path = written(tmp_path / "config" / "settings.toml", content)
    values, problem = SettingsFile(path).read()
    if problem is not None:
        assert values == Settings()
        assert path.with_name("settings.toml.bad").read_bytes() == content


anything = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    ["theme", "language", "model", "device", "format", "quality", "mark", "recent", "jobs", "photo"]
)
sections = st.sampled_from(["appearance", "coloring", "saving", "library", "batch", "autochrome", "x"])


@quick
@given(document=st.dictionaries(sections, anything | st.dictionaries(names, anything, max_size=4), max_size=5))
def test_any_document_gives_settings_that_can_be_written_and_read_again(tmp_path, document):
    path = written(tmp_path / "config" / "settings.toml", tomli_w.dumps(document))
    file = SettingsFile(path)
    values, _ = file.read()
    file.write(lambda: values)
    assert SettingsFile(path).read() == (values, None)


@quick
@given(where=st.integers(0, 10_000), byte=st.integers(0, 255), length=st.integers(0, 10_000))
def test_a_flipped_byte_or_a_cut_never_stops_the_program(tmp_path, where, byte, length):
    path = tmp_path / "config" / "settings.toml"
    saved(path, OTHERS)
    content = bytearray(path.read_bytes())
    content[where % len(content)] = byte
    path.write_bytes(content[: length % (len(content) + 1)])
    values, _ = SettingsFile(path).read()
    assert isinstance(values, Settings)


def test_a_folder_in_the_files_place_is_told_and_left_alone(path):
    path.mkdir(parents=True)
    file = SettingsFile(path)
    values, problem = file.read()
    assert values == Settings()
    assert "cannot be read" in problem.sentence
    file.write(lambda: OTHERS)
    assert path.is_dir()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "config").write_text("a file")
    file = SettingsFile(tmp_path / "config" / "settings.toml")
    file._may_write = True  # reading would have found out already
    with pytest.raises(UnsavedSettingsError) as caught:
        file.write(lambda: OTHERS)
    assert "settings.toml" in caught.value.sentence


def test_a_full_disk_leaves_the_old_file(path, monkeypatch):
    saved(path, OTHERS)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnsavedSettingsError, match="No space left"):
        saved(path, Settings())
    monkeypatch.undo()
    assert SettingsFile(path).read() == (OTHERS, None)
    assert os.listdir(path.parent) == ["settings.toml"]


def test_the_environment_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("AUTOCHROME_CONFIG", str(tmp_path))
    assert config_folder() == tmp_path
    assert SettingsFile().path == tmp_path / "settings.toml"
    monkeypatch.delenv("AUTOCHROME_CONFIG")
    assert config_folder().name == "autochrome"


def test_a_folder_opened_again_moves_to_the_head_of_the_recent_ones():
    library = LibrarySettings()
    for number in range(15):
        library = library.with_recent(f"/{number}")
    library = library.with_recent("/10")
    assert library.recent[:3] == ("/10", "/14", "/13")
    assert len(library.recent) == len(set(library.recent)) == 12
