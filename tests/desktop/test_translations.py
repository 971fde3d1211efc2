"""The window speaks German throughout: no text is missing, stale or misshapen, and the compiled files are current."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import defusedxml.ElementTree as ElementTree
import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QAbstractButton, QDialogButtonBox, QLabel, QMenu, QWidget

from desktop.dialogs import KeysDialog, LogDialog, SaveAsDialog, SettingsDialog
from desktop.language import FOLDER, LANGUAGES, install_language
from desktop.library.menus import PhotoMenu, folder_menu
from desktop.purposes import PURPOSES
from desktop.settings import Saving, SettingsFile
from engine import read_photo

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
TRANSLATED = [language for language in LANGUAGES if language != "en"]
COUNTS = (0, 1, 2, 5, 21)
MNEMONIC = re.compile(r"&([^&])")


@dataclass(frozen=True)
class Message:
    context: str
    source: str
    comment: str
    plural: bool


@dataclass(frozen=True)
class Translation:
    forms: tuple[str, ...]
    mark: str


def messages(file):
    """What a .ts file holds: each message and its translation."""
    found = {}
    for context in ElementTree.parse(file).getroot().iter("context"):
        for entry in context.iter("message"):
            plural = entry.get("numerus") == "yes"
            told = entry.find("translation")
            forms = [form.text or "" for form in told.iter("numerusform")] if plural else [told.text or ""]
            message = Message(
                context.findtext("name"), entry.findtext("source"), entry.findtext("comment") or "", plural
            )
            found[message] = Translation(tuple(forms), told.get("type") or "")
    return found


def shipped(language):
    return messages(FOLDER / f"autochrome_{language}.ts")


def tool(name):
    found = shutil.which(name, path=str(TOOLS))
    if found is None:
        pytest.skip(f"{name} is not in the environment")
    return found


def each_form(language):
    return [(message, form) for message, translation in shipped(language).items() for form in translation.forms]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_finished(language):
    entries = shipped(language)
    assert entries
    wanting = [
        message.source
        for message, translation in entries.items()
        if translation.mark or not all(form.strip() for form in translation.forms)
    ]
    assert wanting == []
    assert {len(translation.forms) for message, translation in entries.items() if message.plural} == {2}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "trait",
    [
        pytest.param(lambda text: Counter(re.findall(r"\{\w*\}|%L?n", text)), id="placeholders"),
        pytest.param(lambda text: text.count("…"), id="ellipses"),
        pytest.param(lambda text: text.endswith(":"), id="a colon at the end"),
        pytest.param(lambda text: (text[:1].isspace(), text[-1:].isspace()), id="spaces around it"),
        pytest.param(lambda text: len(MNEMONIC.findall(text)), id="mnemonics"),
        pytest.param(lambda text: text.count("\n"), id="lines"),
    ],
)
def test_a_translation_keeps(language, trait):
    forms = each_form(language)
    differing = [(message.source, form) for message, form in forms if trait(message.source) != trait(form)]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tool_finds_in_the_code_just_the_texts_that_are_translated(language, tmp_path):
    fresh = tmp_path / f"autochrome_{language}.ts"
    options = ["-pluralonly"] if language == "en" else []
    command = [tool("pyside6-lupdate"), "-extensions", "py", "desktop", "-source-language", "en", *options]
    subprocess.run([*command, "-ts", str(fresh)], cwd=ROOT, check=True, capture_output=True, timeout=120)
    in_code, translated = set(messages(fresh)), set(shipped(language))
    assert in_code - translated == set(), "not in the .ts: run pyside6-lupdate and translate"
    assert translated - in_code == set(), "not in the code any more: run pyside6-lupdate"


class Texts(ast.NodeVisitor):
    """All texts to translate in a file, as the program will ask for them: the tool overlooks some silently."""

    def __init__(self):
        self.found = set()
        self._classes = []

    def visit_ClassDef(self, node):
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_Call(self, node):
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        literals = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
        if name == "tr":
            literals.insert(0, self._classes[-1])
        elif name not in ("translate", "QT_TRANSLATE_NOOP") or not isinstance(literals[0], str):
            return
        context, source, comment, *rest = [*literals, None] if len(literals) == 2 else literals
        if isinstance(source, str):  # else it is looked up in a list of such texts
            self.found.add(Message(context, source, comment or "", bool(rest)))


def test_no_text_of_the_code_is_overlooked():
    texts = Texts()
    for file in sorted((ROOT / "desktop").rglob("*.py")):
        texts.visit(ast.parse(file.read_text("utf-8")))
    assert texts.found == set(shipped("de"))
    assert {message for message in texts.found if message.plural} == set(shipped("en"))


def test_what_bundled_models_are_for_can_be_translated():
    cards = [tomllib.loads(card.read_text("utf-8")) for card in (ROOT / "resources" / "models").glob("*.toml")]
    assert cards
    assert {card["purpose"] for card in cards} <= set(PURPOSES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_says_what_is_written(language, tmp_path):
    source, fresh = FOLDER / f"autochrome_{language}.ts", tmp_path / "fresh.qm"
    subprocess.run(
        [tool("pyside6-lrelease"), str(source), "-qm", str(fresh)], check=True, capture_output=True, timeout=120
    )
    tracked, made = QTranslator(), QTranslator()
    assert tracked.load(str(source.with_suffix(".qm")))
    assert made.load(str(fresh))
    for message, translation in shipped(language).items():
        for count in COUNTS if message.plural else (-1,):
            asked = (message.context, message.source, message.comment, count)
            written = translation.forms[0 if count in (-1, 1) else 1]
            assert tracked.translate(*asked) == made.translate(*asked) == written


@pytest.fixture
def speak(qapp):
    """Has the program speak a language, until the test ends."""
    locale = QLocale()
    yield lambda language: install_language(qapp, language)
    QLocale.setDefault(locale)
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


@pytest.fixture
def start_in(speak, tiny, make_program):
    """Starts the program in the language of the user's settings."""

    def start(language, *paths):
        file = SettingsFile()
        settings, _ = file.read()
        file.write(lambda: replace(settings, appearance=replace(settings.appearance, language=language)))
        return make_program(*paths)

    return start


