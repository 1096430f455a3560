"""Tiers: names for the best customers, with what the shop gives them; reviewed once a day.

    standings ─review─▶ tier_changes ─trigger─▶ members        up at once, down after some time

A tier is for the best so many percent of the ranked, or for all who bought for so much within a year.
A customer has the best tier that they fulfil, and keeps it for a while (setting) though others pass.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil

from crm_tui.clock import stamp
from crm_tui.errors import N_
from crm_tui.shop.gate import money, rooms, settings, slices
from crm_tui.shop.gate.commands import command, part
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput, BadPercent
from crm_tui.shop.loyalty import scores
from crm_tui.shop.loyalty.settings import KEEP_DAYS
from crm_tui.text import hundredths, percent

YEAR = 365
MOST = 40
"""Characters of a name."""
_REVIEWED = "tiers.reviewed"
_CENTRAL = "tiers.central"
"""The names of tiers that are given elsewhere alone, as JSON."""


class TierNameMissing(BadInput):
    text = N_("The tier needs a name of at most {most} characters.")


class TierTaken(BadInput):
    text = N_("There is already a tier called {name}.")


class TierBad(BadInput):
    text = N_(
        "A tier is for the best so many percent, or for purchases in a year: give one of them."
    )


class DiscountBad(BadInput):
    text = N_("{text} % is no discount: it is 0 to 100 percent.")


@dataclass(frozen=True)
class Tier:
    """`level` 1 is the best. For the best `top` hundredths of a percent of the ranked, or for purchases
    of `spent` rupiah in a year. `discount` in hundredths of a percent, `multiplier` of points in
    hundredths. `id` 0 is a new one."""

    name: str
    level: int
    top: int | None = None
    spent: int | None = None
    discount: int = 0
    multiplier: int = 100
    gift: str = ""
    id: int = 0


def every(ctx: Context) -> list[Tier]:
    """All tiers in force, the best first."""
    rows = ctx.db.execute(
        "SELECT name, level, top, spent, discount, multiplier, gift, id FROM tiers WHERE active = 1"
        " ORDER BY level, id"
    )
    return [Tier(*row) for row in rows]


def of(ctx: Context, customer_id: int) -> Tier | None:
    """The tier that a customer has now."""
    row = ctx.db.execute(
        "SELECT name, level, top, spent, discount, multiplier, gift, id FROM tiers WHERE id ="
        " (SELECT tier_id FROM members WHERE customer_id ="
        "  (SELECT kept_id FROM kept WHERE id = ?)) AND active = 1",
        (customer_id,),
    ).fetchone()
    return None if row is None else Tier(*row)


@command("loyalty.save_tier", "rewards.edit")
def save(ctx: Context, tier: Tier) -> int:
    """Write a tier, a new one or another form of a known one; its key. The next review gives it to
    customers. Raises `TierNameMissing`, `TierTaken`, `TierBad`."""
    name = " ".join(tier.name.split())
    if not 1 <= len(name) <= MOST:
        raise TierNameMissing(most=MOST)
    if (tier.top is None) == (tier.spent is None) or not (tier.top or tier.spent or 0) > 0:
        raise TierBad()
    if tier.top is not None and tier.top > money.WHOLE:
        raise BadPercent(text=percent(tier.top))
    if not 0 <= tier.discount <= money.WHOLE:
        raise DiscountBad(text=hundredths(tier.discount))
    other = ctx.db.execute("SELECT id, active FROM tiers WHERE name = ?", (name,)).fetchone()
    if other is not None and other["id"] != tier.id and other["active"]:
        raise TierTaken(name=name)
    if other is not None and tier.id and other["id"] != tier.id:
        # One that was given up makes way.
        ctx.db.execute("UPDATE tiers SET name = name || ' #' || id WHERE id = ?", (other["id"],))
    before = next((each for each in every(ctx) if each.id == tier.id), None)
    # A name that was in use once comes back with its history.
    key = tier.id or (other["id"] if other is not None else None)
    row = ctx.db.execute(
        "INSERT INTO tiers (id, name, level, top, spent, discount, multiplier, gift)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
        " level = excluded.level, top = excluded.top, spent = excluded.spent, active = 1,"
        " discount = excluded.discount, multiplier = excluded.multiplier, gift = excluded.gift"
        " RETURNING id",
        (
            key, name, tier.level, tier.top, tier.spent, tier.discount, tier.multiplier,
            tier.gift.strip(),
        ),
    ).fetchone()  # fmt: skip
    ask_for_review(ctx)
    ctx.record(f"tier {row[0]}", _told(before), _told(tier))
    ctx.changed("rewards", row[0])
    return int(row[0])


def _told(tier: Tier | None) -> dict[str, object] | None:
    if tier is None:
        return None
    return {
        "name": tier.name, "top": tier.top, "spent": tier.spent, "discount": tier.discount,
        "multiplier": tier.multiplier, "gift": tier.gift,
    }  # fmt: skip


@command("loyalty.remove_tier", "rewards.edit")
def remove(ctx: Context, tier_id: int) -> None:
    """Give a tier up: nobody has it any more from the next review on."""
    before = next((each for each in every(ctx) if each.id == tier_id), None)
    ctx.db.execute("UPDATE tiers SET active = 0 WHERE id = ?", (tier_id,))
    ask_for_review(ctx)
    ctx.record(f"tier {tier_id}", _told(before), {"active": False})
    ctx.changed("rewards", tier_id)


def ask_for_review(ctx: Context) -> None:
    """Look at all tiers again soon, though it is the same day; within a command."""
    settings.put(ctx, _REVIEWED, "")


# ── the review ────────────────────────────────────────────────────────────────────────────────────


def _stage(ctx: Context) -> str:
    """What a review was made for: another day, or another model, is a reason for the next one."""
    found = scores.chosen(ctx)
    return f"{ctx.now.astimezone().date()} {found.id if found else 0}"


def is_due(ctx: Context) -> bool:
    """Whether the tiers should be looked at: it is another day, or something about them changed."""
    return settings.stored(ctx, _REVIEWED) != _stage(ctx)


def due_at(ctx: Context) -> str | None:
    """When the tiers are to be looked at next: at once (""), or when the next day begins here."""
    if scores.chosen(ctx) is None:
        return None
    if is_due(ctx):
        return ""
    tomorrow = ctx.now.astimezone().date() + timedelta(days=1)
    return stamp(datetime.combine(tomorrow, time()).astimezone())


Given = Callable[[Context], Mapping[int, str]]
_GIVEN: list[Given] = []


def given(function: Given) -> Given:
    """Declares, in a room's module `given_tiers`, who has a tier by what is known elsewhere: the name
    of it by the customer's key."""
    _GIVEN.append(function)
    return function


