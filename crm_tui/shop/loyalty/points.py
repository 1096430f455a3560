"""Points: a ledger of lots that are earned together and end together; spent and forfeited oldest first.

    sale ─earn─▶ lot (+n) ◀─ spend, redeem, expire (−n)        return: taken back, and given back
    another branch ─move_in─▶ lot (+n) ◀─ move_out (−n)        lent before they came, and repaid

A lot's `rest` is kept by a trigger from its moves and can never be below zero. What was spent before
its sale came back is owed, and made good by what is earned later.
"""
# ruff: noqa: S608 - what is put into queries is names of ours

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from crm_tui.clock import stamp
from crm_tui.errors import N_
from crm_tui.shop.customers import people
from crm_tui.shop.customers.people import FAMILY
from crm_tui.shop.gate import undo
from crm_tui.shop.gate.commands import command, journal
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput, RuleBroken
from crm_tui.shop.loyalty import tiers
from crm_tui.shop.loyalty.settings import POINT_DAYS, POINT_RUPIAH, POINT_VALUE
from crm_tui.shop.messages import noticing, replies

MOST = 10**9
SOON_DAYS = 30
_OPEN = "rest > 0 AND (expires_at IS NULL OR expires_at > :now)"
_OPEN_LOTS = f"customer_id IN {FAMILY} AND {_OPEN}"


class NotEnoughPoints(RuleBroken):
    text = N_("There are {points} points, {wanted} are wanted.")


class BadPoints(BadInput):
    text = N_("Points are a whole number from 1 on.")


class PointsWorthless(RuleBroken):
    text = N_("Points are worth nothing at the till; the setting points.value says so.")


class PointsEnded(RuleBroken):
    text = N_(
        "The head office closes this branch, and gives its customers' points to the branches that ask"
        " for them: none can be spent here any more."
    )


class PointsHeld(RuleBroken):
    text = N_(
        "The head office does not let this branch in, or has not yet, and may give these points out"
        " elsewhere: none can be spent here until it does. Ask the head office."
    )


@dataclass(frozen=True)
class Standing:
    """`points` there now, worth `rupiah`; of them `soon` are forfeited by `until` (a stored moment).
    `ended`: the branch was closed, and others give them out."""

    points: int
    rupiah: int
    soon: int
    until: str
    ended: bool


def balance(ctx: Context, customer_id: int) -> int:
    """The points that a customer can spend now."""
    row = ctx.db.execute(
        f"SELECT coalesce(sum(rest), 0) FROM point_lots WHERE {_OPEN_LOTS}",
        {"customer": customer_id, "now": ctx.at},
    ).fetchone()
    return int(row[0])


def balances(ctx: Context, customers: Sequence[int]) -> dict[int, int]:
    """The points that customers can spend now, by their keys."""
    rows = ctx.db.execute(
        "SELECT value, (SELECT coalesce(sum(rest), 0) FROM point_lots WHERE customer_id IN"
        f" (SELECT id FROM kept WHERE kept_id = wanted.value) AND {_OPEN})"
        " FROM json_each(:customers) AS wanted",
        {"customers": json.dumps(customers), "now": ctx.at},
    )
    return {int(row[0]): int(row[1]) for row in rows}


def standing(ctx: Context, customer_id: int) -> Standing:
    """What a customer is told about their points."""
    points = balance(ctx, customer_id)
    row = ctx.db.execute(
        "SELECT coalesce(sum(rest), 0), coalesce(max(expires_at), '') FROM point_lots"
        f" WHERE {_OPEN_LOTS} AND expires_at <= :soon",
        {
            "customer": customer_id, "now": ctx.at,
            "soon": stamp(ctx.now + timedelta(days=SOON_DAYS)),
        },
    ).fetchone()  # fmt: skip
    return Standing(points, points * POINT_VALUE(ctx), int(row[0]), str(row[1]), have_ended(ctx))


def for_purchase(ctx: Context, customer_id: int, total: int) -> int:
    """The points that a sale of so many rupiah earns."""
    rupiah = POINT_RUPIAH(ctx)
    if not rupiah or total <= 0:
        return 0
    tier = tiers.of(ctx, customer_id)
    return total // rupiah * (tier.multiplier if tier else 100) // 100


def _lot(
    ctx: Context, customer_id: int, points: int, kind: str, sale_id: int | None, note: str
) -> int:
    days = POINT_DAYS(ctx)
    ends = stamp(ctx.now + timedelta(days=days)) if days else None
    return new_lot(ctx, customer_id, points, kind, sale_id, note, ends)


