"""Shops of the benchmarks of a chain: filled, enrolled at an office, a round of theirs, a sale."""

import time
from typing import Any

from crm_tui.clock import SystemClock
from crm_tui.office import administering
from crm_tui.office.database import Office
from crm_tui.replication import enrolling
from crm_tui.replication.enrolling import Enrolment
from crm_tui.replication.line import Address, Wire
from crm_tui.replication.rounds import Rounds
from crm_tui.shop.gate.context import Context
from crm_tui.shop.sales import till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from tests.shop import cart_of

LINE = CartLine(6, "PQ-R", "x", "set", 85000, 1)


def filled(ctx: Context, sales: int) -> None:
    """So many sales of 2.3 lines each, with payments, moves of stock and audit: 7.6 rows a sale."""
    connection = ctx.db.conn
    connection.execute("BEGIN")
    connection.execute(
        "INSERT OR IGNORE INTO drawers (id, opened_at, opened_by) VALUES (1, '', 'x')"
    )
    numbers = "WITH RECURSIVE n(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < ?)"
    at = "strftime('%Y-%m-%dT%H:%M:%fZ', '2025-01-01', (n * 25) || ' seconds')"
    connection.execute(
        f"INSERT INTO sales (id, at, channel, total, actor) {numbers}"
        f" SELECT n, {at}, 'counter', 85000 + n % 7 * 1000, 'konter-' || n % 3 FROM n", (sales,)
    )  # fmt: skip
    for number, every in ((1, 1), (2, 1), (3, 3)):
        connection.execute(
            f"INSERT INTO sale_lines (sale_id, line, item_id, code, name, unit, price, quantity,"
            f" total, cost) {numbers} SELECT n, {number}, 1 + n % 7, 'KODE-' || n % 7,"
            f" 'Kampas rem depan ' || n % 7, 'buah', 42500, 1, 42500, 30000 FROM n"
            f" WHERE n % {every} = 0", (sales,)
        )  # fmt: skip
        connection.execute(
            f"INSERT INTO stock_moves (item_id, at, quantity, reason, sale_id, actor, cost) {numbers}"
            f" SELECT 1 + n % 7, {at}, -1, 'sale', n, 'konter-' || n % 3, 30000 FROM n"
            f" WHERE n % {every} = 0", (sales,)
        )  # fmt: skip
    connection.execute(
        f"INSERT INTO payments (at, kind, method, amount, sale_id, drawer_id, actor) {numbers}"
        f" SELECT {at}, 'sale', 'cash', 85000, n, 1, 'konter-' || n % 3 FROM n", (sales,)
    )  # fmt: skip
    connection.execute(
        f"INSERT INTO audit (at, actor, command, subject, after) {numbers} SELECT {at},"
        f" 'konter-' || n % 3, 'sales.sell', 'sale ' || n, '{{\"total\": 85000}}' FROM n", (sales,)
    )  # fmt: skip
    connection.execute("COMMIT")


def enrolled(ctx: Context, office: Office, name: str) -> Address:
    told: dict[str, Any] = administering.add(office, name)
    enrolling.enrol(ctx, Enrolment(**told))
    return enrolling.address(ctx)


def rounds(ctx: Context, wire: Wire) -> tuple[int, float]:
    """One round of a branch: rows, seconds."""
    made = Rounds(ctx.store.path, SystemClock(), ctx.store.path.parent, lambda: wire)
    began = time.perf_counter()
    rows = made.round()
    took = time.perf_counter() - began
    wire.close()
    return rows, took


def sell(ctx: Context) -> float:
    """One of one line, paid in cash; seconds."""
    began = time.perf_counter()
    till.sell(ctx, cart_of([LINE]).sold(), [Paid("cash", LINE.price)])
    return time.perf_counter() - began
