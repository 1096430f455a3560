"""The staff's decisions: what they change, and that taking one back leaves no trace but the audit."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.messages import correspondence, delivery, outbox
from crm_tui.shop.messages.errors import (
    AnsweredMeanwhile,
    MessageSettled,
    NotAnswerable,
    TellsADecision,
    TextMissing,
)
from crm_tui.shop.orders import deciding
from crm_tui.shop.orders.errors import OrderChanged, OrderNotOpen, TooLateToTakeBack
from crm_tui.shop.orders.settings import PROSPECT_CAP, STRANGERS_SHARE, UNCONFIRMED_SHARE
from crm_tui.shop.sales import collecting
from tests.shop import ANI, BUDI, Shop, ledgers_add_up

Decide = Callable[[Context, int], Any]
PQ_R = 6

DECISIONS: dict[str, Decide] = {
    "confirm": lambda ctx, number: deciding.confirm(ctx, number, hold=5),
    "reject": lambda ctx, number: deciding.reject(ctx, number, "habis", hold=5),
    "less": lambda ctx, number: deciding.change(ctx, number, {PQ_R: 1}, hold=5),
    "more": lambda ctx, number: deciding.change(ctx, number, {PQ_R: 4}, hold=5),
    "call off": lambda ctx, number: deciding.call_off(ctx, number, hold=5),
}


def state_of(shop: Shop) -> list[Any]:
    """All that a decision may touch, as it stands."""
    return [
        shop.rows("SELECT id, status, reserved_until, confirmed_at FROM orders"),
        shop.rows("SELECT * FROM order_lines"),
        shop.rows("SELECT * FROM reservations"),
        shop.rows("SELECT * FROM stock"),
        shop.rows("SELECT * FROM questions WHERE open = 1"),
    ]


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_taken_back_is_undone(shop: Shop, name: str) -> None:
    """A decision that is taken back within its time leaves the order, its goods and its time as they
    were, and nothing goes out."""
    shop.ask(ANI, "PESAN PQ-R 2")
    before = state_of(shop)
    DECISIONS[name](shop.ctx, 1)
    shop.run(2)
    deciding.take_back(shop.ctx, 1)
    assert state_of(shop) == before
    sent = len(shop.modem.sent)
    shop.run(60)
    assert len(shop.modem.sent) == sent
    ledgers_add_up(shop.ctx)
    with pytest.raises(TooLateToTakeBack):
        deciding.take_back(shop.ctx, 1)
    DECISIONS[name](shop.ctx, 1)


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_too_late(shop: Shop, name: str) -> None:
    """Once the SMS has begun to go out, the decision stands."""
    shop.ask(ANI, "PESAN PQ-R 2")
    DECISIONS[name](shop.ctx, 1)
    shop.run(10)
    after = state_of(shop)
    with pytest.raises(TooLateToTakeBack):
        deciding.take_back(shop.ctx, 1)
    assert state_of(shop) == after


def test_goods_that_are_gone(shop: Shop) -> None:
    """What a rejection set free and somebody else took cannot be taken back; the SMS still goes."""
    shop.set(PROSPECT_CAP, 10**9)
    shop.set(UNCONFIRMED_SHARE, 100)
    shop.set(STRANGERS_SHARE, 100)
    shop.ask(ANI, "PESAN PQ-R 2")
    left = shop.one("SELECT on_hand - reserved FROM stock WHERE item_id = ?", PQ_R)
    deciding.reject(shop.ctx, 1, "habis", hold=30)
    shop.ask(BUDI, f"PESAN PQ-R {left + 1}", seconds=3)
    with pytest.raises(NotEnoughStock):
        deciding.take_back(shop.ctx, 1)
    assert shop.one("SELECT status FROM orders WHERE id = 1") == "rejected"
    shop.run(40)
    assert any("tidak dapat" in sent.text for sent in shop.modem.sent if sent.to == ANI)
    ledgers_add_up(shop.ctx)


def test_the_customer_was_quicker(shop: Shop) -> None:
    """An order that went on since the decision is not set back."""
    shop.ask(ANI, "PESAN PQ-R 2")
    deciding.change(shop.ctx, 1, {PQ_R: 1}, hold=30)
    shop.ask(ANI, "BATAL", seconds=2)
    assert shop.one("SELECT status FROM orders WHERE id = 1") == "cancelled"
    with pytest.raises(TooLateToTakeBack):
        deciding.take_back(shop.ctx, 1)
    assert shop.one("SELECT status FROM orders WHERE id = 1") == "cancelled"
    ledgers_add_up(shop.ctx)


def test_collected_is_not_set_back(shop: Shop) -> None:
    """An order that was handed out within the seconds of its confirmation stays a sale."""
    shop.ask(ANI, "PESAN PQ-R 2")
    deciding.confirm(shop.ctx, 1, hold=30)
    collecting.collect(shop.ctx, 1)
    with pytest.raises(TooLateToTakeBack):
        deciding.take_back(shop.ctx, 1)
    ledgers_add_up(shop.ctx)


STEPS = st.lists(
    st.tuples(st.sampled_from([*DECISIONS, "back", "later", "collect", "wait"]), st.integers(1, 3)),
    max_size=14,
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_any_sequence(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """After any decisions and taking back, the ledgers add up, and each order's customer got an SMS
    for just those decisions that stand."""
    shop = Shop(tmp_path_factory.mktemp("toko"))
    try:
        for who in (ANI, BUDI, "+6281100000003"):
            shop.ask(who, "PESAN PQ-R 2")
        for what, number in steps:
            before = state_of(shop)
            try:
                if what == "back":
                    deciding.take_back(shop.ctx, number)
                elif what == "later":
                    deciding.later(shop.ctx, number)
                elif what == "collect":
                    collecting.collect(shop.ctx, number)
                elif what == "wait":
                    shop.run(4)
                else:
                    DECISIONS[what](shop.ctx, number)
            except RuleBroken:
                assert state_of(shop) == before
            ledgers_add_up(shop.ctx)
        shop.run(30)
        told = shop.one(
            "SELECT count(*) FROM messages WHERE kind IN ('confirmation', 'rejection', 'change')"
            " AND status = 'delivered'"
        )
        kept = shop.one(
            "SELECT (SELECT count(*) FROM audit WHERE command IN ('orders.confirm', 'orders.reject',"
            " 'orders.change', 'orders.call_off'))"
            " - (SELECT count(*) FROM audit WHERE command = 'orders.take_back')"
        )
        assert told == kept
    finally:
        shop.close()


def test_later_goes_behind(shop: Shop) -> None:
    """An order left for later stands behind the others, and is confirmed like them."""
    from crm_tui.shop.gate import listing
    from crm_tui.shop.orders import lists

    shop.ask(ANI, "PESAN PQ-R 1")
    shop.ask(BUDI, "PESAN PQ-R 1")
    deciding.later(shop.ctx, 1)
    rows = listing.page(shop.ctx, lists.ORDERS, listing.View("oldest", "waiting"))
    assert [row.id for row in rows] == [2, 1]
    deciding.confirm(shop.ctx, 1)
    with pytest.raises(OrderNotOpen):
        deciding.later(shop.ctx, 1)


# ── the staff's SMS ───────────────────────────────────────────────────────────────────────────────


def letter(shop: Shop) -> int:
    """A message that only people understand."""
    shop.ask(ANI, "Pak, ada yang murah?")
    return int(shop.one("SELECT max(id) FROM messages WHERE status = 'staff'"))


def test_an_order_made_of_words(shop: Shop) -> None:
    """The staff make an order of free words: once; the customer is told what it holds."""
    message = letter(shop)
    order = deciding.place_for(shop.ctx, message, {PQ_R: 2})
    shop.run(5)
    assert f"Pesanan {order.number} kami terima" in shop.modem.sent[-1].text
    assert "2 PQ-R" in shop.modem.sent[-1].text
    assert shop.one("SELECT status FROM messages WHERE id = ?", message) == "answered"
    with pytest.raises(MessageSettled):
        deciding.place_for(shop.ctx, message, {PQ_R: 2})
    ledgers_add_up(shop.ctx)


def test_no_order_for_a_name(shop: Shop) -> None:
    """A sender who cannot be answered gets no order."""
    shop.ask("TELKOMSEL", "Paket murah!")
    message = int(shop.one("SELECT max(id) FROM messages WHERE status = 'staff'"))
    for act in (
        lambda: deciding.place_for(shop.ctx, message, {PQ_R: 1}),
        lambda: correspondence.reply(shop.ctx, message, "Halo"),
    ):
        with pytest.raises(NotAnswerable):
            act()


def test_reply_and_settle(shop: Shop) -> None:
    """A reply by hand settles the message; one that is settled waits for nobody."""
    message = letter(shop)
    with pytest.raises(TextMissing):
        correspondence.reply(shop.ctx, message, " \n")
    correspondence.reply(shop.ctx, message, "Ada Pak, PQ-R.")
    shop.run(5)
    assert shop.modem.sent[-1].text == "Ada Pak, PQ-R."
    assert shop.one("SELECT status FROM messages WHERE id = ?", message) == "answered"
    with pytest.raises(MessageSettled):
        correspondence.settle(shop.ctx, message)
    other = letter(shop)
    correspondence.settle(shop.ctx, other)
    assert shop.one("SELECT status FROM messages WHERE id = ?", other) == "done"


def test_send_again_once(shop: Shop) -> None:
    """What is in doubt is sent once more, marked; pressing the key twice sends it once."""
    shop.modem.faults.no_reports = True
    shop.modem.faults.lost_answers = 1
    outbox.send(shop.ctx, ANI, "Silakan mampir")
    shop.run(200)
    message = int(shop.one("SELECT id FROM messages WHERE status = 'in_doubt'"))
    correspondence.resend(shop.ctx, message)
    with pytest.raises(MessageSettled):
        correspondence.resend(shop.ctx, message)
    shop.run(5)
    texts = [sent.text for sent in shop.modem.sent if sent.to == ANI]
    assert texts == ["Silakan mampir", "Silakan mampir (ulang)"]


@pytest.mark.parametrize("gone", [False, True])
def test_give_up(shop: Shop, gone: bool) -> None:
    """A message that waits is taken back; one that has gone out is not."""
    message = outbox.send(shop.ctx, ANI, "Silakan mampir")
    if gone:
        shop.run(5)
        with pytest.raises(MessageSettled):
            correspondence.give_up(shop.ctx, message)
    else:
        correspondence.give_up(shop.ctx, message)
        shop.run(5)
        assert not shop.modem.sent


def test_decided_is_not_repeated(shop: Shop) -> None:
    """A confirmation in doubt that the staff gave up is not repeated by itself."""
    shop.ask(ANI, "PESAN PQ-R 2")
    shop.modem.faults.no_reports = True
    shop.modem.faults.lost_answers = 1
    deciding.confirm(shop.ctx, 1)
    shop.run(100)
    message = int(shop.one("SELECT id FROM messages WHERE status = 'in_doubt'"))
    correspondence.give_up(shop.ctx, message)
    before = len(shop.modem.sent)
    shop.run(3600)
    assert len(shop.modem.sent) == before
    assert delivery.due_at(shop.ctx) is None


# ── what was seen is what is done ─────────────────────────────────────────────────────────────────


def test_an_order_that_changed_is_not_decided_unseen(shop: Shop) -> None:
    """A decision about lines that the customer has changed meanwhile is refused, and does nothing."""
    shop.ask(ANI, "PESAN PQ-R 3")
    seen = {PQ_R: 3}
    shop.ask(ANI, "UBAH PQ-R 1")
    before = state_of(shop)
    for act in (
        lambda: deciding.confirm(shop.ctx, 1, expected=seen),
        lambda: deciding.change(shop.ctx, 1, {PQ_R: 2}, expected=seen),
        lambda: collecting.collect(shop.ctx, 1, expected=seen),
    ):
        with pytest.raises(OrderChanged):
            act()
    assert state_of(shop) == before
    deciding.confirm(shop.ctx, 1, expected={PQ_R: 1})


def test_one_takes_back_ones_own(shop: Shop) -> None:
    """What is offered to be taken back is the user's own last decision, not a colleague's."""
    from tests.counter import acting, staff

    sari, tono = acting(shop, staff(shop)), acting(shop, staff(shop, name="tono"))
    for phone in (ANI, BUDI):
        shop.ask(phone, "PESAN PQ-R 1")
    deciding.confirm(sari, 1, hold=30)
    deciding.confirm(tono, 2, hold=30)
    assert deciding.can_take_back(sari) == 1
    assert deciding.can_take_back(tono) == 2
    assert deciding.can_take_back(shop.ctx) is None
    # A colleague may have done something with it between the question and the key.
    deciding.call_off(tono, 1, hold=30)
    with pytest.raises(TooLateToTakeBack):
        deciding.take_back(sari, 1)
    assert shop.one("SELECT status FROM orders WHERE id = 1") == "cancelled"


def test_the_question_is_open_again(shop: Shop) -> None:
    """A decision closes what the customer was asked; taken back, the customer's YA counts again."""
    shop.ask(ANI, "PESAN PQ-R 2")
    deciding.change(shop.ctx, 1, {PQ_R: 4})
    shop.run(5)
    deciding.confirm(shop.ctx, 1, hold=30)
    deciding.take_back(shop.ctx, 1)
    shop.ask(ANI, "YA")
    assert shop.one("SELECT quantity FROM order_lines") == 4


def test_no_proposal_beyond_the_stock(shop: Shop) -> None:
    """No customer is asked whether they want what is not there."""
    shop.ask(ANI, "PESAN PQ-R 2")
    with pytest.raises(NotEnoughStock):
        deciding.change(shop.ctx, 1, {PQ_R: 101})
    assert deciding.change(shop.ctx, 1, {PQ_R: 100}) is False


def test_a_decision_is_not_silenced(shop: Shop) -> None:
    """The SMS of a decision cannot be given up while the decision stands."""
    shop.ask(ANI, "PESAN PQ-R 2")
    deciding.confirm(shop.ctx, 1, hold=30)
    message = int(shop.one("SELECT id FROM messages WHERE kind = 'confirmation'"))
    with pytest.raises(TellsADecision):
        correspondence.give_up(shop.ctx, message)


def test_two_counters_answer_once(shop: Shop) -> None:
    """A user whose colleague answers first is told, and nothing goes out twice."""
    message = letter(shop)
    seen = correspondence.count_answers(shop.ctx, message)
    correspondence.reply(shop.ctx, message, "Ada Pak", answers=seen)
    with pytest.raises(AnsweredMeanwhile):
        correspondence.reply(shop.ctx, message, "Ada Bu", answers=seen)
