"""Settings of what is answered by itself."""

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import Setting, between, one_of

WAITING_DAYS = Setting(
    "sms.waiting_days",
    30,
    between(0, 365),
    N_("Days that a customer waits to be told when something comes in; 0: no waiting list"),
)
TURN_HOURS = Setting(
    "sms.waiting_turn_hours",
    24,
    between(1, 720),
    N_("Hours that the pieces are thought to be for those who were told of them"),
)
NUMBER_LIMIT = Setting(
    "sms.limit_number", 20, between(1, 1000), N_("Automatic answers to a number in 5 minutes")
)
SAME_LIMIT = Setting(
    "sms.limit_same",
    3,
    between(1, 100),
    N_("Times that the same text gets the same answer in an hour"),
)
DAILY_LIMIT = Setting(
    "sms.limit_day",
    2000,
    between(1, 1_000_000),
    N_("SMS a day of automatic answers, and of the waiting list"),
)
NUMBER_DAY = Setting(
    "sms.limit_number_day",
    60,
    between(1, 10_000),
    N_("SMS of automatic answers to a number in a day; what is over is left to the staff"),
)
KEPT_SHARE = Setting(
    "sms.kept_share",
    50,
    between(0, 100),
    N_("Percent of the day's automatic answers that are kept for customers who have bought"),
)
ANSWER_PARTS = Setting(
    "sms.answer_parts",
    2,
    between(1, 8),
    N_(
        "SMS that an automatic answer takes at most; lines that do not fit are left out and counted"
    ),
)
RANGES = Setting(
    "sms.answer_ranges",
    "mobile",
    one_of("mobile", "country", "all"),
    N_("Which unknown numbers are answered; known customers always are"),
    words={
        "mobile": N_("mobile numbers of this country"),
        "country": N_("all usual numbers of this country"),
        "all": N_("all numbers"),
    },
)
FREE_TEXT = Setting(
    "sms.free_text",
    "orders",
    one_of("off", "suggests", "answers", "orders"),
    N_("What becomes of SMS in free words"),
    words={
        "off": N_("left to the staff"),
        "suggests": N_("read, sent by the staff"),
        "answers": N_("questions answered"),
        "orders": N_("orders taken, too"),
    },
)
FREE_TEXT_AT_FIRST = "suggests"
"""How a shop begins that is set up on the screen: its staff see first how its customers are read."""
TALK_HOURS = Setting(
    "sms.talk_hours",
    24,
    between(1, 720),
    N_("Hours that a number still chooses from the list that a customer was sent"),
)
