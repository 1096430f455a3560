"""Rows of the audit as people read them: the store keeps names of commands, and JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any

from crm_tui.errors import N_
from crm_tui.i18n import LANGUAGES, Translate, translate
from crm_tui.shop.gate.commands import FORMER
from crm_tui.shop.gate.context import Context
from crm_tui.shop.users.audit_words import DONE, KEYS, SUBJECTS

_KEPT_WORDS = frozenset(
    {"status", "kind", "method", "consent", "item", "customer", "user", "import"}
)
"""Changes whose value is a word of the store."""
_NUMBERS = frozenset({"import", "order", "merged", "return", "void"})
"""Changes whose value is the number of something, not an amount."""


def done(command: str, tr: Translate) -> str:
    """What a command did; one that nobody knows any more by its name."""
    label = DONE.get(FORMER.get(command, command))
    return command if label is None else tr(label)


def subject(text: str, tr: Translate) -> str:
    """What it was done to: "pesanan 12" for "order 12"."""
    if (many := re.fullmatch(r"prices of (\d+) items", text)) is not None:
        return tr(N_("prices of {count} items"), count=many[1])
    for length in (2, 1):
        words = text.split(" ")
        head = " ".join(words[:length])
        if head in SUBJECTS:
            return " ".join([tr(SUBJECTS[head]), *words[length:]])
    return text


def changes(kept: str | None, tr: Translate) -> str:
    """One side of a change, from its JSON: "status: menunggu; barang: 2 PQ-R". Empty things are left
    out."""
    try:
        held = json.loads(kept or "{}")
    except ValueError:
        return str(kept)
    if not isinstance(held, Mapping):
        return _value("", held, tr)
    pieces = (
        f"{key(name, tr)}: {_value(name, value, tr)}"
        for name, value in held.items()
        if value not in (None, "", [], {})
    )
    return "; ".join(pieces)


def pairs(before: object, after: object, tr: Translate) -> list[tuple[str, str, str]]:
    """What changed, from the JSON of both sides: about what, before and after ("": nothing)."""
    was, now = (json.loads(str(side or "{}")) for side in (before, after))
    return [
        (
            key(name, tr),
            _value(name, was[name], tr) if was.get(name) is not None else "",
            _value(name, now[name], tr) if now.get(name) is not None else "",
        )
        for name in dict.fromkeys((*was, *now))
    ]


def key(name: str, tr: Translate) -> str:
    """What a change is about."""
    return tr(KEYS[name]) if name in KEYS else subject(name, tr)


def as_kept(ctx: Context, word: str) -> list[str]:
    """What the store may have for a word that somebody reads in the audit and searches for; [] if it
    is none of those."""
    typed = word.casefold()
    kept = [
        name
        for table in (DONE, SUBJECTS, KEYS)
        for name, label in table.items()
        if any(typed in translate(label, language).casefold() for language in LANGUAGES)
    ]
    return [word, *dict.fromkeys(kept)] if kept and len(typed) > 2 else []


def _value(name: str, value: Any, tr: Translate) -> str:
    if isinstance(value, bool):
        return tr(N_("yes")) if value else tr(N_("no"))
    if isinstance(value, int) and name not in _NUMBERS:
        return f"{value:,}".replace(",", ".")
    if isinstance(value, Mapping):
        if name == "lines":
            return ", ".join(f"{count} {code}" for code, count in value.items())
        return ", ".join(
            f"{key(each, tr)} {_value(each, held, tr)}" for each, held in value.items()
        )
    if name == "goods":
        return tr(
            N_("{count} items, {units} units"),
            count=len(value),
            units=sum(each[1] for each in value),
        )
    if isinstance(value, list):
        return ", ".join(_value(name, each, tr) for each in value if each is not None)
    if isinstance(value, str) and name in _KEPT_WORDS and re.fullmatch(r"[a-z_ ]+", value):
        return tr(value)
    return str(value)
