"""Upkeep on the command line: whether all is well, and everything taken out."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from crm_tui import modem_trial
from crm_tui.cli.base import Command, Option, open_shop
from crm_tui.cli.place import Place
from crm_tui.errors import N_
from crm_tui.i18n import translate
from crm_tui.shop.checks import acknowledgement, telling
from crm_tui.shop.gate import health
from crm_tui.shop.gate.health import Finding
from crm_tui.shop.reports.base import local
from crm_tui.shop.upkeep import exporting
from crm_tui.store import StoreMissing, StoreProblem

_SIGNS = {"well": "✓", "attention": "!", "bad": "✗", "unknown": "?"}


@click.command(
    "check",
    cls=Command,
    help=N_("Say whether line, store, backup, clock and disk are well; tries the modem, too. Exit "
            "status 0 only if all is well."),
)  # fmt: skip
@click.option("--port", cls=Option, metavar="PORT", help=N_("The modem to try; else the shop's."))
@click.option(
    "--accept", cls=Option, is_flag=True,
    help=N_("The store's file is right as it is now: tell no more of what others wrote into it, and of "
            "what was lost or put right."),
)  # fmt: skip
@click.option(
    "--link", cls=Option, metavar="LINK",
    help=N_("Look, too, whether the ledgers still hold the link that a closed drawer's slip names."),
)  # fmt: skip
@click.option(
    "--format", "form", cls=Option, type=click.Choice(("text", "json")), default="text",
    help=N_("text or json."),
)  # fmt: skip
@click.pass_obj
def check(place: Place, port: str | None, accept: bool, link: str | None, form: str) -> None:
    if accept:
        acknowledgement.accept(open_shop(place, warn=False))
    findings = _look(place, port)
    if link is not None:
        findings.append(telling.of_slip(open_shop(place, warn=False), link))
    state = health.worst(findings)
    if form == "json":
        at = local(place.clock.now().isoformat())
        told = [_record(place, each) for each in findings]
        click.echo(json.dumps(
            {"state": state, "well": state == health.WELL, "at": at, "findings": told}, indent=1
        ))  # fmt: skip
    else:
        _tell(place, findings)
    sys.exit(0 if state == health.WELL else 1)


def _look(place: Place, port: str | None) -> list[Finding]:
    try:
        # All that is wrong is among the findings.
        ctx = open_shop(place, warn=False)
    except StoreMissing:
        raise
    except StoreProblem as problem:
        # What cannot be opened is what is to be told.
        advice = N_("Nothing else can be looked at until this is well.")
        return [Finding(health.BAD, problem.stored, advice, {}, "store", N_("Store"))]
    findings = health.look(ctx, thorough=True)
    tried = modem_trial.line(ctx, place.folder, port)
    if tried is None:
        return findings
    # What was found just now counts, not what a worker said when it ended.
    return [
        _named(tried, each) if each.name == "line" else each
        for each in findings
        if each.name != "worker"
    ]


def _named(found: Finding, like: Finding) -> Finding:
    return Finding(found.state, found.sentence, found.advice, found.facts, like.name, like.title)


def _record(place: Place, each: Finding) -> dict[str, object]:
    return {
        "name": each.name, "state": each.state, "sentence": place.retell(each.sentence),
        "advice": place.retell(each.advice), "facts": dict(each.facts),
    }  # fmt: skip


def _tell(place: Place, findings: Sequence[Finding]) -> None:
    for each in findings:
        told = f"{_SIGNS[each.state]} {place.tr(each.title)}: {place.retell(each.sentence)}"
        place.say(told, "  ")
        if each.advice and not each.well:
            place.say("  → " + place.retell(each.advice), "    ")
    troubled = sum(not each.well for each in findings)
    if troubled:
        place.say(
            place.tr(N_("{count} of {all} need somebody."), count=troubled, all=len(findings))
        )
    else:
        place.say(place.tr(N_("All is well.")))


@click.command(
    "export",
    cls=Command,
    help=N_("Write everything into a new folder: each table as CSV, all of them in one workbook, and "
            "what the columns hold. Passwords and PINs are left out."),
)  # fmt: skip
@click.option(
    "--all", "folder", cls=Option, required=True, metavar="DIR",
    type=click.Path(path_type=Path), help=N_("The folder; it must be empty, or not be there yet."),
)  # fmt: skip
@click.pass_obj
def export(place: Place, folder: Path) -> None:
    ctx = open_shop(place)

    def tr(text: str, /, **params: object) -> str:
        return translate(text, place.language, **params)

    def tell(name: str, rows: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"{name}: {rows}", err=True)

    taken = exporting.export(ctx, folder, tr, tell)
    counts = taken.rows
    place.say(place.tr(
        N_("Written: {file}, {tables} tables, {rows} rows, as CSV and in {book}."), file=folder,
        tables=len(counts), rows=sum(counts.values()), book=exporting.BOOK,
    ))  # fmt: skip
    if taken.cut:
        told = N_("The store is damaged: of {tables} some rows could not be read.")
        place.say(place.tr(told, tables=", ".join(taken.cut)))
