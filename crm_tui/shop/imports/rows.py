"""Reading the rows below the headings: which are records, and which stand there for people only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from crm_tui.errors import N_, Problem
from crm_tui.shop.imports import counted_in, headings
from crm_tui.shop.imports.cells import Cells, plain
from crm_tui.shop.imports.errors import ImportProblem, RowOtherHeadings, RowTooLong
from crm_tui.shop.imports.headings import aliases, sum_row
from crm_tui.shop.imports.numbers import number
from crm_tui.shop.imports.planning import Plan
from crm_tui.shop.imports.questions import Asks
from crm_tui.shop.imports.source import Source

Staged = Sequence[object]

LEFT = {
    "total": N_("{count} lines are totals ({lines})"),
    "title": N_("{count} lines are titles or notes ({lines})"),
    "heading": N_("{count} lines repeat the headings ({lines})"),
    "repeated": N_("{count} lines say the same as an earlier one ({lines})"),
    "no_phone": N_("{count} lines have no number ({lines})"),
    "service": N_("{count} lines have a number of a service ({lines})"),
    "twice": N_("{count} lines have a number of an earlier line ({lines})"),
    "unknown": N_("{count} lines name items that are not in the shop ({lines})"),
    "again": N_("{count} lines are in the shop already ({lines})"),
    "below": N_("{count} lines are of another table below ({lines})"),
    "alike": N_("{count} lines are in the shop already, with other columns ({lines})"),
    "hidden": N_("{count} lines are hidden in the spreadsheet ({lines})"),
    "struck": N_("{count} lines are struck through in the spreadsheet ({lines})"),
    "spelt": N_("{count} lines have codes that the shop writes otherwise ({lines})"),
    "off_sale": N_("{count} lines are items that are not sold any more ({lines})"),
    "no_item": N_("{count} lines name no item of the shop ({lines})"),
    "no_date": N_("{count} lines have no date ({lines})"),
    "bare": N_("{count} lines have a code, and nothing else ({lines})"),
    "receipt": N_("{count} lines go on with a receipt whose total was counted ({lines})"),
    "nothing": N_("{count} lines sold nothing, for Rp0 ({lines})"),
    "cancelled": N_("{count} lines were cancelled ({lines})"),
}
"""Why lines are left out."""
_NAMED, _NOTES = 5, 5
_WHAT = ("code", "name", "phone")
_HEADINGS = 3
"""So many of them are no line of a list."""


@dataclass
class Left:
    """The lines that are left out, by why: how many, and the first of them."""

    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def note(self, why: str, line: int) -> None:
        self.counts[why] = self.counts.get(why, 0) + 1
        first = self.lines.setdefault(why, [])
        if len(first) < _NAMED:
            first.append(line)


class Reader:
    """Reads the rows of one file into rows to be staged. A kind of file says how, in `record`.

    `key`: the field that each record has; `alone`: a row with nothing but one of these is no title.
    """

    key = ""
    alone: Sequence[str] = ()

    def __init__(self, plan: Plan, asks: Asks, country: str) -> None:
        self.plan, self.asks, self.left = plan, asks, Left()
        self.at = plan.places
        self.cells = Cells(
            {name: plan.headings[at] for name, at in self.at.items()}, asks, plan.file, country
        )
        self.hidden: Collection[int] = ()
        self.struck: Mapping[int, Collection[int]] = {}
        self._in_another = False
        known = aliases(plan.kind)
        self.cells.scaled = frozenset(
            name for name, at in self.at.items() if plan.scaled or known.scaled(plan.headings[at])
        )
        self._meanings = known.meanings
        self._least = max(self.at.values(), default=0) + 1
        self._wide = len(plan.headings) if plan.form == "csv" else 0
        self._above = [each.casefold() for each in plan.headings if each]

    def of_source(self, source: Source) -> None:
        """Look at what a spreadsheet shows of its lines, beside what stands in them."""
        self.hidden = source.hidden(self.plan.sheet)
        self.struck = source.struck(self.plan.sheet)

    def record(self, row: Sequence[object]) -> Staged | None:
        """The values to be staged of a row, None if it is left out. Raises a `Problem`."""
        raise NotImplementedError

    def is_sample(self, values: Staged) -> bool:
        """Whether a staged row shows how rows are stored."""
        return True

    def certain(self) -> Mapping[str, str]:
        """Behind the last row: answers that the file itself has given to what was doubtful on the way.
        It is read once more with them; what is still doubtful is asked.

        Where prices are written 85.000, a stock of 1.000 is a thousand.
        """
        self.cells.settle_scales(self.plan.line)
        if "." not in self.cells.forms.values():
            return {}
        return {
            question.key: "thousands"
            for question in self.asks.questions.values()
            if question.key.startswith("three:") and question.params["sign"] == "."
        }

    def raw(self, name: str, row: Sequence[object]) -> object:
        """The cell of a field, None if there is none."""
        at = self.at.get(name)
        return row[at] if at is not None else None

    def padded(self, row: Sequence[object]) -> Sequence[object]:
        """A row with a cell for each field: it may end before the columns do."""
        missing = self._least - len(row)
        return [*row, *[None] * missing] if missing > 0 else row

    def read(self, line: int, row: Sequence[object]) -> Staged | Problem | None:
        """The values to be staged; what is wrong with the row; or None if it is left out."""
        self.cells.line = line
        if self._in_another and self._is_of_another(row):
            return None
        if line - self.plan.line <= _NOTES and self._is_note(row):
            self.left.note("title", line)
            return None
        if line in self.hidden and self._passed_over("hidden", line):
            return None
        if line in self.struck and self._is_struck(line) and self._passed_over("struck", line):
            return None
        if len(row) < self._least:
            row = self.padded(row)
        elif self._wide and len(row) > self._wide and any(map(_filled, row[self._wide :])):
            return RowTooLong()
        try:
            return self.record(row)
        except Problem as problem:
            if self.leave_out(row):
                return None
            if isinstance(problem, ImportProblem):
                raise
            if self._begins_another(row):
                if not self._goes_on(row):
                    return RowOtherHeadings()
                self.left.note("heading", line)
                return None
            self._in_another = self._begins_other_things(row)
            if self._in_another:
                self.titled_another()
            return None if self._in_another and self._is_of_another(row) else problem

    def titled_another(self) -> None:
        """The titles above this line were those of another table."""

    def _goes_on(self, row: Sequence[object]) -> bool:
        """Whether headings in other words stand above the same columns."""
        return all(
            not _filled(cell) or (self._meanings(plain(cell))[0][:1] == (name,))
            for cell, name in zip(row, self.plan.fields, strict=False) if name is not None
        )  # fmt: skip

    def _is_of_another(self, row: Sequence[object]) -> bool:
        """Whether a line below the headings of another table is one of it: it is until the first one
        goes on."""
        told = [plain(cell) for cell in row if _filled(cell)]
        if [each.casefold() for each in told] == self._above:
            self._in_another = False
        elif told and self.asks.settle("below", self.cells.line, first=self.cells.line,
                                       example=", ".join(told)[:60]):  # fmt: skip
            self.left.note("below", self.cells.line)
        return self._in_another

    def _begins_other_things(self, row: Sequence[object]) -> bool:
        """Whether these are headings of a table of something else, below this one: suppliers, below
        items."""
        told = [plain(cell) for cell in row if _filled(cell)]
        if len(told) < _HEADINGS or any(map(_figures, told)):
            return False
        return 2 * sum(map(headings.is_known, told)) > len(told)

    def _passed_over(self, why: str, line: int) -> bool:
        """Whether a line that is hidden or struck through is left out, or that is open."""
        answer = self.asks.settle(why, line, first=line)
        if answer == "leave":
            self.left.note(why, line)
        return answer != "take"

    def _is_struck(self, line: int) -> bool:
        """Whether what the line is about is struck through, and not only its old price."""
        columns = [self.at[name] for name in (self.key, *_WHAT) if name in self.at]
        return any(self.plan.begins + column in self.struck[line] for column in columns)

    def _is_note(self, row: Sequence[object]) -> bool:
        """Whether the line tells what is to be written below, as forms have it: “Wajib diisi”."""
        told = [headings.words(each) for each in row if isinstance(each, str) and each]
        if not any(each.startswith(headings.notes()) for each in told):
            return False
        amounts = (plain(self.raw(name, row)) for name in self.at if name in headings.NUMBERS)
        return not any(number(each, money=True) for each in amounts)

    def _begins_another(self, row: Sequence[object]) -> bool:
        """Whether these are the headings of another table, in another order."""
        told = [plain(cell) for cell in row if _filled(cell)]
        names = {self._meanings(each)[0][:1] for each in told}
        return len(told) > 1 and () not in names and len(names) == len(told)

    def leave_out(self, row: Sequence[object]) -> bool:
        """Whether a row that is no record stands there for people: a total, a title, headings again."""
        if why := self.why_left(row):
            self.left.note(why, self.cells.line)
            if why == "title":
                self._doubt_note(shown(row))
        return why is not None

    def _doubt_note(self, text: str) -> None:
        """“Harga dalam ribuan” below the list is true of all of it."""
        packs = self.plan.kind == "items" and counted_in.by_packs([text])
        if packs or counted_in.scaled([text]):
            self.asks.settle("noted", self.cells.line, example=text)

    def why_left(self, row: Sequence[object]) -> str | None:
        """The same by its name in `LEFT`, "" for a blank row; None if it may be a record."""
        key = plain(self.raw(self.key, row))
        told = [plain(cell) for cell in row if _filled(cell)]
        if not told:
            return ""
        if (not key or sum_row().match(key)) and any(sum_row().match(each) for each in told):
            return "total"
        if len(told) == 1 and not any(_filled(self.raw(each, row)) for each in self.alone):
            return "title"
        if [each.casefold() for each in told] == self._above:
            return "heading"
        if "name" in self.at and not self.raw("name", row) and not any(map(_figures, told)):
            # "Dibuat oleh … Mengetahui …": no record is without a name and without a figure.
            return "title"
        return None


def _figures(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _filled(cell: object) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def shown(row: Sequence[object]) -> str:
    """A row by which a person knows it."""
    return ", ".join(plain(each) for each in row if each)[:60]
