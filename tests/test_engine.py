"""The engine below the store: one for all, without known bugs where there is a wheel of it."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import utils

from crm_tui import sqlite
from crm_tui.store import Store
from crm_tui.store_problems import EngineTooOld
from tests.peers import founded

ROOT = Path(__file__).parent.parent
DOOR = ROOT / "crm_tui" / "sqlite.py"
ENGINES = {"sqlite3", "_sqlite3", "pysqlite3", "apsw"}

_WITHOUT_A_WHEEL = (
    "import sys; sys.modules['pysqlite3'] = None; sys.modules['pysqlite3.dbapi2'] = None;"
)


def _engines_of(path: Path) -> set[str]:
    text, found = path.read_text(), set[str]()
    if not any(engine in text for engine in ENGINES):
        # Most files: reading them as a program takes a hundred times as long.
        return found
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
    return found & ENGINES


def test_one_door() -> None:
    """Only one file names an engine: a second one in a process would free the first one's locks."""
    files = [
        path for room in ("crm_tui", "tests", "benchmarks") for path in (ROOT / room).rglob("*.py")
    ]
    assert len(files) > 200
    assert _engines_of(DOOR) == {"sqlite3", "pysqlite3"}
    assert [path for path in files if path != DOOR and _engines_of(path)] == []


def test_sqlite_utils_stands_on_the_same() -> None:
    """What sqlite-utils catches is what our connections raise."""
    assert sqlite.Error is vars(utils)["sqlite3"].Error
    assert sqlite.Connection is vars(utils)["sqlite3"].Connection


def test_engine_is_sound() -> None:
    """With the locked packages, the engine is one that does not lose commits to a checkpoint."""
    pytest.importorskip("pysqlite3", reason="no wheel of an engine for this machine")
    engine = sqlite.engine()
    assert (engine.package, engine.sound) == ("pysqlite3", True), engine


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 9), False),
        ((3, 50, 6), False), ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True),
        ((3, 53, 4), True), ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_releases_with_the_mend(version: tuple[int, int, int], sound: bool) -> None:
    """The WAL-reset bug is in every release before 3.51.3 but the two that got the mend later."""
    assert sqlite._is_sound(version) is sound


def test_one_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system's engine that knows no strict tables is told in words before anything is written."""
    monkeypatch.setattr("crm_tui.sqlite._engine.sqlite_version_info", (3, 34, 1))
    with pytest.raises(EngineTooOld) as told:
        Store(tmp_path / "crm.db", create=True)
    assert "pysqlite3" in str(told.value)
    assert not list(tmp_path.iterdir())


_STORE_RULES = (
    "test_day", "test_figures", "test_imports", "test_rewards", "test_archive", "test_orders",
    "test_promos", "test_branch_rules", "test_export", "test_restore", "test_damage",
)  # fmt: skip


@pytest.mark.soak
def test_rules_without_a_wheel(tmp_path: Path) -> None:
    """The system's engine takes each statement, as ours does: a name that one release passes over
    ends a command under another."""
    (tmp_path / "no_wheel.py").write_text(_WITHOUT_A_WHEEL)
    files = [str(ROOT / "tests" / f"{name}.py") for name in _STORE_RULES]
    words = ["-m", "pytest", "-q", "-n", "2", "-p", "no_wheel", "-p", "no:cacheprovider", *files]
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=False, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.soak
def test_without_a_wheel(tmp_path: Path) -> None:
    """Where the package is missing the system's engine serves, and is named for what it is."""
    shop = founded(tmp_path / "shop")
    code = (
        f"{_WITHOUT_A_WHEEL} from crm_tui import sqlite; import sqlite3;"
        "assert sqlite.Connection is sqlite3.Connection and not sqlite.engine().package;"
        "from crm_tui.cli import main; main(sys.argv[1:])"
    )
    command = [
        sys.executable,
        "-c",
        code,
        "--data",
        str(shop),
        "report",
        "stock",
        "--format",
        "csv",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith('"code","name",')
