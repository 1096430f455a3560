"""What somebody plants in the store, by whatever numbers and moments they hide it: it never runs in the
program's name, and it is told within half a minute."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
from sqlite_utils import Database

from crm_tui import schema, sqlite, triggers
from crm_tui.clock import SystemClock
from crm_tui.shop.checks import maintenance
from crm_tui.shop.gate.commands import part
from crm_tui.shop.items import prices
from crm_tui.store import Store, StoreNewer
from tests.counter import staff
from tests.daily import daily
from tests.shop import Shop
from tests.test_chain import _sell, own_key

__all__ = ["own_key"]

GIFT = "CREATE TRIGGER aaa AFTER INSERT ON sales BEGIN UPDATE users SET role_id = 1; END"


@pytest.fixture
def other(shop: Shop) -> Iterator[sqlite.Connection]:
    """Somebody at the file of a shop that has sold, and whose counter is open."""
    staff(shop, "Staf Konter", "sari")
    _sell(shop, 1)
    path = shop.ctx.store.path
    with closing(sqlite.connect(path, isolation_level=None)) as connection:
        # The counter has seen a commit of others since, and a look.
        connection.execute("UPDATE items SET name = name WHERE id = 1")
        _sell(shop, 1)
        yield connection


def number(other: sqlite.Connection) -> int:
    return int(other.execute("PRAGMA schema_version").fetchone()[0])


def by_hand(other: sqlite.Connection, statement: str, *values: object) -> None:
    """Write into the schema; its number stays."""
    other.execute("PRAGMA writable_schema=on")
    other.execute(statement, values)
    other.execute("PRAGMA writable_schema=off")


def silently(shop: Shop, other: sqlite.Connection) -> None:
    """Plant where no number says so."""
    by_hand(other, "INSERT INTO sqlite_schema VALUES ('trigger', 'aaa', 'sales', 0, ?)", GIFT)


def taken_away(shop: Shop, other: sqlite.Connection) -> None:
    by_hand(other, "DELETE FROM sqlite_schema WHERE name = 'aaa'")


def set_back(shop: Shop, other: sqlite.Connection) -> None:
    before = number(other)
    other.execute("BEGIN")
    other.execute(GIFT)
    other.execute(f"PRAGMA schema_version={before}")
    other.execute("COMMIT")


def read(shop: Shop) -> None:
    shop.rows("SELECT id FROM items")


def read_then_set_back(shop: Shop, other: sqlite.Connection) -> None:
    before = number(other)
    other.execute(GIFT)
    read(shop)
    other.execute(f"PRAGMA schema_version={before}")


def read_then_taken_away(shop: Shop, other: sqlite.Connection) -> None:
    other.execute(GIFT)
    read(shop)
    taken_away(shop, other)


def read_with_a_number_between(shop: Shop, other: sqlite.Connection) -> None:
    """Nothing stands there any more, and the number is the first one."""
    before = number(other)
    other.execute(GIFT)
    read(shop)
    by_hand(other, "DELETE FROM sqlite_schema WHERE name = 'aaa'")
    other.execute(f"PRAGMA schema_version={before}")


def rolled_back(shop: Shop, other: sqlite.Connection) -> None:
    """A schema that the program itself changes and takes back is read anew."""
    silently(shop, other)
    _sell(shop, 2)
    with suppress(ZeroDivisionError), part(shop.ctx, "test"):
        shop.ctx.db.execute("CREATE VIEW mine AS SELECT 1")
        raise ZeroDivisionError


def read_anew(shop: Shop, other: sqlite.Connection) -> None:
    silently(shop, other)
    _sell(shop, 2)
    shop.ctx.db.execute("PRAGMA writable_schema=reset")
    read(shop)


def vacuum_of_others(shop: Shop, other: sqlite.Connection) -> None:
    before = number(other)
    silently(shop, other)
    other.execute("VACUUM")
    read(shop)
    other.execute(f"PRAGMA schema_version={before}")


def own_vacuum(shop: Shop, other: sqlite.Connection) -> None:
    silently(shop, other)
    _sell(shop, 2)
    shop.ctx.store.may_write().execute("VACUUM")


def broken_between(shop: Shop, other: sqlite.Connection) -> None:
    """A schema that cannot be read, and then one with something in it under the number of before."""
    before = number(other)
    by_hand(other, "INSERT INTO sqlite_schema VALUES ('trigger', 'zzz', 'sales', 0, 'CREATE x')")
    other.execute(f"PRAGMA schema_version={before + 1}")
    with pytest.raises(sqlite.DatabaseError, match="malformed"):
        read(shop)
    with closing(sqlite.connect(shop.ctx.store.path, isolation_level=None)) as third:
        third.execute("PRAGMA writable_schema=on")
        third.execute("DELETE FROM sqlite_schema WHERE name = 'zzz'")
        third.execute("INSERT INTO sqlite_schema VALUES ('trigger', 'aaa', 'sales', 0, ?)", (GIFT,))
        third.execute(f"PRAGMA schema_version={before}")


def before_the_start(shop: Shop, other: sqlite.Connection) -> None:
    silently(shop, other)
    path = shop.ctx.store.path
    shop.leave()
    shop.ctx.store = Store(path)


def read_at_the_start(shop: Shop, other: sqlite.Connection) -> None:
    """It stands there while a program opens, and no more when that writes first."""
    before_the_start(shop, other)
    read(shop)
    taken_away(shop, other)


def another_of_ours(shop: Shop, other: sqlite.Connection) -> None:
    """One connection of the program reads it, another one looks and takes it away."""
    other.execute(GIFT)
    read(shop)

    def elsewhere() -> None:
        prices.set_price(shop.console(), 1, 12_000)
        shop.leave()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(elsewhere).result()


def a_new_thread(shop: Shop, other: sqlite.Connection) -> None:
    """It is not seen by a counter that is open; a connection that opens reads it."""
    silently(shop, other)

    def elsewhere() -> None:
        _sell(shop, 2)
        shop.leave()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(elsewhere).result()


Attack = Callable[[Shop, sqlite.Connection], None]
GONE = (read_then_taken_away, read_with_a_number_between, read_at_the_start)
"""Where nothing stands there any more when the program writes."""
ATTACKS = (
    read_then_taken_away, read_then_set_back, rolled_back, silently, set_back, read_anew,
    vacuum_of_others, own_vacuum, broken_between, before_the_start, read_at_the_start, another_of_ours,
    read_with_a_number_between, a_new_thread,
)  # fmt: skip


@pytest.mark.parametrize("attack", daily(ATTACKS, 3))
def test_nothing_planted_runs(
    shop: Shop, other: sqlite.Connection, attack: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However something is planted, hidden and taken away, no sale does what it says; the next look
    into the file takes it away, and it is told."""
    attack(shop, other)
    for _ in range(2):
        _sell(shop, 1, 2)
        other.execute("UPDATE items SET name = name WHERE id = 2")
    assert shop.one("SELECT count(*) FROM users WHERE role_id = 1") == 1
    monkeypatch.setattr(triggers, "AGAIN", 0)
    _sell(shop, 1)
    assert shop.one("SELECT count(*) FROM sqlite_schema WHERE name = 'aaa'") == 0
    told = shop.one("SELECT count(*) FROM audit WHERE command = 'checks.planted'")
    assert told == (attack not in GONE)
    other.execute("UPDATE items SET name = name WHERE id = 2")
    _sell(shop, 2)
    assert shop.one("SELECT count(*) FROM users WHERE role_id = 1") == 1


