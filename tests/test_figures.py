"""Figures are true: every report, with every option, tells what plain SQL finds in the ledgers."""

import os
import re
import time as os_time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui import payment_numbers, sqlite
from crm_tui.clock import moment, stamp
from crm_tui.screens.reports.report import _parameters
from crm_tui.screens.sales.paying import Pay
from crm_tui.shop.customers import cards as customer_cards
from crm_tui.shop.customers import merging, people
from crm_tui.shop.customers.settings import CREDIT_DAYS
from crm_tui.shop.gate import consistency, listing, slices, undo
from crm_tui.shop.gate import settings as shop_settings
from crm_tui.shop.gate.errors import BadInput, BadSetting, RuleBroken
from crm_tui.shop.gate.listing import View
from crm_tui.shop.imports import items as imports
from crm_tui.shop.items import cards as item_cards
from crm_tui.shop.items import catalogue, stock
from crm_tui.shop.items.cards import Card
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points, scores, tiers
from crm_tui.shop.messages.settings import NOTICES, SMS_COST
from crm_tui.shop.orders import deciding
from crm_tui.shop.promos import campaigns
from crm_tui.shop.promos import sending as promo_sending
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.promos.campaigns import Draft
from crm_tui.shop.reports import base, formats, publish
from crm_tui.shop.reports.base import Record, Wanted
from crm_tui.shop.reports.earnings import WAYS
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.registry import REPORTS
from crm_tui.shop.reports.settings import COVER
from crm_tui.shop.sales import (
    collecting,
    drawer,
    parked,
    receipt,
    receivables,
    returns,
    sale_codec,
    till,
)
from crm_tui.shop.sales.errors import NotEnoughCash, SaleFromBook
from crm_tui.shop.sales.payment_methods import METHODS, Paid
from crm_tui.shop.sales.settings import ROUNDING
from crm_tui.text import phone as grouped
from tests.day import STEPS, found_people, line, money_adds_up, old_book
from tests.shop import ANI, BUDI, CITRA, Shop, cart_of, contents
from tests.test_listing import LISTS
from tests.test_reports import tr as translate_id
from tests.test_rewards import person, sell

NO_DAYS = {"ranking", "receivables", "health", "purchases", "idle", "ageing"}
EVENINGS = {"ranking", "receivables", "stock", "customers", "idle", "ageing"}
"""Reports that no days choose from; those that can be told as of the evening of a day."""


def _over(day: date) -> str:
    """The moment at which a day is over, as the store writes it."""
    return stamp(datetime.combine(day + timedelta(1), time()).astimezone())


def refused(shop: Shop, name: str, period: Period) -> bool:
    try:
        list(REPORTS[name].rows(shop.ctx, period))
    except BadInput:
        with pytest.raises(BadInput):
            REPORTS[name].totals(shop.ctx, Wanted(period))
        return True
    return False


def test_what_a_report_cannot_honour(shop: Shop) -> None:
    """An option that a report cannot honour is refused; it never becomes a heading only."""
    days = Period.parse("2026-11-01", "2026-11-20")
    day = Period.parse(None, None, "2026-11-20")
    both = Period.parse("2026-11-01", None, "2026-11-20")
    ahead = Period.parse(None, None, "2026-12-20")
    assert {name for name in REPORTS if refused(shop, name, days)} == NO_DAYS, (
        "a new report without days (by_days) is named in NO_DAYS"
    )
    assert {name for name in REPORTS if not refused(shop, name, day)} == EVENINGS, (
        "a new report of past days (evenings) is named in EVENINGS"
    )
    assert all(refused(shop, name, both) for name in REPORTS)
    assert all(refused(shop, name, ahead) for name in REPORTS)
    for name, report in REPORTS.items():
        with pytest.raises(BadInput):
            list(report.rows(shop.ctx, Period(), "apa"))
        assert list(report.rows(shop.ctx, Period(), search="tidakadaapapun")) == [], name


# ── as of an evening ──────────────────────────────────────────────────────────────────────────────


def stock_by_hand(shop: Shop, over: str) -> dict[str, tuple[object, ...]]:
    """By code: what was there, at cost, at price, and what lay below zero, from the ledgers alone."""
    found: dict[str, tuple[object, ...]] = {}
    for item in shop.rows("SELECT id, code, price, cost, active FROM items"):
        turns = shop.rows(
            "SELECT at, active FROM sale_turns WHERE item_id = ? ORDER BY id", item["id"]
        )
        if not next((row["active"] for row in reversed(turns) if row["at"] < over),
                    1 if turns else item["active"]):  # fmt: skip
            continue
        began = shop.one("SELECT min(at) FROM price_changes WHERE item_id = ?", item["id"])
        moved = shop.one("SELECT min(at) FROM stock_moves WHERE item_id = ?", item["id"])
        if min(filter(None, (began, moved))) >= over:
            continue
        there = shop.one(
            "SELECT coalesce(sum(quantity), 0) FROM stock_moves WHERE item_id = ? AND at < ?",
            item["id"], over,
        )  # fmt: skip
        costs = [
            row["after"] for row in shop.rows(
                "SELECT after FROM cost_changes WHERE item_id = ? AND at < ? ORDER BY id",
                item["id"], over,
            )
        ]  # fmt: skip
        prices = [
            row["after"] for row in shop.rows(
                "SELECT after FROM price_changes WHERE item_id = ? AND at < ? ORDER BY id",
                item["id"], over,
            )
        ]  # fmt: skip
        cost = costs[-1] if costs else None
        price = prices[-1] if prices else item["price"]
        found[item["code"]] = (
            there, None if cost is None else max(0, there) * cost, max(0, there) * price,
            None if cost is None else min(0, there) * cost,
        )  # fmt: skip
    return found


