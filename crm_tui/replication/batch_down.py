"""What the head office has for one branch, as a file: carried there by stick or mail, signed by the
office.

    CRMDOWNS1\\n · signature (Ed25519, base64)\\n · gzip of lines of JSON
        {"format": "crm-downs-1", "branch", "lineage", "after", "upto", "at"}
        [seq, kind, key, body, at] …

Behind `after` it holds all rows up to `upto`. A file may come twice, or beside rounds over the line:
the branch leaves out what it has, and takes none that would leave a gap.
"""

import base64
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_tui.errors import N_
from crm_tui.replication import signing
from crm_tui.replication.errors import ChainProblem

FORMAT = "crm-downs-1"
MOST = 500_000_000
"""Octets of such a file, unpacked."""
MAGIC = b"CRMDOWNS1\n"
"""What such a file begins with."""
_SIGNED = signing.SIZE

ODD = (
    OSError, EOFError, zlib.error, ValueError, LookupError, TypeError, OverflowError, RecursionError,
)  # fmt: skip
"""What it comes to to read a file that is not as it should be."""

Row = tuple[int, str, str, Any, str]
"""Number, kind, key, body, moment."""


class CarriedDamaged(ChainProblem):
    text = N_(
        "{file} is no file of this branch's head office, or it was changed or cut on its way. Ask for"
        " it once more."
    )


class CarriedForAnother(ChainProblem):
    text = N_("{file} is for another branch. Ask the head office for this branch's own.")


class CarriedTooFar(ChainProblem):
    text = N_(
        "A file that the head office wrote before {file} is missing. Take that one in first, or ask the"
        " head office for all: crm-tui office give --all"
    )


@dataclass(frozen=True)
class Carried:
    """A file whose signature is right; written `at` a moment of the office."""

    branch: int
    lineage: str
    after: int
    upto: int
    at: str
    rows: tuple[Row, ...]

    def fetch(self, after: int, most: int) -> Sequence[Row]:
        """Rows behind a number, at most so many, as the line would give them."""
        return [row for row in self.rows if row[0] > after][:most]


def written(
    head: dict[str, object], rows: Iterable[Sequence[Any]], sign: Callable[[bytes], bytes]
) -> bytes:
    """The file's octets; `sign` makes the office's signature."""
    lines = [json.dumps({"format": FORMAT, **head}), *(json.dumps(list(row)) for row in rows)]
    packed = gzip.compress("\n".join(lines).encode(), mtime=0)
    return MAGIC + base64.b64encode(sign(_digest(packed))) + b"\n" + packed


def opened(path: Path, office: str, branch: int) -> Carried:
    """A file for this branch; `office`: the certificate (PEM) that came with the enrolment.

    Raises `CarriedDamaged`, `CarriedForAnother`, `OSError`.
    """
    octets = path.read_bytes()
    begin = len(MAGIC) + _SIGNED + 1
    packed = octets[begin:]
    if not octets.startswith(MAGIC) or not signing.is_signed(
        office, octets[len(MAGIC) : begin - 1], _digest(packed)
    ):
        raise CarriedDamaged(file=path.name)
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            plain = file.read(MOST + 1)
        if len(plain) > MOST:
            raise ValueError("too long")
        head, *rows = (json.loads(line) for line in plain.decode().split("\n"))
        made = Carried(
            int(head["branch"]), str(head["lineage"]), int(head["after"]), int(head["upto"]),
            str(head["at"]), tuple(_row(*row) for row in rows),
        )  # fmt: skip
        if head["format"] != FORMAT:
            raise ValueError("another format")
    except ODD as trouble:
        raise CarriedDamaged(file=path.name) from trouble
    if made.branch != branch:
        raise CarriedForAnother(file=path.name)
    return made


def _row(seq: int, kind: str, key: str, body: Any, at: str) -> Row:
    return int(seq), str(kind), str(key), body, str(at)


def _digest(packed: bytes) -> bytes:
    return hashlib.blake2b(FORMAT.encode() + packed).digest()
