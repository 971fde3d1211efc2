"""The context menus of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from desktop.icons import icon
from desktop.library.listing import shown_name
from desktop.library.uri import file_uri

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class PhotoMenu(QMenu):
    """The menu of the photos that are selected; of their folder alone if there are none.

    Args:
        parent: The owner.
        photos: The photos that are selected.
        folder: Their folder.
        open_photo: Opens a photo.
        color: Colours photos or folders in the background.
    """

    def __init__(
        self,
        parent: QWidget,
        photos: Sequence[Path],
        folder: Path,
        *,
        open_photo: Callable[[Path], object],
        color: Callable[[list[Path]], object],
    ) -> None:
        super().__init__(parent)
        if photos:
            first = photos[0]
            self.addAction(self.tr("&Open"), lambda: open_photo(first)).setEnabled(len(photos) == 1)
            text = self.tr("&Colour %n photos in the background", "", len(photos))
            self.addAction(icon("batch"), text, lambda: color(list(photos)))
        self.addAction(icon("folder"), self.tr("Colour the whole &folder"), lambda: color([folder]))
        self.addSeparator()
        if photos:
            self.addAction(self.tr("Copy &paths", "", len(photos)), lambda: _copy(photos))
        self.addAction(self.tr("Show in file &manager"), lambda: show_folder(folder))


def folder_menu(
    parent: QWidget,
    folder: Path,
    *,
    open_folder: Callable[[Path], object],
    color: Callable[[list[Path]], object],
) -> QMenu:
    """The menu of a folder in the tree."""
    translate = QCoreApplication.translate
    menu = QMenu(parent)
    menu.addAction(icon("open-folder"), translate("Library", "&Open"), lambda: open_folder(folder))
    menu.addAction(icon("batch"), translate("Library", "&Colour this folder"), lambda: color([folder]))
    menu.addSeparator()
    menu.addAction(translate("Library", "Show in file &manager"), lambda: show_folder(folder))
    return menu


def show_folder(folder: Path) -> None:
    """Opens a folder in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromEncoded(file_uri(folder).encode()))


def _copy(photos: Sequence[Path]) -> None:
    QGuiApplication.clipboard().setText("\n".join(shown_name(str(photo)) for photo in photos))
