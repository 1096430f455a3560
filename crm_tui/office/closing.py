"""A branch ends: its keys are revoked, and what is on the way to it goes back (`closing.sql`).

Goods and points are in one place at any moment. A branch that takes nothing in any more would leave
them nowhere, so it is not closed before all has come, unless somebody wants what is on the way to go
back. One whose customers have points would spend what the head office gives out of its books, and take
in what goes back: so it is told first, spends and receives nothing from then on and sends the rest, and
is closed behind that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from crm_tui.errors import N_, Sentence, stored
from crm_tui.office import administering
from crm_tui.office.database import Connection, Office
from crm_tui.office.errors import OfficeProblem


@dataclass(frozen=True)
class Open:
    """What is open between a branch and another one (`name`), to it (`incoming`) or from it. `what`:
    goods, points that were given, or points that were asked for (`asked`); `count` of them, with so
    many `pieces`."""

    what: str
    incoming: bool
    name: str
    count: int
    pieces: int

    @property
    def told(self) -> Sentence:
        """As a sentence, as the store keeps it."""
        return stored(
            _TOLD[self.what, self.incoming], name=self.name, count=self.count, pieces=self.pieces
        )


_TOLD = {
    ("goods", True): N_("on the way to it from {name}: {count} transfers, {pieces} pieces"),
    ("points", True): N_("on the way to it from {name}: {pieces} points"),
    ("asked", True): N_("{name} asked it for {pieces} points and has no answer"),
    ("goods", False): N_("on the way from it to {name}: {count} transfers, {pieces} pieces"),
    ("points", False): N_("on the way from it to {name}: {pieces} points"),
    ("asked", False): N_("it asked {name} for {pieces} points and has no answer"),
}


class BranchHasOpen(OfficeProblem):
    """`open`: what is open between the branch and others."""

    text = N_(
        "{pieces} pieces of goods and {points} points are on the way to branch {name}. Receive them"
        " there and let it meet the head office, or close it with --return: then they go back."
    )

    def __init__(self, open: Sequence[Open], **params: object) -> None:
        super().__init__(**params)
        self.open = open


class BranchIsTold(OfficeProblem):
    text = N_(
        "Branch {name} is not closed yet: {points} points and {pieces} pieces are in its books or on"
        " the way to it, and it might spend or receive them. It is told, does neither from then on and"
        " sends the rest. When it has met the head office, over the line or by a file there and one"
        ' back: crm-tui office branch close "{name}" once more. If it never comes: with --lost; if it'
        " is to stay: --stay."
    )


class BranchStays(OfficeProblem):
    text = N_("Branch {name} is not told that it closes: it stays open anyway.")


class BranchSpendsOn(OfficeProblem):
    text = N_(
        "Branch {name} is not closed yet: its program, as it told this office last, is too old to"
        " spend no more points when it is told that it closes. Update it, and let it meet the head"
        ' office; then: crm-tui office branch close "{name}" once more. If it never comes: with --lost.'
    )


def open_of(office: Office, name: str) -> list[Open]:
    """What is open to and from a branch, as far as the office knows. Raises `BranchUnknown`."""
    with office.connected() as connection:
        return _open_of(connection, administering.branch(connection, name).number)


def _open_of(connection: Connection, number: int) -> list[Open]:
    rows = connection.execute(
        "SELECT what, incoming, coalesce(name, '#' || other), count, pieces FROM crm.open_of(%s)"
        " LEFT JOIN crm.branches ON branch = other ORDER BY incoming DESC, what, other",
        (number,),
    ).fetchall()
    return [Open(*row) for row in rows]


@dataclass(frozen=True)
class AtHome:
    """`points` that `customers` of a branch have in its books, as it was heard last (`seen_at`)."""

    customers: int
    points: int
    seen_at: datetime | None


def points_at_home(office: Office, name: str) -> AtHome:
    """What the customers of a branch have there: once it is closed, the head office gives it to the
    branches that ask for it. Raises `BranchUnknown`."""
    with office.connected() as connection:
        return _points_at_home(connection, administering.branch(connection, name).number)


def _points_at_home(connection: Connection, number: int) -> AtHome:
    row = connection.execute(
        "SELECT h.*, seen_at FROM crm.points_at_home(%s) AS h, crm.branches WHERE branch = %s",
        (number, number),
    ).fetchone()
    assert row is not None
    return AtHome(int(row[0]), int(row[1]), row[2])


def close(
    office: Office, name: str, *, give_back: bool = False, lost: bool = False, farewell: str = ""
) -> list[Open]:
    """End a branch for good: nothing more is taken from it, what it has sent stays; what was open. With
    `give_back` goods and points that are on the way to it go back to where they came from, and whoever
    sent them reads `farewell`. What is on the way from it is taken in where it comes. While it may
    spend points that lie in its books, or take in what is on the way to it, it is told, and goes on;
    `lost`: nobody waits for that.

    Raises `BranchIsTold`, `BranchSpendsOn`, `BranchHasOpen`, `BranchUnknown`, `BranchIsClosed`,
    `OfficeUnwritable`.
    """
    with office.connected() as connection:
        branch = administering.open_one(connection, name)
    # What it has said is with the others first.
    administering.route(office, branch.number)
    with office.connected() as connection:
        branch = administering.locked_one(connection, name)
        # Whatever it is about to commit is there before this goes on, or comes too late.
        connection.execute(
            "SELECT 1 FROM crm.epochs WHERE branch = %s AND ended_at IS NULL FOR UPDATE",
            (branch.number,),
        )
        was_told = _is_told(connection, branch.number)
        waits = not lost and _asks(connection, "still_spends", branch.number)
        if waits and not was_told:
            _tell(connection, branch.number)
        if not waits:
            administering.end_epoch_of(connection, branch, "closed")
            connection.execute(
                "UPDATE crm.branches SET closed_at = now(), farewell = %s WHERE branch = %s",
                (farewell[:200], branch.number),
            )
            # What came since it says by itself no more.
            while connection.execute("SELECT crm.route(%s)", (branch.number,)).fetchone() == (
                True,
            ):
                pass
        connection.execute("SELECT crm.take_counter()")
        was = _open_of(connection, branch.number)
        goods, points = (
            sum(each.pieces for each in was if each.incoming and each.what == what)
            for what in ("goods", "points")
        )
        # What was sent to one that was told can be received there no more.
        if (goods or points) and not give_back and not was_told:
            # The transaction takes all of it back.
            raise BranchHasOpen(was, name=branch.name, pieces=goods, points=points)
        if not waits:
            connection.execute("SELECT crm.end_open(%s)", (branch.number,))
            gone = administering.revoke(connection, branch)
        home = _points_at_home(connection, branch.number)
        too_old = _asks(connection, "cannot_hear", branch.number)
    if waits and too_old:
        raise BranchSpendsOn(name=branch.name)
    if waits:
        raise BranchIsTold(name=branch.name, points=home.points + points, pieces=goods)
    administering.shut_out(office, gone)
    return was


def keep(office: Office, name: str) -> None:
    """A branch that was told that it closes stays open after all. Raises `BranchStays`,
    `BranchUnknown`, `BranchIsClosed`."""
    with office.connected() as connection:
        branch = administering.locked_one(connection, name)
        if not _is_told(connection, branch.number):
            raise BranchStays(name=branch.name)
        connection.execute(
            "UPDATE crm.branches SET closing_at = NULL, closing_seq = NULL WHERE branch = %s",
            (branch.number,),
        )


def _is_told(connection: Connection, number: int) -> bool:
    row = connection.execute(
        "SELECT closing_at IS NOT NULL FROM crm.branches WHERE branch = %s", (number,)
    ).fetchone()
    return row == (True,)


def _asks(connection: Connection, what: LiteralString, number: int) -> bool:
    return connection.execute(f"SELECT crm.{what}(%s)", (number,)).fetchone() == (True,)


def _tell(connection: Connection, number: int) -> None:
    """Let all hear that a branch closes, and note as of which row it has heard itself."""
    connection.execute("UPDATE crm.branches SET closing_at = now() WHERE branch = %s", (number,))
    connection.execute(
        "UPDATE crm.branches SET closing_seq = (SELECT last FROM crm.counter) WHERE branch = %s",
        (number,),
    )
