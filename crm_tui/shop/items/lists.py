"""The lists of items, of their moves, and of a count."""

from crm_tui.errors import N_
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.items import spelling

ITEMS = Listing(
    columns=(
        "items.id AS item_id, code, items.name, unit, price, on_hand, reserved,"
        " max(0, on_hand - reserved) AS available"
    ),
    source="items JOIN stock ON stock.item_id = items.id",
    id="items.id",
    sorts={
        "code": Sort(N_("by code"), "code"),
        "name": Sort(N_("by name"), "items.name"),
        "price": Sort(N_("by price"), "price"),
    },
    parts={"active": Part(N_("Items"), "active = 1")},
    search=("code", "code_key", "items.name", "other_names", "barcode"),
    spelling=spelling.nearest,
)


_PROMISED = (
    "(SELECT coalesce(sum(quantity), 0) FROM order_lines JOIN orders ON orders.id = order_id"
    " WHERE order_lines.item_id = items.id AND status IN ('waiting', 'confirmed'))"
)


def item_parts(on_sale: str) -> dict[str, Part]:
    """The parts of the items; `on_sale`: SQL of whether one is on sale, now or on some evening."""
    return {
        "active": Part(N_("On sale"), on_sale),
        "low": Part(
            N_("Low stock"),
            f"{on_sale} AND reorder_level IS NOT NULL AND on_hand <= reorder_level",
        ),
        "recount": Part(N_("To be counted"), "recount = 1"),
        "gone": Part(N_("Off sale"), f"NOT {on_sale}"),
    }


_PARTS = item_parts("active = 1")


ITEM_BOOK = Listing(
    columns=(
        "items.id AS item_id, code, items.name, unit, price, cost, category, on_hand, reserved,"
        " reorder_level, recount, active, max(0, on_hand - reserved) AS available,"
        f" {_PROMISED} AS promised, ({_PARTS['low'].condition}) AS low"
    ),
    source="items JOIN stock ON stock.item_id = items.id",
    id="items.id",
    sorts={
        "code": ITEMS.sorts["code"],
        "name": ITEMS.sorts["name"],
        "price": ITEMS.sorts["price"],
        "stock": Sort(N_("by stock"), "on_hand"),
    },
    parts=_PARTS,
    search=("code", "code_key", "items.name", "other_names", "barcode", "category"),
    spelling=spelling.nearest,
)


MOVES = Listing(
    columns=(
        "stock_moves.id AS number, stock_moves.at, items.code, items.name, stock_moves.quantity,"
        " items.unit, reason, sale_id, note, stock_moves.actor, stock_moves.cost, document_id"
    ),
    source="stock_moves JOIN items ON items.id = stock_moves.item_id",
    id="stock_moves.id",
    sorts={
        "newest": Sort(N_("newest first"), "stock_moves.id", descending=True),
        "oldest": Sort(N_("oldest first"), "stock_moves.id"),
    },
    parts={
        "all": Part(N_("All"), ""),
        "receipts": Part(N_("Goods in"), "reason = 'receipt'"),
        "supplier": Part(N_("To supplier"), "reason = 'supplier'"),
        "corrections": Part(N_("Corrections"), "reason IN ('correction', 'opname')"),
        "sales": Part(N_("Sales"), "reason IN ('sale', 'return', 'void')"),
    },
    search=("items.code", "items.name", "stock_moves.actor", "note", "CAST(sale_id AS TEXT)"),
)


# :count names the count that is looked at, :category its category ("" for all items).
COUNT = Listing(
    columns=(
        "items.id AS item_id, code, items.name, unit, category, barcode, on_hand, counted, expected,"
        " count_lines.at AS counted_at, count_lines.actor AS counted_by"
    ),
    source=(
        "items JOIN stock ON stock.item_id = items.id"
        " LEFT JOIN count_lines ON count_id = :count AND count_lines.item_id = items.id"
    ),
    id="items.id",
    sorts={
        "code": Sort(N_("by code"), "code"),
        "name": Sort(N_("by name"), "items.name"),
        "category": Sort(N_("by category"), "category"),
    },
    parts={
        "open": Part(
            N_("Not yet"),
            "counted IS NULL AND active = 1 AND :count AND :category IN ('', category)",
        ),
        "counted": Part(N_("Counted"), "counted IS NOT NULL"),
        "differs": Part(N_("Differences"), "counted <> expected"),
    },
    search=("code", "code_key", "items.name", "other_names", "barcode", "category"),
    spelling=spelling.nearest,
)


WORDS = Listing(
    columns="words, at, actor",
    source="same_words",
    id="same_words.id",
    sorts={
        "words": Sort(N_("by name"), "words"),
        "newest": Sort(N_("newest first"), "same_words.id", descending=True),
    },
    parts={"all": Part(N_("All"), "")},
    search=("words",),
)
