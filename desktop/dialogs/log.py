"""The log as it grows: to read, to search, to copy, and to find on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.details import bug_report
from desktop.icons import icon
from desktop.logbook import MOST_LINES

if TYPE_CHECKING:
    from desktop.logbook import Logbook

WIDTH, HEIGHT = 820, 520
EVERY_MS = 300
LINES_AT_A_TIME = 500


class LogDialog(QDialog):
    """Follows the log while it is open.

    Args:
        logbook: The log.
        parent: The window that it belongs to.
    """

    def __init__(self, logbook: Logbook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._logbook = logbook
        self._next = 0
        self._lines: list[str] = []
        self._waiting: list[str] = []
        self.setWindowTitle(self.tr("Log"))
        self.search_edit = QLineEdit()
        self.search_edit.setPlaceholderText(self.tr("Show only lines with…"))
        self.search_edit.setAccessibleName(self.tr("Search"))
        self.search_edit.setClearButtonEnabled(True)
        self.follow_box = QCheckBox(self.tr("&Follow the newest line"))
        self.follow_box.setAccessibleName(self.tr("Follow the newest line"))
        self.follow_box.setChecked(True)
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.setMaximumBlockCount(MOST_LINES)
        self.view.setTabChangesFocus(True)
        self.view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.view.setAccessibleName(self.tr("Log"))
        self.copy_button = QPushButton(icon("copy"), self.tr("&Copy details"))
        self.copy_button.setToolTip(self.tr("For a bug report. Your name and your home folder are left out."))
        self.folder_button = QPushButton(icon("open-folder"), self.tr("&Open the folder"))
        self._timer = QTimer(self, interval=EVERY_MS)
        self._arrange()
        self._timer.timeout.connect(self.read_on)
        self.search_edit.textChanged.connect(self._search)
        self.copy_button.clicked.connect(self._copy)
        self.folder_button.clicked.connect(self._open_folder)
        self.resize(WIDTH, HEIGHT)

    def read_on(self) -> None:
        """Shows what has been logged since; at most some hundred lines at a time, for each costs the window."""
        fresh, self._next = self._logbook.since(self._next)
        self._lines = [*self._lines, *fresh][-MOST_LINES:]
        self._waiting += [line for line in fresh if self._wanted(line)]
        self._show_some()

    def showEvent(self, event: QShowEvent) -> None:
        """Begins to follow."""
        super().showEvent(event)
        self.read_on()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: stops."""
        self._timer.stop()
        super().hideEvent(event)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search_edit, 1)
        top.addWidget(self.follow_box)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for button in (self.copy_button, self.folder_button):
            button.setAutoDefault(False)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        for button in buttons.buttons():
            button.setAccessibleName(button.text().replace("&", ""))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        layout.addWidget(buttons)

    def _show_some(self) -> None:
        some, self._waiting = self._waiting[:LINES_AT_A_TIME], self._waiting[LINES_AT_A_TIME:]
        bar = self.view.verticalScrollBar()
        place = bar.value()
        if some:
            self.view.appendPlainText("\n".join(some))
        bar.setValue(bar.maximum() if self.follow_box.isChecked() else place)
        if self._waiting:
            QTimer.singleShot(0, self, self._show_some)

    def _wanted(self, line: str) -> bool:
        return self.search_edit.text().casefold() in line.casefold()

    def _search(self) -> None:
        self.view.clear()
        self._waiting = [line for line in self._lines if self._wanted(line)]
        self._show_some()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(bug_report(None, self._logbook.last(50)))
        self.copy_button.setText(self.tr("Copied"))
        self.copy_button.setIcon(icon("check"))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._logbook.folder)))
