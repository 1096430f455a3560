"""The driver on modems that misbehave as real ones do: everything still comes in and goes out."""

from functools import partial
from pathlib import Path

import pytest

from crm_tui.gsm.errors import (
    NoAnswer,
    NoSlots,
    PinNeeded,
    PinRefused,
    PortMissing,
    PukNeeded,
    SimMissing,
    Unreadable,
)
from crm_tui.gsm.ports import open_port
from crm_tui.i18n import retell
from crm_tui.modem import Modem
from crm_tui.shop.gate import settings
from crm_tui.shop.messages import gateway_state, outbox
from crm_tui.shop.messages.errors import SimFull, SimFullOfOthers
from crm_tui.shop.messages.settings import PIN, PIN_TRIED
from crm_tui.simulator.card import Slot
from tests.shop import ANI, BUDI, CITRA, Shop, statuses
from tests.test_identity import STAMPS, stamped

LONG = "PESAN PQ-R 1" + " " * 150 + "PQ-S 2" + " " * 150 + "AB-1 1"

QUIRKS: dict[str, dict[str, object]] = {
    "none": {},
    "echo and noise": {"noise": ["RING", "^RSSI:11", "+CREG: 5", "OKE mas", "ERROR stok"]},
    "garbage": {"garbage": "fffe00c3280d0a"},
    "lost first commands": {"lost_commands": 2},
    "slow": {"latency": 1.5},
    "mode 2 refused": {"refused_cnmi": [2]},
    "no notices": {"refused_cnmi": [1, 2]},
    "deaf": {"deaf_cnmi": True},
    "lying counter": {"lying_counter": True},
    "one memory argument": {"odd_cpms": 1},
    "two memory arguments": {"odd_cpms": 2},
    "hanging list": {"hanging_list": True},
    "no OK after CPIN": {"no_ok_cpin": True},
    "bare prompt": {"bare_prompt": True},
    "lost prompt": {"lost_prompts": 1},
    "three errors": {"sms_errors": [500, 38, 331]},
    "lost answer": {"lost_answers": 1},
    "no reports": {"no_reports": True},
    "results in figures": {"curt": True},
    "names of the telephone book": {"name": '"Ani, S"'},
}


@pytest.mark.parametrize("quirk", QUIRKS)
def test_quirk(shop: Shop, quirk: str) -> None:
    """Questions are answered once, long ones too, and the SIM is empty, whatever the quirk."""
    for name, value in QUIRKS[quirk].items():
        setattr(shop.modem.faults, name, value)
    shop.says(ANI, "HARGA AB-1")
    shop.after(40, lambda: shop.says(BUDI, LONG))
    shop.after(50, lambda: shop.says(CITRA, "STOK EF-3", memory="ME"))
    shop.run(400)
    assert [row["status"] for row in shop.rows("SELECT status FROM messages WHERE direction='in'")] == [
        "answered", "answered", "answered",
    ]  # fmt: skip
    shown = [(entry["to"], str(entry["text"])[:8]) for entry in shop.modem.messages_sent()]
    assert sorted(shown) == [(ANI, "AB-1 Anu"), (BUDI, "Pesanan "), (CITRA, "EF-3 Efe")]
    assert shop.modem.card.used("SM") == shop.modem.card.used("ME") == 0
    assert shop.one("SELECT count(*) FROM orders") == 1


@pytest.mark.parametrize("latency", [0.1, 0.4, 0.7])
def test_traffic(shop: Shop, latency: float) -> None:
    """Steady traffic with a slow modem: slots are used again at once, and nothing is lost."""
    shop.modem.faults.latency = latency
    for number in range(60):
        phone = f"+62811000{number:05d}"
        shop.after(5 + number * 1.3, lambda phone=phone: shop.says(phone, "HARGA AB-1"))  # type: ignore[misc]
    # One that is called off in the middle of it.
    outbox.send(shop.ctx, BUDI, "Halo")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE messages SET expires_at = '2000'")
    shop.run(600)
    assert len(shop.modem.sent) == 60
    assert shop.one("SELECT count(*) FROM messages WHERE direction = 'in'") == 60
    assert shop.one("SELECT count(*) FROM messages WHERE status = 'expired'") == 1


