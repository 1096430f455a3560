"""What a file was understood to be, before its rows are read: sheet, headings, columns."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from crm_tui.errors import N_
from crm_tui.shop.imports import counted_in, dates, heading_rows, headings, side_by_side
from crm_tui.shop.imports.cells import plain
from crm_tui.shop.imports.errors import (
    AnswerUnknown,
    ColumnsMissing,
    ColumnsUnnamed,
    ColumnUnknown,
    FileEmpty,
    FileTooWide,
    FileUnparted,
    ItemsWithoutCodes,
    SalesWithoutDays,
)
from crm_tui.shop.imports.questions import Asks, Choices
from crm_tui.shop.imports.source import Line, Source

LABELS = {
    "code": N_("Code"), "name": N_("Name"), "unit": N_("Unit"), "price": N_("Price"),
    "cost": N_("Cost"), "stock": N_("Stock"), "category": N_("Category"), "barcode": N_("Barcode"),
    "other_names": N_("Other names"), "reorder_level": N_("Reorder at"), "phone": N_("Phone"),
    "address": N_("Address"), "notes": N_("Notes"), "credit_limit": N_("Credit limit"),
    "consent": N_("Promos"), "date": N_("Date"), "quantity": N_("Count"),
    "discount": N_("Discount"), "total": N_("Total"), "status": N_("Status"), "item": N_("Item"),
}  # fmt: skip
"""Fields as people see them."""


_SHOWN = 3
_SHORTEST_NUMBER = 5


@dataclass(frozen=True)
class Columns:
    """The fields of a kind of file. `needed`: of each group of fields one must be there."""

    kind: str
    names: Sequence[str]
    needed: Sequence[Sequence[str]]

    def field(self, told: str) -> str:
        """The field that somebody means, by its own name or by what stands above such columns:
        "harga" is the price; "" if it is none."""
        if told in self.names:
            return told
        meanings, sure = headings.aliases(self.kind).meanings(told)
        return meanings[0] if sure else ""


@dataclass
class Plan:
    """What was understood of a file. Columns count from 0, lines as a spreadsheet numbers them.

    `fields`: what each column is, None if it is not taken; `missing`: fields that must be there.
    """

    file: str
    form: str
    encoding: str
    separator: str
    sheet: str
    line: int
    headings: list[str]
    fields: list[str | None]
    missing: list[str] = field(default_factory=list)
    rivals: Mapping[str, Sequence[int]] = field(default_factory=dict)
    before: Mapping[str, int] = field(default_factory=dict)
    """Columns that belong before a field's: a country's code."""
    instead: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Columns that count for a field where that is empty."""
    kind: str = ""
    scaled: bool = False
    """Whether a title says that amounts are in thousands."""
    tables: Sequence[int] = ()
    """Where the tables begin that stand side by side; columns count from there."""
    begins: int = 0
    """Where the one begins that is being read."""
    by_titles: bool = False
    """Whether lines above others tell their day, for want of a column; `day_above` the headings."""
    day_above: object = None

    @property
    def places(self) -> dict[str, int]:
        """The column of each field, the first one if there are several."""
        there = reversed(list(enumerate(self.fields)))
        return {name: column for column, name in there if name is not None}

    def columns_of(self, name: str) -> list[int]:
        """All columns of a field."""
        return [column for column, each in enumerate(self.fields) if each == name]

    def heading(self, name: str) -> str:
        """What stands above a field, or its name."""
        at = self.places.get(name)
        return name if at is None else self.headings[at] or name

    @property
    def not_taken(self) -> list[str]:
        """The headings of the columns that are no field."""
        there = enumerate(zip(self.headings, self.fields, strict=True))
        used = {*self.before.values(), *(at for each in self.instead.values() for at in each)}
        return [
            heading for at, (heading, name) in there if name is None and heading and at not in used
        ]

    @property
    def lack(self) -> ColumnsMissing | None:
        """What is told of the fields that are missing."""
        if not self.missing:
            return None
        if self.kind == "items" and self.missing == ["code"] and "name" in self.places:
            return ItemsWithoutCodes(file=self.file)
        if self.kind == "sales" and self.missing == ["date"]:
            return SalesWithoutDays(file=self.file)
        known = headings.aliases(self.kind).known_as
        told = ", ".join(map(known, self.missing))
        lack = ColumnsUnnamed if self.places and self.not_taken else ColumnsMissing
        return lack(file=self.file, columns=told)

    @property
    def signature(self) -> str:
        """Files with the same headings have the same one."""
        return "\n".join(self.headings)


