"""What checks watch over: the engine, the file, the books, the last steps."""

from crm_tui.errors import N_
from crm_tui.shop.checks import process, telling
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.health import Check, Finding


def damage_now(ctx: Context) -> Finding:
    """The file read through now: it takes a second for each few 100 MB."""
    checked = process.run(ctx.store.path, thorough=True)
    ctx.store.look_at_the_check()
    return telling.damage_of(ctx, checked)


# The books come after the file: a thorough look adds them up, too.
CHECKS = (
    Check("engine", N_("Engine"), telling.engine, place=41),
    Check("damage", N_("Damage"), telling.damage, place=42, thorough=damage_now),
    Check("sums", N_("Books"), telling.sums, place=43),
    Check("chain", N_("Chain"), telling.chain, place=43),
    Check("steps", N_("Last steps"), telling.log, place=44),
)
