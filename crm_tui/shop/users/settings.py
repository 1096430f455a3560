"""Settings of signing in."""

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import Setting, between, switch

LOGIN_TRIES = Setting(
    "login.tries",
    10,
    between(3, 100),
    N_("After how many wrong passwords in a row for a name Health tells of it"),
)
CONSOLE_ASKS = Setting(
    "login.console",
    0,
    switch,
    N_("Whether commands that change something ask for an Administrator's password"),
)
