"""Permissions and roles: what each actor may do, asked of the store each time."""

from sqlite_utils import Database

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import LastManager, NotAllowed, SessionEnded

PERMISSIONS: dict[str, str] = {
    "orders.confirm": N_("Confirm, change, reject and cancel orders"),
    "orders.collect": N_("Hand out orders"),
    "orders.place": N_("Enter orders for customers"),
    "messages.view": N_("See orders and SMS"),
    "messages.send": N_("Write SMS to customers"),
    "messages.handle": N_("Settle messages for the staff"),
    "items.view": N_("See items and stock"),
    "items.edit": N_("Edit items, import them"),
    "prices.edit": N_("Change prices"),
    "stock.receive": N_("Take goods in, return them to suppliers"),
    "stock.correct": N_("Correct and count the stock"),
    "customers.view": N_("See customers"),
    "customers.edit": N_("Edit customers"),
    "customers.merge": N_("Merge two customers who are one person"),
    "customers.erase": N_("Hand out and erase what is kept of a customer"),
    "sales.view": N_("See sales"),
    "sales.sell": N_("Sell at the counter"),
    "sales.discount": N_("Give discounts"),
    "sales.credit": N_("Sell on account"),
    "sales.oversell": N_("Sell more than the books hold"),
    "sales.return": N_("Void sales, take goods back"),
    "sales.repay": N_("Take repayments"),
    "drawer.close": N_("Count and close the drawer"),
    "reports.view": N_("See reports"),
    "rewards.edit": N_("Tiers, points and rewards"),
    "promos.send": N_("Send promos"),
    "audit.view": N_("See who changed what"),
    "health.view": N_("See whether all is well"),
    "settings.edit": N_("Change settings"),
    "backups.make": N_("Make backups"),
    "backups.restore": N_("Restore a backup"),
    "upkeep.run": N_("Archive old SMS and tidy up"),
    "upkeep.export": N_("Take all data out of the program"),
    "users.edit": N_("Manage users and access rights"),
}

OWN = "own"
"""What every signed-in user may do with their own PIN and session."""

ENTER = "enter"
"""What anybody may do before the login."""

_COUNTER = (
    "orders.confirm", "orders.collect", "orders.place", "messages.view", "messages.send",
    "messages.handle", "items.view", "customers.view", "customers.edit", "sales.view",
    "sales.sell", "sales.repay", "drawer.close", "health.view",
)  # fmt: skip

SHIPPED_ROLES: dict[str, frozenset[str]] = {
    "Administrator": frozenset(PERMISSIONS),
    "Branch Manager": frozenset(
        {
            "orders.confirm",
            "messages.view",
            "messages.send",
            "messages.handle",
            "items.view",
            "items.edit",
            "prices.edit",
            "customers.view",
            "customers.edit",
            "customers.merge",
            "sales.view",
            "drawer.close",
            "reports.view",
            "rewards.edit",
            "promos.send",
            "audit.view",
            "health.view",
        }
    ),
    "Kepala Bengkel": frozenset(
        {
            *_COUNTER,
            "items.edit",
            "prices.edit",
            "stock.receive",
            "stock.correct",
            "sales.discount",
            "sales.credit",
            "sales.oversell",
            "sales.return",
        }
    ),
    "Staf Konter": frozenset(_COUNTER),
}
"""What each role that comes with the program may do; afterwards roles are data."""

_OF_THE_GATEWAY = frozenset(
    {
        "orders.place",
        "orders.confirm",
        "customers.edit",
        "messages.send",
        "messages.handle",
        "upkeep.run",
    }
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
        return goes_on(ctx)
    row = ctx.db.execute(
        "SELECT 1 FROM users JOIN role_permissions USING (role_id)"  # noqa: S608 - ours
        f" WHERE {_SESSION} AND permission = :permission",
        {**_whose(ctx), "permission": permission},
    ).fetchone()
    return row is not None


_SESSION = "users.id = :user AND active = 1 AND session = coalesce(:session, session)"


def _whose(ctx: Context) -> dict[str, object]:
    return {"user": ctx.actor.user_id, "session": ctx.actor.session}


def goes_on(ctx: Context) -> bool:
    """Whether the user's session has not ended: by another password or role, or locked or put out."""
    row = ctx.db.execute(f"SELECT 1 FROM users WHERE {_SESSION}", _whose(ctx))  # noqa: S608 - ours
    return row.fetchone() is not None


def see(ctx: Context) -> None:
    """Refuse to show anything to a user whose session has ended. Raises `SessionEnded`."""
    if ctx.actor.kind == "user" and not goes_on(ctx):
        raise SessionEnded()


def require(ctx: Context, permission: str) -> None:
    """Refuse what the actor may not do, within a command that does not always need it."""
    if not allowed(ctx, permission):
        raise NotAllowed(who=ctx.actor.name, permission=permission)


def who_may(ctx: Context, permission: str) -> list[str]:
    """The names of the roles that have the permission, for those who have not: who stands nearest
    comes first."""
    rows = ctx.db.execute(
        "SELECT name FROM roles JOIN role_permissions ON role_id = roles.id WHERE permission = ?"
        " ORDER BY (SELECT count(*) FROM role_permissions AS has WHERE has.role_id = roles.id),"
        " roles.id",
        (permission,),
    )
    return [str(row[0]) for row in rows]


def somebody_manages(ctx: Context) -> None:
    """Refuse, within a command, what would leave nobody who may manage users."""
    left = ctx.db.execute(
        "SELECT count(*) FROM users JOIN role_permissions USING (role_id)"
        " WHERE active = 1 AND permission = 'users.edit'"
    ).fetchone()[0]
    if not left:
        raise LastManager()


def granted(ctx: Context) -> frozenset[str]:
    """All permissions that the actor has now, as `allowed` tells them one by one."""
    if ctx.actor.kind != "user":
        return frozenset(each for each in (*PERMISSIONS, OWN) if allowed(ctx, each))
    rows = ctx.db.execute(
        "SELECT permission FROM users LEFT JOIN role_permissions USING (role_id)"  # noqa: S608 - ours
        f" WHERE {_SESSION}",
        _whose(ctx),
    ).fetchall()
    # A role that may do nothing still leaves its users their own PIN and session.
    return frozenset({row[0] for row in rows} & PERMISSIONS.keys() | {OWN} if rows else ())


def ship_roles(db: Database) -> None:
    """Put the roles that come with the program into a new store."""
    for name, permissions in SHIPPED_ROLES.items():
        role = db.execute("INSERT INTO roles (name) VALUES (?) RETURNING id", (name,)).fetchone()[0]
        for permission in sorted(permissions):
            db.execute("INSERT INTO role_permissions VALUES (?, ?)", (role, permission))
