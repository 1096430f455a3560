"""What cannot go out: each state by its name, nothing tried again and again, nothing given up."""

from functools import partial
from typing import Any

import pytest
from sqlite_utils import Database

from crm_tui.gsm import error_codes
from crm_tui.gsm.errors import (
    CardRefused,
    Congested,
    Denied,
    ModemProblem,
    NotRegistered,
    Refused,
    SimMissing,
)
from crm_tui.gsm.hearing import FINAL, refusal
from crm_tui.gsm.send_gate import Outlet
from crm_tui.i18n import retell
from crm_tui.shop.messages import outbox
from crm_tui.store import Store
from tests.shop import ANI, BUDI, CITRA, Shop, calm, statuses


@pytest.fixture(autouse=True)
def _calm(monkeypatch: pytest.MonkeyPatch) -> None:
    calm(monkeypatch)


def submitted(shop: Shop) -> list[float]:
    """The moments at which a PDU was given to the modem."""
    moments: list[float] = []
    give = shop.modem.submitted

    def watched(body: str, announced: int) -> None:
        moments.append(shop.clock.monotonic())
        give(body, announced)

    shop.modem.submitted = watched  # type: ignore[method-assign]
    return moments


def lines(shop: Shop, *seconds: float) -> list[dict[str, Any]]:
    """What the worker will have said of itself at these moments."""
    told: list[dict[str, Any]] = []
    for each in seconds:
        shop.after(each, lambda: told.extend(shop.rows("SELECT * FROM gateway")))
    return told


def write(shop: Shop, count: int) -> None:
    for number in range(count):
        outbox.send(shop.ctx, f"+62811000{number:05d}", "Halo")


@pytest.mark.parametrize(
    ("creg", "problem", "network"),
    [(0, NotRegistered, "off"), (2, NotRegistered, "searching"), (3, Denied, "denied"),
     (8, Denied, "denied"), (5, None, "roaming"), (6, None, "home"), (4, None, "unknown")],
)  # fmt: skip
def test_network(shop: Shop, creg: int, problem: type[ModemProblem] | None, network: str) -> None:
    """Each state of the network is told by its name; without one no SMS is tried, but for one each ten
    minutes, and with one all go out, soon."""
    faults = shop.modem.faults
    faults.creg, faults.registered = creg, problem is None
    moments = submitted(shop)
    write(shop, 5)
    told = lines(shop, 100)
    shop.after(1900, lambda: setattr(faults, "creg", 1))
    shop.after(1900, lambda: setattr(faults, "registered", True))
    counts: list[int] = []
    shop.after(1850, lambda: counts.append(len(moments)))
    shop.run(2000)
    assert told[0]["network"] == network
    if problem is None:
        assert told[0]["error"] == ""
        assert len(shop.modem.sent) == 5
        return
    assert (told[0]["error"], told[0]["brief"]) == (problem.text, problem.brief)
    assert 1 <= counts[0] <= 3
    assert len(shop.modem.sent) == 5
    assert set(statuses(shop, "out")) == {"delivered"}


def test_network_comes_and_goes(shop: Shop) -> None:
    """While the network is away for an hour nothing is given up, and SMS go out when it is back."""
    faults = shop.modem.faults
    shop.says(ANI, "PESAN PQ-R 1")
    shop.after(10, lambda: setattr(faults, "registered", False))
    shop.after(11, lambda: write(shop, 20))
    shop.after(3600, lambda: setattr(faults, "registered", True))
    moments = submitted(shop)
    shop.run(3620)
    assert len(shop.modem.sent) == 21
    assert len(moments) <= 21 + 6


def test_network_that_is_there(shop: Shop) -> None:
    """A modem that never says that it is registered is not believed once an SMS went out."""
    shop.modem.faults.creg = 0
    write(shop, 3)
    shop.run(660)
    assert len(shop.modem.sent) == 3
    write(shop, 2)
    shop.run(700)
    assert len(shop.modem.sent) == 5


@pytest.mark.parametrize(
    ("code", "worded"), [(8, False), (21, False), (10, True), (69, True), (330, True)]
)
def test_card_is_refused(shop: Shop, code: int, worded: bool) -> None:
    """A refusal that means the card stops the sending after several customers; none is given up."""
    faults = shop.modem.faults
    faults.worded = worded
    faults.sms_errors = [code] * 500
    write(shop, 10)
    moments = submitted(shop)
    told = lines(shop, 59, 650)
    shop.after(60, lambda: faults.sms_errors.clear())
    shop.after(60, lambda: counts.append(len(moments)))
    counts: list[int] = []
    shop.run(700)
    assert counts[0] <= 4
    assert CardRefused.text.split("(")[0] in told[0]["error"]
    assert str(code) in retell(told[0]["error"], "en")
    assert told[0]["brief"] == CardRefused.brief
    assert len(shop.modem.sent) == 10
    assert told[1]["error"] == ""


def test_one_number_is_refused(shop: Shop) -> None:
    """Where others go out it is the one SMS, and it is given up with its reason."""
    give = shop.modem.submitted

    def choosy(body: str, announced: int) -> None:
        shop.modem.faults.sms_errors = [21] if "26180000" in body else []
        give(body, announced)

    shop.modem.submitted = choosy  # type: ignore[method-assign]
    outbox.send(shop.ctx, "+62810000001", "Halo")
    for number in range(20):
        shop.after(5 + number * 5, partial(outbox.send, shop.ctx, f"+62811000{number:05d}", "Halo"))
    shop.run(200)
    assert len(shop.modem.sent) == 20
    assert shop.one("SELECT status FROM messages ORDER BY id LIMIT 1") == "failed"
    assert "21" in retell(shop.one("SELECT reason FROM messages ORDER BY id LIMIT 1"), "en")


