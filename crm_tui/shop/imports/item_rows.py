"""Reading the lines of a list of items: what each says of one, or that it is not sold any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from crm_tui.reading.entries import code_key
from crm_tui.shop.imports import headings
from crm_tui.shop.imports.cells import digits_of, plain
from crm_tui.shop.imports.errors import (
    RowBarcodeTwice,
    RowCodeAlike,
    RowCodeMissing,
    RowCodeTwice,
    RowNameMissing,
)
from crm_tui.shop.imports.group_titles import GroupTitles
from crm_tui.shop.imports.headings import sum_row
from crm_tui.shop.imports.planning import Columns, Plan
from crm_tui.shop.imports.questions import Asks
from crm_tui.shop.imports.rows import Reader, Staged
from crm_tui.shop.imports.selling import Selling
from crm_tui.shop.items import cards

MOST = {"price": 10**10, "cost": 10**10, "stock": 10**7, "reorder_level": 10**7}
MOST_CATEGORY, MOST_BARCODE = 60, 40
_DASHES = frozenset({"-", "--", "–", "—"})
COLUMNS = Columns(
    "items",
    ("code", "name", "unit", "price", "stock", "cost", "category", "barcode", "other_names",
     "reorder_level", "status"),
    needed=(("code",), ("price", "stock", "cost", "name", "unit", "category", "barcode",
                        "other_names", "reorder_level")),
)  # fmt: skip


@dataclass(frozen=True)
class ItemRow:
    """One checked line of the file; None for what it does not say."""

    line: int
    code: str
    name: str | None
    unit: str | None
    price: int | None
    stock: int | None
    cost: int | None
    category: str | None
    barcode: str | None
    other_names: str | None
    reorder_level: int | None = None
    active: int | None = None
    """0 if the file says that it is not sold any more, and nothing else of it is read."""

    @cached_property
    def staged(self) -> tuple[object, ...]:
        """Its values aside."""
        return (
            self.code, code_key(self.code), self.name, self.unit, self.price, self.stock, self.cost,
            self.category, self.barcode, self.other_names, self.reorder_level, self.active,
        )  # fmt: skip


class ItemReader(Reader):
    """Reads lines of items; `units` are those of the shop by their case-folded form."""

    key = "code"

    def __init__(
        self, plan: Plan, asks: Asks, country: str = "ID", units: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(plan, asks, country)
        self._units = dict(units or {})
        self._seen: dict[str, tuple[int, str, int]] = {}
        self._barcodes: dict[str, int] = {}
        self._names = plan.columns_of("name")
        self._selling = Selling(plan, asks)
        listed = headings.listed("places") if "stock" in self.at else ()
        self._parted = [
            column for column, name in enumerate(plan.fields)
            if name is None and headings.words(plan.headings[column]) in listed
        ]  # fmt: skip
        self._titles = GroupTitles(plan, asks, MOST_CATEGORY)
        self.taken: ItemRow | None = None

    def is_sample(self, values: Staged) -> bool:
        return values[-1] is None

    def record(self, row: Sequence[object]) -> tuple[object, ...] | None:
        item = self.taken = self.item(row)
        return None if item is None else item.staged

    def item(self, row: Sequence[object]) -> ItemRow | None:
        """The item of a row, None if it is left out. Raises a `Problem`."""
        cells, raw, line = self.cells, self.raw, self.cells.line
        code = cells.code("code", raw("code", row), cards.MOST_CODE)
        if not code:
            raise RowCodeMissing()
        state = self._selling.state(row, line)
        if not state:
            return None
        if state == "off" and (
            self.asks.settle("off_sale", line, "leave", example=code, known=0) != "take"
        ):
            return ItemRow(line, code, None, None, None, None, None, None, None, None, None, 0)
        # First the money: how its thousands are written tells how those of the stock are.
        price, cost = (cells.money(each, raw(each, row), MOST[each]) for each in ("price", "cost"))
        stock, level = (
            cells.quantity(each, raw(each, row), MOST[each]) for each in ("stock", "reorder_level")
        )
        if price == 0:
            # Programs write it where they know none, and whoever asks by SMS is told it.
            cells.remarks["free", "price"] += 1
        name = self._name(row)
        category = cells.bounded("category", raw("category", row), MOST_CATEGORY) or None
        other = cells.bounded("other_names", raw("other_names", row), cards.MOST_OTHER) or None
        barcode = cells.code("barcode", raw("barcode", row), MOST_BARCODE).replace(" ", "") or None
        if barcode is not None:
            barcode = digits_of(barcode)
        if barcode is not None and not barcode.strip("0"):
            # What programs write where there is none.
            barcode = None
        item = ItemRow(
            line, code, name, self._unit(row), price, stock, cost, category, barcode, other, level
        )
        if name is None and sum_row().match(code) and self.leave_out(row):
            return None
        if not any(each is not None for each in item.staged[2:]):
            if any(plain(raw(each, row)) in _DASHES for each in MOST):
                # A list of prices has items that have none just now.
                self.left.note("bare", line)
                return None
            # A title in the column of the codes.
            raise RowNameMissing()
        if (above := self._titles.category()) is not None:
            item = replace(item, category=above)
        # Five here and five there are not five.
        parts = tuple(plain(row[at]) for at in self._parted if at < len(row)) if stock else ()
        return item if self._first(item, parts) else None

    def why_left(self, row: Sequence[object]) -> str | None:
        why = super().why_left(row)
        if why in ("title", None) and self._titles.title(self.cells.line, row):
            return "title"
        return why

    def titled_another(self) -> None:
        self._titles.forget()

    def _name(self, row: Sequence[object]) -> str | None:
        """The name, with what tells variants of one name apart."""
        cells = self.cells
        if len(self._names) < 2:
            return cells.bounded("name", self.raw("name", row), cards.MOST_NAME) or None
        parts = (cells.text("name", row[at]) for at in self._names if at < len(row))
        return cells.bounded("name", " ".join(filter(None, parts)), cards.MOST_NAME) or None

    def _unit(self, row: Sequence[object]) -> str | None:
        """The unit as the shop spells it: they differ not by case."""
        text = self.cells.bounded("unit", self.raw("unit", row), cards.MOST_UNIT).rstrip(".")
        return self._units.setdefault(text.casefold(), text.lower()) if text else None

    def _first(self, item: ItemRow, parts: Sequence[str]) -> bool:
        """Whether the line says something new; `parts` are where its stock lies. Raises `RowCodeTwice`,
        `RowCodeAlike`, `RowBarcodeTwice`."""
        said = hash((*item.staged[2:], *parts))
        line, code, before = self._seen.setdefault(
            code_key(item.code), (item.line, item.code, said)
        )
        if line != item.line:
            if code.casefold() != item.code.casefold():
                raise RowCodeAlike(code=item.code, other=code)
            if before != said:
                raise RowCodeTwice(code=item.code, line=line)
            self.left.note("repeated", item.line)
            return False
        if item.barcode:
            line = self._barcodes.setdefault(item.barcode, item.line)
            if line != item.line:
                raise RowBarcodeTwice(barcode=item.barcode, line=line)
        return True
