"""Taking in files: checked and staged aside, looked at, then merged a slice at a time.

    file ─read, checked─▶ import.db ─preview─▶ "begin" ─slice─▶ store ─slice─▶ … ─▶ done
           holds up nobody                       │
                                                 └ from here on it is finished, if need be by
                                                   the next program that opens the shop

All or nothing without a long transaction: until the merge begins nothing of it is in the store, and
then every slice of it will be. Between two slices other writers have their turn.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from crm_tui import sqlite
from crm_tui.errors import Problem
from crm_tui.shop.gate import slices
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import Actor, Context
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports import choices as remembered
from crm_tui.shop.imports import files, taking_back, whose_file
from crm_tui.shop.imports.cut_off import ASIDE as ASIDE
from crm_tui.shop.imports.errors import AnswerUnknown, ImportLost, ImportRunning
from crm_tui.shop.imports.planning import planned, unanswered
from crm_tui.shop.imports.questions import Asks, Choices
from crm_tui.shop.imports.reading import below
from crm_tui.shop.imports.rows import Reader, Staged
from crm_tui.shop.imports.source import Line, Source
from crm_tui.shop.imports.staged import Difference as Difference
from crm_tui.shop.imports.staged import Kind as Kind
from crm_tui.shop.imports.staged import Preview as Preview
from crm_tui.shop.imports.staged import Staging as Staging
from crm_tui.shop.imports.staged import kind_of as kind_of
from crm_tui.store import StoreProblem

_MOST_REFUSED = 30_000
"""So many are listed: of a workbook's octets in memory (`parts`) they must be a small part."""
_SAMPLES = 3
_CACHE = -48_000
"""KiB (negative: SQLite's way of saying so) of the store's pages that a merge keeps in memory: rows go
to all places of the indexes."""


@contextmanager
def _aside(ctx: Context, path: Path) -> Iterator[None]:
    """The rows of the file as aside.staged."""
    # What lies aside is written before anything of the shop is: the one who looks leaves rows out.
    ctx.store.may_write()
    ctx.db.execute("ATTACH DATABASE ? AS aside", (str(path),))
    kept = ctx.db.execute("PRAGMA cache_size").fetchone()[0]
    ctx.db.execute(f"PRAGMA cache_size={_CACHE}")

    def detach() -> None:
        ctx.db.execute(f"PRAGMA cache_size={kept}")
        # A disk that is full tells so elsewhere, and a transaction around it detaches it later.
        with suppress(StoreProblem, sqlite.OperationalError):
            # Holds up nobody; else the next writer would have to bring it all to its place.
            ctx.store.checkpoint()
        with suppress(sqlite.OperationalError):
            ctx.db.execute("DETACH DATABASE aside")

    try:
        yield
    finally:
        if ctx.work is None:
            detach()
        else:
            # A transaction around it holds it as long as it lasts.
            ctx.work.after.append(detach)


def stage(
    ctx: Context, kind: Kind, path: Path, progress: Progress | None = None,
    choices: Choices | None = None,
) -> Staging:  # fmt: skip
    """Read and check a file, and look at what it would do. Raises an `ImportProblem`: `RowsRefused`
    names each bad line, `QuestionsOpen` what must be answered; `Cancelled`, `ImportRunning`,
    `NotAllowed`."""
    made = examine(ctx, kind, path, progress, choices)
    try:
        made.raise_if_bad()
    except BaseException:
        made.close()
        raise
    return made


def examine(
    ctx: Context, kind: Kind, path: Path, progress: Progress | None = None,
    choices: Choices | None = None,
) -> Staging:  # fmt: skip
    """The same, also of a file that cannot be taken as it is: what was understood of it, what is asked
    and which lines are refused stand in what comes back."""
    progress = progress or Progress()
    whose_file.require(ctx, kind.name, path)
    seen = files.look(path, progress)
    source = files.opened(path, seen, progress)
    made = _begun(ctx, kind, path.name)
    try:
        made.choices = choices or Choices()
        _plan(ctx, made, source)
        made.digest = seen.digest
        if made.plan is not None and len(source.sheets) > 1:
            # A workbook with a sheet a month is as many books.
            sheet = made.plan.sheet
            made.label = f"{path.name} ({sheet})"
            made.digest = hashlib.sha256(f"{seen.digest}\n{sheet}".encode()).hexdigest()
        _read(ctx, made, source, progress)
    except BaseException:
        made.close()
        raise
    finally:
        source.close()
    return made


