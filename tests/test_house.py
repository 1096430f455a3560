"""The house itself: its files, what they import, how long they are."""

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import crm_tui

PACKAGE = Path(crm_tui.__file__).parent
MOST_LINES = 420
LONGER = {
    "crm_tui.app": 555, "crm_tui.store": 430,
    "crm_tui.simulator.commands": 440, "crm_tui.office.reading": 430,
}  # fmt: skip
"""Files from before the rule, and what they have at most: they grow no more."""


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_name(path): path for path in PACKAGE.rglob("*.py")}
SOURCES = {module: path.read_text("utf-8") for module, path in FILES.items()}

_IMPORT = re.compile(
    r"^[ \t]*(?:from (crm_tui[\w.]*) import (?:\(([^)]*)\)|([^\n]*))|import (crm_tui[\w.]+))",
    re.MULTILINE,
)


def _imports(module: str) -> set[str]:
    """The modules of ours that a file imports anywhere, for type checking or within functions too."""
    wanted: set[str] = set()
    for package, several, one, whole in _IMPORT.findall(SOURCES[module]):
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
    circle: list[str] = []
    # What is left imports something that is left: who goes on comes back to where they were.
    while left and (module := min(left[circle[-1]] if circle else left)) not in circle:
        circle.append(module)
    assert not circle, " imports ".join([*circle[circle.index(module) :], module])


def test_no_file_is_a_hall() -> None:
    """A file has 420 lines at most, and a package of the shop or the screens says only what it is."""
    for module, path in FILES.items():
        most = LONGER.get(module, MOST_LINES)
        assert SOURCES[module].count("\n") <= most, f"part {module}: more than {most} lines"
        if path.name == "__init__.py" and module.startswith(("crm_tui.shop", "crm_tui.screens")):
            assert len(ast.parse(SOURCES[module]).body) == 1, f"{module}: nothing but a docstring"


def _in(modules: str) -> re.Pattern[str]:
    """The modules that are named, and all within them."""
    return re.compile(rf"crm_tui\.(?:{modules.replace(' ', '|')})(?:\.|$)")


_SEEN = "screens app office_app desk actions leaving"
KEPT_APART = {
    "screens ask the shop: SQL, lists and the store belong to its rooms": (
        _in(_SEEN), _in("screens.reports.report"),
        r"""["'](?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|PRAGMA|CREATE|DROP) """
        r"""|\.execute\w*\(|ctx\.db\b|\.many\(|\bListing\(|\bdesk\.store\.""",
    ),
    "whatever changes the store is a command: open no transaction (gate/commands.py)": (
        _in(f"{_SEEN} shop practice intake lookout gateway background cli"),
        _in("shop.gate.commands"), r"\.transaction\(",
    ),
    "import it by a statement, so that mypy and the contracts see it": (
        _in(".*"), _in("memory cli.base shop.gate.rooms shop.imports.staged screens.shell.loading"),
        r"\bimport_module\(|\b__import__\(",
    ),
    "only the driver and its simulator speak to a modem": (
        _in(".*"), _in("modem gsm simulator"), r"""["']AT(?:[+^&DEZ]|["'])""",
    ),
    "only the chain speaks to PostgreSQL, and knows certificates": (
        _in(".*"), _in("office office_desk replication cli.office"),
        r"(?m)^\s*(?:import|from) (?:psycopg|cryptography)\b",
    ),
    "SQL takes the time from Context.at, not from the computer": (
        _in(".*"), _in("schema.v012_backups"),
        r"'now'|\bCURRENT_(?:TIMESTAMP|TIME|DATE)\b|\bunixepoch\(\)",
    ),
    "say outbox.PROMO, HOWTO or PROMOTING": (
        _in("shop screens gateway intake"), _in("shop.overview.customer"), r"'(?:promo|howto)'",
    ),
    "people are the customer, the user, they; say to whom, for users who …": (
        # What stores keep is never worded anew.
        _in(".*"), _in("shop.gate.stored_words"),
        r"\b(?:[Hh]e|[Hh]im|[Hh]is|[Hh]imself|[Ss]he|[Hh]er|[Tt]o who)\b",
    ),
    "settings stand in settings.py of their room, where the gate looks for them": (
        _in("shop practice screens"), _in(r"\S*\.(?:settings|replies|texts)"),
        r"(?m)^\w+ = (?:settings\.)?Setting\(",
    ),
}  # fmt: skip
"""What is to be done instead; where it holds, where not; and what does not stand there."""


