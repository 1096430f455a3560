"""What a customer owes, as a paper for the customer: each sale, and when it is to be paid."""

import textwrap

from crm_tui.clock import moment
from crm_tui.shop.customers import people
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.sales import receivables
from crm_tui.shop.sales.receipt import WIDTHS, apart, centred
from crm_tui.shop.sales.settings import PAPER


def text(ctx: Context, customer_id: int) -> str:
    """The open sales of a customer, oldest first, as wide as the shop's paper."""
    wide = WIDTHS[PAPER(ctx)]
    with ctx.store.reading():
        who = people.by_id(ctx, customer_id)
        dues, term = receivables.dues(ctx, who.id), receivables.term(ctx)
        today = ctx.now.astimezone().date()
        lines = [*centred(settings.SHOP_NAME(ctx), wide), "REKENING PELANGGAN".center(wide)]
        lines += ["-" * wide, *textwrap.wrap(who.name or f"Pelanggan {who.id}", wide)]
        lines += [*apart("Per tanggal", f"{today:%d/%m/%Y}", wide), "-" * wide]
        late = 0
        for due in dues:
            sold = moment(due.at)
            pay_by = receivables.pay_by(sold, term)
            lines += apart(f"Nota {due.sale_id}", f"{sold.astimezone():%d/%m/%Y}", wide)
            if due.due != due.total:
                lines += apart("  Total nota", rupiah(due.total), wide)
            lines += apart("  Sisa", rupiah(due.due), wide)
            lines += apart("  Jatuh tempo", f"{pay_by:%d/%m/%Y}", wide)
            if pay_by < today:
                lines += apart("  LEWAT", f"{(today - pay_by).days} hari", wide)
                late += due.due
        lines.append("-" * wide)
        lines += apart("TOTAL UTANG", rupiah(sum(due.due for due in dues)), wide)
        if late:
            lines += apart("Sudah jatuh tempo", rupiah(late), wide)
    return "\n".join(line.rstrip() for line in [*lines, "", "Terima kasih".center(wide)])
