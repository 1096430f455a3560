"""Free texts: what they were read as, and what people made of that; so the owner sees how far to go."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.errors import N_
from crm_tui.reading.wishes import Kind, weightiest
from crm_tui.shop.gate.context import Context
from crm_tui.shop.reports.base import Chart, Column, Record, Report, fetched
from crm_tui.shop.reports.period import Period

DAYS = 30
"""So many days are told beside the setting."""

_FATE = (
    "CASE"
    " WHEN verdict IS NOT NULL THEN verdict"
    # Not understood: nothing was done or prepared.
    " WHEN acted = 0 AND reply = '' THEN 'left'"
    " WHEN acted = 0 THEN CASE messages.status"
    "  WHEN 'staff' THEN 'open' WHEN 'done' THEN 'dropped' ELSE 'corrected' END"
    " WHEN orders.status = 'rejected' THEN 'dropped'"
    " WHEN 'order ' || orders.id IN (SELECT subject FROM audit WHERE command = 'orders.change')"
    "  OR EXISTS (SELECT 1 FROM messages AS answer WHERE answer.reply_to = messages.id"
    "   AND answer.kind = 'hand') THEN 'corrected'"
    " WHEN orders.confirmed_at IS NOT NULL THEN 'accepted'"
    " ELSE 'open' END"
)
"""What became of a free text: a suggestion that was sent as it was is accepted, one that was answered
otherwise corrected, one that was settled dropped. An order made by itself is judged by its decision."""

_COUNTED = (
    "SELECT messages.read_as, (SELECT group_concat(json_extract(value, '$.kind'))"  # noqa: S608 - ours
    f" FROM json_each(wishes)) AS kinds, acted, {_FATE} AS fate, count(*)"
    " FROM readings JOIN messages ON messages.id = readings.message_id"
    " LEFT JOIN orders ON orders.id = messages.order_id AND messages.read_as IN ('order', 'amend')"
    " WHERE messages.at >= ? AND messages.at < ? GROUP BY 1, 2, 3, 4"
)


@dataclass(frozen=True)
class Judged:
    """How many free texts were read, and what people made of those that they judged."""

    read: int = 0
    accepted: int = 0
    corrected: int = 0
    dropped: int = 0

    @property
    def judged(self) -> int:
        return self.accepted + self.corrected + self.dropped


def lately(ctx: Context) -> Judged:
    """The free texts of the last `DAYS` days."""
    counts = _counts(ctx, stamp(ctx.now - timedelta(days=DAYS)), stamp(ctx.now + timedelta(days=1)))
    fates = sum((Counter(each) for each in counts.values()), Counter())
    return Judged(fates["read"], fates["accepted"], fates["corrected"], fates["dropped"])


def _counts(ctx: Context, begin: str, end: str) -> dict[str, Counter[str]]:
    """For each kind how many were read, acted, suggested, and had which fate."""
    found: dict[str, Counter[str]] = {}
    for read_as, kinds, acted, fate, count in fetched(ctx.db.execute(_COUNTED, (begin, end))):
        counter = found.setdefault(_kind(read_as, kinds), Counter())
        counter["read"] += count
        counter[fate] += count
        if fate != "left":
            counter["acted" if acted else "suggested"] += count
    return found


def _kind(read_as: str | None, kinds: str | None) -> str:
    """The weightiest thing that was understood, also of what people had to decide about."""
    if read_as not in (None, "human") or not kinds:
        return read_as or "human"
    return weightiest(kinds.split(","))


_ORDER = [kind.value for kind in Kind]


def _records(ctx: Context, period: Period) -> Iterator[Record]:
    counts = _counts(ctx, *period.bounds())
    for kind in sorted(counts, key=_ORDER.index):
        found = counts[kind]
        judged = found["accepted"] + found["corrected"] + found["dropped"]
        yield {
            "read_as": kind, "read": found["read"], "acted": found["acted"],
            "suggested": found["suggested"], "accepted": found["accepted"],
            "corrected": found["corrected"], "thrown_away": found["dropped"],
            "open": found["open"], "for_staff": found["left"],
            "right_percent": round(100 * found["accepted"] / judged) if judged else None,
        }  # fmt: skip


def _charts(ctx: Context, period: Period) -> list[Chart]:
    fates = sum((Counter(each) for each in _counts(ctx, *period.bounds()).values()), Counter())
    names = {"accepted": N_("accepted"), "corrected": N_("corrected"), "dropped": N_("thrown away")}
    if not any(fates[name] for name in names):
        return []
    values = [fates[name] for name in names]
    return [Chart(N_("What people made of it"), "share", list(names.values()), {N_("SMS"): values})]


READINGS = Report(
    "readings", N_("Free texts"),
    (
        Column("read_as", N_("Read as"), "status"),
        Column("read", N_("Count"), "number", total=True),
        Column("acted", N_("Done by itself"), "number", rank=3, total=True),
        Column("suggested", N_("Suggested"), "number", rank=3, total=True),
        Column("accepted", N_("Accepted"), "number", total=True),
        Column("corrected", N_("Corrected"), "number", total=True),
        Column("thrown_away", N_("Thrown away"), "number", total=True),
        Column("open", N_("Not judged"), "number", rank=2, total=True),
        Column("for_staff", N_("Left to the staff"), "number", rank=4, total=True),
        Column("right_percent", N_("Right, %"), "number", rank=1),
    ),
    make=_records, charts=_charts,
)  # fmt: skip
