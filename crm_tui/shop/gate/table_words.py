"""What lies in the store's tables, in the words of a shop: for who must know what is damaged."""

from collections.abc import Iterable

from crm_tui.errors import N_

_AREAS = (
    (N_("customers"), "customers phones consents consent_lifts links members refused_names stops"
                      " same_words buyers standings models lost_sales waiting_list"),
    (N_("items and prices"), "items price_changes cost_changes sale_turns"),
    (N_("stock"), "stock stock_moves stock_documents counts count_lines reservations"),
    (N_("orders"), "orders order_lines order_steps quotes questions"),
    (N_("SMS"), "messages segments pdus repeats balances readings talks gateway"),
    (N_("sales and cash"), "sales sale_lines payments roundings given_discounts receipt_prints"
                           " receivables dues drawers drawer_counts parked_sales open_sales"),
    (N_("points and tiers"), "point_lots point_moves point_debts point_refunds point_loans"
                             " point_arrivals redemptions tiers tier_changes reward_periods"
                             " reward_entries grants grant_requests"),
    (N_("promos"), "promos promo_items promo_people"),
    (N_("users and rights"), "users roles role_permissions role_ceilings former_logins login_tries"),
    (N_("settings"), "settings clock counters"),
    (N_("imports"), "imports import_choices import_customers"),
    (N_("branches"), "chain chain_tokens ship branch_names central_prices downs_aside arrivals"
                     " arrival_lines transfers transfer_lines transfer_ends transfer_receipts"
                     " transfer_receipt_lines transfers_lost transfers_lost_items stock_elsewhere"
                     " points_elsewhere standings_elsewhere"),
    (N_("who changed what"), "audit changes undo_steps"),
    (N_("backups and upkeep"), "identity epochs backup_places backup_rehearsals backup_keys upkeep"),
)  # fmt: skip
_AREA_OF = {table: word for word, tables in _AREAS for table in tables.split()}
OTHERS = N_("the program's own notes")


def areas(tables: Iterable[str]) -> str:
    """What tables hold, each word once, as `i18n` tells it by the name "areas"."""
    return ", ".join(dict.fromkeys(_AREA_OF.get(table, OTHERS) for table in tables))
