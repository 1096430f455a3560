"""How the store of now stands beside a backup: who may do what, and whether its branch has ended."""

from typing import Protocol, cast

from crm_tui.shop.backups import after_restore
from crm_tui.shop.gate import rooms
from crm_tui.shop.gate.context import Context


class _Ender(Protocol):
    def has_ended(self, now: Context, backup: Context) -> bool:
        """Whether something has ended in the store of now that goes on in the backup."""


_PASSING = ("users.enter", "users.leave", "users.refuse", "users.permit")
"""Commands of users that change nothing of who may do what."""


def powers_changed(now: Context, backup: Context) -> bool:
    """Whether users, passwords or rights are others now."""
    last = after_restore.marks(backup.db.conn).get("audit", 0)
    row = now.db.execute(
        "SELECT 1 FROM audit WHERE id > ? AND command LIKE 'users.%'"  # noqa: S608 - ours
        f" AND command NOT IN {_PASSING} LIMIT 1",
        (last,),
    ).fetchone()
    return row is not None


def put_out(now: Context, backup: Context) -> tuple[int, ...]:
    """The users who may sign in to the backup, and not to the store of now."""
    then, here = (
        {int(row[0]) for row in ctx.db.execute("SELECT id FROM users WHERE active = 1")}
        for ctx in (backup, now)
    )
    return tuple(sorted(then - here))


def has_ended(now: Context, backup: Context) -> bool:
    """Whether something has ended since that a backup would go on with (`ending_again`)."""
    return any(cast(_Ender, room).has_ended(now, backup) for room in rooms.load("ending_again"))