def planned(columns: Columns, source: Source, file: str, choices: Choices, asks: Asks) -> Plan:
    """What the file is. What is open (sheet, columns) is asked. Raises `FileEmpty`, `FileUnparted`,
    `ColumnUnknown`."""
    sheet, top = _sheet(columns, source, file, choices, asks)
    heading_row = heading_rows.found(columns.kind, [cells for _, cells in top])
    if heading_row is None:
        _refuse_unparted(columns, source, file, top)
        # A person may say what the columns are, if a line could be one of headings.
        at = max(range(len(top)), key=lambda each: _words(top[each][1]))
        titles: Sequence[str] = top[at][1]
        groups: Sequence[str] = ()
    else:
        at, titles, groups = heading_row.at, heading_row.headings, heading_row.groups
    columns_told = list(titles)
    while columns_told and not columns_told[-1]:
        columns_told.pop()
    starts, wide = side_by_side.tables(columns.kind, columns.needed[0][0], columns_told)
    if starts:
        answer = asks.settle("tables", top[at][0], "all", tables=len(starts))
        starts = starts if answer == "all" else starts[:1]
        within = slice(starts[0], starts[0] + wide)
        top = [(line, cells[within]) for line, cells in top]
        titles = columns_told = columns_told[within]
        groups = groups[within]
    for column, name in choices.columns.items():
        if not 0 <= column < len(columns_told) or (name and name not in columns.names):
            raise ColumnUnknown(column=column + 1, field=name)
    decided = _decided(columns, columns_told, choices)
    meaning = headings.mapped(columns.kind, columns_told, decided, groups)
    _leave_numbering(columns.kind, meaning.fields, titles, top[at + 1 :], decided)
    above = [
        cell for _, cells in top[: at if heading_row is not None else 0] for cell in cells if cell
    ]
    if columns.kind == "sales":
        told = headings.title("unsold", above) or headings.of_purchases(columns_told)
        if told:
            asks.settle("unsold", top[at][0], example=told)
    elif columns.kind == "items":
        _doubt_moved(meaning, columns_told, above, decided)
        if counted_in.by_packs(above):
            _doubt_packs(meaning, decided)
    for name, column in meaning.unsure.items():
        answer = asks.settle(
            f"sure:{name}", top[at][0], column=titles[column], field=LABELS[name],
            example=_below(top[at + 1 :], column),
        )  # fmt: skip
        if answer == "yes":
            meaning.fields[column] = name
    for key, column in meaning.either.items():
        answer = asks.settle(
            key, top[at][0], column=titles[column], example=_below(top[at + 1 :], column)
        )
        if answer in columns.names:
            meaning.fields[column] = answer
    plan = Plan(
        file, source.form, source.encoding, source.separator, sheet, top[at][0], columns_told,
        meaning.fields, rivals=meaning.rivals, before=meaning.before, instead=meaning.instead,
        kind=columns.kind, tables=starts, scaled=counted_in.scaled(above),
    )  # fmt: skip
    for name, rivals in meaning.rivals.items():
        answers = {
            _unlike(columns_told, each): _examples(titles, top[at + 1 :], each) for each in rivals
        }
        asks.ask(f"column:{name}", answers, field=LABELS[name])
    there = {*plan.places, *meaning.rivals}
    there.update(name for name in meaning.unsure if not asks.said(f"sure:{name}"))
    there.update(key.partition(":")[2] for key in meaning.either if not asks.said(key))
    plan.missing = [each[0] for each in columns.needed if not there.intersection(each)]
    if columns.kind == "sales" and plan.missing == ["date"] and heading_row is not None:
        _take_days_of_titles(plan, top, at, asks)
    return plan


def _take_days_of_titles(
    plan: Plan, top: Sequence[tuple[int, Sequence[str]]], at: int, asks: Asks
) -> None:
    """A day's page has its day above, and no column of it; that it is that is asked."""
    days = [(line, dates.titled(cells)) for line, cells in top]
    above = [day for line, day in days[:at] if day is not None]
    first = next(((line, day) for line, day in days if day is not None), None)
    if first is None:
        return
    line, day = first
    asks.settle("titled", line, example=plain(day))
    plan.by_titles, plan.missing = True, []
    plan.day_above = above[-1] if above else None


def _doubt_moved(
    meaning: headings.Meaning, told: Sequence[str], above: Sequence[str], decided: Collection[int]
) -> None:
    """“Qty” below “Faktur Pembelian” is hardly what is there, nor “Harga” what the shop takes."""
    known = headings.aliases("items")
    for name, titles in (("stock", "moved"), ("price", "bought")):
        if name not in meaning.fields or not headings.title(titles, above):
            continue
        column = meaning.fields.index(name)
        if column in decided or (name == "price" and "cost" in meaning.fields):
            continue
        if name == "stock" and known.meanings(told[column])[1]:
            continue
        meaning.fields[column] = None
        if name == "stock":
            meaning.unsure[name] = column
        else:
            meaning.either["money:price"] = column


def _doubt_packs(meaning: headings.Meaning, decided: Collection[int]) -> None:
    """Below “HARGA PER LUSIN” no price is that of a piece."""
    for name in ("price", "cost", "stock"):
        if name in meaning.fields and (column := meaning.fields.index(name)) not in decided:
            meaning.fields[column] = None
            meaning.unsure[name] = column


def _leave_numbering(
    kind: str, fields: list[str | None], titles: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]], decided: Collection[int],
) -> None:  # fmt: skip
    """“Nomor” may be a telephone's, or count the lines."""
    known = headings.aliases(kind)
    for column, name in enumerate(fields):
        if name != "phone" or column in decided or known.meanings(titles[column])[1]:
            continue
        told = [cells[column] for _, cells in rows if column < len(cells) and cells[column]]
        if told and all(sum(map(str.isdigit, each)) < _SHORTEST_NUMBER for each in told):
            fields[column] = None


