"""How the colours are shown: saturation, vibrance, temperature, evenness and white balance, live."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.panels.evenness import EvennessControl
from desktop.panels.saturation import SaturationControl
from desktop.panels.temperature import TemperatureControl
from desktop.panels.vibrance import VibranceControl
from desktop.panels.white_balance import WhiteBalanceControl
from engine import Look

Control = SaturationControl | VibranceControl | TemperatureControl | EvennessControl | WhiteBalanceControl


class LookPanel(QWidget):
    """The controls of a `Look`.

    Args:
        parent: The owner.

    Signals:
        look_changed (object): The user is changing the look; the new `Look`, at each move of a slider.
        look_committed (object): The user has finished an act; the `Look` that it ended with. Not emitted if that is the
            one that the act began with. Call `finish` before an undo or a save, so that an act by keys is over.
    """

    look_changed = Signal(object)
    look_committed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = self._defaults = self._committed = Look()
        self.saturation = SaturationControl()
        self.vibrance = VibranceControl()
        self.temperature = TemperatureControl()
        self.evenness = EvennessControl()
        self.white_balance = WhiteBalanceControl()
        self._controls: tuple[Control, ...] = (
            self.saturation,
            self.vibrance,
            self.temperature,
            self.evenness,
            self.white_balance,
        )
        self.reset_all_button = QPushButton(self.tr("Reset all"))
        self.reset_all_button.setAccessibleName(self.tr("Reset the whole look"))
        self.reset_all_button.clicked.connect(self.reset_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(8)
        for control in self._controls:
            control.changed.connect(self._control_changed)
            control.committed.connect(self._control_committed)
            column.addWidget(control)
        column.addWidget(self.reset_all_button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.set_look(Look(), Look())

    @property
    def look(self) -> Look:
        """The look that is shown."""
        return self._look

    def set_look(self, look: Look, defaults: Look | None = None) -> None:
        """Shows a look; nothing is emitted.

        Args:
            look: The look.
            defaults: What the reset buttons go back to; None leaves that as it is.
        """
        self._defaults = self._defaults if defaults is None else defaults
        if look != self._look:  # else it is what `look_changed` has just told, in the middle of an act
            self._look = self._committed = look
        self._show()

    def finish(self) -> None:
        """Ends an act that is still going on by keys or the wheel: `look_committed` comes now."""
        for control in self._controls:
            if control.pending:
                control.finish()

    def reset_all(self) -> None:
        """Goes back to the defaults, as one act of the user."""
        self._take(self._defaults)
        self._control_committed()

    def _control_changed(self) -> None:
        look = self._look
        for control in self._controls:
            look = control.applied_to(look)
        self._take(look)

    def _take(self, look: Look) -> None:
        if look == self._look:
            return
        self._look = look
        self._show()
        self.look_changed.emit(look)

    def _control_committed(self) -> None:
        if self._look == self._committed:
            return
        self._committed = self._look
        self.look_committed.emit(self._look)

    def _show(self) -> None:
        for control in self._controls:
            control.show_look(self._look, self._defaults)
        self.reset_all_button.setEnabled(self._look != self._defaults)
