"""What each wish of a customer does: prices told, orders placed, changed and cancelled by SMS."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.gsm import alphabets
from crm_tui.reading.wishes import Kind, Reading, Wish
from crm_tui.shop.customers import lost, people
from crm_tui.shop.customers.people import Customer
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.loyalty import points, tiers
from crm_tui.shop.messages import replies
from crm_tui.shop.orders import book, changing, placing, questions, wording
from crm_tui.shop.orders.book import Order
from crm_tui.shop.orders.errors import NothingLeft, OrderNotOpen
from crm_tui.shop.orders.questions import Question
from crm_tui.shop.promos import pricing
from crm_tui.shop.promos.pricing import Priced

_MOST_ECHOED = 3
_FAR_BEYOND = 10


@dataclass(frozen=True)
class Outcome:
    """What was done: the reply, what the message counts as, and the order it concerns.

    `staff`: somebody has to look at it, whether or not it was answered.
    """

    kind: Kind
    reply: str = ""
    order: int | None = None
    staff: str = ""


@dataclass(frozen=True)
class Case:
    """One message while it is dealt with, within a command."""

    ctx: Context
    message_id: int
    phone: str
    customer: Customer
    question: Question | None


OBEYED_ALWAYS = {Kind.STOP, Kind.START}
"""What is done even when no answer may be given any more."""


def fulfil(case: Case, reading: Reading) -> Outcome:
    """Do what a certain reading asks for; anything else is for the staff."""
    if not reading.certain:
        return Outcome(Kind.HUMAN, staff=reading.why or N_("not understood"))
    outcomes = [_ACTIONS[wish.kind](case, wish) for wish in reading.wishes]
    kind = min((outcome.kind for outcome in outcomes), key=list(Kind).index)
    return Outcome(
        kind,
        "\n".join(outcome.reply for outcome in outcomes if outcome.reply),
        next((outcome.order for outcome in outcomes if outcome.order), None),
        next((outcome.staff for outcome in outcomes if outcome.staff), ""),
    )


def _price(case: Case, wish: Wish) -> Outcome:
    items = catalogue.by_ids(case.ctx, [line.entry.id for line in wish.lines])
    lines = _quoted(case, items.values())
    for line in wish.lines:
        if not items[line.entry.id].available:
            lost.missing(case.ctx, case.customer.id, case.message_id, line.entry.id)
    told = "\n".join(lines[line.entry.id] for line in wish.lines)
    return Outcome(wish.kind, replies.PRICE(case.ctx, lines=told))


def _quoted(case: Case, items: Collection[Item]) -> dict[int, str]:
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


def _not_found(case: Case, wish: Wish) -> Outcome:
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
    return "".join(char if alphabets.to_septets(char) else "?" for char in code[:20])


def _order(case: Case, wish: Wish) -> Outcome:
    return _place(case, {line.entry.id: line.quantity or 1 for line in wish.lines}, Kind.ORDER)


def _place(case: Case, wanted: Mapping[int, int], kind: Kind) -> Outcome:
    ctx = case.ctx
    short = _short(ctx, wanted)
    if short:
        return _offer(case, wanted, short)
    order, reply = placing.receive(ctx, case.customer.id, case.phone, wanted, case.message_id)
    return Outcome(kind, reply, order.number)


def _short(
    ctx: Context, wanted: Mapping[int, int], own: Mapping[int, int] | None = None
) -> list[Item]:
    """The items of which there is less than is wanted; `own` units are the customer's already."""
    return [
        item
        for item in catalogue.by_ids(ctx, wanted).values()
        if wanted[item.id] > item.available + (own or {}).get(item.id, 0) or not item.active
    ]


def _offer(case: Case, wanted: Mapping[int, int], short: list[Item]) -> Outcome:
    """Say what is missing, and what a YA would order instead."""
    ctx = case.ctx
    _note_lost(case, wanted, short)
    codes = catalogue.by_ids(ctx, wanted)
    left = {
        item_id: min(quantity, codes[item_id].available) for item_id, quantity in wanted.items()
    }
    left = {item_id: quantity for item_id, quantity in left.items() if quantity > 0}
    # A number that is far beyond what is there was hardly meant as a quantity.
    meant = all(
        count <= _FAR_BEYOND * max(1, codes[item_id].on_hand) for item_id, count in wanted.items()
    )
    offer = ""
    if left and meant:
        questions.ask(ctx, case.customer.id, "order", left)
        offer = replies.OFFER(
            ctx, lines=", ".join(f"{count} {codes[key].code}" for key, count in left.items())
        )
    return Outcome(Kind.UNAVAILABLE, replies.SHORT(ctx, lines=_left(short), offer=offer))


