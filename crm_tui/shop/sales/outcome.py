"""What is to be handed over now that something was written: change, or money that goes back."""

from dataclasses import dataclass
from datetime import date

from crm_tui.clock import moment
from crm_tui.shop.gate.context import Context
from crm_tui.shop.sales import receivables, refunding, rounding


@dataclass(frozen=True)
class Outcome:
    """A sale, return or void as it was settled; rupiah.

    `change`: what the customer gets back of the notes. `back`: what goes back by way of paying, for a
    return or a void, less what is kept for points that were spent. `paid`: the parts of a sale's
    payment, by way of paying.
    """

    number: int
    kind: str
    total: int
    change: int
    paid: tuple[tuple[str, int], ...]
    back: tuple[tuple[str, int], ...]
    pay_by: date | None = None
    """The day by which is to be paid what is owed for it."""

    @property
    def owed(self) -> int:
        """What was put on account of a sale."""
        return sum(amount for method, amount in self.paid if method == "account")

    @property
    def cash_back(self) -> int:
        """What is taken out of the drawer for a return or a void."""
        return sum(amount for method, amount in self.back if method == "cash")


def of(ctx: Context, sale_id: int) -> Outcome:
    """How the sale with this key, which is there, was settled."""
    kind, total, at = ctx.db.execute(
        "SELECT kind, total, at FROM sales WHERE id = ?", (sale_id,)
    ).fetchone()
    rows = ctx.db.execute(
        "SELECT method, amount, received FROM payments WHERE sale_id = ? ORDER BY id",
        (sale_id,),
    ).fetchall()
    off = rounding.of_sale(ctx, sale_id)
    kept = refunding.kept_for_points(ctx, sale_id)
    paid, back, change = [], [], 0
    for row in rows:
        due = row["amount"] + (off if row["method"] == "cash" else 0)
        if row["amount"] < 0:
            back.append((row["method"], -due - kept.pop(row["method"], 0)))
            continue
        received = due if row["received"] is None else row["received"]
        paid.append((row["method"], received))
        change += received - due
    day = receivables.pay_by(moment(at), receivables.term(ctx))
    return Outcome(sale_id, kind, total, change, tuple(paid), tuple(back), day)
