"""The program in real terminals: several at once on one shop, hostile texts, crashes."""

import os
import pty
import re
import select
import subprocess
import time
from functools import partial
from pathlib import Path

import pytest

from crm_tui import sqlite
from tests.conftest import HOSTILE
from tests.peers import PROGRAM, Simulator, crm, end, founded, quick_worker, simulator, until
from tests.shop import ANI, BUDI, CITRA, ITEMS
from tests.terminal import terminal

NAME, PASSWORD = "bos", "harimau-bos"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop with items."""
    made = founded(tmp_path / "toko")
    crm(made, "import", "items", str(ITEMS))
    return made


def ask(folder: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite.connect(folder / "crm.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def holder(folder: Path) -> str:
    """The process that says it drives the modem."""
    rows = ask(folder, "SELECT holder, state FROM gateway")
    return str(rows[0][0]) if rows and rows[0][1] == "ready" else ""


def confirmations(modem: Simulator) -> list[str]:
    return [sent["text"] for sent in modem.do("sent") if "siap" in sent["text"]]


def answered(modem: Simulator, phone: str, text: str) -> None:
    """The SMS gets its answer, and just one."""
    before = [sent for sent in modem.do("sent") if sent["to"] == phone]
    modem.do("inject", **{"from": phone, "text": text})

    def answers() -> list[object]:
        return [sent for sent in modem.do("sent") if sent["to"] == phone][len(before) :]

    until(answers)
    until(lambda: modem.do("count")[1] == 0)
    assert len(answers()) == 1


@pytest.mark.soak
def test_two_counters_and_a_worker(
    folder: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Two counters and a worker without a screen share one shop: what one does the others show,
    one of them drives the modem, and when it is killed another one does."""
    with simulator(tmp_path) as modem:
        crm(folder, "settings", "modem.port", str(modem.port))
        headless = quick_worker(folder, modem.port)
        request.addfinalizer(lambda: end(headless))
        until(lambda: holder(folder).endswith(f"PID {headless.pid}"))
        with terminal(folder) as first, terminal(folder, size=(120, 40)) as second:
            for each in (first, second):
                each.sign_in(NAME, PASSWORD)
                each.write("1")
                each.sees("Cek SMS Pemesanan")
            for number, phone in enumerate((ANI, BUDI, CITRA), start=1):
                modem.do("inject", **{"from": phone, "text": "PESAN PQ-R 2"})
                until(partial(ask, folder, f"SELECT 1 FROM orders WHERE id = {number}"))
                for each in (first, second):
                    each.sees(f"dari {number}")
            for left in (2, 1):
                # A row that slipped under the cursor is not decided about at once.
                time.sleep(1.0)
                first.write("k")
                first.sees(f"dari {left}")
                second.sees(f"dari {left}")
            assert holder(folder).endswith(f"PID {headless.pid}")
            headless.kill()
            headless.wait()
            apps = {each.process.pid: each for each in (first, second)}
            until(lambda: any(holder(folder).endswith(f"PID {pid}") for pid in apps), 30)
            driving = next(pid for pid in apps if holder(folder).endswith(f"PID {pid}"))
            answered(modem, ANI, "HARGA PQ-R")
            apps[driving].kill()
            other = next(pid for pid in apps if pid != driving)
            until(lambda: holder(folder).endswith(f"PID {other}"), 30)
            answered(modem, BUDI, "HARGA PQ-S")
            # Two confirmations by key, whatever died meanwhile: each went out once.
            until(lambda: len(confirmations(modem)) >= 2)
            time.sleep(1.0)
            texts = confirmations(modem)
            assert sorted(text.split(":")[0] for text in texts) == [
                "Pesanan 1 siap",
                "Pesanan 2 siap",
            ]
            assert apps[other].quit() == 0


