"""People as the head office knows them: numbers that are one person, the standing in all branches.

The head office links people and rewrites no branch's rows; what it says is taken here by the
branch's own commands, so that it is in the audit and can be taken back.
"""

import json
from collections.abc import Mapping
from typing import Any

from crm_tui.errors import N_
from crm_tui.shop.branches.keys import moment, number, text
from crm_tui.shop.customers import merging
from crm_tui.shop.customers import people as customers
from crm_tui.shop.gate.context import CHAIN, Context
from crm_tui.shop.gate.errors import RuleBroken

MOST_PHONES = 50


class CannotPart(RuleBroken):
    text = N_(
        "The head office says that {phone} and {other} are two people; here they are one customer,"
        " merged by the staff. Look at that customer."
    )


def person(ctx: Context, body: Mapping[str, Any]) -> None:
    """One person's numbers and name, within a command. Of two customers here who are that person one
    is made; those whom the head office merged, and takes apart, are parted. Raises `CannotPart`.

    `{"person", "version", "phones": […], "name", "address"}`
    """
    who, version = text(body, "person", 60), number(body["version"])
    phones = body["phones"]
    if not isinstance(phones, list) or len(phones) > MOST_PHONES:
        raise ValueError("phones")
    known = ctx.db.execute(
        "SELECT max(version) FROM people_elsewhere WHERE person = ?", (who,)
    ).fetchone()[0]
    if known is not None and known >= version:
        return
    before = [
        row[0]
        for row in ctx.db.execute("SELECT phone FROM people_elsewhere WHERE person = ?", (who,))
    ]
    ctx.db.execute("DELETE FROM people_elsewhere WHERE person = ?", (who,))
    for phone in phones:
        ctx.db.execute(
            "INSERT INTO people_elsewhere VALUES (?, ?, ?)", (who, version, str(phone)[:20])
        )
    for phone in before:
        if phone not in phones:
            _part(ctx, phone, phones)
    _join(ctx, phones)
    _fill(ctx, phones, text(body, "name", default=""), text(body, "address", default=""))


def _here(ctx: Context, phones: list[str]) -> list[int]:
    """The customers here with these numbers, the oldest first."""
    rows = ctx.db.execute(
        "SELECT DISTINCT customer_id FROM phones WHERE number IN (SELECT value FROM json_each(?))"
        " ORDER BY customer_id",
        (json.dumps(phones),),
    )
    return [int(row[0]) for row in rows]


def _join(ctx: Context, phones: list[str]) -> None:
    here = _here(ctx, phones)
    for other in here[1:]:
        merging.merge(ctx, here[0], other)


def _part(ctx: Context, phone: str, others: list[str]) -> None:
    one = customers.by_phone(ctx, phone)
    if one is None or one.id not in _here(ctx, others):
        return
    steps = ctx.db.execute(
        "SELECT id, data FROM undo_steps WHERE kind = 'merge' AND actor = ? AND done_at IS NULL"
        " AND data <> '' ORDER BY id DESC",
        (CHAIN.name,),
    ).fetchall()
    for step in steps:
        data = json.loads(step["data"])
        if data["kept"] == one.id and phone in data["phones"]:
            merging.unmerge(ctx, data)
            ctx.db.execute("UPDATE undo_steps SET done_at = ? WHERE id = ?", (ctx.at, step["id"]))
            ctx.record(f"customer {one.id}", None, {"parted": data["gone"]})
            return
    raise CannotPart(phone=phone, other=next(iter(others), ""))


def _fill(ctx: Context, phones: list[str], name: str, address: str) -> None:
    """What the branch wrote itself stays; what it does not know is filled in."""
    for customer_id in _here(ctx, phones)[:1]:
        before = customers.by_id(ctx, customer_id)
        after = before.name or name, before.address or address
        if after != (before.name, before.address):
            ctx.db.execute(
                "UPDATE customers SET name = ?, address = ? WHERE id = ?", (*after, customer_id)
            )
            ctx.record(
                f"customer {customer_id}", {"name": before.name, "address": before.address},
                {"name": after[0], "address": after[1]},
            )  # fmt: skip
        ctx.changed("customers", customer_id)


def standing(ctx: Context, body: Mapping[str, Any]) -> None:
    """A person's tier and rupiah in all branches, within a command; of two the later one counts.

    `{"phones": […], "tier": name or None, "spent_elsewhere", "as_of"}`
    """
    at, tier = moment(body["as_of"]), text(body, "tier", 60, "")
    spent = number(body.get("spent_elsewhere", 0))
    for phone in body["phones"][:MOST_PHONES]:
        ctx.db.execute(
            "INSERT INTO standings_elsewhere VALUES (?, ?, ?, ?) ON CONFLICT (phone) DO UPDATE SET"
            " tier = excluded.tier, spent = excluded.spent, at = excluded.at WHERE excluded.at >= at",
            (str(phone)[:20], tier, spent, at),
        )
    for customer_id in _here(ctx, body["phones"]):
        ctx.changed("customers", customer_id)


def points(ctx: Context, body: Mapping[str, Any]) -> None:
    """Points of a number in another branch, within a command; of two the later one counts.

    `{"branch", "phone", "points", "at"}`
    """
    at, phone = moment(body["at"]), text(body, "phone", 20)
    ctx.db.execute(
        "INSERT INTO points_elsewhere VALUES (?, ?, ?, ?) ON CONFLICT (branch, phone) DO UPDATE SET"
        " points = excluded.points, at = excluded.at WHERE excluded.at >= at",
        (number(body["branch"], 1), phone, number(body["points"]), at),
    )
    for customer_id in _here(ctx, [phone]):
        ctx.changed("customers", customer_id)
