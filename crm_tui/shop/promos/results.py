"""What a promo brought: what became of its SMS, and purchases against those who got nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, islice
from typing import Any

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
    "SELECT promo_id, coalesce(sum(CASE WHEN line.quantity > 0"  # noqa: S608
    " THEN min(off, line.discount - line.redeemed)"
    " ELSE max(off, line.discount - line.redeemed) END), 0) FROM (SELECT sale_lines.*, ours.promo_id,"
    # As `pricing` does it: rounded half up, a unit at a time.
    " (price * part * 2 + 10000) / 20000 * quantity AS off"
    " FROM promo_items AS ours JOIN promos ON promos.id = promo_id"
    " JOIN sale_lines ON sale_lines.item_id = ours.item_id"
    " JOIN sales ON sales.id = sale_id JOIN sales AS origin ON origin.id ="
    "  coalesce(sales.of_sale, sales.id)"
    f" WHERE promo_id IN ({{these}}) AND part > 0 AND {_PRICED_AT} >= starts_at"
    f" AND {_PRICED_AT} < ends_at AND sales.import_id IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM promo_items AS other JOIN promos AS others"
    f"  ON others.id = other.promo_id AND others.status IN {BEGUN}"
    f"  WHERE other.item_id = ours.item_id AND {_PRICED_AT} >= others.starts_at"
    f"  AND {_PRICED_AT} < others.ends_at AND (other.part, others.ends_at, others.id)"
    "   > (ours.part, promos.ends_at, promos.id))) AS line GROUP BY promo_id"
)
# A text that is archived has left its parts; it was one SMS at least.
_PARTS = (
    "WITH ours AS (SELECT promo_id, message_id AS id FROM promo_people"
    "  WHERE promo_id IN ({these}) AND message_id IS NOT NULL"
    " UNION SELECT promo_id, messages.id FROM promo_people"
    "  JOIN messages ON repeat_of = message_id WHERE promo_id IN ({these}))"
    " SELECT promo_id, coalesce(sum(max(1, (SELECT count(*) FROM segments"
    "  WHERE message_id = messages.id AND segments.status IN ('sent', 'delivered', 'in_doubt')))), 0)"
    " FROM ours JOIN messages ON messages.id = ours.id"
    " WHERE status IN ('sent', 'delivered', 'in_doubt') GROUP BY promo_id"
)
_PEOPLE = (
    "SELECT promo_id, count(*), coalesce(sum(role = 'send' AND message_id IS NULL AND why = ''), 0)"
    " FROM promo_people WHERE promo_id IN ({these}) GROUP BY promo_id"
)
_LEFT_OUT = (
    "SELECT promo_id, why, count(*) FROM promo_people WHERE promo_id IN ({these}) AND why <> ''"
    " GROUP BY promo_id, why ORDER BY 3 DESC"
)
_FATES = (
    "SELECT promo_id, status, count(*) FROM promo_people JOIN messages ON messages.id = message_id"
    " WHERE promo_id IN ({these}) GROUP BY promo_id, status"
)
# Until when purchases and answers count; the last branch tells PostgreSQL that these are moments.
_WINDOWS = (
    "WITH counted AS (SELECT id, started_at AS began, CASE id {ends} ELSE started_at END AS until"
    " FROM promos WHERE id IN ({these}))"
)
_ANSWERS = (
    f"{_WINDOWS} SELECT promo_id,"  # noqa: S608 - ours
    " coalesce(sum(EXISTS (SELECT 1 FROM messages AS reply WHERE reply.phone ="
    "  promo_people.phone AND reply.direction = 'in' AND reply.at >= messages.sent_at"
    "  AND reply.at < counted.until)), 0),"
    " coalesce(sum(EXISTS (SELECT 1 FROM consents WHERE consents.customer_id IN"
    "  (promo_people.customer_id, (SELECT kept_id FROM kept"
    "    WHERE kept.id = promo_people.customer_id)) AND answer = 'stopped'"
    "  AND consents.at >= messages.sent_at AND consents.at < counted.until)), 0)"
    " FROM counted JOIN promo_people ON promo_id = counted.id"
    " JOIN messages ON messages.id = message_id WHERE messages.sent_at IS NOT NULL"
    " GROUP BY promo_id"
)
# All customers that chance has drawn to be written to are in the group, whatever became of their SMS:
# those who were reached differ from those who were not, and the control group holds both. Two who
# turned out to be one are one customer, who was written to if either was.
_BOUGHT = (
    f"{_WINDOWS}, drawn AS (SELECT promo_id, kept_id, max(role) AS role"  # noqa: S608 - ours
    "  FROM promo_people"
    "  JOIN kept ON kept.id = customer_id WHERE promo_id IN ({these})"
    "  AND role IN ('send', 'control') GROUP BY promo_id, kept_id)"
    " SELECT promo_id, role, coalesce((SELECT sum(total) FROM sales WHERE customer_id IN"
    "  (SELECT id FROM kept WHERE kept.kept_id = drawn.kept_id)"
    "  AND sales.at >= counted.began AND sales.at < counted.until), 0)"
    " FROM drawn JOIN counted ON counted.id = promo_id ORDER BY promo_id"
)
_TOGETHER = 50
"""So many promos are asked about at once."""


def of(ctx: Context, promo_id: int) -> Results:
    """The results of a promo as of now. Raises `PromoUnknown`."""
    return next(brought(ctx, [campaigns.get(ctx, promo_id)]))[1]


def brought(ctx: Context, promos: Iterable[Promo]) -> Iterator[tuple[Promo, Results]]:
    """Promos that were looked up already, in this order, with the results of each as of now."""
    left = iter(promos)
    while some := list(islice(left, _TOGETHER)):
        yield from _together(ctx, some)


def _together(ctx: Context, promos: list[Promo]) -> list[tuple[Promo, Results]]:
    untils = {promo.id: _until(ctx, promo) for promo in promos}
    given: dict[str, object] = {}
    for at, (number, until) in enumerate(untils.items()):
        given |= {f"promo{at}": number, f"until{at}": until}
    places = range(len(untils))
    these = ", ".join(f":promo{at}" for at in places)
    ends = " ".join(f"WHEN :promo{at} THEN :until{at}" for at in places)

    with ctx.store.reading() as db:

        def asked(query: str) -> Any:
            text = query.format(these=these, ends=ends)
            return db.execute(text, given)

        people, answers, discounts, parts = (
            {row[0]: tuple(row)[1:] for row in asked(query)}
            for query in (_PEOPLE, _ANSWERS, _DISCOUNT, _PARTS)
        )
        left_out, fates = (_by_word(asked(query)) for query in (_LEFT_OUT, _FATES))
        bought = {number: _compared(rows) for number, rows in groupby(asked(_BOUGHT), _first)}
    cost = SMS_COST(ctx)
    nothing = _compared([])
    found = []
    for promo in promos:
        drawn, waiting = people.get(promo.id, (0, 0))
        replied, stopped = answers.get(promo.id, (0, 0))
        (discount,), (part,) = discounts.get(promo.id, (0,)), parts.get(promo.id, (0,))
        until = untils[promo.id]
        results = Results(
            drawn, waiting, left_out.get(promo.id, {}), fates.get(promo.id, {}), replied, stopped,
            *bought.get(promo.id, nothing), until, until <= ctx.at, discount, part, part * cost,
        )  # fmt: skip
        found.append((promo, results))
    return found


def _until(ctx: Context, promo: Promo) -> str:
    return stamp(moment(promo.started_at or ctx.at) + timedelta(days=promo.window_days))


def _first(row: Any) -> int:
    return int(row[0])


def _by_word(rows: Iterable[Any]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for number, word, count in rows:
        found.setdefault(number, {})[word] = count
    return found


def _compared(rows: Iterable[Any]) -> tuple[Group, Group, Difference | None, Difference | None]:
    """Those who were to be written to and those who were not, and what is more, out of rows of what
    each customer bought: of a month with many promos, one promo's customers are in memory at a time."""
    bought: dict[str, list[int]] = {"send": [], "control": []}
    for _, role, rupiah in rows:
        bought[role].append(int(rupiah))
    sent, control = (_group(bought[role]) for role in ("send", "control"))
    return (
        sent, control, chance.shares(sent.buyers, sent.people, control.buyers, control.people),
        chance.means(bought["send"], bought["control"]),
    )  # fmt: skip


def _group(values: list[int]) -> Group:
    return Group(len(values), sum(value > 0 for value in values), sum(values))
