"""A shop becomes a branch: what the head office made for it is taken in, and what changes is
watched.

The key, the certificate and the office's own lie beside the key of the ledgers (`secret`), outside
of the shop's folder: whoever has a copy of the folder is not the branch. The store knows its
number, its name and where the office is."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crm_tui import atomic_file, secret
from crm_tui.replication import change_capture, errors, sealing
from crm_tui.replication.line import Address
from crm_tui.shop.backups import places
from crm_tui.shop.branches import ending_again
from crm_tui.shop.gate import input_files
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import points, travelling

_FILES = ("branch.key", "branch.crt", "office.crt")
_WORDS = "words.json"


@dataclass(frozen=True)
class Enrolment:
    """What the office made for a branch. `key`, `certificate`, `office_certificate`: PEM."""

    branch: int
    name: str
    role: str
    host: str
    port: int
    database: str
    key: str
    certificate: str
    office_certificate: str


def opened(file: Path, passphrase: str) -> Enrolment:
    """The enrolment in a file. Raises what `sources.check` does, `sealing.NotAnEnrolment`,
    `sealing.WrongPassphrase`, `sealing.SealingMissing`, `EnrolmentWrong`."""
    input_files.check(file)
    try:
        told = sealing.opened(file, passphrase)
        return Enrolment(
            int(str(told["branch"])), str(told["name"]), str(told["role"]), str(told["host"]),
            int(str(told["port"])), str(told["database"]), str(told["key"]),
            str(told["certificate"]), str(told["office_certificate"]),
        )  # fmt: skip
    except (OSError, ValueError) as trouble:
        raise errors.EnrolmentWrong(file=file, why=trouble) from trouble


def folder_of(ctx: Context) -> Path:
    """Where this computer keeps the keys of this shop's branch. Raises `NotEnrolled`."""
    row = ctx.db.execute("SELECT branch FROM chain").fetchone()
    if row is None:
        raise errors.NotEnrolled()
    return _folder(ctx, row[0])


def _folder(ctx: Context, branch: int) -> Path:
    """A store that was copied is the same shop, and may be another branch: each has keys of its own."""
    before = secret.path().parent / f"chain-{places.shop_id(ctx)}"
    found = before.with_name(f"{before.name}-{branch}")
    if not found.exists():
        # As earlier programs had it.
        with suppress(OSError, ValueError, KeyError, TypeError):
            if json.loads((before / _WORDS).read_text("utf-8"))["branch"] == branch:
                before.rename(found)
    return found


@command("replication.enrol", "settings.edit")
def enrol(ctx: Context, made: Enrolment) -> None:
    """Make this shop the branch that the office has made, and watch over its changes from now on.
    Once more for the same branch: a new key. Raises `EnrolledAlready`, `KeysUnkept`."""
    before = ctx.db.execute("SELECT branch, name FROM chain").fetchone()
    if before is not None and before["branch"] != made.branch:
        raise errors.EnrolledAlready(name=before["name"])
    _keep_keys(_folder(ctx, made.branch), made, ctx.store.path)
    office = f"{made.host}:{made.port}/{made.database}"
    ctx.db.execute(
        "INSERT INTO chain (id, branch, name, office, enrolled_at) VALUES (1, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, office = excluded.office,"
        " fresh = 1, trouble = '', trouble_at = NULL",
        (made.branch, made.name, office, ctx.at),
    )
    change_capture.make_triggers(ctx)
    if before is None and _has_left(ctx):
        # Whether they are there is known when a round has come to its end.
        ending_again.end_again(ctx)
        travelling.fetch_back(ctx, _left_in(made.branch))
        change_capture.note_erased(ctx)
    ctx.record("chain", None, {"branch": made.branch, "name": made.name, "office": office})
    ctx.changed("chain", 0)


def _has_left(ctx: Context) -> bool:
    row = ctx.db.execute("SELECT 1 FROM audit WHERE command = 'replication.leave'").fetchone()
    return row is not None


def _left_in(branch: int) -> str:
    """The note of points that stay where the branch's rows are."""
    return f"chain {branch}"