@pytest.mark.soak
def test_hostile_texts_on_the_line(folder: Path) -> None:
    """None of a customer's characters reaches the terminal as a control: neither in lists nor in
    details, neither escape sequences nor marks of direction."""
    connection = sqlite.connect(folder / "crm.db")
    with connection:
        for number, text in enumerate(HOSTILE.values(), start=1):
            phone = f"+62811000{number:05d}"
            connection.execute("INSERT INTO customers (name, created_at) VALUES (?, '')", (text,))
            connection.execute("INSERT INTO phones VALUES (?, ?)", (phone, number))
            connection.execute(
                "INSERT INTO messages (direction, kind, at, phone, text, status, status_at, reason)"
                " VALUES ('in', 'sms', '2026-11-24T01:00:00.000Z', ?, ?, 'staff', '', ?)",
                (phone, text, text),
            )
    connection.close()
    with terminal(folder) as here:
        here.sign_in(NAME, PASSWORD)
        here.write("2")
        here.sees(f"dari {len(HOSTILE)}")
        shown = [""]

        def another_row() -> bool:
            """Its details stand there; the first line has the time."""
            now = here.text.partition("\n")[2]
            return "j Balas" in now and now != shown[-1]

        for _ in HOSTILE:
            until(another_row)
            shown.append(here.text.partition("\n")[2])
            here.write("\r")
            here.sees("j Tulis")
            here.write("\x1b")
            here.sees("j Balas")
            here.write("\x1b[B")
        assert here.quit() == 0
        written = here.octets.decode("utf-8")
    for forbidden in ("\x1b[31mPESAN", "judul\x07", "\x9b", "\u202e", "\u2066"):
        assert forbidden not in written
    # Between its own sequences the program writes no control at all.
    own = re.compile(
        r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|P[^\x1b]*\x1b\\|[=>78cM(][B0]?)"
    )
    assert not re.search(r"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]", own.sub("", written))


def test_killed_in_the_middle(folder: Path, tmp_path: Path) -> None:
    """After a kill the program opens again, with the order that was waiting and nothing lost."""
    with simulator(tmp_path) as modem:
        crm(folder, "settings", "modem.port", str(modem.port))
        with terminal(folder) as first:
            first.sign_in(NAME, PASSWORD)
            until(lambda: holder(folder))
            modem.do("inject", **{"from": ANI, "text": "PESAN PQ-R 2"})
            until(lambda: ask(folder, "SELECT 1 FROM orders"))
            first.write("1")
            first.sees("k Konfirmasi")
            first.write("k")
            first.sees("dikonfirmasi")
            first.kill()
        assert ask(folder, "SELECT status FROM orders") == [("confirmed",)]
        with terminal(folder) as again:
            again.sign_in(NAME, PASSWORD)
            until(lambda: confirmations(modem), 30)
            assert again.quit() == 0
        assert len(confirmations(modem)) == 1


def test_not_a_terminal(folder: Path) -> None:
    """Without a terminal the program tells its help instead of opening screens."""
    assert "crm-tui" in crm(folder)


def test_a_store_of_the_future(folder: Path) -> None:
    """A shop that a newer program made is told of on the screen in one sentence; F10 leaves."""
    connection = sqlite.connect(folder / "crm.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with terminal(folder) as here:
        here.sees("lebih baru")
        assert "Traceback" not in here.text
        assert here.quit() == 0


def test_the_terminal_is_gone(tmp_path: Path) -> None:
    """A program whose window was closed ends by itself, even if the hang-up never reached it."""
    folder = founded(tmp_path / "toko")
    master, slave = pty.openpty()
    words = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *PROGRAM, "--data", str(folder)]
    process = subprocess.Popen(
        words, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        env=os.environ | {"TERM": "xterm-256color"},
    )  # fmt: skip
    os.close(slave)
    seen = b""
    while b"Kata sandi" not in seen:
        assert select.select([master], [], [], 30)[0], seen[-500:]
        seen += os.read(master, 65536)
    os.close(master)
    try:
        process.wait(20)
    finally:
        process.kill()
    assert "Traceback" not in (folder / "crm.log").read_text()