def customers_by_hand(shop: Shop, over: str) -> dict[int, tuple[object, ...]]:
    """By key: rupiah, points, debt and tier of each customer who is kept."""
    found: dict[int, tuple[object, ...]] = {}
    # Who was put away since was there then.
    listed = "active = 1" if over > shop.ctx.at else "TRUE"
    for row in shop.rows(f"SELECT id FROM customers WHERE merged_into IS NULL AND {listed}"):
        family = [row["id"]] + [
            each["id"]
            for each in shop.rows("SELECT id FROM customers WHERE merged_into = ?", row["id"])
        ]
        names = ",".join(map(str, family))
        came = shop.one(f"SELECT min(created_at) FROM customers WHERE id IN ({names})")
        bought = shop.one(f"SELECT min(at) FROM sales WHERE customer_id IN ({names})")
        if min(filter(None, (came, bought))) >= over:
            continue
        spent = shop.one(
            f"SELECT coalesce(sum(total), 0) FROM sales WHERE customer_id IN ({names}) AND at < ?",
            over,
        )
        points = shop.one(
            "SELECT coalesce(sum(points), 0) FROM point_moves JOIN point_lots ON point_lots.id = lot_id"
            f" WHERE customer_id IN ({names}) AND point_moves.at < ?1"
            " AND (expires_at IS NULL OR expires_at > ?1)", over,
        )  # fmt: skip
        due = shop.one(
            f"SELECT coalesce(sum(amount), 0) FROM receivables WHERE customer_id IN ({names})"
            " AND at < ?", over,
        )  # fmt: skip
        had = []
        for member in family:
            given = shop.rows(
                "SELECT tier_id FROM tier_changes WHERE customer_id = ? AND at < ? ORDER BY id",
                member, over,
            )  # fmt: skip
            if given and given[-1]["tier_id"] is not None:
                had += shop.rows(
                    "SELECT level, id, name FROM tiers WHERE id = ?", given[-1]["tier_id"]
                )
        best = min(had, key=lambda tier: (tier["level"], tier["id"]), default={"name": ""})
        found[row["id"]] = (spent, points, due, best["name"])
    return found


def owed_by_hand(shop: Shop, over: str) -> dict[int, int]:
    return {
        row["sale_id"]: row["due"]
        for row in shop.rows(
            "SELECT sale_id, sum(amount) AS due FROM receivables WHERE at < ? GROUP BY sale_id"
            " HAVING due > 0", over,
        )
    }  # fmt: skip


def lying_by_hand(shop: Shop, day: date) -> dict[str, tuple[object, ...]]:
    """By code: what was there, days since it was sold, or came, and what it was worth at cost."""
    over = _over(day)
    found: dict[str, tuple[object, ...]] = {}
    shelf = stock_by_hand(shop, over)
    for item in shop.rows("SELECT id, code FROM items"):
        there, value, *_ = shelf.get(item["code"], (0, 0))
        sold = shop.one(
            "SELECT max(at) FROM sale_lines JOIN sales ON sales.id = sale_id WHERE item_id = ?1"
            " AND kind = 'sale' AND at < ?2 AND sales.id NOT IN (SELECT of_sale FROM sales"
            " WHERE kind = 'void' AND at < ?2)", item["id"], over,
        )  # fmt: skip
        came = shop.one(
            "SELECT min(at) FROM stock_moves WHERE item_id = ? AND at < ?", item["id"], over
        )
        if isinstance(there, int) and there > 0:
            since = moment(sold or came).astimezone().date()
            found[item["code"]] = (there, (day - since).days, value)
    return found


def ages_by_hand(shop: Shop, day: date, term: int = 30) -> dict[int, tuple[int, ...]]:
    """By customer who is kept: rupiah by how long they are overdue, and all of them."""
    found: dict[int, list[int]] = {}
    for row in shop.rows(
        "SELECT coalesce(merged_into, customers.id) AS who, sales.at, sum(amount) AS due"
        " FROM receivables JOIN sales ON sales.id = sale_id"
        " JOIN customers ON customers.id = receivables.customer_id WHERE receivables.at < ?"
        " GROUP BY sale_id HAVING due > 0", _over(day),
    ):  # fmt: skip
        late = (day - moment(row["at"]).astimezone().date()).days - term
        at = 0 if late <= 0 else 1 if late <= 30 else 2 if late <= 60 else 3 if late <= 90 else 4
        sums = found.setdefault(row["who"], [0] * 6)
        sums[at] += row["due"]
        sums[5] += row["due"]
    return {who: tuple(sums) for who, sums in found.items()}


def evenings_agree(shop: Shop, day: date) -> None:
    """Every report that is told as of a day tells what the ledgers said on its evening."""
    over, period = _over(day), Period(as_of=day)

    def rows(name: str, part: str = "") -> list[Record]:
        return list(REPORTS[name].rows(shop.ctx, period, part))

    told = {
        row["code"]: (row["on_hand"], row["value"], row["worth"], row["below"])
        for row in rows("stock")
    }
    assert told == stock_by_hand(shop, over)
    people: Mapping[int, tuple[object, ...]] = {
        row["number"]: (row["spent"], row["points"], row["due"], row["tier"])
        for row in rows("customers")
    }
    by_hand = customers_by_hand(shop, over)
    if day >= shop.clock.now().astimezone().date():
        # Tiers that were given up since are nobody's now.
        people = {key: each[:3] for key, each in people.items()}
        by_hand = {key: each[:3] for key, each in by_hand.items()}
    assert people == by_hand
    owed = owed_by_hand(shop, over)
    assert {row["sale"]: row["due"] for row in rows("receivables")} == owed
    assert sum(row["due"] for row in rows("customers", "owing")) == sum(owed.values())
    assert {row["days"] for row in rows("receivables")} <= {*range(400)}
    assert lying_by_hand(shop, day) == {
        row["code"]: (row["on_hand"], row["days"], row["value"]) for row in rows("idle", "all")
    }
    assert sorted(ages_by_hand(shop, day).values()) == sorted(
        tuple(row[key] for key in ("not_yet", "to_30", "to_60", "to_90", "over_90", "due"))
        for row in rows("ageing")
    )
    nets = {
        row["who"]: row["net"] for row in shop.rows(
            "SELECT coalesce(merged_into, customers.id) AS who, sum(total) AS net FROM sales"
            " JOIN customers ON customers.id = customer_id WHERE sales.at < ? GROUP BY 1", over,
        )
    }  # fmt: skip
    ranked = rows("ranking")
    assert sum(row["spent"] for row in ranked) == sum(nets.values())
    charts = REPORTS["ranking"].charts(shop.ctx, period)
    top = sorted(nets.values(), reverse=True)[:10]
    assert next(iter(charts[0].rows.values())) == top
    for name in EVENINGS:
        totals = REPORTS[name].totals(shop.ctx, Wanted(period))
        for column in REPORTS[name].columns:
            known = [row[column.key] for row in rows(name) if row[column.key] is not None]
            if column.total and known:
                assert totals[column.key] == sum(known), (name, column.key)


def lived(shop: Shop, seed: int, steps: int, days: int) -> list[date]:
    """Random steps over so many days; the days."""
    import random

    chance = random.Random(seed)
    found_people(shop.ctx)
    tiers.save(shop.ctx, tiers.Tier("Juara", 0, top=3000))
    seen = []
    for _ in range(days):
        seen.append(shop.clock.now().astimezone().date())
        for _ in range(steps):
            name = chance.choice(sorted(STEPS))
            try:
                STEPS[name](shop.ctx, *(chance.randrange(24) for _ in range(3)))
            except RuleBroken:
                continue
            shop.clock.wait(chance.randrange(1800))
        scores.choose(shop.ctx)
        tiers.review(shop.ctx)
        shop.clock.wait(86400 - (shop.clock.now().timestamp() + 7 * 3600 - 8 * 3600) % 86400)
    return seen


