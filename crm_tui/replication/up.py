"""Up: what the office lacks of this branch, from its own marks on.

 hello ─▶ the office's marks ─▶ is its last row ours, identical? ─▶ batch: COPY … advance, commit ─▶ …
                                └─ no: copied, or put back by hand: nothing is sent

The office's marks are the truth; the branch keeps none. Two things are kept here all the same: a
token that stands at the office beside the last change, by which a copy of the store is known even
where no ledger tells it, and what was told last, for people."""

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from crm_tui import shipped
from crm_tui.clock import moment, stamp
from crm_tui.replication import change_capture, errors, following, reading
from crm_tui.replication.line import Hello, Line
from crm_tui.replication.reading import NONE, Epoch, Mark
from crm_tui.shipped import CHANGES, LEDGERS, Ledger
from crm_tui.shop.backups import places
from crm_tui.shop.branches import identity
from crm_tui.shop.gate.commands import journal
from crm_tui.shop.gate.context import Actor, Context

log = logging.getLogger(__name__)

ACTOR = Actor("gateway", "chain")
"""Who keeps what is known of the office."""
TOKEN = 16
TOKENS = 50_000
"""So many are remembered: those of some weeks."""


@dataclass(frozen=True)
class Known:
    """What the office has of this store. `marks` of `epoch` are where the next rows follow;
    `begun`: whether the office has heard of that epoch."""

    epoch: Epoch
    marks: dict[str, Mark]
    begun: bool


def compare(ctx: Context, hello: Hello) -> Known:
    """How far the office is with this store, having looked that its last rows are ours.

    Raises `OtherBranch`, `EpochClosed`, `HistoriesDiffer`.
    """
    own = ctx.db.execute("SELECT * FROM chain").fetchone()
    if hello.branch != own["branch"]:
        raise errors.OtherBranch(name=own["name"], other=hello.name)
    with ctx.store.reading() as db:
        path = reading.epochs(db)
        newest = path[-1]
        if hello.open_epoch is not None and hello.open_epoch > newest.number:
            raise errors.EpochClosed(name=own["name"])
        if hello.open_epoch is None and newest.number in hello.epochs:
            raise errors.EpochEnded(name=own["name"])
        marks = {}
        for ledger in LEDGERS:
            marks[ledger.table], asked = following.position(
                path, hello.marks, hello.epochs, hello.forked, ledger
            )
            if asked is not None and not _same(ctx, ledger, *asked):
                raise errors.HistoriesDiffer(
                    name=own["name"], ledger=ledger.table, number=asked[1].last // ledger.factor
                )
        marks[CHANGES] = hello.marks.get((newest.number, CHANGES), NONE)
        told = marks[CHANGES]
        if told.digest and not _our_token(ctx, told.digest):
            raise errors.HistoriesDiffer(name=own["name"], ledger=CHANGES, number=told.last)
        if told.last > reading.last_change(db):
            raise errors.HistoriesDiffer(name=own["name"], ledger=CHANGES, number=told.last)
    return Known(newest, marks, hello.open_epoch == newest.number)


def _our_token(ctx: Context, token: bytes) -> bool:
    return bool(ctx.db.execute("SELECT 1 FROM chain_tokens WHERE token = ?", (token,)).fetchone())


def _same(ctx: Context, ledger: Ledger, epoch: int, mark: Mark) -> bool:
    row = reading.row_at(ctx.db, ledger, mark.last)
    if row is None:
        return reading.went(ctx.db, ledger, mark.last)
    return shipped.tells(ledger.table, epoch, row, mark.digest)


def begin(ctx: Context, line: Line, known: Known) -> None:
    """Tell the office that an epoch has begun here, if it does not know."""
    if not known.begun:
        common = {name: mark.last for name, mark in known.marks.items() if name != CHANGES}
        line.begin_epoch(known.epoch.number, known.epoch.began_at, common)


def next_batch(
    ctx: Context,
    known: Known,
    token: bytes,
    most: int = reading.AT_ONCE,
    *,
    as_text: bool = False,
) -> reading.Batch | None:
    """What follows behind the marks; None if the office has it all."""
    change_capture.note_moves(ctx)
    with ctx.store.reading() as db:
        return reading.batch(db, known.epoch.number, known.marks, token, most, as_text=as_text)