def test_damaged_on_the_line(shop: Shop) -> None:
    """A PDU that loses octets on the line is read again, not thrown away."""
    shop.says(ANI, "PESAN PQ-R 1")
    say = shop.modem.say_raw
    damaged: list[bytes] = []

    def lossy(octets: bytes) -> None:
        if len(octets) > 60 and not damaged:
            damaged.append(octets)
            octets = octets[:20] + octets[22:]
        say(octets)

    shop.modem.say_raw = lossy  # type: ignore[method-assign]
    shop.run(10)
    assert damaged
    assert shop.one("SELECT status FROM messages") == "answered"


@pytest.mark.parametrize(
    ("tricked", "trick"),
    [("AT+CMGS", "before ERROR"), ("AT+CMGS", "before +CMS ERROR: 38"), ("00", "before ERROR"),
     ("00", "before +CMS ERROR: 500"), ("00", "ends ERROR"), ("00", "ends +CMS ERROR: 332")],
)  # fmt: skip
@pytest.mark.parametrize("slow", [0.0, 1.2])
def test_no_that_was_not_meant(shop: Shop, tricked: str, trick: str, slow: float) -> None:
    """An error that is not the end of this SMS neither keeps it from going out nor doubles it."""
    shop.modem.faults.slow = slow
    shop.modem.faults.no_reports = True
    shop.modem.faults.tricked, shop.modem.faults.tricks = tricked, [trick]
    shop.says(ANI, "HARGA AB-1")
    shop.run(400)
    assert not shop.modem.faults.tricks
    assert [row["status"] for row in shop.rows("SELECT status FROM messages")] == [
        "answered", "sent",
    ]  # fmt: skip
    assert len(shop.modem.sent) == 1
    shop.says(BUDI, "HARGA AB-1")
    shop.run(60)
    assert len(shop.modem.sent) == 2


@pytest.mark.parametrize("reports", [True, False], ids=["reports", "no reports"])
@pytest.mark.parametrize("said", ["ERROR", "+CMS ERROR: 332"])
def test_doubtful_no(shop: Shop, said: str, reports: bool) -> None:
    """An error that does not say that the SMS stayed here leaves it in doubt."""
    shop.modem.faults.tricked, shop.modem.faults.tricks = "00", [f"instead {said}"]
    shop.modem.faults.report_delay = 5.0
    shop.modem.faults.no_reports = not reports
    shop.says(ANI, "HARGA AB-1")
    shop.run(400)
    texts = [sent.text for sent in shop.modem.sent]
    assert [text.endswith(outbox.AGAIN) for text in texts] == (
        [False] if reports else [False, True]
    )


def test_damaged_on_the_way_out(shop: Shop) -> None:
    """A PDU that loses octets on the line is refused by the modem, and written once more, at once."""
    submitted = shop.modem.submitted
    damaged: list[str] = []

    def lossy(body: str, announced: int) -> None:
        if len(damaged) < 2:
            damaged.append(body)
            body = body[:20] + body[22:]
        submitted(body, announced)

    shop.modem.submitted = lossy  # type: ignore[method-assign]
    shop.says(ANI, "HARGA AB-1")
    shop.run(5)
    assert len(damaged) == 2
    assert len(shop.modem.sent) == 1


def test_our_own_drafts_stay(shop: Shop) -> None:
    """What somebody stored on the SIM to send it is no SMS from a customer, and stays there."""
    from crm_tui.gsm import pdu
    from crm_tui.gsm.text import segments

    shop.modem.card.put("SM", pdu.submit(ANI, segments("Konsep")[0]), 2)
    shop.after(5, lambda: shop.modem.say('+CMTI: "SM",1'))
    shop.run(60)
    assert shop.modem.card.used("SM") == 1
    assert shop.one("SELECT count(*) FROM messages") == 0