def _plan(ctx: Context, made: Staging, source: Source) -> None:
    """Understand the file with what was chosen, now or for an earlier file with these headings."""
    columns = made.kind.columns
    made.asks = Asks(made.choices.answers)
    plan = planned(columns, source, made.file, made.choices, made.asks)
    earlier = unanswered(
        remembered.earlier(ctx, made.kind.name, plan), plan.headings, made.choices.answers
    )
    if earlier and not made.choices.columns:
        made.choices = Choices(made.choices.sheet, earlier, made.choices.answers)
        made.asks = Asks(made.choices.answers)
        plan = planned(columns, source, made.file, made.choices, made.asks)
    now = made.choices.columns
    made.remembered = any(now.get(at) == name for at, name in earlier.items())
    made.plan = plan


def _read(ctx: Context, made: Staging, source: Source, progress: Progress) -> None:
    plan, kind = made.plan, made.kind
    assert plan is not None
    if plan.missing or made.open_questions:
        return
    about, settled = source.about(plan.sheet), dict(made.choices.answers)
    planning_questions = dict(made.asks.questions)
    for _ in range(_READINGS):
        made.asks = Asks(settled)
        made.asks.questions.update(planning_questions)
        reader = made.reader = kind.reader(ctx, plan, made.asks, source.epoch)
        reader.of_source(source)
        made.left, made.refused = reader.left, []
        made.total = made.unlisted = 0
        rows = _records(made, reader, below(source, plan))
        made.stage(rows, about=about, progress=progress)
        certain = {key: answer for key, answer in reader.certain().items() if key not in settled}
        if not certain:
            break
        settled.update(certain)
    _refuse_unknown_answers(made)
    made.count = made.total
    # Even if something is open: a user who is asked or refused twice loses patience.
    _preview(ctx, made)


_READINGS = 3


def _refuse_unknown_answers(made: Staging) -> None:
    for key, answer in made.choices.answers.items():
        question = made.asks.questions.get(key)
        if question is not None and answer not in question.answers:
            raise AnswerUnknown(answer=f"{key}={answer}")


def _records(made: Staging, reader: Reader, lines: Iterable[Line]) -> Iterator[tuple[int, Staged]]:
    """The rows to be staged; those that are refused are kept."""
    read, refused = reader.read, made.refused
    samples = made.samples = []
    for line, cells in lines:
        values = read(line, cells)
        if values is None:
            continue
        if isinstance(values, Problem):
            if len(refused) < _MOST_REFUSED:
                # What it was raised in would be kept with it, row and all.
                refused.append((line, values.with_traceback(None)))
            else:
                made.unlisted += 1
            continue
        if len(samples) < _SAMPLES and reader.is_sample(values):
            samples.append((line, values))
        yield line, values


def _preview(ctx: Context, made: Staging) -> None:
    """Look at what merging would do."""
    with _aside(ctx, made.path):
        made.preview, bad = made.kind.preview(ctx, made)
        made.count = ctx.db.execute("SELECT count(*) FROM aside.staged").fetchone()[0]
    made.refused += bad
    made.refused.sort(key=lambda each: each[0])


def stage_rows(
    ctx: Context, kind: Kind, file: str, rows: Sequence[tuple[int, Staged]],
    progress: Progress | None = None,
) -> Staging:  # fmt: skip
    """The same with rows that were checked already. Raises `RowsRefused`."""
    made = _begun(ctx, kind, file)
    try:
        made.stage(rows, about=len(rows), progress=progress or Progress())
        made.count = made.total
        _preview(ctx, made)
        made.raise_if_bad()
    except BaseException:
        made.close()
        raise
    return made