def central(ctx: Context) -> frozenset[str]:
    """The names, in small letters, of tiers that are given elsewhere: this shop's own best do not
    count."""
    return frozenset(json.loads(settings.stored(ctx, _CENTRAL) or "[]"))


def set_central(ctx: Context, name: str, *, is_central: bool) -> None:
    """Let a tier be given elsewhere alone, or by this shop again; within a command."""
    names = central(ctx) - {name.casefold()} | ({name.casefold()} if is_central else set())
    settings.put(ctx, _CENTRAL, json.dumps(sorted(names)))


def _given_elsewhere(ctx: Context, tiers: Sequence[Tier]) -> dict[int, Tier]:
    rooms.load("given_tiers")
    named = {tier.name.casefold(): tier for tier in tiers}
    return {
        customer: named[name.casefold()]
        for function in _GIVEN
        for customer, name in function(ctx).items()
        if name.casefold() in named
    }


def wanted(ctx: Context, tiers: Sequence[Tier]) -> dict[int, Tier]:
    """The tier that each customer fulfils now."""
    fulfilled = _given_elsewhere(ctx, tiers)
    model = scores.chosen(ctx)
    if model is None:
        return fulfilled
    ranked = ctx.db.execute(
        "SELECT count(*) FROM standings WHERE model_id = ? AND heat > 0", (model.id,)
    ).fetchone()[0]
    spent = _spent_in_a_year(ctx, min((tier.spent for tier in tiers if tier.spent), default=None))
    elsewhere = central(ctx)
    for tier in tiers:
        if tier.name.casefold() in elsewhere:
            continue
        if tier.top is not None:
            # In the fixed order of the list, so that no tie is decided twice in two ways.
            best = ctx.db.execute(
                "SELECT customer_id FROM standings WHERE model_id = ? AND heat > 0"
                " ORDER BY -heat, customer_id LIMIT ?",
                (model.id, ceil(ranked * tier.top / 10_000)),
            )
            customers = [int(row[0]) for row in best]
        else:
            customers = [customer for customer, sum in spent.items() if sum >= (tier.spent or 0)]
        for customer in customers:
            before = fulfilled.get(customer)
            if before is None or before.level > tier.level:
                fulfilled[customer] = tier
    return fulfilled


def _spent_in_a_year(ctx: Context, least: int | None) -> dict[int, int]:
    """Rupiah of the last year, returns taken off, of all who bought for at least so much."""
    if least is None:
        return {}
    since = stamp(ctx.now - timedelta(days=YEAR))
    rows = ctx.db.execute(
        "SELECT kept_id AS customer, sum(total) AS spent FROM sales"
        " JOIN kept ON kept.id = customer_id WHERE at >= ? GROUP BY customer HAVING spent >= ?",
        (since, least),
    )
    return {int(row[0]): int(row[1]) for row in rows}


