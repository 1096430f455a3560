"""What the room of users watches over: wrong passwords."""

from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.health import ATTENTION, Check, Finding, finding
from crm_tui.shop.users.settings import LOGIN_TRIES
from crm_tui.text import day_and_time


def tries(ctx: Context) -> Finding | None:
    """Names for which somebody has typed one wrong password after another."""
    rows = ctx.db.execute(
        "SELECT login, wrong_tries, wrong_at FROM users WHERE wrong_tries >= ? AND active = 1"
        " ORDER BY wrong_at DESC",
        (LOGIN_TRIES(ctx),),
    ).fetchall()
    if not rows:
        return None
    return finding(
        ATTENTION,
        N_("Wrong passwords in a row were typed for {names}, the last one on {day}."),
        N_("Ask who it was; the counter shows who changed what. Whoever cannot get in needs a new"
           " password."),
        {row["login"]: row["wrong_tries"] for row in rows},
        names=", ".join(f"{row['login']} ({row['wrong_tries']})" for row in rows),
        day=day_and_time(moment(rows[0]["wrong_at"])),
    )  # fmt: skip


CHECKS = (Check("tries", N_("Wrong passwords"), tries, place=65),)
