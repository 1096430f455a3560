"""What the staff decide about orders: confirm, reject, change, leave for later, take back.

Each tells the customer. With `hold` seconds the SMS waits in the outbox, and until it goes out the
step can be taken back: the order stands again as it stood before.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from crm_tui.clock import stamp
from crm_tui.shop.customers import people
from crm_tui.shop.gate import settings, undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.items import catalogue
from crm_tui.shop.messages import outbox, replies
from crm_tui.shop.messages.errors import MessageSettled, NotAnswerable
from crm_tui.shop.orders import book, changing, placing, questions, reserving, wording, writing
from crm_tui.shop.orders.book import Agreed, Order
from crm_tui.shop.orders.errors import ReasonMissing, ReasonTooLong, TooLateToTakeBack
from crm_tui.shop.orders.questions import Question
from crm_tui.shop.orders.settings import HOLD_CONFIRMED
from crm_tui.shop.promos import pricing

MOST_REASON = 200


@command("orders.confirm", "orders.confirm")
def confirm(
    ctx: Context, number: int, *, hold: float = 0.0, expected: Mapping[int, int] | None = None
) -> Order:
    """Promise the goods and tell the customer; `expected`: the units by item key that were seen.

    Raises `OrderUnknown`, `OrderNotOpen`, `OrderChanged`, or `NotEnoughStock` for one that nothing
    was reserved for.
    """
    order = book.still_open(ctx, number, ("waiting",), expected)
    asked = questions.open_one(ctx, order.customer_id, number)
    reserving.reserve(ctx, number, HOLD_CONFIRMED(ctx))
    after = writing.set_status(ctx, order, "confirmed")
    until = ctx.now.astimezone() + timedelta(hours=HOLD_CONFIRMED(ctx))
    text = replies.CONFIRMED(
        ctx, number=number, lines=book.brief(after), total=rupiah(after.total),
        until=until.strftime("%d/%m"), shop=settings.SHOP_NAME(ctx),
    )  # fmt: skip
    _keep_step(ctx, order, writing.notify(ctx, after, "confirmation", text, hold), asked)
    return after


@command("orders.reject", "orders.confirm")
def reject(ctx: Context, number: int, reason: str, *, hold: float = 0.0) -> Order:
    """Decline a waiting order; the customer is told the reason."""
    _check_reason(reason)
    order = book.still_open(ctx, number, ("waiting",))
    asked = questions.open_one(ctx, order.customer_id, number)
    after = writing.set_status(ctx, order, "rejected", reason.strip())
    text = replies.REJECTED(ctx, number=number, reason=reason.strip().rstrip("."))
    _keep_step(ctx, order, writing.notify(ctx, after, "rejection", text, hold), asked)
    return after


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing()
    if len(reason) > MOST_REASON:
        raise ReasonTooLong(characters=len(reason), most=MOST_REASON)


@command("orders.change", "orders.confirm")
def change(
    ctx: Context,
    number: int,
    wanted: Mapping[int, int],
    *,
    hold: float = 0.0,
    expected: Mapping[int, int] | None = None,
) -> bool:
    """Change a waiting order: all its lines from now on; whether it was made at once.

    Less than was asked is changed and told; anything more is only proposed: the customer must
    answer YA first. `expected` as in `confirm`. Raises as `orders.amend`, and `OrderChanged`.
    """
    order = book.still_open(ctx, number, ("waiting",), expected)
    asked = questions.open_one(ctx, order.customer_id, number)
    left = {item_id: quantity for item_id, quantity in wanted.items() if quantity}
    placing.check(left)
    if any(quantity > order.wanted.get(item_id, 0) for item_id, quantity in left.items()):
        _propose(ctx, order, left, hold, asked)
        return False
    after = changing.rewrite(ctx, order, left)
    text = replies.CHANGED(
        ctx, number=number, changes=wording.differences(order, after),
        lines=wording.listed(ctx, after, order), total=rupiah(after.total),
    )  # fmt: skip
    _keep_step(ctx, order, writing.notify(ctx, after, "change", text, hold), asked)
    return True


def _propose(
    ctx: Context, order: Order, wanted: Mapping[int, int], hold: float, asked: Question | None
) -> None:
    reserving.check_stock(ctx, wanted, reserving.reserved_for(ctx, order.number))
    questions.ask(ctx, order.customer_id, "change", wanted, order_id=order.number)
    items = catalogue.by_ids(ctx, wanted)
    # What is added costs what the customer pays now, as it will stand in the order.
    now = pricing.of_each(ctx, items.values(), order.customer_id)
    prices = {line.item_id: line.price for line in order.lines}
    total = sum(
        count * prices.get(item_id, now[item_id].price) for item_id, count in wanted.items()
    )
    text = replies.ASKED(
        ctx, number=order.number, total=rupiah(total),
        lines=", ".join(f"{count} {items[item_id].code}" for item_id, count in wanted.items()),
    )  # fmt: skip
    message_id = writing.notify(ctx, order, "change", text, hold)
    questions.asks(ctx, order.customer_id, message_id)
    _keep_step(ctx, order, message_id, asked)
    ctx.record(
        f"order {order.number}",
        book.as_audited(order),
        {"proposed": {str(key): count for key, count in wanted.items()}},
    )


@command("orders.call_off", "orders.confirm")
def call_off(ctx: Context, number: int, *, hold: float = 0.0) -> Order:
    """Cancel an open order, because the customer wants it or never came; the customer is told."""
    order = book.still_open(ctx, number)
    asked = questions.open_one(ctx, order.customer_id, number)
    after = writing.set_status(ctx, order, "cancelled", "staff")
    text = replies.CANCELLED(ctx, number=number)
    _keep_step(ctx, order, writing.notify(ctx, after, "change", text, hold), asked)
    return after


@command("orders.later", "orders.confirm")
def later(ctx: Context, number: int) -> None:
    """Leave a waiting order for later: it goes behind the others. Nobody is told."""
    order = book.still_open(ctx, number, ("waiting",))
    ctx.db.execute("UPDATE orders SET later_at = ? WHERE id = ?", (ctx.at, number))
    ctx.record(f"order {number}", None, {"later": ctx.at})
    ctx.changed("orders", order.number)


@command("orders.place_for", "orders.place")
def place_for(
    ctx: Context, message_id: int, wanted: Mapping[int, int], *, hold: float = 0.0
) -> Order:
    """Make an order of a message that only a person understands; the customer is told what it holds.

    With `hold` seconds it can be undone: no SMS goes out, and the message waits again. Raises
    `MessageSettled`, `NotAnswerable`, `NotEnoughStock`.
    """
    row = ctx.db.execute(
        "SELECT phone, reachable, customer_id, status, text FROM messages"
        " WHERE id = ? AND direction = 'in'",
        (message_id,),
    ).fetchone()
    if row["status"] != "staff":
        raise MessageSettled()
    if not row["reachable"]:
        raise NotAnswerable(phone=row["phone"])
    customer = people.by_phone(ctx, row["phone"])
    if customer is None:
        raise NotAnswerable(phone=row["phone"])
    asked = questions.open_one(ctx, customer.id)
    order, text = placing.receive(ctx, customer.id, row["phone"], wanted, message_id)
    ctx.db.execute(
        "UPDATE messages SET status = 'answered', status_at = ?, order_id = ? WHERE id = ?",
        (ctx.at, order.number, message_id),
    )
    told = outbox.queue(
        ctx, row["phone"], text, "change", customer_id=customer.id, reply_to=message_id,
        order_id=order.number, hold=hold,
    )  # fmt: skip
    if hold:
        kept = {
            "order": order.number, "asked": message_id, "message": told,
            "question": asked.id if asked else None, "until": stamp(ctx.now + timedelta(seconds=hold)),
        }  # fmt: skip
        undo.write(ctx, "placed", str(order.number), kept)
    ctx.record(f"message {message_id}", None, {"order": order.number})
    ctx.changed("messages", message_id)
    return order


@undo.restorer("placed", "orders.place")
def _unplace(ctx: Context, kept: Any) -> None:
    """The order is none, nobody is told, and the message waits for the staff again."""
    order = book.still_open(ctx, kept["order"], ("waiting",))
    if not outbox.cancel(ctx, [kept["message"]]):
        raise TooLateToTakeBack(number=order.number)
    writing.set_status(ctx, order, "cancelled", "staff")
    ctx.db.execute(
        "UPDATE messages SET status = 'staff', status_at = ?, order_id = NULL WHERE id = ?",
        (ctx.at, kept["asked"]),
    )
    if kept["question"] is not None:
        questions.reopen(ctx, kept["question"])
    ctx.changed("messages", kept["asked"])


def _keep_step(ctx: Context, before: Order, message_id: int, asked: Question | None) -> None:
    """Remember how the order stood, and what the customer was asked, as long as the SMS of this
    step may be taken back."""
    lines = [[line.item_id, line.price, line.quantity, line.discount] for line in before.lines]
    ctx.db.execute(
        "INSERT OR REPLACE INTO order_steps VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            before.number, message_id, ctx.actor.name, asked.id if asked else None, before.status,
            before.reserved_until, json.dumps(lines),
        ),
    )  # fmt: skip


@command("orders.take_back", "orders.confirm")
def take_back(ctx: Context, number: int) -> Order:
    """Undo the actor's last step with this order; its SMS does not go out.

    Raises `TooLateToTakeBack` once the SMS is on its way, or somebody else has done something with the
    order since, `NotEnoughStock` if the goods that the step set free are somebody else's by now.
    """
    step = ctx.db.execute("SELECT * FROM order_steps WHERE order_id = ?", (number,)).fetchone()
    if step is None or step["actor"] not in json.loads(ctx.names):
        raise TooLateToTakeBack(number=number)
    if not outbox.cancel(ctx, [step["message_id"]]):
        raise TooLateToTakeBack(number=number)
    after = book.get(ctx, number)
    lines = json.loads(step["lines"])
    if after.status == step["status"] and step["status"] == "waiting":
        questions.close_about(ctx, number)
    changing.restore(
        ctx,
        after,
        step["status"],
        {item_id: quantity for item_id, _, quantity, *_ in lines},
        # A step of an older program does not say what was taken off.
        {item_id: Agreed(price, *off) for item_id, price, _, *off in lines},
        step["reserved_until"],
    )
    if step["question_id"] is not None:
        questions.reopen(ctx, step["question_id"])
    return book.get(ctx, number)


def can_take_back(ctx: Context) -> int | None:
    """The order whose step was the actor's last and can still be taken back, if any."""
    row = ctx.db.execute(
        "SELECT order_steps.order_id FROM order_steps JOIN messages ON messages.id = message_id"
        " WHERE messages.status = 'held' AND actor IN (SELECT value FROM json_each(?))"
        " ORDER BY message_id DESC LIMIT 1",
        (ctx.names,),
    ).fetchone()
    return None if row is None else int(row[0])
