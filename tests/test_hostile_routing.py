"""What a hostile branch sends moves nothing of other branches, and holds up none of them; on
PostgreSQL."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from crm_tui.cli.commands import main
from crm_tui.office import asides, reading, reports
from crm_tui.shipped import LEDGER, VERSIONED
from crm_tui.shop.branches import arrivals, grants, transfers
from crm_tui.shop.customers import cards, people
from crm_tui.shop.gate.context import console
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points
from crm_tui.shop.reports.base import Wanted
from crm_tui.shop.reports.period import Period
from crm_tui.shop.sales import till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from tests.shop import ANI, cart_of
from tests.test_routing import Line, kinds, lines, one

AT = "2026-11-24T01:00:00Z"


def lie(line: Line, ledger: str, *rows: tuple[Any, ...]) -> None:
    """Rows that stand in no store, as the branch's key may send them, with their mark."""
    declared = LEDGER[ledger]
    moments = [n for n, column in enumerate(declared.columns) if column.kind == "moment"]
    names = ", ".join(f'"{name}"' for name in declared.copied)
    with line.connection.cursor().copy(f"COPY crm.{ledger} ({names}) FROM STDIN") as copy:
        for row in rows:
            values = declared.line(line.epoch, row).rstrip("\n").split("\t")
            for place in moments:
                values[place + 1] = row[place] or "\\N"
            copy.write("\t".join(values) + "\n")
    last = rows[-1][0] * declared.factor + (rows[-1][1] if declared.factor > 1 else 0)
    line.connection.execute(
        "SELECT crm.advance(%s, %s, %s, %s, '', 'x')", (line.epoch, ledger, 0, last)
    )
    line.connection.commit()
    line.meet()


def claim(line: Line, table: str, *rows: tuple[str, tuple[Any, ...]]) -> None:
    """Versions that stand in no store: key and row."""
    declared = VERSIONED[table]
    names = ", ".join(f'"{name}"' for name in declared.copied)
    with line.connection.cursor().copy(
        f"COPY crm.{declared.versions} ({names}) FROM STDIN"
    ) as copy:
        for version, (key, row) in enumerate(rows, start=1000):
            copy.write(declared.line(line.epoch, key, version, row))
    line.connection.commit()


def test_points_that_nobody_asked_for(tmp_path: Path) -> None:
    """A grant goes only to a branch that asked this one, and holds no more than was asked for: nobody
    makes points, or sends SMS, in another branch."""
    with lines(tmp_path, 3) as (office, (bad, good, third)):
        with good.shop.ctx.store.transaction() as db:
            db.execute("INSERT INTO grant_requests (at, actor, home, customer_id, phone, points)"
                       " SELECT ?, '', ?, min(id), ?, 5 FROM customers HAVING count(*)",
                       (AT, third.number, ANI))  # fmt: skip
        ani = cards.add(good.shop.ctx, cards.Card("Ani", phone=ANI))
        with good.shop.ctx.store.transaction() as db:
            for home in (third.number, bad.number):
                db.execute("INSERT INTO grant_requests (at, actor, home, customer_id, phone, points)"
                           " VALUES (?, '', ?, ?, ?, 5)", (AT, home, ani, ANI))  # fmt: skip
        good.up()
        rows = good.shop.rows("SELECT id, home FROM grant_requests")
        of = {row["home"]: row["id"] for row in rows}
        many = json.dumps([[10**9, None]])
        lie(bad, "grants",
            (1, AT, "x", good.number, 77, 1, "+6281299999999", 10**9, many),
            (2, AT, "x", good.number, 1, of[third.number], ANI, 5, "[[5, null]]"),
            (3, AT, "x", good.number, 1, of[bad.number], ANI, 5, many),
            (4, AT, "x", good.number, 1, of[bad.number], "+6281299999999", 5, "[[5, null]]"),
            (5, AT, "x", good.number, 1, of[bad.number], ANI, 5, "[[9, null], [-4, null]]"),
            (6, AT, "x", good.number, 1, of[bad.number], ANI, 3, "[[3, null]]"),
            (7, AT, "x", good.number, 1, of[bad.number], ANI, 3, "[[3, null]]"))  # fmt: skip
        good.down()
        assert points.balance(good.shop.ctx, ani) == 3
        assert people.by_phone(good.shop.ctx, "+6281299999999") is None
        assert one(office, "SELECT sum(rows) FROM crm.odd WHERE branch = %s", bad.number) == 4


