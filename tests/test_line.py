"""The line: whatever comes unasked, in whatever pieces, an answer is an answer."""

import itertools
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.clock import SimulatedClock
from crm_tui.gsm.announced import Announced
from crm_tui.gsm.errors import Interrupted, LineLost, NoAnswer, Refused, SendInDoubt
from crm_tui.gsm.line import Line, Said


class Script:
    """A port that says its pieces one read after the other, and takes what is written."""

    def __init__(self, clock: SimulatedClock, *pieces: bytes) -> None:
        self._clock = clock
        self.pieces = list(pieces)
        self.written = bytearray()
        self.broken = False

    @property
    def in_waiting(self) -> int:
        return 0

    def read(self, size: int = 1, /) -> bytes:
        if self.broken:
            raise OSError(5, "gone")
        self._clock.wait(0.05)
        return self.pieces.pop(0) if self.pieces else b""

    def write(self, data: bytes, /) -> int:
        self.written += data
        return len(data)

    def close(self) -> None:
        pass


def line_of(*pieces: bytes) -> tuple[Line, Script]:
    clock = SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC))
    port = Script(clock, *pieces)
    return Line(port, "port", clock), port


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(stream) + 1) for place in places} | {0, len(stream)})
    return [stream[begin:end] for begin, end in itertools.pairwise(ends)]


LISTING = (
    b"AT+CMGL=4\r\r\n+CMGL: 1,0,,23\r\n\r\nRING\r\n"
    b'\r\n+CMTI: "SM",4\r\n07AABB\r\n^RSSI:18\r\n+CMGL: 2,1,,9\n0011\r\n\xff\xfe\x80 noise\r\n'
    b"+CDS: 26\r\n00FF00\r\n\r\nOK\r\n"
)


@given(st.lists(st.integers(0, 500), max_size=40))
def test_any_pieces(places: list[int]) -> None:
    """An answer is the same however the line cuts it, with news and noise in the middle."""
    line, _ = line_of(*cut(LISTING, places))
    answer = line.command("AT+CMGL=4", expects="+CMGL:", body=True)
    assert answer == [Said("+CMGL: 1,0,,23", "07AABB"), Said("+CMGL: 2,1,,9", "0011")]
    assert list(line.unasked) == [
        Said("RING"), Said('+CMTI: "SM",4'), Said("^RSSI:18"), Said("+CDS: 26", "00FF00"),
    ]  # fmt: skip


def test_more_than_is_kept() -> None:
    """What nobody takes is bounded; no noise pushes out where SMS lie, and if some of that had to go,
    all places are looked at."""
    noise = [b"\r\n^RSSI:18\r\n" * 300] * 5
    line, _ = line_of(b'\r\n+CMTI: "SM",4\r\n', *noise, b"OK\r\n")
    line.command("AT")
    assert len(line.unasked) == 1000
    assert Announced(line).take(patient=False) == ([("SM", 4)], [])
    news = [b'\r\n+CMTI: "SM",%d\r\n' % slot for slot in range(1500)]
    line, _ = line_of(
        *noise, *(b"".join(news[at : at + 100]) for at in range(0, 1500, 100)), b"OK\r\n"
    )
    line.command("AT")
    assert len(line.unasked) == 1000
    places, _ = Announced(line).take(patient=False)
    assert places[0] == ("", -1)
    assert places[-1] == ("SM", 1499)
    assert Announced(line).take(patient=False) == ([], [])


@pytest.mark.parametrize(
    "octets",
    [b"04AB123400AA\r\nBBCC", b"0891\r\n04AB123400AABBCC", b"04AB123400AABBCC\r\n0011"],
)
def test_octets_on_two_lines(octets: bytes) -> None:
    """Octets that are cut by a line end are put together, and a line of octets that nobody announced,
    before or behind them, is none of them: what is announced is what is there."""
    line, _ = line_of(b"\r\n+CMGR: 0,,3\r\n" + octets + b"\r\n\r\nOK\r\n")
    said = line.command("AT+CMGR=1", expects="+CMGR:", body=True)
    assert said == [Said("+CMGR: 0,,3", "04AB123400AABBCC")]


@pytest.mark.parametrize("said", [b"OKE mas", b"ERROR stok", b"OK?", b"NOT OK"])
def test_final_results_are_anchored(said: bytes) -> None:
    """A line that only begins like a final result ends nothing."""
    line, _ = line_of(b"\r\n" + said + b"\r\n", b"\r\nOK\r\n")
    assert line.command("ATI") == [Said(said.decode())]


@pytest.mark.parametrize(
    ("said", "kind", "code", "passing"),
    [(b"ERROR", "ERROR", -1, True), (b"+CMS ERROR: 500", "CMS", 500, True),
     (b"+CMS ERROR:38", "CMS", 38, True), (b"+CMS ERROR: 21", "CMS", 21, False),
     (b"+CME ERROR: 14", "CME", 14, True), (b"+CME ERROR: 10", "CME", 10, False),
     (b"COMMAND NOT SUPPORT", "ERROR", -1, True), (b"ERROR+CNUM:", "ERROR", -1, True)],
)  # fmt: skip
def test_refusals(said: bytes, kind: str, code: int, passing: bool) -> None:
    """Each way of saying no ends a command, and tells whether time may heal it."""
    line, _ = line_of(b"\r\n" + said + b"\r\n")
    with pytest.raises(Refused) as refused:
        line.command("AT+X")
    assert (refused.value.kind, refused.value.code, refused.value.passing) == (kind, code, passing)