@pytest.mark.parametrize("instead", KEPT_APART)
def test_each_thing_in_its_place(instead: str) -> None:
    """What one room or layer does is not done in another, by whatever way."""
    where, but, form = KEPT_APART[instead]
    wrong = [
        f"{module}:{source.count(chr(10), 0, found.start()) + 1} {found[0].strip()}"
        for module, source in SOURCES.items()
        if where.match(module) and not but.match(module)
        for found in re.finditer(form, source)
    ]
    assert not wrong, instead


def test_nobody_is_a_he_in_tests_and_papers() -> None:
    """What the program's texts may not say, tests, benchmarks and papers do not say either."""
    root = PACKAGE.parent
    form = re.compile(r"(?<!\")\b(?:[Hh]e|[Hh]im|[Hh]is|[Hh]imself|[Tt]o who)\b")
    papers = [*root.glob("*.md"), *root.glob("docs/*.md"), *root.glob("benchmarks/**/*.py"),
              *(path for path in root.glob("tests/*.py") if path != Path(__file__))]  # fmt: skip
    wrong = {path.name: form.findall(path.read_text("utf-8")) for path in papers}
    assert len(papers) > 200
    assert not {name: said for name, said in wrong.items() if said}, (
        "say the customer, the user, they"
    )


def test_what_is_private_stays_in_its_room() -> None:
    """A name that begins with `_` is used in the package where it stands, and nowhere else."""
    wrong = []
    for module, source in SOURCES.items():
        for package, several, one, _ in _IMPORT.findall(source):
            names = re.findall(r"(\w+)(?: as (\w+))?", re.sub(r"#.*", "", several or one))
            for name, called in names:
                if (
                    re.match("_[a-z]", name)
                    and package.rpartition(".")[0] != module.rpartition(".")[0]
                ):
                    wrong.append(f"{module}: {package}.{name}")
                if f"{package}.{name}" in FILES and package != module.rpartition(".")[0]:
                    looked = re.findall(rf"(?<![\w.]){called or name}\._[a-z]\w*", source)
                    wrong += [f"{module}: {each}" for each in looked]
    assert not wrong, "give it a name without _, if others need it"


_FUNCTION = re.compile(r"(?m)^((?:@[^\n]+\n)*)def (\w+)\(.*\n(?:(?:[ )\]].*)?\n)*")
_TEXT = re.compile(r'"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#.*')
_WRITES = re.compile(r"""["'](?:INSERT|UPDATE|DELETE|REPLACE) """)


@functools.cache
def _functions(module: str) -> dict[str, tuple[bool, bool, str]]:
    """By name: whether it is a command or the journal's, whether it writes itself, and its code."""
    return {
        found[2]: ("@command" in found[1] or "@journal" in found[1], bool(_WRITES.search(found[0])),
                   _TEXT.sub('""', found[0]))
        for found in _FUNCTION.finditer(SOURCES[module])
    }  # fmt: skip


@functools.cache
def _called(module: str) -> dict[str, str]:
    """The modules by the names that a module knows them by."""
    return {
        called or name: f"{package}.{name}"
        for package, several, one, _ in _IMPORT.findall(SOURCES[module])
        for name, called in re.findall(r"(\w+)(?: as (\w+))?", several or one)
        if f"{package}.{name}" in FILES
    }


