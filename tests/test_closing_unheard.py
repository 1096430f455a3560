"""A branch is closed while it does not listen, travels by file, is put back, or leaves: its points stay
in one place; on PostgreSQL."""

import contextlib
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("psycopg")

from crm_tui.office import administering, batches, closing, status
from crm_tui.office.database import Office
from crm_tui.office.errors import BranchIsClosed
from crm_tui.replication import batch_up, change_capture, down, enrolling, errors, line, up
from crm_tui.replication.enrolling import Enrolment
from crm_tui.replication.line import Wire
from crm_tui.shop.backups import making
from crm_tui.shop.branches import grants, transfers
from crm_tui.shop.customers import cards
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points
from crm_tui.shop.upkeep import privacy
from tests import postgres
from tests.branch import copy_of, put_back, rounds_of
from tests.shop import ANI, BUDI, Shop, ledgers_add_up
from tests.test_branch_points import GIVEN, _ani, having_points, held, settled
from tests.test_branch_postgres import Branch, Faulty, enrol, sell
from tests.test_restore import restore
from tests.test_routing import lines, one

pytestmark = pytest.mark.soak


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[Branch]]:
    """Ani is known in both, and has her points in the first."""
    with having_points(tmp_path, 2) as made:
        yield made


def redeems(branch: Branch, some: int) -> int:
    """How many of so many points a branch spends: all, or none."""
    with contextlib.suppress(points.PointsEnded, points.PointsHeld, points.NotEnoughPoints):
        points.redeem(branch.shop.ctx, _ani(branch), some, "payung")
        return some
    return 0


def asks(branch: Branch, home: Branch, some: int = GIVEN) -> int:
    """How many points a branch has when it has asked for those of another one."""
    for there in grants.elsewhere(branch.shop.ctx, _ani(branch)):
        if there.branch.number == home.number:
            grants.ask(branch.shop.ctx, _ani(branch), home.number, min(some, there.points))
    for _ in range(2):
        branch.round_at_last()
    return held(branch)


def close(office: Office, *, lost: bool = False) -> None:
    with contextlib.suppress(closing.BranchIsTold):
        closing.close(office, "Cabang 0", lost=lost)


def is_closed(branch: Branch) -> bool:
    query = "SELECT closed_at IS NOT NULL FROM crm.branches WHERE branch = %s"
    return branch.books.ask(query, branch.number) == [(True,)]


def again(branch: Branch, told: dict[str, Any]) -> Branch:
    """The shop with another enrolment."""
    enrolling.enrol(branch.shop.ctx, Enrolment(**told))
    return Branch(branch.shop, int(told["branch"]), branch.office)


def first_enrolment(branch: Branch) -> dict[str, Any]:
    keys = enrolling.folder_of(branch.shop.ctx)
    told: dict[str, Any] = json.loads((keys / "words.json").read_text())
    del told["store"]
    for name, file in (("key", "branch.key"), ("certificate", "branch.crt"),
                       ("office_certificate", "office.crt")):  # fmt: skip
        told[name] = (keys / file).read_text()
    return {**told, "name": "Cabang 0"}


def exported(branch: Branch, file: Path) -> Path:
    ctx = branch.shop.ctx.acting(up.ACTOR)
    change_capture.keep(ctx)
    batch_up.write(ctx, enrolling.address(ctx).folder / "branch.key", file)
    return file


