"""Points of one customer that several branches ask for at once, while one of them is away for a week,
on PostgreSQL."""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

pytest.importorskip("psycopg")

from crm_tui.office import closing
from crm_tui.replication import enrolling, errors
from crm_tui.shop.branches import grants
from crm_tui.shop.customers import cards, people
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.loyalty import points
from tests import postgres
from tests.branch import copy_of, put_back, rounds_of
from tests.shop import ANI, Shop
from tests.test_branch_postgres import Branch, enrol, sell

GIVEN = 100
DAY = timedelta(days=1).total_seconds()

pytestmark = pytest.mark.soak


@pytest.fixture
def branches(tmp_path: Path) -> Iterator[list[Branch]]:
    """Ani is known in all three, and has her points in the first."""
    with having_points(tmp_path, 3) as made:
        yield made


@contextmanager
def having_points(folder: Path, count: int) -> Iterator[list[Branch]]:
    """So many branches that know Ani; she has her points in the first."""
    office = postgres.office(folder)
    made = [enrol(Shop(folder / str(n)), office, f"Cabang {n}") for n in range(count)]
    for branch in made:
        cards.add(branch.shop.ctx, cards.Card("Ani", phone=ANI))
    points.give(made[0].shop.ctx, _ani(made[0]), GIVEN, "hadiah")
    yield settled(made)
    for branch in made:
        branch.shop.close()


def _ani(branch: Branch) -> int:
    found = people.by_phone(branch.shop.ctx, ANI)
    assert found is not None
    return found.id


def held(branch: Branch) -> int:
    """The points that can be spent in a branch."""
    return points.balance(branch.shop.ctx, _ani(branch))


def settled(branches: list[Branch]) -> list[Branch]:
    """Everybody meets the office until nothing is new."""
    while sum([branch.round_at_last() for branch in branches]) or any(
        branch.shop.one("SELECT behind FROM chain") for branch in branches
    ):
        pass
    return branches


def agree(branches: list[Branch]) -> None:
    for branch in branches:
        branch.agrees()
        assert not branch.shop.rows("SELECT * FROM downs_aside")
        open_ones = "SELECT count(*) FROM grant_requests WHERE id NOT IN (SELECT request_id FROM"
        assert not branch.shop.one(f"{open_ones} point_arrivals WHERE request_id IS NOT NULL)")


@pytest.mark.parametrize("away", [0, 1, 2])
def test_two_branches_ask_for_more_than_there_is(branches: list[Branch], away: int) -> None:
    """Whoever is away for a week, sold there or not: both requests are answered once, with no more than
    there is, and who is away has nothing of it until it comes back."""
    home, *others = branches
    for branch in others:
        grants.ask(branch.shop.ctx, _ani(branch), home.number, 60)
    if away:
        # It has asked, and then its line is gone.
        branches[away].round()
    for _ in range(7):
        for n, branch in enumerate(branches):
            branch.shop.clock.wait(DAY)
            sell(branch.shop)
            if n != away:
                branch.round_at_last()
        assert sum(held(branch) for branch in branches) <= GIVEN
    points.redeem(home.shop.ctx, _ani(home), 10, "payung") if held(home) >= 10 else None
    spent = -home.shop.one(
        "SELECT coalesce(sum(points), 0) FROM point_moves WHERE kind = 'redeemed'"
    )
    assert held(branches[away]) == (GIVEN - spent if away == 0 else 0)
    agree(settled(branches))
    assert sum(held(branch) for branch in branches) == GIVEN - spent
    came = [branch.shop.one("SELECT group_concat(points) FROM point_arrivals") for branch in others]
    assert sorted(map(int, came)) == [GIVEN - spent - 60, 60]


@pytest.mark.parametrize("seed", range(4))
def test_any_fortnight(branches: list[Branch], seed: int) -> None:
    """However branches ask, spend, give and meet the office, each of them away for some days: what is
    spent and what can be spent is never more than what was given, and the same when all has come."""
    chance = random.Random(seed)
    given, spent = GIVEN, 0
    away = [0, 0, 0]
    for _ in range(14):
        for n, branch in enumerate(branches):
            ctx, who = branch.shop.ctx, _ani(branch)
            branch.shop.clock.wait(DAY)
            sell(branch.shop)
            if chance.random() < 0.5:
                for there in grants.elsewhere(ctx, who):
                    with suppress(RuleBroken):
                        grants.ask(ctx, who, there.branch.number, chance.randint(1, there.points))
            if chance.random() < 0.4 and held(branch):
                some = chance.randint(1, held(branch))
                points.redeem(ctx, who, some, "payung")
                spent += some
            if chance.random() < 0.2:
                points.give(ctx, who, 7, "hadiah")
                given += 7
            away[n] = away[n] - 1 if away[n] else 7 * (chance.random() < 0.1)
            if not away[n]:
                branch.round_at_last()
            assert sum(held(each) for each in branches) + spent <= given
    agree(settled(branches))
    assert sum(held(each) for each in branches) + spent == given


