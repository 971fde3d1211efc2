"""About: what the program is, and under which licences it, its libraries and its models stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.details import program_version
from desktop.dialogs.licences import Library, installed_libraries, licence_text
from desktop.icons import FOLDER as ICONS
from desktop.purposes import translated_purpose
from desktop.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.tasks import Task
    from engine import InstalledModel

WIDTH, HEIGHT = 640, 520
APP_ICON_SIDE = 128


class AboutDialog(QDialog):
    """Three pages: the program, its libraries, its models.

    Args:
        models: The installed models.
        parent: The window that it belongs to.
    """

    def __init__(self, models: Sequence[InstalledModel], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = Tasks("about", 1, self)
        self._reading: Task[str] | None = None
        self.setWindowTitle(self.tr("About Autochrome"))
        self.libraries = self._table([self.tr("Library"), self.tr("Version"), self.tr("Licence")])
        self.licence = self._text(self.tr("Text of the licence"))
        self.models = self._table([self.tr("Model"), self.tr("Licence"), self.tr("What for")])
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(self.tr("Topics"))
        self.tabs.addTab(self._program_page(), self.tr("Program"))
        self.tabs.addTab(self._libraries_page(), self.tr("Licences"))
        self.tabs.addTab(self.models, self.tr("Models"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAccessibleName(close.text().replace("&", ""))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(buttons)
        for model in models:
            purpose = translated_purpose(model.card.purpose)
            row = QTreeWidgetItem([model.id, model.card.licence, purpose])
            row.setToolTip(2, purpose)
            self.models.addTopLevelItem(row)
        self.libraries.currentItemChanged.connect(self._on_library)
        self._tasks.run(lambda _: installed_libraries(), done=self._show_libraries, failed=self._on_failed)
        self.resize(WIDTH, HEIGHT)

    def done(self, result: int) -> None:
        """Lets the thread go, however the dialog is left."""
        self._tasks.stop(0.0)
        super().done(result)

    def _program_page(self) -> QWidget:
        sign = QLabel()
        sign.setPixmap(QIcon(str(ICONS / "autochrome.svg")).pixmap(QSize(APP_ICON_SIDE, APP_ICON_SIDE)))
        name = QLabel(f"Autochrome {program_version()}")
        font = name.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.8)
        name.setFont(font)
        words = (
            self.tr("Colours black-and-white photographs on your own computer. No upload, no account."),
            self.tr("The colours are plausible, not true: nobody can know what colour a coat was from a grey picture."),
            self.tr("Free software under the Apache License 2.0."),
        )
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(80, 16, 80, 16)
        layout.setSpacing(12)
        layout.addStretch(1)
        for label in (sign, name, *(QLabel(text) for text in words)):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(label not in (sign, name))
            layout.addWidget(label)
        layout.addStretch(2)
        return page

    def _libraries_page(self) -> QWidget:
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.libraries)
        split.addWidget(self.licence)
        split.setSizes([HEIGHT // 2, HEIGHT // 2])
        return split

    def _table(self, headings: list[str]) -> QTreeWidget:
        table = QTreeWidget()
        table.setColumnCount(len(headings))
        table.setHeaderLabels(headings)
        table.setAccessibleName(headings[0])
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAlternatingRowColors(True)
        for column in range(len(headings) - 1):
            table.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _text(self, name: str) -> QPlainTextEdit:
        view = QPlainTextEdit()
        view.setReadOnly(True)
        view.setTabChangesFocus(True)
        view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        view.setAccessibleName(name)
        return view

    def _show_libraries(self, libraries: list[Library]) -> None:
        rows = [Library("Autochrome", program_version(), "Apache-2.0"), *libraries]
        unknown = self.tr("not stated")
        for library in rows:
            row = QTreeWidgetItem([library.name, library.version, library.licence or unknown])
            row.setToolTip(2, library.licence)
            self.libraries.addTopLevelItem(row)
        self.libraries.setCurrentIndex(self.libraries.model().index(0, 0))

    def _on_library(self, row: QTreeWidgetItem | None) -> None:
        if row is None:
            return
        if self._reading is not None:
            self._reading.cancel()
        name = None if row is self.libraries.topLevelItem(0) else row.text(0)
        self._reading = self._tasks.run(lambda _: licence_text(name), done=self._show_licence, failed=self._on_failed)

    def _show_licence(self, text: str) -> None:
        self.licence.setPlainText(text or self.tr("This library brought no text along; its licence is named above."))

    def _on_failed(self, error: Exception) -> None:
        self.licence.setPlainText(self.tr("The licences could not be read: {cause}").format(cause=error))
