"""The statements that the store is given, for tests of how many there are."""

from collections.abc import Iterator
from contextlib import contextmanager

from crm_tui.shop.gate.context import Context

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@contextmanager
def statements(ctx: Context) -> Iterator[list[str]]:
    """All that this thread's connection runs within, as SQL with its values, in order.

    BEGIN, COMMIT and savepoints count like all others, each row of an `executemany` by itself. What
    triggers do does not: SQLite reports it as a comment, or as the statement that set them off once
    more; so a write that is the very same as the one before it is counted once with it.
    """
    found: list[str] = []

    def note(sql: str) -> None:
        again = bool(found) and found[-1] == sql and sql.lstrip().upper().startswith(_WRITES)
        if not again and not sql.startswith("--"):
            found.append(sql)

    connection = ctx.db.conn
    if not connection.in_transaction:
        # A connection's first look at what works within the store is no part of what is counted.
        with ctx.store.transaction():
            pass
    connection.set_trace_callback(note)
    try:
        yield found
    finally:
        connection.set_trace_callback(None)
