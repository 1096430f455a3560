"""Rows of the audit as people read them: the store keeps names of commands, and JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any

from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.i18n import LANGUAGES, Translate, translate
from crm_tui.shop.gate import settings, stored_words
from crm_tui.shop.gate.access import PERMISSIONS
from crm_tui.shop.gate.commands import FORMER
from crm_tui.shop.gate.context import Context
from crm_tui.shop.users.audit_words import DONE, KEYS, REASONS, SUBJECTS, VALUES
from crm_tui.text import day_and_time, percent, thousands

_KEPT_WORDS = frozenset(
    {"status", "kind", "method", "consent", "item", "customer", "user", "import", "accepted"}
)
"""Changes whose value is a word of the store."""
_NUMBERS = frozenset(
    {"import", "order", "merged", "return", "void", "epoch", "branch", "from", "to", "of branch",
     "place", "step", "answer", "sent again as", "counter", "as sent", "tier", "rank"}
)  # fmt: skip
"""Changes whose value is the number of something, not an amount."""
_MOMENTS = frozenset({"at", "begun", "later", "older than", "backup_at"})
_MOST_WORDS = max(name.count(" ") for name in SUBJECTS) + 1


def done(command: str, tr: Translate) -> str:
    """What a command did; one that nobody knows any more by its name."""
    label = DONE.get(FORMER.get(command, command))
    return command if label is None else tr(label)


def subject(text: str, tr: Translate) -> str:
    """What it was done to: "pesanan 12" for "order 12"."""
    if (many := re.fullmatch(r"prices of (\d+) items", text)) is not None:
        return tr(N_("prices of {count} items"), count=many[1])
    words = text.split(" ")
    if words[0] == "setting" and len(words) == 2 and (known := settings.every().get(words[1])):
        # What a setting is called, without what is explained behind it.
        called = re.split(r"[;:(]", tr(known.help))[0].strip()
        return f"{tr(SUBJECTS['setting'])}: {called}"
    for length in range(_MOST_WORDS, 0, -1):
        head = " ".join(words[:length])
        if head in SUBJECTS:
            rest = " ".join(words[length:])
            rest = tr(rest) if head == "role" and rest in stored_words.ROLES else rest
            return f"{tr(SUBJECTS[head])} {rest}".rstrip()
    return text


def of_what(named: str, after: str | None, tr: Translate) -> str:
    """As `subject`, but who permitted it, where somebody else did: that is what such a row is about."""
    try:
        held = json.loads(after or "{}")
    except ValueError:
        held = {}
    leave = held.get("permitted by") if isinstance(held, Mapping) else None
    return tr(N_("permitted by {name}"), name=leave) if leave else subject(named, tr)


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
        f"{key(name, tr)}: {_value(name, value, tr, held)}"
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
            _value(name, was[name], tr, was) if was.get(name) is not None else "",
            _value(name, now[name], tr, now) if now.get(name) is not None else "",
        )
        for name in dict.fromkeys((*was, *now))
    ]


def key(name: str, tr: Translate) -> str:
    """What a change is about."""
    label = KEYS.get(name) or PERMISSIONS.get(name)
    return subject(name, tr) if label is None else tr(label)


def as_kept(ctx: Context, word: str) -> list[str]:
    """What the store may have for a word that somebody reads in the audit and searches for; [] if it
    is none of those."""
    typed = word.casefold()
    kept = [
        name
        for table in (DONE, SUBJECTS, KEYS, PERMISSIONS, _settings())
        for name, label in table.items()
        if any(typed in translate(label, language).casefold() for language in LANGUAGES)
    ]
    return [word, *dict.fromkeys(kept)] if kept and len(typed) > 2 else []


def _settings() -> Mapping[str, str]:
    return {key: known.help for key, known in settings.every().items()}


def _value(name: str, value: Any, tr: Translate, beside: Mapping[str, Any] = {}) -> str:
    """One value; `beside`: the change that it stands in, by which it may be meant."""
    if isinstance(value, bool):
        return tr(N_("yes")) if value else tr(N_("no"))
    if isinstance(value, int) and (share := _share(name, value, beside)):
        return share
    if isinstance(value, int):
        return str(value) if name in _NUMBERS else thousands(value)
    if isinstance(value, str) and (told := _word(name, value, tr, beside)):
        return told
    if name == "proposed" and isinstance(value, Mapping):
        return tr(N_("{count} items, {units} units"), count=len(value), units=sum(value.values()))
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
    return str(value)


def _share(name: str, value: int, beside: Mapping[str, Any]) -> str:
    """What is a share, in percent; "" for what is none. The store has hundredths of a percent, or whole
    ones where points are multiplied or customers left out."""
    right = beside.get("permission") if name == "amount" else name
    if name in ("multiplier", "control"):
        return percent(value * 100)
    # A tier's discount; that of a sale is an amount.
    if (
        name == "top"
        or right == "sales.discount"
        or (name == "discount" and "multiplier" in beside)
    ):
        return percent(value)
    return ""


def _word(name: str, value: str, tr: Translate, beside: Mapping[str, Any]) -> str:
    """What the program has written down as a word, or as its own name of something; else ""."""
    if (name, value) in VALUES:
        return tr(VALUES[name, value])
    if name == "reason" and len(beside) == 1 and value in REASONS:
        # A reason that a person gave stands beside what it was given for.
        return tr(REASONS[value])
    if name == "role" and value in stored_words.ROLES:
        return tr(value)
    if name in ("permission", "permissions") and value in PERMISSIONS:
        return tr(PERMISSIONS[value])
    if name in _MOMENTS and re.match(r"\d{4}-\d\d-\d\dT", value):
        return day_and_time(moment(value))
    if name == "audience" and value.startswith("{"):
        return _audience(value, tr)
    return tr(value) if name in _KEPT_WORDS and re.fullmatch(r"[a-z_ ]+", value) else ""


def _audience(kept: str, tr: Translate) -> str:
    """To whom a promo goes: what narrows nothing is left out."""
    held = {name: value for name, value in json.loads(kept).items() if value}
    if not held.keys() & {"item", "category"}:
        held.pop("days", None)
    return ", ".join(
        f"{key(name, tr)} {_value(name, len(value) if name == 'customers' else value, tr)}"
        for name, value in held.items()
    )
