"""What must agree about customers: who is one with whom, and who wants promos, stands in ledgers."""

from crm_tui.errors import N_
from crm_tui.shop.gate.consistency import Invariant

INVARIANTS = (
    Invariant(
        "merged",
        N_("a customer is one with another one, and nobody has merged them"),
        "SELECT id FROM customers WHERE merged_into IS NOT NULL AND id NOT IN (SELECT"
        " json_extract(after, '$.merged') FROM audit WHERE command = 'customers.merge'"
        " AND json_valid(after) AND json_extract(after, '$.merged') IS NOT NULL)",
    ),
    Invariant(
        "consents",
        N_("whether a customer wants promos is not what was written last"),
        "SELECT id FROM customers WHERE consent <> coalesce((SELECT answer FROM consents"
        " WHERE customer_id = customers.id ORDER BY consents.id DESC LIMIT 1), 'unknown')",
    ),
)
