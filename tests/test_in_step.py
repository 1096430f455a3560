"""In step with the modem: no answer is taken for another command's, whatever the line does.

Final results bear no name. Here they are late, lost, said twice, or come from nowhere, while SMS
arrive and are answered; an SMS that is deleted must have been stored, and one that is called sent
must have gone out.
"""

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.practice.clock import EventClock
from crm_tui.simulator import registry
from tests.shop import START, Shop

FINALS = ["OK", "ERROR", "+CMS ERROR: 500", "+CMS ERROR: 321", "+CME ERROR: 14"]


class Watched:
    """A shop whose modem looks into the store at each deletion."""

    def __init__(self, folder: Path, clock: EventClock | None = None) -> None:
        self.shop = Shop(folder, clock or EventClock(START))
        self.unstored: list[str] = []
        self.brought: list[str] = []
        card = self.shop.modem.card
        card.capacities["SM"] = 60
        delete = card.delete

        def watched(memory: str, index: int) -> None:
            slot = card.slots[memory].get(index)
            if slot and not self.is_stored(slot.pdu):
                self.unstored.append(slot.pdu)
            delete(memory, index)

        card.delete = watched  # type: ignore[method-assign]

    def is_stored(self, pdu: str) -> bool:
        return bool(self.shop.one("SELECT count(*) FROM pdus WHERE pdu = ?", pdu))

    def says(self, number: int, memory: str = "SM") -> None:
        phone = f"+62811000{number:05d}"
        self.brought += self.shop.modem.inject(phone, "HARGA AB-1", memory=memory)

    def check(self, *, once: bool = True) -> None:
        assert not self.unstored, "deleted, and never stored before"
        assert all(self.is_stored(pdu) for pdu in self.brought)
        assert not self.shop.modem.card.used("SM") + self.shop.modem.card.used("ME")
        air = {(sent.pdu, sent.reference) for sent in self.shop.modem.sent}
        for row in self.shop.rows(
            "SELECT pdu, reference FROM segments WHERE status IN ('sent', 'delivered')"
        ):
            assert (row["pdu"], row["reference"]) in air, "called sent, and never was"
        # A repetition after doubt says "(ulang)": its PDU is another.
        often = Counter(sent.pdu for sent in self.shop.modem.sent)
        assert not once or max(often.values(), default=0) <= 1, "sent again as if it never had been"

    def close(self) -> None:
        self.shop.close()


@pytest.mark.parametrize("deaf", [False, True], ids=["opened", "deaf for 8 s"])
@pytest.mark.parametrize("seconds", [1.05, 1.2, 1.5])
def test_slow_modem(tmp_path: Path, seconds: float, deaf: bool) -> None:
    """SMS that come while a slow modem is opened, or after it was deaf, are stored, all of them."""
    watched = Watched(tmp_path / "shop")
    shop, faults = watched.shop, watched.shop.modem.faults
    if deaf:
        shop.after(20, lambda: setattr(faults, "silent", True))
        shop.after(28, lambda: setattr(faults, "silent", False))
        shop.after(28, lambda: setattr(faults, "slow", seconds))
    else:
        faults.slow = seconds
    for number in range(40):
        memory = "ME" if number % 4 == 0 else "SM"
        at = (21 if deaf else 0.5) + number / 2
        shop.after(at, lambda number=number, memory=memory: watched.says(number, memory))  # type: ignore[misc]
    shop.run(900)
    watched.check()
    watched.close()


seconds = st.sampled_from([0.0, 0.04, 0.3, 1.1, 2.5, 7.0])
tricks = st.one_of(
    st.sampled_from(["deaf", "mute"]),
    st.builds("late {}".format, seconds),
    st.builds("less {}".format, st.integers(0, 3)),
    st.builds("double {}".format, seconds),
    st.builds("before {}".format, st.sampled_from(FINALS)),
    st.builds("after {} {}".format, seconds, st.sampled_from(FINALS)),
)


@dataclass(frozen=True)
class Weather:
    """What a line is like: seconds a command, echo, lines and octets within answers, and a silence
    (when it begins, how long it lasts)."""

    slow: float
    echo: bool
    news: list[str]
    garbage: str
    hush: tuple[float, float]


weathers = st.builds(
    Weather,
    slow=st.sampled_from([0.0, 0.0, 0.2, 1.05, 1.5]),
    echo=st.booleans(),
    news=st.sampled_from([[], ["RING"], ["^RSSI:11", "+CREG: 5", "OKE mas"]]),
    # The last is an echo of which the line spoiled some octets.
    garbage=st.sampled_from(["", "", "fffe00c3280d0a", b"AT+CM\xffR=\r".hex()]),
    hush=st.sampled_from([(0.0, 0.0), (0.0, 0.0), (2.0, 3.0), (4.0, 8.0), (6.0, 40.0)]),
)


def tricky(weather: Weather, played: list[tuple[int, str]], gaps: list[tuple[float, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        watched = Watched(Path(folder) / "shop")
        shop, faults = watched.shop, watched.shop.modem.faults
        faults.slow, faults.stuck_echo = weather.slow, weather.echo
        faults.noise, faults.garbage = weather.news, weather.garbage
        begins, lasts = weather.hush
        if lasts:
            shop.after(begins, lambda: setattr(faults, "silent", True))
            shop.after(begins + lasts, lambda: setattr(faults, "silent", False))
        faults.tricks = [each for pause, trick in played for each in [""] * pause + [trick]]
        at = 0.0
        for number, (gap, second) in enumerate(gaps):
            at += gap
            memory = "ME" if second else "SM"
            shop.after(at, lambda number=number, memory=memory: watched.says(number, memory))  # type: ignore[misc]
        try:
            shop.run(200)
            faults.tricks.clear()
            shop.run(800)
            # A made-up error with a number, and the true answer lost: nobody could know better.
            names = any("ERROR:" in trick for _, trick in played)
            loses = lasts or any(trick.startswith(("mute", "less")) for _, trick in played)
            watched.check(once=not (names and loses))
        finally:
            watched.close()
            registry.forget(shop.name)


some = given(
    weather=weathers,
    played=st.lists(st.tuples(st.integers(0, 20), tricks), max_size=40),
    gaps=st.lists(
        st.tuples(st.sampled_from([0.0, 0.1, 0.5, 1.3, 6.0]), st.booleans()),
        min_size=4,
        max_size=14,
    ),
)
relaxed = [HealthCheck.too_slow, HealthCheck.data_too_large]


@some
@settings(max_examples=10, deadline=None, suppress_health_check=relaxed)
def test_whatever_the_line_does(
    weather: Weather, played: list[tuple[int, str]], gaps: list[tuple[float, bool]]
) -> None:
    """Late, lost, doubled, stray: what was deleted had been stored, what is called sent was sent."""
    tricky(weather, played, gaps)


@pytest.mark.soak
@some
@settings(max_examples=1000, deadline=None, suppress_health_check=relaxed)
def test_whatever_the_line_does_for_long(
    weather: Weather, played: list[tuple[int, str]], gaps: list[tuple[float, bool]]
) -> None:
    """The same, a thousand times."""
    tricky(weather, played, gaps)
