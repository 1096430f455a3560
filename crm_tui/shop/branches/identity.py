"""Who this branch is in its chain, and who the others are. Enrolling writes it (`replication`)."""

import json
from dataclasses import dataclass

from crm_tui.errors import Sentence
from crm_tui.shop.branches.errors import BranchIsClosed, BranchUnknown, NotEnrolled
from crm_tui.shop.branches.keys import Key
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import points


@dataclass(frozen=True)
class Branch:
    """A branch by its number, which the head office gave, and its name."""

    number: int
    name: str


def own(ctx: Context) -> Branch | None:
    """This branch; None in a shop that belongs to no chain."""
    row = ctx.db.execute("SELECT branch, name FROM chain").fetchone()
    return None if row is None else Branch(row[0], row[1])


def required(ctx: Context) -> Branch:
    """This branch. Raises `NotEnrolled`."""
    branch = own(ctx)
    if branch is None:
        raise NotEnrolled()
    return branch


def number_before(ctx: Context) -> int | None:
    """The number under which this shop, or one that it is a copy of, sent rows to a chain before, if it
    was another one and counts still: the office is the same, or goods, points or STOPs of others are in
    the books by the keys that they had there."""
    row = ctx.db.execute(
        "SELECT number FROM (SELECT json_extract(after, '$.branch') AS number,"
        "   json_extract(after, '$.office') AS place FROM audit WHERE command = 'replication.enrol'"
        "   AND id < (SELECT max(id) FROM audit WHERE command = 'replication.leave'"
        # Where nothing was sent, none is written (`enrolling.leave`).
        "     AND coalesce(json_type(before, '$.office'), '') <> 'null') ORDER BY id DESC LIMIT 1),"
        " chain WHERE number <> branch AND (place = office"
        "   OR EXISTS (SELECT 1 FROM transfers) OR EXISTS (SELECT 1 FROM arrivals)"
        "   OR EXISTS (SELECT 1 FROM grants) OR EXISTS (SELECT 1 FROM grant_requests)"
        "   OR EXISTS (SELECT 1 FROM stops WHERE stops.branch > 0))"
    ).fetchone()
    return None if row is None else int(row[0])


def open_one(ctx: Context) -> Branch:
    """This branch, as long as goods and points may come and go. Raises `NotEnrolled`,
    `BranchIsClosed`."""
    branch = required(ctx)
    if is_closed(ctx, branch.number):
        raise BranchIsClosed()
    return branch


def is_closed(ctx: Context, number: int) -> bool:
    """Whether this branch has heard that one is closed, it or another."""
    row = ctx.db.execute(
        "SELECT 1 FROM branch_names WHERE branch = ? AND closed_at IS NOT NULL", (number,)
    ).fetchone()
    return row is not None


def note_closed(ctx: Context) -> None:
    """The head office has closed this branch, within a command."""
    ctx.db.execute(
        "INSERT INTO branch_names SELECT branch, name, ? FROM chain WHERE true ON CONFLICT (branch)"
        " DO UPDATE SET closed_at = coalesce(closed_at, excluded.closed_at)",
        (ctx.at,),
    )
    ctx.changed("branches", 0)


def others(ctx: Context) -> list[Branch]:
    """The other branches that are open, by name."""
    rows = ctx.db.execute(
        "SELECT branch, name FROM branch_names WHERE closed_at IS NULL"
        " AND branch NOT IN (SELECT branch FROM chain) ORDER BY name, branch"
    )
    return [Branch(row[0], row[1]) for row in rows]


def other(ctx: Context, number: int) -> Branch:
    """The other branch with this number, open. Raises `BranchUnknown`, `NotEnrolled`,
    `BranchIsClosed`."""
    open_one(ctx)
    for each in others(ctx):
        if each.number == number:
            return each
    raise BranchUnknown(branch=number)


def known(ctx: Context, number: int) -> Branch:
    """Another branch, open or closed: the head office answers for one that is closed. Raises
    `BranchUnknown`, `NotEnrolled`, `BranchIsClosed` if this one is."""
    open_one(ctx)
    row = ctx.db.execute(
        "SELECT branch, name FROM branch_names WHERE branch = ?"
        " AND branch NOT IN (SELECT branch FROM chain)",
        (number,),
    ).fetchone()
    if row is None:
        raise BranchUnknown(branch=number)
    return Branch(row[0], row[1])


SKEW = 300.0
"""Seconds by which two clocks may differ before people are told."""


@dataclass(frozen=True)
class Standing:
    """How this branch stands with its head office. `behind`: rows that it lacked at the end of the last
    round, `met_at`; None before the first. `trouble`: why none came to its end, since `trouble_at`.
    `aside`: what could not be taken from there (kind, about what, why). `lent`: points that customers
    had before they came; `points`: why none can be spent, "" where they can."""

    branch: Branch
    office: str
    met_at: str | None
    behind: int
    skew: float
    trouble: Sentence
    trouble_at: str | None
    aside: tuple[tuple[str, str, str], ...]
    lent: int
    points: Sentence


def standing(ctx: Context) -> Standing | None:
    """How it stands; None in a shop that belongs to no chain."""
    with ctx.store.reading() as db:
        row = db.execute("SELECT * FROM chain").fetchone()
        if row is None:
            return None
        aside = db.execute(
            "SELECT kind, key, why FROM downs_aside ORDER BY lineage, seq LIMIT 50"
        ).fetchall()
        of = [_about(ctx, each["kind"], each["key"]) for each in aside]
        lent = db.execute("SELECT coalesce(sum(owed), 0) FROM point_loans").fetchone()[0]
        why = points.kept_back(ctx)
    return Standing(
        Branch(row["branch"], row["name"]), row["office"], row["met_at"], row["behind"], row["skew"],
        Sentence(row["trouble"]), row["trouble_at"],
        tuple((row["kind"], about, row["why"]) for row, about in zip(aside, of, strict=True)), lent,
        why.stored if why else Sentence(""),
    )  # fmt: skip


_CALLED = frozenset({"item", "price", "tier"})
"""Kinds of rows whose key is what people call it."""


def _about(ctx: Context, kind: str, key: str) -> str:
    """What a row of the head office is about, as people call it: a code, or a branch with the number
    that the row has there."""
    if kind in _CALLED:
        return key
    branch, *rest = key.split("/")
    if len(rest) != 2 or not branch.isdecimal():
        return ""
    return f"{name_of(ctx, int(branch))} {rest[1]}"


def name_of(ctx: Context, number: int) -> str:
    """How people call a branch; its number until its name is known."""
    row = ctx.db.execute("SELECT name FROM branch_names WHERE branch = ?", (number,)).fetchone()
    return f"#{number}" if row is None else str(row[0])


EPOCH = (
    "(SELECT max(epoch) FROM epochs"
    " WHERE coalesce(json_extract(marks, '$.{table}'), 0) < {table}.id)"
)
"""SQL: the epoch of the store's data in which a row of a numbered table was written. The head office
has it in that one or in a later one (`is_here`)."""


def is_here(ctx: Context, table: str, key: Key) -> bool:
    """Whether a key of this branch is that of the row with its number here, which was, or would have
    been, written in the same epoch, or in one before: what was not sent yet when a backup was restored
    goes as the rows of the epoch that began then."""
    found = 1
    for row in ctx.db.execute("SELECT epoch, marks FROM epochs ORDER BY epoch"):
        if json.loads(row["marks"]).get(table, 0) < key.id:
            found = int(row["epoch"])
    return key.epoch >= found
