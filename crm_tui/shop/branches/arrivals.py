"""Goods from another branch: on their way, looked at line by line, received once, or sent back.

What differs is written down as it is found: `broken` came and is of no use, what is missing did not
come. Neither is in any stock from then on; the two branches settle it between them.
"""

from collections.abc import Mapping
from typing import Any

from crm_tui import sqlite
from crm_tui.reading.entries import code_key
from crm_tui.shop.branches import identity, keys, transfers
from crm_tui.shop.branches.errors import (
    ItemsOffSale,
    LinesUnchecked,
    OtherIsClosed,
    TransferReceived,
    TransferUnknown,
)
from crm_tui.shop.branches.identity import Branch
from crm_tui.shop.branches.keys import Key, moment, number, text
from crm_tui.shop.branches.transfers import MOST_LINES, Transfer, TransferLine
from crm_tui.shop.gate import access
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadQuantity, ReasonNeeded
from crm_tui.shop.items import cards, catalogue, stock
from crm_tui.shop.items.stock import MOST, Goods


def announced(ctx: Context, key: Key, body: Mapping[str, Any]) -> None:
    """Another branch has sent goods here, within a command; told twice, they are one transfer."""
    lines = body["lines"]
    if not isinstance(lines, list) or not 1 <= len(lines) <= MOST_LINES:
        raise ValueError("lines")
    back = body.get("back")
    row = ctx.db.execute(
        "INSERT INTO arrivals (from_branch, from_epoch, from_id, sent_at, told_at, actor, note,"
        " back_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
        (*key, moment(body["at"]), ctx.at, text(body, "actor", 60), text(body, "note", default=""),
         None if back is None else number(back[2])),
    ).fetchone()  # fmt: skip
    if row is None:
        return
    ctx.record(f"arrival {row[0]}", None, {"from": key.branch, "transfer": str(key)})
    for line in lines:
        ctx.db.execute(
            "INSERT INTO arrival_lines (arrival_id, line, code, name, unit, quantity, price, cost)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row[0], number(line["line"]), keys.code(line),
             text(line, "name", cards.MOST_NAME), text(line, "unit", cards.MOST_UNIT),
             number(line["quantity"], 1), number(line["price"]),
             None if line.get("cost") is None else number(line["cost"])),
        )  # fmt: skip
    ctx.changed("branches", row[0])


def look(ctx: Context, arrival_id: int) -> Transfer:
    """A transfer to this branch, as far as it was looked at. Raises `TransferUnknown`."""
    row = _row(ctx, arrival_id)
    receipt = ctx.db.execute(
        "SELECT at, actor, note FROM transfer_receipts WHERE id = ?", (row["receipt_id"],)
    ).fetchone()
    lines = ctx.db.execute(
        "SELECT line, code, name, unit, quantity, arrived, broken FROM arrival_lines"
        " WHERE arrival_id = ? ORDER BY line",
        (arrival_id,),
    ).fetchall()
    off = catalogue.off_sale(ctx, [line["code"] for line in lines])
    branch = Branch(row["from_branch"], identity.name_of(ctx, row["from_branch"]))
    ended, by, said = (
        (receipt["at"], receipt["actor"], receipt["note"]) if receipt else (None, "", "")
    )
    return Transfer(
        arrival_id, True, branch, row["sent_at"], row["actor"], row["note"],
        "" if row["back_id"] is None else str(row["back_id"]),
        ended, by, said,
        tuple(TransferLine(*(*line, line["code"] in off)) for line in lines),
    )  # fmt: skip


def _row(ctx: Context, arrival_id: int) -> sqlite.Row:
    row: sqlite.Row | None = ctx.db.execute(
        "SELECT * FROM arrivals WHERE id = ?", (arrival_id,)
    ).fetchone()
    if row is None:
        raise TransferUnknown()
    return row


def _open(ctx: Context, arrival_id: int) -> sqlite.Row:
    identity.open_one(ctx)
    row = _row(ctx, arrival_id)
    if row["receipt_id"] is not None:
        raise TransferReceived()
    return row


def _key(row: sqlite.Row) -> Key:
    return Key(row["from_branch"], row["from_epoch"], row["from_id"])


@command("branches.check_line", "branches.receive")
def check_line(
    ctx: Context, arrival_id: int, line: int, arrived: int | None, broken: int = 0
) -> None:
    """Write how many units of a line came whole, and how many broken; None: nobody has looked. Nothing
    is in the stock before all is received. Raises `TransferReceived`, `BadQuantity`."""
    _open(ctx, arrival_id)
    for each in (arrived or 0, broken):
        if not 0 <= each <= MOST:
            raise BadQuantity(quantity=each)
    before = ctx.db.execute(
        "SELECT code, arrived, broken FROM arrival_lines WHERE arrival_id = ? AND line = ?",
        (arrival_id, line),
    ).fetchone()
    if before is None:
        raise TransferUnknown()
    ctx.db.execute(
        "UPDATE arrival_lines SET arrived = ?, broken = ? WHERE arrival_id = ? AND line = ?",
        (arrived, broken if arrived is not None else 0, arrival_id, line),
    )
    ctx.record(
        f"arrival {arrival_id} {before['code']}",
        {"arrived": before["arrived"], "broken": before["broken"]},
        {"arrived": arrived, "broken": broken},
    )
    ctx.changed("branches", arrival_id)


