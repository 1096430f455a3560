"""A branch is closed: what is on the way to it and from it is in exactly one place; on PostgreSQL."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.cli.commands import main
from crm_tui.office import administering, closing, status
from crm_tui.replication import errors
from crm_tui.shop.branches import arrivals, grants, transfers
from crm_tui.shop.customers import cards
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points
from tests.branch import rounds_of
from tests.memory_office import MemoryLine
from tests.memory_office import Office as Memory
from tests.shop import ANI, ledgers_add_up
from tests.test_routing import Line, kinds, lines, one


def balance(line: Line, customer: int) -> int:
    return points.balance(line.shop.ctx, customer)


def pieces(*made: Line) -> int:
    """What lies in all stocks of one item."""
    return sum(line.shop.one("SELECT on_hand FROM stock WHERE item_id = 6") for line in made)


def receive_all(line: Line) -> None:
    for row in line.shop.rows("SELECT id FROM arrivals WHERE receipt_id IS NULL"):
        arrivals.rest_as_sent(line.shop.ctx, row["id"])
        arrivals.receive(line.shop.ctx, row["id"])


def test_what_is_on_the_way_holds_it_open(tmp_path: Path) -> None:
    """A branch to which goods or points are on the way is not closed unasked; it is said what, from
    whom, and nothing changes."""
    with lines(tmp_path, 3) as (office, (gone, home, third)):
        ani = cards.add(home.shop.ctx, cards.Card("Ani", phone=ANI))
        here = cards.add(gone.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(home.shop.ctx, ani, 30, "")
        for line in (gone, home, gone):
            line.up()
            line.down()
        grants.ask(gone.shop.ctx, here, home.number, 20)
        transfers.send(third.shop.ctx, gone.number, [Goods(6, 5), Goods(7, 2)])
        for line in (gone, home, third):
            line.up()
            line.down()
        home.up()
        with pytest.raises(closing.BranchHasOpen) as raised:
            closing.close(office, "Cabang 0")
        assert raised.value.params["pieces"] == 7
        assert raised.value.params["points"] == 20
        assert [(each.what, each.incoming, each.name, each.pieces) for each in raised.value.open] == [
            ("goods", True, "Cabang 2", 7), ("points", True, "Cabang 1", 20),
        ]  # fmt: skip
        assert (
            one(office, "SELECT closed_at FROM crm.branches WHERE branch = %s", gone.number) is None
        )
        folder = str(office.folder.parent)
        told = CliRunner().invoke(
            main,
            ["--lang", "en", "--data", folder, "office", "branch", "close", "Cabang 0", "--yes"],
        )
        assert told.exit_code == 1
        assert "Cabang 2: 1 transfers, 7 pieces" in told.output
        assert "--return" in told.output
        gone.down()
        receive_all(gone)
        gone.up()
        assert [each.what for each in closing.close(office, "Cabang 0", lost=True)] == []


def heard(line: Line) -> None:
    """It has said that it has all that the office has for it, and sent all its rows."""
    last = one(line.office, "SELECT last FROM crm.counter")
    line.connection.execute("SELECT crm.reached(%s, 0)", (last,))
    line.connection.commit()


def test_what_it_took_in_unsaid_does_not_go_back(tmp_path: Path) -> None:
    """Goods and points that are on the way as far as the office knows go back to nobody before the
    branch has said whether it took them in."""
    with lines(tmp_path) as (office, (gone, home)):
        ani = cards.add(home.shop.ctx, cards.Card("Ani", phone=ANI))
        here = cards.add(gone.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(home.shop.ctx, ani, 30, "")
        gone.up()
        home.up()
        gone.down()
        grants.ask(gone.shop.ctx, here, home.number, 20)
        transfers.send(home.shop.ctx, gone.number, [Goods(6, 5)])
        gone.up()
        home.down()
        home.up()
        gone.down()
        # Neither is said before its next round, if there is one.
        points.redeem(gone.shop.ctx, here, 20, "payung")
        receive_all(gone)
        with pytest.raises(closing.BranchIsTold) as told:
            closing.close(office, "Cabang 0", give_back=True)
        assert (told.value.params["points"], told.value.params["pieces"]) == (20, 5)
        assert kinds(home) == []
        gone.down()
        gone.up()
        heard(gone)
        assert "has heard" in str(status.look(office)[0].alarms[0])
        assert closing.close(office, "Cabang 0") == []
        home.down()
        assert (balance(home, ani), pieces(gone, home)) == (10, 200)


def test_another_store_has_not_heard_what_the_one_before_has(tmp_path: Path) -> None:
    """A branch that has heard of its end is waited for again where its epoch is ended, or its store
    begins another one: a backup from before knows nothing of it."""
    with lines(tmp_path, 1) as (office, (gone,)):
        points.give(gone.shop.ctx, cards.add(gone.shop.ctx, cards.Card("Ani", phone=ANI)), 30, "")
        gone.up()
        begins: list[Callable[[], None]] = [
            lambda: administering.end_epoch(office, "Cabang 0"), lambda: gone.sends(2, gone.marks),
        ]  # fmt: skip
        for anew in begins:
            with pytest.raises(closing.BranchIsTold):
                closing.close(office, "Cabang 0")
            heard(gone)
            assert not one(office, "SELECT crm.still_spends(%s)", gone.number)
            anew()
            assert one(office, "SELECT crm.still_spends(%s)", gone.number)


def test_nobody_waits_for_each_other(tmp_path: Path) -> None:
    """A branch closes, and another begins an epoch, while rows for both are given their numbers: each
    is done behind the other."""
    with lines(tmp_path) as (office, (gone, home)):
        transfers.send(home.shop.ctx, gone.number, [Goods(6, 1)])
        home.up()
        gone.down()
        receive_all(gone)
        gone.up()
        for number, what in (
            (home.number, lambda: home.sends(2, {})),
            (gone.number, lambda: closing.close(office, "Cabang 0")),
        ):  # fmt: skip
            with office.connected() as other, ThreadPoolExecutor(1) as thread:
                other.execute("SELECT crm.take_counter()")
                done = thread.submit(what)
                waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
                while not one(office, waiting) and not done.done():
                    time.sleep(0.01)
                other.execute("SELECT crm.send(%s, 'tier', 'x', '{}')", (number,))
                other.commit()
                done.result(20)


def test_goods_and_points_go_back(tmp_path: Path) -> None:
    """Closed all the same, goods go back to their sender as a transfer that names its own, points to
    the branch that gave them; each once, and with a word why. What is sent or given later, by a branch
    that has not heard of it, goes back by itself; who asks the closed branch is answered."""
    with lines(tmp_path, 3) as (office, (gone, home, third)):
        ani = cards.add(home.shop.ctx, cards.Card("Ani", phone=ANI))
        here = cards.add(gone.shop.ctx, cards.Card("Ani", phone=ANI))
        late = cards.add(third.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(home.shop.ctx, ani, 30, "")
        points.give(gone.shop.ctx, here, 9, "")
        for line in (third, gone, home, third, gone):
            line.up()
            line.down()
        grants.ask(gone.shop.ctx, here, home.number, 20)
        transfers.send(third.shop.ctx, gone.number, [Goods(6, 5)])
        third.up()
        gone.up()
        home.down()
        home.up()
        asked = grants.ask(third.shop.ctx, late, gone.number, 4)
        third.up()
        transfers.send(home.shop.ctx, gone.number, [Goods(6, 3)])
        assert (balance(home, ani), pieces(gone, home, third)) == (10, 292)
        closing.close(office, "Cabang 0", give_back=True, lost=True, farewell="ditutup")
        for _ in range(2):
            home.up()
            home.down()
            third.up()
            third.down()
        assert balance(home, ani) == 30
        for line in (home, third):
            ended = transfers.look(line.shop.ctx, 1)
            assert (ended.ended_note, ended.lines[0].missing) == ("ditutup", 0)
            back = arrivals.look(line.shop.ctx, 1)
            assert (back.back_of, back.branch.name, back.note) == ("1", "Cabang 0", "ditutup")
            receive_all(line)
            line.up()
            line.down()
            assert kinds(line) == []
            ledgers_add_up(line.shop.ctx)
        assert pieces(gone, home, third) == 300
        # What lies in its books is given by the office in its name.
        answer = third.shop.rows("SELECT points FROM point_arrivals WHERE request_id = ?", asked)
        assert answer == [{"points": 4}]
        assert one(office, "SELECT count(*) FROM crm.goods_open") == 0
        assert one(office, "SELECT count(*) FROM crm.points_open") == 0
        assert one(office, "SELECT count(*) FROM crm.odd") == 0


def test_points_at_home_in_a_closed_branch(tmp_path: Path) -> None:
    """Points that customers have in a branch that is closed are told at its end, and are given to the
    branches where they are asked for, those that end first, each once, till none is left; also where
    nobody knew the customer when it was closed."""
    with lines(tmp_path, 3) as (office, (gone, here, late)):
        ani = cards.add(gone.shop.ctx, cards.Card("Ani", phone=ANI))
        first = cards.add(here.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(gone.shop.ctx, ani, 30, "")
        gone.shop.clock.set(gone.shop.clock.now() + timedelta(days=40))
        points.give(gone.shop.ctx, ani, 12, "")
        ends = [row["expires_at"] for row in gone.shop.rows(
            "SELECT expires_at FROM point_lots ORDER BY id")]  # fmt: skip
        for line in (here, gone, here):
            line.up()
            line.down()
        close = ["--lang", "en", "--data", str(office.folder.parent), "office", "branch", "close",
                 "Cabang 0", "--yes"]  # fmt: skip
        for _ in range(2):
            waits = CliRunner().invoke(main, close)
            assert (waits.exit_code, "42 points and 0 pieces are in its books" in waits.output) == (
                1, True,
            )  # fmt: skip
        assert "told that it closes" in str(status.look(office)[0].alarms[0])
        told = CliRunner().invoke(main, [*close, "--lost"])
        assert told.exit_code == 0, told.output
        assert "42 points of 1 customers" in told.output
        here.down()
        grants.ask(here.shop.ctx, first, gone.number, 35)
        here.up()
        here.down()
        here.up()
        assert balance(here, first) == 35
        assert [tuple(row.values()) for row in here.shop.rows(
            "SELECT sum(points), expires_at FROM point_lots JOIN point_moves ON lot_id = point_lots.id"
            " GROUP BY lot_id ORDER BY 2")] == [(30, ends[0]), (5, ends[1])]  # fmt: skip
        second = cards.add(late.shop.ctx, cards.Card("Ani", phone=ANI))
        late.up()
        late.down()
        there = {
            each.branch.number: each.points for each in grants.elsewhere(late.shop.ctx, second)
        }
        assert there[gone.number] == 7
        grants.ask(late.shop.ctx, second, gone.number, 7)
        late.up()
        late.down()
        assert (balance(late, second), balance(here, first)) == (7, 35)
        assert one(office, "SELECT crm.points_of(%s, %s)", gone.number, ANI) == 0
        here.down()
        assert gone.number not in {
            each.branch.number for each in grants.elsewhere(here.shop.ctx, first)
        }
        for line in (here, late):
            ledgers_add_up(line.shop.ctx)


def test_a_branch_that_was_closed_takes_nothing_in(tmp_path: Path) -> None:
    """Once it has heard of it, it neither receives nor sends: what was on the way to it is back."""
    with lines(tmp_path) as (_office, (gone, other)):
        transfers.send(other.shop.ctx, gone.number, [Goods(6, 5)])
        other.up()
        gone.down()
        heard = errors.BranchClosed(name="x")
        rounds = rounds_of(gone.shop, MemoryLine(Memory(), 1, lambda step: heard))
        with pytest.raises(errors.BranchClosed):
            rounds.round()
        for act in (
            lambda: arrivals.check_line(gone.shop.ctx, 1, 1, 5),
            lambda: arrivals.rest_as_sent(gone.shop.ctx, 1),
            lambda: arrivals.receive(gone.shop.ctx, 1),
            lambda: arrivals.send_back(gone.shop.ctx, 1, "x"),
            lambda: transfers.send(gone.shop.ctx, other.number, [Goods(6, 1)]),
        ):
            with pytest.raises(RuleBroken, match="closes this branch"):
                act()


@pytest.mark.parametrize("other", ["--yes", "--return", "--lost"])
def test_it_stays_or_is_closed(tmp_path: Path, other: str) -> None:
    """Whoever says both that a branch stays and how it is closed is told so, and nothing is done."""
    close = ["--data", str(tmp_path), "office", "branch", "close", "Satu", "--stay", other]
    told = CliRunner().invoke(main, ["--lang", "en", *close])
    assert (told.exit_code, "stays open, or is closed" in told.output) == (1, True), told.output
    assert "Traceback" not in told.output
    assert not list(tmp_path.iterdir())


STEPS = st.lists(
    st.tuples(st.sampled_from(["send", "ask", "up", "down", "receive"]), st.integers(0, 2),
              st.integers(1, 2)),
    max_size=20,
)  # fmt: skip


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=STEPS, after=STEPS)
def test_any_days_and_a_closing(
    tmp_path_factory: pytest.TempPathFactory, before: list[Any], after: list[Any]
) -> None:
    """Whatever travels when a branch is closed, and whatever the others do before they hear of it: in
    the end all goods and points lie in one place, and none is on the way."""
    with lines(tmp_path_factory.mktemp("tutup"), 3) as (office, made):
        who = [cards.add(line.shop.ctx, cards.Card("Ani", phone=ANI)) for line in made]
        for line, customer in zip(made, who, strict=True):
            points.give(line.shop.ctx, customer, 50, "")
        for line in (*made, *made):
            line.up()
            line.down()

        def step(what: str, which: int, other: int) -> None:
            line, to = made[which], made[(which + other) % 3]
            with suppress(RuleBroken):
                if what == "send":
                    transfers.send(line.shop.ctx, to.number, [Goods(6, other)])
                elif what == "ask":
                    grants.ask(line.shop.ctx, who[which], to.number, 5)
                elif what == "receive":
                    receive_all(line)
                else:
                    getattr(line, what)()

        for each in before:
            step(*each)
        # It goes with all that it has said.
        made[0].up()
        closing.close(office, "Cabang 0", give_back=True, lost=True)
        for what, which, other in after:
            if which:
                step(what, which, other)
        for _ in range(5):
            for line in made[1:]:
                receive_all(line)
                line.up()
                line.down()
        assert pieces(*made) == 300
        left = one(office, "SELECT crm.points_of(%s, %s)", made[0].number, ANI)
        assert left + sum(map(balance, made[1:], who[1:])) == 150
        for line in made[1:]:
            ledgers_add_up(line.shop.ctx)
        gone = made[0].number
        assert one(office, "SELECT count(*) FROM crm.goods_open WHERE to_branch = %s", gone) == 0
