"""Keeping customers: added, changed, their numbers, put away."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crm_tui import sqlite
from crm_tui.clock import stamp
from crm_tui.shop.customers import people
from crm_tui.shop.customers.errors import CustomerUnknown, LastPhone, PhoneTaken
from crm_tui.shop.gate import access, settings, undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import PersonNameMissing
from crm_tui.shop.gate.phones import checked
from crm_tui.shop.messages import noticing, replies

MOST_NAME, MOST_ADDRESS, MOST_NOTES = 80, 200, 1000


@dataclass(frozen=True)
class Card:
    """What is written of a customer. `phone`: for a new one, as typed; `credit_limit` in rupiah, None
    for the shop's usual one."""

    name: str
    address: str = ""
    notes: str = ""
    credit_limit: int | None = None
    phone: str = ""


def _checked(wanted: Card) -> Card:
    name = " ".join(wanted.name.split())
    if not 1 <= len(name) <= MOST_NAME:
        raise PersonNameMissing(most=MOST_NAME)
    return Card(
        name, " ".join(wanted.address.split())[:MOST_ADDRESS], wanted.notes.strip()[:MOST_NOTES],
        wanted.credit_limit, wanted.phone,
    )  # fmt: skip


@command("customers.add", "customers.edit")
def add(ctx: Context, wanted: Card) -> int:
    """Add a prospect; the key. A credit limit needs its permission, too. Raises a `BadInput`,
    `PhoneTaken`."""
    new = _checked(wanted)
    if new.credit_limit is not None:
        access.require(ctx, "customers.credit")
    number = checked(new.phone, settings.COUNTRY(ctx)) if new.phone.strip() else ""
    if number:
        _free(ctx, number, None)
    row = ctx.db.execute(
        "INSERT INTO customers (name, address, notes, credit_limit, created_at)"
        " VALUES (?, ?, ?, ?, ?) RETURNING id",
        (new.name, new.address, new.notes, new.credit_limit, ctx.at),
    ).fetchone()
    if number:
        ctx.db.execute("INSERT INTO phones VALUES (?, ?)", (number, row[0]))
    ctx.record(f"customer {row[0]}", None, {**vars(new), "phone": number})
    ctx.changed("customers", row[0])
    return int(row[0])


@command("customers.edit", "customers.edit")
def edit(ctx: Context, customer_id: int, wanted: Card) -> None:
    """Change what is written; the numbers are changed one by one, and another credit limit needs its
    permission, too."""
    before = _row(ctx, customer_id)
    new = _checked(wanted)
    if new.credit_limit != before["credit_limit"]:
        access.require(ctx, "customers.credit")
    ctx.db.execute(
        "UPDATE customers SET own_name = own_name AND name = ?, name = ?, address = ?, notes = ?,"
        " credit_limit = ? WHERE id = ?",
        (new.name, new.name, new.address, new.notes, new.credit_limit, customer_id),
    )
    columns = ("name", "address", "notes", "credit_limit")
    ctx.record(
        f"customer {customer_id}",
        {each: before[each] for each in columns if before[each] != getattr(new, each)},
        {each: getattr(new, each) for each in columns if before[each] != getattr(new, each)},
    )
    ctx.changed("customers", customer_id)


def _row(ctx: Context, customer_id: int) -> sqlite.Row:
    row: sqlite.Row | None = ctx.db.execute(
        "SELECT * FROM customers WHERE id = ? AND merged_into IS NULL", (customer_id,)
    ).fetchone()
    if row is None:
        raise CustomerUnknown()
    return row


def _free(ctx: Context, number: str, customer_id: int | None) -> None:
    holder = people.by_phone(ctx, number)
    if holder is not None and holder.id != customer_id:
        raise PhoneTaken(phone=number, name=holder.name or number)


@command("customers.add_phone", "customers.edit")
def add_phone(ctx: Context, customer_id: int, phone: str) -> str:
    """Add a number, as typed; how it is kept (E.164). More than notices go to need the permission of
    merging, too. Raises `BadPhone`, `PhoneTaken`."""
    _row(ctx, customer_id)
    number = checked(phone, settings.COUNTRY(ctx))
    _free(ctx, number, customer_id)
    there = people.phones(ctx, customer_id)
    if number not in there and len(there) >= noticing.MOST:
        access.require(ctx, "customers.merge")
    ctx.db.execute("INSERT OR IGNORE INTO phones VALUES (?, ?)", (number, customer_id))
    if number not in there:
        # Those that were there before: the new one may be anybody's.
        ending = noticing.ending(number)
        noticing.tell(
            ctx, there or [number], customer_id, replies.NOTICE_NUMBER, ending=ending
        )  # fmt: skip
    ctx.record(f"customer {customer_id}", None, {"phone": number})
    ctx.changed("customers", customer_id)
    return number


