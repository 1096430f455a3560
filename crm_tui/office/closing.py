"""A branch ends: its keys are revoked, and what is on the way to it goes back (`closing.sql`).

Goods and points are in one place at any moment. A branch that takes nothing in any more would leave
them nowhere, so it is not closed before all has come, unless somebody wants what is on the way to go
back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
    """`points` that `customers` of a branch have in its books."""

    customers: int
    points: int


def points_at_home(office: Office, name: str) -> AtHome:
    """What the customers of a branch have there: once it is closed, the head office gives it to the
    branches that ask for it. Raises `BranchUnknown`."""
    with office.connected() as connection:
        number = administering.branch(connection, name).number
        row = connection.execute("SELECT * FROM crm.points_at_home(%s)", (number,)).fetchone()
    assert row is not None
    return AtHome(int(row[0]), int(row[1]))


def close(office: Office, name: str, *, give_back: bool = False, farewell: str = "") -> list[Open]:
    """End a branch for good: nothing more is taken from it, what it has sent stays; what was open. With
    `give_back` goods and points that are on the way to it go back to where they came from, and whoever
    sent them reads `farewell`. What is on the way from it is taken in where it comes.

    Raises `BranchHasOpen`, `BranchUnknown`, `BranchIsClosed`, `OfficeUnwritable`.
    """
    with office.connected() as connection:
        branch = administering.open_one(connection, name)
    # What it has said is with the others first.
    administering.route(office, branch.number)
    with office.connected() as connection:
        connection.execute(
            "SELECT 1 FROM crm.branches WHERE branch = %s FOR UPDATE", (branch.number,)
        )
        branch = administering.open_one(connection, name)
        # Whatever it is about to commit is there before this goes on, or comes too late.
        administering.end_epoch_of(connection, branch, "closed")
        connection.execute(
            "UPDATE crm.branches SET closed_at = now(), farewell = %s WHERE branch = %s",
            (farewell[:200], branch.number),
        )
        connection.execute("SELECT crm.take_counter()")
        was = _open_of(connection, branch.number)
        goods, points = (
            sum(each.pieces for each in was if each.incoming and each.what == what)
            for what in ("goods", "points")
        )
        if (goods or points) and not give_back:
            # The transaction takes all of it back.
            raise BranchHasOpen(was, name=branch.name, pieces=goods, points=points)
        connection.execute("SELECT crm.end_open(%s)", (branch.number,))
        gone = administering.revoke(connection, branch)
    administering.shut_out(office, gone)
    return was
