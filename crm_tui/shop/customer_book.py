"""Keeping customers: added, changed, their numbers, put away, and two who are one merged."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from crm_tui.shop import customers, loyalty, settings, tiers, undo
from crm_tui.shop.commands import command
from crm_tui.shop.context import Context
from crm_tui.shop.errors import (
    CustomerUnknown,
    LastPhone,
    MergeSame,
    PersonNameMissing,
    PhoneTaken,
)
from crm_tui.shop.phones import checked

MOST_NAME, MOST_ADDRESS, MOST_NOTES = 80, 200, 1000
_STRICTNESS = ("yes", "unknown", "stopped")


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
    """Add a prospect; the key. Raises a `BadInput`, `PhoneTaken`."""
    new = _checked(wanted)
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
    """Change what is written; the numbers are changed one by one."""
    before = _row(ctx, customer_id)
    new = _checked(wanted)
    ctx.db.execute(
        "UPDATE customers SET name = ?, address = ?, notes = ?, credit_limit = ? WHERE id = ?",
        (new.name, new.address, new.notes, new.credit_limit, customer_id),
    )
    columns = ("name", "address", "notes", "credit_limit")
    ctx.record(
        f"customer {customer_id}",
        {each: before[each] for each in columns if before[each] != getattr(new, each)},
        {each: getattr(new, each) for each in columns if before[each] != getattr(new, each)},
    )
    ctx.changed("customers", customer_id)


def _row(ctx: Context, customer_id: int) -> sqlite3.Row:
    row: sqlite3.Row | None = ctx.db.execute(
        "SELECT * FROM customers WHERE id = ? AND merged_into IS NULL", (customer_id,)
    ).fetchone()
    if row is None:
        raise CustomerUnknown()
    return row


def _free(ctx: Context, number: str, customer_id: int | None) -> None:
    holder = customers.by_phone(ctx, number)
    if holder is not None and holder.id != customer_id:
        raise PhoneTaken(phone=number, name=holder.name or number)


@command("customers.add_phone", "customers.edit")
def add_phone(ctx: Context, customer_id: int, phone: str) -> str:
    """Add a number, as typed; how it is kept (E.164). Raises `BadPhone`, `PhoneTaken`."""
    _row(ctx, customer_id)
    number = checked(phone, settings.COUNTRY(ctx))
    _free(ctx, number, customer_id)
    ctx.db.execute("INSERT OR IGNORE INTO phones VALUES (?, ?)", (number, customer_id))
    ctx.record(f"customer {customer_id}", None, {"phone": number})
    ctx.changed("customers", customer_id)
    return number


@command("customers.remove_phone", "customers.edit")
def remove_phone(ctx: Context, customer_id: int, number: str) -> None:
    """Take away a number that never wrote and was never written to. Raises `LastPhone`."""
    _row(ctx, customer_id)
    used = ctx.db.execute("SELECT 1 FROM messages WHERE phone = ? LIMIT 1", (number,)).fetchone()
    if used is not None:
        raise LastPhone(phone=number)
    ctx.db.execute("DELETE FROM phones WHERE number = ? AND customer_id = ?", (number, customer_id))
    ctx.record(f"customer {customer_id}", {"phone": number}, {"phone": None})
    ctx.changed("customers", customer_id)


@command("customers.remove", "customers.edit")
def remove(ctx: Context, customer_id: int) -> str:
    """Delete a customer without history, put another one away: "deleted" or "deactivated"."""
    row = _row(ctx, customer_id)
    used = ctx.db.execute(
        "SELECT EXISTS (SELECT 1 FROM messages JOIN phones ON number = phone"
        "   WHERE phones.customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM messages WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM orders WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM sales WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM quotes WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM questions WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM consents WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM parked_sales WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM point_lots WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM tier_changes WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM lost_sales WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM promo_people WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM reward_entries WHERE customer_id = :id)"
        " OR EXISTS (SELECT 1 FROM customers WHERE merged_into = :id)",
        {"id": customer_id},
    ).fetchone()[0]
    label = row["name"] or f"#{customer_id}"
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


@command("customers.merge", "customers.merge")
def merge(ctx: Context, kept_id: int, gone_id: int) -> None:
    """Make two one: numbers, open question and all that points to the second are found with the
    first, whose name stays. The stricter consent of the two counts. It can be undone for a while."""
    if kept_id == gone_id:
        raise MergeSame()
    kept, gone = _row(ctx, kept_id), _row(ctx, gone_id)
    phones = customers.phones(ctx, gone_id)
    others = [
        row[0]
        for row in ctx.db.execute("SELECT id FROM customers WHERE merged_into = ?", (gone_id,))
    ]
    orders = [
        row[0] for row in ctx.db.execute("SELECT id FROM orders WHERE customer_id = ?", (gone_id,))
    ]
    before = {each: kept[each] for each in ("name", "address", "notes", "kind", "consent")}
    step = {
        "kept": kept_id, "gone": gone_id, "phones": phones, "others": others, "before": before,
        "orders": orders,
    }  # fmt: skip
    undo.write(ctx, "merge", f"{gone['name'] or gone_id} → {kept['name'] or kept_id}", step)
    ctx.db.execute("UPDATE phones SET customer_id = ? WHERE customer_id = ?", (kept_id, gone_id))
    ctx.db.execute("UPDATE customers SET merged_into = ? WHERE merged_into = ?", (kept_id, gone_id))
    ctx.db.execute("UPDATE customers SET merged_into = ? WHERE id = ?", (kept_id, gone_id))
    ctx.db.execute("UPDATE orders SET customer_id = ? WHERE customer_id = ?", (kept_id, gone_id))
    # What either was asked stands in no relation to the other's orders any more.
    ctx.db.execute("UPDATE questions SET open = 0 WHERE customer_id = ? AND open = 1", (gone_id,))
    kind = "customer" if "customer" in (kept["kind"], gone["kind"]) else "prospect"
    ctx.db.execute(
        "UPDATE customers SET kind = ?, name = ?, address = ?, notes = ? WHERE id = ?",
        (
            kind,
            kept["name"] or gone["name"],
            kept["address"] or gone["address"],
            "\n".join(each for each in (kept["notes"], gone["notes"]) if each),
            kept_id,
        ),
    )
    stricter = max(kept["consent"], gone["consent"], key=_STRICTNESS.index)
    if stricter != kept["consent"]:
        customers.write_consent(ctx, kept_id, stricter, f"merged with {gone_id}")
    loyalty.anew(ctx, gone_id, kept_id)
    tiers.joined(ctx, kept_id, gone_id)
    ctx.record(f"customer {kept_id}", before, {"merged": gone_id, "phones": phones})
    ctx.changed("customers", kept_id)
    ctx.changed("customers", gone_id)


@undo.restorer("merge", "customers.merge")
def _unmerge(ctx: Context, data: Any) -> None:
    """Take two apart again. What came since then stays with whom it came to."""
    kept, gone = data["kept"], data["gone"]
    for number in data["phones"]:
        ctx.db.execute(
            "UPDATE phones SET customer_id = ? WHERE number = ? AND customer_id = ?",
            (gone, number, kept),
        )
    ctx.db.execute(
        "UPDATE customers SET merged_into = NULL WHERE id = ? AND merged_into = ?", (gone, kept)
    )
    for other in data["others"]:
        ctx.db.execute(
            "UPDATE customers SET merged_into = ? WHERE id = ? AND merged_into = ?",
            (gone, other, kept),
        )
    for number in data["orders"]:
        ctx.db.execute(
            "UPDATE orders SET customer_id = ? WHERE id = ? AND customer_id = ?",
            (gone, number, kept),
        )
    before = data["before"]
    bought = ctx.db.execute("SELECT 1 FROM sales WHERE customer_id = ? LIMIT 1", (kept,)).fetchone()
    ctx.db.execute(
        "UPDATE customers SET name = ?, address = ?, notes = ?, kind = ? WHERE id = ?",
        (before["name"], before["address"], before["notes"],
         "customer" if bought else before["kind"], kept),
    )  # fmt: skip
    now = customers.by_id(ctx, kept).consent
    # Whoever said STOP meanwhile has said it; only what the merge brought is taken away.
    since = ctx.db.execute(
        "SELECT basis FROM consents WHERE customer_id = ? ORDER BY id DESC LIMIT 1", (kept,)
    ).fetchone()
    if now != before["consent"] and since is not None and since[0] == f"merged with {gone}":
        customers.write_consent(ctx, kept, before["consent"], "merge undone")
    loyalty.anew(ctx, kept, gone)
    tiers.ask_for_review(ctx)
    ctx.changed("customers", kept)
    ctx.changed("customers", gone)
