"""A name that somebody signed in with is nobody else's for good, for the books know people by it; wrong
passwords are counted by the counter at which they were typed, and lock nobody out.
"""

from sqlite_utils import Database

_TAKEN = "(SELECT 1 FROM former_logins WHERE login = new.login AND user_id <> new.id)"
_REFUSED = "SELECT RAISE(ABORT, 'this name was another user''s')"

_STATEMENTS = (
    # Names that users had before.
    """CREATE TABLE former_logins (
        login TEXT PRIMARY KEY COLLATE NOCASE,
        user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID""",
    # Those that stand in the audit. What two had once stays with who has it now, or had it first.
    """INSERT OR IGNORE INTO former_logins SELECT actor, user_id FROM audit
        WHERE user_id IN (SELECT id FROM users) AND actor NOT LIKE '%:%'
        AND actor NOT IN (SELECT login FROM users) GROUP BY actor, user_id ORDER BY min(audit.id)""",
    """CREATE TRIGGER login_kept AFTER UPDATE OF login ON users
        WHEN old.login <> new.login COLLATE BINARY BEGIN
        INSERT OR IGNORE INTO former_logins VALUES (old.login, old.id);
    END""",
    f"""CREATE TRIGGER login_not_given BEFORE INSERT ON users WHEN EXISTS {_TAKEN} BEGIN
        {_REFUSED};
    END""",
    f"""CREATE TRIGGER login_not_taken BEFORE UPDATE OF login ON users WHEN EXISTS {_TAKEN} BEGIN
        {_REFUSED};
    END""",
    # Wrong tries in a row at a counter (0: at none), and when the last of them was.
    """CREATE TABLE login_tries (
        place INTEGER NOT NULL,
        user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
        tries INTEGER NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (place, user_id)
    ) STRICT, WITHOUT ROWID""",
    # Whoever was locked out waits no more.
    "ALTER TABLE users DROP COLUMN locked_at",
)


def apply(db: Database) -> None:
    """Adds tables and triggers; lets in whom too many wrong passwords have locked out."""
    for statement in _STATEMENTS:
        db.execute(statement)
