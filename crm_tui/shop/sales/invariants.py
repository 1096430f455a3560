"""What must agree about money. Sales of an old book have lines and payments that nobody knows."""

from crm_tui.errors import N_
from crm_tui.shop.gate.consistency import Invariant

INVARIANTS = (
    Invariant(
        "lines",
        N_("a line of a sale is not its price times its quantity"),
        # A line of an old book has a total, and the price that it had on average.
        "SELECT sale_id FROM sale_lines WHERE total <> price * quantity - discount"
        " AND (SELECT import_id FROM sales WHERE id = sale_id) IS NULL",
    ),
    Invariant(
        "sales",
        N_("the total of a sale is not that of its lines"),
        "SELECT sales.id FROM sales LEFT JOIN (SELECT sale_id, sum(total) AS lines FROM sale_lines"
        " GROUP BY sale_id) AS told ON sale_id = sales.id"
        " WHERE import_id IS NULL AND total <> coalesce(lines, 0)",
    ),
    Invariant(
        "payments",
        N_("the total of a sale is not what was paid for it"),
        "SELECT sales.id FROM sales LEFT JOIN (SELECT sale_id, sum(amount) AS paid FROM payments"
        " WHERE sale_id IS NOT NULL GROUP BY sale_id) AS told ON sale_id = sales.id"
        " WHERE import_id IS NULL AND total <> coalesce(paid, 0)",
    ),
    Invariant(
        "dues",
        N_("what is still owed for a sale is not what its ledger says"),
        "SELECT dues.sale_id FROM dues LEFT JOIN (SELECT sale_id, sum(amount) AS owed, customer_id,"
        " min(id) FROM receivables GROUP BY sale_id) AS told ON told.sale_id = dues.sale_id"
        " WHERE due <> coalesce(owed, 0) OR dues.customer_id IS NOT told.customer_id",
    ),
    Invariant(
        "goods",
        N_("the goods of a sale are not those that left the shelf"),
        "SELECT sales.id FROM sales JOIN (SELECT sale_id, sum(quantity) AS sold FROM sale_lines"
        " GROUP BY sale_id) AS lines ON lines.sale_id = sales.id"
        " LEFT JOIN (SELECT sale_id, sum(quantity) AS moved FROM stock_moves"
        " WHERE sale_id IS NOT NULL GROUP BY sale_id) AS moves ON moves.sale_id = sales.id"
        " WHERE import_id IS NULL AND sold <> -coalesce(moved, 0)",
    ),
    Invariant(
        "handed_out",
        N_("an order was handed out and not sold, or sold and not handed out"),
        "SELECT orders.id FROM orders LEFT JOIN sales ON order_id = orders.id AND kind = 'sale'"
        " WHERE (status = 'collected') <> (sales.id IS NOT NULL)",
    ),
    Invariant(
        "drawers",
        N_("a drawer that was closed does not say what its payments say"),
        "SELECT drawer_counts.drawer_id FROM drawer_counts JOIN drawers"
        " ON drawers.id = drawer_counts.drawer_id"
        " LEFT JOIN (SELECT drawer_id, method, sum(amount) AS paid FROM payments"
        " GROUP BY drawer_id, method) AS told ON told.drawer_id = drawer_counts.drawer_id"
        " AND told.method = drawer_counts.method WHERE expected <>"
        " (CASE drawer_counts.method WHEN 'cash' THEN float ELSE 0 END) + coalesce(paid, 0)",
    ),
    Invariant(
        "float",
        N_("the cash that the last drawer left is not what the next one begins with"),
        # Once that one is closed the books have gone on with what was in it.
        "SELECT last.id FROM (SELECT id, (SELECT json_extract(after, '$.left') FROM audit"
        "  WHERE command = 'sales.close_drawer' AND subject = 'drawer ' || drawers.id"
        "  ORDER BY audit.id DESC LIMIT 1) AS told FROM drawers WHERE closed_at IS NOT NULL"
        "  ORDER BY id DESC LIMIT 1) AS last WHERE told <> coalesce("
        " (SELECT float FROM drawers WHERE closed_at IS NULL),"
        " (SELECT value FROM counters WHERE name = 'drawer float'))",
    ),
)
