"""A second person permits something on the spot: name and PIN, without signing in."""

from crm_tui.errors import N_
from crm_tui.shop.gate import access
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context, Permit
from crm_tui.shop.gate.errors import BadInput, RuleBroken
from crm_tui.shop.users import login
from crm_tui.shop.users.errors import PasswordFirst


class PermitYourself(BadInput):
    text = N_("Somebody else must permit it, not {login}.")


class CannotPermit(RuleBroken):
    text = N_("{login} may not permit this.")


def permitters(ctx: Context, permission: str, amount: int = 0) -> list[str]:
    """The logins of those who can permit it to the actor, who signed in last first."""
    rows = ctx.db.execute(
        "SELECT login FROM users JOIN role_permissions USING (role_id)"
        " LEFT JOIN role_ceilings USING (role_id, permission)"
        " WHERE permission = ? AND (most IS NULL OR most >= ?) AND active = 1"
        " AND users.id IS NOT ?"
        " ORDER BY signed_in_at IS NULL, signed_in_at DESC, login",
        (permission, amount, ctx.actor.user_id),
    )
    return [str(row[0]) for row in rows]


def permit(ctx: Context, name: str, secret: str, permission: str, amount: int = 0) -> Permit:
    """The leave of the user `name` for what the actor may not do, up to `amount` (0: whatever that user
    may). Raises what signing in does, and `PermitYourself`, `CannotPermit`, `PasswordFirst`."""
    proof = login.prove(ctx, name, secret)
    who = proof.user
    if who.id == ctx.actor.user_id:
        raise PermitYourself(login=who.login)
    if who.must_change:
        raise PasswordFirst(login=who.login)
    own = ctx.acting(who.actor)
    if not access.allowed(own, permission, amount):
        raise CannotPermit(login=who.login)
    _write(own, proof, ctx.actor.name, permission, amount)
    return Permit(who.actor, permission, amount or None)


@command("users.permit", access.OWN)
def _write(ctx: Context, proof: login.Proof, whom: str, permission: str, amount: int) -> None:
    login.proved(ctx, proof)
    after: dict[str, object] = {"permits": whom, "permission": permission}
    ctx.record(f"user {proof.user.login}", None, after | ({"amount": amount} if amount else {}))
