"""The foreman's own reports."""

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Lets the role that comes with the program as Kepala Bengkel see reports; adds nothing else."""
    db.execute(
        "INSERT OR IGNORE INTO role_permissions SELECT id, 'reports.view' FROM roles"
        " WHERE name = 'Kepala Bengkel'"
    )
