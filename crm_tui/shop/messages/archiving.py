"""Old messages: their texts and PDUs move into the archive beside the store, a slice a transaction.

    store: BEGIN ─ read ─▶ archive: written, COMMIT ─▶ store: text "", archived = 1, audit, COMMIT

What waits for somebody stays, however old, and goes with the first slice after it is settled.
The archive has it for good before the store lets go of it. Killed in between, the store still has all;
the next slice writes the same rows into the archive over themselves. What a message is, whose it is
and what became of it stays in the store, and so does the identity by which a repeated SMS is known.
"""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

from crm_tui import archive, sqlite
from crm_tui.clock import stamp
from crm_tui.shop.gate import slices
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages.settings import ARCHIVE_MONTHS, KEEP_MONTHS

_FINAL = (
    "(direction = 'in' AND status IN ('answered', 'done')"
    " OR direction = 'out' AND not_before IS NULL AND status IN"
    " ('sent', 'delivered', 'failed', 'in_doubt', 'expired', 'cancelled'))"
)
"""Messages that wait for nothing any more."""
_TASK = "archive"
"""The task of `upkeep` that keeps the newest message in the archive."""
_PDU = "id, identity, at, kind, pdu, message_id, segment"
_SEGMENT = "id, message_id, number, phone, pdu, status, status_at, reference, taken_at"


def limit(ctx: Context) -> str | None:
    """Messages from before this moment are to be archived; None: none are."""
    # What is to be deleted for good goes by way of the archive.
    months = min(filter(None, (ARCHIVE_MONTHS(ctx), KEEP_MONTHS(ctx))), default=0)
    if not months or ctx.time.doubted:
        return None
    return stamp(ctx.now - timedelta(days=months * 365 / 12))


def has_due(ctx: Context, before: str) -> bool:
    """Whether there is anything to be archived from before this moment."""
    return bool(_ids(ctx, before, 1) or _report_ids(ctx, before, 1))


def run(ctx: Context, stop: Callable[[], bool] = lambda: False) -> int:
    """Archive what is old enough, with pauses for others, until nothing is left or `stop` says so; how
    many messages. Raises `ArchiveProblem`, `StoreProblem`, `NotAllowed`."""
    before = limit(ctx)
    if before is None or not has_due(ctx, before):
        return 0
    moved, most = 0, slices.FIRST
    with archive.writing(ctx.store.path) as file:
        while not stop() and has_due(ctx, before):
            began = ctx.clock.monotonic()
            moved += archive_slice(ctx, file, before, most)
            most = slices.next_size(most, ctx.clock.monotonic() - began)
            slices.breathe(ctx)
    return moved


@command("messages.archive", "upkeep.run")
def archive_slice(ctx: Context, file: sqlite.Connection, before: str, most: int) -> int:
    """Move the texts of up to `most` messages, and as many status reports, into `file`; how many
    messages it was."""
    ids = _ids(ctx, before, most)
    reports = _report_ids(ctx, before, most)
    file.execute("BEGIN IMMEDIATE")
    try:
        _copy(ctx, file, ids, reports)
        file.execute("COMMIT")
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise
    _let_go(ctx, ids, reports)
    if ids:
        _come_to(ctx, ids[-1])
    subject = f"messages {ids[0]}–{ids[-1]}" if ids else "status reports"
    after = {"archived": len(ids), "reports": len(reports), "older than": before}
    ctx.record(subject, None, after)
    ctx.changed("upkeep", 0)
    return len(ids)


def moved(ctx: Context) -> Iterator[tuple[int, str]]:
    """The messages whose texts are in the archive, by key, each with its moment; without those
    of customers who were erased, and those that were forgotten since."""
    rows = ctx.db.execute(
        "SELECT id, at FROM messages WHERE archived = 1 AND phone <> '' AND id >"
        " coalesce((SELECT upto FROM upkeep WHERE task = 'forget'), 0) ORDER BY id"
    )
    yield from ((int(row[0]), str(row[1])) for row in rows)


def _come_to(ctx: Context, upto: int) -> None:
    ctx.db.execute(
        "INSERT INTO upkeep VALUES (?, ?, ?) ON CONFLICT (task) DO UPDATE"
        " SET done_at = excluded.done_at, upto = max(upto, excluded.upto)",
        (_TASK, ctx.at, upto),
    )


def _ids(ctx: Context, before: str, most: int) -> list[int]:
    """The next messages that are old, final and not archived, by key."""
    # By their own index: few stay behind of those that are archived.
    rows = ctx.db.execute(
        "SELECT id FROM messages INDEXED BY messages_unarchived WHERE archived = 0 AND id <="  # noqa: S608
        " coalesce((SELECT id FROM messages WHERE at < :before ORDER BY at DESC LIMIT 1), 0)"
        f" AND at < :before AND {_FINAL} ORDER BY id LIMIT :most",
        {"before": before, "most": most},
    )
    return [int(row[0]) for row in rows]


def _report_ids(ctx: Context, before: str, most: int) -> list[int]:
    """The next PDUs that belong to no message: status reports, and parts whose words were there before.
    The first that is too new ends them."""
    rows = ctx.db.execute(
        "SELECT id, at FROM pdus INDEXED BY pdus_apart WHERE message_id IS NULL AND pdu <> ''"
        " ORDER BY id LIMIT ?",
        (most,),
    ).fetchall()
    old = []
    for row in rows:
        if row["at"] >= before:
            break
        old.append(int(row["id"]))
    return old


def _copy(ctx: Context, file: sqlite.Connection, ids: list[int], reports: list[int]) -> None:
    """Write them into the archive, over what a run that was cut off may have left there."""
    texts = ctx.db.execute(
        "SELECT id, at, direction, phone, text FROM messages"
        " WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),),
    )  # fmt: skip
    file.executemany("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?, ?)", map(tuple, texts))
    for condition, keys in (("message_id", ids), ("id", reports)):
        pdus = ctx.db.execute(
            f"SELECT {_PDU} FROM pdus WHERE {condition} IN (SELECT value FROM json_each(?))",  # noqa: S608
            (json.dumps(keys),),
        )
        file.executemany(
            "INSERT OR REPLACE INTO pdus VALUES (?, ?, ?, ?, ?, ?, ?)", map(tuple, pdus)
        )
    segments = ctx.db.execute(
        f"SELECT {_SEGMENT} FROM segments WHERE message_id IN (SELECT value FROM json_each(?))",  # noqa: S608
        (json.dumps(ids),),
    )
    file.executemany(
        "INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", map(tuple, segments)
    )


def _let_go(ctx: Context, ids: list[int], reports: list[int]) -> None:
    """Take out of the store what the archive has now."""
    keys = json.dumps(ids)
    ctx.db.execute(
        "UPDATE messages SET text = '', archived = 1 WHERE id IN (SELECT value FROM json_each(?))",
        (keys,),
    )
    ctx.db.execute(
        "DELETE FROM segments WHERE message_id IN (SELECT value FROM json_each(?))", (keys,)
    )
    for condition, value in (("message_id", keys), ("id", json.dumps(reports))):
        # The row stays: its identity tells a repetition, and others name it.
        ctx.db.execute(
            f"UPDATE pdus SET pdu = '' WHERE {condition} IN (SELECT value FROM json_each(?))",  # noqa: S608
            (value,),
        )
