import itertools

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, QStringListModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QListView

from desktop.library.flow import Flow, FlowView

Hint = QAbstractItemView.ScrollHint


@pytest.fixture
def view(qtbot):
    made = FlowView()
    qtbot.addWidget(made)
    made.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    made.setModel(QStringListModel([str(number) for number in range(23)], made))
    made.set_cell(QSize(50, 40))
    made.show()
    made.resize(made.width() - made.viewport().width() + 230, made.height() - made.viewport().height() + 100)
    qtbot.waitUntil(lambda: made.viewport().width() == 230)
    return made


def selected(view):
    return sorted(index.row() for index in view.selectedIndexes())


def test_columns_share_the_width_without_a_gap():
    flow = Flow(230, QSize(50, 40), 10)
    rects = [flow.rect(row) for row in range(4)]
    assert flow.columns == 4
    assert rects[0].left() == 0
    assert rects[-1].right() == 229
    assert all(left.right() + 1 == right.left() for left, right in itertools.pairwise(rects))
    assert flow.rect(5) == QRect(57, 40, 58, 40)
    assert flow.height == 120


def test_a_narrow_view_has_one_column_and_an_empty_one_no_height():
    assert Flow(10, QSize(50, 40), 3).columns == 1
    assert Flow(10, QSize(50, 40), 0).height == 0
    assert Flow(0, QSize(50, 40), 0).nearest(QPoint(5, 5)) == -1


def test_only_what_a_band_touches_is_drawn():
    flow = Flow(200, QSize(50, 40), 1000)
    assert flow.rows_between(0, 100) == range(12)
    assert flow.rows_between(45, 75) == range(4, 8)
    assert flow.rows_between(9990, 99999) == range(996, 1000)
    assert flow.rows_between(-50, 0) == range(0)


def test_every_cell_is_found_where_it_is_drawn(view):
    assert isinstance(view, QListView)
    for row in range(23):
        view.scrollTo(view.model().index(row, 0))
        assert view.indexAt(view.visualRect(view.model().index(row, 0)).center()).row() == row
    assert not view.indexAt(QPoint(200, 95)).isValid()


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        (5, Qt.Key.Key_Left, 4),
        (3, Qt.Key.Key_Right, 4),
        (5, Qt.Key.Key_Up, 1),
        (2, Qt.Key.Key_Up, 2),
        (5, Qt.Key.Key_Down, 9),
        (19, Qt.Key.Key_Down, 22),
        (21, Qt.Key.Key_Down, 21),
        (5, Qt.Key.Key_Home, 0),
        (5, Qt.Key.Key_End, 22),
        (0, Qt.Key.Key_PageDown, 8),
        (22, Qt.Key.Key_PageUp, 14),
        (0, Qt.Key.Key_Left, 0),
        (22, Qt.Key.Key_Right, 22),
    ],
)
def test_keys_lead_where_the_eye_expects(view, qtbot, start, key, end):
    view.setCurrentIndex(view.model().index(start, 0))
    qtbot.keyClick(view, key)
    assert view.currentIndex().row() == end
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))


def test_a_selection_runs_in_reading_order(view, qtbot):
    view.setCurrentIndex(view.model().index(2, 0))
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert selected(view) == [2, 3, 4, 5, 6]
    place = view.visualRect(view.model().index(0, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, place)
    assert selected(view) == [0, 1, 2]


def test_a_click_beside_the_cells_selects_nothing(view, qtbot):
    view.selectAll()
    view.scrollToBottom()
    place = view.visualRect(view.model().index(22, 0)).center() + QPoint(57, 0)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert selected(view) == []


@pytest.mark.parametrize(
    ("hint", "value"), [(Hint.PositionAtTop, 80), (Hint.PositionAtBottom, 20), (Hint.PositionAtCenter, 50)]
)
def test_scrolling_obeys_its_hint(view, hint, value):
    view.scrollTo(view.model().index(9, 0), hint)
    assert view.verticalScrollBar().value() == value


def test_other_cells_leave_the_top_where_it_is(view):
    view.scrollTo(view.model().index(12, 0), Hint.PositionAtTop)
    view.set_cell(QSize(100, 70))
    assert view.indexAt(QPoint(5, 5)).row() == 12


def test_rows_that_come_and_go_change_the_height(view, qtbot):
    view.model().setStringList([])
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() == 0)
    view.model().setStringList([str(number) for number in range(400)])
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() == 100 * 40 - 100)
