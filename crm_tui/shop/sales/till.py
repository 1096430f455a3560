"""The till: a sale at the counter, whole or not at all."""

from collections import Counter
from collections.abc import Mapping, Sequence

from crm_tui.errors import N_
from crm_tui.shop.customers import people
from crm_tui.shop.gate import access, money
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadQuantity, DiscountTooLarge, RuleBroken
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import ItemGone, NotEnoughStock
from crm_tui.shop.loyalty import points, tiers
from crm_tui.shop.loyalty.settings import POINT_VALUE
from crm_tui.shop.promos import pricing
from crm_tui.shop.sales import ledger, payment_entries, unfinished
from crm_tui.shop.sales.cart import Sold
from crm_tui.shop.sales.errors import CartEmpty, PriceChanged
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.sales.settings import ROUNDING


@command("sales.sell", "sales.sell")
def sell(
    ctx: Context,
    lines: Sequence[Sold],
    paid: Sequence[Paid],
    customer_id: int | None = None,
    *,
    spent: int = 0,
    place: int | None = None,
) -> int:
    """Sell at the counter; the key of the sale. What stood open at `place` is done with it.

    Discounts beyond a promo's, the tier's and `spent` points', points themselves, sales on account and
    sales beyond the books need their permissions too. Raises `CartEmpty`, `PriceChanged`, `OfferOver`,
    `ItemGone`, `NotEnoughStock`, `PaidTooLittle`, `PaidTooMuch`, `PartTooSmall`, `NotEnoughCash`,
    `AccountNeedsCustomer`, `OverLimit`, `NotEnoughPoints`, `DiscountTooLarge`, `PointsWorthOther`.
    """
    if not lines:
        raise CartEmpty()
    if customer_id is not None:
        customer_id = people.by_id(ctx, customer_id).id
    items = catalogue.by_ids(ctx, [line.item_id for line in lines])
    wanted: Counter[int] = Counter()
    for line in lines:
        wanted[line.item_id] += line.quantity
        _check(ctx, line, items[line.item_id], wanted[line.item_id])
    sold = [(items[line.item_id], line.quantity, line.discount) for line in lines]
    given = _check_discounts(ctx, lines, customer_id, spent)
    redeemed = [line.redeemed for line in lines] if spent else []
    sale_id = ledger.write(ctx, "counter", customer_id, sold, spent=spent, redeemed=redeemed)
    if given:
        ctx.db.execute("INSERT INTO given_discounts VALUES (?, ?)", (sale_id, given))
    payment_entries.settle(ctx, sale_id, customer_id, sum(line.total for line in lines), paid)
    unfinished.forget(ctx, place)
    return sale_id


class OfferOver(RuleBroken):
    text = N_(
        "{code} costs {now} now. Look at the sale again: an offer is over, or another buyer is."
    )


class PointsWorthOther(RuleBroken):
    text = N_(
        "These points take {covered} off, and not {counted}. Begin the payment again: what a point is "
        "worth may have been changed."
    )


def check_discounts(
    ctx: Context, lines: Sequence[Sold], customer_id: int | None, spent: int = 0
) -> None:
    """Whether the actor may sell with these discounts, so that it is known before the money is taken.
    Raises `OfferOver`, `NotAllowed`, `AboveCeiling`, `PointsWorthOther`."""
    _check_discounts(ctx, lines, customer_id, spent)


def _check_discounts(
    ctx: Context, lines: Sequence[Sold], customer_id: int | None, spent: int
) -> int:
    """Refuse discounts that neither an offer nor points nor the seller's right accounts for; what the
    seller gives, in rupiah."""
    off = pricing.off(ctx, [line.item_id for line in lines], customer_id)
    free = sum(max(0, line.discount - off.get(line.item_id, 0) * line.quantity) for line in lines)
    covered = points.worth(ctx, spent)
    if spent and (customer_id is None or covered > sum(line.discount for line in lines)):
        least = sum(line.discount for line in lines)
        raise DiscountTooLarge(discount=rupiah(covered), amount=rupiah(least))
    off_by_points = sum(line.redeemed for line in lines)
    if spent and off_by_points != covered:
        # Reports would tell what the seller gave as points, or the other way round.
        raise PointsWorthOther(covered=rupiah(covered), counted=rupiah(off_by_points))
    for line in lines:
        # What was offered when the line was typed is offered no more.
        if off.get(line.item_id, 0) < line.offer:
            item = catalogue.by_id(ctx, line.item_id)
            now = item.price - off.get(item.id, 0)
            raise OfferOver(code=item.code, now=rupiah(now))
    if spent:
        access.require(ctx, "sales.points")
    given = max(0, free - covered)
    if given:
        access.require(ctx, "sales.discount", money.part(given, _gross(lines)))
    return given


def _gross(lines: Sequence[Sold]) -> int:
    return sum(line.price * line.quantity for line in lines)


def _check(ctx: Context, line: Sold, item: catalogue.Item, wanted: int) -> None:
    """`wanted`: units of the item in all lines up to this one."""
    if line.quantity < 1:
        raise BadQuantity(quantity=line.quantity)
    if not item.active:
        raise ItemGone(code=item.code)
    if item.price != line.price:
        raise PriceChanged(code=item.code, now=rupiah(item.price), seen=rupiah(line.price))
    if not 0 <= line.discount <= line.price * line.quantity:
        raise DiscountTooLarge(
            discount=rupiah(line.discount), amount=rupiah(line.price * line.quantity)
        )
    if not 0 <= line.redeemed <= line.discount:
        raise DiscountTooLarge(discount=rupiah(line.redeemed), amount=rupiah(line.discount))
    if wanted > item.available:
        if not access.allowed(ctx, "sales.oversell"):
            raise NotEnoughStock(code=item.code, available=item.available, wanted=wanted)
        # Somebody shall look at what is really there.
        ctx.db.execute("UPDATE items SET recount = 1 WHERE id = ? AND recount = 0", (item.id,))
        ctx.changed("items", item.id)


def standing(ctx: Context, customer_id: int) -> tuple[int, int, str]:
    """The buyer's points, what each is worth in rupiah, and the name of the buyer's tier."""
    return points.balance(ctx, customer_id), POINT_VALUE(ctx), tiers.name_of(ctx, customer_id)


def offers(
    ctx: Context, items: Sequence[int], customer_id: int | None
) -> tuple[Mapping[int, int], int]:
    """What is taken off a unit, in rupiah by item key, and what cash is rounded to."""
    return pricing.off(ctx, items, customer_id), ROUNDING(ctx)
