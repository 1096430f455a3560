"""What a restored backup means for a branch that was closed or let in no more since: it spends no
points until the head office has let it in, for others may have them.
"""

from crm_tui.clock import stamp
from crm_tui.shop.branches import identity
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import points


def has_ended(now: Context, backup: Context) -> bool:
    """Whether the backup is of a branch that this shop is no more, or spends no points of."""
    before, here = identity.own(backup), identity.own(now)
    if before is None:
        return False
    return here != before or points.kept_back(now) is not None


def end_again(ctx: Context) -> None:
    """Spend none, within a command, until a round has come to its end."""
    ctx.db.execute("UPDATE chain SET told = json_set(told, '$.refused', ?)", (stamp(ctx.now),))