def send(ctx: Context, line: Line, known: Known, *, most: int = reading.AT_ONCE) -> int:
    """Send the next batch, and move the marks of `known` behind it; how many rows it had, or -1 if
    there was nothing to send."""
    token = secrets.token_bytes(TOKEN)
    batch = next_batch(ctx, known, token, most, as_text=line.as_text)
    if batch is None:
        return -1
    if any(name == CHANGES for name, _, _ in batch.moves):
        expect(ctx, token)
    before = may_have(ctx, batch)
    try:
        line.send(batch)
    except _UNTAKEN:
        _keep_sent(ctx, max(before, known.marks.get(LOTS, NONE).last))
        raise
    for name, _, new in batch.moves:
        known.marks[name] = new
    return batch.size


@journal
def expect(ctx: Context, token: bytes) -> None:
    """Before a batch of changes goes out: what the office will have beside them. Old ones are
    kept, for an office that was restored has one of them."""
    ctx.db.execute("INSERT INTO chain_tokens (token) VALUES (?)", (token,))
    ctx.db.execute(
        "DELETE FROM chain_tokens WHERE id <= (SELECT max(id) FROM chain_tokens) - ?", (TOKENS,)
    )


LOTS = "point_lots"
_UNTAKEN = (
    errors.HistoryProblem, errors.KeyRefused, errors.OfficeFull, errors.OfficeReadOnly,
)  # fmt: skip
"""Who is answered so knows that nothing of the batch was taken; of others, nobody here knows."""


def may_have(ctx: Context, batch: reading.Batch) -> int:
    """Before a batch goes out, over the line or in a file: keep up to which lot of points the office
    may have all, for its answer may be lost, or this process die; up to which it was before."""
    row = ctx.db.execute("SELECT coalesce(json_extract(told, '$.sent'), 0) FROM chain").fetchone()
    before = int(row[0])
    last = max((new.last for name, _, new in batch.moves if name == LOTS), default=0)
    if last > before:
        _keep_sent(ctx, last)
    return before


@journal
def _keep_sent(ctx: Context, last: int) -> None:
    ctx.db.execute("UPDATE chain SET told = json_set(told, '$.sent', ?)", (last,))


def positions(marks: Mapping[str, Mark]) -> dict[str, int]:
    """The marks as numbers."""
    return {name: mark.last for name, mark in marks.items()}


def hello(ctx: Context, line: Line) -> Hello:
    """Begin a round. Raises `OtherNumber`, and what the line does."""
    said = line.hello(places.shop_id(ctx), ctx.clock.now())
    if not said.epochs and not said.forked:
        known_by_number(ctx)
    return said


def known_by_number(ctx: Context) -> None:
    """See that what goes to an office that has nothing of this branch has not gone under another
    number. Raises `OtherNumber`."""
    before = identity.number_before(ctx)
    if before is not None:
        raise errors.OtherNumber(number=identity.required(ctx).number, before=before)


@dataclass(frozen=True)
class Told:
    """What the office said at the last round that came to its end: its lineage, the `cursor` that
    it noted for this branch, and its marks of the newest epoch. `carried`: a moment of the office,
    how far its rows for this branch went then, and the last of them as a digest if it came as a
    file. Beside it lie the moment of a refusal (`refused`) and the last lot of points that went out
    since (`sent`)."""

    lineage: str = ""
    cursor: int = 0
    epoch: int = 0
    marks: Mapping[str, Mark] = field(default_factory=dict)
    carried: tuple[str, int, str] = ("", 0, "")


def _kept(known: Known, hello: Hello, cursor: int, carried: tuple[str, int, str]) -> str:
    marks = {name: [mark.last, mark.digest.hex()] for name, mark in known.marks.items()}
    return json.dumps({"epoch": known.epoch.number, "marks": marks, "lineage": hello.lineage,
                       "cursor": cursor, "carried": carried})  # fmt: skip


NEVER = "~"
"""In place of the moment of a refusal, behind all of them: the office goes on with another store, and
a file for the branch says nothing of this one."""


@journal
def carried(ctx: Context, at: str, upto: int, digest: str) -> None:
    """A file of the office was taken in (`Told.carried`). Nobody writes one for a closed branch:
    it was open then."""
    row = ctx.db.execute("SELECT json_extract(told, '$.refused'), skew FROM chain").fetchone()
    # An older program kept a 1.
    if isinstance(row[0], str) and row[0] != NEVER:
        refused = moment(row[0]) + timedelta(seconds=row[1])
        if stamp(refused) < at:
            ctx.db.execute("UPDATE chain SET told = json_remove(told, '$.refused')")
    told = json.dumps([at, upto, digest])
    ctx.db.execute("UPDATE chain SET told = json_set(told, '$.carried', json(?))", (told,))


