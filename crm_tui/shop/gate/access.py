"""Permissions and roles: what each actor may do, asked of the store each time."""

from sqlite_utils import Database

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Actor, Context
from crm_tui.shop.gate.errors import AboveCeiling, LastManager, NotAllowed, SessionEnded

PERMISSIONS: dict[str, str] = {
    "orders.confirm": N_("Confirm, change, reject and cancel orders"),
    "orders.collect": N_("Hand out orders"),
    "orders.place": N_("Enter orders for customers"),
    "messages.view": N_("See orders and SMS"),
    "messages.send": N_("Write SMS to customers"),
    "messages.handle": N_("Settle messages for the staff"),
    "items.view": N_("See items and stock"),
    "items.edit": N_("Edit items, import them"),
    "costs.view": N_("See cost and profit"),
    "prices.edit": N_("Change prices"),
    "stock.receive": N_("Take goods in, return them to suppliers"),
    "stock.correct": N_("Correct and count the stock"),
    "customers.view": N_("See customers"),
    "customers.edit": N_("Edit customers"),
    "customers.merge": N_("Merge two customers who are one person"),
    "customers.erase": N_("Hand out and erase what is kept of a customer"),
    "customers.credit": N_("Change what a customer may owe"),
    "customers.consent": N_("Write down whether a customer wants promos"),
    "sales.view": N_("See sales"),
    "sales.sell": N_("Sell at the counter"),
    "sales.discount": N_("Give discounts"),
    "sales.credit": N_("Sell on account"),
    "sales.oversell": N_("Sell more than the books hold"),
    "sales.points": N_("Let customers pay with points"),
    "sales.return": N_("Void sales, take goods back"),
    "sales.refund_way": N_("Pay back another way than it was paid"),
    "sales.repay": N_("Take repayments"),
    "drawer.close": N_("Count and close the drawer"),
    "drawer.look": N_("See what should be in the open drawer"),
    "drawer.take_out": N_("Take money out of the drawer"),
    "branches.send": N_("Send goods to other branches"),
    "branches.receive": N_("Take in goods of other branches"),
    "branches.points": N_("Let customers use points of other branches"),
    "branches.own_price": N_("Set prices other than the head office's"),
    "reports.view": N_("See reports"),
    "reports.export": N_("Write reports into files"),
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

CEILINGS: dict[str, str] = {
    "sales.discount": N_("Discount on a sale, in percent"),
    "sales.credit": N_("Sold on account at a time, in rupiah"),
    "sales.return": N_("Paid back for a sale, in rupiah"),
}
"""The permissions that a role may have up to an amount: rupiah, or hundredths of a percent. What is
beyond it somebody permits on the spot whose role reaches so far."""

OWN = "own"
"""What every signed-in user may do with their own PIN and session."""

ENTER = "enter"
"""What anybody may do before the login."""

OFFICE = "office"
"""What is done because the head office says so, by the program alone."""

_COUNTER = (
    "orders.confirm", "orders.collect", "orders.place", "messages.view", "messages.send",
    "messages.handle", "items.view", "customers.view", "customers.edit", "sales.view",
    "sales.sell", "sales.repay", "sales.points", "branches.points", "customers.consent",
    "drawer.close", "health.view",
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
            "customers.credit",
            "customers.consent",
            "costs.view",
            "sales.view",
            "drawer.close",
            "drawer.look",
            "drawer.take_out",
            "reports.view",
            "reports.export",
            "rewards.edit",
            "branches.own_price",
            "promos.send",
            "audit.view",
            "health.view",
        }
    ),
    "Kepala Bengkel": frozenset(
        {
            *_COUNTER,
            "drawer.take_out",
            "costs.view",
            "items.edit",
            "prices.edit",
            "stock.receive",
            "stock.correct",
            "branches.send",
            "branches.receive",
            "reports.view",
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
        "customers.consent",
        "messages.send",
        "messages.handle",
        "upkeep.run",
    }
)

_OF_THE_CHAIN = frozenset(
    {OFFICE, "customers.edit", "customers.merge", "items.edit", "rewards.edit", "promos.send"}
)


def allowed(ctx: Context, permission: str, amount: int = 0) -> bool:
    """Whether the actor may do it now, up to this amount (see `CEILINGS`), or somebody who may has
    permitted it. The console may do everything: it has the file."""
    if _may(ctx, ctx.actor, permission, amount):
        return True
    if ctx.permits and not _may(ctx, ctx.actor, OWN):
        # Nobody permits anything to a session that is over.
        return False
    for permit in ctx.permits:
        far = permit.most is None or amount <= permit.most
        if permit.permission == permission and far and _may(ctx, permit.actor, permission, amount):
            ctx.permitted[permit] = max(amount, ctx.permitted.get(permit, 0))
            return True
    return False


