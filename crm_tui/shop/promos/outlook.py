"""What a promo will do: the customers who get it, those who do not and why, its time and its cost."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from crm_tui import sqlite
from crm_tui.clock import day_begin, moment, stamp
from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.phones import FOR_SMS
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.messages import consent, filling
from crm_tui.shop.messages.outbox import HOWTO, PROMO
from crm_tui.shop.messages.settings import CONSENT, FROM_HOUR, SMS_COST, TO_HOUR
from crm_tui.shop.promos import audience as promo_audience
from crm_tui.shop.promos import texts as promo_texts
from crm_tui.shop.promos.campaigns import Draft, _end, checked
from crm_tui.shop.promos.settings import GAP_DAYS, PACE


@dataclass(frozen=True)
class Outlook:
    """What starting would do: `send` customers written to, `control` who get nothing to compare,
    `left_out` by reason. `parts` SMS that cost `cost` rupiah and go out in `seconds`;
    `late` customers would get it after its end, and so get none."""

    people: int
    send: int
    control: int
    left_out: Mapping[str, int]
    parts: int
    cost: int
    seconds: float
    late: int


AT_ONCE = 200
"""It looks at so many customers between two looks at whether it shall go on."""
LEAST_TO_COMPARE = 20
"""A smaller audience has no control group: so small a group would tell nothing."""


def control_of(draft: Draft, people: int) -> int:
    """The percentage that gets nothing, of an audience of so many."""
    return draft.control if people >= LEAST_TO_COMPARE else 0


def in_control(draft: Draft, seed: str, customer_id: int, people: int) -> bool:
    """Whether chance puts a customer of an audience of so many `people` into the group that gets
    nothing: always the same answer."""
    drawn = hashlib.sha256(f"{seed} {customer_id}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") % 10_000 < control_of(draft, people) * 100


def outlook(
    ctx: Context, draft: Draft, seed: str = "", progress: Progress | None = None
) -> Outlook:
    """Looks at every customer of the audience as the start would. Raises what is wrong with the
    draft, but for its name; `Cancelled`."""
    draft = checked(replace(draft, name=draft.name or "-"))
    people = promo_audience.people(ctx, draft.audience)
    used = frozenset(filling.named(draft.text))
    common = promo_texts.common(ctx, draft.items, _end(ctx.now, draft.days))
    personal = bool(used & promo_texts.PERSONAL)
    one = 0 if personal else promo_texts.size(promo_texts.filled(draft.text, common)).parts
    left_out: dict[str, int] = {}
    send = parts = control = 0
    for place in range(0, len(people), AT_ONCE):
        if progress is not None:
            progress.at(place, len(people))
        meant = []
        for customer, (_, why) in reasons(ctx, draft.kind, people[place : place + AT_ONCE]).items():
            if why:
                left_out[why] = left_out.get(why, 0) + 1
            elif in_control(draft, seed, customer, len(people)):
                control += 1
            else:
                meant.append(customer)
        send += len(meant)
        if not personal:
            parts += one * len(meant)
            continue
        for values in promo_texts.personal(ctx, meant, used).values():
            parts += promo_texts.size(promo_texts.filled(draft.text, common | values)).parts
    # Others that run take their turns.
    beside = sum(min(send, each) for each in _waiting_elsewhere(ctx))
    seconds = duration(ctx, send + beside)
    left = (moment(_end(ctx.now, draft.days)) - ctx.now).total_seconds()
    late = send - int(send * left / seconds) if seconds > left else 0
    return Outlook(
        len(people), send, control, left_out, parts, parts * SMS_COST(ctx), seconds, late
    )


def _waiting_elsewhere(ctx: Context) -> list[int]:
    """How many still wait in each promo that runs."""
    rows = ctx.db.execute(
        "SELECT (SELECT count(*) FROM promo_people WHERE promo_id = promos.id AND role = 'send'"
        " AND message_id IS NULL AND why = '') FROM promos WHERE status IN ('building', 'running')"
    )
    return [int(row[0]) for row in rows]


def duration(ctx: Context, count: int) -> float:
    """Seconds from now until so many messages are out: paced, and not at night."""
    working = count * 60 / PACE(ctx)
    open_seconds = (TO_HOUR(ctx) - FROM_HOUR(ctx)) * 3600
    if open_seconds <= 0:
        return working
    now = ctx.now.astimezone()
    opens = consent.opens_at(ctx)
    waited = (opens - now).total_seconds() if opens is not None else 0.0
    begin = opens or now
    left = TO_HOUR(ctx) * 3600 - (begin - day_begin(begin)).total_seconds()
    while working > left:
        waited += left + (24 * 3600 - open_seconds)
        working -= left
        left = open_seconds
    return waited + working


def reasons(ctx: Context, kind: str, customers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The number of each customer, and why they may get nothing ("" if they may), by customer."""
    gap = GAP_DAYS(ctx)
    rows = ctx.db.execute(
        "SELECT customers.id, consent, kind, active, merged_into,"  # noqa: S608 - names of ours
        " coalesce((SELECT phone FROM messages WHERE direction = 'in' AND reachable = 1 AND phone IN"
        "   (SELECT number FROM phones WHERE customer_id = customers.id) ORDER BY id DESC LIMIT 1),"
        f"  (SELECT {FOR_SMS} FROM phones WHERE customer_id = customers.id), '') AS phone,"
        f" EXISTS ({_TOLD if kind == HOWTO else _HAD_PROMO}) AS enough"
        " FROM json_each(:customers) AS wanted CROSS JOIN customers ON customers.id = wanted.value",
        {
            "customers": json.dumps(customers),
            # Nothing is later than NULL.
            "since": stamp(ctx.now - timedelta(days=gap)) if gap else None,
        },
    )
    policy = CONSENT(ctx)
    return {int(row["id"]): (row["phone"], _why(policy, kind, row)) for row in rows}


def _why(policy: str, kind: str, row: sqlite.Row) -> str:
    if row["merged_into"] is not None or not row["active"]:
        return N_("put away, or merged")
    if not row["phone"]:
        return N_("no number")
    lacking = consent.lacking(policy, kind, row["consent"], row["kind"])
    if lacking or not row["enough"]:
        return lacking
    return N_("was told already") if kind == HOWTO else N_("had a promo lately")


_FAMILY = "(SELECT id FROM kept WHERE kept_id = wanted.value)"
_TOLD = (
    "SELECT 1 FROM promo_people JOIN promos ON promos.id = promo_id"  # noqa: S608 - names of ours
    f" WHERE customer_id IN {_FAMILY} AND promos.kind = '{HOWTO}' AND message_id IS NOT NULL"
)
_HAD_PROMO = (
    "SELECT 1 FROM promo_people JOIN messages ON messages.id = message_id"  # noqa: S608 - names of ours
    f" WHERE promo_people.customer_id IN {_FAMILY} AND at > :since AND messages.kind = '{PROMO}'"
    " AND status NOT IN ('cancelled', 'expired', 'failed')"
)
