"""What became of an entry of the batch queue: its message, and a table of the photos that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.batches import BatchState
from desktop.panels.batch_texts import entry_message
from desktop.panels.failure_list import ADVICE, CAUSE, PHOTO, FailureList, in_words
from desktop.panels.icon_button import IconButton
from desktop.panels.text_label import TextLabel
from desktop.panels.wording import number_text, shortened

if TYPE_CHECKING:
    from desktop.batches import BatchEntry

MOST_CHARACTERS = 600
MOST_COPIED = 10_000


class FailureTable(QTableView):
    """A table whose columns share its width; rows have one height, so any number of them is quick."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 6)
        rows.hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Gives the name its share; the others have the rest."""
        super().resizeEvent(event)
        self.setColumnWidth(PHOTO, self.viewport().width() * 3 // 10)


class FailureView(QWidget):
    """The lower or right part of the batch panel.

    Args:
        parent: The owner.

    Signals:
        photo_requested (object): The user wants to see the photo of this path.
        retry_requested (): The user wants the entry to be run again.
        try_again_requested (): The user wants an entry that waits for its disk to try at once.
    """

    photo_requested = Signal(object)
    retry_requested = Signal()
    try_again_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry: BatchEntry | None = None
        self.message = TextLabel()
        self.again_button = QPushButton(self.tr("Try again now"))
        self.heading = QLabel()
        self.show_button = IconButton("open-photo", self.tr("Show this photo"))
        self.copy_button = IconButton("copy", self.tr("Copy the failures that are selected"))
        self.retry_button = QPushButton(self.tr("Retry"))
        self.table = FailureTable()
        self.details = TextLabel()
        self.failures = FailureList(self)
        self._set_up()
        self._lay_out()
        self.show_entry(None)

    def show_entry(self, entry: BatchEntry | None) -> None:
        """Shows an entry, or what is new about it."""
        self._entry = entry
        self.failures.show_entry(entry)
        self._show_message()
        self._show_buttons()
        if self.failures.rowCount() and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _set_up(self) -> None:
        self.again_button.setAccessibleName(self.tr("Try again now to save"))
        self.again_button.setToolTip(self.tr("It looks by itself every few seconds"))
        self.retry_button.setAccessibleName(self.tr("Retry the photos that failed"))
        self.retry_button.setToolTip(self.tr("Colours what failed or is missing; the rest stays as it is"))
        self.table.setModel(self.failures)
        for column in (CAUSE, ADVICE):
            self.table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.table.setAccessibleName(self.tr("Photos that failed"))
        self.table.activated.connect(self._show_photo)
        self.table.selectionModel().selectionChanged.connect(self._show_details)
        self.failures.modelReset.connect(self._show_details)
        self.show_button.clicked.connect(self._show_photo)
        self.copy_button.clicked.connect(self.copy)
        self.retry_button.clicked.connect(self.retry_requested)
        self.again_button.clicked.connect(self.try_again_requested)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)

    def copy(self) -> None:
        """Puts the failures that are selected on the clipboard, as text."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())[:MOST_COPIED]
        chosen = [failure for row in rows if (failure := self.failures.failure(row)) is not None]
        if chosen:
            QGuiApplication.clipboard().setText("\n\n".join(in_words(failure) for failure in chosen))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2)
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head.addWidget(self.heading, 1)
        for widget in (self.show_button, self.copy_button, self.retry_button):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.message)
        column.addWidget(self.again_button, 0, Qt.AlignmentFlag.AlignLeading)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.details)
        column.addStretch(0)

    def _show_message(self) -> None:
        entry = self._entry
        text = "" if entry is None else shortened(entry_message(entry), MOST_CHARACTERS)
        self.message.show_text(text)
        self.again_button.setVisible(entry is not None and entry.held_up)
        count = self.failures.rowCount()
        heading = ""
        if count:
            heading = self.tr("{count} failed").format(count=number_text(count))
        elif entry is not None and entry.state is BatchState.DONE:
            heading = self.tr("No photo failed")
        if heading != self.heading.text():
            self.heading.setText(heading)
        for widget in (self.table, self.show_button, self.copy_button, self.retry_button):
            widget.setVisible(count > 0)

    def _show_details(self) -> None:
        failure = self.failures.failure(self.table.currentIndex().row())
        self.details.show_text(shortened(in_words(failure), MOST_CHARACTERS) if failure else "")
        self._show_buttons()

    def _show_buttons(self) -> None:
        chosen = self.table.selectionModel().hasSelection()
        self.show_button.setEnabled(chosen)
        self.copy_button.setEnabled(chosen)
        self.retry_button.setEnabled(self._entry is not None and self._entry.state.ended)

    def _show_photo(self) -> None:
        failure = self.failures.failure(self.table.currentIndex().row())
        if failure is not None:
            self.photo_requested.emit(failure.path)
