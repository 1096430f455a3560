"""Ranking: pure properties, the running score against the ledger, old sales books."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui import ranking
from crm_tui.errors import Problem
from crm_tui.ranking import Model, Purchase
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import View
from crm_tui.shop.gate.phones import _MOBILE, e164
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging
from crm_tui.shop.imports.errors import ImportRepeated, RowsRefused
from crm_tui.shop.items import catalogue
from crm_tui.shop.loyalty import ranking_table, scores
from crm_tui.shop.loyalty.lists import RANKING
from crm_tui.shop.reports import formats, registry
from crm_tui.shop.reports.period import Period
from crm_tui.shop.sales import returns, till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from tests.day import standings_add_up
from tests.shop import ANI, BUDI, Shop, cart_of, ledgers_add_up
from tests.test_rewards import person

START = date(2020, 1, 1).toordinal()
purchases = st.lists(
    st.tuples(st.integers(1, 12), st.integers(START, START + 2000), st.integers(1, 10**9)),
    max_size=40,
)
models = st.builds(
    Model, st.integers(START - 900, START + 3000), st.sampled_from(ranking.HALF_LIVES),
    st.sampled_from(ranking.POWERS),
)  # fmt: skip


@given(purchases, models, st.integers(0, 5000))
def test_forward_form_orders_every_day_alike(
    found: list[Purchase], model: Model, later: int
) -> None:
    """The list is the one of the decayed sum of any later day, whatever the epoch."""
    today = START + 2000 + later
    heats = ranking.heats(model, found)
    plain: dict[int, float] = {}
    for customer, day, amount in found:
        decayed = amount**model.power * 2.0 ** (-(today - day) / model.half_life)
        plain[customer] = plain.get(customer, 0.0) + decayed
    for customer, heat in heats.items():
        assert model.score(heat, today) == pytest.approx(plain[customer], rel=1e-9)


@pytest.mark.parametrize(
    ("days", "rhythm"), [((0,), None), ((0, 0), None), ((0, 0, 40), 40.0), ((0, 1, 1, 3, 7), 2.3)]
)
def test_a_rhythm_is_of_days(days: tuple[int, ...], rhythm: float | None) -> None:
    """What is bought twice on a day is one day of buying, from which the next is awaited."""
    assert scores.figures([(1, START + day, 5) for day in days])[1].rhythm == rhythm


@given(purchases, models)
def test_what_comes_back_counts_nothing(found: list[Purchase], model: Model) -> None:
    """Taking a sale back in any number of parts leaves nothing of it, and never less than nothing."""
    for _, day, amount in found:
        heat = model.added(day, 0, amount)
        left = amount
        while left:
            now = left // 2
            heat += model.added(day, left, now)
            assert heat >= -1e-9 * model.added(day, 0, amount)
            left = now
        assert abs(heat) <= 1e-9 * model.added(day, 0, amount)


@given(purchases)
def test_more_and_later_is_better(found: list[Purchase]) -> None:
    """Buying the same later, or more, never puts a customer lower; of equals the older key is first."""
    model = Model(START)
    heats = ranking.heats(model, found)
    for customer, day, amount in found:
        more = ranking.heats(model, [*found, (customer, day, amount)])
        assert more[customer] > heats[customer]
        later = [each for each in found if each != (customer, day, amount)]
        assert ranking.heats(model, [*later, (customer, day + 1, amount)])[customer] > 0
    order = ranking.ranked({3: 1.0, 1: 1.0, 2: 5.0})
    assert order == [2, 1, 3]


def test_backtest_finds_how_fast_a_shop_forgets() -> None:
    """In a shop whose customers are loyal for a season only, a short half-life is chosen; with too
    little past, none."""
    today = START + 1000
    found = []
    for customer in range(1, 400):
        begin = START + (customer * 37) % 930
        for step in range(9):
            day = begin + step * 10
            if day <= today:
                found.append((customer, day, 10_000 + (customer * 7919) % 90_000))
    proof = ranking.backtest(found, today)
    assert proof is not None
    assert proof.model.half_life <= 70
    assert proof.caught[1] > 0.1
    assert all(mine <= best + 1e-12 for mine, best in zip(proof.caught, proof.best, strict=True))
    assert ranking.backtest(found[:20], today) is None
    assert ranking.backtest([], today) is None


def sell(ctx: Context, customer_id: int, count: int) -> int:
    item = catalogue.by_code(ctx, "PQ-R")
    made = cart_of([CartLine(item.id, item.code, item.name, item.unit, item.price, count)])
    return till.sell(ctx, made.sold(), [Paid("cash", made.total)], customer_id)


BOOK = """tanggal,telepon,nama,kode,jumlah,harga,total
2026-01-05,0811 0000 001,Ani,PQ-R,2,80000,
05/02/2026,+62 811 0000 002,Budi,,,,150.000
2026-03-05,8110000001,,LAMA-1,1,25000,
2026-03-06,,,PQ-R,1,,90000
2026-03-07,08110000002,,,,,-50000
"""


def test_an_old_book(shop: Shop, tmp_path: Path) -> None:
    """Old sales count for ranking and revenue, not for stock and drawer; later sales add to them."""
    path = tmp_path / "buku.csv"
    path.write_text(BOOK, "utf-8")
    before = catalogue.by_code(shop.ctx, "PQ-R").on_hand
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, path))
    assert shop.one("SELECT sum(total) FROM sales") == 160_000 + 150_000 + 25_000 + 90_000 - 50_000
    assert catalogue.by_code(shop.ctx, "PQ-R").on_hand == before
    assert shop.one("SELECT count(*) FROM payments") == 0
    rows = list(_ranking(shop.ctx))
    assert [(row["customer"], row["spent"]) for row in rows] == [
        ("Ani", 185_000),
        ("Budi", 100_000),
    ]
    sell(shop.ctx, shop.one("SELECT id FROM customers WHERE name = 'Budi'"), 4)
    standings_add_up(shop.ctx)
    assert [row["customer"] for row in _ranking(shop.ctx)] == ["Budi", "Ani"]
    ledgers_add_up(shop.ctx)
    with pytest.raises(ImportRepeated):
        staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, path))
    standings_add_up(shop.ctx)


def _ranking(ctx: Context) -> list[dict[str, object]]:
    now = scores.chosen(ctx)
    assert now is not None
    today = ctx.now.astimezone().date().toordinal()
    return [dict(row) for row in ranking_table.now(ctx, now.id, now.model, today)]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("2026-13-01,0811000001,,,,,5000", "RowDateBad"),
        ("2027-01-01,0811000001,,,,,5000", "RowDateBad"),
        ("kemarin,0811000001,,,,,5000", "RowDateBad"),
        ("2026-01-01,INFO,,,,,5000", "RowPhoneBad"),
        ("2026-01-01,0811000001,,PQ-R,2,,", "RowTotalMissing"),
        ("2026-01-01,0811000001,,,,,11.77", "RowNumberBad"),
    ],
)
def test_bad_books(shop: Shop, tmp_path: Path, line: str, problem: str) -> None:
    """A line that cannot be taken is named with its reason, and nothing of the book is in."""
    path = tmp_path / "buku.csv"
    path.write_text(BOOK + line + "\n", "utf-8")
    with pytest.raises(RowsRefused) as refused:
        staging.stage(shop.ctx, import_sales.KIND, path)
    rows = refused.value.params["rows"]
    assert isinstance(rows, list)
    assert [(number, each.id) for number, each in rows] == [(7, problem)]
    assert isinstance(rows[0][1], Problem)
    assert shop.one("SELECT count(*) FROM sales") == 0


def test_a_past_day(shop: Shop, tmp_path: Path) -> None:
    """A past day is told as it stood on its evening: without later sales, and with what came back
    later still sold."""
    path = tmp_path / "buku.csv"
    path.write_text(BOOK, "utf-8")
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, path))
    past = list(ranking_table.as_of(shop.ctx, date(2026, 2, 5)))
    spent = {row["customer"]: row["spent"] for row in past}
    assert spent == {"Ani": 160_000, "Budi": 150_000}
    budi = shop.one("SELECT id FROM customers WHERE name = 'Budi'")
    today = shop.clock.now().astimezone().date()
    sale = sell(shop.ctx, budi, 4)
    shop.clock.wait(2 * 86400)
    returns.void(shop.ctx, sale, "salah")
    spent = {row["customer"]: row["spent"] for row in ranking_table.as_of(shop.ctx, today)}
    assert spent["Budi"] == 100_000 + 340_000
    spent = {
        row["customer"]: row["spent"]
        for row in ranking_table.as_of(shop.ctx, today + timedelta(days=2))
    }
    assert spent["Budi"] == 100_000
    assert list(ranking_table.as_of(shop.ctx, date(2025, 1, 1))) == []
    standings_add_up(shop.ctx)


@given(st.from_regex(r"(\+62|62|0)8[1-9][0-9]{7,9}", fullmatch=True))
def test_quick_numbers_are_the_librarys(text: str) -> None:
    """What is known for an Indonesian mobile number without the library is what that says."""
    assert _MOBILE.fullmatch(text)
    assert e164(text, "ID") == e164.__wrapped__(text.replace("+62", "0062", 1), "ID")


def test_the_report_in_text(shop: Shop, tmp_path: Path) -> None:
    """Scores are told without a tail of zeros, days as people write them, and names or numbers."""
    path = tmp_path / "buku.csv"
    path.write_text(BOOK, "utf-8")
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, path))
    report = registry.REPORTS["ranking"]
    told = formats.written(report, report.rows(shop.ctx, Period()), "table", str)
    assert "Rp185.000" in told
    assert "05/03/2026" in told
    assert ".0 " not in told


def test_who_is_due_and_who_slips_away(shop: Shop) -> None:
    """A customer who buys every four days is due from the fifth day of silence to the twelfth, slips
    away after thirty, and is new for sixty from the first one; one day of buying tells no rhythm."""
    ani, budi = person(shop, ANI, "Ani"), person(shop, BUDI, "Budi")
    for wait in (0, 4, 4):
        shop.clock.wait(wait * 86400)
        sell(shop.ctx, ani, 1)
    sell(shop.ctx, budi, 1)
    chosen = scores.choose(shop.ctx)
    passed, told = 0, {}
    for silent in (4, 5, 12, 13, 30, 31, 52, 53):
        shop.clock.wait((silent - passed) * 86400)
        passed = silent
        given = ranking_table.params(shop.ctx, scores.chosen(shop.ctx) or chosen)
        told[silent] = [
            part
            for part in ("due", "leaving", "new")
            if ani
            in [row.id for row in listing.page(shop.ctx, RANKING, View("best", part, "", given))]
        ]
        for part in ("due", "leaving"):
            rows = listing.page(shop.ctx, RANKING, View("best", part, "", given))
            assert budi not in [row.id for row in rows]
    assert told == {
        4: ["new"], 5: ["due", "new"], 12: ["due", "new"], 13: ["new"], 30: ["new"],
        31: ["leaving", "new"], 52: ["leaving", "new"], 53: ["leaving"],
    }  # fmt: skip


def test_a_model_by_a_wrong_clock_keeps_no_other(shop: Shop) -> None:
    """One that was chosen while the clock was years ahead is not kept until then."""
    scores.choose(shop.ctx)
    assert not scores.is_due(shop.ctx)
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE models SET at = '2099-01-01T00:00:00.000Z'")
    assert scores.is_due(shop.ctx)
