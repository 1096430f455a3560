"""Other names of items that the staff accept, one at a time, or do not want."""

import re

from crm_tui.errors import N_
from crm_tui.shop.gate import undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput
from crm_tui.shop.items import cards
from crm_tui.shop.items.cards import MOST_OTHER

MOST_NAME = 60


class OtherNameBad(BadInput):
    text = N_(
        "Another name has 1 to {most} characters and no comma, and must find room in the item."
    )


@command("items.learn_name", "items.edit")
def learn(ctx: Context, item_id: int, name: str) -> int:
    """Write another name into an item; the key of the step that takes it back.

    Raises `OtherNameBad`, `ItemDeleted`.
    """
    name = _checked(name)
    card = cards.card(ctx, item_id)
    names = split(card.other_names)
    if name not in names:
        names.append(name)
    after = ", ".join(names)
    if len(after) > MOST_OTHER:
        raise OtherNameBad(most=MOST_NAME)
    _write(ctx, item_id, card.code, card.other_names, after)
    return undo.write(ctx, "name", f"{name} = {card.code}", {"id": item_id, "name": name})


@undo.restorer("name", "items.edit")
def _forget(ctx: Context, data: dict[str, str | int]) -> None:
    item_id = int(data["id"])
    card = cards.card(ctx, item_id)
    left = [name for name in split(card.other_names) if name != data["name"]]
    _write(ctx, item_id, card.code, card.other_names, ", ".join(left))


def _write(ctx: Context, item_id: int, code: str, before: str, after: str) -> None:
    ctx.db.execute("UPDATE items SET other_names = ? WHERE id = ?", (after, item_id))
    ctx.record(f"item {code}", {"other_names": before}, {"other_names": after})
    ctx.changed("items", item_id)


@command("items.refuse_name", "items.edit")
def refuse(ctx: Context, item_id: int, name: str) -> None:
    """Never propose this name for the item again. Raises `OtherNameBad`, `ItemDeleted`."""
    name = _checked(name)
    code = cards.card(ctx, item_id).code
    ctx.db.execute(
        "INSERT OR REPLACE INTO refused_names VALUES (?, ?, ?, ?)",
        (item_id, name, ctx.at, ctx.actor.name),
    )
    ctx.record(f"item {code}", None, {"refused": name})
    ctx.changed("items", item_id)


def refused(ctx: Context, item_id: int) -> set[str]:
    """The names that are not proposed for an item any more."""
    rows = ctx.db.execute("SELECT name FROM refused_names WHERE item_id = ?", (item_id,))
    return {row[0] for row in rows}


def split(other_names: str) -> list[str]:
    """Other names as they stand in an item, one by one."""
    return [name.strip() for name in re.split(r"[,;]", other_names) if name.strip()]


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= MOST_NAME or re.search(r"[,;]", name):
        raise OtherNameBad(most=MOST_NAME)
    return name