def new_lot(
    ctx: Context, customer_id: int, points: int, kind: str, sale_id: int | None, note: str,
    expires_at: str | None,
) -> int:  # fmt: skip
    """Points come together, within a command; the key of their lot."""
    row = ctx.db.execute(
        "INSERT INTO point_lots (customer_id, sale_id, at, expires_at) VALUES (?, ?, ?, ?)"
        " RETURNING id",
        (customer_id, sale_id, ctx.at, expires_at),
    ).fetchone()
    move(ctx, int(row[0]), points, kind, sale_id, note)
    return int(row[0])


def move(
    ctx: Context, lot_id: int, points: int, kind: str, sale_id: int | None, note: str = ""
) -> None:
    """Add to the ledger of points, within a command."""
    ctx.db.execute(
        "INSERT INTO point_moves (lot_id, at, points, kind, sale_id, actor, note)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (lot_id, ctx.at, points, kind, sale_id, ctx.actor.name, note),
    )


def earn(ctx: Context, customer_id: int, sale_id: int, total: int) -> int:
    """A sale was written, within its command: what it earns; what is owed is made good first."""
    points = for_purchase(ctx, customer_id, total)
    if points:
        lot = _lot(ctx, customer_id, points, "earned", sale_id, "")
        for debt in ctx.db.execute(
            f"SELECT sale_id, owed FROM point_debts WHERE owed > 0 AND customer_id IN {FAMILY}"
            " ORDER BY sale_id",
            {"customer": customer_id},
        ).fetchall():
            part = min(points, debt["owed"])
            if part:
                move(ctx, lot, -part, "taken_back", debt["sale_id"])
                ctx.db.execute(
                    "UPDATE point_debts SET owed = owed - ? WHERE sale_id = ?",
                    (part, debt["sale_id"]),
                )
                points -= part
        points -= repay(ctx, customer_id, lot, points)
    return points


def repay(ctx: Context, customer_id: int, lot_id: int, points: int) -> int:
    """Make good out of a lot what was lent, within a command; how many points that took."""
    repaid = 0
    for loan in ctx.db.execute(
        f"SELECT lot_id, owed FROM point_loans WHERE owed > 0 AND customer_id IN {FAMILY}"
        " ORDER BY lot_id",
        {"customer": customer_id},
    ).fetchall():
        part = min(points - repaid, loan["owed"])
        if part > 0:
            move(ctx, lot_id, -part, "repaid", None)
            ctx.db.execute(
                "UPDATE point_loans SET owed = owed - ? WHERE lot_id = ?", (part, loan["lot_id"])
            )
            repaid += part
    return repaid


def spend(
    ctx: Context,
    customer_id: int,
    points: int,
    kind: str,
    sale_id: int | None = None,
    note: str = "",
) -> None:
    """Take points away, those that end first, within a command. Raises `NotEnoughPoints`,
    `BadPoints`, `PointsEnded`, `PointsHeld`."""
    if not 1 <= points <= MOST:
        raise BadPoints()
    if why := kept_back(ctx):
        raise why
    there = balance(ctx, customer_id)
    if points > there:
        raise NotEnoughPoints(points=there, wanted=points)
    take_out(ctx, customer_id, points, kind, sale_id, note)


def kept_back(ctx: Context) -> PointsEnded | PointsHeld | None:
    """Why no points can be spent here: a branch of a chain spends them as long as nobody else may give
    them out of its books."""
    row = ctx.db.execute(
        "SELECT closed_at IS NOT NULL, json_extract(told, '$.refused') FROM chain"
        " LEFT JOIN branch_names USING (branch)"
    ).fetchone()
    if row is not None and row[0]:
        return PointsEnded()
    return PointsHeld() if row is not None and row[1] else None


def have_ended(ctx: Context) -> bool:
    """Whether this is a branch that closes: others give its customers' points out."""
    return isinstance(kept_back(ctx), PointsEnded)


def take_out(
    ctx: Context, customer_id: int, points: int, kind: str, sale_id: int | None, note: str
) -> list[tuple[int, int]]:
    """Take up to so many points out of the lots that end first: (lot, points) each."""
    taken = []
    for lot_id, rest in _oldest_first(ctx, customer_id):
        part = min(points, rest)
        if part:
            move(ctx, lot_id, -part, kind, sale_id, note)
            taken.append((lot_id, part))
            points -= part
    return taken


