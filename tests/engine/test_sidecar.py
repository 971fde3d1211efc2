"""Sidecars: what is written is read back, what is not understood is kept, and nobody's work is ever overwritten."""

import json
import os
import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import Hint, HintPoint, Look, Sidecar, SidecarError, read_sidecar, sidecar_path, write_sidecar
from engine.sidecar import KNOWN
from tests.engine.hints.painting_hints import RED, dab, hints

quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)

looks = st.builds(
    Look,
    saturation=st.floats(0, 4),
    vibrance=st.floats(-1, 1),
    temperature=st.floats(-100, 100),
    white_balance=st.booleans(),
    evenness=st.floats(0, 1),
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
unknown_keys = st.text(max_size=8).filter(lambda name: name not in KNOWN)
sizes = st.just({}) | st.fixed_dictionaries({"width": st.integers(1, 20000), "height": st.integers(1, 20000)})
sidecars = st.builds(
    lambda size, **rest: Sidecar(**size, **rest),
    sizes,
    model=st.none() | st.text(min_size=1, max_size=12),
    variant=st.none() | st.integers(0, 63),
    look=st.none() | looks,
    hints=st.lists(hints, max_size=4).map(tuple),
    unknown=st.dictionaries(unknown_keys, plain, max_size=3),
)

FULL = Sidecar(
    1600, 1200, "photo", 2, Look(saturation=1.5), (Hint((HintPoint(412, 96.5), HintPoint(430, 99, 0.5)), 6, RED),)
)
EXAMPLE = """{"autochrome": 1, "photo": {"width": 1600, "height": 1200}, "model": "photo",
 "look": {"saturation": 1.0, "vibrance": 0.0, "temperature": 0.0},
 "hints": [{"points": [[412.0, 96.5], [430.0, 99.0]], "radius": 6.0, "color": "#7d2a2f"},
           {"points": [[40.0, 30.0]], "radius": 12.0, "color": null}]}
"""


@pytest.fixture
def path(tmp_path):
    return sidecar_path(tmp_path / "x.jpg")


def put(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_it_lies_beside_its_photo_or_in_a_folder(tmp_path):
    assert sidecar_path(tmp_path / "x.jpg") == tmp_path / "x.jpg.autochrome.json"
    assert sidecar_path(tmp_path / "x.jpg", tmp_path / "other") == tmp_path / "other" / "x.jpg.autochrome.json"


def test_the_example_of_the_design_is_read(path):
    sidecar = read_sidecar(put(path, EXAMPLE))
    assert sidecar == Sidecar(
        1600,
        1200,
        "photo",
        look=Look(),
        hints=(Hint((HintPoint(412, 96.5), HintPoint(430, 99)), 6, "#7d2a2f"), dab(40, 30, 12, None)),
    )


def test_every_key_but_the_version_may_be_absent(path):
    assert read_sidecar(put(path, '{"autochrome": 1}')) == Sidecar()
    assert read_sidecar(put(path, '{"autochrome": 1, "look": null, "hints": null, "photo": null}')) == Sidecar()
    assert read_sidecar(put(path, '{"autochrome": 1, "look": {"vibrance": 0.5}}')) == Sidecar(look=Look(vibrance=0.5))
    assert read_sidecar(put(path, b'\xef\xbb\xbf{"autochrome": 1}\r\n')) == Sidecar()


def test_without_a_file_there_is_none(tmp_path):
    assert read_sidecar(sidecar_path(tmp_path / "x.jpg")) is None
    assert read_sidecar(sidecar_path(tmp_path / "no folder" / "x.jpg")) is None
    (tmp_path / "file").touch()
    assert read_sidecar(sidecar_path(tmp_path / "file" / "x.jpg")) is None


@quick
@given(sidecars)
def test_what_is_written_is_read_back(path, sidecar):
    path.unlink(missing_ok=True)
    write_sidecar(path, sidecar)
    there = read_sidecar(path)
    if sidecar.is_empty and not sidecar.unknown:
        assert there is None
    else:
        assert there == sidecar
    write_sidecar(path, sidecar)
    assert read_sidecar(path) == there


def refusal(path):
    """Why a sidecar is not read; None where it is."""
    try:
        assert read_sidecar(path) is not None
    except SidecarError as error:
        return error
    return None


@quick
@given(
    st.binary(max_size=200)
    | plain.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(st.sampled_from([*sorted(KNOWN), "x"]), plain, max_size=5).map(
        lambda fields: json.dumps({"autochrome": 1, **fields}).encode()
    )
    | st.integers(0, len(EXAMPLE)).map(lambda end: EXAMPLE[:end].encode())
    | st.tuples(st.integers(0, len(EXAMPLE) - 1), st.integers(0, 255)).map(
        lambda change: EXAMPLE.encode()[: change[0]] + bytes([change[1]]) + EXAMPLE.encode()[change[0] + 1 :]
    )
)
def test_any_bytes_are_read_or_refused_and_stay_as_they_are(path, content):
    put(path, content)
    error = refusal(path)
    if error is not None:
        assert error.path == path
        assert str(path) in str(error)
        assert error.advice
        for sidecar in (FULL, Sidecar()):
            with pytest.raises(SidecarError):
                write_sidecar(path, sidecar)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        (b"\xff\xfe", "UTF-8"),
        ("[1]", "autochrome"),
        ("{}", "autochrome"),
        ('{"autochrome": 0}', "version 0"),
        ('{"autochrome": true}', "whole number"),
        ('{"autochrome": 1.0}', "whole number"),
        ('{"autochrome": 1, "autochrome": 1}', "twice"),
        ('{"autochrome": 1, "x": NaN}', "NaN"),
        ('{"autochrome": 1, "x": 1e999}', "1e999"),
        ('{"autochrome": 1, "x": ' + "[" * 200_000 + "]" * 200_000 + "}", "nested"),
        ('{"autochrome": 1, "x": ' + "1" * 5000 + "}", "."),
        ('{"autochrome": 1, "photo": 5}', "photo"),
        ('{"autochrome": 1, "photo": {"width": 5}}', "height"),
        ('{"autochrome": 1, "photo": {"width": 0, "height": 5}}', "0 pixels"),
        ('{"autochrome": 1, "model": 5}', "model"),
        ('{"autochrome": 1, "model": ""}', "name"),
        ('{"autochrome": 1, "variant": -1}', "variant"),
        ('{"autochrome": 1, "variant": 1.5}', "variant"),
        ('{"autochrome": 1, "look": {"saturation": "much"}}', "saturation"),
        ('{"autochrome": 1, "look": {"saturation": -1}}', "saturation"),
        ('{"autochrome": 1, "look": {"vibrance": 2}}', "vibrance"),
        ('{"autochrome": 1, "look": {"white_balance": 1}}', "white_balance"),
        ('{"autochrome": 1, "look": {"evenness": 1.1}}', "evenness"),
        ('{"autochrome": 1, "look": {"evenness": true}}', "evenness"),
        ('{"autochrome": 1, "hints": {}}', "hints"),
        ('{"autochrome": 1, "hints": [5]}', "hint 1"),
        ('{"autochrome": 1, "hints": [{"points": [[1, 2]], "radius": 1}]}', 'hint 1: there is no "color"'),
        ('{"autochrome": 1, "hints": [{"points": [], "radius": 1, "color": null}]}', "hint 1"),
        ('{"autochrome": 1, "hints": [{"points": [[1]], "radius": 1, "color": null}]}', "two numbers"),
        ('{"autochrome": 1, "hints": [{"points": [["1", 2]], "radius": 1, "color": null}]}', "number"),
        ('{"autochrome": 1, "hints": [{"points": [[1, 2]], "radius": 1, "color": "red"}]}', "red"),
        ('{"autochrome": 1, "hints": [{"points": [[1, 2]], "radius": true, "color": null}]}', "radius"),
    ],
)
def test_a_damaged_file_is_said_with_its_name_and_what_is_wrong(path, content, why):
    put(path, content)
    with pytest.raises(SidecarError, match="x.jpg.autochrome.json: it is damaged: .*" + why):
        read_sidecar(path)


