"""What was found about the store and its engine, in words: for the status line, health and programs."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from crm_tui import check_result, page_sums, secret, sqlite
from crm_tui.check_result import Checked
from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.shop.backups import proving
from crm_tui.shop.checks import ledger_chain as reading
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.health import ATTENTION, BAD, WELL, Finding, finding
from crm_tui.shop.gate.table_words import areas
from crm_tui.store import StoreProblem
from crm_tui.text import day_and_time

_TABLE = re.compile(r"(\w+): ")
"""Before what SQLite says of a table (`integrity`)."""
_LINK = re.compile(r"[0-9]{1,18}(-[0-9A-Fa-f]{4}){2}")
LATE = timedelta(hours=50)
"""A store that was not read through for so long is not known to be whole."""
REMEMBERED = timedelta(days=7)
"""How long it is told that something was put right."""


def engine(ctx: Context) -> Finding:
    """Which SQLite keeps the store, and what it means."""
    now = sqlite.engine()
    facts = {"package": now.package, "version": now.version, "sound": now.sound}
    if now.sound:
        return finding(
            WELL, N_("SQLite {version} keeps the store."), "", facts, version=now.version
        )
    return finding(
        ATTENTION,
        N_("SQLite {version} of this system keeps the store: it has a rare fault by which what was just"
           " stored can be lost when two programs write at once."),
        N_("Install the package pysqlite3 beside the program, or bring the system up to date; until"
           " then make backups often."),
        facts, version=now.version,
    )  # fmt: skip


def damage(ctx: Context) -> Finding:
    """Whether the file is as it was written."""
    return damage_of(ctx, check_result.read(ctx.store.path))


def damage_of(ctx: Context, checked: Checked) -> Finding:
    """The same, by what a check has found."""
    facts = {
        "at": checked.at, "thorough_at": checked.thorough_at, "seconds": checked.seconds,
        "octets": checked.octets, "structure": checked.structure, "pages": checked.pages,
        "tables": list(checked.tables), "mended": checked.mended, "backup": checked.backup,
        "unsummed_at": checked.unsummed_at,
    }  # fmt: skip
    if checked.strange:
        return finding(
            BAD,
            N_("What the last check of the store had found was changed or taken away, and not by this"
               " program: what is wrong may be hidden."),
            N_("Leave the program open for a while, or run crm-tui check: all is read anew. Ask who can"
               " write into the shop's folder."),
            facts,
        )  # fmt: skip
    if checked.structure:
        return _broken(_last_good(ctx, checked), checked.structure, facts)
    if checked.pages:
        return _written_by_others(_last_good(ctx, checked), checked, facts)
    if checked.trouble:
        return finding(
            ATTENTION, N_("The store could not be read through: {why}."),
            N_("Look whether the disk is well and whose files these are."), facts, why=checked.trouble,
        )  # fmt: skip
    if checked.mended and _lately(checked.mended_at, ctx.clock.now()):
        return finding(
            ATTENTION,
            N_("The disk had flipped {count} single bits of the store; they were put right, and nothing"
               " is lost."),
            N_("Make a backup to another disk, and have this one looked at."), facts,
            count=checked.mended,
        )  # fmt: skip
    if checked.strange_at and _lately(checked.strange_at, ctx.clock.now()):
        day = day_and_time(moment(checked.strange_at).astimezone())
        return finding(
            ATTENTION,
            N_("Before {day} somebody changed or took away what a check had found. The store was read"
               " anew since, and is whole."),
            N_("Ask who can write into the shop's folder."), facts, day=day,
        )  # fmt: skip
    if checked.unsummed_at and _lately(checked.unsummed_at, ctx.clock.now()):
        day = day_and_time(moment(checked.unsummed_at).astimezone())
        return finding(
            ATTENTION,
            N_("{file}, by which a flipped bit is noticed, was lost or changed before {day}. The store"
               " was read anew: books and ledgers agree; whether the disk changed a name or a text"
               " before that, nobody can tell."),
            N_("Make a backup to another disk, and have this one looked at. Ask who can write into the"
               " shop's folder."),
            facts, file=page_sums.path_of(ctx.store.path).name, day=day,
        )  # fmt: skip
    if not checked.thorough_at:
        return finding(WELL, N_("The store is read through for the first time soon."), "", facts)
    if not timedelta() <= ctx.clock.now() - moment(checked.thorough_at) < LATE:
        return finding(
            ATTENTION, N_("The store was not read through for days."),
            N_("Leave the program open for a while: it does so by itself."), facts,
        )  # fmt: skip
    return finding(WELL, N_("The store was read through and is whole."), "", facts)


def _broken(backup: str, what: str, facts: Mapping[str, object]) -> Finding:
    """Trees that do not hang together: people are told in which table, not what SQLite says of it."""
    table = _TABLE.match(what)
    sentence = (
        N_("The store is damaged ({areas}). It can still be read; nothing is written into it any"
           " more.")
        if table else
        N_("The store is damaged. It can still be read; nothing is written into it any more.")
    )  # fmt: skip
    advice = (
        N_("Restore the last good backup ({backup}); the damaged file is kept. Have the disk looked"
           " at.")
        if backup else
        N_("There is no good backup to go back to. Take out what can still be read: crm-tui export"
           " --all FOLDER. Have the disk looked at.")
    )  # fmt: skip
    return finding(
        BAD, sentence, advice, facts, areas=areas([table[1]] if table else []), backup=backup
    )


def _written_by_others(backup: str, checked: Checked, facts: Mapping[str, object]) -> Finding:
    """Pages that are not as they were written; of what is in none of our tables nobody knows which."""
    sentence = (
        N_("{count} pages of the store are not as this program wrote them ({areas}): the disk"
           " damaged them, or another program wrote into the file. Figures may be wrong.")
        if checked.tables else
        N_("{count} pages of the store are not as this program wrote them; in which tables cannot be"
           " told. The disk damaged them, or another program wrote into the file. Figures may be"
           " wrong.")
    )  # fmt: skip
    advice = (
        N_("Restore the last good backup ({backup}). If somebody changed the file on purpose,"
           " take it as it is: with crm-tui check --accept, or on the page Health.")
        if backup else
        N_("There is no good backup to go back to. If somebody changed the file on purpose, take it"
           " as it is: with crm-tui check --accept, or on the page Health; else compare the books with"
           " the paper.")
    )  # fmt: skip
    return finding(
        BAD,
        sentence,
        advice,
        facts,
        backup=backup,
        count=checked.pages,
        areas=areas(checked.tables),
    )


def _last_good(ctx: Context, checked: Checked) -> str:
    """Its name, "" if there is none; a damaged store may not be able to say it any more, so the check
    noted it."""
    try:
        with ctx.store.told():
            good = proving.last_whole(ctx)
    except StoreProblem:
        good = None
    return good.name if good else checked.backup


def sums(ctx: Context) -> Finding:
    """Whether the ledgers agree with what is kept of them."""
    found = check_result.read(ctx.store.path)
    facts: dict[str, object] = {
        "at": found.thorough_at,
        "differences": [[text, key] for text, key in found.sums],
    }
    if found.sums:
        text, key = found.sums[0]
        return finding(
            BAD,
            N_("The books do not agree in {count} places; the first: {why} (number {key})."),
            N_("Do not rely on these figures, and show them to whoever looks after the program."),
            facts, count=len(found.sums), why=text, key=key,
        )  # fmt: skip
    if not found.thorough_at:
        return finding(WELL, N_("The books are added up for the first time soon."), "", facts)
    return finding(WELL, N_("The books agree: stock, sales, payments, debts, points."), "", facts)


def chain(ctx: Context) -> Finding:
    """Whether the rows of the ledgers are as the program wrote them."""
    checked = check_result.read(ctx.store.path)
    facts: dict[str, object] = {
        "at": checked.thorough_at, "links": checked.links, "foreign": checked.foreign,
        "head": checked.head, "first": list(checked.chain),
        "forgotten_at": checked.forgotten_at,
    }  # fmt: skip
    if checked.chain and checked.chain[2] != reading.LINK_STRANGE:
        table, key, what = checked.chain
        return finding(
            BAD,
            N_("The ledgers were changed, and not by this program. First: {why} ({table} {key})."),
            N_("Do not rely on these figures. Compare them with the last backup and the slips of closed"
               " drawers. If somebody changed them on purpose, take them as they are: with crm-tui"
               " check --accept, or on the page Health."),
            # This field is told in the reader's language.
            facts, why=what, table=table, key=key,
        )  # fmt: skip
    if checked.foreign:
        return finding(
            BAD,
            N_("{count} steps of the ledgers were linked with a key that this computer has not got, the"
               " first of them is link {first}: whether their rows were changed nobody can say here."),
            N_("Copy the key of the other account or computer to {file}. If there is none, and you know"
               " where they come from, take the ledgers as they are: with crm-tui check --accept, or on"
               " the page Health."),
            facts, count=checked.foreign, first=checked.chain[1] if checked.chain else "?",
            file=str(secret.path()),
        )  # fmt: skip
    if not secret.key():
        return finding(
            ATTENTION,
            N_("The chain over the ledgers has no key: {file} cannot be written."),
            N_("Let this account write there, or name another file with CRM_TUI_KEY; else whoever has"
               " the shop's files can change them unseen."),
            facts, file=str(secret.path()),
        )  # fmt: skip
    if checked.forgotten_at and _lately(checked.forgotten_at, ctx.clock.now()):
        day = day_and_time(moment(checked.forgotten_at).astimezone())
        return finding(
            ATTENTION,
            N_("{file}, by which an older store in the place of this one is noticed, was lost or"
               " changed before {day}. All rows fit together; whether they are the newest, nobody can"
               " tell."),
            N_("Look whether the newest slip of a closed drawer is known: crm-tui check --link LINK."
               " Ask who can write into the folder of that file."),
            facts, file=str(secret.heads_file()), day=day,
        )  # fmt: skip
    if not checked.thorough_at:
        return finding(
            WELL, N_("The chain over the ledgers is read for the first time soon."), "", facts
        )
    return finding(
        WELL, N_("All rows of the ledgers are as the program wrote them, up to link {head}."), "",
        facts, head=checked.head,
    )  # fmt: skip


def of_slip(ctx: Context, link: str) -> Finding:
    """Whether the chain holds the link that stands on a slip."""
    if not _LINK.fullmatch(link.strip()):
        answer = finding(
            BAD,
            N_("{link} is no link of the chain: a slip has one like 1234-9F3A-22C1."),
            link=link,
        )
    elif not reading.knows(ctx, link):
        answer = finding(
            BAD, N_("Link {link} is not in the chain: what was stored then was changed or replaced."),
            N_("Read the slip once more. If it says so, compare with the backups of that day."),
            link=link,
        )  # fmt: skip
    elif reading.is_past(ctx, link):
        answer = finding(
            ATTENTION,
            N_("Link {link} is in the chain, but the chain was begun anew after it, with what stood"
               " there then."),
            N_("The audit says who took the ledgers as they were, and when. Compare with a backup from"
               " before that."),
            link=link,
        )  # fmt: skip
    else:
        answer = finding(
            WELL, N_("Link {link} is in the chain: what was before it is what it was then."),
            link=link,
        )  # fmt: skip
    return replace(answer, name="slip", title=N_("Slip"))


def log(ctx: Context) -> Finding:
    """Whether all that was committed before an unclean end could be read."""
    checked = check_result.read(ctx.store.path)
    facts = {
        "octets": ctx.store.log_size(), "lost": checked.lost, "lost_at": checked.lost_at,
        "rescued": checked.rescued, "kept": checked.kept,
    }  # fmt: skip
    if checked.lost:
        at = moment(checked.lost_at).astimezone()
        return finding(
            BAD,
            N_("When the shop was opened on {at}, at least {count} of the last steps before an unclean"
               " end could not be read: SMS, orders or sales of the last moments may be missing. They"
               " are kept in {kept}.")
            if checked.kept else
            N_("When the shop was opened on {at}, at least {count} of the last steps before an unclean"
               " end were gone from the disk: SMS, orders or sales of the last moments may be"
               " missing."),
            N_("Go through the last SMS, orders and sales before that; enter what is missing."),
            facts, at=day_and_time(at), count=checked.lost, kept=checked.kept,
        )  # fmt: skip
    if checked.rescued and _lately(checked.mended_at, ctx.clock.now()):
        return finding(
            ATTENTION,
            N_("A flipped bit would have cost {count} of the last steps; it was put right, and nothing"
               " is lost."),
            N_("Make a backup to another disk, and have this one looked at."), facts,
            count=checked.rescued,
        )  # fmt: skip
    return finding(WELL, N_("Nothing that was stored was lost at the last start."), "", facts)


def _lately(at: str, now: datetime) -> bool:
    return bool(at) and now - moment(at) < REMEMBERED


def bad(ctx: Context) -> list[Finding]:
    """What the staff must know before they rely on figures."""
    return [each for each in (damage(ctx), chain(ctx), sums(ctx), log(ctx)) if each.state == BAD]


def in_short(checked: Checked) -> str:
    """For the status line, "" if all is well."""
    if checked.strange:
        return N_("a check was tampered with")
    if checked.structure or checked.pages:
        return N_("the store is damaged")
    if checked.foreign and checked.chain[2:] in ((), (reading.LINK_STRANGE,)):
        return N_("the ledgers have another key")
    if checked.chain:
        return N_("the ledgers were changed")
    if checked.lost:
        return N_("the last steps were lost")
    return N_("the books do not agree") if checked.sums else ""
