"""Roles and their permissions; somebody who manages users is always left."""

from collections.abc import Mapping

from crm_tui import sqlite
from crm_tui.shop.gate import access, undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.users.errors import RoleNameMissing, RoleTaken, RoleUnknown, RoleUsed

MOST_NAME = 40


def _row(ctx: Context, role_id: int) -> sqlite.Row:
    row: sqlite.Row | None = ctx.db.execute(
        "SELECT * FROM roles WHERE id = ?", (role_id,)
    ).fetchone()
    if row is None:
        raise RoleUnknown(name=role_id)
    return row


def grid(ctx: Context) -> dict[int, tuple[str, frozenset[str]]]:
    """Each role's name and permissions, by its key, in the order in which they came."""
    roles: dict[int, tuple[str, set[str]]] = {
        row[0]: (row[1], set()) for row in ctx.db.execute("SELECT id, name FROM roles ORDER BY id")
    }
    for role_id, permission in ctx.db.execute("SELECT role_id, permission FROM role_permissions"):
        if permission in access.PERMISSIONS:
            roles[role_id][1].add(permission)
    return {role_id: (name, frozenset(held)) for role_id, (name, held) in roles.items()}


def names(ctx: Context) -> list[str]:
    """All roles, in the order in which they came."""
    return [row[0] for row in ctx.db.execute("SELECT name FROM roles ORDER BY id")]


@command("users.add_role", "users.edit")
def add(ctx: Context, name: str, like: int | None = None) -> int:
    """Add a role, with the permissions of the role `like` if one is named; its key."""
    _check_name(ctx, name, None)
    if like is not None:
        _row(ctx, like)
    role_id = int(
        ctx.db.execute(
            "INSERT INTO roles (name) VALUES (?) RETURNING id", (name.strip(),)
        ).fetchone()[0]
    )
    if like is not None:
        ctx.db.execute(
            "INSERT INTO role_permissions SELECT ?, permission FROM role_permissions"
            " WHERE role_id = ?",
            (role_id, like),
        )
        ctx.db.execute(
            "INSERT INTO role_ceilings SELECT ?, permission, most FROM role_ceilings"
            " WHERE role_id = ?",
            (role_id, like),
        )
    ctx.record(f"role {name.strip()}", None, {"permissions": _held(ctx, role_id)})
    ctx.changed("roles", role_id)
    return role_id


@command("users.rename_role", "users.edit")
def rename(ctx: Context, role_id: int, name: str) -> None:
    """Give a role another name."""
    before = _row(ctx, role_id)
    _check_name(ctx, name, role_id)
    ctx.db.execute("UPDATE roles SET name = ? WHERE id = ?", (name.strip(), role_id))
    ctx.record(f"role {name.strip()}", {"name": before["name"]}, {"name": name.strip()})
    ctx.changed("roles", role_id)


@command("users.remove_role", "users.edit")
def remove(ctx: Context, role_id: int) -> None:
    """Delete a role that nobody has. Raises `RoleUsed`."""
    row = _row(ctx, role_id)
    used = ctx.db.execute("SELECT count(*) FROM users WHERE role_id = ?", (role_id,)).fetchone()[0]
    if used:
        raise RoleUsed(name=row["name"], count=used)
    undo.keep(
        ctx, "roles", row["name"], "roles", role_id, role_permissions="role_id",
        role_ceilings="role_id",
    )  # fmt: skip
    ctx.record(f"role {row['name']}", {"permissions": _held(ctx, role_id)}, None)
    ctx.db.execute("DELETE FROM role_permissions WHERE role_id = ?", (role_id,))
    ctx.db.execute("DELETE FROM role_ceilings WHERE role_id = ?", (role_id,))
    ctx.db.execute("DELETE FROM roles WHERE id = ?", (role_id,))
    ctx.changed("roles", role_id)


@command("users.grant", "users.edit")
def grant(ctx: Context, role_id: int, permission: str, allowed: bool) -> None:
    """Give a permission to a role, or take it away. Raises `LastManager`."""
    row = _row(ctx, role_id)
    assert permission in access.PERMISSIONS, permission
    before = permission in _held(ctx, role_id)
    if allowed:
        ctx.db.execute(
            "INSERT OR IGNORE INTO role_permissions VALUES (?, ?)", (role_id, permission)
        )
    else:
        ctx.db.execute(
            "DELETE FROM role_permissions WHERE role_id = ? AND permission = ?",
            (role_id, permission),
        )
    access.somebody_manages(ctx)
    ctx.record(f"role {row['name']}", {permission: before}, {permission: allowed})
    ctx.changed("roles", role_id)


def ceilings(ctx: Context, role_id: int) -> dict[str, int]:
    """How far a role may go alone, by permission (`access.CEILINGS`); what has no end is left out."""
    return ceilings_of_each(ctx).get(role_id, {})


def ceilings_of_each(ctx: Context) -> dict[int, dict[str, int]]:
    """The same of each role that has any, by its key."""
    found: dict[int, dict[str, int]] = {}
    for role_id, permission, most in ctx.db.execute(
        "SELECT role_id, permission, most FROM role_ceilings ORDER BY role_id, permission"
    ):
        if permission in access.CEILINGS:
            found.setdefault(role_id, {})[permission] = most
    return found


@command("users.set_ceilings", "users.edit")
def set_ceilings(ctx: Context, role_id: int, wanted: Mapping[str, int | None]) -> None:
    """Say how far a role may go alone, by permission (`access.CEILINGS`); None: without end."""
    row = _row(ctx, role_id)
    before = ceilings(ctx, role_id)
    for permission, most in wanted.items():
        assert permission in access.CEILINGS, permission
        ctx.db.execute(
            "DELETE FROM role_ceilings WHERE role_id = ? AND permission = ?", (role_id, permission)
        )
        if most is not None:
            ctx.db.execute(
                "INSERT INTO role_ceilings VALUES (?, ?, ?)", (role_id, permission, most)
            )
    ctx.record(
        f"role {row['name']}", {each: before.get(each) for each in wanted}, dict(wanted)
    )  # fmt: skip
    ctx.changed("roles", role_id)


def _held(ctx: Context, role_id: int) -> list[str]:
    rows = ctx.db.execute(
        "SELECT permission FROM role_permissions WHERE role_id = ? ORDER BY 1", (role_id,)
    )
    return [row[0] for row in rows]


def _check_name(ctx: Context, name: str, role_id: int | None) -> None:
    if not 1 <= len(name.strip()) <= MOST_NAME:
        raise RoleNameMissing(most=MOST_NAME)
    row = ctx.db.execute("SELECT id FROM roles WHERE name = ?", (name.strip(),)).fetchone()
    if row is not None and row[0] != role_id:
        raise RoleTaken(name=name.strip())