def review(ctx: Context) -> int:
    """Give each customer the tier that is due, a slice of customers a transaction; how many changed."""
    stage = _stage(ctx)
    tiers = every(ctx)
    fulfilled = wanted(ctx, tiers)
    levels = {tier.id: tier.level for tier in tiers}
    now = {
        int(row[0]): (int(row[1]), str(row[2]))
        for row in ctx.db.execute("SELECT customer_id, tier_id, since FROM members")
    }
    kept_since = stamp(ctx.now - timedelta(days=KEEP_DAYS(ctx)))
    changes: list[tuple[int, int | None]] = []
    for customer in sorted({*fulfilled, *now}):
        tier_id, since = now.get(customer, (None, ""))
        after = fulfilled.get(customer)
        if after is not None and after.id == tier_id:
            continue
        falls = tier_id in levels and (after is None or after.level > levels[tier_id])
        if falls and since > kept_since:
            continue
        changes.append((customer, after.id if after else None))

    def write(start: int, upto: int) -> None:
        for customer, tier_id in changes[start:upto]:
            ctx.db.execute(
                "INSERT INTO tier_changes (customer_id, tier_id, at)"
                # A customer merged meanwhile has given the tier to the one who is kept.
                " SELECT id, ?, ? FROM customers WHERE id = ? AND merged_into IS NULL",
                (tier_id, ctx.at, customer),
            )
            ctx.changed("customers", customer)

    slices.run(ctx, "loyalty.review_tiers", 0, len(changes), write)
    with part(ctx, "loyalty.review_tiers"):
        settings.put(ctx, _REVIEWED, stage)
        if changes:
            ctx.record("tiers", None, {"changed": len(changes)})
            ctx.changed("rewards", 0)
    return len(changes)


def keep_up(ctx: Context) -> None:
    """What is due of ranking and tiers: a model, a review. It may take seconds; it holds nobody up."""
    if scores.is_due(ctx):
        scores.choose(ctx)
    if is_due(ctx):
        review(ctx)


_MANY = 20_000


def tend(ctx: Context) -> None:
    """What is due when somebody signs in. A model for very many customers is chosen only when the
    ranking is opened: it takes some megabytes, which a counter's old PC cannot spare."""
    many = ctx.db.execute("SELECT count(*) FROM customers").fetchone()[0] > _MANY
    if not many:
        keep_up(ctx)
    elif scores.chosen(ctx) is not None and is_due(ctx):
        review(ctx)


def joined(ctx: Context, kept_id: int, gone_id: int) -> list[tuple[int, int, int | None]]:
    """Two customers became one, within a command: the customer keeps the better tier of the two.

    What was changed, for `parted`: customer, key of the change, tier of before.
    """
    had: dict[int, int] = dict(
        ctx.db.execute(
            "SELECT customer_id, tier_id FROM members WHERE customer_id IN (?, ?)",
            (kept_id, gone_id),
        ).fetchall()
    )
    better = ctx.db.execute(
        "SELECT customer_id, tier_id FROM members JOIN tiers ON tiers.id = tier_id"
        " WHERE customer_id IN (?, ?) ORDER BY level, customer_id = ? DESC LIMIT 1",
        (kept_id, gone_id, kept_id),
    ).fetchone()
    moved = []
    if better is not None and better["customer_id"] == gone_id:
        change = _give(ctx, kept_id, better["tier_id"])
        moved.append((kept_id, change, had.get(kept_id)))
    if gone_id in had:
        moved.append((gone_id, _give(ctx, gone_id, None), had[gone_id]))
    return moved


def parted(ctx: Context, moved: Sequence[tuple[int, int, int | None]]) -> None:
    """Two are two again, within a command: each has the tier of before. What a review has given since
    stays."""
    for customer, change, tier_id in moved:
        last = ctx.db.execute(
            "SELECT max(id) FROM tier_changes WHERE customer_id = ?", (customer,)
        ).fetchone()[0]
        if last == change:
            _give(ctx, customer, tier_id)


def _give(ctx: Context, customer_id: int, tier_id: int | None) -> int:
    row = ctx.db.execute(
        "INSERT INTO tier_changes (customer_id, tier_id, at) VALUES (?, ?, ?) RETURNING id",
        (customer_id, tier_id, ctx.at),
    ).fetchone()
    return int(row[0])


def names(ctx: Context, customers: Sequence[int]) -> dict[int, str]:
    """The names of the tiers that customers have now, by their keys; without those who have none."""
    rows = ctx.db.execute(
        "SELECT kept.id, name FROM kept JOIN members ON members.customer_id = kept_id"
        " JOIN tiers ON tiers.id = tier_id AND active = 1"
        " WHERE kept.id IN (SELECT value FROM json_each(?))",
        (json.dumps(customers),),
    )
    return {int(row[0]): str(row[1]) for row in rows}


def name_of(ctx: Context, customer_id: int) -> str:
    """The name of a customer's tier, "" without one."""
    return names(ctx, [customer_id]).get(customer_id, "")
