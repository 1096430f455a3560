"""What people wrote by hand about a customer who is erased.

What was written of the customer's own sales, payments and points goes as a whole. Elsewhere the numbers
and the name are blotted out of what the shop wrote, if the name has several words: one alone is many
people's. What other customers wrote is theirs.
"""

import json
import re
from collections.abc import Sequence

from crm_tui import shipped, sqlite
from crm_tui.gsm import fields
from crm_tui.shop.branches import redaction as aside
from crm_tui.shop.gate.context import Context

MARK = shipped.BLOT

_MINE = "customer_id IN (SELECT value FROM json_each(:keys))"
_SALES = f"sale_id IN (SELECT id FROM sales WHERE {_MINE})"  # noqa: S608 - ours
_SMS = f"message_id IN (SELECT id FROM messages WHERE {_MINE})"  # noqa: S608
OWN = {
    # An old sales book gives the goods for a reason.
    "sales.reason": f"{_MINE} AND import_id IS NULL",
    "payments.note": f"{_MINE} OR {_SALES}",
    "stock_moves.note": _SALES,
    "point_moves.note": f"lot_id IN (SELECT id FROM point_lots WHERE {_MINE})",  # noqa: S608
    "consents.basis": _MINE,
    # What was asked by SMS is theirs whose number it came from; it goes with the SMS.
    "lost_sales.asked": f"{_MINE} AND (message_id IS NULL OR {_SMS})",
    "orders.reason": _MINE,
}
"""Columns that hold what was written of a customer's own, and which rows of them are theirs."""
SHOPS = (
    "sales.reason", "payments.note", "stock_moves.note", "point_moves.note", "consents.basis",
    "drawers.note", "stock_documents.partner", "stock_documents.note", "counts.note", "orders.reason",
    "customers.notes", "customers.address", "parked_sales.label", "promos.name", "promos.text",
    "imports.file", "arrivals.note", "transfer_ends.note", "transfers_lost.note", "transfers.note",
    "transfer_receipts.note",
)  # fmt: skip
"""Columns in which the shop writes what it likes, of whomever."""


def blot(ctx: Context, family: Sequence[int], names: Sequence[str], numbers: Sequence[str]) -> None:
    """Take a customer out of them, within a command, and of what lies aside of the head office's.
    `family`: their keys; `numbers` as +62…"""
    keys = {"keys": json.dumps(family)}
    for place, mine in OWN.items():
        table, column = place.split(".")
        ctx.db.execute(f"UPDATE {table} SET {column} = '' WHERE {column} <> '' AND ({mine})", keys)  # noqa: S608 - ours
    said = _said(names, numbers)
    if said is None:
        return
    for place in SHOPS:
        table, column = place.split(".")
        rows = ctx.db.execute(
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''"  # noqa: S608 - ours
        ).fetchall()
        for (text,) in map(tuple, rows):
            if (blotted := said.sub(MARK, text)) != text:
                blot_out = f"UPDATE {table} SET {column} = ? WHERE {column} = ?"  # noqa: S608
                ctx.db.execute(blot_out, (blotted, text))
    aside.redact(ctx, numbers, said, MARK)


def called_before(ctx: Context, family: Sequence[int]) -> tuple[list[str], list[str]]:
    """Names and numbers that stood on their cards once, by the audit, and are nobody else's now."""
    rows = ctx.db.execute(
        "SELECT json_extract(before, '$.name'), json_extract(after, '$.name'),"
        " json_extract(before, '$.phone'), json_extract(after, '$.phone') FROM audit WHERE subject IN"
        " (SELECT 'customer ' || value FROM json_each(:keys)) AND command LIKE 'customers.%'",
        {"keys": json.dumps(list(family))},
    ).fetchall()
    told = [
        {str(row[side]) for row in rows for side in sides if row[side]}
        for sides in ((0, 1), (2, 3))
    ]
    of_others = (
        "SELECT name FROM customers WHERE name IN (SELECT value FROM json_each(:told))"
        " AND id NOT IN (SELECT value FROM json_each(:keys))",
        "SELECT number FROM phones WHERE number IN (SELECT value FROM json_each(:told))"
        " AND customer_id NOT IN (SELECT value FROM json_each(:keys))",
    )
    for each, query in zip(told, of_others, strict=True):
        keys = {"told": json.dumps(list(each)), "keys": json.dumps(list(family))}
        each.difference_update(str(row[0]) for row in ctx.db.execute(query, keys).fetchall())
    names, numbers = told
    return sorted(names), sorted(numbers)


def _said(names: Sequence[str], numbers: Sequence[str]) -> re.Pattern[str] | None:
    """What tells of them: their names as whole words, their numbers however they are written."""
    # A sign or three: blanks, hyphens of all kinds, brackets.
    spread, between = r"[\W_]{0,3}", r"\s+"
    parts = [
        rf"(?<!\w){between.join(map(re.escape, words))}(?!\w)"
        for words in (name.split() for name in names)
        if len(words) > 1
    ]
    for number in numbers:
        home = number.startswith("+62")
        rest = spread.join(f"[{each}{_WIDE[int(each)]}]" for each in number[3 if home else 1 :])
        # The digits of the country, or the 0 that stands for them, or both, or neither.
        code = rf"(?:\+|00)?[6６][2２]{spread}"
        before = rf"(?:(?:{code})?[0０]{spread}|{code})?" if home else r"(?:\+|00)?"
        parts.append(rf"(?<!\d){before}{rest}(?!\d)")
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


_WIDE = "０１２３４５６７８９"
"""Digits as telephones of the Far East write them."""


def over_the_line(db: sqlite.Connection, numbers: Sequence[str]) -> None:
    """Empty PDUs that belong to no message – status reports – and hold one of the numbers, in the store
    or in an opened archive."""
    for number in numbers:
        at_home = ["0" + number.removeprefix("+62")] if number.startswith("+62") else []
        for written in (number, *at_home):
            octets = fields.address(written)[2:].hex()
            db.execute(
                "UPDATE pdus SET pdu = '' WHERE message_id IS NULL AND instr(lower(pdu), ?)",
                (octets,),
            )
