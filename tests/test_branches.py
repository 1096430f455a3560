"""Branches of one firm: goods, points, people and prices between them, without a line."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.shop.branches import arrivals, grants, transfers
from crm_tui.shop.branches.errors import (
    BranchUnknown,
    ItemsOffSale,
    LendLimit,
    LinesUnchecked,
    NoPointsThere,
    NotEnrolled,
    RequestOpen,
    TooManyLines,
    TransferReceived,
)
from crm_tui.shop.branches.settings import OFFLINE_POINTS
from crm_tui.shop.customers import cards, people
from crm_tui.shop.gate import consistency
from crm_tui.shop.items import catalogue, stock
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points, tiers
from crm_tui.shop.promos import campaigns
from tests.branches import Chain, chain, enrol, take
from tests.shop import ANI, Shop, ledgers_add_up

_NUMBERS = itertools.count(20_000_000)
AT = "2026-11-24T01:00:00.000Z"
LATER = "2026-11-25T01:00:00.000Z"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Chain]:
    with chain(tmp_path) as made:
        yield made


def agrees(*shops: Shop) -> None:
    for shop in shops:
        ledgers_add_up(shop.ctx)
        assert not list(consistency.differences(shop.ctx.db.conn))


def there(shop: Shop, code: str = "PQ-R") -> int:
    return catalogue.by_code(shop.ctx, code).on_hand


# ── goods ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_transfer_from_end_to_end(two: Chain) -> None:
    """Goods leave one stock when they are sent, and are in the other when they were received; what was
    missing or broken is in neither, and both branches know it."""
    one, other = two.shops
    number = transfers.send(one.ctx, 2, [Goods(6, 5), Goods(7, 3), Goods(6, 1)], "minta Pak Joko")
    assert (there(one), there(one, "PQ-S")) == (94, 97)
    two.settle()
    coming = arrivals.look(other.ctx, 1)
    assert (coming.branch.name, coming.note) == ("Cabang 1", "minta Pak Joko")
    assert [(line.code, line.sent) for line in coming.lines] == [("PQ-R", 6), ("PQ-S", 3)]
    arrivals.check_line(other.ctx, 1, 1, 4, 1)
    with pytest.raises(LinesUnchecked):
        arrivals.receive(other.ctx, 1)
    assert there(other) == 100
    arrivals.check_line(other.ctx, 1, 2, 4)
    arrivals.receive(other.ctx, 1, "dus penyok")
    with pytest.raises(TransferReceived):
        arrivals.receive(other.ctx, 1)
    assert (there(other), there(other, "PQ-S")) == (104, 104)
    two.settle()
    told = transfers.look(one.ctx, number)
    assert [(line.arrived, line.broken, line.missing) for line in told.lines] == [
        (4, 1, 1), (4, 0, -1),
    ]  # fmt: skip
    assert (told.ended_by, told.ended_note) == (other.ctx.actor.name, "dus penyok")
    agrees(one, other)


def test_only_what_is_there_is_sent(two: Chain) -> None:
    """Neither what is reserved nor to nobody; a shop without a chain sends nothing."""
    one, other = two.shops
    one.ask(ANI, "PESAN PQ-R 4")
    with pytest.raises(NotEnoughStock):
        transfers.send(one.ctx, 2, [Goods(6, 97)])
    with pytest.raises(BranchUnknown):
        transfers.send(one.ctx, 1, [Goods(6, 1)])
    transfers.send(one.ctx, 2, [Goods(6, 96)])
    with other.ctx.store.transaction() as db:
        db.execute("DELETE FROM chain")
    with pytest.raises(NotEnrolled):
        transfers.send(other.ctx, 1, [Goods(6, 1)])


def test_no_more_than_its_receiver_takes(two: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transfer of more items than the other branch takes in one does not leave."""
    monkeypatch.setattr(transfers, "MOST_LINES", 1)
    sender = two.shops[0]
    with pytest.raises(TooManyLines):
        transfers.send(sender.ctx, 2, [Goods(6, 1), Goods(7, 1)])
    assert sender.rows("SELECT * FROM transfers") == []
    assert transfers.send(sender.ctx, 2, [Goods(6, 1), Goods(6, 1)]) == 1


def test_called_off_only_as_a_transfer_back(two: Chain) -> None:
    """A transfer that is not wanted goes back as one of its own, which names it; its sender has the
    goods again when it has received that."""
    one, other = two.shops
    sent = transfers.send(one.ctx, 2, [Goods(6, 5)])
    two.settle()
    arrivals.send_back(other.ctx, 1, "salah kirim")
    assert (there(one), there(other)) == (95, 100)
    two.settle()
    back = arrivals.look(one.ctx, 1)
    assert back.back_of == str(sent)
    arrivals.check_line(one.ctx, 1, 1, 5)
    arrivals.receive(one.ctx, 1)
    assert there(one) == 100
    agrees(one, other)


