"""What others changed: one thread a process watches the store, and asks nothing while it is idle."""

import logging
import threading
from collections.abc import Callable, Mapping

from crm_tui import sqlite
from crm_tui.clock import Clock
from crm_tui.store import Store, StoreProblem

log = logging.getLogger(__name__)

EVERY = 0.2
"""Seconds between two looks, unless somebody says that there is something to see."""

Changes = Mapping[str, frozenset[int]]
"""Row ids by topic."""

_AT_ONCE = 5_000


class Watcher:
    """Calls `post` with what was committed, by this process or another, from its own thread.

    More than 5,000 rows at once are posted without their ids: an empty set means "look anew".
    """

    def __init__(self, store: Store, clock: Clock, post: Callable[[Changes], None]) -> None:
        self._store = store
        self._clock = clock
        self._post = post
        self._stop = False
        self._wake = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)

    def start(self) -> None:
        """Watch from now on: what is committed after this returns is posted."""
        self._thread.start()
        self._ready.wait(10)

    def nudge(self) -> None:
        """Look now: somebody in this program has just committed something."""
        self._wake.set()

    def stop(self) -> None:
        self._stop = True
        self._wake.set()
        self._thread.join(5)

    def _watch(self) -> None:
        try:
            self._loop()
        finally:
            self._ready.set()
            self._store.close()

    def _loop(self) -> None:
        connection = self._store.db.conn
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        last = _last(connection)
        self._ready.set()
        while True:
            if self._clock.wait(EVERY, self._wake):
                self._wake.clear()
            if self._stop:
                return
            try:
                # The one question of an idle program; SQLite answers it from shared memory.
                seen = connection.execute("PRAGMA data_version").fetchone()[0]
                if seen == version:
                    continue
                version = seen
                last = self._tell(connection, last)
            except (sqlite.Error, StoreProblem):
                log.exception("watching the store failed")

    def _tell(self, connection: sqlite.Connection, last: int) -> int:
        rows = connection.execute(
            "SELECT seq, topic, row_id FROM changes WHERE seq > ? ORDER BY seq LIMIT ?",
            (last, _AT_ONCE + 1),
        ).fetchall()
        if not rows:
            return last
        if len(rows) > _AT_ONCE:
            topics = connection.execute("SELECT DISTINCT topic FROM changes WHERE seq > ?", (last,))
            self._post({row[0]: frozenset() for row in topics})
            return _last(connection)
        found: dict[str, set[int]] = {}
        for _, topic, row_id in rows:
            found.setdefault(topic, set()).add(row_id)
        self._post({topic: frozenset(ids) for topic, ids in found.items()})
        return int(rows[-1][0])


def _last(connection: sqlite.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0])
