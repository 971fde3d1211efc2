"""What a report says, and whose names it leaves out."""

import sys
from pathlib import Path

import pytest

import desktop.details
from desktop.details import bug_report, program_version, without_names


@pytest.fixture
def anna(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/home/anna müller"))
    monkeypatch.setattr(desktop.details.getpass, "getuser", lambda: "anna")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/home/anna müller/Photos/x.jpg: damaged", "~/Photos/x.jpg: damaged"),
        ("file:///home/anna%20m%C3%BCller/x.jpg", "file://~/x.jpg"),
        ('File "/home/anna müller"', 'File "~"'),
        ("/home/anna-x/x.jpg", "/home/anna-x/x.jpg"),
        ("/media/anna/Disk/x.jpg and /run/user/anna", "/media/user/Disk/x.jpg and /run/user/user"),
        ("C:\\Users\\anna\\x.jpg", "C:\\Users\\user\\x.jpg"),
        ("/photos/annabel/x.jpg, hosanna", "/photos/annabel/x.jpg, hosanna"),
    ],
)
def test_names_are_left_out(anna, text, told):
    assert without_names(text) == told


def test_a_home_that_is_the_root_is_left_alone(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/"))
    monkeypatch.setattr(desktop.details.getpass, "getuser", lambda: "x")
    assert without_names("/a/b") == "/a/b"


def test_a_user_without_a_name_is_no_error(monkeypatch):
    def nobody():
        raise KeyError("uid not found")

    monkeypatch.setattr(desktop.details.getpass, "getuser", nobody)
    assert without_names("/a/b") == "/a/b"


def test_a_report_says_what_happened_and_where(qapp, anna):
    try:
        raise ValueError("/home/anna müller/x.jpg is odd")
    except ValueError as error:
        text = bug_report(error, [f"line {number}" for number in range(80)])
    assert f"Autochrome {program_version()}" in text
    assert "PySide6" in text
    assert "ValueError: ~/x.jpg is odd" in text
    assert "test_details.py" in text
    assert "line 79" in text
    assert "line 30\n" in text
    assert "line 29" not in text
    assert "anna" not in text


def test_it_tells_torch_without_loading_it(qapp, monkeypatch):
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    assert "torch is not loaded" in bug_report(None, [])
    assert "torch" not in sys.modules


def test_a_program_that_is_not_installed_has_no_version(monkeypatch):
    def missing(name):
        raise desktop.details.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(desktop.details.metadata, "version", missing)
    assert program_version() == "unknown"
