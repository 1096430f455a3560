"""The second transaction: a message is read, and all that follows from it is written at once."""

import contextlib
import json
from dataclasses import dataclass, replace

from crm_tui.errors import N_, Sentence
from crm_tui.reading.wishes import Kind, Reading
from crm_tui.shop.answers import limits, talk
from crm_tui.shop.answers.outcome import Case, Outcome
from crm_tui.shop.answers.suggesting import SUGGESTED, Evidence, evidence_of, keep
from crm_tui.shop.answers.understanding import Foreseen, understand
from crm_tui.shop.answers.wish_codec import as_json
from crm_tui.shop.answers.wish_handlers import OBEYED_ALWAYS, OBEYED_OUTSIDE, fulfil
from crm_tui.shop.customers import people
from crm_tui.shop.gate.commands import journal, savepoint
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.messages import outbox
from crm_tui.shop.orders import questions


class _Undone(Exception):
    """Ends a rehearsal; what it wrote is rolled back."""


@journal
def handle(
    ctx: Context, message_id: int, catalogue: Catalogue, foreseen: Foreseen | None = None
) -> None:
    """Read a new message and do what it asks for; in doubt it goes to the staff.

    `foreseen`: as it was read before the store was locked. Doing it twice does it once. Raises
    whatever goes wrong; then nothing was done.
    """
    row = ctx.db.execute(
        "SELECT phone, reachable, text, status FROM messages WHERE id = ?", (message_id,)
    ).fetchone()
    if row["status"] != "new":
        return
    if not row["reachable"]:
        finish(
            ctx,
            message_id,
            None,
            Outcome(Kind.HUMAN, staff=_nobody(row["phone"])),
            None,
        )
        return
    phone = row["phone"]
    customer = people.by_phone(ctx, phone) or people.prospect(ctx, phone)
    outside = limits.out_of_range(ctx, phone, customer)
    over = outside or limits.over(ctx, phone, customer)
    question = questions.answered_by(ctx, customer.id, phone, message_id)
    index = catalogue.index(ctx)
    understood = understand(
        ctx, message_id, row["text"], customer.id, phone, question, index, foreseen
    )
    reading = understood.reading
    case = Case(ctx, message_id, phone, customer, question, understood.free, index)
    if over and reading.outcome not in (OBEYED_OUTSIDE if outside else OBEYED_ALWAYS):
        outcome = Outcome(Kind.HUMAN, staff=over)
    elif understood.acts:
        outcome = fulfil(case, reading)
    else:
        suggested = _rehearsed(case, reading)
        outcome = Outcome(Kind.HUMAN, staff=suggested.staff or SUGGESTED)
        keep(
            ctx, message_id, reading, reply=suggested.reply, acted=False,
            alike=_alike(case, reading),
        )  # fmt: skip
    if over:
        outcome = replace(outcome, reply="", staff=over)
    if outcome.reply and limits.said_often(ctx, phone, row["text"], outcome.reply):
        outcome = replace(outcome, reply="", staff=N_("the same answer to the same text too often"))
    if understood.free and understood.acts:
        acted = bool(outcome.reply) or outcome.kind is not Kind.HUMAN
        keep(ctx, message_id, reading, reply=outcome.reply, acted=acted)
    finish(ctx, message_id, customer.id, outcome, reading)
    if outcome.reply:
        answer(case, outcome, reading)
        limits.count(ctx, outcome.reply, customer)
    else:
        questions.asks(ctx, customer.id, None)


def _nobody(sender: str) -> Sentence:
    """Why a sender that cannot be answered is for people."""
    if any(char.isalpha() for char in sender) or sender.startswith("“"):
        return N_("it comes under a name: nobody knows who wrote it, and it cannot be answered")
    return N_("no number that can be answered")


def _alike(case: Case, reading: Reading) -> dict[int, list[int]]:
    """What may stand in for the items of a suggestion, should they be out when it is accepted."""
    lines = [line for wish in reading.wishes for line in wish.lines]
    return {line.entry.id: list(case.substitutes(line.entry.id)) for line in lines}


def answer(case: Case, outcome: Outcome, reading: Reading) -> int:
    """Queue the reply, within a command, and keep what it offers; the key of the SMS."""
    key = outbox.queue(
        case.ctx, case.phone, outcome.reply, "answer", customer_id=case.customer.id,
        reply_to=case.message_id, order_id=outcome.order,
    )  # fmt: skip
    questions.asks(case.ctx, case.customer.id, key)
    named = [line.entry.id for wish in reading.wishes for line in wish.lines]
    talk.remember(case.ctx, case.customer.id, key, outcome.said, named)
    return key


def _rehearsed(case: Case, reading: Reading) -> Outcome:
    """What a reading would do; nothing of it stays."""
    outcomes: list[Outcome] = []
    with contextlib.suppress(_Undone), savepoint(case.ctx):
        outcomes.append(fulfil(case, reading))
        raise _Undone
    return outcomes[0]


@dataclass(frozen=True)
class Rehearsal:
    """What a text would be read as and answered, had it come as an SMS now."""

    read_as: str
    wishes: list[dict[str, object]]
    why: Sentence
    reply: str
    evidence: Evidence | None


def rehearse(ctx: Context, text: str, phone: str, catalogue: Catalogue) -> Rehearsal:
    """Handle `text` as if `phone` (E.164) had just sent it, and leave no trace."""
    worker = ctx.acting(GATEWAY)
    rehearsals: list[Rehearsal] = []

    @journal
    def act(worker: Context) -> None:
        row = worker.db.execute(
            "INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
            " VALUES ('in', 'sms', ?, ?, ?, 'new', ?) RETURNING id",
            (worker.at, phone, text, worker.at),
        ).fetchone()
        handle(worker, row[0], catalogue)
        done = worker.db.execute(
            "SELECT read_as, wishes, reason FROM messages WHERE id = ?", (row[0],)
        ).fetchone()
        reply = worker.db.execute(
            "SELECT text FROM messages WHERE reply_to = ?", (row[0],)
        ).fetchone()
        rehearsals.append(
            Rehearsal(
                done[0], json.loads(done[1]), Sentence(done[2]), reply[0] if reply else "",
                evidence_of(worker, row[0]),
            )
        )  # fmt: skip
        raise _Undone

    with contextlib.suppress(_Undone):
        act(worker)
    return rehearsals[0]


@journal
def leave_to_staff(ctx: Context, message_id: int, reason: Sentence) -> None:
    """A message whose handling failed is kept for people, with the reason."""
    ctx.db.execute(
        "UPDATE messages SET status = 'staff', status_at = ?, read_as = 'human', reason = ?"
        " WHERE id = ? AND status = 'new'",
        (ctx.at, reason, message_id),
    )
    ctx.changed("messages", message_id)


def finish(
    ctx: Context,
    message_id: int,
    customer_id: int | None,
    outcome: Outcome,
    reading: Reading | None,
) -> None:
    """Write what became of a message, within a command."""
    status = "staff" if outcome.staff else "answered" if outcome.reply else "done"
    ctx.db.execute(
        "UPDATE messages SET status = ?, status_at = ?, customer_id = ?, read_as = ?, wishes = ?,"
        " order_id = ?, reason = ? WHERE id = ?",
        (
            status, ctx.at, customer_id, outcome.kind.value,
            json.dumps(as_json(reading), ensure_ascii=False) if reading else "[]",
            outcome.order, outcome.staff or (reading.why if reading else ""), message_id,
        ),
    )  # fmt: skip
    ctx.changed("messages", message_id)
