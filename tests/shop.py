"""A small shop for tests: its store, its clock, its simulated modem, its customers."""

import atexit
import functools
import heapq
import itertools
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui import gateway
from crm_tui.gateway import Gateway
from crm_tui.gsm import ports
from crm_tui.gsm.line import Line
from crm_tui.practice.clock import EventClock
from crm_tui.shop.gate import folder as gate_folder
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.sales.cart import Cart, CartLine
from crm_tui.shop.users import setup
from crm_tui.simulator import registry
from crm_tui.simulator.commands import SimulatedModem
from crm_tui.simulator.protocol_sim import Serial
from crm_tui.store import Store

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ITEMS = Path(__file__).parent / "items.csv"
ANI, BUDI, CITRA = "+6281100000001", "+6281100000002", "+6281100000003"

_names = itertools.count()


def found(folder: Path, clock: EventClock, store: Path | None = None) -> Context:
    """A shop with the items of tests/items.csv, or as it is in another `store`. Founding one takes a
    while: it is done once in a process, and copied."""
    if clock.now() != START and store is None:
        return _found(folder, clock)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(store or _template(), gate_folder.store_path(folder))
    return _writable(Store(gate_folder.store_path(folder)), clock)


def _writable(store: Store, clock: EventClock) -> Context:
    """Tests write beside the commands, which a connection does only after its first transaction."""
    store.may_write()
    return Context(store, clock, console())


@functools.cache
def _template() -> Path:
    # Kept for as long as the process lives; the folder goes with it.
    made = tempfile.TemporaryDirectory(prefix="crm-tui-")
    atexit.register(made.cleanup)
    ctx = _found(Path(made.name), EventClock(START))
    ctx.store.close()
    return gate_folder.store_path(Path(made.name))


def _found(folder: Path, clock: EventClock) -> Context:
    ctx = setup.init(folder, clock, shop="Toko Uji", admin="bos", password="harimau-bos")
    import_items.apply(ctx, import_items.read_file(ITEMS), ITEMS.name)
    return ctx


class CountingClock(EventClock):
    """Appointments are kept by the count of seconds, wherever the wall clock leaps to."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._counted: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        due = self.monotonic() + (moment - self.now()).total_seconds()
        heapq.heappush(self._counted, (due, next(self._numbers), act))

    def due_in(self) -> float | None:
        left = super().due_in()
        if not self._counted:
            return left
        counted = max(0.0, self._counted[0][0] - self.monotonic())
        return counted if left is None else min(left, counted)

    def wait(self, seconds: float, until: threading.Event | None = None) -> bool:
        done = super().wait(seconds, until)
        # What a sum of many waits falls short of is not waited for.
        while self._counted and self._counted[0][0] <= self.monotonic() + 1e-6:
            heapq.heappop(self._counted)[2]()
        return done


class AtRest:
    """A worker that rests at a simulated line waits once, not four times a second; it is stopped, and
    hears what an appointment of the clock brings, at that moment."""

    def __init__(self, modem: SimulatedModem, clock: EventClock) -> None:
        self._moment, self._clock = modem.next_moment, clock
        modem.next_moment = self.next_moment  # type: ignore[method-assign]

    def next_moment(self) -> float | None:
        moment, left = self._moment(), self._clock.due_in()
        if left is None:
            return moment
        due = self._clock.monotonic() + left
        return due if moment is None else min(moment, due)


_listen = Line.listen


def _rest(line: Line, seconds: float) -> None:
    port: Any = line._ear._port
    if not isinstance(port, Serial) or not isinstance(port._modem.clock, EventClock):
        _listen(line, seconds)
        return
    usual, port.timeout = port.timeout, seconds
    try:
        _listen(line, seconds)
    finally:
        port.timeout = usual


Line.listen = _rest  # type: ignore[method-assign, assignment]


class NetworkClock:
    """The same seconds, and the true time of day: what the network knows, whatever the shop's says."""

    def __init__(self, clock: EventClock) -> None:
        self._clock = clock
        self._start = clock.now() - timedelta(seconds=clock.monotonic())
        self.boot = clock.boot

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._clock.monotonic())

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def wait(self, seconds: float, until: threading.Event | None = None) -> bool:
        return self._clock.wait(seconds, until)


class _Kept(Store):
    """What is asked next finds the store open: opening it takes half as long as an answer."""

    closed = 0

    def close(self) -> None:
        """A worker that stops does so; here others come."""
        self.closed += 1

    def end(self) -> None:
        super().close()


