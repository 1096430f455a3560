"""What lies aside of the head office's rows, when a customer is erased whom they name."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from crm_tui.shop.gate.context import Context

_OF_A_NUMBER = frozenset({"standing", "points", "consent"})
"""Kinds that say something of numbers and of nothing else."""


def redact(ctx: Context, numbers: Collection[str], said: re.Pattern[str], mark: str) -> None:
    """Take a customer out of what lies aside, within a command: a number is emptied, what people wrote
    (`said` tells of them) gets the `mark`, and a row goes of which nothing is left."""
    rows = ctx.db.execute("SELECT lineage, seq, kind, key, body, why FROM downs_aside").fetchall()
    for row in rows:
        body = json.loads(row["body"])
        blotted = _blotted(body, numbers, said, mark)
        key, why = said.sub(mark, row["key"]), said.sub(mark, row["why"])
        place = (row["lineage"], row["seq"])
        if row["kind"] in _OF_A_NUMBER and blotted != body and not _numbers_left(blotted):
            ctx.db.execute("DELETE FROM downs_aside WHERE (lineage, seq) = (?, ?)", place)
        elif (blotted, key, why) != (body, row["key"], row["why"]):
            ctx.db.execute(
                "UPDATE downs_aside SET body = ?, key = ?, why = ? WHERE (lineage, seq) = (?, ?)",
                (json.dumps(blotted), key, why, *place),
            )


def _blotted(value: Any, numbers: Collection[str], said: re.Pattern[str], mark: str) -> Any:
    if isinstance(value, str):
        return "" if value in numbers else said.sub(mark, value)
    if isinstance(value, list):
        return [_blotted(each, numbers, said, mark) for each in value if each not in numbers]
    if isinstance(value, Mapping):
        return {name: _blotted(each, numbers, said, mark) for name, each in value.items()}
    return value


def _numbers_left(body: Any) -> bool:
    return isinstance(body, Mapping) and bool(body.get("phones") or body.get("phone"))
