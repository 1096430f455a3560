"""The time that counts, from the command line: what is known about it, and a person who agrees."""

import click

from crm_tui.cli.base import Command, Option, open_shop
from crm_tui.cli.place import Place
from crm_tui.errors import N_
from crm_tui.shop.messages import gateway_state


@click.command(
    "clock",
    cls=Command,
    help=N_("Show whether the computer's clock is believed; exit status 1 if it is not."),
)
@click.option("--agree", cls=Option, is_flag=True, help=N_("The computer's clock is now correct."))
@click.pass_obj
def clock(place: Place, agree: bool) -> None:
    ctx = open_shop(place)
    if agree:
        gateway_state.trust_clock(ctx)
    doubt = ctx.time.doubt()
    if doubt is not None and doubt.network is not None:
        said = gateway_state.local_time(doubt.network)
        click.echo(place.tr(N_("The telephone network says {said}."), said=said))
    problem = gateway_state.clock_problem(ctx)
    if problem is not None:
        raise problem
    click.echo(place.tr(N_("The time that counts: {time}"), time=gateway_state.local_time(ctx.now)))
