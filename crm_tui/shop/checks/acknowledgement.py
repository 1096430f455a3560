"""What was told is taken note of, by somebody who may answer for it."""

from dataclasses import replace
from datetime import timedelta

from crm_tui import check_result, ledger_chain, page_sums, secret, triggers
from crm_tui.clock import stamp
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.store import StoreReadOnly

TOLD = timedelta(days=7)
"""So long each login tells who took the ledgers as they stood."""
_LAST = 100_000
"""Rows of the audit that are looked through for it."""


def wanted(ctx: Context) -> bool:
    """Whether there is something that can be accepted."""
    found = check_result.read(ctx.store.path)
    return bool(
        found.pages or found.lost or found.mended or found.rescued or found.chain or found.foreign
        or found.strange_at or found.unsummed_at or found.forgotten_at
    )  # fmt: skip


@command("checks.accept", "settings.edit")
def accept(ctx: Context) -> None:
    """The store is right as it is: pages that others wrote, steps that were lost, bits put right are
    told no more, and the chain over the ledgers begins anew with what stands there; triggers and views
    are the program's own again. Broken trees are told until a backup is restored, and books until they
    agree."""
    path = ctx.store.path
    checked = check_result.read(path)
    ctx.record(
        "store",
        {
            "pages": checked.pages, "lost": checked.lost, "mended": checked.mended,
            "chain": " ".join(checked.chain), "foreign": checked.foreign,
        },
        {"pages": 0, "lost": 0, "mended": 0, "chain": "", "foreign": 0},
    )  # fmt: skip
    triggers.put_right(ctx.db)
    if checked.chain or checked.foreign:
        begun = ledger_chain.begun(ctx.db.conn)
        ctx.store.begin_chain()
        assert ctx.work is not None, "a command has its transaction"
        ctx.work.after.append(lambda: _remember(ctx, begun))
    ctx.changed("checks", 0)
    try:
        if checked.pages:
            # The next check adopts what it finds.
            page_sums.path_of(path).unlink(missing_ok=True)
        check_result.write(
            path,
            replace(
                checked,
                pages=0,
                tables=(),
                lost=0,
                kept="",
                rescued=0,
                mended=0,
                chain=(),
                foreign=0,
                noted="" if checked.pages else checked.noted,
                unsummed_at="",
                forgotten_at="",
                # What nobody has read anew yet, nobody knows.
                strange_at=ctx.at if checked.strange else "",
            ),
        )
    except OSError as trouble:
        raise StoreReadOnly(path=path) from trouble


def accepted(ctx: Context) -> list[tuple[str, str]]:
    """Who took the ledgers, or who may do what, as they stood though something else had written there,
    within a week: name and moment, the last first. It may be who wrote it, and the right to do so."""
    if ctx.db.execute("SELECT count(*) FROM links WHERE begins = 1").fetchone()[0] < 2:
        return []
    rows = ctx.db.execute(
        "SELECT actor, at FROM audit WHERE id > (SELECT max(id) FROM audit) - ? AND at > ?"
        " AND command = 'checks.accept' AND json_valid(before)"
        " AND (json_extract(before, '$.chain') <> '' OR json_extract(before, '$.foreign') > 0)"
        " ORDER BY id DESC LIMIT 3",
        (_LAST, stamp(ctx.now - TOLD)),
    )
    return [(str(row[0]), str(row[1])) for row in rows]


def _remember(ctx: Context, before: int) -> None:
    """From now on the chain is as it was begun anew, if that was stored."""
    head = ledger_chain.head(ctx.db.conn)
    if head is not None and head.begun != before:
        secret.note_head(ctx.store.path, head)
