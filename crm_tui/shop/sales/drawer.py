"""The drawer: every payment, and the money counted against what should be there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crm_tui import sqlite
from crm_tui.errors import N_
from crm_tui.shop.backups import wanted
from crm_tui.shop.gate import access
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput, BadMoney, ReasonNeeded
from crm_tui.shop.sales.errors import DrawerUsed
from crm_tui.shop.sales.payment_methods import COUNTED
from crm_tui.shop.sales.settings import BLIND, FLOAT


@dataclass(frozen=True)
class Drawer:
    """An open drawer, and what should be in it, in rupiah by method (cash with the float)."""

    id: int
    opened_at: str
    opened_by: str
    float: int
    expected: Mapping[str, int]


def current(ctx: Context) -> Drawer | None:
    """The open drawer, if money has moved since the last count."""
    row = ctx.db.execute("SELECT * FROM drawers WHERE closed_at IS NULL").fetchone()
    return None if row is None else _drawer(ctx, row)


def _drawer(ctx: Context, row: sqlite.Row) -> Drawer:
    expected = dict.fromkeys(COUNTED, 0)
    for method, amount in ctx.db.execute(
        "SELECT method, sum(amount) FROM payments WHERE drawer_id = ? GROUP BY method",
        (row["id"],),
    ):
        if method in expected:
            expected[method] = amount
    expected["cash"] += row["float"]
    return Drawer(row["id"], row["opened_at"], row["opened_by"], row["float"], expected)


@dataclass(frozen=True)
class Payment:
    """A row of the ledger, rupiah; `what` is a note, or the number of the sale as #12."""

    at: str
    kind: str
    method: str
    amount: int
    what: str
    actor: str


@dataclass(frozen=True)
class Look:
    """A drawer as it stands or was closed: what should be in it and what was counted, in rupiah by
    method, and its last payments, newest first."""

    drawer: Drawer
    closed_at: str | None
    closed_by: str
    note: str
    counted: Mapping[str, int]
    payments: tuple[Payment, ...]


def is_hidden(ctx: Context) -> bool:
    """Whether the actor counts without being told what should be in the open drawer."""
    return bool(BLIND(ctx)) and not access.allowed(ctx, "drawer.look")


def look(ctx: Context, drawer_id: int, last: int = 30) -> Look:
    """The drawer with this key, and its `last` payments; of the open one neither sums nor payments, if
    it is to be counted blind."""
    with ctx.store.reading() as db:
        row = db.execute("SELECT * FROM drawers WHERE id = ?", (drawer_id,)).fetchone()
        counts = db.execute(
            "SELECT method, expected, counted FROM drawer_counts WHERE drawer_id = ?", (drawer_id,)
        ).fetchall()
        rows = db.execute(
            "SELECT at, kind, method, amount, CASE WHEN sale_id IS NOT NULL THEN '#' || sale_id"
            " ELSE note END, actor FROM payments WHERE drawer_id = ? ORDER BY id DESC LIMIT ?",
            (drawer_id, last),
        ).fetchall()
        drawer = _drawer(ctx, row)
        if row["closed_at"] is None and is_hidden(ctx):
            drawer, rows = replace(drawer, expected={}), []
        return Look(
            drawer, row["closed_at"], row["closed_by"] or "", row["note"],
            {each["method"]: each["counted"] for each in counts},
            tuple(Payment(*each) for each in rows),
        )  # fmt: skip


def _open(ctx: Context) -> int:
    """The key of the open drawer, within a command; the first payment opens one."""
    row = ctx.db.execute("SELECT id FROM drawers WHERE closed_at IS NULL").fetchone()
    if row is None:
        kept = ctx.db.execute("SELECT value FROM counters WHERE name = 'drawer float'").fetchone()
        amount = kept[0] if kept is not None else FLOAT(ctx)
        row = ctx.db.execute(
            "INSERT INTO drawers (opened_at, opened_by, float) VALUES (?, ?, ?) RETURNING id",
            (ctx.at, ctx.actor.name, amount),
        ).fetchone()
        ctx.changed("drawers", row[0])
    return int(row[0])


