"""The tiers that customers have in the whole chain."""

from collections.abc import Mapping

from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import tiers


@tiers.given
def _by_the_office(ctx: Context) -> Mapping[int, str]:
    """The tier that each customer here has in the whole chain, by name."""
    rows = ctx.db.execute(
        "SELECT kept_id, standings_elsewhere.tier FROM standings_elsewhere"
        " JOIN phones ON number = phone JOIN kept ON kept.id = phones.customer_id"
        " WHERE standings_elsewhere.tier <> ''"
    )
    return {int(row[0]): str(row[1]) for row in rows}
