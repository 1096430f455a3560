"""A program that is killed while it erases a customer, or forgets old texts: nothing stays half done.

Its steps are all that it says to the engine and to the disk; it is a process of its own that ends at
one of them without a word, as `kill -9` ends it.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_tui.shop.backups import erasures, places
from crm_tui.shop.checks import ledger_chain
from crm_tui.shop.customers import people
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import counting
from crm_tui.shop.messages.settings import KEEP_MONTHS
from crm_tui.shop.upkeep import privacy, schedule
from crm_tui.store import Store
from tests.shop import ANI, Shop
from tests.test_privacy import (
    ABOUT,
    MONTH,
    _columns_about,
    _in_files,
    _said_everywhere,
    texts,
)

_STEPS = frozenset(
    {"execute", "executemany", "executescript", "commit", "rollback", "close", "replace", "rename",
     "unlink", "fsync", "write", "truncate", "backup"}
)  # fmt: skip
_KILLED = 9


def _killed(shop: Shop, at: int, does: Callable[[Context], object]) -> bool:
    """Whether a program of its own that does something on the shop was killed at its `at`-th step."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) in (0, _KILLED)
        return os.waitstatus_to_exitcode(status) == _KILLED
    try:
        ctx = Context(Store(shop.ctx.store.path), shop.clock, shop.ctx.actor)
        steps = 0

        def count(frame: Any, event: str, what: Any) -> None:
            nonlocal steps
            if event == "c_call" and getattr(what, "__name__", "") in _STEPS:
                steps += 1
                if steps == at:
                    os._exit(_KILLED)

        sys.setprofile(count)
        does(ctx)
        os._exit(0)
    finally:
        os._exit(1)


def _copied(shop: Shop, folder: Path) -> Shop:
    """The shop as it lies there, in another folder."""
    copy = Shop.__new__(Shop)
    shutil.copytree(shop.folder, folder)
    copy.folder, copy.clock = folder, shop.clock
    copy.ctx = Context(Store(folder / "crm.db"), shop.clock, shop.ctx.actor)
    copy.ctx.store.close()
    return copy


def _opened(copy: Shop) -> None:
    copy.ctx = Context(Store(copy.ctx.store.path), copy.clock, copy.ctx.actor)


def _gone(copy: Shop) -> bool:
    """Whether nothing but the audit tells of her, in any file."""
    words = (b"terbang", b"261801000000f1", b"261801000000F1")
    handed = list((copy.folder / "exports").glob("customer-*"))
    return (
        _columns_about(copy, ABOUT) <= {"audit.before", "audit.after"}
        and not [word for word in words if _in_files(copy, word)]
        and not handed
    )


def _each_step(
    shop: Shop, folder: Path, shard: int, does: Callable[[Context], object]
) -> Iterator[Shop]:
    """The shop as it is opened again after it was killed at each of every so many steps, and, last, as
    it is when nothing killed it."""
    at, was_killed = 1 + shard, True
    while was_killed:
        copy = _copied(shop, folder / str(at))
        was_killed = _killed(copy, at, does)
        _opened(copy)
        yield copy
        assert ledger_chain.verify(copy.ctx.db.conn).first is None
        copy.ctx.store.close()
        shutil.rmtree(copy.folder)
        at += STRIDE
    assert at > 10 * STRIDE


def _tended(copy: Shop) -> None:
    """After the next upkeep."""
    with copy.ctx.store.transaction() as db:
        db.execute("DELETE FROM upkeep WHERE task = 'daily'")
    assert schedule.tend(copy.ctx)


STRIDE = 7


@pytest.mark.soak
@pytest.mark.parametrize("shard", range(STRIDE))
def test_no_erasure_stays_half_done(shop: Shop, tmp_path: Path, durable: None, shard: int) -> None:
    """Wherever the program is killed that erases somebody, the customer is there, and is erased the
    next time; or is erased, and the next upkeep takes away what is left beside the store and notes
    it beside the backups."""
    ani = _said_everywhere(shop)
    counting.drop_count(shop.ctx, shop.one("SELECT max(id) FROM counts"))
    privacy.hand_out_file(shop.ctx, ani)
    shop.clock.wait(3600)
    shop.ctx.store.checkpoint()
    for copy in _each_step(shop, tmp_path, shard, lambda ctx: privacy.erase(ctx, ani)):
        if copy.one("SELECT count(*) FROM customers WHERE name = 'Ani Wijaya'"):
            assert people.by_phone(copy.ctx, ANI) is not None
            privacy.erase(copy.ctx, ani)
        else:
            _tended(copy)
        assert _gone(copy)
        assert ani in erasures.of_folder(places.own(copy.ctx), places.shop_id(copy.ctx))


@pytest.mark.soak
@pytest.mark.parametrize("shard", range(STRIDE))
def test_no_forgetting_stays_half_done(
    shop: Shop, tmp_path: Path, durable: None, shard: int
) -> None:
    """Wherever the upkeep is killed that forgets old texts, the next one leaves none of them in store
    and archive, nor in what was read of them, and keeps those that are not old."""
    shop.set(KEEP_MONTHS, 24)
    shop.ask(ANI, "PESAN PQ-R 1")
    shop.ask(ANI, "ada tarumbu buat terbang?")
    shop.ask(ANI, "BATAL")
    shop.clock.wait(30 * MONTH)
    shop.ask(ANI, "ada singkali?")
    shop.clock.wait(3600)
    shop.ctx.store.checkpoint()
    for copy in _each_step(shop, tmp_path, shard, schedule.tend):
        _tended(copy)
        held = texts(copy)
        assert not [word for word in ("tarumbu", "PESAN PQ-R") if word in held]
        assert "singkali" in held
        assert _in_files(copy, b"tarumbu") == []
