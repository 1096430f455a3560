"""The chain over the ledgers, read again (`crm_tui.ledger_chain`): the first row that does not fit.

links ─in their order─▶ what each row was last ─some thousand rows of a ledger─▶ what stands there
"""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crm_tui import ledger_chain, secret, sqlite, triggers
from crm_tui.errors import N_
from crm_tui.ledger_chain import ADDED, GONE, SUM
from crm_tui.linked_tables import FIRST_STATE, KNOWN, POWERS, Ledger, know_places
from crm_tui.shop.gate.context import Context
from crm_tui.text import one_line

_AT_ONCE = 2_000
"""Rows of a ledger that are compared together."""

LINK_BROKEN = N_("a link of the chain is not as it was written, or one before it is missing")
CHAIN_CUT = N_("the end of the chain is missing: the store is older than it was")
ROW_CHANGED = N_("a row is not as the program wrote it")
ROW_GONE = N_("a row is missing")
ROW_FOREIGN = N_("a row was not written by the program")
CHAIN_BEGUN = N_("the chain begins elsewhere than it did, and nobody has accepted that")
LINK_STRANGE = N_("a link was made with a key that this computer has not got")
RULE_FOREIGN = N_("a trigger or view within the store is not the program's")
RULE_INDEX = N_("an index within the store is not the program's")
RULE_PLANTED = N_(
    "somebody planted something within the store; the program took it away, see the audit"
)

_LONG = 80
"""Characters of how a row is called."""
_LATE = 1 << 62
"""Behind all links."""


@dataclass(frozen=True)
class Misfit:
    """`what` is wrong with the row of `table` that has this key."""

    table: str
    key: str
    what: str


@dataclass
class Verdict:
    """`first`: what does not fit first, None if all does. `links`: how many there are, `last`: the
    number of the last one and its sum in hexadecimal. `foreign`: links whose key is not here, from the
    beginning of the chain on: what their rows were nobody can say. `begun`: where it begins."""

    first: Misfit | None = None
    links: int = 0
    last: tuple[int, str] = (0, "")
    foreign: int = 0
    begun: int = ledger_chain.NONE


