"""Whether an import, or taking one back, was cut off.

It is asked wherever the shop is opened: nothing else of this room, 2 MB, is loaded for that.
"""

from crm_tui.shop.gate.context import Context

ASIDE = "import.db"
"""The file beside the shop's in which rows of an import lie."""


def found(ctx: Context) -> bool:
    """Whether there is something to finish, or to throw away (`staging.resume`)."""
    begun = ctx.db.execute(
        "SELECT 1 FROM imports WHERE status = 'merging'"
        " OR (back_from IS NOT NULL AND back_at IS NULL) LIMIT 1"
    ).fetchone()
    return begun is not None or ctx.store.path.with_name(ASIDE).is_file()
