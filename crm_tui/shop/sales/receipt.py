"""A receipt as text, for a strip of paper 58 mm (32 characters) or 80 mm (48 characters) wide."""

import textwrap

from crm_tui import sqlite
from crm_tui.clock import moment
from crm_tui.shop.customers.lists import name_of
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.loyalty import points
from crm_tui.shop.sales import receivables, refunding, rounding
from crm_tui.shop.sales.payment_methods import METHODS
from crm_tui.shop.sales.settings import PAPER
from crm_tui.text import day_and_time

WIDTHS = {58: 32, 80: 48}
"""Characters a line by the width of the paper in mm, in the printers' usual font (12 × 24 dots)."""

# Customers read receipts, so they are Indonesian whatever the screens speak.
_TITLES = {"return": "RETUR", "void": "BATAL"}


def text(ctx: Context, sale_id: int, copy: int = 0) -> str:
    """The receipt of a sale, a return or a void, as wide as the shop's paper; `copy`: which copy of it,
    0 is the receipt itself."""
    wide = WIDTHS[PAPER(ctx)]
    sale = ctx.db.execute(
        f"SELECT sales.*, {name_of('sales.customer_id')} AS customer FROM sales"  # noqa: S608
        " WHERE sales.id = ?",
        (sale_id,),
    ).fetchone()
    at = moment(sale["at"]).astimezone()
    rule = "-" * wide
    lines = [*centred(settings.SHOP_NAME(ctx), wide), rule]
    if copy:
        lines.append(f"SALINAN {copy}".center(wide))
    lines += apart(f"Nota {sale_id}", day_and_time(at), wide)
    if sale["kind"] in _TITLES:
        lines += apart(_TITLES[sale["kind"]], f"Nota {sale['of_sale']}", wide)
    for back in ctx.db.execute(
        "SELECT id, kind FROM sales WHERE of_sale = ? ORDER BY id", (sale_id,)
    ):
        # Nobody is to take a receipt of what came back for one that still counts.
        told = "*** BATAL ***" if back["kind"] == "void" else "Ada retur"
        lines += apart(told, f"lihat Nota {back['id']}", wide)
    if sale["order_id"]:
        lines.append(f"Pesanan {sale['order_id']}")
    if sale["customer"]:
        lines += textwrap.wrap(sale["customer"], wide)
    lines.append(rule)
    saved = redeemed = 0
    for row in ctx.db.execute(
        "SELECT * FROM sale_lines WHERE sale_id = ? ORDER BY line", (sale_id,)
    ):
        lines += textwrap.wrap(f"{row['code']} {row['name']}", wide)
        gross = row["price"] * row["quantity"]
        told = f"  {row['quantity']} {row['unit']} x {rupiah(row['price'])}"
        lines += apart(told, rupiah(gross), wide)
        # What points took off is no discount: it stands once, below.
        discount = row["discount"] - row["redeemed"]
        redeemed += row["redeemed"]
        if discount:
            lines += apart("  Diskon", rupiah(-discount), wide)
            saved += discount
    lines.append(rule)
    used = ctx.db.execute("SELECT * FROM redemptions WHERE sale_id = ?", (sale_id,)).fetchone()
    if used is not None:
        lines += apart(f"Poin dipakai {used['points']}", rupiah(-used["rupiah"]), wide)
    elif redeemed:
        lines += apart("Dibayar dengan poin", rupiah(-redeemed), wide)
    lines += apart("TOTAL", rupiah(sale["total"]), wide)
    if saved > 0:
        lines += apart("Anda hemat", rupiah(saved), wide)
    lines += _paid(ctx, sale_id, wide)
    if sale["customer_id"] is not None:
        lines += _points(ctx, sale, wide)
        due = receivables.balance(ctx, sale["customer_id"])
        if due:
            lines += apart("Sisa utang", rupiah(due), wide)
    lines += ["", "Terima kasih".center(wide)]
    return "\n".join(line.rstrip() for line in lines)


def _points(ctx: Context, sale: sqlite.Row, wide: int) -> list[str]:
    """Points that the sale took and brought, and what is there now."""
    lines: list[str] = []
    moved = dict(
        ctx.db.execute(
            "SELECT kind, sum(points) FROM point_moves"
            " WHERE sale_id = ? AND kind = 'earned' GROUP BY kind",
            (sale["id"],),
        ).fetchall()
    )
    if moved.get("earned"):
        lines += apart("Poin didapat", f"{moved['earned']}", wide)
    there = points.balance(ctx, sale["customer_id"])
    # In a branch that was closed others have given out who knows how many of them.
    if (lines or there) and not points.have_ended(ctx):
        lines += apart("Poin Anda", f"{there}", wide)
    return lines


def _paid(ctx: Context, sale_id: int, wide: int) -> list[str]:
    lines: list[str] = []
    off = rounding.of_sale(ctx, sale_id)
    points_kept = refunding.kept_for_points(ctx, sale_id)
    if off:
        lines += apart("Pembulatan tunai", rupiah(off), wide)
    for row in ctx.db.execute(
        "SELECT method, amount, received FROM payments WHERE sale_id = ? ORDER BY id", (sale_id,)
    ):
        due = row["amount"] + (off if row["method"] == "cash" else 0)
        if kept := points_kept.pop(row["method"], 0):
            lines += apart("Poin terpakai", rupiah(kept), wide)
            due += kept
        shown = due if row["received"] is None else row["received"]
        lines += apart(METHODS[row["method"]].on_receipt, rupiah(shown), wide)
        if row["received"] is not None and row["received"] != due:
            lines += apart("Kembalian", rupiah(row["received"] - due), wide)
    return lines


def centred(text: str, wide: int) -> list[str]:
    """A text in the middle of the paper, on as many lines as it takes."""
    return [line.center(wide) for line in textwrap.wrap(text, wide)]


def apart(left: str, right: str, wide: int) -> list[str]:
    """Both on one line of so many characters, or the right one on a line of its own."""
    room = wide - len(left) - len(right)
    return [left + " " * room + right] if room > 0 else [left, right.rjust(wide)]
