"""What happens to all of them: the same SMS, the same modem, the same faults at the same moments."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.peers.programs import Peer, Sms
from crm_tui.shop.messages.outbox import AGAIN
from tests.peers import Simulator

MANY = 40
FEW = 10
_QUIET = 3.0


@dataclass
class Outcome:
    """How a scenario ended for one program."""

    wanted: int
    lost: int
    """Taken off the SIM and not in its files; or not sent, and no more in its queue."""
    stuck: int
    """Still on the SIM, or in the queue, when the patience is at its end."""
    doubled: int
    wrong: int
    """SMS that it calls sent and nobody got, or failed and somebody has."""
    seconds: float

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.wanted + other.wanted, self.lost + other.lost, self.stuck + other.stuck,
            self.doubled + other.doubled, self.wrong + other.wrong, max(self.seconds, other.seconds),
        )  # fmt: skip


def incoming(count: int) -> list[Sms]:
    return [(f"+62811000{n:05}", f"Halo pak, ini nomor {n}") for n in range(count)]


def outgoing(count: int) -> list[Sms]:
    return [(f"+62812000{n:05}", f"Barang nomor {n} sudah siap") for n in range(count)]


def on_air(modem: Simulator) -> Counter[Sms]:
    """What telephones got; a repetition that says so counts as one, too."""
    return Counter((each["to"], each["text"].removesuffix(AGAIN)) for each in modem.do("segments"))


def _bring(modem: Simulator, messages: list[Sms], pause: float = 0.0) -> None:
    for phone, text in messages:
        modem.do("inject", **{"from": phone, "text": text})
        time.sleep(pause)


def _until(there: Callable[[], int], count: int, patience: float) -> float:
    """Seconds until all are there; what is not there by then, and some moments later, is not."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        if there() >= count:
            took = time.monotonic() - began
            # One that comes twice comes a little later.
            time.sleep(_QUIET)
            return took
        time.sleep(0.05)
    return patience


def _came(peer: Peer, modem: Simulator, messages: list[Sms], seconds: float) -> Outcome:
    got = peer.received()
    missing = sum(1 for each in messages if not got[each])
    # What the network still holds waits for room on the SIM.
    stuck = min(missing, len(modem.do("sim")) + modem.do("waiting"))
    return Outcome(
        len(messages),
        missing - stuck,
        stuck,
        sum(max(0, got[each] - 1) for each in messages),
        0,
        seconds,
    )


def _went(peer: Peer, modem: Simulator, messages: list[Sms], seconds: float) -> Outcome:
    air = on_air(modem)
    sent, failed = peer.called()
    wrong = [each for each in messages if sent[each] and not air[each]]
    wrong += [each for each in messages if failed[each] and not sent[each] and air[each]]
    missing = [each for each in messages if not air[each]]
    gone = sum(1 for each in missing if sent[each] or failed[each])
    return Outcome(
        len(messages),
        gone,
        len(missing) - gone,
        sum(max(0, air[each] - 1) for each in messages),
        len(wrong),
        seconds,
    )


def _ready(peer: Peer, modem: Simulator) -> None:
    """Until it has set the modem up: it takes an SMS in."""
    peer.start()
    _bring(modem, [("+6281900000000", "Apakah sudah siap")])
    _until(lambda: sum(peer.received().values()), 1, 60)


def receiving(peer: Peer, modem: Simulator) -> Outcome:
    _ready(peer, modem)
    messages = incoming(MANY)
    modem.do("capacity", memory="SM", slots=MANY + 5)
    _bring(modem, messages)
    took = _until(lambda: len(set(messages) & set(peer.received())), MANY, 120)
    return _came(peer, modem, messages, took)


def sending(peer: Peer, modem: Simulator) -> Outcome:
    _ready(peer, modem)
    messages = outgoing(MANY)
    began = time.monotonic()
    peer.send(messages)
    _until(lambda: len(on_air(modem)), MANY, 240)
    seconds = time.monotonic() - began - _QUIET
    return _went(peer, modem, messages, seconds)


def _killed(peer: Peer, going: Callable[[], int], count: int) -> None:
    """Killed five times while it goes on, and started again each time."""
    chance = random.Random(count)
    for _ in range(5):
        before, began = going(), time.monotonic()
        while going() == before and before < count and time.monotonic() - began < 40:
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, 0.4))
        peer.kill()
        peer.start()


