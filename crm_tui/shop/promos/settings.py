"""Settings of promos."""

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import Setting, between

PACE = Setting("promo.per_minute", 6, between(1, 60), N_("Promos that go out in a minute at most"))


GAP_DAYS = Setting(
    "promo.gap_days",
    7,
    between(0, 365),
    N_("Days between two promos to the same customer at least"),
)


CONTROL = Setting(
    "promo.control",
    10,
    between(0, 90),
    N_("Percent of a promo's customers who get nothing, to compare"),
)


WINDOW_DAYS = Setting(
    "promo.window_days", 14, between(1, 365), N_("Days in which purchases count for a promo")
)