def _may(ctx: Context, actor: Actor, permission: str, amount: int = 0) -> bool:
    if actor.kind == "console":
        return True
    if actor.kind == "gateway":
        return permission in _OF_THE_GATEWAY
    if actor.kind == "chain":
        return permission in _OF_THE_CHAIN
    if actor.kind == "door":
        return permission == ENTER
    if permission == OWN:
        return _goes_on(ctx, actor)
    row = ctx.db.execute(
        "SELECT most FROM users JOIN role_permissions USING (role_id)"  # noqa: S608 - ours
        " LEFT JOIN role_ceilings USING (role_id, permission)"
        f" WHERE {_SESSION} AND permission = :permission",
        {**_whose(actor), "permission": permission},
    ).fetchone()
    return row is not None and (row["most"] is None or amount <= row["most"])


_SESSION = "users.id = :user AND active = 1 AND session IN (coalesce(:session, session), :next)"


def _whose(actor: Actor) -> dict[str, object]:
    session = actor.session
    return {
        "user": actor.user_id,
        "session": None if session is None else session.number,
        "next": None if session is None else session.next,
    }


def _goes_on(ctx: Context, actor: Actor) -> bool:
    row = ctx.db.execute(f"SELECT 1 FROM users WHERE {_SESSION}", _whose(actor))  # noqa: S608 - ours
    return row.fetchone() is not None


def goes_on(ctx: Context) -> bool:
    """Whether the user's session has not ended: by another password or role, or locked or put out."""
    return _goes_on(ctx, ctx.actor)


def see(ctx: Context) -> None:
    """Refuse to show anything to a user whose session has ended. Raises `SessionEnded`."""
    if ctx.actor.kind == "user" and not goes_on(ctx):
        raise SessionEnded()


def require(ctx: Context, permission: str, amount: int = 0) -> None:
    """Refuse what the actor may not do, or not so far. Raises `NotAllowed`, `AboveCeiling`."""
    if allowed(ctx, permission, amount):
        return
    if amount and _may(ctx, ctx.actor, permission):
        raise AboveCeiling(who=ctx.actor.name, permission=permission, amount=amount)
    raise NotAllowed(who=ctx.actor.name, permission=permission, amount=amount)


def record_permits(ctx: Context) -> None:
    """Write into the audit, within a command, who permitted what its actor may not do."""
    for permit, amount in ctx.permitted.items():
        after: dict[str, object] = {
            "permitted by": permit.actor.name,
            "permission": permit.permission,
        }
        ctx.record(f"user {ctx.actor.name}", None, after | ({"amount": amount} if amount else {}))
    if ctx.work is not None:
        ctx.work.spent += ctx.permitted
    ctx.permitted.clear()


def who_may(ctx: Context, permission: str, amount: int = 0) -> list[str]:
    """The names of the roles that may do it up to this amount, for those who may not: who stands
    nearest comes first."""
    rows = ctx.db.execute(
        f"{_WHO_MAY} AND permission = ? AND (most IS NULL OR most >= ?){_NEAREST}",
        (permission, amount),
    )
    return [str(row[1]) for row in rows]


def who_may_each(ctx: Context) -> dict[str, list[str]]:
    """What `who_may` says of every permission that some role has, at once."""
    roles: dict[str, list[str]] = {}
    for permission, role in ctx.db.execute(f"{_WHO_MAY} AND (most IS NULL OR most >= 0){_NEAREST}"):
        roles.setdefault(permission, []).append(role)
    return roles


_WHO_MAY = (
    "SELECT permission, name FROM roles JOIN role_permissions ON role_id = roles.id"
    " LEFT JOIN role_ceilings USING (role_id, permission) WHERE true"
)
_NEAREST = (
    " ORDER BY (SELECT count(*) FROM role_permissions AS has WHERE has.role_id = roles.id),"
    " roles.id"
)


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
        _whose(ctx.actor),
    ).fetchall()
    # A role that may do nothing still leaves its users their own PIN and session.
    return frozenset({row[0] for row in rows} & PERMISSIONS.keys() | {OWN} if rows else ())


def ship_roles(db: Database) -> None:
    """Put the roles that come with the program into a new store."""
    for name, permissions in SHIPPED_ROLES.items():
        role = db.execute("INSERT INTO roles (name) VALUES (?) RETURNING id", (name,)).fetchone()[0]
        for permission in sorted(permissions):
            db.execute("INSERT INTO role_permissions VALUES (?, ?)", (role, permission))
