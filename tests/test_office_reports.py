"""The office's reports: by branch each branch's own, in sum the sum of them, with what a restore
lost."""

import contextlib
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import openpyxl
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import OptionList

from crm_tui import clock as clocks
from crm_tui.cli.commands import main
from crm_tui.clock import SimulatedClock
from crm_tui.office import database, missing_sales, people, reports
from crm_tui.office.dialect import translate
from crm_tui.office.reading import ReadSide, UnknownBranch
from crm_tui.office_app import OfficeApp
from crm_tui.practice.shop import Practice
from crm_tui.screens.office.reports import OfficeReport, ReportList
from crm_tui.screens.shell import display
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.gate.folder import store_path
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging
from crm_tui.shop.reports import registry
from crm_tui.shop.reports.base import Report, Wanted
from crm_tui.shop.reports.period import Period
from crm_tui.store import Store
from tests import office as offices
from tests.counter import LARGE, SMALL, Counter
from tests.daily import daily
from tests.day import STEPS, found_people
from tests.shop import Shop

NOW = datetime(2027, 2, 1, 3, 0, tzinfo=UTC)
_STEPS = 70


@dataclass
class Chain:
    """An office with some branches, and the branches' own contexts."""

    dsn: str
    office: ReadSide
    shops: dict[str, Context]


def _live(folder: Path, seed: int) -> Context:
    """A shop with some weeks behind it; what it did is the same for the same seed."""
    shop = Shop(folder)
    found_people(shop.ctx)
    chance = random.Random(seed)
    for _ in range(_STEPS):
        with contextlib.suppress(RuleBroken):
            STEPS[chance.choice(sorted(STEPS))](shop.ctx, *(chance.randrange(24) for _ in range(3)))
        shop.clock.wait(chance.choice([60.0, 3600.0, 86400.0]))
    path = shop.ctx.store.path
    shop.close()
    return _later(path)


def _later(path: Path) -> Context:
    ctx = Context(Store(path), SimulatedClock(NOW), console())
    # What the clock of the computer says counts: the shop's own time stands where the shop closed.
    ctx.time.now = lambda: NOW  # type: ignore[method-assign]
    return ctx


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    folder = tmp_path_factory.mktemp("rantai")
    dsn = offices.database(folder / "pusat")
    shops = {name: _live(folder / name, seed) for seed, name in enumerate(("Ampera", "Plaju"))}
    for name, ctx in shops.items():
        offices.send(dsn, offices.add_branch(dsn, name), ctx)
    office = offices.open_office(dsn, folder, SimulatedClock(NOW))
    yield Chain(dsn, office, shops)
    office.connection.close()
    for ctx in shops.values():
        ctx.store.close()


def _periods(report: Report) -> list[Period]:
    today = NOW.date()
    periods = [Period()]
    if report.by_days:
        periods += [Period(today - timedelta(60), today - timedelta(45))]
    if report.evenings:
        periods += [Period(as_of=today - timedelta(50))]
    return periods


_STAYS = {"messages": {"text", "wishes", "reason", "phone"}, "orders": {"phone"}}
"""Columns that a branch does not send, or of which the office knows the customer's number alone."""


def _asked(name: str) -> list[Wanted]:
    report = registry.REPORTS[name]
    parts = list(report.listed.parts) if report.listed else [""]
    asked = [Wanted(period, part) for period in _periods(report) for part in parts]
    return [*asked, *(Wanted(Period(), "", search) for search in ("1 BAN", "orang 0812"))]


_BOTH = [name for name in registry.REPORTS if name in reports.NAMES]


