"""Words of the items, for searches that forgive."""

from crm_tui.shop.gate import spelling
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.spelling import Vocabulary

_ITEMS = Vocabulary(
    "SELECT value FROM counters WHERE name = 'catalogue'",
    "SELECT code || ' ' || name || ' ' || other_names || ' ' || category FROM items",
)


def nearest(ctx: Context, word: str) -> list[str]:
    """The words of the items that `word` may stand for, nearest first; none if an item has it."""
    return spelling.nearest(ctx, _ITEMS, word)
