"""What one branch says makes others take and answer so much, and no more; what is beyond is told to the
office and is not lost. On PostgreSQL."""

import json
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from crm_tui.cli.commands import main
from crm_tui.office import administering, asides, central, status
from crm_tui.shipped import LEDGER
from crm_tui.shop.branches import arrivals, transfers
from crm_tui.shop.customers import cards, people
from crm_tui.shop.items.stock import Goods
from tests import postgres
from tests.shop import ANI
from tests.test_hostile_routing import AT, claim, lie
from tests.test_routing import Line, lines, one

MANY = 1_500


def rows(line: Line, ledger: str, *made: tuple[Any, ...]) -> None:
    """Rows without a mark: it moves with those that name them."""
    declared = LEDGER[ledger]
    names = ", ".join(f'"{name}"' for name in declared.copied)
    with line.connection.cursor().copy(f"COPY crm.{ledger} ({names}) FROM STDIN") as copy:
        for row in made:
            copy.write(declared.line(line.epoch, row))


def send_many(line: Line, to: int, first: int, count: int) -> None:
    rows(line, "transfer_lines", *((n, 1, 1, "X", "x", "pcs", 1, 1, None)
                                   for n in range(first, first + count)))  # fmt: skip
    lie(line, "transfers", *((n, AT, "x", to, 1, "", None, None, None, None)
                             for n in range(first, first + count)))  # fmt: skip


def told(line: Line) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in line.connection.execute("SELECT kind FROM crm.downs(0, 100000)").fetchall():
        found[row[0]] = found.get(row[0], 0) + 1
    line.connection.commit()
    return found


def test_invented_transfers_and_requests(tmp_path: Path) -> None:
    """Of transfers and requests for points without number some reach another branch; the rest lies at
    the office, which is told how many and why, and what others say goes on as before."""
    with lines(tmp_path, 3) as (office, (bad, good, third)):
        before = one(office, "SELECT last FROM crm.counter")
        send_many(bad, good.number, 1, MANY)
        lie(bad, "grant_requests", *((n, AT, "x", good.number, 1, ANI, 5) for n in range(1, MANY)))
        assert told(good)["transfer"] == 200
        assert told(good)["grant_request"] == 50
        assert one(office, "SELECT last FROM crm.counter") - before < 300
        found = {each.ledger: each for each in asides.look(office)}
        assert (found["transfers"].rows, found["transfers"].branch) == (MANY - 200, "Cabang 0")
        assert found["grant_requests"].rows == MANY - 1 - 50
        state = next(each for each in status.look(office) if each.number == bad.number)
        assert state.facts["aside"] == 2 * MANY - 1 - 250
        assert any("aside" in alarm for alarm in state.alarms)
        words = ["--lang", "en", "--data", str(office.folder.parent), "office", "aside"]
        shown = CliRunner().invoke(main, [*words, "list"]).output
        assert "Cabang 0: 1300 rows of transfers (201 to 1500)" in shown
        as_json = json.loads(CliRunner().invoke(main, [*words, "list", "--format", "json"]).output)
        assert {(each["rows"], each["waits"]) for each in as_json["aside"]} == {
            (1300, True),
            (1449, True),
        }
        unknown = CliRunner().invoke(main, [*words, "dismiss", "9999", "--yes"])
        assert (unknown.exit_code, "9999" in unknown.output) == (1, True)
        transfers.send(third.shop.ctx, good.number, [Goods(6, 5)])
        third.up()
        assert told(good)["transfer"] == 201


def test_what_was_too_much_comes_when_there_is_room(tmp_path: Path) -> None:
    """An honest branch whose goods were too many at once loses none of them: what was put aside goes on
    by itself as those before it are received."""
    with lines(tmp_path) as (office, (many, other)):
        with office.connected() as own:
            own.execute("INSERT INTO crm.traffic VALUES (%s, %s, 'transfers', '-infinity', 198)",
                        (many.number, other.number))  # fmt: skip
        for _ in range(6):
            transfers.send(many.shop.ctx, other.number, [Goods(6, 1)])
        many.up()
        other.down()
        assert other.shop.one("SELECT count(*) FROM arrivals") == 2
        for number in (1, 2):
            arrivals.rest_as_sent(other.shop.ctx, number)
            arrivals.receive(other.shop.ctx, number)
        other.up()
        many.up()
        other.down()
        assert other.shop.one("SELECT count(*) FROM arrivals") == 4
        (left,) = asides.look(office)
        assert left.rows == 2
        # Whoever knows that it is right need not wait.
        assert asides.retake(office, left.number) == 2
        other.down()
        assert other.shop.one("SELECT count(*) FROM arrivals") == 6
        assert asides.look(office) == []


