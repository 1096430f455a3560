"""What came down from the head office, taken into the store in order, with how far that is.

    crm.downs ─▶ rows ─▶ take: KINDS[kind] a savepoint each, and the cursor ─▶ one transaction

A row that cannot be taken is kept aside, told, and tried again when somebody asks for it; the rest
goes on. Each kind may be told twice, or again from the beginning when the head office is another
one (`lineage`). Which of two rows is the later one, their order says, and no clock: what comes takes
the place of what came before under its key (`LATEST`), also of what lies aside.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui import sqlite
from crm_tui.errors import N_, Problem, Sentence
from crm_tui.shop.branches import arrivals, consents, goods, grants, identity, people, transfers
from crm_tui.shop.branches.keys import Key, key_of, moment, number, text
from crm_tui.shop.gate import access, rooms
from crm_tui.shop.gate.commands import command, part, savepoint
from crm_tui.shop.gate.context import Context

log = logging.getLogger(__name__)

Apply = Callable[[Context, str, Mapping[str, Any]], object]
"""Takes a row, within a command: its key and its body. Raises a `Problem`, or `ValueError`, `KeyError`,
`TypeError` for what cannot be."""

KINDS: dict[str, Apply] = {}

LATEST = frozenset({"branch", "item", "points", "price", "standing", "stock", "tier"})
"""Kinds of which only the last row of a key counts."""

UNKNOWN = N_("This program does not know what it means; a newer one will.")
BROKEN = N_("It is not as it should be. The log of this program says what is wrong with it.")


@dataclass(frozen=True)
class Down:
    """A row of the head office for this branch; `at` is its moment there."""

    seq: int
    kind: str
    key: str
    body: Mapping[str, Any]
    at: str


@dataclass(frozen=True)
class Taken:
    """How many rows were taken, and how many were put aside."""

    rows: int
    aside: int


def kind(name: str) -> Callable[[Apply], Apply]:
    """Declares how rows of a kind are taken. Other rooms do so in their module `downs`."""

    def declare(function: Apply) -> Apply:
        KINDS[name] = function
        return function

    return declare


def cursor(ctx: Context, lineage: str) -> int:
    """The last row that was taken from this head office; 0 of another one, so that all come again."""
    row = ctx.db.execute("SELECT cursor, lineage FROM chain").fetchone()
    return int(row["cursor"]) if row is not None and row["lineage"] == lineage else 0


def take(ctx: Context, lineage: str, rows: Sequence[Down], upto: int) -> Taken:
    """Take rows of the head office, in the order of their numbers, and note that all up to `upto` were
    taken; what was taken before is left out. What changes the shop is in the audit; that others sold
    something is not. Raises `NotEnrolled`, `NotAllowed`."""
    access.require(ctx, access.OFFICE)
    identity.required(ctx)
    rooms.load("from_office")
    with part(ctx, "branches.take"):
        return _take_all(ctx, lineage, rows, upto)


def _take_all(ctx: Context, lineage: str, rows: Sequence[Down], upto: int) -> Taken:
    before = cursor(ctx, lineage)
    if not before:
        # Of another head office they come again, as they are there.
        _forget(ctx, "lineage <> ? AND kind IN (SELECT value FROM json_each(?))", lineage, _LATEST)
    new = [row for row in rows if row.seq > before]
    aside = 0
    for row in new:
        _replace(ctx, row)
        aside += not _take(ctx, lineage, row)
    ctx.db.execute("UPDATE chain SET cursor = ?, lineage = ?", (max(before, upto), lineage))
    ctx.changed("branches", 0)
    return Taken(len(new), aside)


_LATEST = json.dumps(sorted(LATEST))


def _forget(ctx: Context, which: str, *values: object) -> None:
    ctx.db.execute(f"DELETE FROM downs_aside WHERE {which}", values)  # noqa: S608 - ours


def _replace(ctx: Context, row: Down) -> None:
    """What lies aside and was sent before under this key counts no more. An item that could not be
    taken keeps its name and gets its price."""
    if row.kind in LATEST:
        _forget(ctx, "kind = ? AND key = ?", row.kind, row.key)
    if row.kind == "item":
        _forget(ctx, "kind = 'price' AND key = ?", row.key)
    if row.kind == "price" and isinstance(row.body, Mapping) and "price" in row.body:
        ctx.db.execute(
            "UPDATE downs_aside SET body = json_set(body, '$.price', json(?)) WHERE kind = 'item'"
            " AND key = ? AND json_type(body) = 'object'",
            (json.dumps(row.body["price"]), row.key),
        )


def _take(ctx: Context, lineage: str, row: Down) -> bool:
    """Whether the row was taken; else it lies aside."""
    why = _tried(ctx, row)
    if why is None:
        return True
    log.warning("row %s of the head office (%s) lies aside: %s", row.seq, row.kind, why)
    ctx.db.execute(
        "INSERT INTO downs_aside VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " at = excluded.at, why = excluded.why",
        (lineage, row.seq, row.kind, row.key, json.dumps(row.body), row.at, ctx.at, why),
    )
    return False


def _tried(ctx: Context, row: Down) -> Sentence | None:
    """Take a row; why that cannot be, None if it was."""
    apply = KINDS.get(row.kind)
    if apply is None:
        return UNKNOWN
    try:
        with savepoint(ctx):
            apply(ctx, row.key, row.body)
    except Problem as problem:
        return problem.stored
    except (
        sqlite.IntegrityError, ValueError, LookupError, TypeError, AttributeError, OverflowError,
    ) as trouble:  # fmt: skip
        log.warning("row %s: %s %s", row.seq, type(trouble).__name__, trouble)
        return BROKEN
    return None


@command("branches.try_again", "settings.edit")
def try_again(ctx: Context) -> Taken:
    """Take what lies aside, as far as that can be by now."""
    rooms.load("from_office")
    rows = ctx.db.execute("SELECT * FROM downs_aside ORDER BY lineage, seq").fetchall()
    left = 0
    for row in rows:
        down = Down(row["seq"], row["kind"], row["key"], json.loads(row["body"]), row["sent_at"])
        if _take(ctx, row["lineage"], down):
            ctx.db.execute(
                "DELETE FROM downs_aside WHERE lineage = ? AND seq = ?",
                (row["lineage"], row["seq"]),
            )
        else:
            left += 1
    ctx.record("head office", {"aside": len(rows)}, {"aside": left})
    ctx.changed("branches", 0)
    return Taken(len(rows) - left, left)


# ── the kinds ─────────────────────────────────────────────────────────────────────────────────────


@kind("branch")
def _branch(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    """Another branch, or this one, and how it is called; `closed_at` None: it is open."""
    closed = body.get("closed_at")
    ctx.db.execute(
        "INSERT INTO branch_names VALUES (?, ?, ?) ON CONFLICT (branch) DO UPDATE SET"
        " name = excluded.name, closed_at = excluded.closed_at",
        (
            number(body["branch"], 1),
            text(body, "name", 60),
            None if closed is None else moment(closed),
        ),
    )


@kind("transfer")
def _transfer(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    """Goods for this branch; of its own, those of which a restored backup knows nothing."""
    row = key_of(key)
    if row.branch == identity.required(ctx).number:
        transfers.lost(ctx, row, body, text(body, "note", default=""))
    else:
        arrivals.announced(ctx, row, body)


@kind("transfer_receipt")
def _receipt(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    row = key_of(key)
    _of_this_branch(ctx, row)
    transfers.ended(
        ctx,
        row,
        body,
        moment(body["at"]),
        text(body, "actor", 60),
        text(body, "note", default=""),
    )


@kind("grant_request")
def _request(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    grants.give(ctx, key_of(key), body)


@kind("grant")
def _grant(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    """Points for this branch; of its own, those of which a restored backup knows nothing."""
    row = key_of(key)
    if row.branch == identity.required(ctx).number:
        grants.gone(ctx, row, body)
    else:
        grants.take(ctx, row, body)


@kind("grant_back")
def _grant_back(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    """Points that this branch gave to one that was closed before they had come."""
    row = key_of(key)
    _of_this_branch(ctx, row)
    grants.come_back(ctx, row, body)


@kind("consent")
def _consent(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    consents.hear(ctx, body)


@kind("standing")
def _standing(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    people.standing(ctx, body)


@kind("points")
def _points(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    people.points(ctx, body)


@kind("item")
def _item(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    goods.item(ctx, body)


@kind("price")
def _price(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    goods.price(ctx, body)


@kind("stock")
def _stock(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    goods.stock(ctx, body)


def _of_this_branch(ctx: Context, key: Key) -> None:
    if key.branch != identity.required(ctx).number:
        raise ValueError("of another branch")
