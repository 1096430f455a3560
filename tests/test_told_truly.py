"""What readers of reports and books are told: nothing voided, nothing left out in silence."""

import os
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from crm_tui.cli import importing
from crm_tui.shop.customers import cards as customer_cards
from crm_tui.shop.customers import people
from crm_tui.shop.gate import commands, slices, undo
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import restored, staging, taking_back, telling
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports.errors import ImportLost, ImportRepeated
from crm_tui.shop.imports.questions import Choices
from crm_tui.shop.items import cards, catalogue, stock
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import scores
from crm_tui.shop.overview import customer, dashboard
from crm_tui.shop.promos import audience, pricing
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.reports import figures, formats, publish
from crm_tui.shop.reports.base import Record, Wanted
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.registry import REPORTS
from crm_tui.shop.sales import receivables, returns, z_report
from tests.shop import ANI, BUDI, Shop
from tests.test_figures import on_account
from tests.test_reports import saved
from tests.test_reports import tr as told_in
from tests.test_rewards import person, sell
from tests.test_taken_back import NEW, take_in, there


def rows(shop: Shop, name: str, part: str = "", search: str = "") -> list[Record]:
    return list(REPORTS[name].rows(shop.ctx, Period(), part, search))


def taken(
    shop: Shop, name: str, kind: staging.Kind, *lines: str, choices: Choices | None = None
) -> None:
    file = shop.folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    staging.merge(shop.ctx, staging.stage(shop.ctx, kind, file, choices=choices))


# ── reports ───────────────────────────────────────────────────────────────────────────────────────


def test_a_repayment_that_was_undone(shop: Shop) -> None:
    """A repayment that was taken back was never paid, and is no charge either."""
    ani = person(shop, ANI, "Ani")
    customer_cards.edit(shop.ctx, ani, customer_cards.Card("Ani", credit_limit=10**9))
    on_account(shop, ani, "PQ-R", 1)
    receivables.repay(shop.ctx, ani, 50_000, "cash")
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)
    [row] = rows(shop, "receivables", "all")
    assert (row["charged"], row["repaid"], row["due"]) == (85_000, 0, 85_000)
    lines = [
        (row["charged"], row["paid"], row["pay_by"] is None) for row in rows(shop, "statement")
    ]
    assert lines == [(85_000, None, False), (None, 50_000, True), (None, -50_000, True)]


def test_a_voided_sale_was_none(shop: Shop) -> None:
    """A sale that was voided is nowhere the last one: not of the item, not of the customer."""
    item = cards.add(shop.ctx, cards.Card("DIAM-1", "Diam", price=9_000, cost=5_000))
    stock.receive(shop.ctx, [Goods(item, 9)])
    ani, budi = person(shop, ANI, "Ani"), person(shop, BUDI, "Budi")
    sell(shop, "DIAM-1", budi, 1)
    first = shop.one("SELECT max(at) FROM sales")
    shop.clock.wait(100 * 86400)
    shop.ctx.db.execute(
        "INSERT INTO lost_sales (at, customer_id, item_id, asked, why) VALUES (?, ?, ?, 'x', 'stock')",
        (shop.ctx.at, ani, item),
    )
    returns.void(shop.ctx, sell(shop, "DIAM-1", ani, 2), "salah")
    [idle] = rows(shop, "idle", "90", "DIAM-1")
    assert (idle["days"], idle["sold_on"]) == (100, first[:10])
    last = {row["customer"]: row["last_at"] for row in rows(shop, "customers")}
    assert last["Ani"] is None
    assert str(last["Budi"]).startswith(first[:10])
    assert pricing.last_prices(shop.ctx, ani, [item]) == {}
    assert audience.people(shop.ctx, Audience(item=item, days=900)) == [budi]
    assert [row["customer"] for row in rows(shop, "lost", "never")] == ["Ani"]


