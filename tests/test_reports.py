"""Reports: what they sum is what the ledgers hold; files that people and other programs can open."""

import csv
import io
import itertools
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.cli import reports as cli_reports
from crm_tui.errors import Problem
from crm_tui.i18n import LANGUAGES, translate
from crm_tui.shop.customers import cards, people
from crm_tui.shop.gate.commands import COMMANDS, FORMER
from crm_tui.shop.gate.errors import Cancelled, NotAllowed, RuleBroken
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.items import catalogue, stock
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import scores
from crm_tui.shop.orders import deciding
from crm_tui.shop.promos import campaigns
from crm_tui.shop.promos import sending as promo_sending
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.promos.campaigns import Draft
from crm_tui.shop.reports import formats, paper, publish, registry, summary_sheet, workbook
from crm_tui.shop.reports.base import Chart, Wanted
from crm_tui.shop.reports.formats import FileOpenElsewhere
from crm_tui.shop.reports.period import NAMED, Period
from crm_tui.shop.reports.publish import Order
from crm_tui.shop.reports.registry import REPORTS
from crm_tui.shop.sales import till
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.users import audit_telling
from crm_tui.shop.users.audit_words import DONE
from crm_tui.text import cell, plain_cells
from tests.daily import by_turns
from tests.day import STEPS, found_people, line
from tests.peers import need
from tests.shop import ANI, BUDI, Shop, cart_of
from tests.test_commands import session
from tests.test_rewards import person, sell
from tests.test_texts import translations

NUMBER = st.integers(0, 23)
FORMS = ("table", "csv", "json", "xlsx")


def tr(text: str, /, **params: object) -> str:
    return translate(text, "id", **params)


def busy(shop: Shop) -> None:
    """Some of everything, in two months."""
    ani = person(shop, ANI, "Ani")
    sell(shop, "PQ-R", ani, 3)
    shop.ask(ANI, "PESAN PQ-R 2")
    shop.ask(BUDI, "HARGA ZZZ-1")
    shop.clock.wait(20 * 86400)
    sell(shop, "AB-1", None, 2)
    sell(shop, "PQ-R", ani, 1)
    scores.choose(shop.ctx)
    promo = campaigns.save(shop.ctx, Draft("Baru", "text", "Halo {name}", Audience()))
    campaigns.start(shop.ctx, promo)
    promo_sending.build(shop.ctx, promo)
    shop.run(20)


def saved(shop: Shop, name: str, form: str = "xlsx", wanted: Wanted | None = None) -> Path:
    report = registry.find(shop.ctx, name)
    target = publish.usual_target(shop.ctx, report, wanted or Wanted(), form)
    return publish.write(shop.ctx, Order(report, wanted or Wanted(), form, target), tr)


# ── what they say ─────────────────────────────────────────────────────────────────────────────────


