"""Languages: every text is translated, with the same fields; every template fits its customers."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import crm_tui
from crm_tui.cli import click_texts
from crm_tui.errors import Sentence, filled, stored
from crm_tui.gsm.text import segments
from crm_tui.i18n import LANGUAGES, retell, translate
from crm_tui.reading.wishes import Kind
from crm_tui.shop.gate import settings
from crm_tui.shop.messages import filling, outbox, replies
from crm_tui.shop.sales.payment_methods import METHODS
from tests.shop import ITEMS
from tests.strict import catalogue

PACKAGE = Path(crm_tui.__file__).parent


@cache
def texts() -> set[str]:
    found = extract_from_dir(PACKAGE, method_map=[("**.py", "python")], keywords={"N_": None})
    return {str(message) for _, _, message, _, _ in found if message}


@cache
def translations(language: str) -> Catalog:
    path = Path(str(files("crm_tui") / "locale" / language / "LC_MESSAGES" / "crm_tui.po"))
    with path.open("rb") as file:
        return read_po(file, locale=language)


def known() -> set[str]:
    """The texts of the catalogue: just those of the source, as `test_all_translated` holds."""
    return {str(message.id) for message in translations("id") if message.id}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_"


_NO_SENTENCES = {"Bahasa Indonesia", "Home End PgUp PgDn"}
"""Names, and keys as they are declared."""


def escaping(tree: ast.Module, screen: bool) -> Iterator[tuple[int, str]]:
    """Lines on which a text is not seen by the catalogues' tools, or is not given its fields."""
    unseen = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if _is_text(node):
            unseen |= {id(inner) for inner in ast.walk(node)}
        elif isinstance(node, ast.JoinedStr):
            if any(isinstance(inner, ast.Name) and inner.id == "N_" for inner in ast.walk(node)):
                yield node.lineno, "N_ within an f-string"
        elif isinstance(node, ast.Call):
            named = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if named in ("tr", "translate") and node.args and _is_text(node.args[0]):
                text = ast.literal_eval(node.args[0].args[0])  # type: ignore[attr-defined]
                told = {each.arg for each in node.keywords}
                if None not in told and fields(text) != told:
                    yield node.lineno, f"its fields are {sorted(fields(text))}"
    for node in ast.walk(tree) if screen else ():
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in unseen
        ):
            text = node.value
            if re.match("[A-Z][a-z]+ [a-z]+", text) and text not in _NO_SENTENCES:
                yield node.lineno, f"N_ around {text!r}"


def test_no_text_escapes() -> None:
    """Each sentence of the screens, and each text anywhere, is seen by the catalogues' tools, and gets
    the fields that it has."""
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text("utf-8")
        if "N_" in source:
            screen = path.relative_to(PACKAGE).parts[0] == "screens"
            assert not list(escaping(ast.parse(source), screen)), path.relative_to(PACKAGE)


def test_all_translated() -> None:
    """Each text of the source has an Indonesian one, none of them fuzzy."""
    catalog = translations("id")
    declared = texts()
    missing = [text for text in declared if text not in catalog or not catalog[text].string]
    assert not missing, "run `make texts`, then fill msgstr in crm_tui/locale/id"
    assert not [message.id for message in catalog if message.fuzzy and message.id]
    gone = [message.id for message in catalog if message.id and message.id not in declared]
    assert not gone, "run `make texts`"


@pytest.mark.parametrize("language", ["id", "en"])
def test_same_fields(language: str) -> None:
    """A translation has the fields of its text, no more and no fewer."""
    for message in translations(language):
        if message.id and message.string:
            assert fields(str(message.string)) == fields(str(message.id)), message.id


def test_built() -> None:
    """The compiled catalogues are those of the sources."""
    for language in ("id", "en"):
        for message in translations(language):
            if message.id and message.string and not fields(str(message.id)):
                told = translate(str(message.id), language)
                assert told == message.string, "run `make .venv/.run`"


def test_retold() -> None:
    """A kept sentence is told in either language; a text that is none is told as it is."""
    kept = stored("not understood: {words}", words="{x} [b]")
    assert retell(kept, "id") == "tidak dimengerti: {x} [b]"
    assert retell(kept, "en") == "not understood: {x} [b]"
    assert retell(Sentence('["broken'), "id") == '["broken'


