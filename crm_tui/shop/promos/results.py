"""What a promo brought: what became of its SMS, and purchases against those who got nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from crm_tui.clock import moment, stamp
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages.settings import SMS_COST
from crm_tui.shop.promos import campaigns, chance
from crm_tui.shop.promos.campaigns import Promo
from crm_tui.shop.promos.chance import Difference
from crm_tui.shop.promos.pricing import BEGUN


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
    `discount`: rupiah that the promo took off what anybody bought; `parts`: SMS that the network has
    taken, at the `cost` in rupiah that an SMS has now.
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
    discount: int
    parts: int
    cost: int

    @property
    def out(self) -> int:
        """SMS that went out."""
        return sum(self.fates.get(each, 0) for each in ("sent", "delivered", "in_doubt"))


# A sale was priced when it was made, one of an order when the order came; a return as its sale. Of
# promos for the same item the best one counted.
_PRICED_AT = (
    "coalesce((SELECT received_at FROM orders WHERE orders.id = origin.order_id), origin.at)"
)
_DISCOUNT = (
    "SELECT coalesce(sum(CASE WHEN line.quantity > 0 THEN min(off, line.discount - line.redeemed)"  # noqa: S608
    " ELSE max(off, line.discount - line.redeemed) END), 0) FROM (SELECT sale_lines.*,"
    # As `pricing` does it: rounded half up, a unit at a time.
    " (price * part * 2 + 10000) / 20000 * quantity AS off"
    " FROM promo_items AS ours JOIN promos ON promos.id = promo_id"
    " JOIN sale_lines ON sale_lines.item_id = ours.item_id"
    " JOIN sales ON sales.id = sale_id JOIN sales AS origin ON origin.id ="
    "  coalesce(sales.of_sale, sales.id)"
    f" WHERE promo_id = :promo AND part > 0 AND {_PRICED_AT} >= starts_at AND {_PRICED_AT} < ends_at"
    " AND sales.import_id IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM promo_items AS other JOIN promos AS others"
    f"  ON others.id = other.promo_id AND others.status IN {BEGUN}"
    f"  WHERE other.item_id = ours.item_id AND {_PRICED_AT} >= others.starts_at"
    f"  AND {_PRICED_AT} < others.ends_at AND (other.part, others.ends_at, others.id)"
    "   > (ours.part, promos.ends_at, promos.id))) AS line"
)
# A text that is archived has left its parts; it was one SMS at least.
_PARTS = (
    "SELECT coalesce(sum(max(1, (SELECT count(*) FROM segments WHERE message_id = messages.id"
    "  AND segments.status IN ('sent', 'delivered', 'in_doubt')))), 0)"
    " FROM messages WHERE (id IN (SELECT message_id FROM promo_people WHERE promo_id = :promo)"
    " OR repeat_of IN (SELECT message_id FROM promo_people WHERE promo_id = :promo))"
    " AND status IN ('sent', 'delivered', 'in_doubt')"
)


def of(ctx: Context, promo_id: int) -> Results:
    """The results of a promo as of now. Raises `PromoUnknown`."""
    return brought(ctx, campaigns.get(ctx, promo_id))


def brought(ctx: Context, promo: Promo) -> Results:
    """The results of a promo that was looked up already, as of now.

    Each promo is asked about by itself: there are some a month, each with thousands of customers, whose
    purchases are held in memory for one promo at a time.
    """
    began = promo.started_at or ctx.at
    until = stamp(moment(began) + timedelta(days=promo.window_days))
    params = {"promo": promo.id, "began": began, "until": until}
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
            " coalesce(sum(EXISTS (SELECT 1 FROM consents WHERE consents.customer_id IN"
            "  (promo_people.customer_id, (SELECT kept_id FROM kept"
            "    WHERE kept.id = promo_people.customer_id)) AND answer = 'stopped'"
            "  AND consents.at >= messages.sent_at AND consents.at < :until)), 0)"
            " FROM promo_people JOIN messages ON messages.id = message_id"
            " WHERE promo_id = :promo AND messages.sent_at IS NOT NULL",
            params,
        ).fetchone()
        discount = db.execute(_DISCOUNT, params).fetchone()[0]
        parts = db.execute(_PARTS, params).fetchone()[0]
        bought = {role: _bought(ctx, params, role) for role in ("send", "control")}
    sent, control = (_group(bought[role]) for role in ("send", "control"))
    return Results(
        people[0], people[1], dict(left_out), dict(fates), replied, stopped, sent, control,
        chance.shares(sent.buyers, sent.people, control.buyers, control.people),
        chance.means(bought["send"], bought["control"]), until, until <= ctx.at,
        discount, parts, parts * SMS_COST(ctx),
    )  # fmt: skip


def _bought(ctx: Context, params: Mapping[str, object], role: str) -> list[int]:
    """What each customer of a group bought within the days that count, returns taken off.

    All customers that chance has drawn to be written to are in the group, whatever became of their
    SMS: those who were reached differ from those who were not, and the control group holds both.
    """
    rows = ctx.db.execute(
        # Two who turned out to be one are one customer, who was written to if either was.
        "WITH drawn AS (SELECT kept_id, max(role) AS role FROM promo_people"
        "  JOIN kept ON kept.id = customer_id WHERE promo_id = :promo"
        "  AND role IN ('send', 'control') GROUP BY kept_id)"
        " SELECT coalesce((SELECT sum(total) FROM sales WHERE customer_id IN"
        "  (SELECT id FROM kept WHERE kept.kept_id = drawn.kept_id)"
        "  AND sales.at >= :began AND sales.at < :until), 0)"
        " FROM drawn WHERE role = :role",
        {**params, "role": role},
    )
    return [int(row[0]) for row in rows]


def _group(values: list[int]) -> Group:
    return Group(len(values), sum(value > 0 for value in values), sum(values))
