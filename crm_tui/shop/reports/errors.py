"""Broken rules about reports."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput


class BadDate(BadInput):
    text = N_("{date} is no date. Write it as 2026-12-31 or 31/12/2026.")


class UnknownReport(BadInput):
    text = N_("There is no report called {name}. There are: {names}.")


class UnknownPart(BadInput):
    text = N_("The report has no part called {name}. There are: {names}.")


class BadPeriod(BadInput):
    text = N_("{first} is after {last}. The first day comes first.")


class TargetTaken(BadInput):
    text = N_("{file} may be a file of the shop itself. Name another one.")