def adds_up(shop: Shop, period: Period) -> None:
    """The totals of every report are those of its rows, and of the ledgers."""
    ctx = shop.ctx
    for report in REPORTS.values():
        days = period if report.by_days else Period()
        rows = list(report.rows(ctx, days))
        totals = report.totals(ctx, Wanted(days))
        assert totals["count"] == len(rows), report.name
        for column in report.columns:
            if column.total:
                values = [row[column.key] for row in rows if row[column.key] is not None]
                assert totals.get(column.key, 0) == sum(values), (report.name, column.key)
    begin, end = period.bounds()

    def one(query: str) -> int:
        return int(ctx.db.execute(query, {"begin": begin, "end": end}).fetchone()[0] or 0)

    def total(name: str, key: str) -> int:
        days = period if REPORTS[name].by_days else Period()
        return REPORTS[name].totals(ctx, Wanted(days)).get(key, 0)

    inside = "at >= :begin AND at < :end"
    assert total("sales", "total") == one(f"SELECT sum(total) FROM sales WHERE {inside}")
    assert total("sales", "total") == total("sales-direct", "total") + total("sales-sms", "total")
    paid = one(f"SELECT sum(amount) FROM payments WHERE kind IN ('sale', 'refund') AND {inside}")
    booked = one(f"SELECT sum(total) FROM sales WHERE import_id IS NOT NULL AND {inside}")
    assert total("sales", "total") == paid + booked
    assert total("customers", "spent") == one(
        f"SELECT sum(total) FROM sales WHERE customer_id IN (SELECT id FROM customers WHERE"
        f" coalesce(merged_into, id) IN (SELECT id FROM customers WHERE active = 1)) AND {inside}"
    )
    assert total("stock", "on_hand") == one(
        "SELECT sum(quantity) FROM stock_moves WHERE at < :end"
        " AND item_id IN (SELECT id FROM items WHERE active = 1)"
    )
    assert total("moves", "quantity") == one(
        f"SELECT sum(quantity) FROM stock_moves WHERE {inside}"
    )
    assert total("receivables", "due") == one("SELECT sum(amount) FROM receivables")
    assert total("orders", "total") == one(
        "SELECT sum(price * quantity) FROM order_lines JOIN orders ON orders.id = order_id"
        " WHERE received_at >= :begin AND received_at < :end"
    )
    assert total("audit", "count") == one(f"SELECT count(*) FROM audit WHERE {inside}")


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), NUMBER, NUMBER, NUMBER), max_size=40),
    st.integers(0, 3), st.integers(0, 3),
)  # fmt: skip
def test_totals_of_any_history(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[str, int, int, int]],
    ago: int,
    days: int,
) -> None:
    """Whatever happened, and whichever days are asked for."""
    shop = Shop(tmp_path_factory.mktemp("toko"))
    try:
        found_people(shop.ctx)
        first = shop.clock.now().astimezone().date()
        for at, (name, *numbers) in enumerate(steps):
            try:
                STEPS[name](shop.ctx, *numbers)
            except RuleBroken:
                continue
            if at % 10 == 9:
                shop.clock.wait(86400)
        adds_up(shop, Period())
        adds_up(shop, Period(first + timedelta(ago), first + timedelta(ago + days)))
    finally:
        shop.close()


def test_parts_and_words(shop: Shop) -> None:
    """A part of the rows, and words in them, are found in every form; rights are asked for."""
    busy(shop)
    sales = REPORTS["sales"]
    assert [row["number"] for row in sales.rows(shop.ctx, Period(), search="ani pq")] == [1, 3]
    assert list(sales.rows(shop.ctx, Period(), "back")) == []
    assert sales.totals(shop.ctx, Wanted(Period(), "sale", "umum"))["count"] == 0
    clerk = session(shop, {"reports.view"})
    with pytest.raises(NotAllowed):
        registry.find(clerk, "audit")
    with pytest.raises(Problem):
        registry.find(shop.ctx, "apa")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(sorted(NAMED)))
def test_periods(today: date, name: str) -> None:
    """Each named period ends by today; the one before is as long as can be, and does not touch it."""
    period = Period.named(name, today)
    if name == "all":
        assert period.before() is None
        return
    assert period.first is not None
    assert period.last is not None
    assert period.first <= period.last <= today
    before = period.before()
    assert before is not None
    assert before.first is not None
    assert before.last is not None
    assert before.first <= before.last < period.first
    length = (period.last - period.first).days
    whole = name == "last_month" or period.label.count("-") < 2
    assert whole or (before.last - before.first).days <= length
    assert re.fullmatch(r"[\d_Q-]+", period.label)


