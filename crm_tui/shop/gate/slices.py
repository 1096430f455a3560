"""Much work on the store in many short transactions: no other writer waits long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.progress import Progress

SLICE_SECONDS = 0.055
"""How long a slice may hold the store; the next one has so many rows more or fewer."""
GAP_SECONDS = 0.026
"""How long others have between two slices: SQLite lets a waiting writer look every 25 ms."""
FIRST = 200
LEAST, MOST = 50, 20_000
LOG_OCTETS = 16_000_000
"""The log may grow so long while unhurried work goes on: a page that many slices touch is brought from
it to its place once, not by each of them."""


def run(
    ctx: Context,
    name: str,
    after: int,
    end: int,
    do: Callable[[int, int], object],
    progress: Progress | None = None,
) -> bool:
    """Call `do(after, upto)` for slices of after < n ≤ end in turn, each in a transaction of the
    command `name`; False as soon as it returns False. `Progress` raises `Cancelled` between two."""
    size = FIRST
    while after < end:
        upto = min(after + size, end)
        began = ctx.clock.monotonic()
        with part(ctx, name):
            if do(after, upto) is False:
                return False
        size = next_size(size, ctx.clock.monotonic() - began)
        after = upto
        if progress is not None:
            progress.at(after, end)
        if after < end:
            breathe(ctx)
    return True


def next_size(size: int, took: float) -> int:
    """So many rows as should take SLICE_SECONDS; at most twice as many as the last time."""
    wanted = int(size * SLICE_SECONDS / took) if took > 0 else MOST
    return max(LEAST, min(wanted, size * 2, MOST))


def breathe(ctx: Context) -> None:
    """Let others have their turn, unless a transaction around all of it holds the store anyway."""
    if ctx.work is not None:
        return
    began = ctx.clock.monotonic()
    if ctx.store.log_size() > LOG_OCTETS:
        # It holds up no writer, so it is a part of their turn.
        ctx.store.checkpoint()
    rest = GAP_SECONDS - (ctx.clock.monotonic() - began)
    if rest > 0:
        ctx.clock.wait(rest)


@contextmanager
def unhurried(ctx: Context) -> Iterator[None]:
    """Slices need not be on the disk one by one: a power cut takes the last ones back together with
    what they wrote of how far they are, and they are done once more."""
    if ctx.work is not None:
        yield
        return
    # Beyond that a commit would bring the log to its place itself, and the next slice be cut for it.
    usual, ctx.store.log_octets = ctx.store.log_octets, 2 * LOG_OCTETS
    ctx.db.execute("PRAGMA synchronous=normal")
    try:
        yield
    finally:
        ctx.db.execute("PRAGMA synchronous=full")
        ctx.store.log_octets = usual
