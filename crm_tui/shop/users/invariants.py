"""What must agree about users: their rows are no ledger, but who let them in stands in one."""

from crm_tui.errors import N_
from crm_tui.shop.gate.consistency import Invariant

INVARIANTS = (
    Invariant(
        "users",
        N_("somebody may sign in whom nobody let in"),
        # By the name of now, or one that was this user's and is nobody else's.
        "SELECT id FROM users WHERE active = 1 AND NOT EXISTS (SELECT 1 FROM audit"
        " WHERE command LIKE 'users.%' AND json_valid(after)"
        " AND json_extract(after, '$.role') IS NOT NULL AND subject COLLATE NOCASE IN"
        " (SELECT 'user ' || users.login UNION ALL SELECT 'user ' || login FROM former_logins"
        "  WHERE user_id = users.id AND login NOT IN (SELECT login FROM users)))",
    ),
)
