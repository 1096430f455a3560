"""What a branch ships to the head office: one declaration, of which the reading of the store, the
columns of COPY, the digests and the tables of the office are made.

    Ledger    a table that is only added to: its rows go once, in the order of their numbers
    Versions  a table whose rows change: each change goes as the row as it then stands, or as gone

Columns have the names of the store. What is not named stays at the branch: texts of SMS, telephone
numbers in orders and messages, notes about people, hashes. A column that is added later stands at the
end of its table's, and `VERSION` grows; it is never taken out or given another kind.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property, lru_cache
from hashlib import blake2b

from crm_tui import payment_numbers

VERSION = 5
"""Of this declaration and of the functions that a branch calls; grows with each change of them."""
OLDEST = 1
"""The oldest version at the other end of the line with which this one can work."""

BLOT = "…"
"""Stands where a name or a number was."""
_FREED = {"transfers": "note", "transfer_receipts": "note"}
"""Ledgers whose only free text was none before version 4."""

DIGEST = 16
"""Octets of a row's digest."""
CHANGES = "versions"
"""Where the marks keep how far the changes of all `Versions` have come, beside those of the ledgers."""

_KINDS = {"": "integer", "$": "text", "%": "text", "@": "moment", "~": "real"}
_NAME = re.compile(r"(\w+)([$%@~]?)")

Value = int | float | str | bytes | None


@dataclass(frozen=True)
class Column:
    """`kind`: integer, text, moment (ISO 8601 in the store) or real. `free`: people write into it what
    they like, and a person who is erased is taken out of it, even in a ledger."""

    name: str
    kind: str
    free: bool = False


def _columns(text: str) -> tuple[Column, ...]:
    found = (_NAME.fullmatch(word) for word in text.split())
    return tuple(Column(each[1], _KINDS[each[2]], each[2] == "%") for each in found if each)


class _Table:
    """What ledgers and versions have in common: `spec` are columns, marked $ text, % free text, @
    moment, ~ real."""

    table: str
    spec: str
    key: str

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return _columns(self.spec)

    @cached_property
    def _writers(self) -> tuple[Callable[[Value], str], ...]:
        return tuple(_WRITERS[column.kind] for column in self.columns)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def free(self) -> tuple[str, ...]:
        """The columns out of which a person may be taken."""
        return tuple(column.name for column in self.columns if column.free)

    def record(self, row: Sequence[Value]) -> dict[str, Value]:
        """A row by its columns, as PostgreSQL can keep it."""
        return {
            column.name: moment(value) if column.kind == "moment" and isinstance(value, str)
            else clean(value) if isinstance(value, str) else value
            for column, value in zip(self.columns, row, strict=True)
        }  # fmt: skip

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns by which the store knows a row."""
        return tuple(self.key.split())


@dataclass(frozen=True)
class Ledger(_Table):
    """A table that is only added to.

    `number`: SQL, with {0} for the row, that gives each row an integer that grows with each commit;
    rows are read in the order of `lead`, the column that is the number divided by `factor`.
    `numbered_by`: the table whose keys `lead` has (its marks are those of an epoch). `big` ones are
    partitioned at the office; `by_day` ones are read there by days over all branches.
    """

    table: str
    spec: str
    key: str = "id"
    number: str = "{0}.id"
    factor: int = 1
    numbered_by: str = ""
    big: bool = False
    by_day: bool = False

    @property
    def lead(self) -> str:
        return self.keys[0]

    @property
    def copied(self) -> tuple[str, ...]:
        """The columns that COPY names."""
        return ("epoch", *self.names)

    def common(self, marks: Mapping[str, int]) -> int:
        """The highest number that both histories have in common, by the marks of an epoch
        (`epochs.marks` of the store: the highest key of each table). What older programs wrote has none
        for ledgers that are numbered by another table."""
        highest = marks.get(self.table, marks.get(self.numbered_by, 0))
        return (highest + 1) * self.factor - 1

    def line(self, epoch: int, row: Sequence[Value]) -> str:
        """A row (its columns in the order of `names`) as COPY's text takes it."""
        return "\t".join([str(epoch), *_written(self._writers, row)]) + "\n"


