"""Two simulated months, as the practice shop lives them, with a counter that does anything: every
report with every option tells what plain SQL finds in the ledgers."""

import random
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from crm_tui.practice import history
from crm_tui.shop.gate.commands import together
from crm_tui.shop.gate.context import Actor
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.loyalty import scores, tiers
from crm_tui.shop.reports.base import Wanted
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.registry import REPORTS
from crm_tui.shop.sales.settings import ROUNDING
from tests.day import STEPS, found_people, money_adds_up
from tests.shop import Shop
from tests.test_figures import evenings_agree

BACKWARDS = {"old book", "undo"}
"""Steps that write into past days, or unwrite what was: not while past evenings are compared."""


class Days(history._History):
    """Days of the practice shop on a clock that goes on and never leaps."""

    def _at(self, day: date, minute: int) -> None:
        at = datetime.combine(day, time(minute // 60, minute % 60)).astimezone()
        self._clock.wait(max(0.0, (at - self._clock.now()).total_seconds()))


def live(shop: Shop, seed: int, days: int, steps: int) -> list[date]:
    """Customers write, the staff work, and at the counter happens anything; the days."""
    chance = random.Random(seed)
    rows = import_items.read_file(Path(str(files("crm_tui") / "practice" / "items.csv")))
    import_items.apply(shop.ctx, rows, "items.csv")
    found_people(shop.ctx)
    shop.set(ROUNDING, 500)
    tiers.save(shop.ctx, tiers.Tier("Juara", 0, top=2_000, discount=500))
    staff = dict.fromkeys(("sari", "tono", "dewi"), Actor("user", "sari", 1))
    lived = Days(shop.ctx.store, shop.clock, staff, {}, {})
    lived._chance = chance
    seen = []
    names = sorted(set(STEPS) - {"rank", "reward", *BACKWARDS})
    for number in range(days):
        day = shop.clock.now().astimezone().date() + timedelta(1 if number else 0)
        seen.append(day)
        with together(lived.worker, lived.counter, shop.ctx):
            with suppress(RuleBroken):
                # The counter has sold what somebody comes for: that day ends early.
                lived.day(day)
            for _ in range(steps):
                try:
                    numbers = (chance.randrange(60) for _ in range(3))
                    STEPS[chance.choice(names)](shop.ctx, *numbers)
                except RuleBroken:
                    continue
                shop.clock.wait(chance.randrange(900))
        if number % 7 == 0:
            scores.choose(shop.ctx)
        tiers.review(shop.ctx)
    return seen


# ── plain SQL ─────────────────────────────────────────────────────────────────────────────────────

_IN = "at >= :begin AND at < :end"
_LINES = f"FROM sale_lines JOIN sales ON sales.id = sale_id WHERE {_IN}"
PLAIN: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "sales": {
        part: {
            "count": f"SELECT count(*) FROM sales WHERE {_IN} {only}",
            "total": f"SELECT sum(total) FROM sales WHERE {_IN} {only}",
            "discount": f"SELECT sum(discount - redeemed) {_LINES} {only}",
            "redeemed": f"SELECT sum(redeemed) {_LINES} {only}",
            "profit": f"SELECT sum(sale_lines.total - cost * quantity) {_LINES} {only}",
            "covered": f"SELECT sum(sale_lines.total) {_LINES} {only} AND cost IS NOT NULL",
        }
        for part, only in {
            "all": "", "sale": "AND kind = 'sale'", "back": "AND kind IN ('return', 'void')",
        }.items()
    },
    "sales-direct": {
        "all": {"total": f"SELECT sum(total) FROM sales WHERE {_IN} AND channel = 'counter'"},
    },
    "sales-sms": {"all": {"total": f"SELECT sum(total) FROM sales WHERE {_IN} AND channel = 'sms'"}},
    "profit": {
        part: {
            "total": f"SELECT sum(total) FROM sales WHERE {_IN}",
            "profit": f"SELECT sum(sale_lines.total - cost * quantity) {_LINES}",
            "quantity": f"SELECT sum(quantity) {_LINES}",
        }
        for part in ("item", "category", "seller", "payment")
    },
    "takings": {
        part: {
            "amount": f"SELECT sum(amount) FROM payments WHERE {_IN} {only}",
            "sold": f"SELECT sum(amount) FROM payments WHERE {_IN} {only} AND kind = 'sale'",
            "repaid": f"SELECT sum(amount) FROM payments WHERE {_IN} {only} AND kind = 'repayment'",
        }
        for part, only in {
            "all": "", "cash": "AND method = 'cash'", "account": "AND method = 'account'",
        }.items()
    },
    "moves": {
        part: {"quantity": f"SELECT sum(quantity) FROM stock_moves WHERE {_IN} AND {only}"}
        for part, only in {
            "all": "1", "receipts": "reason = 'receipt'", "supplier": "reason = 'supplier'",
            "corrections": "reason IN ('correction', 'opname')",
            "sales": "reason IN ('sale', 'return', 'void')",
        }.items()
    },
    "stock": {
        "all": {
            "came": f"SELECT sum(quantity) FROM stock_moves WHERE {_IN} AND quantity > 0",
            "went": f"SELECT -sum(quantity) FROM stock_moves WHERE {_IN} AND quantity < 0",
            "on_hand": "SELECT sum(quantity) FROM stock_moves WHERE at < :end",
        },
    },
    "customers": {
        "all": {
            "spent": f"SELECT sum(total) FROM sales JOIN kept ON kept.id = customer_id WHERE {_IN}"
            " AND kept_id IN (SELECT id FROM customers WHERE active = 1)",
        },
        "owing": {"due": "SELECT sum(amount) FROM receivables WHERE at < :end"},
    },
    "orders": {
        "all": {
            "count": "SELECT count(*) FROM orders WHERE received_at >= :begin AND received_at < :end",
            "total": "SELECT sum(price * quantity) FROM order_lines JOIN orders ON orders.id = order_id"
            " WHERE received_at >= :begin AND received_at < :end",
        },
        "waiting": {
            "count": "SELECT count(*) FROM orders WHERE received_at >= :begin AND received_at < :end"
            " AND status = 'waiting'",
        },
    },
    "messages": {
        part: {"count": f"SELECT count(*) FROM messages WHERE {_IN} {only}"}
        for part, only in {
            "all": "", "in": "AND direction = 'in'", "out": "AND direction = 'out'",
        }.items()
    },
    "lost": {"all": {"count": f"SELECT count(*) FROM lost_sales WHERE {_IN}"}},
    "audit": {"all": {"count": f"SELECT count(*) FROM audit WHERE {_IN}"}},
    "promos": {
        "": {
            "count": "SELECT count(*) FROM promos WHERE started_at >= :begin AND started_at < :end",
        },
    },
    "readings": {
        "": {
            "read": "SELECT count(*) FROM readings JOIN messages ON messages.id = message_id"
            " WHERE messages.at >= :begin AND messages.at < :end",
        },
    },
}  # fmt: skip


def days_agree(shop: Shop, period: Period) -> None:
    """Every report of these days, with each part and in each sum, is what plain SQL finds."""
    ctx = shop.ctx
    begin, end = period.bounds()
    for name, report in REPORTS.items():
        if not report.by_days:
            continue
        for part in ("", *(report.listed.parts if report.listed else ())):
            rows = list(report.rows(ctx, period, part))
            totals = report.totals(ctx, Wanted(period, part))
            assert totals["count"] == len(rows), (name, part)
            for column in report.columns:
                known = [row[column.key] for row in rows if row[column.key] is not None]
                if column.total:
                    assert totals.get(column.key, 0) == sum(known), (name, part, column.key)
        for part, sums in PLAIN.get(name, {}).items():
            totals = report.totals(ctx, Wanted(period, part))
            for key, query in sums.items():
                plain = ctx.db.execute(query, {"begin": begin, "end": end}).fetchone()[0] or 0
                assert totals.get(key, 0) == plain, (name, part, key, period)
    told = {report.name for report in REPORTS.values() if report.by_days}
    # Its only figures are times, which are compared in their own test.
    assert told - set(PLAIN) == {"times"}


def words_agree(shop: Shop, period: Period) -> None:
    """A customer's name, and number, find the customer's rows and no others."""
    people: list[dict[str, Any]] = shop.rows(
        "SELECT customers.name, min(number) AS number FROM customers JOIN phones"
        " ON customer_id = customers.id WHERE merged_into IS NULL AND name LIKE 'Orang%'"
        " AND name NOT IN (SELECT name FROM customers WHERE merged_into IS NULL GROUP BY name"
        "  HAVING count(*) > 1) GROUP BY 1"
    )
    for name in ("sales", "customers", "receivables", "ranking"):
        days = period if REPORTS[name].by_days else Period()
        rows = list(REPORTS[name].rows(shop.ctx, days))
        for who in people:
            theirs = [row for row in rows if row["customer"] == who["name"]]
            typed = "0" + who["number"].removeprefix("+62")
            assert list(REPORTS[name].rows(shop.ctx, days, search=typed)) == theirs, name
            found = list(REPORTS[name].rows(shop.ctx, days, search=who["name"]))
            # The words of a name may stand elsewhere, too.
            assert [row for row in found if row in theirs] == theirs, name


def whole(shop: Shop, seed: int, days: int, steps: int, evenings: int) -> None:
    chance = random.Random(-seed)
    seen = live(shop, seed, days, steps)
    money_adds_up(shop.ctx)
    for day in chance.sample(seen, evenings):
        evenings_agree(shop, day)
    days_agree(shop, Period())
    for _ in range(evenings):
        first, last = sorted(chance.sample(seen, 2))
        days_agree(shop, Period(first, last))
        words_agree(shop, Period(first, last))


def test_a_week(tmp_path: Path) -> None:
    """A week, in every run."""
    shop = Shop(tmp_path / "toko")
    try:
        whole(shop, 7, 7, 10, 2)
    finally:
        shop.close()


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_months(tmp_path: Path, seed: int) -> None:
    """Two months, with different chances."""
    shop = Shop(tmp_path / "toko")
    try:
        whole(shop, seed, 61, 25, 12)
    finally:
        shop.close()
