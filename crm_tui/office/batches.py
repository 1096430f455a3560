"""Batches that branches write into files, taken in; and what goes down, written into one.

The office acts for the branch then (`crm.acting_for`), by the same functions as the branch does over
the line: what a file may do, a line may, and nothing more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.types.json import Jsonb

from crm_tui import atomic_file
from crm_tui.clock import Clock, stamp
from crm_tui.errors import N_, Problem
from crm_tui.office import administering, certificates
from crm_tui.office.database import Connection, Office
from crm_tui.office.errors import BranchIsClosed, OfficeProblem, OfficeUnwritable
from crm_tui.replication import batch_down, batch_up, errors, following, line
from crm_tui.replication.line import Hello
from crm_tui.replication.reading import NONE, Mark
from crm_tui.shipped import CHANGES, LEDGERS
from crm_tui.shop.gate import input_files, output_files


class NoBatch(OfficeProblem):
    text = N_(
        "{file} is no batch of a branch of this office, it was changed on its way, or its key was"
        " revoked."
    )


@dataclass(frozen=True)
class Taken:
    """What a file has brought."""

    name: str
    rows: int


def take(office: Office, path: Path) -> Taken:
    """Take a branch's file in, as far as it is new; a batch a commit. Raises `NoBatch`, `BatchDamaged`,
    `BatchMissing`, `HistoryProblem`, `OfficeUnwritable`."""
    input_files.check(path)
    with office.connected() as connection:
        name, file = _opened(connection, path)
        hello = _hello(connection, file, name)
    head = file.head
    newest = head.epochs[-1]
    marks = {
        ledger.table: following.position(
            head.epochs, hello.marks, hello.epochs, hello.forked, ledger
        )[0]
        for ledger in LEDGERS
    }
    marks[CHANGES] = hello.marks.get((newest.number, CHANGES), NONE)
    if hello.open_epoch != newest.number:
        _begin(office, file, name, marks, hello.epochs)
    rows = 0
    for batch in file.batches():
        lacking = file.lacking(batch, marks)
        if lacking is None:
            continue
        with office.connected() as connection:
            _act(connection, head.branch)
            try:
                line.put(connection.cursor(), lacking)
            except psycopg.Error as trouble:
                raise _problem(trouble, name) from trouble
        rows += lacking.size
        administering.route(office, head.branch)
    with office.connected() as connection:
        connection.execute("SELECT crm.note_whole(%s)", (head.branch,))
        if head.heard is not None and head.heard[0] == hello.lineage:
            # What it spent before it heard came with this file at the latest.
            connection.execute("SELECT crm.has_heard(%s, %s)", (head.branch, head.heard[1]))
    return Taken(name, rows)


def _opened(connection: Connection, path: Path) -> tuple[str, batch_up.Opened]:
    """The file, signed by a key of the branch that it says it is of."""
    try:
        number = batch_up.claimed(path)
        rows = connection.execute(
            "SELECT name, certificate FROM crm.certificates JOIN crm.branches USING (branch)"
            " WHERE branch = %s AND revoked_at IS NULL",
            (number,),
        ).fetchall()
        for name, certificate in rows:
            found = batch_up.Opened(path, name, certificate)
            if found.head.branch == number:
                return name, found
    except OSError as trouble:
        raise OfficeUnwritable(file=path, why=trouble.strerror or trouble) from trouble
    except batch_up.BatchDamaged as trouble:
        raise NoBatch(file=path.name) from trouble
    raise NoBatch(file=path.name)


def _act(connection: Connection, branch: int) -> None:
    connection.execute("SELECT set_config('crm.acting_for', %s, true)", (str(branch),))


def _hello(connection: Connection, file: batch_up.Opened, name: str) -> Hello:
    head = file.head
    _act(connection, head.branch)
    try:
        # Its clock is not compared: the file was under way.
        row = connection.execute(
            "SELECT crm.hello(%s, %s, %s, NULL)", (head.shop, head.version, head.oldest)
        ).fetchone()
    except psycopg.Error as trouble:
        raise _problem(trouble, name) from trouble
    assert row is not None
    hello = line.hello_of(row[0])
    newest = head.epochs[-1].number
    if hello.open_epoch is not None and hello.open_epoch > newest:
        raise errors.EpochClosed(name=name)
    if hello.open_epoch is None and newest in hello.epochs:
        raise errors.EpochEnded(name=name)
    return hello


def _begin(
    office: Office, file: batch_up.Opened, name: str, marks: dict[str, Mark],
    known: Collection[int],
) -> None:  # fmt: skip
    newest = file.head.epochs[-1]
    common = {ledger.table: marks[ledger.table].last for ledger in LEDGERS}
    common |= following.after(file.head.epochs, known)
    with office.connected() as connection:
        _act(connection, file.head.branch)
        try:
            connection.execute(
                "SELECT crm.begin_epoch(%s, %s::text::timestamptz, %s)",
                (newest.number, newest.began_at, Jsonb(common)),
            )
        except psycopg.Error as trouble:
            raise _problem(trouble, name) from trouble


def _problem(trouble: psycopg.Error, name: str) -> Problem:
    code = trouble.sqlstate or ""
    if code == "CB004":
        return BranchIsClosed(name=name)
    made = errors.refusal(code, trouble.diag.message_detail)
    if made is None:
        raise trouble
    return made(name=name, office=name)


def give(office: Office, name: str, target: Path, clock: Clock, *, everything: bool = False) -> int:
    """Write what waits for a branch into a file, or all that was ever sent; how many rows. A
    file that was written before is replaced, and no other. Raises `BranchUnknown`, `BranchIsClosed`,
    `FileThere`, `OfficeUnwritable`."""
    output_files.check_kind(target, batch_down.MAGIC)
    with office.connected() as connection:
        branch = administering.branch(connection, name)
        if branch.closed:
            raise BranchIsClosed(name=branch.name)
        _act(connection, branch.number)
        told = connection.execute(
            "SELECT cursor, crm.lineage(), (SELECT last FROM crm.counter) FROM crm.branches"
            " WHERE branch = %s",
            (branch.number,),
        ).fetchone()
        assert told is not None
        after, lineage, upto = told
        after = 0 if everything else after
        rows = connection.execute(
            "SELECT seq, kind, key, body, at::text FROM crm.downs(%s, NULL) WHERE seq <= %s",
            (after, upto),
        ).fetchall()
    head = {"branch": branch.number, "lineage": lineage, "after": after, "upto": upto,
            "at": stamp(clock.now())}  # fmt: skip
    try:
        atomic_file.write(
            target, batch_down.written(head, rows, lambda it: certificates.sign(office.folder, it))
        )
    except OSError as trouble:
        raise OfficeUnwritable(file=target, why=trouble.strerror or trouble) from trouble
    return len(rows)
