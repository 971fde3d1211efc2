"""The dialog about an error: what happened, why, what to do, and the details for a report."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.dialogs.prose import Prose
from desktop.icons import icon

ICON_SIDE = 40
WIDTH = 520


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What the user reads about an error.

    Attributes:
        title: What happened, in a few words.
        sentence: What happened, to which file, and why.
        advice: What can be done; empty where nothing can.
        unexpected: Whether it is a fault of the program, so that the details matter.
    """

    title: str
    sentence: str
    advice: str = ""
    unexpected: bool = False


class ErrorDialog(QDialog):
    """Tells of one error, and counts those that came after it.

    Args:
        text: What the user reads.
        details: What a bug report needs.
        parent: The window that it belongs to.
    """

    def __init__(self, text: ErrorText, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = text
        self._more = 0
        self.setWindowTitle("Autochrome")
        self.setAccessibleName(text.title)
        self.setAccessibleDescription(f"{text.sentence} {text.advice}".strip())
        self.sentence = Prose(text.sentence)
        self.advice = Prose(text.advice)
        self.details = self._make_details(details)
        self.details_button = QPushButton(self.tr("&Details"))
        self.copy_button = QPushButton(icon("copy"), self.tr("&Copy details"))
        self.count_label = QLabel()
        self.count_label.hide()
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(self._make_words())
        layout.addWidget(self.count_label)
        buttons = self._make_buttons()
        layout.addWidget(buttons)
        layout.addWidget(self.details, 1)
        self.resize(WIDTH, self.sizeHint().height())
        buttons.button(QDialogButtonBox.StandardButton.Close).setFocus()

    def count_one_more(self) -> None:
        """Says that another error came while this one was being read."""
        self._more += 1
        self.count_label.setText(self.tr("%n more errors since; they are in the log.", "", self._more))
        self.count_label.show()

    def copy_details(self) -> None:
        """Puts the details on the clipboard."""
        QGuiApplication.clipboard().setText(self.details.toPlainText())
        self.copy_button.setText(self.tr("Copied"))
        self.copy_button.setIcon(icon("check"))

    def _make_words(self) -> QGridLayout:
        sign = QLabel()
        sign.setPixmap(icon("error" if self.text.unexpected else "warning").pixmap(ICON_SIDE, ICON_SIDE))
        sign.setAccessibleName(self.tr("Error"))
        title = QLabel(self.text.title)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setWordWrap(True)
        title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        font = title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        title.setFont(font)
        self.sentence.setAccessibleName(self.tr("What happened"))
        self.advice.setAccessibleName(self.tr("What you can do"))
        self.advice.setVisible(bool(self.text.advice))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.addWidget(sign, 0, 0, 3, 1, Qt.AlignmentFlag.AlignTop)
        for row, part in enumerate((title, self.sentence, self.advice)):
            grid.addWidget(part, row, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _make_details(self, details: str) -> QPlainTextEdit:
        view = QPlainTextEdit(details)
        view.setReadOnly(True)
        view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        view.setAccessibleName(self.tr("Details"))
        view.setTabChangesFocus(True)
        view.setMinimumHeight(200)
        view.hide()
        return view

    def _make_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setDefault(True)
        close.setAccessibleName(self.tr("Close"))
        self.details_button.setCheckable(True)
        for button in (self.details_button, self.copy_button):
            button.setAutoDefault(False)
            button.setAccessibleName(button.text().replace("&", ""))
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setToolTip(self.tr("For a bug report. Your name and your home folder are left out."))
        self.details_button.toggled.connect(self._show_details)
        self.copy_button.clicked.connect(self.copy_details)
        buttons.rejected.connect(self.reject)
        return buttons

    def _show_details(self, shown: bool) -> None:
        self.details.setVisible(shown)
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.resize(max(self.width(), WIDTH + 160) if shown else WIDTH, self.sizeHint().height())
