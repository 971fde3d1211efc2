import pytest
from PySide6.QtCore import QModelIndex, Qt

from desktop.library.folders import PATH, FolderModel, Place, places
from desktop.library.tree import FolderTree


@pytest.fixture
def disk(tmp_path):
    for name in ("disk/photos/1920/summer", "disk/photos/1930", "disk/photos/.hidden", "disk/music"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path / "disk"


@pytest.fixture
def model(tasks, disk):
    return FolderModel(tasks, lambda: [Place(disk, "Disk", "folder-drive")])


@pytest.fixture
def tree(qtbot, model):
    made = FolderTree(model)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    return made


def names(model, parent=None):
    parent = parent or QModelIndex()
    return [model.index(row, 0, parent).data() for row in range(model.rowCount(parent))]


def test_a_folder_is_listed_when_it_is_opened(qtbot, model, tree):
    root = model.index(0, 0)
    assert model.hasChildren(root)
    assert names(model, root) == []
    tree.expand(root)
    qtbot.waitUntil(lambda: names(model, root) == ["music", "photos"])
    tree.expand(model.index(0, 0, root))
    qtbot.waitUntil(lambda: not model.hasChildren(model.index(0, 0, root)))


def test_a_folder_deep_below_is_revealed(qtbot, model, tree, disk):
    with qtbot.waitSignal(model.revealed):
        model.reveal(disk / "photos" / "1920" / "summer")
    assert tree.currentIndex().data(PATH) == disk / "photos" / "1920" / "summer"
    assert tree.isExpanded(tree.currentIndex().parent())
    with qtbot.waitSignal(model.revealed):
        model.reveal(disk / "music")
    assert tree.currentIndex().data() == "music"


def test_it_is_revealed_even_before_the_roots_are_known(qtbot, tasks, disk):
    model = FolderModel(tasks, lambda: [Place(disk, "Disk", "folder-drive")])
    with qtbot.waitSignal(model.revealed):
        model.reveal(disk / "music")


def test_a_hidden_folder_is_revealed_as_far_as_it_goes(qtbot, model, disk):
    with qtbot.waitSignal(model.revealed) as caught:
        model.reveal(disk / "photos" / ".hidden")
    assert caught.args[0].data() == "photos"


def test_what_is_new_shows_when_a_folder_is_opened_again(qtbot, model, tree, disk):
    root = model.index(0, 0)
    tree.expand(root)
    qtbot.waitUntil(lambda: names(model, root) == ["music", "photos"])
    (disk / "letters").mkdir()
    (disk / "music").rmdir()
    tree.collapse(root)
    tree.expand(root)
    qtbot.waitUntil(lambda: names(model, root) == ["letters", "photos"])


def test_thousands_of_subfolders_come_bit_by_bit(qtbot, model, tree, disk):
    for number in range(450):
        (disk / "music" / str(number)).mkdir()
    with qtbot.waitSignal(model.revealed):
        model.reveal(disk / "music")
    tree.expand(tree.currentIndex())
    qtbot.waitUntil(lambda: names(model, tree.currentIndex()) == [str(number) for number in range(450)])


def test_a_folder_that_cannot_be_listed_says_so_once_it_is_opened(qtbot, tasks, tmp_path):
    model = FolderModel(tasks, lambda: [Place(tmp_path / "gone", "Gone", "folder-drive")])
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    with qtbot.waitSignal(model.failed):
        model.fetchMore(model.index(0, 0))
    assert not model.hasChildren(model.index(0, 0))


def test_arrows_go_through_the_tree_and_enter_opens(qtbot, model, tree, disk):
    opened = []
    tree.chosen.connect(opened.append)
    tree.setCurrentIndex(model.index(0, 0))
    qtbot.keyClick(tree, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: model.rowCount(model.index(0, 0)) == 2)
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert opened == []
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert opened == [disk / "music"]


def test_a_click_opens(qtbot, model, tree, disk):
    with qtbot.waitSignal(tree.chosen) as caught:
        place = tree.visualRect(model.index(0, 0)).center()
        qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == [disk]


def test_the_home_folder_and_the_disks_are_places(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    found = places()
    assert tmp_path in [place.path for place in found]
    assert any(place.path.parent == place.path for place in found)
