"""Permissions and roles: what each actor may do, asked of the store each time."""

from sqlite_utils import Database

from crm_tui.errors import N_
from crm_tui.shop.context import Context

PERMISSIONS: dict[str, str] = {
    "orders.confirm": N_("Confirm, change, reject and cancel orders"),
    "orders.collect": N_("Hand out orders"),
    "orders.place": N_("Enter orders for customers"),
    "messages.view": N_("See orders and SMS"),
    "messages.send": N_("Write SMS to customers"),
    "messages.handle": N_("Settle messages for the staff"),
    "items.edit": N_("Edit items and prices, import them"),
    "stock.correct": N_("Correct the stock"),
    "customers.edit": N_("Edit customers"),
    "reports.view": N_("See reports"),
    "settings.edit": N_("Change settings"),
    "users.edit": N_("Manage users and access rights"),
}

OWN = "own"
"""What every signed-in user may do with what is his own: his PIN, his session."""

ENTER = "enter"
"""What whoever stands before the login may do."""

SHIPPED_ROLES: dict[str, frozenset[str]] = {
    "Administrator": frozenset(PERMISSIONS),
    "Branch Manager": frozenset(
        {
            "orders.confirm",
            "messages.view",
            "messages.send",
            "messages.handle",
            "items.edit",
            "customers.edit",
            "reports.view",
        }
    ),
    "Kepala Bengkel": frozenset(
        {
            "orders.confirm",
            "orders.collect",
            "orders.place",
            "messages.view",
            "messages.send",
            "messages.handle",
            "items.edit",
            "stock.correct",
        }
    ),
    "Staf Konter": frozenset(
        {
            "orders.confirm",
            "orders.collect",
            "orders.place",
            "messages.view",
            "messages.send",
            "messages.handle",
            "customers.edit",
        }
    ),
}

_OF_THE_GATEWAY = frozenset(
    {"orders.place", "orders.confirm", "customers.edit", "messages.send", "messages.handle"}
)


def allowed(ctx: Context, permission: str) -> bool:
    """Whether the actor has the permission now. The console may do everything: it has the file."""
    actor = ctx.actor
    if actor.kind == "console":
        return True
    if actor.kind == "gateway":
        return permission in _OF_THE_GATEWAY
    if actor.kind == "door":
        return permission == ENTER
    if permission == OWN:
        row = ctx.db.execute("SELECT 1 FROM users WHERE id = ? AND active = 1", (actor.user_id,))
        return row.fetchone() is not None
    row = ctx.db.execute(
        "SELECT 1 FROM users JOIN role_permissions USING (role_id)"
        " WHERE users.id = ? AND active = 1 AND permission = ?",
        (actor.user_id, permission),
    ).fetchone()
    return row is not None


def granted(ctx: Context) -> frozenset[str]:
    """All permissions that the actor has now."""
    return frozenset(each for each in (*PERMISSIONS, OWN) if allowed(ctx, each))


def ship_roles(db: Database) -> None:
    """Put the roles that come with the program into a new store."""
    for name, permissions in SHIPPED_ROLES.items():
        role = db.execute("INSERT INTO roles (name) VALUES (?) RETURNING id", (name,)).fetchone()[0]
        for permission in sorted(permissions):
            db.execute("INSERT INTO role_permissions VALUES (?, ?)", (role, permission))
