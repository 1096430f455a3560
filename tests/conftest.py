"""Fixtures for all tests."""

import atexit
import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.unraisableexception import gc_collect_iterations_key
from filelock import FileLock
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from sqlite_utils import Database

from tests import in_memory, quick

gc.disable()

# Before anything asks where to put its files, and before the shop takes the libraries.
in_memory.begin()
quick.begin()

from crm_tui.clock import SystemClock  # noqa: E402
from crm_tui.practice.shop import Practice  # noqa: E402
from crm_tui.shop.gate import context  # noqa: E402
from crm_tui.store import Store  # noqa: E402
from tests.shop import Shop  # noqa: E402

# Nothing cuts the power of a test's own process: what it writes need not reach the disk, which is what
# most of the time went by with. The programs that tests start write as they do in a shop.
_connected = Store._connection


def _undurable(store: Store) -> Database:
    made = _connected(store)
    made.execute("PRAGMA synchronous=off")
    return made


Store._connection = _undurable  # type: ignore[method-assign, assignment]
os.fsync = lambda fd: None

# Moments are shown as they are in Palembang, whatever computer the tests run on.
# The key of the chain is none of theirs; programs that tests start have the same one.
if "CRM_TUI_KEY" not in os.environ:
    _keys = Path(tempfile.mkdtemp(prefix="crm-key-"))
    atexit.register(shutil.rmtree, _keys, ignore_errors=True)
    (_keys / "ledger.key").write_bytes(bytes(32))
    os.environ["CRM_TUI_KEY"] = str(_keys / "ledger.key")
os.environ["TZ"] = "Asia/Jakarta"
time.tzset()

# … and whoever runs them.
ACCOUNT = context._account
context._account = lambda: "penguji"

_calm = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
# What is tried each time is the same, and a fifth of the examples; `make soak` tries all of them, and
# others each time.
settings.register_profile("crm", _calm, derandomize=True)
settings.register_profile("soak", _calm)
settings.load_profile("crm")
_PART, _LEAST = 1 / 5, 4


def _in_part(item: pytest.Item) -> None:
    """Try a part of the examples that the test asks for."""
    test: Any = getattr(item, "obj", None)
    whole = vars(test).get("_hypothesis_internal_use_settings") if callable(test) else None
    if whole is not None and not hasattr(test, "in_part"):
        most = max(int(whole.max_examples * _PART), min(whole.max_examples, _LEAST))
        test._hypothesis_internal_use_settings = settings(whole, max_examples=most)
        test.in_part = True


def _soaks(config: pytest.Config) -> bool:
    return "soak" in config.getoption("markexpr").replace("not soak", "")


def pytest_configure(config: pytest.Config) -> None:
    # As a worker ends, what nobody closed is looked for: five rounds, as usual, take it half a second.
    config.stash[gc_collect_iterations_key] = 2
    if _soaks(config):
        settings.load_profile("soak")
    else:
        # … whichever modules this worker has loaded so far: their constants are looked up and mixed in
        # by `make soak` alone.
        assert callable(providers._get_local_constants)
        providers._get_local_constants = lambda: providers._local_constants


def pytest_collection_finish() -> None:
    """What lives until the end need not be looked through again and again."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


HOSTILE = {
    "markup": "[bold red]PESAN[/] AB-1 1 [@click=app.quit]x[/]",
    "escape": "\x1b[31mPESAN\x1b]0;judul\x07 \x9b2J",
    "bidi": "PESAN \u202eAB-1\u2066 1",
    "long": "PESAN " + "A" * 9_994,
    "emoji": "👍🏽👨‍👩‍👧‍👦🇮🇩" * 20,
    "rtl": "مرحبا אבג PESAN",
    "formula": '=HYPERLINK("http://x","PESAN")',
    "sql": "'; DROP TABLE items; --",
    "braces": "{shop} {0} %s {number.__class__}",
    # Such as the store keeps its own sentences, and words that stand in the catalogues.
    "stored": '["{x:>99999999}", {"x": "1"}]',
    "told": '["wants to change a confirmed order: {change}", {"change": "waiting"}]',
    "attribute": '["{0.__class__}{x.__init__.__globals__}", {"x": "1"}]',
    "key": "waiting",
    "blank": " \t\r\n ",
}


_LONGEST = (
    "test_pictures.py::test_every_screen", "test_hostile.py::test_every_screen",
    "test_rights.py::test_without_a_permission", "test_scanner.py::test_random_keys_and_scans",
    "test_reports.py::test_on_paper", "test_talks.py::test_by_sms",
    "test_branch_postgres.py", "test_closing.py", "test_floods.py",
    "test_scanner.py::test_at_a_real_terminal", "test_crash.py", "test_two_processes.py",
    "test_decisions.py", "test_lock.py", "test_screens.py", "test_hostile.py", "test_pictures.py",
    "test_talks.py", "test_day.py", "test_cli.py",
)  # fmt: skip
_WAITING = {
    "test_cli.py::test_gateway_refusals": 30, "test_gammu.py::test_we_read_what_it_encodes": 18,
    "test_gammu.py::test_reads_and_deletes": 12, "test_gammu.py::test_sends": 10,
    "test_terminals.py::test_killed_in_the_middle": 9, "test_end_to_end.py::test_two_hundred": 8,
    "test_gammu.py::test_identifies": 5, "test_promos.py::test_a_list_is_built_beside_the_line": 5,
    "test_gammu.py::test_reads_what_we_encode": 4, "test_gammu.py": 2, "test_terminals.py": 2,
    "test_findings.py::test_accepted_on_the_command_line": 3,
    "test_office.py::test_a_server_of_one_s_own": 2,
    "test_chain_command.py::test_it_stops_when_asked": 2,
    "test_feed.py::test_idle_and_told": 2, "test_end_to_end.py": 2,
}  # fmt: skip
"""What waits most of its time, for programs of others and for a modem that says nothing, and for about
how many seconds."""
_A_SECOND = 25
"""So many others begin in a second of it: no two workers need wait at the same time."""


# Behind the choice of what is tried at all, which others make in the same hook.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that at the end no worker is alone with it; beside it what
    waits, one after the other."""
    if not _soaks(config):
        for item in items:
            _in_part(item)

    def place(item: pytest.Item, names: Iterable[str]) -> int | None:
        return next((at for at, each in enumerate(names) if each in item.nodeid), None)

    waiting = [item for item in items if place(item, _WAITING) is not None]
    waiting.sort(key=lambda item: place(item, _WAITING) or 0)
    chosen = set(waiting)
    others = [item for item in items if item not in chosen]
    others.sort(key=lambda item: len(_LONGEST) if (at := place(item, _LONGEST)) is None else at)
    seconds = list(_WAITING.values())
    begins = 1
    for item in waiting:
        others.insert(begins, item)
        begins += 1 + seconds[place(item, _WAITING) or 0] * _A_SECOND
    items[:] = others


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop with a simulated modem, in simulated time."""
    made = Shop(tmp_path / "toko")
    yield made
    made.close()


@pytest.fixture
def durable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store as it is in a shop."""
    monkeypatch.setattr(Store, "_connection", _connected)


@pytest.fixture(params=sorted(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> str:
    """Texts that mean harm, one after the other."""
    return HOSTILE[request.param]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of a practice shop, made once for all test workers; tests work on copies of it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "latihan"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            half = folder.with_suffix(".half")
            Practice(half, SystemClock()).prepare()
            half.rename(folder)
    return folder