# A week of the practice shop asks for evenings each time (test_two_months).
@pytest.mark.soak
def test_as_of_an_evening(tmp_path: Path) -> None:
    """Stock and its value, debts, points, tiers, ranking of any past evening are the ledgers'."""
    shop = Shop(tmp_path / "toko")
    try:
        for day in lived(shop, 1, 30, 4):
            evenings_agree(shop, day)
    finally:
        shop.close()


def test_before_anybody_came(shop: Shop) -> None:
    """A report as of a day, or up to it, names nobody and nothing that came later, and calls nobody
    a customer who had bought nothing by then; an old book knows customers from its own days on."""
    shop.clock.wait(2 * 86400)
    today = shop.clock.now().astimezone().date()
    ani, budi = person(shop, ANI, "Ani"), person(shop, BUDI, "Budi")
    item_cards.add(shop.ctx, Card("BARU-1", "Baru", price=5_000))
    shop.clock.wait(86400)
    for each in (ani, budi):
        sell(shop, "PQ-R", each, 1)

    def told(name: str, key: str, period: Period, part: str = "") -> list[object]:
        rows = list(REPORTS[name].rows(shop.ctx, period, part))
        assert REPORTS[name].totals(shop.ctx, Wanted(period, part))["count"] == len(rows)
        return [row[key] for row in rows]

    for before in (Period(as_of=today - timedelta(1)), Period(last=today - timedelta(1))):
        assert told("customers", "customer", before) == []
    assert "BARU-1" not in told("stock", "code", Period(as_of=today - timedelta(1)))
    assert told("stock", "code", Period(as_of=today - timedelta(400))) == []
    founded = moment(shop.one("SELECT min(at) FROM price_changes"))
    began = founded.astimezone().date()
    for days, wanted in ((1, f"Data toko mulai {began:%d/%m/%Y}."), (0, "")):
        early = Wanted(Period(as_of=began - timedelta(days)))
        assert publish.too_early(shop.ctx, early, translate_id) == wanted
    for day in (today, today + timedelta(1)):
        assert "BARU-1" in told("stock", "code", Period(as_of=day))
        assert told("customers", "customer", Period(as_of=day)) == ["Ani", "Budi"]
    assert told("customers", "customer", Period(as_of=today), "customers") == []
    assert told("customers", "customer", Period(as_of=today), "prospects") == ["Ani", "Budi"]
    merging.merge(shop.ctx, budi, ani)
    assert told("customers", "customer", Period(as_of=today)) == ["Budi"]
    old_book(shop.ctx, 1, 3, 9)
    first = moment(shop.one("SELECT min(at) FROM sales WHERE import_id IS NOT NULL AND customer_id"
                            " IS NOT NULL")).astimezone().date()  # fmt: skip
    assert told("customers", "customer", Period(as_of=first))
    assert told("customers", "customer", Period(as_of=first - timedelta(1))) == []


def test_every_way_of_paying_is_told() -> None:
    """The takings and the drawers tell of each way of paying, in the order and words of the till."""
    assert list(WAYS.items()) == [(name, method.word) for name, method in METHODS.items()], (
        "name it in WAYS of shop/reports/earnings.py"
    )


def test_every_way_of_paying_can_be_taken(shop: Shop) -> None:
    """Each has a number of its own in the ledgers, a row that the store takes, a key at the till."""
    numbers = {payment_numbers.number(name) for name in METHODS}
    assert numbers == set(range(1, len(METHODS) + 1)), "give it a letter in payment_numbers.py"
    stored = shop.one("SELECT sql FROM sqlite_schema WHERE name = 'payments'")
    allowed = set(re.findall(r"'(\w+)'", re.findall(r"method IN \((.*?)\)", stored)[0]))
    assert set(METHODS) <= allowed, "a migration widens the CHECK (_widen in v025_branches.py)"
    keys = str(Pay.BINDINGS)
    keyless = {name for name in METHODS if name != "cash" and f"way('{name}')" not in keys}
    assert not keyless, "give it a key in screens/sales/paying.py"


def test_what_is_owed_is_not_taken(shop: Shop) -> None:
    """Of sales on account the takings count what was repaid, no sooner; drawers sum up what moved, not
    the same notes of each day."""
    ani = person(shop, ANI, "Ani")
    customer_cards.edit(shop.ctx, ani, customer_cards.Card("Ani", credit_limit=10**9))
    on_account(shop, ani, "PQ-R", 1)
    sell(shop, "PQ-R", ani, 2)
    money = shop.one("SELECT sum(amount) FROM payments WHERE method = 'cash'")
    assert REPORTS["takings"].totals(shop.ctx, Wanted())["amount"] == money
    assert REPORTS["takings"].totals(shop.ctx, Wanted(part="account")).get("amount", 0) == 0
    assert "expected" not in REPORTS["drawers"].totals(shop.ctx, Wanted())


def test_a_number_is_told_once(shop: Shop) -> None:
    """A customer without a name is told by the number, which stands in no other cell of that row."""
    sell(shop, "PQ-R", person(shop, ANI), 1)
    shop.ctx.db.execute("UPDATE customers SET name = ''")
    report = REPORTS["sales"]
    told = formats.table(report, report.rows(shop.ctx, Period()), translate_id)
    assert told.count(grouped(ANI)) == 1


@pytest.mark.parametrize(
    ("value", "before", "share"),
    [
        (150, 100, 0.5),
        (0, 100, -1.0),
        (256, -84, None),
        (-5, 5, None),
        (-2, -2, None),
        (3, 0, None),
    ],
)
def test_a_change_of_what_can_change(value: int, before: int, share: float | None) -> None:
    """Only sums above nothing have grown or shrunk by a share."""
    assert base.change(value, before) == share


def test_labels_of_charts(shop: Shop) -> None:
    """Words of ours below a chart are in the reader's language; names of people and goods are theirs,
    whatever word of ours they look like."""
    sell(shop, "PQ-R", person(shop, ANI, "cash"), 1)
    shop.ctx.db.execute("UPDATE items SET category = 'Stock', cost = 9 WHERE code = 'PQ-R'")
    [paid] = REPORTS["takings"].charts(shop.ctx, Period())
    assert paid.labels_in(translate_id) == [translate_id("cash")] != ["cash"]
    [top] = REPORTS["customers"].charts(shop.ctx, Period())
    assert top.labels_in(translate_id) == ["cash"]
    assert "Stock" in REPORTS["stock"].charts(shop.ctx, Period())[1].labels_in(translate_id)


