"""Settings of the reports."""

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import Setting, between

SPEED_DAYS = Setting(
    "purchases.days",
    60,
    between(7, 730),
    N_("Days of sales from which the purchase list tells how fast an item sells"),
)


LEAD = Setting(
    "purchases.lead",
    7,
    between(0, 365),
    N_("Days until ordered goods come; what would not last so long is on the purchase list"),
)


COVER = Setting(
    "purchases.cover",
    30,
    between(1, 730),
    N_("Days that goods should last which are bought by the purchase list"),
)
