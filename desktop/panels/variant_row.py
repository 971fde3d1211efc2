"""The variants that a model offers for one photo: automatic, and the likeliest few."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.panels.focus_ring import draw_focus_ring
from desktop.panels.icon_button import IconButton

AUTOMATIC = 0
"""The button group's number of the automatic colouring; the others have their rank and one more."""


class VariantButton(QToolButton):
    """A button that shows plainly that it is down: in bold, and in the colours of what is selected."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        if not self.isChecked():
            super().paintEvent(event)
            draw_focus_ring(self)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().highlight())
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self.palette().highlightedText().color())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()
        draw_focus_ring(self, self.palette().highlightedText().color())


class VariantRow(QWidget):
    """A row of buttons of which one is down; hidden where a model offers no variants.

    Args:
        parent: The owner.

    Signals:
        chosen (object): The user chose a variant: its rank, 0 for the likeliest, or None for automatic.
        compare_requested (): The user wants to see them side by side.
    """

    chosen = Signal(object)
    compare_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.idClicked.connect(self._clicked)
        label = QLabel(self.tr("Variant"))
        self.compare_button = IconButton("compare", self.tr("Compare the variants side by side"))
        self.compare_button.clicked.connect(lambda: self.compare_requested.emit())
        head = QHBoxLayout()
        head.addWidget(label, 1)
        head.addWidget(self.compare_button)
        self._row = QHBoxLayout()
        self._row.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addLayout(self._row)
        automatic = self._made(self.tr("Automatic"), self.tr("Automatic variant"), AUTOMATIC)
        automatic.setToolTip(self.tr("The model mixes its variants as it finds likely"))
        automatic.setChecked(True)
        label.setBuddy(automatic)
        self.hide()

    @property
    def count(self) -> int:
        """How many variants there are beside the automatic colouring."""
        return self._count

    @property
    def current(self) -> int | None:
        """The rank of the variant that is chosen; None for automatic."""
        return _rank(self._group.checkedId())

    def set_variants(self, count: int, current: int | None) -> None:
        """Shows what there is to choose; nothing is emitted.

        Args:
            count: How many variants the model offers for this photo; 0 hides the row.
            current: The rank of the one that is shown; None for automatic.
        """
        # Buttons are kept for the next photo: they would come and go with each.
        while len(self._group.buttons()) <= count:
            self._add_variant(len(self._group.buttons()) - 1)
        for rank in range(len(self._group.buttons()) - 1):
            self.button(rank).setVisible(rank < count)
        self._count = count
        self.button(None if current is None or current >= count else current).setChecked(True)
        self.setVisible(count > 0)

    def button(self, rank: int | None) -> VariantButton:
        """The button of a variant, or of automatic."""
        found = self._group.button(AUTOMATIC if rank is None else rank + 1)
        assert isinstance(found, VariantButton)
        return found

    def _add_variant(self, rank: int) -> None:
        name = self.tr("Variant {number}").format(number=rank + 1)
        button = self._made(str(rank + 1), name, rank + 1)
        button.setToolTip(self.tr("The likeliest colouring") if rank == 0 else self.tr("Another likely colouring"))

    def _made(self, text: str, name: str, number: int) -> VariantButton:
        button = VariantButton(text, name)
        self._group.addButton(button, number)
        self._row.addWidget(button)
        return button

    def _clicked(self, number: int) -> None:
        self.chosen.emit(_rank(number))


def _rank(number: int) -> int | None:
    return None if number == AUTOMATIC else number - 1
