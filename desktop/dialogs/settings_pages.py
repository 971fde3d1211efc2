"""The pages of the settings dialog: each shows one section of the settings, and gives it back as it is shown."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QPushButton, QSizePolicy, QSpinBox, QWidget

from desktop.dialogs.choice import Choice
from desktop.dialogs.quality import QualityControl
from desktop.settings.values import MAY_BE_JPEG

if TYPE_CHECKING:
    from desktop.settings.values import (
        Appearance,
        BatchSettings,
        Coloring,
        DeviceChoice,
        FormatChoice,
        LanguageChoice,
        LibrarySettings,
        Saving,
        ThemeChoice,
    )

NOTE_WIDTH = 300


class AppearancePage(QWidget):
    """Theme and language.

    Signals:
        theme_chosen (ThemeChoice): Another theme, to be seen at once.
    """

    theme_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        themes: dict[ThemeChoice, str] = {
            "system": self.tr("As the system"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
        }
        # Each language under its own name, so that whoever is lost in a foreign one finds the way back.
        languages: dict[LanguageChoice, str] = {"system": self.tr("As the system"), "en": "English", "de": "Deutsch"}
        self.theme = Choice(themes, self.tr("Theme"))
        self.language = Choice(languages, self.tr("Language"))
        form = _form(self)
        form.addRow(self.tr("&Theme:"), self.theme)
        form.addRow(self.tr("&Language:"), self.language)
        form.addRow("", _note(self.tr("Another language takes effect at the next start.")))
        self.theme.currentIndexChanged.connect(lambda: self.theme_chosen.emit(self.theme.value))

    def show_values(self, values: Appearance) -> None:
        """Shows a section."""
        self.theme.set_value(values.theme)
        self.language.set_value(values.language)

    def values(self, before: Appearance) -> Appearance:
        """The section as it is shown."""
        return replace(before, theme=self.theme.value, language=self.language.value)


class ColoringPage(QWidget):
    """Where networks run, and how a photo's colours begin."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        devices: dict[DeviceChoice, str] = {
            "auto": self.tr("The fastest there is"),
            "cpu": self.tr("Processor (CPU)"),
        }
        if sys.platform == "darwin":
            devices["mps"] = self.tr("Apple graphics (MPS)")
        else:
            devices["cuda"] = self.tr("NVIDIA graphics card (CUDA)")
        self.device = Choice(devices, self.tr("Compute on"))
        self.white_balance = _check(self.tr("Begin with automatic &white balance"))
        form = _form(self)
        form.addRow(self.tr("&Compute on:"), self.device)
        form.addRow("", _note(self.tr("Another device takes effect at the next start.")))
        form.addRow("", self.white_balance)
        form.addRow("", _note(self.tr("The model is chosen in the panel on the right; the last one is kept.")))

    def show_values(self, values: Coloring) -> None:
        """Shows a section."""
        self.device.set_value(values.device)
        self.white_balance.setChecked(values.white_balance)

    def values(self, before: Coloring) -> Coloring:
        """The section as it is shown."""
        return replace(before, device=self.device.value, white_balance=self.white_balance.isChecked())


