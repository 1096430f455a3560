"""SMS and orders from the command line: gateway, send, read, confirm, reject."""

import json
import signal
import sys
from types import FrameType

import click

from crm_tui.cli.base import Command, Option, open_shop
from crm_tui.cli.place import Place
from crm_tui.errors import N_, Problem
from crm_tui.feed import Changes, Watcher
from crm_tui.gateway import Gateway
from crm_tui.gsm.text import plain, segments
from crm_tui.shop.answers import explaining
from crm_tui.shop.backups.schedule import Keeper
from crm_tui.shop.checks.maintenance import Caretaker
from crm_tui.shop.gate import phones, settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.messages import balance, gateway_state, inbox, outbox
from crm_tui.shop.orders import book, deciding
from crm_tui.shop.upkeep.schedule import Keeper as Upkeep
from crm_tui.text import marked, one_line, visible
from crm_tui.watchdog import Watchdog

NOBODY = "+6281000000000"
"""Stands for a customer who has never written."""


@click.command(
    "gateway",
    cls=Command,
    help=N_("Serve the modem: take in SMS, answer them, send what waits. Ctrl+C ends it."),
)
@click.option(
    "--port",
    cls=Option,
    metavar="PORT",
    help=N_("COM3, /dev/ttyUSB0, socket://host:port, auto, or sim://"),
)
@click.option(
    "--wait", cls=Option, is_flag=True, help=N_("Wait for a modem that is not there yet.")
)
@click.option(
    "--trust-clock", cls=Option, is_flag=True, help=N_("The computer's clock is now correct.")
)
@click.pass_obj
def gateway(place: Place, port: str | None, wait: bool, trust_clock: bool) -> None:
    ctx = open_shop(place)
    told: list[str] = []

    def tell(problem: Problem) -> None:
        # Once, until another one comes.
        sentence = place.retell(problem.stored)
        if told != [sentence]:
            told[:] = [sentence]
            place.say(sentence)

    worker = Gateway(ctx.store, place.clock, place.folder, port, patient=wait, tell=tell)
    if trust_clock:
        gateway_state.trust_clock(ctx)

    def end(number: int, frame: FrameType | None) -> None:
        worker.stop.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    teller = _Teller(place, ctx)
    watcher = Watcher(ctx.store, place.clock, teller.changed)
    watcher.start()
    caretaker = Caretaker(ctx.store, place.clock)
    keepers = Keeper(ctx.store, place.clock), Upkeep(ctx.store, place.clock)
    caretaker.start()
    for each in keepers:
        each.start()
    try:
        with Watchdog(worker, ctx.store, place.clock):
            worker.run(wait=wait)
    finally:
        for each in keepers:
            each.stop()
        watcher.stop()
        caretaker.stop()
    click.echo(place.tr(N_("The worker has stopped.")))


class _Teller:
    """Tells what happens while the worker runs: its state, new orders, messages for the staff."""

    def __init__(self, place: Place, ctx: Context) -> None:
        self._place = place
        # The store gives the watcher's thread, which says all this, its own connection.
        self._ctx = Context(ctx.store, ctx.clock, ctx.actor)
        self._last = ""

    def changed(self, changes: Changes) -> None:
        for number in sorted(changes.get("orders", ())):
            self._order(self._ctx, number)
        for number in sorted(changes.get("messages", ())):
            self._message(self._ctx, number)
        told = describe(self._place, self._ctx) if "gateway" in changes else self._last
        if told != self._last:
            self._last = told
            self._place.say(told)

    def _order(self, ctx: Context, number: int) -> None:
        order = book.get(ctx, number)
        self._place.say(
            self._place.tr(
                N_("Order {number} of {phone}: {lines} – {status}"), number=number,
                phone=order.phone, lines=book.brief(order), status=order.status,
            )
        )  # fmt: skip

    def _message(self, ctx: Context, number: int) -> None:
        letter = inbox.for_the_staff(ctx, number)
        if letter:
            self._place.say(
                self._place.tr(
                    N_("For the staff, {phone}: {text}"), phone=letter[0],
                    text=one_line(letter[1], 200),
                )
            )  # fmt: skip


def describe(place: Place, ctx: Context) -> str:
    """The worker's state as a sentence or two."""
    said = gateway_state.read(ctx)
    if said is None:
        return place.tr(N_("No worker has run yet."))
    if said.state == "waiting" and said.error:
        more = place.tr(N_("The program keeps trying.")) if said.again else ""
        return f"{place.retell(said.error)} {more}".strip()
    words = {
        "starting": N_("Looking for the modem at {port} …"),
        "ready": N_(
            "Modem at {port} ready: {operator}, signal {signal} %. {queue} SMS wait to go out."
        ),
        "waiting": N_("The modem at {port} is missing; the program keeps trying."),
        "stopped": N_("The worker is not running."),
    }
    if said.state == "starting":
        if said.port == "auto":
            return place.tr(N_("Looking for a modem on all ports …"))
        return place.tr(words["starting"], port=said.port)
    if said.state == "waiting" and said.port == "auto":
        return place.tr(N_("No modem is found on any port; the program keeps trying."))
    strength = "?" if said.signal is None else round(said.signal / 31 * 100)
    sentence = place.tr(
        words[said.state], port=said.port, operator=said.operator or "–", signal=strength,
        queue=gateway_state.queue_length(ctx),
    )  # fmt: skip
    return sentence + (" " + place.retell(said.error) if said.error else "")