def test_purchases_are_counted_alike(shop: Shop) -> None:
    """What came back wholly was no purchase: not in the ranking, not in the list of customers, not on
    a customer's page; on a day before it came back it was one."""
    ani, budi = person(shop, ANI, "Ani"), person(shop, BUDI, "Budi")
    for who in (ani, budi):
        sell(shop, "PQ-R", who, 1)
    first = shop.clock.now().astimezone().date()
    shop.clock.wait(86400)
    back = [sell(shop, "PQ-R", who, 2) for who in (ani, budi)]
    second = shop.clock.now().astimezone().date()
    shop.clock.wait(86400)
    returns.give_back(shop.ctx, back[0], {1: 2}, "rusak")
    returns.give_back(shop.ctx, back[1], {1: 1}, "rusak")
    scores.choose(shop.ctx)

    def told(name: str, day: date | None = None) -> dict[str, tuple[object, str]]:
        found = REPORTS[name].rows(shop.ctx, Period(as_of=day))
        last = "last_day" if name == "ranking" else "last_at"
        return {row["customer"]: (row["purchases"], str(row[last])[:10]) for row in found}

    assert told("customers") == {"Ani": (1, str(first)), "Budi": (2, str(second))}
    for day in (None, first, second):
        assert told("ranking", day) == told("customers", day)
    assert told("customers", second)["Ani"] == (2, str(second))
    assert [customer.look(shop.ctx, who).sales for who in (ani, budi)] == [1, 2]


def test_hours_of_an_old_book(shop: Shop) -> None:
    """A book that has no times sells nothing at noon, and up to no time of its day."""
    sell(shop, "PQ-R", None, 1)
    shop.clock.wait(7 * 86400 + 60)
    assert dashboard.takings(shop.ctx).by_now == 85_000
    day = shop.clock.now().astimezone() - timedelta(7)
    taken(shop, "a.csv", import_sales.KIND, "tanggal;total", f"{day:%d/%m/%Y};5000")
    assert sum(figures.hours(shop.ctx, Period()).rows["Total"]) == 85_000
    found = dashboard.takings(shop.ctx)
    assert (sum(found.before), found.by_now) == (85_000, None)


def test_an_item_has_one_name(shop: Shop) -> None:
    """The best of the items are called in charts as they are called in the reports, whatever they were
    called when they were sold."""
    sell(shop, "PQ-R", None, 1)
    item = catalogue.by_code(shop.ctx, "PQ-R")
    cards.edit(shop.ctx, item.id, replace(cards.card(shop.ctx, item.id), name="Aki Baru"))
    sell(shop, "PQ-R", None, 1)
    chart = REPORTS["sales"].charts(shop.ctx, Period())[1]
    assert list(chart.labels) == ["PQ-R Aki Baru"]
    assert [row["what"] for row in rows(shop, "profit", "item")] == list(chart.labels)


def test_the_heading_of_an_open_drawer(shop: Shop) -> None:
    """A drawer's paper says in whole words that it is not closed, on the narrowest strip, too."""
    sell(shop, "PQ-R", None, 1)
    lines = [line.strip() for line in z_report.text(shop.ctx, 1).splitlines()]
    assert lines[1:3] == ["LAPORAN LACI 1 (X)", "(belum ditutup)"]


def test_costs_that_nobody_knows(shop: Shop) -> None:
    """What a sum at cost leaves out is told beside it, but for goods of which none are there."""
    for code, there_are, cost in (("M-1", 3, None), ("M-2", 0, None), ("M-3", 2, 700)):
        item = cards.add(shop.ctx, cards.Card(code, code, price=1_000, cost=cost))
        if there_are:
            stock.receive(shop.ctx, [Goods(item, there_are)])
    for name, part, words in (("stock", "", "M-"), ("idle", "all", "M-"), ("moves", "", "M-")):
        report, wanted = REPORTS[name], Wanted(part=part, search=words)
        unknown = report.unknown(shop.ctx, wanted)
        assert unknown == {"value": 1} == report.unknown_among(rows(shop, name, part, words))
        told = "tanpa 1 baris yang modalnya tidak diketahui"
        assert ("Nilai modal", told) in publish.facts(shop.ctx, report, wanted, told_in).summary
        assert report.without_costs().unknown(shop.ctx, wanted) == {}


def test_a_profit_that_nobody_knows(shop: Shop) -> None:
    """Where no cost is known at all, it is said that the profit is of nothing that was sold; who may
    not see costs is told nothing of it."""
    sell(shop, "PQ-R", None, 1)
    for name in ("sales", "profit", "abc"):
        report = REPORTS[name]
        totals = report.totals(shop.ctx, Wanted())
        assert "dari Rp0 dari omzet Rp85.000" in publish.covered(report, totals, told_in), name
        if name != "profit":
            assert publish.covered(report.without_costs(), totals, told_in) == ""


def test_charts_of_all_rows(shop: Shop) -> None:
    """Charts are of all rows: where a part or words were chosen, the workbook says so."""
    sell(shop, "PQ-R", None, 1)
    for name, wanted, says in (
        ("sales", Wanted(), False), ("sales", Wanted(part="all"), False),
        ("sales", Wanted(part="back"), True), ("sales", Wanted(search="x"), True),
        ("profit", Wanted(part="seller"), False), ("profit", Wanted(search="x"), True),
    ):  # fmt: skip
        summary = publish.facts(shop.ctx, REPORTS[name], wanted, told_in).summary
        assert any("semua baris" in told for _, told in summary) is says, (name, wanted)