@pytest.mark.parametrize(
    "text",
    [
        '["{x:>9}", {"x": "1"}]', '["{0.__class__}{x.__class__}", {"x": "1"}]', "waiting",
        '["not understood: {words}", {"words": "x"}]', '["waiting", 7]', '[{"a": 1}, []]',
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_only_ours_are_retold(text: str, language: str) -> None:
    """What was not said by the program is told as it is, whatever it looks like."""
    assert retell(cast(Sentence, text), language) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_filling_knows_names_only(language: str) -> None:
    """A sentence of ours that is no key of the catalogues, or has more than names in braces, is never
    carried out: no widths, no attributes, no places."""
    for text in ("{x:>99999999}", "{x.__class__}", "{x[0]}", "{0}", "{x!r}"):
        assert translate(text, language, x="1") == text
        assert filled(text, {"x": "1"}) == text
        kept = stored(text, x="1")
        assert retell(kept, language) == kept


def test_texts_hold_names_only() -> None:
    """No text of ours asks for more than a name: what else stands in braces would be shown as it is."""
    for text in known():
        assert "{" not in re.sub(r"\{\w+\}", "", text) or text in click_texts.TEXTS, text


def test_templates_are_short() -> None:
    """Every default template is GSM-7, and with usual values one or two SMS."""
    templates = [value for value in vars(replies).values() if isinstance(value, filling.Template)]
    assert len(templates) > 20
    usual = {name: "12" for template in templates for name in template.fields}
    usual |= {"lines": "2 AB-1 Rp20.000", "shop": "Toko Uji", "total": "Rp20.000", "offer": ""}
    for template in templates:
        text = filling.fill(template.setting.default, usual)
        assert len(segments(text)) == 1, text
        assert segments(text)[0].alphabet.value == "gsm7", text


def test_values_are_not_templates() -> None:
    """Braces in a value mean nothing; unknown fields stay as they are."""
    assert filling.fill("{a} {b}", {"a": "{b}", "b": "{a}"}) == "{b} {a}"


def test_no_catalogue_word_in_the_source() -> None:
    """No code or item's name of a catalogue stands in the source: they are data."""
    names = {
        word
        for path in (ITEMS, PACKAGE / "practice" / "items.csv")
        for row in catalogue(path).values()
        for word in [row["code"], *row["name"].split()]
        if len(word) > 3 and not word.isdecimal()
    }
    # Words that no catalogue owns: numbers, places, and "kosong" for an empty shelf.
    allowed = {"Bagian", "Depan", "Belakang", "Dalam", "Luar", "Kosong", "Satu", "Tiga", "Empat"}
    # English: the inside of a message, what is chosen, covered, or closed by a passphrase.
    allowed |= {"Body", "Filter", "Cover", "Seal"}
    # "With", whatever a made-up item is called.
    allowed |= {"Pakai"}
    # Docstrings may give an example.
    source = "\n".join(
        re.sub(r'"""[\s\S]*?"""', "", path.read_text("utf-8")).lower()
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] in ("reading", "shop", "gsm")
    )
    found = {
        name
        for name in names - allowed
        if f'"{name.lower()}' in source or f" {name.lower()} " in source
    }
    assert not found, "take it from the shop's items"


def test_settings_have_help() -> None:
    """Each setting has its help, a text of ours, and a default that it would take itself."""
    declared = known()
    for setting in settings.every().values():
        assert setting.help in declared, f"{setting.key}: say what it is for, within N_"
        if setting.key != "shop.name":
            setting.read(str(setting.default))


def test_locks_name_no_registry() -> None:
    """The lock files pin each package with its hashes, and name no address."""
    root = PACKAGE.parent
    for lock in root.glob("requirements*.lock"):
        text = lock.read_text("utf-8")
        assert "://" not in text
        assert all("==" in line for line in text.splitlines() if line and line[0].isalpha())
        assert "--hash=sha256:" in text
    wanted = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    locked = (root / "requirements.lock").read_text("utf-8").lower()
    for each in wanted:
        assert each.split("~")[0] + "==" in locked


_DATE = re.compile(r"(?<![\d\-./])\d{1,4}([-./])\d{1,2}\1\d{2,4}(?![\d\-./])")
_OTHERWISE = {
    "an amount": re.compile(r"Rp(?!\d{1,3}(\.\d{3})*(?!\d|\.\d))\d"),
    "thousands by a comma": re.compile(r"\d,\d{3}(?!\d)"),
    "a decimal point": re.compile(r"\d\.\d{1,2}(?=[ %] ?(MB|GB|rb|jt|%))"),
    "a minus that nobody can type": re.compile(r"−(Rp)?\d"),
}  # fmt: skip


def odd(line: str, language: str) -> str:
    """What of a line of a picture is written in another way than the shop writes days and figures."""
    for found in _DATE.finditer(line):
        if not re.fullmatch(r"\d\d/\d\d/\d{4}", found[0]):
            return "a day"
    for what, form in _OTHERWISE.items():
        if form.search(line):
            return what
    return "a percentage" if language == "id" and re.search(r"\d %", line) else ""


def test_days_and_figures_are_written_in_one_way() -> None:
    """In no picture of a screen stands a day, an amount or a percentage in another way than
    24/11/2026, Rp1.250.000, 640,2 MB, -5 and 68%; and each other way would be found."""
    folder = Path(__file__).parent / "__snapshots__" / "test_pictures"
    # Those that are compared each time; the others are renewed in soak.
    pictures = [path for path in folder.glob("*.txt") if "80x24-id" in path.name]
    assert pictures
    for path in pictures:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            assert not odd(line, "id"), (path.name, number, line)
    for line in ("24-11-2026", "24.11.26", "24/11/26", "2026-11-24", "Rp1,250", "Rp1250000", "3,500",
                 "640.2 MB", "1.5 jt", "−5", "−Rp900", "68 %"):  # fmt: skip
        assert odd(f"  {line}  ", "id"), line
    for line in ("24/11/2026 08:49", "27/11 08:00", "Rp1.250.000", "-Rp900", "437,1 rb",
                 "0812-7880-4411", "10W-40", "0.8L", "68%", "12V 3.5Ah", "2026-III"):  # fmt: skip
        assert not odd(f"  {line}  ", "id"), line


def test_words_of_the_store_are_told() -> None:
    """Whatever the store keeps as a word – how an SMS was read, what it is that came or goes out, a way
    of paying – is a key of the catalogues, so that people are told it in their language."""
    no_texts = re.findall(r'Notice\(\s*"(\w+)"', (PACKAGE / "gsm/notices.py").read_text("utf-8"))
    assert len(no_texts) > 8
    for words in (Kind, outbox.KINDS, METHODS, no_texts):
        kept = {str(word) for word in words}
        assert kept <= known(), "name them in shop/gate/stored_words.py"
