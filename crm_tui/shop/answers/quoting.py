"""Prices and stock told by SMS, and what is not found."""

from collections.abc import Collection
from dataclasses import replace

from crm_tui.gsm import alphabets
from crm_tui.reading.wishes import Kind, Wish
from crm_tui.shop.answers import instead, waiting_list
from crm_tui.shop.answers.outcome import Case, Outcome
from crm_tui.shop.answers.talk import waiting_behind
from crm_tui.shop.customers import lost, people
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.messages import replies
from crm_tui.shop.promos import pricing
from crm_tui.shop.promos.pricing import Priced
from crm_tui.text import echoed

_MOST_ECHOED = 3


def tell_prices(case: Case, wish: Wish) -> Outcome:
    items = catalogue.by_ids(case.ctx, [line.entry.id for line in wish.lines])
    lines = quoted(case, items.values())
    for line in wish.lines:
        if not items[line.entry.id].available:
            lost.missing(case.ctx, case.customer.id, case.message_id, line.entry.id)
    told = "\n".join(lines[line.entry.id] for line in wish.lines)
    out = [item for item in items.values() if not item.available]
    return Outcome(
        wish.kind, replies.PRICE(case.ctx, lines=told),
        said=replace(waiting_behind(wish), quoted=tuple(items), quantity=wish.quantity),
        more=(
            *instead.offered(case, out, Kind.PRICE if len(items) == 1 else None),
            *waiting_list.offered(case.ctx, out),
        ),
    )  # fmt: skip


def quoted(case: Case, items: Collection[Item]) -> dict[int, str]:
    """What the customer is told about the price of each item, by its key; it is kept as told."""
    priced = pricing.of_each(case.ctx, items, case.customer.id)
    people.quote(case.ctx, case.customer.id, {key: each.price for key, each in priced.items()})
    return {item.id: _price_line(case.ctx, item, priced[item.id]) for item in items}


def _price_line(ctx: Context, item: Item, priced: Priced) -> str:
    regular = rupiah(priced.regular)
    offer = ""
    if priced.why == "promo":
        last = pricing.last_day(priced.until)
        offer = replies.PROMO_OFFER(ctx, until=f"{last:%d/%m}", regular=regular)
    elif priced.why == "tier":
        offer = replies.TIER_OFFER(ctx, tier=priced.tier, regular=regular)
    return replies.PRICE_LINE(
        ctx, code=item.code, name=item.name, price=rupiah(priced.price), offer=offer,
        unit=item.unit, stock=catalogue.stock_word(item),
    )  # fmt: skip


def tell_unknown(case: Case, wish: Wish) -> Outcome:
    ordered = "Belum ada yang dipesan." if wish.lines else ""
    for code in wish.unknown[:_MOST_ECHOED]:
        lost.unknown(case.ctx, case.customer.id, case.message_id, code)
    # No more of a stranger's words than an SMS bears.
    codes = ", ".join(_plain(code) for code in wish.unknown[:_MOST_ECHOED])
    if len(wish.unknown) > _MOST_ECHOED:
        codes += " dll"
    return Outcome(wish.kind, replies.NOT_FOUND(case.ctx, codes=codes, ordered=ordered).strip())


def _plain(code: str) -> str:
    """A code that nobody has, fit for an SMS of the default alphabet."""
    fit = "".join(char for char in code if alphabets.to_septets(char))
    return echoed(fit) or "itu"