@dataclass(frozen=True)
class Versions(_Table):
    """A table whose rows change. `key` columns, joined by "/", name a row at the office.

    `history`: the office keeps older versions. `erased`: SQL on {0}, true for a row out of which a
    person was taken: then older versions go, as they do when the row is gone. `only`: SQL on {0},
    true for the rows that are sent; "" for all. `moved_by`: a ledger and the columns that change with
    a new row of it alone, which names the row by the same key: such changes are found there.
    `grows_by`: a table whose `id` grows, and the column here that has it: rows of an `id` behind all
    that were noted are found by it, whatever became of them meanwhile. `moves`: a table that has a row
    by one of the columns here, which changes with each row here that comes or goes.
    """

    table: str
    spec: str
    key: str = "id"
    history: bool = False
    erased: str = ""
    only: str = ""
    moved_by: tuple[str, ...] = ()
    grows_by: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()

    @property
    def copied(self) -> tuple[str, ...]:
        """The columns that COPY names, of `versions`."""
        return ("epoch", "key", "version", "gone", *self.names)

    @property
    def names_people(self) -> bool:
        """Whether the key says who somebody is."""
        return self.key == "number"

    @property
    def versions(self) -> str:
        """The table at the office that branches write into."""
        return f"{self.table}_versions"

    def key_of(self, row: str) -> str:
        """SQL for the key of a row, a text: "17", "17/2", "+62811…"."""
        return " || '/' || ".join(f'{row}."{name}"' for name in self.keys) + " || ''"

    def line(self, epoch: int, key: str, version: int, row: Sequence[Value] | None) -> str:
        """A version as COPY's text takes it; `row` is None for one that is gone."""
        values = ["\\N"] * len(self.columns) if row is None else _written(self._writers, row)
        head = [str(epoch), _text(key), str(version), "t" if row is None else "f"]
        return "\t".join([*head, *values]) + "\n"


# ── rows on the line ──────────────────────────────────────────────────────────────────────────────

_ESCAPED = str.maketrans({
    "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r",
    # PostgreSQL keeps no NUL.
    "\0": "\ufffd",
})  # fmt: skip


_MARKED = re.compile("[\\\\\t\n\r\0\ud800-\udfff]")
"""What a text seldom holds."""


def _text(value: Value) -> str:
    if not isinstance(value, str):
        return repr(value)
    return value if _MARKED.search(value) is None else clean(value).translate(_ESCAPED)


def _moment(value: Value) -> str:
    return moment(str(value)) or "\\N"


# Numbers by `repr`: what is none gives a line that PostgreSQL refuses, never another field.
_WRITERS = {"integer": repr, "real": repr, "text": _text, "moment": _moment}


def _written(writers: tuple[Callable[[Value], str], ...], row: Sequence[Value]) -> list[str]:
    return [
        "\\N" if value is None else write(value) for write, value in zip(writers, row, strict=True)
    ]


def clean(value: str) -> str:
    """A text as PostgreSQL can keep it: no NUL, no half of a character; each becomes U+FFFD."""
    if "\0" in value:
        value = value.replace("\0", "\ufffd")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    return value


