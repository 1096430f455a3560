"""The ways to a modem: found among the ports, over the network, simulated."""

import contextlib
import json
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_tui.clock import SimulatedClock, SystemClock
from crm_tui.gsm import ports
from crm_tui.gsm.errors import NoModemFound
from crm_tui.modem import Modem
from crm_tui.simulator import registry, terminal
from crm_tui.simulator.commands import SimulatedModem
from tests.peers import until
from tests.shop import ANI, Shop


def test_auto_takes_the_first_that_answers(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """`auto` passes by ports that are not there, silent, or talk like something else."""
    silent, echo = SimulatedModem(shop.clock), SimulatedModem(shop.clock)
    silent.faults.silent = True
    echo.obey = lambda line: echo.say(line)  # type: ignore[method-assign]
    registry.register("silent", silent)
    registry.register("echo", echo)
    names = ["/dev/tty-not-there", "sim://silent", "sim://echo", shop.port]
    monkeypatch.setattr(ports, "candidates", lambda: names)
    modem = Modem("auto", shop.clock)
    assert modem.health().operator == "Simulasi"
    modem.close()
    monkeypatch.setattr(ports, "candidates", lambda: names[:3])
    with pytest.raises(NoModemFound):
        Modem("auto", shop.clock)


@pytest.mark.parametrize("speed", [9600, 57600])
@pytest.mark.parametrize("port", ["named", "auto"])
def test_other_speeds(shop: Shop, monkeypatch: pytest.MonkeyPatch, speed: int, port: str) -> None:
    """A modem that was set to another speed is found at it, and at once the next time."""
    shop.modem.faults.speed = speed
    monkeypatch.setattr(ports, "candidates", lambda: [shop.port])
    name = shop.port if port == "named" else "auto"
    for within in (20, 3 if port == "named" else 20):
        began = shop.clock.monotonic()
        modem = Modem(name, shop.clock)
        assert modem.health().operator == "Simulasi"
        assert shop.clock.monotonic() - began < within
        modem.close()


@pytest.mark.parametrize("seconds", [4.0, 7.0])
def test_slow_to_open(shop: Shop, seconds: float) -> None:
    """A modem whose every answer takes seconds is opened all the same, and serves."""
    shop.modem.faults.slow = seconds
    shop.says(ANI, "HARGA AB-1")
    shop.run(600)
    assert len(shop.modem.sent) == 1
    assert not shop.modem.card.used("SM")


def test_other_speed_on_a_terminal(tmp_path: Path) -> None:
    """On a real serial line, too: the speed that we set is the one that counts."""
    modem, stop = SimulatedModem(SystemClock()), threading.Event()
    modem.faults.speed = 9600
    link = tmp_path / "modem"
    thread = threading.Thread(target=terminal.serve, args=(modem, link, stop), daemon=True)
    thread.start()
    until(link.exists)
    ports._spoken.clear()
    monkey = pytest.MonkeyPatch()
    monkey.setattr(ports, "_PATIENT", (0.3,))
    ours = Modem(str(link), SystemClock())
    assert ports._spoken[str(link)] == 9600
    ours.close()
    monkey.undo()
    stop.set()
    thread.join(5)


def _bridge(listener: socket.socket, modem: SimulatedModem, stop: threading.Event) -> None:
    connection, _ = listener.accept()
    connection.settimeout(0.02)
    with connection:
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                modem.feed(connection.recv(4096))
            with contextlib.suppress(OSError):
                connection.sendall(modem.take())


def test_over_the_network() -> None:
    """socket://host:port leads to a modem behind a serial server."""
    modem, stop = SimulatedModem(SystemClock()), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_bridge, args=(listener, modem, stop), daemon=True)
        thread.start()
        port = f"socket://127.0.0.1:{listener.getsockname()[1]}"
        ours = Modem(port, SystemClock())
        modem.inject(ANI, "HARGA AB-1")
        assert len(ours.scan()) == 1
        ours.close()
        stop.set()
        thread.join(5)


def test_simulated_with_state_and_control(tmp_path: Path) -> None:
    """sim:// keeps its SIM in a file, and takes commands on a socket."""
    name = f"sim://kept?state={tmp_path / 'sim.json'}&control={tmp_path / 'control'}"
    modem = Modem(name, SystemClock())
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(tmp_path / "control"))
        stream = connection.makefile("rw", encoding="utf-8", newline="\n")
        for line, ok in (
            ({"op": "inject", "from": ANI, "text": "INFO"}, True),
            ({"op": "fault", "no_such_fault": 1}, False),
            ({"op": "nothing"}, False),
            ({"op": "inject"}, False),
        ):
            stream.write(json.dumps(line) + "\n")
            stream.flush()
            assert json.loads(stream.readline())["ok"] is ok
        stream.write("no json\n")
        stream.flush()
        assert json.loads(stream.readline())["ok"] is False
        # Several lines in one packet are answered one by one.
        connection.sendall(b'{"op": "nothing"}\n{"op": "sent"}\n{"op": "sent"}\n')
        assert [json.loads(stream.readline())["ok"] for _ in range(3)] == [False, True, True]
        stream.close()
    modem.close()
    registry.forget("kept")
    again = Modem(name.split("&")[0], SystemClock())
    assert len(again.scan()) == 1
    again.close()
    registry.forget("kept")


def test_paced_line() -> None:
    """With a rate each octet takes ten bits, both ways."""
    clock = SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC))
    modem = SimulatedModem(clock, baud=9600)
    modem.feed(b"ATE0\r")
    said = b""
    while not said.endswith(b"OK\r\n"):
        moment = modem.next_moment()
        assert moment is not None
        clock.wait(max(0.0, moment - clock.monotonic()))
        said += modem.take()
    assert clock.monotonic() == pytest.approx((5 + len(said)) * 10 / 9600)
