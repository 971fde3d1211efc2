"""Photos and colours that are told apart by a pixel, and a canvas to show them on."""

from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.canvas import Canvas, HintTools, PhotoView, Picture, Viewport
from desktop.canvas.tiles import TileStore
from desktop.tasks import Tasks
from engine import Colors, HintSet, Painting, Pyramid

ORANGE, BLUE = (25.0, 40.0), (10.0, -45.0)


@pytest.fixture
def tasks(qtbot):
    made = Tasks("tiles", 2)
    yield made
    assert made.stop()


@pytest.fixture
def canvas(qtbot, tasks):
    widget = Canvas(tasks)
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@dataclass
class Shown:
    view: PhotoView
    viewport: Viewport
    store: TileStore


@pytest.fixture
def show(qtbot, tasks):
    """Shows pixels in a view of their own and waits until they are there."""

    def shown(pixels, width=400, height=300, painting=None):
        viewport, store = Viewport(), TileStore(tasks)
        view = PhotoView(store, viewport)
        qtbot.addWidget(view)
        view.resize(width, height)
        pyramid = Pyramid.build(pixels)
        viewport.set_photo(pyramid.width, pyramid.height)
        view.set_picture(Picture(pyramid.width, pyramid.height, pyramid=pyramid, painting=painting))
        view.show()
        qtbot.waitUntil(lambda: view.settled)
        return Shown(view, viewport, store)

    return shown


@pytest.fixture
def paint():
    """Colours that are the same everywhere."""

    def made(ab=ORANGE):
        return Painting(Colors(np.full((8, 8, 2), ab, np.float32), np.full((32, 32), 50, np.float32)))

    return made


@pytest.fixture
def ramp():
    """Red grows from left to right, green from top to bottom, both evenly."""

    def made(width, height):
        across = np.round((np.arange(width) + 0.5) * 255 / width).astype(np.uint8)
        down = np.round((np.arange(height) + 0.5) * 255 / height).astype(np.uint8)
        pixels = np.full((height, width, 3), 128, np.uint8)
        pixels[..., 0], pixels[..., 1] = across[None], down[:, None]
        return pixels

    return made


@pytest.fixture
def plain():
    """A photo of one grey."""

    def made(width=800, height=600, value=128):
        return np.full((height, width), value, np.uint8)

    return made


@pytest.fixture
def grab():
    """What a widget shows: H×W×3."""

    def grabbed(widget):
        image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        values = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return values[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)

    return grabbed


@pytest.fixture
def wheel():
    """Turns the wheel by notches over a point of a widget."""

    def turned(widget, point, notches, modifiers=Qt.KeyboardModifier.NoModifier):
        at = QPointF(point)
        event = QWheelEvent(
            at,
            widget.mapToGlobal(at),
            QPoint(),
            QPoint(0, round(120 * notches)),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    return turned


@pytest.fixture
def drag():
    """Presses, moves and releases the mouse, step by step."""

    def dragged(widget, start, end, button=Qt.MouseButton.LeftButton):
        QTest.mousePress(widget, button, Qt.KeyboardModifier.NoModifier, start)
        for step in range(1, 11):
            point = QPoint(
                start.x() + (end.x() - start.x()) * step // 10, start.y() + (end.y() - start.y()) * step // 10
            )
            QTest.mouseMove(widget, point)
        QTest.mouseRelease(widget, button, Qt.KeyboardModifier.NoModifier, end)

    return dragged


@pytest.fixture
def tools(qapp):
    """Tools for hints, none of them chosen."""
    return HintTools()


@pytest.fixture
def hinted(qtbot, canvas, tools, plain):
    """A canvas of 400×300 that shows a grey photo of 800×600, at half its size, without hints."""
    canvas.show_photo(Pyramid.build(plain()))
    tools.set_hints(HintSet(800, 600))
    canvas.set_hint_tools(tools)
    qtbot.waitUntil(lambda: canvas.settled)
    return canvas


@pytest.fixture
def notes(tools):
    """All that tools tell, as (name, arguments…)."""
    told = []
    for name in (
        "stroking",
        "stroked",
        "erasing",
        "erased",
        "moving",
        "moved",
        "given_up",
        "selected_changed",
        "picked",
    ):
        getattr(tools, name).connect(lambda *values, name=name: told.append((name, *values)))
    tools.delete_requested.connect(lambda index: told.append(("delete_requested", index)))
    return told


@pytest.fixture
def press():
    """Sends an event of the mouse to a widget, at any point."""

    def sent(widget, kind, point, button=Qt.MouseButton.LeftButton):
        none = Qt.MouseButton.NoButton
        at = QPointF(point)
        held = none if kind == QEvent.Type.MouseButtonRelease else button
        changed = none if kind == QEvent.Type.MouseMove else button
        event = QMouseEvent(kind, at, widget.mapToGlobal(at), changed, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(widget, event)

    return sent
