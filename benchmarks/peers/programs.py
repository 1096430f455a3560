"""The programs that are compared, each behind the same few questions.

Each runs as its manual's shortest configuration has it, with files or its store in a folder of its own;
where a program waits by default between two looks (smstools: 10 s), it waits as short as it can.
"""

import os
import re
import shutil
import signal
import subprocess
from abc import ABC, abstractmethod
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from crm_tui import sqlite
from crm_tui.clock import SystemClock
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.messages import outbox
from crm_tui.shop.messages.outbox import AGAIN
from crm_tui.store import Store
from tests.peers import PROGRAM, founded

Sms = tuple[str, str]
"""A telephone number (with its +) and a text."""


class Peer(ABC):
    """One program, in a folder, at a port."""

    name: str
    program: str
    package = ""

    def __init__(self, folder: Path, port: Path) -> None:
        self.folder = folder
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        self.prepare()

    @classmethod
    def missing(cls) -> str:
        """What to say where the program is not installed; "" where it is."""
        if shutil.which(cls.program) or Path(cls.program).exists():
            return ""
        return f"{cls.name} is not installed: apt-get install {cls.package}"

    def start(self) -> None:
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                self.words(), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL to it and its helpers, as the system does when memory runs out."""
        self._signal(signal.SIGKILL)

    def end(self) -> None:
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        # Whatever of its family is left.
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    @abstractmethod
    def prepare(self) -> None:
        """Write its configuration."""

    @abstractmethod
    def words(self) -> list[str]:
        """The command that runs it."""

    @abstractmethod
    def send(self, messages: list[Sms]) -> None:
        """Hand these over to be sent."""

    @abstractmethod
    def received(self) -> Counter[Sms]:
        """What it took in, as often as it did."""

    @abstractmethod
    def called(self) -> tuple[Counter[Sms], Counter[Sms]]:
        """What it calls sent, and what it calls failed for good."""


class Ours(Peer):
    name = "crm-tui"
    program = PROGRAM[0]

    def prepare(self) -> None:
        self.shop = founded(self.folder / "shop")
        self._ctx = Context(Store(self.shop / "crm.db"), SystemClock(), console())
        # Peers answer nobody, either.
        settings.change(self._ctx, "sms.limit_day", "1")

    def words(self) -> list[str]:
        return [self.program, "--data", str(self.shop), "gateway", "--port", str(self.port)]

    def send(self, messages: list[Sms]) -> None:
        for phone, text in messages:
            outbox.send(self._ctx, phone, text)

    def received(self) -> Counter[Sms]:
        rows = self._rows("SELECT phone, text FROM messages WHERE direction = 'in'")
        return Counter((row[0], row[1]) for row in rows)

    def called(self) -> tuple[Counter[Sms], Counter[Sms]]:
        rows = self._rows("SELECT phone, text, status FROM messages WHERE kind = 'hand'")
        sent = [each for each in rows if each[2] in ("sent", "delivered")]
        failed = [each for each in rows if each[2] in ("failed", "expired", "cancelled")]
        return (
            Counter((row[0], row[1].removesuffix(AGAIN)) for row in sent),
            Counter((row[0], row[1].removesuffix(AGAIN)) for row in failed),
        )

    def _rows(self, query: str) -> list[Any]:
        connection = sqlite.connect(self.shop / "crm.db")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


class Gammu(Peer):
    name = "gammu-smsd"
    program = "gammu-smsd"
    package = "gammu-smsd"

    def prepare(self) -> None:
        for each in ("inbox", "outbox", "sent", "error"):
            (self.folder / each).mkdir()
        self._config = self.folder / "smsdrc"
        self._config.write_text(
            f"[gammu]\ndevice = {self.port}\nconnection = at115200\n"
            f"[smsd]\nservice = files\nlogfile = {self.folder}/log\n"
            f"inboxpath = {self.folder}/inbox/\noutboxpath = {self.folder}/outbox/\n"
            f"sentsmspath = {self.folder}/sent/\nerrorsmspath = {self.folder}/error/\n"
            "inboxformat = standard\ndeliveryreport = log\nchecksecurity = 0\nloopsleep = 1\n",
            "utf-8",
        )

    def words(self) -> list[str]:
        return [self.program, "-c", str(self._config)]

    def send(self, messages: list[Sms]) -> None:
        for phone, text in messages:
            subprocess.run(
                ["gammu-smsd-inject", "-c", str(self._config), "TEXT", phone, "-text", text],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def received(self) -> Counter[Sms]:
        found: Counter[Sms] = Counter()
        for path in (self.folder / "inbox").iterdir():
            phone = re.search(r"_(\+\d+)_", path.name)
            found[phone[1] if phone else "", path.read_text("latin-1")] += 1
        return found

    def called(self) -> tuple[Counter[Sms], Counter[Sms]]:
        return self._of("sent"), self._of("error")

    def _of(self, folder: str) -> Counter[Sms]:
        found: Counter[Sms] = Counter()
        for path in (self.folder / folder).iterdir():
            told = path.read_text("latin-1")
            phone = re.search(r'^Number = "(.*)"', told, re.MULTILINE)
            text = re.search(r"^; Text: (.*)$|^Text00 = ([0-9A-F]*)", told, re.MULTILINE)
            if phone and text:
                words = text[1] or bytes.fromhex(text[2] or "").decode("utf-16-be")
                found[phone[1], words] += 1
        return found


class Smstools(Peer):
    name = "smstools3"
    program = "/usr/sbin/smsd"
    package = "smstools"

    def prepare(self) -> None:
        for each in ("outgoing", "checked", "incoming", "failed", "sent"):
            (self.folder / each).mkdir()
        self._config = self.folder / "smsd.conf"
        folders = "".join(
            f"{each} = {self.folder}/{each}\n"
            for each in ("outgoing", "checked", "incoming", "failed", "sent")
        )
        self._config.write_text(
            f"devices = GSM1\n{folders}"
            f"logfile = {self.folder}/log\ninfofile = {self.folder}/info\npidfile = {self.folder}/pid\n"
            "loglevel = 5\ndelaytime = 1\n"
            f"[GSM1]\ndevice = {self.port}\nincoming = yes\nreport = yes\nbaudrate = 115200\n",
            "utf-8",
        )

    def words(self) -> list[str]:
        return [self.program, "-c", str(self._config), "-t"]

    def send(self, messages: list[Sms]) -> None:
        for number, (phone, text) in enumerate(messages):
            made = self.folder / f"new{number}"
            made.write_text(f"To: {phone[1:]}\n\n{text}", "latin-1")
            made.rename(self.folder / "outgoing" / f"{len(messages)}-{number}")

    def received(self) -> Counter[Sms]:
        return self._of("incoming", "From")

    def called(self) -> tuple[Counter[Sms], Counter[Sms]]:
        return self._of("sent", "To"), self._of("failed", "To")

    def _of(self, folder: str, who: str) -> Counter[Sms]:
        found: Counter[Sms] = Counter()
        for path in (self.folder / folder).iterdir():
            try:
                head, _, text = path.read_text("latin-1").partition("\n\n")
            except FileNotFoundError:
                continue
            phone = re.search(rf"^{who}: (\d+)$", head, re.MULTILINE)
            if phone and "STATUS REPORT" not in text:
                found["+" + phone[1], text.rstrip("\n")] += 1
        return found


PEERS: tuple[type[Peer], ...] = (Ours, Gammu, Smstools)
