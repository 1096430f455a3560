"""An item with all that the staff may want to know of it."""

from dataclasses import dataclass, replace

from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import cards, catalogue
from crm_tui.shop.items import prices as item_prices
from crm_tui.shop.items.cards import Card
from crm_tui.shop.items.catalogue import Item


@dataclass(frozen=True)
class Move:
    """A row of the stock ledger; `what` names the sale, or is a note."""

    at: str
    quantity: int
    reason: str
    actor: str
    what: str


@dataclass(frozen=True)
class ItemView:
    """`card`: its cost is None for users who may not see it. `promised`: units that customers ordered
    and did not fetch. Newest first: the last moves, and the changes of the price as (at, who, from,
    to)."""

    card: Card
    item: Item
    recount: bool
    promised: int
    moves: tuple[Move, ...]
    prices: tuple[tuple[str, str, int | None, int], ...]


def look(ctx: Context, item_id: int, last: int = 6) -> ItemView:
    """The item as it is now, with its `last` moves and prices. Raises `ItemDeleted`."""
    with ctx.store.reading() as db:
        card = cards.card(ctx, item_id)
        if not access.allowed(ctx, "costs.view"):
            card = replace(card, cost=None)
        rows = db.execute(
            "SELECT at, quantity, reason, actor, CASE WHEN sale_id IS NOT NULL THEN '#' || sale_id"
            " ELSE note END FROM stock_moves WHERE item_id = ? ORDER BY id DESC LIMIT ?",
            (item_id, last),
        ).fetchall()
        promised = db.execute(
            "SELECT coalesce(sum(quantity), 0) FROM order_lines JOIN orders ON orders.id = order_id"
            " WHERE item_id = ? AND status IN ('waiting', 'confirmed')",
            (item_id,),
        ).fetchone()[0]
        recount = db.execute("SELECT recount FROM items WHERE id = ?", (item_id,)).fetchone()[0]
        return ItemView(
            card, catalogue.by_id(ctx, item_id), bool(recount), promised,
            tuple(Move(*row) for row in rows), tuple(item_prices.prices(ctx, item_id)[:last]),
        )  # fmt: skip
