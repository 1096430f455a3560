"""What customers owe: charged by sales on account, repaid sale by sale, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crm_tui.shop.customers import people
from crm_tui.shop.customers.settings import CREDIT_DAYS
from crm_tui.shop.gate import access, undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadMoney, TooLateToUndo
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.sales import drawer, payment_methods
from crm_tui.shop.sales.errors import NothingDue, OverLimit, TooMuchPaid
from crm_tui.shop.sales.settings import CREDIT_LIMIT


@dataclass(frozen=True)
class Due:
    """What is still owed for a sale, in rupiah; `owner`: the customer in whose name it was sold."""

    sale_id: int
    owner: int
    at: str
    total: int
    due: int


def dues(ctx: Context, customer_id: int) -> list[Due]:
    """The sales that the customer has not paid wholly, oldest first."""
    rows = ctx.db.execute(
        "SELECT sale_id, dues.customer_id, sales.at, sales.total, due"  # noqa: S608
        " FROM dues JOIN sales ON sales.id = sale_id"
        f" WHERE due > 0 AND dues.customer_id IN {people.FAMILY} ORDER BY sale_id",
        {"customer": customer_id},
    )
    return [Due(*row) for row in rows]


def term(ctx: Context) -> timedelta:
    """How long after the day of a sale on account it is to be paid."""
    return timedelta(CREDIT_DAYS(ctx))


def pay_by(sold: datetime, term: timedelta) -> date:
    """The day by which a sale on account of this moment is to be paid."""
    return sold.astimezone().date() + term


def balance(ctx: Context, customer_id: int) -> int:
    """All that the customer owes, in rupiah."""
    row = ctx.db.execute(
        "SELECT coalesce(sum(due), 0) FROM dues WHERE due > 0"  # noqa: S608 - ours
        f" AND customer_id IN {people.FAMILY}",
        {"customer": customer_id},
    ).fetchone()
    return int(row[0])


def limit(ctx: Context, customer_id: int) -> int:
    """What the customer may owe, in rupiah."""
    own = people.by_id(ctx, customer_id).credit_limit
    return CREDIT_LIMIT(ctx) if own is None else own


def check_limit(ctx: Context, customer_id: int, amount: int) -> None:
    """Whether the customer may owe so much more. Raises `OverLimit`."""
    due, may = balance(ctx, customer_id) + amount, limit(ctx, customer_id)
    if due > may:
        name = people.called(ctx, customer_id)
        raise OverLimit(name=name, limit=rupiah(may), due=rupiah(due))


def charge(ctx: Context, customer_id: int, sale_id: int, amount: int, payment_id: int) -> None:
    """Write that a sale is owed, within a command. Raises `OverLimit`."""
    check_limit(ctx, customer_id, amount)
    write(ctx, customer_id, sale_id, amount, payment_id)


def write(ctx: Context, customer_id: int, sale_id: int, amount: int, payment_id: int) -> None:
    """Add to the ledger, within a command: negative for what is owed no more."""
    ctx.db.execute(
        "INSERT INTO receivables (customer_id, sale_id, at, amount, payment_id, actor)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (customer_id, sale_id, ctx.at, amount, payment_id, ctx.actor.name),
    )
    ctx.changed("customers", customer_id)


@command("sales.repay", "sales.repay")
def repay(
    ctx: Context,
    customer_id: int,
    amount: int,
    method: str,
    *,
    chosen: Sequence[int] | None = None,
    received: int | None = None,
) -> int:
    """Take a repayment for the `chosen` sales, or for all, oldest first; the payment's key.

    It can be undone as long as the drawer is open. Raises `NothingDue`, `TooMuchPaid`, `BadMoney`.
    """
    if amount <= 0:
        raise BadMoney(text=str(amount))
    assert method in payment_methods.COUNTED, method
    customer = people.by_id(ctx, customer_id)
    debts = dues(ctx, customer.id)
    if chosen is not None:
        debts = [debt for debt in debts if debt.sale_id in chosen]
    whole = sum(debt.due for debt in debts)
    if not whole:
        raise NothingDue(name=people.called(ctx, customer.id))
    if amount > whole:
        raise TooMuchPaid(amount=rupiah(amount), due=rupiah(whole))
    payment = drawer.pay(
        ctx, "repayment", method, amount, received=received, customer_id=customer.id
    )
    left = amount
    paid = {}
    for debt in debts:
        part = min(left, debt.due)
        if not part:
            break
        write(ctx, debt.owner, debt.sale_id, -part, payment)
        paid[f"sale {debt.sale_id}"] = part
        left -= part
    ctx.record(f"customer {customer.id}", {"due": whole}, {"method": method, **paid})
    ctx.changed("customers", customer.id)
    # The step names nobody: what it holds is looked up when it is undone.
    undo.write(ctx, "repaid", rupiah(amount), {"payment": payment})
    return payment


@undo.restorer("repaid", "sales.return")
def _give_back(ctx: Context, kept: Any) -> None:
    """The money goes back the way it came, and is owed again. Raises `TooLateToUndo` once the drawer
    that it lies in was closed, or what it paid was given back; `AboveCeiling`: it is money that goes
    out, as a refund is."""
    paid = ctx.db.execute(
        "SELECT payments.* FROM payments JOIN drawers ON drawers.id = drawer_id"
        " WHERE payments.id = ? AND closed_at IS NULL",
        (kept["payment"],),
    ).fetchone()
    parts = ctx.db.execute(
        "SELECT receivables.customer_id, sale_id, amount,"
        " EXISTS (SELECT 1 FROM sales WHERE of_sale = sale_id) AS touched"
        " FROM receivables WHERE payment_id = ?",
        (kept["payment"],),
    ).fetchall()
    if paid is None or any(part["touched"] for part in parts):
        raise TooLateToUndo()
    # In small parts it is the same sum.
    before = ctx.db.execute(
        "SELECT coalesce(sum(receivables.amount), 0) FROM receivables JOIN payments"
        " ON payments.id = payment_id WHERE payments.kind = 'repayment' AND receivables.amount > 0"
        " AND receivables.sale_id IN (SELECT sale_id FROM receivables WHERE payment_id = ?)",
        (kept["payment"],),
    ).fetchone()[0]
    access.require(ctx, "sales.return", before + paid["amount"])
    payment = drawer.pay(
        ctx, "repayment", paid["method"], -paid["amount"], customer_id=paid["customer_id"]
    )
    for part in parts:
        write(ctx, part["customer_id"], part["sale_id"], -part["amount"], payment)