def test_an_item_that_is_new_here(two: Chain) -> None:
    """An item that the receiving branch never had is added with the sender's name, unit and price; its
    cost is the sender's."""
    one, other = two.shops
    with other.ctx.store.transaction() as db:
        db.execute("UPDATE items SET code = 'LAIN', code_key = 'LAIN' WHERE code = 'PQ-R'")
    stock.receive(one.ctx, [Goods(6, 100, 50_000)])
    transfers.send(one.ctx, 2, [Goods(6, 5)])
    two.settle()
    arrivals.check_line(other.ctx, 1, 1, 5)
    arrivals.receive(other.ctx, 1)
    row = other.rows("SELECT name, unit, price, cost, on_hand FROM items JOIN stock ON item_id = id"
                     " WHERE code = 'PQ-R'")  # fmt: skip
    mine = one.rows("SELECT name, unit, price, cost FROM items WHERE id = 6")
    assert row == [{**mine[0], "on_hand": 5}]


@pytest.mark.parametrize("sold_again", [True, False])
def test_an_item_that_is_off_sale_here(two: Chain, sold_again: bool) -> None:
    """Goods of an item that was taken off sale are not taken in unseen: it is said, and they come
    in with the item on sale again, or off sale as it was, whichever is chosen; what did not come
    is asked about by nobody."""
    one, other = two.shops
    with other.ctx.store.transaction() as db:
        db.execute("UPDATE items SET active = 0 WHERE code IN ('PQ-R', 'PQ-S')")
    transfers.send(one.ctx, 2, [Goods(6, 5), Goods(7, 1)])
    two.settle()
    assert [line.off_sale for line in arrivals.look(other.ctx, 1).lines] == [True, True]
    arrivals.check_line(other.ctx, 1, 1, 5)
    arrivals.check_line(other.ctx, 1, 2, 0)
    with pytest.raises(ItemsOffSale, match="PQ-R are off sale"):
        arrivals.receive(other.ctx, 1)
    assert other.one("SELECT on_hand FROM stock WHERE item_id = 6") == 100
    arrivals.receive(other.ctx, 1, sold_again=sold_again)
    assert other.one("SELECT on_hand FROM stock WHERE item_id = 6") == 105
    on_sale = other.rows("SELECT active FROM items WHERE code IN ('PQ-R', 'PQ-S') ORDER BY code")
    assert [row["active"] for row in on_sale] == [int(sold_again), 0]
    agrees(other)


# Any steps in any order: (what, at which branch, how many).
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["send", "meet", "deliver", "twice", "receive", "back", "ask", "sell"]),
        st.integers(1, 3), st.integers(1, 4),
    ),
    max_size=25,
)  # fmt: skip


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    with chain(tmp_path_factory.mktemp("chain"), 3) as made:
        yield made


def _goods_step(three: Chain, what: str, n: int, count: int) -> None:
    shop = three.shops[n - 1]
    open_ones = [row["id"] for row in shop.rows("SELECT id FROM arrivals WHERE receipt_id IS NULL")]
    if what == "send" and there(shop) >= count:
        transfers.send(shop.ctx, 1 + n % 3, [Goods(6, count)])
    elif what == "meet":
        three.meet(n)
    elif what in ("deliver", "twice") and three.waiting[n - 1]:
        three.deliver(n, count % len(three.waiting[n - 1]), keep=what == "twice")
    elif what == "receive" and open_ones:
        arrivals.check_line(shop.ctx, open_ones[0], 1, count - 1, count % 2)
        arrivals.receive(shop.ctx, open_ones[0])
    elif what == "back" and open_ones:
        arrivals.send_back(shop.ctx, open_ones[-1], "salah")


