"""A branch and its head office: enrol, run, status, export, import, epoch, leave."""

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType

import click

from crm_tui import memory
from crm_tui.cli.base import Command, Group, Option, open_light, open_shop
from crm_tui.cli.place import Place
from crm_tui.errors import N_, Problem, Sentence


@click.group(
    "chain", cls=Group, help=N_("This shop as a branch: what it sends to the head office, and gets.")
)  # fmt: skip
def chain() -> None:
    # What the network needs comes after this: less of it stays.
    memory.begin(asyncio=False)


class FileUnread(Problem):
    text = N_("{file} cannot be read: {why}.")


class _Stopped(Exception):
    """Ctrl+C, or the system's end, while the line waits."""


@chain.command(
    "enrol", cls=Command, help=N_("Make this shop the branch that the head office's file says.")
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def enrol(place: Place, file: Path) -> None:
    from crm_tui.replication import enrolling
    from crm_tui.shop.gate import input_files

    ctx = open_shop(place)
    # Before a passphrase is asked for that would be of no use.
    input_files.check(file)
    if sys.stdin.isatty():
        words = click.prompt(place.tr(N_("Passphrase")), hide_input=True)
    else:
        words = sys.stdin.readline().rstrip("\r\n")
    made = enrolling.opened(file, words.strip())
    enrolling.enrol(ctx, made)
    place.say(
        place.tr(
            N_("This shop is branch {name} now. What happens goes to {office} with: crm-tui chain run"),
            name=made.name, office=f"{made.host}:{made.port}",
        )
    )  # fmt: skip


@chain.command(
    "run", cls=Command,
    help=N_("Send what happens to the head office, and take what comes from there. Ctrl+C ends it."),
)  # fmt: skip
@click.option(
    "--every", cls=Option, type=click.FloatRange(1, 3600), metavar="SECONDS",
    help=N_("Seconds between two rounds."),
)  # fmt: skip
@click.option("--once", cls=Option, is_flag=True, help=N_("One round, and no more."))
@click.pass_obj
def run(place: Place, every: float | None, once: bool) -> None:
    from crm_tui.replication import enrolling
    from crm_tui.replication.line import Wire
    from crm_tui.replication.rounds import EVERY, Rounds

    # It runs beside the shop, for weeks, on an old computer.
    ctx = open_light(place)
    wire = Wire(enrolling.address(ctx))

    def tell(trouble: Problem | None) -> None:
        if trouble is not None:
            place.say(place.retell(trouble.stored))
        else:
            place.say(place.tr(N_("All that happened is at the head office.")))

    ctx.store.close()
    rounds = Rounds(
        ctx.store.path, place.clock, place.folder, lambda: wire, every=every or EVERY, tell=tell
    )

    def end(number: int, frame: FrameType | None) -> None:
        rounds.stop.set()
        if wire.waits:
            # Nothing of this process is lost by it: the office has all of a batch, or nothing.
            raise _Stopped()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    memory.settle()
    try:
        if once:
            rows = rounds.once()
            told = N_("{rows} rows went to the head office; what it had for this branch is here.")
            if not rounds.stop.is_set():
                place.say(place.tr(told, rows=rows))
                return
        else:
            if hasattr(os, "nice"):
                # The counter comes first, on an old computer with one core.
                os.nice(10)
            rounds.run()
    except _Stopped:
        pass
    click.echo(place.tr(N_("The chain has stopped.")))


@chain.command("status", cls=Command, help=N_("How this branch stands with the head office."))
@click.option("--format", "form", cls=Option, type=click.Choice(["text", "json"]), default="text",
              help=N_("As text, or as JSON."))  # fmt: skip
@click.pass_obj
def status(place: Place, form: str) -> None:
    from crm_tui.replication import standing

    ctx = open_shop(place)
    told = standing.read(ctx)
    if form == "json":
        click.echo(json.dumps(told.as_record()))
        return
    for line in told.lines():
        place.say(place.retell(Sentence(line)))


@chain.command(
    "export", cls=Command,
    help=N_("Write what the head office lacks into a signed file, to be carried."),
)  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--all", "everything", cls=Option, is_flag=True,
    help=N_("All that this branch has, for a head office that was restored from a backup."),
)  # fmt: skip
@click.pass_obj
def export(place: Place, file: Path, everything: bool) -> None:
    from crm_tui.replication import batch_up, change_capture, enrolling, up

    ctx = open_shop(place).acting(up.ACTOR)
    where = enrolling.address(ctx)
    # It goes out with the branch's signature, and is noted as gone.
    ctx.ask_who()
    change_capture.keep(ctx)
    rows = batch_up.write(ctx, where.folder / "branch.key", file, everything=everything)
    place.say(place.tr(N_("{file}: {rows} rows. At the head office: crm-tui office take {file}"),
                       file=file.name, rows=rows))  # fmt: skip


@chain.command(
    "import", cls=Command,
    help=N_("Take in what the head office wrote with office give; what came already is left out."),
)  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def import_(place: Place, file: Path) -> None:
    from crm_tui.replication import down

    ctx = open_shop(place)
    try:
        rows = down.take_file(ctx, file)
    except OSError as trouble:
        raise FileUnread(file=file, why=trouble.strerror or trouble) from trouble
    place.say(
        place.tr(N_("{file}: {rows} new rows of the head office."), file=file.name, rows=rows)
    )


@chain.command(
    "epoch", cls=Command,
    help=N_("Go on with this store where the head office knows another history of the branch."),
)  # fmt: skip
@click.pass_obj
def epoch(place: Place) -> None:
    from crm_tui.replication import enrolling, forking, up
    from crm_tui.replication.line import Wire

    ctx = open_shop(place)
    wire = Wire(enrolling.address(ctx))
    try:
        hello = up.hello(ctx, wire)
        marks = forking.common(ctx, wire, hello)
        known = forking.known_keys(hello)
        number = forking.begin_epoch(ctx, marks, known, max(hello.epochs, default=0))
        forking.announce(ctx, wire, hello)
    finally:
        wire.close()
    text = N_(
        "Epoch {number} has begun: this store is the branch now. New numbers begin higher, so that none"
        " comes twice."
    )
    place.say(place.tr(text, number=number))


@chain.command(
    "leave", cls=Command, help=N_("Belong to no chain any more; what was sent stays there.")
)
@click.pass_obj
def leave(place: Place) -> None:
    from crm_tui.replication import enrolling

    ctx = open_shop(place)
    unsure = enrolling.unanswered(ctx)
    left = enrolling.leave(ctx)
    place.say(place.tr(N_("This shop belongs to no chain any more.")))
    if left:
        place.say(place.tr(
            N_("{points} points of its customers stay with the head office, which gives them to the"
               " branches where they are asked for."), points=left,
        ))  # fmt: skip
    if unsure:
        place.say(place.tr(
            N_("{points} of them went out without an answer: ask the head office whether it has them."),
            points=unsure,
        ))  # fmt: skip
