"""What a restored backup means for promos: nobody knows whom they were sent to since."""

from crm_tui.shop.gate.context import Context


def restored(ctx: Context) -> None:
    """Let no promo go on by itself, within a command; an unfinished list makes a draft."""
    rows = ctx.db.execute(
        "UPDATE promos SET status = 'paused' WHERE status = 'running' RETURNING id"
    ).fetchall()
    building = ctx.db.execute("SELECT id FROM promos WHERE status = 'building'").fetchall()
    for row in building:
        ctx.db.execute("DELETE FROM promo_people WHERE promo_id = ?", (row[0],))
        ctx.db.execute(
            "UPDATE promos SET status = 'draft', started_at = NULL, built_upto = 0 WHERE id = ?",
            (row[0],),
        )
    for row in (*rows, *building):
        ctx.changed("promos", row[0])
