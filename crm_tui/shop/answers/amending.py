"""Orders changed and cancelled by SMS, and what YA answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from crm_tui.clock import moment
from crm_tui.errors import N_, stored
from crm_tui.reading.wishes import Kind, Wish
from crm_tui.shop.answers import choosing, instead, waiting_list
from crm_tui.shop.answers.informing import status_text
from crm_tui.shop.answers.ordering import note_lost, place, short_of, what_is_left
from crm_tui.shop.answers.outcome import Case, Outcome
from crm_tui.shop.answers.talk import Said
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.messages import replies
from crm_tui.shop.orders import book, changing, questions, wording
from crm_tui.shop.orders.book import Order
from crm_tui.shop.orders.errors import NothingLeft, OrderNotOpen
from crm_tui.shop.orders.questions import Question
from crm_tui.shop.orders.settings import ASK_FIRST
from crm_tui.shop.promos import pricing

_FRESH = timedelta(hours=24)
"""So long the number that an order came from changes it without being asked."""


def amend(case: Case, wish: Wish) -> Outcome:
    """Change a waiting order, or ask about a change of it that is only proposed; one that is confirmed
    goes to the staff with the change."""
    ctx = case.ctx
    orders = book.open_of(ctx, case.customer.id)
    waiting = [order for order in orders if order.status == "waiting"]
    if orders and not waiting:
        reply = replies.CHANGE_LATE(ctx, number=orders[-1].number)
        change = ", ".join(f"{line.quantity or 0} {line.entry.code}" for line in wish.lines)
        why = stored(N_("wants to change a confirmed order: {change}"), change=change)
        return Outcome(Kind.AMEND, reply, orders[-1].number, why)
    if case.free and waiting:
        return _change(case, waiting[-1], wish)
    named = {line.entry.id for line in wish.lines}
    if not wish.add:
        # What is to be set must be there: that also tells which of several orders is meant.
        having = [order for order in waiting if named <= set(order.wanted)]
        if waiting and not having:
            return Outcome(
                Kind.AMEND,
                status_text(ctx, waiting),
                staff=N_("the change names what was not ordered"),
            )
        waiting = having
    if not waiting:
        return Outcome(Kind.AMEND, replies.NO_ORDER(ctx))
    if len(waiting) > 1:
        return Outcome(Kind.AMEND, status_text(ctx, waiting), staff=N_("which order to change?"))
    return _change(case, waiting[0], wish)


def _change(case: Case, order: Order, wish: Wish) -> Outcome:
    ctx = case.ctx
    wanted = dict(order.wanted)
    for line in wish.lines:
        quantity = line.quantity if line.quantity is not None else 1
        wanted[line.entry.id] = quantity + (wanted.get(line.entry.id, 0) if wish.add else 0)
    reserved = order.wanted if order.reserved_until else {}
    short = short_of(ctx, {key: count for key, count in wanted.items() if count}, reserved)
    if short:
        note_lost(case, wanted, short)
        reply = replies.SHORT_CHANGE(
            ctx,
            lines=what_is_left(short, reserved, wanted=wanted),
            number=order.number,
            order=book.brief(order),
        )
        more = (*instead.offered(case, short), *waiting_list.offered(ctx, short))
        # "Ya 2 saja adanya" counts what there is too little of, and no line that was ordered before.
        left = (item.id for item in short if item.available > 0)
        said = Said(quoted=tuple(item for item in left if item not in order.wanted))
        return Outcome(Kind.UNAVAILABLE, reply, order.number, said=said, more=more)
    apart = _at_another_price(ctx, order, wanted)
    unsure = wish.kind is Kind.CHOICES
    if apart and unsure:
        return Outcome(Kind.HUMAN, staff=N_("perhaps more of what has another price by now"))
    if apart:
        # What is added costs what it costs today; an order has one price an item.
        placed = place(case, apart, Kind.AMEND)
        rest = {key: order.wanted[key] if key in apart else count for key, count in wanted.items()}
        if rest == order.wanted:
            return placed
        changed = _changed(case, order, rest)
        return replace(changed, reply=f"{changed.reply}\n{placed.reply}")
    return _ask_first(case, order, wanted) if unsure else _changed(case, order, wanted)


def _at_another_price(ctx: Context, order: Order, wanted: Mapping[int, int]) -> dict[int, int]:
    """The units that are added to lines whose price is another one by now."""
    more = {key: count - order.wanted.get(key, 0) for key, count in wanted.items()}
    grown = {key: count for key, count in more.items() if count > 0 and key in order.wanted}
    if not grown:
        return {}
    items = catalogue.by_ids(ctx, grown)
    now = pricing.of_each(ctx, items.values(), order.customer_id)
    before = {line.item_id: line.price for line in order.lines}
    return {key: count for key, count in grown.items() if now[key].price != before[key]}


def _changed(case: Case, order: Order, wanted: Mapping[int, int]) -> Outcome:
    ctx = case.ctx
    if _is_asked_first(case, order):
        return _ask_first(case, order, wanted)
    try:
        after = changing.amend(ctx, order.number, wanted)
    except NothingLeft:
        return _cancelled(case, order.number)
    except NotEnoughStock as problem:
        # The shelves hold less than was promised: people must sort that out.
        return Outcome(Kind.HUMAN, staff=problem.stored)
    return Outcome(Kind.AMEND, change_told(ctx, order, after), order.number)


def _ask_first(case: Case, order: Order, wanted: Mapping[int, int]) -> Outcome:
    """Ask about a change before it is made: it is not certain, or anybody may have written it."""
    ctx = case.ctx
    left = {key: count for key, count in wanted.items() if count}
    questions.ask(ctx, case.customer.id, "change", wanted, order_id=order.number)
    if not left:
        return Outcome(Kind.CHOICES, replies.SURE(ctx, number=order.number), order.number)
    items = catalogue.by_ids(ctx, left)
    codes = {key: f"{count} {items[key].code}" for key, count in left.items()}
    # Whoever wrote freely knows no codes: the name tells what is meant.
    named = [f"{told} {items[key].name}" for key, told in codes.items()] if case.free else []
    for lines in (named, list(codes.values())):
        reply = replies.SURE_CHANGE(ctx, number=order.number, lines=", ".join(lines))
        if lines and choosing.fits(reply):
            break
    return Outcome(Kind.CHOICES, reply, order.number)


def _which(ctx: Context, asked: Sequence[Question]) -> str:
    """Say what a YA could mean, and how to say which."""
    change = next(each for each in asked if each.order_id is not None)
    new = next((each for each in asked if each.order_id is None), None)
    items = catalogue.by_ids(ctx, new.wanted) if new else {}
    lines = ", ".join(f"{items[key].code} {new.wanted[key]}" for key in items) if new else ""
    return replies.WHICH_YES(ctx, number=change.order_id, lines=lines)


def change_told(ctx: Context, before: Order, after: Order) -> str:
    return replies.CHANGED(
        ctx, number=after.number, changes=wording.differences(before, after),
        lines=wording.listed(ctx, after, before), total=rupiah(after.total),
    )  # fmt: skip


def cancel(case: Case, wish: Wish) -> Outcome:
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
    if _is_asked_first(case, order):
        nothing = dict.fromkeys(order.wanted, 0)
        questions.ask(ctx, case.customer.id, "change", nothing, order_id=order.number)
        return Outcome(Kind.CHOICES, replies.SURE(ctx, number=order.number), order.number)
    return _cancelled(case, order.number)


def _cancelled(case: Case, number: int) -> Outcome:
    changing.cancel(case.ctx, number, "customer")
    questions.close(case.ctx, case.customer.id)
    return Outcome(Kind.CANCEL, replies.CANCELLED(case.ctx, number=number), number)


def _is_asked_first(case: Case, order: Order) -> bool:
    """Whether a customer's word about an order is asked about: it is of another day or number, and
    anybody can write under any number."""
    fresh = case.phone == order.phone and moment(order.received_at) > case.ctx.now - _FRESH
    return not fresh and ASK_FIRST(case.ctx) == "yes"


def confirm(case: Case, wish: Wish) -> Outcome:
    """YA: do what was asked about."""
    ctx, question = case.ctx, case.question
    assert question is not None, "reading asks for an open question"
    if question.other is not None:
        both = (question, question.other)
        meant = [each for each in both if wish.number is not None and each.order_id == wish.number]
        if len(meant) != 1:
            return Outcome(Kind.CHOICES, _which(ctx, both))
        question = meant[0]
    if wish.number is not None and wish.number != question.order_id:
        return Outcome(Kind.HUMAN, staff=N_("YA to another order than was asked about"))
    questions.close(ctx, case.customer.id)
    if question.order_id is None:
        return place(case, question.wanted, Kind.CONFIRM)
    return _as_asked(case, question.order_id, question)


def _as_asked(case: Case, number: int, question: Question) -> Outcome:
    """Change an order as was asked about; units of what has another price by now are an order of their
    own, unless the staff have told the sum."""
    ctx, wanted = case.ctx, question.wanted
    before = book.get(ctx, number)
    more = {} if questions.by_staff(ctx, question) else _at_another_price(ctx, before, wanted)
    rest = {key: before.wanted[key] if key in more else count for key, count in wanted.items()}
    if before.status == "waiting" and rest == before.wanted:
        return place(case, more, Kind.CONFIRM)
    try:
        after = changing.amend(ctx, number, rest)
    except NothingLeft:
        # What was asked about was whether to cancel it.
        return _cancelled(case, number)
    except (NotEnoughStock, OrderNotOpen) as problem:
        return Outcome(Kind.CONFIRM, staff=problem.stored, order=number)
    told = change_told(ctx, before, after)
    if not more:
        return Outcome(Kind.CONFIRM, told, number)
    placed = place(case, more, Kind.CONFIRM)
    return replace(placed, reply=f"{told}\n{placed.reply}")