@pytest.mark.parametrize("name", daily(_BOTH))
def test_by_branch_it_is_each_branchs_own_and_in_sum_their_sum(chain: Chain, name: str) -> None:
    """Whatever is asked, rows and totals of a branch are its own, and those of the chain their sums."""
    here = reports.find(name, branch="Ampera")
    # The ranking of now is a branch's running score: the office tells it from the ledgers.
    own = here if name == "ranking" else registry.REPORTS[name]
    hidden = _STAYS.get(name, set())
    for wanted in _asked(name):
        asked = wanted.period, wanted.part, wanted.search
        sums: dict[str, int] = {}
        for branch, ctx in chain.shops.items():
            there = chain.office.context(chain.office.branch(branch))
            if not (hidden and wanted.search):
                left = [_but(row, hidden) for row in own.rows(ctx, *asked)]
                assert [_but(row, hidden) for row in here.rows(there, *asked)] == left, wanted
                totals = own.totals(ctx, wanted)
                assert here.totals(there, wanted) == totals, wanted
            else:
                totals = here.totals(there, wanted)
            for key, value in totals.items():
                sums[key] = sums.get(key, 0) + value
        lines = list(reports.of_branches(here).rows(chain.office.chain(), *asked))
        assert [line["branch"] for line in lines] == list(chain.shops)
        (whole,) = reports.of_branches(here, "sum").rows(chain.office.chain(), *asked)
        assert {key: whole["rows" if key == "count" else key] for key in sums} == sums, wanted
        rows = list(reports.of_branches(here, "row").rows(chain.office.chain(), *asked))
        assert len(rows) == sums["count"]
    for branch, ctx in chain.shops.items():
        there = chain.office.context(chain.office.branch(branch))
        assert here.charts(there, Period()) == own.charts(ctx, Period())
        assert here.summary(there, Period()) == own.summary(ctx, Period())


def _but(row: object, hidden: set[str]) -> dict[str, object]:
    assert isinstance(row, dict)
    return {key: value for key, value in row.items() if key not in hidden}


def test_revenue_is_the_sales_of_each_branch(chain: Chain) -> None:
    """One look at all sales says what each branch's own report of sales says, on any days."""
    revenue = reports.find("revenue")
    for period in (Period(), Period(date(2026, 12, 1), date(2026, 12, 20))):
        rows = {row["branch"]: row for row in revenue.rows(chain.office.chain(), period)}
        for name, ctx in chain.shops.items():
            totals = registry.REPORTS["sales"].totals(ctx, Wanted(period))
            assert (
                rows[name]["total"] == totals["total"] == rows[name]["counter"] + rows[name]["sms"]
            )


def test_a_day_is_the_branchs_own(chain: Chain, tmp_path: Path) -> None:
    """A branch in another zone has its days there, at the office as at home; others keep theirs."""
    ctx = _live(tmp_path / "timur", 7)
    with ctx.store.transaction() as db:
        db.execute("INSERT OR REPLACE INTO settings VALUES ('shop.zone', 'Asia/Jayapura')")
    dsn = offices.database(tmp_path / "pusat")
    offices.send(dsn, offices.add_branch(dsn, "Timur"), ctx)
    office = offices.open_office(dsn, tmp_path, SimulatedClock(NOW))
    try:
        there = office.context(office.branch("timur"))
        taken = list(reports.find("takings", branch="Timur").rows(there, Period()))
        assert settings.ZONE(ctx) == "Asia/Jayapura" == office.branch("Timur").zone
        assert taken == list(registry.REPORTS["takings"].rows(ctx, Period()))
    finally:
        clocks.use_zone(clocks.ZONE)
        office.connection.close()
        ctx.store.close()


def test_who_is_behind_and_whose_clock_is_off(tmp_path: Path) -> None:
    """Each branch is shown with its last contact, how far it is behind, and a clock that is off by more
    than five minutes; the sum is as old as the oldest and as doubtful as the worst."""
    dsn = offices.database(tmp_path / "pusat")
    offices.add_branch(dsn, "Baru", seen_at=None, behind=None, skew=None)
    offices.add_branch(dsn, "Cepat", skew="-301 s", behind=12)
    offices.add_branch(dsn, "Tepat", skew="300 s", seen_at="2027-01-31T00:00:00Z")
    office = offices.open_office(dsn, tmp_path, SimulatedClock(NOW))
    try:
        stands = reports.find("branches").rows(office.chain(), Period())
        assert [(row["branch"], row["state"], row["behind"], row["clock"]) for row in stands] == [
            ("Baru", "never seen", None, ""),
            ("Cepat", "behind", 12, "clock off"),
            ("Tepat", "up to date", 0, "well"),
        ]
        aside = (("Cepat", "too many", 2), ("Cepat", "Kampas", 1), ("Tepat", "Kampas", 1))
        for name, why, rows in aside:
            office.connection.execute(
                "INSERT INTO crm.odd (branch, epoch, ledger, id, rows, why) VALUES"
                " (%s, 1, 'grants', 1, %s, %s)", (office.branch(name).id, rows, why))  # fmt: skip
        office.connection.commit()
        # What a branch may have written is no word of ours.
        assert [(row["aside"], row["why"].partition(";")[0]) for row in
                reports.find("branches").rows(office.chain(), Period())] == [
            (0, ""), (3, "more than others can take"), (1, "not as it should be"),
        ]  # fmt: skip
        lines = list(reports.find("sales").rows(office.chain(), Period()))
        assert [line["state"] for line in lines] == ["never seen", "clock off", "well"]
        assert lines[2]["as_of"] == "2027-01-31T07:00:00.000+07:00"
        (whole,) = reports.find("sales", form="sum").rows(office.chain(), Period())
        assert (whole["branches"], whole["state"], whole["as_of"]) == (3, "never seen", None)
        with pytest.raises(UnknownBranch):
            office.branch("Tidak ada")
    finally:
        office.connection.close()