def test_stops_in_masses(tmp_path: Path) -> None:
    """A STOP counts, however many there are; a branch that stops numbers of others in masses is told,
    and one that says the same STOP again and again burdens nobody."""
    with lines(tmp_path) as (office, (bad, good)):
        numbers = [f"+628120000{n:04d}" for n in range(60)]
        who = [cards.add(good.shop.ctx, cards.Card("Ani", phone=number)) for number in numbers]
        good.up()
        for n, number in enumerate(numbers, start=1):
            claim(bad, "phones", (number, (number, n)))
        lie(bad, "consents", *((n, n, AT, "stopped", "", "x") for n in range(1, 61)),
            *((n, 1, AT, "stopped", "", "x") for n in range(61, MANY)))  # fmt: skip
        good.down()
        assert {people.by_id(good.shop.ctx, each).consent for each in who} == {"stopped"}
        assert told(good)["consent"] == 60 + 200
        state = next(each for each in status.look(office) if each.number == bad.number)
        assert state.facts["stops_today"] == 60
        assert any("STOP" in alarm for alarm in state.alarms)


def test_stock_of_items_that_nobody_has(tmp_path: Path) -> None:
    """Of invented items a bounded part goes to all, and none whose code or row is too long."""
    with lines(tmp_path) as (office, (bad, good)):

        def item(n: int, code: str) -> tuple[str, tuple[Any, ...]]:
            row = (n, code, code, "x", "pcs", 1, None, "", "", "", 1, None, 0)
            return str(n), row

        apart = range(200, 200 * 400, 200)
        claim(bad, "items", *(item(n, f"X{n}") for n in apart), item(1, "Y" * 500_000))
        claim(bad, "stock", *((str(n), (n, 1, 0)) for n in (1, *apart)))
        bad.connection.execute("SELECT crm.advance(1, 'versions', 0, 9000, '', 'x')")
        bad.connection.commit()
        bad.meet()
        assert told(good)["stock"] == 250
        (left,) = asides.look(office)
        assert (left.ledger, left.rows) == ("stock", 150)
        assert asides.dismiss(office, left.number)
        assert asides.look(office) == []


def test_stock_goes_on_in_slices(tmp_path: Path) -> None:
    """The stock of a great branch goes to all in passes of some hundred items, one behind the other
    until all of it is told."""
    with lines(tmp_path) as (_office, (great, other)):
        parts = range(0, 200 * 60, 200)
        claim(great, "items", *((str(n), (n, f"X{n}", f"X{n}", "x", "pcs", 1, None, "", "", "", 1,
                                          None, 0)) for n in parts))  # fmt: skip
        claim(great, "stock", *((str(n), (n, 1, 0)) for n in parts))
        great.connection.execute("SELECT crm.advance(1, 'versions', 0, 9000, '', 'x')")
        great.connection.commit()
        passes = [0]
        while len(passes) < 3 or passes[-1] > passes[-2]:
            great.connection.execute("SELECT crm.reached(0, 0)")
            great.connection.commit()
            passes.append(told(other).get("stock", 0))
        assert passes[-1] == 60
        assert max(later - before for before, later in pairwise(passes)) <= 10


def test_whoever_keeps_the_counter_is_put_out(tmp_path: Path) -> None:
    """A branch that passes on what it sent, and then sits on the transaction or works on in it for
    ever, holds up neither another branch nor the office for long."""
    with lines(tmp_path, 3) as (office, (bad, good, third)):
        with office.connected() as own:
            own.execute("INSERT INTO crm.facts VALUES ('counter_seconds', '0')")
        send_many(bad, good.number, 1, 1)
        for number, work in enumerate(("SELECT 1", "SELECT pg_sleep(60)"), start=1):
            # What it lost comes back to it: for that the counter is taken.
            bad.connection.execute("SET statement_timeout = 0")
            bad.connection.execute("SELECT crm.begin_epoch(%s, now(), '{}')", (number + 1,))
            with ThreadPoolExecutor(1) as beside:
                kept = beside.submit(bad.connection.execute, work)
                wait([kept], 0.3)
                transfers.send(third.shop.ctx, good.number, [Goods(6, 1)])
                third.up()
                central.set_price(office, "PQ-R", 80_000 + number)
                wait([kept], 10)
            assert told(good)["transfer"] == 1 + number
            with pytest.raises(psycopg.OperationalError):
                bad.connection.execute("SELECT 1")
            bad.connection = postgres.line(bad.told, tmp_path / f"lagi{number}")


