"""Locks of the shop's programs: files that the system frees when their holder dies."""

from typing import Any

from filelock import FileLock, Timeout

from crm_tui.errors import N_, Problem


class LockUnusable(Problem):
    text = N_(
        "{file} cannot be used: {why}. Somebody ran the program as another user, or put something else"
        " there: give it back to this account, or take it away."
    )


class ProgramLock(FileLock):
    """One that says in a sentence why the system does not let it be taken."""

    def acquire(self, *args: Any, **named: Any) -> Any:
        """As `FileLock`. Raises `Timeout` if another holds it, `LockUnusable`."""
        try:
            return super().acquire(*args, **named)
        except Timeout:
            raise
        except OSError as trouble:
            raise LockUnusable(file=self.lock_file, why=trouble.strerror or trouble) from trouble
