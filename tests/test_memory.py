"""What the program does not load, and does not hold."""

import asyncio
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import cast

import pytest
from rich.segment import Segment
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.strip import Strip

from crm_tui.clock import SystemClock
from crm_tui.screens.shell import upstream
from crm_tui.screens.shell.upstream import mend_textual
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.rounds import Rounds
from crm_tui.store import Store
from tests.counter import counter, staff
from tests.shop import Shop

_LOOK = """
import sys
from crm_tui import cli, memory
cli.of_the_screens(["--data", "toko"])
memory.begin()
from crm_tui import app, gateway, store
from crm_tui.screens.shell import loading
loading.load_screens()
heavy = {"_ssl", "_hashlib", "openpyxl", "tabulate", "wcwidth", "babel", "sqlite3", "dateutil",
         "html", "textual.widgets._text_area", "crm_tui.shop.imports.planning",
         "rapidfuzz", "crm_tui.reading.index", "crm_tui.reading.lexicon",
         "crm_tui.shop.answers.handling", "click", "gettext", "pluggy",
         "asyncio.sslproto", "sqlite_fts4", "textual.widgets._tree", "textual.widgets._select",
         "pickle", "crm_tui.shop.upkeep.privacy", "crm_tui.shop.reports.base",
         "crm_tui.screens.administration.settings", "crm_tui.screens.administration.roles"}
heavy &= set(sys.modules)
assert not heavy, heavy
from crm_tui import actions
assert all(each.needs is not None for each in actions.ALL.values())
import hashlib, hmac, pickle, ssl
assert pickle.loads(pickle.dumps({"a": [1]})) == {"a": [1]} and pickle.Pickler.__module__ == "_pickle"
from textual.style import Style
assert Style.from_meta({"@click": "x"}).meta == {"@click": "x"}
from textual.widgets import Select, Tree
from asyncio import sslproto
assert sslproto.SSLProtocol and Select.BLANK is not None and Tree.ICON_NODE
assert hmac.new(b"k", b"m", "sha256").digest() and hashlib.sha256(b"x").digest()
assert ssl.OPENSSL_VERSION
"""


def test_the_screens_load_no_more_than_they_need() -> None:
    """Neither OpenSSL nor what writes reports, reads files, reads and answers SMS, edits long texts,
    erases customers or reads a command line; they are there for whoever asks for them later. What an
    action needs is known without them."""
    ended = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


_FIRST = """
import sys
from crm_tui import memory
memory.begin(engine=False)
from crm_tui import app
heavy = {"sqlite_utils", "crm_tui.store", "filelock", "crm_tui.shop.gate.context",
         "textual.widgets._text_area"} & set(sys.modules)
assert not heavy, heavy
"""


def test_the_first_line_waits_for_no_store() -> None:
    """What paints the first line loads neither the store nor a rule of the shop that needs it."""
    ended = subprocess.run([sys.executable, "-c", _FIRST], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


_CHAIN = """
import sys
from crm_tui.cli import chain
chain.memory.begin(asyncio=False)
from crm_tui.replication import down, line, rounds
line.driver()
heavy = {"asyncio", "ssl", "_hashlib", "sqlite3", "dateutil", "rapidfuzz", "phonenumbers",
         "crm_tui.reading.index", "textual"} & set(sys.modules)
assert not heavy, heavy
import asyncio, ssl
assert asyncio.run(asyncio.sleep(0, 1)) == 1 and ssl.OPENSSL_VERSION
"""


def test_the_chains_process_loads_no_more_than_it_needs() -> None:
    """Neither reading nor what the driver loads for others; it is there for whoever asks later."""
    pytest.importorskip("psycopg")
    ended = subprocess.run([sys.executable, "-c", _CHAIN], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


def test_a_line_keeps_nothing_of_itself_before_somebody_asks() -> None:
    """A line of a screen has a cache only once something was looked for in it; then it finds again what
    was put there. A library whose lines are others is noticed here."""
    mend_textual()
    assert {*Strip.__slots__} == {*upstream._CACHES, *upstream._OTHERS}
    line = Strip([Segment("abc"), Segment("def")])

    def made() -> set[str]:
        return {name for name in upstream._CACHES if _has(line, name)}

    assert not made()
    assert line.crop(0, 4) is line.crop(0, 4)
    assert made() == {"_crop_cache"}
    assert not hasattr(line, "_nothing")


def _has(line: Strip, name: str) -> bool:
    try:
        Strip.__dict__[name].__get__(line)
    except AttributeError:
        return False
    return True


@pytest.mark.parametrize(("there", "told"), [(True, 1), (False, 0)])
def test_what_was_left_has_no_parts_and_did_not_fail(
    there: bool, told: int, caplog: pytest.LogCaptureFixture
) -> None:
    """A task that misses a part of its screen failed only if the screen still stands: of one that was
    closed meanwhile nothing is written down."""

    class Node:
        is_attached, _pruning = there, False

        def run_worker(self, run: Callable[[], Coroutine[None, None, bool]], **_: object) -> None:
            assert not asyncio.run(run())

    async def look() -> None:
        raise NoMatches("no part")

    beside(cast(DOMNode, Node()), look)
    assert len(caplog.records) == told


class _Counted(Store):
    """Counts how often a connection of it was closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1
        super().close()


def test_between_two_looks_no_connection_is_held(shop: Shop) -> None:
    """What looks after the shop each minute holds neither its connection meanwhile, nor from the start
    until its first look."""
    store, closed, looked = _Counted(shop.ctx.store.path), list[int](), threading.Event()

    class Looks(Rounds):
        name, first = "looks", 0.0

        def look(self, ctx: Context) -> float:
            closed.append(store.closed)
            looked.set()
            return 60.0

    rounds = Looks(store, SystemClock())
    rounds.start()
    assert looked.wait(10)
    rounds.stop()
    # Before the look; after it; and at the end.
    assert closed == [1]
    assert store.closed == 3
    store.close()


@pytest.mark.soak
@pytest.mark.asyncio
async def test_a_closed_list_goes_at_once(shop: Shop) -> None:
    """Once a list was left, nothing holds it: not until the next one is opened, either."""
    async with counter(shop, staff(shop), tidied=True) as here:
        left = []
        for key in "136":
            await here.press(key)
            left.append(weakref.ref(here.app.screen))
            await here.press("escape")
            await here.until(lambda: left[-1]() is None)