def killed_receiving(peer: Peer, modem: Simulator) -> Outcome:
    peer.start()
    messages = incoming(MANY)
    _bring(modem, messages)

    def there() -> int:
        return len(set(messages) & set(peer.received()))

    began = time.monotonic()
    _killed(peer, there, MANY)
    _until(there, MANY, 120)
    return _came(peer, modem, messages, time.monotonic() - began - _QUIET)


def killed_sending(peer: Peer, modem: Simulator) -> Outcome:
    messages = outgoing(MANY)
    peer.send(messages)
    began = time.monotonic()
    peer.start()
    _killed(peer, lambda: len(on_air(modem)), MANY)
    _until(lambda: len(on_air(modem)), MANY, 240)
    return _went(peer, modem, messages, time.monotonic() - began - _QUIET)


def slow_modem(peer: Peer, modem: Simulator) -> Outcome:
    """Each answer takes 1.2 s, from the start; an SMS comes each half second."""
    modem.do("fault", slow=1.2)
    peer.start()
    messages = incoming(MANY)
    began = time.monotonic()
    _bring(modem, messages, 0.5)
    _until(lambda: len(set(messages) & set(peer.received())), MANY, 240)
    return _came(peer, modem, messages, time.monotonic() - began - _QUIET)


def lost_answers(peer: Peer, modem: Simulator) -> Outcome:
    """Three SMS go out, and their final results never come."""
    _ready(peer, modem)
    modem.do("fault", lost_answers=3)
    messages = outgoing(FEW)
    began = time.monotonic()
    peer.send(messages)
    _until(lambda: len(on_air(modem)), FEW, 240)
    # Time for what it may send once more.
    time.sleep(60)
    return _went(peer, modem, messages, time.monotonic() - began - _QUIET - 60)


def refused(peer: Peer, modem: Simulator) -> Outcome:
    """The network refuses five times for a reason that passes by itself."""
    _ready(peer, modem)
    modem.do("fault", sms_errors=[42] * 5)
    messages = outgoing(FEW)
    began = time.monotonic()
    peer.send(messages)
    _until(lambda: len(on_air(modem)), FEW, 240)
    return _went(peer, modem, messages, time.monotonic() - began - _QUIET)


def unplugged(peer: Peer, modem: Simulator) -> Outcome:
    """The cable is out for 4 s in the middle of sending and receiving, twice."""
    _ready(peer, modem)
    out, into = outgoing(MANY), incoming(MANY)
    began = time.monotonic()
    peer.send(out)
    for turn in range(2):
        _bring(modem, into[turn * MANY // 2 : (turn + 1) * MANY // 2])
        time.sleep(1.5)
        modem.do("unplug")
        time.sleep(4)
        modem.do("replug")
        time.sleep(4)
    _until(lambda: len(on_air(modem)) + len(set(into) & set(peer.received())), 2 * MANY, 240)
    seconds = time.monotonic() - began - _QUIET
    return _came(peer, modem, into, seconds) + _went(peer, modem, out, seconds)


def restarted(peer: Peer, modem: Simulator) -> Outcome:
    """The modem begins anew by itself without a word, in text mode as its profile has it."""
    _ready(peer, modem)
    modem.do("fault", text_profile=True)
    modem.do("reboot", words=[], seconds=4)
    out, into = outgoing(FEW), incoming(FEW)
    began = time.monotonic()
    peer.send(out)
    time.sleep(5)
    _bring(modem, into)
    _until(lambda: len(on_air(modem)) + len(set(into) & set(peer.received())), 2 * FEW, 120)
    seconds = time.monotonic() - began - _QUIET
    return _came(peer, modem, into, seconds) + _went(peer, modem, out, seconds)


Scenario = Callable[[Peer, Simulator], Outcome]
ALONE: dict[str, Scenario] = {f"receive {MANY}": receiving, f"send {MANY}": sending}
"""Their time is compared: they have the computer to themselves."""
BESIDE: dict[str, Scenario] = {
    f"receive {MANY}, killed 5 times": killed_receiving,
    f"send {MANY}, killed 5 times": killed_sending,
    f"receive {MANY}, each answer takes 1.2 s": slow_modem,
    f"send {FEW}, three final results lost": lost_answers,
    f"send {FEW}, five refused for a while": refused,
    f"send and receive {MANY}, cable out twice": unplugged,
    f"send and receive {FEW}, modem begins anew": restarted,
}
"""What counts is what is lost; the programs run beside each other."""
