"""The ways to a modem: COM3, /dev/ttyUSB0, socket://host:port, sim://…, or `auto`."""

import contextlib
import errno
import logging
import os
import stat
from collections.abc import Callable
from typing import Any

import serial

from crm_tui.clock import Clock
from crm_tui.gsm.errors import (
    Interrupted,
    ModemProblem,
    NoAnswer,
    NoModemFound,
    PortBusy,
    PortMissing,
    PortRefused,
)
from crm_tui.gsm.line import Line, Port, Stop, nothing_with
from crm_tui.gsm.step import USUAL_WAITS

log = logging.getLogger(__name__)

# A cable that is pulled while the port is being opened shows as an error of its own on Unix.
_OPENING: tuple[type[Exception], ...] = (OSError, ValueError)
with contextlib.suppress(ImportError):
    import termios

    _OPENING += (termios.error,)

BAUD = 115200
# Others that modems are set to; 9600 is what old ones come with. USB modems take any.
_SPEEDS = (9600, 57600, 38400, 19200, 230400, 460800)
_HASTY = (0.4, 0.4)
# The last is a long one: to ask a slow modem more often makes it slower still.
_PATIENT = (0.5, 0.5, 1.0, 1.0, 10.0)
_RFC2217 = "rfc2217://"
_NO_SPEED = ("socket://", _RFC2217)
_MOST_UNREAD = 1_000_000
"""Octets that nobody has read yet."""
_WAYS = (*_NO_SPEED, "sim://")
Left = Callable[[Line], object]
_spoken: dict[str, int] = {}
"""The speed at which each port answered last."""
# pyserial finds the handler of sim:// (protocol_sim) in this package by its own rules.
SIMULATOR = "crm_tui.simulator"


def open_port(name: str, baud: int = BAUD) -> Port:
    """The opened port. Raises `PortMissing`, `PortBusy` or `PortRefused`."""
    _check(name)
    if SIMULATOR not in serial.protocol_handler_packages:
        serial.protocol_handler_packages.append(SIMULATOR)
    try:
        # RTS/CTS stays off: SIM800 and SIM7600 boards do not wire it and would never be heard.
        # Exclusive, so that no second program writes into our commands.
        # A wait ends at once where there is something to read; a simulated line is asked less often.
        wait = 0.25 if name.startswith("sim://") else 0.1
        # There the library knows no such thing, and waits for its socket, 5 s.
        patience = None if name.startswith(_RFC2217) else 1
        port: Port = serial.serial_for_url(
            name, baudrate=baud, timeout=wait, write_timeout=patience, rtscts=False, exclusive=True
        )
    except _OPENING as trouble:
        raise _told(name, trouble) from trouble
    if name.startswith(_RFC2217):
        _bound(port)
    return port


def _bound(port: Any) -> None:
    """A thread of the library's own reads this port into a queue without an end: what is over, from a
    server that does not stop, is lost, as on a line."""
    buffer = port._read_buffer
    put = buffer.put

    def put_some(octet: bytes | None) -> None:
        # None says that the line is gone.
        if octet is None or buffer.qsize() < _MOST_UNREAD:
            put(octet)

    buffer.put = put_some


def is_way(name: str) -> bool:
    """Whether `name` is a way to a modem: of URLs only those of serial servers, and the simulator's,
    for the library knows others that write files."""
    scheme, sign, _ = name.partition("://")
    return not sign or f"{scheme}://" in _WAYS


def _check(name: str) -> None:
    """Raises `PortRefused` for what is no device and no serial server."""
    if not is_way(name):
        raise PortRefused(port=name, why=", ".join(_WAYS))
    if os.name != "posix" or "://" in name:
        return
    try:
        device = stat.S_ISCHR(os.stat(name).st_mode)
    except OSError:
        # Whoever opens it tells why.
        return
    if not device:
        raise PortRefused(port=name, why=os.strerror(errno.ENOTTY))


def _told(name: str, trouble: Exception) -> ModemProblem:
    words = str(trouble)
    number = getattr(trouble, "errno", None)
    if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in words or "Access is" in words:
        return PortBusy(port=name)
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO) or "FileNotFound" in words:
        return PortMissing(port=name)
    if "PermissionError" in words:
        return PortBusy(port=name)
    return PortRefused(port=name, why=words)


def candidates() -> list[str]:
    """The serial ports of this computer, those on USB first."""
    # A port that has a name is not looked for.
    from serial.tools import list_ports

    ports = sorted(list_ports.comports(), key=lambda port: (port.vid is None, port.device))
    return [str(port.device) for port in ports]


def connect(name: str, clock: Clock, stop: Stop | None = None, rescue: Left = nothing_with) -> Line:
    """A line to a modem that answers, at whatever speed; `auto` takes the first port that does.

    `rescue` gets each line that is let go again, before it is closed: SMS that were handed over on it
    stand nowhere else.
    """
    if name != "auto":
        return _patiently(name, clock, stop, rescue)
    for bauds in ((BAUD,), _SPEEDS):
        for candidate in candidates():
            for baud in bauds:
                found = _answering(candidate, clock, stop, baud, rescue)
                if found is not None:
                    return found
    raise NoModemFound()


def _patiently(name: str, clock: Clock, stop: Stop | None, rescue: Left) -> Line:
    """A named port: with time for a slow modem at the usual speed, then at the others."""
    first = _spoken.get(name, BAUD)
    tries: list[tuple[int, tuple[float, ...]]] = [(first, _PATIENT)]
    if not name.startswith(_NO_SPEED):
        tries += [(baud, _HASTY) for baud in (BAUD, *_SPEEDS) if baud != first]
    for baud, waits in tries:
        line = Line(open_port(name, baud), name, clock, stop)
        try:
            line.wake(waits)
        except NoAnswer as silence:
            _let_go(line, rescue)
            silent = silence
        except BaseException:
            _let_go(line, rescue)
            raise
        else:
            if baud != BAUD:
                log.info("%s speaks at %s baud", name, baud)
            _spoken[name] = baud
            return line
    raise silent


def _let_go(line: Line, rescue: Left) -> None:
    rescue(line)
    line.close()


def _answering(
    name: str, clock: Clock, stop: Stop | None, baud: int = BAUD, rescue: Left = nothing_with
) -> Line | None:
    """A line to the modem at this port; None if there is none. Raises `Interrupted`."""
    try:
        line = Line(open_port(name, baud), name, clock, stop)
    except ModemProblem as trouble:
        log.info("%s is no modem: %s", name, trouble)
        return None
    try:
        line.wake(USUAL_WAITS if baud == BAUD else _HASTY)
    except Interrupted:
        _let_go(line, rescue)
        raise
    except ModemProblem as trouble:
        log.info("%s is no modem at %s baud: %s", name, baud, trouble)
        _let_go(line, rescue)
        return None
    try:
        # Other devices echo what they hear; only a modem answers with what SMS it can do.
        line.command("AT+CMGF=?", expects="+CMGF:")
    except ModemProblem as trouble:
        log.info("%s answers, but not like a modem: %s", name, trouble)
        _let_go(line, rescue)
        return None
    return line


def is_modem(name: str, clock: Clock, stop: Stop | None = None) -> bool:
    """Whether a modem answers at this port; the port is closed again."""
    line = _answering(name, clock, stop)
    if line is None:
        return False
    line.close()
    return True
