"""What it costs that SQLite overwrites what is deleted (`secure_delete`), in the same run, in turns.

- a sale, and an SMS that is archived and forgotten, with all room overwritten that becomes free, as the
  store has it ("on"), over none ("off"); 1.1 is wanted;
- a row of many that are deleted at once, which frees whole pages; 2 is wanted. What SQLite does for
  nothing ("fast": only what is in pages that are written anyway) is told beside it.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from crm_tui.practice.clock import EventClock
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import archiving, text_retention
from crm_tui.shop.messages.settings import ARCHIVE_MONTHS, KEEP_MONTHS
from crm_tui.shop.sales import till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from tests.shop import START, cart_of, found

SALES, BLOCK = 1500, 20
MESSAGES = int(os.environ.get("CRM_TUI_BENCH_MESSAGES", "10000"))
TURNS, WANTED, BULK = 5, 1.1, 2.0
MODES = ("off", "fast", "on")
LINE = CartLine(6, "PQ-R", "x", "set", 85000, 1)
_OLD = 900
"""Days: long before what is kept."""


def _filled(ctx: Context) -> None:
    numbers = "WITH RECURSIVE n(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < ?)"
    with ctx.store.transaction() as db:
        db.execute(
            "INSERT INTO messages (direction, kind, phone, reachable, text, at, status, status_at)"
            f" {numbers} SELECT 'in', 'sms', '+62811' || (1000000 + n % 5000), 1,"
            " 'Pak masih ada kampas rem depan untuk motor saya nomor ' || n || ' yang biasa ya, kalau"
            " ada saya ambil dua sore nanti', strftime('%Y-%m-%dT%H:%M:%fZ', '2026-11-24',"
            f" '-{_OLD} days', n || ' seconds'), 'done', '2024-06-01T00:00:00.000Z' FROM n",
            (MESSAGES,),
        )  # fmt: skip


def _sales(ctx: Context) -> dict[str, float]:
    """Seconds a sale, by mode: some in each, in turns, so that all have what else the computer does."""
    taken: dict[str, list[float]] = {mode: [] for mode in MODES}
    for turn in range(SALES // BLOCK):
        mode = MODES[turn % len(MODES)]
        ctx.db.execute(f"PRAGMA secure_delete={mode}")
        for _ in range(BLOCK):
            began = time.perf_counter()
            till.sell(ctx, cart_of([LINE]).sold(), [Paid("cash", 85000)])
            taken[mode].append(time.perf_counter() - began)
    # What else the computer does only adds.
    return {mode: statistics.quantiles(taken[mode], n=10)[0] for mode in MODES}


def _forgotten(ctx: Context, mode: str) -> float:
    """Seconds of the processor's an SMS."""
    ctx.db.execute(f"PRAGMA secure_delete={mode}")
    began = time.process_time()
    archiving.run(ctx)
    gone = text_retention.run(ctx)
    took = time.process_time() - began
    assert gone == MESSAGES, gone
    return took / MESSAGES


def _deleted(ctx: Context, mode: str) -> float:
    """Seconds a row, of many that are deleted at once."""
    ctx.db.execute(f"PRAGMA secure_delete={mode}")
    began = time.perf_counter()
    with ctx.store.transaction() as db:
        db.execute("DELETE FROM messages")
    return (time.perf_counter() - began) / MESSAGES


def _shop(folder: Path) -> Context:
    ctx = found(folder, EventClock(START))
    settings.change(ctx, ARCHIVE_MONTHS.key, "12")
    settings.change(ctx, KEEP_MONTHS.key, "24")
    # As many as are sold.
    ctx.db.execute(
        "INSERT INTO stock_moves (item_id, at, quantity, reason) VALUES (6, '', 99999, 'x')"
    )
    return ctx


def main() -> int:
    forgotten: dict[str, list[float]] = {mode: [] for mode in MODES}
    deleted: dict[str, list[float]] = {mode: [] for mode in MODES}
    with tempfile.TemporaryDirectory() as made:
        ctx = _shop(Path(made) / "toko")
        sales = _sales(ctx)
        ctx.store.close()
    for _ in range(TURNS):
        for mode in MODES:
            with tempfile.TemporaryDirectory() as made:
                ctx = _shop(Path(made) / "toko")
                _filled(ctx)
                forgotten[mode].append(_forgotten(ctx, mode))
                ctx.store.close()
            with tempfile.TemporaryDirectory() as made:
                ctx = _shop(Path(made) / "toko")
                _filled(ctx)
                deleted[mode].append(_deleted(ctx, mode))
                ctx.store.close()
    bad = 0
    for what, wanted, took in (
        ("a sale", WANTED, sales),
        ("an SMS archived and forgotten", WANTED, {mode: min(forgotten[mode]) for mode in MODES}),
        ("a row of many deleted at once", BULK, {mode: min(deleted[mode]) for mode in MODES}),
    ):
        told = ", ".join(
            f"{mode} {1000 * took[mode]:.3f} ms ({took[mode] / took['off']:.2f})" for mode in MODES
        )
        good = took["on"] / took["off"] <= wanted
        bad += not good
        print(f"{what}: {told}; {wanted} wanted{'' if good else '  !'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