def _refuse_unparted(
    columns: Columns, source: Source, file: str, top: Sequence[tuple[int, Sequence[str]]]
) -> None:
    """Raises `FileUnparted` if headings stand in one cell: blanks part them."""
    known = headings.aliases(columns.kind)
    if source.form == "csv" and all(len(cells) == 1 for _, cells in top):
        for _, (cell,) in top:
            if sum(bool(known.meanings(each)[0]) for each in cell.split()) > 1:
                raise FileUnparted(file=file)


def _words(cells: Sequence[str]) -> int:
    return sum(bool(cell) and not cell[:1].isdigit() for cell in cells)


def _examples(told: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], column: int) -> str:
    """A heading with the first things below it, by which a person knows the column."""
    cells = _below(rows, column)
    return f"{told[column]}: {cells}" if cells else told[column]


def _below(rows: Sequence[tuple[int, Sequence[str]]], column: int) -> str:
    cells = [cells[column] for _, cells in rows if column < len(cells) and cells[column]]
    return f"{', '.join(cells[:_SHOWN])} …" if cells else ""


def _unlike(told: Sequence[str], column: int) -> str:
    """A heading, with its place if another column has the same."""
    heading = told[column]
    return heading if told.count(heading) == 1 else f"{heading} #{column + 1}"


def _decided(columns: Columns, told: Sequence[str], choices: Choices) -> dict[int, str]:
    """What a person said the columns are, by column; of rivals the others are not taken. What was
    chosen of a column outdoes what was answered about it."""
    decided = dict(choices.columns)
    chosen = set(decided.values())
    names = [_unlike(told, column) for column in range(len(told))]
    for key, answer in choices.answers.items():
        room, _, name = key.partition(":")
        if room != "column" or name not in columns.names:
            continue
        if answer not in names:
            raise AnswerUnknown(answer=answer)
        if name not in chosen:
            decided.setdefault(names.index(answer), name)
    return decided


def unanswered(
    columns: Mapping[int, str], told: Sequence[str], answers: Mapping[str, str]
) -> dict[int, str]:
    """What was chosen of columns for an earlier file, but for those that are answered about now."""
    names = [_unlike(told, column) for column in range(len(told))]
    now = {
        key.partition(":")[2]: answer
        for key, answer in answers.items() if key.startswith("column:")
    }  # fmt: skip
    return {
        at: name
        for at, name in columns.items()
        if name not in now and names[at] not in now.values()
    }


def _sheet(
    columns: Columns, source: Source, file: str, choices: Choices, asks: Asks
) -> tuple[str, list[tuple[int, list[str]]]]:
    """The sheet with the headings, and its first rows as text."""
    tops: dict[str, list[tuple[int, list[str]]]] = {}
    scores: dict[str, int] = {}
    whole = set[str]()
    for sheet in source.sheets:
        top = _top(source.rows(sheet), file)
        if not top:
            continue
        tops[sheet] = top
        found = heading_rows.found(columns.kind, [cells for _, cells in top])
        if found is not None and top[-1][0] > top[found.at][0]:
            scores[sheet] = found.score
            if _is_whole(columns, found.headings):
                whole.add(sheet)
    if not tops:
        raise FileEmpty(file=file)
    most = max(scores.values(), default=0)
    # A month's page with a column less is one of the book, too.
    best = [
        sheet for sheet, score in scores.items()
        if score == most or (sheet in whole and 2 * score > most)
    ]  # fmt: skip
    if choices.sheet in tops:
        return choices.sheet, tops[choices.sheet]
    if len(best) > 1:
        asks.ask("sheet", {each: each for each in best}, file=file)
    sheet = best[0] if best else next(iter(tops))
    return sheet, tops[sheet]


def _is_whole(columns: Columns, told: Sequence[str]) -> bool:
    """Whether a sheet with these headings could be taken in by itself."""
    meaning = headings.mapped(columns.kind, told, {})
    names = {*meaning.fields, *meaning.rivals, *meaning.unsure}
    return not any(names.isdisjoint(each) for each in columns.needed)


_MOST_COLUMNS = 2_000
"""What a column means is thought about long, and compared with the others."""


def _top(rows: Iterator[Line], file: str) -> list[tuple[int, list[str]]]:
    """The rows among the first ones of the sheet, and one behind them. Raises `FileTooWide`."""
    top: list[tuple[int, list[str]]] = []
    for line, cells in islice(rows, heading_rows.ROWS + 1):
        if len(cells) > _MOST_COLUMNS:
            raise FileTooWide(file=file, count=len(cells), most=_MOST_COLUMNS)
        top.append(
            (line, [plain(cell) if isinstance(cell, str) else _typed(cell) for cell in cells])
        )
        if line > heading_rows.ROWS:
            break
    return top


def _typed(cell: object) -> str:
    if isinstance(cell, date):
        return plain(cell)
    return "" if cell is None else "0" if not isinstance(cell, int | float) else str(cell)
