"""Messages out: the order in which they go, refusals, expiry, doubt, and what reports settle."""

from datetime import timedelta

import pytest

from crm_tui.gsm import pdu
from crm_tui.shop.answers import agenda, handling
from crm_tui.shop.customers import people
from crm_tui.shop.gate.commands import _transaction
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.errors import BadPhone
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.messages import delivery, outbox
from crm_tui.shop.messages.errors import TextMissing
from crm_tui.shop.messages.settings import ANSWER_AGE, DOUBT_ANSWER
from crm_tui.shop.orders import deciding
from crm_tui.shop.promos import due as promos_due
from crm_tui.simulator.wire import SERVICE_CENTRE
from tests.shop import ANI, BUDI, CITRA, Shop, statuses


def test_priorities(shop: Shop) -> None:
    """Confirmations and what is written by hand go before answers."""
    shop.ask(BUDI, "PESAN PQ-R 1")
    shop.modem.faults.registered = False
    shop.run(3)
    before = len(shop.modem.sent)
    catalogue = Catalogue()
    worker = shop.ctx.acting(GATEWAY)
    with shop.ctx.store.transaction() as db:
        db.execute(
            "INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
            " VALUES ('in', 'sms', ?, ?, 'INFO', 'new', ?)", (worker.at, ANI, worker.at),
        )  # fmt: skip
    handling.handle(worker, shop.one("SELECT max(id) FROM messages"), catalogue)
    outbox.send(shop.ctx, "0811-000-0009", "Halo")
    deciding.confirm(shop.ctx, 1)
    shop.modem.faults.registered = True
    shop.run(30)
    assert [sent.to for sent in shop.modem.sent[before:]] == ["+628110000009", BUDI, ANI]


def test_send_checks(shop: Shop) -> None:
    """What is written by hand needs a number and words."""
    with pytest.raises(BadPhone):
        outbox.send(shop.ctx, "bukan nomor", "Halo")
    with pytest.raises(TextMissing):
        outbox.send(shop.ctx, ANI, " ")