def pay(
    ctx: Context,
    kind: str,
    method: str,
    amount: int,
    *,
    received: int | None = None,
    sale_id: int | None = None,
    customer_id: int | None = None,
    note: str = "",
) -> int:
    """Write a payment (negative: money goes out) into the open drawer, within a command; its key."""
    row = ctx.db.execute(
        "INSERT INTO payments (at, kind, method, amount, received, sale_id, customer_id, drawer_id,"
        " actor, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (ctx.at, kind, method, amount, received, sale_id, customer_id, _open(ctx), ctx.actor.name,
         note),
    ).fetchone()  # fmt: skip
    ctx.changed("payments", row[0])
    return int(row[0])


@command("sales.move_cash", "drawer.close")
def move(ctx: Context, amount: int, reason: str) -> int:
    """Put cash into the drawer, or take some out (negative), with a reason; the payment's key.
    Taking out needs its permission, too."""
    if not amount:
        raise BadMoney(text="0")
    if not reason.strip():
        raise ReasonNeeded()
    if amount < 0:
        access.require(ctx, "drawer.take_out", -amount)
    payment = pay(ctx, "drawer", "cash", amount, note=reason.strip())
    ctx.record(f"payment {payment}", None, {"cash": amount, "reason": reason.strip()})
    return payment


_FAR = 50_000
_FAR_PART = 10
"""Beyond so many rupiah, and one part in so many of what should be there, something was overlooked."""


class NotCounted(BadInput):
    text = N_("Nothing is typed here, but money came in this way. If there is none, type 0.")


def check_counted(seen: Drawer, counted: Mapping[str, int]) -> None:
    """Whether all is counted that should be there. Raises `NotCounted` of the method."""
    for method in COUNTED:
        if method not in counted and seen.expected[method]:
            raise NotCounted(field=method)


def far_off(seen: Drawer, counted: Mapping[str, int]) -> dict[str, int]:
    """The differences that are larger than a miscount is, in rupiah by method."""
    differences = {each: counted.get(each, 0) - seen.expected[each] for each in COUNTED}
    return {
        each: difference
        for each, difference in differences.items()
        if abs(difference) > max(_FAR, abs(seen.expected[each]) // _FAR_PART)
    }


@command("sales.close_drawer", "drawer.close")
def close(
    ctx: Context, counted: Mapping[str, int], seen: Drawer, *, left: int = 0, note: str = ""
) -> dict[str, int]:
    """Close the drawer with what was counted, in rupiah by method; the differences by method.

    `seen`: the drawer as it stood when the money was counted; `DrawerUsed` if some moved since.
    `left`: the cash that stays in it as the next float. What is not among the counted is none only
    where none should be: else `NotCounted`.
    """
    now = current(ctx)
    if now is None or now != seen:
        raise DrawerUsed()
    check_counted(now, counted)
    for amount in counted.values():
        if amount < 0:
            raise BadMoney(text=str(amount))
    if not 0 <= left <= max(0, counted.get("cash", 0)):
        raise BadMoney(text=str(left))
    for method in COUNTED:
        ctx.db.execute(
            "INSERT INTO drawer_counts VALUES (?, ?, ?, ?)",
            (now.id, method, now.expected[method], counted.get(method, 0)),
        )
    ctx.db.execute(
        "UPDATE drawers SET closed_at = ?, closed_by = ?, note = ? WHERE id = ?",
        (ctx.at, ctx.actor.name, note.strip(), now.id),
    )
    ctx.db.execute(
        "INSERT INTO counters VALUES ('drawer float', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (left,),
    )
    differences = {each: counted.get(each, 0) - now.expected[each] for each in COUNTED}
    ctx.record(
        f"drawer {now.id}", {"expected": dict(now.expected)},
        {"counted": dict(counted), "left": left, "note": note.strip()},
    )  # fmt: skip
    ctx.changed("drawers", now.id)
    # The day is over: it must not be lost with the disk.
    wanted.want(ctx)
    return differences
