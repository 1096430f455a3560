"""What must agree about goods that travel."""

from crm_tui.errors import N_
from crm_tui.shop.gate.consistency import Invariant

INVARIANTS = (
    Invariant(
        "transfers_out",
        N_("the goods of a transfer are not those that left the stock"),
        "SELECT id FROM transfers WHERE (SELECT sum(quantity) FROM transfer_lines WHERE transfer_id"
        " = transfers.id) IS NOT (SELECT -sum(quantity) FROM stock_moves WHERE document_id ="
        " transfers.document_id)",
    ),
    Invariant(
        "transfers_in",
        N_("the goods of a transfer are not those that came into the stock"),
        "SELECT id FROM transfer_receipts WHERE (SELECT coalesce(sum(arrived), 0) FROM"
        " transfer_receipt_lines WHERE receipt_id = transfer_receipts.id) <> (SELECT"
        " coalesce(sum(quantity), 0) FROM stock_moves WHERE document_id ="
        " transfer_receipts.document_id)",
    ),
    Invariant(
        "points_in",
        N_("the points that came from other branches are not those that were written in"),
        "SELECT 1 WHERE (SELECT coalesce(sum(points), 0) FROM point_arrivals) <>"
        " (SELECT coalesce(sum(points), 0) FROM point_moves WHERE kind = 'moved_in')",
    ),
    Invariant(
        "points_lent",
        N_("the points that are lent are not what was lent less what was repaid"),
        "SELECT 1 WHERE (SELECT coalesce(sum(owed), 0) FROM point_loans) <>"
        " (SELECT coalesce(sum(points), 0) FROM point_moves WHERE kind IN ('lent', 'repaid'))",
    ),
)
