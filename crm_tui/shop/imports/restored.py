"""What a restored backup means for imports: the rows that lay aside belong to another store."""

from crm_tui.shop.gate.context import Context


def restored(ctx: Context) -> None:
    """An import that was not finished is lost, within a command; what came in of it counts."""
    for (kind,) in ctx.db.execute("SELECT kind FROM imports WHERE status = 'merging'").fetchall():
        # Seldom, and 2 MB.
        from crm_tui.shop.imports.staged import kind_of

        kind_of(kind).ended(ctx)
    rows = ctx.db.execute(
        "UPDATE imports SET status = 'lost', ended_at = ? WHERE status = 'merging' RETURNING id",
        (ctx.at,),
    ).fetchall()
    for row in rows:
        ctx.changed("imports", row[0])