def test_sums_beyond_all_numbers(tmp_path: Path) -> None:
    """What a branch says of points it has cannot stop what another one tells of a number both know."""
    with lines(tmp_path) as (_office, (bad, good)):
        most = 2**63 - 1
        claim(bad, "customers", ("1", (1, "x", "", "customer", "yes", AT, "", None, AT, None, 1)))
        claim(bad, "phones", (ANI, (ANI, 1)))
        lie(bad, "point_lots", (1, 1, None, AT, None))
        lie(bad, "point_moves", (1, 1, AT, most, "given", None, "x", ""),
            (2, 1, AT, most, "given", None, "x", ""))  # fmt: skip
        cards.add(good.shop.ctx, cards.Card("Ani", phone=ANI))
        transfers.send(good.shop.ctx, bad.number, [Goods(6, 1)])
        good.up()
        assert "transfer" in kinds(bad)
        good.down()


@pytest.mark.parametrize(
    "common", ["[]", '"x"', "null", '{"point_lots": "x"}', '{"sales": -1}', '{"sales": 1e30}', "1"]
)
def test_an_epoch_that_shares_no_numbers(tmp_path: Path, common: str) -> None:
    """What two histories share is numbers by ledger; anything else is refused when it is said."""
    with lines(tmp_path, 1) as (_office, (bad,)), pytest.raises(psycopg.Error):
        bad.connection.execute("SELECT crm.begin_epoch(2, now(), %s::text::jsonb)", (common,))


@pytest.mark.parametrize("statement", [
    "SELECT crm.hello(repeat('x', 1000000), 1, 1, now())",
    "SELECT crm.advance(1, 'sales', 0, 1, '', decode(repeat('00', 1000000), 'hex'))",
])  # fmt: skip
def test_what_it_says_of_itself_is_short(tmp_path: Path, statement: str) -> None:
    """What each hello reads and gives has bounds."""
    with lines(tmp_path, 1) as (_office, (bad,)), pytest.raises(psycopg.Error) as raised:
        bad.connection.execute(statement.encode())
    assert raised.value.sqlstate == "22023"


def test_a_stop_that_was_not_said_cannot_be_lifted(tmp_path: Path) -> None:
    """A START that lifts STOPs before they are said lifts none of them."""
    with lines(tmp_path, 3) as (office, (bad, good, third)):
        ani = cards.add(good.shop.ctx, cards.Card("Ani", phone=ANI))
        there = cards.add(third.shop.ctx, cards.Card("Ani", phone=ANI))
        for line in (good, third):
            line.up()
        lie(bad, "consent_lifts", *((1, n, good.number, 1, n) for n in range(1, 20)))
        good.down()
        people.consent(good.shop.ctx, ani, "stopped", "telepon")
        good.up()
        for line in (good, third):
            line.down()
        assert one(office, "SELECT count(*) FROM crm.lifts") == 0
        assert people.by_id(good.shop.ctx, ani).consent == "stopped"
        assert people.by_id(third.shop.ctx, there).consent == "stopped"
        assert not good.shop.rows("SELECT * FROM stops WHERE lifted = 1")


def test_who_did_not_get_it_receives_nothing(tmp_path: Path) -> None:
    """A receipt for goods of others ends no transfer, and hides no true one."""
    with lines(tmp_path, 3) as (_office, (bad, good, third)):
        sent = transfers.send(good.shop.ctx, third.number, [Goods(6, 5)])
        good.up()
        lie(bad, "transfer_receipts",
            (1, AT, "x", good.number, 1, sent, 0, "", None),
            (2, AT, "x", good.number, 1, sent + 1, 0, "", None))  # fmt: skip
        good.down()
        assert transfers.look(good.shop.ctx, sent).ended_at is None
        third.down()
        arrivals.rest_as_sent(third.shop.ctx, 1)
        arrivals.receive(third.shop.ctx, 1)
        third.up()
        good.down()
        assert transfers.look(good.shop.ctx, sent).lines[0].arrived == 5


