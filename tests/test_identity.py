"""Which SMS is which where the service centre's time says nothing: none is lost, none is twice."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.gsm import pdu
from crm_tui.gsm.fields import swapped
from crm_tui.gsm.text import segments
from crm_tui.shop.gate.context import GATEWAY
from crm_tui.shop.messages import deduplication, inbox, view
from crm_tui.shop.messages.deduplication import Received
from crm_tui.shop.upkeep import privacy
from crm_tui.simulator import registry
from crm_tui.simulator.card import READ
from tests.daily import daily
from tests.shop import ANI, BUDI, CITRA, START, Shop, statuses
from tests.test_crash import Fuse, Killed, MortalLine, MortalStore

STAMPS = {
    "zeros": "00000000000000",
    "ones": "FFFFFFFFFFFFFF",
    "1980": "08106000000082",
    "constant": "62114280000082",
}
"""Seven octets each; the last is the moment at which the tests begin."""
SHARDS = 16


def stamped(sender: str, text: str, octets: str) -> str:
    """An SMS with these octets for its time."""
    when = START.astimezone()
    made = pdu.deliver(sender, segments(text)[0], when, service_centre="+6281100000")
    decoded = pdu.decode(made)
    assert isinstance(decoded, pdu.Deliver)
    assert made.count(decoded.stamp) == 1
    return made.replace(decoded.stamp, octets)


def taken_in(shop: Shop) -> int:
    return int(shop.one("SELECT count(*) FROM messages WHERE direction = 'in'"))


def orders(shop: Shop) -> int:
    return int(shop.one("SELECT count(*) FROM orders"))


@pytest.mark.parametrize("octets", STAMPS.values(), ids=STAMPS)
def test_second_days_later(shop: Shop, octets: str) -> None:
    """The same words days later are another order, whatever the service centre calls the moment."""
    for _ in range(3):
        shop.modem.inject_pdu(stamped(ANI, "PESAN PQ-R 1", octets))
        shop.run(10)
        shop.clock.wait(2 * 86400)
    assert orders(shop) == 3
    assert shop.one("SELECT count(*) FROM repeats") == 0


@pytest.mark.parametrize("octets", list(STAMPS.values())[:3], ids=list(STAMPS)[:3])
@pytest.mark.parametrize("together", [True, False])
def test_second_at_once(shop: Shop, octets: str, together: bool) -> None:
    """Two of the same octets, in two slots or one after the other, are two orders."""
    for _ in range(2):
        shop.modem.inject_pdu(stamped(ANI, "PESAN PQ-R 1", octets))
        if not together:
            shop.run(5)
    shop.run(10)
    assert orders(shop) == 2
    assert shop.modem.card.used("SM") == 0


def test_same_moment_for_all(shop: Shop) -> None:
    """A service centre that gives everybody the same moment is found out, and loses no second order."""
    for phone in (ANI, BUDI, ANI, BUDI):
        shop.modem.inject_pdu(stamped(phone, "PESAN PQ-R 1", STAMPS["constant"]))
        shop.run(10)
        shop.clock.wait(120)
    assert orders(shop) == 4


def test_repeated_by_the_network(shop: Shop) -> None:
    """With a time that can be believed equal octets are one SMS; a row and the staff's view say so."""
    made = shop.modem.inject(ANI, "PESAN PQ-R 1")[0]
    shop.run(5)
    shop.says(BUDI, "HARGA AB-1")
    shop.run(5)
    for wait in (60, 1800, 3 * 3600):
        shop.clock.wait(wait)
        shop.modem.inject_pdu(made)
        shop.run(5)
    assert orders(shop) == 1
    row = shop.rows("SELECT * FROM repeats")[0]
    assert (row["message_id"], row["times"]) == (1, 3)
    assert view.look(shop.ctx, 1).again == [row["last_at"]]