@dataclass
class _Reading:
    """Of one ledger: `sums` are of rows in the order of their keys, not compared yet; `upto`: the last
    key that was compared; `later`: keys that were changed or came back, or came in another order than
    that of their keys, with place and sum; `met`: those of them that stand there, or were told of;
    `went`: places and keys of rows that the program took away."""

    ledger: Ledger
    waiting: list[tuple[int, int, bytes | None]] = field(default_factory=list)
    highest: int = -1
    upto: int = -1
    later: dict[int, tuple[int, bytes | None]] = field(default_factory=dict)
    met: set[int] = field(default_factory=set)
    went: list[tuple[int, int, range | tuple[int, ...]]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def gone_at(self, key: int) -> int:
        """The place at which the row went last; -1 if it never did."""
        at = -1
        for first, place, keys in self.went[: bisect_right(self.starts, key)]:
            if key == first or key in keys:
                at = max(at, place)
        return at


def verify(connection: sqlite.Connection, between: Callable[[], object] = lambda: None) -> Verdict:
    """Read all links and all ledgers; one view of the store is the caller's matter."""
    if not ledger_chain.has_links(connection):
        return Verdict()
    key = secret.key()
    own = secret.name_of(key)
    know_places(connection)
    readings = {number: _Reading(ledger) for number, ledger in KNOWN.items()}
    linked: set[int] = set()
    start = ledger_chain.begun(connection)
    verdict = Verdict(begun=start)
    misfits: list[tuple[int, Misfit]] = []
    strange: list[Misfit] = []
    for place, theirs, runs in _links(connection, key, own, verdict, misfits):
        if place >= start:
            if theirs:
                verdict.foreign += 1
                strange = strange or [Misfit("links", str(place), LINK_STRANGE)]
            for run in runs:
                linked.add(run.ledger)
                _note_late(readings[run.ledger], place, run, theirs)
        between()
    if _is_before(connection, linked):
        readings = {number: each for number, each in readings.items() if number < FIRST_STATE}
    for reading in readings.values():
        reading.went.sort(key=lambda each: each[0])
        reading.starts = [each[0] for each in reading.went]
        reading.highest = -1
    for place, theirs, runs in _links(connection, key, own, Verdict(), []):
        if place < start:
            continue
        for run in runs:
            _expect(connection, readings[run.ledger], place, run, theirs, misfits)
        between()
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    for reading in readings.values():
        # A store of an older program has not all of them.
        if reading.ledger.table in there:
            _compare(connection, reading, _LATE, misfits)
        between()
    if misfits:
        verdict.first = min(misfits, key=lambda each: each[0])[1]
    elif name := triggers.foreign(connection):
        # It may write what fits: the program's own connection links it.
        rule = RULE_INDEX if triggers.is_index(connection, name) else RULE_FOREIGN
        verdict.first = Misfit("sqlite_schema", name, rule)
    elif (planted := _planted(connection)) is not None:
        verdict.first = planted
    elif strange:
        # Whoever changes a row can give its link another key's name.
        verdict.first = strange[0]
    return verdict


def _is_before(connection: sqlite.Connection, linked: set[int]) -> bool:
    """Whether a program wrote the store that linked no rows of `STATES`, whatever its version says."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    return version < POWERS and max(linked, default=0) < FIRST_STATE


def _planted(connection: sqlite.Connection) -> Misfit | None:
    """What was taken away before the program wrote anything (`Store.transaction`), and not accepted."""
    row = connection.execute(
        "SELECT id, before FROM audit WHERE command = 'checks.planted' AND id > coalesce("
        "(SELECT max(id) FROM audit WHERE command = 'checks.accept'), 0) ORDER BY id LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    try:
        name = str(json.loads(row[1])["planted"])
    except (ValueError, TypeError, KeyError):
        name = f"audit {row[0]}"
    return Misfit("sqlite_schema", name, RULE_PLANTED)


def remembered(connection: sqlite.Connection, store: Path, verdict: Verdict) -> Verdict:
    """The same, compared with how far the chain of the store that lies there was seen before, and where
    it began, which is kept beside the key; that is as far as it is now, if all is well. Whatever store
    lies there: another one's place is told by the program that puts it there (`secret.expect_head`)."""
    if verdict.first is not None:
        return verdict
    for seen in secret.heads(store, epoch(connection) if verdict.links else ""):
        there = [each for each in seen if _holds(connection, verdict, each)]
        if not there:
            verdict.first = Misfit("links", str(seen[0].link), CHAIN_CUT)
            return verdict
        if all(each.begun not in (verdict.begun, ledger_chain.NONE) for each in there):
            verdict.first = Misfit("links", str(verdict.begun), CHAIN_BEGUN)
            return verdict
    if verdict.links:
        secret.note_head(store, secret.Head(*verdict.last, verdict.begun))
    return verdict


def epoch(connection: sqlite.Connection) -> str:
    """By which older programs noted how far a chain was."""
    return "/".join(
        str(connection.execute(query).fetchone()[0])
        for query in ("SELECT max(epoch) FROM epochs", "SELECT shop FROM identity")
    )


def _holds(connection: sqlite.Connection, verdict: Verdict, seen: secret.Head) -> bool:
    if not verdict.links:
        return False
    row = connection.execute("SELECT sum FROM links WHERE id = ?", (seen.link,)).fetchone()
    return row is not None and bytes(row[0]).hex() == seen.sum


def head(number: int, told: str) -> str:
    """A link as people compare it: its number and the beginning of its sum."""
    return f"{number}-{told[:4]}-{told[4:8]}".upper() if number else "–"


def last(ctx: Context) -> str:
    """The last link now, as it is printed on the slip of a drawer that was closed."""
    row = ctx.db.execute("SELECT id, hex(sum) FROM links ORDER BY id DESC LIMIT 1").fetchone()
    return "–" if row is None else head(row[0], row[1])


def knows(ctx: Context, told: str) -> bool:
    """Whether the chain has the link that somebody reads from a slip."""
    number = told.partition("-")[0]
    if not (number.isascii() and number.isdigit()):
        return False
    row = ctx.db.execute(
        "SELECT id, hex(sum) FROM links WHERE id = ?", (int(number[:18]),)
    ).fetchone()
    return row is not None and head(row[0], row[1]) == told.strip().upper()


def is_past(ctx: Context, told: str) -> bool:
    """Whether the chain was begun anew after the link of a slip, which it knows."""
    return int(told.partition("-")[0]) < ledger_chain.begun(ctx.db.conn)


def _links(
    connection: sqlite.Connection, key: bytes, name: bytes, verdict: Verdict,
    misfits: list[tuple[int, Misfit]],
) -> Iterator[tuple[int, bool, list[ledger_chain.Run]]]:  # fmt: skip
    """The links: number, whether their key is not here, and runs. Those that do not fit are found."""
    before, begun, sealed, foreign = b"", ledger_chain.NONE, False, False
    for number, theirs, begins, rows, stored in connection.execute(
        "SELECT id, key, begins, rows, sum FROM links ORDER BY id"
    ):
        foreign = bytes(theirs) != name
        place = 0 if begins else begun
        fits = foreign or ledger_chain.link_sum(before, place, rows, key) == stored
        if fits and not foreign:
            sealed = True
        elif not sealed:
            # Only before all that hold where the chain begins.
            fits = foreign or ledger_chain.link_sum_before(before, rows, key) == stored
        if begins:
            begun = number
        try:
            runs = list(ledger_chain.unpacked(rows))
        except ValueError:
            fits, runs = False, []
        if not fits:
            misfits.append((number, Misfit("links", str(number), LINK_BROKEN)))
        before = stored
        verdict.links += 1
        verdict.last = number, bytes(stored).hex()
        yield number, foreign, runs
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if verdict.links and not sealed and not foreign and version >= ledger_chain.SEALED:
        # The one of the migration is missing, and all behind it.
        misfits.append((verdict.last[0], Misfit("links", str(verdict.last[0]), LINK_BROKEN)))


def _note_late(reading: _Reading, place: int, run: ledger_chain.Run, foreign: bool) -> None:
    """Keep what is no plain new row: what changed, came back, or went."""
    if run.done == GONE:
        reading.went.append((run.keys[0], place, run.keys))
        return
    for n, row in enumerate(run.keys):
        if run.done == ADDED and row > reading.highest:
            reading.highest = row
        else:
            reading.later[row] = place, None if foreign else run.sums[SUM * n : SUM * (n + 1)]


def _expect(
    connection: sqlite.Connection, reading: _Reading, place: int, run: ledger_chain.Run, foreign: bool,
    found: list[tuple[int, Misfit]],
) -> None:  # fmt: skip
    """Take the new rows of a run, and compare when there are enough."""
    if run.done != ADDED:
        return
    for n, row in enumerate(run.keys):
        if row > reading.highest:
            reading.highest = row
            told = None if foreign else run.sums[SUM * n : SUM * (n + 1)]
            reading.waiting.append((row, place, told))
    if len(reading.waiting) >= _AT_ONCE:
        _compare(connection, reading, reading.highest, found)


def _compare(
    connection: sqlite.Connection, reading: _Reading, upto: int, misfits: list[tuple[int, Misfit]]
) -> None:
    """Compare what waits with the rows that stand there, up to a key."""
    ledger, key = reading.ledger, secret.key()
    waited = {row: (place, wanted) for row, place, wanted in reading.waiting}
    last = reading.waiting[-1][1] if reading.waiting else _LATE
    for row, content in _rows(connection, ledger, reading.upto, upto):
        place, wanted = waited.pop(row, (-1, None))
        if row in reading.later:
            reading.met.add(row)
            if reading.later[row][0] >= place:
                place, wanted = reading.later[row]
        if place < 0 or reading.gone_at(row) > place:
            misfits.append((last, _misfit(connection, ledger, row, ROW_FOREIGN)))
        elif wanted is not None and ledger_chain.row_sum(content, key) != wanted:
            misfits.append((place, _misfit(connection, ledger, row, ROW_CHANGED)))
    missing = {row: place for row, (place, _) in waited.items()}
    if upto == _LATE:
        # Those of the keys that did not grow: nobody waits for them.
        missing |= {
            row: -1 for row in reading.later if row not in reading.met and row not in missing
        }
    for row, place in missing.items():
        if row in reading.later:
            reading.met.add(row)
            place = max(place, reading.later[row][0])
        if reading.gone_at(row) < place:
            misfits.append((place, _misfit(connection, ledger, row, ROW_GONE)))
    reading.waiting.clear()
    reading.upto = upto


def _rows(
    connection: sqlite.Connection, ledger: Ledger, after: int, upto: int
) -> Iterator[tuple[int, str]]:
    lead = ledger.lead
    return iter(
        connection.execute(
            f"SELECT {ledger.key.format('t')} AS key, {ledger.content('t')} FROM {ledger.table} AS t"  # noqa: S608
            f" WHERE {lead} BETWEEN :first AND :last AND {ledger.key.format('t')} > :after"
            f" AND {ledger.key.format('t')} <= :upto AND {ledger.where.format('t')} ORDER BY {lead}",
            {
                "first": max(-1, after) // ledger.factor,
                "last": upto // ledger.factor, "after": after, "upto": upto,
            },
        )
    )  # fmt: skip


def _misfit(connection: sqlite.Connection, ledger: Ledger, key: int, what: str) -> Misfit:
    return Misfit(ledger.table, _named(connection, ledger, key), what)


def _named(connection: sqlite.Connection, ledger: Ledger, key: int) -> str:
    """How people find the row: its number, and the place within it; or its words."""
    if ledger.named:
        row = connection.execute(
            f"SELECT {ledger.named.format('t')} FROM {ledger.table} AS t"  # noqa: S608 - ours
            f" WHERE {ledger.key.format('t')} = ?",
            (key,),
        ).fetchone()
        if row is None and ledger.once:
            found = f"SELECT name FROM ({ledger.once}) WHERE crm_place(place) = ?"  # noqa: S608
            row = connection.execute(found, (key,)).fetchone()
        if row is not None and row[0] is not None:
            return one_line(str(row[0]), _LONG)
    whole, part = divmod(key, ledger.factor)
    return f"{whole}/{part}" if ledger.factor > 1 else str(key)
