"""SMS Promo: nobody without consent, none twice, none at night or before answers; what it brought."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.clock import stamp
from crm_tui.shop.customers import cards, merging
from crm_tui.shop.customers import people as customer_people
from crm_tui.shop.gate import slices
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.messages import correspondence
from crm_tui.shop.messages.settings import CONSENT, NOTICES
from crm_tui.shop.promos import audience, campaigns
from crm_tui.shop.promos import outlook as promo_outlook
from crm_tui.shop.promos import results as promo_results
from crm_tui.shop.promos import sending as promo_sending
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.promos.campaigns import Draft
from crm_tui.shop.promos.settings import GAP_DAYS, PACE
from crm_tui.store import Store
from tests.shop import ANI, BUDI, CITRA, Shop, statuses
from tests.test_rewards import person, sell

TEXT = "Halo {name}, promo {shop}. Ketik STOP utk berhenti."
MANY = [f"+6281300000{number:03}" for number in range(40)]


def started(shop: Shop, name: str = "Satu", **how: object) -> int:
    """A promo that runs."""
    wanted = {"kind": "text", "text": f"{name}: {TEXT}", "audience": Audience()} | how
    number = campaigns.save(shop.ctx, Draft(name, **wanted))  # type: ignore[arg-type]
    campaigns.start(shop.ctx, number)
    promo_sending.build(shop.ctx, number)
    return number


def got(shop: Shop, word: str = "promo") -> list[str]:
    """The customers who got a promo, in order."""
    return [sent.to for sent in shop.modem.sent if word in sent.text]


def roles(shop: Shop, number: int) -> dict[str, str]:
    rows = shop.rows("SELECT phone, role, why FROM promo_people WHERE promo_id = ?", number)
    return {row["phone"]: row["why"] or row["role"] for row in rows}


@pytest.fixture
def people(shop: Shop) -> list[int]:
    shop.set(NOTICES, 0)
    return [person(shop, phone, f"Orang {at}") for at, phone in enumerate((ANI, BUDI, CITRA))]


def test_no_promo_goes_to_a_landline(shop: Shop, people: list[int]) -> None:
    """Whoever has a landline and a mobile number gets it at the mobile one, and is listed by it."""
    cards.add_phone(shop.ctx, people[0], "0711 356 789")
    assert set(roles(shop, started(shop))) == {ANI, BUDI, CITRA}
    assert audience.typed(shop.ctx, people[:1]) == ANI


def test_a_promo_goes_out_paced(shop: Shop, people: list[int]) -> None:
    """Every customer gets one with their name, once, ten seconds apart; then it is done."""
    shop.rest = 1.0
    number = started(shop)
    shop.run(12)
    assert got(shop) == [ANI, BUDI]
    shop.run(30)
    assert got(shop) == [ANI, BUDI, CITRA]
    assert shop.modem.sent[0].text == "Satu: Halo Orang 0, promo Toko Uji. Ketik STOP utk berhenti."
    assert campaigns.get(shop.ctx, number).status == "done"
    shop.run(3600)
    assert len(got(shop)) == 3
    found = promo_results.of(shop.ctx, number)
    assert (found.people, found.waiting, found.fates) == (3, 0, {"delivered": 3})


def test_why_somebody_got_nothing(shop: Shop, people: list[int]) -> None:
    """No consent, STOP, no number, put away, a promo lately: each is on the list."""
    customer_people.consent(shop.ctx, people[1], "stopped", "uji")
    nobody = cards.add(shop.ctx, cards.Card("Tanpa Nomor"))
    shop.ask("+6281300000009", "INFO")
    number = started(shop)
    told = roles(shop, number)
    assert told == {
        ANI: "send", BUDI: "said STOP", CITRA: "send", "": "no number", "+6281300000009": "no consent",
    }  # fmt: skip
    shop.run(60)
    assert got(shop) == [ANI, CITRA]
    assert set(roles(shop, started(shop, "Dua")).values()) == {
        "had a promo lately", "said STOP", "no number", "no consent",
    }  # fmt: skip
    shop.set(GAP_DAYS, 0)
    shop.set(CONSENT, "bought")
    sell(shop, "PQ-R", nobody)
    customer_people.consent(shop.ctx, people[0], "unknown", "uji")
    sell(shop, "PQ-R", people[0])
    assert roles(shop, started(shop, "Tiga"))[ANI] == "send"


def test_how_to_order_once(shop: Shop) -> None:
    """The explanation goes to all who did not say STOP, and never twice to one."""
    shop.ask(ANI, "INFO")
    shop.ask(BUDI, "STOP")
    number = started(shop, "Cara", kind="howto", text="cara pesan: PESAN KODE JUMLAH")
    assert roles(shop, number) == {ANI: "send", BUDI: "said STOP"}
    shop.run(30)
    assert got(shop, "cara pesan") == [ANI]
    number = started(shop, "Cara 2", kind="howto", text="cara pesan: PESAN KODE JUMLAH")
    assert roles(shop, number)[ANI] == "was told already"


def test_not_at_night(shop: Shop, people: list[int]) -> None:
    """What is due in the evening goes out in the morning; what is queued already waits, too."""
    shop.clock.wait(11 * 3600 + 59 * 60 + 55)
    started(shop)
    shop.run(60)
    assert got(shop) == [ANI]
    shop.clock.wait(11 * 3600 + 58 * 60)
    shop.run(45)
    assert got(shop) == [ANI]
    shop.run(60)
    assert got(shop) == [ANI, BUDI, CITRA]
    number = started(shop, "Dua", kind="howto", text="promo cara pesan")
    shop.set(PACE, 60)
    with shop.ctx.store.transaction() as db:
        # It is queued, and the evening comes before the modem has a moment for it.
        db.execute("UPDATE promos SET next_at = NULL")
    promo_sending.feed(shop.ctx.acting(GATEWAY))
    shop.clock.wait(12 * 3600)
    shop.run(30)
    assert statuses(shop, "out")[-1] == "held"
    assert campaigns.get(shop.ctx, number).status == "running"
    shop.clock.wait(12 * 3600)
    shop.run(30)
    assert got(shop, "cara pesan") == [ANI, BUDI, CITRA]


def test_answers_come_first(shop: Shop) -> None:
    """While promos go out, a question is answered as if there were none."""
    for at, phone in enumerate(MANY):
        person(shop, phone, f"Orang {at}")
    shop.set(PACE, 60)
    started(shop)
    shop.run(5)
    before = len(shop.modem.sent)
    shop.says(ANI, "HARGA PQ-R")
    shop.run(5)
    after = [sent.to for sent in shop.modem.sent[before:]]
    assert ANI in after[:3]


def test_pause_resume_cancel(shop: Shop, people: list[int]) -> None:
    """Paused, nothing goes out, not even what is queued; resumed, nobody is written to twice."""
    number = started(shop)
    shop.run(4)
    campaigns.pause(shop.ctx, number)
    shop.run(120)
    assert got(shop) == [ANI]
    campaigns.resume(shop.ctx, number)
    shop.run(5)
    assert got(shop) == [ANI, BUDI]
    campaigns.cancel(shop.ctx, number)
    shop.run(120)
    assert got(shop) == [ANI, BUDI]
    assert roles(shop, number)[CITRA] == "the promo was cancelled"
    with pytest.raises(campaigns.PromoNotRunning):
        campaigns.resume(shop.ctx, number)
    with pytest.raises(campaigns.PromoStarted):
        campaigns.remove(shop.ctx, number)


def test_a_promo_that_is_over(shop: Shop, people: list[int]) -> None:
    """After its last midnight nobody is written to."""
    number = started(shop, days=1)
    campaigns.pause(shop.ctx, number)
    shop.clock.wait(86400)
    campaigns.resume(shop.ctx, number)
    shop.run(60)
    assert got(shop) == []
    assert set(roles(shop, number).values()) == {"the promo was over"}


def test_building_goes_on_after_a_power_cut(shop: Shop, people: list[int]) -> None:
    """A list that was cut off is finished by the next worker, and nobody is on it twice."""
    number = campaigns.save(shop.ctx, Draft("Satu", "text", TEXT, Audience()))
    campaigns.start(shop.ctx, number)
    with shop.ctx.store.transaction() as db:
        db.execute(
            "INSERT INTO promo_people (promo_id, customer_id, phone, role) VALUES (?, ?, ?, 'send')",
            (number, people[0], ANI),
        )
        db.execute("UPDATE promos SET built_upto = ?", (people[0],))
    shop.run(60)
    assert sorted(got(shop)) == [ANI, BUDI, CITRA]


def test_a_list_is_built_beside_the_line(
    shop: Shop, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two slices of a list the line is served: an SMS that comes then is answered before
    the next slice; a worker that ends leaves the rest to the next one."""
    monkeypatch.setattr(slices, "FIRST", 1)
    monkeypatch.setattr(slices, "next_size", lambda size, took: 1)
    number = campaigns.save(shop.ctx, Draft("Satu", "text", TEXT, Audience(), control=30))
    campaigns.start(shop.ctx, number)
    served: list[bool] = []
    worker = shop.worker()

    def breathe(ctx: Context) -> None:
        before = len(shop.modem.sent)
        shop.says(f"+62811999{len(served):05d}", "INFO")
        for _ in range(2000):
            if len(shop.modem.sent) > before:
                break
            ctx.clock.wait(0.005)
        served.append(len(shop.modem.sent) > before)
        worker.stop.set()

    monkeypatch.setattr(slices, "breathe", breathe)
    worker.run()
    assert served == [True]
    assert 0 < shop.one("SELECT count(*) FROM promo_people") < len(people)
    monkeypatch.undo()
    shop.run(60)
    # Who wrote meanwhile may be one of them; who is in the control group does not change by it.
    assert shop.one("SELECT count(*) FROM promo_people") >= len(people)
    assert shop.one("SELECT status FROM promos") != "building"
    assert shop.one("SELECT people FROM promos") == len(people)


