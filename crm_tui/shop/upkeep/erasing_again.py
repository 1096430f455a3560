"""What a restored backup, or an archive that comes back, means for customers who were erased since:
they are erased again."""

import json
from collections.abc import Iterable

from crm_tui import sqlite
from crm_tui.shop.customers.errors import CustomerUnknown
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import text_retention
from crm_tui.shop.upkeep import privacy, redaction


def erase_again(ctx: Context, customers: Iterable[int]) -> int:
    """Erase these customers once more, within a command that restores; how many could not be, for in
    the backup something is open with them, or they are one with somebody who was taken apart from them
    since, and is not to go. The audit has both."""
    left, wanted = 0, set(customers)
    for each in sorted(wanted):
        with part(ctx, "upkeep.erase"):
            try:
                done = wanted.issuperset(privacy.family_of(ctx, each))
                if done:
                    privacy.erase_at_once(ctx, each)
            except CustomerUnknown:
                continue
            except privacy.CustomerStillOpen:
                done = False
            if not done:
                left += 1
                ctx.record(f"customer {each}", None, {"erased": False})
    return left


def from_archive(ctx: Context, file: sqlite.Connection) -> None:
    """Take out of an opened archive what it holds of those whom the store has erased: their SMS have no
    number there any more, and had one when they were archived."""
    bare = ctx.db.execute(
        "SELECT id, at FROM messages WHERE phone = '' AND archived = 1"
    ).fetchall()
    known = {row["id"]: row["at"] for row in bare}
    rows = file.execute(
        "SELECT id, at, phone FROM texts WHERE phone <> '' AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(known)),),
    ).fetchall()
    theirs = [(number, phone) for number, at, phone in map(tuple, rows) if known[number] == at]
    text_retention.delete(file, [number for number, _ in theirs])
    redaction.over_the_line(file, sorted({phone for _, phone in theirs}))
