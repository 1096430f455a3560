"""What forms of several screens ask alike, and how what was typed becomes a value."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from crm_tui.errors import N_
from crm_tui.screens.widgets.dialog import Ask
from crm_tui.screens.widgets.plain import Piece, content
from crm_tui.shop.gate import money
from crm_tui.shop.gate.errors import BadQuantity
from crm_tui.shop.items.errors import BadLevel

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page


SURE = "y"
"""The key that says yes where Enter would be too easy."""


class NoNumber(BadQuantity):
    text = N_("Type a number, for example 2.")


def parse_quantity(text: str, field: str | None = None) -> int:
    """A quantity, 0 or more, as somebody typed it, in the field of that name. Raises `NoNumber`."""
    if not re.fullmatch(r"[0-9]{1,7}", text.strip()):
        raise NoNumber(field=field)
    return int(text)


def parse_level(text: str) -> int | None:
    """A number of pieces, or None for nothing. Raises `BadLevel`."""
    if not text.strip():
        return None
    if not re.fullmatch(r"[0-9]{1,7}", text.strip()):
        raise BadLevel(text=text.strip())
    return int(text)


def parse_money(text: str) -> int | None:
    """An amount in rupiah, or None for nothing. Raises `BadMoney`."""
    return money.parsed(text) if text.strip() else None


def as_typed(amount: int | None) -> str:
    """An amount as a user would type it."""
    return "" if amount is None else f"{amount:,}".replace(",", ".")


async def sure(page: "Page", question: str, detail: str, yes: str) -> bool:
    """Ask before a step that the user might regret; texts are translated already."""
    return bool(await page.ask_for(Ask(question, detail, yes, page.tr(N_("Back")), key=SURE)))


def card(title: Sequence[Piece], rows: Sequence[tuple[str, str | Piece]], *more: Piece) -> Content:
    """A title, then lines of a label and what it is; empty ones are left out."""
    pieces: list[Piece] = [*title, "\n"]
    wide = max((len(label) for label, told in rows if told), default=0)
    for label, told in rows:
        if told:
            pieces += [(f"{label:<{wide}}  ", "$muted"), told, "\n"]
    return content(*pieces, *more)
