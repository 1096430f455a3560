"""Orders taken by SMS: certain, proposed, or short of stock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading.wishes import Kind, Line, Wish
from crm_tui.shop.answers import choosing, instead, waiting_list
from crm_tui.shop.answers.outcome import Case, Outcome
from crm_tui.shop.answers.talk import Said, waiting_behind
from crm_tui.shop.customers import lost, people
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.messages import replies
from crm_tui.shop.orders import limits, placing, questions
from crm_tui.shop.promos import pricing

_FAR_BEYOND = 10


def take_order(case: Case, wish: Wish) -> Outcome:
    """Order what is certain; where something else was to be ordered in its stead, stock settles it."""
    if wish.unless and (there := _not_out(case.ctx, wish)):
        # It is there, but it was not asked for outright.
        return _propose(case, there if len(there) == 1 else wish.lines)
    wanted = _units(wish.lines)
    if wish.alternatives and short_of(case.ctx, wanted):
        note_lost(case, wanted, short_of(case.ctx, wanted))
        wanted = _units(wish.alternatives)
    return place(case, wanted, Kind.ORDER)


def _not_out(ctx: Context, wish: Wish) -> list[Line]:
    """What is there of all that had to be out, in the number that is wanted in its stead."""
    out = {item.id for item in short_of(ctx, _units(wish.unless))}
    count = wish.lines[0].quantity if len(wish.lines) == 1 else None
    return [
        Line(line.entry, line.quantity or count) for line in wish.unless if line.entry.id not in out
    ]


def _units(lines: Sequence[Line]) -> dict[int, int]:
    """Units by item key. No number means one; an item that was named twice is one line."""
    wanted: dict[int, int] = {}
    for line in lines:
        wanted[line.entry.id] = wanted.get(line.entry.id, 0) + (line.quantity or 1)
    return wanted


def place(case: Case, wanted: Mapping[int, int], kind: Kind) -> Outcome:
    ctx = case.ctx
    short = short_of(ctx, wanted)
    if short:
        return offer_less(case, wanted, short)
    enough = limits.waiting_enough(ctx, case.customer)
    if enough:
        numbers = ", ".join(str(number) for number in enough)
        return Outcome(
            Kind.UNAVAILABLE, replies.TOO_MANY(ctx, numbers=numbers),
            staff=N_("ordered more while enough orders wait for confirmation"),
        )  # fmt: skip
    order, reply = placing.receive(ctx, case.customer.id, case.phone, wanted, case.message_id)
    return Outcome(kind, reply, order.number)


def short_of(
    ctx: Context, wanted: Mapping[int, int], own: Mapping[int, int] | None = None
) -> list[Item]:
    """The items of which there is less than is wanted; `own` units are the customer's already."""
    return [
        item
        for item in catalogue.by_ids(ctx, wanted).values()
        if wanted[item.id] > item.available + (own or {}).get(item.id, 0) or not item.active
    ]


def offer_less(case: Case, wanted: Mapping[int, int], short: list[Item]) -> Outcome:
    """Say what is missing, and what a YA would order instead."""
    ctx = case.ctx
    note_lost(case, wanted, short)
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
    only = next(iter(wanted.values())) if len(wanted) == 1 else None
    return Outcome(
        Kind.UNAVAILABLE, replies.SHORT(ctx, lines=what_is_left(short, wanted=wanted), offer=offer),
        said=Said(quoted=tuple(wanted), quantity=only), more=(
            *instead.offered(case, short, Kind.UNAVAILABLE if only and not left else None),
            *waiting_list.offered(ctx, short),
        ),
    )  # fmt: skip


def note_lost(case: Case, wanted: Mapping[int, int], short: list[Item]) -> None:
    for item in short:
        lost.missing(case.ctx, case.customer.id, case.message_id, item.id, wanted[item.id])


def what_is_left(
    short: list[Item], own: Mapping[int, int] | None = None, *, wanted: Mapping[int, int]
) -> str:
    """What is left of items that do not suffice; `own` units are kept for the customer already. Nobody
    who names a number that is far beyond it learns how many there are."""
    told = []
    for item in short:
        count = item.available + (own or {}).get(item.id, 0)
        word = f"sisa {count}" if count else "kosong"
        if count and wanted[item.id] > _FAR_BEYOND * max(1, item.on_hand):
            word = "tidak sebanyak itu"
        told.append(f"{item.code} {word}")
    return ", ".join(told)


def ask_back(case: Case, wish: Wish) -> Outcome:
    """Ask which of several items is meant, or whether the likelier reading of an order is it."""
    if not wish.options:
        return _propose(case, wish.lines)
    ctx = case.ctx
    items = list(catalogue.by_ids(ctx, [entry.id for entry in wish.options]).values())
    prices = pricing.of_each(ctx, items, case.customer.id)
    text, offered, parts = choosing.of_parts(ctx, items, prices, wish.parts)
    if wish.held:
        text = choosing.with_room(
            text, replies.HELD(ctx, lines=", ".join(
                f"{line.quantity or 1} {line.entry.code}" for line in wish.held
            ))
        )  # fmt: skip
    people.quote(ctx, case.customer.id, {key: prices[key].price for key in offered})
    # A YA to what was asked before would be taken for a choice.
    questions.close(ctx, case.customer.id)
    said = replace(
        waiting_behind(wish), offered=offered, choosing=wish.choosing or Kind.ORDER,
        quantity=wish.quantity, parts=parts,
    )  # fmt: skip
    return Outcome(Kind.CHOICES, text, said=said)


def _propose(case: Case, lines: Sequence[Line]) -> Outcome:
    """Say what a YA would order."""
    ctx, wanted = case.ctx, _units(lines)
    short = short_of(ctx, wanted)
    if short:
        return offer_less(case, wanted, short)
    questions.ask(ctx, case.customer.id, "order", wanted)
    if not case.free:
        shown = ", ".join(f"{line.quantity or 1} {line.entry.code}" for line in lines)
        return Outcome(Kind.CHOICES, replies.CHOICES(ctx, lines=shown))
    items = catalogue.by_ids(ctx, wanted)
    prices = pricing.of_each(ctx, items.values(), case.customer.id)
    people.quote(ctx, case.customer.id, {key: priced.price for key, priced in prices.items()})
    # Whoever wrote freely knows no codes: the name tells what is meant.
    shown = ", ".join(
        f"{count} {items[key].code} {items[key].name}" for key, count in wanted.items()
    )
    total = rupiah(sum(prices[key].price * count for key, count in wanted.items()))
    reply = replies.PROPOSED(ctx, lines=shown, total=total)
    if not choosing.fits(reply):
        codes = ", ".join(f"{count} {items[key].code}" for key, count in wanted.items())
        reply = replies.PROPOSED(ctx, lines=codes, total=total)
    return Outcome(Kind.CHOICES, reply)