@command("customers.remove_phone", "customers.edit")
def remove_phone(ctx: Context, customer_id: int, number: str) -> None:
    """Take away a number that never wrote and was never written to; the customer is told at all of
    them, unless it was typed just now. Raises `LastPhone`."""
    _row(ctx, customer_id)
    there = people.phones(ctx, customer_id)
    used = ctx.db.execute("SELECT 1 FROM messages WHERE phone = ? LIMIT 1", (number,)).fetchone()
    if used is not None:
        raise LastPhone(phone=number)
    ctx.db.execute("DELETE FROM phones WHERE number = ? AND customer_id = ?", (number, customer_id))
    if number in there and not _typed_just_now(ctx, customer_id, number):
        # A clerk who takes a customer's number away and writes down another one would be told instead.
        noticing.tell(
            ctx, there, customer_id, replies.NOTICE_NUMBER_GONE, ending=noticing.ending(number)
        )
    ctx.record(f"customer {customer_id}", {"phone": number}, {"phone": None})
    ctx.changed("customers", customer_id)


def _typed_just_now(ctx: Context, customer_id: int, number: str) -> bool:
    """Whether somebody wrote the number down so lately that taking it away puts a slip right."""
    row = ctx.db.execute(
        "SELECT 1 FROM audit WHERE subject = ? AND at >= ? AND json_extract(after, '$.phone') = ?"
        " LIMIT 1",
        (f"customer {customer_id}", stamp(ctx.now - timedelta(minutes=undo.MINUTES)), number),
    ).fetchone()
    return row is not None


@command("customers.remove", "customers.edit")
def remove(ctx: Context, customer_id: int) -> str:
    """Delete a customer without history, put another one away: "deleted" or "deactivated"."""
    row = _row(ctx, customer_id)
    used = has_history(ctx, customer_id)
    label = people.called(ctx, customer_id)
    if used:
        ctx.db.execute("UPDATE customers SET active = 0 WHERE id = ?", (customer_id,))
        undo.write(ctx, "customer", label, {"topic": "customers", "id": customer_id})
    else:
        undo.keep(ctx, "customers", label, "customers", customer_id, phones="customer_id")
        ctx.db.execute("DELETE FROM phones WHERE customer_id = ?", (customer_id,))
        ctx.db.execute("DELETE FROM customers WHERE id = ?", (customer_id,))
    done = "deactivated" if used else "deleted"
    ctx.record(f"customer {customer_id}", {"active": bool(row["active"])}, {"customer": done})
    ctx.changed("customers", customer_id)
    return done


def has_history(ctx: Context, customer_id: int) -> bool:
    """Whether anything that the shop keeps names this customer; that an import brought them is no
    history."""
    return bool(with_history(ctx, [customer_id]))


def with_history(
    ctx: Context, customers: Collection[int], besides: Collection[str] = ()
) -> frozenset[int]:
    """Those of these customers who have such a history, but for the tables `besides`."""
    wrote = ctx.db.execute(
        "SELECT customer_id FROM phones WHERE customer_id IN (SELECT value FROM json_each(?))"
        " AND EXISTS (SELECT 1 FROM messages WHERE phone = number)",
        (json.dumps(list(customers)),),
    ).fetchall()
    apart = {"phones", "import_customers", *besides}
    return undo.named(ctx, "customers", customers, apart).union(int(row[0]) for row in wrote)


@undo.restorer("customer", "customers.edit")
def _back(ctx: Context, data: Any) -> None:
    ctx.db.execute("UPDATE customers SET active = 1 WHERE id = ?", (data["id"],))
    ctx.changed("customers", data["id"])


@command("customers.activate", "customers.edit")
def activate(ctx: Context, customer_id: int) -> None:
    """Show a customer again who was put away."""
    row = _row(ctx, customer_id)
    ctx.db.execute("UPDATE customers SET active = 1 WHERE id = ?", (customer_id,))
    ctx.record(f"customer {customer_id}", {"active": bool(row["active"])}, {"active": True})
    ctx.changed("customers", customer_id)