def test_fractions_in_a_workbook(shop: Shop) -> None:
    """A workbook shows every 12.5 days where the screen does, not every 13."""
    ani = person(shop, ANI, "Ani")
    for days in (12, 13, 900):
        sell(shop, "PQ-R", ani, 1)
        shop.clock.wait(days * 86400)
    sell(shop, "PQ-S", person(shop, BUDI, "Budi"), 1)
    scores.choose(shop.ctx)
    sheet = openpyxl.load_workbook(saved(shop, "ranking")).worksheets[1]
    first, second = sheet.iter_rows(min_row=2, max_row=3)
    shown = [(str(cell.value), cell.number_format) for cell in (first[3], second[3], second[-1])]
    assert [form for _, form in shown] == ["#,##0", "General", "General"]
    assert (float(shown[0][0]) > 1000, 0 < float(shown[1][0]) < 1000) == (True, True)
    assert shown[2][0] == "12.5"


@pytest.mark.parametrize(
    ("form", "file", "told"),
    [(None, None, "table"), (None, "A.XLSX", "xlsx"), (None, "a", "table"), (None, "a.txt", "table"),
     ("csv", "a.dat", "csv"), ("json", None, "json"), (None, "a.xls", ""), (None, "a.pdf", ""),
     ("csv", "a.xlsx", ""), ("xlsx", "a.txt", "")],
)  # fmt: skip
def test_a_file_is_what_its_name_says(form: str | None, file: str | None, told: str) -> None:
    """A report goes into no file whose name says that it is something else."""
    path = None if file is None else Path(file)
    if told:
        assert formats.form_of(form, path) == told
    else:
        with pytest.raises(formats.NamedOtherwise):
            formats.form_of(form, path)


# ── books ─────────────────────────────────────────────────────────────────────────────────────────


def test_who_stands_in_a_list_of_customers_too(shop: Shop) -> None:
    """A customer whom the shop's own list names stays when the book goes that named them first."""
    book = take_in(shop, "a.csv", "13/02/2025")
    taken(shop, "orang.csv", import_customers.KIND, "nama;hp", f"Baru;{NEW}")
    taking_back.take_back(shop.ctx, book)
    assert there(shop) == ["Baru"]
    assert people.by_phone(shop.ctx, NEW) is not None


def test_lines_that_stood_in_a_book_that_went(shop: Shop) -> None:
    """A book that left out what stood in another one is named when that one goes, and may come in once
    more with those lines; no line counts twice."""
    head, one, two = "tanggal;hp;total", f"13/02/2025;{NEW};85000", f"14/02/2025;{NEW};5000"
    taken(shop, "a.csv", import_sales.KIND, head, one)
    taken(shop, "b.csv", import_sales.KIND, head, one, two)
    with pytest.raises(ImportRepeated):
        taken(shop, "b.csv", import_sales.KIND, head, one, two)
    last, first = (row["id"] for row in taking_back.candidates(shop.ctx))
    assert taking_back.leaning(shop.ctx, first) == ["b.csv"]
    assert taking_back.leaning(shop.ctx, last) == []
    taking_back.take_back(shop.ctx, first)
    taken(shop, "b.csv", import_sales.KIND, head, one, two)
    assert shop.rows("SELECT total FROM sales ORDER BY total") == [
        {"total": 5000},
        {"total": 85000},
    ]


def test_a_book_on_its_way_out(shop: Shop) -> None:
    """Lines of a book whose taking back was cut off are not there already: it is finished first."""
    book = take_in(shop, "a.csv", "13/02/2025")
    taking_back._begin(shop.ctx, book)
    assert take_in(shop, "a.csv", "13/02/2025") > book
    assert shop.one("SELECT count(*) FROM sales") == 1
    assert not taking_back.begun(shop.ctx)


