"""Settings of imports."""

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import Setting
from crm_tui.shop.items.cards import MOST_UNIT


def _unit(text: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= MOST_UNIT:
        raise ValueError(f"1 … {MOST_UNIT}")
    return text


UNIT = Setting(
    "imports.unit", "pcs", _unit, N_("The unit of new items if their file does not say one")
)