class SavingPage(QWidget):
    """How coloured photos are saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        formats: dict[FormatChoice, str] = {
            "same": self.tr("As the original, where it can hold colours"),
            "jpeg": "JPEG",
            "png": "PNG",
            "tiff": "TIFF",
            "webp": "WebP",
        }
        self.format = Choice(formats, self.tr("Format"))
        self.quality = QualityControl()
        self.metadata = _check(self.tr("Keep the original's &metadata (date, place, description)"))
        self.mark = _check(self.tr("Mar&k the files as synthetically coloured"))
        form = _form(self)
        form.addRow(self.tr("&Format:"), self.format)
        form.addRow(self.tr("&Quality of JPEG and WebP:"), self.quality)
        form.addRow("", self.metadata)
        form.addRow("", self.mark)
        form.addRow(
            "", _note(self.tr("The mark tells other programs, and later owners, that the colours are not real."))
        )
        self.format.currentIndexChanged.connect(
            lambda: self.quality.setEnabled(self.format.value in ("same", "jpeg", "webp"))
        )

    def show_values(self, values: Saving) -> None:
        """Shows a section."""
        self.format.set_value(values.format)
        self.quality.set_value(values.quality)
        self.metadata.setChecked(values.metadata)
        self.mark.setChecked(values.mark)

    def values(self, before: Saving) -> Saving:
        """The section as it is shown."""
        return replace(
            before,
            format=self.format.value,
            quality=self.quality.value,
            metadata=self.metadata.isChecked(),
            mark=self.mark.isChecked(),
        )


class FoldersPage(QWidget):
    """The library, and the queue of folders."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forget = False
        self.thumbnail_size = _number(64, 512, self.tr("Size of thumbnails"))
        self.thumbnail_size.setSingleStep(16)
        self.thumbnail_size.setSuffix(self.tr(" pixels"))
        self.reopen = _check(self.tr("&Open the last folder and photo at the start"))
        self.forget = QPushButton(self.tr("&Clear the recent folders"))
        self.forget.setAccessibleName(self.tr("Clear the recent folders"))
        self.forget.clicked.connect(self._on_forget)
        self.jobs = _number(0, 256, self.tr("Photos at a time"))
        self.jobs.setSpecialValueText(self.tr("One for each core"))
        self.salvage = _check(self.tr("Colour what is left of &damaged photos"))
        self.exact_luma = _check(self.tr("Keep the brightness of &JPEGs bit for bit"))
        self.luma_note = _note(
            self.tr(
                "From them the grey originals can be made again. Other photos, such as TIFFs, are listed as failed."
            )
        )
        form = _form(self)
        form.addRow(self.tr("&Size of thumbnails:"), self.thumbnail_size)
        form.addRow("", self.reopen)
        form.addRow("", self.forget)
        form.addRow(self.tr("Photos at a &time in the queue:"), self.jobs)
        form.addRow("", self.salvage)
        form.addRow("", self.exact_luma)
        form.addRow("", self.luma_note)

    def show_values(self, library: LibrarySettings, batch: BatchSettings) -> None:
        """Shows two sections."""
        self._forget = False
        self.thumbnail_size.setValue(library.thumbnail_size)
        self.reopen.setChecked(library.reopen)
        self.forget.setEnabled(bool(library.recent))
        self.jobs.setValue(batch.jobs)
        self.salvage.setChecked(batch.salvage)
        self.exact_luma.setChecked(batch.exact_luma)

    def library(self, before: LibrarySettings) -> LibrarySettings:
        """The library's section as it is shown."""
        recent = () if self._forget else before.recent
        size, reopen = self.thumbnail_size.value(), self.reopen.isChecked()
        return replace(before, thumbnail_size=size, reopen=reopen, recent=recent)

    def batch(self, before: BatchSettings) -> BatchSettings:
        """The queue's section as it is shown."""
        salvage, exact_luma = self.salvage.isChecked(), self.exact_luma.isChecked()
        return replace(before, jobs=self.jobs.value(), salvage=salvage, exact_luma=exact_luma)

    def allow_exact_luma(self, format: FormatChoice) -> None:
        """Offers exact luma only where coloured photos may become JPEGs."""
        for widget in (self.exact_luma, self.luma_note):
            widget.setEnabled(format in MAY_BE_JPEG)

    def _on_forget(self) -> None:
        self._forget = True
        self.forget.setEnabled(False)


def _form(page: QWidget) -> QFormLayout:
    form = QFormLayout(page)
    form.setContentsMargins(16, 16, 16, 16)
    form.setVerticalSpacing(10)
    form.setHorizontalSpacing(12)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    return form


def _check(text: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setAccessibleName(text.replace("&", ""))
    return box


def _number(low: int, high: int, name: str) -> QSpinBox:
    number = QSpinBox()
    number.setRange(low, high)
    number.setAccessibleName(name)
    return number


def _note(text: str) -> QLabel:
    note = QLabel(text)
    note.setWordWrap(True)
    note.setMinimumWidth(NOTE_WIDTH)
    note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return note