@pytest.mark.parametrize("how", ["gone", "restored"])
def test_what_came_in_of_a_lost_book(shop: Shop, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Of a book that was cut off, and whose rest is gone, what is in counts in the ranking, and is
    taken back as any other."""

    class Killed(BaseException):
        pass

    def merge(ctx: Context, file: str, after: int, upto: int) -> tuple[int, int]:
        if shop.one("SELECT count(*) FROM sales"):
            raise Killed
        return real(ctx, file, after, upto)

    real = import_sales.KIND.merge
    monkeypatch.setattr(slices, "FIRST", 4)
    monkeypatch.setattr(import_sales.KIND, "merge", merge)
    lines = [f"13/02/2025;+62812777{at:05};1000" for at in range(9)]
    with pytest.raises(Killed):
        taken(shop, "a.csv", import_sales.KIND, "tanggal;hp;total", *lines)
    os.unlink(shop.folder / staging.ASIDE)
    if how == "gone":
        with pytest.raises(ImportLost):
            staging.resume(shop.ctx)
    else:
        with commands.part(shop.ctx, "backups.restore"):
            restored.restored(shop.ctx)
    assert sum(row["spent"] for row in rows(shop, "ranking")) == 4000
    [book] = taking_back.candidates(shop.ctx)
    assert taking_back.take_back(shop.ctx, book["id"]) == 4
    assert shop.one("SELECT count(*) FROM sales") == 0


def test_columns_chosen_before_and_now(shop: Shop) -> None:
    """Who chooses one more column keeps those that were chosen for an earlier file, and is told of
    them."""
    head = "Kode;Nama;Satu;Dua;Tiga"
    chosen = Choices(answers={"new": "add"}).column(2, "price").column(3, "cost")
    taken(shop, "a.csv", import_items.KIND, head, "A;Aki;9000;5000;3", choices=chosen)
    (shop.folder / "b.csv").write_text(f"{head}\nB;Busi;8000;4000;7\n")
    file = shop.folder / "b.csv"
    with closing(staging.examine(shop.ctx, import_items.KIND, file)) as before:
        choices = importing.with_columns(before, ["Tiga=stock"])
    with closing(staging.examine(shop.ctx, import_items.KIND, file, choices=choices)) as made:
        assert made.plan is not None
        assert made.plan.fields == ["code", "name", "price", "cost", "stock"]
        assert "seperti yang dulu dipilih" in " ".join(telling.remarks(made, told_in))


def test_a_discount_of_what_came_back(shop: Shop) -> None:
    """What goes off a price goes off what comes back, too, be it told in rupiah or per cent."""
    taken(
        shop, "a.csv", import_sales.KIND, "tanggal;kode;qty;harga;diskon",
        "13/02/2025;PQ-R;-2;85000;17000", "14/02/2025;PQ-R;-2;85000;10%",
        "15/02/2025;PQ-R;2;85000;17000", choices=Choices(answers={"apiece": "line"}),
    )  # fmt: skip
    totals = [row["total"] for row in shop.rows("SELECT total FROM sales ORDER BY at")]
    assert totals == [-153_000, -153_000, 153_000]


@pytest.mark.parametrize(
    ("answer", "pieces", "total"),
    [("off", 8, 680_000), ("told", 8, 850_000), ("whole", 10, 850_000)],
)
def test_a_part_that_came_back(shop: Shop, answer: str, pieces: int, total: int) -> None:
    """Of a line of which a part came back the rest counts, by what the book means with its total; a sum
    below is of what stands there."""
    taken(
        shop, "a.csv", import_sales.KIND, "tanggal;kode;qty;retur;total",
        "13/02/2025;PQ-R;10;2;850000", "13/02/2025;PQ-S;1;0;62000", ";;;;912000",
        choices=Choices(answers={"back:retur": answer}),
    )  # fmt: skip
    assert shop.rows("SELECT quantity, total FROM sale_lines ORDER BY sale_id") == [
        {"quantity": pieces, "total": total}, {"quantity": 1, "total": 62_000},
    ]  # fmt: skip
    assert shop.one("SELECT sum(total) FROM sales") == total + 62_000


def test_who_was_put_away_since_was_there_then(shop: Shop) -> None:
    """Of a past evening the list of customers holds who was put away since; of now it does not."""
    who = person(shop, ANI, "Ani")
    sell(shop, "PQ-R", who)
    then = Period(as_of=shop.ctx.now.date())
    shop.clock.wait(3 * 86400)
    assert customer_cards.remove(shop.ctx, who) == "deactivated"
    report = REPORTS["customers"]

    def there(period: Period, part: str) -> list[str]:
        return [str(row["customer"]) for row in report.rows(shop.ctx, period, part)]

    assert "Ani" not in there(Period(), "all")
    assert there(Period(), "away") == ["Ani"]
    assert "Ani" in there(then, "all")
    assert "Ani" in there(then, "customers")
    assert there(then, "away") == []
