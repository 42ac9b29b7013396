"""Texts are found, translated and shown: in a made-up language every word of the window comes from a translation."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QTabWidget,
    QTreeWidget,
    QWidget,
)

from viewer.domain.result import Light
from viewer.present.texts import translate_with
from viewer.ui import language, texts
from viewer.ui.panels.series_model import DETAIL, WORD
from viewer.ui.widgets.bars import NOTES

from .conftest import Room, opened

DOCS = Path(__file__).parents[2] / "docs"

DATA = re.compile(
    r"clip\.dcm|still\.png|study|dropped|made-up|dermoscopy|nevus|melanoma|keratosis|softmax|knn|broken|\bp\b|p_\w+"
    r"|Softmax|Neighbours|Broken|Attention|Words|Failing|Spread|Note|Plain text|[Nn]ot certified: nothing is known"
    r"|probability|distance|it raised \w+|classifier|inferno|viridis|coolwarm|gray|trust_\w+|green|amber|red|grey"
    r"|\bms\b|\bs\b|\bC\b|\bW\b|mm|px"
    r"|(?:Ctrl|Shift|Alt)\+\S+|\b(?:Esc|Space|Left|Right|Up|Down|Home|End|Del|F\d+)\b|^[A-Z]$|\([A-Z]\)$"
)
"""What is data, or of a plugin, in the made-up window: names, units, columns, lights as values; and names of keys."""


class Wrapping(QTranslator):
    """Translates every text by putting it between brackets."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"⟦{source}⟧" if source else ""


@pytest.fixture
def wrapped(qapp: Any) -> Iterator[None]:
    translator = Wrapping()
    qapp.installTranslator(translator)
    translate_with(texts.tr)
    yield
    qapp.removeTranslator(translator)
    translate_with(str)


def extractor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("extract_texts", DOCS / "extract_texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bare(words: str) -> str:
    """What is left of words without what was translated, data, keys and punctuation."""
    before = None
    while before != words:
        before, words = words, re.sub(r"⟦[^⟦⟧]*⟧", "", words)
    return "".join(filter(str.isalpha, DATA.sub("", words)))


def words_of(root: QWidget) -> Iterator[tuple[str, str]]:
    """Every text below a widget as (where, words)."""
    for widget in (root, *root.findChildren(QWidget)):
        where = f"{type(widget).__name__} {widget.objectName()}"
        if widget.objectName().startswith("qt_"):  # parts of Qt's own
            continue
        for get in ("toolTip", "accessibleName", "accessibleDescription", "statusTip", "windowTitle"):
            yield f"{where} {get}", getattr(widget, get)()
        if isinstance(widget, QLabel | QAbstractButton):
            yield where, widget.text()
        if isinstance(widget, QLineEdit):
            yield f"{where} placeholder", widget.placeholderText()
        if isinstance(widget, QComboBox):
            yield from ((where, widget.itemText(place)) for place in range(widget.count()))
        if isinstance(widget, QTabWidget):
            yield from ((where, widget.tabText(place)) for place in range(widget.count()))
        if isinstance(widget, QMenu):
            yield where, widget.title()
        if isinstance(widget, QAbstractItemView):
            yield from ((where, words) for words in cells(widget.model()))
        if isinstance(widget, QTreeWidget):
            header = widget.headerItem()
            yield from ((where, header.text(column)) for column in range(header.columnCount()))
        for action in widget.actions():
            yield from of_action(action)


def of_action(action: QAction) -> Iterator[tuple[str, str]]:
    where = f"action {action.objectName()}"
    yield where, action.text()
    yield f"{where} tip", action.toolTip()
    yield f"{where} status", action.statusTip()


def cells(model: QAbstractItemModel, parent: QModelIndex = QModelIndex()) -> Iterator[str]:  # noqa: B008
    roles = (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
        DETAIL,
        WORD,
    )
    for row in range(model.rowCount(parent)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield from (str(index.data(role) or "") for role in roles)
            notes = index.data(NOTES)
            yield from notes if isinstance(notes, tuple) else ()
        yield from cells(model, model.index(row, 0, parent))


def test_that_every_text_of_the_window_its_menus_and_dialogs_is_translated(wrapped, room: Room):
    window = room.window
    room.session.made.lights = {0: Light.GREEN, 1: Light.AMBER, 2: Light.RED}
    left = []
    for files in ((opened("still.png", frames=1),), (opened(), opened("still.png", frames=1))):
        room.open(*files)
        room.work()
        for frame in range(3):
            window.player.seek(frame)
            room.work()
            left += [(where, words) for where, words in words_of(window) if bare(words)]
    window.problems.add("⟦a sentence⟧")
    window.problems.show_all.click()
    for name in ("plugins", "settings", "window_level", "notice", "shortcuts", "about"):
        window.action(name).trigger()
    window.presets.aboutToShow.emit()
    left += [(where, words) for where, words in words_of(window) if bare(words)]
    assert set(left) == set()


def test_that_the_list_of_texts_is_what_the_program_says():
    assert extractor().outdated() == []


def test_that_texts_are_found_in_calls_and_in_tables():
    source = 'A = marked("one")\n_c("name", "Menu", "Text", "Ctrl+A", "Tip")\ntr("two {n}").format(n=1)\ntr(A)\n'
    assert list(extractor().texts_of(source)) == ["one", "Menu", "Text", "Tip", "two {n}"]
    assert list(extractor().texts_of('_setting(1, "Help.", title="Title")')) == ["Help.", "Title"]


def test_that_every_translated_call_has_a_literal_or_a_marked_constant():
    """`tr(f"…")` would be shown but never found."""
    strange = []
    for path in sorted(extractor().SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tr", "marked"):
                built = isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
                strange += [f"{path.name}:{node.lineno}"] if built else []
    assert strange == []


def test_that_a_translation_survives_new_texts_and_is_shown_in_the_window(tmp_path, qapp, monkeypatch):
    tool = extractor()
    monkeypatch.setattr(tool, "FOLDER", tmp_path)
    monkeypatch.setattr(tool, "TEMPLATE", tmp_path / "viewer.ts")
    german = tmp_path / "viewer_de.ts"
    german.write_text(
        '<?xml version="1.0" encoding="utf-8"?><TS version="2.1" language="de"><context><name>viewer</name>'
        "<message><source>AI reliable</source><translation>KI verlässlich</translation></message>"
        "<message><source>frame {n} of {count}</source><translation>Bild {m}</translation></message>"
        "<message><source>Gone</source><translation>Weg</translation></message></context></TS>",
        encoding="utf-8",
    )
    tool.write()
    assert tool.outdated() == []
    assert tool.translations(german) == {"AI reliable": "KI verlässlich"}  # a wrong field is dropped, an old text too
    tool.release(german)
    before = set(qapp.findChildren(QTranslator))
    try:
        assert language.speak(qapp, "de", tmp_path) == "de"
        assert texts.tr("AI reliable") == "KI verlässlich"
        assert texts.tr("AI unsure") == "AI unsure"
    finally:
        for translator in set(qapp.findChildren(QTranslator)) - before:
            qapp.removeTranslator(translator)
        translate_with(str)


@pytest.mark.parametrize("spoken", ["", "eo", "nonsense"])
def test_that_a_language_without_a_translation_falls_back_to_english(qapp, tmp_path, spoken):
    assert language.speak(qapp, spoken, tmp_path) == "en"
    assert texts.tr("AI reliable") == "AI reliable"