def test_what_a_restore_lost_is_counted_once(tmp_path: Path) -> None:
    """A restored branch that sold on: its own history is the branch's, what it lost counts in the sum,
    comes back as an old sales book, also what was sold like it on the same day before, and is not
    counted twice when the branch has imported that."""
    shop = Shop(tmp_path / "toko")
    found_people(shop.ctx)
    for number in range(6):
        STEPS["sell"](shop.ctx, number, 0, 3)
        shop.clock.wait(3600.0)
    STEPS["sell"](shop.ctx, 0, 1, 3)
    dsn = offices.database(tmp_path / "pusat")
    branch = offices.add_branch(dsn, "Ilir")
    shop.ctx.db.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    known = shop.one("SELECT max(id) FROM sales")
    for number in range(3):
        STEPS["sell"](shop.ctx, number, 1, 3)
    lost_total = shop.one(f"SELECT sum(total) FROM sales WHERE id > {known}")
    offices.send(dsn, branch, shop.ctx)
    shop.close()
    restored = _later(_placed(tmp_path / "copy.db", tmp_path / "lagi"))
    common = offices.marks(restored)
    STEPS["sell"](restored, 5, 2, 3)
    offices.begin_epoch(dsn, branch, 2, common)
    offices.send(dsn, branch, restored, 2, common)
    sent = offices.marks(restored)
    office = offices.open_office(dsn, tmp_path, SimulatedClock(NOW))
    try:
        own = registry.REPORTS["sales"].totals(restored, Wanted())
        there = office.context(office.branch("Ilir"))
        assert reports.find("sales", branch="Ilir").totals(there, Wanted()) == own
        lines = list(reports.find("sales").rows(office.chain(), Period()))
        assert [(line["state"], line["total"]) for line in lines] == [
            ("well", own["total"]),
            ("lost in a restore", lost_total),
        ]
        (revenue,) = reports.find("revenue").rows(office.chain(), Period())
        assert revenue["total"] == own["total"] + lost_total
        found = missing_sales.of(office, office.branch("Ilir"))
        assert sum(int(str(line["total"])) for line in found.lines) == lost_total
        book = tmp_path / "hilang.csv"
        missing_sales.save(office, found, book)
        staging.merge(restored, staging.stage(restored, import_sales.KIND, book))
        offices.send(dsn, branch, restored, 2, sent)
        (line,) = reports.find("sales").rows(office.chain(), Period())
        (revenue,) = reports.find("revenue").rows(office.chain(), Period())
        assert line["total"] == revenue["total"] == own["total"] + lost_total
        assert not missing_sales.of(office, office.branch("Ilir")).lines
    finally:
        office.connection.close()
        restored.store.close()


def _placed(copy: Path, folder: Path) -> Path:
    folder.mkdir()
    return copy.rename(folder / "crm.db")


KNOWN = st.tuples(st.integers(1, 3), st.integers(1, 5))


