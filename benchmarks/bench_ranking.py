"""Ranking: how good it is on the CDNOW history, and how fast with a million sales.

- CDNOW (70,000 purchases of 23,570 customers, shipped by the package `lifetimes`): imported as an old
  sales book, ranked as of 1997-09-30; which part of the spend of the 39 weeks after the best 5, 10 and
  20 % made. 0.38, 0.52 and 0.688 are wanted; total spend catches .356, .498, .661;
- import of 1,000,000 sales of 100,000 customers over an executemany of the same rows; 3 is wanted;
- the first page of the ranked list, which a screen shows; 100 ms is wanted;
- `report ranking` of all over the bare query; 1.5 is wanted.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from datetime import date, timedelta
from math import ceil
from pathlib import Path

from crm_tui.clock import SystemClock
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging
from crm_tui.shop.loyalty import ranking_table, scores
from crm_tui.shop.loyalty.lists import RANKING
from crm_tui.shop.reports import formats, registry
from crm_tui.shop.reports.period import Period
from crm_tui.shop.users import setup
from tests.peers import crm, founded

SALES, CUSTOMERS = 1_000_000, 100_000
CUT, WEEKS = date(1997, 9, 30), 39
WANTED = {0.05: 0.38, 0.10: 0.52, 0.20: 0.688}
RUPIAH_A_DOLLAR = 15_000


def history(folder: Path) -> list[tuple[str, date, int]]:
    """CDNOW's purchases: a telephone number made of the customer's, the day, rupiah."""
    words = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "-d",
        str(folder),
        "lifetimes==0.11.3",
    ]
    subprocess.run([sys.executable, *words], check=True, stderr=subprocess.DEVNULL)
    wheel = next(folder.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("lifetimes/datasets/CDNOW_master.txt").decode()
    found = []
    for line in text.splitlines()[1:]:
        customer, day, _, dollars = line.split()
        when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        amount = round(float(dollars) * RUPIAH_A_DOLLAR)
        found.append((f"+62811{int(customer):07d}", when, amount))
    return found


def shares(order: list[str], later: dict[str, int]) -> list[float]:
    """Which part of all that is spent later the top 5, 10, 20 % of a list spend."""
    whole = sum(later.values())
    return [
        sum(later.get(each, 0) for each in order[: ceil(len(order) * share)]) / whole
        for share in WANTED
    ]


def told(what: str, value: float, wanted: float, *, least: bool = False) -> bool:
    good = value >= wanted if least else value <= wanted
    bound = "at least" if least else "at most"
    print(f"  {what:<50} {value:7.3f}   wanted {bound} {wanted:g} {'' if good else '✗'}")
    return good


def cdnow(root: Path) -> bool:
    """How good the list is."""
    bought = history(root)
    book = root / "buku.csv"
    lines = [f"{day},{phone},{amount}\n" for phone, day, amount in bought]
    book.write_text("tanggal,telepon,total\n" + "".join(lines))
    folder = founded(root / "toko")
    crm(folder, "import", "sales", str(book))
    target = root / "ranking.json"
    crm(folder, "report", "ranking", "--as-of", str(CUT), "--format", "json", "-o", str(target))
    order = [row["phone"] for row in json.loads(target.read_text())]
    later: dict[str, int] = defaultdict(int)
    spent: dict[str, int] = defaultdict(int)
    for phone, day, amount in bought:
        if day <= CUT:
            spent[phone] += amount
        elif day <= CUT + timedelta(weeks=WEEKS):
            later[phone] += amount
    plain = shares(sorted(spent, key=lambda phone: -spent[phone]), later)
    print(f"CDNOW, {len(order)} customers ranked as of {CUT}; total spend: "
          + ", ".join(f"{share:.3f}" for share in plain))  # fmt: skip
    good = True
    for (share, wanted), value in zip(WANTED.items(), shares(order, later), strict=True):
        good &= told(f"the top {share:.0%} hold of later spend", value, wanted, least=True)
    return good


def million() -> list[tuple[str, str, int]]:
    """A million sales in the order of their days; few customers buy much."""
    chance = random.Random(3)
    first = date(2021, 1, 1)
    found = []
    for number in range(SALES):
        day = first + timedelta(days=number * 2000 // SALES)
        customer = int(CUSTOMERS * chance.random() ** 2)
        found.append((str(day), f"0812{customer:08d}", chance.randrange(10, 2000) * 500))
    return found


def bare(folder: Path, rows: list[tuple[str, str, int]]) -> float:
    """Seconds of an executemany of the same rows into an equal store: customers, numbers, sales."""
    ctx = setup.init(folder, SystemClock(), shop="Toko", admin="bos", password="harimau-bos")
    keys: dict[str, int] = {}
    sales = [
        (f"{day}T05:00:00.000Z", keys.setdefault(phone, len(keys) + 1), total)
        for day, phone, total in rows
    ]
    began = time.perf_counter()
    with ctx.store.transaction() as db:
        db.conn.executemany(
            "INSERT INTO customers (id, name, kind, created_at) VALUES (?, '', 'customer', '')",
            ((key,) for key in keys.values()),
        )
        db.conn.executemany("INSERT INTO phones VALUES (?, ?)", keys.items())
        db.conn.executemany(
            "INSERT INTO sales (at, channel, customer_id, total, actor)"
            " VALUES (?, 'counter', ?, ?, 'bos')", sales,
        )  # fmt: skip
    return time.perf_counter() - began


def speed(root: Path) -> bool:
    """How fast it is."""
    rows = million()
    book = root / "juta.csv"
    book.write_text("date,phone,total\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows))
    floor = bare(root / "bare", rows)
    ctx = setup.init(root / "juta", SystemClock(), shop="Toko", admin="bos", password="harimau-bos")
    began = time.perf_counter()
    staging.merge(ctx, staging.stage(ctx, import_sales.KIND, book))
    took = time.perf_counter() - began
    print(f"1,000,000 sales: bare {floor:.1f} s, import with its ranking {took:.1f} s")
    good = told("import over a bare executemany", took / floor, 3)
    good &= told("first page of the list, ms", first_page(ctx) * 1000, 100)
    return good & whole_report(ctx)


def first_page(ctx: Context) -> float:
    now = scores.chosen(ctx)
    assert now is not None
    view = listing.View("best", "all", given=ranking_table.params(ctx, now))
    taken = []
    for _ in range(9):
        began = time.perf_counter()
        page = listing.page(ctx, RANKING, view)
        taken.append(time.perf_counter() - began)
        assert len(page) == 100
    return statistics.median(taken)


def whole_report(ctx: Context) -> bool:
    """All customers as CSV, over the query alone."""
    found = registry.REPORTS["ranking"]
    queries, wholes = [], []
    for _ in range(5):
        now = scores.chosen(ctx)
        assert now is not None
        began = time.perf_counter()
        count = len(ctx.db.execute(ranking_table.RANKED, (now.id,)).fetchall())
        queries.append(time.perf_counter() - began)
        began = time.perf_counter()
        text = formats.written(found, found.rows(ctx, Period()), "csv", str)
        wholes.append(time.perf_counter() - began)
        assert text.count("\n") == count + 1
    query, whole = statistics.median(queries), statistics.median(wholes)
    print(f"report of {count} customers: {whole * 1000:.0f} ms, bare query {query * 1000:.0f} ms")
    return told("report over the bare query", whole / query, 1.5)


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        good = cdnow(Path(made))
        good &= speed(Path(made))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