def test_the_same_one_is_refused(shop: Shop) -> None:
    """An SMS that the network refuses four times, while no other goes out, is given up alone; what one
    number hears does not stop the others."""
    outlet = Outlet(shop.clock)
    barred = Refused("CMS", 8)
    assert [outlet.refused(ANI, barred) for _ in range(4)] == [True, True, True, False]
    assert outlet.may_send()


def test_refusals_of_two_kinds(shop: Shop) -> None:
    """Only refusals of one kind add up: of the card, or of a network that is busy."""
    outlet = Outlet(shop.clock)
    for phone, code in ((ANI, 8), (BUDI, 38), (CITRA, 8)):
        outlet.refused(phone, Refused("CMS", code))
    assert outlet.may_send()
    outlet.refused("+62811999", Refused("CMS", 8))
    assert not outlet.may_send()
    assert isinstance(outlet.problem, CardRefused)


def test_network_that_takes_nothing(shop: Shop) -> None:
    """A network that refuses everybody for now is left in peace, and told about."""
    shop.modem.faults.sms_errors = [38] * 500
    write(shop, 50)
    moments = submitted(shop)
    told = lines(shop, 600)
    counts: list[int] = []
    shop.after(1800, lambda: counts.append(len(moments)))
    shop.after(1800, lambda: shop.modem.faults.sms_errors.clear())
    shop.run(2200)
    assert counts[0] <= 12
    assert told[0]["brief"] == Congested.brief
    assert len(shop.modem.sent) == 50


@pytest.mark.parametrize("kind", ["CME", "CMS"])
def test_errors_in_words(kind: str) -> None:
    """An error that is told in words means what its number means."""
    numbers = [each for each in range(600) if error_codes.words(kind, each) != "unknown error"]
    assert len(numbers) > 20
    for number in numbers:
        words = error_codes.words(kind, number)
        for said in (str(number), words, words.upper(), words.replace("sim", "(U)SIM") + "."):
            final = FINAL.fullmatch(f"+{kind} ERROR: {said}")
            assert final
            told = refusal(final)
            # The standard calls 8 and 10, as others, alike in both lists.
            assert (told.kind, told.code) == (kind, number), said


def test_sim_out_in_words(shop: Shop) -> None:
    """A SIM card that is out is told so, however the modem words it, and SMS wait."""
    shop.modem.faults.worded = True
    shop.modem.faults.sim = "MISSING"
    write(shop, 1)
    shop.run(60)
    assert shop.one("SELECT error FROM gateway") == SimMissing.text
    assert shop.one("SELECT brief FROM gateway") == SimMissing.brief
    shop.modem.faults.sim = "READY"
    shop.run(60)
    assert len(shop.modem.sent) == 1


def test_what_a_person_must_do(shop: Shop) -> None:
    """Where only a person can help, nobody says that the program goes on trying."""
    shop.modem.faults.sim = "PUK"
    shop.run(30)
    row = shop.rows("SELECT * FROM gateway")[0]
    assert row["again"] == 0


@pytest.mark.parametrize("hang", [False, True])
def test_in_and_out_take_turns(shop: Shop, hang: bool) -> None:
    """However many SMS come in on a slow modem, one written by hand leaves within seconds; so it does
    where deletions are never answered."""
    shop.modem.card.capacities["SM"] = 200
    shop.run(5)
    if hang:
        shop.modem.faults.hanging_delete = True
    else:
        shop.modem.faults.slow = 1.2
    for number in range(40):
        shop.after(1, partial(shop.says, f"+62811000{number:05d}", "HARGA AB-1"))
    gone: list[float] = []
    shop.after(8, lambda: outbox.send(shop.console(), BUDI, "Halo"))
    give = shop.modem.hand_over

    def watched(pdu: str) -> int:
        reference = give(pdu)
        if shop.modem.sent[-1].to == BUDI:
            gone.append(shop.clock.monotonic())
        return reference

    shop.modem.hand_over = watched  # type: ignore[method-assign]
    began = shop.clock.monotonic()
    shop.run(400)
    assert gone
    assert gone[0] - began < 8 + (40 if hang else 25)
    assert len(shop.modem.sent) == 41


def test_the_log_is_shortened_beside_the_line(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many SMS go out one behind the other, the store's log is brought to its place while the
    network takes one: no commit that the line waits for has to do it."""
    write(shop, 100)
    assert shop.ctx.store.empty_log()
    commits: list[bool] = []
    within = False
    commit, checkpoint = Store.commit, Store.checkpoint

    def watched(self: Store, db: Database) -> None:
        nonlocal within
        within = True
        commit(self, db)
        within = False

    def noted(self: Store) -> bool:
        commits.append(within)
        return checkpoint(self)

    monkeypatch.setattr(Store, "commit", watched)
    monkeypatch.setattr(Store, "checkpoint", noted)
    shop.run(60)
    assert len(shop.modem.sent) == 100
    assert commits == [False] * 6