def test_one_number_once(shop: Shop, people: list[int]) -> None:
    """The store itself refuses a second message of a promo to one number."""
    number = started(shop)
    with shop.ctx.store.transaction() as db:
        db.execute("DELETE FROM promo_people WHERE customer_id = ?", (people[1],))
        db.execute("UPDATE phones SET customer_id = ? WHERE number = ?", (people[1], ANI))
        db.execute("DELETE FROM phones WHERE number = ?", (BUDI,))
        db.execute("UPDATE promos SET status = 'building', built_upto = ?", (people[0],))
    promo_sending.build(shop.ctx, number)
    shop.run(60)
    # Ani's number is another customer's now: nobody is written to twice, or in another's name.
    assert got(shop) == [CITRA]
    reasons = {
        row["customer_id"]: row["why"]
        for row in shop.rows("SELECT customer_id, why FROM promo_people")
    }
    assert reasons[people[1]] == "the number gets it already"


def test_control_group_and_results(shop: Shop) -> None:
    """A share gets nothing; what both bought is compared, returns taken off, and chance is told."""
    for at, phone in enumerate(MANY):
        person(shop, phone, f"Orang {at}")
    shop.set(PACE, 60)
    number = started(shop, control=50)
    groups = roles(shop, number)
    control = [phone for phone, role in groups.items() if role == "control"]
    assert 8 <= len(control) <= 32
    shop.run(120)
    assert sorted(got(shop)) == sorted(set(MANY) - set(control))
    for phone in got(shop)[:10]:
        found = customer_people.by_phone(shop.ctx, phone)
        assert found is not None
        sell(shop, "PQ-R", found.id)
    shop.ask(got(shop)[0], "HARGA PQ-R")
    shop.ask(got(shop)[1], "STOP")
    told = promo_results.of(shop.ctx, number)
    assert (told.sent.buyers, told.control.buyers) == (10, 0)
    assert told.sent.rupiah == 850_000
    # STOP is an SMS, too.
    assert (told.replied, told.stopped, told.over) == (2, 1, False)
    assert told.more_buyers is not None
    assert told.more_buyers.value == pytest.approx(10 / told.sent.people)
    shop.clock.wait(15 * 86400)
    assert promo_results.of(shop.ctx, number).over


