"""Texts on paper and in files: the system's printers, printers that are a file, and exports/."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from crm_tui.shop.context import Context
from crm_tui.shop.errors import FileUnwritable, NoPrinter, PrinterFailed

_SECONDS = 20
_FEED = "\n\n\n\n"
"""So that the last line is past the edge where one tears."""


def send(text: str, printer: str) -> None:
    """Print on the system's printer of this name ("": its usual one), or on a device: /dev/usb/lp0,
    LPT1, \\\\PC\\printer. Raises `NoPrinter`, `PrinterFailed`."""
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
        return [lp, "-s", *(["-d", printer] if printer else [])]
    lpr = shutil.which("lpr")
    return None if lpr is None else [lpr, *(["-P", printer] if printer else [])]


def _to_device(text: str, path: str) -> None:
    try:
        # No text mode: the printer wants a carriage return of its own, and the code page is ASCII.
        with open(path, "wb", buffering=0) as device:
            plain = (text + _FEED).encode("ascii", "replace")
            device.write(plain.replace(b"\n", b"\r\n"))
    except OSError as trouble:
        raise PrinterFailed(printer=path, why=trouble.strerror or str(trouble)) from trouble


def exports(ctx: Context) -> Path:
    """The shop's folder of exports, which is made if there is none."""
    folder = ctx.store.path.parent / "exports"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as trouble:
        raise FileUnwritable(file=folder, why=trouble.strerror or trouble) from trouble
    return folder


def save(ctx: Context, name: str, text: str) -> Path:
    """Write a text into exports/, whole or not at all, in the place of one of that name."""
    target = exports(ctx) / name
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(temporary, target)
    except OSError as trouble:
        raise FileUnwritable(file=target, why=trouble.strerror or trouble) from trouble
    return target