def _note_lost(case: Case, wanted: Mapping[int, int], short: list[Item]) -> None:
    for item in short:
        lost.missing(case.ctx, case.customer.id, case.message_id, item.id, wanted[item.id])


def _left(short: list[Item], own: Mapping[int, int] | None = None) -> str:
    """What is left of items that do not suffice; `own` units are kept for the customer already."""
    left = {item.code: item.available + (own or {}).get(item.id, 0) for item in short}
    return ", ".join(
        f"{code} {f'sisa {count}' if count else 'kosong'}" for code, count in left.items()
    )


def _choices(case: Case, wish: Wish) -> Outcome:
    """The order can be meant in two ways: ask whether the likelier one is it."""
    wanted = {line.entry.id: line.quantity or 1 for line in wish.lines}
    short = _short(case.ctx, wanted)
    if short:
        return _offer(case, wanted, short)
    questions.ask(case.ctx, case.customer.id, "order", wanted)
    lines = ", ".join(f"{line.quantity or 1} {line.entry.code}" for line in wish.lines)
    return Outcome(Kind.CHOICES, replies.CHOICES(case.ctx, lines=lines))


def _amend(case: Case, wish: Wish) -> Outcome:
    ctx = case.ctx
    orders = book.open_of(ctx, case.customer.id)
    waiting = [order for order in orders if order.status == "waiting"]
    if orders and not waiting:
        reply = replies.CHANGE_LATE(ctx, number=orders[-1].number)
        return Outcome(
            Kind.AMEND, reply, orders[-1].number, N_("wants to change a confirmed order")
        )
    named = {line.entry.id for line in wish.lines}
    if not wish.add:
        # What is to be set must be there: that also tells which of several orders is meant.
        having = [order for order in waiting if named <= set(order.wanted)]
        if waiting and not having:
            return Outcome(
                Kind.AMEND,
                _status_text(ctx, waiting),
                staff=N_("the change names what was not ordered"),
            )
        waiting = having
    if not waiting:
        return Outcome(Kind.AMEND, replies.NO_ORDER(ctx))
    if len(waiting) > 1:
        return Outcome(Kind.AMEND, _status_text(ctx, waiting), staff=N_("which order to change?"))
    order = waiting[0]
    wanted = dict(order.wanted)
    for line in wish.lines:
        quantity = line.quantity if line.quantity is not None else 1
        wanted[line.entry.id] = quantity + (wanted.get(line.entry.id, 0) if wish.add else 0)
    reserved = order.wanted if order.reserved_until else {}
    short = _short(ctx, {key: count for key, count in wanted.items() if count}, reserved)
    if short:
        _note_lost(case, wanted, short)
        reply = replies.SHORT_CHANGE(
            ctx, lines=_left(short, reserved), number=order.number, order=book.brief(order)
        )
        return Outcome(Kind.UNAVAILABLE, reply, order.number)
    try:
        after = changing.amend(ctx, order.number, wanted)
    except NothingLeft:
        changing.cancel(ctx, order.number, "customer")
        return Outcome(Kind.CANCEL, replies.CANCELLED(ctx, number=order.number), order.number)
    except NotEnoughStock as problem:
        # The shelves hold less than was promised: people must sort that out.
        return Outcome(Kind.HUMAN, staff=problem.stored)
    return Outcome(Kind.AMEND, _changed(ctx, order, after), order.number)


def _changed(ctx: Context, before: Order, after: Order) -> str:
    return replies.CHANGED(
        ctx, number=after.number, changes=wording.differences(before, after),
        lines=wording.listed(ctx, after, before), total=rupiah(after.total),
    )  # fmt: skip


def _cancel(case: Case, wish: Wish) -> Outcome:
    ctx = case.ctx
    orders = book.open_of(ctx, case.customer.id)
    if wish.number is not None:
        orders = [order for order in orders if order.number == wish.number]
    if not orders:
        return Outcome(Kind.CANCEL, replies.NO_ORDER(ctx))
    if len(orders) > 1:
        numbers = ", ".join(str(order.number) for order in orders)
        example = f"BATAL {orders[-1].number}"
        return Outcome(Kind.CANCEL, replies.WHICH(ctx, numbers=numbers, example=example))
    order = orders[0]
    if order.status == "confirmed":
        reply = replies.CANCEL_LATE(ctx, number=order.number)
        return Outcome(Kind.CANCEL, reply, order.number, N_("wants to cancel a confirmed order"))
    changing.cancel(ctx, order.number, "customer")
    questions.close(ctx, case.customer.id)
    return Outcome(Kind.CANCEL, replies.CANCELLED(ctx, number=order.number), order.number)


