"""Every act that a menu, a button or a key can ask for, in one place; what they do is wired in `desktop.app`.

The keys are those of the design; F1 shows this list as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence

from desktop.icons import icon


@dataclass(frozen=True, slots=True)
class _Entry:
    """One act.

    Attributes:
        text: For menus, with its mnemonic.
        keys: Its keys; the first is shown.
        icon: Name of its icon; empty for none.
        checkable: Whether it is a state rather than an act.
        tip: What it does, where the text alone does not say.
    """

    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    tip: str = ""


def _entries() -> dict[str, _Entry]:
    """All acts by name. A function, for the texts are translated when it is called."""
    translate = QCoreApplication.translate
    return {
        "open_folder": _Entry(translate("Actions", "&Open folder…"), ("Ctrl+O",), "open-folder"),
        "open_photo": _Entry(translate("Actions", "Open p&hoto…"), ("Ctrl+Shift+O",), "open-photo"),
        "paste": _Entry(translate("Actions", "&Paste picture"), ("Ctrl+V",)),
        "save": _Entry(
            translate("Actions", "&Save coloured photo"),
            ("Ctrl+S",),
            "save",
            tip=translate("Actions", "Saves it beside the original, which is never touched"),
        ),
        "save_as": _Entry(translate("Actions", "Save &as…"), ("Ctrl+Shift+S",), "save-as"),
        "save_all": _Entry(
            translate("Actions", "Save a&ll changed photos"),
            ("Ctrl+Alt+S",),
            tip=translate("Actions", "Saves every photo that you changed and did not save yet"),
        ),
        "color_folder": _Entry(
            translate("Actions", "&Colour the folder"),
            ("Ctrl+B",),
            "batch",
            tip=translate("Actions", "Colours all photos of this folder in the background"),
        ),
        "quit": _Entry(translate("Actions", "&Quit"), ("Ctrl+Q",), "quit"),
        "undo": _Entry(translate("Actions", "&Undo"), ("Ctrl+Z",), "undo"),
        "redo": _Entry(translate("Actions", "&Redo"), ("Ctrl+Shift+Z",), "redo"),
        "find": _Entry(translate("Actions", "&Find a photo by name"), ("Ctrl+F",), "search"),
        "settings": _Entry(translate("Actions", "Se&ttings…"), ("Ctrl+,",), "settings"),
        "previous": _Entry(translate("Actions", "P&revious photo"), ("Left", "PgUp"), "previous"),
        "next": _Entry(translate("Actions", "&Next photo"), ("Right", "PgDown"), "next"),
        "previous_page": _Entry(translate("Actions", "Previous pa&ge of the file"), ("Ctrl+PgUp",)),
        "next_page": _Entry(translate("Actions", "Next page of the fil&e"), ("Ctrl+PgDown",)),
        "fit": _Entry(translate("Actions", "&Fit into the window"), ("Ctrl+0",), "fit"),
        "actual_size": _Entry(translate("Actions", "&100 %"), ("Ctrl+1",), "actual-size"),
        "zoom_in": _Entry(translate("Actions", "Zoom &in"), ("Ctrl++", "Ctrl+="), "zoom-in"),
        "zoom_out": _Entry(translate("Actions", "&Zoom out"), ("Ctrl+-",), "zoom-out"),
        "single": _Entry(translate("Actions", "&Coloured photo"), ("R",), "palette", checkable=True),
        "split": _Entry(translate("Actions", "Before and after, &split"), ("S",), "split", checkable=True),
        "side_by_side": _Entry(
            translate("Actions", "Before and after, side by si&de"), ("D",), "side-by-side", checkable=True
        ),
        "original": _Entry(
            translate("Actions", "&Original, while held"),
            ("Space",),
            "original",
            checkable=True,
            tip=translate("Actions", "Hold it to see the original"),
        ),
        "compare_variants": _Entry(translate("Actions", "Compare &variants"), ("V",), "compare"),
        "compare_models": _Entry(translate("Actions", "Compare &models"), ("M",), "compare"),
        **_hint_entries(),
        "full_screen": _Entry(translate("Actions", "F&ull screen"), ("F11",), "full-screen", checkable=True),
        "cancel": _Entry(translate("Actions", "Ca&ncel what is going on"), ("Esc",), "stop"),
        "keys": _Entry(translate("Actions", "&Keys"), ("F1",), "keys"),
        "log": _Entry(translate("Actions", "&Log…"), (), "log"),
        "welcome": _Entry(translate("Actions", "&Welcome page"), (), "info"),
        "about": _Entry(translate("Actions", "&About Autochrome"), (), "about"),
    }


def _hint_entries() -> dict[str, _Entry]:
    """The acts on hints by name."""
    translate = QCoreApplication.translate
    return {
        "brush": _Entry(
            translate("Actions", "&Brush"),
            ("B",),
            "brush",
            checkable=True,
            tip=translate("Actions", "Brush: paint what colour something has"),
        ),
        "eraser": _Entry(
            translate("Actions", "&Eraser"),
            ("E",),
            "eraser",
            checkable=True,
            tip=translate("Actions", "Eraser: take painted colours away"),
        ),
        "pick": _Entry(translate("Actions", "P&ick a colour from the photo"), ("I",), "pick", checkable=True),
        "select": _Entry(translate("Actions", "&Select and move hints"), ("H",), "select", checkable=True),
        "brush_larger": _Entry(translate("Actions", "&Larger brush"), ("]",)),
        "brush_smaller": _Entry(translate("Actions", "S&maller brush"), ("[",)),
        "neutral": _Entry(
            translate("Actions", "&No colour here"),
            ("N",),
            "neutral",
            tip=translate("Actions", "No colour here: what was grey in life stays grey"),
        ),
        "keep": _Entry(
            translate("Actions", "&Keep what is here"),
            ("K",),
            "keep",
            tip=translate("Actions", "Keep what the model says here, and let no other hint spill in"),
        ),
        "delete_hint": _Entry(translate("Actions", "&Delete the hint"), ("Del",), "remove"),
        "clear_hints": _Entry(translate("Actions", "Clea&r all hints"), (), "clear"),
        "copy_hints": _Entry(translate("Actions", "&Copy the hints"), ("Ctrl+Shift+C",), "copy"),
        "paste_hints": _Entry(translate("Actions", "&Paste hints"), ("Ctrl+Shift+V",)),
        "previous_hints": _Entry(translate("Actions", "Hints o&f the photo before"), ("Ctrl+Shift+P",)),
        "reference": _Entry(
            translate("Actions", "C&olours from a reference photo…"),
            (),
            "reference",
            tip=translate("Actions", "Carries colours over from a similar colour photo, as hints to edit"),
        ),
        "where": _Entry(
            translate("Actions", "Show &where to hint"),
            ("W",),
            "where-to-hint",
            checkable=True,
            tip=translate("Actions", "Marks the places where the model is least sure of its colours"),
        ),
        "show_hints": _Entry(translate("Actions", "Show the &hints"), ("Ctrl+H",), checkable=True),
    }


HINT_TOOLS = ("brush", "eraser", "pick", "select")
VIEWS = ("single", "split", "side_by_side")
NEED_PHOTO = (
    "save",
    "save_as",
    "fit",
    "actual_size",
    "zoom_in",
    "zoom_out",
    "single",
    "split",
    "side_by_side",
    "original",
)
"""Acts that need a photo; those that compare also need something to compare, which `desktop.flows.choosing` knows."""


@dataclass(slots=True)
class Actions:
    """The acts by name; `actions["save"]`."""

    by_name: dict[str, QAction] = field(default_factory=lambda: {})  # noqa: PIE807 - typed, unlike dict

    def __getitem__(self, name: str) -> QAction:
        """The act of a name."""
        return self.by_name[name]

    def refresh_icons(self) -> None:
        """Draws the icons again, for the palette has changed."""
        for name, entry in _entries().items():
            if entry.icon:
                self.by_name[name].setIcon(icon(entry.icon))


def make_actions(owner: QObject) -> Actions:
    """All acts, owned by the window."""
    made = Actions()
    for name, entry in _entries().items():
        action = QAction(icon(entry.icon) if entry.icon else QIcon(), entry.text, owner)
        action.setObjectName(name)
        action.setShortcuts([QKeySequence(key) for key in entry.keys])
        action.setCheckable(entry.checkable)
        plain = entry.text.replace("&", "").rstrip("…")
        tip = entry.tip or plain
        action.setToolTip(
            f"{tip} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})" if entry.keys else tip
        )
        action.setStatusTip(tip)
        made.by_name[name] = action
    views = QActionGroup(owner)
    views.setExclusive(True)
    for name in VIEWS:
        views.addAction(made[name])
    tools = QActionGroup(owner)
    tools.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
    for name in HINT_TOOLS:
        tools.addAction(made[name])
    made["show_hints"].setChecked(True)
    return made