def test_handed_over_directly(shop: Shop) -> None:
    """What a modem hands over without storing it is taken in, answered, and settled."""
    shop.modem.settings.cnmi = [2, 2, 0, 1, 0]
    cnmi = shop.modem.settings.cnmi
    shop.modem.faults.refused_cnmi = [1, 2]
    shop.after(3, lambda: cnmi.__setitem__(slice(None), [2, 2, 0, 1, 0]))
    shop.after(5, lambda: shop.says(ANI, "HARGA AB-1"))
    shop.run(30)
    assert len(shop.modem.sent) == 1
    assert [row["status"] for row in shop.rows("SELECT status FROM messages")] == [
        "answered",
        "delivered",
    ]


def test_deleting_hangs(shop: Shop) -> None:
    """A deletion that is never answered does not stop the answers."""
    shop.modem.faults.hanging_delete = True
    shop.says(ANI, "HARGA AB-1")
    shop.after(200, lambda: shop.says(BUDI, "HARGA AB-1"))
    shop.run(400)
    assert len(shop.modem.sent) == 2
    assert shop.one("SELECT count(*) FROM messages WHERE direction = 'in'") == 2


@pytest.mark.parametrize("trick", ["mute", "late 25", "ends +CMS ERROR: 320"])
def test_one_deletion_that_fails(shop: Shop, trick: str) -> None:
    """One deletion without its answer, or refused once, does not let the SIM fill up."""
    shop.modem.faults.tricked = "AT+CMGD"
    shop.modem.faults.tricks = [trick]
    fullest = []
    for number in range(20):
        shop.after(5 + number * 10, partial(shop.says, f"+62811000{number:05}", "HARGA AB-1"))
        shop.after(9 + number * 10, lambda: fullest.append(shop.modem.card.used("SM")))
    shop.run(240)
    assert max(fullest) <= 12
    assert not shop.modem.card.used("SM")
    assert len(shop.modem.sent) == 20


def test_unplugged_and_back(shop: Shop) -> None:
    """A cable that is kicked is found again by itself; what came meanwhile is answered."""
    shop.after(5, shop.modem.unplug)
    shop.after(8, lambda: shop.says(ANI, "HARGA AB-1"))
    shop.after(60, shop.modem.replug)
    shop.run(120)
    assert len(shop.modem.sent) == 1


def test_silence_and_back(shop: Shop) -> None:
    """A modem that hangs for a while is opened anew."""
    shop.after(5, lambda: setattr(shop.modem.faults, "silent", True))
    shop.after(90, lambda: setattr(shop.modem.faults, "silent", False))
    shop.after(95, lambda: shop.says(ANI, "HARGA AB-1"))
    shop.run(240)
    assert len(shop.modem.sent) == 1


@pytest.mark.parametrize("trick", ["instead ERROR", "instead OK", "late 7", "mute"])
@pytest.mark.parametrize("always", [False, True], ids=["once", "always"])
def test_memories_not_named(shop: Shop, trick: str, always: bool) -> None:
    """A modem that does not say which memories it has is looked into all the same, in each of them."""
    shop.modem.faults.tricked = "AT+CPMS=?"
    shop.modem.faults.tricks = [trick] * (1 + 9 * always)
    shop.says(ANI, "HARGA AB-1", memory="ME")
    shop.says(BUDI, "HARGA AB-1")
    shop.run(60)
    assert len(shop.modem.sent) == 2
    assert shop.modem.card.used("SM") == shop.modem.card.used("ME") == 0


@pytest.mark.parametrize("forms", [["="], ["=", "=?"]])
@pytest.mark.parametrize("memory", ["SM", "ME"])
def test_memory_cannot_be_chosen(shop: Shop, forms: list[str], memory: str) -> None:
    """Where no memory can be chosen, the one that is on is read, and emptied."""
    shop.modem.faults.refused_cpms = forms
    shop.modem.settings.memories = [memory] * 3
    shop.says(ANI, "HARGA AB-1", memory=memory)
    shop.after(10, lambda: shop.says(BUDI, "HARGA AB-1", memory=memory))
    shop.run(20)
    assert len(shop.modem.sent) == 2
    assert shop.modem.card.used(memory) == 0


