"""Points that travel between branches: out here, in there; and those lent until they come.

A point is in one lot of one branch: `move_out` takes it from there, and only what that gave `move_in`
puts into a lot of another branch.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.shop.customers.people import FAMILY
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import points as ledger


@dataclass(frozen=True)
class Lot:
    """Points that end together; `expires_at` is a stored moment, None: never."""

    points: int
    expires_at: str | None


def move_out(ctx: Context, customer_id: int, points: int, note: str) -> list[Lot]:
    """Take up to so many points out for another branch, those that end first, within a command."""
    taken = ledger.take_out(ctx, customer_id, points, "moved_out", None, note)
    ends = dict(
        ctx.db.execute(
            "SELECT id, expires_at FROM point_lots WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([lot_id for lot_id, _ in taken]),),
        ).fetchall()
    )
    return [Lot(part, ends[lot_id]) for lot_id, part in taken]


def move_in(ctx: Context, customer_id: int, lots: Sequence[Lot], note: str) -> int:
    """Points came from another branch, within a command; how many are left when what was lent
    meanwhile is made good."""
    left = 0
    for lot in lots:
        lot_id = ledger.new_lot(
            ctx, customer_id, lot.points, "moved_in", None, note, lot.expires_at
        )
        left += lot.points - ledger.repay(ctx, customer_id, lot_id, lot.points)
    return left


def lend(ctx: Context, customer_id: int, points: int, note: str) -> None:
    """Points that are still to come can be spent now, within a command; they are owed."""
    lot_id = ledger.new_lot(ctx, customer_id, points, "lent", None, note, None)
    ctx.db.execute("INSERT INTO point_loans VALUES (?, ?, ?)", (lot_id, customer_id, points))


def owe(ctx: Context, customer_id: int, points: int, note: str) -> None:
    """Points have gone that were spent here already, within a command: they are owed."""
    lend(ctx, customer_id, points, note)
    lot_id = ctx.db.execute("SELECT max(lot_id) FROM point_loans").fetchone()[0]
    ledger.move(ctx, lot_id, -points, "moved_out", None, note)


def leave_behind(ctx: Context, upto: int, before: str = "", note: str = "") -> int:
    """Others give out the points of lots up to this number, of those from before a stored moment, and
    of those that were left behind with this note before: they go from here, within a command; how many
    went."""
    went = 0
    for lot in ctx.db.execute(
        "SELECT id, rest FROM point_lots WHERE rest > 0 AND (id <= :upto OR at <= :before"
        " OR :note <> '' AND id IN (SELECT lot_id FROM point_moves WHERE note = :note)) ORDER BY id",
        {"upto": upto, "before": before, "note": note},
    ).fetchall():
        ledger.move(ctx, lot["id"], -lot["rest"], "moved_out", None, note)
        went += lot["rest"]
    return went


def fetch_back(ctx: Context, note: str) -> int:
    """What was left behind with a note is here again, within a command; how many points."""
    came = 0
    for lot_id, points in ctx.db.execute(
        "SELECT lot_id, -sum(points) FROM point_moves WHERE note = ?"
        " AND kind IN ('moved_out', 'moved_in') GROUP BY lot_id HAVING sum(points) < 0 ORDER BY lot_id",
        (note,),
    ).fetchall():
        ledger.move(ctx, lot_id, points, "moved_in", None, note)
        came += points
    return came


def lent(ctx: Context, customer_id: int) -> int:
    """The points that a customer had before they came, and that are not made good yet."""
    row = ctx.db.execute(
        "SELECT coalesce(sum(owed), 0) FROM point_loans"  # noqa: S608 - ours
        f" WHERE owed > 0 AND customer_id IN {FAMILY}",
        {"customer": customer_id},
    ).fetchone()
    return int(row[0])
