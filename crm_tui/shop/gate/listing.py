"""Long lists, a page at a time: sorted, in parts, searched; each page begins where the last ended.

A page is found by the key of a row (keyset), never by its number, so that the ten-thousandth costs
what the first does, and rows that come or go move no others.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crm_tui import sqlite
from crm_tui.shop.gate.context import Context

Key = tuple[str | int, int]
"""What a row is sorted by, and its id."""


@dataclass(frozen=True)
class Line:
    """A row of a listing; `values` by the listing's column names."""

    key: Key
    values: Mapping[str, str | int | None]

    @property
    def id(self) -> int:
        return self.key[1]


@dataclass(frozen=True)
class Sort:
    """An order of rows: a NULL-free expression, with the row's id behind it; `indexed` if that is no
    column and an index is made of it."""

    label: str
    expression: str
    descending: bool = False
    indexed: bool = False


@dataclass(frozen=True)
class Part:
    """Some of the rows: a condition of ours, which may name :fields of the view's `given`. `sort` is
    the order in which they are shown first, "" for the list's own."""

    label: str
    condition: str
    sort: str = ""


@dataclass(frozen=True)
class Listing:
    """A list declared once: SQL of ours over tables of ours; its first sort and part are default.

    `search` are expressions in which each typed word must be found; `phones` one that holds E.164
    numbers, which are found by their digits however they are typed. `spelling` names the words that a
    word with a typo may stand for.
    """

    columns: str
    source: str
    id: str
    sorts: Mapping[str, Sort]
    parts: Mapping[str, Part]
    search: Sequence[str] = ()
    phones: str = ""
    spelling: Callable[[Context, str], Sequence[str]] = lambda ctx, word: ()


@dataclass(frozen=True)
class View:
    """What is looked at: names of a sort and a part, the words searched for, and :fields."""

    sort: str
    part: str
    search: str = ""
    given: Mapping[str, str | int] = field(default_factory=dict)


def _pattern(word: str) -> str:
    return "%" + re.sub(r"([%_\\])", r"\\\1", word) + "%"


def _digits(word: str) -> str:
    """The digits by which a number is found, if the word may be one; "" if not."""
    digits = re.sub(r"\D", "", word)
    if len(digits) < 3 or re.search(r"[^\d+().-]", word):
        return ""
    # 0812… at the counter is +62812… in the store.
    return re.sub(r"^(?:0062|62|0)(?=8)", "", digits)


def holds(search: str, values: Iterable[str]) -> bool:
    """Whether each typed word is in one of these values, as in a listing; numbers however typed."""
    told = " ".join(values).casefold()
    return all(
        word in told or (_digits(word) and _digits(word) in told)
        for word in search.casefold().split()
    )


def _words(ctx: Context, listing: Listing, search: str) -> tuple[str, dict[str, str]]:
    """The condition for what was typed: each word somewhere, case and order aside."""
    conditions: list[str] = []
    meant: list[str] = []
    values: dict[str, str] = {}
    for number, word in enumerate(search.split()):
        others = listing.spelling(ctx, word)
        places = []
        for other, each in enumerate(others or [word]):
            name = f"word{number}_{other}"
            values[name] = _pattern(each)
            places += [f"{place} LIKE :{name} ESCAPE '\\'" for place in listing.search]
        digits = _digits(word)
        if listing.phones and digits:
            values[f"digits{number}"] = "%" + digits + "%"
            places.append(f"{listing.phones} LIKE :digits{number}")
        # What takes longer to look for comes last: most rows are out by then.
        (meant if others else conditions).append(f"({' OR '.join(places) or 'FALSE'})")
    conditions += meant
    return " AND ".join(conditions), values


def _where(ctx: Context, listing: Listing, view: View) -> tuple[str, dict[str, str | int]]:
    words, values = _words(ctx, listing, view.search)
    part = listing.parts[view.part].condition
    conditions = [f"({part})" if part else "", words]
    return " AND ".join(each for each in conditions if each) or "TRUE", {**view.given, **values}