@lru_cache(256)
def moment(value: str) -> str | None:
    """A moment of the store as PostgreSQL takes it; None for "" and for what is no moment."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat()


def digest(table: str, epoch: int, row: Iterable[Value]) -> bytes:
    """What tells whether a row of a ledger is the one that the office has: `DIGEST` octets of its
    table, its epoch and its columns, but for free texts, out of which a person may be taken."""
    free = _free_places(table)
    kept = [value for place, value in enumerate(row) if place not in free]
    told = json.dumps([table, epoch, *kept], separators=(",", ":"))
    return blake2b(told.encode(), digest_size=DIGEST).digest()


def tells(table: str, epoch: int, row: Sequence[Value], told: bytes) -> bool:
    """Whether a digest is of this row. One that an older program made holds texts that were not free
    then: out of those a person may have been taken since."""
    if digest(table, epoch, row) == told:
        return True
    if table not in _FREED:
        return False
    values = dict(zip(LEDGER[table].names, row, strict=True))
    before = json.dumps([table, epoch, *row], separators=(",", ":"))
    blotted = BLOT in str(values[_FREED[table]])
    return blotted or blake2b(before.encode(), digest_size=DIGEST).digest() == told


@cache
def _free_places(table: str) -> frozenset[int]:
    return frozenset(place for place, each in enumerate(LEDGER[table].columns) if each.free)


# ── the tables ────────────────────────────────────────────────────────────────────────────────────

_LINES = "{0}.sale_id * 100000 + {0}.line"
_COUNTS = "{0}.drawer_id * 10 + " + payment_numbers.number_in_sql("{0}.method")

LEDGERS: tuple[Ledger, ...] = (
    Ledger("sales", "id at@ channel$ customer_id order_id total actor$ kind$ of_sale reason% import_id",
           big=True, by_day=True),
    Ledger("sale_lines", "sale_id line item_id code$ name$ unit$ price quantity total discount cost"
           " of_line redeemed", "sale_id line", _LINES, 100_000, "sales", big=True),
    Ledger("payments", "id at@ kind$ method$ amount received sale_id customer_id drawer_id actor$"
           " note%", big=True),
    Ledger("stock_moves", "id item_id at@ quantity reason$ sale_id note% actor$ cost document_id",
           big=True),
    Ledger("receivables", "id customer_id sale_id at@ amount payment_id actor$", big=True),
    Ledger("price_changes", "id item_id at@ actor$ before after"),
    Ledger("cost_changes", "id item_id at@ actor$ before after"),
    Ledger("consents", "id customer_id at@ answer$ basis% actor$"),
    # What is left of a lot is the sum of its moves.
    Ledger("point_lots", "id customer_id sale_id at@ expires_at@", big=True),
    Ledger("point_moves", "id lot_id at@ points kind$ sale_id actor$ note%", big=True),
    Ledger("redemptions", "sale_id points rupiah", "sale_id", "{0}.sale_id", 1, "sales"),
    Ledger("given_discounts", "sale_id rupiah", "sale_id", "{0}.sale_id", 1, "sales"),
    Ledger("roundings", "payment_id sale_id amount", "payment_id", "{0}.payment_id", 1, "payments",
           big=True),
    Ledger("point_refunds", "payment_id sale_id return_id points rupiah", "payment_id",
           "{0}.payment_id", 1, "payments"),
    Ledger("drawer_counts", "drawer_id method$ expected counted", "drawer_id method", _COUNTS, 10,
           "drawers"),
    Ledger("stock_documents", "id kind$ at@ actor$ partner% note%"),
    Ledger("transfers", "id at@ actor$ to_branch lines note% document_id back_branch back_epoch"
           " back_id"),
    Ledger("transfer_lines", "transfer_id line item_id code$ name$ unit$ quantity price cost",
           "transfer_id line", "{0}.transfer_id * 100000 + {0}.line", 100_000, "transfers"),
    Ledger("transfer_receipts", "id at@ actor$ from_branch from_epoch from_id lines note%"
           " document_id"),
    Ledger("transfer_receipt_lines", "receipt_id line code$ sent arrived broken", "receipt_id line",
           "{0}.receipt_id * 100000 + {0}.line", 100_000, "transfer_receipts"),
    Ledger("grant_requests", "id at@ actor$ home customer_id phone% points"),
    Ledger("grants", "id at@ actor$ to_branch to_epoch to_id phone% points lots$"),
    Ledger("point_arrivals", "id at@ actor$ from_branch from_epoch from_id request_id customer_id"
           " phone% points"),
    Ledger("consent_lifts", "consent_id line of_branch of_epoch of_id", "consent_id line",
           "{0}.consent_id * 1000 + {0}.line", 1_000, "consents"),
    Ledger("tier_changes", "id customer_id tier_id at@"),
    Ledger("receipt_prints", "id sale_id at@ actor$ copy"),
    Ledger("sale_turns", "id item_id at@ actor$ active"),
    Ledger("audit", "id at@ actor$ user_id command$ subject$ before$ after$", big=True),
)  # fmt: skip
"""In the order in which a batch holds them: what others name comes first."""

# By what reports go, no more: no texts, no secrets.
_SETTINGS = (
    "shop.name", "shop.zone", "customers.credit_days", "purchases.days", "purchases.lead",
    "purchases.cover", "points.rupiah", "points.value", "points.days", "sms.cost",
)  # fmt: skip

VERSIONS: tuple[Versions, ...] = (
    # Its key is the key.
    Versions("settings", "value$", "key",
             only="{0}.key IN (" + ", ".join(f"'{each}'" for each in _SETTINGS) + ")"),
    Versions("customers", "id name$ address$ kind$ consent$ consent_at@ consent_basis$ merged_into"
             " created_at@ credit_limit active", history=True,
             # Of who was erased, or of another one in whose address that one was named.
             erased=f"{{0}}.name = '' AND {{0}}.active = 0 OR strpos({{0}}.address, '{BLOT}') > 0"),
    Versions("phones", "number$ customer_id", "number"),
    Versions("items", "id code$ code_key$ name$ unit$ price cost category$ barcode$ other_names$ active"
             " reorder_level recount", history=True),
    # On hand is the sum of the moves: a sale need not note once more what it sold. Reserved is that of
    # the reservations.
    Versions("stock", "item_id on_hand reserved", "item_id",
             moved_by=("stock_moves", "on_hand", "reserved")),
    Versions("reservations", "order_id item_id quantity", "order_id item_id",
             grows_by=("orders", "order_id"), moves=("stock", "item_id")),
    # Without the number that it came from.
    Versions("orders", "id customer_id message_id received_at@ status$ status_at@ confirmed_at@"
             " reserved_until@ reason$ later_at@", grows_by=("orders", "id")),
    Versions("order_lines", "order_id line item_id code$ name$ unit$ price quantity discount",
             "order_id line", grows_by=("orders", "order_id")),
    Versions("drawers", "id opened_at@ opened_by$ float closed_at@ closed_by$ note$"),
    Versions("tiers", "id name$ level top spent discount multiplier gift$ active", history=True),
    Versions("members", "customer_id tier_id since@", "customer_id"),
    Versions("point_debts", "sale_id customer_id owed", "sale_id"),
    Versions("point_loans", "lot_id customer_id owed", "lot_id"),
    # Where a branch asks for another price than the office's.
    Versions("central_prices", "item_id price at@ card_at@ own", "item_id"),
    Versions("reward_periods", "id name$ last_day$ at@ actor$"),
    # The name in it may be erased, and a gift is given later than it is won.
    Versions("reward_entries", "period_id rank customer_id name$ phone$ tier$ gift$ score~ spent"
             " given_at@ given_by$", "period_id rank"),
    # What was asked for, in the customer's words, may be erased.
    Versions("lost_sales", "id at@ customer_id message_id item_id asked$ quantity why$"),
    Versions("promos", "id name$ kind$ audience$ control window_days starts_at@ ends_at@ status$"
             " created_at@ actor$ started_at@ ended_at@ people", history=True,
             erased=f"strpos({{0}}.name, '{BLOT}') > 0"),
    Versions("promo_people", "promo_id customer_id role$ why$ message_id", "promo_id customer_id"),
    # Neither what was written nor to whom: for counting.
    Versions("messages", "id direction$ kind$ at@ sent_at@ customer_id status$ status_at@ order_id"
             " read_as$ segments reply_to repeat_of", grows_by=("messages", "id")),
    Versions("waiting_list", "id customer_id item_id quantity at@ until@ ended_at@"),
    Versions("promo_items", "promo_id item_id part", "promo_id item_id"),
    Versions("users", "id login$ name$ role_id active", history=True),
    Versions("roles", "id name$", history=True),
    # Sales of an old book that was taken back (`back_from`) count no more.
    Versions("imports", "id kind$ at@ actor$ status$ total new changed ended_at@ back_from@ back_at@"
             " digest$"),
)  # fmt: skip

LEDGER = {each.table: each for each in LEDGERS}
VERSIONED = {each.table: each for each in VERSIONS}
