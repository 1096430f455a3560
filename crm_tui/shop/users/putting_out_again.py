"""What a restored backup means for users who were put out since: they stay so."""

from collections.abc import Iterable

from crm_tui.shop.gate import access
from crm_tui.shop.gate.commands import part, savepoint
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import LastManager


def put_out_again(ctx: Context, users: Iterable[int]) -> tuple[str, ...]:
    """Put out these users of a backup, within a command that restores it; their names. None, where
    nobody would be left who may manage users."""
    names = []
    with part(ctx, "users.remove"):
        try:
            with savepoint(ctx):
                for each in users:
                    row = ctx.db.execute(
                        "UPDATE users SET active = 0, pin_hash = NULL, session = session + 1"
                        " WHERE id = ? RETURNING login",
                        (each,),
                    ).fetchone()
                    names.append(str(row["login"]))
                    ctx.record(f"user {names[-1]}", {"active": True}, {"user": "deactivated"})
                    ctx.changed("users", each)
                access.somebody_manages(ctx)
        except LastManager:
            return ()
    return tuple(names)
