"""The main window: what stands where. It does nothing by itself; `desktop.app` connects it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QMainWindow,
    QMenu,
    QScrollArea,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import Actions, make_actions
from desktop.status import StatusBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

TOOLBAR = (
    "open_folder",
    "open_photo",
    "",
    "previous",
    "next",
    "",
    "single",
    "split",
    "side_by_side",
    "compare_variants",
    "",
    "brush",
    "eraser",
    "",
    "fit",
    "actual_size",
    "",
    "undo",
    "redo",
    "",
    "save",
    "color_folder",
)
WORDED = ("open_folder", "save", "color_folder")
"""The acts that a new user looks for; their buttons have words."""
MENUS: tuple[tuple[str, ...], ...] = (
    ("open_folder", "open_photo", "paste", "", "save", "save_as", "save_all", "", "color_folder", "", "quit"),
    ("undo", "redo", "", "find", "cancel", "", "settings"),
    (
        "previous",
        "next",
        "previous_page",
        "next_page",
        "",
        "single",
        "split",
        "side_by_side",
        "original",
        "",
        "compare_variants",
        "compare_models",
        "",
        "fit",
        "actual_size",
        "zoom_in",
        "zoom_out",
        "",
        "full_screen",
    ),
    (
        "brush",
        "eraser",
        "pick",
        "select",
        "",
        "brush_larger",
        "brush_smaller",
        "",
        "neutral",
        "keep",
        "",
        "delete_hint",
        "clear_hints",
        "",
        "copy_hints",
        "paste_hints",
        "previous_hints",
        "reference",
        "",
        "where",
        "show_hints",
    ),
    ("keys", "welcome", "", "log", "about"),
)


class MainWindow(QMainWindow):
    """The window of Autochrome.

    Args:
        welcome: Stands in the middle while no photo is open.
        canvas: Stands there when one is.
        library: Stands on the left.
        side: The panels on the right, from top to bottom.
        hints: The panel in the tab beside them.
        queue: Stands below; hidden until it is used.

    Signals:
        files_dropped (list): Paths that were dropped onto the window.
        closing (object): The window is about to close; whoever must not lose anything calls `ignore` on the event.
        palette_changed (): The theme has changed.
    """

    files_dropped = Signal(list)
    closing = Signal(object)
    palette_changed = Signal()

    def __init__(
        self,
        welcome: QWidget,
        canvas: QWidget,
        library: QWidget,
        side: Sequence[QWidget],
        hints: QWidget,
        queue: QWidget,
    ) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("Autochrome")
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.actions_by_name: Actions = make_actions(self)
        self._canvas = canvas
        self._welcome = welcome
        self._put_away: list[QWidget] | None = None  # what full screen has hidden; None outside of it
        self._middle = QStackedWidget(self)
        self._middle.addWidget(welcome)
        self._middle.addWidget(canvas)
        self.setCentralWidget(self._middle)
        self.status = StatusBar(self)
        self.setStatusBar(self.status)
        self.library_dock = self._dock("library-dock", self.tr("Photos"), library, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.side_dock = self._dock(
            "side-dock", self.tr("Colours"), _stacked(side), Qt.DockWidgetArea.RightDockWidgetArea
        )
        self.hints_dock = self._dock(
            "hints-dock", self.tr("Hints"), _stacked([hints]), Qt.DockWidgetArea.RightDockWidgetArea
        )
        self.tabifyDockWidget(self.side_dock, self.hints_dock)
        self.side_dock.raise_()
        self.queue_dock = self._dock(
            "queue-dock", self.tr("Batch queue"), queue, Qt.DockWidgetArea.BottomDockWidgetArea
        )
        self.queue_dock.hide()
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self._make_menus()
        self._toolbar = self._make_toolbar()
        self.resize(1360, 850)
        self.resizeDocks([self.library_dock, self.side_dock], [350, 310], Qt.Orientation.Horizontal)
        self.resizeDocks([self.queue_dock], [190], Qt.Orientation.Vertical)

    def show_canvas(self) -> None:
        """Puts the photo into the middle."""
        self._middle.setCurrentWidget(self._canvas)

    def show_welcome(self) -> None:
        """Puts the welcome page into the middle."""
        self._middle.setCurrentWidget(self._welcome)

    def show_hints(self) -> None:
        """Brings the panel of hints to the front."""
        if self._put_away is None:  # in full screen the photo is alone
            self.hints_dock.show()
            self.hints_dock.raise_()

    def widget_of(self, act: str) -> QWidget | None:
        """The button of an act in the tool bar; None where it has none."""
        return self._toolbar.widgetForAction(self.actions_by_name[act])

    @property
    def shows_welcome(self) -> bool:
        """Whether the welcome page stands in the middle."""
        return self._middle.currentWidget() is self._welcome

    def set_full_screen(self, *, on: bool) -> None:
        """The photo alone on the whole screen, or the window as it was: maximised again if it was."""
        if on == (self._put_away is not None):
            return
        if on:
            parts = (self.library_dock, self.side_dock, self.hints_dock, self.queue_dock, self.status, self._toolbar)
            self._put_away = [part for part in parts if not part.isHidden()]
            for part in self._put_away:
                part.hide()
            self.setWindowState(self.windowState() | Qt.WindowState.WindowFullScreen)
        else:
            shown, self._put_away = self._put_away or [], None
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowFullScreen)
            for part in shown:
                part.show()

    def leave_full_screen(self) -> None:
        """Has the window as it was before, at once; for what writes down its places. Does nothing if it is so already.

        The desktop may take a moment to give the window its former size; that is not waited for.
        """
        if self._put_away is None:
            return
        usual = self.normalGeometry()
        self.set_full_screen(on=False)
        self.actions_by_name["full_screen"].setChecked(False)
        if not self.isMaximized():
            self.setGeometry(usual)

    def title_photo(self, name: str, *, unsaved: bool) -> None:
        """Names the open photo in the title; an empty name for none."""
        plain = name.replace("[*]", "[*][*]")  # else it would be taken for the place of the mark
        self.setWindowTitle(f"{plain}[*] – Autochrome" if name else "Autochrome[*]")
        self.setWindowModified(unsaved)

    def changeEvent(self, event: QEvent) -> None:
        """Draws the icons in the colours of the new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.actions_by_name.refresh_icons()
            self.palette_changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files of this computer only."""
        if _dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Passes the dropped files on."""
        paths = _dropped_files(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks whether it may."""
        self.closing.emit(event)

    def _dock(self, name: str, title: str, content: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(content)
        self.addDockWidget(area, dock)
        return dock

    def _make_menus(self) -> None:
        titles = (self.tr("&File"), self.tr("&Edit"), self.tr("&View"), self.tr("Hi&nts"), self.tr("&Help"))
        for title, names in zip(titles, MENUS, strict=True):
            menu = QMenu(title, self)
            self.menuBar().addMenu(menu)
            for name in names:
                if name:
                    menu.addAction(self.actions_by_name[name])
                else:
                    menu.addSeparator()
            if "full_screen" in names:
                menu.addSeparator()
                for dock in (self.library_dock, self.side_dock, self.hints_dock, self.queue_dock):
                    menu.addAction(dock.toggleViewAction())

    def _make_toolbar(self) -> QToolBar:
        toolbar = QToolBar(self.tr("Tools"), self)
        toolbar.setObjectName("toolbar")
        toolbar.setIconSize(QSize(20, 20))
        for name in TOOLBAR:
            if name:
                toolbar.addAction(self.actions_by_name[name])
            else:
                toolbar.addSeparator()
        self.addToolBar(toolbar)
        for name in WORDED:
            button = toolbar.widgetForAction(self.actions_by_name[name])
            if isinstance(button, QToolButton):
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return toolbar


def local_paths(names: Sequence[str]) -> list[Path]:
    """Absolute paths of names that the desktop gave."""
    return [Path(name).absolute() for name in names if name]


def _dropped_files(content: QMimeData) -> list[Path]:
    return local_paths([url.toLocalFile() for url in content.urls() if url.isLocalFile()])


def _stacked(panels: Sequence[QWidget]) -> QScrollArea:
    """Panels under each other, scrolled where the window is low."""
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(8, 8, 8, 8)
    column.setSpacing(12)
    for panel in panels:
        column.addWidget(panel)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area
