"""Texts on paper: the system's printers, and printers that are a file."""

import errno
import os
import re
import select
import shutil
import stat
import subprocess
import sys

from crm_tui.shop.sales.errors import NoPrinter, PrinterFailed, PrinterNoDevice
from crm_tui.text import printable

_SECONDS = 20
_FEED = "\n\n\n\n"
"""So that the last line is past the edge where one tears."""

_WINDOWS = re.compile(r"(?:LPT|COM)\d:?|\\\\[^\\/]+\\[^\\/]+", re.IGNORECASE)


def send(text: str, printer: str) -> None:
    """Print on the system's printer of this name ("": its usual one), or on a device: /dev/usb/lp0,
    LPT1, \\\\PC\\printer; it is text to whatever takes it on its way, and nothing in it is obeyed.
    Raises `NoPrinter`, `PrinterFailed`."""
    text = printable(text)
    if "/" in printer or "\\" in printer or printer.upper().startswith(("LPT", "COM")):
        _to_device(text, printer)
        return
    words = _command(printer)
    if words is None:
        raise NoPrinter()
    try:
        done = subprocess.run(
            words, input=(text + _FEED).encode(), capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise PrinterFailed(printer=printer or "–", why=str(trouble)) from trouble
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise PrinterFailed(printer=printer or "–", why=said[-1] if said else str(done.returncode))


def _command(printer: str) -> list[str] | None:
    """What prints its standard input here, None if nothing does."""
    if sys.platform == "win32":
        # The setting lets no quotation marks through.
        script = "$input | Out-Printer" + (f" -Name '{printer}'" if printer else "")
        return ["powershell", "-NoProfile", "-Command", script]
    lp = shutil.which("lp")
    if lp is not None:
        # Else CUPS guesses by the first signs what it is: a name may look like a picture.
        return [lp, "-s", "-o", "document-format=text/plain", *(["-d", printer] if printer else [])]
    lpr = shutil.which("lpr")
    return None if lpr is None else [lpr, *(["-P", printer] if printer else [])]


def _to_device(text: str, path: str) -> None:
    """Raises `PrinterFailed`, `PrinterNoDevice`."""
    try:
        if not _is_device(path):
            raise PrinterNoDevice(printer=path)
        # The printer wants a carriage return of its own.
        _write((text + _FEED).encode().replace(b"\n", b"\r\n"), path)
    except OSError as trouble:
        raise PrinterFailed(printer=path, why=trouble.strerror or str(trouble)) from trouble


def _write(octets: bytes, path: str) -> None:
    """Raises `OSError`, too if the device takes nothing any more: one without paper never would."""
    if sys.platform == "win32":
        with open(path, "wb", buffering=0) as device:
            device.write(octets)
        return
    device = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        while True:
            if not select.select([], [device], [], _SECONDS)[1]:
                raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
            # Ready once more: it has got all. What is on its way when it is closed may be lost.
            if not octets:
                return
            octets = octets[os.write(device, octets) :]
    finally:
        os.close(device)


def _is_device(path: str) -> bool:
    """Whether nothing is lost by writing there. Raises `OSError`."""
    if sys.platform == "win32":
        return _WINDOWS.fullmatch(path) is not None
    return stat.S_ISCHR(os.stat(path).st_mode)