def test_epochs_without_end(tmp_path: Path) -> None:
    """A branch begins so many epochs a day and no more, each says little of itself, and what it told
    others in those before comes back to it once, not once an epoch."""
    with lines(tmp_path) as (office, (bad, good)):
        for epoch, common in ((2_000_000, "{}"), (2, json.dumps({"x" * 20_000: 1}))):
            with pytest.raises(psycopg.Error) as raised:
                bad.connection.execute("SELECT crm.begin_epoch(%s, now(), %s)", (epoch, common))
            assert raised.value.sqlstate == "22023"
            bad.connection.rollback()
        rows(bad, "transfer_lines", (1, 1, 1, "X", "x", "pcs", 1, 1, None))
        lie(bad, "transfers", (1, AT, "x", good.number, 1, "", None, None, None, None))
        begin = "SELECT crm.begin_epoch(%s, now(), '{}')"
        for epoch in range(2, 21):
            bad.connection.execute(begin, (epoch,))
            bad.connection.commit()
        with pytest.raises(psycopg.Error) as raised:
            bad.connection.execute(begin, (21,))
        bad.connection.rollback()
        assert raised.value.sqlstate == "CB007"
        assert told(bad)["transfer"] == 1
        state = next(each for each in status.look(office) if each.number == bad.number)
        assert any("epochs" in alarm for alarm in state.alarms)
        # Whoever knows that it is right says so at the office.
        administering.end_epoch(office, "Cabang 0")
        bad.connection.execute(begin, (21,))


def test_a_pass_lets_others_take_their_turn(tmp_path: Path) -> None:
    """What one branch has sent goes on some hundred rows at a time, each in a transaction of its own;
    between two of them another one's goes on, and the counter is free."""
    with lines(tmp_path, 3) as (_office, (busy, other, third)):
        rows(busy, "transfer_lines", *((n, 1, 1, "X", "x", "pcs", 1, 1, None)
                                       for n in range(1, MANY)))  # fmt: skip
        rows(busy, "transfers", *((n, AT, "x", other.number, 1, "", None, None, None, None)
                                  for n in range(1, MANY)))  # fmt: skip
        busy.connection.execute("SELECT crm.advance(1, 'transfers', 0, %s, '', 'x')", (MANY - 1,))
        busy.connection.commit()
        slices = 0
        more: Any = (True,)
        while more == (True,):
            more = busy.connection.execute("SELECT crm.reached(0, 0)").fetchone()
            busy.connection.commit()
            slices += 1
            if slices == 2:
                transfers.send(third.shop.ctx, other.number, [Goods(6, 5)])
                third.up()
                passed = told(other)["transfer"]
        assert slices >= MANY // 200
        assert passed == 200 + 1


@pytest.mark.parametrize("erased", ["home", "asker"])
def test_points_of_who_was_erased_meanwhile(tmp_path: Path, erased: str) -> None:
    """Points that were given for a customer whom one of the two branches has erased since are not lost:
    they come where they were asked for, or go back."""
    with lines(tmp_path) as (office, (home, asker)):
        lie(
            asker,
            "grant_requests",
            (1, AT, "x", home.number, 1, "" if erased == "asker" else ANI, 5),
        )
        lie(home, "grants", (1, AT, "x", asker.number, 1, 1, "" if erased == "home" else ANI, 5,
                             "[[5, null]]"))  # fmt: skip
        where = asker if erased == "home" else home
        kind = "grant" if erased == "home" else "grant_back"
        bodies = [row.body for row in where.waiting() if row.kind == kind]
        assert [body["phone"] for body in bodies] == [ANI]
        assert one(office, "SELECT count(*) FROM crm.odd") == 0
