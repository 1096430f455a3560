"""An order as the staff look at it: the customer's words, how they were read, stock, last prices."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.shop.customers import people
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.messages.view import Words, words
from crm_tui.shop.orders import book, questions, reserving
from crm_tui.shop.orders.book import Order, OrderLine
from crm_tui.shop.promos import pricing


@dataclass(frozen=True)
class LineView:
    """A line; `stock`: units that this order can have; `last_price`: what the customer was told
    before this order, in rupiah, if anything; `list_price`: what the item costs today."""

    line: OrderLine
    stock: int
    list_price: int
    last_price: int | None

    @property
    def short(self) -> bool:
        return self.stock < self.line.quantity


@dataclass(frozen=True)
class OrderView:
    """`proposed`: what the customer was asked to say YA to and has not answered, as (quantity, code);
    nothing at all if it is to be cancelled, None if nothing was asked."""

    order: Order
    customer: people.Customer
    words: Words | None
    lines: Sequence[LineView]
    reason: str
    proposed: Sequence[tuple[int, str]] | None
    sale_id: int | None
    orders_before: int
    bought: bool
    """Whether the customer has ever bought anything."""

    @property
    def total(self) -> int:
        return self.order.total


def look(ctx: Context, number: int) -> OrderView:
    """The order with all that the staff need to decide. Raises `OrderUnknown`."""
    with ctx.store.reading():
        order = book.get(ctx, number)
        row = ctx.db.execute(
            "SELECT reason, (SELECT id FROM sales WHERE order_id = orders.id) AS sale,"
            " (SELECT count(*) FROM orders AS earlier WHERE earlier.customer_id = orders.customer_id"
            "  AND earlier.status = 'collected' AND earlier.id < orders.id) AS earlier,"
            " EXISTS (SELECT 1 FROM sales WHERE sales.customer_id IN (SELECT id FROM kept"
            "  WHERE kept_id = orders.customer_id)) AS bought"
            " FROM orders WHERE id = ?",
            (number,),
        ).fetchone()
        asked = questions.asked_about(ctx, number)
        named = catalogue.by_ids(ctx, asked or {})
        held = reserving.reserved_for(ctx, number)
        items = catalogue.by_ids(ctx, order.wanted)
        # What the customer paid last; else nothing: the quote is this order's own by now.
        paid = pricing.last_prices(ctx, order.customer_id, list(items))
        return OrderView(
            order,
            people.by_id(ctx, order.customer_id),
            words(ctx, order.message_id) if order.message_id else None,
            tuple(
                _line(line, items[line.item_id], held.get(line.item_id, 0), paid.get(line.item_id))
                for line in order.lines
            ),
            row["reason"],
            None
            if asked is None
            else tuple((count, named[item].code) for item, count in asked.items()),
            row["sale"],
            row["earlier"],
            bool(row["bought"]),
        )


def _line(line: OrderLine, item: Item, own: int, paid: int | None) -> LineView:
    # `on_hand` can fall below what is reserved: then nobody can be promised all of it.
    stock = max(0, min(item.on_hand, item.on_hand - item.reserved + own))
    return LineView(line, stock, item.price, paid)