@given(
    st.sets(KNOWN), st.lists(st.tuples(KNOWN, KNOWN)),
    st.dictionaries(st.sampled_from("abcd"), KNOWN).map(lambda found: list(found.items())),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_people_are_the_same_in_whatever_order(
    customers: set[people.Known],
    merges: list[tuple[people.Known, people.Known]],
    phones: list[tuple[str, people.Known]],
    chance: random.Random,
) -> None:
    """Two customers are one person if and only if a way of links leads from one to the other, in
    whatever order links came; without a link they are as if it had never been."""
    found = people.linked(customers, merges, phones)
    in_any_order = people.linked(
        chance.sample(sorted(customers), len(customers)), chance.sample(merges, len(merges)),
        chance.sample(phones, len(phones)),
    )  # fmt: skip
    assert in_any_order == found
    for undone in range(len(merges)):
        left = merges[:undone] + merges[undone + 1 :]
        parts = people.linked({*customers, *merges[undone]}, left, phones)
        one, other = merges[undone]
        if parts.of[one] == parts.of[other]:
            assert len(parts.customers) == len(found.customers)
        else:
            assert len(parts.customers) == len(found.customers) + 1


def test_numbers_and_merges_link_people_over_branches() -> None:
    """A number known in two branches, and a merge in a third, make one person."""
    a, b, c, d = (1, 1), (2, 7), (2, 8), (3, 1)
    found = people.linked([a, b, c, d], [(c, b)], [("+62811", a), ("+62811", b), ("+62812", d)])
    assert found.customers == {0: (a, b, c), 1: (d,)}
    assert found.phones == {0: ("+62811",), 1: ("+62812",)}


def test_queries_are_told_in_postgresqls_words() -> None:
    """What differs between the two is rewritten; text within quotes is not."""
    told = translate(
        "SELECT CAST(a.b AS INTEGER), 'LIKE ?' FROM (SELECT 1) WHERE x LIKE :word AND y = ? AND"
        " coalesce(later_at, '') > coalesce(name, '') AND :current"
    )
    assert told.text == (
        "SELECT crm_reading.whole( a . b ) , 'LIKE ?' FROM ( SELECT 1 ) AS _table1 WHERE x ILIKE"
        " %(word)s AND y = %s AND coalesce ( later_at , '-infinity' ) > coalesce ( name , '' ) AND"
        " (%(current)s::int <> 0)"
    )


def test_a_branchs_reader_only_reads(chain: Chain) -> None:
    """Within a view of the office nothing can be written."""
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), chain.office.reading():
        chain.office.ask_nothing("DELETE FROM crm.epochs")


@pytest.mark.soak
@pytest.mark.asyncio
async def test_the_screens_tell_the_chain_and_each_branch(chain: Chain) -> None:
    """The office's program lists its reports; a report tells each branch with its last contact and the
    sum; Enter opens the branch's own report, with its parts; what cannot be reached is a sentence."""
    known = database.Office(chain.office.folder, chain.dsn, "localhost", 5432)
    app = OfficeApp(known, SimulatedClock(NOW), language="en")
    async with app.run_test(size=LARGE) as pilot:
        counter = Counter(app, pilot, cast(Shop, None))

        async def look(name: str) -> None:
            app.screen.query_one(OptionList).highlighted = reports.NAMES.index(name)
            await counter.press("enter")
            await counter.until(lambda: isinstance(app.screen, OfficeReport) and page().current)

        def page() -> ListPage:
            assert isinstance(app.screen, ListPage)
            return app.screen

        await counter.until(lambda: isinstance(app.screen, ReportList), "no list of reports")
        await counter.settle()
        assert "2 branches · oldest: Ampera" in counter.text
        await look("sales")
        await counter.press("p", "end", "up", "enter")
        totals = [
            registry.REPORTS["sales"].totals(ctx, Wanted())["total"] for ctx in chain.shops.values()
        ]
        await counter.until(lambda: display.rupiah(sum(totals)) in counter.text, "no sum")
        assert all(display.rupiah(total) in counter.text for total in totals)
        assert "02/01/2027 10:04" in counter.text
        await counter.press("down", "enter")
        await counter.until(lambda: "Plaju (as of 02/01 10:04)" in counter.text, counter.text)
        assert "Taken back" in counter.text
        await counter.press("escape", "escape")
        await look("branches")
        await counter.press("enter")
        await counter.until(lambda: "Ampera (as of 02/01 10:04) – Reports" in counter.text)


@pytest.mark.asyncio
async def test_an_office_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    """Without PostgreSQL the program says so, and how it is left."""
    nowhere = f"host={tmp_path} dbname=x connect_timeout=1"
    app = OfficeApp(database.Office(tmp_path, nowhere, "", 0), SimulatedClock(NOW), language="en")
    async with app.run_test(size=SMALL) as pilot:
        counter = Counter(app, pilot, cast(Shop, None))
        await counter.until(lambda: "PostgreSQL does not answer" in counter.text)
        assert "F10" in counter.text


