"""The shop's file: what cannot be used is told in a sentence, and not harmed."""

import hashlib
import os
import re
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crm_tui import schema, sqlite
from crm_tui import store as store_module
from crm_tui.clock import SystemClock
from crm_tui.shop.users import setup
from crm_tui.store import (
    DiskFull,
    Store,
    StoreCorrupt,
    StoreForeign,
    StoreLocked,
    StoreMissing,
    StoreNewer,
    StoreProblem,
    StoreReadOnly,
)
from tests.shop import Shop


def made(folder: Path) -> Path:
    path = folder / "crm.db"
    store = Store(path, create=True)
    store.close()
    return path


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_new(tmp_path: Path, durable: None) -> None:
    """A new file is private, in WAL mode with full syncs and foreign keys."""
    path = made(tmp_path / "toko")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    store = Store(path)
    names = ("journal_mode", "synchronous", "foreign_keys", "application_id", "user_version")
    asked = [store.db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    assert asked == ["wal", 2, 1, schema.APPLICATION_ID, schema.VERSION]
    strict = store.db.execute(
        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0"
        " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlite%'"
    )
    assert strict.fetchone()[0] == 0
    store.close()


def test_each_migration_runs() -> None:
    """Each module of schema/ is a migration, and runs in the order of their numbers."""
    there = sorted(path.stem for path in Path(schema.__file__).parent.glob("v*.py"))
    assert [each.name for each in schema.migrations._migrations] == there, (
        "name it in _IN_ORDER of crm_tui/schema/__init__.py"
    )
    assert [int(name[1:4]) for name in there] == list(range(1, schema.VERSION + 1))


SHIPPED = {
    "v001_shop": "18f6905f", "v002_counter": "75fab142", "v003_day": "fdac0652",
    "v004_imports": "b323c5c0", "v005_ranking": "600787ec", "v006_rewards": "3815b60e",
    "v007_kept": "fc1faff7", "v008_reading": "f81e176d", "v009_time": "13c081c7",
    "v010_line": "7f534e70", "v011_talks": "64eff5f7", "v012_backups": "959945a6",
    "v013_upkeep": "97e116fe", "v014_balance": "07bb7d32", "v015_figures": "8d580ea7",
    "v016_files": "e2ad759c", "v017_strangers": "55de2ab4", "v018_till": "8c1e522a",
    "v019_permits": "b536656c", "v020_chain": "f449b8ff", "v021_privacy": "e6f40905",
    "v022_listed": "7cdeb2f4", "v023_foreman": "e3c23d0a", "v024_ship": "a8990a50",
    "v025_branches": "0cfd5324", "v026_erasing": "51ff18d1", "v027_counted": "a85d15cb",
    "v028_unlinked": "d2e06f5f", "v029_held": "096352cb", "v030_names": "7d312f04",
    "v031_stragglers": "d9badbc9", "v032_pins": "f271a8ba", "v033_begun": "d252658b",
    "v034_apart": "c0a66c56", "v035_turns": "4846b92e", "v036_blotted": "4b08272b",
    "v037_slips": "6ebf330f", "v038_erased": "ea0eb965", "v039_papers": "a983762a",
    "v040_powers": "0cb1ca9b",
    "v041_sorted": "a5ec0e02", "v042_moved": "f89aa3a3",
}  # fmt: skip
"""Marks of the migrations that shops have run."""


def test_no_shipped_migration_changes() -> None:
    """What shops have run stays as it was: who has run it never runs it again."""
    now = {
        path.stem: hashlib.blake2b(
            re.sub(r"(?m)^\s*#.*$|\s+", "", path.read_text("utf-8")).encode(), digest_size=4
        ).hexdigest()
        for path in Path(schema.__file__).parent.glob("v*.py")
    }
    *older, _newest = sorted(now)
    assert set(older) <= set(SHIPPED), f"pin it in SHIPPED: {set(older) - set(SHIPPED)}"
    changed = {name: mark for name, mark in now.items() if SHIPPED.get(name, mark) != mark}
    assert not changed, "write another migration; if it does the very same as before, pin it anew"


def test_missing(tmp_path: Path) -> None:
    """A shop that is not there is not made by the way."""
    with pytest.raises(StoreMissing):
        Store(tmp_path / "crm.db")
    assert not list(tmp_path.iterdir())


def test_newer(tmp_path: Path) -> None:
    """A file of a newer program is left alone."""
    path = made(tmp_path)
    connection = sqlite.connect(path)
    connection.execute(f"PRAGMA user_version={schema.VERSION + 1}")
    connection.close()
    before = fingerprint(path)
    with pytest.raises(StoreNewer):
        Store(path)
    assert fingerprint(path) == before


def test_foreign(tmp_path: Path) -> None:
    """Another program's file is left alone."""
    path = tmp_path / "crm.db"
    connection = sqlite.connect(path)
    connection.execute("CREATE TABLE theirs (a)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreForeign):
        Store(path)
    connection = sqlite.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]
    connection.close()


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_corrupt(tmp_path: Path, content: bytes) -> None:
    """A damaged file is left alone."""
    path = tmp_path / "crm.db"
    path.write_bytes(content)
    with pytest.raises(StoreCorrupt):
        Store(path)
    assert path.read_bytes() == content


def test_damaged_in_the_middle(tmp_path: Path) -> None:
    """Damage that shows only later is told the same way."""
    path = made(tmp_path)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(StoreCorrupt):
        _write(path)


def _write(path: Path) -> None:
    with Store(path).transaction() as db:
        db.execute("INSERT INTO settings VALUES ('a', 'b')")


def _write_and_fail(store: Store) -> None:
    with store.transaction() as db:
        db.execute("INSERT INTO settings VALUES ('a', 'b')")
        db.execute("INSERT INTO no_such_table VALUES (1)")


def test_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another program holds is told of after a while."""
    monkeypatch.setattr(store_module, "BUSY_SECONDS", 0.1)
    path = made(tmp_path)
    other = sqlite.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    store = Store(path)
    with pytest.raises(StoreLocked), store.transaction():
        pass
    other.execute("ROLLBACK")
    other.close()
    with store.transaction() as db:
        db.execute("INSERT INTO settings VALUES ('a', 'b')")
    store.close()


def test_full(tmp_path: Path) -> None:
    """A full disk is told of; what was committed before stays, the rest is as if never begun."""
    path = made(tmp_path)
    store = Store(path)
    pages = store.db.execute("PRAGMA page_count").fetchone()[0]
    with store.transaction() as db:
        db.execute("INSERT INTO settings VALUES ('a', 'b')")
    store.db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DiskFull), store.transaction() as db:
        db.execute("INSERT INTO settings VALUES ('c', ?)", ("x" * 100_000,))
    assert [row[0] for row in store.db.execute("SELECT key FROM settings")] == ["a"]
    store.close()


def test_read_only(tmp_path: Path) -> None:
    """A file that must not be written is told of when something is to be written."""
    path = made(tmp_path)
    store = Store(path)
    with store.transaction():
        pass
    store.db.execute("PRAGMA query_only=on")
    with pytest.raises(StoreReadOnly), store.transaction() as db:
        db.execute("INSERT INTO settings VALUES ('a', 'b')")
    store.close()


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user who is not the superuser, because that one may write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_folders_without_rights() -> None:
    """A folder or a file that must not be written is told of, and is as it was."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "toko"
        path = made(folder)
        before = fingerprint(path)
        path.chmod(0o444)
        for each in (folder, Path(place)):
            each.chmod(0o555)
        with without_rights():
            with pytest.raises(StoreReadOnly):
                Store(Path(place) / "baru" / "crm.db", create=True)
            with pytest.raises(StoreReadOnly):
                _write(path)
        for each in (folder, Path(place)):
            each.chmod(0o755)
        assert fingerprint(path) == before
        assert {each.name for each in folder.iterdir()} == {
            "crm.db",
            "crm.db-sums",
            "crm.db-sums.lock",
        }


def test_opened_by_many_at_once(tmp_path: Path) -> None:
    """Several threads that make and open the same file at once all get it."""
    path = tmp_path / "crm.db"
    troubles: list[BaseException] = []

    def open_it() -> None:
        try:
            store = Store(path, create=True)
            with store.transaction() as db:
                db.execute("INSERT INTO counters VALUES (?, 1)", (threading.current_thread().name,))
            store.close()
        except (StoreProblem, sqlite.Error) as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles


def test_rolled_back(tmp_path: Path) -> None:
    """What fails in the middle leaves nothing."""
    store = Store(made(tmp_path))
    with pytest.raises(sqlite.OperationalError):
        _write_and_fail(store)
    assert not store.db.execute("SELECT * FROM settings").fetchall()
    store.close()


def test_second_init_changes_nothing(tmp_path: Path) -> None:
    """A shop is founded once."""
    from crm_tui.shop.users.errors import ShopExists

    setup.init(
        tmp_path, SystemClock(), shop="A", admin="bos", password="kuda lumping"
    ).store.close()
    with pytest.raises(ShopExists):
        setup.init(tmp_path, SystemClock(), shop="B", admin="bos", password="kuda lumping")


def test_opening_writes_nothing(shop: Shop) -> None:
    """A connection more to a store that is there changes nothing in it."""
    before = shop.one("PRAGMA data_version")
    other = Store(shop.ctx.store.path)
    assert other.db.execute("SELECT count(*) FROM items").fetchone()[0]
    other.close()
    assert shop.one("PRAGMA data_version") == before
    assert shop.one("PRAGMA auto_vacuum") == 2


def test_what_is_deleted_is_gone(shop: Shop) -> None:
    """What was deleted, few rows or so many that whole pages become free, stands nowhere in the store's
    file any more, once the log is in its place."""
    with shop.ctx.store.transaction() as db:
        for number in range(600):
            db.execute("INSERT INTO same_words (words, at, actor) VALUES (?, '', '')",
                       (f"rahasia{number} " * 20,))  # fmt: skip
    shop.ctx.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"rahasia" in shop.ctx.store.path.read_bytes()
    with shop.ctx.store.transaction() as db:
        db.execute("DELETE FROM same_words")
    assert shop.one("PRAGMA freelist_count") > 20
    shop.ctx.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"rahasia" not in shop.ctx.store.path.read_bytes()