def test_the_outlook(shop: Shop, people: list[int]) -> None:
    """Before it starts: how many, why others not, how many SMS, what they cost, how long it takes."""
    customer_people.consent(shop.ctx, people[1], "stopped", "uji")
    draft = Draft("", "text", "Halo {name}, " + "x" * 150, Audience(), control=50)
    found = promo_outlook.outlook(shop.ctx, draft)
    assert (found.people, found.send, found.left_out) == (3, 2, {"said STOP": 1})
    assert (found.parts, found.cost, found.seconds) == (4, 1400, 20)


def test_the_network_refuses_for_long(shop: Shop, people: list[int]) -> None:
    """Promos do not pile up while nothing can go out; then they go on, paced."""
    for at, phone in enumerate(MANY):
        person(shop, phone, f"Orang {at}")
    shop.modem.faults.sms_errors = [331] * 500
    started(shop)
    shop.run(1200)
    assert shop.one("SELECT count(*) FROM messages WHERE kind = 'promo'") <= promo_sending.HELD + 2


def test_a_promo_that_was_refused_and_cancelled_stays_away(shop: Shop, people: list[int]) -> None:
    """What the network refused for now is not sent after its promo was stopped; nor by hand."""
    shop.modem.faults.sms_errors = [331]
    number = started(shop)
    shop.run(2)
    assert "held" in statuses(shop, "out")
    campaigns.cancel(shop.ctx, number)
    shop.run(400)
    assert got(shop) == []
    shop.modem.faults.lost_answers = 1
    shop.modem.faults.no_reports = True
    number = started(shop, "Dua")
    shop.run(3)
    doubtful = shop.one("SELECT max(id) FROM messages WHERE status = 'in_doubt'")
    with pytest.raises(correspondence.PromoOnce):
        correspondence.resend(shop.ctx, doubtful)
    assert promo_results.of(shop.ctx, number).fates["in_doubt"] == 1


