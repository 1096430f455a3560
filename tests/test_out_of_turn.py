"""Money and points out of turn: refunds, points spent before, merges, drawers, copies, notices."""

import random
from typing import Any

import pytest

from crm_tui.shop.customers import cards, merging, people
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.gate import money, undo
from crm_tui.shop.gate.context import GATEWAY
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.items import catalogue, prices
from crm_tui.shop.loyalty import points
from crm_tui.shop.loyalty.merged import PointsSpentSince
from crm_tui.shop.loyalty.settings import POINT_VALUE
from crm_tui.shop.messages.settings import NOTICES
from crm_tui.shop.reports import registry
from crm_tui.shop.reports.period import Period
from crm_tui.shop.sales import drawer, outcome, receipt, receivables, reprints, returns, till
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.sales.settings import BLIND, ROUNDING
from crm_tui.shop.upkeep import privacy
from tests.day import line, money_adds_up
from tests.shop import ANI, BUDI, CITRA, Shop, cart_of
from tests.test_permits import person, sale

CLERK = ("sales.sell", "sales.return", "sales.credit", "sales.repay", "sales.view")


def paid_back(shop: Shop, number: int) -> dict[str, int]:
    """Rupiah that went out for a return or void, by way of paying."""
    return {
        row["method"]: row["back"]
        for row in shop.rows(
            "SELECT method, -sum(amount) AS back FROM payments WHERE sale_id = ? GROUP BY method"
            " ORDER BY method", number,
        )
    }  # fmt: skip


def sold(shop: Shop, parts: dict[str, int], who: int | None = None) -> int:
    """Four of the first item (Rp10.000), paid in these parts."""
    made = cart_of([line(catalogue.by_id(shop.ctx, 1), 4)])
    return till.sell(shop.ctx, made.sold(), [Paid(*part) for part in parts.items()], who)


def test_money_goes_back_the_way_it_came(shop: Shop) -> None:
    """What was paid by QRIS is not paid back in cash by a clerk; parts go back by the ways they came,
    and what was owed by those in which it was repaid."""
    clerk = person(shop, "sari", CLERK)
    by_qris = sold(shop, {"qris": 40_000})
    with pytest.raises(NotAllowed) as refused:
        returns.give_back(clerk, by_qris, {1: 2}, "rusak", "cash")
    assert refused.value.params["permission"] == "sales.refund_way"
    assert paid_back(shop, returns.give_back(clerk, by_qris, {1: 2}, "rusak")) == {"qris": 20_000}
    # By who may, it can be cash; only what is left of the QRIS then goes back by it.
    assert paid_back(shop, returns.give_back(shop.ctx, by_qris, {1: 1}, "rusak", "cash")) == {
        "cash": 10_000
    }
    in_two = sold(shop, {"cash": 25_000, "transfer": 15_000})
    assert paid_back(shop, returns.give_back(clerk, in_two, {1: 2}, "rusak")) == {
        "cash": 5_000,
        "transfer": 15_000,
    }
    with pytest.raises(NotAllowed):
        returns.give_back(clerk, in_two, {1: 1}, "rusak", "transfer")
    who = cards.add(shop.ctx, Card("Ada", credit_limit=10**6))
    owed = sold(shop, {"account": 40_000}, who)
    receivables.repay(shop.ctx, who, 30_000, "transfer")
    assert paid_back(shop, returns.give_back(clerk, owed, {1: 3}, "rusak")) == {
        "account": 10_000,
        "transfer": 20_000,
    }
    money_adds_up(shop.ctx)


