"""The report of the line: how modem, network and SMS stand now, and what to do."""

from collections.abc import Iterator

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import diagnostics
from crm_tui.shop.reports.base import Column, Record, Report, Told, local
from crm_tui.shop.reports.period import Period


def _records(ctx: Context, period: Period) -> Iterator[Record]:
    for each in diagnostics.conditions(ctx):
        yield {
            "what": each.what, "state": Told(each.state), "since": local(each.since),
            "good": N_("yes") if not each.says else N_("no"), "says": Told(each.says),
        }  # fmt: skip


HEALTH = Report(
    "health", N_("Health of the line"),
    (
        Column("what", N_("What"), "status"),
        Column("state", N_("State"), "told"),
        Column("since", N_("Since"), "time", rank=1),
        Column("good", N_("Well"), "status"),
        Column("says", N_("What to do"), "told"),
    ),
    make=_records, by_days=False,
)  # fmt: skip
