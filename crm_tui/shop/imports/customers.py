"""Import of customers: known by any of their numbers, all or nothing, with a preview."""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from crm_tui.errors import Problem
from crm_tui.shop.customers import people
from crm_tui.shop.customers.cards import MOST_ADDRESS, MOST_NAME, MOST_NOTES
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports.cells import plain
from crm_tui.shop.imports.errors import (
    RowConsentBad,
    RowPhoneBad,
    RowPhoneMissing,
    RowPhonesOfTwo,
)
from crm_tui.shop.imports.known_people import Known, KnownPeople, by_lots
from crm_tui.shop.imports.planning import Columns, Plan
from crm_tui.shop.imports.questions import Asks
from crm_tui.shop.imports.rows import Reader, Staged
from crm_tui.shop.imports.staging import Difference, Kind, Preview, Staging
from crm_tui.shop.messages import noticing

MOST_TEXT = {"name": MOST_NAME, "address": MOST_ADDRESS, "notes": MOST_NOTES}
MOST_LIMIT = 10**12
COLUMNS = Columns(
    "customers", ("name", "phone", "address", "notes", "credit_limit", "consent"),
    needed=(("name",), ("phone",)),
)  # fmt: skip
_CONSENTS = {
    "ya": "yes", "yes": "yes", "y": "yes", "1": "yes", "tidak": "stopped", "no": "stopped",
    "stop": "stopped", "stopped": "stopped", "berhenti": "stopped", "t": "stopped", "n": "stopped",
    "0": "stopped", "true": "yes", "false": "stopped", "unknown": "", "belum": "", "belum tahu": "",
    "tidak diketahui": "", "not known": "", "said stop": "stopped", "ok": "yes", "oke": "yes",
    "v": "yes", "✓": "yes", "√": "yes",
    "mau": "yes", "setuju": "yes", "boleh": "yes", "bersedia": "yes", "iya": "yes", "tdk": "stopped",
    "tidak mau": "stopped", "tdk mau": "stopped", "jangan": "stopped", "gak": "stopped",
    "ga": "stopped", "nggak": "stopped", "tidak setuju": "stopped",
}  # fmt: skip
_GUARDED = {"credit_limit": "customers.credit", "consent": "customers.consent",
            "phone": "customers.merge"}  # fmt: skip
"""Columns with a permission of their own; phone: numbers for customers who are there already, whose
holder is that customer from then on, for files send no notices, and more than notices go to."""
_SERVICE = re.compile(r"\d{3,5}|[*#][\d*#]+#")
_WORDS = ("credit_limit", "consent")
"""Those of them that stand in a column of the rows."""
_WRITTEN = ("name", "address", "notes", "credit_limit")


