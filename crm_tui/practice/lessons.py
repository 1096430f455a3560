"""Lessons that tick themselves off: each asks the store whether it has been done."""

from dataclasses import dataclass

from crm_tui.errors import N_
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context

BEGUN = "practice.begun"


@dataclass(frozen=True)
class Lesson:
    """`title`: what to do; `how`: with which keys, named as {orders_confirm}.

    `done`: a question of ours to the store, with :message and :order for the last ones of the
    history and :audit for its last audit row.
    """

    name: str
    title: str
    how: str
    done: str


LESSONS = (
    Lesson(
        "price", N_("Ask for a price as a customer"),
        N_("Press {practice_telephone} for the customer's telephone, write HARGA KR-VAR-D and press "
           "Enter."),
        "SELECT 1 FROM messages AS said JOIN messages AS asked ON asked.id = said.reply_to"
        " WHERE said.kind = 'answer' AND said.id > :message AND said.status IN ('sent', 'delivered')"
        " AND asked.read_as IN ('price', 'stock')",
    ),
    Lesson(
        "order", N_("Order as a customer"),
        N_("On the telephone write PESAN KR-VAR-D 2, BSI-C7 4 and press Enter."),
        "SELECT 1 FROM orders WHERE id > :order",
    ),
    Lesson(
        "free", N_("Write as customers really write"),
        N_("On the telephone write: bos kampas rem vario ada ga, brp – the shop sends a list; answer "
           "it with a number."),
        "SELECT 1 FROM messages AS asked JOIN messages AS chosen ON chosen.phone = asked.phone"
        " AND chosen.id > asked.id WHERE asked.id > :message AND asked.direction = 'in'"
        " AND asked.read_as = 'choices' AND chosen.direction = 'in'"
        " AND chosen.status = 'answered' AND trim(chosen.text) GLOB '[1-9]'",
    ),
    Lesson(
        "talk", N_("Talk with the shop as customers do"),
        N_("On the telephone ask: ban irc 90/90-14 brp – then write: 2 ya – and then: yang 80/90 1 "
           "juga. The shop knows each time what you talk about."),
        "SELECT 1 FROM messages AS asked JOIN messages AS ordered ON ordered.phone = asked.phone"
        " AND ordered.id > asked.id JOIN messages AS changed ON changed.phone = asked.phone"
        " AND changed.id > ordered.id AND changed.order_id = ordered.order_id"
        " JOIN readings AS one ON one.message_id = ordered.id AND one.acted = 1"
        " JOIN readings AS second ON second.message_id = changed.id AND second.acted = 1"
        " WHERE asked.id > :message AND asked.direction = 'in'"
        " AND asked.read_as IN ('price', 'stock', 'choices')"
        " AND ordered.read_as IN ('order', 'confirm') AND changed.read_as = 'amend'"
        " AND changed.status = 'answered'",
    ),
    Lesson(
        "confirm", N_("Confirm an order"),
        N_("Press {menu_orders} for the orders that wait, then {orders_confirm} on one of them."),
        "SELECT 1 FROM audit WHERE command = 'orders.confirm' AND id > :audit",
    ),
    Lesson(
        "take back", N_("Take a decision back"),
        N_("Confirm another order, and press {undo} before its SMS goes out."),
        "SELECT 1 FROM audit WHERE command = 'orders.take_back' AND id > :audit",
    ),
    Lesson(
        "reject", N_("Reject an order with a reason"),
        N_("Press {orders_reject} on an order; ↓ offers usual reasons, Enter sends."),
        "SELECT 1 FROM audit WHERE command = 'orders.reject' AND id > :audit",
    ),
    Lesson(
        "staff", N_("Answer what the program did not understand"),
        N_("Press {menu_inbox} in the menu, then {messages_reply} to reply or {messages_order} to "
           "make an order from it."),
        "SELECT 1 FROM audit WHERE command IN ('messages.reply', 'orders.place_for')"
        " AND id > :audit",
    ),
    Lesson(
        "collect", N_("Hand out an order"),
        N_("Press {menu_pickups} in the menu, then {orders_collect}: the order becomes a sale with "
           "a receipt."),
        "SELECT 1 FROM audit WHERE command = 'sales.collect' AND id > :audit",
    ),
    Lesson(
        "sell", N_("Sell at the counter"),
        N_("Press {menu_till} in the menu, type 2 bsi-c7 and press Enter; {sales_sell} asks for the "
           "money, and {sales_sell} once more takes it exactly."),
        "SELECT 1 FROM audit WHERE command = 'sales.sell' AND id > :audit",
    ),
    Lesson(
        "put aside", N_("Put a sale aside, and go on with it"),
        N_("In {menu_till} type a code and press Enter, then {sales_park}: the next customer can be "
           "served. {sales_park} again brings it back."),
        "SELECT 1 FROM audit WHERE command = 'sales.unpark' AND id > :audit",
    ),
    Lesson(
        "repay", N_("Take the payment of a debt"),
        N_("Press {menu_customers} in the menu, → until the list of those who owe, then "
           "{sales_repay}."),
        "SELECT 1 FROM audit WHERE command = 'sales.repay' AND id > :audit",
    ),
)  # fmt: skip


@command("practice.begin", "settings.edit")
def begin(ctx: Context) -> None:
    """Count what is done from now on as practice; the history before does not count."""
    row = ctx.db.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM messages),"
        " (SELECT coalesce(max(id), 0) FROM orders), (SELECT coalesce(max(id), 0) FROM audit)"
    ).fetchone()
    settings.put(ctx, BEGUN, " ".join(str(each) for each in row))
    ctx.record("practice", None, {"begun": ctx.at})
    ctx.changed("settings", 0)


def done(ctx: Context) -> list[bool]:
    """For each lesson whether it has been done."""
    marks = settings.stored(ctx, BEGUN).split() or ["0", "0", "0"]
    given = dict(zip(("message", "order", "audit"), map(int, marks), strict=True))
    return [ctx.db.execute(lesson.done, given).fetchone() is not None for lesson in LESSONS]
