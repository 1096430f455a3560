"""Tiers, points, offers, frozen lists, lost sales: what good customers get, to the rupiah and point."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.errors import Problem
from crm_tui.shop.customers import cards, merging
from crm_tui.shop.customers import people as customer_people
from crm_tui.shop.customers.lists import LOST
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.context import GATEWAY
from crm_tui.shop.gate.errors import BadPercent, DiscountTooLarge, NotAllowed
from crm_tui.shop.gate.listing import View
from crm_tui.shop.gate.money import Discount
from crm_tui.shop.items import catalogue
from crm_tui.shop.loyalty import points, ranking_table, rewards, scores, settings, tiers
from crm_tui.shop.loyalty.tiers import Tier
from crm_tui.shop.promos import audience as promo_audience
from crm_tui.shop.promos import campaigns, pricing
from crm_tui.shop.promos import outlook as promo_outlook
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.promos.chance import means, shares
from crm_tui.shop.reports import registry
from crm_tui.shop.reports.period import Period
from crm_tui.shop.sales import returns, till
from crm_tui.shop.sales.cart import Cart, CartLine
from crm_tui.shop.sales.payment_methods import Paid
from tests.shop import ANI, BUDI, CITRA, Shop, cart_of
from tests.test_commands import session


def cart(shop: Shop, code: str, quantity: int = 1) -> Cart:
    item = catalogue.by_code(shop.ctx, code)
    return cart_of([CartLine(item.id, item.code, item.name, item.unit, item.price, quantity)])


def sell(shop: Shop, code: str, who: int | None, quantity: int = 1, spent: int = 0) -> int:
    """A sale with the offers that there are for the buyer."""
    made = cart(shop, code, quantity)
    made = made.offered(pricing.off(shop.ctx, [made.lines[0].item_id], who))
    made = made.redeeming(points.worth(shop.ctx, spent))
    paid = [Paid("cash", made.total)] if made.total else []
    return till.sell(shop.ctx, made.sold(), paid, who, spent=spent)


def person(shop: Shop, phone: str, name: str = "Orang") -> int:
    who = cards.add(shop.ctx, cards.Card(name, phone=phone))
    customer_people.consent(shop.ctx.acting(GATEWAY), who, "yes", "uji")
    return who


def moves(shop: Shop, *columns: str) -> list[tuple[object, ...]]:
    rows = shop.rows("SELECT points, kind FROM point_moves ORDER BY id")
    return [(row["points"], row["kind"]) for row in rows]


def later(shop: Shop, days: float) -> None:
    shop.clock.wait(days * 86400)


# ── points ────────────────────────────────────────────────────────────────────────────────────────


def test_points_of_a_sale_and_of_its_return(shop: Shop) -> None:
    """Each full Rp10.000 earns a point; what comes back takes its share, all of it all."""
    ani = person(shop, ANI)
    sale = sell(shop, "PQ-R", ani, 3)
    assert shop.one("SELECT total FROM sales") == 255_000
    assert points.balance(shop.ctx, ani) == 25
    returns.give_back(shop.ctx, sale, {1: 1}, "rusak")
    assert points.balance(shop.ctx, ani) == 16
    returns.give_back(shop.ctx, sale, {1: 2}, "rusak")
    assert points.balance(shop.ctx, ani) == 0
    assert moves(shop) == [(25, "earned"), (-9, "taken_back"), (-16, "taken_back")]


def test_spent_points_are_paid_for_and_come_back(shop: Shop) -> None:
    """Points take their worth off a sale; a void gives them back and takes what it earned."""
    ani = person(shop, ANI)
    points.give(shop.ctx, ani, 100, "ulang tahun")
    sale = sell(shop, "PQ-R", ani, 1, spent=100)
    row = shop.rows("SELECT total FROM sales WHERE id = ?", sale)[0]
    assert row["total"] == 85_000 - 10_000
    assert points.balance(shop.ctx, ani) == 7
    returns.void(shop.ctx, sale, "salah")
    assert points.balance(shop.ctx, ani) == 100
    with pytest.raises(points.NotEnoughPoints):
        sell(shop, "PQ-R", ani, 1, spent=101)
    assert shop.one("SELECT count(*) FROM sales") == 2


@pytest.mark.parametrize("spent", [0, 100])
@pytest.mark.parametrize(
    "redeemed", [(-1, 0), (10_001, -1), (10_001, 0), (9_999, 0), (0, 0), (90_000, 0)]
)
def test_points_take_off_what_they_are_worth(
    shop: Shop, redeemed: tuple[int, int], spent: int
) -> None:
    """What a line says that points took off it is part of its discount, and together what the points
    are worth: nobody hides a discount of their own behind points."""
    ani = person(shop, ANI)
    points.give(shop.ctx, ani, 100, "ulang tahun")
    made = cart(shop, "PQ-R").redeeming(10_000).sold()
    other = cart(shop, "AB-1").sold()
    lines = [
        replace(line, redeemed=each) for line, each in zip((*made, *other), redeemed, strict=True)
    ]
    paid = [Paid("cash", sum(line.total for line in lines))]
    if not spent and all(0 <= line.redeemed <= line.discount for line in lines):
        # Without points it says nothing.
        sale = till.sell(shop.ctx, lines, paid, ani)
        told = "SELECT sum(redeemed) FROM sale_lines WHERE sale_id = ?"
        assert shop.one(told, sale) == 0
        return
    with pytest.raises((DiscountTooLarge, till.PointsWorthOther)):
        till.sell(shop.ctx, lines, paid, ani, spent=spent)
    assert shop.one("SELECT count(*) FROM sales") == 0


def test_points_that_were_spent_before_the_sale_came_back(shop: Shop) -> None:
    """Where points are worth no money they are owed, never a balance below nothing, and later purchases
    make them good."""
    shop.set(settings.POINT_VALUE, 0)
    ani = person(shop, ANI)
    sale = sell(shop, "PQ-R", ani, 10)
    points.redeem(shop.ctx, ani, 80, "payung")
    returns.void(shop.ctx, sale, "batal")
    assert points.balance(shop.ctx, ani) == 0
    assert shop.one("SELECT owed FROM point_debts") == 80
    sell(shop, "PQ-R", ani, 10)
    assert points.balance(shop.ctx, ani) == 5
    assert shop.one("SELECT owed FROM point_debts") == 0


def test_points_end_oldest_first(shop: Shop) -> None:
    """What ends first is spent first; what ended cannot be spent, and the worker writes that down."""
    ani = person(shop, ANI)
    points.give(shop.ctx, ani, 10, "")
    later(shop, 100)
    points.give(shop.ctx, ani, 20, "")
    points.redeem(shop.ctx, ani, 4, "stiker")
    assert [row["rest"] for row in shop.rows("SELECT rest FROM point_lots ORDER BY id")] == [6, 20]
    later(shop, 266)
    assert points.balance(shop.ctx, ani) == 20
    with pytest.raises(points.NotEnoughPoints):
        points.redeem(shop.ctx, ani, 21, "topi")
    shop.run(3)
    assert moves(shop)[-1] == (-6, "expired")
    assert points.balance(shop.ctx, ani) == 20


def test_what_was_forfeited_is_not_taken_back_too(shop: Shop) -> None:
    """Points of a sale that ended before its goods came back are gone once."""
    ani = person(shop, ANI)
    shop.set(settings.POINT_DAYS, 30)
    sale = sell(shop, "PQ-R", ani, 10)
    later(shop, 31)
    shop.run(3)
    points.give(shop.ctx, ani, 1000, "")
    returns.give_back(shop.ctx, sale, {1: 10}, "rusak")
    assert points.balance(shop.ctx, ani) == 1000
    assert shop.one("SELECT count(*) FROM point_debts") == 0


def test_points_of_two_who_were_merged(shop: Shop) -> None:
    """A merged customer has the points of both, and gives them back when the merge is undone."""
    ani, budi = person(shop, ANI), person(shop, BUDI, "Budi")
    points.give(shop.ctx, ani, 10, "")
    points.give(shop.ctx, budi, 5, "")
    merging.merge(shop.ctx, ani, budi)
    assert points.balance(shop.ctx, ani) == 15
    points.redeem(shop.ctx, budi, 12, "payung")
    assert points.balance(shop.ctx, ani) == 3


def test_no_points_unless_the_shop_wants_them(shop: Shop) -> None:
    """With Rp0 a point there are none; worthless ones cannot be spent at the till."""
    ani = person(shop, ANI)
    shop.set(settings.POINT_RUPIAH, 0)
    sell(shop, "PQ-R", ani)
    assert points.balance(shop.ctx, ani) == 0
    points.give(shop.ctx, ani, 10, "")
    shop.set(settings.POINT_VALUE, 0)
    with pytest.raises(points.PointsWorthless):
        sell(shop, "PQ-R", ani, spent=5)


def test_poin_by_sms(shop: Shop) -> None:
    """POIN answers with the balance, its worth, what ends soon, and the tier."""
    ani = person(shop, ANI)
    points.give(shop.ctx, ani, 42, "")
    tiers.save(shop.ctx, Tier("Juara", 0, top=10_000))
    sell(shop, "PQ-R", ani)
    tiers.keep_up(shop.ctx)
    said = shop.ask(ANI, "poin saya")
    assert "50" in said
    assert "Rp5.000" in said
    assert "Juara" in said
    later(shop, 340)
    assert "50 poin hangus" in shop.ask(ANI, "CEK POIN")
    assert "Poin Anda 0" in shop.ask(BUDI, "POIN")


def test_a_tier_is_no_changed_price(shop: Shop) -> None:
    """What a tier takes off the price that was told is not told as a price that changed; what the shop
    changed is."""
    ani = person(shop, ANI)
    shop.ask(ANI, "HARGA PQ-R")
    tiers.save(shop.ctx, Tier("Juara", 0, top=10_000, discount=200))
    sell(shop, "PQ-S", ani)
    tiers.keep_up(shop.ctx)
    said = shop.ask(ANI, "PESAN PQ-R 2")
    assert "Rp166.600" in said
    assert "kini" not in said
    shop.ctx.db.execute("UPDATE items SET price = 90000 WHERE code = 'PQ-R'")
    assert "harga kini Rp88.200, tadi Rp83.300" in shop.ask(ANI, "PESAN PQ-R 3")


# ── tiers ─────────────────────────────────────────────────────────────────────────────────────────


def ten(shop: Shop) -> list[int]:
    """Ten customers, the first of whom bought most."""
    found = [person(shop, f"+62812000000{number:02}", f"Orang {number}") for number in range(10)]
    for place, who in enumerate(found):
        sell(shop, "PQ-R", who, 10 - place)
    return found


def test_tiers_by_size_and_by_purchases(shop: Shop) -> None:
    """Customers get the best tier that they fulfil: the best so many percent, or so much in a year."""
    people = ten(shop)
    for each in tiers.every(shop.ctx):
        tiers.remove(shop.ctx, each.id)
    tiers.save(shop.ctx, Tier("Puncak", 1, top=1000))
    tiers.save(shop.ctx, Tier("Besar", 2, spent=700_000))
    tiers.keep_up(shop.ctx)
    had = [tiers.name_of(shop.ctx, who) for who in people]
    assert had == ["Puncak", "Besar", *[""] * 8]
    with pytest.raises(tiers.TierTaken):
        tiers.save(shop.ctx, Tier("besar", 3, top=2000))
    with pytest.raises(tiers.TierBad):
        tiers.save(shop.ctx, Tier("Dua", 3, top=2000, spent=5))
    # As percentages are written here, with a comma.
    for wrong, told in (
        (Tier("Dua", 3, top=10_001), "100,01%"), (Tier("Dua", 3, top=1, discount=-1), "-0,01"),
    ):  # fmt: skip
        with pytest.raises((BadPercent, tiers.DiscountBad)) as refused:
            tiers.save(shop.ctx, wrong)
        assert refused.value.params["text"] == told
    # The name of a tier that was given up can be another one's.
    besar = tiers.every(shop.ctx)[1]
    tiers.save(shop.ctx, replace(besar, name="Emas"))
    assert [each.name for each in tiers.every(shop.ctx)] == ["Puncak", "Emas"]


def test_a_tier_is_kept_for_a_while(shop: Shop) -> None:
    """Up at the next day's review, down only after the days of the setting; the report of a past day
    tells the tier of then."""
    people = ten(shop)
    tiers.save(shop.ctx, Tier("Juara", 0, top=1000))
    tiers.keep_up(shop.ctx)
    assert tiers.name_of(shop.ctx, people[0]) == "Juara"
    evening = shop.clock.now().astimezone().date()
    later(shop, 2)
    sell(shop, "PQ-R", people[9], 12)
    tiers.keep_up(shop.ctx)
    assert [tiers.name_of(shop.ctx, who) for who in (people[0], people[9])] == ["Juara", "Juara"]
    later(shop, 95)
    tiers.keep_up(shop.ctx)
    assert tiers.name_of(shop.ctx, people[0]) != "Juara"
    now = {row["customer"]: row["tier"] for row in ranking_table.as_of(shop.ctx, evening)}
    assert (now["Orang 0"], now["Orang 9"]) == ("Juara", "")
    told = {row["customer"]: row["tier"] for row in registry.find(shop.ctx, "ranking").rows(
        shop.ctx, Period())}  # fmt: skip
    assert told["Orang 9"] == "Juara"


def test_the_tiers_discount(shop: Shop) -> None:
    """It stands in the price answer, in the order, and at the till without a right to discounts."""
    ani = person(shop, ANI)
    sell(shop, "PQ-R", ani)
    tiers.save(shop.ctx, Tier("Juara", 0, top=10_000, discount=1050, multiplier=300))
    tiers.keep_up(shop.ctx)
    said = shop.ask(ANI, "HARGA PQ-R")
    assert "Rp76.075" in said
    assert "harga Juara, biasa Rp85.000" in said
    assert "Rp85.000" in shop.ask(BUDI, "HARGA PQ-R")
    shop.ask(ANI, "PESAN PQ-R 2")
    assert shop.one("SELECT price FROM order_lines") == 76_075
    clerk = session(shop, {"sales.sell"})
    made = cart(shop, "PQ-R", 2).offered(pricing.off(shop.ctx, [6], ani))
    assert made.total == 2 * 76_075
    till.sell(clerk, made.sold(), [Paid("cash", made.total)], ani)
    # 15 for Rp152.150, three times; 8 before the tier.
    assert points.balance(shop.ctx, ani) == 8 + 45
    with pytest.raises(till.OfferOver):
        till.sell(clerk, made.sold(), [Paid("cash", made.total)], person(shop, CITRA))
    free = cart(shop, "PQ-R").discounted(Discount(amount=20_000))
    with pytest.raises(NotAllowed):
        till.sell(clerk, free.sold(), [Paid("cash", free.total)], ani)


# ── offers ────────────────────────────────────────────────────────────────────────────────────────


def discount(shop: Shop, text: str, days: int = 3) -> int:
    """A promo that writes to nobody and lowers prices."""
    draft = campaigns.Draft(
        "Diskon", "discount", "Promo {items}", Audience("nobody"),
        campaigns.parsed_items(shop.ctx, text), days,
    )  # fmt: skip
    number = campaigns.save(shop.ctx, draft)
    campaigns.start(shop.ctx, number)
    return number


def test_a_dated_discount(shop: Shop) -> None:
    """It counts for everybody from its start to its last midnight; an order keeps it."""
    number = discount(shop, "PQ-R 20%", days=3)
    said = shop.ask(ANI, "HARGA PQ-R")
    assert "Rp68.000" in said
    assert "promo s/d 26/11, biasa Rp85.000" in said
    assert "PQ-R" in shop.ask(BUDI, "PROMO")
    shop.ask(ANI, "PESAN PQ-R 1")
    sale = sell(shop, "PQ-R", None)
    assert shop.one("SELECT total FROM sales WHERE id = ?", sale) == 68_000
    later(shop, 3)
    assert "Rp85.000" in shop.ask(BUDI, "HARGA PQ-R")
    assert "belum ada promo" in shop.ask(BUDI, "PROMO")
    assert shop.one("SELECT price FROM order_lines") == 68_000
    number = discount(shop, "PQ-R 20%")
    campaigns.cancel(shop.ctx, number)
    assert pricing.of(shop.ctx, catalogue.by_id(shop.ctx, 6)).price == 85_000


@pytest.mark.parametrize("days", [(3, 9), (9, 3)])
def test_of_two_like_offers_the_one_that_lasts_is_told(shop: Shop, days: tuple[int, int]) -> None:
    """Two promos that lower a price alike: the customer reads the day until which it stays so."""
    for each in days:
        discount(shop, "PQ-R 20%", each)
    until = shop.one("SELECT max(ends_at) FROM promos")
    assert pricing.of(shop.ctx, catalogue.by_id(shop.ctx, 6)).until == until


def test_the_better_offer_counts_and_a_clerks_discount_beside_it(shop: Shop) -> None:
    """Promo and tier are not added up; neither is what somebody types for the line."""
    ani = person(shop, ANI)
    sell(shop, "PQ-R", ani)
    tiers.save(shop.ctx, Tier("Juara", 0, top=10_000, discount=1000))
    tiers.keep_up(shop.ctx)
    discount(shop, "PQ-R 20%")
    priced = pricing.of(shop.ctx, catalogue.by_id(shop.ctx, 6), ani)
    assert (priced.price, priced.why) == (68_000, "promo")
    made = cart(shop, "PQ-R").offered({6: 17_000})
    assert made.discounted(Discount(part=1000), 6).total == 68_000
    assert made.discounted(Discount(part=3000), 6).total == 59_500


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(1, 9), st.integers(0, 100)),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 10**6),
)
def test_a_cart_with_offers_and_points(lines: list[tuple[int, int, int]], redeemed: int) -> None:
    """Each line's discount is between nothing and its price, and their sum is what was promised."""
    made = Cart(tuple(
        CartLine(at, f"C-{at}", "x", "pcs", price, count, offer=price * part // 100)
        for at, (price, count, part) in enumerate(lines)
    ))  # fmt: skip
    before = made.total
    redeemed = min(redeemed, before)
    sold = made.redeeming(redeemed).sold()
    assert sum(line.total for line in sold) == before - redeemed
    assert all(0 <= line.discount <= line.price * line.quantity for line in sold)


# ── frozen lists, lost sales ──────────────────────────────────────────────────────────────────────


def test_a_frozen_list_stays(shop: Shop) -> None:
    """Later sales do not move what was frozen; a gift is handed out once, and the paper names all."""
    with pytest.raises(rewards.NobodyRanked):
        rewards.freeze(shop.ctx, "2026-III")
    people = ten(shop)
    tiers.save(shop.ctx, Tier("Juara", 0, top=2000, gift="Payung"))
    tiers.keep_up(shop.ctx)
    number = rewards.freeze(shop.ctx, "2026-III")
    sell(shop, "PQ-R", people[9], 12)
    found = rewards.entries(shop.ctx, number)
    assert [each.name for each in found] == ["Orang 0", "Orang 1"]
    assert [each.rank for each in found] == [1, 2]
    rewards.give(shop.ctx, number, 1)
    with pytest.raises(rewards.GiftGiven):
        rewards.give(shop.ctx, number, 1)
    assert shop.one("SELECT count(given_at) FROM reward_entries") == 1
    text = rewards.printed("Toko Uji", "2026-III", "2026-11-24", found)
    assert "Orang 1" in text
    assert "Payung" in text
    assert max(map(len, text.splitlines())) <= rewards.WIDE


def test_one_who_was_merged_has_bought_it(shop: Shop) -> None:
    """What the one asked in vain and the other bought, the customer of both has bought."""
    shop.ask(ANI, "PESAN PQ-R 101")
    budi = person(shop, BUDI, "Budi")
    asker = customer_people.by_phone(shop.ctx, ANI)
    assert asker is not None
    merging.merge(shop.ctx, budi, asker.id)
    assert promo_audience.people(shop.ctx, Audience("asked")) == [budi]
    sell(shop, "PQ-R", budi)
    assert promo_audience.people(shop.ctx, Audience("asked")) == []


def test_asked_but_never_bought(shop: Shop) -> None:
    """Questions and orders that found nothing are logged, and forgotten once the item is bought."""
    shop.ask(ANI, "HARGA PQ-R")
    assert shop.one("SELECT count(*) FROM lost_sales") == 0
    shop.ask(ANI, "HARGA ZZZ-9")
    shop.ask(ANI, "PESAN PQ-R 90000")
    shop.ask(BUDI, "PESAN PQ-R 101")
    logged = shop.rows("SELECT asked, quantity, why FROM lost_sales ORDER BY id")
    assert [(row["quantity"], row["why"]) for row in logged] == [
        (None, "unknown"), (90000, "stock"), (101, "stock"),
    ]  # fmt: skip
    ani, budi = (customer_people.by_phone(shop.ctx, each) for each in (ANI, BUDI))
    assert ani is not None
    assert budi is not None
    assert promo_audience.people(shop.ctx, Audience("asked")) == [ani.id, budi.id]
    view = View("newest", "never")
    assert listing.count(shop.ctx, LOST, view) == 3
    sell(shop, "PQ-R", budi.id)
    assert promo_audience.people(shop.ctx, Audience("asked")) == [ani.id]
    assert listing.count(shop.ctx, LOST, view) == 2


# ── whom a promo is for ───────────────────────────────────────────────────────────────────────────


def test_audiences(shop: Shop) -> None:
    """By tier, by the ranking's lists, by what was bought, by quiet, by place, by hand."""
    people = ten(shop)
    tiers.save(shop.ctx, Tier("Juara", 0, top=1000))
    tiers.keep_up(shop.ctx)
    juara = tiers.every(shop.ctx)[0].id

    def of(**how: object) -> list[int]:
        return promo_audience.people(shop.ctx, Audience(**how))  # type: ignore[arg-type]

    assert of() == people
    assert of(base="tier", tier=juara) == people[:1]
    assert of(base="new") == people
    assert of(base="hand", customers=(people[3], people[1])) == [people[1], people[3]]
    assert of(base="nobody") == []
    typed = "0812 0000 0003; +6281200000001,0812-0000-0003"
    assert promo_audience.chosen(shop.ctx, typed) == (people[3], people[1])
    for wrong in ("0812 0000 0099", "dua", " , "):
        with pytest.raises(Problem):
            promo_audience.chosen(shop.ctx, wrong)
    assert of(item=6) == people
    assert of(item=1) == []
    assert of(category="tidak ada") == []
    assert of(quiet=1) == []
    later(shop, 30)
    sell(shop, "PQ-R", people[2])
    assert of(quiet=14) == [each for each in people if each != people[2]]
    cards.edit(shop.ctx, people[4], cards.Card("Empat", address="Jl. 100% Plaju"))
    assert of(area="100% pla") == [people[4]]
    assert of(area="%") == [people[4]]
    merging.merge(shop.ctx, people[0], people[1])
    assert people[1] not in of()
    assert scores.chosen(shop.ctx) is not None


# ── chance ────────────────────────────────────────────────────────────────────────────────────────


def test_known_intervals() -> None:
    """Newcombe's own examples (1998, table II, method 10)."""
    for hits, of, other, other_of, low, high in (
        (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090),
        (10, 10, 0, 20, 0.6791, 1.0),
    ):  # fmt: skip
        found = shares(hits, of, other, other_of)
        assert found is not None
        assert found.low == pytest.approx(low, abs=1e-4)
        assert found.high == pytest.approx(high, abs=1e-4)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50), st.integers(1, 50))
