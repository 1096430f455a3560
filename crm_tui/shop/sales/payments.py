"""The ways to pay, and a part of a payment."""

from collections.abc import Mapping
from dataclasses import dataclass

from crm_tui.errors import N_


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
    "account": Method(N_("on account"), "Tempo", counted=False),
}
"""By the name that the store has for it."""
COUNTED = tuple(name for name, method in METHODS.items() if method.counted)


@dataclass(frozen=True)
class Paid:
    """A part of the payment, in rupiah; `received`: the notes that were handed over, if cash."""

    method: str
    amount: int
    received: int | None = None