def test_repeated_after_silence(shop: Shop) -> None:
    """Without a time equal octets are one SMS for an hour, counted from when the network could reach us
    again; after a night they are another one whatever happened."""
    made = stamped(ANI, "PESAN PQ-R 1", STAMPS["zeros"])
    shop.modem.inject_pdu(made)
    shop.run(5)
    worker = shop.ctx.acting(GATEWAY)

    def is_new(since: timedelta | None) -> bool:
        back = None if since is None else shop.clock.now() - since
        return deduplication.judge(worker, Received(made), None, "", back).new

    for hours, since, new in (
        (0.5, None, False), (3, None, True), (3, timedelta(minutes=50), False),
        (3, timedelta(minutes=70), True), (13, timedelta(minutes=50), False),
        (15, timedelta(minutes=50), True),
    ):  # fmt: skip
        shop.clock.wait((START + timedelta(hours=hours) - shop.clock.now()).total_seconds())
        assert is_new(since) is new, (hours, since)


def test_repeated_after_somebody_was_erased(shop: Shop) -> None:
    """What the network repeats is known as that, though an SMS that came since was of somebody who was
    erased: nothing stands in the way of those that show how the service centre's clock goes."""
    shop.ask(ANI, "HARGA PQ-R")
    repeated = str(shop.one("SELECT pdu FROM pdus WHERE kind = 'deliver'"))
    for phone in (CITRA, BUDI):
        shop.clock.wait(300)
        shop.ask(phone, "HARGA PQ-R")
    (erased,) = shop.rows("SELECT customer_id FROM phones WHERE number = ?", BUDI)
    privacy.erase(shop.ctx, erased["customer_id"])
    before = taken_in(shop)
    shop.clock.wait(2 * 3600)
    assert inbox.take_in(shop.ctx.acting(GATEWAY), [repeated]) == 0
    assert taken_in(shop) == before
    assert shop.one("SELECT count(*) FROM repeats") == 1


def test_stuck_slot_is_one(shop: Shop) -> None:
    """An SMS that cannot be taken off the SIM is read again and again, and taken in once."""
    shop.modem.faults.stuck_slots = True
    shop.modem.inject_pdu(stamped(ANI, "PESAN PQ-R 1", STAMPS["zeros"]))
    for _ in range(3):
        shop.run(10)
        shop.clock.wait(700)
    shop.run(610)
    assert orders(shop) == 1
    shop.modem.faults.stuck_slots = False
    shop.run(5)
    shop.modem.inject_pdu(stamped(ANI, "PESAN PQ-R 1", STAMPS["zeros"]))
    shop.run(10)
    assert orders(shop) == 2


LIES = (
    # Emptied, and nobody heard of it, or of what lies there now.
    ("AT+CMGD", ["mute"]),
    # A reading that gave it and ended with an error, twice: it is there.
    ("AT+CMGR", ["ends ERROR", "ends +CMS ERROR: 321"]),
    ("AT+CMGD", ["ends +CMS ERROR: 321"]),
    ("AT+CMGR", ["after 2 ERROR"]), ("AT+CMGR", ["", "deaf", ""]), ("AT+CMGR", ["less 1", "less 1"]),
    ("AT+CMGR", ["ends ERROR", "instead +CMS ERROR: 314", "ends ERROR"]),
)  # fmt: skip


@pytest.mark.parametrize("lie", daily(LIES, 2))
def test_whatever_is_said_of_a_slot(shop: Shop, lie: tuple[str, list[str]]) -> None:
    """However a modem lies of a slot or says nothing of it, two SMS of the same octets in it are two,
    also where a reading of the second was lost, so that the card calls it read."""
    octets = stamped(ANI, "HALO", STAMPS["zeros"])
    tricked, tricks = lie
    shop.modem.faults.tricked, shop.modem.faults.tricks = tricked, list(tricks)
    shop.modem.inject_pdu(octets)
    shop.run(150)
    shop.modem.faults.tricks = []
    shop.run(120)
    shop.modem.card.put("SM", octets, READ)
    shop.run(60)
    assert taken_in(shop) == 2
    assert shop.modem.card.used("SM") == 0


