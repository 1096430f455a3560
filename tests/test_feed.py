"""Watching the store: silent when idle, quick when somebody commits."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from crm_tui.clock import SystemClock
from crm_tui.feed import Watcher
from crm_tui.store import Store
from tests.peers import crm, founded, until


class Counted(Store):
    """A store that keeps the statements of its connections."""

    def __init__(self, path: Path) -> None:
        self.statements: list[str] = []
        super().__init__(path)

    def _connect(self):  # type: ignore[no-untyped-def]
        database = super()._connect()
        database.conn.set_trace_callback(self.statements.append)
        return database


def _posted(posted: Sequence[object], number: int) -> bool:
    return len(posted) == number


def test_idle_and_told(tmp_path: Path) -> None:
    """An idle watcher asks only for data_version; each commit of another process is posted. How soon:
    `benchmarks/bench_idle.py`."""
    shop = founded(tmp_path / "toko")
    store = Counted(shop / "crm.db")
    posted: list[Mapping[str, frozenset[int]]] = []
    watcher = Watcher(store, SystemClock(), posted.append)
    watcher.start()
    # It has begun: the same is asked again and again.
    until(lambda: store.statements[-3:] == ["PRAGMA data_version"] * 3)
    store.statements.clear()
    until(lambda: len(store.statements) >= 3)
    assert set(store.statements) == {"PRAGMA data_version"}
    assert not posted
    # Another program commits.
    other = Store(shop / "crm.db")
    for number in range(1, 4):
        with other.transaction() as db:
            db.execute("INSERT INTO changes (topic, row_id) VALUES ('orders', 7)")
        until(partial(_posted, posted, number))
        assert posted[-1] == {"orders": frozenset({7})}
    crm(shop, "send", "+6281234567890", "Halo")
    until(lambda: any("messages" in changes for changes in posted[3:]))
    watcher.stop()
    other.close()
    store.close()


def test_many_changes_are_one_post(tmp_path: Path) -> None:
    """A burst is posted once, its rows together; a flood without its rows."""
    shop = founded(tmp_path / "toko")
    store = Store(shop / "crm.db")
    posted: list[Mapping[str, frozenset[int]]] = []
    watcher = Watcher(store, SystemClock(), posted.append)
    watcher.start()
    with store.transaction() as db:
        db.conn.executemany(
            "INSERT INTO changes (topic, row_id) VALUES ('orders', ?)", [(n,) for n in range(1000)]
        )
    until(lambda: posted)
    assert posted == [{"orders": frozenset(range(1000))}]
    with store.transaction() as db:
        db.conn.executemany(
            "INSERT INTO changes (topic, row_id) VALUES ('items', ?)", [(n,) for n in range(6000)]
        )
    until(lambda: len(posted) > 1)
    assert posted[1:] == [{"items": frozenset()}]
    watcher.stop()
    store.close()
