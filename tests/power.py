"""The disk as a power cut leaves it: what a process wrote is recorded, and replayed up to any moment.

    strace ─▶ writes, syncs, names in their order ─▶ Disk ─cut─▶ a folder

What was not synced may be there or not, each sector of 512 octets for itself, whatever the order of the
writes was. Names (created, moved, removed) come to the disk in their order, and surely only when their
folder is synced. A file's own sync brings its octets to the disk, and no name.
"""

import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
_CALLS = (
    "openat,open,creat,close,write,pwrite64,pwritev,pwritev2,writev,fsync,fdatasync,ftruncate,truncate,"
    "fallocate,rename,renameat,renameat2,unlink,unlinkat,link,linkat,sendfile,copy_file_range,lseek,"
    "dup,dup2,dup3,fcntl,mmap"
)
_LINE = re.compile(r"(\d+) +(.*)")
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+|\?).*")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


def record(words: list[str], log: Path) -> str:
    """Run a program and write what it does to files into `log`; its output."""
    done = subprocess.run(
        ["strace", "-f", "-xx", "-s", "100000000", "-e", f"trace={_CALLS}", "-o", str(log), *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


@dataclass
class Call:
    """A system call that succeeded."""

    name: str
    arguments: str
    result: int

    @property
    def texts(self) -> list[bytes]:
        found = _TEXT.findall(self.arguments)
        assert not any(more for _, more in found), "strace has cut it short"
        return [bytes.fromhex(text.replace("\\x", "")) for text, _ in found]

    @property
    def numbers(self) -> list[int]:
        """What stands between the texts, where it is a number."""
        parts = _TEXT.sub("", self.arguments).split(",")
        return [int(part) for part in map(str.strip, parts) if part.lstrip("-").isdigit()]


def calls(log: Path) -> Iterator[Call]:
    """The calls in the order in which they came back."""
    begun: dict[str, str] = {}
    with log.open(encoding="ascii") as lines:
        for line in lines:
            found = _LINE.fullmatch(line.rstrip("\n"))
            assert found, line[:200]
            task, text = found[1], found[2]
            if text.endswith("<unfinished ...>"):
                begun[task] = text.removesuffix("<unfinished ...>")
                continue
            resumed = re.match(r"<\.\.\. \w+ resumed>", text)
            if resumed:
                text = begun.pop(task) + text[resumed.end() :]
            call = _CALL.fullmatch(text)
            if call and call[3] != "?" and int(call[3]) >= 0:
                yield Call(call[1], call[2], int(call[3]))


@dataclass
class File:
    """What is surely on the disk, and what was written since."""

    durable: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Where, and what; None: the size is changed to this."""

    def sync(self) -> None:
        self.durable = self.now()
        self.pending.clear()

    def now(self) -> bytes:
        """What programs read in it."""
        octets = bytearray(self.durable)
        for at, data in self.pending:
            _apply(octets, at, data)
        return bytes(octets)

    def cut(self, chosen: random.Random, share: float) -> bytes:
        """What a power cut may leave, of whose unsynced sectors about a share came to the disk."""
        octets = bytearray(self.durable)
        for at, data in self.pending:
            if data is None:
                if chosen.random() < share:
                    _apply(octets, at, None)
                continue
            end = at + len(data)
            while at < end:
                piece = min(end, (at // SECTOR + 1) * SECTOR)
                if chosen.random() < share:
                    _apply(octets, at, data[len(data) - (end - at) : len(data) - (end - piece)])
                at = piece
        return bytes(octets)


def _apply(octets: bytearray, at: int, data: bytes | None) -> None:
    if data is None:
        del octets[at:]
        octets.extend(bytes(at - len(octets)))
    else:
        octets.extend(bytes(max(0, at - len(octets))))
        octets[at : at + len(data)] = data


class Disk:
    """A folder as a process writes it, from a moment at which all of it was on the disk."""

    def __init__(self, folder: Path, start: Path) -> None:
        """`folder` as the process knows it; what was in it at the start, copied."""
        self.folder = folder
        self.names = {
            str(folder / path.relative_to(start)): File(path.read_bytes())
            for path in start.rglob("*")
            if path.is_file()
        }
        self.durable = dict(self.names)
        self.order: list[tuple[str, str, File | None]] = []
        """Names since the last sync of a folder: what, which name, and the file that has it now."""
        self.open: dict[int, File | str] = {}
        self.at: dict[int, int] = {}
        self.said: list[str] = []

    def _name(self, octets: bytes, call: Call) -> str | None:
        name = octets.decode()
        beside = self.open.get(call.numbers[0]) if call.numbers else None
        if not name.startswith("/") and isinstance(beside, str):
            # Told from an open folder on.
            name = f"{beside}/{name}"
        return name if name.startswith(str(self.folder) + "/") or name == str(self.folder) else None

    def _named(self, name: str, file: File | None) -> None:
        if file is None:
            self.names.pop(name, None)
        else:
            self.names[name] = file
        self.order.append(("", name, file))

    def do(self, call: Call) -> None:
        """Replay a call. What this model does not know is refused, if it is about the folder."""
        numbers = call.numbers
        match call.name:
            case "open" | "openat" | "creat":
                self._open(call)
            case "close":
                self.open.pop(numbers[0], None)
            case "write" if numbers[0] == 1:
                self.said += call.texts[0].decode().splitlines()
            case "write" | "pwrite64":
                file = self.open.get(numbers[0])
                if isinstance(file, File):
                    data = call.texts[0][: call.result]
                    moving = call.name == "write"
                    at = self.at[numbers[0]] if moving else numbers[-1]
                    if moving and self.at.get(-numbers[0]):
                        at = len(file.now())
                    file.pending.append((at, data))
                    if moving:
                        self.at[numbers[0]] = at + len(data)
            case "lseek":
                if numbers[0] in self.open:
                    self.at[numbers[0]] = call.result
            case "ftruncate":
                file = self.open.get(numbers[0])
                if isinstance(file, File):
                    file.pending.append((numbers[1], None))
            case "fsync" | "fdatasync":
                file = self.open.get(numbers[0])
                if isinstance(file, File):
                    file.sync()
                elif file is not None:
                    self.durable = dict(self.names)
                    self.order.clear()
            case "rename" | "renameat" | "renameat2":
                source, target = (self._name(text, call) for text in call.texts)
                if source and target:
                    self._moved(source, target)
                assert bool(source) == bool(target), call
            case "unlink" | "unlinkat":
                name = self._name(call.texts[0], call)
                if name:
                    self._named(name, None)
            case "mmap":
                pass
            case "fcntl":
                if "F_DUPFD" in call.arguments and numbers[0] in self.open:
                    # A folder, to be listed; a file's two handles would share a place in it.
                    same = self.open[numbers[0]]
                    assert isinstance(same, str), call
                    self.open[call.result] = same
            case _:
                # Reading makes a place where nothing is written to move on, too.
                assert not [number for number in numbers if number in self.open], call
                assert not any(self._name(text, call) for text in call.texts), call

    def _open(self, call: Call) -> None:
        name = self._name(call.texts[0], call)
        self.open.pop(call.result, None)
        # A memory that programs share is no file of the disk.
        if name is None or name.endswith("-shm"):
            return
        if "O_DIRECTORY" in call.arguments or Path(name).is_dir():
            self.open[call.result] = name
            return
        if name not in self.names:
            if "O_CREAT" not in call.arguments:
                self.open[call.result] = name
                return
            self._named(name, File())
        file = self.names[name]
        if "O_TRUNC" in call.arguments:
            file.pending.append((0, None))
        self.open[call.result] = file
        self.at[call.result] = 0
        self.at[-call.result] = int("O_APPEND" in call.arguments)

    def _moved(self, source: str, target: str) -> None:
        inside = [name for name in self.names if name.startswith(source + "/")]
        for name in inside or [source]:
            file = self.names[name]
            # Moved at once: there is no moment at which it has both names, or none.
            self.order.append(("move", name, None))
            self.names.pop(name)
            self._named(target + name[len(source) :], file)

    def cut(self, into: Path, chosen: random.Random) -> None:
        """The folder as it may be found when the power goes now."""
        names = dict(self.durable)
        upto = chosen.choice((0, len(self.order), chosen.randint(0, len(self.order))))
        while upto and self.order[upto - 1][0] == "move":
            upto -= 1
        for _, name, file in self.order[:upto]:
            if file is None:
                names.pop(name, None)
            else:
                names[name] = file
        share = chosen.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        into.mkdir()
        for name, file in names.items():
            target = into / Path(name).relative_to(self.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.cut(chosen, share))