@pytest.mark.parametrize("kind", ["return", "void"])
@pytest.mark.parametrize("way", ["cash", "transfer"])
def test_spent_points_are_taken_off_the_refund(shop: Shop, kind: str, way: str) -> None:
    """Goods that earned points come back after these were spent: their worth is kept of what is paid
    back, the drawer, the receipt and the panel say so, and nothing is owed any more."""
    shop.set(ROUNDING, 500)
    who = cards.add(shop.ctx, Card("Ada"))
    number = sold(shop, {way: 40_000}, who)
    assert points.balance(shop.ctx, who) == 4
    points.redeem(shop.ctx, who, 3, "stiker")
    if kind == "void":
        back = returns.void(shop.ctx, number, "salah")
    else:
        back = returns.give_back(shop.ctx, number, {1: 4}, "rusak")
    money_adds_up(shop.ctx)
    left = shop.one("SELECT sum(amount) FROM payments WHERE method = ?", way)
    # 3 points at Rp100; cash is rounded.
    kept = 300 if way == "transfer" else 500
    assert left == kept
    assert dict(outcome.of(shop.ctx, back).back) == {way: 40_000 - kept}
    text = receipt.text(shop.ctx, back)
    assert "Poin terpakai" in text
    assert f"{40_000 - kept:,}".replace(",", ".") in text
    assert points.owed(shop.ctx, number) == 0
    assert shop.one("SELECT points FROM point_refunds WHERE return_id = ?", back) == 3
    # What is earned later is the customer's own again.
    sold(shop, {"cash": 40_000}, who)
    assert points.balance(shop.ctx, who) == 4


def test_more_points_than_money(shop: Shop) -> None:
    """What the refund does not cover is owed in points, as ever."""
    who = cards.add(shop.ctx, Card("Ada", credit_limit=10**6))
    number = sold(shop, {"account": 39_950, "cash": 50}, who)
    points.redeem(shop.ctx, who, 4, "stiker")
    back = returns.give_back(shop.ctx, number, {1: 4}, "rusak")
    assert points.owed(shop.ctx, number) == 4
    assert not shop.rows("SELECT * FROM point_refunds WHERE return_id = ?", back)
    money_adds_up(shop.ctx)


def _cash(shop: Shop) -> int:
    return int(shop.one("SELECT coalesce(sum(amount), 0) FROM payments WHERE method = 'cash'"))


@pytest.mark.parametrize("step", [0, 100, 500])
def test_nobody_earns_by_bringing_back_in_pieces(shop: Shop, step: int) -> None:
    """Whoever buys, and brings all of it back in whatever pieces, has the money that they had before,
    however cash is rounded, and never more on the way than rounding once would give; also where the
    setting is another one by then."""
    shop.set(ROUNDING, step)
    chance = random.Random(step)
    for price in (260, 240, 249, 251, 740, 10_040, 10_060, 33_333):
        if price != catalogue.by_id(shop.ctx, 1).price:
            prices.set_price(shop.ctx, 1, price)
        before = _cash(shop)
        quantity = chance.choice((1, 2, 5, 7))
        made = cart_of([line(catalogue.by_id(shop.ctx, 1), quantity)])
        number = till.sell(shop.ctx, made.sold(), [Paid("cash", made.total)])
        assert _cash(shop) > before, "goods for nothing"
        left = quantity
        while left:
            back = chance.randint(1, left)
            left -= back
            if chance.random() < 0.2:
                shop.set(ROUNDING, 100 if step else 0)
            returns.give_back(shop.ctx, number, {1: back}, "coba")
            fair = made.total * left // quantity
            assert _cash(shop) - before >= fair - max(step, 1) / 2 - 1, (price, left)
        assert _cash(shop) == before, price
        shop.set(ROUNDING, step)
    money_adds_up(shop.ctx)


@pytest.mark.parametrize("pieces", [(2,), (1, 1)])
def test_small_coins_that_came_go_out(shop: Shop, pieces: tuple[int, ...]) -> None:
    """What was paid to the rupiah, before cash was rounded, goes out so, too, when all comes back."""
    prices.set_price(shop.ctx, 1, 8_549)
    made = cart_of([line(catalogue.by_id(shop.ctx, 1), 2)])
    number = till.sell(shop.ctx, made.sold(), [Paid("cash", made.total)])
    shop.set(ROUNDING, 500)
    for back in pieces:
        returns.give_back(shop.ctx, number, {1: back}, "coba")
    assert _cash(shop) == 0


