"""Whether an import, or taking one back, was cut off.

It is asked wherever the shop is opened: nothing else of this room, 2 MB, is loaded for that.
"""

from dataclasses import dataclass

from crm_tui.errors import N_, UNSAID, Sentence
from crm_tui.shop.gate.context import Context

ASIDE = "import.db"
"""The file beside the shop's in which rows of an import lie."""
LOCK = "import.lock"
_BEGUN = "(status = 'merging' OR (back_from IS NOT NULL AND back_at IS NULL))"


@dataclass(frozen=True)
class Left:
    """An import that was cut off, of a `file`; `back`: it was being taken back."""

    file: str
    back: bool


def found(ctx: Context) -> bool:
    """Whether there is something to finish, or to throw away (`staging.resume`)."""
    begun = ctx.db.execute(f"SELECT 1 FROM imports WHERE {_BEGUN} LIMIT 1").fetchone()  # noqa: S608
    return begun is not None or ctx.store.path.with_name(ASIDE).is_file()


def under_way(ctx: Context) -> bool:
    """Whether somebody is importing into the store now."""
    begun = ctx.db.execute("SELECT 1 FROM imports WHERE status = 'merging'").fetchone()
    return begun is not None and not _is_free(ctx)


def left(ctx: Context) -> Left | None:
    """What was begun and not ended, and nobody is at; None if nothing was."""
    row = ctx.db.execute(
        f"SELECT file, status <> 'merging' AS back FROM imports WHERE {_BEGUN} LIMIT 1"  # noqa: S608
    ).fetchone()
    return Left(row["file"], bool(row["back"])) if row and _is_free(ctx) else None


def in_short(ctx: Context) -> Sentence:
    """The same in a few words, "" if nothing was."""
    return N_("import cut off") if left(ctx) else UNSAID


def _is_free(ctx: Context) -> bool:
    """Whether no program imports."""
    # Seldom, too.
    from filelock import Timeout

    from crm_tui.program_lock import LockUnusable, ProgramLock

    lock = ProgramLock(ctx.store.path.with_name(LOCK), mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    except LockUnusable:
        return True
    lock.release()
    return True
