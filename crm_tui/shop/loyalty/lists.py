"""The lists of the ranking, of tiers and of rewards."""

from crm_tui.errors import N_
from crm_tui.ranking import DUE_AFTER, LEAST_DAYS, LEAVING_AFTER, LEAVING_DAYS, NEW_DAYS
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.loyalty.ranking_table import RANK, TIER

# :model names the model whose standings count, :today the day (a proleptic ordinal).
_RANKED_PHONES = (
    "coalesce((SELECT group_concat(number, ' ') FROM phones"
    " WHERE phones.customer_id = standings.customer_id), '')"
)


_SILENCE = ":today - last_day"
_RHYTHM = "(last_day - first_day) * 1.0 / max(1, days - 1)"


RANKING = Listing(
    columns=(
        "standings.customer_id AS number, customers.name, heat, first_day, last_day, days, sales,"
        f" spent, {_RANKED_PHONES} AS phones, {TIER} AS tier, {RANK} AS rank"
    ),
    source=(
        "standings JOIN customers ON customers.id = standings.customer_id AND model_id = :model"
        " JOIN buyers ON buyers.customer_id = standings.customer_id"
    ),
    id="standings.customer_id",
    sorts={"best": Sort(N_("the best first"), "-standings.heat")},
    parts={
        "all": Part(N_("All"), ""),
        # Late by the customer's own rhythm, but not yet lost.
        "due": Part(
            N_("Due now"),
            f"days >= {LEAST_DAYS} AND {_SILENCE} > {DUE_AFTER} * {_RHYTHM}"
            f" AND {_SILENCE} <= {LEAVING_AFTER} * {_RHYTHM}",
        ),
        "leaving": Part(
            N_("Slipping away"),
            f"days >= {LEAST_DAYS}"
            f" AND {_SILENCE} > max({LEAVING_DAYS}, {LEAVING_AFTER} * {_RHYTHM})",
        ),
        "new": Part(N_("New"), f":today - first_day <= {NEW_DAYS}"),
    },
    search=("customers.name", "customers.address"),
    phones=_RANKED_PHONES,
)


TIERS = Listing(
    columns=(
        "tiers.id AS number, tiers.name, level, top, spent, discount, multiplier, gift,"
        " (SELECT count(*) FROM members WHERE tier_id = tiers.id) AS members"
    ),
    source="tiers",
    id="tiers.id",
    sorts={"best": Sort(N_("the best first"), "level")},
    parts={"all": Part(N_("All"), "active = 1")},
    search=("tiers.name", "gift"),
)


PERIODS = Listing(
    columns=(
        "reward_periods.id AS number, reward_periods.name, last_day, at, actor,"
        " (SELECT count(*) FROM reward_entries WHERE period_id = reward_periods.id) AS entries,"
        " (SELECT count(given_at) FROM reward_entries WHERE period_id = reward_periods.id) AS given"
    ),
    source="reward_periods",
    id="reward_periods.id",
    sorts={"newest": Sort(N_("newest first"), "reward_periods.id", descending=True)},
    parts={"all": Part(N_("All"), "")},
    search=("reward_periods.name", "actor"),
)


# :period names the frozen list.
ENTRIES = Listing(
    columns="rank AS number, name, phone, tier, gift, score, spent, given_at, given_by, customer_id",
    source="reward_entries",
    id="rank",
    sorts={"best": Sort(N_("the best first"), "rank"), "name": Sort(N_("by name"), "name")},
    parts={
        "all": Part(N_("All"), "period_id = :period"),
        "waiting": Part(N_("To be handed out"), "period_id = :period AND given_at IS NULL"),
        "given": Part(N_("Handed out"), "period_id = :period AND given_at IS NOT NULL"),
    },
    search=("name", "tier", "gift"),
    phones="phone",
)
