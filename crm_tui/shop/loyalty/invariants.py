"""What must agree about points and tiers."""

from crm_tui.errors import N_
from crm_tui.shop.gate.consistency import Invariant

INVARIANTS = (
    Invariant(
        "points",
        N_("the points of a customer are not what their moves say"),
        "SELECT id FROM point_lots LEFT JOIN (SELECT lot_id, sum(points) AS moved FROM point_moves"
        " GROUP BY lot_id) ON lot_id = id WHERE rest < 0 OR rest <> coalesce(moved, 0)",
    ),
    Invariant(
        "tiers",
        N_("a customer is not in the tier that was given last"),
        "SELECT customer_id FROM members WHERE tier_id IS NOT (SELECT tier_id FROM tier_changes"
        " WHERE tier_changes.customer_id = members.customer_id ORDER BY id DESC LIMIT 1)",
    ),
)
