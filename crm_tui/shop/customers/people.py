"""Customers and prospects: their numbers, names and consent.

Two rows that turned out to be one person are merged: `merged_into` names the one that is kept, what
was written for the other stays where it is, and `FAMILY` finds it all.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from crm_tui import sqlite
from crm_tui.shop.customers.errors import CustomerUnknown
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.messages import noticing, outbox, replies
from crm_tui.text import phone

FAMILY = (
    "(SELECT same.id FROM kept AS asked JOIN kept AS same ON same.kept_id = asked.kept_id"
    " WHERE asked.id = :customer)"
)
"""The keys of all that are one person with a customer, merged or not, for queries with :customer."""
NOT_VOIDED = (
    "NOT EXISTS (SELECT 1 FROM sales AS undone WHERE undone.of_sale = sales.id"
    " AND undone.kind = 'void'{then})"
)
"""SQL: whether a sale stands: one that was voided (by `then`, a condition) is as if it had not been."""
STANDS = NOT_VOIDED.format(then="")
PURCHASE = (
    "sales.kind = 'sale' AND sales.total > coalesce((SELECT -sum(back.total) FROM sales AS back"
    " WHERE back.of_sale = sales.id{then}), 0)"
)
"""SQL: whether a sale is a purchase, as the ranking counts them: what came back wholly (by `then`, a
condition of `back`) is none."""


@dataclass(frozen=True)
class Customer:
    """A person; `kind` is prospect until the first sale, consent unknown, yes or stopped;
    `own_name`: the name is what the customer said by SMS."""

    id: int
    name: str
    address: str
    kind: str
    consent: str
    notes: str = ""
    credit_limit: int | None = None
    active: bool = True
    own_name: bool = False

    @property
    def known(self) -> bool:
        """Whether the shop has met them: they bought, or people wrote their name."""
        return self.kind == "customer" or bool(self.name and not self.own_name)


def _customer(row: sqlite.Row) -> Customer:
    return Customer(
        row["id"], row["name"], row["address"], row["kind"], row["consent"], row["notes"],
        row["credit_limit"], bool(row["active"]), bool(row["own_name"]),
    )  # fmt: skip


def by_id(ctx: Context, customer_id: int) -> Customer:
    """The customer with this key, or the one they were merged into. Raises `CustomerUnknown`."""
    row = ctx.db.execute(
        "SELECT customers.* FROM kept JOIN customers ON customers.id = kept_id WHERE kept.id = ?",
        (customer_id,),
    ).fetchone()
    if row is None:
        raise CustomerUnknown()
    return _customer(row)


def phones(ctx: Context, customer_id: int) -> list[str]:
    """The customer's numbers (E.164)."""
    rows = ctx.db.execute(
        "SELECT number FROM phones WHERE customer_id = ? ORDER BY number", (customer_id,)
    )
    return [row[0] for row in rows]


def by_phone(ctx: Context, phone: str) -> Customer | None:
    """The customer with this number (E.164)."""
    row = ctx.db.execute(
        "SELECT customers.* FROM phones JOIN customers ON customers.id = customer_id"
        " WHERE number = ?",
        (phone,),
    ).fetchone()
    return None if row is None else _customer(row)


@command("customers.prospect", "customers.edit")
def prospect(ctx: Context, phone: str) -> Customer:
    """A new prospect for a number that nobody has yet."""
    row = ctx.db.execute(
        "INSERT INTO customers (created_at) VALUES (?) RETURNING *", (ctx.at,)
    ).fetchone()
    ctx.db.execute("INSERT INTO phones (number, customer_id) VALUES (?, ?)", (phone, row["id"]))
    ctx.record(f"customer {row['id']}", None, {"phone": phone, "kind": "prospect"})
    ctx.changed("customers", row["id"])
    return _customer(row)


def who_may_owe(ctx: Context, besides: int) -> list[str]:
    """The names of those who may buy on account, but for one."""
    rows = ctx.db.execute(
        "SELECT name FROM customers WHERE credit_limit > 0 AND merged_into IS NULL AND id <> ?"
        " AND name <> ''",
        (besides,),
    )
    return [str(row[0]) for row in rows]


