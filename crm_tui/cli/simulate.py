"""A simulated modem on a pseudo-terminal."""

import os
import signal
import threading
from pathlib import Path
from types import FrameType

import click

from crm_tui.cli.base import Command, Option
from crm_tui.cli.place import Place
from crm_tui.errors import N_, Problem
from crm_tui.shop.gate import output_files
from crm_tui.shop.gate.errors import FolderMissing


class NoPseudoTerminal(Problem):
    text = N_("This system has no pseudo-terminals. Use --port sim:// instead.")


class LinkTaken(Problem):
    text = N_("{link} already exists: another simulated modem, perhaps. Choose another name.")


@click.command(
    "simulate", cls=Command, help=N_("A simulated modem for programs that open a serial port.")
)
@click.option("--link", cls=Option, type=click.Path(path_type=Path), required=True, metavar="PATH",
              help=N_("Where programs find the port."))  # fmt: skip
@click.option("--control", cls=Option, type=click.Path(path_type=Path), metavar="SOCKET",
              help=N_("A Unix socket that takes commands as JSON, one per line."))  # fmt: skip
@click.option(
    "--baud",
    cls=Option,
    type=click.IntRange(300, 4_000_000),
    metavar="RATE",
    help=N_("Pace the line, 10 bits per octet; otherwise it is as fast as the computer."),
)
@click.option("--state", cls=Option, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help=N_("A file that keeps the SIM card."))  # fmt: skip
@click.pass_obj
def simulate(
    place: Place, link: Path, control: Path | None, baud: int | None, state: Path | None
) -> None:
    if os.name != "posix":
        raise NoPseudoTerminal()
    from crm_tui.simulator import control as channel
    from crm_tui.simulator import terminal
    from crm_tui.simulator.card import Card
    from crm_tui.simulator.commands import SimulatedModem

    for path in filter(None, (link, control, state)):
        if not path.parent.is_dir():
            raise FolderMissing(folder=path.parent)
    # A link that leads nowhere, and a socket, were left by a simulator that was killed.
    if link.exists():
        raise LinkTaken(link=link)
    if control and control.exists() and not control.is_socket():
        raise LinkTaken(link=control)
    if state:
        output_files.check(state)
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    modem = SimulatedModem(place.clock, card=Card(file=state), baud=baud)
    if control:
        channel.serve(modem, control)
    click.echo(place.tr(N_("A simulated modem is at {link}. Ctrl+C ends it."), link=link))
    terminal.serve(modem, link, stop)
    if control:
        channel.unlink(control)