def test_report_without_a_time(shop: Shop) -> None:
    """A second report with the same reference and no time settles the second SMS."""
    shop.modem.faults.no_reports = True
    for _ in range(2):
        shop.ask(ANI, "INFO")
        when = datetime.fromisoformat("2000-01-01T00:00+00:00")
        made = pdu.report(ANI, shop.modem.sent[-1].reference, when, when)
        shop.modem.inject_pdu(made.replace("00101000000000", "0" * 14))
        shop.run(5)
        shop.modem._reference -= 1
    assert statuses(shop, "out") == ["delivered", "delivered"]


@pytest.mark.parametrize("octets", [STAMPS["zeros"], STAMPS["constant"]], ids=["zeros", "constant"])
@pytest.mark.parametrize(
    "shard", [0, *(pytest.param(at, marks=pytest.mark.soak) for at in range(1, SHARDS))]
)
def test_killed_anywhere(shop: Shop, octets: str, shard: int) -> None:
    """Killed at any step, with a second of the same octets at once or while nobody is there: each of
    the two is one order."""
    steps = _one_more(shop, octets, 0)
    assert steps > 20
    for at in range(1, steps + 1):
        if at % SHARDS == shard:
            _one_more(shop, octets, at)


def _one_more(shop: Shop, octets: str, at: int) -> int:
    """The worker dies at its `at`-th step over an SMS; a second one comes days later."""
    before = taken_in(shop)
    line = MortalLine(shop.clock)
    registry.register(shop.name, line)
    shop.modem = line
    made = stamped(f"+6281100{at:06d}", "HARGA AB-1", octets)
    line.inject_pdu(made)
    steps = _die(shop, line, Fuse(at))
    if at % 2:
        shop.run(3)
        # It comes into the slot in which the first one lay, if that was emptied.
        assert taken_in(shop) - before == 1, at
    shop.clock.wait(2 * 86400)
    line.inject_pdu(made)
    shop.run(4)
    assert taken_in(shop) - before == 2, at
    assert line.card.used("SM") == 0
    return steps


def _die(shop: Shop, line: MortalLine, fuse: Fuse) -> int:
    store = MortalStore(shop.ctx.store.path)
    store.fuse = line.fuse = fuse
    worker = shop.worker(store)
    shop.after(3, worker.stop.set)
    try:
        worker.run()
    except Killed:
        store.close()
    line.fuse = Fuse(0)
    return fuse.steps


@settings(max_examples=8)
@given(st.lists(st.sampled_from(["sms", "die", "wait", "days", "stop"]), max_size=8), st.data())
def test_any_order_of_events(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], data: st.DataObject
) -> None:
    """Whatever comes, dies and waits in whatever order: as many orders as SMS, with no time at all."""
    shop = Shop(tmp_path_factory.mktemp("toko") / "toko")
    line = MortalLine(shop.clock)
    registry.register(shop.name, line)
    shop.modem = line
    sent = 0
    for step in steps:
        if step == "sms":
            line.inject_pdu(stamped(ANI, "PESAN AB-1 1", STAMPS["zeros"]))
            sent += 1
        elif step == "die":
            _die(shop, line, Fuse(data.draw(st.integers(1, 60))))
        elif step == "stop":
            shop.run(3)
        else:
            shop.clock.wait(86400 if step == "days" else 5)
    shop.run(5)
    assert taken_in(shop) == sent
    shop.close()


def test_swapped_is_the_way_of_stamps() -> None:
    """The constant stamp of these tests is the moment at which they begin."""
    decoded = pdu.decode(stamped(ANI, "x", STAMPS["constant"]))
    assert isinstance(decoded, pdu.Deliver)
    assert decoded.sent_at == START
    assert swapped(b"\x62")[:2] == [2, 6]
