"""How the shop stands with its backups: for the status line, for every screen, for programs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crm_tui.clock import moment, stamp
from crm_tui.errors import UNSAID, Problem, Sentence
from crm_tui.shop.backups import places
from crm_tui.shop.backups.errors import PlaceMissing, PlaceSilent
from crm_tui.shop.gate.commands import journal
from crm_tui.shop.gate.context import Context

OLD = timedelta(days=2)
"""A shop whose last good backup is older is in danger."""
REHEARSE_EVERY = timedelta(days=30)
_AFTER_TROUBLE = timedelta(days=1)
_WRONG_CLOCK = timedelta(hours=1)
_SILENT = 2
"""In `backup_places.missing`: it may be there, but does not answer."""


@dataclass(frozen=True)
class Good:
    """The last backup that was made, opened and found to be right: `at` the moment it shows, `where`
    it lies, `size` in octets, `seconds` that it took; `place` own or other."""

    at: datetime
    where: Path
    size: int
    seconds: float
    place: str
    checked: bool = True


@dataclass(frozen=True)
class Standing:
    """`good`: the last good one in either folder; `trouble`: for `i18n.retell`, why there is no newer
    one in the folder named `trouble_in`, "" if all is well. `missing`: the chosen folder is not there,
    or, as `silent` says, does not answer;
    `failing`: it is, and has got no backup for so long that it is none. `bad`: to be shown in red."""

    good: Good | None
    trouble: Sentence
    trouble_in: str
    missing: bool
    silent: bool
    failing: bool
    old: bool
    sealed: bool
    rehearsed_at: datetime | None
    rehearsal: Sentence

    @property
    def bad(self) -> bool:
        return self.old or self.missing or self.failing


def last_good(ctx: Context) -> Good | None:
    """The last good backup; None before the first one."""
    row = ctx.db.execute(
        f"SELECT * FROM backup_places WHERE good_at IS NOT NULL AND {_IN_FORCE}"  # noqa: S608 - ours
        # One of a moment that is still to come was made by a wrong clock.
        " ORDER BY good_at > ?, good_at DESC, place DESC LIMIT 1",
        (_other(ctx), stamp(ctx.now + _WRONG_CLOCK)),
    ).fetchone()
    if row is None:
        return None
    where = places.folders(ctx)[row["place"]] / row["file"]
    return Good(moment(row["good_at"]), where, row["size"], row["seconds"], row["place"])


_IN_FORCE = "(place = 'own' OR folder = ?)"
"""Rows that count: of the folder beside the store wherever the store was moved, or is called by another
name, and of the other one that is chosen now."""


def _other(ctx: Context) -> str:
    return str(places.chosen(ctx) or "")


def standing(ctx: Context) -> Standing:
    """All of it, of one moment; it asks the store and no folder."""
    with ctx.store.reading() as db:
        good = last_good(ctx)
        row = db.execute(
            "SELECT place, trouble, coalesce(good_at, trouble_at) AS since FROM backup_places"  # noqa: S608
            f" WHERE trouble <> '' AND {_IN_FORCE}"
            " ORDER BY missing, place DESC LIMIT 1",
            (_other(ctx),),
        ).fetchone()
        missing = db.execute(
            f"SELECT max(missing) FROM backup_places WHERE {_IN_FORCE}",  # noqa: S608
            (_other(ctx),),
        ).fetchone()[0]
        rehearsal = db.execute("SELECT at, trouble FROM backup_rehearsals").fetchone()
        began = db.execute("SELECT min(at) FROM audit").fetchone()[0]
        since = good.at if good else moment(began) if began else ctx.now
        return Standing(
            good,
            Sentence(row["trouble"]) if row else UNSAID,
            row["place"] if row else "",
            bool(missing),
            missing == _SILENT,
            row is not None and row["place"] == places.OTHER and _is_old(ctx, moment(row["since"])),
            _is_old(ctx, since),
            is_sealed(ctx),
            moment(rehearsal["at"]) if rehearsal else None,
            Sentence(rehearsal["trouble"]) if rehearsal else UNSAID,
        )


def _is_old(ctx: Context, since: datetime) -> bool:
    """Whether it is too long ago, or by a wrong clock."""
    return not -_WRONG_CLOCK <= ctx.now - since <= OLD


def is_sealed(ctx: Context) -> bool:
    """Whether backups are sealed with a passphrase."""
    row = ctx.db.execute("SELECT recipient FROM backup_keys ORDER BY id DESC LIMIT 1").fetchone()
    return row is not None and row[0] != ""


def newest_change(ctx: Context) -> int:
    """The last change that a backup of now would hold; that of the worker's heartbeat and of backups
    is none."""
    row = ctx.db.execute(
        "SELECT seq FROM changes WHERE topic NOT IN ('gateway', 'backups') ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return 0 if row is None else int(row[0])


@journal
def note_good(ctx: Context, place: str, path: Path, note: places.Note) -> None:
    """A good backup lies under this name now."""
    ctx.db.execute(
        "INSERT INTO backup_places (place, folder, good_at, file, size, seconds, seq)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (place) DO UPDATE SET folder = excluded.folder,"
        " good_at = excluded.good_at, file = excluded.file, size = excluded.size,"
        " seconds = excluded.seconds, seq = excluded.seq, trouble = '', trouble_at = NULL, missing = 0",
        (place, str(path.parent), note.at, path.name, note.size, note.seconds, note.seq),
    )
    ctx.changed("backups", 0)


@journal
def note_trouble(ctx: Context, place: str, folder: Path, problem: Problem | None) -> None:
    """Why there is no newer backup at a place; None: nothing stands in the way any more."""
    trouble = problem.stored if problem else UNSAID
    known = ctx.db.execute("SELECT trouble FROM backup_places WHERE place = ?", (place,)).fetchone()
    if (known["trouble"] if known else "") == trouble:
        # What is said again and again is no news: nobody is woken for it.
        return
    ctx.db.execute(
        "INSERT INTO backup_places (place, folder, trouble, trouble_at, missing)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (place) DO UPDATE SET trouble = excluded.trouble,"
        " trouble_at = excluded.trouble_at, missing = excluded.missing",
        (
            place,
            str(folder),
            trouble,
            ctx.at if trouble else None,
            _SILENT if isinstance(problem, PlaceSilent) else int(isinstance(problem, PlaceMissing)),
        ),
    )
    ctx.changed("backups", 0)


@journal
def note_holding(ctx: Context, place: str, count: int) -> None:
    """So many backups at a place hold customers who were erased since."""
    changed = ctx.db.execute(
        "UPDATE backup_places SET holding = ? WHERE place = ? AND holding <> ?",
        (count, place, count),
    )
    if changed.rowcount:
        ctx.changed("backups", 0)


@journal
def note_gone(ctx: Context, place: str, known: places.Backup | None) -> None:
    """The last good backup of a place is not there any more: the newest that is counts."""
    note = known.note if known else None
    ctx.db.execute(
        "UPDATE backup_places SET good_at = ?, file = ?, size = ?, seq = 0 WHERE place = ?",
        (note.at if note else None, known.name if known else "", note.size if note else 0, place),
    )
    ctx.changed("backups", 0)


@journal
def note_rehearsal(ctx: Context, file: str, seconds: float, trouble: Sentence) -> None:
    """A restore was tried out."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO backup_rehearsals VALUES (1, ?, ?, ?, ?)",
        (ctx.at, file, seconds, trouble),
    )
    ctx.changed("backups", 0)


def rehearsal_is_due(ctx: Context) -> bool:
    """Whether the last rehearsal is a month ago, or a day if it did not go well, and there is a backup
    to rehearse."""
    row = ctx.db.execute("SELECT at, trouble FROM backup_rehearsals").fetchone()
    if row is not None:
        every = _AFTER_TROUBLE if row["trouble"] else REHEARSE_EVERY
        # One of a moment that is still to come was made by a wrong clock, and keeps no other.
        if -_WRONG_CLOCK <= ctx.now - moment(row["at"]) < every:
            return False
    return last_good(ctx) is not None
