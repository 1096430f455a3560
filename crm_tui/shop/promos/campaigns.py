"""Promos: written as drafts, started for an audience, paused, resumed, cancelled.

    draft ─start─▶ building ─▶ running ⇄ paused ─▶ done | cancelled

From the start on every customer of the audience has a row that says what becomes of them: a message,
the control group that gets nothing, or the reason why not (`promos.sending`).
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from crm_tui import sqlite
from crm_tui.clock import moment, stamp
from crm_tui.errors import N_
from crm_tui.shop.gate import money
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput, RuleBroken
from crm_tui.shop.items import catalogue
from crm_tui.shop.messages import outbox
from crm_tui.shop.promos import audience as promo_audience
from crm_tui.shop.promos import texts as promo_texts
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.promos.settings import CONTROL, WINDOW_DAYS
from crm_tui.text import percent

OPEN = ("building", "running", "paused")
MOST_NAME = 60
MOST_DAYS = 365


class PromoUnknown(RuleBroken):
    text = N_("There is no promo {number}.")


class PromoNameMissing(BadInput):
    text = N_("The promo needs a name of at most {most} characters.")


class PromoTextMissing(BadInput):
    text = N_("The promo says nothing: write a text.")


class PromoDaysBad(BadInput):
    text = N_("A promo lasts 1 to {most} days.")


class ControlBad(BadInput):
    text = N_("The control group is 0 to 90 percent.")


class DiscountMissing(BadInput):
    text = N_("Name at least one item with its discount, as: ABC-1 10%")


class NobodyMeant(RuleBroken):
    text = N_("Nobody is on this list now: there is nobody to write to.")


class PromoStarted(RuleBroken):
    text = N_("The promo has begun already: its text and its customers stay as they are.")


class PromoNotRunning(RuleBroken):
    text = N_("This cannot be done with a promo that is: {status}.")


@dataclass(frozen=True)
class Draft:
    """What a promo is to be. `items`: keys with the discount in hundredths of a percent, 0 where it is
    only named. `control` in percent; it ends `days` days from its start, at midnight."""

    name: str
    kind: str
    text: str
    audience: Audience
    items: tuple[tuple[int, int], ...] = ()
    days: int = 7
    control: int = 0


@dataclass(frozen=True)
class Promo:
    """A promo as it stands; moments as the store writes them."""

    id: int
    draft: Draft
    status: str
    ends_at: str
    seed: str
    window_days: int
    started_at: str | None
    ended_at: str | None


def get(ctx: Context, promo_id: int) -> Promo:
    """The promo with this key. Raises `PromoUnknown`."""
    found = _looked_up(ctx, "id = ?", (promo_id,))
    if not found:
        raise PromoUnknown(number=promo_id)
    return found[0]


def begun(ctx: Context, begin: str, end: str) -> list[Promo]:
    """The promos that were started within these moments, by key."""
    return _looked_up(ctx, "started_at >= ? AND started_at < ?", (begin, end))


def _looked_up(ctx: Context, condition: str, given: Sequence[object]) -> list[Promo]:
    rows = ctx.db.execute(
        f"SELECT * FROM promos WHERE {condition} ORDER BY id",  # noqa: S608 - ours
        given,
    ).fetchall()
    items: dict[int, list[tuple[int, int]]] = {}
    for number, item_id, part in ctx.db.execute(
        "SELECT promo_id, item_id, part FROM promo_items WHERE promo_id IN"  # noqa: S608 - ours
        f" (SELECT id FROM promos WHERE {condition}) ORDER BY promo_id, item_id",
        given,
    ):
        items.setdefault(number, []).append((int(item_id), int(part)))
    return [_promo(row, items.get(row["id"], [])) for row in rows]


def _promo(row: sqlite.Row, items: Sequence[tuple[int, int]]) -> Promo:
    days = (moment(row["ends_at"]) - moment(row["starts_at"])).days + 1
    draft = Draft(
        row["name"], row["kind"], row["text"], promo_audience.restored(row["audience"]),
        tuple(items), days, row["control"] // 100,
    )  # fmt: skip
    return Promo(
        row["id"], draft, row["status"], row["ends_at"], row["seed"], row["window_days"],
        row["started_at"], row["ended_at"],
    )  # fmt: skip


def beginning(ctx: Context, kind: str, audience: Audience | None = None, list: str = "") -> Draft:
    """A draft with the usual text of a kind, or of a list of customers."""
    words = {"new": "recent"}.get(list, list) or kind
    text = promo_texts.BEGINNINGS[words if words in promo_texts.BEGINNINGS else kind].wording(ctx)
    return Draft("", kind, text, audience or Audience(), control=CONTROL(ctx))


def checked(draft: Draft) -> Draft:
    """What somebody wrote, put in order. Raises `BadInput`, with what is wrong."""
    draft = replace(draft, name=" ".join(draft.name.split()), text=draft.text.strip())
    if not 1 <= len(draft.name) <= MOST_NAME:
        raise PromoNameMissing(most=MOST_NAME)
    if not draft.text:
        raise PromoTextMissing()
    if not 1 <= draft.days <= MOST_DAYS:
        raise PromoDaysBad(most=MOST_DAYS)
    if not 0 <= draft.control <= 90:
        raise ControlBad()
    if draft.kind == "discount" and not any(part for _, part in draft.items):
        raise DiscountMissing()
    promo_texts.check(draft.text)
    promo_texts.check_braces(draft.text)
    if "{items}" in draft.text and not draft.items:
        raise promo_texts.NothingToName(field="{items}")
    promo_texts.size(draft.text)
    return draft


def _end(begin: datetime, days: int) -> str:
    """The midnight after the last of so many days."""
    last = begin.astimezone().date() + timedelta(days=days)
    return stamp(datetime.combine(last, time()).astimezone())


@command("promos.save", "promos.send")
def save(ctx: Context, draft: Draft, promo_id: int | None = None) -> int:
    """Keep a draft, a new one or in the place of another; its key. Raises what is wrong with it."""
    draft = checked(draft)
    if promo_id is not None and get(ctx, promo_id).status != "draft":
        raise PromoStarted()
    before = None if promo_id is None else _told(get(ctx, promo_id).draft)
    row = ctx.db.execute(
        "INSERT INTO promos (id, name, kind, text, audience, control, seed, window_days, starts_at,"
        " ends_at, status, created_at, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'draft', ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind,"
        " text = excluded.text, audience = excluded.audience, control = excluded.control,"
        " starts_at = excluded.starts_at, ends_at = excluded.ends_at RETURNING id",
        (
            promo_id, draft.name, draft.kind, draft.text, draft.audience.as_text, draft.control * 100,
            secrets.token_hex(8), WINDOW_DAYS(ctx), ctx.at, _end(ctx.now, draft.days), ctx.at,
            ctx.actor.name,
        ),
    ).fetchone()  # fmt: skip
    ctx.db.execute("DELETE FROM promo_items WHERE promo_id = ?", (row[0],))
    for item_id, part in draft.items:
        ctx.db.execute("INSERT INTO promo_items VALUES (?, ?, ?)", (row[0], item_id, part))
    ctx.record(f"promo {row[0]}", before, _told(draft))
    ctx.changed("promos", row[0])
    return int(row[0])


def _told(draft: Draft) -> Mapping[str, object]:
    return {
        "name": draft.name, "kind": draft.kind, "text": draft.text, "items": draft.items,
        "audience": draft.audience.as_text, "control": draft.control, "days": draft.days,
    }  # fmt: skip


@command("promos.remove", "promos.send")
def remove(ctx: Context, promo_id: int) -> None:
    """Throw a draft away. Raises `PromoStarted`."""
    promo = get(ctx, promo_id)
    if promo.status != "draft":
        raise PromoStarted()
    ctx.db.execute("DELETE FROM promos WHERE id = ?", (promo_id,))
    ctx.record(f"promo {promo_id}", _told(promo.draft), None)
    ctx.changed("promos", promo_id)


@command("promos.start", "promos.send")
def start(ctx: Context, promo_id: int) -> None:
    """Begin: the discounts count from now on, and the list of customers is built next
    (`promos.sending.build`). Raises `NobodyMeant`."""
    promo = get(ctx, promo_id)
    if promo.status != "draft":
        raise PromoStarted()
    lowers = any(part for _, part in promo.draft.items)
    if not lowers and not promo_audience.people(ctx, promo.draft.audience):
        raise NobodyMeant()
    ctx.db.execute(
        "UPDATE promos SET status = 'building', started_at = ?, starts_at = ?, ends_at = ?"
        " WHERE id = ?",
        (ctx.at, ctx.at, _end(ctx.now, promo.draft.days), promo_id),
    )
    _record(ctx, promo, "building")


@command("promos.pause", "promos.send")
def pause(ctx: Context, promo_id: int) -> None:
    """Send nothing more for now; what has not begun to go out waits with the others."""
    promo = _in(ctx, promo_id, "running")
    _take_back(ctx, promo_id)
    ctx.db.execute("UPDATE promos SET status = 'paused' WHERE id = ?", (promo_id,))
    _record(ctx, promo, "paused")


@command("promos.resume", "promos.send")
def resume(ctx: Context, promo_id: int) -> None:
    """Go on where it was paused."""
    promo = _in(ctx, promo_id, "paused")
    ctx.db.execute("UPDATE promos SET status = 'running', next_at = NULL WHERE id = ?", (promo_id,))
    _record(ctx, promo, "running")


@command("promos.cancel", "promos.send")
def cancel(ctx: Context, promo_id: int) -> None:
    """Give it up: nobody else is written to, and its discounts count no more."""
    promo = _in(ctx, promo_id, *OPEN, "done")
    _take_back(ctx, promo_id)
    leave_out_rest(ctx, promo_id, N_("the promo was cancelled"))
    ctx.db.execute(
        "UPDATE promos SET status = 'cancelled', ended_at = ? WHERE id = ?", (ctx.at, promo_id)
    )
    _record(ctx, promo, "cancelled")


def _in(ctx: Context, promo_id: int, *states: str) -> Promo:
    promo = get(ctx, promo_id)
    if promo.status not in states:
        raise PromoNotRunning(status=promo.status)
    return promo


def leave_out_rest(ctx: Context, promo_id: int, why: str) -> None:
    """Those who were not written to yet are not any more, within a command."""
    ctx.db.execute(
        "UPDATE promo_people SET why = ? WHERE promo_id = ? AND role = 'send' AND message_id IS NULL"
        " AND why = ''",
        (why, promo_id),
    )


def _take_back(ctx: Context, promo_id: int) -> None:
    """Messages that have not begun to go out are taken back; their customers wait as before."""
    written = ctx.db.execute(
        "SELECT message_id FROM promo_people WHERE promo_id = ? AND message_id IS NOT NULL",
        (promo_id,),
    )
    for message_id in outbox.cancel(ctx, [row[0] for row in written]):
        ctx.db.execute(
            "UPDATE promo_people SET message_id = NULL WHERE promo_id = ? AND message_id = ?",
            (promo_id, message_id),
        )


def _record(ctx: Context, promo: Promo, status: str) -> None:
    ctx.record(f"promo {promo.id}", {"status": promo.status}, {"status": status})
    ctx.changed("promos", promo.id)


# ── before it is started ──────────────────────────────────────────────────────────────────────────


def ending(ctx: Context, days: int) -> str:
    """When a promo of so many days ends that is started now (a stored moment)."""
    return _end(ctx.now, days)


def parsed_items(ctx: Context, text: str) -> tuple[tuple[int, int], ...]:
    """ "ABC-1 10%, ABC-2" as item keys with discounts. Raises `UnknownItem`, `BadPercent`."""
    discounts: dict[int, int] = {}
    # A comma between digits is a decimal one: 12,5%
    for entry in re.split(r"[;\n]|(?<!\d),|,(?!\d)", text):
        words = entry.split()
        if not words:
            continue
        part = money.percent(words.pop()) if len(words) > 1 or words[-1].endswith("%") else 0
        if not words or not 0 <= part <= money.WHOLE:
            raise DiscountMissing()
        discounts[catalogue.by_code(ctx, " ".join(words)).id] = part
    return tuple(discounts.items())


def typed_items(ctx: Context, wanted: Sequence[tuple[int, int]]) -> str:
    """The items as one would type them."""
    items = catalogue.by_ids(ctx, [item_id for item_id, _ in wanted])
    entries = []
    for item_id, part in wanted:
        off = f" {percent(part)}" if part else ""
        entries.append(items[item_id].code + off)
    return ", ".join(entries)
