"""The lists of promos and of their customers."""

from crm_tui.errors import N_
from crm_tui.shop.customers.lists import name_of
from crm_tui.shop.gate.listing import Listing, Part, Sort

PROMOS = Listing(
    columns=(
        "promos.id AS number, promos.name, kind, status, starts_at, ends_at, started_at, actor,"
        " (SELECT count(*) FROM promo_people WHERE promo_id = promos.id AND role = 'send') AS people,"
        " (SELECT count(*) FROM promo_people WHERE promo_id = promos.id AND role = 'send'"
        "  AND message_id IS NULL AND why = '') AS waiting"
    ),
    source="promos",
    id="promos.id",
    sorts={
        "newest": Sort(N_("newest first"), "promos.id", descending=True),
        "name": Sort(N_("by name"), "promos.name"),
    },
    parts={
        "all": Part(N_("All"), ""),
        "open": Part(N_("Open"), "status IN ('draft', 'building', 'running', 'paused')"),
        "done": Part(N_("Over"), "status IN ('done', 'cancelled')"),
    },
    search=("promos.name", "promos.text", "promos.actor"),
)


_NAME = name_of("promo_people.customer_id")
_FATE = "(SELECT messages.status FROM messages WHERE messages.id = message_id)"


# :promo names the promo.
PROMO_PEOPLE = Listing(
    columns=(
        f"promo_people.customer_id AS number, {_NAME} AS name, promo_people.phone, role, why,"  # noqa: S608
        f" message_id, {_FATE} AS fate,"
        " (SELECT messages.reason FROM messages WHERE messages.id = message_id) AS reason"
    ),
    source=("promo_people JOIN promos ON promos.id = promo_people.promo_id AND promos.id = :promo"),
    id="promo_people.customer_id",
    sorts={"name": Sort(N_("by name"), _NAME)},
    parts={
        "all": Part(N_("All"), ""),
        "got": Part(N_("Written to"), "message_id IS NOT NULL"),
        "not": Part(N_("Left out"), "why <> ''"),
        "control": Part(N_("To compare"), "role = 'control'"),
        "waiting": Part(N_("Waiting"), "role = 'send' AND message_id IS NULL AND why = ''"),
    },
    search=(_NAME, "why"),
    phones="promo_people.phone",
)
