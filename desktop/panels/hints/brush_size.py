"""How wide the brush paints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from desktop.panels.slider import Scale, SliderTexts, ValueSlider

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

MOST = 4000
USUAL_RADIUS = 24.0
_GROWTH = 1.035


def _widths() -> tuple[int, ...]:
    """Whole pixels: one by one at first, then growing by a share, so that 400 is as easily set as 4."""
    widths = [1]
    while widths[-1] < MOST:
        widths.append(min(max(widths[-1] + 1, round(widths[-1] * _GROWTH)), MOST))
    return tuple(widths)


_WIDTHS = _widths()


@dataclass(frozen=True, slots=True, kw_only=True)
class WidthScale(Scale):
    """The widths of a brush; a tick of the slider leads from one to the next."""

    def to_ticks(self, value: float) -> int:
        """The nearest width."""
        return min(range(len(_WIDTHS)), key=lambda tick: abs(_WIDTHS[tick] - value))

    def of_ticks(self, ticks: int) -> float:
        """The width at a position of the slider."""
        return float(_WIDTHS[ticks])


class BrushSize(ValueSlider):
    """The width of the brush, in pixels of the photo.

    Args:
        parent: The owner.

    Signals:
        radius_changed (float): The user changes it; half of the width that is shown.
    """

    radius_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            WidthScale(least=1.0, most=float(MOST), step=1.0, nudge=1.0, page=10.0, digits=0),
            SliderTexts(
                name=self.tr("Brush size"),
                spoken=self.tr("Brush size"),
                hint=self.tr("Width of the brush in pixels of the photo"),
                reset=self.tr("Reset the brush size"),
            ),
            parent,
        )
        self._usual = USUAL_RADIUS
        self.field.setSuffix(self.tr(" px"))
        self.changed.connect(self._tell)
        self.set_radius(USUAL_RADIUS)

    @property
    def radius(self) -> float:
        """Half of the width, in pixels of the photo."""
        return self.value / 2

    def set_radius(self, radius: float, usual: float | None = None) -> None:
        """Shows a radius; nothing is emitted.

        Args:
            radius: In pixels of the photo.
            usual: What the reset button goes back to; None leaves that as it is.
        """
        self._usual = self._usual if usual is None else usual
        self.set_value(2 * radius, 2 * self._usual)

    def _tell(self, width: float) -> None:
        self.radius_changed.emit(width / 2)
