"""What the head office has for this branch: fetched some rows at a time, and taken into the store.

    crm.downs(cursor, …) ─▶ branches.take: rows and cursor in one transaction ─▶ crm.downs(cursor, …)

An answer that got lost, or a process that died, only means that rows come again: the store leaves out
what it has. Of another head office, or of one that was restored (`lineage`), all rows come from the
beginning; what they say is in the store under keys, and counts once.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from crm_tui.replication import batch_down, enrolling, up
from crm_tui.replication.batch_down import CarriedTooFar
from crm_tui.replication.line import Hello, Line
from crm_tui.shop.branches import applying, identity
from crm_tui.shop.branches.applying import Down
from crm_tui.shop.gate import input_files
from crm_tui.shop.gate.context import CHAIN, Context

AT_ONCE = 200
"""Rows of one transaction: it holds up the counter for some ten milliseconds."""
MOST_OCTETS = 2_000_000
"""A body that is longer is not looked at."""

Fetch = Callable[[int, int], Sequence[Sequence[Any]]]
"""Rows behind a number, at most so many: (seq, kind, key, body, at), in order."""


def take(ctx: Context, line: Line, hello: Hello) -> int:
    """All that waits at the head office; how many rows. Raises `ChainProblem`, `StoreProblem`."""
    return take_all(ctx, hello.lineage, line.downs)


def take_all(ctx: Context, lineage: str, fetch: Fetch) -> int:
    """All that `fetch` gives, from the line or from a file; how many rows were new."""
    office = ctx.acting(CHAIN)
    taken = 0
    while True:
        before = applying.cursor(office, lineage)
        rows = [_row(*row) for row in fetch(before, AT_ONCE)]
        if not rows:
            return taken
        taken += applying.take(office, lineage, rows, rows[-1].seq).rows
        if applying.cursor(office, lineage) <= before:
            # It gives what is behind us, again and again.
            return taken


def take_file(ctx: Context, path: Path) -> int:
    """All that the head office has written into a file (`office give`); how many rows were new. Raises
    `CarriedDamaged`, `CarriedForAnother`, `CarriedTooFar`, `NotEnrolled`, `OSError`."""
    own = identity.required(ctx)
    input_files.check(path)
    office = (enrolling.address(ctx).folder / "office.crt").read_text("utf-8")
    file = batch_down.opened(path, office, own.number)
    if _put_back(ctx, file):
        up.begin_anew(ctx.acting(up.ACTOR))
    before = applying.cursor(ctx, file.lineage)
    if before < file.after:
        raise CarriedTooFar(file=path.name)
    taken = take_all(ctx, file.lineage, file.fetch)
    if before < file.upto:
        applying.take(ctx.acting(CHAIN), file.lineage, [], file.upto)
        upto, digest = file.upto, ""
        if file.rows:
            upto, digest = file.rows[-1][0], _digest(file.rows[-1])
        up.carried(ctx.acting(up.ACTOR), file.at, upto, digest)
    return taken


def _digest(row: batch_down.Row) -> str:
    told = json.dumps(row[:4], sort_keys=True)
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _put_back(ctx: Context, file: batch_down.Carried) -> bool:
    """Whether the office's database was put back as it was before a file that came from it: this one,
    written later, goes less far, or has another row under the number of that one's last. Its new rows
    have numbers that were taken already, then."""
    at, upto, digest = up.told(ctx).carried
    if not applying.cursor(ctx, file.lineage) or not at or file.at <= at:
        return False
    same = next((row for row in file.rows if row[0] == upto), None)
    return file.upto < upto or bool(digest and same is not None and _digest(same) != digest)


def _row(seq: int, kind: str, key: str, body: Any, at: Any) -> Down:
    if len(json.dumps(body)) > MOST_OCTETS:
        body = None
    return Down(int(seq), str(kind), str(key)[:200], body, str(at))