# ── items ─────────────────────────────────────────────────────────────────────────────────────────


def test_costs_and_prices_from_the_first(shop: Shop) -> None:
    """Each way by which an item comes or changes leaves its price and cost in their histories; an item
    that was never used takes them along when it is deleted, and back."""
    ctx = shop.ctx
    item = item_cards.add(ctx, Card("HAND-1", "Dibuat tangan", price=5_000, cost=3_000))
    prices = "SELECT before, after FROM price_changes WHERE item_id = ? ORDER BY id"
    costs = "SELECT before, after FROM cost_changes WHERE item_id = ? ORDER BY id"
    assert shop.rows(prices, item) == [{"before": None, "after": 5_000}]
    assert shop.rows(costs, item) == [{"before": None, "after": 3_000}]
    with pytest.raises(sqlite.IntegrityError):
        ctx.db.execute("DELETE FROM price_changes WHERE item_id = ?", (item,))
    assert item_cards.remove(ctx, item) == "deleted"
    assert shop.rows(prices, item) == shop.rows(costs, item) == []
    step = undo.last(ctx)
    assert step is not None
    undo.undo(ctx, step.id)
    assert shop.rows(prices, item) == [{"before": None, "after": 5_000}]
    item_cards.edit(ctx, item, Card("HAND-1", "Dibuat tangan", price=5_000, cost=None))
    stock.receive(ctx, [Goods(item, 2, 4_000)])
    stock.receive(ctx, [Goods(item, 2, 5_000)])
    assert [row["after"] for row in shop.rows(costs, item)] == [3_000, None, 4_000, 4_500]
    assert item_cards.remove(ctx, item) == "deactivated"
    table = shop.folder / "harga.csv"
    table.write_text(
        "kode;nama;satuan;harga;stok;modal\nHAND-1;Dibuat tangan;pcs;6000;4;5500\n",
        encoding="utf-8",
    )
    imports.apply(ctx, imports.read_file(table), table.name)
    assert [row["after"] for row in shop.rows(costs, item)][-1] == 5_500
    assert [(each.name, key) for each, key in consistency.differences(ctx.db.conn)] == []


def test_an_item_that_somebody_holds(shop: Shop) -> None:
    """An item in a sale that was put aside, or that a customer waits for, is not deleted; every sale
    that was put aside opens."""
    ctx = shop.ctx
    ani = person(shop, ANI)
    kept = item_cards.add(ctx, Card("HAND-1", "Diparkir", price=5_000))
    wanted = item_cards.add(ctx, Card("HAND-2", "Ditunggu", price=5_000))
    parked.park(ctx, cart_of([line(catalogue.by_id(ctx, kept), 2)]))
    ctx.db.execute(
        "INSERT INTO waiting_list (customer_id, phone, item_id, quantity, at, until, look_at)"
        " VALUES (?, ?, ?, 1, ?, ?, ?)", (ani, ANI, wanted, ctx.at, ctx.at, ctx.at),
    )  # fmt: skip
    assert [item_cards.remove(ctx, each) for each in (kept, wanted)] == ["deactivated"] * 2
    assert [len(sale.cart.lines) for sale in parked.parked(ctx)] == [1]
    # What was left at a till while its item was deleted there opens without it.
    gone = item_cards.add(ctx, Card("HAND-3", "Sebentar", price=5_000))
    left = sale_codec.as_text(
        cart_of([line(catalogue.by_id(ctx, each), 1) for each in (gone, kept)])
    )
    assert item_cards.remove(ctx, gone) == "deleted"
    assert [each.code for each in sale_codec.restored(ctx, [left])[0].lines] == ["HAND-1"]


# ── money from nowhere ────────────────────────────────────────────────────────────────────────────


def test_an_old_book_gives_nothing_back(shop: Shop) -> None:
    """A sale of an imported book is neither voided nor returned: no goods, no money of it came here."""
    old_book(shop.ctx, 1, 3, 9)
    before = contents(shop.ctx)
    for sale in shop.rows("SELECT id FROM sales"):
        with pytest.raises(SaleFromBook):
            returns.void(shop.ctx, sale["id"], "salah")
        with pytest.raises(SaleFromBook):
            returns.give_back(shop.ctx, sale["id"], {1: 1}, "salah")
    assert contents(shop.ctx) == before


def test_nobody_knows_how_an_old_book_was_paid(shop: Shop) -> None:
    """No line of the profit is without a name, not that of sales whose way of paying nobody knows."""
    old_book(shop.ctx, 1, 3, 9)
    for part in ("item", "category", "seller", "payment"):
        rows = list(REPORTS["profit"].rows(shop.ctx, Period(), part))
        assert rows
        assert all(row["what"] for row in rows), part


def test_keys_are_given_once(shop: Shop) -> None:
    """A customer, or sale, of an old book has a key that nobody had, not even one who was deleted."""
    gone = customer_cards.add(shop.ctx, customer_cards.Card("Sebentar", phone=CITRA))
    assert customer_cards.remove(shop.ctx, gone) == "deleted"
    # As a restored shop leaves a gap before its next sale.
    shop.ctx.db.execute("INSERT OR REPLACE INTO sqlite_sequence VALUES ('sales', 500)")
    old_book(shop.ctx, 1, 3, 9)
    assert shop.one("SELECT min(id) FROM customers") > gone
    assert shop.one("SELECT min(id) FROM sales") > 500


def test_a_customer_whom_somebody_awaits(shop: Shop) -> None:
    """A customer who waits for goods is put away, not deleted, and nothing fails."""
    who = customer_cards.add(shop.ctx, customer_cards.Card("Menunggu", phone=CITRA))
    shop.ctx.db.execute(
        "INSERT INTO waiting_list (customer_id, phone, item_id, quantity, at, until, look_at)"
        " VALUES (?1, ?2, 1, 1, ?3, ?3, ?3)", (who, CITRA, shop.ctx.at),
    )  # fmt: skip
    assert customer_cards.remove(shop.ctx, who) == "deactivated"


