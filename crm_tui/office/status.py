"""How the branches stand: when each was heard, how far it is behind, and what somebody should look
at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_tui.errors import N_, Sentence, stored
from crm_tui.office import administering, roles
from crm_tui.office.database import Connection, Office
from crm_tui.shop.branches.identity import SKEW
from crm_tui.text import day_and_time

SILENT = 86_400
"""Seconds without a word after which a branch is told."""
EPOCHS = 3
"""Epochs of a branch in a day, above which it is told."""

_BRANCHES = """
    SELECT b.branch, b.name, b.closed_at, b.seen_at, extract(epoch FROM now() - b.seen_at)::bigint AS
    silent,
        round(extract(epoch FROM b.skew))::bigint AS skew, b.behind, b.version, b.alarm,
        b.cursor, (SELECT f.name FROM crm.branches AS f WHERE f.branch = b.forked_from) AS forked_from,
        (SELECT epoch FROM crm.epochs AS e WHERE e.branch = b.branch AND ended_at IS NULL) AS epoch,
        (SELECT max(at) FROM crm.marks AS m WHERE m.branch = b.branch) AS sent_at,
        EXISTS (SELECT 1 FROM crm.epochs AS e WHERE e.branch = b.branch) AS began,
        (SELECT max(made_at) FROM crm.certificates AS c WHERE c.branch = b.branch HAVING count(*) > 1)
            AS renewed_at,
        coalesce((SELECT rows FROM crm.days AS d WHERE d.branch = b.branch
                  AND day = (now() AT TIME ZONE 'UTC')::date), 0) AS rows_today,
        (SELECT count(*) FROM crm.downs_of AS o WHERE (o.branch = b.branch OR o.branch IS NULL)
            AND o.seq > b.cursor) AS downs_waiting,
        (SELECT coalesce(sum(o.rows), 0)::bigint FROM crm.odd AS o WHERE o.branch = b.branch) AS aside,
        coalesce((SELECT t.rows FROM crm.traffic AS t WHERE t.branch = b.branch AND t.what = 'stops'
            AND t.day = crm.today()), 0) AS stops_today,
        crm.most(b.branch, 'stops', 0) AS most_stops,
        CASE WHEN b.closing_at IS NOT NULL THEN crm.still_spends(b.branch) END AS spends,
        b.closing_at IS NOT NULL AND crm.cannot_hear(b.branch) AS cannot_hear,
        coalesce((SELECT t.rows FROM crm.traffic AS t WHERE t.branch = b.branch AND t.what = 'epochs'
            AND t.day = crm.today()), 0) AS epochs_today
    FROM crm.branches AS b ORDER BY b.branch
