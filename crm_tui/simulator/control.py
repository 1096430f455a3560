"""The control channel of a simulated modem: a Unix socket, a JSON object a line.

    {"op": "inject", "from": "+62…", "text": "…"}   somebody writes; also "at" (ISO 8601), "order"
                                                     (segments, from 1), "reference", "bits", "memory",
                                                     "named" (the sender is a name)
    {"op": "inject", "pdu": "07…"}                  the network brings this PDU
    {"op": "sent"}                                  what telephones show: to, text, at, parts
    {"op": "segments"}                              each SMS that went over the air
    {"op": "count"}                                 how many went over the air, wait for the modem,
                                                     and are stored
    {"op": "heard"}                                 for how many seconds somebody has talked to it
    {"op": "sim"}                                   what is stored: memory, index, status, pdu
    {"op": "fault", "name": VALUE, …}               sets fields of `Faults`
    {"op": "faults"}                                shows them
    {"op": "capacity", "memory": "SM", "slots": n}  the size of a memory
    {"op": "say", "line": "…"}                      news, or noise
    {"op": "garbage", "hex": "…"}                   octets as they are
    {"op": "unplug"} {"op": "replug"}               the cable
    {"op": "reboot", "words": […], "seconds": s}    it begins anew by itself
    {"op": "waiting"}                               how many SMS and reports the network still holds

Each is answered by {"ok": true, "result": …} or {"ok": false, "error": "…"}.
"""

import errno
import json
import logging
import os
import socket
import stat
import threading
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_tui.simulator.engine import Engine
from crm_tui.simulator.faults import Faults

log = logging.getLogger(__name__)

_FAULTS = {field.name for field in fields(Faults)}
_served: set[Path] = set()


def perform(modem: Engine, request: dict[str, Any]) -> object:
    """Do what one request says; what it gives. Raises KeyError, TypeError or ValueError for a wrong
    one."""
    match request.get("op"):
        case "inject" if "pdu" in request:
            modem.inject_pdu(str(request["pdu"]), str(request.get("memory", "SM")))
            return None
        case "inject":
            at = request.get("at")
            return modem.inject(
                str(request["from"]),
                str(request["text"]),
                sent_at=datetime.fromisoformat(at) if at else None,
                order=request.get("order"),
                reference=request.get("reference"),
                bits=int(request.get("bits", 8)),
                named=bool(request.get("named", False)),
                memory=str(request.get("memory", "SM")),
            )
        case "sent":
            return modem.messages_sent()
        case "segments":
            with modem.lock:
                return [
                    {
                        "to": sent.to,
                        "text": sent.text,
                        "reference": sent.reference,
                        "at": sent.at.isoformat(),
                        "pdu": sent.pdu,
                    }
                    for sent in modem.sent
                ]
        case "count":
            return [len(modem.sent), modem.waiting, sum(map(len, modem.card.slots.values()))]
        case "heard":
            first = modem.first_heard
            return 0.0 if first is None else modem.clock.monotonic() - first
        case "sim":
            with modem.lock:
                return [
                    {"memory": memory, "index": index, "status": slot.status, "pdu": slot.pdu}
                    for memory, slots in modem.card.slots.items()
                    for index, slot in sorted(slots.items())
                ]
        case "fault":
            with modem.changed:
                for name, value in request.items():
                    if name == "op":
                        continue
                    if name not in _FAULTS:
                        raise ValueError(f"no fault is called {name}")
                    setattr(modem.faults, name, value)
            return None
        case "faults":
            return asdict(modem.faults)
        case "capacity":
            modem.card.capacities[str(request["memory"])] = int(request["slots"])
            return None
        case "say":
            modem.say(str(request["line"]))
            return None
        case "garbage":
            modem.say_raw(bytes.fromhex(str(request["hex"])))
            return None
        case "unplug":
            modem.unplug()
            return None
        case "replug":
            modem.replug()
            return None
        case "reboot":
            modem.reboot(list(request.get("words", ())), float(request.get("seconds", 4.0)))
            return None
        case "waiting":
            return modem.waiting
        case other:
            raise ValueError(f"no operation is called {other}")


def _answer(modem: Engine, line: str) -> dict[str, object]:
    try:
        request = json.loads(line)
        if not isinstance(request, dict):
            raise ValueError("an object is expected")
        return {"ok": True, "result": perform(modem, request)}
    except Exception as trouble:
        # Whatever was asked, it is answered, and the next line is heard.
        log.debug("request %r", line, exc_info=True)
        return {"ok": False, "error": f"{type(trouble).__name__}: {trouble}"}


def _told(answer: dict[str, object]) -> bytes:
    """A line that people can read, too: texts as they are, not as numbers of their signs."""
    return (json.dumps(answer, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _converse(modem: Engine, connection: socket.socket) -> None:
    # Two files: one for both would forget what it has read ahead whenever it writes.
    with connection, connection.makefile("r", encoding="utf-8", newline="\n") as lines:
        try:
            for line in lines:
                connection.sendall(_told(_answer(modem, line)))
        except (OSError, UnicodeDecodeError, ValueError):
            log.debug("control connection ended", exc_info=True)


def _accept(modem: Engine, listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_converse, args=(modem, connection), daemon=True).start()


def unlink(path: Path) -> None:
    """Take away the socket at `path`, and nothing but a socket."""
    try:
        there = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(there.st_mode):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    path.unlink()


def serve(modem: Engine, path: Path) -> None:
    """Listen at `path` in the background, readable by the owner alone; at most once a path.

    A socket that was left there goes. Raises `FileExistsError` for anything else.
    """
    if path in _served:
        return
    unlink(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen()
    _served.add(path)
    threading.Thread(target=_accept, args=(modem, listener), daemon=True).start()
