"""Settings about customers."""

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import Setting, between

CREDIT_DAYS = Setting(
    "customers.credit_days",
    30,
    between(0, 365),
    N_("Days within which a sale on account is to be paid"),
)