"""


@dataclass(frozen=True)
class Standing:
    """One branch; times as PostgreSQL gives them, `silent` and `skew` in seconds.

    `state`: new (nothing came yet), open, ended (its store is to begin another epoch), closed.
    `alarms`: sentences, none if all is well.
    """

    number: int
    name: str
    state: str
    facts: dict[str, Any]
    alarms: tuple[Sentence, ...]

    def record(self) -> dict[str, Any]:
        """For programs: these names stay."""
        return {
            "branch": self.number, "name": self.name, "state": self.state,
            **{key: value.isoformat() if hasattr(value, "isoformat") else value
               for key, value in self.facts.items()},
        }  # fmt: skip


def look(office: Office) -> list[Standing]:
    """All branches, closed ones too. Raises `DatabaseSilent`, `DatabaseRefused`."""
    with office.connected() as connection:
        return _all(connection)


def is_read_only(office: Office) -> bool:
    """Whether the database takes nothing in: a copy that follows another server, or one set so. Raises
    `DatabaseSilent`, `DatabaseRefused`."""
    with office.connected() as connection:
        row = connection.execute("SELECT current_setting('transaction_read_only')").fetchone()
    return row == ("on",)


def _all(connection: Connection) -> list[Standing]:
    cursor = connection.execute(_BRANCHES)
    names = [each.name for each in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    ahead = roles.ahead(connection, administering.names(connection))
    return [_standing(row, row["branch"] in ahead) for row in rows]


def _standing(row: dict[str, Any], key_ahead: bool = False) -> Standing:
    number, name, closed = row.pop("branch"), row.pop("name"), row.pop("closed_at")
    began = row.pop("began")
    state = (
        "closed" if closed
        else "new" if not began
        else "ended" if row["epoch"] is None
        else "open"
    )  # fmt: skip
    alarm, most_stops, renewed_at = row.pop("alarm"), row.pop("most_stops"), row.pop("renewed_at")
    spends, cannot_hear = row.pop("spends"), row.pop("cannot_hear")
    facts = {"closed_at": closed, **row}
    alarms = [] if closed else _alarms(row, name, state, renewed_at, alarm, most_stops)
    if spends is not None and not closed:
        text = (
            N_("it is told that it closes, but its program is too old to hear it: update it there")
            if spends and cannot_hear
            else N_("it is told that it closes, and has not said yet that it heard of it")
            if spends
            else N_(
                "it has heard that it closes, and has sent the rest: crm-tui office branch close"
                ' "{branch}"'
            )
        )
        alarms.insert(0, stored(text, branch=name))
    if key_ahead and not closed:
        text = N_(
            "this office was put back to before the newest key of the branch, and refuses it. Make a"
            ' new one: crm-tui office epoch "{branch}" -o FILE'
        )
        alarms.insert(0, stored(text, branch=name))
    return Standing(number, name, state, facts, tuple(alarms))


def _alarms(
    row: dict[str, Any],
    name: str,
    state: str,
    renewed_at: datetime | None,
    most: int,
    most_stops: int,
) -> list[Sentence]:
    """`renewed_at`: when the newest of several keys was made."""
    alarms = []
    waits = renewed_at is not None and (row["seen_at"] is None or row["seen_at"] < renewed_at)
    if waits and renewed_at is not None:
        text = N_(
            "its newest key, of {at}, has not come yet, and each older one is refused. At the branch:"
            " crm-tui chain enrol FILE"
        )
        alarms.append(stored(text, at=day_and_time(renewed_at)))
    elif state == "ended":
        alarms.append(N_("its store was given up; it has not begun another epoch yet"))
    if row["silent"] is not None and row["silent"] > SILENT:
        days = row["silent"] // 86_400
        alarms.append(stored(N_("not heard for {days} days"), days=days))
        if renewed_at is not None and not waits:
            text = N_(
                "if its computer was put back to an older key, that is refused. Make a new one:"
                ' crm-tui office epoch "{branch}" -o FILE'
            )
            alarms.append(stored(text, branch=name))
    if row["skew"] is not None and abs(row["skew"]) > SKEW:
        text = (
            N_("its clock is {minutes} minutes ahead") if row["skew"] > 0
            else N_("its clock is {minutes} minutes behind")
        )  # fmt: skip
        alarms.append(stored(text, minutes=round(abs(row["skew"]) / 60)))
    if row["rows_today"] > most:
        alarms.append(
            stored(N_("{rows} rows today, more than {most}: if that is no first load, close it"),
                   rows=row["rows_today"], most=most)
        )  # fmt: skip
    if row["stops_today"] > most_stops:
        text = N_(
            "it told STOP of {count} customers of others today; all of them count. Ask there whether"
            " the customers said so"
        )
        alarms.append(stored(text, count=row["stops_today"]))
    if row["epochs_today"] > EPOCHS:
        text = N_(
            "it began {count} epochs today: is an old store put in its place again and again, or do two"
            " computers take turns?"
        )
        alarms.append(stored(text, count=row["epochs_today"]))
    if row["aside"]:
        text = N_("{count} rows that it sent lie aside: crm-tui office aside list")
        alarms.append(stored(text, count=row["aside"]))
    return alarms