def test_by_file_alone(tmp_path: Path, two: list[Branch]) -> None:
    """A branch that travels as files is closed when one that it wrote behind its end has come; none
    that it wrote before counts, though it comes later, nor one from before it stayed after all."""
    home, other = two
    close(home.office)
    points.redeem(home.shop.ctx, _ani(home), 30, "payung")
    before = exported(home, tmp_path / "satu")
    batches.take(home.office, before)
    close(home.office)
    assert not is_closed(home)
    batches.give(home.office, "Cabang 0", tmp_path / "turun", home.shop.clock)
    down.take_file(home.shop.ctx, tmp_path / "turun")
    assert redeems(home, 1) == 0
    batches.take(home.office, before)
    close(home.office)
    assert not is_closed(home)
    heard = exported(home, tmp_path / "dua")
    closing.keep(home.office, "Cabang 0")
    close(home.office)
    batches.take(home.office, heard)
    close(home.office)
    assert not is_closed(home)
    batches.give(home.office, "Cabang 0", tmp_path / "turun", home.shop.clock)
    down.take_file(home.shop.ctx, tmp_path / "turun")
    batches.take(home.office, exported(home, tmp_path / "tiga"))
    close(home.office)
    assert is_closed(home)
    assert asks(other, home) == GIVEN - 30


@pytest.mark.parametrize("key", ["a new one", "its own"])
def test_restored_to_before_it_heard(two: list[Branch], key: str) -> None:
    """What a store said that was given up does not count: the one that goes on hears it anew, or spends
    none."""
    home, other = two
    backup = making.make(home.shop.ctx)
    close(home.office)
    settled(two)
    restore(home.shop, backup.path)
    if key == "a new one":
        again(home, administering.renew(home.office, "Cabang 0"))
    spent = redeems(home, 60)
    close(home.office)
    assert is_closed(home) == (key == "its own")
    assert spent + asks(other, home) <= GIVEN


@pytest.mark.parametrize("how", ["unheard", "heard", "old file", "copy"])
def test_a_closed_branch_leaves(two: list[Branch], how: str) -> None:
    """Points that the office gives out of a closed branch's books are not spent by its shop, whether
    it leaves the chain, takes its old enrolment in, or goes on as a copy; what it earns then is its."""
    home, other = two
    if how == "heard":
        close(home.office)
        settled(two)
    close(home.office, lost=True)
    with pytest.raises(errors.ChainProblem):
        home.round()
    told = first_enrolment(home)
    assert enrolling.leave(home.shop.ctx) == GIVEN
    assert held(home) == 0
    points.give(home.shop.ctx, _ani(home), 7, "hadiah")
    if how == "old file":
        back = again(home, told)
        assert (held(home), redeems(home, 20)) == (GIVEN + 7, 0)
        with pytest.raises(errors.ChainProblem):
            back.round()
        assert redeems(home, 10) == 0
        enrolling.leave(home.shop.ctx)
    if how == "copy":
        copy = again(home, administering.add(home.office, "Cabang 2", "Cabang 0"))
        assert redeems(home, 7) == 0
        copy.round()
    assert redeems(home, 8) == 0
    assert redeems(home, 7) == 7
    assert asks(other, home) == GIVEN
    ledgers_add_up(home.shop.ctx)


def test_a_key_that_was_revoked(two: list[Branch]) -> None:
    """A shop that left because its key was refused has its points again with the next enrolment of the
    same branch."""
    home, _ = two
    told = administering.renew(home.office, "Cabang 0")
    with pytest.raises(errors.KeyRefused):
        home.round()
    enrolling.leave(home.shop.ctx)
    assert held(home) == 0
    again(home, told)
    assert redeems(home, 1) == 0
    settled(two)
    assert redeems(home, GIVEN) == GIVEN
    home.round_at_last()
    home.agrees()
    ledgers_add_up(home.shop.ctx)


def test_a_copy_begins_without_points(two: list[Branch]) -> None:
    """A copied store that becomes a branch of its own has none of the points of its original, which has
    them, or the office when that is closed."""
    home, other = two
    enrolling.leave(home.shop.ctx)
    copy = again(home, administering.add(home.office, "Cabang 2", "Cabang 0"))
    assert redeems(home, 60) == 0
    copy.round()
    assert held(home) == 0
    close(home.office, lost=True)
    assert asks(other, home) == GIVEN


