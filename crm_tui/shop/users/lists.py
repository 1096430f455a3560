"""The lists of users and of the audit."""

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
