"""What branches sent that the office could not pass on (`crm.odd`): shown by branch and reason, passed
on once more, or let go.

The rows themselves stay in the ledgers of whoever sent them; aside lies only that they concern others.
"""

from dataclasses import dataclass
from datetime import datetime

from crm_tui.errors import N_, Sentence
from crm_tui.office.database import Office
from crm_tui.office.errors import OfficeProblem

SLICE = 200
"""Rows that are passed on in one transaction: all branches wait for it."""


class AsideUnknown(OfficeProblem):
    text = N_(
        "Nothing is put aside under the number {number}. See what is: crm-tui office aside list"
    )


@dataclass(frozen=True)
class Aside:
    """`rows` of one ledger of a branch that did not fit for one reason, from `id` to `upto`. `why` is a
    sentence; one that is not known here is told as it stands. `waits`: it goes on by itself when there
    is room."""

    number: int
    branch: str
    ledger: str
    epoch: int
    id: int
    upto: int
    rows: int
    at: datetime
    why: Sentence | str
    waits: bool

    def record(self) -> dict[str, object]:
        """For programs: these names stay."""
        return {
            "number": self.number, "branch": self.branch, "ledger": self.ledger, "epoch": self.epoch,
            "from": self.id, "to": self.upto, "rows": self.rows, "at": self.at.isoformat(),
            "why": str(self.why), "waits": self.waits,
        }  # fmt: skip


WHY = {
    "too many": N_("more than others can take; it goes on when there is room"),
    "too long": N_("too long to be sent"),
    "no such branch": N_("for a branch that does not exist"),
    "sent to another branch": N_("received by a branch that it was not sent to"),
    "not what was asked for": N_("points that nobody asked for"),
    "a STOP that was not told": N_("a START that lifts what was not said"),
    "no transfer that can be received": N_("a transfer that nobody can receive"),
    "no request for points": N_("a request for points that nobody can answer"),
    "no receipt of goods": N_("a receipt with counts that cannot be"),
    "and more": N_("for several reasons"),
}
"""What `routing.sql` and its neighbours say, as sentences."""
ODD = N_("not as it should be; crm-tui office aside list says more")


def said(why: str | None) -> str:
    """Why something lies aside, in words of ours; "" where nothing does. What PostgreSQL says of a row
    may hold what its branch wrote."""
    return "" if why is None else WHY.get(why, ODD)


def look(office: Office) -> list[Aside]:
    """All that lies aside, the oldest first."""
    with office.connected() as connection:
        rows = connection.execute(
            "SELECT number, name, ledger, epoch, id, coalesce(upto, id), rows, at, why, limited <> ''"
            " FROM crm.odd JOIN crm.branches USING (branch) ORDER BY number"
        ).fetchall()
    return [Aside(*(*facts, WHY.get(why, why), waits)) for *facts, why, waits in rows]


def retake(office: Office, number: int) -> int:
    """Pass on what lies aside under a number, also where it is more than others usually take; how many
    rows were looked at. What still does not fit lies aside again. Raises `AsideUnknown`."""
    done = 0
    while True:
        with office.connected() as connection:
            there = connection.execute(
                "SELECT 1 FROM crm.odd WHERE number = %s", (number,)
            ).fetchone()
            if there is None:
                if done:
                    return done
                raise AsideUnknown(number=number)
            row = connection.execute("SELECT crm.retake(%s, %s, false)", (number, SLICE)).fetchone()
            assert row is not None
        done += max(1, int(row[0]))


def dismiss(office: Office, number: int, said: str = "") -> int:
    """Let go what lies aside under a number: it goes to nobody; how many rows. Whoever sent goods reads
    `said` and counts them; points are back where they were, and who asked for some has none. Raises
    `AsideUnknown`."""
    rows = None
    while True:
        with office.connected() as connection:
            found = connection.execute(
                "SELECT rows FROM crm.odd WHERE number = %s", (number,)
            ).fetchone()
            if found is None:
                if rows is None:
                    raise AsideUnknown(number=number)
                return rows
            rows = rows or int(found[0])
            connection.execute("SELECT crm.dismiss(%s, %s, %s)", (number, SLICE, said[:200]))