def _goods_in_all(three: Chain) -> int:
    """Pieces in stock, on the way, and lost (what was sent and did not come whole)."""
    total = sum(there(shop) for shop in three.shops)
    sent: dict[str, int] = {}
    for n, shop in enumerate(three.shops, start=1):
        for row in shop.rows("SELECT transfer_id, quantity FROM transfer_lines"):
            sent[f"{n}/1/{row['transfer_id']}"] = row["quantity"]
    for shop in three.shops:
        for row in shop.rows(
            "SELECT from_branch, from_epoch, from_id, sent, arrived FROM transfer_receipts"
            " JOIN transfer_receipt_lines ON receipt_id = id"
        ):
            key = f"{row['from_branch']}/{row['from_epoch']}/{row['from_id']}"
            # Each was sent, and is received once.
            total += sent.pop(key) - row["arrived"]
    return total + sum(sent.values())


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_goods_are_in_exactly_one_place(three: Chain, steps: list[tuple[str, int, int]]) -> None:
    """Whatever is sent, received, sent back, told late, twice or in another order: stock, goods on the
    way and what was lost are together what there was."""
    before = _goods_in_all(three)
    for what, n, count in steps:
        _goods_step(three, what, n, count)
    assert _goods_in_all(three) == before
    agrees(*three.shops)


# ── points ────────────────────────────────────────────────────────────────────────────────────────


def customer(shop: Shop, phone: str = ANI, name: str = "Ani") -> int:
    known = people.by_phone(shop.ctx, phone)
    return known.id if known else cards.add(shop.ctx, cards.Card(name, phone=phone))


def told_points(shop: Shop, branch: int, count: int, phone: str = ANI, at: str = AT) -> None:
    body = {"branch": branch, "phone": phone, "points": count, "at": at}
    take(shop, ("points", f"{branch}/{phone}", body))


def test_points_of_another_branch(two: Chain) -> None:
    """Another branch asks for points, those that end first move with their end, and the customer is
    told in both; there are no more than there were."""
    home, here = two.shops
    ani = customer(home)
    points.give(home.ctx, ani, 30, "hadiah")
    mine = customer(here)
    with pytest.raises(NoPointsThere):
        grants.ask(here.ctx, mine, 1, 20)
    told_points(here, 1, 30)
    assert [(each.branch.name, each.points) for each in grants.elsewhere(here.ctx, mine)] == [
        ("Cabang 1", 30)
    ]
    grants.ask(here.ctx, mine, 1, 20)
    with pytest.raises(RequestOpen):
        grants.ask(here.ctx, mine, 1, 5)
    two.settle()
    assert (points.balance(home.ctx, ani), points.balance(here.ctx, mine)) == (10, 20)
    ends = "SELECT max(expires_at) FROM point_lots"
    assert home.one(ends) == here.one(ends)
    told = "SELECT text FROM messages WHERE kind = 'notice' ORDER BY id DESC LIMIT 1"
    assert "20 poin" in home.one(told)
    assert "Cabang 2" in home.one(told)
    assert "sudah bisa dipakai" in here.one(told)
    agrees(home, here)


def test_no_points_are_left(two: Chain) -> None:
    """A home branch that has fewer points by now gives those, and says so when there are none."""
    home, here = two.shops
    ani, mine = customer(home), customer(here)
    points.give(home.ctx, ani, 5, "")
    for left in (5, 0):
        told_points(here, 1, 30, at=LATER)
        grants.ask(here.ctx, mine, 1, 20)
        two.settle()
        assert points.balance(home.ctx, ani) == 0
        assert here.one("SELECT points FROM point_arrivals ORDER BY id DESC LIMIT 1") == left
    assert points.balance(here.ctx, mine) == 5
    agrees(home, here)


def test_lent_until_they_come(two: Chain) -> None:
    """Where the shop allows it, points can be used before they have come, up to a limit, and what comes
    later makes them good; usually none are."""
    home, here = two.shops
    ani, mine = customer(home), customer(here)
    points.give(home.ctx, ani, 30, "")
    told_points(here, 1, 30)
    grants.ask(here.ctx, mine, 1, 20)
    with pytest.raises(LendLimit):
        grants.lend(here.ctx, mine, 1, 1)
    here.set(OFFLINE_POINTS, 15)
    with pytest.raises(LendLimit):
        grants.lend(here.ctx, mine, 1, 16)
    grants.lend(here.ctx, mine, 1, 15)
    here.set(OFFLINE_POINTS, 100)
    with pytest.raises(NoPointsThere):
        grants.lend(here.ctx, mine, 1, 6)
    points.redeem(here.ctx, mine, 12, "payung")
    two.settle()
    assert points.balance(here.ctx, mine) == 20 - 12
    assert here.one("SELECT sum(owed) FROM point_loans") == 0
    agrees(home, here)


