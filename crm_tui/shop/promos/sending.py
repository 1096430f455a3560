"""The sending of promos: the customers are written down first, then one SMS after the other goes out.

    build ─slices─▶ promo_people ─feed (paced, by day)─▶ outbox ─claim (consent once more)─▶ line

Each step is a transaction, so that a power cut loses nothing and sends nothing twice: a customer has a
message as soon as it is queued, and a number only one a promo, by an index.
"""

from collections.abc import Sequence
from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.errors import N_
from crm_tui.shop.gate import slices
from crm_tui.shop.gate.commands import journal, part
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.messages import consent, filling, outbox
from crm_tui.shop.promos import audience as promo_audience
from crm_tui.shop.promos import campaigns
from crm_tui.shop.promos import outlook as promo_outlook
from crm_tui.shop.promos import texts as promo_texts
from crm_tui.shop.promos.campaigns import Promo
from crm_tui.shop.promos.settings import PACE

AHEAD = 2
"""Promos that wait in the outbox at most: the rest can still be stopped, and answers come first."""
HELD = 10
"""No others are tried while so many were refused for now: the network, or the credit, is gone."""
_LATER = 5
_GIVE_UP = timedelta(hours=36)
_TRIES = 50


def build(ctx: Context, promo_id: int, progress: Progress | None = None) -> None:
    """Write down what becomes of each customer of a promo that was started; then it runs. What was cut
    off goes on where it was."""
    promo = campaigns.get(ctx, promo_id)
    row = ctx.db.execute("SELECT built_upto FROM promos WHERE id = ?", (promo_id,)).fetchone()
    people = promo_audience.people(ctx, promo.draft.audience)
    size = _size(ctx, promo_id, len(people))
    customers = [customer for customer in people if customer > int(row[0])]
    if progress is not None:
        # Somebody has said that it shall be: it ends by being cancelled, not by being half built.
        progress.begin_final()

    def some(after: int, upto: int) -> bool:
        return _write(ctx, promo, customers[after:upto], size)

    if not slices.run(ctx, "promos.build", 0, len(customers), some, progress):
        return
    with part(ctx, "promos.build"):
        if campaigns.get(ctx, promo_id).status == "building":
            ctx.db.execute("UPDATE promos SET status = 'running' WHERE id = ?", (promo_id,))
            ctx.record(f"promo {promo_id}", {"status": "building"}, {"status": "running"})
            ctx.changed("promos", promo_id)


def _size(ctx: Context, promo_id: int, people: int) -> int:
    """How many customers are meant, as it was found first: the control group follows from it, and is
    the same for those who come after a power cut."""
    with part(ctx, "promos.build"):
        return int(
            ctx.db.execute(
                "UPDATE promos SET people = coalesce(people, ?) WHERE id = ? RETURNING people",
                (people, promo_id),
            ).fetchone()[0]
        )


def _write(ctx: Context, promo: Promo, customers: Sequence[int], people: int) -> bool:
    row = ctx.db.execute(
        "SELECT status, built_upto FROM promos WHERE id = ?", (promo.id,)
    ).fetchone()
    if row["status"] != "building":
        # It was cancelled meanwhile.
        return False
    left = [customer for customer in customers if customer > row["built_upto"]]
    for customer, (phone, why) in promo_outlook.reasons(ctx, promo.draft.kind, left).items():
        role = (
            "left_out"
            if why
            else "control"
            if promo_outlook.in_control(promo.draft, promo.seed, customer, people)
            else "send"
        )
        added = ctx.db.execute(
            "INSERT OR IGNORE INTO promo_people (promo_id, customer_id, phone, role, why)"
            " VALUES (?, ?, ?, ?, ?)",
            (promo.id, customer, phone, role, why),
        ).rowcount
        if not added:
            ctx.db.execute(
                "INSERT OR IGNORE INTO promo_people (promo_id, customer_id, phone, role, why)"
                " VALUES (?, ?, ?, 'left_out', ?)",
                (promo.id, customer, phone, N_("the number gets it already")),
            )
    if customers:
        ctx.db.execute(
            "UPDATE promos SET built_upto = max(built_upto, ?) WHERE id = ?",
            (customers[-1], promo.id),
        )
    return True


# ── one after the other ───────────────────────────────────────────────────────────────────────────


