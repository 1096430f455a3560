"""Strict messages with what they must be read as, made from a catalogue by chance."""

import csv
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Strict:
    """A customer's SMS: `lines` are (code, quantity), quantity None for a question."""

    phone: str
    text: str
    read_as: str
    lines: tuple[tuple[str, int | None], ...] = ()
    more: dict[str, str] = field(default_factory=dict)


def catalogue(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def messages(items: dict[str, dict[str, str]], count: int, seed: int) -> list[Strict]:
    """`count` messages, each from a number of its own; orders never exceed what is left."""
    chance = random.Random(seed)
    left = {code: int(row["stock"]) for code, row in items.items()}
    made: list[Strict] = []
    for number in range(count):
        phone = f"+62813{seed % 100:02d}{number:06d}"
        kind = chance.choices(
            ["order", "price", "stock", "unavailable", "not_found", "register", "other"],
            [8, 4, 3, 1, 1, 1, 1],
        )[0]
        made.append(_MAKERS[kind](chance, phone, items, left))
    return made


def _typed(chance: random.Random, code: str) -> str:
    """A code as people type it."""
    # In parts, "cd 2 x" may be two of one thing and some of another, and "rt 428 2" 428 of an RT.
    parted = code if re.search(r"(?:^|-)\d+(?:-|$)", code) else code.replace("-", " ")
    code = chance.choice([code, code.lower(), code.title(), parted.lower()])
    return code if chance.random() < 0.7 else code.replace("-", "").replace(" ", "")


def _order(chance, phone, items, left):  # type: ignore[no-untyped-def]
    there = [code for code, count in left.items() if count > 0]
    codes = chance.sample(there, min(len(there), chance.randint(1, 3)))
    lines = [(code, chance.randint(1, min(3, left[code]))) for code in codes]
    for code, quantity in lines:
        left[code] -= quantity
    word = chance.choice(["PESAN", "pesan", "Order", "BELI"])
    style = chance.randrange(5)
    if style == 0 and len(lines) == 1:
        text = f"{word}#{lines[0][0]}#{lines[0][1]}"
    elif style == 1:
        text = word + " " + ", ".join(f"{_typed(chance, c)} {n}" for c, n in lines)
    elif style == 2:
        text = word + " " + "\n".join(f"{n}x {c}" for c, n in lines)
    elif style == 3:
        text = word + " " + "; ".join(f"{c} x{n}" for c, n in lines)
    else:
        text = word + " " + " ".join(f"{c} {n}" for c, n in lines)
    return Strict(phone, text, "order", tuple(lines))


def _ask(kind: str, words: list[str]) -> Any:
    def make(chance, phone, items, left):  # type: ignore[no-untyped-def]
        codes = chance.sample(sorted(items), chance.randint(1, 3))
        text = chance.choice(words) + " " + ", ".join(_typed(chance, code) for code in codes)
        return Strict(phone, text, kind, tuple((code, None) for code in codes))

    return make


def _unavailable(chance, phone, items, left):  # type: ignore[no-untyped-def]
    code = chance.choice(sorted(items))
    return Strict(phone, f"PESAN {code} 5000", "unavailable", ((code, 5000),))


def _not_found(chance, phone, items, left):  # type: ignore[no-untyped-def]
    return Strict(
        phone, f"{chance.choice(['PESAN', 'HARGA'])} ZZZ-{chance.randint(100, 999)}", "not_found"
    )


def _register(chance, phone, items, left):  # type: ignore[no-untyped-def]
    return Strict(
        phone, "DAFTAR Tono Subagyo, Jl Merdeka 5", "register",
        more={"name": "Tono Subagyo", "address": "Jl Merdeka 5"},
    )  # fmt: skip


def _other(chance, phone, items, left):  # type: ignore[no-untyped-def]
    text, kind = chance.choice(
        [("STATUS", "status"), ("batal", "cancel"), ("INFO", "help"), ("stop", "stop"),
         ("START", "start"), ("apa kabar", "human"), ("YA", "human")]
    )  # fmt: skip
    return Strict(phone, text, kind)


_MAKERS = {
    "order": _order, "price": _ask("price", ["HARGA", "hrg", "Price"]),
    "stock": _ask("stock", ["STOK", "cek"]), "unavailable": _unavailable,
    "not_found": _not_found, "register": _register, "other": _other,
}  # fmt: skip
