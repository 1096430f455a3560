"""Items and prices of the head office, and what other branches have of an item.

A branch may ask for another price than the head office (permission `branches.own_price`); it stays
until somebody chooses the head office's again. A sale that is open keeps the price that it was
begun with, and is refused at its end if that changed (`sales.till`), so nobody pays another price
unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm_tui.reading.entries import code_key
from crm_tui.shop.branches import identity, keys
from crm_tui.shop.branches.identity import Branch
from crm_tui.shop.branches.keys import moment, number, text
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import cards, catalogue
from crm_tui.shop.items.cards import MOST_PRICE, Card

MOST_AT_ONCE = 5_000


@dataclass(frozen=True)
class CentralPrice:
    """The head office's price in rupiah, since when, and whether the branch asks for its own."""

    price: int
    at: str
    own: bool


def central(ctx: Context, item_id: int) -> CentralPrice | None:
    """What the head office asks for an item; None if it leaves that to the branch."""
    row = ctx.db.execute(
        "SELECT price, at, own FROM central_prices WHERE item_id = ?", (item_id,)
    ).fetchone()
    return None if row is None else CentralPrice(row[0], row[1], bool(row[2]))


def item(ctx: Context, body: Mapping[str, Any]) -> None:
    """An item of the head office, within a command: a new one, or another name, unit or barcode. As
    with prices and stock, the last one that came counts, whatever the head office's clock says."""
    code, at = keys.code(body), moment(body["at"])
    known = catalogue.by_codes(ctx, [code])
    if known:
        _renamed(ctx, known[0], body)
    else:
        new = Card(
            code, text(body, "name", cards.MOST_NAME), text(body, "unit", cards.MOST_UNIT),
            _price(body), None, text(body, "category", 60, ""), text(body, "barcode", 60, ""),
            text(body, "other_names", cards.MOST_OTHER, ""),
        )  # fmt: skip
        ctx.record(f"item {code}", None, vars(new))
        cards.insert(ctx, new)
    price(ctx, body)
    ctx.db.execute(
        "UPDATE central_prices SET card_at = ? WHERE item_id ="
        " (SELECT id FROM items WHERE code_key = ?)",
        (at, code_key(code)),
    )


_CARD = ("name", "unit", "category", "barcode")


def _renamed(ctx: Context, item_id: int, body: Mapping[str, Any]) -> None:
    before = vars(cards.card(ctx, item_id))
    after = {name: text(body, name, cards.MOST_NAME, "") or before[name] for name in _CARD}
    changed = [name for name in _CARD if after[name] != before[name]]
    if not changed:
        return
    ctx.db.execute(
        "UPDATE items SET name = ?, unit = ?, category = ?, barcode = ? WHERE id = ?",
        (*after.values(), item_id),
    )
    ctx.record(
        f"item {before['code']}", {name: before[name] for name in changed},
        {name: after[name] for name in changed},
    )  # fmt: skip
    ctx.changed("items", item_id)


def _price(body: Mapping[str, Any]) -> int:
    found = number(body["price"])
    if found > MOST_PRICE:
        raise ValueError("price")
    return found


def price(ctx: Context, body: Mapping[str, Any]) -> None:
    """A price of the head office, within a command. A branch that does not have the item needs none."""
    code, at, after = keys.code(body), moment(body["at"]), _price(body)
    known = catalogue.by_codes(ctx, [code])
    if not known:
        return
    item_id = known[0]
    own = ctx.db.execute(
        "INSERT INTO central_prices (item_id, price, at) VALUES (?, ?, ?) ON CONFLICT (item_id)"
        " DO UPDATE SET price = excluded.price, at = excluded.at RETURNING own",
        (item_id, after, at),
    ).fetchone()[0]
    before = catalogue.by_id(ctx, item_id).price
    if own or before == after:
        return
    catalogue.store_price(ctx, item_id, before, after)
    ctx.record(f"item {code}", {"price": before}, {"price": after, "of": "head office"})
    ctx.changed("items", item_id)


@dataclass(frozen=True)
class StockThere:
    """What another branch could promise of an item, as the head office heard `at` a moment."""

    branch: Branch
    available: int
    at: str


def stock_there(ctx: Context, code: str, most: int = 50) -> list[StockThere]:
    """What other branches have of an item, those that have most first."""
    rows = ctx.db.execute(
        "SELECT there.branch, coalesce(name, '#' || there.branch) AS name, available, at"
        " FROM stock_elsewhere AS there LEFT JOIN branch_names USING (branch)"
        " WHERE code_key = ? AND closed_at IS NULL ORDER BY available DESC, there.branch LIMIT ?",
        (code_key(code), most),
    )
    return [StockThere(Branch(row["branch"], row["name"]), row["available"], row["at"])
            for row in rows]  # fmt: skip


def stock(ctx: Context, body: Mapping[str, Any]) -> None:
    """What another branch has, within a command.

    `{"branch", "at", "items": [[code, available], …]}`
    """
    branch, at = number(body["branch"], 1), moment(body["at"])
    own = identity.required(ctx)
    if branch == own.number:
        return
    for code, available in body["items"][:MOST_AT_ONCE]:
        ctx.db.execute(
            "INSERT INTO stock_elsewhere VALUES (?, ?, ?, ?) ON CONFLICT (branch, code_key)"
            " DO UPDATE SET available = excluded.available, at = excluded.at",
            (branch, code_key(str(code)), number(available), at),
        )
    ctx.changed("branches", 0)
