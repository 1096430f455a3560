"""What comes down to a branch: STOP and START, prices, people, stock; odd rows, other head offices."""

import itertools
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui import sqlite
from crm_tui.i18n import translate
from crm_tui.shop.branches import applying, goods, grants, identity, transfers
from crm_tui.shop.checks import ledger_chain as hash_chain
from crm_tui.shop.customers import cards, merging, people
from crm_tui.shop.gate import consistency, health, undo
from crm_tui.shop.gate.context import CHAIN
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.gate.stored_words import ground
from crm_tui.shop.items import catalogue, prices, stock
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points
from crm_tui.shop.sales import till, unfinished
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.errors import PriceChanged
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.upkeep import privacy
from tests.branches import Chain, chain, enrol, take
from tests.shop import ANI, BUDI, Shop, cart_of, ledgers_add_up
from tests.test_commands import session

_NUMBERS = itertools.count(20_000_000)
AT = "2026-11-24T01:00:00.000Z"
LATER = "2026-11-25T01:00:00.000Z"


@pytest.fixture
def branch(shop: Shop) -> Shop:
    """A shop that is branch 2 of a chain; branch 1 is called Pusat."""
    enrol(shop, 2, "Cabang 2")
    take(shop, ("branch", "1", {"branch": 1, "name": "Pusat"}))
    return shop


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    with chain(tmp_path_factory.mktemp("chain"), 3) as made:
        yield made


# ── STOP and START ────────────────────────────────────────────────────────────────────────────────