class CustomerReader(Reader):
    """Reads lines of customers."""

    key = "phone"
    alone = ("name", "phone")

    def __init__(self, plan: Plan, asks: Asks, country: str) -> None:
        super().__init__(plan, asks, country)
        self._seen: dict[str, tuple[int, int]] = {}
        self._numbers = plan.columns_of("phone")
        self._names = plan.columns_of("name")
        self._instead = plan.instead.get("name", ())

    def record(self, row: Sequence[object]) -> Staged | None:
        cells, raw = self.cells, self.raw
        texts = {
            name: cells.bounded(name, raw(name, row), most) or None
            for name, most in MOST_TEXT.items()
        }
        if len(self._names) > 1:
            whole = " ".join(cells.text("name", row[at]) for at in self._names if at < len(row))
            texts["name"] = cells.bounded("name", whole, MOST_NAME) or None
        if texts["name"] is None:
            others = (cells.text("name", row[at]) for at in self._instead if at < len(row))
            texts["name"] = cells.bounded("name", next(filter(None, others), ""), MOST_NAME) or None
        numbers, service = self._phones(row)
        if service and not numbers:
            # The book of a telephone has them among the people: 888, *123#.
            if self.asks.settle("service", cells.line, example=service):
                self.left.note("service", cells.line)
            return None
        if not numbers:
            return self._without(row, texts["name"])
        limit = cells.money("credit_limit", raw("credit_limit", row), MOST_LIMIT)
        values = (
            " ".join(numbers), texts["name"], texts["address"], texts["notes"], limit,
            self._consent(row),
        )  # fmt: skip
        said = hash(values)
        for number in numbers:
            line, before = self._seen.get(number, (cells.line, said))
            if line != cells.line and before != said:
                if self.asks.settle(
                    "twice", cells.line, example=number, first=line, again=cells.line
                ):
                    self.left.note("twice", cells.line)
                return None
            if line != cells.line:
                self.left.note("repeated", cells.line)
                return None
        # What is left out is nobody's earlier line.
        self._seen |= dict.fromkeys(numbers, (cells.line, said))
        return values

    def _phones(self, row: Sequence[object]) -> tuple[list[str], str]:
        """The numbers of a row, each once, and one of a service, or "". Raises `RowPhoneBad`."""
        numbers, service = dict[str, None](), ""
        for at in self._numbers:
            if at >= len(row):
                continue
            try:
                numbers |= dict.fromkeys(self.cells.phones("phone", self._whole(row, row[at])))
            except RowPhoneBad as bad:
                service = str(bad.params["value"])
                if not _SERVICE.fullmatch(service):
                    raise
        return list(numbers), service

    def _whole(self, row: Sequence[object], value: object) -> object:
        """A number with its country's code, if that stands in a column of its own."""
        before = self.plan.before.get("phone")
        if before is None or before >= len(row):
            return value
        code, text = re.sub(r"\D", "", plain(row[before])), plain(value)
        bare = text.lstrip("'")
        if not code or not bare[:1].isdigit() or bare.startswith((code, "00")):
            return value
        return f"+{code}{bare.removeprefix('0')}"

    def _without(self, row: Sequence[object], name: str | None) -> Staged | None:
        """A row without a number: the shop knows customers by it. Raises `RowPhoneMissing`."""
        if self.leave_out(row):
            return None
        if name is None:
            raise RowPhoneMissing()
        if self.asks.settle("no_phone", self.cells.line, example=name):
            self.left.note("no_phone", self.cells.line)
        return None

    def _consent(self, row: Sequence[object]) -> str | None:
        text = self.cells.text("consent", self.raw("consent", row))
        if not text:
            return None
        consent = _CONSENTS.get(text.casefold())
        if consent is None:
            raise RowConsentBad(column=self.cells.heading("consent"), value=text[:60])
        return consent or None


