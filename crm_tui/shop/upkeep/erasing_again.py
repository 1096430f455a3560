"""What a restored backup means for customers who were erased since: they are erased again."""

from collections.abc import Iterable

from crm_tui.shop.customers.errors import CustomerUnknown
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import Context
from crm_tui.shop.upkeep import privacy


def erase_again(ctx: Context, customers: Iterable[int]) -> int:
    """Erase these customers once more, within a command that restores; how many could not be, for
    something is open with them in the backup. The audit has both."""
    left = 0
    for each in customers:
        with part(ctx, "upkeep.erase"):
            try:
                privacy.erase_at_once(ctx, each)
            except CustomerUnknown:
                continue
            except privacy.CustomerStillOpen:
                left += 1
                ctx.record(f"customer {each}", None, {"erased": False})
    return left
