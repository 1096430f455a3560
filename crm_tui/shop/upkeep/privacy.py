"""One customer's data: handed out, or erased, as the customer asks (UU PDP 27/2022).

    customer ─▶ those merged into them ─▶ every table that names them, their orders, sales or SMS

The books stay: sales, payments, points, orders, and the audit, which may not be changed. What names the
person in them goes with the customer's row and numbers; what the audit has written down before stays
there, and so does what backups hold until they are replaced (`erasing_again`).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from crm_tui import archive
from crm_tui.errors import N_
from crm_tui.shop.customers import people
from crm_tui.shop.gate import folder, undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.messages import outbox, text_retention
from crm_tui.shop.upkeep import leavings, redaction
from crm_tui.shop.upkeep.tables import SECRET, TABLES
from crm_tui.text import thousands

_BY_NUMBER = ("stops", "points_elsewhere", "standings_elsewhere", "grants")
"""Tables that know a person by the number alone."""
_GOES = ("talks", "questions", "quotes", "waiting_list", "standings")
"""Tables whose rows of a customer are deleted: nothing in the books stands on them."""


_THE_SHOPS = frozenset({"sale_lines.cost", "stock_moves.cost"})
"""What a customer's own rows say of nobody but the shop."""


class CustomerStillOpen(RuleBroken):
    text = N_(
        "Something is still open with this customer: orders {orders}, owed Rp{due}, sales put aside "
        "{parked}, SMS on their way {messages}. Settle it first."
    )