@pytest.mark.parametrize("asked", ["first", "while it closes", "last"])
def test_a_branch_closes_while_it_spends(branches: list[Branch], asked: str) -> None:
    """Points that a branch spends before it hears of its end are given to nobody else, whenever they
    were asked for; then it spends none, and all that was left is given out once."""
    home, other, third = branches
    office = home.office

    def ask(branch: Branch, when: str) -> None:
        if asked == when:
            (there,) = grants.elsewhere(branch.shop.ctx, _ani(branch))
            grants.ask(branch.shop.ctx, _ani(branch), home.number, there.points)
            branch.round_at_last()

    ask(other, "first")
    with pytest.raises(closing.BranchIsTold):
        closing.close(office, "Cabang 0")
    points.redeem(home.shop.ctx, _ani(home), 30, "payung")
    ask(other, "while it closes")
    other.round_at_last()
    assert held(other) == 0
    with pytest.raises(closing.BranchIsTold):
        closing.close(office, "Cabang 0")
    settled(branches)
    with pytest.raises(points.PointsEnded):
        points.redeem(home.shop.ctx, _ani(home), 1, "payung")
    closing.close(office, "Cabang 0")
    ask(other, "last")
    for branch in (other, third, other, third):
        branch.round_at_last()
    assert (held(other), held(third)) == (GIVEN - 30, 0)
    with pytest.raises(errors.KeyRefused):
        home.round()
    with pytest.raises(points.PointsEnded):
        points.redeem(home.shop.ctx, _ani(home), 1, "payung")


def test_a_branch_that_was_given_up_comes_again(branches: list[Branch]) -> None:
    """Closed unheard, its first round on the line that it kept says that its key is refused, and it
    spends no more points."""
    home, other, _ = branches
    kept = home.wire()
    try:
        rounds_of(home.shop, kept).round()
        closing.close(home.office, "Cabang 0", lost=True)
        with pytest.raises(errors.KeyRefused):
            rounds_of(home.shop, kept).round()
    finally:
        kept.close()
    with pytest.raises(points.PointsHeld):
        points.redeem(home.shop.ctx, _ani(home), 1, "payung")
    grants.ask(other.shop.ctx, _ani(other), home.number, GIVEN)
    for _ in range(2):
        other.round_at_last()
    assert held(other) == GIVEN


@pytest.mark.parametrize("comes_again", [False, True])
def test_a_closed_branch_goes_on_by_itself(branches: list[Branch], comes_again: bool) -> None:
    """A shop whose branch was closed leaves its chain, or comes again as a branch of its own: what the
    office has of its points is given out there alone, and what it earned since is spent in it alone."""
    home, other, third = branches
    closed = home.number
    with pytest.raises(closing.BranchIsTold):
        closing.close(home.office, "Cabang 0")
    home.round_at_last()
    points.give(home.shop.ctx, _ani(home), 20, "masih buka")
    home.round_at_last()
    closing.close(home.office, "Cabang 0")
    points.give(home.shop.ctx, _ani(home), 5, "sudah tutup")
    assert enrolling.leave(home.shop.ctx) == GIVEN + 20
    assert held(home) == 5
    if comes_again:
        home = enrol(home.shop, home.office, "Lagi", forked_from="Cabang 0")
        home.round_at_last()
        home.round_at_last()
        assert held(home) == 5
        assert closing.points_at_home(home.office, "Lagi").points == 5
    settled([other])
    grants.ask(other.shop.ctx, _ani(other), closed, GIVEN + 20)
    settled([other, third])
    assert (held(other), held(home)) == (GIVEN + 20, 5)
    points.redeem(home.shop.ctx, _ani(home), 5, "payung")


def test_a_copy_takes_no_points_along(branches: list[Branch], tmp_path: Path) -> None:
    """A copied computer that becomes a branch of its own has none of the points that the first has."""
    home, *_ = branches
    copy_of(home.shop, tmp_path / "salin.db")
    copied = Shop(tmp_path / "salin")
    put_back(copied, tmp_path / "salin.db")
    enrolling.leave(copied.ctx)
    copy = enrol(copied, home.office, "Salinan", forked_from="Cabang 0")
    settled([copy, home, copy])
    assert (held(copy), held(home)) == (0, GIVEN)
    grants.ask(copied.ctx, _ani(copy), home.number, 40)
    settled([*branches, copy])
    assert (held(copy), held(home)) == (40, GIVEN - 40)
    copied.close()
