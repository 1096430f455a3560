"""Settings of orders."""

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import NO, YES, Setting, between, one_of

OLD_MINUTES = Setting(
    "orders.old_minutes", 15, between(1, 1440), N_("Minutes after which an order has waited long")
)


HOLD_SECONDS = Setting(
    "orders.hold_seconds", 5, between(0, 60), N_("Seconds in which a decision can be taken back")
)


HOLD_CUSTOMER = Setting(
    "orders.hold_hours", 72, between(1, 720), N_("Hours that goods are kept for a customer")
)


HOLD_PROSPECT = Setting(
    "orders.hold_hours_prospect",
    24,
    between(1, 720),
    N_("Hours that goods are kept for somebody who has never bought"),
)


HOLD_CONFIRMED = Setting(
    "orders.collect_hours",
    72,
    between(1, 720),
    N_("Hours that a confirmed order waits to be collected"),
)


CUSTOMER_CAP = Setting(
    "orders.customer_cap",
    10,
    between(1, 1000),
    N_(
        "Goods kept for a customer, as a multiple of what they have bought; it is never less than what "
        "is kept for a number that has never bought"
    ),
)


UNCONFIRMED_SHARE = Setting(
    "orders.unconfirmed_share",
    80,
    between(1, 100),
    N_(
        "Percent of an item's stock that is kept for the unconfirmed orders of one customer; 5 units "
        "always are. What is beyond waits for the staff without being kept"
    ),
)


STRANGERS_SHARE = Setting(
    "orders.strangers_share",
    80,
    between(1, 100),
    N_(
        "Percent of an item's stock that is kept for the unconfirmed orders of all numbers together "
        "that have never bought; 5 units always are. The rest is there for customers"
    ),
)


MOST_WAITING = Setting(
    "orders.most_waiting",
    3,
    between(1, 100),
    N_(
        "Orders of a number that may wait for confirmation at once; one less for each that was "
        "confirmed and not collected in the last 90 days"
    ),
)


MOST_WAITING_BOUGHT = Setting(
    "orders.most_waiting_bought",
    10,
    between(1, 1000),
    N_("The same for customers who have bought"),
)


PROSPECT_CAP = Setting(
    "orders.prospect_cap",
    2_000_000,
    between(0, 10**12),
    N_("Rupiah of goods kept for a number that has never bought; beyond it the staff decide"),
)


QUESTION_HOURS = Setting(
    "orders.question_hours", 24, between(1, 720), N_("Hours that a YA still answers a question")
)


ASK_FIRST = Setting(
    "orders.ask_first",
    "yes",
    one_of("yes", "no"),
    N_(
        "Ask for a YA before an order is cancelled or changed by SMS a day later, or from another "
        "number than it came from: a sender's number proves nothing"
    ),
    words={"yes": YES, "no": NO},
)
