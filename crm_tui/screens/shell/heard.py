"""What the terminal says: octets of keyboards, scanners, mice and of its own, none of which ends the
program or makes it deaf.

    octets ─decoder─▶ signs ─XTermParser─▶ events ─ what can be ─▶ the program

A scanner types whatever stands in a code, and a code says whatever somebody printed: also what a
terminal would say of itself. The library took it at its word, and the program ended with it (an octet
that is no UTF-8, a key without a sign, a window without a size), or heard no key any more (a paste
without an end, a window of a million columns).
"""

import codecs
import logging
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from shutil import get_terminal_size
from typing import Any

from textual import events
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.geometry import Size
from textual.message import Message

log = logging.getLogger(__name__)

PASTE_SECONDS = 1.0
"""How long more of a paste is waited for."""
_MEASURES = ("mouse_pixels", "terminal_size", "terminal_pixel_size")
"""What the library remembers of a window, to tell where a pointer is."""
_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"

_feed, _tick = XTermParser.feed, XTermParser.tick


def feed(parser: XTermParser, data: str) -> Iterator[Message]:
    """The events of what was heard; what makes no sense is none, and what comes after it is heard."""
    if not data:
        # The end, after which nothing comes.
        yield from _feed(parser, "")
        return
    for sign in data:
        _mark_paste(parser, sign)
        yield from _sound(parser, _safe(parser, partial(_feed, parser, sign)))


def tick(parser: XTermParser) -> Iterator[Message]:
    """What time makes of what was heard: an Esc that nothing followed, a paste that nobody ends."""
    yield from _sound(parser, _safe(parser, partial(_tick, parser)))
    since = getattr(parser, "pasting_since", None)
    if since is not None and get_time() - since > PASTE_SECONDS:
        yield from feed(parser, _PASTE_ENDS)


def _mark_paste(parser: Any, sign: str) -> None:
    """Note whether a paste goes on, and since when nothing came of it."""
    tail = (getattr(parser, "heard_last", "") + sign)[-len(_PASTE_BEGINS) :]
    parser.heard_last = tail
    if tail == _PASTE_ENDS:
        parser.pasting_since = None
    elif tail == _PASTE_BEGINS or getattr(parser, "pasting_since", None) is not None:
        parser.pasting_since = get_time()


def _safe(parser: Any, listen: Any) -> Iterator[Message]:
    """What the library makes of it; where it fails, it begins anew."""
    try:
        yield from listen()
    except Exception:
        if parser.is_eof:
            raise
        log.warning("the terminal said what makes no sense", exc_info=True)
        parser.pasting_since, parser._timeout_time = None, None
        parser._tokens.clear()
        parser._gen = parser.parse(parser._tokens.append)
        parser._awaiting = next(parser._gen)


def _sound(parser: XTermParser, heard: Iterable[Message]) -> Iterator[Message]:
    """What can be: a window as large as it is, a pointer within it, signs that can be written."""
    before = {name: getattr(parser, name) for name in _MEASURES}
    for event in heard:
        if isinstance(event, events.Resize):
            if event.size == Size(*get_terminal_size()) and all(event.pixel_size or (0,)):
                yield event
            else:
                vars(parser).update(before)
        elif isinstance(event, events.MouseEvent):
            columns, rows = get_terminal_size()
            if event.x < columns and event.y < rows:
                yield event
        elif not isinstance(event, events.Key) or _has_a_sign(event):
            yield event


def _has_a_sign(event: events.Key) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in event.key + (event.character or ""))


def listen_on(run: Any) -> Any:
    """A thread that listens until it is asked to end, whatever it hears."""

    def again(self: Any) -> None:
        while not self.exit_event.is_set():
            run(self)
            # It ended by itself: a text that was cut in the midst of a sign.
            self.exit_event.wait(0.05)

    return again


def mend_hearing() -> None:
    """Have the library listen like this."""
    XTermParser.feed, XTermParser.tick = feed, tick  # type: ignore[method-assign, assignment]
    if sys.platform == "win32":
        from textual.drivers import win32

        win32.EventMonitor.run = listen_on(win32.EventMonitor.run)
    else:
        from textual.drivers import linux_driver

        decoder = partial(codecs.getincrementaldecoder("utf-8"), errors="replace")
        linux_driver.getincrementaldecoder = lambda _name: decoder  # type: ignore[attr-defined]