@command("customers.register", "customers.edit")
def register(ctx: Context, customer_id: int, name: str, address: str) -> None:
    """Write the name, and the address if one is given."""
    before = by_id(ctx, customer_id)
    ctx.db.execute(
        "UPDATE customers SET own_name = CASE WHEN name = ? THEN own_name ELSE ? END, name = ?,"
        " address = ? WHERE id = ?",
        (name, int(ctx.actor is GATEWAY), name, address or before.address, customer_id),
    )
    ctx.record(
        f"customer {customer_id}",
        {"name": before.name, "address": before.address},
        {"name": name, "address": address or before.address},
    )
    ctx.changed("customers", customer_id)


_TELLS = {"yes": replies.NOTICE_YES, "stopped": replies.NOTICE_STOPPED}


@command("customers.consent", "customers.consent")
def consent(ctx: Context, customer_id: int, answer: str, basis: str) -> None:
    """Write a yes or stopped, and where it comes from; it counts from this moment."""
    # The page may have been open while its customer was merged into another one.
    customer_id = by_id(ctx, customer_id).id
    before = by_id(ctx, customer_id).consent
    write_consent(ctx, customer_id, answer, basis)
    text = _TELLS.get(answer)
    if before != answer and text is not None:
        noticing.tell(ctx, phones(ctx, customer_id), customer_id, text)
    ctx.record(f"customer {customer_id}", {"consent": before}, {"consent": answer, "basis": basis})
    ctx.changed("customers", customer_id)


def write_consent(ctx: Context, customer_id: int, answer: str, basis: str) -> None:
    """Write a consent into its history, within a command."""
    ctx.db.execute(
        "UPDATE customers SET consent = ?, consent_at = ?, consent_basis = ? WHERE id = ?",
        (answer, ctx.at, basis, customer_id),
    )
    ctx.db.execute(
        "INSERT INTO consents (customer_id, at, answer, basis, actor) VALUES (?, ?, ?, ?, ?)",
        (customer_id, ctx.at, answer, basis, ctx.actor.name),
    )
    if answer == "stopped":
        # At once, also for what is queued.
        outbox.cancel_promoting(ctx, customer_id)


def bought(ctx: Context, customer_id: int) -> None:
    """The first sale makes a prospect a customer, within a command."""
    ctx.db.execute(
        "UPDATE customers SET kind = 'customer' WHERE id = ? AND kind = 'prospect'", (customer_id,)
    )
    ctx.changed("customers", customer_id)


def called(ctx: Context, customer_id: int) -> str:
    """What a customer is called: the name, else a number, as people read it."""
    row = ctx.db.execute(
        "SELECT name, (SELECT number FROM phones WHERE customer_id = customers.id"
        " ORDER BY number LIMIT 1) FROM customers WHERE id = ?",
        (customer_id,),
    ).fetchone()
    return row[0] or (phone(row[1]) if row[1] else f"#{customer_id}")


def last_quotes(ctx: Context, customer_id: int, item_ids: Collection[int]) -> dict[int, int]:
    """The prices in rupiah that the customer was told last, by item key; without items that were
    never quoted."""
    rows = ctx.db.execute(
        "SELECT item_id, price FROM quotes WHERE customer_id = ?"
        " AND item_id IN (SELECT value FROM json_each(?))",
        (customer_id, json.dumps(list(item_ids))),
    )
    return {int(row[0]): int(row[1]) for row in rows}


def quote(ctx: Context, customer_id: int, prices: Mapping[int, int]) -> None:
    """Keep the prices (by item key) that the customer is told now, within a command."""
    ctx.db.execute(
        "INSERT INTO quotes (customer_id, item_id, price, at)"
        # "WHERE true": else ON would belong to a join.
        " SELECT ?, CAST(key AS INTEGER), value, ? FROM json_each(?) WHERE true"
        " ON CONFLICT (customer_id, item_id) DO UPDATE SET price = excluded.price, at = excluded.at",
        (customer_id, ctx.at, json.dumps(prices)),
    )