SAID = st.lists(
    st.tuples(st.sampled_from(["STOP", "START", "meet", "deliver", "twice"]), st.integers(1, 3),
              st.integers(0, 9)),
    max_size=25,
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(steps=SAID)
def test_stop_counts_everywhere(three: Chain, steps: list[tuple[str, int, int]]) -> None:
    """In whatever order, and however often, STOP and START are told, all branches come to one end: it
    is STOP if there is one that no START knew of, and never STOP where each was lifted."""
    phone = f"+6281{next(_NUMBERS):08d}"
    who = [cards.add(shop.ctx, cards.Card("Tamu", phone=phone)) for shop in three.shops]
    said: set[tuple[int, int]] = set()
    lifted: set[tuple[int, int]] = set()
    heard: list[set[tuple[int, int]]] = [set(), set(), set()]
    for what, n, place in steps:
        shop, mine, waiting = three.shops[n - 1], who[n - 1], three.waiting[n - 1]
        if what == "STOP":
            people.consent(shop.ctx, mine, "stopped", "telepon")
            heard[n - 1].add((n, shop.one("SELECT max(id) FROM consents")))
            said |= heard[n - 1]
        elif what == "START":
            people.consent(shop.ctx, mine, "yes", "telepon")
            lifted |= heard[n - 1]
        elif what == "meet":
            three.meet(n)
        elif waiting:
            at = place % len(waiting)
            branch, _, stop = waiting[at][2].get("stop", (0, 0, 0))
            three.deliver(n, at, keep=what == "twice")
            if branch:
                heard[n - 1].add((branch, stop))
        if what in ("STOP", "START"):
            assert _consents(three, who)[n - 1] == {"STOP": "stopped", "START": "yes"}[what]
    three.settle()
    stopped = [each == "stopped" for each in _consents(three, who)]
    assert stopped == [bool(said - lifted)] * 3


def _consents(three: Chain, who: list[int]) -> list[str]:
    return [
        people.by_id(shop.ctx, mine).consent for shop, mine in zip(three.shops, who, strict=True)
    ]


@pytest.mark.parametrize("kept", [0, 1])
def test_a_stop_of_elsewhere_counts_for_whoever_is_the_same(three: Chain, kept: int) -> None:
    """Whichever of the two is kept: where one branch finds that who said STOP in another one has a
    second number, that number is stopped wherever it is known; taken back, it is not."""
    numbers = [f"+6281{next(_NUMBERS):08d}" for _ in range(2)]
    here, there, said = three.shops
    two = [cards.add(here.ctx, cards.Card("Tamu", phone=each)) for each in numbers]
    second = cards.add(there.ctx, cards.Card("Tamu", phone=numbers[1]))
    first = cards.add(said.ctx, cards.Card("Tamu", phone=numbers[0]))
    for shop, who in ((here, two[1]), (there, second)):
        people.consent(shop.ctx, who, "yes", "telepon")
    people.consent(said.ctx, first, "stopped", "telepon")
    three.settle()
    assert people.by_id(there.ctx, second).consent == "yes"
    merging.merge(here.ctx, two[kept], two[1 - kept])
    three.settle()
    assert people.by_id(there.ctx, second).consent == "stopped"
    step = undo.last(here.ctx)
    assert step is not None
    undo.undo(here.ctx, step.id)
    three.settle()
    whose = (here, two[0]), (here, two[1]), (there, second), (said, first)
    found = [people.by_id(shop.ctx, who).consent for shop, who in whose]
    assert found == ["stopped", "yes", "yes", "stopped"]


def test_a_stop_reaches_who_comes_later(branch: Shop) -> None:
    """A STOP for a number that nobody has here counts for the customer who gets it, for each other
    number of that customer, and against what waits in the outbox."""
    stop = {"stop": [1, 1, 7], "phones": [ANI], "at": AT}
    take(branch, ("consent", "1/1/7", stop))
    ani = cards.add(branch.ctx, cards.Card("Ani", phone=ANI))
    assert people.by_id(branch.ctx, ani).consent == "stopped"
    assert _ground(branch, ani) == "bilang di cabang lain"
    cards.add_phone(branch.ctx, ani, BUDI)
    assert branch.one("SELECT count(*) FROM stops WHERE phone = ? AND lifted = 0", BUDI) == 1
    take(branch, ("consent", "3/1/9/1", {"lifts": [[1, 1, 7]], "at": LATER}))
    assert people.by_id(branch.ctx, ani).consent == "yes"
    assert _ground(branch, ani) == "bilang di cabang lain, 25/11/2026"
    take(branch, ("consent", "1/1/7", stop))
    assert people.by_id(branch.ctx, ani).consent == "yes"


def _ground(branch: Shop, customer_id: int) -> str:
    """Why the customer's consent is what it is, as a counter in Palembang reads it."""
    kept = branch.one("SELECT consent_basis FROM customers WHERE id = ?", customer_id)
    return ground(str(kept), lambda text, **params: translate(text, "id", **params))


def test_a_stop_counts_whenever_it_was_said(branch: Shop) -> None:
    """A STOP whose branch wrote no true moment beside it counts all the same."""
    ani = cards.add(branch.ctx, cards.Card("Ani", phone=ANI))
    stop = {"stop": [1, 1, 7], "phones": [ANI], "at": "20000-01-01T00:00:00.000Z"}
    assert take(branch, ("consent", "1/1/7", stop)).aside == 0
    assert people.by_id(branch.ctx, ani).consent == "stopped"


def test_stop_without_a_number(branch: Shop) -> None:
    """What a customer without a number said at the counter is lifted by no START elsewhere."""
    ani = cards.add(branch.ctx, cards.Card("Ani"))
    people.consent(branch.ctx, ani, "stopped", "di toko")
    cards.add_phone(branch.ctx, ani, ANI)
    take(branch, ("consent", "1/1/7", {"stop": [1, 1, 7], "phones": [ANI], "at": AT}))
    take(branch, ("consent", "1/1/8/1", {"lifts": [[1, 1, 7]], "at": AT}))
    assert people.by_id(branch.ctx, ani).consent == "stopped"


def test_a_stop_is_not_lifted_before_it_is_said(branch: Shop) -> None:
    """A START elsewhere that knows of a STOP here which nobody has said yet changes nothing."""
    ani = cards.add(branch.ctx, cards.Card("Ani"))
    coming = 1 + branch.one("SELECT coalesce(max(id), 0) FROM consents")
    take(branch, ("consent", "3/1/9/1", {"lifts": [[2, 1, coming]], "at": AT}))
    people.consent(branch.ctx, ani, "stopped", "di toko")
    assert branch.one("SELECT max(id) FROM consents") == coming
    cards.add_phone(branch.ctx, ani, ANI)
    stop = {"stop": [1, 1, 7], "phones": [ANI], "at": AT}
    take(
        branch, ("consent", "1/1/7", stop), ("consent", "1/1/8/1", {"lifts": [[1, 1, 7]], "at": AT})
    )
    assert people.by_id(branch.ctx, ani).consent == "stopped"


# ── items and prices ──────────────────────────────────────────────────────────────────────────────


def price(shop: Shop, rupiah: int, at: str = AT) -> None:
    take(shop, ("price", "PQ-R", {"code": "PQ-R", "price": rupiah, "at": at}))


def test_a_price_of_the_head_office(branch: Shop) -> None:
    """It counts at once; another one needs its permission, stays when the head office changes its mind,
    and goes when the head office's is chosen again. Of two the one that came last counts, whatever
    clock the head office has."""
    price(branch, 90_000)
    assert catalogue.by_id(branch.ctx, 6).price == 90_000
    staff = session(branch, {"prices.edit", "items.edit"})
    with pytest.raises(NotAllowed):
        prices.set_price(staff, 6, 95_000)
    with pytest.raises(NotAllowed):
        prices.set_prices(staff, prices.repriced(staff, [6], 1000, 1))
    prices.set_price(branch.ctx, 6, 95_000)
    price(branch, 70_000, LATER)
    price(branch, 80_000)
    assert catalogue.by_id(branch.ctx, 6).price == 95_000
    assert goods.central(branch.ctx, 6) == goods.CentralPrice(80_000, AT, True)
    prices.set_price(staff, 6, 80_000)
    assert catalogue.by_id(branch.ctx, 6).price == 80_000
    assert goods.central(branch.ctx, 6) == goods.CentralPrice(80_000, AT, False)
    prices.set_price(staff, 7, 1_000)


def test_an_open_sale_keeps_its_price(branch: Shop) -> None:
    """A price that comes while an item is in an open sale changes nothing in it unseen: the sale is
    refused until somebody has seen the new price."""
    item = catalogue.by_id(branch.ctx, 6)
    cart = cart_of([CartLine(6, item.code, item.name, item.unit, item.price, 2)])
    unfinished.keep(branch.ctx, 1, cart)
    price(branch, 90_000)
    kept = branch.one("SELECT json_extract(cart, '$.lines[0].price') FROM open_sales")
    assert kept == item.price
    with pytest.raises(PriceChanged):
        till.sell(branch.ctx, cart.sold(), [Paid("cash", cart.total)])
    opened = unfinished.resume(branch.ctx, 1)
    assert opened is not None
    assert opened.cart.total == 180_000


def test_items_of_the_head_office(branch: Shop) -> None:
    """A new item is added with its price, a known one gets its name; told again nothing changes and
    nothing more is in the audit; the last one that came counts, whatever clock the head office has."""
    new = {"code": "ZZ-9", "name": "Zat  uji", "unit": "pcs", "price": 5_000, "at": AT}
    known = {"code": "pqr", "name": "Nama Baru", "unit": "set", "price": 90_000, "at": LATER}
    take(branch, ("item", "ZZ-9", new), ("item", "PQ-R", known))
    row = branch.rows("SELECT name, unit, price FROM items WHERE code = 'ZZ-9'")
    assert row == [{"name": "Zat uji", "unit": "pcs", "price": 5_000}]
    assert catalogue.by_id(branch.ctx, 6).name == "Nama Baru"
    before = branch.one("SELECT count(*) FROM audit WHERE subject LIKE 'item %'")
    take(branch, ("item", "PQ-R", known), ("item", "ZZ-9", new))
    assert branch.one("SELECT count(*) FROM audit WHERE subject LIKE 'item %'") == before
    take(branch, ("item", "PQ-R", {**known, "name": "Nama Tepat", "at": AT}))
    assert catalogue.by_id(branch.ctx, 6).name == "Nama Tepat"


def test_stock_of_other_branches(branch: Shop) -> None:
    """What others have is known with its time, by code however it is written; what came last counts,
    whatever clock the head office has, and nobody hears of their own."""
    now = {"branch": 1, "at": LATER, "items": [["PQ-R", 7], ["pqs", 0]]}
    take(branch, ("stock", "1", now), ("stock", "1", {**now, "at": AT, "items": [["PQ-R", 9]]}),
         ("stock", "2", {**now, "branch": 2}))  # fmt: skip
    there = goods.stock_there(branch.ctx, "PQR")
    assert [(each.branch.name, each.available, each.at) for each in there] == [("Pusat", 9, AT)]


# ── odd rows, and other head offices ──────────────────────────────────────────────────────────────

LINE = {"line": 1, "code": "PQ-R", "name": "x", "unit": "set", "quantity": 3, "price": 1}
ODD: tuple[tuple[str, str, Any], ...] = (
    ("item", "x", {"code": "X" * 99, "name": "x", "unit": "pcs", "price": 1, "at": AT}),
    ("item", "x", {"code": "XX-1", "name": "", "unit": "pcs", "price": 1, "at": AT}),
    ("price", "x", {"code": "PQ-R", "price": -1, "at": AT}),
    ("price", "x", {"code": "PQ-R", "price": 10**15, "at": AT}),
    ("price", "x", {"code": "PQ-R", "price": "9e9", "at": AT}),
    ("price", "x", {"code": "PQ-R", "price": True, "at": AT}),
    ("transfer", "1/1", {"lines": []}),
    ("transfer", "1/1/1", {"at": AT, "actor": "x", "lines": []}),
    ("transfer", "1/1/1", {"at": AT, "actor": "x", "lines": [{"line": 1}]}),
    ("transfer_receipt", "1/1/1", {"at": AT, "actor": "x", "lines": []}),
    ("transfer_receipt", "2/1/1", {"at": AT, "actor": "x", "lines": [[1, -1, 0]]}),
    ("grant", "1/1/1", {"request": [3, 1, 1], "phone": ANI, "lots": [[5, None]]}),
    ("grant", "1/1/1", {"request": [2, 1, 1], "phone": ANI, "lots": [[0, None]]}),
    ("grant_request", "1/1/1", {"phone": ANI, "points": 0}),
    ("consent", "x", {"stop": "1", "phones": [ANI], "at": AT}),
    ("consent", "x", {"stop": [1, 1, 1], "phones": ANI, "at": AT}),
    ("stock", "x", {"branch": 1, "at": AT, "items": [["PQ-R"]]}),
    ("standing", "x", {"phones": 7, "as_of": AT}),
    ("nanti", "x", {}),
    ("branch", "x", []),
    ("price", "x", {"code": "PQ-R", "price": 1, "at": "besok"}),
    ("stock", "x", {"branch": 1, "at": "20000-01-01T00:00:00.000Z", "items": [["PQ-R", 1]]}),
    ("stock", "x", {"branch": 1, "at": "9999-12-31T23:59:59+00:00", "items": [["PQ-R", 1]]}),
    ("points", "x", {"branch": 1, "phone": ANI, "points": 1, "at": "0001-01-01T00:00:00+14:00"}),
    ("grant", "1/1/1", {"request": [2, 1, 1], "phone": ANI, "lots": [[5, "kelak"]]}),
    ("transfer", "1/1/1", {"at": "20000-01-01T00:00:00.000Z", "actor": "x", "lines": [LINE]}),
    ("branch", "1", {"branch": 1, "name": "x", "closed_at": "x"}),
)


def test_an_odd_row_holds_up_no_other(branch: Shop) -> None:
    """What cannot be taken lies aside with its reason, and leaves nothing; what comes behind it is
    taken, and Health tells of it."""
    total = (
        "SELECT (SELECT count(*) FROM items) + (SELECT count(*) FROM stops)"
        " + (SELECT count(*) FROM arrivals) + (SELECT count(*) FROM stock_elsewhere)"
        " + (SELECT count(*) FROM customers)"
    )
    before = branch.one(total)
    # Of one key only the last row counts.
    apart = [
        (kind, f"x{n}" if key == "x" else key, body) for n, (kind, key, body) in enumerate(ODD)
    ]
    taken = take(branch, *apart, ("price", "y", {"code": "PQ-R", "price": 90_000, "at": AT}))
    assert (taken.rows, taken.aside) == (len(ODD) + 1, len(ODD))
    assert branch.one(total) == before
    assert catalogue.by_id(branch.ctx, 6).price == 90_000
    told = {each.name: each for each in health.look(branch.ctx)}
    assert told["chain_aside"].facts == {"aside": len(ODD)}
    shown = identity.standing(branch.ctx)
    assert shown is not None
    assert {("price", "x2"), ("transfer", "Pusat 1"), ("stock", "")} <= {
        (kind, about) for kind, about, _ in shown.aside
    }
    assert not [why for _, _, why in shown.aside if "Error" in why or "constraint" in why]
    ledgers_add_up(branch.ctx)


def test_what_lies_aside_is_tried_again(branch: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a newer program understands is taken when somebody asks for it."""
    new = {"code": "ZZ-9", "name": "Zat", "unit": "pcs", "price": 7_000, "at": AT}
    take(branch, ("barang", "ZZ-9", new), ("nanti", "x", {}))
    monkeypatch.setitem(applying.KINDS, "barang", applying.KINDS["item"])
    assert applying.try_again(branch.ctx) == applying.Taken(1, 1)
    assert branch.one("SELECT price FROM items WHERE code = 'ZZ-9'") == 7_000


def test_what_lies_aside_is_replaced(branch: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent later under the same key counts, also where what was before is tried again only
    then: an item keeps the price that came behind it; of another head office, it is as it is there."""
    item = {"code": "ZZ-9", "name": "Zat", "unit": "pcs", "price": 7_000, "at": LATER}
    known = applying.KINDS["item"]
    monkeypatch.delitem(applying.KINDS, "item")
    take(branch, ("item", "ZZ9", item), ("item", "PQR", {**item, "code": "PQ-R"}))
    take(branch, ("price", "ZZ9", {"code": "ZZ-9", "price": 9_000, "at": AT}))
    monkeypatch.setitem(applying.KINDS, "item", known)
    take(branch, ("item", "PQR", {**item, "code": "PQ-R", "name": "Kini", "at": AT}))
    assert applying.try_again(branch.ctx) == applying.Taken(1, 0)
    assert branch.one("SELECT price FROM items WHERE code = 'ZZ-9'") == 9_000
    assert catalogue.by_id(branch.ctx, 6).name == "Kini"
    take(branch, ("item", "PQR", {**item, "name": 7}), ("nanti", "x", {}))
    take(branch, ("price", "PQR", {"code": "PQ-R", "price": 5_000, "at": AT}), lineage="lain")
    assert [row["kind"] for row in branch.rows("SELECT kind FROM downs_aside")] == ["nanti"]


def test_taken_once_or_anew_from_another_office(branch: Shop) -> None:
    """Rows that come again are left out; of another head office, or of one that was restored, all come
    again, and what was taken is not taken twice."""
    line = {"line": 1, "code": "PQ-R", "name": "x", "unit": "set", "quantity": 3, "price": 1}
    row = ("transfer", "1/1/1", {"at": AT, "actor": "sari", "note": "", "lines": [line]})
    chain_ctx = branch.ctx.acting(CHAIN)
    first = applying.Down(50, row[0], row[1], row[2], AT)
    assert applying.take(chain_ctx, "kantor", [first], 50).rows == 1
    assert applying.take(chain_ctx, "kantor", [first], 50).rows == 0
    assert applying.cursor(chain_ctx, "kantor") == 50
    assert applying.cursor(chain_ctx, "lain") == 0
    again = applying.Down(3, row[0], row[1], row[2], AT)
    assert applying.take(chain_ctx, "lain", [again], 3).rows == 1
    assert applying.cursor(chain_ctx, "lain") == 3
    assert branch.one("SELECT count(*) FROM arrivals") == 1


def test_only_the_head_office_is_taken_from(branch: Shop) -> None:
    """No user, whatever their rights, speaks for the head office."""
    with pytest.raises(NotAllowed):
        applying.take(session(branch, {"users.edit", "settings.edit"}), "kantor", [], 1)


# ── a branch that was restored ────────────────────────────────────────────────────────────────────


def test_points_given_in_a_lost_history(branch: Shop) -> None:
    """Points that a branch gave before it was restored go out again, once; what was spent meanwhile is
    owed, and made good by what is earned."""
    ani = cards.add(branch.ctx, cards.Card("Ani", phone=ANI))
    points.give(branch.ctx, ani, 20, "")
    points.redeem(branch.ctx, ani, 12, "payung")
    gone = ("grant", "2/1/900", {"request": [1, 1, 4], "phone": ANI, "points": 15,
                                 "lots": [[15, None]]})  # fmt: skip
    take(branch, gone, gone)
    assert points.balance(branch.ctx, ani) == 0
    assert branch.one("SELECT sum(owed) FROM point_loans") == 7
    take(branch, ("grant_request", "1/1/4", {"phone": ANI, "points": 15}))
    assert branch.one("SELECT count(*) FROM grants") == 1
    item = catalogue.by_id(branch.ctx, 6)
    cart = cart_of([CartLine(6, item.code, item.name, item.unit, item.price, 2)])
    till.sell(branch.ctx, cart.sold(), [Paid("cash", cart.total)], ani)
    assert points.balance(branch.ctx, ani) == cart.total // 10_000 - 7
    assert not list(consistency.differences(branch.ctx.db.conn))


def test_points_given_anew_and_in_a_lost_history(branch: Shop) -> None:
    """A request that was answered before a backup was restored, and once more after it, moved what came
    of the first answer: of two that differ the other branch has the first."""
    for phone, there, went in ((ANI, 4, 15), (BUDI, 30, 5)):
        who = cards.add(branch.ctx, cards.Card("Ani", phone=phone))
        points.give(branch.ctx, who, there, "")
        request = [1, 1, who]
        take(branch, ("grant_request", f"1/1/{who}", {"phone": phone, "points": 15}))
        gone = ("grant", f"2/1/{900 + who}", {"request": request, "phone": phone, "points": went,
                                              "lots": [[went, None]]})  # fmt: skip
        assert take(branch, gone, gone).aside == 0
        owed = branch.one(
            "SELECT coalesce(sum(owed), 0) FROM point_loans WHERE customer_id = ?", who
        )
        assert points.balance(branch.ctx, who) - owed == there - went
    assert not list(consistency.differences(branch.ctx.db.conn))
    ledgers_add_up(branch.ctx)


def test_points_that_came_back_in_a_lost_history(branch: Shop) -> None:
    """Points that went, and came back, before a backup was restored are where they were; those that
    never went do not come."""
    ani = cards.add(branch.ctx, cards.Card("Ani", phone=ANI))
    points.give(branch.ctx, ani, 20, "")
    body = {"request": [1, 1, 4], "phone": ANI, "points": 5, "lots": [[5, None]]}
    assert take(branch, ("grant_back", "2/1/1", body)).aside == 1
    with branch.ctx.store.transaction() as db:
        db.execute("INSERT INTO epochs VALUES (2, ?, 'x', ?, '{\"grants\": 0}')", (AT, AT))
    assert take(branch, ("grant_back", "2/1/2", body)).aside == 0
    assert points.balance(branch.ctx, ani) == 20
    # Of the lost history all the same: it went again when the office told it.
    take(
        branch,
        ("grant", "2/1/3", body),
        ("grant_back", "2/1/3", body),
        ("grant_back", "2/1/3", body),
    )
    assert points.balance(branch.ctx, ani) == 20
    assert branch.one("SELECT count(*) FROM point_arrivals") == 1


def test_goods_that_a_later_backup_knows(branch: Shop) -> None:
    """Goods of which an older backup knew nothing are not to be counted in the store of a later one
    that knows them; what the head office first heard of in the epoch of a restore ends, too."""
    number = transfers.send(branch.ctx, 1, [Goods(6, 3)])
    line = {"line": 1, "code": "PQ-R", "name": "x", "unit": "set", "quantity": 3, "price": 1}
    take(
        branch,
        ("transfer", f"2/1/{number}", {"at": AT, "actor": "sari", "note": "", "lines": [line]}),
    )
    assert branch.one("SELECT recount FROM items WHERE id = 6") == 0
    with branch.ctx.store.transaction() as db:
        marks = json.dumps({"transfers": number})
        db.execute("INSERT INTO epochs VALUES (2, ?, 'x', ?, ?)", (AT, AT, marks))
    ended = {"at": AT, "actor": "sari", "note": "", "lines": [[1, 3, 0]], "by": 1}
    take(branch, ("transfer_receipt", f"2/2/{number}", ended))
    assert transfers.look(branch.ctx, number).ended_at == AT
    told = {each.name: each for each in health.look(branch.ctx)}
    assert told["chain_transfers"].facts["lost"] == 0


def test_goods_sent_in_a_lost_history(branch: Shop) -> None:
    """Goods that left before a branch was restored are to be counted, and Health says so until they
    are; a receipt of them is no end of a transfer that has the same number now."""
    line = {"line": 1, "code": "PQ-R", "name": "x", "unit": "set", "quantity": 3, "price": 1}
    with branch.ctx.store.transaction() as db:
        db.execute("INSERT INTO epochs VALUES (2, ?, 'x', ?, '{\"transfers\": 0}')", (AT, AT))
    take(branch, ("transfer", "2/1/1", {"at": AT, "actor": "sari", "note": "", "lines": [line]}))
    assert branch.one("SELECT recount FROM items WHERE id = 6") == 1
    number = transfers.send(branch.ctx, 1, [Goods(6, 3)])
    ended = {"at": AT, "actor": "sari", "note": "", "lines": [[1, 3, 0]], "by": 1}
    take(branch, ("transfer_receipt", f"2/1/{number}", ended))
    assert transfers.look(branch.ctx, number).ended_at is None
    take(branch, ("transfer_receipt", f"2/2/{number}", ended))
    assert transfers.look(branch.ctx, number).ended_at == AT

    def lost() -> int:
        told = {each.name: each for each in health.look(branch.ctx)}
        return int(str(told["chain_transfers"].facts["lost"]))

    assert lost() == 1
    there = catalogue.by_id(branch.ctx, 6).on_hand
    stock.correct(branch.ctx, 6, there - 3, "hitung", seen=there)
    assert lost() == 0
    # What is sold beyond the books later is to be counted for itself.
    branch.ctx.db.execute("UPDATE items SET recount = 1 WHERE id = 6")
    assert lost() == 0


def test_the_sums_of_the_ledgers_hold(three: Chain) -> None:
    """What travelled, or was said, between branches is in the sums over the ledgers like all else."""
    for shop in three.shops:
        with closing(sqlite.connect(shop.ctx.store.path)) as connection:
            assert hash_chain.verify(connection).first is None
        assert not list(consistency.differences(shop.ctx.db.conn))


def test_health_of_the_chain(branch: Shop) -> None:
    """A shop without a chain hears nothing of it; one that has not met the head office for a day, or
    whose goods travel for a week, is told."""
    names = {"chain_silence", "chain_aside", "chain_transfers"}
    transfers.send(branch.ctx, 1, [Goods(6, 1)])
    assert all(each.well for each in health.look(branch.ctx) if each.name in names)
    branch.clock.wait(8 * 24 * 3600)
    told = {each.name: each for each in health.look(branch.ctx) if each.name in names}
    assert {name for name, each in told.items() if not each.well} == {
        "chain_silence", "chain_transfers",
    }  # fmt: skip
    with branch.ctx.store.transaction() as db:
        db.execute("DELETE FROM chain")
    assert not names & {each.name for each in health.look(branch.ctx)}


def test_points_bring_no_erased_customer_back(branch: Shop) -> None:
    """Points that come for somebody who was erased since they were asked for make no card with the
    number anew, and nobody is told; without the request, and without a number, they lie aside."""
    ani = cards.add(branch.ctx, cards.Card("Ani", phone=ANI))
    take(branch, ("points", "1/x", {"branch": 1, "phone": ANI, "points": 30, "at": AT}))
    request = grants.ask(branch.ctx, ani, 1, 20)
    privacy.erase(branch.ctx, ani)
    told = {"request": f"2/1/{request}", "phone": ANI, "points": 20, "lots": [[20, None]]}
    take(branch, ("grant", "1/1/5", told))
    assert branch.one("SELECT count(*) FROM downs_aside") == 0
    assert points.balance(branch.ctx, ani) == 20
    assert branch.one("SELECT count(*) FROM phones") == 0
    assert branch.rows("SELECT phone FROM point_arrivals") == [{"phone": ""}]
    assert branch.one("SELECT count(*) FROM messages WHERE phone = ?", ANI) == 0
