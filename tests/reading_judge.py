"""Judges what is read of labelled messages and conversations, with a shop that holds no store.

The shop is as simple as can be: stock from the catalogue, the list last sent, what was quoted, one
open order. A miss is an answer that was not right; a wrong order is one that nobody placed, or with
another item or quantity, and counts for itself.
"""

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish

CORPORA = Path(__file__).parent / "corpora"
Label = dict[str, Any]


def catalogue(folder: Path) -> ItemIndex:
    """The items of a corpus with prices and stock."""
    with (folder / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        return ItemIndex(
            Entry(
                number, row["code"], row["name"], row["unit"], row.get("category") or "",
                tuple(name for name in (row.get("other_names") or "").split(";") if name),
                int(row["price"]), int(row["stock"]),
            )
            for number, row in enumerate(csv.DictReader(file), start=1)
        )  # fmt: skip


def labels(path: Path) -> list[Label]:
    """One label a line."""
    return [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


@dataclass
class Answer:
    """What the shop did with one SMS: the outcome, the codes it named, the list it sent."""

    outcome: Kind
    named: set[str] = field(default_factory=set)
    options: list[str] = field(default_factory=list)
    reading: Reading | None = None


class Shop:
    """One customer's talk with a shop that answers as it should."""

    def __init__(self, index: ItemIndex) -> None:
        self.index = index
        self.order: dict[str, int] = {}
        self.talk = Conversation()
        self.recent: tuple[Entry, ...] = ()
        self.listed: tuple[Entry, ...] = ()
        self.changed: dict[str, int] | None = None

    def take(self, text: str) -> Answer:
        """Read an SMS and do what it asks for."""
        reading = read(text, self.index, self.talk, free=True)
        if not reading.certain:
            self.talk = replace(self.talk, left=text)
            return Answer(Kind.HUMAN, reading=reading)
        changed, self.changed = self.changed, None
        if changed is not None and reading.outcome is Kind.CONFIRM:
            self.order, self.talk = changed, Conversation()
            self._remember()
            return Answer(Kind.CONFIRM, set(changed), reading=reading)
        answers = [self._do(wish) for wish in reading.wishes]
        for line in (line for wish in reading.wishes for line in wish.lines):
            kept = tuple(entry for entry in self.recent if entry != line.entry)
            self.recent = (*kept, line.entry)
        self._remember()
        outcome = min((answer.outcome for answer in answers), key=list(Kind).index)
        return Answer(
            outcome, set().union(*(answer.named for answer in answers)),
            [code for answer in answers for code in answer.options], reading,
        )  # fmt: skip

    def _do(self, wish: Wish) -> Answer:
        named = {line.entry.code for line in wish.lines}
        match wish.kind:
            case Kind.ORDER:
                return self._order(wish)
            case Kind.CONFIRM:
                return self._place(self.talk.proposed, Kind.CONFIRM)
            case Kind.AMEND:
                return self._amend(wish)
            case Kind.CHOICES if wish.options:
                self.talk = Conversation(
                    offered=wish.options, choosing=wish.choosing, quantity=wish.quantity,
                    held=wish.held, parts=wish.parts, unsure=wish.unsure,
                    packed=wish.packed, pack=wish.pack,
                )  # fmt: skip
                options = [entry.code for entry in wish.options]
                return Answer(Kind.CHOICES, set(options), options)
            case Kind.CHOICES if wish.choosing is Kind.AMEND:
                return self._amend(wish)
            case Kind.CHOICES:
                return self._propose(wish.lines)
            case Kind.PRICE | Kind.STOCK:
                self.talk = Conversation(
                    quoted=tuple(line.entry for line in wish.lines), held=wish.held,
                    unsure=wish.unsure, quantity=wish.quantity,
                )  # fmt: skip
            case Kind.HELP if wish.topic:
                # This shop has set no hours and no address.
                return Answer(Kind.HUMAN)
            case Kind.NOT_FOUND if wish.unknown and not wish.lines:
                self.talk = Conversation(sought=wish.unknown[0])
            case Kind.CANCEL:
                self.order = {}
                self.talk = Conversation()
        return Answer(wish.kind, named)

    def _short(self, lines: tuple[Line, ...]) -> list[Line]:
        return [line for line in lines if (line.quantity or 1) > (line.entry.available or 0)]

    def _order(self, wish: Wish) -> Answer:
        short = self._short(wish.unless)
        count = wish.lines[0].quantity if len(wish.lines) == 1 else None
        there = tuple(
            Line(line.entry, line.quantity or count) for line in wish.unless if line not in short
        )
        if there:
            return self._propose(there if len(there) == 1 else wish.lines)
        if wish.alternatives and self._short(wish.lines):
            return self._place(wish.alternatives, Kind.ORDER)
        return self._place(wish.lines, Kind.ORDER)

    def _place(self, lines: tuple[Line, ...], kind: Kind) -> Answer:
        short = self._short(lines)
        if short:
            return self._unavailable(lines)
        for line in lines:
            assert line.quantity
            self.order[line.entry.code] = self.order.get(line.entry.code, 0) + line.quantity
        self.talk = Conversation()
        return Answer(kind, {line.entry.code for line in lines})

    def _unavailable(self, lines: tuple[Line, ...]) -> Answer:
        left = tuple(
            Line(line.entry, min(line.quantity or 1, line.entry.available or 0)) for line in lines
        )
        self.talk = Conversation(
            proposed=tuple(line for line in left if line.quantity),
            quoted=tuple(line.entry for line in lines),
            quantity=lines[0].quantity if len(lines) == 1 else None,
        )
        return Answer(Kind.UNAVAILABLE, {line.entry.code for line in lines})

    def _propose(self, lines: tuple[Line, ...]) -> Answer:
        if self._short(lines):
            return self._unavailable(lines)
        self.talk = Conversation(asked=True, proposed=lines)
        codes = [line.entry.code for line in lines]
        return Answer(Kind.CHOICES, set(codes), codes)

    def _amend(self, wish: Wish) -> Answer:
        after = dict(self.order)
        for line in wish.lines:
            assert line.quantity is not None
            before = after.get(line.entry.code, 0) if wish.add else 0
            after[line.entry.code] = before + line.quantity
            if after[line.entry.code] > (line.entry.available or 0):
                new = line.entry.code not in self.order and line.entry.available
                self.talk = Conversation(quoted=(line.entry,) if new else ())
                return Answer(Kind.UNAVAILABLE, {line.entry.code})
        after = {code: count for code, count in after.items() if count}
        if wish.kind is Kind.CHOICES:
            self.changed, self.talk = after, Conversation(asked=True)
            return Answer(Kind.CHOICES, set(after))
        self.order = after
        self.talk = Conversation()
        return Answer(Kind.AMEND, {line.entry.code for line in wish.lines})

    def _remember(self) -> None:
        entries = {code: self.index.find(_key(code)) for code in self.order}
        lines = tuple(
            Line(entry, self.order[code]) for code, entry in entries.items() if entry is not None
        )
        talk = self.talk
        if not set(talk.offered) <= set(self.listed):
            self.listed = talk.offered
        self.talk = Conversation(
            talk.asked,
            talk.proposed,
            talk.offered,
            talk.choosing,
            talk.quantity,
            talk.quoted,
            lines,
            recent=self.recent,
            listed=self.listed,
            sought=talk.sought,
            held=talk.held,
            parts=talk.parts,
            unsure=talk.unsure,
            packed=talk.packed,
            pack=talk.pack,
        )


def _key(code: str) -> str:
    return "".join(char for char in code.upper() if char.isalnum())


@dataclass
class Verdict:
    """How a set was read: `right` of `total`; each miss is (id, text, expected, read)."""

    total: int = 0
    misses: list[tuple[Any, str, str, str]] = field(default_factory=list)
    wrong: list[tuple[Any, str, str, str]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Which part was right, 0..1."""
        return 1 - len(self.misses) / self.total if self.total else 1.0

    def told(self) -> str:
        """The verdict in lines, misses by kind."""
        kinds = Counter(f"{miss[2].split(' ')[0]}→{miss[3].split(' ')[0]}" for miss in self.misses)
        lines = [
            f"{self.total - len(self.misses)} of {self.total} ({self.share:.1%}), "
            f"{len(self.wrong)} wrong orders; {dict(kinds)}"
        ]
        lines += [f"  WRONG {miss}" for miss in self.wrong]
        lines += [f"  {miss[0]} | {miss[1]} | {miss[2]} | {miss[3]}" for miss in self.misses]
        return "\n".join(lines)


def messages(folder: Path) -> Verdict:
    """Each message from a number that never wrote before."""
    index = catalogue(folder)
    verdict = Verdict()
    for label in labels(folder / "messages.jsonl"):
        shop = Shop(index)
        answer = shop.take(label["text"])
        verdict.total += 1
        shown = _shown(answer, shop)
        miss = (label["id"], label["text"], _wanted(label), shown)
        if not _right(label, answer, shop.order):
            verdict.misses.append(miss)
        if shop.order and not _placed(label, shop.order):
            verdict.wrong.append(miss)
    return verdict


def conversations(folder: Path) -> Verdict:
    """Each conversation by itself; right if each turn of it is."""
    index = catalogue(folder)
    verdict = Verdict()
    for label in labels(folder / "conversations.jsonl"):
        verdict.total += 1
        shop = Shop(index)
        expected: dict[str, int] = {}
        for turn in label["turns"]:
            text, known = _numbered(turn["text"], shop)
            before = dict(shop.order)
            answer = shop.take(text)
            expected = _open(turn, expected)
            miss = (label["id"], text, _wanted(turn), _shown(answer, shop))
            if shop.order not in (before, expected):
                if not _placed(turn, shop.order):
                    verdict.wrong.append(miss)
                    verdict.misses.append(miss)
                break
            if (
                not known
                or not _right(turn, answer, shop.order)
                or (shop.order != expected and not _otherwise(turn, answer))
            ):
                verdict.misses.append(miss)
                break
            if shop.order != expected:
                break
    return verdict


def _numbered(text: str, shop: Shop) -> tuple[str, bool]:
    """A text with the numbers of the last list in it, and whether all are there."""
    # A number of the last list also puts right what was chosen from it.
    codes = [entry.code for entry in shop.talk.offered or shop.listed]
    known = True

    def number(found: re.Match[str]) -> str:
        nonlocal known
        known = known and found[1] in codes
        return str(codes.index(found[1]) + 1) if found[1] in codes else "?"

    return re.sub(r"\{n:([^}]+)\}", number, text), known


def _open(turn: Label, before: dict[str, int]) -> dict[str, int]:
    if "open" in turn:
        return dict(turn["open"])
    if turn["expect"] in ("order", "amend"):
        return dict(turn["items"])
    return {} if turn["expect"] == "cancel" else before


def _otherwise(turn: Label, answer: Answer) -> bool:
    return bool(_same(answer.outcome) & set(turn.get("also", ())))


def _same(outcome: Kind) -> set[str]:
    if outcome in (Kind.PRICE, Kind.STOCK):
        return {"price", "stock"}
    if outcome in (Kind.ORDER, Kind.AMEND, Kind.CONFIRM):
        return {"order"}
    if outcome is Kind.STOP:
        return {"stop", "optout"}
    return {"human", "none"} if outcome is Kind.HUMAN else {outcome.value}


def _placed(label: Label, order: dict[str, int]) -> bool:
    """Whether this order may stand after this message."""
    items = {code: count or 1 for code, count in label.get("items", ())}
    if label["expect"] == "order":
        return order == items
    if label["expect"] == "amend":
        return order in (items, dict(label.get("open", ())))
    if "order" in label.get("also", ()):
        if order == dict(label.get("items", ())):
            return True
        options = set(label.get("options", ())) | set(items)
        return set(order) <= options and all(count == 1 for count in order.values())
    # Acceptable besides, as the notes say.
    return "an order for" in label.get("note", "") and set(order) == set(
        re.findall(r"[A-Z0-9]+(?:-[A-Z0-9]+)+", label["note"])
    )


def _right(label: Label, answer: Answer, order: dict[str, int]) -> bool:
    outcome = _same(answer.outcome)
    expect, also = label["expect"], set(label.get("also", ()))
    items = {code for code, _ in label.get("items", ())}
    if expect == "order" and answer.outcome in (Kind.ORDER, Kind.AMEND, Kind.CONFIRM):
        return order == dict(label["items"])
    if expect == "amend" and answer.outcome in (Kind.ORDER, Kind.AMEND, Kind.CONFIRM):
        # The label gives the whole open order, whichever of its lines the answer named.
        return order == dict(label["open"] if "open" in label else label["items"])
    if order and answer.outcome in (Kind.ORDER, Kind.CONFIRM):
        return _placed(label, order)
    if expect in outcome or (expect in ("price", "stock") and outcome & {"price", "stock"}):
        if expect in ("price", "stock", "unavailable"):
            return items <= answer.named
        if expect == "choices":
            options = set(answer.options) | answer.named
            some = set(label.get("any_of", ()))
            return set(label.get("options", ())) <= options and (not some or bool(some & options))
        if expect == "register":
            wish = answer.reading.wishes[0] if answer.reading else None
            return bool(wish) and all(
                getattr(wish, part) == label[part] for part in ("name", "address") if part in label
            )
        return True
    if expect == "order" and answer.outcome is Kind.AMEND:
        return order == dict(label["items"])
    if "a status reply" in label.get("note", "") and answer.outcome is Kind.STATUS:
        return True
    return bool(outcome & also)


def _wanted(label: Label) -> str:
    more = label.get("items") or label.get("options") or ""
    also = f" (or {', '.join(label['also'])})" if label.get("also") else ""
    return f"{label['expect']} {more}{also}"


def _shown(answer: Answer, shop: Shop) -> str:
    why = ""
    if answer.reading and not answer.reading.certain:
        why = f" {answer.reading.why[:60]}"
    return (
        f"{answer.outcome.value} {answer.options or sorted(answer.named)} {shop.order or ''}{why}"
    )


if __name__ == "__main__":
    for each in sorted(path for path in CORPORA.iterdir() if path.is_dir()):
        if (each / "messages.jsonl").exists():
            print(each.name, "messages:", messages(each).told())
        if (each / "conversations.jsonl").exists():
            print(each.name, "conversations:", conversations(each).told())
