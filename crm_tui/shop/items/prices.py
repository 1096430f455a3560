"""Prices, one or many at once, and their history."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.shop.gate import money
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import NothingChosen
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.cards import MOST_PRICE, _row, _rows
from crm_tui.shop.items.errors import ItemChanged, PriceChanged


@command("items.set_price", "prices.edit")
def set_price(ctx: Context, item_id: int, price: int, seen: int | None = None) -> None:
    """Change one price; the answers by SMS know it the second after. `seen`: what it was when somebody
    looked. Raises `PriceChanged` if that is so no more, with what it is now."""
    row = _row(ctx, item_id)
    if seen is not None and seen != row["price"]:
        now, before = money.rupiah(row["price"]), money.rupiah(seen)
        raise PriceChanged(code=row["code"], now=now, seen=before, there=row["price"])
    catalogue.write_price(ctx, item_id, row["price"], price)
    ctx.record(f"item {row['code']}", {"price": row["price"]}, {"price": price})
    ctx.changed("items", item_id)


def doubt(tr: Translate, wanted: int, now: int, cost: int, *, cost_shown: bool) -> str:
    """What is to be said of a new price before customers read it: that it is below the cost, or so far
    from the price of `now` that a digit is missing or too many; "" of any other. All in rupiah."""
    if wanted < cost:
        if cost_shown:
            return tr(N_("! Below its cost, {cost}"), cost=money.rupiah(cost))
        return tr(N_("! Below its cost: ask first"))
    if now and not now <= 2 * wanted <= 4 * now:
        return tr(N_("! Far from {price}: are the digits right?"), price=money.rupiah(now))
    return ""


@dataclass(frozen=True)
class NewPrice:
    """What a price would become."""

    item_id: int
    code: str
    name: str
    before: int
    after: int


def repriced(ctx: Context, chosen: Sequence[int], part: int, step: int) -> list[NewPrice]:
    """What prices would become with `part` hundredths of a percent more, rounded to `step` rupiah;
    those that would stay are left out."""
    changes = []
    for item_id, row in _rows(ctx, chosen).items():
        price = money.rounded(row["price"] + money.share(row["price"], part), step)
        price = max(0, min(price, MOST_PRICE))
        if price != row["price"]:
            changes.append(NewPrice(item_id, row["code"], row["name"], row["price"], price))
    return changes


@command("items.set_prices", "prices.edit")
def set_prices(ctx: Context, wanted: Sequence[NewPrice]) -> int:
    """Change many prices as they were previewed; how many. Raises `ItemChanged` if one of them is
    another one by now; then none is changed."""
    if not wanted:
        raise NothingChosen()
    rows = _rows(ctx, [change.item_id for change in wanted])
    for change in wanted:
        row = rows[change.item_id]
        if row["price"] != change.before:
            raise ItemChanged(code=row["code"])
        catalogue.write_price(ctx, change.item_id, change.before, change.after)
        ctx.changed("items", change.item_id)
    ctx.record(
        f"prices of {len(wanted)} items",
        {change.code: change.before for change in wanted},
        {change.code: change.after for change in wanted},
    )
    return len(wanted)


def prices(ctx: Context, item_id: int) -> list[tuple[str, str, int | None, int]]:
    """The history of a price, newest first: (at, who, from, to)."""
    rows = ctx.db.execute(
        "SELECT at, actor, before, after FROM price_changes WHERE item_id = ? ORDER BY id DESC",
        (item_id,),
    )
    return [tuple(row) for row in rows]