def test_whoever_asks_changes_nothing() -> None:
    """What screens ask neither writes nor is a command, nor does what it
    calls; what they have done is a command, or calls one."""

    def reached(module: str, name: str) -> Iterator[tuple[bool, bool, str]]:
        wanted = [(module, name)]
        for there, each in wanted:
            found = _functions(there)[each]
            yield found
            known = _called(there)
            for of, called in re.findall(r"(?<![\w.])(?:(\w+)\.)?(\w+)\(", found[2]):
                other = (known.get(of, "") if of else there, called)
                if other not in wanted and other[0] and called in _functions(other[0]):
                    wanted.append(other)

    asked, wrong = 0, []
    for module, source in SOURCES.items():
        if not _in(_SEEN).match(module):
            continue
        known = _called(module)
        for way, of, name in re.findall(r"\bdesk\.(ask|act)\(\s*(\w+)\.(\w+)\b", source):
            if of not in known or name not in _functions(known[of]):
                continue
            asked += 1
            found = list(reached(known[of], name))
            if way == "ask" and any(command or writes for command, writes, _ in found):
                wrong.append(f"{module}: desk.ask({of}.{name}) changes the store: desk.act")
            if way == "act" and not any(command for command, _, _ in found):
                wrong.append(f"{module}: desk.act({of}.{name}) is no command")
    assert asked > 150
    assert not wrong


_VAGUE = ("each", "found", "tell", "told")
_SAID = re.compile(rf"(?<![\w.\"'])({'|'.join(_VAGUE)})(?![\w\"'])")
_LONG = 15
_WITHIN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_LOOPS = (ast.For, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _binds(node: ast.AST, name: str) -> bool:
    """Whether a loop goes through things by this name, or a function within takes one."""
    if isinstance(node, _WITHIN):
        return any(isinstance(one, ast.arg) and one.arg == name for one in ast.walk(node.args))
    if not isinstance(node, _LOOPS):
        return False
    loops = [node] if isinstance(node, (ast.For, ast.AsyncFor)) else node.generators
    targets = (one for loop in loops for one in ast.walk(loop.target))
    return any(isinstance(one, ast.Name) and one.id == name for one in targets)


def _lives(node: ast.AST, name: str) -> Iterator[tuple[int, int]]:
    """Where a name is bound and last read, in a function and in each loop that binds it."""
    bound: list[int] = []
    read: list[int] = []
    parts = [node]
    for part in parts:
        if part is not node and _binds(part, name):
            yield from _lives(part, name)
            continue
        if isinstance(part, ast.Name) and part.id == name:
            (bound if isinstance(part.ctx, ast.Store) else read).append(part.lineno)
        elif (isinstance(part, ast.arg) and part.arg == name) or (
            part is not node and isinstance(part, ast.FunctionDef) and part.name == name
        ):
            bound.append(part.lineno)
        parts.extend(ast.iter_child_nodes(part))
    if bound and read:
        yield min(bound), max(read)


def test_names_live_as_long_as_they_are_good() -> None:
    """What is called `each`, `found`, `tell` or `told` is read within 15 lines; what lives longer is
    named for what it is."""
    wrong: set[str] = set()
    for module, source in SOURCES.items():
        for function in re.split(r"\n(?=(?: {4})?(?:async )?def )", source):
            # Only what may be long is parsed.
            said = [
                (name[1], function.count("\n", 0, name.start()))
                for name in _SAID.finditer(function)
            ]
            lines = dict(said)
            if not any(lines[name] - line > _LONG for name, line in said):
                continue
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, _WITHIN[:2]):
                    wrong |= {
                        f"{module}:{first} {name}, until {last}"
                        for name in _VAGUE
                        for first, last in _lives(node, name)
                        if last - first > _LONG
                    }
            break
    assert not wrong, "say what it is"


def test_each_test_is_run() -> None:
    """What is called a test stands where pytest looks for it, and each picture is of a test's."""
    tests = {path.stem: path.read_text("utf-8") for path in Path(__file__).parent.glob("*.py")}
    for name, source in tests.items():
        if not name.startswith("test_"):
            assert not re.search(r"(?m)^(?:async )?def test_", source), f"call {name} test_…"
    for picture in Path(__file__).parent.glob("__snapshots__/*/*"):
        test, _, rest = picture.stem.partition("[")
        known = tests.get(picture.parent.name, "")
        assert f"def {test}(" in known, f"nobody looks at {picture.name}"
        coloured = rest.removesuffix("]").partition("][")[2]
        assert not coloured or coloured in known, f"nobody looks at {picture.name}"