@pytest.mark.soak
def test_the_command_line_tells_reports_in_each_form(
    chain: Chain,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """By branch, in sum, all rows, or of one branch; as a table with its sums and as of when, JSON, CSV
    and a workbook; what there is not is a sentence."""
    place = chain.office.folder / "pusat"

    def told(*words: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["--data", str(place), "--lang", "en", "office", *words])
        said = capsys.readouterr()
        return said.out if ended.value.code == 0 else f"{ended.value.code}: {said.err}"

    own = registry.REPORTS["sales"].totals(chain.shops["Plaju"], Wanted())
    table = told("report", "sales", "--branch", "plaju")
    assert table.splitlines()[-1].startswith("Plaju: as of 02/01/2027 10:04")
    assert f"{own['count']} rows: " in table
    lines = json.loads(told("report", "sales", "--format", "json"))
    assert [(line["branch"], line["state"]) for line in lines] == [
        ("Ampera", "well"), ("Plaju", "well"),
    ]  # fmt: skip
    assert lines[1]["total"] == own["total"]
    (whole,) = json.loads(told("report", "sales", "--by", "sum", "--format", "json"))
    assert whole["total"] == sum(line["total"] for line in lines)
    rows = told("report", "sales", "--by", "row", "--format", "csv").splitlines()
    assert len(rows) == 1 + whole["rows"]
    book = tmp_path / "penjualan.xlsx"
    assert told("report", "revenue", "-o", str(book)) == f"Written: {book}\n"
    assert openpyxl.load_workbook(book).sheetnames
    # Moments are those of the shops, wherever the office's computer stands.
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    chain.office.ask_nothing(
        "INSERT INTO crm.odd (branch, epoch, ledger, id, why, at) SELECT branch, 1, 'grants', 1, 'x',"
        " '2027-01-02T03:04:05Z' FROM crm.branches WHERE name = 'Plaju'"
    )
    chain.office.connection.commit()
    assert "02/01/2027 10:04" in told("aside", "list")
    chain.office.ask_nothing("DELETE FROM crm.odd")
    chain.office.connection.commit()
    assert told("lost", "Plaju") == "date,phone,name,code,quantity,total,lost after\n"
    assert told("report", "sales", "--branch", "Seberang").startswith(
        "1: There is no branch called"
    )
    assert told("report", "health").startswith("1: The office has no report called health")
    assert told("report", "revenue", "--by", "sum").startswith(
        "1: The report revenue is about the whole"
    )
    assert told("report", "stock", "--from", "2026-12-01", "--as-of", "2026-12-02").startswith(
        "1: "
    )
    assert told("open").startswith("1: The screens need a terminal")
    assert told("tier", "Emas", "--top", "5", "--discount", "2,5").startswith("Saved.")
    assert told("tier") == "1  Emas  the best 5 %  2,5 % off\n"
    assert "people ranked" in told("rank")
    assert told("promo", "Rame", "--text", "Halo", "--tier", "Perak").startswith(
        "1: The office has no"
    )


@pytest.mark.soak
def test_three_months_of_a_practice_shop(tmp_path: Path) -> None:
    """Whatever a shop of three months is asked, with its SMS, orders and promos, the office says the
    same of it."""
    practice = Practice(tmp_path / "latihan", SimulatedClock(NOW))
    practice.prepare()
    ctx = _later(store_path(practice.folder))
    dsn = offices.database(tmp_path / "pusat")
    offices.send(dsn, offices.add_branch(dsn, "Latihan"), ctx)
    office = offices.open_office(dsn, tmp_path, SimulatedClock(NOW))
    try:
        there = office.context(office.branch("Latihan"))
        for name in _BOTH:
            here = reports.find(name, branch="Latihan")
            own = here if name == "ranking" else registry.REPORTS[name]
            hidden = _STAYS.get(name, set())
            for wanted in _asked(name):
                if hidden and wanted.search:
                    continue
                asked = wanted.period, wanted.part, wanted.search
                left = [_but(row, hidden) for row in own.rows(ctx, *asked)]
                assert [_but(row, hidden) for row in here.rows(there, *asked)] == left, wanted
            assert here.charts(there, Period()) == own.charts(ctx, Period())
    finally:
        office.connection.close()
        ctx.store.close()
