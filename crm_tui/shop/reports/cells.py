"""Cells of a workbook: text stays text, numbers and days are what they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from crm_tui.shop.reports.base import Chart, Column
from crm_tui.shop.reports.paper import FONT, SIZE
from crm_tui.text import visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


_LONGEST = 32_000
"""Excel takes 32,767 characters a cell, counted in UTF-16."""


@dataclass(frozen=True)
class Facts:
    """What a workbook tells beside the data. `totals` and `before` by column key, "count" the rows;
    `info`: lines of a label and what it is."""

    shop: str
    period: str
    totals: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[str, int] | None = None
    before_period: str = ""
    summary: Sequence[tuple[str, str]] = ()
    charts: Sequence[Chart] = ()
    info: Sequence[tuple[str, str]] = ()


def flat(column: Column, value: Any) -> Any:
    """A value as a cell holds it: lists as text, the rest as it is."""
    if column.kind == "lines":
        return ", ".join(f"{line['quantity']} {line['code']}" for line in value)
    if column.kind == "list":
        return ", ".join(str(each["kind"]) for each in value)
    return value


def _text(text: str) -> str:
    return visible(text)[:_LONGEST]


@cache
def _cell_class() -> Any:
    """A cell that is written again and again: what its style is called is asked once."""
    from openpyxl.cell import Cell

    class Kept(Cell):
        __slots__ = ("_known",)
        _known: int

        @property
        def style_id(self) -> int:
            try:
                return self._known
            except AttributeError:
                self._known = int(super().style_id)
                return self._known

    return Kept


class _Cells:
    """Makes cells of one sheet; a style is made once."""

    def __init__(self, sheet: Any) -> None:
        self._sheet, self._make = sheet, _cell_class()

    def styled(self, format: str = "", *, bold: bool = False, size: int = 0, right: bool = False,
               wrap: bool = False, fill: str = "") -> Any:  # fmt: skip
        """A cell to be filled again and again."""
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        cell = self._make(self._sheet, row=1, column=1)
        if format:
            cell.number_format = format
        if bold or size:
            # A font without a name is another one in each program.
            cell.font = Font(name=FONT, bold=bold, size=size or SIZE)
        cell.alignment = Alignment(
            horizontal="right" if right else "left" if wrap else None, vertical="top",
            wrap_text=wrap or None, indent=1 if wrap and not right else 0,
        )  # fmt: skip
        if fill:
            cell.fill = PatternFill("solid", start_color=fill)
            # "Kali batal" on two lines beside "Dibatalkan (Rp)" on one are two headings.
            cell.border = Border(left=Side("medium", color="FFFFFF"))
        return cell

    def text(self, text: str, **style: Any) -> Any:
        """A cell with a text that nobody computes."""
        cell = self.styled(**style)
        set_text(cell, text)
        return cell

    def number(self, value: float | None, format: str = "#,##0", **style: Any) -> Any:
        cell = self.styled(format, **style)
        cell.value = value
        return cell


def set_text(cell: Any, text: str) -> None:
    """Put a text into a cell: never a formula, whatever a customer wrote."""
    cell._value = text = _text(text)
    cell.data_type = "s"
    if text.startswith(_FORMULA):
        cell.quotePrefix = True