def test_a_merge_while_tiers_are_reviewed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A customer who is merged between what a review reads and what it writes gets no tier any more."""
    who = [person(shop, phone) for phone in (ANI, BUDI, CITRA)]
    for each in who:
        sell(shop, "PQ-R", each, 2)
    scores.choose(shop.ctx)
    tiers.save(shop.ctx, tiers.Tier("Semua", 0, top=10_000))

    def late(*args: object, **named: object) -> object:
        merging.merge(shop.ctx, who[0], who[1])
        return run(*args, **named)

    run: Callable[..., object] = slices.run
    monkeypatch.setattr(slices, "run", late)
    tiers.review(shop.ctx)
    assert [row["customer_id"] for row in shop.rows("SELECT customer_id FROM members")] == [
        who[0],
        who[2],
    ]


# ── cost, profit, discount ────────────────────────────────────────────────────────────────────────


def report_rows(shop: Shop, name: str, period: Period | None = None) -> list[Record]:
    return list(REPORTS[name].rows(shop.ctx, period or Period()))


def test_moves_cost_what_they_cost(shop: Shop) -> None:
    """A move is worth what was paid for the goods, what its sale knows, or what the item cost then."""
    ctx = shop.ctx
    item = item_cards.add(ctx, Card("HAND-1", "Kampas", price=9_000, cost=2_000))
    stock.receive(ctx, [Goods(item, 4, 2_000)])
    shop.clock.wait(60)
    sell(shop, "HAND-1", None, 1)
    stock.correct(ctx, item, 2, "hilang", seen=3)
    shop.clock.wait(60)
    stock.receive(ctx, [Goods(item, 2, 6_000)])
    returns.void(ctx, 1, "salah")
    moved = [
        (row["reason"], row["quantity"], row["value"])
        for row in report_rows(shop, "moves") if row["code"] == "HAND-1"
    ]  # fmt: skip
    assert moved == [
        ("receipt", 4, 8_000), ("sale", -1, -2_000), ("correction", -1, -2_000),
        ("receipt", 2, 12_000), ("void", 1, 2_000),
    ]  # fmt: skip


def test_profit_says_what_it_covers(shop: Shop) -> None:
    """One line without a cost leaves the others' profit known, and it is said of how much it is."""
    ctx = shop.ctx
    known = item_cards.add(ctx, Card("HAND-1", "Tahu modal", price=9_000, cost=2_000))
    unknown = item_cards.add(ctx, Card("HAND-2", "Tidak tahu", price=5_000))
    stock.receive(ctx, [Goods(known, 4), Goods(unknown, 4)])
    cart = cart_of([line(catalogue.by_id(ctx, each), 2) for each in (known, unknown)])
    till.sell(ctx, cart.sold(), [Paid("cash", cart.total)])
    totals = REPORTS["sales"].totals(ctx, Wanted())
    assert (totals["profit"], totals["covered"], totals["total"]) == (14_000, 18_000, 28_000)
    assert "Rp18.000" in publish.covered(REPORTS["sales"], totals, translate_id)
    returns.give_back(ctx, 1, {2: 2}, "rusak")
    totals = REPORTS["sales"].totals(ctx, Wanted())
    assert (totals["profit"], totals["covered"], totals["total"]) == (14_000, 18_000, 18_000)
    assert publish.covered(REPORTS["sales"], totals, translate_id) == ""


def test_points_and_discounts_come_back(shop: Shop) -> None:
    """Points in the sales report fall with what came back, to the last rupiah, in whatever parts."""
    ani = person(shop, ANI)
    shop.ctx.db.execute("UPDATE items SET price = 1000 WHERE id = 1")
    points.give(shop.ctx, ani, 10, "hadiah")
    worth = points.worth(shop.ctx, 10)
    made = cart_of([line(catalogue.by_id(shop.ctx, 1), 3)]).redeeming(worth)
    till.sell(shop.ctx, made.sold(), [Paid("cash", made.total)], ani, spent=10)
    for _ in range(3):
        assert REPORTS["sales"].totals(shop.ctx, Wanted())["redeemed"] > 0
        returns.give_back(shop.ctx, 1, {1: 1}, "rusak")
    totals = REPORTS["sales"].totals(shop.ctx, Wanted())
    assert (totals["redeemed"], totals["discount"], totals["total"]) == (0, 0, 0)


def test_discounts_of_orders(shop: Shop) -> None:
    """What a promo took off an order by SMS is its sale's discount, also after the order was changed,
    and the promo's result; its SMS have their cost."""
    ctx = shop.ctx
    ani = person(shop, ANI, "Ani")
    item = catalogue.by_code(ctx, "PQ-R")
    draft = Draft("Murah", "discount", "Promo {items}", Audience("hand", customers=(ani,)),
                  items=((item.id, 1_000),), control=0)  # fmt: skip
    promo = campaigns.save(ctx, draft)
    campaigns.start(ctx, promo)
    promo_sending.build(ctx, promo)
    shop.run(90)
    shop.ask(ANI, "PESAN PQ-R 3")
    deciding.change(ctx, 1, {item.id: 2})
    deciding.confirm(ctx, 1)
    collecting.collect(ctx, 1)
    [sale] = report_rows(shop, "sales-sms")
    off = item.price // 10
    assert (sale["discount"], sale["total"]) == (2 * off, 2 * (item.price - off))
    # At the counter the promo counts for everybody.
    sell(shop, "PQ-R", None, 1)
    [result] = report_rows(shop, "promos")
    assert result["discount"] == 3 * off
    sent = shop.one(
        "SELECT count(*) FROM segments JOIN promo_people USING (message_id)"
        " WHERE status IN ('sent', 'delivered')"
    )
    assert (result["parts"], result["cost"]) == (sent, sent * SMS_COST(ctx))
    assert sent >= 1


def test_below_zero_stands_apart(shop: Shop) -> None:
    """Goods that were sold beyond the books make nothing else on the shelves worth less."""
    ctx = shop.ctx
    for code, there in (("HAND-1", 3), ("HAND-2", -2)):
        item = item_cards.add(ctx, Card(code, code, price=500, cost=100))
        ctx.db.execute(
            "INSERT INTO stock_moves (item_id, at, quantity, reason) VALUES (?, ?, ?, 'opname')",
            (item, ctx.at, there),
        )
    rows = {row["code"]: row for row in report_rows(shop, "stock")}
    told = [tuple(rows[code][key] for key in ("on_hand", "value", "worth", "below"))
            for code in ("HAND-1", "HAND-2")]  # fmt: skip
    assert told == [(3, 300, 1_500, 0), (-2, 0, 0, -200)]


# ── whose a row is ────────────────────────────────────────────────────────────────────────────────

PARAMS: dict[str, str | int] = {
    "phone": "", "count": 1, "category": "", "promo": 1, "period": 1, "today": 740_000,
    "arrival": 1,
}  # fmt: skip
OF_THEN = {"NEWEST", "ENTRIES", "PERIODS", "audit", "AUDIT", "AUDIT_WITHOUT_COSTS", "health"}
"""What tells of how it was then, whoever is who now, or is not searched."""
BY_SMS = {"ORDERS", "PICKUPS", "INBOX", "OUTBOX", "orders", "messages", "LOST", "lost",
          "WAITING", "PROMO_PEOPLE"}  # fmt: skip
"""Lists whose rows tell the number of an SMS."""


