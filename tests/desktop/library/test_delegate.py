"""A cell of the grid: its ground and its name."""

import pytest
from PySide6.QtGui import QFont, QFontMetrics, QPalette

from desktop.library.delegate import ground_color, shortened
from desktop.theme import dark_palette, light_palette
from tests.desktop.test_theme import contrast

PALETTES = {"light": light_palette, "dark": dark_palette}
Group, Role = QPalette.ColorGroup, QPalette.ColorRole


@pytest.fixture
def metrics(qapp):
    return QFontMetrics(QFont())


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("group", [Group.Active, Group.Inactive])
@pytest.mark.parametrize(("selected", "hovered"), [(False, False), (False, True), (True, False), (True, True)])
def test_names_can_be_read_on_every_ground(qapp, name, group, selected, hovered):
    palette = PALETTES[name]()
    ground = ground_color(palette, group, selected=selected, hovered=hovered)
    assert contrast(palette.color(group, Role.Text), ground) >= 4.5
    assert (ground == palette.color(group, Role.Base)) == (not selected and not hovered)


@pytest.mark.parametrize("name", PALETTES)
def test_outline_and_ring_stand_out(qapp, name):
    palette = PALETTES[name]()
    assert contrast(palette.color(Role.Highlight), palette.color(Role.Base)) >= 3
    for selected in (False, True):
        ground = ground_color(palette, Group.Active, selected=selected)
        assert contrast(palette.color(Role.Text), ground) >= 3


def test_a_name_that_fits_is_left_alone(metrics):
    assert shortened("p1.jpg", metrics, metrics.horizontalAdvance("p1.jpg")) == "p1.jpg"


@pytest.mark.parametrize(
    ("name", "tail"),
    [
        ("1860 summer album of the family, number 0012.jpg", "0012.jpg"),
        ("1860 summer album of the family, number 12-color.jpg", "12-color.jpg"),
        ("summer album of the family without any number at all.jpeg", ".jpeg"),
        ("summer album of the family 3 " + "x" * 60 + ".tif", "x.tif"),
    ],
)
def test_a_long_name_keeps_its_number_and_its_suffix(metrics, name, tail):
    width = metrics.horizontalAdvance("1860 summer album 123")
    told = shortened(name, metrics, width)
    assert told.endswith(tail)
    assert told.startswith(name[:3])
    assert "\N{HORIZONTAL ELLIPSIS}" in told
    assert metrics.horizontalAdvance(told) <= width
