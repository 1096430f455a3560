"""What is refused: each rule by its own error, and nothing is written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from crm_tui.shop.customers import cards as people_cards
from crm_tui.shop.customers import errors as customer_errors
from crm_tui.shop.customers import merging, people
from crm_tui.shop.gate import errors as gate_errors
from crm_tui.shop.gate import settings
from crm_tui.shop.items import cards, catalogue, lexicon, prices, stock
from crm_tui.shop.items import errors as item_errors
from crm_tui.shop.items.cards import Card
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points, rewards, tiers
from crm_tui.shop.loyalty.tiers import Tier
from crm_tui.shop.orders import deciding, placing
from crm_tui.shop.orders import errors as order_errors
from crm_tui.shop.promos import audience, campaigns
from crm_tui.shop.promos import texts as promo_texts
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.promos.campaigns import Draft
from crm_tui.shop.reports import errors as report_errors
from crm_tui.shop.reports import registry
from crm_tui.shop.reports.base import Wanted
from crm_tui.shop.reports.period import Period
from crm_tui.shop.sales import cart as carts
from crm_tui.shop.sales import errors as sale_errors
from crm_tui.shop.sales import parked, receivables, returns, slips, till
from crm_tui.shop.sales.cart import Cart, CartLine
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.users import accounts, passwords, roles
from crm_tui.shop.users import errors as user_errors
from tests.shop import ANI, BUDI, Shop, cart_of, contents

GOOD = Draft("Promo", "text", "Halo {name}", Audience())
DAY, AHEAD = date(2026, 11, 1), date(2099, 1, 1)


@pytest.fixture
def open_shop(shop: Shop) -> Shop:
    """With an order of Ani's, who owes for one sale; Budi is known by number."""
    shop.ask(ANI, "PESAN PQ-R 2")
    ani = int(shop.one("SELECT customer_id FROM phones WHERE number = ?", ANI))
    people_cards.edit(shop.ctx, ani, people_cards.Card("Ani", credit_limit=10**9))
    made = cart_of([_line(shop, 1)])
    till.sell(shop.ctx, made.sold(), [Paid("account", made.total)], ani)
    people_cards.add(shop.ctx, people_cards.Card("Budi", phone=BUDI))
    return shop


def _line(shop: Shop, quantity: int) -> CartLine:
    item = catalogue.by_code(shop.ctx, "PQ-R")
    return CartLine(item.id, item.code, item.name, item.unit, item.price, quantity)