def test_small_promos_take_their_turns_beside_large_ones(shop: Shop, people: list[int]) -> None:
    """One that begins later does not wait until a large one is out; the outlook counts both."""
    shop.set(GAP_DAYS, 0)
    for at, phone in enumerate(MANY):
        person(shop, phone, f"Orang {at}")
    started(shop, "Besar")
    small = Draft("Kecil", "text", "Kecil: promo", Audience("hand", customers=(people[2],)))
    assert promo_outlook.outlook(shop.ctx, small).seconds == 20
    number = campaigns.save(shop.ctx, small)
    campaigns.start(shop.ctx, number)
    promo_sending.build(shop.ctx, number)
    shop.run(25)
    assert got(shop, "Kecil") == [CITRA]
    long = Draft("Lama", "text", "Lama", Audience(), days=1)
    shop.set(PACE, 1)
    shop.clock.wait(11 * 3600 + 1800)
    assert promo_outlook.outlook(shop.ctx, long).late > 10


def test_a_merged_customer_has_had_it(shop: Shop, people: list[int]) -> None:
    """A customer merged into another one has had the promo; none of their numbers gets a second."""
    started(shop, audience=Audience("hand", customers=(people[0],)))
    shop.run(5)
    merging.merge(shop.ctx, people[1], people[0])
    assert roles(shop, started(shop, "Dua"))[ANI] == "had a promo lately"


def test_a_stop_on_a_page_of_somebody_who_was_merged(shop: Shop, people: list[int]) -> None:
    """STOP counts for the whole person, though the page on which it is written shows the one who is
    gone: nothing that is queued goes out."""
    started(shop, audience=Audience("hand", customers=(people[0],)))
    merging.merge(shop.ctx, people[1], people[0])
    customer_people.consent(shop.ctx, people[0], "stopped", "formulir")
    shop.run(60)
    assert shop.modem.sent == []
    assert customer_people.by_id(shop.ctx, people[1]).consent == "stopped"


def test_what_a_promo_brought_outlives_a_merge(shop: Shop, people: list[int]) -> None:
    """What a customer bought by a promo is counted for it, also when they are merged afterwards."""
    number = started(shop, audience=Audience("hand", customers=(people[0],)))
    shop.run(60)
    sell(shop, "PQ-R", people[0])
    before = promo_results.of(shop.ctx, number).sent
    assert before.buyers == 1
    merging.merge(shop.ctx, people[1], people[0])
    assert promo_results.of(shop.ctx, number).sent == before


def test_a_promo_that_ended_early_proves_nothing(shop: Shop) -> None:
    """Those who were not reached count with those who were: else the first keys would be chosen."""
    for at, phone in enumerate(MANY):
        person(shop, phone, f"Orang {at}")
    number = started(shop, control=50)
    shop.run(100)
    campaigns.cancel(shop.ctx, number)
    for row in shop.rows("SELECT customer_id FROM promo_people ORDER BY customer_id LIMIT 15"):
        sell(shop, "PQ-R", row["customer_id"])
    told = promo_results.of(shop.ctx, number)
    assert told.sent.people + told.control.people == len(MANY)


# ── consent at any moment ─────────────────────────────────────────────────────────────────────────

STEPS = (
    "run", "run", "run", "stop", "start", "by hand", "promo", "pause", "resume", "cancel", "crash",
    "merge", "move number", "night", "put away",
)  # fmt: skip


