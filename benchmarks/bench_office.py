"""What the owner waits for: reports over all branches of a day on PostgreSQL.

    python -m benchmarks.bench_office [BRANCHES] [SALES A BRANCH]      (default 200 × 500)

Rows are made by the server itself, as branches send them: for each sale 2.2 lines, a payment, 2.2
moves of goods and a share of debts; 1,000 × 2,000 makes 13 million rows. Told are

- the floor: a sum over all sales, no more;
- revenue by branch, as `office report revenue` asks it: no more than `MOST` times the floor, and so
  below a second for the large day where the floor takes a quarter of one;
- any report of one branch, and by branch over all (the branches' own queries, one after the other).
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from crm_tui.clock import SystemClock
from crm_tui.office import reports
from crm_tui.office.reading import Branch, ReadSide
from crm_tui.shop.reports.base import Wanted
from crm_tui.shop.reports.period import Period
from tests import office as offices

MOST = 4.0
_MANY = 1_000_000
"""With more rows the reports of all branches, one after the other, are left out."""
_RUNS = 5
DAY = Period.parse("2026-11-26", "2026-11-26")
T = TypeVar("T")

_MADE = (
    # Every third sale by SMS, every fortieth goods that came back.
    """INSERT INTO crm.sales (branch, epoch, id, at, channel, customer_id, total, actor, kind, reason)
    SELECT b.branch, 1, n, timestamptz '2026-11-26 01:00:00Z' + n * interval '15 s',
        CASE WHEN n %% 3 = 0 THEN 'sms' ELSE 'counter' END, n %% 500 + 1,
        CASE WHEN n %% 40 = 0 THEN -1 ELSE 1 END * (20000 + n %% 97 * 1000), 'kasir',
        CASE WHEN n %% 40 = 0 THEN 'return' ELSE 'sale' END, ''
    FROM crm.branches AS b, generate_series(1, %(sales)s) AS n""",
    """INSERT INTO crm.sale_lines (branch, epoch, sale_id, line, item_id, code, name, unit, price,
        quantity, total, discount, cost, redeemed)
    SELECT b.branch, 1, n, l, (n + l) %% 300 + 1, 'BRG-' || (n + l) %% 300,
        'Barang nomor ' || (n + l) %% 300, 'pcs', 10000, 1, 10000, 0, 8000, 0
    FROM crm.branches AS b, generate_series(1, %(sales)s) AS n, generate_series(1, 3) AS l
    WHERE l <= 2 OR n %% 5 = 0""",
    """INSERT INTO crm.payments (branch, epoch, id, at, kind, method, amount, sale_id, drawer_id, actor,
        note)
    SELECT branch, epoch, id, at, 'sale', 'cash', total, id, 1, actor, '' FROM crm.sales""",
    """INSERT INTO crm.stock_moves (branch, epoch, id, item_id, at, quantity, reason, sale_id, note,
        actor)
    SELECT branch, epoch, 4 * sale_id + line, item_id, timestamptz '2026-11-26 05:00:00Z', -1, 'sale',
        sale_id, '', 'kasir' FROM crm.sale_lines""",
)


def fill(office: ReadSide, branches: int, sales: int) -> int:
    """How many rows were made."""
    office.ask_nothing(
        "INSERT INTO crm.branches (name, seen_at, behind, skew) SELECT 'Cabang ' || n, now(), 0, '1 s'"
        " FROM generate_series(1, %s) AS n",
        (branches,),
    )
    office.ask_nothing("INSERT INTO crm.epochs (branch, epoch) SELECT branch, 1 FROM crm.branches")
    office.ask_nothing(
        "SELECT set_config('crm.acting_for', min(branch)::text, false) FROM crm.branches"
    )
    for statement in _MADE:
        office.ask_nothing(statement, {"sales": sales})
    office.ask_nothing("VACUUM ANALYZE")
    tables = ("sales", "sale_lines", "payments", "stock_moves")
    return sum(office.ask(f"SELECT count(*) FROM crm.{table}")[0][0] for table in tables)


def seconds(do: Callable[[], object], runs: int = _RUNS) -> float:
    """The median."""
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        do()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def main() -> int:
    branches, sales = map(int, sys.argv[1:3] if len(sys.argv) > 2 else ("200", "500"))
    with tempfile.TemporaryDirectory() as root:
        office = offices.open_office(offices.database(Path(root)), Path(root), SystemClock())
        rows, took = _timed(lambda: fill(office, branches, sales))
        print(f"{branches:,} branches, {rows:,} rows, made in {took:.0f} s")
        floor = seconds(lambda: office.ask("SELECT sum(total), count(*) FROM crm.sales"))
        revenue, chain = reports.find("revenue"), office.chain()
        told = seconds(lambda: list(revenue.rows(chain, DAY)))
        print(f"a sum over all sales     {floor * 1000:8.1f} ms")
        print(f"revenue by branch        {told * 1000:8.1f} ms, {told / floor:.1f} times that")
        one = office.branches()[branches // 2]
        for name in ("sales", "takings", "profit", "stock", "moves"):
            _any_report(office, one, name, rows)
        office.connection.close()
    good = told <= max(MOST * floor, 0.05)
    print("revenue by branch:", "good" if good else f"more than {MOST} times the sum")
    return 0 if good else 1


def _any_report(office: ReadSide, one: Branch, name: str, rows: int) -> None:
    there, own = office.context(one), reports.find(name, one.name)
    alone = seconds(lambda: own.totals(there, Wanted(DAY if own.by_days else Period())))
    told = f"{name:10} of one branch {alone * 1000:8.1f} ms"
    if rows <= _MANY:
        _, whole = _timed(lambda: list(reports.find(name).rows(office.chain(), DAY)))
        told += f", by branch over all {whole:8.2f} s"
    print(told)


def _timed(do: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    found = do()
    return found, time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