@pytest.mark.soak
def test_figures_that_cannot_be(tmp_path: Path) -> None:
    """Moments of no calendar and amounts beyond all numbers are told as such, by the branch that sent
    them; what the others sold stands in every report and sum beside them."""
    with lines(tmp_path) as (office, (bad, good)):
        till.sell(good.shop.ctx, cart_of([CartLine(6, "PQ-R", "x", "set", 85_000, 1)]).sold(),
                  [Paid("cash", 85_000)])  # fmt: skip
        good.up()
        most = 2**63 - 1
        sale = (AT, "counter", None, None, most, "x", "sale", None, "", None)
        lie(bad, "sales", *((n, *sale) for n in (1, 2)))
        lie(bad, "audit", (1, "294000-01-01T00:00:00Z", "x", None, "sales.sell", "", None, None))
        with reading.opened(office, good.shop.clock, console()) as side, side.reading():
            chain = side.chain()
            for name, broken in (("sales", "state"), ("revenue", "clock")):
                found = reports.find(name)
                rows = {row["branch"]: row for row in found.rows(chain, Period())}
                assert rows["Cabang 0"][broken] == reading.CANNOT_BE
                assert rows["Cabang 1"]["total"] == 85_000
            for name in reports.NAMES:
                for form in ("branch", "sum", "row") if name in reports.OF_BRANCHES else (None,):
                    found = reports.find(name, None, form)
                    found.totals(chain, Wanted(Period()))
                    list(found.rows(chain, Period()))


def test_reports_of_who_sent_them(tmp_path: Path) -> None:
    """Asked for that branch alone, it is said in a sentence that nobody can compute with them; the
    other branch's report is told, and the points of all others are ranked."""
    with lines(tmp_path) as (office, (bad, good)):
        most = 2**63 - 1
        sale = (AT, "counter", None, None, most, "x", "sale", None, "", None)
        lie(bad, "sales", *((n, *sale) for n in (1, 2)))
        lie(bad, "point_lots", (1, 1, None, AT, None))
        lie(bad, "point_moves", (1, 1, AT, most, "given", None, "x", ""),
            (2, 1, AT, most, "given", None, "x", ""))  # fmt: skip
        lie(bad, "audit", (1, "294000-01-01T00:00:00Z", "x", None, "sales.sell", "", None, None))
        good.up()
        words = ["--lang", "en", "--data", str(office.folder.parent), "office"]
        told = CliRunner().invoke(main, [*words, "report", "audit", "--branch", "Cabang 0"])
        assert (told.exit_code, "nobody can compute" in told.output) == (1, True)
        assert (
            CliRunner().invoke(main, [*words, "report", "audit", "--branch", "Cabang 1"]).exit_code
            == 0
        )
        ranked = CliRunner().invoke(main, [*words, "rank"])
        assert ranked.exit_code == 0, ranked.output


