import ctypes
import ctypes.util
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from desktop.library.uri import address_of, file_uri, path_of

GLIB = ctypes.util.find_library("glib-2.0")


def test_what_a_path_may_hold_is_kept_and_the_rest_is_escaped_in_capitals():
    assert address_of(b"/a b/Se\xc3\xb1or;#?%.jpg") == "file:///a%20b/Se%C3%B1or%3B%23%3F%25.jpg"
    assert address_of(b"/!$&'()*+,-./:=@_~") == "file:///!$&'()*+,-./:=@_~"


def test_a_drive_of_windows_gets_its_slash():
    assert address_of(b"C:/photos/me.png") == "file:///C:/photos/me.png"


@pytest.mark.skipif(GLIB is None, reason="GLib is not installed")
def test_every_byte_is_written_as_glib_writes_it():
    glib = ctypes.CDLL(GLIB)
    glib.g_filename_to_uri.restype = ctypes.c_char_p
    glib.g_filename_to_uri.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p]
    path = b"/" + bytes(range(1, 256))
    assert address_of(path) == glib.g_filename_to_uri(path, None, None).decode()


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
@pytest.mark.parametrize("name", [b"plain.jpg", b"\xff\xfe.jpg", "Ä ö;#%.jpg".encode(), b"a\nb.jpg"])
def test_an_address_leads_back_to_its_file(name):
    path = Path("/photos", os.fsdecode(name))
    assert path_of(QUrl.fromEncoded(file_uri(path).encode())) == path


def test_only_files_of_this_computer_have_a_path():
    assert path_of(QUrl("https://example.org/a.jpg")) is None


def test_links_are_not_followed_but_steps_back_are(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    assert file_uri(tmp_path / "link" / "x" / ".." / "a.jpg").endswith("/link/a.jpg")
