"""What the tests of painting hints begin with."""

import pytest

from tests.desktop.flows.acting import is_coloured, wait


@pytest.fixture
def opened(make_program, folder, qtbot, errors):
    """The window with a photo open and coloured, and a small brush."""
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    program.parts.tools.set_radius(6.0)
    program.parts.canvas.setFocus()
    return program
