"""Watching the store: silent when idle, quick when somebody commits."""

import threading
import time
from collections.abc import Mapping
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


def test_idle_and_told(tmp_path: Path) -> None:
    """An idle watcher asks only for data_version; another process's commit is posted in 0.3 s."""
    shop = founded(tmp_path / "toko")
    store = Counted(shop / "crm.db")
    posted: list[tuple[float, Mapping[str, frozenset[int]]]] = []
    came = threading.Event()

    def post(changes: Mapping[str, frozenset[int]]) -> None:
        posted.append((time.monotonic(), changes))
        came.set()

    watcher = Watcher(store, SystemClock(), post)
    watcher.start()
    time.sleep(0.2)
    store.statements.clear()
    time.sleep(1.0)
    assert store.statements
    assert set(store.statements) == {"PRAGMA data_version"}
    assert not posted
    # Another process commits.
    other = Store(shop / "crm.db")
    waits = []
    for _ in range(10):
        came.clear()
        with other.transaction() as db:
            db.execute("INSERT INTO changes (topic, row_id) VALUES ('orders', 7)")
        began = time.monotonic()
        assert came.wait(2)
        waits.append(posted[-1][0] - began)
        assert posted[-1][1] == {"orders": frozenset({7})}
    # A busy test machine may hold one of them up; the usual one it does not.
    assert sorted(waits)[7] < 0.3
    came.clear()
    crm(shop, "send", "+6281234567890", "Halo")
    assert came.wait(2)
    assert "messages" in posted[-1][1]
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
