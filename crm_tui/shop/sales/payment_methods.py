"""The ways to pay, and the parts of a payment."""

from collections.abc import Mapping
from dataclasses import dataclass

from crm_tui.errors import N_
from crm_tui.shop.gate import money
from crm_tui.shop.gate.errors import BadInput
from crm_tui.shop.gate.money import rupiah


@dataclass(frozen=True)
class Method:
    """A way to pay: its word on the screens, and the one on the customer's receipt. `counted`: it is
    counted when the drawer is closed; what is owed is in the receivables."""

    word: str
    on_receipt: str
    counted: bool = True


METHODS: Mapping[str, Method] = {
    "cash": Method(N_("cash"), "Tunai"),
    "qris": Method("QRIS", "QRIS"),
    "transfer": Method(N_("transfer"), "Transfer"),
    "account": Method(N_("on account"), "Utang", counted=False),
}
"""By the name that the store has for it."""
COUNTED = tuple(name for name, method in METHODS.items() if method.counted)


@dataclass(frozen=True)
class Paid:
    """A part of the payment, in rupiah; `received`: the notes that were handed over, if cash."""

    method: str
    amount: int
    received: int | None = None


class StillMissing(BadInput):
    text = N_("{amount} is still missing. Choose how it is paid.")


class CashCovers(BadInput):
    text = N_("The cash covers it already.")


def parts(total: int, typed: str, rest: str | None = None, step: int = 0) -> list[Paid]:
    """How `total` rupiah are paid: with the cash that was `typed`, and what it leaves by another way
    (`rest`); where neither is said, exactly in cash, which is rounded to `step` rupiah.

    Raises `BadMoney`, `StillMissing`, `CashCovers`.
    """
    if not total:
        return []
    whole = money.in_coins(total, step)
    received = money.parsed(typed) if typed.strip() else 0 if rest else whole
    if received >= whole and (typed.strip() or not rest):
        if rest:
            raise CashCovers()
        # What is rounded down is paid wholly, too.
        return [Paid("cash", total, received)]
    if rest is None:
        raise StillMissing(amount=rupiah(whole - received))
    left = Paid(rest, total - min(received, total))
    return [Paid("cash", received, received), left] if received else [left]