def everything_told(shop: Shop, search: str = "") -> dict[str, list[dict[str, Any]]]:
    """The rows of every list and every report."""
    given = {**PARAMS, "model": shop.one("SELECT id FROM models WHERE status = 'active'")}
    told: dict[str, list[dict[str, Any]]] = {}
    for name, listed in LISTS.items():
        for part in listed.parts:
            view = View(next(iter(listed.sorts)), part, search, given)
            told[f"{name} {part}"] = [
                dict(row.values) for row in listing.page(shop.ctx, listed, view, limit=1_000)
            ]
    for name, report in REPORTS.items():
        told[f"{name} report"] = [dict(row) for row in report.rows(shop.ctx, Period(), "", search)]
    return told


def named(row: Mapping[str, object]) -> str:
    """Who the row says it is about."""
    return str(row.get("customer") or row.get("name") or "")


def belongs(shop: Shop, kept: str, gone: str, phones: Sequence[str]) -> None:
    """Every row of either is a row of the one who is kept, and found by any of the numbers."""
    told = everything_told(shop)
    theirs = {name: [row for row in rows if named(row) == kept] for name, rows in told.items()}
    for name, rows in told.items():
        if name.split()[0] not in OF_THEN:
            assert not [row for row in rows if gone in map(str, row.values())], name
    found = [everything_told(shop, phone) for phone in phones]
    for name, rows in theirs.items():
        what = name.split()[0]
        if what in BY_SMS:
            by_all = [row for row in rows if any(row in each[name] for each in found)]
            assert by_all == rows, name
        elif what not in OF_THEN | {"CUSTOMERS"} and rows:
            assert [each[name] for each in found] == [rows] * len(phones), name
    for name in ("CUSTOMERS owing", "SALES all", "sales report", "receivables report",
                 "customers report", "ranking report", "LOST all", "WAITING all",
                 "PROMO_PEOPLE all", "ORDERS all", "orders report"):  # fmt: skip
        if not name.startswith("CUSTOMERS"):
            assert theirs[name], name
    assert [row["name"] for row in told["CUSTOMERS owing"]] == [kept]
    assert sum(row["due"] for row in theirs["receivables report"]) == shop.one(
        "SELECT sum(due) FROM dues"
    )


def test_whose_rows_are_after_merging(shop: Shop) -> None:
    """Every list and report: after a merge, its undoing, and the merge the other way round."""
    ctx = shop.ctx
    # What customers are told of it is no row of before.
    shop.set(NOTICES, 0)
    ani, budi = person(shop, ANI, "Aniani"), person(shop, BUDI, "Budibudi")
    other = person(shop, CITRA, "Citra")
    for who in (ani, budi, other):
        customer_cards.edit(ctx, who, customer_cards.Card(
            people.by_id(ctx, who).name, credit_limit=10**7))  # fmt: skip
        sell(shop, "PQ-R", who, 1)
        points.give(ctx, who, 10, "hadiah")
    for who in (ani, budi):
        owed = cart_of([line(catalogue.by_code(ctx, "PQ-R"), 1)])
        till.sell(ctx, owed.sold(), [Paid("account", owed.total)], who)
    for phone in (ANI, BUDI):
        shop.ask(phone, "PESAN PQ-R 1")
        shop.ask(phone, "HARGA ZZZ-1")
    for who, phone in ((ani, ANI), (budi, BUDI)):
        ctx.db.execute(
            "INSERT INTO lost_sales (at, customer_id, item_id, asked, why)"
            " VALUES (?, ?, 1, 'x', 'stock')",
            (ctx.at, who),
        )
        ctx.db.execute(
            "INSERT INTO waiting_list (customer_id, phone, item_id, quantity, at, until, look_at)"
            " VALUES (?1, ?2, 1, 1, ?3, ?3, ?3)", (who, phone, ctx.at),
        )  # fmt: skip
    scores.choose(ctx)
    tiers.save(ctx, tiers.Tier("Satu", 0, top=3_400))
    tiers.review(ctx)
    draft = Draft(
        "Kabar", "text", "Halo", Audience("hand", customers=(ani, budi, other)), control=0
    )
    promo = campaigns.save(ctx, draft)
    campaigns.start(ctx, promo)
    promo_sending.build(ctx, promo)
    shop.clock.wait(60)
    for who in (ani, budi, other):
        sell(shop, "PQ-R", who, 1)
    bought = shop.one("SELECT sum(total) FROM sales WHERE at >= ?", shop.ctx.at)
    before = everything_told(shop)
    for kept, gone in ((ani, budi), (budi, ani)):
        names = [people.by_id(ctx, each).name for each in (kept, gone)]
        merging.merge(ctx, kept, gone)
        belongs(shop, names[0], names[1], (ANI, BUDI))
        [group] = report_rows(shop, "promos")
        # Each once, and the two of them are one.
        assert (group["buyers"], group["bought"]) == (2, bought)
        step = undo.last(ctx)
        assert step is not None
        undo.undo(ctx, step.id)
        after = everything_told(shop)
        for name, rows in after.items():
            if name.split()[0] not in {"AUDIT", "AUDIT_WITHOUT_COSTS", "audit", "health"}:
                assert rows == before[name], name


# ── days, months, numbers ─────────────────────────────────────────────────────────────────────────


def test_days_are_the_shops(tmp_path: Path) -> None:
    """Days and months are those of the shop's zone, whatever the computer is set to, as soon as it is
    chosen."""
    computer = os.environ["TZ"]
    shop = Shop(tmp_path / "toko")
    try:
        # Half an hour before midnight in Palembang, half past one in Jayapura.
        shop.clock.wait(6 * 86400 + 55_800)
        sell(shop, "PQ-R", None, 1)
        november = Period.parse("2026-11-01", "2026-11-30")
        for zone, rows in (("Asia/Jakarta", 1), ("Asia/Jayapura", 0), ("Asia/Jakarta", 1)):
            shop.set(shop_settings.ZONE, zone)
            assert len(report_rows(shop, "sales", november)) == rows, zone
            [label] = REPORTS["sales"].charts(shop.ctx, Period())[0].labels
            assert label == ("30/11" if rows else "01/12")
        os.environ["TZ"] = "UTC-0"
        os_time.tzset()
        assert len(report_rows(shop, "sales", november)) == 1
        other = shop.console()
        assert os.environ["TZ"] == "WIB-7"
        other.store.close()
        with pytest.raises(BadSetting):
            shop.set(shop_settings.ZONE, "Mars/Olympus")
    finally:
        shop.close()
        os.environ["TZ"] = computer
        os_time.tzset()