def test_nothing_can_be_read(shop: Shop) -> None:
    """A modem that lets no SMS be read is told about, for as long as it does not."""
    shop.modem.faults.refused_reading = True
    shop.after(40, lambda: setattr(shop.modem.faults, "refused_reading", False))
    shop.says(ANI, "HARGA AB-1")
    told: list[object] = []
    for seconds in (10, 90):
        shop.after(seconds, lambda: told.append(shop.one("SELECT error FROM gateway")))
    shop.run(100)
    assert Unreadable.text in str(told[0])
    assert not told[1]
    assert len(shop.modem.sent) == 1


def test_a_memory_without_slots(shop: Shop) -> None:
    """New SMS are put where there is room for them: a card without slots is not where they go, and
    where nothing has a slot that is told."""
    card = shop.modem.card
    card.capacities["SM"] = 0
    told: list[object] = []
    for seconds in (5, 60, 90):
        shop.after(seconds, lambda: told.append(shop.one("SELECT error FROM gateway")))
    shop.after(5, lambda: told.append(shop.modem.settings.memories[2]))
    shop.after(6, lambda: card.capacities.update(ME=0))
    shop.after(7, lambda: shop.modem.reboot(["RDY"], 4.0))
    shop.after(61, lambda: card.capacities.update(SM=20))
    shop.run(91)
    assert told == ["", "ME", NoSlots().stored, ""]


def test_announced_before_it_is_there(shop: Shop) -> None:
    """An SMS that is announced before it can be read is looked for again within a second or two."""
    shop.after(5, lambda: setattr(shop.modem.faults, "tricked", "AT+CMGR"))
    shop.after(5, lambda: setattr(shop.modem.faults, "tricks", ["instead OK"] * 4))
    shop.after(6, lambda: shop.says(ANI, "HARGA AB-1"))
    shop.run(8)
    assert len(shop.modem.sent) == 1


def test_full_sim(shop: Shop) -> None:
    """A full SIM is emptied before anything is sent, and what the network held back follows."""
    shop.modem.card.capacities["SM"] = 3
    for number in range(10):
        shop.says(f"+62811000{number:05d}", "HARGA AB-1")
    assert shop.modem.card.used("SM") == 3
    shop.run(60)
    assert len(shop.modem.sent) == 10


def test_stuck_slot(shop: Shop) -> None:
    """A slot that cannot be emptied is imported once, and does not stop the others."""
    shop.modem.faults.stuck_slots = True
    shop.says(ANI, "PESAN PQ-R 1")
    shop.says(BUDI, "HARGA AB-1")
    shop.run(200)
    assert len(shop.modem.sent) == 2
    assert shop.one("SELECT count(*) FROM orders") == 1
    shop.run(200)
    assert len(shop.modem.sent) == 2


@pytest.mark.parametrize("stamp", ["good", *STAMPS])
def test_card_that_says_ok_and_keeps_it(shop: Shop, stamp: str) -> None:
    """A worn card that says OK to a deletion and keeps the SMS: it is taken in once, whatever the
    service centre's time, its second reading is told once, and a full card is told."""
    shop.modem.faults.lying_delete = True
    shop.modem.card.capacities["SM"] = 2
    if stamp == "good":
        shop.says(ANI, "PESAN PQ-R 1")
    else:
        shop.modem.inject_pdu(stamped(ANI, "PESAN PQ-R 1", STAMPS[stamp]))
    said: list[gateway_state.GatewayState | None] = []
    shop.after(1290, lambda: said.append(gateway_state.read(shop.ctx)))
    shop.run(1300)
    assert shop.one("SELECT count(*) FROM messages WHERE direction = 'in'") == 1
    assert shop.one("SELECT count(*) FROM orders") == len(shop.modem.sent) == 1
    assert all(row["times"] == 1 for row in shop.rows("SELECT times FROM repeats"))
    assert said[0] is not None
    assert said[0].brief == SimFull.brief


