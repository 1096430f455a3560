"""Sales taken back: goods return to the shelf, money and debt to where they came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_tui.shop.gate import access, money
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import NothingChosen, ReasonNeeded
from crm_tui.shop.items import catalogue
from crm_tui.shop.loyalty import points, scores
from crm_tui.shop.sales import drawer, receivables, refunding
from crm_tui.shop.sales import payment_methods as sale_payments
from crm_tui.shop.sales.errors import (
    NotReturnable,
    SaleFromBook,
    SaleUnknown,
    SaleVoided,
    UseReturn,
)


@dataclass(frozen=True)
class Left:
    """A line of a sale: what was sold, and how much of it has not been given back; money in rupiah."""

    line: int
    item_id: int
    code: str
    name: str
    unit: str
    price: int
    quantity: int
    total: int
    returned: int
    refunded: int

    @property
    def left(self) -> int:
        return self.quantity - self.returned

    def refund(self, quantity: int) -> int:
        """What is given back for so many units more. All units together give back the line's total,
        whatever parts they come in."""
        through = self.returned + quantity
        return (2 * self.total * through + self.quantity) // (2 * self.quantity) - self.refunded


def lines(ctx: Context, sale_id: int) -> list[Left]:
    """The lines of a sale with what was given back of them. Raises `SaleUnknown`,
    `SaleFromBook`, `SaleVoided`."""
    row = ctx.db.execute("SELECT kind, import_id FROM sales WHERE id = ?", (sale_id,)).fetchone()
    if row is None:
        raise SaleUnknown(number=sale_id)
    if row["import_id"] is not None:
        raise SaleFromBook(number=sale_id)
    voided = ctx.db.execute(
        "SELECT 1 FROM sales WHERE of_sale = ? AND kind = 'void'", (sale_id,)
    ).fetchone()
    if row[0] != "sale" or voided is not None:
        raise SaleVoided(number=sale_id)
    rows = ctx.db.execute(
        "SELECT line, item_id, code, name, unit, price, quantity, total,"
        " (SELECT coalesce(sum(-back.quantity), 0) FROM sale_lines AS back JOIN sales"
        "   ON sales.id = back.sale_id WHERE of_sale = :sale AND back.of_line = sale_lines.line),"
        " (SELECT coalesce(sum(-back.total), 0) FROM sale_lines AS back JOIN sales"
        "   ON sales.id = back.sale_id WHERE of_sale = :sale AND back.of_line = sale_lines.line)"
        " FROM sale_lines WHERE sale_id = :sale ORDER BY line",
        {"sale": sale_id},
    )
    return [Left(*row) for row in rows]


@command("sales.return", "sales.return")
def give_back(
    ctx: Context,
    sale_id: int,
    taken: Mapping[int, int],
    reason: str,
    method: str | None = None,
) -> int:
    """Take back so many units by line of a sale; the key of the return.

    What is still owed for the sale is owed less; the rest is paid out by the ways in which it was paid,
    or by `method`, which needs its permission if the money did not come that way. Raises
    `NotReturnable`, `NothingChosen`, `ReasonNeeded`.
    """
    assert method is None or method in sale_payments.COUNTED, method
    if not reason.strip():
        raise ReasonNeeded()
    chosen = []
    for line in lines(ctx, sale_id):
        quantity = taken.get(line.line, 0)
        if not 0 <= quantity <= line.left:
            raise NotReturnable(code=line.code, number=sale_id, left=line.left)
        if quantity:
            chosen.append((line, quantity, line.refund(quantity)))
    if not chosen:
        raise NothingChosen()
    amount = sum(refund for _, _, refund in chosen)
    back = take_back(ctx, "return", sale_id, chosen, reason.strip())
    owed = ctx.db.execute(
        "SELECT customer_id, due FROM dues WHERE sale_id = ?", (sale_id,)
    ).fetchone()
    debt = min(amount, owed["due"]) if owed is not None else 0
    customer_id = customer_of(ctx, sale_id)
    if debt:
        payment = drawer.pay(ctx, "refund", "account", -debt, sale_id=back, customer_id=customer_id)
        receivables.write(ctx, owed["customer_id"], sale_id, -debt, payment)
    refunding.pay_back(ctx, sale_id, back, amount - debt, method, customer_id)
    return back


def check_void(ctx: Context, sale_id: int) -> None:
    """Raise `UseReturn` if something of the sale was given back or repaid already, and what `lines`
    does: before anybody is asked whether to void it."""
    account = ctx.db.execute(
        "SELECT coalesce(sum(amount), 0) FROM payments WHERE sale_id = ? AND method = 'account'",
        (sale_id,),
    ).fetchone()[0]
    owed = ctx.db.execute("SELECT due FROM dues WHERE sale_id = ?", (sale_id,)).fetchone()
    returned = any(line.returned for line in lines(ctx, sale_id))
    if returned or account != (owed["due"] if owed else 0):
        raise UseReturn(number=sale_id)


@command("sales.void", "sales.return")
def void(ctx: Context, sale_id: int, reason: str) -> int:
    """Undo a sale as if it had not been: each payment goes back the way it came; the key of the void.

    Raises `UseReturn` if something was given back or repaid already, `ReasonNeeded`.
    """
    if not reason.strip():
        raise ReasonNeeded()
    check_void(ctx, sale_id)
    sold = lines(ctx, sale_id)
    payments = ctx.db.execute(
        "SELECT method, amount, customer_id FROM payments WHERE sale_id = ? ORDER BY id", (sale_id,)
    ).fetchall()
    back = take_back(
        ctx, "void", sale_id, [(line, line.quantity, line.total) for line in sold], reason.strip()
    )
    for paid in payments:
        payment = drawer.pay(
            ctx, "refund", paid["method"], -paid["amount"], sale_id=back,
            customer_id=paid["customer_id"],
        )  # fmt: skip
        if paid["method"] == "account":
            receivables.write(ctx, paid["customer_id"], sale_id, -paid["amount"], payment)
    parts: dict[str, int] = {}
    for paid in payments:
        if paid["method"] != "account":
            parts[paid["method"]] = parts.get(paid["method"], 0) + paid["amount"]
    refunding.keep_for_points(ctx, sale_id, back, parts, customer_of(ctx, sale_id))
    return back


def customer_of(ctx: Context, sale_id: int) -> int | None:
    """The customer of the sale, None if nobody knows them."""
    row = ctx.db.execute("SELECT customer_id FROM sales WHERE id = ?", (sale_id,)).fetchone()
    return None if row[0] is None else int(row[0])


def take_back(
    ctx: Context,
    kind: str,
    sale_id: int,
    chosen: Sequence[tuple[Left, int, int]],
    reason: str,
) -> int:
    """Write a return or void into the ledgers, within a command; its key.

    `chosen`: lines of the sale with units and rupiah that come back. The goods are on the shelf again.
    """
    sale = ctx.db.execute("SELECT * FROM sales WHERE id = ?", (sale_id,)).fetchone()
    total = -sum(refund for _, _, refund in chosen)
    before = ctx.db.execute(
        "SELECT coalesce(sum(total), 0) FROM sales WHERE of_sale = ?", (sale_id,)
    ).fetchone()[0]
    # In small parts it is the same sum.
    access.require(ctx, "sales.return", -(before + total))
    back = ctx.db.execute(
        "INSERT INTO sales (at, channel, customer_id, total, actor, kind, of_sale, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            ctx.at,
            sale["channel"],
            sale["customer_id"],
            total,
            ctx.actor.name,
            kind,
            sale_id,
            reason,
        ),
    ).fetchone()[0]
    for position, (line, quantity, refund) in enumerate(chosen, start=1):
        ctx.db.execute(
            "INSERT INTO sale_lines (sale_id, line, item_id, code, name, unit, price, quantity, total,"
            " discount, redeemed, of_line, cost)"
            # All units together give back all that points took off, whatever parts they come in.
            " SELECT :back, :at, item_id, code, name, unit, price, -:count, -:refund,"
            " :refund - price * :count,"
            " redeemed * :before / quantity - redeemed * (:before + :count) / quantity, line, cost"
            " FROM sale_lines WHERE sale_id = :sale AND line = :line",
            {
                "back": back, "at": position, "count": quantity, "refund": refund,
                "before": line.returned, "sale": sale_id, "line": line.line,
            },
        )  # fmt: skip
        catalogue.move_stock(ctx, line.item_id, quantity, kind, sale_id=back)
    _check_what_stays(ctx, sale_id)
    scores.came_back(ctx, sale_id, -total)
    points.came_back(ctx, sale_id)
    ctx.record(f"sale {sale_id}", None, {kind: back, "total": total, "reason": reason})
    ctx.changed("sales", back)
    ctx.changed("sales", sale_id)
    return int(back)


def _check_what_stays(ctx: Context, sale_id: int) -> None:
    """Refuse, within a command, what makes a discount that somebody gave a larger part of what stays
    sold than the actor may give: dear goods beside cheap ones would lift any ceiling."""
    row = ctx.db.execute(
        "SELECT rupiah, count(*) AS lines, sum(price * quantity) AS left,"
        " sum(sale_lines.discount) AS off,"
        " sum(CASE WHEN sales.id = :sale THEN price * quantity END) AS gross FROM given_discounts"
        " JOIN sales ON sales.id = :sale OR of_sale = :sale JOIN sale_lines ON sale_lines.sale_id ="
        " sales.id WHERE given_discounts.sale_id = :sale",
        {"sale": sale_id},
    ).fetchone()
    if row["rupiah"] is None or not row["left"]:
        return
    off, then = min(row["rupiah"], row["off"]), money.part(row["rupiah"], row["gross"])
    # Each line's share was rounded to a rupiah.
    if off > money.share(row["left"], then) + row["lines"]:
        access.require(ctx, "sales.discount", money.part(off, row["left"]))
