"""What a terminal says, whatever it is: nothing of it ends the program or makes it deaf."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver

from crm_tui.screens.shell import heard, upstream
from tests.peers import crm, founded, until
from tests.shop import ITEMS
from tests.terminal import terminal

_DRIVER: Any = linux_driver
HOSTILE_OCTETS = {
    "no UTF-8": b"\xe9\xe8abc",
    "no sign": b"\x1b[99999999;1u",
    "half a sign": b"\x1b[97;1;55296u",
    "no window": b"\x1b[48;0;0;0;0t\x1b[<0;5;5M\x1b[<0;5;5m",
    "no pixels": b"\x1b[48;24;80;0;0t\x1b[<0;5;5M\x1b[<0;5;5m",
    "a window without end": b"\x1b[48;99999;99999;1;1t",
    "a paste without end": b"\x1b[200~abc",
    "a far pointer": b"\x1b[<0;99999999;99999999M\x1b[<0;99999999;99999999m",
}


def _told(octets: bytes, parser: XTermParser | None = None) -> list[Any]:
    """What the program is told of these octets."""
    decode = _DRIVER.getincrementaldecoder("utf-8")().decode
    parser = parser or XTermParser()
    # Nothing at all would be its end.
    text = decode(octets)
    return [*(parser.feed(text) if text else ()), *parser.tick()]


@pytest.fixture(autouse=True)
def window(monkeypatch: pytest.MonkeyPatch) -> None:
    upstream.mend_textual()
    monkeypatch.setattr(heard, "get_terminal_size", lambda: os.terminal_size((80, 24)))


def _hears(parser: XTermParser) -> bool:
    """Whether a key is still a key, after whatever was heard and a moment."""
    later = time.monotonic() + 2 * heard.PASTE_SECONDS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heard, "get_time", lambda: later)
        patch.setattr("textual._parser.get_time", lambda: later)
        for _ in range(3):
            list(parser.tick())
    keys = [event.key for event in parser.feed("k") if isinstance(event, events.Key)]
    return keys == ["k"]


@pytest.mark.parametrize("kind", HOSTILE_OCTETS)
def test_hostile_octets(kind: str) -> None:
    """None ends the program or makes it deaf; no window is another one than it is, no pointer outside
    of it, no sign half of one."""
    parser = XTermParser()
    said = _told(HOSTILE_OCTETS[kind], parser)
    assert not [each for each in said if isinstance(each, events.Resize)]
    for each in said:
        if isinstance(each, events.MouseEvent):
            assert each.x < 80
            assert each.y < 24
        if isinstance(each, events.Key):
            (each.character or "").encode()
    assert _hears(parser)


def test_what_is_true_is_heard() -> None:
    """Keys, a paste, a pointer, a window as it is, and half a sign whose other half comes."""
    said = _told(
        "ké\x1b[20~\x1b[200~Pasar 16\x1b[201~\x1b[48;24;80;480;800t\x1b[<0;11;21M".encode()
    )
    keys = [each.key for each in said if isinstance(each, events.Key)]
    assert keys == ["k", "é", "f9"]
    assert [each.text for each in said if isinstance(each, events.Paste)] == ["Pasar 16"]
    assert [each.size for each in said if isinstance(each, events.Resize)] == [(80, 24)]
    # As the terminal tells the pointer in pixels from then on.
    assert [(each.x, each.y) for each in said if isinstance(each, events.MouseDown)] == [(1, 1)]
    decode = _DRIVER.getincrementaldecoder("utf-8")().decode
    assert decode(b"\xc3") + decode(b"\xa9") == "é"


_PIECES = st.one_of(
    st.sampled_from([
        b"\x1b", b"\x1b[", b"\x1b[<", b"\x1b[?", b"\x1b[48;", b"\x1b[200~", b"\x1b[201~", b"\x1bO",
        b"M", b"m", b"u", b"t", b"R", b"$y", b";", b":", b"~", b"99999999", b"55296", b"2048", b"-1",
    ]),
    st.binary(max_size=6),
)  # fmt: skip


@given(st.lists(_PIECES, max_size=24))
def test_any_octets(pieces: list[bytes]) -> None:
    """Whatever octets come, in whatever order: the next key is heard."""
    parser = XTermParser()
    _told(b"".join(pieces), parser)
    assert _hears(parser)


def test_listening_goes_on() -> None:
    """A thread that listens goes on when what it hears ends it."""

    class Ears:
        def __init__(self) -> None:
            self.left = iter([False] * 3)
            self.exit_event = self
            self.ran = 0

        def is_set(self) -> bool:
            return next(self.left, True)

        def wait(self, _seconds: float) -> None:
            self.ran += 1

    ears = Ears()
    heard.listen_on(lambda _self: None)(ears)
    assert ears.ran == 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = founded(tmp_path / "toko")
    crm(made, "import", "items", str(ITEMS))
    return made


@pytest.mark.soak
def test_the_lock_in_a_terminal(folder: Path) -> None:
    """Whoever stands before the locked screen of a real terminal ends nothing by any octets, and its
    user comes back."""
    with terminal(folder) as here:
        here.sign_in("bos", "harimau-bos")
        for octets in HOSTILE_OCTETS.values():
            here.write("\x1b[20~")
            until(lambda: "Buka kunci" in here.text and "Menu Utama" not in here.text)
            os.write(here._master, octets)
            time.sleep(heard.PASTE_SECONDS + 0.5)
            assert here.process.poll() is None, octets
            assert "Terkunci" in here.text
            here.write("\x7f" * 12)
            # A key of the field is slower than a letter.
            time.sleep(0.5)
            here.write("harimau-bos\r")
            here.sees("Menu Utama")
