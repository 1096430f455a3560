"""What a file of items says that needs a right of its own, and which of it is withheld.

Rights are asked for what merging would do as the file was looked at. The store goes on meanwhile: what
would do something by now that nobody was asked for is left out, slice by slice.
"""
# ruff: noqa: S608 - what is put into queries is names of ours and numbers

from collections.abc import Collection

from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context

KNOWN = (
    "aside.staged AS now JOIN items ON items.code_key = now.code_key"
    " JOIN stock ON stock.item_id = items.id"
)
"""SQL: the rows of items that the shop has, with what it has."""
IS_NEW = "now.code_key NOT IN (SELECT code_key FROM items)"
"""SQL: whether a row is of an item that the shop has not."""
GUARDED = {"price": "prices.edit", "cost": "costs.view", "stock": "stock.correct",
           "own_price": "branches.own_price"}  # fmt: skip
"""The permission of each column that needs one; own_price: another price than the head office's."""

_OWN_PRICE = (
    f"{KNOWN} JOIN central_prices AS office ON office.item_id = items.id"
    " WHERE now.price <> items.price AND now.price <> office.price"
)


def filled(ctx: Context) -> set[str]:
    """What the file says that needs a permission of its own, but for what differs of known items."""
    row = ctx.db.execute(
        f"SELECT max(price IS NOT NULL) AS price, max(cost IS NOT NULL) AS cost,"
        f" max(coalesce(stock, 0) > 0) AS stock, EXISTS (SELECT 1 FROM {_OWN_PRICE}) AS own_price"
        f" FROM aside.staged AS now WHERE {IS_NEW}"
    ).fetchone()
    return {name for name in row.keys() if row[name]}  # noqa: SIM118 - a row is no mapping


def hide(ctx: Context) -> None:
    """Refuse a file with costs to whoever may not see them: what differs would tell them. Raises
    `NotAllowed`."""
    if ctx.db.execute("SELECT 1 FROM aside.staged WHERE cost IS NOT NULL LIMIT 1").fetchone():
        access.require(ctx, "costs.view")


def withhold(ctx: Context, columns: Collection[str], rows: str) -> None:
    """Leave out these columns of `rows`, within a transaction; new items without their price, as a
    whole."""
    if "price" in columns:
        ctx.db.execute(f"DELETE FROM aside.staged AS now WHERE {rows} AND {IS_NEW}")
    for name in columns:
        if name == "own_price":
            ctx.db.execute(
                f"UPDATE aside.staged SET price = NULL WHERE {rows}"
                f" AND n IN (SELECT n FROM {_OWN_PRICE} AND {rows})"
            )
        else:
            ctx.db.execute(f"UPDATE aside.staged SET {name} = NULL WHERE {rows}")