def told(ctx: Context) -> Told:
    """What it said; nothing before the first round."""
    row = ctx.db.execute("SELECT told FROM chain").fetchone()
    kept = json.loads(row[0]) if row else {}
    marks = {
        name: Mark(last, bytes.fromhex(digest))
        for name, (last, digest) in kept.get("marks", {}).items()
    }
    return Told(
        str(kept.get("lineage", "")), int(kept.get("cursor", 0)), int(kept.get("epoch", 0)), marks,
        tuple(kept.get("carried", Told.carried)),
    )  # fmt: skip


def look_back(ctx: Context, hello: Hello) -> None:
    """See whether the office knows less than it has said: its database was put back as it was,
    under the same name. Then all that it has for this branch comes once more, for new rows may
    have numbers that were taken already. What it lacks of this branch it gets by its marks."""
    was = told(ctx)
    less = any(
        hello.marks.get((was.epoch, name), NONE).last < mark.last
        for name, mark in was.marks.items()
        if mark.digest
    )
    if was.lineage == hello.lineage and (
        less or (hello.cursor is not None and hello.cursor < was.cursor)
    ):
        begin_anew(ctx)


@journal
def begin_anew(ctx: Context) -> None:
    """All that the office has for this branch is taken once more: it is not the one that it was."""
    ctx.db.execute(
        "UPDATE chain SET cursor = 0, told = json_remove(told, '$.epoch', '$.marks', '$.lineage',"
        " '$.cursor', '$.carried')"
    )
    log.warning("the head office was put back: all that it has for this branch comes once more")


FRESH = 120.0
"""Seconds for which it is not written once more that nothing was new."""


def meet(ctx: Context, known: Known, hello: Hello, behind: int, cursor: int) -> None:
    """Keep how far the office is after a round, and the `cursor` that it has noted; seldom if nothing
    changed."""
    row = ctx.db.execute("SELECT * FROM chain").fetchone()
    before = told(ctx).carried
    carried = before if cursor <= before[1] else (stamp(hello.now), cursor, "")
    kept = _kept(known, hello, cursor, carried)
    same = (row["told"], row["behind"], row["trouble"], row["fresh"]) == (kept, behind, "", 0)
    age = None if row["met_at"] is None else (ctx.now - moment(row["met_at"])).total_seconds()
    if not same or age is None or not 0 <= age < FRESH:
        met(ctx, kept, hello, behind)


@journal
def met(ctx: Context, kept: str, hello: Hello, behind: int) -> None:
    """That a round came to its end, and how far the office is."""
    ahead = (hello.now - ctx.clock.now()).total_seconds()
    ctx.db.execute(
        "UPDATE chain SET met_at = ?, told = ?, behind = ?, skew = ?, trouble = '', trouble_at = NULL,"
        " fresh = 0",
        (stamp(ctx.now), kept, behind, round(ahead, 1)),
    )
    ctx.changed("chain", 0)


def as_known(ctx: Context, trouble: errors.ChainProblem) -> errors.ChainProblem:
    """What a branch that heard of its end makes of a key that is refused: it was closed since."""
    own = identity.own(ctx) if isinstance(trouble, errors.KeyRefused) else None
    if own is not None and identity.is_closed(ctx, own.number):
        return errors.KeyEnded(office=trouble.params["office"], name=own.name)
    return trouble


@journal
def failed(ctx: Context, trouble: errors.ChainProblem) -> None:
    """Keep for people why the office could not be reached."""
    if isinstance(trouble, errors.SHUT_OUT):
        # Until a round comes to its end (`_kept`): others may give its points out (`points.spend`).
        at = NEVER if isinstance(trouble, errors.HistoryProblem) else stamp(ctx.now)
        ctx.db.execute(
            "UPDATE chain SET told = json_set(told, '$.refused',"
            " max(coalesce(json_extract(told, '$.refused'), ''), ?))",
            (at,),
        )
    before = ctx.db.execute("SELECT trouble FROM chain").fetchone()
    if before is None or before[0] == trouble.stored:
        return
    ctx.db.execute(
        "UPDATE chain SET trouble = ?, trouble_at = coalesce(trouble_at, ?)",
        (trouble.stored, ctx.at),
    )
    if isinstance(trouble, errors.BranchClosed):
        identity.note_closed(ctx)
    ctx.changed("chain", 0)
