"""The paper of a repayment: what came in for which sales, and what is still owed; that of cash in or
out: why, and by whom. Each time one goes out is in the audit; after the first it is a copy."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.shop.customers import people
from crm_tui.shop.customers.lists import name_of
from crm_tui.shop.gate import access, settings
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.gate.stored_words import on_paper
from crm_tui.shop.sales.payment_methods import METHODS
from crm_tui.shop.sales.receipt import WIDTHS, apart, centred
from crm_tui.shop.sales.settings import PAPER
from crm_tui.text import day_and_time


class NoRepayment(RuleBroken):
    text = N_("There is no repayment number {number}.")


class NoSlip(RuleBroken):
    text = N_("Payment {number} has no paper of its own.")


@dataclass(frozen=True)
class Moved:
    """Money of one payment, in rupiah: what came in, or (negative) went out."""

    id: int
    at: str
    amount: int


def lately(ctx: Context, customer_id: int, most: int) -> Sequence[Moved]:
    """The customer's repayments, the newest first, at most so many; one undone is negative."""
    rows = ctx.db.execute(
        "SELECT DISTINCT payments.id, payments.at, payments.amount FROM receivables"  # noqa: S608
        " JOIN payments ON payments.id = payment_id WHERE payments.kind = 'repayment'"
        f" AND receivables.customer_id IN {people.FAMILY} ORDER BY payments.id DESC LIMIT :most",
        {"customer": customer_id, "most": most},
    )
    return [Moved(*row) for row in rows]


def moves(ctx: Context, drawer_id: int, most: int) -> Sequence[Moved]:
    """What was put into a drawer or taken out, the newest first, at most so many."""
    rows = ctx.db.execute(
        "SELECT id, at, amount FROM payments WHERE drawer_id = ? AND kind = 'drawer'"
        " ORDER BY id DESC LIMIT ?",
        (drawer_id, most),
    )
    return [Moved(*row) for row in rows]


def cash_text(ctx: Context, payment_id: int, copy: int = 0) -> str:
    """The paper of cash in or out, as wide as the shop's; `copy` as in `text`. Raises `NoSlip`."""
    wide = WIDTHS[PAPER(ctx)]
    moved = ctx.db.execute(
        "SELECT * FROM payments WHERE id = ? AND kind = 'drawer'", (payment_id,)
    ).fetchone()
    if moved is None:
        raise NoSlip(number=payment_id)
    out, rule = moved["amount"] < 0, "-" * wide
    title = "BUKTI KAS KELUAR" if out else "BUKTI KAS MASUK"
    lines = [*centred(settings.SHOP_NAME(ctx), wide), title.center(wide), rule]
    if copy:
        lines.append(f"SALINAN {copy}".center(wide))
    at = moment(moved["at"]).astimezone()
    lines += apart(f"No. {payment_id}", day_and_time(at), wide)
    lines += apart("Laci", str(moved["drawer_id"]), wide)
    lines.append(rule)
    lines += textwrap.wrap(moved["note"], wide)
    lines += apart("KELUAR" if out else "MASUK", rupiah(abs(moved["amount"])), wide)
    lines += apart("Petugas", on_paper(moved["actor"]), wide)
    signed = "Penerima" if out else "Penyerah"
    return "\n".join(line.rstrip() for line in [*lines, "", f"{signed}: ________________"[:wide]])


def text(ctx: Context, payment_id: int, copy: int = 0) -> str:
    """The paper of a repayment, or of one that was undone, as wide as the shop's; `copy`: which copy of
    it, 0 is the paper itself. Raises `NoRepayment`."""
    wide = WIDTHS[PAPER(ctx)]
    paid = ctx.db.execute(
        f"SELECT payments.*, {name_of('customer_id')} AS customer FROM payments"  # noqa: S608
        " WHERE id = ? AND kind = 'repayment'",
        (payment_id,),
    ).fetchone()
    if paid is None:
        raise NoRepayment(number=payment_id)
    undone, rule = paid["amount"] < 0, "-" * wide
    title = "PELUNASAN DIBATALKAN" if undone else "BUKTI PELUNASAN"
    lines = [*centred(settings.SHOP_NAME(ctx), wide), title.center(wide), rule]
    if copy:
        lines.append(f"SALINAN {copy}".center(wide))
    at = moment(paid["at"]).astimezone()
    lines += apart(f"No. {payment_id}", day_and_time(at), wide)
    if paid["customer"]:
        lines += textwrap.wrap(paid["customer"], wide)
    lines.append(rule)
    parts = ctx.db.execute(
        "SELECT sale_id, amount FROM receivables WHERE payment_id = ? ORDER BY id", (payment_id,)
    )
    for sale_id, amount in parts:
        lines += apart(f"Nota {sale_id}", rupiah(-amount), wide)
    lines.append(rule)
    lines += apart("DIKEMBALIKAN" if undone else "DITERIMA", rupiah(abs(paid["amount"])), wide)
    shown = abs(paid["amount"]) if paid["received"] is None else paid["received"]
    lines += apart(METHODS[paid["method"]].on_receipt, rupiah(shown), wide)
    if paid["received"] is not None and paid["received"] != paid["amount"]:
        lines += apart("Kembalian", rupiah(paid["received"] - paid["amount"]), wide)
    lines += apart("Sisa utang", rupiah(_left(ctx, payment_id, paid["customer_id"])), wide)
    lines += apart("Petugas", on_paper(paid["actor"]), wide)
    return "\n".join(line.rstrip() for line in [*lines, "", "Terima kasih".center(wide)])


def _left(ctx: Context, payment_id: int, customer_id: int) -> int:
    """What the customer owed when it had been paid, in rupiah, from the ledger."""
    row = ctx.db.execute(
        f"SELECT coalesce(sum(amount), 0) FROM receivables WHERE customer_id IN {people.FAMILY}"  # noqa: S608
        " AND id <= (SELECT max(id) FROM receivables WHERE payment_id = :payment)",
        {"customer": customer_id, "payment": payment_id},
    ).fetchone()
    return int(row[0])


@command("sales.print_slip", access.OWN)
def take(ctx: Context, payment_id: int, where: str) -> str:
    """Write down that the paper of a repayment, or of cash in or out, goes to `where` (printer or
    file); its text, marked as a copy if it went out before. For those who take such money. Raises
    `NoRepayment`, `NoSlip`."""
    found = ctx.db.execute("SELECT kind FROM payments WHERE id = ?", (payment_id,)).fetchone()
    cash = found is not None and found[0] == "drawer"
    access.require(ctx, "drawer.close" if cash else "sales.repay")
    subject = f"payment {payment_id}"
    copy = ctx.db.execute(
        "SELECT count(*) FROM audit WHERE command = 'sales.print_slip' AND subject = ?", (subject,)
    ).fetchone()[0]
    told = (cash_text if cash else text)(ctx, payment_id, copy)
    ctx.record(subject, None, {"receipt to": where, "copy": copy})
    ctx.changed("payments", payment_id)
    return told
