"""All keys: made from the window's own acts, so that it is always true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH, HEIGHT = 660, 640


class KeysDialog(QDialog):
    """A list of acts and their keys, in the groups of the menus, to be searched.

    Args:
        actions: The acts; those without keys are left out.
        parent: The window that it belongs to.
        more: Keys that no act has: what they do, and the keys, as the user reads them.
    """

    def __init__(
        self, actions: Iterable[QAction], parent: QWidget | None = None, more: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.search_edit = QLineEdit()
        self.search_edit.setPlaceholderText(self.tr("Search for an act or a key"))
        self.search_edit.setAccessibleName(self.tr("Search"))
        self.search_edit.setClearButtonEnabled(True)
        self.tree = self._make_tree()
        self._fill(actions, more)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAccessibleName(close.text().replace("&", ""))
        layout = QVBoxLayout(self)
        layout.addWidget(self.search_edit)
        layout.addWidget(self.tree, 1)
        layout.addWidget(buttons)
        self.search_edit.textChanged.connect(self._search)
        buttons.rejected.connect(self.reject)
        self.resize(WIDTH, HEIGHT)

    def rows(self) -> list[tuple[str, str]]:
        """What is shown now: each act and its keys."""
        return [(item.text(0), item.text(1)) for item in self._items() if not item.isHidden()]

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setColumnCount(2)
        tree.setHeaderLabels([self.tr("Act"), self.tr("Keys")])
        tree.setAccessibleName(self.tr("Keys"))
        tree.setRootIsDecorated(False)
        tree.setItemsExpandable(False)
        tree.setUniformRowHeights(True)
        tree.setAlternatingRowColors(True)
        tree.setIndentation(14)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setStretchLastSection(False)
        return tree

    def _fill(self, actions: Iterable[QAction], more: Sequence[tuple[str, str]]) -> None:
        groups: dict[str, list[tuple[str, str]]] = {}
        for action in actions:
            keys = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()]
            if any(keys):
                groups.setdefault(_menu_of(action), []).append((_plain(action.text()), self.tr(" or ").join(keys)))
        others = [*groups.pop("", []), *more]
        if others:
            groups[self.tr("Others") if groups else ""] = others
        for title, rows in groups.items():
            self._add_group(title, rows)
        self.tree.expandAll()
        first = next(iter(self._items()), None)
        if first is not None:
            self.tree.setCurrentItem(first)

    def _add_group(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """Adds a heading with its rows under it; without a title the rows alone."""
        if not title:
            for row in rows:
                self.tree.addTopLevelItem(QTreeWidgetItem(list(row)))
            return
        heading = QTreeWidgetItem([title])
        font = heading.font(0)
        font.setBold(True)
        heading.setFont(0, font)
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.tree.addTopLevelItem(heading)
        heading.setFirstColumnSpanned(True)
        for row in rows:
            heading.addChild(QTreeWidgetItem(list(row)))

    def _items(self) -> list[QTreeWidgetItem]:
        """The rows that tell a key."""
        top = [self.tree.topLevelItem(number) for number in range(self.tree.topLevelItemCount())]
        found: list[QTreeWidgetItem] = []
        for item in (item for item in top if item is not None):
            children = [item.child(number) for number in range(item.childCount())]
            found += [child for child in children if child is not None] if children else [item]
        return found

    def _search(self, text: str) -> None:
        wanted = text.casefold().split()
        for item in self._items():
            has = f"{item.text(0)} {item.text(1)}".casefold()
            item.setHidden(not all(word in has for word in wanted))
        for number in range(self.tree.topLevelItemCount()):
            heading = self.tree.topLevelItem(number)
            if heading is not None and heading.childCount():
                children = [heading.child(place) for place in range(heading.childCount())]
                heading.setHidden(all(child.isHidden() for child in children if child is not None))


def _menu_of(action: QAction) -> str:
    """The title of the menu that an act is in; empty where it is in none."""
    titles = (owner.title() for owner in action.associatedObjects() if isinstance(owner, QMenu))
    return next((_plain(title) for title in titles if title), "")


def _plain(text: str) -> str:
    """A menu's text without its mnemonic and its dots."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")
