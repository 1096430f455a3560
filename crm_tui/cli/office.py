"""The head office of a chain of branches, on the command line.

What it needs beside the program – the extra `chain` – is loaded only here: a shop that is no chain
needs none of it.
"""

import errno
import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm_tui.cli.base import Command, Group, Option
from crm_tui.cli.place import Place
from crm_tui.errors import N_
from crm_tui.office.errors import (
    ChainExtraMissing,
    DatabaseReadOnly,
    EnrolmentUnwritten,
    OfficeUnwritable,
)
from crm_tui.shop.gate.errors import BadInput
from crm_tui.text import day_and_time, visible

if TYPE_CHECKING:
    from crm_tui.office.database import Office
    from crm_tui.office.status import Standing

_FORM = click.Choice(("text", "json"))
_STATES = {
    "new": N_("nothing came yet"),
    "open": N_("open"),
    "ended": N_("epoch ended"),
    "closed": N_("closed"),
}


@click.group(
    "office", cls=Group,
    help=N_("The head office of a chain of branches, on PostgreSQL: what all branches sell, their "
            "keys, and what goes down to them."),
)  # fmt: skip
def office() -> None:
    try:
        import cryptography  # noqa: F401
        import psycopg  # noqa: F401
    except ImportError as trouble:
        raise ChainExtraMissing() from trouble


assert isinstance(office, Group)
office.rooms = (
    {
        name: ("crm_tui.cli.office_reports", function)
        for name, function in (("report", "report"), ("lost", "lost"), ("open", "open_"))
    }
    | {name: ("crm_tui.cli.office_loyalty", name) for name in ("rank", "tier", "promo")}
    | {name: ("crm_tui.cli.office_goods", name) for name in ("price", "items")}
    | {"aside": ("crm_tui.cli.office_asides", "aside")}
)


def _opened(place: Place) -> "Office":
    from crm_tui.office import database

    return database.opened(place.folder / database.FOLDER)


@office.command(
    "init", cls=Command,
    help=N_("Set up the head office in the database DSN, or bring it up to date, and say what "
            "PostgreSQL's administrator has to do."),
)  # fmt: skip
@click.argument("dsn")
@click.option(
    "--host", cls=Option, default="", metavar="NAME",
    help=N_("The name or address by which branches reach PostgreSQL; else that of DSN."),
)  # fmt: skip
@click.option(
    "--configure", cls=Option, metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
    help=N_("Write the lines for PostgreSQL into its data folder, where that is this account's own."),
)  # fmt: skip
@click.pass_obj
def init(place: Place, dsn: str, host: str, configure: Path | None) -> None:
    from crm_tui.office import administering, advising, database

    made = administering.begin(place.folder / database.FOLDER, dsn, host)
    place.say(place.tr(N_("The head office is set up in {database}."), database=made.database))
    if configure is not None:
        advising.configure(made, configure)
        advising.take_rights(made)
        place.say(place.tr(N_("Written into {folder}; now restart PostgreSQL."), folder=configure))
        return
    for about, lines in (
        (N_("In postgresql.conf, with files that the server can read:"),
         advising.settings(made.folder.resolve())),
        (N_("At the head of pg_hba.conf (the first two for the owner, with the method that it has"
            " now); then restart the server:"), advising.admission(made)),
        (N_("As PostgreSQL's administrator, in the database {database}:"), advising.statements(made)),
    ):  # fmt: skip
        click.echo("\n" + place.tr(about, database=made.database))
        for line in lines:
            click.echo("  " + line)


# ── branches ──────────────────────────────────────────────────────────────────────────────────────


@office.group("branch", cls=Group, help=N_("Branches: add one, close one, list them."))
def branch() -> None:
    pass


_OUTPUT = click.option(
    "-o", "--output", cls=Option, required=True, type=click.Path(path_type=Path), metavar="FILE",
    help=N_("The enrolment, for the branch; there must be no such file yet."),
)  # fmt: skip


@branch.command(
    "add", cls=Command,
    help=N_("Add a branch and write its enrolment; the passphrase that opens it is shown once."),
)  # fmt: skip
@click.argument("name")
@_OUTPUT
@click.option(
    "--forked-from", cls=Option, default="", metavar="BRANCH",
    help=N_("The branch whose computer was copied, if this is the copy."),
)  # fmt: skip
@click.pass_obj
def add(place: Place, name: str, output: Path, forked_from: str) -> None:
    from crm_tui.office import administering

    _absent(output)
    _hand_out(place, administering.add(_opened(place), name, forked_from), output)


class StaysAlone(BadInput):
    text = N_(
        "A branch stays open, or is closed: --stay goes with none of --yes, --return, --lost."
    )


