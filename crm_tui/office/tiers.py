"""The tiers that the office sets over the chain, who has which, and what branches are told of it.

    rank ─▶ standings of everybody ─▶ tier of each ─▶ a row down to each branch that knows the person,
                                                       where what it was told is another now

Branches give discounts and send SMS by themselves, to their own customers, by their own rules.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from crm_tui.clock import moment, stamp
from crm_tui.errors import N_
from crm_tui.office import ranking
from crm_tui.office.downlink import send_latest
from crm_tui.office.people import Known
from crm_tui.office.ranking import Ranked
from crm_tui.office.reading import CannotBe, ReadSide
from crm_tui.shop.gate import money
from crm_tui.shop.gate.errors import BadInput

KEEP_DAYS = 90
"""So long a tier is kept though it is no longer fulfilled."""
_MOST_NAME = 40


class TierBad(BadInput):
    text = N_(
        "A tier has a name of 1 to 40 characters, and either a share of the best (--top 0.01 to 100) or"
        " rupiah of a year (--spent)."
    )


class TierUnknown(BadInput):
    text = N_("The office has no tier called {name}. There are: {names}.")


@dataclass(frozen=True)
class Tier:
    """As a shop's (`shop.loyalty.tiers`): `top`, `discount` and `multiplier` in hundredths of a percent
    and hundredths; exactly one of `top` and `spent` is set."""

    name: str
    level: int
    top: int | None = None
    spent: int | None = None
    discount: int = 0
    multiplier: int = 100
    gift: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a ranking led to: people ranked, people whose tier is another now, rows sent down."""

    ranked: int
    changed: int
    sent: int


# ── tiers ─────────────────────────────────────────────────────────────────────────────────────────


def tiers(office: ReadSide) -> list[Tier]:
    """Those that are in use, the highest first."""
    rows = office.ask(
        "SELECT name, level, top, spent, discount, multiplier, gift FROM crm.chain_tiers WHERE active"
        " ORDER BY level, name"
    )
    return [Tier(*row) for row in rows]


def set_tier(office: ReadSide, tier: Tier) -> None:
    """Make or change a tier of all branches. Raises `TierBad`."""
    shares = (tier.discount, tier.top or 1)
    if (
        not 0 < len(tier.name.strip()) <= _MOST_NAME
        or (tier.top is None) is (tier.spent is None)
        or not all(0 <= each <= money.WHOLE for each in shares)
        or not 0 <= tier.multiplier <= money.WHOLE
        or (tier.spent is not None and tier.spent <= 0)
        or (tier.top is not None and tier.top <= 0)
    ):
        raise TierBad()
    with office.writing():
        office.ask_nothing(
            "INSERT INTO crm.chain_tiers (name, level, top, spent, discount, multiplier, gift)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (name) DO UPDATE SET"
            " level = excluded.level, top = excluded.top, spent = excluded.spent, active = true,"
            " discount = excluded.discount, multiplier = excluded.multiplier, gift = excluded.gift",
            (tier.name.strip(), tier.level, tier.top, tier.spent, tier.discount, tier.multiplier,
             tier.gift.strip()),
        )  # fmt: skip
        _tell_tier(office, tier, active=True)


def drop_tier(office: ReadSide, name: str) -> None:
    """Give a tier up: nobody has it any more from the next ranking on. Raises `TierUnknown`."""
    known = {each.name.casefold(): each for each in tiers(office)}
    tier = known.get(name.strip().casefold())
    if tier is None:
        names = ", ".join(each.name for each in known.values())
        raise TierUnknown(name=name, names=names or "–")
    with office.writing():
        office.ask_nothing(
            "UPDATE crm.chain_tiers SET active = false WHERE name = %s", (tier.name,)
        )
        _tell_tier(office, tier, active=False)


def _tell_tier(office: ReadSide, tier: Tier, *, active: bool) -> None:
    body = {
        "name": tier.name.strip(), "level": tier.level, "top": tier.top, "spent": tier.spent,
        "discount": tier.discount, "multiplier": tier.multiplier, "gift": tier.gift.strip(),
        "active": active,
    }  # fmt: skip
    send_latest(office, None, "tier", tier.name.strip(), body)


# ── who has which ─────────────────────────────────────────────────────────────────────────────────


def fulfilled(found: Ranked, wanted: Sequence[Tier]) -> dict[int, Tier]:
    """The highest tier that each person fulfils now."""
    hot = [person for person in found.order if found.heats[person] > 0]
    chosen: dict[int, Tier] = {}
    for tier in wanted:
        if tier.top is not None:
            theirs = hot[: ceil(len(hot) * tier.top / money.WHOLE)]
        else:
            theirs = [person for person in hot if found.year.get(person, 0) >= (tier.spent or 0)]
        for person in theirs:
            chosen.setdefault(person, tier)
    return chosen