def test_erased_while_it_belonged_to_no_chain(two: list[Branch]) -> None:
    """Who is erased between two enrolments of a branch has neither name nor number at the office."""
    home, other = two
    points.redeem(home.shop.ctx, _ani(home), 1, "payung untuk Ani")
    settled(two)
    asks(other, home, 5)
    settled(two)
    enrolling.leave(home.shop.ctx)
    privacy.erase(home.shop.ctx, _ani(home))
    again(home, administering.renew(home.office, "Cabang 0"))
    settled(two)
    for query, what in (
        ("SELECT name FROM crm.customers", "Ani"),
        ("SELECT name FROM crm.customers_versions", "Ani"),
        ("SELECT key FROM crm.phones", ANI),
        ("SELECT key FROM crm.phones_versions", ANI),
        ("SELECT note FROM crm.point_moves", "Ani"),
        ("SELECT phone FROM crm.grants", ANI),
    ):
        found = home.books.ask(f"{query} WHERE branch = %s", home.number)
        assert found or "phones" in query
        assert not [row for row in found if what[1:] in row[0]], query


def test_points_of_which_nobody_knows(two: list[Branch]) -> None:
    """A branch that has earned points since it was heard is not closed before they are known."""
    home, other = two
    asks(other, home)
    settled(two)
    asks(other, home)
    assert held(home) == 0
    points.give(home.shop.ctx, _ani(home), 50, "hadiah")
    close(home.office)
    assert not is_closed(home)
    settled(two)
    close(home.office)
    assert is_closed(home)
    assert asks(other, home) == GIVEN + 50


