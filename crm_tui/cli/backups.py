"""Backups from the command line: backup, restore."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from crm_tui.cli.base import Command, Option, open_shop
from crm_tui.cli.place import Place
from crm_tui.clock import use_zone
from crm_tui.errors import N_
from crm_tui.shop.backups import (
    archived,
    copying,
    holding,
    making,
    places,
    preparing,
    rehearsing,
    restoring,
    sealing,
    state,
    telling,
    unsealed,
)
from crm_tui.shop.backups.errors import PassphraseNeeded, PassphrasesDiffer
from crm_tui.shop.backups.places import Backup
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.gate.folder import store_path
from crm_tui.shop.gate.progress import Progress
from crm_tui.store import Store, StoreMissing, StoreProblem
from crm_tui.text import day_and_time

T = TypeVar("T")


@click.command(
    "backup",
    cls=Command,
    help=N_(
        "Make a backup beside the store and in the folder that the settings name; with FILE, one there."
    ),
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--list", "listing", cls=Option, is_flag=True, help=N_("List the backups."))
@click.option(
    "--passphrase", "seals", cls=Option, is_flag=True,
    help=N_("Seal backups from now on: the passphrase is read twice from standard input."),
)  # fmt: skip
@click.option(
    "--no-passphrase", "opens", cls=Option, is_flag=True, help=N_("Stop sealing backups.")
)
@click.option(
    "--delete-open", "deletes", cls=Option, is_flag=True,
    help=N_("Delete the backups from before the passphrase, which anybody can read; it asks first."),
)  # fmt: skip
@click.option(
    "--delete-erased", "forgets", cls=Option, is_flag=True,
    help=N_("Delete the backups that hold customers who were erased since; it asks first."),
)  # fmt: skip
@click.option("--yes", cls=Option, is_flag=True, help=N_("Do not ask."))
@click.option("--format", "form", cls=Option, type=click.Choice(["text", "json"]), default="text",
              help=N_("As text, or as JSON."))  # fmt: skip
@click.pass_obj
def backup(
    place: Place, file: Path | None, listing: bool, seals: bool, opens: bool, deletes: bool,
    forgets: bool, yes: bool, form: str,
) -> None:  # fmt: skip
    ctx = open_shop(place)
    try:
        if deletes:
            _delete_open(place, ctx, yes)
            return
        if forgets:
            _delete_erased(place, ctx, yes)
            return
        _backup(place, ctx, file, listing, seals, opens, form)
    finally:
        ctx.store.close()


def _backup(
    place: Place,
    ctx: Context,
    file: Path | None,
    listing: bool,
    seals: bool,
    opens: bool,
    form: str,
) -> None:
    if seals or opens:
        _choose_passphrase(place, ctx, seals)
    elif listing:
        _show(place, ctx, form)
    elif file is not None:
        note = _with_bar(lambda progress: making.make_file(ctx, file, progress))
        click.echo(place.tr(
            N_("Backup of {size} MB written to {file} and checked."), file=file,
            size=telling.megabytes(note.size),
        ))  # fmt: skip
    else:
        made = _with_bar(lambda progress: making.make(ctx, progress=progress))
        click.echo(place.tr(
            N_("Backup of {size} MB written to {file} and checked."), file=made.path,
            size=telling.megabytes(made.size),
        ))  # fmt: skip
        standing = state.standing(ctx)
        if standing.trouble:
            place.say(place.retell(standing.trouble))


def _choose_passphrase(place: Place, ctx: Context, seals: bool) -> None:
    if not seals:
        sealing.set_passphrase(ctx, "")
        click.echo(place.tr(N_("Backups are not sealed any more.")))
        return
    first, second = (_secret(place, text) for text in (N_("Passphrase"), N_("The same again")))
    if first != second:
        raise PassphrasesDiffer()
    sealing.set_passphrase(ctx, first)
    place.say(place.tr(N_(
        "Backups are sealed from now on; the passphrase was tried out. Write it down and keep it"
        " outside the shop: without it nobody can open them on another computer."
    )))  # fmt: skip
    if told := telling.still_open(place.tr, len(unsealed.there(ctx))):
        place.say(told)


def _delete_open(place: Place, ctx: Context, yes: bool) -> None:
    found = unsealed.there(ctx)
    if not found:
        place.say(place.tr(N_("There is no backup from before a passphrase; nothing was deleted.")))
        return
    _delete(
        place, telling.without_passphrase(place.tr, found), yes, lambda: unsealed.remove(ctx, found)
    )


def _delete_erased(place: Place, ctx: Context, yes: bool) -> None:
    found = holding.there(ctx)
    if not found:
        place.say(place.tr(N_("No backup holds an erased customer; nothing was deleted.")))
        return
    _delete(place, telling.with_erased(place.tr, found), yes, lambda: holding.remove(ctx, found))


def _delete(place: Place, told: Sequence[str], yes: bool, remove: Callable[[], int]) -> None:
    for line in told:
        place.say(line)
    if not yes and not place.sure(place.tr(N_("Delete them for good?"))):
        click.echo(place.tr(N_("Nothing was changed.")))
        sys.exit(1)
    place.say(place.tr(N_("Deleted: {count} backups."), count=remove()))


def _secret(place: Place, text: str) -> str:
    """A passphrase that somebody types, or a line of standard input; never an argument."""
    if sys.stdin.isatty():
        return str(click.prompt(place.tr(text), hide_input=True))
    return sys.stdin.readline().rstrip("\r\n")


def _with_bar(do: Callable[[Progress], T]) -> T:
    """Do something long; on a terminal it says how far it is."""
    progress = Progress()
    if not sys.stderr.isatty():
        return do(progress)
    shown = -1
    at = progress.at

    def tell(done: int, total: int) -> None:
        nonlocal shown
        at(done, total)
        if round(progress.share * 100) != shown:
            shown = round(progress.share * 100)
            click.echo(f"\r{shown:3}%", nl=False, err=True)

    progress.at = tell  # type: ignore[method-assign]
    try:
        return do(progress)
    finally:
        click.echo("\r     \r", nl=False, err=True)


def _show(place: Place, ctx: Context, form: str) -> None:
    found = places.listed(ctx)
    if form == "json":
        click.echo(json.dumps([
            {"file": str(each.path), "place": each.place, "at": each.at.astimezone().isoformat(),
             "size": each.size, "checked": each.checked, "sealed": each.sealed,
             "epoch": each.note.epoch if each.note else None}
            for each in found
        ]))  # fmt: skip
        return
    _lines(place, found)
    if not found:
        click.echo(place.tr(N_("There is no backup yet.")))
    for line in telling.needs(place.tr, copying.needed(ctx)):
        place.say(line)
    standing = state.standing(ctx)
    if standing.trouble:
        place.say(place.retell(standing.trouble))


def _lines(place: Place, found: Sequence[Backup]) -> None:
    for each in found:
        click.echo(place.tr(
            N_("{at}  {size} MB  {checked}{sealed}  {file}"),
            at=day_and_time(each.at), size=telling.megabytes(each.size),
            checked=place.tr(N_("checked") if each.checked else N_("not checked")),
            sealed=", " + place.tr(N_("sealed")) if each.sealed else "", file=each.path,
        ))  # fmt: skip


@click.command(
    "restore",
    cls=Command,
    help=N_(
        "Put a backup in the place of the store: a file, or a name that backup --list shows. What would"
        " be lost is shown first; the store that was there is kept in replaced/."
    ),
)
@click.argument("file", required=False)
@click.option(
    "--rehearse", cls=Option, is_flag=True,
    help=N_("Restore into a folder aside and compare; nothing is changed. Without FILE: the last one."),
)  # fmt: skip
@click.option("--yes", cls=Option, is_flag=True, help=N_("Do not ask."))
@click.pass_obj
def restore(place: Place, file: str | None, rehearse: bool, yes: bool) -> None:
    if rehearse or file is None:
        try:
            here = open_shop(place)
        except StoreProblem as problem:
            if rehearse:
                raise
            # A store that cannot be asked is what backups are for.
            _list_beside(place, problem)
            return
        try:
            if rehearse:
                _rehearse(place, here, file)
            else:
                _show(place, here, "text")
        finally:
            here.store.close()
        return
    path = _found(place, file)
    if archived.is_one(path):
        _restore_archive(place, path, yes)
        return
    _ask_for_the_permission(place, path)
    try:
        _restore(place, path, None, yes)
    except PassphraseNeeded:
        _restore(place, path, _secret(place, N_("Passphrase")), yes)


def _list_beside(place: Place, problem: StoreProblem) -> None:
    """The backups beside a store that cannot be opened. Raises `problem` if there are none."""
    found = places.within(places.beside(place.folder), places.OWN)
    if not found:
        raise problem
    # The computer's may be any other: it may have been set up anew.
    use_zone(places.zone_of(found))
    place.say(place.tr(problem.text, **problem.params))
    _lines(place, found)


def _found(place: Place, file: str) -> Path:
    """A backup, or a copy of the archive, by its path or name. Raises `BackupMissing`."""
    kept = places.beside(place.folder) / file
    # The archive itself has the name of its copy.
    for each in (kept, kept.with_name(kept.name + places.SEALED)) if archived.is_one(kept) else ():
        if Path(file).name == file and each.is_file():
            return each
    return preparing.find(place.folder, file)


def _restore_archive(place: Place, path: Path, yes: bool) -> None:
    ctx = open_shop(place)
    try:
        if not yes and not place.sure(
            place.tr(N_("Put {file} in the place of the archive of old SMS?"), file=path.name)
        ):
            click.echo(place.tr(N_("Nothing was changed.")))
            sys.exit(1)
        try:
            aside = archived.bring_back(ctx, path)
        except PassphraseNeeded:
            aside = archived.bring_back(ctx, path, _secret(place, N_("Passphrase")))
    finally:
        ctx.store.close()
    place.say(
        place.tr(N_("The archive of old SMS is back. Open the program anew to see its texts."))
    )
    if aside is not None:
        place.say(place.tr(N_("What was there before is kept: {file}"), file=aside))


def _ask_for_the_permission(place: Place, path: Path) -> None:
    """Leave a record in the store of now, if there is one that can be asked."""
    try:
        ctx = place.open()
    except StoreMissing:
        return
    except StoreProblem as problem:
        # Damaged: that is what backups are for.
        place.say(place.tr(problem.text, **problem.params))
        return
    try:
        restoring.begin(ctx, path.name)
    finally:
        ctx.store.close()


def _restore(place: Place, path: Path, passphrase: str | None, yes: bool) -> None:
    progress = Progress()
    with preparing.prepared(
        place.folder, place.clock, path, passphrase=passphrase, actor=console(), progress=progress
    ) as ready:
        for line in telling.preview(place.tr, ready):
            place.say(line)
        if not yes and not (
            sys.stdin.isatty() and place.sure(place.tr(N_("Restore this backup now?")))
        ):
            if not sys.stdin.isatty():
                place.say(place.tr(N_("Say --yes to restore it without being asked.")))
            click.echo(place.tr(N_("Nothing was changed.")))
            sys.exit(1)
        aside = restoring.restore(place.folder, place.clock, ready)
    for line in telling.restored(place.tr, ready, aside):
        place.say(line)
    store = Store(store_path(place.folder))
    store.close()


def _rehearse(place: Place, ctx: Context, file: str | None) -> None:
    path = preparing.find(place.folder, file) if file else None
    try:
        done = _with_bar(lambda progress: rehearsing.ask(ctx, path, progress=progress))
    except PassphraseNeeded:
        phrase = _secret(place, N_("Passphrase"))
        done = _with_bar(
            lambda progress: rehearsing.ask(ctx, path, passphrase=phrase, progress=progress)
        )
    for line in telling.rehearsed(place.tr, done):
        place.say(line)