def test_charts_have_every_day(shop: Shop) -> None:
    """A day, or month, on which nothing was sold has its place; those to come have none."""
    shop.clock.wait(8 * 86400)
    sell(shop, "PQ-R", None, 1)
    shop.clock.wait(3 * 86400)
    sell(shop, "PQ-R", None, 2)
    shop.clock.wait(86400)
    chart = REPORTS["sales"].charts(shop.ctx, Period.parse("2026-12-01", "2026-12-31"))[0]
    assert list(chart.labels) == [f"{day:02}/12" for day in range(1, 7)]
    assert list(chart.rows["counter"]) == [0, 85_000, 0, 0, 170_000, 0]
    shop.clock.wait(90 * 86400)
    sell(shop, "PQ-R", None, 1)
    chart = REPORTS["sales"].charts(shop.ctx, Period())[0]
    assert list(chart.labels) == ["12/2026", "01/2027", "02/2027", "03/2027"]
    assert list(chart.rows["counter"]) == [255_000, 0, 0, 85_000]
    for name, way in (("sales-direct", "counter"), ("sales-sms", "SMS")):
        # The other way has no row there: it would only be empty.
        assert list(REPORTS[name].charts(shop.ctx, Period())[0].rows) == [way]


@pytest.mark.parametrize(
    ("value", "told"),
    [(29_841_900.0, "29.841.900"), (0.0, "0"), (12.5, "12,5"), (1e-5, "0,00001"), (999.96, "999,96"),
     (-1234.5, "-1.234"), (100.0, "100")],
)  # fmt: skip
def test_scores_in_digits(value: float, told: str) -> None:
    """A score is told in digits, never with an exponent."""
    assert formats.decimal(value) == told


@pytest.mark.parametrize(
    ("price", "step", "asked"),
    [(10_240, 500, 10_000), (10_260, 500, 10_500), (10_249, 100, 10_200), (60, 100, 100)],
)
def test_cash_without_small_coins(shop: Shop, price: int, step: int, asked: int) -> None:
    """Cash is rounded, in its own line and in the drawer's sum; a sale is paid to the rupiah, and what
    is voided, or paid another way, leaves nothing of it."""
    ctx = shop.ctx
    shop.set(ROUNDING, step)
    item = item_cards.add(ctx, Card("HAND-1", "Baut", price=price))
    stock.receive(ctx, [Goods(item, 9)])
    cart = cart_of([line(catalogue.by_id(ctx, item), 1)])

    def in_drawer() -> int:
        now = drawer.current(ctx)
        return now.expected["cash"] if now else 0

    with pytest.raises(NotEnoughCash):
        till.sell(ctx, cart.sold(), [Paid("cash", price, asked - 1)])
    sale = till.sell(ctx, cart.sold(), [Paid("cash", price, asked + 5_000)])
    assert in_drawer() == asked
    assert shop.one("SELECT sum(amount) FROM payments WHERE sale_id = ?", sale) == price
    told = receipt.text(ctx, sale)
    assert "Pembulatan tunai" in told
    assert "Rp5.000" in told.split("Kembali")[1]
    returns.void(ctx, sale, "salah")
    assert in_drawer() == 0
    till.sell(ctx, cart.sold(), [Paid("qris", price)])
    till.sell(ctx, cart.sold(), [Paid("cash", price - 7), Paid("qris", 7)])
    assert in_drawer() == price - 7
    money_adds_up(ctx)


# ── reports that tell what to do ──────────────────────────────────────────────────────────────────


def on_account(shop: Shop, who: int, code: str, quantity: int) -> None:
    item = catalogue.by_code(shop.ctx, code)
    made = cart_of([line(item, quantity)])
    till.sell(shop.ctx, made.sold(), [Paid("account", made.total)], who)


def test_debts_by_age(shop: Shop) -> None:
    """Each debt stands by the days that it is overdue on that evening, with the one who was kept."""
    ani, budi = person(shop, ANI, "Ani"), person(shop, BUDI, "Budi")
    for who, name in ((ani, "Ani"), (budi, "Budi")):
        customer_cards.edit(shop.ctx, who, customer_cards.Card(name, credit_limit=10**9))
    first = shop.clock.now().astimezone().date()
    for wait, who in ((0, ani), (40, budi), (40, ani), (40, ani), (31, ani)):
        shop.clock.wait(wait * 86400)
        on_account(shop, who, "PQ-R", 1)
    merging.merge(shop.ctx, ani, budi)
    (row,) = REPORTS["ageing"].rows(shop.ctx, Period())
    keys = ("not_yet", "to_30", "to_60", "to_90", "over_90", "due", "overdue")
    one = 85_000
    # 151, 111, 71, 31 and 0 days old; to be paid within 30.
    assert [row[key] for key in keys] == [one, one, one, one, one, 5 * one, 4 * one]
    (then,) = REPORTS["ageing"].rows(shop.ctx, Period(as_of=first + timedelta(31)))
    assert [then[key] for key in keys] == [0, one, 0, 0, 0, one, one]
    assert len(list(REPORTS["receivables"].rows(shop.ctx, Period(), "overdue"))) == 4
    shop.set(CREDIT_DAYS, 0)
    (row,) = REPORTS["ageing"].rows(shop.ctx, Period())
    assert [row[key] for key in keys[:5]] == [one, 0, one, one, 2 * one]


def test_an_account(shop: Shop) -> None:
    """An account begins with what was owed before, tells each charge with its day and each payment, and
    what was owed after each; a customer's number finds that customer's alone."""
    ani, budi = person(shop, ANI, "Ani"), person(shop, BUDI, "Anita")
    for who, name in ((ani, "Ani"), (budi, "Anita")):
        customer_cards.edit(shop.ctx, who, customer_cards.Card(name, credit_limit=10**9))
    on_account(shop, ani, "PQ-R", 1)
    shop.clock.wait(2 * 86400)
    first = shop.clock.now().astimezone().date()
    on_account(shop, ani, "PQ-R", 2)
    on_account(shop, budi, "PQ-R", 1)
    receivables.repay(shop.ctx, ani, 50_000, "transfer")
    returns.void(shop.ctx, 2, "salah")
    rows = list(REPORTS["statement"].rows(shop.ctx, Period(first, first), search="0811 0000 0001"))
    told = [(row["what"], row["charged"], row["paid"], row["balance"]) for row in rows]
    assert told == [
        ("forward", None, None, 85_000), ("on account", 170_000, None, 255_000),
        ("repayment", None, 50_000, 205_000), ("goods back", None, 170_000, 35_000),
    ]  # fmt: skip
    assert rows[1]["pay_by"] == (first + timedelta(30)).isoformat()
    assert {row["customer"] for row in rows} == {"Ani"}