def test_the_map_is_true() -> None:
    """What ARCHITECTURE, docs/ and CONTRIBUTING name is there: files, and names in their modules."""
    root = PACKAGE.parent
    sources = {
        path.as_posix(): path.read_bytes()
        for folder in (PACKAGE, root / "tests", root / "benchmarks")
        for path in folder.rglob("*")
        if path.suffix in (".py", ".sql", ".toml", ".tcss")
    }
    everything = b"\n".join(sources.values())
    wrong: list[str] = []
    papers = [root / "ARCHITECTURE.md", root / "CONTRIBUTING.md", *(root / "docs").glob("*.md")]
    assert len(papers) > 6
    for paper in papers:
        for said in re.findall(r"`([\w./]+)`", paper.read_text("utf-8")):
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
                wrong.append(f"{paper.name}: {said}")
    assert not wrong, "say there where it is now"
    # An example is ours, word for word.
    examples = re.findall(r"```python\n(.*?)```", papers[1].read_text("utf-8"), re.DOTALL)
    assert len(examples) == 2
    assert all(example.encode() in everything for example in examples), "show it as it is now"


def test_the_drawing_has_each_room_on_its_floor() -> None:
    """ARCHITECTURE draws what each contract of layers names, and no higher layer below a lower one."""
    root = PACKAGE.parent
    drawing = (root / "ARCHITECTURE.md").read_text("utf-8").split("```")[1]
    house, head, rooms = drawing.partition("\n shop/")
    middle = (head + rooms).index("screens/")
    halves = [(line[:middle], line[middle:]) for line in (head + rooms).splitlines()]
    # Rooms are named at the beginning of a line; what they hold is told behind some blanks.
    drawn = {
        "crm_tui": [re.findall(r"(\w+)(?:\.py|/)", line) for line in house.splitlines()],
        "crm_tui.shop": [re.split(r" {3,}", left.strip())[0].split() for left, _ in halves],
        "crm_tui.screens": [re.split(r" {3,}", right.strip())[0].split() for _, right in halves],
    }
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    seen = set()
    for contract in contracts:
        if contract["type"] != "layers":
            continue
        (container,) = contract["containers"]
        seen.add(container)
        lowest = -1
        for layer in contract["layers"]:
            names = set(layer.split(" | ")) - {"__main__"}
            lines = {
                name: next((at for at, said in enumerate(drawn[container]) if name in said), -1)
                for name in names
            }
            assert all(at > lowest for at in lines.values()), (container, lines)
            lowest = max((lowest, *lines.values()))
    assert seen == set(drawn)


def test_each_promise_is_tried() -> None:
    """Each promise of SECURITY names what tries it, and that is there: a file, a test in the file that
    was named last, a benchmark."""
    root = PACKAGE.parent
    wrong: list[str] = []
    promises = 0
    for row in (root / "SECURITY.md").read_text("utf-8").splitlines():
        tried = row.rstrip().removesuffix("|").rpartition("|")[2] if row.startswith("| ") else row
        if row.startswith("| ") and "tried by" not in row:
            promises += 1
            if not re.search(r"`(?:tests|benchmarks)/", tried):
                wrong.append(f"nothing tries: {row[:60]}")
        source = ""
        for file, test in re.findall(r"`((?:tests|benchmarks)/\w+\.py)?(?:::(\w+))?`", tried):
            if file:
                path = root / file
                source = path.read_text("utf-8") if path.exists() else ""
                if not source:
                    wrong.append(file)
            if test and f"def {test}(" not in source:
                wrong.append(f"::{test}")
    assert promises > 50
    assert not wrong, "say there what tries it now"


def test_services_wait_for_a_modem() -> None:
    """A worker that begins with the computer waits for its modem: systemd starts one that ends at once
    five times, then never again."""
    readme = (PACKAGE.parent / "README.md").read_text("utf-8")
    begun = re.findall(r"(?:ExecStart=\S+|/tr \"crm-tui|`crm-tui\.exe) gateway\b( --wait)?", readme)
    assert len(begun) >= 4
    assert all(begun)