@dataclass(frozen=True)
class _Before:
    """What a customer's branch was told last."""

    tier: str
    since: str
    told: Mapping[str, Any] | None


def rank(office: ReadSide) -> Outcome:
    """Rank everybody, give each the tier that is due, and tell the branches what is another now."""
    with office.reading():
        ranked = ranking.ranked(office)
        wanted = tiers(office)
        points = _points(office)
        before = {
            (row[0], row[1]): _Before(row[2], row[3], json.loads(row[4]) if row[4] else None)
            for row in office.ask("SELECT branch, customer, tier, since, told FROM crm.standings")
        }
    due = fulfilled(ranked, wanted)
    changed = 0
    rows: list[tuple[Known, _Before, Mapping[str, Any]]] = []
    ranks = {person: rank for rank, person in enumerate(ranked.order, start=1)}
    # Those who have a tier, too, though all they bought came back.
    for person in sorted(
        {*ranked.order, *(ranked.people.of.get(each, -1) for each in before)} - {-1}
    ):
        theirs = ranked.people.customers[person]
        kept = _kept([before[each] for each in theirs if each in before], wanted, office.now)
        after = due.get(person)
        if kept is not None and (after is None or after.level >= kept[0].level):
            tier, since = kept[0].name, kept[1]
        else:
            tier, since = (after.name if after else ""), stamp(office.now)
        had = {before[each].tier for each in theirs if each in before} - {""}
        if had == {tier}:
            since = max(before[each].since for each in theirs if each in before)
        changed += had != ({tier} if tier else set())
        if not tier and not had and len({branch for branch, _ in theirs}) == 1:
            # Known in one branch alone, which ranks its customers itself.
            continue
        for known in theirs:
            body = _told(ranked, person, known, tier, ranks.get(person), points)
            rows.append(
                (known, _Before(tier, since, before[known].told if known in before else None), body)
            )
    with office.writing():
        sent = sum(_tell(office, *row) for row in rows)
    return Outcome(len(ranked.order), changed, sent)


def _kept(had: Sequence[_Before], wanted: Sequence[Tier], now: datetime) -> tuple[Tier, str] | None:
    """The highest tier that somebody had lately enough to keep it."""
    by_name = {tier.name: tier for tier in wanted}
    least = now - timedelta(days=KEEP_DAYS)
    lately = [
        (by_name[each.tier], each.since)
        for each in had
        if each.tier in by_name and moment(each.since) > least
    ]
    return min(lately, key=lambda each: (each[0].level, each[1]), default=None)


def _told(
    found: Ranked, person: int, known: Known, tier: str, rank: int | None,
    points: Mapping[Known, int],
) -> Mapping[str, Any]:  # fmt: skip
    """What a branch is told of a person; "elsewhere" is in all other branches."""
    others = [each for each in found.people.customers[person] if each[0] != known[0]]
    bought = [found.at[each] for each in others if each in found.at]
    return {
        "customer": known[1], "phones": list(found.people.phones.get(person, ())), "tier": tier or None,
        "spent_elsewhere": sum(each.spent for each in bought),
        "purchases_elsewhere": sum(each.sales for each in bought),
        "points_elsewhere": sum(points.get(each, 0) for each in others),
        "rank": rank, "ranked": len(found.order),
        "score": found.score(person) if person in found.heats else 0,
    }  # fmt: skip


_MOVES = ("rank", "ranked", "score")
"""They are another every day, and no reason by themselves to tell a branch anew."""


def _tell(office: ReadSide, known: Known, now: _Before, body: Mapping[str, Any]) -> bool:
    """Note what a person has, and tell the branch if it was told something else; whether it was."""
    told = {key: value for key, value in body.items() if key not in _MOVES}
    again = told != now.told
    office.ask_nothing(
        "INSERT INTO crm.standings (branch, customer, tier, since, told) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (branch, customer) DO UPDATE SET tier = excluded.tier, since = excluded.since,"
        " told = excluded.told",
        (*known, now.tier, now.since, json.dumps(told)),
    )
    if again:
        body = {**body, "as_of": stamp(office.now)}
        send_latest(office, known[0], "standing", str(known[1]), body)
    return again


_POINTS = (
    "SELECT kept_id, sum(points) FROM point_lots JOIN point_moves ON lot_id = point_lots.id"
    " JOIN kept ON kept.id = customer_id WHERE expires_at IS NULL OR expires_at > :moment"
    " GROUP BY kept_id"
)


def _points(office: ReadSide) -> dict[Known, int]:
    """The points of each customer that are still good."""
    found: dict[Known, int] = {}
    for branch in office.branches():
        try:
            with office.apart():
                there = office.context(branch)
                rows = there.db.execute(_POINTS, {"moment": there.at}).fetchall()
        except CannotBe:
            # What one has sent with which nobody can compute holds up no other.
            continue
        found |= {(branch.id, customer): points for customer, points in rows}
    return found