def test_full_of_what_a_telephone_wrote(shop: Shop) -> None:
    """A card full of SMS that were written with a telephone, on which nothing can come in, is told of
    with what to do; nothing of it is taken in or deleted."""
    drafts = {slot: Slot(2, "0011000B916407281553F80000AA0AE8329BFD4697D9EC37") for slot in (1, 2)}
    shop.modem.card.capacities["SM"] = 2
    shop.modem.card.slots["SM"] = dict(drafts)
    said: list[gateway_state.GatewayState | None] = []
    for listed in (True, False):
        shop.modem.faults.hanging_list = not listed
        shop.after(95, lambda: said.append(gateway_state.read(shop.ctx)))
        shop.run(100)
    assert [state and state.brief for state in said] == [SimFullOfOthers.brief] * 2
    assert all(state and "telephone" in retell(state.error, "en") for state in said)
    assert shop.modem.card.slots["SM"] == drafts
    assert not statuses(shop, "in")


def test_wrong_pin_is_tried_once(shop: Shop) -> None:
    """A wrong PIN is given once, however often the worker starts; a new one is tried again."""
    shop.modem.faults.sim = "PIN"
    shop.set(PIN, "9999")
    shop.run(300)
    shop.run(300)
    assert shop.modem.settings.wrong_pins == 1
    shop.set(PIN, "1234")
    shop.says(ANI, "HARGA AB-1")
    shop.run(60)
    assert len(shop.modem.sent) == 1
    assert settings.stored(shop.ctx, PIN_TRIED) == ""


@pytest.mark.parametrize(
    ("state", "problem"),
    [("MISSING", SimMissing), ("PUK", PukNeeded), ("PIN", PinNeeded)],
)
def test_sim_is_told(shop: Shop, state: str, problem: type[Exception]) -> None:
    """What is wrong with the SIM is told by a type of its own."""
    shop.modem.faults.sim = state
    with pytest.raises(problem):
        Modem(shop.port, shop.clock)


class _Pin:
    def __init__(self, pin: str) -> None:
        self.pin = pin
        self.good = False

    def take(self) -> str | None:
        return self.pin

    def accepted(self) -> None:
        self.good = True


def test_pin(shop: Shop) -> None:
    """The right PIN opens the SIM, a wrong one is refused."""
    shop.modem.faults.sim = "PIN"
    with pytest.raises(PinRefused):
        Modem(shop.port, shop.clock, pin=_Pin("0000"))
    pin = _Pin("1234")
    Modem(shop.port, shop.clock, pin=pin).close()
    assert pin.good


def test_ports_are_told(tmp_path: Path, shop: Shop) -> None:
    """A port that is not there is told so; one that is silent too."""
    with pytest.raises(PortMissing):
        open_port(str(tmp_path / "ttyUSB9"))
    shop.modem.faults.silent = True
    with pytest.raises(NoAnswer):
        Modem(shop.port, shop.clock)


def test_health(shop: Shop) -> None:
    """Signal, operator, registration and storage are told."""
    modem = Modem(shop.port, shop.clock)
    health = modem.health()
    assert (health.signal, health.operator, health.registered) == (21, "Simulasi", True)
    assert (health.used, health.capacity, health.full) == (0, 30, False)
    shop.modem.faults.registered = False
    shop.modem.faults.signal = 99
    health = modem.health()
    assert (health.signal, health.operator, health.registered) == (None, "", False)
    modem.close()


def test_handed_over_while_it_is_woken(shop: Shop) -> None:
    """What a modem hands over while it answers nothing, so that it is not even open, is taken in."""
    shop.modem.settings.cnmi = [2, 2, 0, 1, 0]
    shop.modem.faults.tricks = ["mute"] * 12
    shop.after(3, lambda: shop.says(ANI, "HARGA AB-1"))
    shop.run(90)
    assert statuses(shop, "in") == ["answered"]
    assert len(shop.modem.sent) == 1
