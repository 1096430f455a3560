"""Settings of points and tiers."""

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import Setting, between

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