def _spent_and_brought_back(shop: Shop, step: int, seed: int, turns: int) -> None:
    """Buy two things, spend points at any moment, bring all of it back in any pieces; and again."""
    shop.set(ROUNDING, step)
    shop.set(POINT_VALUE, value := (100, 70, 130)[seed % 3])
    chance = random.Random(seed)
    for _ in range(turns):
        who, lines = cards.add(shop.ctx, Card("Ada")), []
        for item in (1, 2):
            price = chance.choice((130, 240, 251, 9_760, 10_040, 10_060, 20_240, 33_333))
            if price != catalogue.by_id(shop.ctx, item).price:
                prices.set_price(shop.ctx, item, price)
            lines.append(line(catalogue.by_id(shop.ctx, item), chance.choice((1, 2, 3))))
        before, made = _cash(shop), cart_of(lines)
        number = till.sell(shop.ctx, made.sold(), [Paid("cash", made.total)], who)
        told, spent, whole = [made.total, _cash(shop) - before], 0, chance.random() < 0.2
        while left := [each for each in returns.lines(shop.ctx, number) if each.left]:
            if chance.random() < 0.6 and (have := points.balance(shop.ctx, who)) > 0:
                told.append(count := -chance.randint(1, have))
                points.redeem(shop.ctx, who, -count, "stiker")
                spent -= count
            was, some = _cash(shop), chance.choice(left)
            if whole:
                returns.void(shop.ctx, number, "coba")
            else:
                units = chance.randint(1, some.left)
                returns.give_back(shop.ctx, number, {some.line: units}, "coba")
            told.append(was - _cash(shop))
            assert told[-1] >= 0, told
            if whole:
                break
        owed = points.owed(shop.ctx, number)
        assert before + value * (spent - owed) <= _cash(shop), told
    money_adds_up(shop.ctx)


def test_nobody_earns_by_spending_and_bringing_back(shop: Shop) -> None:
    """Whoever buys, spends the points, and brings all of it back in whatever pieces has no rupiah more
    for it, however cash is rounded."""
    _spent_and_brought_back(shop, 500, 1, 12)


@pytest.mark.parametrize("repaid", [False, True])
def test_who_keeps_goods_pays_for_them(shop: Shop, repaid: bool) -> None:
    """After each return the shop has, for what the buyer keeps, what it would have cost alone, and the
    worth of points that were kept; however it was paid, and whatever is rounded twice: buying 10.240
    for 10.000 and bringing 9.760 back for 10.000 left 480 for nothing."""
    shop.set(ROUNDING, 500)
    for one, other in ((9_760, 480), (10_000, 260), (240, 500), (260, 30_240), (33_333, 740)):
        _keeps_and_pays(shop, (one, other), repaid=repaid)
        _keeps_and_pays(shop, (other, one), repaid=repaid)
    money_adds_up(shop.ctx)


def _keeps_and_pays(shop: Shop, two: tuple[int, int], *, repaid: bool) -> None:
    who, lines = cards.add(shop.ctx, Card("Ada", credit_limit=10**9)), []
    for item, price in enumerate(two, start=1):
        if price != catalogue.by_id(shop.ctx, item).price:
            prices.set_price(shop.ctx, item, price)
        lines.append(line(catalogue.by_id(shop.ctx, item), 1))
    before, made = _cash(shop), cart_of(lines)
    way = "account" if repaid else "cash"
    number = till.sell(shop.ctx, made.sold(), [Paid(way, made.total)], who)
    if repaid:
        receivables.repay(shop.ctx, who, made.total, "cash")
    if have := points.balance(shop.ctx, who):
        points.redeem(shop.ctx, who, have, "stiker")
    for first in (1, 2):
        returns.give_back(shop.ctx, number, {first: 1}, "coba")
        rest = sum(each.total - each.refunded for each in returns.lines(shop.ctx, number))
        worth = shop.one(
            "SELECT coalesce(sum(rupiah), 0) FROM point_refunds WHERE sale_id = ?", number
        )
        assert _cash(shop) - before >= money.in_coins(rest, 500) + worth, (two, rest)