def _refused(shop: Shop) -> list[tuple[type[Exception], Callable[[], object]]]:
    ctx = shop.ctx
    one = cart_of([_line(shop, 1)])
    sold, total = one.sold(), one.total
    card, there = Card("BARU-1", "Baru"), catalogue.by_code(ctx, "PQ-R")
    report = registry.REPORTS
    return [
        # Items.
        (item_errors.BadCode, lambda: cards.add(ctx, replace(card, code=" - "))),
        (item_errors.BadCode, lambda: cards.add(ctx, replace(card, code="X" * 99))),
        (item_errors.ItemNameMissing, lambda: cards.add(ctx, replace(card, name="  "))),
        (item_errors.UnitBad, lambda: cards.add(ctx, replace(card, unit=" "))),
        (lexicon.SameWordsBad, lambda: lexicon.parsed("laher")),
        (lexicon.SameWordsBad, lambda: lexicon.parsed("laher, laher")),
        (item_errors.NothingToCorrect,
         lambda: stock.correct(ctx, there.id, there.on_hand, "hilang", seen=there.on_hand)),
        (gate_errors.BadQuantity, lambda: stock.correct(ctx, there.id, -1, "x", seen=there.on_hand)),
        (gate_errors.NothingChosen, lambda: stock.receive(ctx, [], "CV Jaya")),
        (gate_errors.NothingChosen, lambda: prices.set_prices(ctx, [])),
        (gate_errors.BadQuantity, lambda: stock.receive(ctx, [Goods(there.id, 0)], "CV Jaya")),
        # Customers.
        (gate_errors.PersonNameMissing, lambda: people_cards.add(ctx, people_cards.Card("  "))),
        (customer_errors.CustomerUnknown, lambda: people_cards.add_phone(ctx, 999, "+6281177777777")),
        (customer_errors.CustomerUnknown, lambda: people.by_id(ctx, 999)),
        (customer_errors.LastPhone, lambda: people_cards.remove_phone(ctx, 1, ANI)),
        (customer_errors.MergeSame, lambda: merging.merge(ctx, 1, 1)),
        # Sales.
        (sale_errors.CartEmpty, lambda: till.sell(ctx, [], [Paid("cash", 1)])),
        (sale_errors.CartEmpty, lambda: parked.park(ctx, Cart())),
        (sale_errors.ParkedGone, lambda: parked.unpark(ctx, 999)),
        (sale_errors.PaidTooLittle, lambda: till.sell(ctx, sold, [Paid("qris", total - 1)])),
        (sale_errors.PaidTooMuch, lambda: till.sell(ctx, sold, [Paid("qris", total + 1)])),
        (sale_errors.PartTooSmall,
         lambda: till.sell(ctx, sold, [Paid("qris", total), Paid("transfer", 0)])),
        (gate_errors.BadQuantity,
         lambda: till.sell(ctx, [replace(sold[0], quantity=0)], [Paid("cash", 1)])),
        (gate_errors.BadQuantity, lambda: carts._checked(_line(shop, 0))),
        (sale_errors.SaleUnknown, lambda: returns.lines(ctx, 999)),
        (gate_errors.NothingChosen, lambda: returns.give_back(ctx, 1, {}, "rusak")),
        (sale_errors.TooMuchPaid, lambda: receivables.repay(ctx, 1, total + 1, "cash")),
        (slips.NoRepayment, lambda: slips.text(ctx, 999)),
        # Orders.
        (gate_errors.BadQuantity, lambda: placing.check({1: 0})),
        (order_errors.ReasonTooLong, lambda: deciding.reject(ctx, 1, "x" * (deciding.MOST_REASON + 1))),
        # Promos and rewards.
        (audience.NotACustomer, lambda: audience.chosen(ctx, "+6281199999999")),
        (audience.NotACustomer, lambda: audience.chosen(ctx, " , ")),
        (campaigns.PromoUnknown, lambda: campaigns.get(ctx, 999)),
        (campaigns.PromoNameMissing, lambda: campaigns.save(ctx, replace(GOOD, name=" "))),
        (campaigns.PromoTextMissing, lambda: campaigns.save(ctx, replace(GOOD, text=" "))),
        (campaigns.PromoDaysBad, lambda: campaigns.save(ctx, replace(GOOD, days=0))),
        (campaigns.ControlBad, lambda: campaigns.save(ctx, replace(GOOD, control=91))),
        (campaigns.DiscountMissing, lambda: campaigns.save(ctx, replace(GOOD, kind="discount"))),
        (promo_texts.UnknownField, lambda: campaigns.save(ctx, replace(GOOD, text="Halo {nama}"))),
        (promo_texts.NothingToName, lambda: campaigns.save(ctx, replace(GOOD, text="{items}"))),
        (points.BadPoints, lambda: points.give(ctx, 1, 0, "hadiah")),
        (rewards.PeriodNameMissing, lambda: rewards.freeze(ctx, " ")),
        (tiers.TierNameMissing, lambda: tiers.save(ctx, Tier(" ", 0, top=100))),
        # Users and settings.
        (gate_errors.PersonNameMissing,
         lambda: accounts.add(ctx, "ani", " ", "Cashier", "kuda-lari-jauh")),
        (user_errors.RoleNameMissing, lambda: roles.add(ctx, " ")),
        (user_errors.BadPassword, lambda: passwords.check("kuda", "ani")),
        (user_errors.BadPin, lambda: passwords.check_pin("482")),
        (user_errors.BadPin, lambda: passwords.check_pin("482915730")),
        (gate_errors.UnknownSetting, lambda: settings.change(ctx, "shop.colour", "red")),
        # Reports.
        (report_errors.UnknownReport, lambda: registry.find(ctx, "sale")),
        (report_errors.UnknownPart, lambda: report["stock"].check(ctx, Wanted(part="blue"))),
        (report_errors.DayAhead, lambda: report["stock"].check(ctx, Wanted(Period(as_of=AHEAD)))),
        (report_errors.NoPastDay, lambda: report["purchases"].check(ctx, Wanted(Period(as_of=DAY)))),
        (report_errors.DaysNotOneDay, lambda: report["sales"].check(ctx, Wanted(Period(as_of=DAY)))),
        (report_errors.OnlyOneDay, lambda: report["idle"].check(ctx, Wanted(Period(DAY, DAY)))),
        (report_errors.NoDays, lambda: report["purchases"].check(ctx, Wanted(Period(DAY, DAY)))),
    ]  # fmt: skip


def test_what_is_refused_changes_nothing(open_shop: Shop) -> None:
    """Each rule that is broken is told by its own error, and the store is as it was."""
    before = contents(open_shop.ctx)
    for error, act in _refused(open_shop):
        with pytest.raises(error) as refused:
            act()
        assert refused.type is error
    assert contents(open_shop.ctx) == before
