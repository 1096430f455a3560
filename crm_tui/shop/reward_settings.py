"""Settings of points, tiers and promos."""

from crm_tui.errors import N_
from crm_tui.shop.settings import Setting, between, one_of

POINT_RUPIAH = Setting(
    "points.rupiah",
    10_000,
    between(0, 10**9),
    N_("Rupiah that earn a point; 0: there are no points"),
)
POINT_VALUE = Setting(
    "points.value", 100, between(0, 10**9), N_("Rupiah that a point is worth at the till")
)
POINT_DAYS = Setting(
    "points.days", 365, between(0, 3650), N_("Days after which points are forfeited; 0: never")
)
KEEP_DAYS = Setting(
    "tiers.keep_days",
    90,
    between(0, 3650),
    N_("Days that a tier is kept at least, once it is given"),
)
SMS_COST = Setting("sms.cost", 350, between(0, 10**6), N_("Rupiah that one SMS costs the shop"))
CONSENT = Setting(
    "promo.consent",
    "yes",
    one_of("yes", "bought"),
    N_("Promos go to: yes (who said so), bought (also who bought and never said STOP)"),
)
FROM_HOUR = Setting("promo.from_hour", 8, between(0, 23), N_("Promos go out from this hour on"))
TO_HOUR = Setting("promo.to_hour", 20, between(1, 24), N_("Promos go out until this hour"))
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