def test_the_difference_lies_in_its_interval(a: int, b: int, of: int, other: int) -> None:
    """Whatever the groups are; turning them round turns the sign."""
    found, turned = (
        shares(min(a, of), of, min(b, other), other),
        shares(min(b, other), other, min(a, of), of),
    )
    assert found is not None
    assert turned is not None
    assert -1 - 1e-9 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 1 + 1e-9
    assert found.low == pytest.approx(-turned.high, abs=1e-9)


def test_small_groups_say_nothing() -> None:
    """Means of a handful are no news; equal groups never are."""
    assert shares(1, 2, 0, 0) is None
    assert means([1.0] * 5, [2.0] * 50) is None
    found = means([1.0, 2.0] * 20, [1.0, 2.0] * 20)
    assert found is not None
    assert not found.certain


def test_bad_drafts_say_why(shop: Shop) -> None:
    """Each mistake in a promo is one sentence."""
    good = campaigns.Draft("Baru", "text", "Halo {name}", Audience())
    for wrong in (
        {"name": " "}, {"name": "x" * 61}, {"text": " "}, {"days": 0}, {"days": 366}, {"control": 91},
        {"kind": "discount"}, {"text": "Halo {nama}"}, {"text": "Halo {items}"},
    ):  # fmt: skip
        with pytest.raises(Problem):
            campaigns.save(shop.ctx, campaigns.Draft(**{**good.__dict__, **wrong}))
    with pytest.raises(Problem):
        campaigns.parsed_items(shop.ctx, "PQ-R 200%")
    assert campaigns.parsed_items(shop.ctx, "pq r 10%, AB-1") == ((6, 1000), (1, 0))
    assert campaigns.parsed_items(shop.ctx, "PQ-R 12,5%,AB-1") == ((6, 1250), (1, 0))
    assert campaigns.typed_items(shop.ctx, ((6, 1250), (1, 0))) == "PQ-R 12,5%, AB-1"


def test_how_long_it_takes(shop: Shop) -> None:
    """Paced, and not at night: 8 to 20 o'clock is 4,320 promos a day at 6 a minute."""
    # It is eight in the morning.
    assert promo_outlook.duration(shop.ctx, 60) == 600
    assert promo_outlook.duration(shop.ctx, 4320 + 6) == 24 * 3600 + 60
    shop.clock.wait(13 * 3600)
    assert promo_outlook.duration(shop.ctx, 6) == timedelta(hours=11, minutes=1).total_seconds()
