"""crm.log: kept in bounds, and without what is nobody's business.

Every line that any part of the program writes passes through here. What a person who mends the program
needs stays: what was done, which key, which error and where. Telephone numbers keep their first and
last digits, an SMS as it came over the line its length and a mark by which two can be told apart, a PIN
nothing; what an error quotes, which may be a customer's words, is left out, and of what it says all but
the first line; of what somebody wanted done its name stays, not what it was done with.
"""

import copy
import logging
import os
import re
import traceback
from collections.abc import Iterator
from functools import partial
from hashlib import blake2b
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from crm_tui.errors import Problem
from crm_tui.text import visible

USUAL_MB = 8
FILES = 4
"""crm.log and those before it; together they take what is allowed."""

_PDU = re.compile(r"\b[0-9A-Fa-f]{24,}\b")
_PIN = re.compile(r"(CPIN=)\S+")
# In one piece, or in groups as people write numbers of Indonesia.
_PHONE = re.compile(
    r"(?<![\w.:])\+?\d{9,15}(?![\w.:])|(?<!\d)(?:\+62|62|0)[ -]?8(?:[ -]?\d){7,11}(?!\d)"
)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.){4,}'|\"(?:[^\"\\]|\\.){4,}\"")

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def masked(text: str) -> str:
    """`text` without numbers of people, SMS and PINs."""
    text = _PDU.sub(_mark, text)
    text = _PIN.sub(r"\1…", text)
    return _PHONE.sub(_ends, text)


def _mark(found: re.Match[str]) -> str:
    sign = blake2b(found[0].upper().encode(), digest_size=4).hexdigest()
    return f"<{len(found[0]) // 2} octets, {sign}>"


def _ends(found: re.Match[str]) -> str:
    return f"{found[0][:4]}…{found[0][-3:]}"


def _said(error: BaseException) -> str:
    """What an error says, without what it quotes."""
    # What is quoted may go on in the next line.
    return _QUOTED.sub("'…'", str(error)).partition("\n")[0]


def _bare(arg: object) -> object:
    """What a line is filled with, without what people wrote."""
    if isinstance(arg, partial):
        return getattr(arg.func, "__qualname__", type(arg.func).__qualname__)
    # What the system says of a file names the file.
    if isinstance(arg, BaseException) and not isinstance(arg, Problem | OSError):
        return _said(arg)
    return arg


def _history(error: BaseException, seen: set[int]) -> Iterator[str]:
    """Where it happened and what kind of error it was, what it came from first."""
    seen.add(id(error))
    hidden = None if error.__suppress_context__ else error.__context__
    for before in (error.__cause__ or hidden, *getattr(error, "exceptions", ())):
        if before is not None and id(before) not in seen:
            yield from _history(before, seen)
            yield "and then:"
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    yield f"{type(error).__qualname__}: {_said(error)}"


class MaskingFormatter(logging.Formatter):
    """Makes lines that may be shown to strangers, and on a terminal: what a modem or file says makes no
    line of its own, and nothing of it is obeyed."""

    def format(self, record: logging.LogRecord) -> str:
        # Others may write the same record elsewhere, and may have kept what the error says.
        record = copy.copy(record)
        record.exc_text = None
        if isinstance(record.args, tuple):
            record.args = tuple(map(_bare, record.args))
        return masked(visible(super().format(record)))

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).replace("\n", "\u2424")

    def formatException(self, ei: _ExcInfo) -> str:
        return "" if ei[1] is None else "\n".join(_history(ei[1], set()))


class ShopLog(RotatingFileHandler):
    """Writes crm.log; readable by its owner alone (see the umask of the command line)."""

    def __init__(self, path: Path, megabytes: int = USUAL_MB) -> None:
        super().__init__(path, backupCount=FILES - 1, encoding="utf-8", delay=True)
        self.bound(megabytes)
        self.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))

    def bound(self, megabytes: int) -> None:
        """From now on all its files together take at most so much."""
        self.maxBytes = megabytes * 1_000_000 // FILES

    def _open(self) -> TextIOWrapper:
        if os.path.exists(self.baseFilename) and not os.path.isfile(self.baseFilename):
            # A pipe would be waited for until somebody reads it.
            raise OSError(self.baseFilename)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Where the disk is full, so is the log: told in a sentence, not in a traceback each time."""

    def doRollover(self) -> None:
        try:
            super().doRollover()
        except OSError:
            # Another program of the shop has it open (Windows): it goes on in the same file.
            if self.stream is None:
                self.stream = self._open()


def bound(megabytes: int) -> None:
    """Let this program's log take at most so much."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, ShopLog):
            handler.bound(megabytes)


def files(folder: Path) -> list[Path]:
    """crm.log of the shop in `folder`, and those before it."""
    return sorted(folder.glob("crm.log*"))
