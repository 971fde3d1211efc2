"""The icons: every one draws something, in the colour of the text, in both themes."""

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPalette

from desktop.icons import FOLDER, icon
from desktop.theme import dark_palette, light_palette

NEEDED = [
    "open-folder",
    "open-photo",
    "save",
    "save-as",
    "split",
    "side-by-side",
    "compare",
    "fit",
    "actual-size",
    "zoom-in",
    "zoom-out",
    "previous",
    "next",
    "undo",
    "redo",
    "settings",
    "batch",
    "play",
    "pause",
    "stop",
    "retry",
    "remove",
    "add",
    "reset",
    "original",
    "keys",
    "log",
    "about",
    "info",
    "warning",
    "error",
    "check",
]
NAMES = sorted(path.stem for path in FOLDER.glob("*.svg") if path.stem != "autochrome")


@pytest.fixture(params=[light_palette, dark_palette], ids=["light", "dark"])
def palette(qapp, request):
    former = qapp.palette()
    qapp.setPalette(request.param())
    yield qapp.palette()
    qapp.setPalette(former)


def drawn(name, side, mode=QIcon.Mode.Normal):
    return icon(name).pixmap(QSize(side, side), mode).toImage().convertToFormat(QImage.Format.Format_ARGB32)


def strongest(image):
    """The most opaque pixel."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(pixels, key=lambda pixel: pixel.alpha())


def test_all_that_are_needed_are_there():
    assert set(NEEDED) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_24_pixel_drawing_in_the_texts_colour(name):
    source = (FOLDER / f"{name}.svg").read_text()
    assert 'viewBox="0 0 24 24"' in source
    assert "currentColor" in source
    assert re.findall(r"#[0-9a-fA-F]{3,8}", source) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_draws_something_in_each_theme(palette, name):
    for mode, group, role in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText),
        (QIcon.Mode.Selected, QPalette.ColorGroup.Active, QPalette.ColorRole.HighlightedText),
    ):
        pixel = strongest(drawn(name, 24, mode))
        wanted = palette.color(group, role)
        assert pixel.alpha() > 200
        for part in ("red", "green", "blue"):
            assert abs(getattr(pixel, part)() - getattr(wanted, part)()) <= 8


def test_one_in_another_colour_of_selected_text_is_drawn_anew(qapp):
    former, palette = qapp.palette(), QPalette(qapp.palette())
    try:
        for color in ("#ff0000", "#00ff00"):
            palette.setColor(QPalette.ColorRole.HighlightedText, QColor(color))
            qapp.setPalette(palette)
            assert strongest(drawn("folder", 24, QIcon.Mode.Selected)).name() == color
    finally:
        qapp.setPalette(former)


def test_no_two_are_alike(qapp):
    pictures = [bytes(drawn(name, 24).constBits()) for name in NAMES]
    assert len(set(pictures)) == len(pictures)


@pytest.mark.parametrize("side", [16, 24, 32, 48, 256])
def test_the_programs_icon_is_grey_on_the_left_and_coloured_on_the_right(qapp, side):
    image = QIcon(str(FOLDER / "autochrome.svg")).pixmap(QSize(side, side)).toImage()
    left = image.pixelColor(side // 4, side // 3)
    right = image.pixelColor(3 * side // 4, side // 3)
    assert left.saturation() < 10
    assert right.saturation() > 60
    assert image.pixelColor(0, 0) == QColor(0, 0, 0, 0)


def test_it_is_there_as_a_picture_too(qapp):
    picture = QImage(str(FOLDER / "autochrome.png"))
    assert picture.size() == QSize(256, 256)
    assert picture.hasAlphaChannel()


def test_an_icon_that_is_not_there_is_an_error(qapp):
    assert QGuiApplication.instance() is not None
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")
