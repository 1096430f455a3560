"""Goods for another branch: sent, on the way, and what became of them there.

    here: −n, transfers ─▶ office ─▶ there: arrivals ─received─▶ +n, transfer_receipts
    here: transfer_ends ◀─ office ◀─┘

A transfer that was sent is not called off: the receiver sends it back (`arrivals.send_back`), so
that goods are in one place at any moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui.shop.branches import identity
from crm_tui.shop.branches.errors import TooManyLines
from crm_tui.shop.branches.identity import Branch
from crm_tui.shop.branches.keys import Key, number
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import catalogue, stock
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.items.stock import Goods

MOST_LINES = 1_000
"""Items of one transfer; its receiver takes no more."""


@command("branches.send", "branches.send")
def send(ctx: Context, to_branch: int, goods: Sequence[Goods], note: str = "") -> int:
    """Send goods to another branch; the transfer's key. They are on the way from this moment on, and in
    no stock. Raises `BranchUnknown`, `NotEnoughStock`, `NotEnrolled`, `TooManyLines`."""
    branch = identity.other(ctx, to_branch)
    lines = _together(goods)
    if len(lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES, count=len(lines))
    return write(ctx, branch, lines, note.strip())


def _together(goods: Sequence[Goods]) -> list[Goods]:
    """An item is one line, so that the other side counts it once."""
    stock.check(goods)
    counts: dict[int, int] = {}
    for each in goods:
        counts[each.item_id] = counts.get(each.item_id, 0) + each.quantity
    return [Goods(item_id, quantity) for item_id, quantity in counts.items()]


def write(
    ctx: Context, branch: Branch, goods: Sequence[Goods], note: str, back: Key | None = None
) -> int:
    """Write a transfer, within a command; `back`: the one whose goods return."""
    items = catalogue.by_ids(ctx, [sent.item_id for sent in goods])
    document = stock.write_document(ctx, "transfer", branch.name, note)
    transfer = int(
        ctx.db.execute(
            "INSERT INTO transfers (at, actor, to_branch, lines, note, document_id, back_branch,"
            " back_epoch, back_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                ctx.at,
                ctx.actor.name,
                branch.number,
                len(goods),
                note,
                document,
                *(back or (None,) * 3),
            ),
        ).fetchone()[0]
    )
    for line, sent in enumerate(goods, start=1):
        item = items[sent.item_id]
        if sent.quantity > item.available:
            raise NotEnoughStock(code=item.code, available=item.available, wanted=sent.quantity)
        ctx.db.execute(
            "INSERT INTO transfer_lines SELECT ?, ?, id, code, name, unit, ?, price, cost FROM items"
            " WHERE id = ?",
            (transfer, line, sent.quantity, item.id),
        )
        catalogue.move_stock(ctx, item.id, -sent.quantity, "transfer", document=document)
    ctx.record(
        f"transfer {transfer}", None,
        {"to": branch.number, "note": note, "goods": [[g.item_id, g.quantity] for g in goods]},
    )  # fmt: skip
    ctx.changed("branches", transfer)
    return transfer


@dataclass(frozen=True)
class TransferLine:
    """`sent` units, of which `arrived` and `broken` are known when the other branch has looked.
    `off_sale`: goods that come here, of an item that is off sale."""

    line: int
    code: str
    name: str
    unit: str
    sent: int
    arrived: int | None
    broken: int
    off_sale: bool = False

    @property
    def missing(self) -> int:
        """Units that did not come; less than 0 if more came."""
        return 0 if self.arrived is None else self.sent - self.arrived - self.broken


@dataclass(frozen=True)
class Transfer:
    """Goods for another branch, or from one (`incoming`); `ended_at` None: on the way."""

    id: int
    incoming: bool
    branch: Branch
    at: str
    actor: str
    note: str
    back_of: str
    """The number of the transfer that this one takes back, "" if none."""
    ended_at: str | None
    ended_by: str
    ended_note: str
    lines: tuple[TransferLine, ...]


def look(ctx: Context, transfer_id: int) -> Transfer:
    """A transfer of this branch with all that is known of it."""
    row = ctx.db.execute(
        "SELECT transfers.*, ends.at AS ended_at, ends.actor AS ended_by, ends.note AS ended_note"  # noqa: S608 - ours
        " FROM transfers LEFT JOIN transfer_ends AS ends ON transfer_id = transfers.id"
        f" AND ends.epoch >= {identity.EPOCH.format(table='transfers')} WHERE transfers.id = ?",
        (transfer_id,),
    ).fetchone()
    lines = ctx.db.execute(
        "SELECT lines.line, code, name, unit, quantity, json_extract(told.value, '$[1]') AS arrived,"
        " coalesce(json_extract(told.value, '$[2]'), 0) AS broken FROM transfer_lines AS lines"
        " LEFT JOIN (SELECT value FROM transfer_ends, json_each(lines) WHERE transfer_id = :id"
        "  AND :ended) AS told ON json_extract(told.value, '$[0]') = lines.line"
        " WHERE lines.transfer_id = :id ORDER BY lines.line",
        {"id": transfer_id, "ended": row["ended_at"] is not None},
    ).fetchall()
    branch = Branch(row["to_branch"], identity.name_of(ctx, row["to_branch"]))
    return Transfer(
        transfer_id, False, branch, row["at"], row["actor"], row["note"],
        "" if row["back_id"] is None else f"{row['back_branch']}-{row['back_id']}",
        row["ended_at"], row["ended_by"] or "", row["ended_note"] or "",
        tuple(TransferLine(*line) for line in lines),
    )  # fmt: skip


def ended(ctx: Context, key: Key, body: Mapping[str, Any], at: str, actor: str, note: str) -> None:
    """The other branch has received a transfer of this one, within a command; told twice, it counts
    once."""
    lines = [[int(each) for each in line] for line in body["lines"]]
    if any(len(line) != 3 or min(line) < 0 for line in lines):
        raise ValueError("lines")
    sent = ctx.db.execute("SELECT to_branch FROM transfers WHERE id = ?", (key.id,)).fetchone()
    same = identity.is_here(ctx, "transfers", key)
    if sent is not None and same and sent[0] != number(body["by"]):
        raise ValueError("sent to another branch")
    fresh = ctx.db.execute(
        "INSERT INTO transfer_ends VALUES (?, ?, ?, ?, ?, json(?)) ON CONFLICT DO NOTHING RETURNING 1",
        (key.epoch, key.id, at, actor, note, str(lines)),
    ).fetchone()
    if fresh is not None:
        ctx.record(f"transfer {key.id}", None, {"received by": actor, "lines": lines})
        if same and body.get("dismissed") is True:
            _let_go(ctx, key.id)
    ctx.changed("branches", key.id)


def _let_go(ctx: Context, transfer_id: int) -> None:
    """The head office told nobody of a transfer: whether its goods are here, somebody has to look."""
    rows = ctx.db.execute(
        "UPDATE items SET recount = 1 WHERE id IN (SELECT item_id FROM transfer_lines WHERE transfer_id"
        " = ?) RETURNING id",
        (transfer_id,),
    ).fetchall()
    for row in rows:
        ctx.changed("items", row[0])


def lost(ctx: Context, key: Key, body: Mapping[str, Any], note: str) -> None:
    """A transfer of this branch that a restored backup does not know: its goods have left, so somebody
    is to count them. Within a command."""
    if (
        identity.is_here(ctx, "transfers", key)
        and ctx.db.execute("SELECT 1 FROM transfers WHERE id = ?", (key.id,)).fetchone()
    ):
        # One of an older backup did not know it, of which the office told; this one does.
        return
    codes = [str(line["code"]) for line in body["lines"]]
    fresh = ctx.db.execute(
        "INSERT INTO transfers_lost VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
        (key.epoch, key.id, ctx.at, note),
    ).fetchone()
    if fresh is None:
        return
    ctx.record(f"transfer {key.id}", None, {"lost": str(key), "to be counted": codes})
    for item in catalogue.by_codes(ctx, codes):
        ctx.db.execute("UPDATE items SET recount = 1 WHERE id = ?", (item,))
        # Until somebody has counted it (the trigger `transfers_lost_counted`).
        ctx.db.execute(
            "INSERT INTO transfers_lost_items VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (key.epoch, key.id, item),
        )
        ctx.changed("items", item)
