"""The credit on the SIM card: asked on request and daily, whatever way the modem says it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.clock import stamp
from crm_tui.gsm import alphabets, ussd
from crm_tui.gsm.hearing import Hearing
from crm_tui.i18n import retell
from crm_tui.practice.clock import EventClock
from crm_tui.shop.gate import health
from crm_tui.shop.messages import balance
from crm_tui.shop.messages import diagnostics as line_health
from crm_tui.shop.messages.settings import BALANCE_CODE, BALANCE_LIMIT
from tests.shop import ANI, START, Shop, calm

SAID = "Sisa pulsa Anda Rp 52.300,00.\nAktif s/d 31/12/2027."


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "toko")
    made.set(BALANCE_CODE, "*888#")
    yield made
    made.close()


def ask(shop: Shop, seconds: float = 60) -> balance.Balance:
    """Ask, let the worker serve; what came of it."""
    key = balance.ask(shop.ctx)
    shop.run(seconds)
    return balance.get(shop.ctx, key)


@pytest.mark.parametrize("form", ["text", "ucs2", "packed", "menu", "last", "wants packed"])
def test_whatever_way_it_is_said(shop: Shop, form: str) -> None:
    """The amount is read from each way in which modems say it; no question stays open, and SMS come
    and go before and after."""
    shop.modem.faults.ussd_form = form
    before = shop.ask(ANI, "HARGA PQ-R")
    said = ask(shop)
    assert (said.status, said.amount, said.says) == ("answered", 52_300, SAID)
    assert not shop.modem.settings.question_open
    assert before
    assert shop.ask(ANI, "HARGA PQ-R")


@pytest.mark.parametrize("form", ["refused", "never", "mute"])
def test_a_modem_that_cannot(shop: Shop, form: str) -> None:
    """One that refuses, never answers or does not even say OK fails the question in words; what
    comes meanwhile is taken in and answered all the same, each SMS once."""
    shop.modem.faults.ussd_form = form
    if form == "mute":
        shop.modem.faults.tricked = "AT+CUSD"
        shop.modem.faults.tricks = ["mute"]
        shop.modem.faults.ussd_form = "never"
    shop.after(8, lambda: shop.says(ANI, "HARGA PQ-R"))
    answered: list[float] = []
    shop.after(75, lambda: answered.append(len(shop.modem.sent)))
    said = ask(shop, 76)
    assert said.status == "failed"
    assert retell(said.told, "id")
    assert answered == [1]
    assert "pulsa" not in retell(said.told, "en")


def test_a_question_never_holds_receiving(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the network thinks about it for long, an SMS is taken off the card within seconds."""
    shop.modem.faults.ussd_delay = 30
    shop.after(10, lambda: shop.says(ANI, "HARGA PQ-R"))
    left: list[int] = []
    shop.after(13, lambda: left.append(shop.modem.card.used("SM")))
    said = ask(shop, 60)
    assert left == [0]
    assert said.amount == 52_300
    assert len(shop.modem.sent) == 1


