"""Settings of what is answered by itself."""

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import Setting, between

NUMBER_LIMIT = Setting(
    "sms.limit_number", 20, between(1, 1000), N_("Automatic answers to a number in 5 minutes")
)
SAME_LIMIT = Setting(
    "sms.limit_same",
    3,
    between(1, 100),
    N_("Times that the same text gets the same answer in an hour"),
)
DAILY_LIMIT = Setting("sms.limit_day", 2000, between(1, 1_000_000), N_("Automatic answers a day"))