def mnemonics(texts):
    found = [MNEMONIC.search(text.replace("&&", "")) for text in texts]
    return [match[1].casefold() for match in found if match]


def twice(texts):
    return [key for key, count in Counter(mnemonics(texts)).items() if count > 1]


def shown_texts(widget):
    """Texts of what a mnemonic can choose in a window or a page."""
    buttons = [button.text() for button in widget.findChildren(QAbstractButton)]
    return buttons + [label.text() for label in widget.findChildren(QLabel) if label.buddy() is not None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_entries_of_a_menu_have_the_same_mnemonic(language, start_in):
    window = start_in(language).parts.window
    bar = [action.text() for action in window.menuBar().actions()]
    assert len(mnemonics(bar)) == len(bar) > 0
    # The buttons of the welcome page share the keys of the menu bar.
    assert twice(bar + shown_texts(window.centralWidget())) == []
    for title in window.menuBar().actions():
        entries = [action.text() for action in title.menu().actions()]
        assert mnemonics(entries)
        assert twice(entries) == [], title.text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_entries_of_a_context_menu_have_the_same_mnemonic(language, speak, qtbot, tmp_path):
    speak(language)
    owner = QWidget()
    qtbot.addWidget(owner)
    photos = [tmp_path / "a.jpg", tmp_path / "b.jpg"]
    menus: list[QMenu] = [folder_menu(owner, tmp_path, open_folder=print, color=print)]
    menus += [PhotoMenu(owner, photos[:count], tmp_path, open_photo=print, color=print) for count in range(3)]
    for menu in menus:
        texts = [action.text() for action in menu.actions() if not action.isSeparator()]
        assert len(mnemonics(texts)) == len(texts)
        assert twice(texts) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_controls_of_a_dialog_have_the_same_mnemonic(language, start_in, folder, qtbot):
    parts = (program := start_in(language)).parts
    settings = SettingsDialog(parts.settings, program.theme, parts.window)
    log = LogDialog(parts.messages.logbook, parts.window)
    save_as = SaveAsDialog(read_photo(folder / "scan 1.jpg"), folder, Saving(), parts.window)
    pages = [settings.tabs.widget(number) for number in range(settings.tabs.count())]
    for page in (*pages, log, save_as):
        assert mnemonics(shown_texts(page))
        assert twice(shown_texts(page)) == []
    save_as.reject()


def plain(text):
    return text.replace("&", "")


def labels_of(widget):
    return {plain(label.text()) for label in widget.findChildren(QLabel)}


def test_the_program_speaks_german(start_in, folder, qtbot):
    program = start_in("de", folder)
    parts = program.parts
    window = parts.window
    qtbot.waitUntil(lambda: parts.library.count.text() == "4 Fotos")
    assert [plain(action.text()) for action in window.menuBar().actions()] == [
        "Datei",
        "Bearbeiten",
        "Ansicht",
        "Farbhinweise",
        "Hilfe",
    ]
    assert plain(parts.actions["open_folder"].text()) == "Ordner öffnen…"
    assert "Strg+O" in parts.actions["open_folder"].toolTip()
    assert [dock.windowTitle() for dock in (window.library_dock, window.side_dock)] == ["Fotos", "Farben"]
    assert {"Sättigung", "Dynamik", "Farbtemperatur"} <= labels_of(parts.looks)
    keys = KeysDialog(list(parts.actions.by_name.values()), window)
    assert ("Nächstes Foto", "Rechts oder Bild abwärts") in keys.rows()


def test_a_dialog_and_qts_own_buttons_are_german(start_in, qtbot):
    program = start_in("de")
    dialog = SettingsDialog(program.parts.settings, program.theme, program.parts.window)
    assert dialog.windowTitle() == "Einstellungen"
    assert [dialog.tabs.tabText(number) for number in range(dialog.tabs.count())] == [
        "Darstellung",
        "Kolorieren",
        "Speichern",
        "Ordner",
    ]
    assert "Sprache:" in labels_of(dialog)
    buttons = dialog.findChild(QDialogButtonBox)
    assert plain(buttons.button(QDialogButtonBox.StandardButton.Cancel).text()) == "Abbrechen"


@pytest.mark.parametrize(
    ("language", "one", "many"), [("en", "1 photo", "3 photos"), ("de", "1 Foto", "3 Fotos")], ids=["en", "de"]
)
def test_one_is_not_many(language, one, many, speak):
    speak(language)
    said = [QCoreApplication.translate("PhotoCount", "%n photos", "", count) for count in (1, 3)]
    assert said == [one, many]


def test_numbers_are_written_as_the_language_has_them(speak):
    speak("de")
    assert QLocale().toString(1.5, "f", 1) == "1,5"
    assert QLocale().toString(23397) == "23.397"