def test_another_way_is_paid_to_the_rupiah(shop: Shop) -> None:
    """Cash that goes back by another way, which needs its right, goes back to the rupiah: that is half
    a step at most more or less than came, and nothing more can be had of the sale."""
    shop.set(ROUNDING, 500)
    for price in (10_240, 10_260):
        prices.set_price(shop.ctx, 1, price)
        before, made = _cash(shop), cart_of([line(catalogue.by_id(shop.ctx, 1), 1)])
        number = till.sell(shop.ctx, made.sold(), [Paid("cash", made.total)])
        came = _cash(shop) - before
        back = returns.give_back(shop.ctx, number, {1: 1}, "coba", "qris")
        assert paid_back(shop, back) == {"qris": price}
        assert abs(price - came) <= 250
    money_adds_up(shop.ctx)


@pytest.mark.soak
@pytest.mark.parametrize("step", [0, 100, 500])
@pytest.mark.parametrize("seed", range(4))
def test_nobody_ever_earns_by_spending(shop: Shop, step: int, seed: int) -> None:
    """As above, many times."""
    _spent_and_brought_back(shop, step, seed, 300)


def test_a_merge_whose_points_were_spent_stays(shop: Shop) -> None:
    """Points spent between a merge and its undoing are nobody's gain: it is not undone any more."""
    ada, eka = cards.add(shop.ctx, Card("Ada")), cards.add(shop.ctx, Card("Eka"))
    points.give(shop.ctx, eka, 50, "hadiah")

    def merge() -> undo.Step:
        merging.merge(shop.ctx, ada, eka)
        step = undo.last(shop.ctx)
        assert step is not None
        return step

    undo.undo(shop.ctx, merge().id)
    assert points.balance(shop.ctx, eka) == 50
    points.redeem(shop.ctx, eka, 10, "stiker")
    undo.undo(shop.ctx, merge().id)
    step = merge()
    points.redeem(shop.ctx, ada, 40, "payung")
    with pytest.raises(PointsSpentSince) as refused:
        undo.undo(shop.ctx, step.id)
    assert refused.value.params["points"] == 40
    assert people.by_id(shop.ctx, eka).id == ada
    assert points.balance(shop.ctx, ada) == 0


def test_the_drawer_is_counted_blind(shop: Shop) -> None:
    """Who counts is not told what should be in the open drawer, unless they may see it or the shop
    wants it so; once it is closed everybody is."""
    clerk = person(shop, "sari", (*CLERK, "drawer.close"))
    chief = person(shop, "tono", (*CLERK, "drawer.close", "drawer.look"))
    sale(clerk)
    blind = drawer.look(clerk, 1)
    assert (dict(blind.drawer.expected), blind.payments) == ({}, ())
    assert drawer.look(chief, 1).drawer.expected["cash"] == 10_000
    shop.set(BLIND, 0)
    assert drawer.look(clerk, 1).payments
    shop.set(BLIND, 1)
    now = drawer.current(clerk)
    assert now is not None
    drawer.close(clerk, {"cash": 9_000}, now)
    assert drawer.look(clerk, 1).drawer.expected["cash"] == 10_000
    assert drawer.look(clerk, 1).counted["cash"] == 9_000


def test_each_receipt_after_the_first_is_a_copy(shop: Shop) -> None:
    """The first print is the receipt, each later one says which copy it is; all are written down."""
    clerk = person(shop, "sari", ("sales.sell",))
    number = sale(clerk)
    assert "SALINAN" not in reprints.take(clerk, number, "printer")
    assert "SALINAN 1" in reprints.take(clerk, number, "file")
    assert "SALINAN 2" in reprints.take(shop.ctx, number, "printer")
    assert "SALINAN" not in receipt.text(shop.ctx, number)
    assert "SALINAN" not in reprints.take(clerk, sale(clerk), "printer")
    assert shop.rows("SELECT sale_id, copy FROM receipt_prints WHERE actor = 'sari'") == [
        {"sale_id": 1, "copy": 0},
        {"sale_id": 1, "copy": 1},
        {"sale_id": 2, "copy": 0},
    ]
    with pytest.raises(NotAllowed):
        reprints.take(person(shop, "tono", ("items.view",)), number, "printer")