def _points_step(three: Chain, phone: str, what: str, n: int, count: int) -> int:
    """A step with the points of a number; how many were spent by it."""
    shop = three.shops[n - 1]
    who = people.by_phone(shop.ctx, phone)
    if what == "meet":
        three.meet(n)
    elif what in ("deliver", "twice") and three.waiting[n - 1]:
        three.deliver(n, count % len(three.waiting[n - 1]), keep=what == "twice")
    elif what == "ask":
        if who is None:
            who = people.by_id(shop.ctx, customer(shop, phone, "Tamu"))
        home = 1 + n % 3
        # What is told of it may be old, and more than there is.
        told_points(shop, home, 50, phone)
        if not shop.rows("SELECT 1 FROM grant_requests WHERE customer_id = ? AND home = ? AND id NOT IN"
                         " (SELECT request_id FROM point_arrivals)", who.id, home):  # fmt: skip
            grants.ask(shop.ctx, who.id, home, 10 * count)
    elif what == "sell" and who is not None:
        spent = min(count, points.balance(shop.ctx, who.id))
        if spent:
            points.redeem(shop.ctx, who.id, spent, "payung")
            return spent
    return 0


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_no_point_is_spent_twice(three: Chain, steps: list[tuple[str, int, int]]) -> None:
    """Whatever is asked, given, spent, told late, twice or in another order: what was spent and what
    can be spent is never more than what was earned, and the same when all has come."""
    phone = f"+6281{next(_NUMBERS):08d}"
    home = three.shops[0]
    before = sum(_all_points(shop, phone) for shop in three.shops)
    points.give(home.ctx, customer(home, phone, "Tamu"), 25, "")
    spent = 0
    for what, n, count in steps:
        spent += _points_step(three, phone, what, n, count)
        left = sum(_all_points(shop, phone) for shop in three.shops)
        assert left + spent <= before + 25
    three.settle()
    assert sum(_all_points(shop, phone) for shop in three.shops) + spent == before + 25


def _all_points(shop: Shop, phone: str) -> int:
    who = people.by_phone(shop.ctx, phone)
    return 0 if who is None else points.balance(shop.ctx, who.id)


# ── what the office chooses ───────────────────────────────────────────────────────────────────────

GOLD = {
    "name": "Emas", "level": 1, "top": 5000, "spent": None, "discount": 500, "multiplier": 100,
    "gift": "", "active": True,
}  # fmt: skip


def test_a_tier_of_the_chain_is_given_by_the_office_alone(shop: Shop) -> None:
    """A tier that the office declares is in force here, but only who has it in the whole chain gets it,
    whoever buys most in this shop; given up there, it is given up here."""
    enrol(shop, 1, "Cabang 1")
    who = people.prospect(shop.ctx, ANI)
    assert take(shop, ("tier", "Emas", GOLD), ("tier", "Emas", GOLD)).aside == 0
    (tier,) = [each for each in tiers.every(shop.ctx) if each.name == "Emas"]
    assert (tier.name, tier.discount) == ("Emas", 500)
    assert tiers.wanted(shop.ctx, [tier]) == {}
    standing = {"phones": [ANI], "tier": "emas", "spent_elsewhere": 900_000, "as_of": AT}
    assert take(shop, ("standing", "1", standing)).aside == 0
    assert tiers.wanted(shop.ctx, [tier]) == {who.id: tier}
    tiers.review(shop.ctx)
    assert tiers.name_of(shop.ctx, who.id) == "Emas"
    take(shop, ("tier", "Emas", {**GOLD, "active": False}))
    assert tier not in tiers.every(shop.ctx)
    assert take(shop, ("tier", "Perak", {**GOLD, "name": "Perak", "discount": 10_001})).aside == 1


def test_a_promo_of_the_chain_is_a_draft_to_own_customers(shop: Shop) -> None:
    """The office's promo lies here once as a draft, to those of the named who are customers here, with
    the items that this shop has; what makes no promo lies aside."""
    enrol(shop, 1, "Cabang 1")
    who = people.prospect(shop.ctx, ANI)
    body = {
        "name": "Rame", "kind": "discount", "text": "Halo {name}: {items}", "days": 7,
        "items": [{"code": "PQ-R", "part": 1000}, {"code": "TIDAK-ADA", "part": 1000}],
        "customers": [who.id, 9_999], "decided_at": AT,
    }  # fmt: skip
    assert take(shop, ("promo", "1", body), ("promo", "1", body)).aside == 0
    assert shop.one("SELECT count(*) FROM promos") == 1
    promo = campaigns.get(shop.ctx, 1)
    assert promo.status == "draft"
    assert promo.draft.audience.customers == (who.id,)
    assert promo.draft.items == ((catalogue.by_code(shop.ctx, "PQ-R").id, 1000),)
    wrong = {**body, "items": [], "decided_at": LATER}
    assert take(shop, ("promo", "2", wrong), ("promo", "x", body)).aside == 2
