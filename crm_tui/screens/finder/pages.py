"""What F2 finds besides what stands in the store: each report, and each setting by what it does."""

from collections.abc import Iterator
from functools import partial

from crm_tui.desk import Desk
from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.palette import Thing

_MOST = 6
"""So many settings are shown: a user whose word half of them have types on."""


def pages(desk: Desk, tr: Translate, text: str) -> list[Thing]:
    """The reports and settings that hold every typed word, and that the user may see."""
    words = text.lower().split()

    def fits(*told: str) -> bool:
        held = " ".join(told).lower()
        return all(word in held for word in words)

    found = [thing for thing, told in _reports(desk, tr) if fits(tr(N_("Report")), told)]
    if desk.may("settings.edit"):
        settings = [thing for thing, told in _settings(tr) if fits(tr(N_("Setting")), told)]
        found += settings[:_MOST]
    return found


def _reports(desk: Desk, tr: Translate) -> Iterator[tuple[Thing, str]]:
    from crm_tui.screens.reports.report import page_of
    from crm_tui.shop.reports import registry

    if not desk.may("reports.view"):
        return
    for name, report in registry.REPORTS.items():
        if desk.may(report.permission):
            title = tr(report.title)
            yield Thing(N_("Report"), title, "", partial(page_of, name)), title


def _settings(tr: Translate) -> Iterator[tuple[Thing, str]]:
    from crm_tui.shop.gate import settings

    for key, setting in settings.every().items():
        told = tr(setting.help)
        yield Thing(N_("Setting"), told, "", partial(_setting, key)), f"{told} {key}"


def _setting(key: str) -> Page:
    from crm_tui.screens.administration.settings import SettingsScreen

    return SettingsScreen(key)
