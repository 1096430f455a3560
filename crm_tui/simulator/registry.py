"""The simulated modems of this process, by the name in sim://NAME."""

import threading
from pathlib import Path

from crm_tui.clock import SystemClock
from crm_tui.simulator.card import Card
from crm_tui.simulator.commands import SimulatedModem

_modems: dict[str, SimulatedModem] = {}
_lock = threading.Lock()


def register(name: str, modem: SimulatedModem) -> None:
    """Let sim://`name` lead to `modem`."""
    with _lock:
        _modems[name] = modem


def forget(name: str) -> None:
    with _lock:
        _modems.pop(name, None)


def modem(name: str, *, baud: int | None = None, state: Path | None = None) -> SimulatedModem:
    """The modem called `name`; a new one if there is none yet, its SIM kept in the file `state`."""
    with _lock:
        if name not in _modems:
            _modems[name] = SimulatedModem(SystemClock(), card=Card(file=state), baud=baud)
        return _modems[name]
