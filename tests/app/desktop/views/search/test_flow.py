"""Widgets set like words, and Tab among them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.views.search.flow import FlowLayout


class Block(QWidget):
    """Prefers a size."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._size = QSize(width, height)

    def sizeHint(self) -> QSize:
        """The preferred one."""
        return self._size


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


def flow_of(parent: QWidget, blocks: Sequence[Block]) -> FlowLayout:
    flow = FlowLayout(gap=5, parent=parent)
    for block in blocks:
        flow.addWidget(block)
        block.show()
    return flow


def test_widgets_fill_lines_and_are_centred_in_them(parent: QWidget) -> None:
    blocks = [Block(40, 10), Block(50, 20), Block(30, 10)]
    flow = flow_of(parent, blocks)
    flow.setGeometry(QRect(0, 0, 100, 100))
    assert [block.geometry() for block in blocks] == [
        QRect(0, 5, 40, 10),
        QRect(45, 0, 50, 20),
        QRect(0, 25, 30, 10),
    ]
    assert flow.heightForWidth(100) == 35
    assert flow.heightForWidth(1000) == 20
    assert flow.sizeHint() == QSize(135, 20)


def test_what_is_too_wide_is_cut(parent: QWidget) -> None:
    block = Block(400, 10)
    flow = flow_of(parent, [block])
    flow.setGeometry(QRect(0, 0, 100, 100))
    assert block.geometry() == QRect(0, 0, 100, 10)
    assert flow.minimumSize().width() == 0


def test_hidden_widgets_take_no_room(parent: QWidget) -> None:
    blocks = [Block(40, 10), Block(50, 20)]
    flow = flow_of(parent, blocks)
    blocks[1].hide()
    assert flow.sizeHint().height() == 10
    assert flow.heightForWidth(50) == 10


def test_without_widgets_it_has_no_height(parent: QWidget) -> None:
    flow = flow_of(parent, [])
    assert flow.heightForWidth(100) == 0
    assert flow.itemAt(0) is None
    assert flow.takeAt(0) is None


def test_items_are_counted_inserted_and_taken(parent: QWidget) -> None:
    first, last, between = Block(1, 1), Block(2, 1), Block(3, 1)
    flow = flow_of(parent, [first, last])
    flow.insert_widget(1, between)
    items = [flow.itemAt(place) for place in range(flow.count())]
    assert [item.widget() for item in items if item] == [first, between, last]
    taken = flow.takeAt(0)
    assert taken is not None
    assert taken.widget() is first
    assert flow.count() == 2


def test_tab_goes_in_order_whenever_a_widget_came(qtbot: QtBot, parent: QWidget) -> None:
    before, after = QPushButton("before", parent), QWidget(parent)
    flow = FlowLayout(gap=5, parent=after)
    flow.addWidget(last := QPushButton("last"))
    beyond = QPushButton("beyond", parent)
    flow.insert_widget(0, QLabel("a label is passed over"))
    flow.insert_widget(1, second := QPushButton("second"))
    flow.insert_widget(0, first := QPushButton("first"))
    with qtbot.waitExposed(parent):
        parent.show()
    parent.activateWindow()
    before.setFocus()
    reached = []
    for _ in range(4):
        QTest.keyClick(parent, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached == [first, second, last, beyond]