def test_what_is_unknown_is_kept_wherever_it_stands(path):
    put(
        path,
        json.dumps(
            {
                "autochrome": 1,
                "by": "Ada",
                "photo": {"width": 10, "height": 20, "archive": "7/12"},
                "look": {"grain": 3},
                "hints": [
                    {"points": [[1, 2]], "radius": 3, "color": RED, "note": "coat"},
                    {"points": [[3, 4]], "radius": 3, "color": None, "note": "sky"},
                ],
            }
        ),
    )
    there = read_sidecar(path)
    assert there.unknown == {"by": "Ada", "photo": {"archive": "7/12"}, "look": {"grain": 3}}
    moved = there.hints[0].moved(1, 1)
    # Whoever has read the file before takes everything along; whoever has not loses nothing of what is there.
    write_sidecar(path, Sidecar(10, 20, hints=(moved, dab(3, 4, 3, None)), look=Look(), unknown={"by": "Grace"}))
    written = json.loads(path.read_text())
    assert written["by"] == "Grace"
    assert written["photo"] == {"archive": "7/12", "width": 10, "height": 20}
    assert written["look"]["grain"] == 3
    assert [hint["note"] for hint in written["hints"]] == ["coat", "sky"]
    assert read_sidecar(path).unknown == {**there.unknown, "by": "Grace"}


