"""What was found about the store and its engine, in words: for the status line, health and programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm_tui import checked, sqlite
from crm_tui.checked import Checked
from crm_tui.clock import moment
from crm_tui.errors import N_, stored
from crm_tui.shop.gate.context import Context

WELL, ATTENTION, BAD = "well", "attention", "bad"
LATE = timedelta(hours=50)
"""A store that was not read through for so long is not known to be whole."""
REMEMBERED = timedelta(days=7)
"""How long it is told that something was put right."""


@dataclass(frozen=True)
class Told:
    """`state` well, attention or bad; `sentence` and `advice` ("" if nothing is to be done) are for
    `i18n.retell`; `facts`: figures for programs, by names that stay."""

    state: str
    sentence: str
    advice: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def _told(
    state: str, text: str, advice: str = "", facts: Mapping[str, object] | None = None,
    **params: object,
) -> Told:  # fmt: skip
    return Told(state, stored(text, **params), stored(advice) if advice else "", facts or {})


def engine() -> Told:
    """Which SQLite keeps the store, and what it means."""
    now = sqlite.engine()
    facts = {"package": now.package, "version": now.version, "sound": now.sound}
    if now.sound:
        return _told(WELL, N_("SQLite {version} keeps the store."), "", facts, version=now.version)
    return _told(
        ATTENTION,
        N_("SQLite {version} of this system keeps the store: it has a rare fault by which what was just"
           " stored can be lost when two programs write at once."),
        N_("Install the package pysqlite3 beside the program, or bring the system up to date; until"
           " then make backups often."),
        facts, version=now.version,
    )  # fmt: skip


def damage(ctx: Context) -> Told:
    """Whether the file is as it was written."""
    found = checked.read(ctx.store.path)
    facts = {
        "at": found.at, "thorough_at": found.thorough_at, "seconds": found.seconds,
        "octets": found.octets, "structure": found.structure, "pages": found.pages,
        "tables": list(found.tables), "mended": found.mended,
    }  # fmt: skip
    if found.structure:
        return _told(
            BAD,
            N_("The store is damaged ({what}). It can still be read; nothing is written into it any"
               " more."),
            N_("Restore the last good backup; the damaged file is kept. Have the disk looked at."),
            facts, what=found.structure,
        )  # fmt: skip
    if found.pages:
        return _told(
            BAD,
            N_("{count} pages of the store are not as this program wrote them ({tables}): the disk"
               " damaged them, or another program wrote into the file. Figures may be wrong."),
            N_("Restore the last good backup. If somebody changed the file on purpose, accept it as it"
               " is."),
            facts, count=found.pages, tables=", ".join(found.tables) or "?",
        )  # fmt: skip
    if found.trouble:
        return _told(
            ATTENTION, N_("The store could not be read through: {why}."),
            N_("Look whether the disk is well and whose files these are."), facts, why=found.trouble,
        )  # fmt: skip
    if found.mended and _lately(found.mended_at, ctx.now):
        return _told(
            ATTENTION,
            N_("The disk had flipped {count} single bits of the store; they were put right, and nothing"
               " is lost."),
            N_("Make a backup to another disk, and have this one looked at."), facts,
            count=found.mended,
        )  # fmt: skip
    if not found.thorough_at:
        return _told(WELL, N_("The store is read through for the first time soon."), "", facts)
    if not timedelta() <= ctx.now - moment(found.thorough_at) < LATE:
        return _told(
            ATTENTION, N_("The store was not read through for days."),
            N_("Leave the program open for a while: it does so by itself."), facts,
        )  # fmt: skip
    return _told(WELL, N_("The store was read through and is whole."), "", facts)


def sums(ctx: Context) -> Told:
    """Whether the ledgers agree with what is kept of them."""
    found = checked.read(ctx.store.path)
    facts: dict[str, object] = {
        "at": found.thorough_at,
        "differences": [[text, key] for text, key in found.sums],
    }
    if found.sums:
        text, key = found.sums[0]
        return _told(
            BAD,
            N_("The books do not agree in {count} places; the first: {why} (number {key})."),
            N_("Do not rely on these figures, and show them to whoever looks after the program."),
            facts, count=len(found.sums), why=text, key=key,
        )  # fmt: skip
    if not found.thorough_at:
        return _told(WELL, N_("The books are added up for the first time soon."), "", facts)
    return _told(WELL, N_("The books agree: stock, sales, payments, debts, points."), "", facts)


def log(ctx: Context) -> Told:
    """Whether all that was committed before an unclean end could be read."""
    found = checked.read(ctx.store.path)
    facts = {
        "octets": ctx.store.log_size(), "lost": found.lost, "lost_at": found.lost_at,
        "rescued": found.rescued, "kept": found.kept,
    }  # fmt: skip
    if found.lost:
        at = moment(found.lost_at).astimezone()
        return _told(
            BAD,
            N_("When the shop was opened on {at}, at least {count} of the last steps before an unclean"
               " end could not be read: SMS, orders or sales of the last moments may be missing. They"
               " are kept in {kept}."),
            N_("Go through the last SMS, orders and sales before that; enter what is missing."),
            facts, at=f"{at:%d.%m.%Y %H:%M}", count=found.lost, kept=found.kept,
        )  # fmt: skip
    if found.rescued and _lately(found.mended_at, ctx.now):
        return _told(
            ATTENTION,
            N_("A flipped bit would have cost {count} of the last steps; it was put right, and nothing"
               " is lost."),
            N_("Make a backup to another disk, and have this one looked at."), facts,
            count=found.rescued,
        )  # fmt: skip
    return _told(WELL, N_("Nothing that was stored was lost at the last start."), "", facts)


def _lately(at: str, now: datetime) -> bool:
    return bool(at) and now - moment(at) < REMEMBERED


def bad(ctx: Context) -> list[Told]:
    """What the staff must know before they rely on figures."""
    return [each for each in (damage(ctx), sums(ctx), log(ctx)) if each.state == BAD]


def in_short(found: Checked) -> str:
    """For the status line, "" if all is well."""
    if found.structure or found.pages:
        return N_("the store is damaged")
    if found.lost:
        return N_("the last steps were lost")
    return N_("the books do not agree") if found.sums else ""