def test_the_period_before() -> None:
    """Half a month is compared with the same half, a whole one with a whole one."""

    def days(period: Period | None) -> tuple[str, str]:
        assert period is not None
        return str(period.first), str(period.last)

    assert days(Period.named("month", date(2026, 3, 30)).before()) == ("2026-02-01", "2026-02-28")
    assert days(Period.named("month", date(2026, 11, 25)).before()) == ("2026-10-01", "2026-10-25")
    assert days(Period.named("last_month", date(2026, 3, 5)).before()) == (
        "2026-01-01",
        "2026-01-31",
    )
    assert days(Period.named("quarter", date(2026, 11, 25)).before()) == (
        "2026-07-01",
        "2026-08-25",
    )
    assert days(Period.named("week", date(2026, 11, 25)).before()) == ("2026-11-16", "2026-11-18")
    assert days(Period.parse("2026-11-10", "2026-11-12").before()) == ("2026-11-07", "2026-11-09")
    assert Period.parse("2026-10-01", "2026-12-31").label == "2026-Q4"
    assert Period.parse(None, "2026-12-31").label == "to-2026-12-31"
    assert Period.parse("2026-10-01", None).label == "from-2026-10-01"


# ── workbooks ─────────────────────────────────────────────────────────────────────────────────────


def test_a_workbook(shop: Shop) -> None:
    """Summary with numbers and charts, data with what managers expect, and what it all is."""
    busy(shop)
    period = Period.parse("2026-12-01", "2026-12-31")
    path = saved(shop, "sales", wanted=Wanted(period))
    assert path.name == "sales-2026-12.xlsx"
    book: Any = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Ringkasan", "Data", "Info"]
    summary, data, info = (book[name] for name in book.sheetnames)
    told = {row[0].value: [cell.value for cell in row[1:]] for row in summary.iter_rows()}
    assert told["Total"][:2] == [105_000, 255_000]
    assert len(summary._charts) == 3
    assert data.freeze_panes == "A2"
    assert data.print_title_rows == "$1:$1"
    assert data.auto_filter.ref == "A1:P3"
    assert data.print_area == "'Data'!$A$1:$N$4"
    assert (data.page_setup.orientation, data.page_setup.paperSize) == ("landscape", 9)
    assert "&P" in str(data.oddFooter.center.text)
    head = [cell.value for cell in data[1]]
    row = dict(zip(head, data[2], strict=True))
    assert row["Total"].value == 20_000
    assert row["Total"].number_format == "#,##0"
    assert row["Waktu"].is_date
    assert row["Waktu"].value.hour == 8
    sums = dict(zip(head, data[4], strict=True))
    column = sums["Total"].column_letter
    assert sums["Total"].value == f"=SUBTOTAL(109,{column}2:{column}3)"
    facts = {row[0].value: row[1].value for row in info.iter_rows()}
    assert (facts["Toko"], facts["Baris"], facts["Laporan"]) == ("Toko Uji", 2, "Penjualan")
    phones: Any = openpyxl.load_workbook(saved(shop, "customers"))["Data"]
    assert phones["C2"].value == ANI
    assert phones["C2"].data_type == "s"


def formulas(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                yield from re.findall(r"<f>(.*?)</f>", archive.read(name).decode())


def test_hostile_text_stays_text(shop: Shop, hostile: str) -> None:
    """Whatever a customer is called, or writes: no formula but ours, and no program chokes on it."""
    who = person(shop, ANI)
    people.register(shop.ctx, who, hostile[:60] or "x", hostile)
    shop.ask(ANI, hostile)
    for name in ("customers", "messages", "audit"):
        path = saved(shop, name)
        assert all(
            re.fullmatch(r"SUBTOTAL\(109,[A-Z]+2:[A-Z]+\d+\)", each) for each in formulas(path)
        )
        cells = [cell for row in openpyxl.load_workbook(path)["Data"].iter_rows() for cell in row]
        texts = [str(cell.value) for cell in cells if cell.data_type == "s"]
        assert len(texts) > 5
        assert not any(char in text for text in texts for char in "\x1b\x07\u202e\x9b")


_PIECES = st.lists(
    st.sampled_from([*"=+-@;,|\"'\t\n\r ＝＠", "a", "1", "SUM(A1)", "\u200b"]), max_size=12
).map("".join)


@given(st.lists(_PIECES, min_size=2, max_size=4), st.sampled_from(";,|\t"))
def test_no_cell_is_computed(texts: list[str], separator: str) -> None:
    """Whatever people write, and whichever separator a spreadsheet takes a CSV to have, no cell of it
    begins like a formula, but for a number."""
    out = io.StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    rows.writerow([1, *map(cell, texts)])
    for row in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=separator):
        for each in row:
            begins = each.strip(' "\t\r\n')
            assert begins[:1] not in set("=@＝＠")
            assert begins[:1] not in set("+-") or re.fullmatch(
                r"[+-]\d+[,;|\t\r\n\"].*|[+-]\d+", begins
            )