@command("replication.leave", "settings.edit")
def leave(ctx: Context) -> int:
    """Belong to no chain any more: nothing is watched, and the key goes; how many points of customers
    stay there, for a branch that was closed, or may have been. Raises `NotEnrolled`."""
    name, folder = enrolled(ctx), folder_of(ctx)
    left = _leave_points(ctx)
    # None where no row went out: then another number is as good (`identity.number_before`).
    office = ctx.db.execute(
        "SELECT CASE WHEN met_at IS NOT NULL OR EXISTS (SELECT 1 FROM chain_tokens) THEN office END"
        " FROM chain"
    ).fetchone()[0]
    change_capture.drop_triggers(ctx)
    ctx.db.execute("DELETE FROM ship")
    ctx.db.execute("DELETE FROM chain")
    ctx.db.execute("DELETE FROM chain_tokens")

    def forget() -> None:
        if _is_another_s(folder, ctx.store.path):
            return
        for file in (*_FILES, _WORDS):
            with suppress(OSError):
                (folder / file).unlink()

    assert ctx.work is not None, "within a command"
    ctx.work.after.append(forget)
    stay = {"points": left} if left else {}
    ctx.record("chain", {"branch": name, "office": office}, {"branch": None, **stay})
    ctx.changed("chain", 0)
    return left


def _leave_points(ctx: Context) -> int:
    """What a branch that was closed, or may have been, has sent of its points lies at the office; the
    rest stays here."""
    if points.kept_back(ctx) is None:
        return 0
    row = ctx.db.execute(
        "SELECT branch, coalesce(closed_at, met_at, '') AS until,"
        " json_extract(told, '$.epoch') AS epoch,"
        # What went out and was not answered counts as sent: points lie in one place, not in two.
        " max(coalesce(json_extract(told, '$.marks.point_lots[0]'), 0),"
        " coalesce(json_extract(told, '$.sent'), 0)) AS last"
        " FROM chain LEFT JOIN branch_names USING (branch)"
    ).fetchone()
    # Of files of an older program, or what another epoch's store sent, nothing says how far they went
    # but when it was told, or met the office last.
    until = "" if row["epoch"] == places.epoch(ctx) else row["until"]
    return travelling.leave_behind(ctx, row["last"], until, note=_left_in(row["branch"]))


def unanswered(ctx: Context) -> int:
    """How many of the points that stay with the office when this branch leaves went out in what it has
    not said that it has."""
    if points.kept_back(ctx) is None:
        return 0
    row = ctx.db.execute(
        "SELECT coalesce(sum(rest), 0) FROM point_lots, chain WHERE point_lots.id"
        " > coalesce(json_extract(told, '$.marks.point_lots[0]'), 0)"
        " AND point_lots.id <= json_extract(told, '$.sent')"
    ).fetchone()
    return int(row[0])


def enrolled(ctx: Context) -> str:
    """The branch's name. Raises `NotEnrolled`."""
    row = ctx.db.execute("SELECT name FROM chain").fetchone()
    if row is None:
        raise errors.NotEnrolled()
    return str(row[0])


def address(ctx: Context) -> Address:
    """Where the office is, and the keys to it. Raises `NotEnrolled`, `KeyMissing`."""
    name, folder = enrolled(ctx), folder_of(ctx)
    try:
        words = json.loads((folder / _WORDS).read_text("utf-8"))
        complete = all((folder / file).exists() for file in _FILES)
        found = Address(
            name, str(words["host"]), int(words["port"]), str(words["database"]),
            str(words["role"]), folder,
        )  # fmt: skip
    except (OSError, ValueError, KeyError) as trouble:
        raise errors.KeyMissing(name=name) from trouble
    if not complete:
        raise errors.KeyMissing(name=name)
    return found


def _is_another_s(folder: Path, store: Path) -> bool:
    """Whether the keys are those of a store that this one is a copy of: it goes on with them."""
    try:
        whose = Path(json.loads((folder / _WORDS).read_text("utf-8"))["store"])
        return whose != store.resolve() and whose.exists()
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _keep_keys(folder: Path, made: Enrolment, store: Path) -> None:
    """Each file whole or not at all, readable by its owner alone: libpq refuses others."""
    words = {name: getattr(made, name) for name in ("host", "port", "database", "role", "branch")}
    words["store"] = str(store.resolve())
    texts = {
        "branch.key": made.key, "branch.crt": made.certificate,
        "office.crt": made.office_certificate, _WORDS: json.dumps(words),
    }  # fmt: skip
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, text in texts.items():
            atomic_file.write(folder / name, text.encode())
    except OSError as trouble:
        raise errors.KeysUnkept(folder=folder, why=trouble.strerror or trouble) from trouble
