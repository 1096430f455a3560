"""STOP and START said in other branches: a STOP counts everywhere until a START that knew of it.

Each STOP is a row of `stops`, by its key where it was said. A START lifts the STOPs that its branch
had heard of (`consent_lifts`), and no other: in whatever order, and however often, they are told,
all branches come to the same end.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from crm_tui import clock
from crm_tui.shop.branches import identity
from crm_tui.shop.branches.keys import Key, key_of, moment
from crm_tui.shop.customers import people
from crm_tui.shop.customers.people import FAMILY
from crm_tui.shop.gate.context import Context

MOST = 200


def hear(ctx: Context, body: Mapping[str, Any]) -> None:
    """A STOP or a START of another branch, within a command.

    `{"stop": key, "phones": […], "at"}`, or `{"lifts": [key, …], "at"}`.
    """
    at = _moment(ctx, body)
    if "stop" in body:
        _stop(ctx, _here(ctx, key_of(body["stop"])), _phones(body), at)
    else:
        for each in body["lifts"][:MOST]:
            _lift(ctx, _here(ctx, key_of(each)), at)


def _moment(ctx: Context, body: Mapping[str, Any]) -> str:
    """When it was said; a STOP counts, whatever moment its branch wrote beside it."""
    try:
        return moment(body["at"])
    except (KeyError, TypeError, ValueError):
        return ctx.at


def _phones(body: Mapping[str, Any]) -> list[str]:
    phones = body["phones"]
    if not isinstance(phones, list) or not all(isinstance(each, str) for each in phones):
        raise TypeError("phones")
    return phones[:MOST]


def _here(ctx: Context, key: Key) -> Key:
    """A STOP that was said here, and is still in the books, has the key that it has here."""
    own = identity.required(ctx)
    if key.branch == own.number and identity.is_here(ctx, "consents", key):
        return Key(0, 0, key.id)
    return key


def _stop(ctx: Context, key: Key, phones: Iterable[str], at: str) -> None:
    for phone in phones:
        # The START that lifts it may have come first.
        ctx.db.execute(
            "INSERT INTO stops SELECT :branch, :epoch, :id, :phone, :at, EXISTS (SELECT 1 FROM stops"
            " WHERE (branch, epoch, stop_id, lifted) = (:branch, :epoch, :id, 1))"
            " WHERE true ON CONFLICT DO NOTHING",
            {**key._asdict(), "phone": phone, "at": at},
        )
        _settle(ctx, phone, at)


def _lift(ctx: Context, key: Key, at: str) -> None:
    said = ctx.db.execute("SELECT 1 FROM consents WHERE id = ?", (key.id,)).fetchone()
    if key.branch == 0 and said is None:
        # Of a STOP that nobody has said yet.
        return
    ctx.db.execute(
        "INSERT INTO stops VALUES (:branch, :epoch, :id, '', :at, 1) ON CONFLICT DO NOTHING",
        {**key._asdict(), "at": at},
    )
    rows = ctx.db.execute(
        "UPDATE stops SET lifted = 1 WHERE (branch, epoch, stop_id, lifted) = (?, ?, ?, 0)"
        " RETURNING phone",
        key,
    ).fetchall()
    for row in rows:
        _settle(ctx, row[0], at)


def _settle(ctx: Context, phone: str, at: str) -> None:
    """What now counts for whoever has this number."""
    customer = people.by_phone(ctx, phone)
    if customer is None:
        return
    stopped = _stopped(ctx, customer.id)
    if stopped == (customer.consent == "stopped"):
        return
    answer = "stopped" if stopped else "yes"
    ctx.record(f"customer {customer.id}", {"consent": customer.consent}, {"consent": answer})
    people.write_consent(ctx, customer.id, answer, f"said in another branch, {_day(at)}")
    ctx.changed("customers", customer.id)


def _day(at: str) -> str:
    """The day of the shop's own time."""
    return f"{clock.moment(at).astimezone():%Y-%m-%d}"


def _stopped(ctx: Context, customer_id: int) -> bool:
    """Whether a STOP counts: one of any branch for one of the numbers, or one that was said here when
    the customer had no number."""
    row = ctx.db.execute(
        "SELECT EXISTS (SELECT 1 FROM stops WHERE lifted = 0 AND phone IN"  # noqa: S608 - ours
        f" (SELECT number FROM phones WHERE customer_id IN {FAMILY}))"
        " OR EXISTS (SELECT 1 FROM consents AS said WHERE answer = 'stopped' AND actor NOT LIKE"
        f" 'chain:%' AND customer_id IN {FAMILY}"
        " AND NOT EXISTS (SELECT 1 FROM stops WHERE branch = 0 AND stop_id = said.id)"
        " AND NOT EXISTS (SELECT 1 FROM consents AS later WHERE later.id > said.id AND"
        f" later.answer = 'yes' AND later.actor NOT LIKE 'chain:%' AND later.customer_id IN {FAMILY}))",
        {"customer": customer_id},
    ).fetchone()
    return bool(row[0])