def test_what_nobody_can_take_is_told_to_nobody(tmp_path: Path) -> None:
    """Whatever a branch writes into what is for another one, nothing of it lies aside there, where
    nobody could ever let it go: what cannot be taken lies aside at the office."""
    with lines(tmp_path) as (office, (bad, good)):
        ani = cards.add(good.shop.ctx, cards.Card("Ani", phone=ANI))
        other = cards.add(bad.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(bad.shop.ctx, other, 30, "")
        for line in (good, bad, good):
            line.up()
            line.down()
        grants.ask(good.shop.ctx, ani, bad.number, 20)
        transfers.send(good.shop.ctx, bad.number, [Goods(6, 1)])
        good.up()
        to = (good.number,)
        request = (
            "INSERT INTO crm.grant_requests (epoch, id, home, phone, points) VALUES (1, {}, %s, {})"
        )
        for n, told in enumerate(("'+628110', NULL", "'+628110', 0", "'+628110', 9000000000000000",
                                  "repeat('9', 90), 1", "NULL, NULL"), start=1):  # fmt: skip
            bad.connection.execute(request.format(n, told).encode(), to)
        grant = (
            "INSERT INTO crm.grants (epoch, id, to_branch, to_epoch, to_id, phone, points, lots)"
            " VALUES (1, {}, %s, 1, 1, '" + ANI + "', {})"
        )
        for n, told in enumerate(("20, '[[20, \"besok\"]]'", "NULL, '[[20, null]]'", "20, NULL",
                                  "20, '[[20, \"1999-01-01T00:00:00.000Z\"]]'", "-1, '[]'",
                                  "20, '{\"a\": 1}'", "20, '[[2, null, 3]]'"), start=1):  # fmt: skip
            bad.connection.execute(grant.format(n, told).encode(), to)
        for n, told in enumerate(("NULL, 1, 1", "'x', 9000000000000000, 1", "'x', 1, 1"), start=1):
            bad.connection.execute(
                "INSERT INTO crm.transfers (epoch, id, to_branch, lines, back_branch, actor, back_id,"
                f" back_epoch) VALUES (1, {n}, %s, 1, 1, {told})".encode(), to)  # fmt: skip
            bad.connection.execute(
                "INSERT INTO crm.transfer_lines (epoch, transfer_id, line, code, name, unit, quantity,"
                f" price) VALUES (1, {n}, 1, 'PQ-R', 'x', 'x', 1, 1)".encode())  # fmt: skip
        bad.connection.execute(
            b"INSERT INTO crm.transfer_receipts (epoch, id, from_branch, from_epoch, from_id, lines)"
            b" VALUES (1, 1, %s, 1, 1, 1)", to)  # fmt: skip
        bad.connection.execute(
            b"INSERT INTO crm.transfer_receipt_lines (epoch, receipt_id, line, arrived, broken)"
            b" VALUES (1, 1, 1, -1, NULL)"
        )
        for ledger, last in (("grant_requests", 5), ("grants", 7), ("transfers", 3),
                             ("transfer_lines", 3001), ("transfer_receipts", 1)):  # fmt: skip
            bad.connection.execute("SELECT crm.advance(1, %s, 0, %s, '', %s)",
                                   (ledger, last, b"d" * 16))  # fmt: skip
        bad.connection.commit()
        bad.meet()
        good.down()
        assert {each.ledger for each in asides.look(office)} == {
            "grant_requests", "grants", "transfer_receipts",
        }  # fmt: skip
        assert not [each for each in asides.look(office) if each.why not in asides.WHY.values()
                    and each.ledger != "grants"]  # fmt: skip
        assert good.shop.one("SELECT count(*) FROM arrivals") == 3
        assert points.balance(good.shop.ctx, ani) == 0


@pytest.mark.soak
def test_however_long_it_is_a_little_comes_at_once(tmp_path: Path) -> None:
    """However much branches write into what is for another one, that one fetches a few megabytes at a
    time, and all of it in the end, over the line or as a file."""
    with lines(tmp_path, 1) as (office, (line,)):
        with office.connected() as own:
            before = own.execute("SELECT last FROM crm.counter").fetchone()
            for n in range(12):
                own.execute("SELECT crm.send(%s, 'transfer', %s, %s)",
                            (line.number, str(n), json.dumps({"note": "x" * 900_000})))  # fmt: skip
        assert before is not None
        after, sizes, came = before[0], [], 0
        fetch = "SELECT * FROM crm.downs(%s, 200)"
        while rows := line.connection.execute(fetch, (after,)).fetchall():
            sizes.append(sum(len(json.dumps(row[3])) for row in rows))
            came, after = came + len(rows), rows[-1][0]
        assert (max(sizes) < 3_000_000, came) == (True, 12)
        with office.connected() as own:
            own.execute("SELECT set_config('crm.acting_for', %s, true)", (str(line.number),))
            asked = own.execute("SELECT count(*) FROM crm.downs(%s, NULL)", (before[0],))
            assert asked.fetchone() == (12,)
