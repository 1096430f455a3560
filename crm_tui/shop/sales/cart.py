"""A sale while it is put together: lines, discounts, sums. Pure; the till writes it down."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crm_tui.shop.gate import money
from crm_tui.shop.gate.errors import BadQuantity, DiscountTooLarge
from crm_tui.shop.gate.money import NO_DISCOUNT, Discount, rupiah

MOST = 10**6


@dataclass(frozen=True)
class CartLine:
    """So many units of an item at a price in rupiah, less a discount on the line."""

    item_id: int
    code: str
    name: str
    unit: str
    price: int
    quantity: int
    discount: Discount = NO_DISCOUNT
    offer: int = 0
    """Rupiah a unit that a promo, or the buyer's tier, takes off: the better of it and `discount`
    counts."""

    @property
    def gross(self) -> int:
        return self.price * self.quantity

    @property
    def own_discount(self) -> int:
        return max(self.discount.of(self.gross), min(self.gross, self.offer * self.quantity))


@dataclass(frozen=True)
class Sold:
    """A line as it is sold: `discount` in rupiah holds its share of the whole sale's as well."""

    item_id: int
    price: int
    quantity: int
    discount: int = 0
    offer: int = 0
    """Rupiah a unit that an offer was counted on for."""
    redeemed: int = 0
    """Rupiah of the discount that points took off."""

    @property
    def total(self) -> int:
        return self.price * self.quantity - self.discount


@dataclass(frozen=True)
class Cart:
    """Lines, a discount on the whole of them, and rupiah that points take off."""

    lines: tuple[CartLine, ...] = ()
    discount: Discount = NO_DISCOUNT
    redeemed: int = 0

    def offered(self, off: Mapping[int, int]) -> "Cart":
        """With what offers take off a unit, by item key."""
        lines = tuple(replace(line, offer=off.get(line.item_id, 0)) for line in self.lines)
        return replace(self, lines=lines)

    def redeeming(self, rupiah: int) -> "Cart":
        """With rupiah that points take off. Raises `DiscountTooLarge`."""
        total = replace(self, redeemed=0).total
        if rupiah > total:
            raise DiscountTooLarge(discount=money.rupiah(rupiah), amount=money.rupiah(total))
        return replace(self, redeemed=rupiah)

    def put(self, line: CartLine) -> "Cart":
        """With more of an item; a second scan of it is one more of the same line."""
        for at, there in enumerate(self.lines):
            if there.item_id == line.item_id:
                more = replace(there, quantity=there.quantity + line.quantity, price=line.price)
                return self._with(at, more)
        return replace(self, lines=(*self.lines, _checked(line)))

    def change(self, item_id: int, quantity: int) -> "Cart":
        """With another quantity of an item; 0 takes it out. Raises `BadQuantity`."""
        if quantity == 0:
            left = tuple(line for line in self.lines if line.item_id != item_id)
            return replace(self, lines=left)
        at = self.place(item_id)
        return self._with(at, replace(self.lines[at], quantity=quantity))

    def discounted(self, discount: Discount, item_id: int | None = None) -> "Cart":
        """With a discount on an item's line, or on the whole. Raises `DiscountTooLarge`."""
        if item_id is None:
            amount = sum(line.gross - line.own_discount for line in self.lines)
            if discount.amount > amount:
                raise DiscountTooLarge(discount=rupiah(discount.amount), amount=rupiah(amount))
            return replace(self, discount=discount)
        at = self.place(item_id)
        if discount.amount > self.lines[at].gross:
            raise DiscountTooLarge(
                discount=rupiah(discount.amount), amount=rupiah(self.lines[at].gross)
            )
        return self._with(at, replace(self.lines[at], discount=discount))

    def place(self, item_id: int) -> int:
        """Which of the lines, from 0, is the item's, which is there."""
        return next(at for at, line in enumerate(self.lines) if line.item_id == item_id)

    def _with(self, at: int, line: CartLine) -> "Cart":
        lines = (*self.lines[:at], _checked(line), *self.lines[at + 1 :])
        return replace(self, lines=lines)

    def sold(self) -> list[Sold]:
        """The lines with all discounts in rupiah; a percentage of the whole is taken a line at a
        time, an amount is divided in proportion."""
        left = [line.gross - line.own_discount for line in self.lines]
        if self.discount.part:
            shares = [money.share(amount, self.discount.part) for amount in left]
        else:
            shares = money.spread(min(self.discount.amount, sum(left)), left)
        left = [amount - share for amount, share in zip(left, shares, strict=True)]
        taken = money.spread(min(self.redeemed, sum(left)), left)
        return [
            Sold(
                line.item_id, line.price, line.quantity, line.own_discount + share + points,
                line.offer, points,
            )
            for line, share, points in zip(self.lines, shares, taken, strict=True)
        ]  # fmt: skip

    @property
    def total(self) -> int:
        """What is to be paid, in rupiah."""
        return sum(line.total for line in self.sold())

    @property
    def saved(self) -> int:
        """All discounts together, in rupiah."""
        return sum(line.discount for line in self.sold())


def _checked(line: CartLine) -> CartLine:
    if not 1 <= line.quantity <= MOST:
        raise BadQuantity(quantity=line.quantity)
    return line
