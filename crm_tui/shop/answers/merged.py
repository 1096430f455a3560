"""What was said by SMS while two customers were one, when they are taken apart again.

An SMS belongs to whoever has its number. What was asked meanwhile, or hung in the air, may be the
other's: nobody answers it with a YA or a number any more.
"""

import json
from typing import Any

from crm_tui.shop.customers import merging, people
from crm_tui.shop.gate.context import Context

_WITH_NUMBERS = ("messages", "orders", "waiting_list")
"""Tables whose rows name customer and number."""


def _joined(ctx: Context, kept_id: int, gone_id: int) -> object:
    return {
        table: ctx.db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]  # noqa: S608 - ours
        for table in _WITH_NUMBERS
    }


def _parted(ctx: Context, kept_id: int, gone_id: int, moved: Any) -> None:
    if not isinstance(moved, dict):
        # An older program kept nothing.
        return
    whose = {
        "kept": kept_id, "gone": gone_id, "phones": json.dumps(people.phones(ctx, gone_id)),
    }  # fmt: skip
    for table in _WITH_NUMBERS:
        rows = ctx.db.execute(
            f"UPDATE {table} SET customer_id = :gone WHERE customer_id = :kept AND id > :after"  # noqa: S608
            " AND phone IN (SELECT value FROM json_each(:phones)) RETURNING id",
            {**whose, "after": moved[table]},
        ).fetchall()
        for row in rows:
            ctx.changed(table, row[0])
    for statement in (
        "UPDATE questions SET open = 0 WHERE customer_id IN (:kept, :gone) AND open = 1",
        "DELETE FROM talks WHERE customer_id IN (:kept, :gone)",
    ):
        ctx.db.execute(statement, whose)


merging.follow(_joined, _parted)
