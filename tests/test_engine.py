"""The engine below the store: one for all, without known bugs where there is a wheel of it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import utils

from crm_tui import sqlite
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
