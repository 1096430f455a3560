"""Settings of the line and of what is sent."""

import re

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.settings import Setting, between, one_of, put, switch


def _pin(text: str) -> str:
    if text and not (text.isdigit() and 4 <= len(text) <= 8):
        raise ValueError("0000 … 99999999")
    return text


def _port(text: str) -> str:
    # The library behind knows more kinds of URLs, some of which write files; and a shop that has
    # customers must not believe that it has written to them.
    if not re.fullmatch(r"[^:?]+:?|(?:socket|rfc2217)://[\w.:\[\]-]+", text.strip()):
        raise ValueError("COM3, /dev/ttyUSB0, socket://192.168.1.9:2000, auto")
    return text.strip()


PORT = Setting("modem.port", "auto", _port, N_("The modem's port: COM3, /dev/ttyUSB0, auto …"))


PIN_TRIED = "modem.pin_tried"
"""Where the worker remembers which PIN it gave and has not seen accepted."""


def _may_be_tried(ctx: Context) -> None:
    # A new PIN may be tried, even if the last one was refused.
    put(ctx, PIN_TRIED, "")


PIN = Setting(
    "modem.pin", "", _pin, N_("The PIN of the SIM card"), secret=True, chosen=_may_be_tried
)


POLL = Setting(
    "modem.poll_seconds", 30, between(1, 3600), N_("Ask the modem every so many seconds")
)


def _code(text: str) -> str:
    if text and not re.fullmatch(r"[*#][*#0-9]{1,30}#", text):
        raise ValueError("*888#")
    return text


BALANCE_CODE = Setting(
    "modem.balance_code", "", _code,
    N_(
        "What is dialled to hear the SIM card's credit, *888# for example; it is asked once a day and "
        "on request. Empty: never"
    ),
)  # fmt: skip


BALANCE_LIMIT = Setting(
    "modem.balance_limit", 10_000, between(0, 10_000_000),
    N_("Rupiah below which the credit of the SIM card is low; 0: no warning"),
)  # fmt: skip


DOUBT_ANSWER = Setting(
    "sms.doubt_answer_seconds",
    120,
    between(1, 86400),
    N_("Seconds until an answer that may be lost is sent once more"),
)


DOUBT_ORDER = Setting(
    "sms.doubt_order_seconds",
    600,
    between(1, 86400),
    N_("Seconds until a confirmation that may be lost is sent once more"),
)


ANSWER_AGE = Setting(
    "sms.answer_age_seconds",
    600,
    between(1, 86400),
    N_("Seconds after which a question is too old for a second answer"),
)


INCOMPLETE_HOURS = Setting(
    "sms.incomplete_hours",
    72,
    between(1, 720),
    N_("Hours that the missing parts of a long SMS are waited for"),
)
ARCHIVE_MONTHS = Setting(
    "upkeep.archive_months",
    24,
    between(0, 240),
    N_(
        "Months after which the texts of SMS move into the archive beside the store, where they can "
        "still be read; 0: never"
    ),
)
INCOMPLETE_MINUTES = Setting(
    "sms.incomplete_minutes",
    10,
    between(1, 1440),
    N_("Minutes after which the staff see a long SMS of which parts are missing"),
)
CONSENT = Setting(
    "promo.consent",
    "yes",
    one_of("yes", "bought"),
    N_("To whom promos go; never to customers who said STOP"),
    words={"yes": N_("who said yes"), "bought": N_("all who bought, too")},
)
FROM_HOUR = Setting("promo.from_hour", 8, between(0, 23), N_("Promos go out from this hour on"))
TO_HOUR = Setting("promo.to_hour", 20, between(1, 24), N_("Promos go out until this hour"))
NOTICES = Setting(
    "sms.notices",
    1,
    switch,
    N_(
        "Tell customers by SMS when the staff spend their points, add a number, merge them with another"
        " customer or write down whether they want promos"
    ),
)
SMS_COST = Setting("sms.cost", 350, between(0, 10**6), N_("Rupiah that one SMS costs the shop"))
BUDGET_DAY = Setting(
    "sms.budget_day",
    0,
    between(0, 10**6),
    N_(
        "SMS a day, all kinds counted, after which nothing is answered or promoted by itself until "
        "tomorrow; 0: no such limit"
    ),
)
BUDGET_MONTH = Setting(
    "sms.budget_month",
    0,
    between(0, 10**8),
    N_("SMS a month after which nothing is answered or promoted by itself; 0: no such limit"),
)
BUDGET_DAY_RUPIAH = Setting(
    "sms.budget_day_rupiah",
    0,
    between(0, 10**12),
    N_("Rupiah for SMS a day, at the price of an SMS, as the limit of SMS a day; 0: no such limit"),
)
BUDGET_MONTH_RUPIAH = Setting(
    "sms.budget_month_rupiah",
    0,
    between(0, 10**12),
    N_("Rupiah for SMS a month, as the limit of SMS a month; 0: no such limit"),
)


KEEP_MONTHS = Setting(
    "upkeep.keep_months",
    0,
    between(0, 240),
    N_(
        "Months after which the texts of SMS are deleted for good, from the archive too; what they "
        "were taken for and what became of them stays; 0: never"
    ),
)
