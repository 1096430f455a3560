"""What goes off the price in a line of an old book: rupiah or per cent, of a piece or of the line."""

from crm_tui.shop.gate import money
from crm_tui.shop.gate.errors import BadPercent
from crm_tui.shop.imports.cells import Cells
from crm_tui.shop.imports.errors import RowNumberBad
from crm_tui.text import thousands

MOST = 10**12


def off(cells: Cells, value: object, gross: int | None, *, pieces: int, by_percent: bool) -> int:
    """The discount of a line in rupiah, whose goods cost `gross` without it; 0 where that is not known.
    Whether an amount goes off each of several pieces is asked. Raises `RowNumberBad`."""
    text = cells.text("discount", value)
    if not text or gross is None:
        return 0
    heading = cells.heading("discount")
    percent = text.endswith("%") or by_percent
    if not percent and text.isdecimal() and 0 < int(text) <= 100:
        answer = cells.asks.settle("discount", cells.line, column=heading, example=text)
        percent = answer == "percent"
        if not answer:
            # How many pieces it is for is asked only where it is rupiah.
            pieces = 1
    if percent:
        return money.share(gross, _share(heading, text))
    amount = cells.money("discount", value, MOST) or 0
    if amount and pieces > 1:
        answer = cells.asks.settle(
            "apiece", cells.line, column=heading, example=money.rupiah(amount), pieces=pieces,
            each=money.rupiah(amount * pieces),
        )  # fmt: skip
        amount *= pieces if answer == "piece" else 1
    if amount > abs(gross):
        # What is left of it would look as if goods had come back.
        raise RowNumberBad(column=heading, value=text[:60], most=thousands(abs(gross)))
    return amount if gross >= 0 else -amount


def _share(heading: str, text: str) -> int:
    """Per cent as `money.share` takes it. Raises `RowNumberBad`."""
    try:
        part = money.percent(text)
    except BadPercent:
        part = -1
    if not 0 <= part <= money.WHOLE:
        raise RowNumberBad(column=heading, value=text[:60], most="100%")
    return part
