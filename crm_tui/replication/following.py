"""Where the next rows of a ledger follow, by the epochs of a store and the marks of the office.

A store's epochs are a path: each has rows in common with the one before, up to its marks, and new ones
behind. Rows go up in the order of their numbers, so what the office has of this store is what it has
of the newest epoch that it knows, or what that epoch shares with the next one of the path. Whatever is
behind goes as the newest epoch's: nothing is ever sent for one that is closed. Two copies of a store
may both go on as the branch, one after the other; of what they share, the second one asks (`forking`).
"""

from collections.abc import Collection, Mapping, Sequence

from crm_tui.replication.reading import NONE, Epoch, Mark
from crm_tui.shipped import Ledger


def after(path: Sequence[Epoch], known: Collection[int]) -> dict[str, int]:
    """What is said beside what the newest epoch of a store has in common with others: which one of
    those that the office knows is before it (`after`), for the office may have heard of later ones, of
    a backup that was restored and given up; and whether it was asked for each row, of those, too
    (`asked`)."""
    before = max((each.number for each in path[:-1] if each.number in known), default=0)
    return {"after": before} | ({"asked": 1} if path[-1].forked else {})


def position(
    path: Sequence[Epoch],
    marks: Mapping[tuple[int, str], Mark],
    known: Collection[int],
    forked: bool,
    ledger: Ledger,
) -> tuple[Mark, tuple[int, Mark] | None]:
    """Behind which mark the next rows follow, and the epoch and mark whose row must be this store's own
    (None: the office knows more, or nothing). `known`: the epochs that the office has heard of."""
    # What a copy has in common with the branch that it is a copy of, that branch has sent.
    first = min(known, default=path[-1].number) if forked else None
    limit: int | None = None
    for epoch in reversed(path):
        mark = marks.get((epoch.number, ledger.table))
        if mark is not None and mark.last:
            if limit is not None and mark.last > limit:
                # The office knows more of the history that this store was restored out of.
                return Mark(limit, b""), None
            asked = (epoch.number, mark) if mark.digest else None
            return (mark if epoch is path[-1] else Mark(mark.last, b"")), asked
        common = ledger.common(epoch.marks)
        limit = common if limit is None else min(limit, common)
        if epoch.number == first or (epoch.forked and epoch.number in known):
            return Mark(limit, b""), None
    return NONE, None
