"""A drawer's day as text (Z), for the strip of paper and for a file: what was taken, by which way, and
what was counted. Before it is closed it is an interim one (X)."""

import textwrap

from crm_tui import sqlite
from crm_tui.clock import moment
from crm_tui.shop.checks import ledger_chain
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.gate.stored_words import on_paper
from crm_tui.shop.sales import drawer
from crm_tui.shop.sales.payment_methods import METHODS
from crm_tui.shop.sales.receipt import WIDTHS, apart, centred
from crm_tui.shop.sales.settings import PAPER
from crm_tui.text import day_and_time

# As the receipts, it is Indonesian whatever the screens speak.
_KINDS = {
    "sale": "Penjualan", "refund": "Dikembalikan", "repayment": "Pelunasan utang",
    "drawer": "Kas masuk/keluar",
}  # fmt: skip


def text(ctx: Context, drawer_id: int) -> str:
    """The drawer with this key, as wide as the shop's paper; of the open one no sums, if it is to be
    counted blind."""
    with ctx.store.reading() as db:
        row = db.execute("SELECT * FROM drawers WHERE id = ?", (drawer_id,)).fetchone()
        moved: dict[str, dict[str, int]] = {}
        for method, kind, amount in db.execute(
            "SELECT method, kind, sum(amount) FROM payments WHERE drawer_id = ? GROUP BY 1, 2",
            (drawer_id,),
        ):
            moved.setdefault(method, {})[kind] = amount
        counts = {
            each["method"]: each
            for each in db.execute("SELECT * FROM drawer_counts WHERE drawer_id = ?", (drawer_id,))
        }
        wide = WIDTHS[PAPER(ctx)]
        lines = _head(ctx, row, wide)
        if row["closed_at"] is None and drawer.is_hidden(ctx):
            # Whoever counts would read here what to type.
            return "\n".join([*lines, *textwrap.wrap("Isi laci dicetak setelah dihitung.", wide)])
        for method in METHODS:
            sums = moved.get(method, {})
            if sums or method in counts or method == "cash":
                begin = row["float"] if method == "cash" else 0
                lines += _way(method, begin, sums, counts.get(method), wide)
        lines += _foot(ctx, row, moved, counts, wide)
    return "\n".join(line.rstrip() for line in lines)


def _head(ctx: Context, row: sqlite.Row, wide: int) -> list[str]:
    lines = centred(settings.SHOP_NAME(ctx), wide)
    lines += [f"LAPORAN LACI {row['id']} ({'Z' if row['closed_at'] else 'X'})".center(wide)]
    if not row["closed_at"]:
        lines += ["(belum ditutup)".center(wide)]
    lines += ["-" * wide]
    for label, at, who in (
        ("Dibuka", row["opened_at"], row["opened_by"]),
        ("Ditutup", row["closed_at"], row["closed_by"]),
    ):
        if at:
            lines += apart(label, day_and_time(moment(at)), wide)
            lines += apart("  oleh", on_paper(str(who))[: wide - 8], wide)
    return [*lines, "-" * wide]


def _way(
    method: str, begin: int, sums: dict[str, int], counted: sqlite.Row | None, wide: int
) -> list[str]:
    """What came and went by one way of paying; what is owed is not counted."""
    lines = [METHODS[method].on_receipt.upper()]
    if begin:
        lines += apart("  Modal laci", rupiah(begin), wide)
    for kind, label in _KINDS.items():
        if sums.get(kind):
            lines += apart(f"  {label}", rupiah(sums[kind]), wide)
    whole = begin + sum(sums.values())
    if not METHODS[method].counted:
        return [*lines, *apart("  Jumlah", rupiah(whole), wide)]
    lines += apart("  Menurut catatan", rupiah(whole), wide)
    if counted is not None:
        lines += apart("  Hasil hitung", rupiah(counted["counted"]), wide)
        lines += apart("  Selisih", rupiah(counted["counted"] - counted["expected"]), wide)
    return lines


def _foot(
    ctx: Context,
    row: sqlite.Row,
    moved: dict[str, dict[str, int]],
    counts: dict[str, sqlite.Row],
    wide: int,
) -> list[str]:
    told = ctx.db.execute(
        "SELECT count(DISTINCT CASE WHEN kind = 'sale' THEN sale_id END) AS sold,"
        " count(DISTINCT CASE WHEN kind = 'refund' THEN sale_id END) AS back FROM payments"
        " WHERE drawer_id = ?",
        (row["id"],),
    ).fetchone()
    rounded = ctx.db.execute(
        "SELECT coalesce(sum(roundings.amount), 0) FROM roundings JOIN payments"
        " ON payments.id = payment_id WHERE drawer_id = ?",
        (row["id"],),
    ).fetchone()[0]
    lines = ["-" * wide]
    lines += apart("Nota penjualan", str(told["sold"]), wide)
    lines += apart("Nota retur/batal", str(told["back"]), wide)
    sold = sum(sums.get("sale", 0) + sums.get("refund", 0) for sums in moved.values())
    lines += apart("PENJUALAN BERSIH", rupiah(sold), wide)
    if rounded:
        lines += apart("Pembulatan tunai", rupiah(rounded), wide)
    if row["closed_at"] and "cash" in counts:
        left = _left(ctx, row["id"])
        lines += apart("Disisakan di laci", rupiah(left), wide)
        lines += apart("Disetor", rupiah(counts["cash"]["counted"] - left), wide)
    if row["note"]:
        lines += textwrap.wrap("Catatan: " + row["note"], wide)
    if row["closed_at"]:
        # Kept on paper it proves later that nothing before it was changed.
        lines += apart("Mata rantai", ledger_chain.last(ctx), wide)
    return [*lines, "", "Tanda tangan: ________________"]


def _left(ctx: Context, drawer_id: int) -> int:
    """The cash that stayed in it: the next one began with that."""
    after = ctx.db.execute(
        "SELECT float FROM drawers WHERE id > ? ORDER BY id LIMIT 1", (drawer_id,)
    ).fetchone()
    if after is not None:
        return int(after[0])
    kept = ctx.db.execute("SELECT value FROM counters WHERE name = 'drawer float'").fetchone()
    return int(kept[0]) if kept is not None else 0
