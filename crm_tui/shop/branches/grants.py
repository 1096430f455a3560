"""Points of a customer that lie in another branch: asked for, given, and taken in, each once.

    here: grant_requests ─▶ office ─▶ there: move_out, grants ─▶ office ─▶ here: point_arrivals

Where points lie they are spent freely; elsewhere only what was given. So no point is spent twice,
whatever comes late, twice or never.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm_tui.shop.branches import identity
from crm_tui.shop.branches.errors import LendLimit, NoPointsThere, PhoneMissing, RequestOpen
from crm_tui.shop.branches.identity import Branch
from crm_tui.shop.branches.keys import Key, key_of, moment, number, text
from crm_tui.shop.branches.settings import OFFLINE_POINTS
from crm_tui.shop.customers import people
from crm_tui.shop.customers.people import FAMILY
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import points as ledger
from crm_tui.shop.loyalty import travelling
from crm_tui.shop.loyalty.points import BadPoints
from crm_tui.shop.loyalty.travelling import Lot
from crm_tui.shop.messages import noticing, replies


@dataclass(frozen=True)
class Elsewhere:
    """Points that a customer had in another branch `at` a moment, the number by which it knows them,
    and how many of them are asked for and have not come."""

    branch: Branch
    points: int
    phone: str
    at: str
    asked: int


_ASKED = (
    "SELECT coalesce(sum(points), 0) FROM grant_requests WHERE home = :branch AND customer_id IN"  # noqa: S608 - ours
    f" {FAMILY} AND NOT EXISTS (SELECT 1 FROM point_arrivals WHERE request_id = grant_requests.id)"
)


def elsewhere(ctx: Context, customer_id: int) -> list[Elsewhere]:
    """Where else a customer has points, the most first."""
    rows = ctx.db.execute(
        "SELECT there.branch, points, phone, there.at FROM phones JOIN points_elsewhere AS there"
        " ON phone = number WHERE customer_id = ? AND points > 0 ORDER BY points DESC, there.branch",
        (people.by_id(ctx, customer_id).id,),
    ).fetchall()
    return [
        Elsewhere(
            Branch(row["branch"], identity.name_of(ctx, row["branch"])), row["points"],
            row["phone"], row["at"], _asked(ctx, customer_id, row["branch"]),
        )
        for row in rows
    ]  # fmt: skip


def _asked(ctx: Context, customer_id: int, branch: int) -> int:
    row = ctx.db.execute(_ASKED, {"customer": customer_id, "branch": branch}).fetchone()
    return int(row[0])


@command("branches.ask_points", "branches.points")
def ask(ctx: Context, customer_id: int, branch: int, points: int) -> int:
    """Ask another branch for points of a customer; the request's key. They come as soon as both
    branches have met the head office. Raises `NoPointsThere`, `RequestOpen`, `BadPoints`."""
    if not 1 <= points <= ledger.MOST:
        raise BadPoints()
    home = identity.known(ctx, branch)
    customer = people.by_id(ctx, customer_id).id
    if not people.phones(ctx, customer):
        raise PhoneMissing()
    there = next((each for each in elsewhere(ctx, customer) if each.branch == home), None)
    if there is None or there.points < points:
        raise NoPointsThere(
            branch=home.name, points=0 if there is None else there.points, wanted=points
        )
    if there.asked:
        raise RequestOpen(branch=home.name)
    request = int(
        ctx.db.execute(
            "INSERT INTO grant_requests (at, actor, home, customer_id, phone, points)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (ctx.at, ctx.actor.name, home.number, customer, there.phone, points),
        ).fetchone()[0]
    )
    ctx.record(f"customer {customer}", None, {"points asked": points, "of branch": home.number})
    ctx.changed("customers", customer)
    ctx.changed("branches", 0)
    return request


@command("branches.lend_points", "branches.points")
def lend(ctx: Context, customer_id: int, branch: int, points: int) -> None:
    """Let a customer use points that another branch has been asked for, before they have come, within
    what the shop allows (`branches.offline_points`). Raises `LendLimit`, `NoPointsThere`."""
    if not 1 <= points <= ledger.MOST:
        raise BadPoints()
    customer = people.by_id(ctx, customer_id).id
    most, lent = OFFLINE_POINTS(ctx), travelling.lent(ctx, customer)
    if lent + points > most:
        raise LendLimit(most=most, lent=lent)
    asked = _asked(ctx, customer, identity.known(ctx, branch).number)
    if lent + points > asked:
        raise NoPointsThere(branch=identity.name_of(ctx, branch), points=asked, wanted=points)
    travelling.lend(ctx, customer, points, f"branch {branch}")
    ctx.record(f"customer {customer}", None, {"points lent": points, "of branch": branch})
    ctx.changed("customers", customer)


# ── at the branch that is asked, and back ─────────────────────────────────────────────────────────


def give(ctx: Context, key: Key, body: Mapping[str, Any]) -> None:
    """Another branch asks for points, within a command: as many as are there go out, and the answer is
    written, once a request."""
    phone, wanted = text(body, "phone", 20), number(body["points"], 1)
    if _given(ctx, key):
        return
    customer = people.by_phone(ctx, phone)
    lots = (
        [] if customer is None else travelling.move_out(ctx, customer.id, wanted, f"branch {key}")
    )
    points = sum(lot.points for lot in lots)
    _write(ctx, key, phone, points, lots)
    if customer is not None and points:
        branch = identity.name_of(ctx, key.branch)
        noticing.tell(
            ctx, people.phones(ctx, customer.id), customer.id, replies.NOTICE_POINTS_GONE,
            points=points, branch=branch, left=ledger.balance(ctx, customer.id),
        )  # fmt: skip
        ctx.changed("customers", customer.id)


def _given(ctx: Context, request: Key) -> bool:
    row = ctx.db.execute(
        "SELECT 1 FROM grants WHERE (to_branch, to_epoch, to_id) = (?, ?, ?)", request
    ).fetchone()
    return row is not None


def _write(ctx: Context, request: Key, phone: str, points: int, lots: list[Lot]) -> None:
    told = json.dumps([[lot.points, lot.expires_at] for lot in lots])
    ctx.record(
        f"points for branch {request.branch}", None, {"points": points, "asked": str(request)}
    )
    ctx.db.execute(
        "INSERT INTO grants (at, actor, to_branch, to_epoch, to_id, phone, points, lots)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (ctx.at, ctx.actor.name, *request, phone, points, told),
    )
    ctx.changed("branches", 0)


def gone(ctx: Context, key: Key, body: Mapping[str, Any]) -> None:
    """Points that this branch gave away (`key`: its grant) in a history that a restored backup does not
    know, within a command: they go out again; what was spent meanwhile is owed. Where the request was
    answered once more, what went then is what counts."""
    request, phone, points = (
        key_of(body["request"]),
        text(body, "phone", 20),
        number(body["points"]),
    )
    if _given(ctx, request):
        _as_it_went(ctx, key, request, points)
        return
    customer = people.by_phone(ctx, phone)
    if customer is None:
        _write(ctx, request, phone, 0, [])
        return
    _write(ctx, request, phone, points, _out(ctx, customer.id, points, request))
    ctx.changed("customers", customer.id)


def _out(ctx: Context, customer: int, points: int, request: Key) -> list[Lot]:
    """So many points go out; those that are there no more are owed."""
    lots = travelling.move_out(ctx, customer, points, f"branch {request}")
    short = points - sum(lot.points for lot in lots)
    if short:
        travelling.owe(ctx, customer, short, f"branch {request}")
    return lots


def _as_it_went(ctx: Context, key: Key, request: Key, points: int) -> None:
    """A request was answered here, and it is another answer that came there: with so many points."""
    row = ctx.db.execute(
        "SELECT id, phone, lots, (SELECT coalesce(-sum(m.points), 0) FROM point_moves AS m"
        " WHERE m.kind = 'moved_out' AND m.note = :note) AS went FROM grants"
        " WHERE (to_branch, to_epoch, to_id) = (:branch, :epoch, :id)",
        {**request._asdict(), "note": f"branch {request}"},
    ).fetchone()
    customer = people.by_phone(ctx, row["phone"])
    if customer is None or (row["id"] == key.id and identity.is_here(ctx, "grants", key)):
        return
    if row["went"] < points:
        _out(ctx, customer.id, points - row["went"], request)
    elif row["went"] > points and not _arrived(ctx, key):
        lots, more = [], row["went"] - points
        for lot in reversed([_lot(each) for each in json.loads(row["lots"])]):
            part = min(lot.points, more)
            more -= part
            lots += [Lot(part, lot.expires_at)] if part else []
        _come(ctx, key, None, row["phone"], lots, request.branch)
    ctx.changed("customers", customer.id)


def take(ctx: Context, key: Key, body: Mapping[str, Any]) -> None:
    """Points have come, or none were there, within a command; told twice, they come once."""
    own = identity.required(ctx)
    request = key_of(body["request"])
    if request.branch != own.number:
        raise ValueError("asked for by another branch")
    lots = [_lot(each) for each in body["lots"]]
    points = sum(lot.points for lot in lots)
    phone = text(body, "phone", 20)
    if _arrived(ctx, key):
        return
    same = identity.is_here(ctx, "grant_requests", request)
    asked = ctx.db.execute(
        "SELECT home, points FROM grant_requests WHERE id = ?", (request.id,)
    ).fetchone()
    if same and (asked is None or asked["home"] != key.branch or asked["points"] < points):
        raise ValueError("not asked for")
    _come(ctx, key, request.id if same else None, phone, lots, key.branch)


def come_back(ctx: Context, key: Key, body: Mapping[str, Any]) -> None:
    """Points that this branch gave (`key`: its own grant) did not come where they were asked for, and
    are here again, within a command; told twice, they come once."""
    request, lots = key_of(body["request"]), [_lot(each) for each in body["lots"]]
    given = ctx.db.execute(
        "SELECT phone, points FROM grants WHERE (to_branch, to_epoch, to_id) = (?, ?, ?)", request
    ).fetchone()
    points = sum(lot.points for lot in lots)
    if given is None and not identity.is_here(ctx, "grants", key):
        # A restored backup knows neither that they went nor that they came back.
        return
    if given is None or points > given["points"]:
        raise ValueError("never given")
    if not _arrived(ctx, key):
        _come(ctx, key, None, given["phone"], lots, request.branch)


def _arrived(ctx: Context, key: Key) -> bool:
    row = ctx.db.execute(
        "SELECT 1 FROM point_arrivals WHERE (from_branch, from_epoch, from_id) = (?, ?, ?)", key
    ).fetchone()
    return row is not None


def _come(
    ctx: Context, key: Key, request: int | None, phone: str, lots: list[Lot], branch: int
) -> None:
    """Points are here from a branch; a customer without a card gets one by the number."""
    customer = _whose(ctx, request, phone)
    points = sum(lot.points for lot in lots)
    ctx.db.execute(
        "INSERT INTO point_arrivals (at, actor, from_branch, from_epoch, from_id, request_id,"
        " customer_id, phone, points) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ctx.at,
            ctx.actor.name,
            *key,
            request,
            customer.id,
            phone if phone in people.phones(ctx, customer.id) else "",
            points,
        ),
    )
    ctx.record(f"customer {customer.id}", None, {"points": points, "of branch": branch})
    left = travelling.move_in(ctx, customer.id, lots, f"branch {key}")
    if left:
        noticing.tell(
            ctx, people.phones(ctx, customer.id), customer.id, replies.NOTICE_POINTS_COME, points=left,
            branch=identity.name_of(ctx, branch), balance=ledger.balance(ctx, customer.id),
        )  # fmt: skip
    ctx.changed("customers", customer.id)
    ctx.changed("branches", 0)


def _whose(ctx: Context, request: int | None, phone: str) -> people.Customer:
    """Who gets the points. For whoever was erased since they were asked for, the books go on without a
    name, and no card with the number comes back."""
    known = people.by_phone(ctx, phone)
    if known is not None:
        return known
    asked = ctx.db.execute(
        "SELECT customer_id FROM grant_requests WHERE id = ?", (request,)
    ).fetchone()
    if asked is not None:
        return people.by_id(ctx, asked[0])
    if not phone:
        raise ValueError("nobody's")
    return people.prospect(ctx, phone)


def _lot(told: Any) -> Lot:
    points, ends = told
    return Lot(number(points, 1), None if ends is None else moment(ends))
