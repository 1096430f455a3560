"""Broken rules about reports."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput


class BadDate(BadInput):
    text = N_("{date} is no date. Write it as 2026-12-31 or 31/12/2026.")


class NoDate(BadDate):
    text = N_("Type a date, for example 31/12/2026.")


class UnknownReport(BadInput):
    text = N_("There is no report called {name}. There are: {names}.")


class UnknownPart(BadInput):
    text = N_("The report has no part called {name}. There are: {names}.")


class BadPeriod(BadInput):
    text = N_("{first} is after {last}. The first day comes first.")


class NoDays(BadInput):
    text = N_("The report {name} is about no days. Leave out the first and the last day.")


class OnlyOneDay(BadInput):
    text = N_("The report {name} is about one day. Name it with --as-of, without --from and --to.")


class NoPastDay(BadInput):
    text = N_("The report {name} cannot be told as of a past day. Leave out --as-of.")


class DaysNotOneDay(BadInput):
    text = N_(
        "The report {name} cannot be told as of a past day. Choose its days with --from and --to."
    )


class EitherDays(BadInput):
    text = N_("Choose either one day with --as-of, or days with --from and --to.")


class DayAhead(BadInput):
    text = N_("{date} has not come yet. Name a day until today.")