def _confirm(case: Case, wish: Wish) -> Outcome:
    """YA: do what was asked about."""
    ctx, question = case.ctx, case.question
    assert question is not None, "reading asks for an open question"
    if wish.number is not None and wish.number != question.order_id:
        return Outcome(Kind.HUMAN, staff=N_("YA to another order than was asked about"))
    questions.close(ctx, case.customer.id)
    if question.order_id is None:
        return _place(case, question.wanted, Kind.CONFIRM)
    before = book.get(ctx, question.order_id)
    try:
        after = changing.amend(ctx, question.order_id, question.wanted)
    except (NotEnoughStock, OrderNotOpen) as problem:
        return Outcome(Kind.CONFIRM, staff=problem.stored, order=question.order_id)
    return Outcome(Kind.CONFIRM, _changed(ctx, before, after), after.number)


def _status(case: Case, wish: Wish) -> Outcome:
    ctx = case.ctx
    orders = book.open_of(ctx, case.customer.id)
    if wish.number is not None:
        row = ctx.db.execute(
            "SELECT 1 FROM orders WHERE id = ? AND customer_id = ?", (wish.number, case.customer.id)
        ).fetchone()
        # The customer learns nothing of somebody else's order.
        orders = [book.get(ctx, wish.number)] if row else []
    if not orders:
        return Outcome(Kind.STATUS, replies.NO_ORDER(ctx))
    return Outcome(Kind.STATUS, _status_text(ctx, orders[-5:]), orders[-1].number)


def _status_text(ctx: Context, orders: list[Order]) -> str:
    return "\n".join(
        replies.STATUS_LINE(
            ctx, number=order.number, status=replies.STATUS_WORDS[order.status],
            total=rupiah(order.total), lines=book.brief(order),
        )
        for order in orders
    )  # fmt: skip


def _register(case: Case, wish: Wish) -> Outcome:
    people.register(case.ctx, case.customer.id, wish.name, wish.address)
    shop = settings.SHOP_NAME(case.ctx)
    return Outcome(Kind.REGISTER, replies.REGISTERED(case.ctx, name=wish.name, shop=shop))


def _stop(case: Case, wish: Wish) -> Outcome:
    people.consent(case.ctx, case.customer.id, "stopped", f"SMS {case.message_id}")
    return Outcome(Kind.STOP, replies.STOPPED(case.ctx))


def _start(case: Case, wish: Wish) -> Outcome:
    people.consent(case.ctx, case.customer.id, "yes", f"SMS {case.message_id}")
    return Outcome(Kind.START, replies.STARTED(case.ctx, shop=settings.SHOP_NAME(case.ctx)))


def _points(case: Case, wish: Wish) -> Outcome:
    ctx = case.ctx
    standing = points.standing(ctx, case.customer.id)
    tier = tiers.of(ctx, case.customer.id)
    soon = ""
    if standing.soon:
        until = f"{moment(standing.until).astimezone():%d/%m/%Y}"
        soon = replies.POINTS_SOON(ctx, points=standing.soon, until=until)
    reply = replies.POINTS(
        ctx, points=standing.points, value=rupiah(standing.rupiah), soon=soon,
        tier=replies.POINTS_TIER(ctx, tier=tier.name) if tier else "",
        shop=settings.SHOP_NAME(ctx),
    )  # fmt: skip
    return Outcome(Kind.POINTS, reply)


def _promo(case: Case, wish: Wish) -> Outcome:
    ctx = case.ctx
    found = pricing.on_offer(ctx, _MOST_ECHOED)
    if found:
        lines = "\n".join(_quoted(case, found).values())
        return Outcome(Kind.PROMO, replies.OFFERS(ctx, lines=lines))
    start = "" if case.customer.consent == "yes" else replies.OFFERS_START(ctx)
    shop = settings.SHOP_NAME(ctx)
    return Outcome(Kind.PROMO, replies.NO_OFFERS(ctx, start=start, shop=shop))


def _help(case: Case, wish: Wish) -> Outcome:
    return Outcome(Kind.HELP, replies.HELP(case.ctx, shop=settings.SHOP_NAME(case.ctx)))


_ACTIONS: dict[Kind, Callable[[Case, Wish], Outcome]] = {
    Kind.PRICE: _price, Kind.STOCK: _price, Kind.NOT_FOUND: _not_found, Kind.ORDER: _order,
    Kind.CHOICES: _choices, Kind.AMEND: _amend, Kind.CANCEL: _cancel, Kind.CONFIRM: _confirm,
    Kind.STATUS: _status, Kind.REGISTER: _register, Kind.STOP: _stop, Kind.START: _start,
    Kind.HELP: _help, Kind.POINTS: _points, Kind.PROMO: _promo,
}  # fmt: skip