def _oldest_first(ctx: Context, customer_id: int) -> list[tuple[int, int]]:
    rows = ctx.db.execute(
        f"SELECT id, rest FROM point_lots WHERE {_OPEN_LOTS} ORDER BY coalesce(expires_at, '~'), id",
        {"customer": customer_id, "now": ctx.at},
    )
    return [(int(row[0]), int(row[1])) for row in rows]


def worth(ctx: Context, points: int) -> int:
    """The rupiah that so many points take off a sale. Raises `PointsWorthless`."""
    value = POINT_VALUE(ctx)
    if points and not value:
        raise PointsWorthless()
    return points * value


def use(ctx: Context, customer_id: int, sale_id: int, points: int) -> None:
    """Points are spent in a sale, within its command; its lines hold what they took off."""
    spend(ctx, customer_id, points, "spent", sale_id)
    ctx.db.execute(
        "INSERT INTO redemptions VALUES (?, ?, ?)", (sale_id, points, worth(ctx, points))
    )
    _tell(ctx, customer_id, points)


def _tell(ctx: Context, customer_id: int, points: int) -> None:
    """Tell the customer that so many points were spent."""
    noticing.tell(
        ctx, people.phones(ctx, customer_id), customer_id, replies.NOTICE_POINTS, points=points,
        left=balance(ctx, customer_id),
    )  # fmt: skip


# ── what comes back ───────────────────────────────────────────────────────────────────────────────


def came_back(ctx: Context, sale_id: int) -> None:
    """Goods of a sale were given back, within the command that wrote that: in the same proportion of
    their prices, what it earned is taken back, and what was spent in it given back."""
    row = ctx.db.execute(
        "SELECT customer_id,"
        " (SELECT sum(price * quantity) FROM sale_lines WHERE sale_id = sales.id) AS gross,"
        " (SELECT -sum(price * quantity) FROM sale_lines JOIN sales AS back ON back.id = sale_id"
        "   WHERE back.of_sale = sales.id) AS back,"
        " (SELECT coalesce(sum(points), 0) FROM point_moves WHERE sale_id = sales.id"
        "   AND kind = 'earned') AS earned,"
        " (SELECT coalesce(-sum(points), 0) FROM point_moves WHERE sale_id = sales.id"
        "   AND kind = 'taken_back')"
        # What was taken off the money that was paid back counts as taken back.
        " + (SELECT coalesce(sum(points), 0) FROM point_refunds WHERE sale_id = sales.id)"
        " + coalesce((SELECT owed FROM point_debts WHERE sale_id = sales.id), 0)"
        # What was forfeited of them is gone already.
        " - (SELECT coalesce(sum(points), 0) FROM point_moves JOIN point_lots ON point_lots.id = lot_id"
        "   WHERE point_lots.sale_id = sales.id AND kind = 'expired') AS taken"
        " FROM sales WHERE id = ?",
        (sale_id,),
    ).fetchone()
    if row["customer_id"] is None or not row["gross"]:
        return
    _give_back(ctx, sale_id, row["back"], row["gross"])
    keeps = row["earned"] * (row["gross"] - row["back"]) // row["gross"]
    _take_back(ctx, row["customer_id"], sale_id, row["earned"] - keeps - row["taken"])


def _give_back(ctx: Context, sale_id: int, back: int, gross: int) -> None:
    spent = ctx.db.execute(
        "SELECT lot_id, -sum(points * (kind = 'spent')) AS spent,"
        " sum(points * (kind = 'given_back')) AS given FROM point_moves"
        " WHERE sale_id = ? AND kind IN ('spent', 'given_back') GROUP BY lot_id ORDER BY lot_id DESC",
        (sale_id,),
    ).fetchall()
    whole = sum(each["spent"] for each in spent)
    points = whole * back // gross - sum(each["given"] for each in spent)
    for each in spent:
        part = min(points, each["spent"] - each["given"])
        if part > 0:
            move(ctx, each["lot_id"], part, "given_back", sale_id)
            points -= part


