"""The house itself: its files, what they import, how long they are."""

import ast
import re
from pathlib import Path

import crm_tui

PACKAGE = Path(crm_tui.__file__).parent
MOST_LINES = 420


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_name(path): path for path in PACKAGE.rglob("*.py")}


_IMPORT = re.compile(
    r"^[ \t]*(?:from (crm_tui[\w.]*) import (?:\(([^)]*)\)|([^\n]*))|import (crm_tui[\w.]+))",
    re.MULTILINE,
)


def _imports(module: str) -> set[str]:
    """The modules of ours that a file imports anywhere, for type checking or within functions too."""
    wanted: set[str] = set()
    for package, several, one, whole in _IMPORT.findall(FILES[module].read_text("utf-8")):
        wanted.add(whole)
        for name in re.findall(r"\w+", re.sub(r"#.*|\bas \w+", "", several or one)):
            full = f"{package}.{name}"
            wanted.add(full if full in FILES else package)
    return wanted & set(FILES) - {module}


def test_no_circle_of_files() -> None:
    """Files can be put in an order in which each imports only those before it."""
    left = {module: _imports(module) for module in FILES}
    while free := {module for module, wanted in left.items() if not wanted}:
        left = {module: wanted - free for module, wanted in left.items() if module not in free}
    assert not left


def test_no_file_is_a_hall() -> None:
    """A file of the shop or the screens has 420 lines at most, and a package says only what it is."""
    for module, path in FILES.items():
        if module.startswith(("crm_tui.shop", "crm_tui.screens")):
            assert len(path.read_text().splitlines()) <= MOST_LINES, f"part {module}"
            if path.name == "__init__.py":
                assert len(ast.parse(path.read_text()).body) == 1, module


def test_the_map_is_true() -> None:
    """What ARCHITECTURE.md and CONTRIBUTING.md name is there: files, and names in their modules."""
    root = PACKAGE.parent
    sources = {
        path.as_posix(): path.read_bytes()
        for folder in (PACKAGE, root / "tests", root / "benchmarks")
        for path in folder.rglob("*")
        if path.suffix in (".py", ".sql", ".toml", ".tcss")
    }
    everything = b"\n".join(sources.values())
    wrong: list[str] = []
    for paper in ("ARCHITECTURE.md", "CONTRIBUTING.md"):
        for said in re.findall(r"`([\w./]+)`", (root / paper).read_text("utf-8")):
            if said.endswith((".py", ".sql", ".toml", ".tcss")):
                there = any(path.endswith(f"/{said}") for path in sources)
            else:
                # Settings, commands, tables are words anywhere, a constant stands where it is said.
                *modules, name = re.split(r"[./]", said.rstrip("/"))
                there = name.encode() in everything or any(f"/{said}" in path for path in sources)
                if name.isupper() and modules:
                    there = any(
                        re.search(rf"\b{name}\b".encode(), text)
                        for path, text in sources.items()
                        if f"/{modules[-1]}." in path
                    )
            if not there:
                wrong.append(f"{paper}: {said}")
    assert not wrong, "say there where it is now"
