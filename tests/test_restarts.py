"""A modem that begins anew by itself is found out and set up; nothing is sent or read wrongly."""

from functools import partial

import pytest

from crm_tui.gsm.errors import PinRefused
from crm_tui.modem import Modem
from crm_tui.shop.gate import settings
from crm_tui.shop.messages import outbox
from crm_tui.shop.messages.settings import PIN, PIN_TRIED
from tests.shop import ANI, BUDI, CITRA, Shop

WORDS = {
    "nothing": [],
    "RDY": ["RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready"],
    "^BOOT": ["^BOOT:27710117,0,0,0,6"],
    "^SYSSTART": ["^SYSSTART"],
}


@pytest.mark.parametrize("said", WORDS)
@pytest.mark.parametrize(
    ("locked", "text", "one"),
    [(False, False, False), (True, True, False), (False, True, True)],
    ids=["open", "PIN, text mode", "text mode, one question a line"],
)
def test_restart(shop: Shop, said: str, locked: bool, text: bool, one: bool) -> None:
    """With or without a word, locked or not, whatever its profile: all is taken in and answered."""
    modem = shop.modem
    modem.faults.one_question = one
    if locked:
        modem.faults.sim = "PIN"
        shop.set(PIN, "1234")
    shop.after(10, lambda: setattr(modem.faults, "text_profile", text))
    # When its heartbeat is just behind it.
    shop.after(10.5, lambda: modem.reboot(WORDS[said], 4.0))
    shop.after(12, lambda: shop.says(ANI, "HARGA AB-1"))
    shop.after(13, lambda: shop.says(BUDI, "HARGA AB-1", memory="ME"))
    # A notice is only made by a modem that was told to.
    shop.after(60, lambda: shop.says(CITRA, "HARGA AB-1"))
    told: list[int] = []
    for seconds in (40, 62):
        shop.after(seconds, lambda: told.append(len(modem.sent)))
    shop.run(70)
    assert not modem.texts, "a PDU went out as a text"
    assert told == [2, 3]
    assert shop.one("SELECT count(*) FROM messages WHERE status = 'delivered'") == 3
    assert modem.card.used("SM") == modem.card.used("ME") == 0
    assert modem.settings.wrong_pins == 0


@pytest.mark.parametrize("seconds", [0.0, 4.0])
def test_never_as_text(shop: Shop, seconds: float) -> None:
    """Before an SMS that comes after a silence a modem in text mode is found out."""
    shop.modem.faults.text_profile = True
    shop.after(12, lambda: shop.modem.reboot([], seconds))
    shop.after(12.1 + max(seconds, 3.2), lambda: outbox.send(shop.console(), ANI, "Halo"))
    shop.run(40)
    assert not shop.modem.texts
    assert len(shop.modem.sent) == 1


def test_restart_within_a_send(shop: Shop) -> None:
    """A modem that says RDY instead of an answer is not waited for: the next SMS goes out soon."""
    faults = shop.modem.faults
    faults.no_reports = True
    faults.tricked, faults.tricks = "00", ["mute"]
    shop.says(ANI, "HARGA AB-1")
    shop.after(1, lambda: shop.modem.reboot(["RDY"], 3.0))
    shop.after(6, lambda: shop.says(BUDI, "HARGA AB-1"))
    shop.run(20)
    assert [sent.to for sent in shop.modem.sent] == [ANI, BUDI]
    assert shop.one("SELECT status FROM messages WHERE phone = ? AND direction = 'out'", ANI) == (
        "in_doubt"
    )


@pytest.mark.parametrize("trick", ["instead ERROR", "ends +CME ERROR: 14", "before ERROR", "mute"])
@pytest.mark.parametrize("right", [True, False])
def test_error_beside_the_pin(shop: Shop, trick: str, right: bool) -> None:
    """Whether a PIN was right the SIM says, not an error that may be another command's; and it is
    given once."""
    faults = shop.modem.faults
    faults.sim = "PIN"
    faults.tricked, faults.tricks = "AT+CPIN=", [trick]
    shop.set(PIN, "1234" if right else "9999")
    shop.says(ANI, "HARGA AB-1")
    shop.run(200)
    assert shop.modem.settings.wrong_pins == int(not right)
    assert len(shop.modem.sent) == int(right)
    assert settings.stored(shop.ctx, PIN_TRIED) == ("" if right else "9999")


@pytest.mark.parametrize("said", ["OK", "ERROR"])
def test_pin_is_given_once(shop: Shop, said: str) -> None:
    """A wrong PIN that some OK seems to accept is not given a second time."""

    class Wrong:
        given = 0

        def take(self) -> str:
            self.given += 1
            return "0000"

        def accepted(self) -> None:
            raise AssertionError

    pin = Wrong()
    shop.modem.faults.sim = "PIN"
    shop.modem.faults.tricked, shop.modem.faults.tricks = "AT+CPIN=", [f"ends {said}"]
    with pytest.raises(Exception) as told:
        Modem(shop.port, shop.clock, pin=pin)
    assert pin.given == 1
    assert said == "OK" or isinstance(told.value, PinRefused)


def test_cost_on_the_line(shop: Shop) -> None:
    """The look at how it stands costs one command line of no more than 400 octets with its answer, and
    none while SMS come and go."""
    asked: list[str] = []
    obey = shop.modem.obey

    def heard(line: str) -> None:
        asked.append(line)
        obey(line)

    shop.modem.obey = heard  # type: ignore[method-assign]
    modem = Modem(shop.port, shop.clock)
    asked.clear()
    modem.health()
    assert len(asked) == 1
    assert 0 < modem.cost[0] < 400
    modem.close()
    shop.run(3)
    asked.clear()
    for number in range(20):
        phone = f"+62811000{number:05d}"
        shop.after(1 + number / 2, partial(shop.says, phone, "HARGA AB-1"))
    shop.run(12)
    looks = [line for line in asked if ";" in line]
    assert len(looks) <= 3