@dataclass
class Shop:
    """A shop whose worker runs in this thread, on a clock that jumps while it waits."""

    folder: Path
    clock: EventClock = field(default_factory=lambda: EventClock(START))
    modem: SimulatedModem = field(init=False)
    ctx: Context = field(init=False)
    rest: float = 4.0
    """Seconds (simulated) that a worker listens before it looks whether somebody wrote into the store:
    hours pass in these tests, so it does so a sixteenth as often as in a shop."""
    store: Path | None = None
    """The store that it begins with a copy of."""

    def __post_init__(self) -> None:
        self.name = f"test{next(_names)}"
        self.modem = SimulatedModem(self.clock)
        AtRest(self.modem, self.clock)
        registry.register(self.name, self.modem)
        self.ctx = found(self.folder, self.clock, self.store)
        self._kept: _Kept | None = None

    @property
    def port(self) -> str:
        return f"sim://{self.name}"

    def worker(self, store: Store | None = None) -> Gateway:
        """A worker with a connection of its own."""
        own = store or Store(self.ctx.store.path)
        return Gateway(own, self.clock, self.folder, self.port, rest=self.rest)

    def run(self, seconds: float, store: Store | None = None) -> None:
        """Let the worker serve for so long."""
        worker = self.worker(store or self._open())

        def stop() -> None:
            worker.stop.set()
            # It listens: an empty line lets it look up.
            self.modem.say_raw(b"\r\n")

        self.after(seconds, stop)
        worker.run()
        if store is None and self._kept is not None:
            # What stays open here was closed by the worker.
            assert self._kept.closed, "a worker that stops closes its store"
            self._kept.closed = 0

    def _open(self) -> Store:
        if self._kept is None or self._kept.path != self.ctx.store.path:
            self._kept = _Kept(self.ctx.store.path)
        return self._kept

    def after(self, seconds: float, act: Callable[[], Any]) -> None:
        """Do something when so much time has passed."""
        self.clock.at(self.clock.now() + timedelta(seconds=seconds), act)

    def says(self, phone: str, text: str, **how: Any) -> None:
        self.modem.inject(phone, text, **how)

    def ask(self, phone: str, text: str, seconds: float = 5.0) -> str:
        """What the customer gets back for `text`; "" if nothing."""
        before = len(self.modem.sent)
        self.says(phone, text)
        self.run(seconds)
        shown = [sent for sent in self.modem.sent[before:] if sent.to == phone]
        return "".join(sent.text for sent in shown)

    def set(self, setting: settings.Setting[Any], value: object) -> None:
        settings.change(self.ctx, setting.key, str(value))

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        return [dict(row) for row in self.ctx.db.execute(query, values).fetchall()]

    def one(self, query: str, *values: object) -> Any:
        return self.ctx.db.execute(query, values).fetchone()[0]

    def console(self) -> Context:
        """Another program on the same shop."""
        return _writable(Store(self.ctx.store.path), self.clock)

    def close(self) -> None:
        registry.forget(self.name)
        self.leave()

    def leave(self) -> None:
        """Nothing of this shop has the store open any more, as its programs would not."""
        if self._kept is not None:
            self._kept.end()
            self._kept = None
        self.ctx.store.close()


def cart_of(lines: Iterable[CartLine]) -> Cart:
    """A cart of these lines."""
    cart = Cart()
    for line in lines:
        cart = cart.put(line)
    return cart


def contents(ctx: Context) -> set[tuple[Any, ...]]:
    """All that the store holds: the name of the table and the row."""
    tables = ctx.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {(name, *row) for (name,) in tables for row in ctx.db.execute(f'SELECT * FROM "{name}"')}


def ledgers_add_up(ctx: Context, *, strict: bool = True) -> None:
    """Stock equals its ledgers, reservations belong to open orders, nobody has what is not there.

    Not `strict`: goods were sold beyond the books, or counted, and more may be promised than is there.
    """
    assert not ctx.db.execute("PRAGMA foreign_key_check").fetchall()
    for row in ctx.db.execute(
        "SELECT item_id, on_hand, reserved,"
        " (SELECT coalesce(sum(quantity), 0) FROM stock_moves WHERE item_id = stock.item_id) AS moved,"
        " (SELECT coalesce(sum(quantity), 0) FROM reservations WHERE item_id = stock.item_id) AS kept"
        " FROM stock"
    ).fetchall():
        assert row["on_hand"] == row["moved"], dict(row)
        assert row["reserved"] == row["kept"], dict(row)
        assert row["reserved"] >= 0, dict(row)
        assert not strict or row["reserved"] <= row["on_hand"], dict(row)
    closed = ctx.db.execute(
        "SELECT count(*) FROM reservations JOIN orders ON orders.id = order_id"
        " WHERE status NOT IN ('waiting', 'confirmed')"
    ).fetchone()[0]
    assert closed == 0
    sold = ctx.db.execute(
        "SELECT count(*) FROM orders WHERE (status = 'collected') <>"
        " (SELECT count(*) FROM sales WHERE order_id = orders.id)"
    ).fetchone()[0]
    assert sold == 0


def gone_out(ctx: Context) -> None:
    """All that waits has gone out, without a modem."""
    with ctx.store.transaction() as db:
        db.execute("UPDATE messages SET status = 'sent' WHERE status = 'queued'")
        db.execute(
            "UPDATE segments SET status = 'sent', out_at = status_at WHERE status = 'queued'"
        )


def statuses(shop: Shop, direction: str) -> list[str]:
    """The statuses of all messages in or out, oldest first."""
    rows = shop.rows("SELECT status FROM messages WHERE direction = ? ORDER BY id", direction)
    return [row["status"] for row in rows]


def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests in which hours pass: an idle worker looks into store and line less often."""
    opened = ports.open_port

    def patient(name: str, baud: int = ports.BAUD) -> Any:
        port: Any = opened(name, baud)
        port.timeout = 1.0
        return port

    monkeypatch.setattr(gateway, "_IDLE", 2.0)
    monkeypatch.setattr(ports, "open_port", patient)
