"""Import of customers: known by any of their numbers, all or nothing, with a preview."""

from collections.abc import Callable, Mapping
from typing import Any

from crm_tui.errors import Problem
from crm_tui.shop.customers import people
from crm_tui.shop.gate import money, settings
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.phones import e164, with_zero
from crm_tui.shop.imports import tables
from crm_tui.shop.imports.errors import (
    RowConsentBad,
    RowNumberBad,
    RowPhoneBad,
    RowPhoneMissing,
    RowPhonesOfTwo,
    RowPhoneTwice,
    RowTextLong,
)
from crm_tui.shop.imports.staging import Difference, Kind, Preview, Staged, Staging

MOST_TEXT = {"name": 80, "address": 200, "notes": 1000}
MOST_LIMIT = 10**12
COLUMNS = tables.Columns(
    needed=("name", "phone"),
    optional=("address", "notes", "credit_limit", "consent"),
    aliases={
        "nama": "name", "nama_pelanggan": "name", "telepon": "phone", "nomor": "phone",
        "no_hp": "phone", "hp": "phone", "no_telepon": "phone", "nomor_hp": "phone",
        "telp": "phone", "alamat": "address", "catatan": "notes", "kendaraan": "notes",
        "batas_piutang": "credit_limit", "promo": "consent", "mau_promo": "consent",
    },
)  # fmt: skip
_CONSENTS = {
    "ya": "yes", "yes": "yes", "y": "yes", "1": "yes", "tidak": "stopped", "no": "stopped",
    "stop": "stopped", "t": "stopped", "n": "stopped", "0": "stopped",
}  # fmt: skip
_WRITTEN = ("name", "address", "notes", "credit_limit")


class _Checker:
    def __init__(self, country: str) -> None:
        self._country = country
        self._seen: dict[str, int] = {}

    def __call__(self, row: tables.Row, headings: Mapping[str, str]) -> Staged | Problem:
        cells = row.cells
        texts = {}
        for column, most in MOST_TEXT.items():
            texts[column] = " ".join(cells.get(column, "").split()) or None
            if len(texts[column] or "") > most:
                return RowTextLong(column=headings.get(column, column), most=most)
        numbers: list[str] = []
        # Several numbers stand in one cell with / or ; or , between.
        for text in cells.get("phone", "").replace(";", "/").replace(",", "/").split("/"):
            if not text.strip():
                continue
            number = e164(with_zero(text), self._country)
            if number is None:
                return RowPhoneBad(value=text.strip())
            line = self._seen.setdefault(number, row.line)
            if line != row.line:
                return RowPhoneTwice(phone=number, line=line)
            numbers.append(number)
        if not numbers:
            return RowPhoneMissing()
        limit = None
        if text := cells.get("credit_limit", ""):
            limit = money.whole_number(text)
            if limit is None or limit > MOST_LIMIT:
                told = f"{MOST_LIMIT:,}".replace(",", ".")
                column = headings.get("credit_limit", "credit_limit")
                return RowNumberBad(column=column, value=text, most=told)
        consent = None
        if text := cells.get("consent", ""):
            consent = _CONSENTS.get(text.casefold())
            if consent is None:
                return RowConsentBad(column=headings.get("consent", "consent"), value=text)
        return (
            " ".join(dict.fromkeys(numbers)), texts["name"], texts["address"], texts["notes"],
            limit, consent,
        )  # fmt: skip


