"""Promos over the chain: who is meant, and which branch writes to whom, by its own rules."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from crm_tui.clock import moment, stamp
from crm_tui.errors import N_
from crm_tui.office import ranking
from crm_tui.office.central import CentralItemUnknown
from crm_tui.office.downlink import send
from crm_tui.office.people import PRESENT, Known
from crm_tui.office.ranking import Ranked
from crm_tui.office.reading import Branch, ReadSide
from crm_tui.office.tiers import TierUnknown, tiers
from crm_tui.reading.entries import code_key
from crm_tui.shop.gate import money
from crm_tui.shop.gate.errors import BadInput
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.promos.campaigns import Draft, checked
from crm_tui.text import day_and_time


class NoText(BadInput):
    text = N_("Say with --text what the promo says.")


class PromoThere(BadInput):
    text = N_(
        "A promo {name} went to the branches already, on {at}. Give this one another name, so that they"
        " are not taken for each other."
    )


class Nobody(BadInput):
    text = N_(
        "The audience holds nobody in the chain who may be written to. Nothing was sent down."
    )


@dataclass(frozen=True)
class Promo:
    """A promo over the chain: to the best `top` (hundredths of a percent) of the ranking, or to those
    of a tier. `items`: codes with the discount in hundredths of a percent."""

    name: str
    text: str
    top: int | None = None
    tier: str = ""
    days: int = 7
    items: tuple[tuple[str, int], ...] = ()


def promote(office: ReadSide, promo: Promo) -> Mapping[str, int]:
    """Choose who is written to, each by one branch alone: the one where the person bought for most and
    never said STOP; the branches get it as a draft. How many people by branch. Raises `NoText`,
    `PromoThere`, `BadInput`, `CentralItemUnknown`, `TierUnknown`, `Nobody`."""
    _check(office, promo)
    if promo.tier and promo.tier not in {tier.name for tier in tiers(office)}:
        names = ", ".join(tier.name for tier in tiers(office))
        raise TierUnknown(name=promo.tier, names=names or "–")
    with office.reading():
        found = ranking.ranked(office)
        # In one that closes the draft would lie till its end.
        open_ones = "SELECT branch FROM crm.branches WHERE closed_at IS NULL AND closing_at IS NULL"
        still = {row["branch"] for row in office.ask(open_ones)}
        branches = {branch.id: branch for branch in office.branches() if branch.id in still}
        meant = dict(_meant(office, promo, found, branches))
    by_branch: dict[int, list[int]] = {}
    for branch, customer in meant.values():
        by_branch.setdefault(branch, []).append(customer)
    if not meant:
        raise Nobody()
    body = {
        "name": promo.name, "kind": _kind(promo), "text": promo.text,
        "days": promo.days, "items": [{"code": code, "part": part} for code, part in promo.items],
        "decided_at": stamp(office.now),
    }  # fmt: skip
    with office.writing():
        number = office.ask(
            "INSERT INTO crm.chain_promos (actor, body, people) VALUES (%s, %s, %s) RETURNING number",
            (office.actor.name, json.dumps(body), len(meant)),
        )[0][0]
        for branch, customers in sorted(by_branch.items()):
            send(office, branch, "promo", str(number), {**body, "customers": sorted(customers)})
    return {
        branches[branch].name: len(customers) for branch, customers in sorted(by_branch.items())
    }


def _kind(promo: Promo) -> str:
    return "discount" if any(part for _, part in promo.items) else "text"


def _check(office: ReadSide, promo: Promo) -> None:
    """Refuse what no branch could send: there it would lie aside, and here nobody would know."""
    if not promo.text.strip():
        raise NoText()
    items = tuple((0, part) for _, part in promo.items)
    checked(Draft(promo.name, _kind(promo), promo.text, Audience(), items, promo.days))
    before = office.ask(
        "SELECT max(at) FROM crm.chain_promos WHERE lower(trim(body::jsonb ->> 'name')) = lower(%s)",
        (promo.name.strip(),),
    )[0][0]
    if before is not None:
        raise PromoThere(name=promo.name.strip(), at=day_and_time(moment(before)))
    for code, _ in promo.items:
        known = "SELECT 1 FROM crm.items WHERE code_key = %s AND NOT gone LIMIT 1"
        if not office.ask(known, (code_key(code),)):
            raise CentralItemUnknown(code=code)


def _meant(
    office: ReadSide, promo: Promo, standings: Ranked, branches: Mapping[int, Branch]
) -> Iterator[tuple[int, Known]]:
    """Each person with the customer as whom they are written to. A STOP in any branch counts in all."""
    rows = office.ask(
        "SELECT branch, id, consent, active, merged_into, (SELECT tier FROM crm.standings AS s"  # noqa: S608 - ours
        f" WHERE s.branch = c.branch AND s.customer = c.id) AS tier FROM crm.customers AS c {PRESENT}"
    )
    states = {(row[0], row[1]): row for row in rows}
    hot = [person for person in standings.order if standings.heats[person] > 0]
    if promo.top is not None:
        hot = hot[: ceil(len(hot) * promo.top / money.WHOLE)]
    for person in hot:
        theirs = [each for each in standings.people.customers[person] if each in states]
        if promo.tier and promo.tier not in {states[each]["tier"] for each in theirs}:
            continue
        if any(states[each]["consent"] == "stopped" for each in theirs):
            continue
        place = {branch: at for at, branch in enumerate(standings.where(person))}
        able = [
            each
            for each in theirs
            if each[0] in branches
            and states[each]["active"] == 1
            and states[each]["merged_into"] is None
        ]
        best = min(able, key=lambda each: (place.get(each[0], len(place)), each), default=None)
        if best is not None:
            yield person, best
