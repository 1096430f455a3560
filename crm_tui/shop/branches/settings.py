"""Settings of a branch in a chain."""

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import Setting, between

OFFLINE_POINTS = Setting(
    "branches.offline_points",
    0,
    between(0, 10**6),
    N_("Points of other branches that a customer may use before they have come; 0: none"),
)
TRANSIT_DAYS = Setting(
    "branches.transit_days",
    7,
    between(1, 365),
    N_("Days after which Health tells of a transfer that is still on its way"),
)
SILENT_HOURS = Setting(
    "branches.silent_hours",
    24,
    between(1, 24 * 60),
    N_("Hours without the head office after which Health tells of it"),
)