def test_silence() -> None:
    """A modem that says nothing is `NoAnswer`; half a line is nothing."""
    line, _ = line_of(b"\r\nO")
    with pytest.raises(NoAnswer):
        line.command("AT", timeout=1)


def test_lost() -> None:
    """A port that breaks is `LineLost`."""
    line, port = line_of()
    port.broken = True
    with pytest.raises(LineLost):
        line.command("AT")


@pytest.mark.parametrize(
    "prompt", [b"\r\n> ", b"\r\n>", b"> ", b"AT+CMGS=3\r\r\n> ", b"\r\nRING\r\n\r\n> "]
)
def test_prompts(prompt: bytes) -> None:
    """The prompt has no line end, and may lack its blank; the PDU is written only after it."""
    line, port = line_of(prompt, b'00AA\x1a\r\n+CMTI: "SM",1\r\n', b"\r\n+CMGS: 258\r\n\r\nOK\r\n")
    assert line.submit(3, "00AA", lambda: True, 5) == 2
    assert port.written == b"AT+CMGS=3\r00AA\x1a"


def test_called_off() -> None:
    """A claim that fails calls the command off: the PDU is never written."""
    line, port = line_of(b"\r\n> ", b"\r\nOK\r\n")
    assert line.submit(3, "00AA", lambda: False, 5) is None
    assert port.written == b"AT+CMGS=3\r\x1b"


def test_in_doubt_only_after_the_pdu() -> None:
    """Before the PDU was written a lost line is lost; after it, the message is in doubt."""
    line, port = line_of()
    with pytest.raises(NoAnswer):
        line.submit(3, "00AA", lambda: True, 5)
    assert b"00AA" not in port.written
    line, _ = line_of(b"\r\n> ")
    with pytest.raises(SendInDoubt):
        line.submit(3, "00AA", lambda: True, 5)


def test_reference_is_enough() -> None:
    """With its reference a message is sent, though the OK behind it is lost."""
    line, _ = line_of(b"\r\n> ", b"\r\n+CMGS: 7\r\n")
    assert line.submit(3, "00AA", lambda: True, 5) == 7


def test_left_in_the_prompt() -> None:
    """Waking begins with ESC, so that a modem left in its prompt sends nothing."""
    line, port = line_of(b"\r\n> ", b"\r\nOK\r\n", b"", b"", b"", b"", b"\r\nOK\r\n")
    line.wake()
    assert port.written.startswith(b"\x1b\r")
    assert b"\x1a" not in port.written


def test_stop_interrupts() -> None:
    """Whatever is waited for, `stop` breaks it off."""
    clock = SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC))
    stop = threading.Event()
    line = Line(Script(clock), "port", clock, stop)
    stop.set()
    with pytest.raises(Interrupted):
        line.command("AT")


def test_news_second_line_in_a_body() -> None:
    """The PDU of a report that bursts in between a header and its PDU is the report's."""
    line, _ = line_of(b"\r\n+CMGR: 0,,2\r\n+CDS: 26\r\n00FF00\r\n0011\r\n\r\nOK\r\n")
    answer = line.command("AT+CMGR=1", expects="+CMGR:", body=True)
    assert answer == [Said("+CMGR: 0,,2", "0011")]
    assert list(line.unasked) == [Said("+CDS: 26", "00FF00")]


def test_out_of_step_wakes_first() -> None:
    """After an answer that did not end, the modem is woken before the next command."""
    line, port = line_of()
    with pytest.raises(NoAnswer):
        line.command("AT+A", timeout=1)
    port.written.clear()
    port.pieces += [b""] * 8 + [b"\r\nOK\r\n"] + [b""] * 8 + [b"\r\nOK\r\n"]
    line.command("AT+B")
    assert port.written.startswith(b"\x1b\r")


def test_lost_ok_wakes_first() -> None:
    """After a message whose OK was lost, too, and after one in doubt."""
    for last in (b"\r\n+CMGS: 7\r\n", b""):
        line, port = line_of(b"\r\n> ", last)
        if last:
            assert line.submit(3, "00AA", lambda: True, 5) == 7
        else:
            with pytest.raises(SendInDoubt):
                line.submit(3, "00AA", lambda: True, 5)
        port.written.clear()
        with pytest.raises(NoAnswer):
            line.command("AT+CMGD=1")
        assert port.written.startswith(b"\x1b\r")
        # A waking that failed is not forgotten.
        port.written.clear()
        with pytest.raises(NoAnswer):
            line.command("AT+CMGD=1")
        assert port.written.startswith(b"\x1b\r")


def test_called_off_is_heard_out() -> None:
    """The OK of a command that was called off ends no other."""
    line, port = line_of(b"\r\n> ", b"\r\nOK\r\n")
    assert line.submit(3, "00AA", lambda: False, 5) is None
    port.pieces.append(b"\r\nERROR\r\n")
    with pytest.raises(Refused):
        line.command("AT+X")


class Owing(Script):
    """A port that holds octets before anything is written, and answers ERROR to each command."""

    @property
    def in_waiting(self) -> int:
        return len(self.pieces[0]) if self.pieces else 0

    def write(self, data: bytes, /) -> int:
        if b"\r" in data:
            self.pieces.append(b"\r\nERROR\r\n")
        return super().write(data)


def test_old_octets_end_no_new_command() -> None:
    """What lies in the port's buffer was said before, and answers nothing."""
    clock = SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(Refused):
        Line(Owing(clock, b"\r\nOK\r\n"), "port", clock).command("AT+X")
