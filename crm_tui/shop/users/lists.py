"""The lists of users and of the audit."""

from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.users import audit_telling

_ROLE = "(SELECT roles.name FROM roles WHERE roles.id = role_id)"


USERS = Listing(
    columns=(
        "users.id AS number, login, users.name, active, must_change, wrong_tries,"
        f" signed_in_at, created_at, pin_hash IS NOT NULL AS pin, {_ROLE} AS role"
    ),
    source="users",
    id="users.id",
    sorts={"name": Sort(N_("by name"), "users.name"), "role": Sort(N_("by role"), _ROLE)},
    parts={
        "active": Part(N_("Active"), "active = 1"),
        "out": Part(N_("Inactive"), "active = 0"),
    },
    search=("users.name", "login", _ROLE),
)


AUDIT = Listing(
    columns="audit.id AS number, at, actor, command, subject, before, after",
    source="audit",
    id="audit.id",
    sorts={
        "newest": Sort(N_("newest first"), "audit.id", descending=True),
        "oldest": Sort(N_("oldest first"), "audit.id"),
    },
    parts={
        "people": Part(N_("By people"), "user_id IS NOT NULL OR actor LIKE 'console:%'"),
        "all": Part(N_("All"), ""),
        # Rows of older programs have the names that commands had then.
        "prices": Part(
            N_("Prices"),
            "command LIKE 'prices.%' OR command IN ('items.add', 'items.edit', 'items.remove',"
            " 'items.activate', 'items.set_price', 'items.set_prices', 'items.import',"
            " 'imports.items')",
        ),
        "rights": Part(N_("Users and rights"), "command LIKE 'users.%' OR command LIKE 'roles.%'"),
    },
    search=("actor", "command", "subject", "coalesce(before, '')", "coalesce(after, '')"),
    spelling=audit_telling.as_kept,
)


def _without_costs(side: str) -> str:
    """SQL for a side of a change without what goods cost: an item's, each item's of a file, and the
    third of what stands for goods that came or went back."""
    # Whatever else stands there stays as it is.
    other = "WHEN 'array' THEN value ELSE json_quote(value) END"
    items = f"CASE type WHEN 'object' THEN json_remove(value, '$.cost') {other}"
    goods = "CASE type WHEN 'array' THEN json_remove(value, '$[2]') ELSE json_quote(value) END"
    of_file = f"SELECT json_group_object(key, json({items})) FROM json_each({side})"  # noqa: S608 - ours
    of_goods = f"SELECT json_group_array(json({goods})) FROM json_each({side}, '$.goods')"  # noqa: S608
    return (
        f"CASE WHEN NOT json_valid({side}) THEN {side}"
        f" WHEN command IN ('imports.items', 'items.import') THEN ({of_file})"
        f" WHEN json_type({side}, '$.goods') = 'array'"
        f" THEN json_set({side}, '$.goods', json(({of_goods})))"
        f" ELSE json_remove({side}, '$.cost') END"
    )


_BEFORE, _AFTER = _without_costs("before"), _without_costs("after")
AUDIT_WITHOUT_COSTS = replace(
    AUDIT,
    columns=f"audit.id AS number, at, actor, command, subject, {_BEFORE} AS before, {_AFTER} AS after",
    search=("actor", "command", "subject", f"coalesce({_BEFORE}, '')", f"coalesce({_AFTER}, '')"),
)
"""For users who may not see costs: neither shown nor found."""