def notices(shop: Shop) -> list[tuple[str, str]]:
    """Number and text of what customers were told since it was asked last."""
    rows = shop.rows("SELECT id, phone, text FROM messages WHERE kind = 'notice' ORDER BY id")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE messages SET kind = 'answer' WHERE kind = 'notice'")
    return [(row["phone"], row["text"]) for row in rows]


def test_customers_are_told_what_the_staff_did(shop: Shop) -> None:
    """Points spent, a number added, a merge and a consent reach all numbers that were there before, in
    one SMS each; what customers do by SMS themselves, and a shop that does not want it, send none."""
    clerk = person(shop, "sari", (*CLERK, "customers.edit", "customers.consent", "customers.merge",
                                  "sales.points"))  # fmt: skip
    ada = cards.add(shop.ctx, Card("Ada", phone=ANI))
    eka = cards.add(shop.ctx, Card("Eka", phone=BUDI))
    points.give(shop.ctx, ada, 50, "hadiah")
    assert notices(shop) == []
    cards.add_phone(clerk, ada, CITRA)
    told = notices(shop)
    assert [phone for phone, _ in told] == [ANI]
    assert CITRA[-4:] in told[0][1]
    assert CITRA not in told[0][1]
    points.redeem(clerk, ada, 20, "payung")
    told = notices(shop)
    assert [phone for phone, _ in told] == [ANI, CITRA]
    assert "20 poin" in told[0][1]
    assert "sisa 30" in told[0][1]
    people.consent(clerk, ada, "yes", "katanya")
    assert [phone for phone, text in notices(shop) if "STOP" in text] == [ANI, CITRA]
    people.consent(clerk, ada, "yes", "katanya")
    assert notices(shop) == []
    people.consent(shop.ctx.acting(GATEWAY), ada, "stopped", "SMS 1")
    assert notices(shop) == []
    merging.merge(clerk, ada, eka)
    assert sorted(phone for phone, _ in notices(shop)) == sorted([ANI, BUDI, CITRA])
    shop.set(NOTICES, 0)
    points.redeem(clerk, ada, 5, "stiker")
    assert notices(shop) == []
    assert shop.one("SELECT max(segments) FROM messages WHERE direction = 'out'") == 1


def clerks(shop: Shop) -> dict[str, dict[str, Any]]:
    report = registry.find(shop.ctx, "exceptions")
    return {row["actor"]: dict(row) for row in report.rows(shop.ctx, Period())}


def test_exceptions_are_counted_by_clerk(shop: Shop) -> None:
    """Voids, refunds, discounts, cash out, points, differences and copies, by who did them; an honest
    day has none."""
    rights = (*CLERK, "sales.discount", "sales.points", "drawer.close", "drawer.take_out",
              "rewards.edit")  # fmt: skip
    sari, tono = person(shop, "sari", rights), person(shop, "tono", rights)
    shop.set(ROUNDING, 500)
    who = cards.add(shop.ctx, Card("Ada"))
    first = sale(sari, who=who, count=3)
    assert clerks(shop) == {}
    points.give(tono, who, 9, "hadiah")
    points.redeem(tono, who, 2, "stiker")
    returns.give_back(sari, first, {1: 1}, "rusak")
    returns.void(tono, sale(sari), "salah")
    sale(sari, "5%")
    drawer.move(tono, -7_000, "bensin")
    drawer.move(tono, 9_000, "receh")
    reprints.take(sari, first, "printer")
    reprints.take(sari, first, "printer")
    now = drawer.current(shop.ctx)
    assert now is not None
    drawer.close(sari, {"cash": now.expected["cash"] - 1_000, "qris": 250}, now)
    told = clerks(shop)
    assert {key: value for key, value in told["sari"].items() if value} == {
        "actor": "sari", "returns": 1, "returned": 10_000, "discounts": 1, "discounted": 500,
        "shorts": 1, "short": 1_000, "overs": 1, "over": 250, "copies": 1,
    }  # fmt: skip
    assert {key: value for key, value in told["tono"].items() if value} == {
        "actor": "tono", "voids": 1, "voided": 10_000, "cash_outs": 1, "cash_out": 7_000,
        "spendings": 1, "points": 2, "gifts": 1, "given": 9,
    }  # fmt: skip