@click.command(
    "balance", cls=Command,
    help=N_("Ask the network for the credit on the SIM card, by the worker that serves the modem."),
)  # fmt: skip
@click.option(
    "--wait", cls=Option, type=click.IntRange(0, 600), default=60, metavar="SECONDS",
    help=N_("How long to wait for the answer."),
)  # fmt: skip
@click.pass_obj
def balance_(place: Place, wait: int) -> None:
    ctx = open_shop(place)
    key = balance.ask(ctx)
    until = ctx.clock.monotonic() + wait
    while (said := balance.get(ctx, key)).is_open and ctx.clock.monotonic() < until:
        ctx.clock.wait(0.2)
    if said.is_open:
        click.echo(place.tr(N_("No answer yet: the worker asks as soon as it serves the modem.")))
        sys.exit(1)
    click.echo(place.retell(said.told))
    if said.says:
        click.echo(visible(said.says))
    sys.exit(0 if said.amount is not None else 1)


@click.command("send", cls=Command, help=N_("Write an SMS to a customer; the worker sends it."))
@click.argument("phone")
@click.argument("text")
@click.pass_obj
def send(place: Place, phone: str, text: str) -> None:
    ctx = open_shop(place)
    number = outbox.send(ctx, phone, text)
    parts = len(segments(plain(text)))
    click.echo(
        place.tr(N_("Message {number} is in the outbox ({parts} SMS)."), number=number, parts=parts)
    )


@click.command(
    "read",
    cls=Command,
    help=N_(
        "Show what a text would be read as and why, and what would be answered; nothing happens."
    ),
)
@click.argument("text")
@click.option("--from", "sender", cls=Option, metavar="PHONE", help=N_("Who would have written."))
@click.option("--format", "form", cls=Option, type=click.Choice(["text", "json"]), default="text",
              help=N_("As text, or as JSON."))  # fmt: skip
@click.pass_obj
def read(place: Place, text: str, sender: str | None, form: str) -> None:
    ctx = open_shop(place)
    phone = phones.checked(sender, settings.COUNTRY(ctx)) if sender else NOBODY
    told = explaining.rehearsed(ctx, text, phone, Catalogue())
    if form == "json":
        click.echo(
            json.dumps(
                {"read_as": told.read_as, "wishes": told.wishes, "why": place.retell(told.why),
                 "reply": told.reply, "suggested": told.suggested, "sureness": told.sureness,
                 "spans": told.spans,
                 "candidates": [
                     {"code": item.code, "name": item.name, "weight": weight}
                     for item, weight in told.candidates
                 ]},
            )
        )  # fmt: skip
        return
    _tell(place, text, told)


def _tell(place: Place, text: str, rehearsed: explaining.Rehearsed) -> None:
    """What a text is read as, for people: the words that it rests on are marked."""
    sure = f", {place.tr(rehearsed.how_sure)}" if rehearsed.how_sure else ""
    click.echo(place.tr(N_("Read as: {what}"), what=place.tr(rehearsed.understood)) + sure)
    if rehearsed.spans:
        terminal = sys.stdout.isatty()
        words = "".join(
            visible(piece).replace("\n", " / ")
            if not within
            else click.style(visible(piece), bold=True, underline=True)
            if terminal
            else f"[{visible(piece)}]"
            for piece, within in marked(text, rehearsed.spans)
        )
        click.echo(place.tr(N_("Words: {words}"), words="") + words)
    if rehearsed.why:
        click.echo(place.tr(N_("Because: {why}"), why=place.retell(rehearsed.why)))
    for item, weight in rehearsed.candidates:
        click.echo(
            place.tr(
                N_("May be meant: {code} {name}, {share} %"), code=item.code, name=item.name,
                share=round(weight * 100),
            )
        )  # fmt: skip
    if rehearsed.suggested:
        click.echo(place.tr(N_("Answer ready: {reply}"), reply=rehearsed.suggested))
    else:
        click.echo(place.tr(N_("Answer: {reply}"), reply=rehearsed.reply or place.tr(N_("none"))))


@click.command("confirm", cls=Command, help=N_("Confirm an order; the customer is told by SMS."))
@click.argument("number", type=int)
@click.pass_obj
def confirm(place: Place, number: int) -> None:
    order = deciding.confirm(open_shop(place), number)
    click.echo(
        place.tr(
            N_("Order {number} is confirmed; {phone} is told."), number=number, phone=order.phone
        )
    )


@click.command("reject", cls=Command, help=N_("Reject an order; the customer is told the reason."))
@click.argument("number", type=int)
@click.option(
    "--reason", cls=Option, required=True, metavar="TEXT", help=N_("Why: the customer reads it.")
)
@click.pass_obj
def reject(place: Place, number: int, reason: str) -> None:
    order = deciding.reject(open_shop(place), number, reason)
    click.echo(
        place.tr(
            N_("Order {number} is rejected; {phone} is told."), number=number, phone=order.phone
        )
    )