def test_asked_daily_and_told_when_low(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked once a day by itself; below the limit the status line, Health and the report of the
    line say so, with what to do; above it nothing does."""
    calm(monkeypatch)
    shop.run(600)
    # A day later the program is begun anew.
    shop.clock.wait(86_400)
    shop.run(600)
    asked = shop.rows("SELECT status, actor FROM balances")
    assert asked == [{"status": "answered", "actor": "gateway"}] * 2
    assert line_health.standing_still(shop.ctx) == ""
    finding = next(each for each in health.look(shop.ctx) if each.name == "credit")
    assert finding.well
    shop.set(BALANCE_LIMIT, 60_000)
    assert line_health.standing_still(shop.ctx) == balance.LOW
    finding = next(each for each in health.look(shop.ctx) if each.name == "credit")
    assert finding.state == health.ATTENTION
    assert finding.advice
    assert any(each.brief == balance.LOW for each in line_health.conditions(shop.ctx))


def test_a_question_by_a_wrong_clock_keeps_no_other(shop: Shop) -> None:
    """One that was asked while the clock was years ahead does not put the next one off until then."""
    shop.set(BALANCE_CODE, "*888#")
    for at, due in (
        ("2099-01-01T00:00:00.000Z", ""),
        (shop.ctx.at, stamp(shop.ctx.now + balance.DAILY)),
    ):
        with shop.ctx.store.transaction() as db:
            db.execute(
                "INSERT INTO balances (asked_at, actor, status) VALUES (?, '', 'asked')", (at,)
            )
        assert balance.due_at(shop.ctx) == due


def test_without_a_code_nothing_is_asked(shop: Shop) -> None:
    """Nobody's SIM card is dialled from without a code; a request says what to set."""
    shop.set(BALANCE_CODE, "")
    with pytest.raises(balance.NoCode):
        balance.ask(shop.ctx)
    shop.run(30)
    assert not shop.rows("SELECT 1 FROM balances")


def test_what_was_cut_off_is_not_asked_again(shop: Shop) -> None:
    """A question during which the line broke fails, and is not asked again by itself."""
    shop.modem.faults.ussd_delay = 20
    shop.after(8, shop.modem.unplug)
    shop.after(12, shop.modem.replug)
    said = ask(shop)
    assert (said.status, said.reason) == ("failed", balance.CUT_OFF)


@pytest.mark.parametrize(
    ("line", "status", "amount"),
    [
        ("+CUSD: 2", ussd.Status.ENDED, None),
        ("+CUSD: 4", ussd.Status.UNKNOWN, None),
        ('+CUSD: 0,"Pulsa Rp25000",15', ussd.Status.TOLD, 25_000),
        ('+CUSD: 0, "Rp 1.250.000",0', ussd.Status.TOLD, 1_250_000),
        ('+CUSD:1,"1.Rp. 7.500,50\n2.Paket"', ussd.Status.ASKS, 7_500),
        ('+CUSD: 0,"Ketik "YA". IDR 25,000.00",15', ussd.Status.TOLD, 25_000),
        ('+CUSD: 0,"20240101",15', ussd.Status.TOLD, None),
        ('+CUSD: 0,"",15', ussd.Status.TOLD, None),
        ('+CUSD: 0,"Harga Rp, sisa Rp0.",15', ussd.Status.TOLD, 0),
    ],
)
def test_lines_as_modems_say_them(line: str, status: ussd.Status, amount: int | None) -> None:
    """Status and the first amount of rupiah are read from lines of real modems."""
    said = ussd.read(line)
    assert said is not None
    assert (said.status, balance.amount(said.text)) == (status, amount)


@pytest.mark.parametrize(
    ("lines", "amount"),
    [
        ('+CUSD: 0,"Sisa pulsa Rp 1.', None),
        ('+CUSD: 0,"Sisa pulsa Rp 52', None),
        ('+CUSD: 0,"Sisa pulsa Rp 52.300,0', None),
        ('+CUSD: 0,"Sisa pulsa Rp 52.300. Akt', 52_300),
        (f'+CUSD: 0,"{"Sisa pulsa Rp 1.".encode("utf-16-be").hex()}', None),
        (f'+CUSD: 0,"{"x" * 177} Rp 5",15', None),
        ('+CUSD: 0,"Sisa pulsa Rp 1.",15', 1),
    ],
)
def test_a_part_of_an_amount_is_none(lines: str, amount: int | None) -> None:
    """Where the end of the network's text is lost, what stands there is no amount: it may go on."""
    ear = Hearing(Said(f"\r\n{lines}\r\nOK\r\n".encode()), "test", EventClock(START))
    assert [each for each in ear.said_before() if not ear.keep_unasked(each)] == ["OK"]
    (kept,) = ear.unasked
    said = ussd.read(kept.line)
    assert said is not None
    assert balance.amount(said.text, cut=said.cut) == amount


_TEXTS = st.lists(
    st.sampled_from(["Sisa", "pulsa", "Rp 12.500", "Aktif", "s/d", "OKE", "*123#", "\n"]),
    max_size=20,
).map(lambda words: "Info " + " ".join(words))


@given(_TEXTS)
def test_any_text_in_any_form(text: str) -> None:
    """What the network says comes through each form as it was."""
    septets = alphabets.to_septets(text)
    assert septets is not None
    forms = [
        f'+CUSD: 0,"{text}",15',
        f'+CUSD: 0,"{text.encode("utf-16-be").hex()}",72',
        f'+CUSD: 0,"{alphabets.pack(septets).hex()}",15',
    ]
    for form in forms:
        said = ussd.read(form)
        assert said is not None
        assert said.text == text.strip()


class Said:
    """A port that says these octets, and nothing more."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    @property
    def in_waiting(self) -> int:
        return len(self._octets)

    def read(self, size: int = 1) -> bytes:
        read, self._octets = self._octets[:size], self._octets[size:]
        return read

    def write(self, data: bytes) -> int | None:
        return len(data)

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "answer", ["OK", "+CMGS: 5", '+CMTI: "SM",3', "+CMGR: 0,,24", "0791261810000000040B91"]
)
def test_a_lost_end_swallows_no_answer(answer: str) -> None:
    """A text of the network whose end was lost on the line takes nothing with it that matters."""
    octets = f'\r\n+CUSD: 0,"Sisa\r\npulsa\r\n{answer}\r\n'.encode()
    ear = Hearing(Said(octets), "test", EventClock(START))
    assert list(ear.said_before()) == [answer]
    assert ear.unasked[0].line.startswith("+CUSD:")