@branch.command(
    "close", cls=Command,
    help=N_("Close a branch for good: its keys are revoked, nothing more is taken. What it sent "
            "stays. While goods or points are on the way to it, it is closed with --return only."),
)  # fmt: skip
@click.argument("name")
@click.option("--yes", cls=Option, is_flag=True, help=N_("Do not ask."))
@click.option(
    "--return", "give_back", cls=Option, is_flag=True,
    help=N_("Goods and points that are on the way to it go back to where they came from, as soon as "
            "it has heard of it and has said what it received."),
)  # fmt: skip
@click.option(
    "--lost", cls=Option, is_flag=True,
    help=N_("Its computer never comes again: do not wait until it has heard of it. What it spent or "
            "received without telling the head office is then there twice: count it."),
)  # fmt: skip
@click.option(
    "--stay", cls=Option, is_flag=True,
    help=N_("It was told that it closes, and does not after all: it is told so, and its customers can"
            " spend their points there again."),
)  # fmt: skip
@click.pass_obj
def close(place: Place, name: str, yes: bool, give_back: bool, lost: bool, stay: bool) -> None:
    from crm_tui.office import closing

    if stay and (yes or give_back or lost):
        raise StaysAlone()
    made = _opened(place)
    if stay:
        closing.keep(made, name)
        place.say(place.tr(N_("Branch {name} stays open; it is told so."), name=name))
        return
    for each in closing.open_of(made, name):
        place.say(place.retell(each.told))
    home = closing.points_at_home(made, name)
    if home.points:
        place.say(place.tr(
            N_("{points} points of {count} customers are in its books; other branches get them from the"
               " head office where the customers ask for them."),
            points=home.points, count=home.customers,
        ))  # fmt: skip
    if lost and home.seen_at is not None:
        place.say(place.tr(
            N_("It was heard last: {at}. Points that it has spent since then, and spends until its"
               " computer is refused here, are given out twice."), at=day_and_time(home.seen_at),
        ))  # fmt: skip
    asked = place.tr(N_("Close branch {name} for good?"), name=name)
    if not yes and not place.sure(asked):
        click.echo(place.tr(N_("Nothing was changed.")))
        sys.exit(1)
    farewell = place.tr(N_("The branch was closed; this goes back."))
    was = closing.close(made, name, give_back=give_back, lost=lost, farewell=farewell)
    place.say(place.tr(N_("Branch {name} is closed."), name=name))
    if any(each.incoming for each in was):
        place.say(place.tr(N_("What was on the way to it goes back; the branches are told.")))
        if lost:
            place.say(place.tr(
                N_("If it had received something without saying so, that is in two stocks now: have it"
                   " counted.")
            ))  # fmt: skip
    _tell_revoked(place, made)


@branch.command("list", cls=Command, help=N_("All branches, with their numbers."))
@click.option("--format", "form", cls=Option, type=_FORM, default="text", help=N_("text or json."))
@click.pass_obj
def list_(place: Place, form: str) -> None:
    from crm_tui.office import status

    found = status.look(_opened(place))
    if form == "json":
        click.echo(json.dumps({"branches": [each.record() for each in found]}, indent=1))
        return
    for each in found:
        place.say(f"{each.number}  {visible(each.name)}  {place.tr(_STATES[each.state])}")


@office.command(
    "epoch", cls=Command,
    help=N_("The store of a branch is lost: take nothing more from it. The next one that comes with "
            "the branch's key goes on; with -o it gets a new key, and the old ones are revoked."),
)  # fmt: skip
@click.argument("name")
@click.option(
    "-o", "--output", cls=Option, type=click.Path(path_type=Path), metavar="FILE",
    help=N_("Write a new enrolment; there must be no such file yet."),
)  # fmt: skip
@click.pass_obj
def epoch(place: Place, name: str, output: Path | None) -> None:
    from crm_tui.office import administering

    made = _opened(place)
    if output is None:
        administering.end_epoch(made, name)
    else:
        _absent(output)
        _hand_out(place, administering.renew(made, name), output)
        _tell_revoked(place, made)
    place.say(place.tr(N_("The epoch of branch {name} has ended."), name=name))


def _absent(path: Path) -> None:
    """Asked before anything is made: an enrolment that cannot be written would be lost."""
    from crm_tui.replication import sealing
    from crm_tui.shop.gate import output_files

    sealing.able()
    output_files.check(path)
    if os.path.lexists(path):
        raise output_files.FileThere(file=path)
    if not os.access(path.parent, os.W_OK):
        raise OfficeUnwritable(file=path, why=os.strerror(errno.EACCES))


