"""The list of those who want to be told when goods come in."""

from crm_tui.errors import N_
from crm_tui.shop.customers.lists import name_of
from crm_tui.shop.gate.listing import Listing, Part, Sort

_WHO = name_of("waiting_list.customer_id")

WAITING = Listing(
    columns=(
        "waiting_list.id AS number, waiting_list.at, waiting_list.until, waiting_list.phone,"
        " waiting_list.quantity, waiting_list.ended_at, items.code, items.name,"
        " max(0, on_hand - reserved) AS available, messages.status AS sms,"
        f" messages.status_at AS told_at, {_WHO} AS customer"
    ),
    source=(
        "waiting_list JOIN items ON items.id = waiting_list.item_id"
        " JOIN stock ON stock.item_id = waiting_list.item_id"
        " LEFT JOIN messages ON messages.id = waiting_list.told"
    ),
    id="waiting_list.id",
    sorts={
        "oldest": Sort(N_("oldest first"), "waiting_list.id"),
        "newest": Sort(N_("newest first"), "waiting_list.id", descending=True),
    },
    parts={
        "open": Part(N_("Waiting"), "waiting_list.ended_at IS NULL"),
        "there": Part(
            N_("There again"),
            "waiting_list.ended_at IS NULL AND on_hand - reserved >= waiting_list.quantity",
        ),
        "told": Part(N_("Told"), "waiting_list.told IS NOT NULL", "newest"),
        "all": Part(N_("All"), "", "newest"),
    },
    search=("items.code", "items.name", _WHO),
    phones="waiting_list.phone",
)
