"""The house itself: its files, what they import, how long they are."""

import ast
from pathlib import Path

import crm_tui

PACKAGE = Path(crm_tui.__file__).parent
MOST_LINES = 420


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_name(path): path for path in PACKAGE.rglob("*.py")}


def _imports(module: str) -> set[str]:
    """The modules of ours that a file imports anywhere, for type checking or within functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(FILES[module].read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for name in node.names:
                wanted = f"{node.module}.{name.name}"
                found.add(wanted if wanted in FILES else node.module)
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found & set(FILES) - {module}


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
            assert len(path.read_text().splitlines()) <= MOST_LINES, module
            if path.name == "__init__.py":
                assert len(ast.parse(path.read_text()).body) == 1, module