@command("branches.check_rest", "branches.receive")
def rest_as_sent(ctx: Context, arrival_id: int) -> int:
    """Write of all lines that nobody has looked at that they came as they were sent; how many. Raises
    `TransferReceived`."""
    _open(ctx, arrival_id)
    rows = ctx.db.execute(
        "UPDATE arrival_lines SET arrived = quantity WHERE arrival_id = ? AND arrived IS NULL"
        " RETURNING line",
        (arrival_id,),
    ).fetchall()
    ctx.record(f"arrival {arrival_id}", None, {"as sent": [row[0] for row in rows]})
    ctx.changed("branches", arrival_id)
    return len(rows)


@command("branches.receive", "branches.receive")
def receive(
    ctx: Context, arrival_id: int, note: str = "", *, sold_again: bool | None = None
) -> int:
    """Take the goods in as they were looked at, once; the receipt's key. Goods whose item is off
    sale lie in the stock unseen: `sold_again` says whether such items are sold again (then
    `items.edit` is needed, too) or stay as they are; None: nobody was asked yet. Raises
    `LinesUnchecked`, `TransferReceived`, `ItemsOffSale`, `NotAllowed`."""
    row = _open(ctx, arrival_id)
    lines = look(ctx, arrival_id).lines
    unchecked = sum(line.arrived is None for line in lines)
    if unchecked:
        raise LinesUnchecked(count=unchecked)
    off = [line.code for line in lines if line.off_sale and line.arrived]
    if off and sold_again is None:
        raise ItemsOffSale(codes=", ".join(off))
    if off and sold_again:
        access.require(ctx, "items.edit")
        for item_id in catalogue.by_codes(ctx, off):
            cards.put_on_sale(ctx, item_id)
    return _receive(ctx, row, lines, note.strip())


def _receive(ctx: Context, row: sqlite.Row, lines: tuple[TransferLine, ...], note: str) -> int:
    branch = identity.name_of(ctx, row["from_branch"])
    document = stock.write_document(ctx, "arrival", branch, note)
    receipt = int(
        ctx.db.execute(
            "INSERT INTO transfer_receipts (at, actor, from_branch, from_epoch, from_id, lines, note,"
            " document_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (ctx.at, ctx.actor.name, *_key(row), len(lines), note, document),
        ).fetchone()[0]
    )
    sent = {
        number: (price, cost)
        for number, price, cost in ctx.db.execute(
            "SELECT line, price, cost FROM arrival_lines WHERE arrival_id = ?", (row["id"],)
        )
    }
    items = catalogue.keys_of(ctx, [line.code for line in lines])
    for line in lines:
        arrived = line.arrived or 0
        ctx.db.execute(
            "INSERT INTO transfer_receipt_lines VALUES (?, ?, ?, ?, ?, ?)",
            (receipt, line.line, line.code, line.sent, arrived, line.broken),
        )
        if arrived:
            price, cost = sent[line.line]
            key = code_key(line.code)
            if key not in items:
                new = cards.Card(line.code, line.name, line.unit, price)
                # The same code may stand in several lines.
                items[key] = cards.insert(ctx, new)
            if cost is not None:
                stock.average(ctx, items[key], arrived, cost)
            catalogue.move_stock(ctx, items[key], arrived, "arrival", document=document, cost=cost)
    ctx.db.execute("UPDATE arrivals SET receipt_id = ? WHERE id = ?", (receipt, row["id"]))
    ctx.record(
        f"arrival {row['id']}", None,
        {"from": row["from_branch"], "transfer": str(_key(row)), "note": note,
         "lines": [[each.code, each.sent, each.arrived, each.broken] for each in lines]},
    )  # fmt: skip
    ctx.changed("branches", row["id"])
    return receipt


@command("branches.send_back", "branches.receive")
def send_back(ctx: Context, arrival_id: int, reason: str) -> int:
    """Take a whole transfer back, the only way to call one off: it is received as it was sent, and goes
    back to its sender as a transfer of its own, whose key this gives. Raises `TransferReceived`,
    `ReasonNeeded`, `OtherIsClosed`, `BranchIsClosed`."""
    if not reason.strip():
        raise ReasonNeeded()
    row = _open(ctx, arrival_id)
    if identity.is_closed(ctx, row["from_branch"]):
        raise OtherIsClosed(branch=identity.name_of(ctx, row["from_branch"]))
    sender = identity.other(ctx, row["from_branch"])
    as_sent = tuple(
        TransferLine(each.line, each.code, each.name, each.unit, each.sent, each.sent, 0)
        for each in look(ctx, arrival_id).lines
    )
    ctx.db.execute(
        "UPDATE arrival_lines SET arrived = quantity, broken = 0 WHERE arrival_id = ?",
        (arrival_id,),
    )
    _receive(ctx, row, as_sent, reason.strip())
    items = catalogue.keys_of(ctx, [each.code for each in as_sent])
    goods = [Goods(items[code_key(each.code)], each.sent) for each in as_sent]
    return transfers.write(ctx, sender, goods, reason.strip(), _key(row))