class Customers(Kind):
    """Customers and prospects; what a cell does not say stays as it is."""

    name = "customers"
    columns = COLUMNS
    guarded = _GUARDED
    staged = "phones TEXT, name TEXT, address TEXT, notes TEXT, credit_limit INTEGER, consent TEXT"

    def reader(self, ctx: Context, plan: Plan, asks: Asks, epoch: date) -> Reader:
        return CustomerReader(plan, asks, settings.COUNTRY(ctx))

    def preview(self, ctx: Context, staging: Staging) -> tuple[Preview, list[tuple[int, Problem]]]:
        preview, refused, insisted = Preview(), list[tuple[int, Problem]](), list[tuple[str, int]]()
        staged = ctx.db.execute("SELECT * FROM aside.staged ORDER BY n")
        for rows, known in by_lots(ctx, map(dict, staged)):
            for row in rows:
                holders = known.holders(row["phones"])
                if len(holders) == 1 and row["consent"] == "yes":
                    there = known[holders[0]]
                    if there.card["consent"] == "stopped" and (
                        staging.asks.settle("stopped", row["line"], "keep", example=there.called)
                        == "take"
                    ):
                        row["consent"] = _INSISTED
                        insisted.append((_INSISTED, row["n"]))
                if len(holders) > 1:
                    names = " / ".join(known[each].called for each in holders)
                    refused.append((row["line"], RowPhonesOfTwo(names=names)))
                elif not holders:
                    preview.new.append(row["name"] or row["phones"])
                    preview.filled |= {each for each in _WORDS if row[each] is not None}
                    if _too_many(row["phones"]):
                        preview.filled.add("phone")
                elif differences := _differences(known[holders[0]], row):
                    preview.changed[row["name"] or row["phones"]] = differences
                else:
                    preview.same += 1
        ctx.db.conn.executemany("UPDATE aside.staged SET consent = ? WHERE n = ?", insisted)
        return preview, refused

    def begin(self, ctx: Context, staging: Staging) -> int:
        return _begin(ctx, staging)

    def withhold(self, ctx: Context, columns: Collection[str], after: int, upto: int) -> None:
        for name in _WORDS:
            if name in columns:
                ctx.db.execute(
                    f"UPDATE aside.staged SET {name} = NULL WHERE n > ? AND n <= ?",  # noqa: S608
                    (after, upto),
                )
        if "phone" not in columns:
            return
        staged = ctx.db.execute(
            "SELECT n, phones FROM aside.staged WHERE n > ? AND n <= ?", (after, upto)
        ).fetchall()
        fewer, gone = list[tuple[str, int]](), list[tuple[int]]()
        for rows, known in by_lots(ctx, staged):
            for row in rows:
                holder = known.first(row["phones"])
                if holder is not None:
                    there = known[holder].phones
                    kept = " ".join(each for each in row["phones"].split() if each in there)
                    if kept != row["phones"]:
                        fewer.append((kept, row["n"]))
                elif _too_many(row["phones"]):
                    gone.append((row["n"],))
        ctx.db.conn.executemany("UPDATE aside.staged SET phones = ? WHERE n = ?", fewer)
        ctx.db.conn.executemany("DELETE FROM aside.staged WHERE n = ?", gone)

    def merge(self, ctx: Context, file: str, after: int, upto: int) -> tuple[int, int]:
        new, before, now = 0, dict[str, object](), dict[str, object]()
        staged = ctx.db.execute(
            "SELECT * FROM aside.staged WHERE n > ? AND n <= ? ORDER BY n", (after, upto)
        ).fetchall()
        # Somebody may have merged or added customers since the preview: the first one counts.
        for rows, known in by_lots(ctx, staged):
            self._own(ctx, rows, known)
            for row in rows:
                holder, consent = known.first(row["phones"]), "unknown"
                if holder is None:
                    holder = self._add(ctx, row)
                    new += 1
                else:
                    consent = known[holder].card["consent"]
                    differences = _differences(known[holder], row)
                    if not differences:
                        continue
                    self._change(ctx, holder, row)
                    before[f"customer {holder}"] = {k: pair[0] for k, pair in differences.items()}
                    now[f"customer {holder}"] = {k: pair[1] for k, pair in differences.items()}
                for number in row["phones"].split():
                    ctx.db.execute("INSERT OR IGNORE INTO phones VALUES (?, ?)", (number, holder))
                wanted = _consent(row, consent)
                if wanted and wanted != consent:
                    people.write_consent(ctx, holder, wanted, file)
                known.wrote(holder, row["phones"])
                ctx.changed("customers", holder)
        if now:
            ctx.record(f"import {file}", before, now)
        return new, len(now)

    def _own(self, ctx: Context, rows: Iterable[Any], known: KnownPeople) -> None:
        """A customer of the shop's own list does not go with an old book that named them first."""
        holders = {known.first(row["phones"]) for row in rows} - {None}
        ctx.db.execute(
            "DELETE FROM import_customers WHERE customer_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(holders)),),
        )

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


_INSISTED = "insisted"
"""Staged where somebody said that the file counts, although the customer has said STOP."""


def _consent(row: Any, known: str) -> str | None:
    """What a row makes of a customer's consent: who has said STOP, be it while the file is looked at,
    gets no promos for its sake."""
    if row["consent"] == _INSISTED:
        return "yes"
    return None if row["consent"] == "yes" and known == "stopped" else row["consent"]


def _too_many(phones: str) -> bool:
    return len(phones.split()) > noticing.MOST


def _differences(known: Known, row: Any) -> Difference:
    card = known.card
    changes: Difference = {
        each: (card[each], row[each])
        for each in _WRITTEN if row[each] is not None and row[each] != card[each]
    }  # fmt: skip
    wanted = _consent(row, card["consent"])
    if wanted is not None and wanted != card["consent"]:
        changes["consent"] = (card["consent"], wanted)
    more = [each for each in row["phones"].split() if each not in known.phones]
    if more:
        changes["phone"] = (" ".join(known.phones), " ".join((*known.phones, *more)))
    if not card["active"]:
        changes["active"] = (0, 1)
    return changes


@command("imports.customers", "customers.edit")
def _begin(ctx: Context, staging: Staging) -> int:
    """Begin to take customers in. Credit limits, consents and more numbers need their permissions."""
    staging.require(ctx)
    return staging.write_begin(ctx)


KIND = Customers()