def test_one_that_is_empty_is_removed_unless_something_is_unknown(path):
    write_sidecar(path, FULL)
    write_sidecar(path, Sidecar(1600, 1200))
    assert not path.exists()
    write_sidecar(path, Sidecar())
    assert not path.exists()
    write_sidecar(path, Sidecar(model="photo", unknown={"by": "Ada"}))
    write_sidecar(path, Sidecar())
    assert read_sidecar(path) == Sidecar(unknown={"by": "Ada"})


def test_a_newer_one_is_read_and_never_written(path):
    content = EXAMPLE.replace('"autochrome": 1', '"autochrome": 2')
    newer = read_sidecar(put(path, content))
    assert newer.read_only
    assert len(newer.hints) == 2
    for sidecar in (FULL, Sidecar(), newer):
        with pytest.raises(SidecarError, match="newer version"):
            write_sidecar(path, sidecar)
    assert path.read_text() == content
    with pytest.raises(SidecarError, match="newer version"):
        write_sidecar(path.with_name("elsewhere"), newer)


def test_a_newer_one_that_is_not_understood_says_that_it_is_newer(path):
    put(path, '{"autochrome": 2, "hints": {"layers": []}}')
    with pytest.raises(SidecarError, match="newer version"):
        read_sidecar(path)


def test_a_file_that_says_the_same_is_not_written_again(path):
    write_sidecar(path, FULL)
    os.utime(path, ns=(1, 1))
    write_sidecar(path, FULL)
    assert path.stat().st_mtime_ns == 1
    write_sidecar(path, Sidecar(model="vivid"))
    assert path.stat().st_mtime_ns != 1


def test_hints_are_scaled_to_the_photo_as_it_is_now():
    assert FULL.hint_set(3200, 2400).hints == (FULL.hints[0].scaled(2, 2),)
    assert FULL.hint_set(1600, 1200).hints == FULL.hints
    assert Sidecar(hints=FULL.hints).hint_set(77, 55).hints == FULL.hints
    assert not Sidecar().hint_set(5, 5)


def test_its_text_has_a_line_for_each_hint(path):
    write_sidecar(path, Sidecar(16, 12, hints=(dab(1, 2), dab(3, 4))))
    assert path.read_text() == (
        '{"autochrome": 1,\n "photo": {"width": 16, "height": 12},\n "hints": [\n'
        '  {"points": [[1.0, 2.0]], "radius": 5.0, "color": "#7d2a2f"},\n'
        '  {"points": [[3.0, 4.0]], "radius": 5.0, "color": "#7d2a2f"}\n ]}\n'
    )


def test_a_failed_write_leaves_the_former_file_and_nothing_else(path, monkeypatch):
    write_sidecar(path, FULL)
    before = path.read_bytes()

    def fail(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SidecarError, match="disk is full"):
        write_sidecar(path, Sidecar(model="vivid"))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_value_that_json_cannot_hold_is_a_mistake_of_the_caller(path):
    write_sidecar(path, FULL)
    for wrong in ({"x": {1, 2}}, {"x": float("nan")}):
        with pytest.raises(ValueError, match=r"."):
            write_sidecar(path, Sidecar(unknown=wrong))
    assert read_sidecar(path) == FULL


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_said(path):
    path.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(SidecarError, match="permission"):
            write_sidecar(path, FULL)
    finally:
        path.parent.chmod(stat.S_IRWXU)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_what_is_no_file_is_refused_without_waiting(path):
    os.mkfifo(path)
    with pytest.raises(SidecarError, match="not a file"):
        read_sidecar(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(SidecarError):
        read_sidecar(path)


def test_a_name_that_is_too_long_has_no_sidecar(tmp_path):
    photo = tmp_path / ("x" * 250 + ".jpg")
    assert read_sidecar(sidecar_path(photo)) is None
    with pytest.raises(SidecarError, match="too long"):
        write_sidecar(sidecar_path(photo), FULL)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_stays_one(path, tmp_path):
    elsewhere = tmp_path / "kept" / "x.json"
    elsewhere.parent.mkdir()
    write_sidecar(elsewhere, FULL)
    path.symlink_to(elsewhere)
    write_sidecar(path, Sidecar(model="vivid"))
    assert path.is_symlink()
    assert read_sidecar(elsewhere) == Sidecar(model="vivid")


def test_a_large_file_is_refused_unread(path):
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(SidecarError, match="100 MB"):
        read_sidecar(path)


@pytest.mark.parametrize(
    "wrong",
    [{"width": 5}, {"width": 0, "height": 5}, {"model": ""}, {"variant": -1}, {"look": Look(vibrance=float("nan"))}],
)
def test_what_could_not_be_read_back_cannot_be_made(wrong):
    with pytest.raises(ValueError, match=r"."):
        Sidecar(**wrong)
