"""The lists of transfers, and of what other branches have."""

from crm_tui.errors import N_
from crm_tui.shop.branches.identity import EPOCH
from crm_tui.shop.gate.listing import Listing, Part, Sort

# Out and in are numbered apart: an even key is a transfer of this branch, an odd one an arrival.
_BOTH = (
    "(SELECT transfers.id * 2 AS id, 0 AS incoming, transfers.id AS number, transfers.at,"  # noqa: S608
    " to_branch AS branch, transfers.note, ends.at AS ended_at,"
    " (SELECT count(*) FROM transfer_lines WHERE transfer_id = transfers.id) AS lines,"
    " (SELECT sum(quantity) FROM transfer_lines WHERE transfer_id = transfers.id) AS pieces,"
    " (SELECT total(json_extract(value, '$[1]')) FROM json_each(ends.lines)) AS arrived"
    " FROM transfers LEFT JOIN transfer_ends AS ends ON ends.transfer_id = transfers.id"
    f" AND ends.epoch >= {EPOCH.format(table='transfers')}"
    " UNION ALL SELECT arrivals.id * 2 + 1, 1, arrivals.from_id, sent_at, arrivals.from_branch,"
    " arrivals.note,"
    " transfer_receipts.at,"
    " (SELECT count(*) FROM arrival_lines WHERE arrival_id = arrivals.id),"
    " (SELECT sum(quantity) FROM arrival_lines WHERE arrival_id = arrivals.id),"
    " (SELECT total(arrived) FROM arrival_lines WHERE arrival_id = arrivals.id)"
    " FROM arrivals LEFT JOIN transfer_receipts ON transfer_receipts.id = receipt_id) AS moves"
)

TRANSFERS = Listing(
    columns=(
        "moves.id AS row, incoming, number, moves.at, branch,"
        " coalesce(name, '#' || branch) AS name, note, ended_at, lines, pieces,"
        " CAST(arrived AS INTEGER) AS arrived"
    ),
    source=f"{_BOTH} LEFT JOIN branch_names USING (branch)",
    id="moves.id",
    sorts={
        "newest": Sort(N_("newest first"), "moves.at", descending=True),
        "oldest": Sort(N_("oldest first"), "moves.at"),
    },
    parts={
        "coming": Part(N_("Coming to us"), "incoming AND ended_at IS NULL"),
        "sent": Part(N_("Ours on the way"), "NOT incoming AND ended_at IS NULL"),
        "differs": Part(N_("Differences"), "ended_at IS NOT NULL AND arrived <> pieces"),
        "all": Part(N_("All"), ""),
    },
    search=("coalesce(name, '')", "note", "CAST(number AS TEXT)"),
)


STOCK_THERE = Listing(
    columns=(
        "items.id AS item_id, code, items.name, unit, on_hand - reserved AS here,"
        " (SELECT coalesce(sum(available), 0) FROM stock_elsewhere AS there WHERE there.code_key ="
        " items.code_key) AS elsewhere, (SELECT count(*) FROM stock_elsewhere AS there WHERE"
        " there.code_key = items.code_key AND available > 0) AS branches,"
        " (SELECT max(at) FROM stock_elsewhere AS there WHERE there.code_key = items.code_key) AS at"
    ),
    source="items JOIN stock ON stock.item_id = items.id",
    id="items.id",
    sorts={
        "code": Sort(N_("by code"), "code"),
        "name": Sort(N_("by name"), "items.name"),
    },
    parts={
        "all": Part(N_("Items"), "active = 1"),
        "out": Part(
            N_("Out here, elsewhere there"),
            "active = 1 AND on_hand <= reserved AND EXISTS (SELECT 1 FROM stock_elsewhere AS there"
            " WHERE there.code_key = items.code_key AND available > 0)",
        ),
    },
    search=("code", "items.code_key", "items.name", "other_names", "barcode"),
)


# :arrival names the transfer that is looked at.
ARRIVAL_LINES = Listing(
    columns="line, code, name, unit, quantity, arrived, broken",
    source="arrival_lines",
    id="line",
    sorts={"line": Sort(N_("as sent"), "line")},
    parts={
        "all": Part(N_("All"), "arrival_id = :arrival"),
        "open": Part(N_("Not yet"), "arrival_id = :arrival AND arrived IS NULL"),
        "differs": Part(
            N_("Differences"), "arrival_id = :arrival AND (arrived <> quantity OR broken)"
        ),
    },
    search=("code", "name"),
)


BRANCHES = Listing(
    columns=(
        "branch AS number, name, closed_at,"
        " EXISTS (SELECT 1 FROM chain WHERE chain.branch = branch_names.branch) AS own"
    ),
    source="branch_names",
    id="branch",
    sorts={"name": Sort(N_("by name"), "name")},
    parts={
        "open": Part(N_("Open ones"), "closed_at IS NULL"),
        "closed": Part(N_("Closed ones"), "closed_at IS NOT NULL"),
    },
    search=("name", "CAST(branch AS TEXT)"),
)
