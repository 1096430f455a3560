"""How a sale is paid: in parts, by several ways, some of it on account."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.sales import drawer, receivables
from crm_tui.shop.sales.errors import AccountNeedsCustomer, NotEnoughCash, PaymentWrong


@dataclass(frozen=True)
class Paid:
    """A part of the payment, in rupiah; `received`: the notes that were handed over, if cash."""

    method: str
    amount: int
    received: int | None = None


def settle(
    ctx: Context, sale_id: int, customer_id: int | None, total: int, paid: Sequence[Paid]
) -> None:
    """Write how a sale was paid, within its command."""
    if sum(each.amount for each in paid) != total or any(each.amount < 1 for each in paid):
        raise PaymentWrong(paid=rupiah(sum(each.amount for each in paid)), total=rupiah(total))
    for each in paid:
        assert each.method in drawer.METHODS, each.method
        if each.received is not None and each.received < each.amount:
            raise NotEnoughCash(received=rupiah(each.received), amount=rupiah(each.amount))
        payment = drawer.pay(
            ctx, "sale", each.method, each.amount, received=each.received, sale_id=sale_id,
            customer_id=customer_id,
        )  # fmt: skip
        if each.method == "account":
            access.require(ctx, "sales.credit")
            if customer_id is None:
                raise AccountNeedsCustomer()
            receivables.charge(ctx, customer_id, sale_id, each.amount, payment)
