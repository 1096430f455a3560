"""A customer with all that happened: one page, newest first."""

from dataclasses import dataclass

from crm_tui.archive import TEXT
from crm_tui.shop.customers import people
from crm_tui.shop.customers.people import FAMILY, Customer
from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import points, tiers
from crm_tui.shop.sales import receivables
from crm_tui.shop.sales.receivables import Due


@dataclass(frozen=True)
class Happening:
    """Something that happened; `kind`: in, out, order, sale, return, void, repayment,
    points, promo or consent.
    `amount` in rupiah, None where none belongs to it."""

    at: str
    kind: str
    number: int
    text: str
    amount: int | None


@dataclass(frozen=True)
class CustomerView:
    """`sales` and `spent`: how many purchases and how much money, what was taken back subtracted; None,
    as there are no `dues`, for whoever may not see sales. What they owe in all, everybody may know who
    may see them."""

    customer: Customer
    phones: tuple[str, ...]
    sales: int | None
    spent: int | None
    due: int
    limit: int
    tier: str
    points: points.Standing
    dues: tuple[Due, ...]
    line: tuple[Happening, ...]


_LINE = f"""
SELECT * FROM (SELECT at, direction AS kind, id AS number, text, NULL AS amount FROM
    (SELECT id, at, direction, {TEXT} AS text FROM messages WHERE phone IN
        (SELECT number FROM phones WHERE customer_id = :customer) ORDER BY id DESC LIMIT :last)
UNION ALL
SELECT received_at, 'order', id, (SELECT group_concat(quantity || ' ' || code, ', ')
    FROM order_lines WHERE order_id = orders.id),
    (SELECT sum(price * quantity) FROM order_lines WHERE order_id = orders.id)
    FROM orders WHERE customer_id = :customer
UNION ALL
SELECT at, kind, id, (SELECT group_concat(quantity || ' ' || code, ', ')
    FROM sale_lines WHERE sale_id = sales.id), total
    FROM sales WHERE customer_id IN {FAMILY}
UNION ALL
SELECT at, 'repayment', id, method, amount FROM payments
    WHERE kind = 'repayment' AND customer_id IN {FAMILY}
UNION ALL
SELECT max(point_moves.at), 'points', sum(points), point_moves.kind, NULL FROM point_moves
    JOIN point_lots ON point_lots.id = lot_id WHERE customer_id IN {FAMILY}
    GROUP BY point_moves.kind, coalesce(point_moves.sale_id, 0), point_moves.at
UNION ALL
SELECT started_at, 'promo', promos.id, name, NULL FROM promo_people
    JOIN promos ON promos.id = promo_id WHERE customer_id IN {FAMILY} AND message_id IS NOT NULL
UNION ALL
SELECT at, 'consent', id, answer || ' · ' || basis, NULL FROM consents
    WHERE customer_id IN {FAMILY}
) WHERE (:messages OR kind NOT IN ('in', 'out', 'order'))
    AND (:sales OR kind NOT IN ('sale', 'return', 'void', 'repayment'))
ORDER BY at DESC LIMIT :last
"""  # noqa: S608 - ours


def look(ctx: Context, customer_id: int, last: int = 30) -> CustomerView:
    """The customer as of now, with the `last` happenings; orders and SMS, and sales, for those who may
    see them. Raises `CustomerUnknown`."""
    with ctx.store.reading() as db:
        customer = people.by_id(ctx, customer_id)
        params = {
            "customer": customer.id, "last": last, "messages": access.allowed(ctx, "messages.view"),
            "sales": access.allowed(ctx, "sales.view"),
        }  # fmt: skip
        seen = bool(params["sales"])
        row = db.execute(
            f"SELECT count(*) FILTER (WHERE {people.PURCHASE.format(then='')}),"  # noqa: S608
            f" coalesce(sum(total), 0) FROM sales WHERE customer_id IN {FAMILY}",
            params,
        ).fetchone()
        line = db.execute(_LINE, params).fetchall()
        return CustomerView(
            customer, tuple(people.phones(ctx, customer.id)),
            row[0] if seen else None, row[1] if seen else None,
            receivables.balance(ctx, customer.id), receivables.limit(ctx, customer.id),
            tiers.name_of(ctx, customer.id), points.standing(ctx, customer.id),
            tuple(receivables.dues(ctx, customer.id)) if seen else (),
            tuple(Happening(*each) for each in line),
        )  # fmt: skip
