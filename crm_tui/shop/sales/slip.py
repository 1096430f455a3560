"""The slip of a drawer that was closed: what was counted, and how far the chain over the ledgers is.

Kept in a folder of paper it proves later that nothing before it was changed: `crm-tui check --link`.
"""

from crm_tui.clock import moment
from crm_tui.shop.checks import chain
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.sales import drawer
from crm_tui.shop.sales.payments import COUNTED, METHODS
from crm_tui.shop.sales.receipt import WIDTHS, apart
from crm_tui.shop.sales.settings import PAPER


def text(ctx: Context, drawer_id: int) -> str:
    """The slip of a closed drawer, as wide as the shop's paper."""
    wide = WIDTHS[PAPER(ctx)]
    seen = drawer.look(ctx, drawer_id, 0)
    rule = "-" * wide
    lines = [
        settings.SHOP_NAME(ctx)[:wide].center(wide),
        f"TUTUP LACI {drawer_id}".center(wide),
        rule,
    ]
    lines += apart("Dibuka", _told(seen.drawer.opened_at), wide)
    lines += apart("Ditutup", _told(seen.closed_at or ctx.at), wide)
    lines += apart("Oleh", seen.closed_by, wide)
    lines.append(rule)
    for method in COUNTED:
        expected, counted = seen.drawer.expected[method], seen.counted.get(method, 0)
        lines.append(METHODS[method].on_receipt)
        lines += apart("  seharusnya", rupiah(expected), wide)
        lines += apart("  dihitung", rupiah(counted), wide)
        if counted != expected:
            lines += apart("  selisih", rupiah(counted - expected), wide)
    if seen.note:
        lines += [rule, seen.note]
    lines += [rule, *apart("Mata rantai", chain.last(ctx), wide)]
    return "\n".join(line.rstrip() for line in lines)


def _told(at: str) -> str:
    return f"{moment(at).astimezone():%d/%m/%Y %H:%M}"
