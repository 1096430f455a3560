"""What must agree about goods."""

from crm_tui.errors import N_
from crm_tui.shop.gate.consistency import Invariant

INVARIANTS = (
    Invariant(
        "stock",
        N_("the stock of an item is not what its moves say"),
        "SELECT item_id FROM stock LEFT JOIN (SELECT item_id, sum(quantity) AS moved"
        " FROM stock_moves GROUP BY item_id) USING (item_id) WHERE on_hand <> coalesce(moved, 0)",
    ),
    Invariant(
        "reserved",
        N_("the reserved pieces of an item are not those of its orders"),
        "SELECT item_id FROM stock LEFT JOIN (SELECT item_id, sum(quantity) AS kept"
        " FROM reservations GROUP BY item_id) USING (item_id) WHERE reserved <> coalesce(kept, 0)",
    ),
    Invariant(
        "prices",
        N_("the price of an item is not the last one that was written"),
        "SELECT id FROM items WHERE price IS NOT (SELECT after FROM price_changes"
        " WHERE item_id = items.id ORDER BY id DESC LIMIT 1)",
    ),
    Invariant(
        "costs",
        N_("the cost of an item is not the last one that was written"),
        "SELECT id FROM items WHERE cost IS NOT (SELECT after FROM cost_changes"
        " WHERE item_id = items.id ORDER BY id DESC LIMIT 1)",
    ),
    Invariant(
        "turns",
        N_("whether an item is on sale is not what was written last"),
        "SELECT id FROM items WHERE active <> (SELECT active FROM sale_turns"
        " WHERE item_id = items.id ORDER BY id DESC LIMIT 1)",
    ),
)
