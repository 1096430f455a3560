""" "Kabari kalau ada": the customer is put on the waiting list, or told that it is there."""

from dataclasses import replace
from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.errors import N_
from crm_tui.reading.wishes import Kind, Wish
from crm_tui.shop.answers import waiting_list
from crm_tui.shop.answers.outcome import Case, Outcome
from crm_tui.shop.answers.quoting import tell_prices
from crm_tui.shop.customers import lost
from crm_tui.shop.items import catalogue
from crm_tui.shop.messages import replies
from crm_tui.shop.orders import questions

_SAME = timedelta(hours=24)
"""So long a customer who asks for the same once more asks for no second sale."""


def tell_stock(case: Case, wish: Wish) -> Outcome:
    """Say whether it is there; a customer who wants to be told when it is goes on the waiting list."""
    return _promise(case, wish) if wish.notify else tell_prices(case, wish)


def _promise(case: Case, wish: Wish) -> Outcome:
    items = catalogue.by_ids(case.ctx, [line.entry.id for line in wish.lines])
    lacking = [line for line in wish.lines if items[line.entry.id].available < (line.quantity or 1)]
    there = tuple(line for line in wish.lines if line not in lacking)
    for line in lacking:
        item = items[line.entry.id]
        # Where there is none, one is news; where there is not enough, only enough is.
        quantity = line.quantity or 1 if item.available else 1
        if not waiting_list.add(case, item.id, quantity):
            return Outcome(Kind.HUMAN, staff=N_("waits for many items already"))
        if not _noted(case, item.id):
            lost.missing(case.ctx, case.customer.id, case.message_id, item.id, line.quantity)
    told = tell_prices(case, replace(wish, lines=there)) if there else Outcome(wish.kind)
    if not lacking:
        return told
    if case.question is not None and case.question.order_id is None:
        # Less of it was offered: a customer who rather waits has said no.
        questions.close(case.ctx, case.customer.id)
    codes = ", ".join(items[line.entry.id].code for line in lacking)
    promised = replies.PROMISED(case.ctx, codes=codes)
    reply = "\n".join(text for text in (promised, told.reply) if text)
    return replace(told, reply=reply)


def _noted(case: Case, item_id: int) -> bool:
    """Whether the log of lost sales has it that this customer asked for this item lately."""
    row = case.ctx.db.execute(
        "SELECT 1 FROM lost_sales WHERE customer_id = ? AND item_id = ? AND at > ? LIMIT 1",
        (case.customer.id, item_id, stamp(case.ctx.now - _SAME)),
    ).fetchone()
    return row is not None