def _begun(ctx: Context, kind: Kind, file: str) -> Staging:
    """Be the only import, and finish the one that was cut off."""
    made = Staging(ctx, kind, file)
    made.lock()
    try:
        finish(ctx, made)
        # What is on its way out is not there already.
        taking_back.finish(ctx)
    except BaseException:
        made.close(keep=True)
        raise
    return made


def merge(ctx: Context, staging: Staging, progress: Progress | None = None) -> Preview:
    """Take in what is staged; what that did. Raises `NotAllowed`, `Cancelled`; afterwards it is
    finished whatever happens."""
    progress = progress or Progress()
    try:
        staging.raise_if_bad()
        progress.begin_final()
        staging.note_asked()
        staging.to_the_disk()
        staging.kind.begin(ctx, staging)
    except BaseException:
        # It may have begun all the same, and then it is finished by the next.
        staging.close(keep=_has_begun(ctx))
        raise
    _finish_and_close(ctx, staging, progress)
    return staging.preview


def _finish_and_close(ctx: Context, staging: Staging, progress: Progress | None = None) -> None:
    done = False
    try:
        finish(ctx, staging, progress)
        done = True
    finally:
        staging.close(keep=not done)


def _has_begun(ctx: Context) -> bool:
    found = ctx.db.execute("SELECT 1 FROM imports WHERE status = 'merging'").fetchone()
    return found is not None


def resume(ctx: Context) -> None:
    """Finish an import that was cut off, and throw away what lies aside for nothing, if nobody is at
    it. Every program that opens the shop calls it, if `cut_off.found` says so."""
    staging = Staging(ctx, Kind(), "")
    back = taking_back.begun(ctx)
    if not staging.path.exists() and not _has_begun(ctx) and not back:
        return
    with suppress(ImportRunning):
        staging.lock()
        staging.throw_away_rubbish()
        _finish_and_close(ctx, staging)
    if back:
        taking_back.resume(ctx)


def finish(ctx: Context, staging: Staging, progress: Progress | None = None) -> None:
    """Merge all slices that are left of the import that has begun, if there is one."""
    row = ctx.db.execute("SELECT * FROM imports WHERE status = 'merging'").fetchone()
    if row is None:
        return
    kind = kind_of(row["kind"])
    actor = Actor(row["actor_kind"], row["actor"], row["user_id"])
    # In the name of the user who began it; within the same transaction, if there is one around it.
    own = ctx if actor == ctx.actor else ctx.acting(actor)
    if not staging.path.exists():
        # What came in of it counts as that of any other.
        kind.ended(own)
        _end(own, row, kind, "lost")
        raise ImportLost(file=row["file"])
    with _aside(own, staging.path):
        withheld = staging.withheld(own, kind)

        def merge_slice(after: int, upto: int) -> None:
            if withheld:
                kind.withhold(own, withheld, after, upto)
            new, changed = kind.merge(own, row["file"], after, upto)
            own.db.execute(
                "UPDATE imports SET merged = ?, new = new + ?, changed = changed + ? WHERE id = ?",
                (upto, new, changed, row["id"]),
            )

        name = f"imports.{kind.name}"
        with slices.unhurried(own):
            slices.run(own, name, row["merged"], row["total"], merge_slice, progress)
            kind.ended(own)
        _end(own, row, kind, "done")


def _end(ctx: Context, row: sqlite.Row, kind: Kind, status: str) -> None:
    with part(ctx, f"imports.{kind.name}"):
        ctx.db.execute(
            "UPDATE imports SET status = ?, ended_at = ? WHERE id = ?", (status, ctx.at, row["id"])
        )
        found = ctx.db.execute(
            "SELECT total, new, changed FROM imports WHERE id = ?", (row["id"],)
        ).fetchone()
        ctx.record(f"import {row['file']}", None, {"import": status, **dict(found)})
        ctx.changed("imports", row["id"])