def test_what_to_buy(shop: Shop) -> None:
    """What is bought: from whom it came last, at that cost, to the point at which it must be ordered,
    and what is sold in the days it should last; what customers have ordered and await is theirs."""
    item = item_cards.add(shop.ctx, Card("BELI-1", "Dibeli", price=9_000, cost=1))
    level = item_cards.add(shop.ctx, Card("BELI-2", "Batas", price=9_000, reorder_level=5))
    item_cards.add(shop.ctx, Card("BELI-3", "Diam", price=9_000, cost=100))
    stock.receive(shop.ctx, [Goods(item, 40, 6_000), Goods(level, 6, 1_000)], "CV Jaya")
    shop.clock.wait(30 * 86400)
    stock.receive(shop.ctx, [Goods(item, 2, 7_000)], "PT Baru")
    sell(shop, "BELI-1", None, 30)

    def bought() -> dict[str, tuple[object, ...]]:
        return {
            row["code"]: (
                row["supplier"],
                row["weekly"],
                row["buy"],
                row["last_cost"],
                row["amount"],
            )
            for row in REPORTS["purchases"].rows(shop.ctx, Period(), search="BELI")
        }

    # 12 there; 30 in 30 days: 7 until the next come.
    assert bought() == {}
    shop.ask(ANI, "PESAN BELI-1 5")
    shop.ask(ANI, "PESAN BELI-2 1")
    assert bought() == {
        "BELI-1": ("PT Baru", 7.0, 30, 7_000, 210_000),
        # What is at its level is bought, even if it does not sell.
        "BELI-2": ("CV Jaya", 0.0, 1, 1_000, 1_000),
    }
    sell(shop, "BELI-2", None, 1)
    assert bought()["BELI-2"] == ("CV Jaya", 0.2, 2, 1_000, 2_000)
    shop.set(COVER, 10)
    assert bought()["BELI-1"] == ("PT Baru", 7.0, 10, 7_000, 70_000)


def test_what_to_buy_at_its_bounds(shop: Shop) -> None:
    """A slow item is bought before the last piece goes, and as many as customers wait for, though some
    are there."""
    slow = item_cards.add(shop.ctx, Card("BELI-1", "Pelan", price=9_000))
    awaited = item_cards.add(shop.ctx, Card("BELI-2", "Ditunggu", price=9_000))
    stock.receive(shop.ctx, [Goods(slow, 2, 1_000)], "CV Jaya")
    shop.clock.wait(30 * 86400)
    sell(shop, "BELI-1", None, 1)
    for phone in (ANI, BUDI):
        shop.ask(phone, "KABARI BELI-2")
    stock.receive(shop.ctx, [Goods(awaited, 1, 1_000)], "CV Jaya")
    rows = REPORTS["purchases"].rows(shop.ctx, Period(), "buy", "BELI")
    assert {row["code"]: row["buy"] for row in rows} == {"BELI-1": 1, "BELI-2": 1}


def test_classes_of_items(shop: Shop) -> None:
    """The item that makes 80 % of the sales full is of class A, the one that makes 95 % full of B."""
    for code, price in (("AB-70", 70_000), ("AB-20", 20_000), ("AB-06", 6_000), ("AB-04", 4_000)):
        made = item_cards.add(shop.ctx, Card(code, code, price=price))
        stock.receive(shop.ctx, [Goods(made, 1, 1_000)], "CV Jaya")
        sell(shop, code, None, 1)
    rows = REPORTS["abc"].rows(shop.ctx, Period(), search="AB-")
    assert [row["class"] for row in rows] == ["A", "A", "B", "C"]


def test_the_same_list_within_an_hour(shop: Shop) -> None:
    """What a report asks of the store stays the same for a while, so that a list that is seen rests."""
    for name, report in REPORTS.items():
        if report.listed is not None:
            before = _parameters(shop.ctx, report, Wanted())
            shop.clock.wait(1)
            assert _parameters(shop.ctx, report, Wanted()) == before, name


def test_what_lies_idle(shop: Shop) -> None:
    """Goods that were not sold for so many days; a sale that was voided is none, and what is gone lies
    nowhere."""
    for name in ("IDLE-1", "IDLE-2", "IDLE-3"):
        made = item_cards.add(shop.ctx, Card(name, name, price=9_000))
        stock.receive(shop.ctx, [Goods(made, 2, 5_000)], "CV Jaya")
    shop.clock.wait(50 * 86400)
    sold = sell(shop, "IDLE-2", None, 1)
    shop.clock.wait(50 * 86400)
    returns.void(shop.ctx, sold, "salah")
    sell(shop, "IDLE-3", None, 2)

    def lying(part: str) -> list[tuple[object, ...]]:
        rows = REPORTS["idle"].rows(shop.ctx, Period(), part, "IDLE")
        return [(row["code"], row["days"], row["on_hand"], row["value"]) for row in rows]

    assert sorted(lying("90")) == [("IDLE-1", 100, 2, 10_000), ("IDLE-2", 100, 2, 10_000)]
    assert sorted(lying("all")) == sorted(lying("90"))


def test_each_day_lies_in_one_bar(shop: Shop) -> None:
    """Goods that do not sell move from bar to bar, no day in two; the parts of the list agree."""
    made = item_cards.add(shop.ctx, Card("BATAS-1", "Batas", price=9_000))
    stock.receive(shop.ctx, [Goods(made, 2, 5_000)], "CV Jaya")
    idle, passed = REPORTS["idle"], 0
    for days, bar in ((30, 0), (31, 1), (90, 1), (91, 2), (180, 2), (181, 3), (365, 3), (366, 4)):
        shop.clock.wait((days - passed) * 86400)
        passed = days
        [chart] = idle.charts(shop.ctx, Period())
        [bars] = chart.rows.values()
        assert [place for place, value in enumerate(bars) if value] == [bar], days
        rows = [[*idle.rows(shop.ctx, Period(), part, "BATAS")] for part in ("90", "180", "365")]
        assert sum(map(len, rows)) == max(0, bar - 1), days


def test_moves_know_the_supplier(shop: Shop) -> None:
    """A move tells from whom goods came, or to whom they went, and is found by that name."""
    item = item_cards.add(shop.ctx, Card("BELI-1", "Dibeli", price=9_000))
    stock.receive(shop.ctx, [Goods(item, 4, 6_000)], "CV Jaya")
    stock.give_back(shop.ctx, [Goods(item, 1)], "PT Baru", "cacat")
    sell(shop, "BELI-1", None, 1)
    rows = list(REPORTS["moves"].rows(shop.ctx, Period(), search="BELI-1"))
    assert [row["supplier"] for row in rows] == ["CV Jaya", "PT Baru", ""]
    assert [
        row["quantity"] for row in REPORTS["moves"].rows(shop.ctx, Period(), search="jaya")
    ] == [4]
