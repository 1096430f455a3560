"""Who was quicker: two counters act on one thing, and the second is told what the first has done."""

import json
from dataclasses import dataclass
from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.shop.gate.context import Context

_LATELY = timedelta(minutes=10)
"""What was done longer ago, nobody has just missed."""
_NEAR = 1000
"""The audit has no index: what was done lately is among so many rows at its end."""


@dataclass(frozen=True)
class Deed:
    """`who`: the name of the user; `command`: what they did, by the name of the command."""

    who: str
    command: str


def by_another(ctx: Context, subject: str) -> Deed | None:
    """What somebody else has just done to a thing (`subject`, as the audit names it); None if nobody
    did lately, or the actor did something to it since."""
    row = ctx.db.execute(
        "SELECT actor, coalesce(users.name, actor) AS who, command"
        " FROM (SELECT * FROM audit ORDER BY id DESC LIMIT ?) AS late"
        " LEFT JOIN users ON users.id = late.user_id WHERE subject = ? AND at >= ?"
        " ORDER BY late.id DESC LIMIT 1",
        (_NEAR, subject, stamp(ctx.now - _LATELY)),
    ).fetchone()
    if row is None or row["actor"] in json.loads(ctx.names):
        return None
    return Deed(row["who"], row["command"])
