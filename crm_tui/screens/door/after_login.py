"""What is told and done once somebody has signed in: of wrong tries for the name, of what is due."""

from typing import TYPE_CHECKING, Any

from textual.app import App

from crm_tui.errors import N_
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.program import program

if TYPE_CHECKING:
    from crm_tui.shop.users.login import User


def tell_of_tries(app: App[Any], user: "User") -> None:
    """Somebody has typed wrong passwords for this name: was it the user?"""
    from crm_tui.clock import moment
    from crm_tui.shop.users.login import FREE_TRIES
    from crm_tui.text import day_and_time

    if user.missed >= FREE_TRIES and isinstance(app.screen, Page):
        told = N_("{count} wrong passwords were typed for your name before, the last one on {day}.")
        at = day_and_time(moment(user.missed_at))
        app.screen.notice(program(app).tr(told, count=user.missed, day=at), bad=True)


async def see_to_the_shop(app: App[Any]) -> None:
    """Finish the imports that a power cut interrupted; then do what is due, and tell of it."""
    from crm_tui.shop.imports import cut_off
    from crm_tui.shop.loyalty import tiers
    from crm_tui.shop.promos import due as promos_due
    from crm_tui.shop.upkeep import surroundings

    desk = program(app).desk
    if await desk.take_time(cut_off.found):
        from crm_tui.shop.imports import staging

        await desk.take_time(staging.resume)
    await desk.take_time(promos_due.finish_building)
    await desk.take_time(tiers.tend)
    for each in await desk.take_time(surroundings.daily):
        if isinstance(app.screen, Page):
            app.screen.notice(program(app).retell(each.sentence), bad=True)
