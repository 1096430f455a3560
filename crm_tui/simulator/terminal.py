"""A simulated modem on a pseudo-terminal, for programs that open a real serial port."""

import contextlib
import errno
import os
import pty
import select
import termios
import threading
import tty
from pathlib import Path

from crm_tui.simulator.engine import Engine

_SPEEDS = {
    getattr(termios, f"B{baud}"): baud
    for baud in (9600, 19200, 38400, 57600, 115200, 230400, 460800)
    if hasattr(termios, f"B{baud}")
}


def unlink(link: Path) -> None:
    """Take away a link, and nothing but a link. Raises `FileExistsError`."""
    if link.is_symlink():
        link.unlink(missing_ok=True)
    elif link.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(link))


def serve(modem: Engine, link: Path, stop: threading.Event) -> None:
    """Let `link` lead to the modem until `stop` is set.

    Unplugging the modem takes the port away; replugging makes a new one behind the same link.
    """
    while not stop.is_set():
        if not modem.plugged:
            with modem.changed:
                modem.changed.wait(0.05)
            continue
        master, slave = pty.openpty()
        tty.setraw(slave)
        temporary = link.with_name(link.name + ".new")
        unlink(temporary)
        unlink(link)
        temporary.symlink_to(os.ttyname(slave))
        temporary.replace(link)
        try:
            _carry(modem, master, stop)
        finally:
            with contextlib.suppress(FileExistsError):
                unlink(link)
            # The slave stays open until here: a reader that comes and goes must not hang us up.
            os.close(slave)
            os.close(master)


def _carry(modem: Engine, master: int, stop: threading.Event) -> None:
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    ended = threading.Event()

    def watch() -> None:
        # Something was said, or the cable was pulled: the loop below must look.
        while not ended.is_set():
            with modem.changed:
                modem.changed.wait(0.5)
            with contextlib.suppress(BlockingIOError, OSError):
                os.write(wake_write, b"!")

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    os.set_blocking(master, False)
    said = bytearray()
    try:
        while not stop.is_set() and modem.plugged:
            said += modem.take()
            if said:
                # Nobody may be reading: what does not fit waits here, and never blocks us.
                with contextlib.suppress(BlockingIOError):
                    del said[: os.write(master, said)]
            moment = modem.next_moment()
            pause = 0.2 if moment is None else min(0.2, max(0.0, moment - modem.clock.monotonic()))
            ready, _, _ = select.select([master, wake_read], [], [], pause)
            if wake_read in ready:
                os.read(wake_read, 4096)
            if master in ready:
                # The speed that the other side has set; a pseudo-terminal carries at any.
                modem.feed(os.read(master, 4096), _SPEEDS.get(termios.tcgetattr(master)[5], 0))
    finally:
        ended.set()
        with modem.changed:
            modem.changed.notify_all()
        watcher.join(2)
        os.close(wake_read)
        os.close(wake_write)
