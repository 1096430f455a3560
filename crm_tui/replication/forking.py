"""A store that another history goes on from: an old crm.db put in its place by hand, a copied
computer that becomes a branch of its own. An epoch begins behind the last rows that both have in
common.

The office is asked row by row, halving what is left: does it hold exactly this one? What was asked
counts as long as the office knows of the epoch; one that was put back since is asked anew.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress

from crm_tui.replication import reading
from crm_tui.replication.following import after
from crm_tui.replication.line import Hello, Line
from crm_tui.replication.reading import Epoch
from crm_tui.shipped import LEDGERS, Ledger
from crm_tui.shop.backups import after_restore, places
from crm_tui.shop.gate.commands import command, part
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import travelling


def wanted(ctx: Context, hello: Hello) -> bool:
    """Whether an epoch has to begin that nobody need ask for: this is a copy that was enrolled as
    a branch of its own, the office ended the epoch and made the branch a new enrolment since, it does
    not know what was asked of it any more, or it heard of epochs out of which this store was restored:
    what it has in them may be in this one, too."""
    if hello.forked and not hello.epochs:
        return True
    path = reading.epochs(ctx.db)
    newest = path[-1]
    if newest.number not in hello.epochs:
        given_up = set(hello.epochs) - {epoch.number for epoch in path}
        if newest.forked or (given_up and max(hello.epochs) < newest.number):
            return True
    fresh = bool(ctx.db.execute("SELECT fresh FROM chain").fetchone()[0])
    return fresh and hello.open_epoch is None and places.epoch(ctx) in hello.epochs


def fork(ctx: Context, line: Line, hello: Hello) -> int:
    """Begin an epoch behind what the office has of this store already, from whichever branch; its
    number. Raises `ChainProblem`."""
    marks = common(ctx, line, hello)
    with part(ctx, "replication.begin_epoch"):
        number = _begin(ctx, marks, known_keys(hello), max(hello.epochs, default=0))
        if hello.forked and not hello.epochs:
            # They lie in the books of the branch that this is a copy of, which gives them out, or the
            # office does for it.
            travelling.leave_behind(ctx, marks["point_lots"])
    announce(ctx, line, hello)
    return number


def announce(ctx: Context, line: Line, hello: Hello) -> None:
    """Tell the office of an epoch that has just begun here, while it has what it was asked for."""
    path = reading.epochs(ctx.db)
    newest = path[-1]
    shared = {ledger.table: ledger.common(newest.marks) for ledger in LEDGERS}
    within = _within(ctx, line, shared, _asked_of(path, hello))
    line.begin_epoch(newest.number, newest.began_at, shared | within | after(path, hello.epochs))


def _asked_of(path: Sequence[Epoch], hello: Hello) -> list[int]:
    """The epochs in which the office may hold a row of this store, newest first: what two copies share
    one of them may have sent in an epoch of which the other knows nothing."""
    return sorted({epoch.number for epoch in path} | {*hello.epochs, *hello.held}, reverse=True)


def _within(
    ctx: Context, line: Line, shared: Mapping[str, int], path: Sequence[int]
) -> dict[str, int]:
    """In which epoch the office holds the last row that is shared, by LEDGER@: how far older ones are
    of this history follows from that one's own (`crm.cut`)."""
    found = {}
    for ledger in LEDGERS:
        number = _at_most(ctx, ledger, shared[ledger.table] // ledger.factor)
        row = reading.row_at(ctx.db, ledger, number) if number else None
        epoch = row and next((each for each in path if line.holds(ledger, each, row)), None)
        if epoch:
            found[f"{ledger.table}@"] = int(epoch)
    return found


def common(ctx: Context, line: Line, hello: Hello) -> dict[str, int]:
    """By table, the highest key that the office has a row of, just as this store has. Takes a few
    dozen questions a ledger. Raises `ChainProblem`."""
    path = _asked_of(reading.epochs(ctx.db), hello)
    marks = after_restore.marks(ctx.db.conn)
    for ledger in LEDGERS:
        lead = _last_held(ctx, line, ledger, path)
        table = ledger.numbered_by or ledger.table
        if ledger.table == table or table not in _OWN:
            marks[table] = lead
    return marks


_OWN = frozenset(ledger.table for ledger in LEDGERS)


def _last_held(ctx: Context, line: Line, ledger: Ledger, path: Sequence[int]) -> int:
    """The lead of the last row that the office holds; what it holds is a beginning of all rows."""
    low, high = 0, _highest(ctx, ledger)
    # Rows up to `low` are held, rows above `high` are not.
    while low < high:
        middle = (low + high + 1) // 2
        number = _at_most(ctx, ledger, middle)
        if number // ledger.factor <= low or _held(ctx, line, ledger, number, path):
            low = middle
        else:
            high = number // ledger.factor - 1
    # No row of this store is between it and `low`, but there may be some of another history.
    return _at_most(ctx, ledger, low) // ledger.factor


def _held(ctx: Context, line: Line, ledger: Ledger, number: int, path: Sequence[int]) -> bool:
    row = reading.row_at(ctx.db, ledger, number)
    assert row is not None, "a row that was just found"
    return any(line.holds(ledger, epoch, row) for epoch in path)


def _highest(ctx: Context, ledger: Ledger) -> int:
    row = ctx.db.execute(f'SELECT max("{ledger.lead}") FROM {ledger.table}').fetchone()  # noqa: S608
    return int(row[0] or 0)


def _at_most(ctx: Context, ledger: Ledger, lead: int) -> int:
    """The number of the last row whose lead is at most this; 0 if there is none."""
    number = ledger.number.format("t")
    row = ctx.db.execute(
        f'SELECT max({number}) FROM {ledger.table} AS t WHERE "{ledger.lead}" ='  # noqa: S608
        f' (SELECT max("{ledger.lead}") FROM {ledger.table} WHERE "{ledger.lead}" <= ?)',
        (lead,),
    ).fetchone()
    return int(row[0] or 0)


def known_keys(hello: Hello) -> dict[str, int]:
    """The highest key of each table that the office has heard of from this branch."""
    found: dict[str, int] = {}
    for ledger in LEDGERS:
        table = ledger.numbered_by or ledger.table
        for (_, name), mark in hello.marks.items():
            if name == ledger.table:
                found[table] = max(found.get(table, 0), mark.last // ledger.factor)
    return found


@command("replication.begin_epoch", "backups.restore")
def begin_epoch(
    ctx: Context, marks: Mapping[str, int], known: Mapping[str, int], least: int
) -> int:
    """Begin an epoch because somebody wants it: this is the computer to go on with. As `_begin`."""
    return _begin(ctx, marks, known, least)


def _begin(ctx: Context, marks: Mapping[str, int], known: Mapping[str, int], least: int) -> int:
    """An epoch above `least`; rows behind `marks` belong to it, and new numbers jump ahead of all
    that the office has heard of."""
    folder = ctx.store.path.parent
    shop = places.shop_id(ctx)
    before = places.epoch(ctx)
    following = max(before, least, places.last_epoch(folder, shop)) + 1
    ctx.db.execute(
        "INSERT INTO epochs VALUES (?, ?, '', NULL, ?)",
        (following, ctx.at, json.dumps({**marks, "forked": 1})),
    )
    with suppress(OSError):
        # A restore of an older backup must not call its epoch so.
        places.note_epoch(folder, shop, following)
    after_restore.jump_ahead(ctx, known)
    ctx.record("chain", {"epoch": before}, {"epoch": following})
    ctx.changed("chain", 0)
    return following
