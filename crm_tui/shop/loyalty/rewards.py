"""Reward periods: the ranked list of a day, frozen with tiers and gifts, printed, and handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm_tui.errors import N_
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput, RuleBroken
from crm_tui.shop.loyalty import ranking_table, scores, tiers
from crm_tui.text import one_line, rupiah

MOST_NAME = 60


class PeriodNameMissing(BadInput):
    text = N_("The list needs a name of at most {most} characters.")


class NobodyRanked(RuleBroken):
    text = N_("Nobody is ranked yet: there is no list to save.")


class GiftGiven(RuleBroken):
    text = N_("{name} has had it already.")


@dataclass(frozen=True)
class Entry:
    """A line of a frozen list, as it was that day."""

    rank: int
    customer_id: int
    name: str
    phone: str
    tier: str
    gift: str
    score: float
    spent: int


def entries(ctx: Context, period_id: int) -> list[Entry]:
    """The lines of a frozen list, the best first."""
    rows = ctx.db.execute(
        "SELECT rank, customer_id, name, phone, tier, gift, score, spent"
        " FROM reward_entries WHERE period_id = ? ORDER BY rank",
        (period_id,),
    )
    return [Entry(*row) for row in rows]


def current(ctx: Context) -> list[Entry]:
    """The list as it would be frozen now: everybody who has a tier, by rank."""
    chosen = scores.chosen(ctx)
    if chosen is None:
        return []
    today = ctx.now.astimezone().date().toordinal()
    gifts = {tier.id: tier for tier in tiers.every(ctx)}
    rows = ctx.db.execute(
        "SELECT standings.customer_id, customers.name, heat, spent, tier_id,"  # noqa: S608 - ours
        f" {ranking_table.PHONE} AS phone"
        " FROM members CROSS JOIN standings ON standings.customer_id = members.customer_id"
        " AND model_id = :model JOIN customers ON customers.id = members.customer_id"
        " JOIN buyers ON buyers.customer_id = members.customer_id"
        " WHERE tier_id IN (SELECT id FROM tiers WHERE active = 1) ORDER BY -heat, members.customer_id",
        {"model": chosen.id},
    )
    return [
        Entry(
            place, row["customer_id"], row["name"], row["phone"], gifts[row["tier_id"]].name,
            gifts[row["tier_id"]].gift, chosen.model.score(row["heat"], today), row["spent"],
        )
        for place, row in enumerate(rows, start=1)
    ]  # fmt: skip


@command("loyalty.freeze", "rewards.edit")
def freeze(ctx: Context, name: str) -> int:
    """Keep the list of everybody who has a tier as it is now; its key. Raises `NobodyRanked`."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= MOST_NAME:
        raise PeriodNameMissing(most=MOST_NAME)
    ranked = current(ctx)
    if not ranked:
        raise NobodyRanked()
    row = ctx.db.execute(
        "INSERT INTO reward_periods (name, last_day, at, actor) VALUES (?, ?, ?, ?) RETURNING id",
        (name, ctx.now.astimezone().date().isoformat(), ctx.at, ctx.actor.name),
    ).fetchone()
    ctx.db.conn.executemany(
        "INSERT INTO reward_entries (period_id, rank, customer_id, name, phone, tier, gift, score,"
        " spent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (row[0], entry.rank, entry.customer_id, entry.name, entry.phone, entry.tier, entry.gift,
             entry.score, entry.spent)
            for entry in ranked
        ),
    )  # fmt: skip
    ctx.record(f"rewards {row[0]}", None, {"name": name, "customers": len(ranked)})
    ctx.changed("rewards", row[0])
    return int(row[0])


@command("loyalty.give_reward", "customers.edit")
def give(ctx: Context, period_id: int, rank: int) -> None:
    """The gift of a line was handed out. Raises `GiftGiven` if it was already."""
    row = ctx.db.execute(
        "UPDATE reward_entries SET given_at = ?, given_by = ? WHERE period_id = ? AND rank = ?"
        " AND given_at IS NULL RETURNING name, gift",
        (ctx.at, ctx.actor.name, period_id, rank),
    ).fetchone()
    if row is None:
        name = ctx.db.execute(
            "SELECT name FROM reward_entries WHERE period_id = ? AND rank = ?", (period_id, rank)
        ).fetchone()[0]
        raise GiftGiven(name=name)
    ctx.record(
        f"rewards {period_id}", None, {"rank": rank, "name": row["name"], "gift": row["gift"]}
    )
    ctx.changed("rewards", period_id)


WIDE = 79


def printed(shop: str, name: str, last_day: str, lines: Sequence[Entry]) -> str:
    """A frozen list as text for paper, with a place to sign. Customers' lists are Indonesian."""
    day = date.fromisoformat(last_day)
    head = f"{'No':>4}  {'Pelanggan':<24} {'Nomor':<15} {'Tingkat':<10} {'Belanja':>14}  Paraf"
    text = [shop, f"Daftar hadiah: {name}", f"Per {day:%d/%m/%Y}", "", head, "-" * WIDE]
    for entry in lines:
        customer = one_line(entry.name or entry.phone, 24)
        text.append(
            f"{entry.rank:>4}  {customer:<24} {entry.phone:<15} {one_line(entry.tier, 10):<10}"
            f" {rupiah(entry.spent):>14}  ____"
        )
        if entry.gift:
            text.append(f"{'':>6}{one_line(entry.gift, WIDE - 6)}")
    return "\n".join([*text, "-" * WIDE, f"{len(lines)} pelanggan"])