def _take_back(ctx: Context, customer_id: int, sale_id: int, points: int) -> None:
    if points <= 0:
        return
    owner_id = people.by_id(ctx, customer_id).id
    own = ctx.db.execute(
        "SELECT id, rest FROM point_lots WHERE sale_id = ? AND rest > 0", (sale_id,)
    ).fetchall()
    for lot_id, rest in [*((row[0], row[1]) for row in own), *_oldest_first(ctx, owner_id)]:
        part = min(points, rest)
        # The sale's own lot stands in both lists.
        there = ctx.db.execute("SELECT rest FROM point_lots WHERE id = ?", (lot_id,)).fetchone()[0]
        part = min(part, there)
        if part > 0:
            move(ctx, lot_id, -part, "taken_back", sale_id)
            points -= part
    if points:
        ctx.db.execute(
            "INSERT INTO point_debts VALUES (?, ?, ?)"
            " ON CONFLICT (sale_id) DO UPDATE SET owed = owed + excluded.owed",
            (sale_id, owner_id, points),
        )


def last_move(ctx: Context) -> int:
    """The key of the last move of points, 0 before the first."""
    return int(ctx.db.execute("SELECT coalesce(max(id), 0) FROM point_moves").fetchone()[0])


def spent_since(ctx: Context, customers: Sequence[int], last: int | None) -> int:
    """The points of these customers, and of those merged into them, that were spent after the move
    `last` (None: within the time in which anything can be undone)."""
    row = ctx.db.execute(
        "SELECT coalesce(-sum(points), 0) FROM point_moves JOIN point_lots ON point_lots.id = lot_id"
        " WHERE kind IN ('spent', 'redeemed') AND point_moves.id > coalesce(:last,"
        " (SELECT coalesce(max(id), 0) FROM point_moves WHERE at < :late))"
        " AND customer_id IN (SELECT kept.id FROM kept WHERE kept_id IN"
        " (SELECT kept_id FROM kept WHERE id IN (SELECT value FROM json_each(:customers))))",
        {
            "customers": json.dumps(list(customers)), "last": last,
            "late": stamp(ctx.now - timedelta(minutes=undo.MINUTES)),
        },
    ).fetchone()  # fmt: skip
    return int(row[0])


def owed(ctx: Context, sale_id: int) -> int:
    """The points of a sale that were spent before it came back, and not made good since."""
    row = ctx.db.execute("SELECT owed FROM point_debts WHERE sale_id = ?", (sale_id,)).fetchone()
    return 0 if row is None else int(row[0])


def made_good(ctx: Context, sale_id: int, points: int) -> None:
    """So many of the points that are owed for a sale were paid in money, within a command."""
    ctx.db.execute("UPDATE point_debts SET owed = owed - ? WHERE sale_id = ?", (points, sale_id))


# ── by hand, and in time ──────────────────────────────────────────────────────────────────────────


@command("loyalty.give_points", "rewards.edit")
def give(ctx: Context, customer_id: int, points: int, note: str) -> None:
    """Make a customer a present of points. Raises `BadPoints`."""
    if not 1 <= points <= MOST:
        raise BadPoints()
    kept = people.by_id(ctx, customer_id).id
    _lot(ctx, kept, points, "gift", None, note.strip())
    ctx.record(f"customer {kept}", None, {"points": points, "note": note.strip()})
    ctx.changed("customers", kept)


@command("loyalty.redeem_points", "sales.points")
def redeem(ctx: Context, customer_id: int, points: int, what: str) -> None:
    """Give something for points at the counter. Raises `NotEnoughPoints`, `BadPoints`."""
    kept = people.by_id(ctx, customer_id).id
    spend(ctx, kept, points, "redeemed", note=what.strip())
    _tell(ctx, kept, points)
    ctx.record(f"customer {kept}", None, {"points": -points, "note": what.strip()})
    ctx.changed("customers", kept)


def due_at(ctx: Context) -> str | None:
    """When points will be forfeited next."""
    row = ctx.db.execute(
        "SELECT min(expires_at) FROM point_lots WHERE rest > 0 AND expires_at IS NOT NULL"
    ).fetchone()
    return cast("str | None", row[0])


@journal
def expire(ctx: Context) -> None:
    """Write what was forfeited; nobody could spend it any more anyway."""
    for row in ctx.db.execute(
        "SELECT id, rest, customer_id FROM point_lots WHERE rest > 0 AND expires_at IS NOT NULL"
        " AND expires_at <= ? ORDER BY expires_at, id LIMIT 200",
        (ctx.at,),
    ).fetchall():
        move(ctx, row["id"], -row["rest"], "expired", None)
        ctx.changed("customers", row["customer_id"])
