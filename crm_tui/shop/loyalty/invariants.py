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
        "points_whose",
        N_("points are in another customer's name than they came in"),
        "WITH given AS MATERIALIZED (SELECT at, subject FROM audit"
        "  WHERE command IN ('loyalty.give_points', 'points.give'))"
        " SELECT point_lots.id FROM point_lots JOIN sales ON sales.id = point_lots.sale_id"
        " WHERE point_lots.customer_id IS NOT sales.customer_id"
        " UNION ALL SELECT point_lots.id FROM point_moves JOIN point_lots ON point_lots.id = lot_id"
        " WHERE kind = 'gift' AND NOT EXISTS (SELECT 1 FROM given WHERE given.at = point_moves.at"
        "  AND subject = 'customer ' || point_lots.customer_id)",
    ),
    Invariant(
        "tiers",
        N_("a customer is not in the tier that was given last"),
        "SELECT customer_id FROM members WHERE tier_id IS NOT (SELECT tier_id FROM tier_changes"
        " WHERE tier_changes.customer_id = members.customer_id ORDER BY id DESC LIMIT 1)",
    ),
)