def test_what_comes_while_it_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a branch commits between the office's last look and its end goes on to the others, though it
    cannot say so itself any more."""
    with lines(tmp_path) as (office, (home, asker)):
        ani = cards.add(home.shop.ctx, cards.Card("Ani", phone=ANI))
        here = cards.add(asker.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(home.shop.ctx, ani, 30, "")
        for each in (asker, home, asker):
            each.up()
            each.down()
        grants.ask(asker.shop.ctx, here, home.number, 20)
        asker.up()
        home.down()
        transfers.send(home.shop.ctx, asker.number, [Goods(6, 5)])
        looked = administering.route

        def route(*which: Any) -> None:
            looked(*which)
            monkeypatch.setattr(home, "meet", lambda: None)
            home.up()

        monkeypatch.setattr(administering, "route", route)
        closing.close(office, "Cabang 0", lost=True)
        asker.down()
        assert points.balance(asker.shop.ctx, here) == 20
        assert asker.shop.one("SELECT count(*) FROM arrivals") == 1


def until_somebody_waits(office: Office) -> None:
    for _ in range(500):
        if one(office, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                       " AND datname = current_database()"):  # fmt: skip
            return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_closed_while_somebody_sends_to_it(tmp_path: Path) -> None:
    """Whoever has the counter sends a branch a row while it is being closed: neither waits for the
    other for good."""
    with (
        lines(tmp_path) as (office, (home, _)),
        office.connected() as other,
        ThreadPoolExecutor(1) as pool,
    ):
        other.execute("SELECT crm.take_counter()")
        ends = pool.submit(closing.close, office, "Cabang 0", lost=True)
        until_somebody_waits(office)
        other.execute("SELECT crm.send(%s, 'x', 'x', '{}')", (home.number,))
        other.commit()
        ends.result(20)


def test_a_key_for_a_branch_that_is_being_closed(tmp_path: Path) -> None:
    """Of two commands at once, one that makes a key comes too late where the other closes a branch."""
    with (
        lines(tmp_path) as (office, (home, _)),
        office.connected() as first,
        ThreadPoolExecutor(1) as pool,
    ):
        administering.locked_one(first, "Cabang 0")
        key = pool.submit(administering.renew, office, "Cabang 0")
        until_somebody_waits(office)
        first.execute("UPDATE crm.branches SET closed_at = now() WHERE branch = %s", (home.number,))
        first.commit()
        with pytest.raises(BranchIsClosed):
            key.result(20)


def keep_office(office: Office) -> None:
    name = office.database
    postgres.cluster().run(
        f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'",
        f"CREATE DATABASE {name}_kept OWNER crm_office TEMPLATE {name}",
    )


def put_office_back(office: Office) -> None:
    name = office.database
    postgres.cluster().run(
        f"DROP DATABASE {name} WITH (FORCE)",
        f"CREATE DATABASE {name} OWNER crm_office TEMPLATE {name}_kept",
    )


@pytest.mark.parametrize("kept", ["given", "open", "told", "closed"])
def test_the_office_is_put_back(tmp_path: Path, two: list[Branch], kept: str) -> None:
    """An office that was put back to before the end of a branch, or behind it, gives out nothing that
    was given already, by itself or by the branch, once whoever got it has met it."""
    home, other = two
    third = enrol(Shop(tmp_path / "3"), home.office, "Cabang 3")
    cards.add(third.shop.ctx, cards.Card("Ani", phone=ANI))
    everybody = settled([*two, third])
    if kept in ("given", "open"):
        keep_office(home.office)
    if kept == "given":
        # By the branch itself, which never comes again.
        asks(other, home, 70)
        settled(everybody)
    close(home.office)
    if kept == "told":
        keep_office(home.office)
    settled(everybody)
    close(home.office)
    assert is_closed(home)
    if kept == "closed":
        keep_office(home.office)
    assert (held(other) or asks(other, home, 70)) == 70
    put_office_back(home.office)
    for branch in (other, third, other, third):
        branch.round_at_last()
    if kept != "closed":
        close(home.office, lost=True)
    asks(third, home)
    settled([other, third])
    assert (held(other), held(third)) == (70, 30)
    for view in ("crm.odd", "crm.points_open", "crm.requests_open"):
        assert not third.books.ask(f"SELECT * FROM {view}")
    for branch in (other, third):
        assert not branch.shop.rows("SELECT * FROM downs_aside")
    third.shop.close()


def test_the_office_gives_no_number_twice(tmp_path: Path, two: list[Branch]) -> None:
    """An office that was put back behind the end of a branch gives what it hands out of its books no
    number that something else came with: that would come to nobody, and what came go out again."""
    home, other = two
    third = enrol(Shop(tmp_path / "3"), home.office, "Cabang 3")
    everybody = [home, other, third]
    cards.add(third.shop.ctx, cards.Card("Ani", phone=ANI))
    budi = [cards.add(each.shop.ctx, cards.Card("Budi", phone=BUDI)) for each in everybody]
    points.give(home.shop.ctx, budi[0], 40, "hadiah")
    settled(everybody)
    close(home.office, lost=True)
    keep_office(home.office)
    transfers.send(third.shop.ctx, home.number, [Goods(6, 5)])
    assert asks(third, home) == GIVEN
    put_office_back(home.office)
    transfers.send(other.shop.ctx, home.number, [Goods(6, 3)])
    other.round_at_last()
    grants.ask(other.shop.ctx, budi[1], home.number, 40)
    settled([other, third])
    assert [held(each) for each in (other, third)] == [0, GIVEN]
    assert points.balance(other.shop.ctx, budi[1]) == 40
    for each in (other, third):
        assert each.shop.one("SELECT count(*) FROM arrivals") == 1
    third.shop.close()


def test_it_stays_after_all(two: list[Branch]) -> None:
    """A branch that was told that it closes, and stays, spends its points again, and is told anew
    before it closes."""
    home, other = two
    with pytest.raises(closing.BranchStays):
        closing.keep(home.office, "Cabang 0")
    close(home.office)
    settled(two)
    assert redeems(home, 1) == 0
    closing.keep(home.office, "Cabang 0")
    settled(two)
    assert redeems(home, 40) == 40
    for _ in range(2):
        close(home.office)
        assert not is_closed(home)
    settled(two)
    close(home.office)
    assert is_closed(home)
    assert asks(other, home) == 60


def test_a_program_that_cannot_hear(two: list[Branch], monkeypatch: pytest.MonkeyPatch) -> None:
    """A branch whose program is too old to spend no more is not closed before it is updated, but where
    it never comes; it is said so, and when it can be closed."""
    home, _ = two
    monkeypatch.setattr(line, "VERSION", 4)
    close(home.office)
    settled(two)
    with pytest.raises(closing.BranchSpendsOn):
        closing.close(home.office, "Cabang 0")
    assert "too old" in str(status.look(home.office)[0].alarms[0])
    monkeypatch.undo()
    # Updated, it says hello, and then its line is cut: what the older one spent is not known.
    wire = home.wire()
    up.hello(home.shop.ctx, wire)
    wire.close()
    with pytest.raises(closing.BranchIsTold):
        closing.close(home.office, "Cabang 0")
    settled(two)
    assert "has sent the rest" in str(status.look(home.office)[0].alarms[0])
    close(home.office)
    assert is_closed(home)


def test_a_copy_that_is_refused(two: list[Branch], tmp_path: Path) -> None:
    """A copy of a store with which the office does not go on spends none of its points."""
    home, _ = two
    copy_of(home.shop, tmp_path / "salinan.db")
    twin = Branch(Shop(tmp_path / "lain"), home.number, home.office)
    put_back(twin.shop, tmp_path / "salinan.db")
    sell(home.shop)
    home.round()
    sell(twin.shop)
    with pytest.raises(errors.HistoriesDiffer):
        twin.round()
    with pytest.raises(points.PointsHeld):
        points.redeem(twin.shop.ctx, _ani(twin), 1, "payung")
    assert redeems(home, 1) == 1
    twin.shop.close()


def test_dead_at_any_statement_while_it_hears(
    two: list[Branch], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a branch dies while it hears of its end and says its last: the office does not think
    that it has, before it spends none and all that it spent is known."""
    home, _ = two
    opened, at = Wire._open, 1
    while True:
        points.give(home.shop.ctx, _ani(home), 1, "hadiah")
        home.round_at_last()
        close(home.office)
        points.redeem(home.shop.ctx, _ani(home), 1, "permen")
        made: list[Faulty] = []

        def faulty(wire: Wire, at: int = at, made: list[Faulty] = made) -> Any:
            if not made:
                made.append(Faulty(opened(wire), at))
                wire._connection = made[0]
            return opened(wire)

        with monkeypatch.context() as patched, contextlib.suppress(errors.OfficeProblem):
            patched.setattr(Wire, "_open", faulty)
            home.round()
        if not one(home.office, "SELECT crm.still_spends(%s)", home.number):
            assert redeems(home, 1) == 0
            known = closing.points_at_home(home.office, "Cabang 0").points
            assert known == held(home) == GIVEN
        if made[0].count < at:
            break
        closing.keep(home.office, "Cabang 0")
        home.round_at_last()
        at += 1
    assert at > 10
    home.round_at_last()
    close(home.office)
    assert is_closed(home)


def test_the_office_dies_behind_the_end(two: list[Branch], monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions that an office which died left open say that the branch is closed: it spends none."""
    home, other = two
    kept = home.wire()
    rounds_of(home.shop, kept).round()

    def dies(*which: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(administering, "shut_out", dies)
        with pytest.raises(KeyboardInterrupt):
            closing.close(home.office, "Cabang 0", lost=True)
    with pytest.raises(BranchIsClosed):
        closing.close(home.office, "Cabang 0", lost=True)
    with pytest.raises(errors.BranchClosed):
        rounds_of(home.shop, kept).round()
    kept.close()
    assert redeems(home, 1) == 0
    assert asks(other, home) == GIVEN