def statements(shop: Shop) -> list[str]:
    said: list[str] = []
    shop.ctx.db.conn.set_trace_callback(said.append)
    _sell(shop, 1)
    shop.ctx.db.conn.set_trace_callback(None)
    return said


def test_a_look_costs_next_to_nothing(
    shop: Shop, other: sqlite.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind another's commit nothing of the schema is read, but for once in half a minute; a changed
    one is looked into at once."""
    other.execute("UPDATE items SET name = name WHERE id = 2")
    assert not [each for each in statements(shop) if "sqlite_schema" in each]
    other.execute("CREATE VIEW mine AS SELECT 1")
    assert [each for each in statements(shop) if "sqlite_schema" in each]
    other.execute("UPDATE items SET name = name WHERE id = 2")
    assert not [each for each in statements(shop) if "sqlite_schema" in each]
    monkeypatch.setattr(triggers, "AGAIN", 0)
    other.execute("UPDATE items SET name = name WHERE id = 2")
    assert [each for each in statements(shop) if "sqlite_schema" in each]


def test_who_cares_for_the_store_looks(shop: Shop, other: sqlite.Connection) -> None:
    """While the program is open somebody whom nobody waits for looks into the file: what no number
    tells is taken away by the next that is written, and no sale looks itself."""
    store = shop.ctx.store
    care = maintenance.Caretaker(store, SystemClock())
    silently(shop, other)
    _sell(shop, 2)
    assert shop.one("SELECT count(*) FROM sqlite_schema WHERE name = 'aaa'") == 1
    care.look_around()
    _sell(shop, 2)
    assert shop.one("SELECT count(*) FROM sqlite_schema WHERE name = 'aaa'") == 0
    assert shop.one("SELECT count(*) FROM audit WHERE command = 'checks.planted'") == 1
    before = store.looked_at
    care.look_around()
    assert store.looked_at > before
    assert triggers.AGAIN <= 30
    assert maintenance.LOOK_AROUND < triggers.AGAIN


def test_a_newer_program_is_known_by_the_number(shop: Shop, other: sqlite.Connection) -> None:
    """Where a newer program brought the store up to date, a counter that is open writes nothing more at
    once, even if no table is another one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "VERSION", schema.VERSION + 1)
        schema.bring_up_to_date(Database(other))
    sales = shop.one("SELECT count(*) FROM sales")
    with pytest.raises(StoreNewer):
        _sell(shop, 1)
    assert shop.one("SELECT count(*) FROM sales") == sales
