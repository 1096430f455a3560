"""What the office chooses for the whole chain, on the command line: ranking, tiers, promos."""

import click

from crm_tui.cli.base import Command, Option
from crm_tui.cli.office_reports import read_side
from crm_tui.cli.place import Place
from crm_tui.errors import N_
from crm_tui.shop.gate import money
from crm_tui.shop.gate.money import rupiah
from crm_tui.text import hundredths


@click.command(
    "rank", cls=Command,
    help=N_("Rank the customers of all branches, give each the tier that is due, and tell the branches "
            "what has changed. Once a day is enough."),
)  # fmt: skip
@click.pass_obj
def rank(place: Place) -> None:
    from crm_tui.office import tiers

    with read_side(place) as office:
        found = tiers.rank(office)
    click.echo(
        place.tr(
            N_("{ranked} people ranked, {changed} with another tier, {sent} rows for the branches."),
            ranked=found.ranked, changed=found.changed, sent=found.sent,
        )
    )  # fmt: skip


@click.command(
    "tier",
    cls=Command,
    help=N_(
        "A tier of all branches: make it or change it, give it up with --drop; without NAME: all."
    ),
)
@click.argument("name", required=False)
@click.option("--level", cls=Option, type=int, metavar="N", default=1, help=N_("1 is the highest."))
@click.option("--top", cls=Option, metavar="PERCENT", help=N_("For so many of the best."))
@click.option("--spent", cls=Option, type=int, metavar="RUPIAH", help=N_("For so much in a year."))
@click.option("--discount", cls=Option, metavar="PERCENT", default="0", help=N_("Their discount."))
@click.option("--gift", cls=Option, default="", metavar="TEXT", help=N_("Their gift."))
@click.option("--drop", cls=Option, is_flag=True, help=N_("Give it up."))
@click.pass_obj
def tier(
    place: Place, name: str | None, level: int, top: str | None, spent: int | None, discount: str,
    gift: str, drop: bool,
) -> None:  # fmt: skip
    from crm_tui.office import tiers

    with read_side(place) as office:
        if name is None:
            for each in tiers.tiers(office):
                click.echo(f"{each.level}  {_told(place, each)}")
            return
        if drop:
            tiers.drop_tier(office, name)
        else:
            part = None if top is None else money.percent(top)
            made = tiers.Tier(name, level, part, spent, money.percent(discount), gift=gift)
            tiers.set_tier(office, made)
    click.echo(
        place.tr(
            N_("Given up. Nobody has it any more from the next ranking on: crm-tui office rank")
            if drop
            else N_("Saved. It counts from the next ranking on: crm-tui office rank")
        )
    )  # fmt: skip


def _told(place: Place, tier: object) -> str:
    from crm_tui.office.tiers import Tier

    assert isinstance(tier, Tier)
    whom = (
        place.tr(N_("the best {percent} %"), percent=hundredths(tier.top))
        if tier.top is not None
        else place.tr(N_("from {rupiah} a year"), rupiah=rupiah(tier.spent or 0))
    )
    off = place.tr(N_("{percent} % off"), percent=hundredths(tier.discount))
    return "  ".join(
        each for each in (place.tr("{name}", name=tier.name), whom, off, tier.gift) if each
    )


@click.command(
    "promo", cls=Command,
    help=N_("A promo to the best customers of all branches. Each is written to by one branch alone, "
            "which gets it as a draft; a STOP in any branch counts in all."),
)  # fmt: skip
@click.argument("name")
@click.option(
    "--text", cls=Option, required=True, help=N_("What it says; fields as in a promo of a shop.")
)
@click.option("--top", cls=Option, metavar="PERCENT", help=N_("To so many of the best."))
@click.option("--tier", "of_tier", cls=Option, default="", metavar="NAME", help=N_("To a tier."))
@click.option(
    "--days",
    cls=Option,
    type=click.IntRange(1, 90),
    default=7,
    metavar="DAYS",
    help=N_("For so many days."),
)
@click.option(
    "--item", "items", cls=Option, multiple=True, metavar="CODE[=PERCENT]",
    help=N_("An item that it is about, with its discount."),
)  # fmt: skip
@click.pass_obj
def promo(
    place: Place, name: str, text: str, top: str | None, of_tier: str, days: int,
    items: tuple[str, ...],
) -> None:  # fmt: skip
    from crm_tui.office import promos

    about = []
    for each in items:
        code, _, part = each.partition("=")
        about.append((code.strip(), money.percent(part) if part else 0))
    best = None if top is None else money.percent(top)
    wanted = promos.Promo(name, text, best, of_tier, days, tuple(about))
    with read_side(place) as office:
        found = promos.promote(office, wanted)
    for branch, people in found.items():
        click.echo(place.tr(N_("{branch}: {count} people"), branch=branch, count=people))
