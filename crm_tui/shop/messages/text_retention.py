"""Very old messages: their texts and PDUs go for good, as far back as the shop's setting says.

    archive: texts, PDUs deleted, COMMIT ─▶ store: what was read of them emptied, audit, COMMIT

What stays is what the ledgers and reports stand on: that there was an SMS, when, with whom, what it was
taken for, and what became of it. Killed in between, the next slice does the same rows once more.

What was archived only after that had gone by, because it waited for somebody, goes the other way round,
for it is the archive that knows of it:

    store: what was read of them emptied, audit, COMMIT ─▶ archive: texts, PDUs deleted, COMMIT
"""

import json
from collections.abc import Callable
from datetime import timedelta

from crm_tui import archive, sqlite
from crm_tui.clock import stamp
from crm_tui.shop.gate import slices
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages.settings import KEEP_MONTHS

_TASK = "forget"


def limit(ctx: Context) -> str | None:
    """Texts from before this moment are to go; None: none are."""
    months = KEEP_MONTHS(ctx)
    if not months or ctx.time.doubted:
        return None
    return stamp(ctx.now - timedelta(days=months * 365 / 12))


def run(ctx: Context, stop: Callable[[], bool] = lambda: False) -> int:
    """Forget what is old enough, with pauses for others, until nothing is left or `stop` says so; how
    many messages. Raises `ArchiveProblem`, `StoreProblem`, `NotAllowed`."""
    before = limit(ctx)
    if before is None or not (due(ctx, before, 1) or _archived(ctx, before)):
        return 0
    gone, most = 0, slices.FIRST
    with archive.writing(ctx.store.path) as file:
        while not stop() and (late := _late(ctx, file, before)):
            gone += forget_late(ctx, late, before)
            delete(file, late)
            slices.breathe(ctx)
        if stop():
            return gone
        # Status reports, which belong to no message, and what a store that was restored knows not.
        for table in ("texts", "pdus"):
            file.execute(f"DELETE FROM {table} WHERE at < ?", (before,))  # noqa: S608 - ours
        while not stop() and due(ctx, before, 1):
            began = ctx.clock.monotonic()
            gone += forget_slice(ctx, file, before, most)
            most = slices.next_size(most, ctx.clock.monotonic() - began)
            slices.breathe(ctx)
    return gone


@command("messages.forget", "upkeep.run")
def forget_slice(ctx: Context, file: sqlite.Connection, before: str, most: int) -> int:
    """Forget the texts of up to `most` archived messages; how many it was."""
    ids = due(ctx, before, most)
    delete(file, ids)
    reduce(ctx, ids)
    ctx.db.execute(
        "INSERT INTO upkeep VALUES (?, ?, ?) ON CONFLICT (task) DO UPDATE"
        " SET done_at = excluded.done_at, upto = excluded.upto",
        (_TASK, ctx.at, ids[-1] if ids else 0),
    )
    subject = f"messages {ids[0]}–{ids[-1]}" if ids else "messages"
    ctx.record(subject, None, {"forgotten": len(ids), "older than": before})
    ctx.changed("upkeep", 0)
    return len(ids)


def _late(ctx: Context, file: sqlite.Connection, before: str) -> list[int]:
    """The next that the archive holds though all up to them were forgotten, by key."""
    rows = file.execute(
        "SELECT id FROM texts WHERE at < ? AND id <= ? ORDER BY id LIMIT ?",
        (before, _upto(ctx), slices.FIRST),
    )
    return [int(row[0]) for row in rows]


@command("messages.forget", "upkeep.run")
def forget_late(ctx: Context, ids: list[int], before: str) -> int:
    """Forget those of these messages that are archived and old; how many it was."""
    rows = ctx.db.execute(
        "SELECT id FROM messages WHERE id IN (SELECT value FROM json_each(?)) AND archived = 1"
        " AND at < ? ORDER BY id",
        # A store that was put back may have other messages by these keys.
        (json.dumps(ids), before),
    )
    known = [int(row[0]) for row in rows]
    reduce(ctx, known)
    subject = f"messages {ids[0]}–{ids[-1]}"
    ctx.record(subject, None, {"forgotten": len(known), "older than": before})
    ctx.changed("upkeep", 0)
    return len(known)


def _upto(ctx: Context) -> int:
    """The key up to which all were forgotten that were archived by then."""
    row = ctx.db.execute("SELECT upto FROM upkeep WHERE task = ?", (_TASK,)).fetchone()
    return 0 if row is None else int(row[0])


def due(ctx: Context, before: str, most: int) -> list[int]:
    """The next archived messages that are to be forgotten, by key."""
    rows = ctx.db.execute(
        "SELECT id FROM messages WHERE archived = 1 AND at < ? AND id > ? ORDER BY id LIMIT ?",
        (before, _upto(ctx), most),
    )
    return [int(row[0]) for row in rows]


def _archived(ctx: Context, before: str) -> bool:
    """Whether the archive has anything from before this moment."""
    return next(archive.older(ctx.store.path, before), None) is not None


def delete(file: sqlite.Connection, ids: list[int]) -> None:
    """Take the texts and PDUs of these messages out of an opened archive, for good."""
    keys = json.dumps(ids)
    for table, column in (("texts", "id"), ("pdus", "message_id"), ("segments", "message_id")):
        file.execute(
            f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))",  # noqa: S608
            (keys,),
        )


def reduce(ctx: Context, ids: list[int]) -> None:
    """Empty what the store holds of their words, within a command; the rows stay."""
    keys = json.dumps(ids)
    for statement in (
        "UPDATE messages SET text = '', archived = 1, wishes = '[]', reason = '' WHERE id",
        "UPDATE pdus SET pdu = '' WHERE message_id",
        "UPDATE readings SET spans = '[]', candidates = '[]', reply = '' WHERE message_id",
        # Where it was no item, what was asked for are words of the SMS.
        "UPDATE lost_sales SET asked = '' WHERE item_id IS NULL AND message_id",
        "DELETE FROM segments WHERE message_id",
    ):
        ctx.db.execute(f"{statement} IN (SELECT value FROM json_each(?))", (keys,))  # noqa: S608
