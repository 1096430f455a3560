"""A numbered list to choose from, in two SMS at most: names are shortened first, then rows go."""

from collections.abc import Mapping, Sequence

from crm_tui.gsm.errors import TextTooLong
from crm_tui.gsm.text import plain, segments
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.items.catalogue import Item, stock_word
from crm_tui.shop.messages import replies
from crm_tui.shop.promos.pricing import Priced

MOST_SEGMENTS = 2
_AND_MORE = "dan {} lagi"
"""In place of what did not fit; customers read Indonesian."""
NAMES = (60, 40, 30, 24, 18, 12, 0)
"""Characters of a name that are tried, one after the other."""


def numbered(
    ctx: Context, items: Sequence[Item], prices: Mapping[int, Priced]
) -> tuple[str, tuple[int, ...]]:
    """The answer that asks which of the items is meant, and the keys of those that it numbers.

    What is there comes as the reading has it: the likeliest first.
    """
    for count in range(len(items), 1, -1):
        for most in NAMES:
            text = _text(ctx, items[:count], prices, most, more=count < len(items))
            if fits(text):
                return text, tuple(item.id for item in items[:count])
    # Not even two codes and prices fit: the shop has written a long text around them.
    return _text(ctx, items[:2], prices, 0, more=len(items) > 2), tuple(i.id for i in items[:2])


Parts = tuple[tuple[int, int | None], ...]


def of_parts(
    ctx: Context, items: Sequence[Item], prices: Mapping[int, Priced], parts: Parts
) -> tuple[str, tuple[int, ...], Parts]:
    """The same of a list for several things, as `wishes.Wish.parts` tells them: as many rows of each as
    there is room for, and how many those are."""
    text, offered = numbered(ctx, items, prices)
    if not parts or len(offered) == len(items):
        return text, offered, parts
    for most in range(max(count for count, _ in parts) - 1, 0, -1):
        rows: list[Item] = []
        begin = 0
        for count, _ in parts:
            rows += items[begin : begin + min(count, most)]
            begin += count
        text, offered = numbered(ctx, rows, prices)
        if len(offered) == len(rows):
            return text, offered, tuple((min(count, most), wanted) for count, wanted in parts)
    # Not even one row of each: the first thing alone.
    text, offered = numbered(ctx, items[: parts[0][0]], prices)
    return text, offered, ()


def with_room(text: str, more: str) -> str:
    """A text with more behind it, where both fit."""
    return text + more if fits(text + more) else text


def _text(
    ctx: Context, items: Sequence[Item], prices: Mapping[int, Priced], most: int, *, more: bool
) -> str:
    rows = [
        " ".join(
            part
            for part in (
                f"{number}. {item.code}", shortened(item.name, most),
                f"{rupiah(prices[item.id].price)} {stock_word(item)}",
            )
            if part
        )
        for number, item in enumerate(items, start=1)
    ]  # fmt: skip
    return replies.CHOOSE(ctx, lines="\n".join(rows), more=replies.CHOOSE_MORE(ctx) if more else "")


def shortened(name: str, most: int) -> str:
    """The first words of a name, at most so many characters."""
    if len(name) <= most:
        return name
    return name[: most + 1].rpartition(" ")[0] if " " in name[: most + 1] else name[:most]


def bounded(text: str, most: int) -> str:
    """An answer in at most so many SMS: lines in its middle go first, then items of a list, then its
    end. How many went is said."""
    if fits(text, most):
        return text
    lines = text.split("\n")
    for left in range(len(lines) - 2, 0, -1):
        gone = len(lines) - 1 - left
        shorter = "\n".join([*lines[:left], _AND_MORE.format(gone), lines[-1]])
        if fits(shorter, most):
            return shorter
    items = text.split(", ")
    for left in range(len(items) - 2, 0, -1):
        gone = len(items) - 1 - left
        shorter = ", ".join([*items[:left], _AND_MORE.format(gone), items[-1]])
        if fits(shorter, most):
            return shorter
    end = len(text)
    while not fits(text[:end] + "...", most):
        end = end * 9 // 10
    return text[:end] + "..."


def fits(text: str, most: int = MOST_SEGMENTS) -> bool:
    """Whether a text goes into as many SMS as an answer may take."""
    try:
        return len(segments(plain(text))) <= most
    except TextTooLong:
        return False
