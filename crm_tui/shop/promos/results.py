"""What a promo brought: what became of its SMS, and purchases against those who got nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from crm_tui.clock import moment, stamp
from crm_tui.shop.gate.context import Context
from crm_tui.shop.promos import campaigns, chance
from crm_tui.shop.promos.chance import Difference


@dataclass(frozen=True)
class Group:
    """So many customers, how many of them bought within the days that count, and for how much."""

    people: int
    buyers: int
    rupiah: int


@dataclass(frozen=True)
class Results:
    """`people` of the audience: `waiting` to be written to, `left_out` by reason. SMS by what became of
    them (`fates`). `replied`, `stopped`: customers who wrote, or said STOP, after theirs.

    `sent` and `control` bought from the start until `until`; `more_buyers` and `more_rupiah` (a
    customer) say what that is more, None where a group is too small. `over`: all days have passed.
    """

    people: int
    waiting: int
    left_out: Mapping[str, int]
    fates: Mapping[str, int]
    replied: int
    stopped: int
    sent: Group
    control: Group
    more_buyers: Difference | None
    more_rupiah: Difference | None
    until: str
    over: bool

    @property
    def out(self) -> int:
        """SMS that went out."""
        return sum(self.fates.get(each, 0) for each in ("sent", "delivered", "in_doubt"))


def of(ctx: Context, promo_id: int) -> Results:
    """The results of a promo as of now."""
    promo = campaigns.get(ctx, promo_id)
    began = promo.started_at or ctx.at
    until = stamp(moment(began) + timedelta(days=promo.window_days))
    params = {"promo": promo_id, "began": began, "until": until}
    with ctx.store.reading() as db:
        people = db.execute(
            "SELECT count(*), coalesce(sum(role = 'send' AND message_id IS NULL AND why = ''), 0)"
            " FROM promo_people WHERE promo_id = :promo",
            params,
        ).fetchone()
        left_out = db.execute(
            "SELECT why, count(*) FROM promo_people WHERE promo_id = :promo AND why <> ''"
            " GROUP BY why ORDER BY 2 DESC",
            params,
        ).fetchall()
        fates = db.execute(
            "SELECT status, count(*) FROM promo_people JOIN messages ON messages.id = message_id"
            " WHERE promo_id = :promo GROUP BY status",
            params,
        ).fetchall()
        replied, stopped = db.execute(
            "SELECT coalesce(sum(EXISTS (SELECT 1 FROM messages AS reply WHERE reply.phone ="
            "  promo_people.phone AND reply.direction = 'in' AND reply.at >= messages.sent_at"
            "  AND reply.at < :until)), 0),"
            " coalesce(sum(EXISTS (SELECT 1 FROM consents WHERE consents.customer_id ="
            "  promo_people.customer_id AND answer = 'stopped' AND consents.at >= messages.sent_at"
            "  AND consents.at < :until)), 0)"
            " FROM promo_people JOIN messages ON messages.id = message_id"
            " WHERE promo_id = :promo AND messages.sent_at IS NOT NULL",
            params,
        ).fetchone()
        bought = {role: _bought(ctx, params, role) for role in ("send", "control")}
    sent, control = (_group(bought[role]) for role in ("send", "control"))
    return Results(
        people[0], people[1], dict(left_out), dict(fates), replied, stopped, sent, control,
        chance.shares(sent.buyers, sent.people, control.buyers, control.people),
        chance.means(bought["send"], bought["control"]), until, until <= ctx.at,
    )  # fmt: skip


def _bought(ctx: Context, params: Mapping[str, object], role: str) -> list[int]:
    """What each customer of a group bought within the days that count, returns taken off.

    All customers that chance has drawn to be written to are in the group, whatever became of their
    SMS: those who were reached differ from those who were not, and the control group holds both.
    """
    rows = ctx.db.execute(
        "SELECT coalesce((SELECT sum(total) FROM sales WHERE customer_id IN"
        # Who was merged into another one since has bought what was sold to them under this key.
        "  (SELECT id FROM kept WHERE id = promo_people.customer_id"
        "   OR kept_id = promo_people.customer_id)"
        "  AND sales.at >= :began AND sales.at < :until), 0)"
        " FROM promo_people WHERE promo_id = :promo AND role = :role",
        {**params, "role": role},
    )
    return [int(row[0]) for row in rows]


def _group(values: list[int]) -> Group:
    return Group(len(values), sum(value > 0 for value in values), sum(values))
