"""Reading the lines of an old sales book: when, to whom, what, and for how much."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time

from crm_tui.clock import stamp
from crm_tui.errors import Problem
from crm_tui.reading.entries import code_key
from crm_tui.shop.gate import money
from crm_tui.shop.imports import discounts, flagged, sold_units
from crm_tui.shop.imports.cells import EMPTY, HOLLOW, plain
from crm_tui.shop.imports.dates import Days, like_a_day, titled
from crm_tui.shop.imports.errors import (
    RowDateBad,
    RowDateMissing,
    RowNumberBad,
    RowTotalMissing,
)
from crm_tui.shop.imports.grouped import NOBODY, Groups, Who
from crm_tui.shop.imports.headings import aliases, names_a_sum, status_words, words
from crm_tui.shop.imports.planning import Columns, Plan
from crm_tui.shop.imports.questions import Asks
from crm_tui.shop.imports.receipts import Receipts
from crm_tui.shop.imports.rows import Reader, Staged, shown
from crm_tui.shop.imports.running_sums import RunningSums
from crm_tui.shop.imports.sold_already import lost_after, lost_column
from crm_tui.shop.imports.source import EPOCH
from crm_tui.shop.items.cards import MOST_CODE
from crm_tui.shop.items.cards import MOST_NAME as MOST_ITEM
from crm_tui.text import thousands

MOST_TOTAL = 10**12
MOST_QUANTITY = 10**7
MOST_NAME = 80
_MOST_STATES, _MOST_STATE = 12, 40
_AMOUNT, _PIECE = "amount:quantity", 100
"""Rupiah: what costs less may well be sold by the hundred."""
_ROUNDED = 100
"""Rupiah by which what was paid may be above the price, for want of smaller coins."""
_REMEMBERED = 200_000
COLUMNS = Columns(
    "sales",
    ("date", "phone", "name", "code", "item", "quantity", "price", "discount", "total", "status"),
    needed=(("date",), ("total", "price")),
)  # fmt: skip


class SalesReader(Reader):
    """Reads lines of an old sales book."""

    key = "date"

    def __init__(
        self, plan: Plan, asks: Asks, country: str, today: date, epoch: date = EPOCH
    ) -> None:
        super().__init__(plan, asks, country)
        self.days = Days(
            today, month_first=asks.said("dates") == "month",
            year_first=asks.said("years") == "year",
            swapped=asks.said("swapped") == "swap", epoch=epoch,
        )  # fmt: skip
        self._last = ""
        self._stamps: dict[object, str | None] = {}
        self._phones: dict[object, str | None] = {}
        self._amounts: dict[tuple[str, object], int] = {}
        self._usual = "returned" if asks.said("unsold") == "returned" else "counted"
        self._fate = self._usual
        self._states: dict[str, str] = {}
        self._unknown: set[str] = set()
        self._customer, self._sums = NOBODY, RunningSums()
        self._groups = Groups(self.at, asks, country, MOST_NAME)
        self._flags = flagged.Flags(plan, asks)
        self._receipts, self._unit = Receipts(plan, asks), sold_units.column(plan)
        self._by_percent = "%" in plan.heading("discount")
        meanings = aliases("sales").meanings(plan.heading("quantity"))[0]
        self._items = plan.columns_of("item")
        if plan.by_titles and plan.day_above is not None:
            self._last = self._moment(plan.day_above)
        self._is_sum = "quantity" in self.at and "total" in meanings and "total" not in self.at
        self._lost = lost_column(plan)
        # What nobody took may say that it was no sale: "Jenis: Retur".
        self._remarks = [
            column for column, name in enumerate(plan.fields)
            if name is None and column not in (*plan.before.values(), self._lost)
        ]  # fmt: skip

    def record(self, row: Sequence[object]) -> Staged | None:
        # There may be a million of them: what the file has no column for is not looked at.
        cells, at = self.cells, self.at
        above = False
        try:
            moment = self._last = self._moment(self.raw("date", row))
        except RowDateMissing:
            if self.plan.by_titles and (day := titled(row)) is not None:
                self._last = self._moment(day)
                self.left.note("title", cells.line)
                return None
            if self.plan.by_titles and like_a_day(row):
                raise RowDateBad(value=shown(row)) from None
            # Many write the day in its first line only.
            if not self._last:
                raise
            if self.leave_out(row) or self._is_sum_alone(row):
                return None
            moment, above = self._last, not self.plan.by_titles
            if above and not self._goes_with_above(row):
                return None
        if "status" in at:
            # A line without a day goes on with the receipt above it.
            text = cells.text("status", row[at["status"]])
            if text or not above:
                self._fate = self._states.get(text) or self._state(text)
            if self._fate in ("cancelled", ""):
                if self._fate:
                    self.left.note(self._fate, cells.line)
                return None
        elif not above:
            self._fate = self._usual
        if self._remarks and not self._remarked(row):
            return None
        phone = self._phone(row[at["phone"]]) if "phone" in at else None
        total = self._money("total", row) if "total" in at else None
        quantity = gross = None
        code: str | None = None
        price = self._money("price", row) if "price" in at else None
        if self._is_sum and self._amounts_to(price, row):
            # "Jumlah" was not how many, but for how much.
            total, price = self._money("quantity", row), None
        elif "quantity" in at:
            quantity = cells.quantity("quantity", row[at["quantity"]], MOST_QUANTITY, signed=True)
        if price is not None:
            quantity = 1 if quantity is None else quantity
            gross = price * quantity
        if total is None and gross is None and self._is_unsold(row):
            self.left.note("nothing", cells.line)
            return None
        if total is None or gross is not None or "discount" in at:
            total = self._total(row, gross, total, quantity)
        if quantity is not None and quantity < 0 < total and self._fate != "returned":
            answer = self.asks.settle(
                "sign", cells.line, column=cells.heading("quantity"),
                example=f"{quantity}, {money.rupiah(total)}",
            )  # fmt: skip
            total, quantity = (-total, quantity) if answer == "back" else (total, -quantity)
        if abs(total) > MOST_TOTAL:
            raise RowNumberBad(
                column=cells.heading("total"), value=total, most=thousands(MOST_TOTAL)
            )
        if "code" in at:
            code = cells.code("code", row[at["code"]], MOST_CODE) or None
        if code is None and self._items:
            # It is looked up among the names of the shop's items when all rows are read.
            told = (cells.text("item", row[each]) for each in self._items if each < len(row))
            code = " ".join(filter(None, told))[:MOST_ITEM] or None
        if (price is None or quantity is None) and self._sums_up(row, code, total):
            return None
        whole = total
        if self._flags.parts and self._fate == "counted" and total > 0:
            quantity, total = self._flags.rest(row, cells.line, quantity, total)
        if not total and (quantity == 0 or (quantity is None and code is None)):
            # A line of a form in which nothing was written.
            self.left.note("nothing", cells.line)
            return None
        if self._receipts.told and self._receipts.goes_on(cells.line, row, total):
            self.left.note("receipt", cells.line)
            return None
        name = cells.text("name", row[at["name"]])[:MOST_NAME] if "name" in at else None
        who = self._groups.parted(name) if name and phone is None else (phone, name or None)
        phone, name = self._who(moment, who, row, above=above)
        if self._fate == "returned":
            cells.remarks["returned", "status"] += 1
            total = -abs(total)
        sums = self._sums
        if moment != sums.day:
            sums.begin_day(moment)
        # A sum below adds up what stands there.
        sums.all += whole if self._fate == "counted" else total
        sums.lines += 1
        sums.named = bool(code or phone or name)
        if self._unit is not None and quantity:
            quantity = sold_units.in_pieces(
                cells, row[self._unit] if self._unit < len(row) else None, quantity
            )
        key, lost = code_key(code) if code else None, lost_after(self._lost, row)
        return moment, phone, name, code, key, quantity, total, lost

    def _goes_with_above(self, row: Sequence[object]) -> bool:
        """Whether a line without a day is of the day above, as was answered."""
        answer = self.asks.settle("no_date", self.cells.line, example=shown(row))
        if answer == "leave":
            self.left.note("no_date", self.cells.line)
        return answer == "above"

    def _remarked(self, row: Sequence[object]) -> bool:
        """Whether the line counts, by what stands in columns that are no field, too."""
        for column in self._remarks:
            text = row[column] if column < len(row) else None
            if not isinstance(text, str) or not text:
                continue
            fate = self._states.get(text)
            if fate is None:
                fate = status_words().get(words(text), "")
                if len(self._states) < _REMEMBERED:
                    self._states[text] = fate
            if fate in ("cancelled", "returned"):
                self._fate = self.asks.settle(
                    f"status:{text[:_MOST_STATE]}", self.cells.line,
                    column=self.plan.headings[column], example=text,
                )  # fmt: skip
                break
        if self._fate == "counted" and self._flags.columns:
            self._fate = self._flags.fate(row, self.cells.line)
        if self._fate == "cancelled":
            self.left.note(self._fate, self.cells.line)
        return self._fate in ("counted", "returned")

    def _is_sum_alone(self, row: Sequence[object]) -> bool:
        """Whether a line without a day is the sum of those above, though nothing says so."""
        total = None
        if "total" in self.at and not any(plain(self.raw(each, row)) for each in ("code", "item")):
            with suppress(Problem):
                total = self._money("total", row)
        return self._sums_up(row, None, total, dated=False)

    def _sums_up(
        self, row: Sequence[object], code: str | None, total: int | None, *, dated: bool = True
    ) -> bool:
        """Whether a line is the sum of those above, whichever day stands beside it."""
        texts = [code or "", *(plain(self.raw(each, row)) for each in ("name", "phone"))]
        others = [plain(row[at]) for at in self._remarks if at < len(row)]
        # Costs and numbers of receipts name nobody, whatever else stands there.
        texts += [
            each for each in others if (dated and any(map(str.isalpha, each))) or names_a_sum(each)
        ]
        sort = self._sums.is_one(texts, total)
        if sort == "alike" and dated:
            # Of lines that all name nothing any may be as much as two others.
            answer = (
                self.asks.settle("sum", self.cells.line, example=shown(row))
                if self._sums.named else "take"
            )  # fmt: skip
            sort = "" if answer == "take" else sort
            if sort and not answer:
                return True
        if not sort:
            return False
        self._sums.begin_anew()
        self._groups.summed()
        self.left.note("total", self.cells.line)
        return True

    def _amounts_to(self, price: int | None, row: Sequence[object]) -> bool:
        """Whether what stands in the column of quantities is rupiah, as was answered, or while that is
        open. It is asked where it is at least what one piece costs."""
        if not self.asks.said(_AMOUNT):
            amount = None
            with suppress(Problem):
                amount = self._money("quantity", row)
            if price is None or amount is None or not _PIECE <= price <= amount:
                return False
        answer = self.asks.settle(
            _AMOUNT, self.cells.line, column=self.cells.heading("quantity"),
            example=plain(self.raw("quantity", row)),
        )  # fmt: skip
        return answer != "pieces"

    def _is_unsold(self, row: Sequence[object]) -> bool:
        """Whether a line is a day and nothing else: "-" was sold on it."""
        told = (
            plain(self.raw(each, row)) for each in ("code", "item", "name", "phone", "quantity")
        )
        return all(each.casefold() in EMPTY for each in told)

    def _state(self, text: str) -> str:
        """Whether a sale is counted, cancelled or returned, by what stands there; "" if open."""
        known = status_words().get(words(text)) if text else "counted"
        if known:
            if len(self._states) < _REMEMBERED:
                self._states[text] = known
            return known
        text = text[:_MOST_STATE]
        if len(self._unknown) < _MOST_STATES:
            self._unknown.add(text)
        # Remarks that nobody foresaw are asked about at once, not one by one.
        key = text if text in self._unknown else "…"
        return self.asks.settle(
            f"status:{key}", self.cells.line, column=self.cells.heading("status"), example=text
        )

    def _who(self, moment: str, told: Who, row: Sequence[object], *, above: bool) -> Who:
        """Number and name of the customer: those of the line above where the day is, or of a group."""
        if above and told == NOBODY:
            told = self._customer
        else:
            told = self._groups.whose(self.cells.line, moment, told, row)
            self._customer = told
        phone, name = told
        if phone is None:
            named = name is not None and "phone" not in self.at
            self.cells.remarks[("named", "name") if named else ("nobody", "phone")] += 1
        return phone, name

    def why_left(self, row: Sequence[object]) -> str | None:
        if self.plan.by_titles and like_a_day(row):
            # What is below would be of the day before.
            return None
        why = super().why_left(row)
        if why is None and any(names_a_sum(each) for each in row if isinstance(each, str)):
            why = "total"
        if why == "total":
            self._groups.summed()
        elif why in ("title", None) and self._groups.title(
            self.cells.line, row, alone=why is not None
        ):
            return "title"
        return why

    def _phone(self, value: object) -> str | None:
        try:
            return self._phones[value]
        except KeyError:
            numbers = self.cells.phones("phone", value)
            phone = numbers[0] if numbers else None
            if len(self._phones) < _REMEMBERED:
                self._phones[value] = phone
            return phone

    def _moment(self, value: object) -> str:
        """Noon of the day: an old book has no times, and noon is that day in every summer time."""
        try:
            at = self._stamps[value]
        except KeyError:
            text = (
                self.cells.text("date", value)
                if isinstance(value, str) or value is HOLLOW
                else value
            )
            if not text:
                raise RowDateMissing() from None
            day = self.days.read(text)
            at = None if day is None else stamp(datetime.combine(day, time(12)).astimezone())
            if len(self._stamps) < _REMEMBERED:
                self._stamps[value] = at
        if at is None:
            raise RowDateBad(value=self.cells.text("date", value)[:60])
        return at

    def _money(self, name: str, row: Sequence[object]) -> int | None:
        value = self.raw(name, row)
        known = self._amounts.get((name, value))
        if known is None:
            known = self.cells.money(name, value, MOST_TOTAL, signed=True)
            if known is not None and isinstance(value, str) and len(self._amounts) < _REMEMBERED:
                self._amounts[name, value] = known
        return known

    def _total(
        self, row: Sequence[object], gross: int | None, total: int | None, quantity: int | None
    ) -> int:
        """What was paid. Raises `RowTotalMissing`, `RowNumberBad`."""
        off = 0
        if "discount" in self.at:
            # A total tells by itself what went off.
            off = discounts.off(
                self.cells, self.raw("discount", row), gross if gross is not None else total,
                pieces=1 if total is not None else abs(quantity or 1),
                by_percent=self._by_percent,
            )  # fmt: skip
        if total is None:
            if gross is None:
                raise RowTotalMissing()
            return gross - off
        if off and total == (total if gross is None else gross):
            answer = self.asks.settle(
                "net" if gross is not None else "less", self.cells.line,
                column=self.cells.heading("total"),
                example=money.rupiah(total) + " − " + money.rupiah(off),
            )  # fmt: skip
            return total - off if answer == "off" else total
        if gross is None:
            return total
        differs = total - (gross - off)
        if differs * (1 if gross >= 0 else -1) > _ROUNDED:
            # More than the goods cost: the total of a receipt beside each of its lines, perhaps.
            answer = self.asks.settle(
                "whole", self.cells.line, column=self.cells.heading("total"),
                example=f"{money.rupiah(total)}, {money.rupiah(gross - off)}",
            )  # fmt: skip
            if answer != "total":
                if answer:
                    self.cells.remarks["lines", "total"] += 1
                return gross - off
        if abs(differs) > 1:
            self.cells.remarks["total", "total"] += 1
        return total

    def certain(self) -> Mapping[str, str]:
        """Which order of day and month the file itself tells; what it leaves open is asked."""
        found = dict(super().certain())
        month_first = self.days.certain()
        if example := self.days.short() or self.days.short_year:
            self.asks.settle("years", self.plan.line, example=example)
        elif month_first is not None and month_first != self.days.month_first:
            if not self.asks.said("dates"):
                found["dates"] = "month" if month_first else "day"
        elif example := self.days.doubtful():
            self.asks.settle("dates", self.plan.line, example=example)
        self._groups.ask()
        self._receipts.ask()
        if example := self.days.mixed_up():
            self.asks.settle("swapped", self.plan.line, example=example)
        return found
