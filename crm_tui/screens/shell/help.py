"""F1: what can be done here, by which key, from the declarations of the actions."""

import textwrap

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.dialog import Show
from crm_tui.screens.widgets.plain import Piece, content

MOVING = (
    ("↑ ↓", N_("one row up or down")),
    ("PgUp PgDn", N_("one page up or down")),
    ("Home End", N_("to the first or last row, and to what has arrived")),
)


def help_about(page: Page) -> Show:
    """The help page of a screen: what it is for, all its keys, those of all screens; only what its user
    may do."""
    pieces: list[Piece] = []
    if page.about:
        pieces += [page.tr(page.about, **page.crm.key_names()), "\n\n"]
    own = [(action, key) for action, key in page.crm.keyed(page.own) if page.desk.may(action.needs)]
    for action, key in own:
        pieces += _line(page, action, key)
    for keys, text in page.hints:
        pieces += _told(page, keys, page.tr(text))
    if page.query("PagedList"):
        pieces.append("\n")
        for keys, text in MOVING:
            pieces += _told(page, keys, page.tr(text))
    everywhere = (actions.BACK, *actions.EVERYWHERE)
    between = [each for each in page.all_actions() if each not in (*page.own, *everywhere)]
    for action, key in page.crm.keyed(between):
        if page.offers(action):
            pieces += _line(page, action, key)
    pieces.append("\n")
    for action, key in page.crm.keyed(everywhere):
        if action in page.all_actions() and action not in page.own and page.offers(action):
            pieces += _line(page, action, key)
    title = page.tr(N_("Help: {title}"), title=page.title_text())
    return Show(title, content(*pieces), [("↑↓", N_("Read on")), ("Esc", N_("Back"))])


def _line(page: Page, action: Action, key: str) -> list[Piece]:
    shown = page.tr(actions.key_name(key))
    name = f"  [{action.name}]" if page.desk.may("settings.edit") and action in page.own else ""
    return _told(page, shown, page.tr(action.help) + name)


def _told(page: Page, keys: str, text: str) -> list[Piece]:
    wide = page.app.size.width
    # Beside the keys, within the box with its frame and its scrollbar.
    width = max(16, min(52 if wide < 110 else 70, wide * 96 // 100 - 16))
    told = textwrap.wrap(text, width, break_on_hyphens=False)
    return [(f"{keys:<11}", "$accent bold"), ("\n" + " " * 11).join(told), "\n"]