@command("upkeep.hand_out", "customers.erase")
def hand_out(ctx: Context, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    """All rows that the shop keeps of a customer, by table, as JSON takes them. Raises
    `CustomerUnknown`."""
    kept = people.by_id(ctx, customer_id).id
    found = {name: list(rows) for name, rows in _tables(ctx, kept) if rows}
    ctx.record(f"customer {kept}", None, {"handed out": sum(map(len, found.values()))})
    ctx.changed("customers", kept)
    return found


def hand_out_file(ctx: Context, customer_id: int) -> Path:
    """The same, as JSON in the shop's folder of exports, for its owner's eyes alone; which file. Raises
    `CustomerUnknown`, `FileUnwritable`."""
    found = hand_out(ctx, customer_id)
    name = f"{leavings.HANDED_OUT}{customer_id}-{ctx.now.astimezone():%Y%m%d-%H%M%S}.json"
    return folder.save(ctx, name, written(found))


def written(found: Mapping[str, list[dict[str, Any]]]) -> str:
    """As a file has it. Escapes keep it plain ASCII: no terminal obeys what a stranger wrote."""
    return json.dumps(found, indent=1)


def _tables(ctx: Context, customer_id: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    named = {"customers": family_of(ctx, customer_id), "messages": _messages(ctx, customer_id)}
    numbers = _called(ctx, named["customers"])[1]
    # Points first: those that moved without a sale are the customer's, too.
    for parent in ("point_lots", "orders", "sales"):
        named[parent] = _keys(ctx, parent, "customer_id", named["customers"])
    for name in TABLES:
        if name == "audit":
            subjects = [f"customer {each}" for each in named["customers"]]
            yield name, _rows(ctx, name, "subject", subjects)
        elif name == "lost_sales":
            yield name, _rows(ctx, name, "id", _asked_in_vain(ctx, named))
        elif name in named:
            yield name, _rows(ctx, name, "id", named[name])
        elif column := _names(ctx, name, named):
            yield name, _rows(ctx, name, *column)
        elif name in _BY_NUMBER:
            yield name, _rows(ctx, name, "phone", numbers)


def _asked_in_vain(ctx: Context, named: Mapping[str, list[int]]) -> list[int]:
    """What they asked for: by the SMS, where it was one. The customer in the row is who that was then,
    and may have been taken apart from somebody since."""
    rows = ctx.db.execute(
        "SELECT id FROM lost_sales WHERE CASE WHEN message_id IS NULL"
        " THEN customer_id IN (SELECT value FROM json_each(?))"
        " ELSE message_id IN (SELECT value FROM json_each(?)) END ORDER BY id",
        (json.dumps(named["customers"]), json.dumps(named["messages"])),
    )
    return [int(row[0]) for row in rows]


def _names(
    ctx: Context, table: str, named: Mapping[str, list[int]]
) -> tuple[str, list[int]] | None:
    """The column by which a table belongs to a customer, and the keys in it: of the customer, or of
    what is the customer's."""
    keys = {
        row["table"]: row["from"]
        for row in ctx.db.execute(f"PRAGMA foreign_key_list({table})").fetchall()
    }
    parent = next((each for each in named if each in keys), None)
    return None if parent is None else (keys[parent], named[parent])


def _rows(ctx: Context, table: str, column: str, keys: list[Any]) -> list[dict[str, Any]]:
    # Of two columns of one name the later one counts.
    text = f", {archive.TEXT} AS text" if table == "messages" else ""
    found = ctx.db.execute(
        f"SELECT *{text} FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))",  # noqa: S608
        (json.dumps(keys),),
    )
    names = [each[0] for each in found.description]
    rows = (dict(zip(names, tuple(row), strict=True)) for row in found.fetchall())
    return [
        {
            name: value.hex() if isinstance(value, bytes) else value
            for name, value in row.items() if f"{table}.{name}" not in SECRET | _THE_SHOPS
        }
        for row in rows
    ]  # fmt: skip


def _keys(ctx: Context, table: str, column: str, keys: list[int]) -> list[int]:
    rows = ctx.db.execute(
        f"SELECT id FROM {table} WHERE {column} IN (SELECT value FROM json_each(?)) ORDER BY id",  # noqa: S608
        (json.dumps(keys),),
    )
    return [int(row[0]) for row in rows]


def family_of(ctx: Context, customer_id: int) -> list[int]:
    """All that are one person with a customer, merged or not; none if there is no such customer."""
    rows = ctx.db.execute(f"SELECT id FROM customers WHERE id IN {people.FAMILY}",  # noqa: S608
                          {"customer": customer_id})  # fmt: skip
    return [int(row[0]) for row in rows]


def _messages(ctx: Context, customer_id: int) -> list[int]:
    """Theirs, and those of their numbers from before anybody knew whose they were."""
    rows = ctx.db.execute(
        f"SELECT id FROM messages WHERE customer_id IN {people.FAMILY} OR phone IN"  # noqa: S608
        f" (SELECT number FROM phones WHERE customer_id IN {people.FAMILY}) ORDER BY id",
        {"customer": customer_id},
    )
    return [int(row[0]) for row in rows]


@command("upkeep.erase", "customers.erase")
def erase(ctx: Context, customer_id: int) -> None:
    """Take away for good all that says who a customer is, and what they wrote and were written; the
    books go on without the name. Raises `CustomerUnknown`, `CustomerStillOpen`, `ArchiveProblem`."""
    assert ctx.work is not None, "a command has its transaction"
    ctx.work.after.append(lambda: leavings.go(ctx))
    erase_at_once(ctx, customer_id)


def erase_at_once(ctx: Context, customer_id: int) -> None:
    """The same, within a command. Nothing is changed but SMS called off where it raises."""
    kept = people.by_id(ctx, customer_id).id
    family, messages = family_of(ctx, kept), _messages(ctx, kept)
    outbox.cancel(ctx, messages)
    _refuse_open(ctx, family, messages)
    names, numbers = _called(ctx, family)
    _erase_texts(ctx, messages, numbers)
    names_before, numbers_before = redaction.called_before(ctx, family)
    names, numbers = [*names, *names_before], [*numbers, *numbers_before]
    keys = {"keys": json.dumps(family)}
    mine = "customer_id IN (SELECT value FROM json_each(:keys))"
    for table in _GOES:
        ctx.db.execute(f"DELETE FROM {table} WHERE {mine}", keys)  # noqa: S608 - ours
    ctx.db.execute(f"UPDATE orders SET phone = '' WHERE {mine}", keys)  # noqa: S608
    ctx.db.execute(f"UPDATE reward_entries SET name = '', phone = '' WHERE {mine}", keys)  # noqa: S608
    ctx.db.execute(f"UPDATE promo_people SET phone = '' WHERE {mine}", keys)  # noqa: S608
    for step in _steps(ctx, family, [*names, *numbers]):
        undo.forget(ctx, step)
    for each in family:
        people.write_consent(ctx, each, "stopped", "erased")
        ctx.changed("customers", each)
    _forget_elsewhere(ctx, mine, keys)
    ctx.db.execute(f"DELETE FROM phones WHERE {mine}", keys)  # noqa: S608 - ours
    ctx.db.execute(
        "UPDATE customers SET name = '', address = '', notes = '', own_name = 0, active = 0,"
        " credit_limit = NULL WHERE id IN (SELECT value FROM json_each(:keys))",
        keys,
    )
    # Last, for it takes out what was written above, too.
    redaction.blot(ctx, family, names, numbers)
    ctx.record(f"customer {kept}", None, {"erased": True, "messages": len(messages)})


def _called(ctx: Context, family: list[int]) -> tuple[list[str], list[str]]:
    """Their names and numbers."""
    keys = (json.dumps(family),)
    mine = "IN (SELECT value FROM json_each(?))"
    names = ctx.db.execute(f"SELECT name FROM customers WHERE name <> '' AND id {mine}", keys)  # noqa: S608
    numbers = ctx.db.execute(f"SELECT number FROM phones WHERE customer_id {mine}", keys)  # noqa: S608
    return [str(row[0]) for row in names.fetchall()], [str(row[0]) for row in numbers.fetchall()]


def _forget_elsewhere(ctx: Context, mine: str, keys: dict[str, str]) -> None:
    """What is known of the numbers in other branches."""
    numbers = f"phone IN (SELECT number FROM phones WHERE {mine})"  # noqa: S608 - ours
    for table in ("stops", "points_elsewhere", "standings_elsewhere"):
        ctx.db.execute(f"DELETE FROM {table} WHERE {numbers}", keys)  # noqa: S608 - ours
    for table, whose in (("grant_requests", mine), ("point_arrivals", mine), ("grants", numbers)):
        ctx.db.execute(f"UPDATE {table} SET phone = '' WHERE {whose}", keys)  # noqa: S608 - ours


def _refuse_open(ctx: Context, family: list[int], messages: list[int]) -> None:
    mine = "customer_id IN (SELECT value FROM json_each(:keys))"
    keys = {"keys": json.dumps(family), "messages": json.dumps(messages)}
    orders, due, parked, underway = ctx.db.execute(
        f"SELECT (SELECT count(*) FROM orders WHERE {mine} AND status IN ('waiting', 'confirmed')),"  # noqa: S608
        f" (SELECT coalesce(sum(due), 0) FROM dues WHERE {mine}),"
        f" (SELECT count(*) FROM parked_sales WHERE {mine})"
        f" + (SELECT count(*) FROM open_sales WHERE {mine}),"
        " (SELECT count(*) FROM messages WHERE id IN (SELECT value FROM json_each(:messages))"
        f"  AND (status IN {outbox.UNSENT_SQL} OR status = 'in_doubt' AND not_before"
        "  IS NOT NULL))",
        keys,
    ).fetchone()
    if orders or due or parked or underway:
        raise CustomerStillOpen(orders=orders, due=thousands(due), parked=parked, messages=underway)


def _erase_texts(ctx: Context, messages: list[int], numbers: list[str]) -> None:
    with ExitStack() as stack:
        if archive.beside(ctx.store.path).exists():
            file = stack.enter_context(archive.writing(ctx.store.path))
            text_retention.delete(file, messages)
            redaction.over_the_line(file, numbers)
        text_retention.reduce(ctx, messages)
        redaction.over_the_line(ctx.db.conn, numbers)
    ctx.db.execute(
        "UPDATE messages SET phone = '', reachable = 0, status = CASE WHEN direction = 'in' THEN 'done'"
        " ELSE status END, status_at = ? WHERE id IN (SELECT value FROM json_each(?))",
        (ctx.at, json.dumps(messages)),
    )
    for each in messages:
        ctx.changed("messages", each)


def _steps(ctx: Context, family: list[int], said: list[str]) -> list[int]:
    """Steps that could bring one of them back, or tell of them: what they hold goes, too."""
    found = []
    for row in ctx.db.execute(
        "SELECT id, kind, label, data FROM undo_steps WHERE data <> ''"
    ).fetchall():
        data = json.loads(row["data"])
        keys = {data.get("kept"), data.get("gone")} if row["kind"] == "merge" else set()
        if data.get("topic") == "customers":
            keys.add(data.get("id"))
        text = row["label"] + json.dumps(data, ensure_ascii=False)
        if keys & set(family) or any(each in text for each in said):
            found.append(int(row["id"]))
    return found