def _hand_out(place: Place, told: Mapping[str, object], output: Path) -> None:
    from crm_tui.replication import sealing

    words = sealing.passphrase()
    try:
        with open(os.open(output, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(sealing.sealed(told, words))
    except OSError as trouble:
        raise EnrolmentUnwritten(
            file=output, why=trouble.strerror or trouble, name=told["name"], branch=told["branch"]
        ) from trouble
    place.say(place.tr(
        N_("Written: {file}, for branch {name} (number {branch})."), file=output, name=told["name"],
        branch=told["branch"],
    ))  # fmt: skip
    place.say(place.tr(
        N_("The passphrase, shown this once; tell it the branch another way: {words}"), words=words
    ))  # fmt: skip


def _tell_revoked(place: Place, made: "Office") -> None:
    from crm_tui.office import certificates

    file = (made.folder / certificates.REVOKED).resolve()
    place.say(place.tr(
        N_("Its keys sign in no more. To have PostgreSQL itself refuse them, too, let it read {file} "
           "anew: SELECT pg_reload_conf()"), file=file,
    ))  # fmt: skip


# ── what travels as a file ────────────────────────────────────────────────────────────────────────


@office.command(
    "take", cls=Command,
    help=N_("Take in what a branch wrote with crm-tui chain export; what came already is left out."),
)  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def take(place: Place, file: Path) -> None:
    from crm_tui.office import batches

    taken = batches.take(_opened(place), file)
    place.say(place.tr(N_("{rows} new rows of branch {name}."), rows=taken.rows, name=taken.name))


@office.command(
    "give", cls=Command,
    help=N_("Write what waits for a branch into FILE; there it comes in with crm-tui chain import."),
)  # fmt: skip
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--all", "everything", cls=Option, is_flag=True,
    help=N_("All that was ever sent, not only what it has not fetched."),
)  # fmt: skip
@click.pass_obj
def give(place: Place, name: str, file: Path, everything: bool) -> None:
    from crm_tui.office import batches

    rows = batches.give(_opened(place), name, file, place.clock, everything=everything)
    place.say(
        place.tr(N_("{file}: {rows} rows for branch {name}."), file=file.name, rows=rows, name=name)
    )


# ── how they stand ────────────────────────────────────────────────────────────────────────────────


@office.command(
    "status", cls=Command,
    help=N_("When each branch was heard, how far it is behind, and what somebody should look at. Exit "
            "status 0 only if all is well."),
)  # fmt: skip
@click.option("--format", "form", cls=Option, type=_FORM, default="text", help=N_("text or json."))
@click.pass_context
def status_(ctx: click.Context, form: str) -> None:
    from crm_tui.office import advising, asides, status

    place: Place = ctx.obj
    made = _opened(place)
    found, rights = status.look(made), advising.open_rights(made)
    read_only = status.is_read_only(made)
    well = not read_only and not any(each.alarms for each in found)
    if form == "json":
        click.echo(json.dumps({
            "well": well, "database": made.database, "read_only": read_only,
            "rights_of_everybody": rights,
            "branches": [
                {**each.record(), "alarms": [place.retell(alarm) for alarm in each.alarms]}
                for each in found
            ],
            "aside": [each.record() for each in asides.look(made)],
        }, indent=1))  # fmt: skip
    else:
        _tell(place, found, rights)
        if read_only:
            place.say("! " + place.tr(DatabaseReadOnly.text))
    ctx.exit(0 if well else 1)


def _tell(place: Place, found: "list[Standing]", rights: list[str]) -> None:
    for each in found:
        place.say(("! " if each.alarms else "✓ ") + _in_words(place, each))
        for alarm in each.alarms:
            place.say("  → " + place.retell(alarm))
    if not found:
        place.say(
            place.tr(N_("There is no branch yet. Add one: crm-tui office branch add NAME -o FILE"))
        )
    names = sorted({each.partition("(")[0] for each in rights})
    if names:
        place.say(place.tr(
            N_("Everybody who may sign in to this PostgreSQL may still use {rights}: say the statements"
               " of crm-tui office init."), rights=", ".join(names),
        ))  # fmt: skip


def _in_words(place: Place, branch: "Standing") -> str:
    facts = branch.facts
    if branch.state == "closed":
        return place.tr(
            N_("{number} {name}: closed since {at}"), number=branch.number, name=branch.name,
            at=_local(facts["closed_at"]),
        )  # fmt: skip
    heard = facts["seen_at"]
    return place.tr(
        N_("{number} {name}: {state}, epoch {epoch}, heard {heard}, {behind} rows behind,"
           " {downs} to fetch"),
        number=branch.number, name=branch.name, state=place.tr(_STATES[branch.state]),
        epoch=facts["epoch"] or "–", heard=_local(heard) if heard else "–",
        behind="–" if facts["behind"] is None else facts["behind"], downs=facts["downs_waiting"],
    )  # fmt: skip


def _local(at: datetime) -> str:
    return day_and_time(at)