class _Day:
    """A shop in which promos run while customers change their minds."""

    def __init__(self, folder: Path) -> None:
        self.shop = Shop(folder)
        self.checked = 0
        self.phones = [ANI, BUDI, CITRA, *MANY[:3]]
        for phone in self.phones:
            person(self.shop, phone)
        self.shop.set(GAP_DAYS, 0)
        self.shop.set(PACE, 60)

    def do(self, name: str, a: int) -> None:
        shop = self.shop
        phone = self.phones[a % len(self.phones)]
        who = customer_people.by_phone(shop.ctx, phone)
        if name == "run":
            shop.run((0.4, 1.5, 4, 30)[a % 4])
        elif name in ("stop", "start"):
            shop.says(phone, name.upper())
        elif name == "by hand" and who is not None:
            customer_people.consent(shop.ctx, who.id, ("stopped", "yes", "unknown")[a % 3], "uji")
        elif name == "promo":
            text = TEXT + (" " + "panjang " * 40 if a % 2 else "")
            number = shop.one("SELECT coalesce(max(id), 0) + 1 FROM promos")
            started(shop, f"Promo{number}", text=f"Promo{number}: {text}")
        elif name in ("pause", "resume", "cancel"):
            number = shop.one("SELECT coalesce(max(id), 0) FROM promos")
            getattr(campaigns, name)(shop.ctx, number)
        elif name == "crash":
            self._crash((0.2, 0.7, 1.3, 2.6)[a % 4])
        elif name == "merge" and who is not None:
            other = customer_people.by_phone(shop.ctx, self.phones[(a + 1) % len(self.phones)])
            if other is not None:
                merging.merge(shop.ctx, who.id, other.id)
        elif name == "move number" and who is not None:
            cards.remove_phone(shop.ctx, who.id, phone)
        elif name == "night":
            shop.clock.wait((12 * 3600, 20 * 3600)[a % 2])
        elif name == "put away" and who is not None:
            cards.remove(shop.ctx, who.id)

    def _crash(self, seconds: float) -> None:
        """The power goes off in the middle of whatever the worker does."""

        class Off(BaseException):
            pass

        def off() -> None:
            raise Off

        self.shop.after(seconds, off)
        with contextlib.suppress(Off):
            self.shop.run(seconds + 2, Store(self.shop.ctx.store.path))

    def check(self) -> None:
        """Whatever went out as a promo went to somebody whose last word then was yes, by day, once."""
        shop = self.shop
        seen: set[tuple[str, str]] = set()
        for row in shop.rows(
            "SELECT segments.phone, messages.text, number, messages.id, messages.customer_id"
            " FROM segments JOIN messages ON messages.id = message_id"
            " WHERE kind = 'promo' AND segments.status NOT IN ('queued')"
        ):
            which = re.match(r"Promo\d+", row["text"])
            assert which is not None
            key = (f"{which[0]} {row['number']}", row["phone"])
            assert key not in seen, key
            seen.add(key)
        since, self.checked = self.checked, len(shop.modem.sent)
        for entry in shop.modem.sent[since:]:
            hour = entry.at.astimezone().hour
            if entry.text.startswith("Promo"):
                assert 8 <= hour < 20
                before = shop.rows(
                    "SELECT answer FROM consents JOIN customers ON customers.id = customer_id"
                    " WHERE consents.at <= ? AND coalesce(merged_into, customers.id) ="
                    "  (SELECT coalesce((SELECT customer_id FROM phones WHERE number = ?), 0))"
                    " ORDER BY consents.id DESC LIMIT 1",
                    stamp(entry.at), entry.to,
                )  # fmt: skip
                assert not before or before[0]["answer"] == "yes", (entry.to, before)


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 23)), min_size=1, max_size=25))
def test_consent_at_any_moment(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """STOP, changes by hand, merges, pauses and crashes at any moment: no promo without a yes, none at
    night, none twice."""
    day = _Day(tmp_path_factory.mktemp("toko"))
    try:
        day.do("promo", 1)
        for name, a in steps:
            try:
                day.do(name, a)
            except RuleBroken:
                continue
            day.check()
        day.shop.run(120)
        day.check()
    finally:
        day.shop.close()


def segments_of(shop: Shop) -> Iterator[str]:
    for row in shop.rows("SELECT segments.status FROM segments"
        " JOIN messages ON messages.id = message_id"
                         " WHERE kind = 'promo' ORDER BY segments.id"):  # fmt: skip
        yield row["status"]


def test_stop_breaks_a_long_promo_off(shop: Shop) -> None:
    """A STOP between two parts of a long promo: the rest does not go out."""
    ani = person(shop, ANI)
    started(shop, text="Promo1 promo: " + "panjang " * 60)
    shop.modem.faults.latency = 0.5

    def stop() -> None:
        if shop.modem.sent:
            customer_people.consent(shop.ctx.acting(GATEWAY), ani, "stopped", "uji")
        else:
            shop.after(0.1, stop)

    shop.after(0.1, stop)
    shop.run(120)
    told = list(segments_of(shop))
    assert len(shop.modem.sent) == 1
    assert told[1:] == ["queued"] * (len(told) - 1)
    assert statuses(shop, "out") == ["cancelled"]
