"""Writing how a sale is paid: in parts, by several ways, some of it on account."""

from collections.abc import Sequence

from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.sales import drawer, payment_methods, receivables, rounding
from crm_tui.shop.sales.errors import (
    AccountNeedsCustomer,
    NotEnoughCash,
    PaidTooLittle,
    PaidTooMuch,
    PartTooSmall,
)
from crm_tui.shop.sales.payment_methods import Paid


def settle(
    ctx: Context, sale_id: int, customer_id: int | None, total: int, paid: Sequence[Paid]
) -> None:
    """Write how a sale was paid, within its command."""
    if any(part.amount < 1 for part in paid):
        raise PartTooSmall()
    excess = sum(part.amount for part in paid) - total
    if excess < 0:
        raise PaidTooLittle(missing=rupiah(-excess))
    if excess > 0:
        raise PaidTooMuch(paid=rupiah(total + excess), excess=rupiah(excess))
    # In small parts it is the same sum.
    on_account = sum(part.amount for part in paid if part.method == "account")
    for part in paid:
        assert part.method in payment_methods.METHODS, part.method
        # Where some is paid another way, that takes the small coins.
        whole = part.method == "cash" and part.amount == total
        off = rounding.of(ctx, total) if whole else 0
        if part.received is not None and part.received < part.amount + off:
            raise NotEnoughCash(received=rupiah(part.received), amount=rupiah(part.amount + off))
        payment = drawer.pay(
            ctx, "sale", part.method, part.amount, received=part.received, sale_id=sale_id,
            customer_id=customer_id,
        )  # fmt: skip
        rounding.write(ctx, sale_id, off)
        if part.method == "account":
            # What nobody can permit comes first: no second person is asked in vain.
            if customer_id is None:
                raise AccountNeedsCustomer()
            receivables.check_limit(ctx, customer_id, part.amount)
            access.require(ctx, "sales.credit", on_account)
            receivables.charge(ctx, customer_id, sale_id, part.amount, payment)