class Customers(Kind):
    """Customers and prospects; what a cell does not say stays as it is."""

    name = "customers"
    columns = COLUMNS
    staged = "phones TEXT, name TEXT, address TEXT, notes TEXT, credit_limit INTEGER, consent TEXT"

    def checker(self, ctx: Context) -> Callable[[tables.Row, Mapping[str, str]], Staged | Problem]:
        return _Checker(settings.COUNTRY(ctx))

    def preview(self, ctx: Context) -> tuple[Preview, list[tuple[int, Problem]]]:
        preview, refused = Preview(), list[tuple[int, Problem]]()
        for row in ctx.db.execute("SELECT * FROM aside.staged ORDER BY n"):
            holders = _holders(ctx, row["phones"])
            if len(holders) > 1:
                names = " / ".join(people.by_id(ctx, each).name or f"#{each}" for each in holders)
                refused.append((row["line"], RowPhonesOfTwo(names=names)))
            elif not holders:
                preview.new.append(row["name"] or row["phones"])
            elif differences := _differences(ctx, holders[0], row):
                preview.changed[row["name"] or row["phones"]] = differences
            else:
                preview.same += 1
        return preview, refused

    def begin(self, ctx: Context, staging: Staging) -> int:
        return _begin(ctx, staging)

    def merge(self, ctx: Context, file: str, after: int, upto: int) -> tuple[int, int]:
        new, before, now = 0, dict[str, object](), dict[str, object]()
        for row in ctx.db.execute(
            "SELECT * FROM aside.staged WHERE n > ? AND n <= ? ORDER BY n", (after, upto)
        ).fetchall():
            # Somebody may have merged or added customers since the preview: the first one counts.
            holder = next(iter(_holders(ctx, row["phones"])), None)
            if holder is None:
                holder = self._add(ctx, row)
                new += 1
            elif differences := _differences(ctx, holder, row):
                self._change(ctx, holder, row)
                before[f"customer {holder}"] = {k: pair[0] for k, pair in differences.items()}
                now[f"customer {holder}"] = {k: pair[1] for k, pair in differences.items()}
            else:
                continue
            for number in row["phones"].split():
                ctx.db.execute("INSERT OR IGNORE INTO phones VALUES (?, ?)", (number, holder))
            if row["consent"] and people.by_id(ctx, holder).consent != row["consent"]:
                people.write_consent(ctx, holder, row["consent"], file)
            ctx.changed("customers", holder)
        if now:
            ctx.record(f"import {file}", before, now)
        return new, len(now)

    def _add(self, ctx: Context, row: Any) -> int:
        made = ctx.db.execute(
            "INSERT INTO customers (name, address, notes, credit_limit, created_at)"
            " VALUES (?, ?, ?, ?, ?) RETURNING id",
            (row["name"] or "", row["address"] or "", row["notes"] or "", row["credit_limit"],
             ctx.at),
        ).fetchone()  # fmt: skip
        return int(made[0])

    def _change(self, ctx: Context, customer_id: int, row: Any) -> None:
        ctx.db.execute(
            "UPDATE customers SET own_name = own_name AND ? IS NULL, name = coalesce(?, name),"
            " address = coalesce(?, address), notes = coalesce(?, notes),"
            " credit_limit = coalesce(?, credit_limit), active = 1"
            " WHERE id = ?",
            (row["name"], *(row[each] for each in _WRITTEN), customer_id),
        )


def _holders(ctx: Context, phones: str) -> list[int]:
    """The customers who have one of these numbers."""
    found = (people.by_phone(ctx, number) for number in phones.split())
    return list(dict.fromkeys(each.id for each in found if each is not None))


def _differences(ctx: Context, customer_id: int, row: Any) -> Difference:
    known = ctx.db.execute("SELECT * FROM customers WHERE id = ?", (customer_id,)).fetchone()
    changes: Difference = {
        each: (known[each], row[each])
        for each in (*_WRITTEN, "consent")
        if row[each] is not None and row[each] != known[each]
    }
    phones = people.phones(ctx, customer_id)
    more = [each for each in row["phones"].split() if each not in phones]
    if more:
        changes["phone"] = (", ".join(phones), ", ".join((*phones, *more)))
    if not known["active"]:
        changes["active"] = (0, 1)
    return changes


@command("imports.customers", "customers.edit")
def _begin(ctx: Context, staging: Staging) -> int:
    """Begin to take customers in."""
    return staging.write_begin(ctx)


KIND = Customers()