def page(
    ctx: Context,
    listing: Listing,
    view: View,
    *,
    after: Key | None = None,
    before: Key | None = None,
    last: bool = False,
    including: bool = False,
    limit: int = 100,
) -> list[Line]:
    """Up to `limit` rows, in order: the first ones, those `after` or `before` a key, or the `last`.

    With `including` the row of that key itself is among them, if it is still there.
    """
    where, values = _where(ctx, listing, view)
    sort = listing.sorts[view.sort]
    backwards = last or before is not None
    key = after if after is not None else before
    keyed = f"{sort.expression}, {listing.id}"
    if sort.expression == listing.id:
        keyed = listing.id
    if key is not None:
        sign = "<" if sort.descending is not backwards else ">"
        sign += "=" if including else ""
        edge = ":key_id" if keyed == listing.id else ":key_sort, :key_id"
        where += f" AND ({keyed}) {sign} ({edge})"
        if sort.indexed:
            # Said twice, for an index on an expression is found by a comparison of its own alone.
            where += f" AND {sort.expression} {sign[0]}= :key_sort"
        values |= {"key_sort": key[0], "key_id": key[1]}
    direction = "DESC" if sort.descending is not backwards else "ASC"
    order = ", ".join(
        f"{each} {direction}" for each in dict.fromkeys((sort.expression, listing.id))
    )
    rows = ctx.db.execute(
        f"SELECT {listing.columns}, {sort.expression} AS _sort, {listing.id} AS _id"  # noqa: S608
        f" FROM {listing.source} WHERE {where} ORDER BY {order} LIMIT :_limit",
        {**values, "_limit": limit},
    ).fetchall()
    if backwards:
        rows.reverse()
    return [_line(row) for row in rows]


def _line(row: sqlite.Row) -> Line:
    values = dict(row)
    return Line((values.pop("_sort"), values.pop("_id")), values)


def count(ctx: Context, listing: Listing, view: View, before: Key | None = None) -> int:
    """How many rows there are, or how many of them stand before a key."""
    where, values = _where(ctx, listing, view)
    sort = listing.sorts[view.sort]
    if before is not None:
        sign = ">" if sort.descending else "<"
        where += f" AND ({sort.expression}, {listing.id}) {sign} (:key_sort, :key_id)"
        if sort.indexed:
            where += f" AND {sort.expression} {sign}= :key_sort"
        values |= {"key_sort": before[0], "key_id": before[1]}
    row = ctx.db.execute(
        f"SELECT count(*) FROM {listing.source} WHERE {where}",  # noqa: S608
        values,
    ).fetchone()
    return int(row[0])


def one(ctx: Context, listing: Listing, view: View, row_id: int) -> Line | None:
    """The row with this id as it is now, if the view still holds it."""
    where, values = _where(ctx, listing, view)
    row = ctx.db.execute(
        f"SELECT {listing.columns}, {listing.sorts[view.sort].expression} AS _sort,"  # noqa: S608
        f" {listing.id} AS _id FROM {listing.source} WHERE {where} AND {listing.id} = :_row",
        {**values, "_row": row_id},
    ).fetchone()
    return None if row is None else _line(row)


def every(ctx: Context, listing: Listing, view: View) -> Iterator[dict[str, str | int | None]]:
    """All rows in their order, one by one, by column name; memory does not grow with them."""
    where, values = _where(ctx, listing, view)
    sort = listing.sorts[view.sort]
    direction = "DESC" if sort.descending else "ASC"
    order = ", ".join(
        f"{each} {direction}" for each in dict.fromkeys((sort.expression, listing.id))
    )
    cursor = ctx.many(
        f"SELECT {listing.columns} FROM {listing.source} WHERE {where} ORDER BY {order}",  # noqa: S608
        values,
    )
    names = [each[0] for each in cursor.description]
    # Rows as plain tuples: there may be very many.
    cursor.row_factory = None
    while rows := cursor.fetchmany(2000):
        for row in rows:
            yield dict(zip(names, row, strict=True))


def lacking(ctx: Context, listing: Listing, view: View, key: str, of: str) -> int:
    """In how many rows a column is empty though another one, a number, is not nothing."""
    where, values = _where(ctx, listing, view)
    row = ctx.db.execute(
        f"SELECT count(*) FROM (SELECT {listing.columns} FROM {listing.source} WHERE {where})"  # noqa: S608
        f' WHERE "{key}" IS NULL AND "{of}" <> 0',
        values,
    ).fetchone()
    return int(row[0])


def totals(ctx: Context, listing: Listing, view: View, keys: Sequence[str]) -> dict[str, int]:
    """How many rows there are ("count"), and the sum of each of these columns; those that are unknown
    in every row are left out."""
    where, values = _where(ctx, listing, view)
    sums = "".join(f', sum("{key}") AS "{key}"' for key in keys)
    row = ctx.db.execute(
        f'SELECT count(*) AS "count"{sums} FROM'  # noqa: S608
        f" (SELECT {listing.columns} FROM {listing.source} WHERE {where})",
        values,
    ).fetchone()
    # The sum of nothing is nothing; but where no row knows its value, nobody knows the sum.
    known = {key: row[key] for key in keys if row["count"] == 0 or row[key] is not None}
    return {"count": int(row["count"]), **{key: int(value or 0) for key, value in known.items()}}
