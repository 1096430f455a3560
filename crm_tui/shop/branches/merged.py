"""What counts in other branches when two customers turn out to be one person, and back.

A STOP that was heard from another branch counts here for all numbers of whoever it is; the others
know of none but those that it was said for. So it is said anew for all of them, as one is that was
said here.
"""

from crm_tui.shop.branches import identity
from crm_tui.shop.customers import merging, people
from crm_tui.shop.gate.context import CHAIN, Context


def _joined(ctx: Context, kept_id: int, gone_id: int) -> object:
    """Whether a STOP was said anew: where who is gone had none, the kept customer's counts by now, and
    no word of it was written (`merging.merge` writes one the other way round)."""
    heard = ctx.db.execute(
        "SELECT 1 FROM customers AS kept, customers AS gone WHERE kept.id = ? AND gone.id = ?"
        " AND kept.consent = 'stopped' AND gone.consent <> 'stopped' AND EXISTS (SELECT 1 FROM stops"
        "   WHERE branch > 0 AND lifted = 0"
        "   AND phone IN (SELECT number FROM phones WHERE customer_id = kept.id))",
        (kept_id, gone_id),
    ).fetchone()
    if heard is None or ctx.actor == CHAIN or identity.own(ctx) is None:
        return False
    people.write_consent(ctx, kept_id, "stopped", f"merged with {gone_id}")
    return True


def _parted(ctx: Context, kept_id: int, gone_id: int, moved: object) -> None:
    """The one who said yes goes on with it: that lifts what was said anew, and nothing else."""
    if moved and people.by_id(ctx, gone_id).consent == "yes":
        people.write_consent(ctx, gone_id, "yes", "merge undone")


merging.follow(_joined, _parted)