@journal
def feed(ctx: Context) -> None:
    """Queue the next promo, if it is time: paced, not at night, and not while others still wait."""
    # In turns: a small one does not wait for a large one.
    row = ctx.db.execute(
        "SELECT id FROM promos WHERE status = 'running' AND coalesce(next_at, '') <= ?"
        " ORDER BY coalesce(fed_at, ''), id LIMIT 1",
        (ctx.at,),
    ).fetchone()
    if row is None:
        return
    promo = campaigns.get(ctx, int(row[0]))
    if promo.ends_at <= ctx.at:
        _end(ctx, promo, N_("the promo was over"))
        return
    opens = consent.opens_at(ctx)
    if opens is not None:
        _wait(ctx, stamp(opens))
    elif _waiting(ctx, "queued") >= AHEAD or _waiting(ctx, "held") >= HELD:
        _wait(ctx, stamp(ctx.now + timedelta(seconds=_LATER)))
    elif _queue_next(ctx, promo):
        _wait(ctx, stamp(ctx.now + timedelta(seconds=60 / PACE(ctx))))
    elif not _next(ctx, promo):
        _end(ctx, promo, "")


def _wait(ctx: Context, until: str) -> None:
    """The pace is the modem's: it counts for all promos together."""
    ctx.db.execute("UPDATE promos SET next_at = ? WHERE status = 'running'", (until,))


def _waiting(ctx: Context, status: str) -> int:
    assert status in ("queued", "held"), status
    # The status as a literal: each has an index of its own.
    row = ctx.db.execute(
        f"SELECT count(*) FROM messages WHERE status = '{status}' AND kind IN {outbox.PROMOTING}"  # noqa: S608
    ).fetchone()
    return int(row[0])


def _next(ctx: Context, promo: Promo) -> list[tuple[int, str]]:
    rows = ctx.db.execute(
        "SELECT customer_id, phone FROM promo_people WHERE promo_id = ? AND role = 'send'"
        " AND message_id IS NULL AND why = '' ORDER BY customer_id LIMIT ?",
        (promo.id, _TRIES),
    )
    return [(int(row[0]), str(row[1])) for row in rows.fetchall()]


def _queue_next(ctx: Context, promo: Promo) -> bool:
    """Queue the message to the next customer who may still get one; whether there was one."""
    common = promo_texts.common(ctx, promo.draft.items, promo.ends_at)
    used = frozenset(filling.named(promo.draft.text))
    for customer, phone in _next(ctx, promo):
        now, why = promo_outlook.reasons(ctx, promo.draft.kind, [customer])[customer]
        if not why and now != phone and not _belongs_to(ctx, customer, phone):
            why = N_("the number belongs to somebody else by now")
        if why:
            _leave_out(ctx, promo, customer, why)
            continue
        values = common | promo_texts.personal(ctx, [customer], used)[customer]
        kind = outbox.HOWTO if promo.draft.kind == outbox.HOWTO else outbox.PROMO
        try:
            message = outbox.queue(
                ctx, phone, promo_texts.filled(promo.draft.text, values), kind,
                customer_id=customer, expires_at=min(promo.ends_at, stamp(ctx.now + _GIVE_UP)),
            )  # fmt: skip
        except RuleBroken as broken:
            _leave_out(ctx, promo, customer, broken.stored)
            continue
        ctx.db.execute(
            "UPDATE promo_people SET message_id = ? WHERE promo_id = ? AND customer_id = ?",
            (message, promo.id, customer),
        )
        ctx.db.execute("UPDATE promos SET fed_at = ? WHERE id = ?", (ctx.at, promo.id))
        ctx.changed("promos", promo.id)
        return True
    return False


def _belongs_to(ctx: Context, customer_id: int, phone: str) -> bool:
    row = ctx.db.execute(
        "SELECT 1 FROM phones WHERE number = ? AND customer_id = ?", (phone, customer_id)
    ).fetchone()
    return row is not None


def _leave_out(ctx: Context, promo: Promo, customer_id: int, why: str) -> None:
    ctx.db.execute(
        "UPDATE promo_people SET why = ? WHERE promo_id = ? AND customer_id = ?",
        (why, promo.id, customer_id),
    )
    ctx.changed("promos", promo.id)


def _end(ctx: Context, promo: Promo, why: str) -> None:
    """Nobody is left to be written to, or there is no time left."""
    campaigns.leave_out_rest(ctx, promo.id, why)
    ctx.db.execute(
        "UPDATE promos SET status = 'done', ended_at = ? WHERE id = ?", (ctx.at, promo.id)
    )
    ctx.changed("promos", promo.id)