def test_one_that_cannot_be_decided_keeps_no_other(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An SMS of which the program cannot find out whether it may go is left to the staff with the
    reason; what was sent before it is known as that, and those behind it go out."""
    with _transaction(shop.ctx):
        broken, good = [
            outbox.queue(shop.ctx, phone, "Ada lagi", "waiting_list") for phone in (BUDI, ANI)
        ]

    def cannot(ctx: Context, message_id: int) -> str:
        assert message_id != broken
        return ""

    monkeypatch.setattr(agenda, "unwanted", cannot)
    outbox.send(shop.ctx, CITRA, "Halo")
    shop.run(20)
    assert [sent.to for sent in shop.modem.sent] == [CITRA, ANI]
    sent = {row["id"]: row for row in shop.rows("SELECT * FROM messages")}
    assert [sent[each]["status"] for each in (broken, good, good + 1)] == [
        "failed",
        *["delivered"] * 2,
    ]
    assert "crm.log" in sent[broken]["reason"]


def test_long_answer(shop: Shop) -> None:
    """A long text goes out in parts that the telephone joins, each with its report."""
    outbox.send(shop.ctx, ANI, "Satu {dua} € " * 60)
    shop.run(20)
    assert [entry["text"] for entry in shop.modem.messages_sent()] == ["Satu {dua} € " * 60]
    assert statuses(shop, "out") == ["delivered"]


def doubtful(shop: Shop, kind: str, lost: int = 1) -> list[str]:
    """Send one message of a kind whose answer is lost and which is never reported; all its texts."""
    shop.modem.faults.no_reports = True
    shop.modem.faults.lost_answers = lost
    if kind == "answer":
        shop.says(ANI, "INFO")
    elif kind == "hand":
        outbox.send(shop.ctx, ANI, "Halo")
    elif kind == "confirmation":
        shop.modem.faults.lost_answers = 0
        shop.ask(ANI, "PESAN PQ-R 1")
        shop.modem.sent.clear()
        shop.modem.faults.lost_answers = lost
        deciding.confirm(shop.ctx, 1)
    else:
        ani = people.prospect(shop.ctx, ANI)
        people.consent(shop.ctx.acting(GATEWAY), ani.id, "yes", "uji")
        with _transaction(shop.ctx):
            outbox.queue(shop.ctx, ANI, "Promo", kind)
    shop.run(3600)
    return [sent.text for sent in shop.modem.sent]


@pytest.mark.parametrize(
    ("kind", "times"),
    [("answer", 2), ("confirmation", 2), ("hand", 1), ("promo", 1), ("howto", 1)],
)
def test_doubt_by_kind(shop: Shop, kind: str, times: int) -> None:
    """What may be lost is sent once more, marked, or never again: by its kind."""
    texts = doubtful(shop, kind)
    assert len(texts) == times
    if times == 2:
        assert texts[1] == texts[0] + outbox.AGAIN
    assert "in_doubt" in statuses(shop, "out")


@pytest.mark.parametrize("kind", ["answer", "confirmation"])
def test_never_a_third_time(shop: Shop, kind: str) -> None:
    """A repetition that is in doubt itself is not repeated, and lives no longer than the first."""
    assert len(doubtful(shop, kind, lost=10)) == 2
    rows = shop.rows("SELECT expires_at FROM messages WHERE kind = ? ORDER BY id", kind)
    assert len(rows[-2:]) == 2
    assert rows[-1] == rows[-2]


def test_report_settles_doubt(shop: Shop) -> None:
    """A report that comes settles the doubt: nothing goes out again."""
    shop.modem.faults.lost_answers = 1
    shop.says(ANI, "INFO")
    shop.run(3600)
    assert len(shop.modem.sent) == 1
    assert statuses(shop, "out") == ["delivered"]


def test_late_report_takes_the_repetition_back(shop: Shop) -> None:
    """A report that comes before the repetition has gone out takes it back."""
    shop.modem.faults.lost_answers = 1
    shop.modem.faults.report_delay = 400
    shop.says(ANI, "INFO")
    shop.after(180, lambda: setattr(shop.modem.faults, "sms_errors", [38] * 8))
    shop.run(1800)
    assert len(shop.modem.sent) == 1
    assert statuses(shop, "out") == ["delivered", "cancelled"]


def test_old_question_is_not_repeated(shop: Shop) -> None:
    """An answer in doubt is not repeated once its question is old."""
    shop.set(DOUBT_ANSWER, 700)
    assert len(doubtful(shop, "answer")) == 1


@pytest.mark.parametrize(("status", "shown"), [(0, "delivered"), (0x46, "failed")])
def test_reports_are_followed(shop: Shop, status: int, shown: str) -> None:
    """What the network reports is what is shown."""
    shop.modem.faults.report_status = status
    shop.ask(ANI, "INFO")
    assert statuses(shop, "out") == [shown]


@pytest.mark.parametrize(
    ("codes", "sent", "shown"),
    [([38, 500, 42], 1, "delivered"), ([1], 0, "failed"), ([21] * 4, 0, "failed")],
)
def test_refusals_by_code(shop: Shop, codes: list[int], sent: int, shown: str) -> None:
    """What passes with time is tried again; what does not is given up with its reason."""
    shop.modem.faults.sms_errors = list(codes)
    shop.says(ANI, "INFO")
    shop.run(200)
    assert len(shop.modem.sent) == sent
    assert statuses(shop, "out") == [shown]


def test_expires_in_the_outbox(shop: Shop) -> None:
    """An answer that could not go out for two hours is not sent any more."""
    shop.modem.faults.sms_errors = [38] * 500
    shop.says(ANI, "INFO")
    shop.run(2.5 * 3600)
    assert not shop.modem.sent
    assert statuses(shop, "out") == ["failed"]


def test_second_report_settles_nobody_else(shop: Shop) -> None:
    """A report that comes twice settles its own SMS only."""
    shop.ask(ANI, "INFO")
    report = shop.one("SELECT pdu FROM pdus WHERE kind = 'report'")
    shop.modem.faults.no_reports = True
    shop.modem.faults.lost_answers = 1
    shop.set(DOUBT_ANSWER, 3000)
    shop.set(ANSWER_AGE, 6000)
    shop.says(ANI, "HARGA AB-1")
    shop.run(100)
    assert statuses(shop, "out") == ["delivered", "in_doubt"]
    shop.modem.inject_pdu(report[:-4] + "21" + report[-2:])
    shop.run(10)
    assert statuses(shop, "out") == ["delivered", "in_doubt"]


def test_report_of_two_with_the_same_reference(shop: Shop) -> None:
    """Where references began anew a report settles the SMS that the network took when it says so, and
    one that comes again settles none."""
    shop.modem.faults.no_reports = True
    for text in ("pertama", "kedua"):
        outbox.send(shop.ctx, ANI, text)
        shop.run(5)
        shop.modem._reference -= 1
        shop.clock.wait(4000)
    told = []
    # Failed, delivered, and the first one's once more behind a third with the same reference.
    for which, status in ((0, 0x46), (1, 0), (0, 0x46)):
        at = shop.modem.sent[which].at
        there = at + timedelta(seconds=9)
        shop.modem.inject_pdu(
            pdu.report(ANI, 1, at, there, status=status, service_centre=SERVICE_CENTRE)
        )
        shop.run(5)
        told.append(statuses(shop, "out"))
        if which == 1:
            outbox.send(shop.ctx, ANI, "ketiga")
            shop.run(5)
    assert told == [["failed", "sent"], ["failed", "delivered"], ["failed", "delivered", "sent"]]


def test_expired_is_not_sent_after_a_lost_prompt(shop: Shop) -> None:
    """A message that was claimed and surely not sent expires like any other."""
    shop.modem.faults.lost_prompts = 10_000
    shop.says(ANI, "INFO")
    shop.run(60)
    shop.modem.unplug()
    shop.clock.wait(3 * 3600)
    shop.modem.faults.lost_prompts = 0
    shop.modem.replug()
    shop.run(60)
    assert not shop.modem.sent
    assert statuses(shop, "out") == ["expired"]


def test_doubt_after_days_off(shop: Shop) -> None:
    """A confirmation in doubt is not repeated after its time, however late the worker starts."""
    shop.ask(ANI, "PESAN PQ-R 1")
    shop.modem.faults.no_reports = True
    shop.modem.faults.lost_answers = 1
    deciding.confirm(shop.ctx, 1)
    shop.run(100)
    before = len(shop.modem.sent)
    shop.clock.wait(2 * 24 * 3600)
    shop.run(1200)
    assert [sent.text for sent in shop.modem.sent[before:] if "siap" in sent.text] == []


def test_sim_out_for_a_while(shop: Shop) -> None:
    """A SIM that is out for half a minute costs no message."""
    for number in range(5):
        outbox.send(shop.ctx, f"+62811000{number:05d}", "Halo")
    shop.modem.faults.sms_errors = [310, 310]
    shop.run(60)
    assert len(shop.modem.sent) == 5
    assert set(statuses(shop, "out")) == {"delivered"}


def test_claim_looks_again(shop: Shop) -> None:
    """What was taken back between the choice and the prompt is not sent."""
    worker = shop.ctx.acting(GATEWAY)
    outbox.send(shop.ctx, ANI, "Halo")
    segment = delivery.upcoming(worker)
    assert segment is not None
    with _transaction(worker):
        assert outbox.cancel(worker, [segment.message_id])
    assert not delivery.claim(worker, segment, promos_due.unwanted)


def test_held_until_its_time(shop: Shop) -> None:
    """A held message goes out at its time, not before."""
    with _transaction(shop.ctx):
        outbox.queue(shop.ctx, ANI, "Satu", "hand", hold=2)
        outbox.queue(shop.ctx, BUDI, "Dua", "hand", hold=600)
    shop.run(10)
    assert [sent.text for sent in shop.modem.sent] == ["Satu"]


def test_long_texts_have_references_of_their_own(shop: Shop) -> None:
    """The customer's telephone does not mix two long texts to one number."""
    for word in ("Satu ", "Dua "):
        outbox.send(shop.ctx, ANI, word * 60)
    shop.run(20)
    joined = [sent.data.header.concatenation for sent in shop.modem.sent]
    assert len({each.reference for each in joined if each}) == 2


def test_oldest_doubt_is_settled_first(shop: Shop) -> None:
    """A report that no heard reference explains settles the oldest SMS in doubt to its number."""
    shop.modem.faults.lost_answers = 2
    shop.modem.faults.no_reports = True
    for word in ("Satu", "Dua"):
        outbox.send(shop.ctx, ANI, word)
    shop.run(200)
    assert statuses(shop, "out") == ["in_doubt", "in_doubt"]
    now = shop.clock.now()
    shop.modem.inject_pdu(pdu.report(ANI, 200, now, now))
    shop.run(10)
    assert statuses(shop, "out") == ["delivered", "in_doubt"]


def test_a_bad_cable_does_not_put_off_a_repetition(shop: Shop) -> None:
    """However often the line drops, a confirmation in doubt is repeated at its time."""
    shop.ask(ANI, "PESAN PQ-R 1")
    shop.modem.faults.no_reports = True
    shop.modem.faults.lost_answers = 1
    worker = shop.worker()
    shop.after(5, lambda: deciding.confirm(shop.console(), 1))
    for turn in range(2, 30):
        shop.after(turn * 50, shop.modem.unplug)
        shop.after(turn * 50 + 1, shop.modem.replug)
    shop.after(1500, worker.stop.set)
    worker.run()
    assert any(outbox.AGAIN in sent.text for sent in shop.modem.sent)


def test_a_report_that_waited_settles_the_doubt(shop: Shop) -> None:
    """After a start, doubts give the reports that waited a moment to come."""
    shop.modem.faults.lost_answers = 1
    shop.modem.faults.report_delay = 320
    shop.says(ANI, "INFO")
    shop.run(80)
    assert statuses(shop, "out") == ["in_doubt"]
    shop.clock.wait(230)
    shop.run(400)
    assert len(shop.modem.sent) == 1
    assert statuses(shop, "out") == ["delivered"]