@given(st.lists(st.one_of(st.text(max_size=12), st.from_regex(r"[a+=\-;\t 0-9]{0,8}")), max_size=6))
def test_plain_cells_stay(texts: list[str]) -> None:
    """What is taken for plain at once is what no look at each cell would change."""
    if plain_cells(texts):
        assert [cell(text) for text in texts] == texts


def test_an_sms_is_no_formula(shop: Shop, tmp_path: Path) -> None:
    """What a customer writes stands in quotes, and no formula begins behind any separator in it."""
    shop.ask(ANI, "Halo bos;=1+1;ok")
    wanted = Wanted(Period.parse(None, None, None))
    publish.write(
        shop.ctx, Order(REPORTS["messages"], wanted, "csv", tmp_path / "a.csv"), str.format
    )
    assert '"Halo bos;\'=1+1;ok"' in (tmp_path / "a.csv").read_text()


def test_never_over_another_file_unasked(shop: Shop) -> None:
    """A name that is taken gets a number; a file that is open elsewhere is a sentence."""
    busy(shop)
    first = saved(shop, "sales")
    assert formats.free_name(first).name == "sales (2).xlsx"
    before = first.read_bytes()
    report = REPORTS["sales"]
    original = Path.replace
    try:
        Path.replace = _refuse  # type: ignore[method-assign, assignment]
        with pytest.raises(FileOpenElsewhere):
            publish.write(shop.ctx, Order(report, Wanted(), "xlsx", first), tr)
    finally:
        Path.replace = original  # type: ignore[method-assign]
    assert first.read_bytes() == before
    assert sorted(each.name for each in first.parent.iterdir()) == ["sales.xlsx"]


def _refuse(self: Path, target: Path) -> Path:
    raise PermissionError(13, "in use")


class CalledOff(Progress):
    """Called off as soon as a share of the work is done; how much is done from one look to the next."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.late = 0
        self.steps: list[float] = []
        self._limit = share

    def at(self, done: int, total: int) -> None:
        self.late += self._cancelled
        before = self.share
        try:
            super().at(done, total)
        finally:
            self.steps.append(self.share - before)
        if self.share >= self._limit:
            self.cancel()


@pytest.mark.soak
def test_called_off(shop: Shop) -> None:
    """At any moment: it ends where it next looks, which is every few hundred rows, and leaves nothing
    behind."""
    rows = 6_000
    with shop.ctx.store.transaction() as db:
        db.conn.executemany(
            "INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
            " VALUES ('in', 'sms', ?1, ?2, ?3, 'done', ?1)",
            (
                (f"2026-11-24T01:{at // 1000 % 60:02}:00.000Z", ANI, "halo " * 20)
                for at in range(rows)
            ),
        )
    report = REPORTS["messages"]
    target = publish.usual_target(shop.ctx, report, Wanted(), "xlsx")
    for share in (0.0, 0.5, 0.81):
        progress = CalledOff(share)
        with pytest.raises(Cancelled):
            publish.write(shop.ctx, Order(report, Wanted(), "xlsx", target), tr, progress)
        assert progress.late == 1, share
        assert progress.share >= share
        # The last fifth is for the ZIP, whose pieces are octets.
        assert share > 0.8 or max(progress.steps) * rows < 500, share
        assert list(target.parent.iterdir()) == []


def printed(made: Sequence[Path], into: Path) -> None:
    """LibreOffice turns the workbooks into PDFs without a complaint."""
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{into}/profile", "--headless", "--convert-to",
         "pdf", "--outdir", str(into), *map(str, made)],
        capture_output=True, text=True, timeout=180, check=True,
    )  # fmt: skip
    assert "error" not in (done.stdout + done.stderr).lower()
    assert {each.stem for each in into.glob("*.pdf")} == {each.stem for each in made}


@dataclass
class Word:
    """A word on a page, where it stands, in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def pages(pdf: Path) -> Iterator[tuple[float, list[Word]]]:
    """The width of each page, and its words."""
    told = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, check=True).stdout
    for page in re.split(r"<page ", told.decode())[1:]:
        width = re.search(r'width="([\d.]+)"', page)
        assert width is not None
        found = re.findall(
            r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>',
            page,
        )
        yield float(width[1]), [Word(each[4], *map(float, each[:4])) for each in found]


