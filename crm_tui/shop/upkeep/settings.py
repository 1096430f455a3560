"""Settings of upkeep; how long texts of SMS stay in the store is one of `messages`."""

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import Setting, between

EXPORT_DAYS = Setting(
    "upkeep.export_days",
    730,
    between(0, 36500),
    N_("Days after which files that the program wrote into exports/ are deleted; 0: never"),
)
LOG_MB = Setting(
    "upkeep.log_mb", 8, between(1, 1000), N_("The log takes at most so many megabytes")
)
