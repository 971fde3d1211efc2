"""Which model colours the photo: a list of them, the chosen one's card, its variants, and what to compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.panels.compare_button import CompareButton
from desktop.panels.icon_button import IconButton
from desktop.panels.model_card import ModelCardView
from desktop.panels.model_choice import ModelChoice
from desktop.panels.text_label import TextLabel
from desktop.panels.variant_row import VariantRow
from desktop.panels.wording import shortened
from desktop.purposes import translated_purpose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from engine import BrokenModel, InstalledModel

SUFFIX = ".safetensors"
MOST_CHARACTERS = 400


class ModelPanel(QWidget):
    """The panel of models. A weight file that is dropped on it is to be added.

    Args:
        parent: The owner.

    Signals:
        model_chosen (str): The user chose the model of this name.
        variant_chosen (object): The user chose a variant: its rank, or None for automatic.
        add_requested (object): A weight file, a `Path`, shall be added to the models; nothing was looked at yet.
        remove_requested (str): The user's own model of this name shall be removed; the user was asked and agreed.
        compare_models_requested (): The photo shall be shown in the colours of `compared_models`.
        compare_variants_requested (): The photo shall be shown in its variants.
    """

    model_chosen = Signal(str)
    variant_chosen = Signal(object)
    add_requested = Signal(object)
    remove_requested = Signal(str)
    compare_models_requested = Signal()
    compare_variants_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: dict[str, InstalledModel] = {}
        self._broken: tuple[BrokenModel, ...] = ()
        self._sizes: Mapping[str, int] = {}
        self._busy = False
        self.choice = ModelChoice()
        self.add_button = IconButton("add", self.tr("Add a model from a file…"))
        self.remove_button = IconButton("remove", self.tr("Remove this model"))
        self.busy_bar = QProgressBar()
        self.variants = VariantRow()
        self.purpose = TextLabel()
        self.compare_models_button = CompareButton()
        self.card = ModelCardView()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._show_current()

    @property
    def current(self) -> str:
        """The name of the model that is shown as chosen; empty if there is none."""
        return self.choice.current_id

    @property
    def compared_models(self) -> list[str]:
        """The models to compare: two to four, the one in use first; empty if there are no two."""
        return self.compare_models_button.chosen_models

    def set_models(
        self,
        models: Sequence[InstalledModel],
        broken: Sequence[BrokenModel] = (),
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        """Shows what is installed; nothing is emitted. The model that is chosen stays so.

        Args:
            models: The models, in the order of the list.
            broken: What cannot be used, and why.
            sizes: Bytes of the weight files by the models' names, as far as they are known.
        """
        self._models = {model.id: model for model in models}
        self._broken = tuple(broken)
        self._sizes = sizes or {}
        self.choice.set_models(models, broken)
        self._show_current()

    def set_current(self, name: str) -> None:
        """Shows a model as chosen; nothing is emitted."""
        self.choice.set_current(name)
        self._show_current()

    def set_variants(self, count: int, current: int | None) -> None:
        """Shows the variants of the photo; nothing is emitted.

        Args:
            count: How many the model offers beside the automatic colouring; 0 where it offers none.
            current: The rank of the one that is shown; None for automatic.
        """
        self.variants.set_variants(count, current)

    def set_busy(self, busy: bool) -> None:
        """Shows that a model is being loaded, added or removed. Another one can still be chosen."""
        self._busy = busy
        self.busy_bar.setMaximum(0 if busy else 1)  # an endless bar moves all the time, even where nobody sees it
        policy = self.busy_bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.busy_bar.setSizePolicy(policy)
        self.busy_bar.setVisible(busy)
        self._show_buttons()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes weight files."""
        if weight_files(event.mimeData()) and not self._busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Asks for each file to be added."""
        files = weight_files(event.mimeData())
        if files:
            event.acceptProposedAction()
        for file in files:
            self.add_requested.emit(file)

    def _lay_out(self) -> None:
        self.busy_bar.setRange(0, 1)
        self.busy_bar.setTextVisible(False)
        self.busy_bar.setFixedHeight(4)
        self.busy_bar.setAccessibleName(self.tr("A model is being loaded"))
        top = QHBoxLayout()
        top.setSpacing(2)
        for widget in (self.choice, self.add_button, self.remove_button):
            top.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.busy_bar)
        for widget in (self.purpose, self.variants, self.compare_models_button):
            column.addWidget(widget)
        column.addWidget(self.card, 1)
        self.set_busy(False)
        self.set_variants(0, None)

    def _connect(self) -> None:
        self.choice.chosen.connect(self._choose)
        self.add_button.clicked.connect(self._ask_for_file)
        self.remove_button.clicked.connect(self._ask_to_remove)
        self.variants.chosen.connect(self.variant_chosen)
        self.variants.compare_requested.connect(self.compare_variants_requested)
        self.compare_models_button.requested.connect(self.compare_models_requested)

    def _choose(self, name: str) -> None:
        self._show_current()
        self.model_chosen.emit(name)

    def _show_current(self) -> None:
        model = self._models.get(self.current)
        if model is None:
            self.purpose.setText(self.tr("No model is chosen. Choose one of the list, or add one."))
        else:
            self.purpose.setText(shortened(translated_purpose(model.card.purpose), MOST_CHARACTERS))
        self.card.show_model(model, self._sizes.get(self.current), self._broken)
        self.compare_models_button.set_models(list(self._models), self.current)
        self._show_buttons()

    def _show_buttons(self) -> None:
        model = self._models.get(self.current)
        own = model is not None and not model.bundled
        self.add_button.setEnabled(not self._busy)
        self.remove_button.setEnabled(own and not self._busy)
        self.remove_button.setToolTip(
            self.tr("Remove this model")
            if own or model is None
            else self.tr("This model came with Autochrome and cannot be removed")
        )

    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Add a model"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Model weights") + f" (*{SUFFIX})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._file_chosen)
        dialog.open()

    def _file_chosen(self, file: str) -> None:
        self.add_requested.emit(Path(file))

    def _ask_to_remove(self) -> None:
        name = self.current
        question = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Remove a model"),
            self.tr("Remove the model {name}?").format(name=name),
            QMessageBox.StandardButton.Cancel,
            self,
        )
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setInformativeText(self.tr("Its weight file is deleted from your models. Coloured photos stay."))
        remove = question.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        question.setDefaultButton(QMessageBox.StandardButton.Cancel)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove.clicked.connect(lambda: self.remove_requested.emit(name))
        question.open()


def weight_files(dragged: QMimeData) -> list[Path]:
    """The weight files among what is dragged."""
    files = [Path(url.toLocalFile()) for url in dragged.urls() if url.isLocalFile()]
    return [file for file in files if file.suffix.lower() == SUFFIX]
