"""Two simulated months, as the practice shop lives them, with a counter that does anything: every
report with every option tells what plain SQL finds in the ledgers."""

import math
import random
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from crm_tui.clock import day_begin, moment, stamp
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

BACKWARDS = {"old book", "book back", "undo"}
"""Steps that write into past days, or unwrite what was: not while past evenings are compared."""
FILES = ("price list", "address book")
"""Steps that are no part of a transaction around them."""


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
    names = sorted(set(STEPS) - {"rank", "reward", *BACKWARDS, *FILES})
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
        if number % 3 == 0:
            STEPS[FILES[number % 2]](shop.ctx, *(chance.randrange(60) for _ in range(3)))
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
            "amount": f"SELECT sum(amount) FROM payments WHERE {_IN} {only}"
            " AND method <> 'account'",
            "sold": f"SELECT sum(amount) FROM payments WHERE {_IN} {only} AND kind = 'sale'",
            "repaid": f"SELECT sum(amount) FROM payments WHERE {_IN} {only} AND kind = 'repayment'",
        }
        for part, only in {
            "all": "", "cash": "AND method = 'cash'", "account": "AND method = 'account'",
        }.items()
    },
    "drawers": {
        "all": {
            **{
                key: f"SELECT sum(amount) FROM payments JOIN drawers ON drawers.id = drawer_id"
                f" WHERE opened_at >= :begin AND opened_at < :end AND kind = '{kind}'"
                for key, kind in {
                    "sold": "sale", "refunded": "refund", "repaid": "repayment", "moved": "drawer",
                }.items()
            },
            "difference": "SELECT sum(counted - expected) FROM drawer_counts JOIN drawers"
            " ON drawers.id = drawer_id WHERE opened_at >= :begin AND opened_at < :end",
        },
    },
    "exceptions": {
        "": {
            **{
                key: f"SELECT sum(-total) FROM sales WHERE {_IN} AND kind = '{kind}'"
                for key, kind in {"voided": "void", "returned": "return"}.items()
            },
            **{
                key: f"SELECT count(*) FROM sales WHERE {_IN} AND kind = '{kind}'"
                for key, kind in {"voids": "void", "returns": "return"}.items()
            },
            "discounted": f"SELECT sum(rupiah) FROM given_discounts JOIN sales ON sales.id = sale_id"
            f" WHERE {_IN}",
            "cash_out": f"SELECT sum(-amount) FROM payments WHERE {_IN} AND kind = 'drawer'"
            " AND amount < 0 AND id NOT IN (SELECT payment_id FROM roundings)",
            "points": f"SELECT sum(-points) FROM point_moves WHERE {_IN}"
            " AND kind IN ('spent', 'redeemed')",
            "given": f"SELECT sum(points) FROM point_moves WHERE {_IN} AND kind = 'gift'",
            **{
                key: f"SELECT sum({way}) FROM drawer_counts JOIN drawers ON drawers.id = drawer_id"
                f" WHERE closed_at >= :begin AND closed_at < :end AND {way} > 0"
                for key, way in {
                    "short": "expected - counted", "over": "counted - expected",
                }.items()
            },
            "copies": f"SELECT count(*) FROM receipt_prints WHERE {_IN} AND copy > 0",
            "permitted": f"SELECT count(*) FROM audit WHERE {_IN} AND command = 'users.permit'",
            "was_permitted": f"SELECT count(*) FROM audit WHERE {_IN} AND command = 'users.permit'",
        },
    },
    "abc": {
        "all": {
            "total": f"SELECT sum(sale_lines.total) {_LINES} AND item_id IS NOT NULL",
            "quantity": f"SELECT sum(quantity) {_LINES} AND item_id IS NOT NULL",
            "profit": f"SELECT sum(sale_lines.total - cost * quantity) {_LINES}",
            "covered": f"SELECT sum(sale_lines.total) {_LINES} AND cost IS NOT NULL",
        },
    },
    "statement": {
        "all": {
            key: f"SELECT {sign}sum(amount) FROM receivables WHERE {_IN} AND payment_id IN"
            f" (SELECT id FROM payments WHERE kind {which} 'sale')"
            for key, sign, which in (("charged", "", "="), ("paid", "-", "<>"))
        },
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
            " AND kept_id IN (SELECT id FROM customers WHERE active = 1 OR :end <= :now)",
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
    given = {"begin": begin, "end": end, "now": ctx.at}
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
            if name == "statement":
                accounts_agree(shop, rows, end)
            if name == "abc" and not part:
                classes_agree(rows)
            if name == "customers" and not part:
                top = next(iter(report.charts(ctx, period)[0].rows.values()))
                most = sorted((row["spent"] for row in rows), reverse=True)[:10]
                assert [each for each in top if each > 0] == [each for each in most if each > 0]
        for part, sums in PLAIN.get(name, {}).items():
            totals = report.totals(ctx, Wanted(period, part))
            for key, query in sums.items():
                plain = ctx.db.execute(query, given).fetchone()[0] or 0
                assert totals.get(key, 0) == plain, (name, part, key, period)
    told = {report.name for report in REPORTS.values() if report.by_days}
    # Its only figures are times, which are compared in their own test.
    assert told - set(PLAIN) == {"times"}


def accounts_agree(shop: Shop, rows: list[Any], end: str) -> None:
    """Each line of an account says what was owed after it; the last one, what is owed at the end."""
    last: dict[tuple[str, str], int] = {}
    for row in rows:
        who = row["customer"], row["phone"]
        change = (row["charged"] or 0) - (row["paid"] or 0)
        if row["what"] != "forward":
            assert row["balance"] == last.get(who, 0) + change
        last[who] = row["balance"]
    owed = shop.one("SELECT coalesce(sum(amount), 0) FROM receivables WHERE at < ?", end)
    assert sum(last.values()) == owed


def classes_agree(rows: list[Any]) -> None:
    """The largest first, until 80 and 95 % are full; shares add up to the whole."""
    whole = sum(max(0, row["total"]) for row in rows)
    so_far = 0
    for row in sorted(rows, key=lambda row: -max(0, row["total"])):
        up = max(0, row["total"])
        reached = 100 * so_far
        due = "A" if reached < 80 * whole else "B" if reached < 95 * whole else "C"
        due = due if up else "C"
        assert row["class"] == due, row
        so_far += up
        assert not up or row["share"] == pytest.approx(100 * up / whole, abs=0.051)
        assert not whole or row["so_far"] <= 100


def now_agrees(shop: Shop) -> None:
    """The purchase list, item by item in plain Python from the ledgers."""
    ctx, now = shop.ctx, shop.clock.now()
    rows = {row["code"]: row for row in REPORTS["purchases"].rows(ctx, Period(), "all")}
    since, today = stamp(day_begin(now) - timedelta(60)), now.astimezone().date()
    listed = {row["code"] for row in REPORTS["purchases"].rows(ctx, Period())}
    bought = 0
    for item in shop.rows("SELECT * FROM items JOIN stock ON item_id = items.id WHERE active = 1"):
        row, key = rows.pop(item["code"]), item["id"]
        sales = "FROM sale_lines JOIN sales ON sales.id = sale_id WHERE item_id = ?"
        sold = max(
            0, shop.one(f"SELECT coalesce(sum(quantity), 0) {sales} AND at >= ?", key, since)
        )
        firsts = [
            shop.one("SELECT min(at) FROM stock_moves WHERE item_id = ?", key),
            shop.one(f"SELECT min(at) {sales}", key),
        ]
        known = min((each for each in firsts if each), default=stamp(now))
        seen = min(60, max(7, (today - moment(known).astimezone().date()).days))
        promised = shop.one(
            "SELECT coalesce(sum(quantity), 0) FROM order_lines JOIN orders ON orders.id = order_id"
            " WHERE item_id = ? AND status IN ('waiting', 'confirmed')", key,
        )  # fmt: skip
        awaited = shop.one(
            "SELECT coalesce(sum(quantity), 0) FROM waiting_list WHERE item_id = ?"
            " AND ended_at IS NULL", key,
        )  # fmt: skip
        free = max(0, item["on_hand"]) - promised - awaited
        level = item["reorder_level"]
        point = math.ceil(sold * 7 / seen) if level is None else level
        least = int(level is not None)
        buy = max(least, point - free + math.ceil(sold * 30 / seen)) if free <= point else 0
        got = (row["sold"], row["promised"], row["awaited"], row["on_hand"], row["buy"])
        assert got == (sold, promised, awaited, item["on_hand"], buy), item["code"]
        last = shop.rows(
            "SELECT partner, stock_moves.cost FROM stock_moves JOIN stock_documents"
            " ON stock_documents.id = document_id WHERE item_id = ? AND reason = 'receipt'"
            " ORDER BY stock_moves.id DESC LIMIT 1", key,
        )  # fmt: skip
        assert row["supplier"] == (last[0]["partner"] if last else "")
        assert (item["code"] in listed) == (buy > 0)
        cost = last[0]["cost"] if last and last[0]["cost"] is not None else item["cost"]
        assert row["amount"] == (None if cost is None else buy * cost)
        bought += buy
    assert rows == {}
    assert REPORTS["purchases"].totals(ctx, Wanted())["buy"] == bought


def words_agree(shop: Shop, period: Period) -> None:
    """A customer's name, and number, find the customer's rows and no others."""
    people: list[dict[str, Any]] = shop.rows(
        "SELECT customers.name, min(number) AS number FROM customers JOIN phones"
        " ON customer_id = customers.id WHERE merged_into IS NULL AND name LIKE 'Orang%'"
        " AND name NOT IN (SELECT name FROM customers WHERE merged_into IS NULL GROUP BY name"
        "  HAVING count(*) > 1) GROUP BY 1"
    )
    for name in ("sales", "customers", "receivables", "ranking", "ageing", "statement"):
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
    now_agrees(shop)
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
