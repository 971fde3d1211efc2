"""Save as: where to and how, with what the format cannot hold told beforehand; the original is never offered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.dialogs.choice import Choice
from desktop.dialogs.destination import Finding, Inspector
from desktop.dialogs.formats import LOSSY, OutputFormat, can_save, format_for, format_of_name, losses, with_suffix
from desktop.dialogs.notice import Kind, Notice
from desktop.dialogs.quality import QualityControl
from desktop.icons import icon
from engine import SaveOptions

if TYPE_CHECKING:
    from desktop.settings import Saving
    from engine import Photo

WIDTH = 580
TYPING_MS = 120
"""So long after a key the destination is looked at."""


class SaveAsDialog(QDialog):
    """Asks where a coloured photo goes.

    Args:
        photo: The photo; it is not touched.
        folder: The folder that is proposed.
        saving: The user's settings, which are proposed.
        parent: The window that it belongs to.

    Attributes:
        replace: Whether the user agreed to replace the file that is there.
    """

    def __init__(self, photo: Photo, folder: Path, saving: Saving, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photo = photo
        self._finding: Finding | None = None
        self._wanted = False
        self.replace = False
        self.setWindowTitle(self.tr("Save the coloured photo as"))
        formats: dict[OutputFormat, str] = {"JPEG": "JPEG", "PNG": "PNG", "TIFF": "TIFF", "WebP": "WebP"}
        self.folder_edit = QLineEdit(str(folder))
        self._folder, self._folder_text = folder, self.folder_edit.text()
        self.folder_edit.setAccessibleName(self.tr("Folder"))
        self.browse_button = QPushButton(icon("open-folder"), self.tr("&Browse…"))
        self.browse_button.setAccessibleName(self.tr("Choose the folder"))
        self.browse_button.setAutoDefault(False)
        self.format_combo = Choice(formats, self.tr("Format"))
        self.format_combo.set_value(_first_that_can(format_for(saving.format, photo), photo))
        self.name_edit = QLineEdit(with_suffix(f"{photo.path.stem}-color", self.format_combo.value))
        self.name_edit.setAccessibleName(self.tr("File name"))
        self.quality = QualityControl()
        self.quality.set_value(saving.quality)
        self.metadata_box = _check(self.tr("Keep the original's &metadata (date, place, description)"), saving.metadata)
        self.mark_box = _check(self.tr("Mar&k the file as synthetically coloured"), saving.mark)
        self.notice = Notice()
        self.losses = Notice()
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Save | kinds.Cancel)
        self.save_button = self.buttons.button(kinds.Save)
        self._inspector = Inspector(photo.path, self)
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._arrange()
        self._connect()
        self._on_format()
        self.name_edit.setFocus()
        self.name_edit.setSelection(0, len(Path(self.name_edit.text()).stem))

    @property
    def destination(self) -> Path:
        """The file to save to; a name without the format's suffix gets it."""
        text = self.folder_edit.text()
        # A folder whose name is no text is not what its field shows.
        folder = self._folder if text == self._folder_text else Path(text).expanduser()
        return folder / with_suffix(self.name_edit.text().strip(), self.format_combo.value)

    @property
    def options(self) -> SaveOptions:
        """How to save it; the model is left to be named."""
        return SaveOptions(
            format=self.format_combo.value,
            quality=self.quality.value,
            mark=self.mark_box.isChecked(),
            metadata=self.metadata_box.isChecked(),
        )

    def accept(self) -> None:
        """Accepts once it is known that nothing is there that must not be replaced."""
        if not self._complete():
            return
        if self._finding is None:
            self._wanted = True
            self.notice.tell("info", self.tr("Looking at the folder…"))
        elif self._finding is Finding.TAKEN and not self.replace:
            self._ask_to_replace()
        elif self._finding in (Finding.FREE, Finding.TAKEN):
            super().accept()

    def done(self, result: int) -> None:
        """Lets the thread go, however the dialog is left."""
        self._typing.stop()
        self._inspector.stop()
        super().done(result)

    def _arrange(self) -> None:
        folder = QHBoxLayout()
        folder.addWidget(self.folder_edit, 1)
        folder.addWidget(self.browse_button)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self._label(self.tr("F&older:"), self.folder_edit), folder)
        form.addRow(self.tr("File &name:"), self.name_edit)
        form.addRow("", self.notice)
        form.addRow(self.tr("&Format:"), self.format_combo)
        form.addRow("", self.losses)
        form.addRow(self.tr("&Quality:"), self.quality)
        form.addRow("", self.metadata_box)
        form.addRow("", self.mark_box)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        self.resize(WIDTH, self.sizeHint().height())

    def _label(self, text: str, field: QWidget) -> QLabel:
        label = QLabel(text)
        label.setBuddy(field)
        return label

    def _connect(self) -> None:
        self.folder_edit.textChanged.connect(self._on_destination)
        self.name_edit.textChanged.connect(self._on_destination)
        self.name_edit.textEdited.connect(self._on_name)
        self.format_combo.currentIndexChanged.connect(self._on_format)
        self.browse_button.clicked.connect(self._browse)
        self._typing.timeout.connect(lambda: self._inspector.ask(self.destination))
        self._inspector.found.connect(self._on_found)
        self._inspector.failed.connect(self._on_failed)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        for button in self.buttons.buttons():
            button.setAccessibleName(button.text().replace("&", ""))

    def _complete(self) -> bool:
        name = self.name_edit.text().strip()
        return bool(name) and name not in (".", "..") and not {"/", "\\", "\0"} & set(name)

    def _on_name(self, name: str) -> None:
        """A suffix that is typed chooses the format."""
        format = format_of_name(name)
        if format is not None:
            self.format_combo.set_value(format)

    def _on_format(self) -> None:
        """The suffix follows, and what cannot be held is told."""
        format = self.format_combo.value
        self.name_edit.setText(with_suffix(self.name_edit.text().strip(), format))
        self.quality.setEnabled(format in LOSSY)
        told = losses(format, self._photo)
        self.losses.tell("info" if can_save(format, self._photo) else "error", "\n".join(told))
        self._on_destination()

    def _on_destination(self) -> None:
        """Another destination: what is there is not known any more."""
        self._finding = None
        self.replace = self._wanted = False
        self.notice.tell("info", "")
        self._update_button()
        if self._complete():
            self._typing.start()
        else:
            self._typing.stop()
            self.notice.tell("error", self.tr("Give the file a name without slashes."))

    def _on_found(self, destination: object, finding: Finding) -> None:
        if destination != self.destination or self._typing.isActive():
            return
        self._finding = finding
        told: dict[Finding, tuple[Kind, str]] = {
            Finding.FREE: ("info", ""),
            Finding.TAKEN: ("warning", self.tr("A file of this name is there already.")),
            Finding.ORIGINAL: ("error", self.tr("This is the original, which is never replaced. Choose another name.")),
            Finding.FOLDER: ("error", self.tr("A folder has this name. Choose another name.")),
            Finding.NO_FOLDER: ("error", self.tr("There is no such folder.")),
        }
        self.notice.tell(*told[finding])
        self._update_button()
        if self._wanted:
            self._wanted = False
            self.accept()

    def _on_failed(self, destination: object, error: object) -> None:
        if destination == self.destination:
            self._wanted = False
            self.notice.tell("error", self.tr("This place cannot be used: {cause}.").format(cause=error))

    def _update_button(self) -> None:
        usable = self._finding in (None, Finding.FREE, Finding.TAKEN)
        self.save_button.setEnabled(usable and self._complete() and can_save(self.format_combo.value, self._photo))

    def _ask_to_replace(self) -> None:
        kinds = QMessageBox.StandardButton
        text = self.tr("{name} is there already. Replace it?").format(name=self.destination.name)
        box = QMessageBox(QMessageBox.Icon.Question, self.windowTitle(), text, kinds.Yes | kinds.No, self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setDefaultButton(kinds.No)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._on_answer)
        box.open()

    def _on_answer(self, answer: int) -> None:
        if answer == QMessageBox.StandardButton.Yes:
            self.replace = True
            self.accept()

    def _browse(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose the folder"), self.folder_edit.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder_edit.setText)
        dialog.open()


def _first_that_can(format: OutputFormat, photo: Photo) -> OutputFormat:
    """The format, or TIFF, which holds everything."""
    return format if can_save(format, photo) else "TIFF"


def _check(text: str, checked: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setAccessibleName(text.replace("&", ""))
    box.setChecked(checked)
    return box