def _merged(shop: Shop) -> tuple[int, int, undo.Step]:
    """Ada (ANI) and Eka (BUDI), just merged into Ada, and the step back."""
    ada, eka = (
        cards.add(shop.ctx, Card("Ada", phone=ANI)),
        cards.add(shop.ctx, Card("Eka", phone=BUDI)),
    )
    merging.merge(shop.ctx, ada, eka)
    step = undo.last(shop.ctx)
    assert step is not None
    return ada, eka, step


def test_what_was_written_meanwhile_is_of_its_number(shop: Shop) -> None:
    """When two are taken apart, SMS and orders that came and went meanwhile are of whom the number is:
    what one wrote is not handed out, erased, cancelled or agreed to as the other's."""
    ada, eka, step = _merged(shop)
    shop.ask(BUDI, "PESAN PQ-R 2")
    shop.ask(BUDI, "rahasia Eka buat bos")
    shop.ask(BUDI, "ada kampas zebra ?")
    shop.ask(ANI, "PESAN PQ-S 1")
    asked = shop.one("SELECT count(*) FROM messages WHERE customer_id = ? AND phone = ?", ada, BUDI)
    assert asked >= 5
    undo.undo(shop.ctx, step.id)
    assert shop.rows("SELECT customer_id FROM orders ORDER BY id") == [
        {"customer_id": eka}, {"customer_id": ada}
    ]  # fmt: skip
    for who, phone in ((ada, ANI), (eka, BUDI)):
        rows = shop.rows("SELECT phone FROM messages WHERE customer_id = ?", who)
        assert {row["phone"] for row in rows} == {phone}
    assert "rahasia Eka" not in str(privacy.hand_out(shop.ctx, ada))
    assert "rahasia Eka" in str(privacy.hand_out(shop.ctx, eka))
    assert shop.one("SELECT count(*) FROM lost_sales") == 1
    assert "lost_sales" not in privacy.hand_out(shop.ctx, ada)
    assert privacy.hand_out(shop.ctx, eka)["lost_sales"]
    shop.clock.wait(3600)
    shop.ask(ANI, "BATAL")
    assert [row["status"] for row in shop.rows("SELECT status FROM orders ORDER BY id")] == [
        "waiting", "cancelled"
    ]  # fmt: skip


def test_nobody_answers_what_the_other_was_asked(shop: Shop) -> None:
    """What was asked, or listed, while two were one is answered by neither after they were taken
    apart."""
    _, _, step = _merged(shop)
    assert "PQ-R" in shop.ask(BUDI, "harga pakai quantum")
    assert shop.rows("SELECT * FROM talks")
    undo.undo(shop.ctx, step.id)
    assert not shop.rows("SELECT * FROM talks")
    assert not shop.rows("SELECT * FROM questions WHERE open = 1")
    shop.ask(ANI, "ya pesan 2")
    assert not shop.rows("SELECT * FROM orders")


@pytest.mark.parametrize("who", [ANI, BUDI])
def test_a_stop_meanwhile_counts_for_both_and_a_yes_for_neither(shop: Shop, who: str) -> None:
    """Whoever of the two said STOP, neither gets promos after they were taken apart; a START of one is
    not the other's."""
    ada, eka, step = _merged(shop)
    for each in (ada, eka):
        assert people.by_id(shop.ctx, each).consent == "unknown"
    shop.ask(who, "START")
    assert people.by_id(shop.ctx, ada).consent == "yes"
    undo.undo(shop.ctx, step.id)
    assert [people.by_id(shop.ctx, each).consent for each in (ada, eka)] == ["unknown", "unknown"]
    for each in (ada, eka):
        people.consent(shop.ctx, each, "yes", "formulir")
    merging.merge(shop.ctx, ada, eka)
    step = undo.last(shop.ctx)  # type: ignore[assignment]
    shop.ask(who, "STOP")
    undo.undo(shop.ctx, step.id)
    assert [people.by_id(shop.ctx, each).consent for each in (ada, eka)] == ["stopped", "stopped"]
