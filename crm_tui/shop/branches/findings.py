"""What a branch in a chain watches over: the head office, what it sent, and goods on their way."""

from datetime import timedelta

from crm_tui.clock import moment, stamp
from crm_tui.errors import N_, stored
from crm_tui.shop.branches import identity
from crm_tui.shop.branches.settings import SILENT_HOURS, TRANSIT_DAYS
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.health import ATTENTION, WELL, Check, Finding, finding
from crm_tui.shop.loyalty import points


def rows_aside(ctx: Context) -> Finding | None:
    """What the head office sent and this branch could not take."""
    if identity.own(ctx) is None:
        return None
    row = ctx.db.execute("SELECT count(*), min(at) FROM downs_aside").fetchone()
    if not row[0]:
        return finding(WELL, N_("All that the head office sent was taken."), "", {"aside": 0})
    return finding(
        ATTENTION, N_("{count} rows of the head office could not be taken."),
        N_("The page of the chain says why, and tries them again."), {"aside": row[0]},
        count=row[0],
    )  # fmt: skip


def on_the_way(ctx: Context) -> Finding | None:
    """Goods that travel for too long, that differ, or of which only the head office knows."""
    if identity.own(ctx) is None:
        return None
    days = TRANSIT_DAYS(ctx)
    late = stamp(ctx.now - timedelta(days=days))
    row = ctx.db.execute(
        "SELECT (SELECT count(*) FROM transfers LEFT JOIN transfer_ends ON transfer_id = id"  # noqa: S608 - ours
        f"  AND epoch >= {identity.EPOCH.format(table='transfers')}"
        "  WHERE transfer_id IS NULL AND transfers.at < :late) AS sent,"
        " (SELECT count(*) FROM arrivals WHERE receipt_id IS NULL AND sent_at < :late) AS coming,"
        " (SELECT count(DISTINCT epoch || '/' || transfer_id) FROM transfers_lost_items) AS lost",
        {"late": late},
    ).fetchone()
    facts = {"sent": row["sent"], "coming": row["coming"], "lost": row["lost"]}
    if row["lost"]:
        return finding(
            ATTENTION,
            N_("{count} transfers left before a backup was restored that does not know them."),
            N_("Count their items: they are marked for counting."), facts, count=row["lost"],
        )  # fmt: skip
    if row["sent"] or row["coming"]:
        return finding(
            ATTENTION,
            N_("On the way for more than {days} days: {sent} transfers of ours, {coming} to us."),
            N_("Ask where the goods are; receive what came, line by line."), facts,
            days=days, **{each: facts[each] for each in ("sent", "coming")},
        )  # fmt: skip
    return finding(WELL, N_("No goods are on the way for too long."), "", facts)


def silence(ctx: Context) -> Finding | None:
    """Whether the head office was met lately."""
    row = ctx.db.execute("SELECT met_at, enrolled_at, behind, trouble FROM chain").fetchone()
    if row is None:
        return None
    facts = {"met_at": row["met_at"], "behind": row["behind"]}
    if why := points.kept_back(ctx):
        return Finding(
            ATTENTION, why.stored, stored(N_("Sales go on. Ask the head office.")), facts
        )
    hours = SILENT_HOURS(ctx)
    if moment(row["met_at"] or row["enrolled_at"]) + timedelta(hours=hours) > ctx.now:
        return finding(
            WELL, N_("The head office was met within {hours} hours."), "", facts, hours=hours
        )
    return finding(
        ATTENTION,
        N_("The head office was not met for more than {hours} hours; {behind} rows wait."),
        N_("Sales go on. Look whether crm-tui chain run is running, and the line to the internet."),
        facts, hours=hours, behind=row["behind"],
    )  # fmt: skip


CHECKS = (
    Check("chain_silence", N_("Head office"), silence, place=26),
    Check("chain_aside", N_("From the office"), rows_aside, place=27),
    Check("chain_transfers", N_("Transfers"), on_the_way, place=28),
)