def over_each_other(words: Sequence[Word]) -> list[tuple[str, str]]:
    """Words that stand on others."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(round(word.top), []).append(word)
    pairs = []
    for top, beside in lines.items():
        near = sorted([*beside, *lines.get(top + 1, [])], key=lambda word: word.left)
        pairs += [
            (one.text, other.text)
            for one, other in itertools.pairwise(near)
            if other.left < one.right - 0.5
        ]
    return pairs


def names_of(chart: Any) -> range:
    """The rows with the names of a chart's bars, in the first column."""
    source = chart.series[0].cat
    rows = re.findall(r"\$A\$(\d+)", (source.strRef or source.numRef).f)
    return range(int(rows[0]), int(rows[-1]) + 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_differ(language: str) -> None:
    """No two columns of a report are called the same."""
    for report in REPORTS.values():
        told = [translate(column.heading, language) for column in report.columns]
        assert len(set(told)) == len(told), report.name


def test_what_fits_takes_one_line() -> None:
    """A text takes one line in a column that is as wide as it is, so that no row is too high."""
    texts = [
        "Rantai & Gir",
        "belum tahu",
        "Kampas Rem Belakang Honda Vario 125/150",
        "a b c d e f g",
    ]
    for text, gap in itertools.product(texts, (1.5, 2.0, 2.7)):
        assert paper.lines_in(text, paper.wide(text) + gap - gap) == 1
        assert paper.lines_in(text * 9, paper.wide(text * 9) + gap - gap) == 1
        assert paper.lines_in(text, paper.wide(text) - 0.5) > 1


@pytest.mark.parametrize("part", by_turns(range(3), 3))
def test_on_paper(shop: Shop, tmp_path: Path, part: int) -> None:
    """LibreOffice prints every report, a third of them a day: each total stands in its text, in letters
    of 8 pt at least, and no text stands on another or is cut."""
    need("soffice", "libreoffice-calc-nogui")
    need("pdftotext", "poppler-utils")
    busy(shop)
    ani = people.by_phone(shop.ctx, ANI)
    assert ani is not None
    cards.edit(
        shop.ctx, ani.id, cards.Card("Bengkel Jaya Abadi Motor Sejahtera", credit_limit=10**9)
    )
    item = catalogue.by_code(shop.ctx, "PQ-R")
    cart = cart_of([line(item, 7)])
    till.sell(shop.ctx, cart.sold(), [Paid("account", cart.total)], ani.id)
    stock.receive(shop.ctx, [Goods(item.id, 9_000, 123_456)], "PT Sumber Suku Cadang Nusantara")
    reports = dict([*REPORTS.items()][part::3])
    made = [saved(shop, name) for name in reports]
    printed(made, tmp_path)
    for path, (name, report) in zip(made, reports.items(), strict=True):
        book: Any = openpyxl.load_workbook(path)
        summary, data, _ = book
        assert data.page_setup.scale >= 80, name
        assert not data.sheet_properties.pageSetUpPr.fitToPage
        assert {cell.font.sz for row in data for cell in row if cell.value is not None} <= {10}
        for chart in summary._charts:
            # It lies within the width of a page that stands, and on one page.
            first = chart.anchor._from.row
            assert chart.anchor._from.col == 0
            assert chart.width <= 17.5
            breaks = [0, *(each.id for each in summary.row_breaks.brk)]
            assert first - max(each for each in breaks if each <= first) + 17 < 51, name
            # A label that breaks takes the place of the next one, whose bar has no name then.
            if getattr(chart, "barDir", "") == "bar":
                labels = [summary.cell(at, 1).value for at in names_of(chart)]
                assert labels
                assert " " not in "".join(labels), name
        read = list(pages(tmp_path / f"{path.stem}.pdf"))
        text = " ".join(word.text for _, words in read for word in words)
        for key, value in report.totals(shop.ctx, Wanted()).items():
            assert f"{value:,}" in text, (name, key)
        assert "###" not in text, name
        sheets = [words for width, words in read if width > 800]
        assert sheets, name
        for words in sheets:
            assert over_each_other(words) == [], name
            # 8 pt of letters take 8.9 from the top of the highest to the foot of the lowest.
            assert min(word.bottom - word.top for word in words) > 8.8, name
        heads = [word.text for word in sheets[0]]
        for column in report.columns:
            if not column.rank:
                assert tr(column.heading).split()[0] in heads, (name, column.key)


@given(
    st.floats(15, 60), st.integers(80, 100), st.floats(0.97, 1.03),
    st.lists(st.sampled_from((15.0, 28.0, 41.0)), min_size=2, max_size=130),
)  # fmt: skip
def test_no_row_goes_to_a_page_alone(
    heading: float, scale: int, part: float, rows: list[float]
) -> None:
    """However much of a page a program takes for its rows, the last page has several of them."""
    pages_ = paper.Pages(heading, scale)
    for height in rows:
        pages_.add(height)
    room = 487 * part * 100 / scale
    ends, used = [0], heading
    for at, height in enumerate(rows):
        if (used + height > room and at > ends[-1]) or (at and at == pages_.break_behind):
            ends, used = [*ends, at], heading
        used += height
    assert len(ends) == 1 or len(rows) - ends[-1] > 1


@pytest.mark.soak
def test_the_last_page_has_several_rows(shop: Shop, tmp_path: Path) -> None:
    """LibreOffice prints no total on a page of its own, however many sales there were."""
    need("soffice", "libreoffice-calc-nogui")
    need("pdftotext", "poppler-utils")
    made = []
    for count in range(1, 41):
        sell(shop, "PQ-S", None)
        if count >= 24:
            path = saved(shop, "moves", wanted=Wanted(part="all"))
            made.append(path.rename(tmp_path / f"moves-{count}.xlsx"))
    printed(made, tmp_path)
    for path in made:
        sheets = [words for width, words in pages(tmp_path / f"{path.stem}.pdf") if width > 800]
        # Shop, heading, foot of the page, and rows.
        assert len({round(word.top) for word in sheets[-1]}) >= 3 + 2, path.name


def test_no_english_in_indonesian_sheets(shop: Shop) -> None:
    """What the program says in a workbook is Indonesian: no cell holds an English text of ours."""
    busy(shop)
    sell(shop, "PQ-R", None, 1)
    english = {
        str(each.id) for each in translations("id")
        if each.id and each.string and str(each.string).casefold() != str(each.id).casefold()
    }  # fmt: skip
    # Names of the test's shop, and Indonesian words that are English, too.
    english -= {"Promo", "Data", "Info", "stop", "transfer"}
    for name, report in REPORTS.items():
        for sheet in openpyxl.load_workbook(saved(shop, name)):
            for row in sheet.iter_rows():
                for each in row:
                    told = str(each.value or "")
                    pieces = {told, *re.split(r", |; |: ", told)}
                    assert not pieces & english, (report.name, sheet.title, told)
                    assert not re.fullmatch(r"[a-z]+\.[a-z_]+", told), (report.name, told)


def test_every_report_is_named_where_one_asks() -> None:
    """The help of `crm-tui report` names each report, and README.md tells of it."""
    readme = Path(__file__).parent.with_name("README.md").read_text("utf-8")
    for name in REPORTS:
        asked = rf"[ `]{name}[,.`]"
        assert re.search(asked, str(cli_reports.report.help)), f"{name}: in cli/reports.py"
        assert re.search(rf"`{name}`|crm-tui report {name}\b", readme), f"{name}: in README.md"
    told = next(each.help for each in cli_reports.report.params if each.name == "as_of")
    evenings = {name for name, report in REPORTS.items() if report.evenings}
    assert set(str(told).partition(": ")[2].strip(".").split(", ")) == evenings, "cli/reports.py"


def test_the_audit_in_words(shop: Shop) -> None:
    """The audit is told in words of the reader's language, and found by them; programs get what is
    kept."""
    names = set(COMMANDS) | set(FORMER.values())
    assert names - set(DONE) == set(), "say it in DONE of shop/users/audit_words.py"
    shop.ask(ANI, "PESAN PQ-R 2")
    deciding.confirm(shop.ctx, 1)
    audit = REPORTS["audit"]
    rows = list(audit.rows(shop.ctx, Period(), search="dikonfirmasi pesanan 1"))
    assert [(row["command"], row["subject"]) for row in rows] == [("orders.confirm", "order 1")]
    told = {column.key: formats.shown(column, rows[0], tr) for column in audit.columns}
    assert told["command"] == "pesanan dikonfirmasi"
    assert told["subject"] == "pesanan 1"
    assert told["before"] == "status: menunggu; barang: 2 PQ-R"
    assert told["after"] == "status: dikonfirmasi; barang: 2 PQ-R"
    for kept in (None, "", "{}", "[1, [2]]", "kata", '{"a": {"b": [true, null, {"c": 1.5}]}}'):
        assert isinstance(audit_telling.changes(kept, tr), str)
    assert audit_telling.subject("prices of 3 items", tr) == "harga 3 barang"
    # A row about what somebody else permitted names who did, not the user once more.
    assert audit_telling.of_what("user sari", '{"permitted by": "tono"}', tr) == "izin dari tono"
    for kept in (None, "", "[]", '{"total": 3}', "{"):
        assert audit_telling.of_what("user sari", kept, tr) == "pengguna sari"


def test_every_report_in_every_form(shop: Shop) -> None:
    """An empty shop and a busy one: each report can be told in each form."""
    # Workbooks of a busy shop are read through by the test of English words.
    for fill, forms in ((lambda shop: None, FORMS), (busy, FORMS[:-1])):
        fill(shop)
        for name, report in REPORTS.items():
            for form in forms:
                if form == "xlsx":
                    workbook.write(
                        report, report.rows(shop.ctx, Period()),
                        publish.facts(shop.ctx, report, Wanted(), tr),
                        shop.folder / "laporan.xlsx", tr,
                    )  # fmt: skip
                else:
                    told = formats.written(report, report.rows(shop.ctx, Period()), form, tr)
                    assert form != "json" or isinstance(json.loads(told), list), name


@pytest.mark.parametrize(("names", "turned"), [(11, True), (5, False)])
def test_many_months_rise_beneath_their_bars(names: int, turned: bool) -> None:
    """The names of many bars that stand side by side are turned, so that none touches the next."""
    sheet = openpyxl.Workbook().active
    assert sheet is not None
    for at in range(names):
        sheet.cell(at + 2, 1, f"{at + 1:02}/2026")
    labels = [f"{at + 1:02}/2026" for at in range(names)]
    chart = Chart("months", "bar", labels, {"sum": [1] * names})
    drawn = summary_sheet._drawn(sheet, chart, 1, names + 1, str)
    assert bool(drawn.x_axis.txPr.bodyPr and drawn.x_axis.txPr.bodyPr.rot) is turned
