"""What a Linux desktop needs to know: valid, and true."""

import configparser
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

FOLDER = Path(__file__).parent.parent.parent / "resources" / "linux"
ENTRY = FOLDER / "org.autochrome.Autochrome.desktop"
METAINFO = FOLDER / "org.autochrome.Autochrome.metainfo.xml"


def test_the_entry_starts_the_program_with_what_it_is_given():
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(ENTRY, "utf-8")
    section = entry["Desktop Entry"]
    assert section["Exec"] == "autochrome %F"
    assert section["Icon"] == ENTRY.stem
    types = section["MimeType"].split(";")
    assert {"image/jpeg", "image/png", "image/tiff", "image/webp", "inode/directory"} <= set(types)
    assert {"Comment[de]", "GenericName[de]", "Keywords[de]"} <= set(section)


def test_the_metainfo_belongs_to_the_entry():
    root = ET.parse(METAINFO).getroot()
    assert root.findtext("id") == ENTRY.stem
    assert root.findtext("launchable") == ENTRY.name
    assert root.findtext("project_license") == "Apache-2.0"
    offered = {one.text for one in root.findall("provides/mediatype")}
    assert offered <= set(ENTRY.read_text("utf-8").partition("MimeType=")[2].split(";"))


@pytest.mark.parametrize(
    "command",
    [["desktop-file-validate", ENTRY], ["appstreamcli", "validate", "--no-net", METAINFO]],
    ids=lambda c: c[0],
)
def test_the_systems_own_tools_find_nothing_wrong(command):
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    assert subprocess.run(command, capture_output=True, check=False, text=True).returncode == 0
