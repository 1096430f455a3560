"""A sale that is not done yet, as the store keeps it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import Discount
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.sales.cart import Cart, CartLine


def as_text(cart: Cart) -> str:
    """A sale as text, for `restored`."""
    return json.dumps(asdict(cart))


def restored(ctx: Context, texts: Sequence[str]) -> list[Cart]:
    """The sales that were kept as texts, at the prices of now."""
    carts = [json.loads(text) for text in texts]
    wanted = {line["item_id"] for data in carts for line in data["lines"]}
    # An item that was never sold can be deleted.
    items = catalogue.there(ctx, wanted)
    # Points are taken, and the buyer's offers counted, when the buyer is there.
    return [
        Cart(
            tuple(
                _line(items[line["item_id"]], line)
                for line in data["lines"]
                if line["item_id"] in items
            ),
            Discount(**data["discount"]),
        )
        for data in carts
    ]


def _line(item: Item, line: Mapping[str, Any]) -> CartLine:
    return CartLine(
        item.id, item.code, item.name, item.unit, item.price, line["quantity"],
        Discount(**line["discount"]),
    )  # fmt: skip
