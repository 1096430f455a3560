"""An SMS by hand: what it answers stands above it, how long it gets beside it, and it can be undone."""

from collections.abc import Awaitable, Callable

from textual.content import Content

from crm_tui.errors import N_, Problem
from crm_tui.gsm.errors import TextTooLong
from crm_tui.gsm.text import plain, segments
from crm_tui.screens.shell.bubbles import sms_count
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.program import Program
from crm_tui.screens.widgets.dialog import Decide
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import content
from crm_tui.shop.gate.errors import BadPhone
from crm_tui.shop.messages import correspondence, outbox
from crm_tui.shop.messages import view as message_view
from crm_tui.shop.messages.errors import NotAnswerable, TextMissing, TooManySms
from crm_tui.shop.orders.settings import HOLD_SECONDS
from crm_tui.text import one_line

USUAL = 3
"""So many SMS may a text be without a question."""
_QUOTED = 400
"""Characters of the customer's SMS above the answer to it, at most."""


class TooLong(Problem):
    text = N_("Not sent yet: it would be {parts} SMS. Shorten it, or send it all the same.")


def draft_name(asked: int | None, phone: str) -> str:
    """The form in which an SMS is written: an answer to another one, or one to a number."""
    return f"write {phone}" if asked is None else f"reply {asked}"


def basket_name(asked: int) -> str:
    """The box in which an order is made of this SMS."""
    return f"basket {asked}"


def parts_of(text: str) -> int:
    """How many SMS a text is; more than any may be if it is longer than SMS can be joined."""
    try:
        return len(segments(plain(text))) if text.strip() else 0
    except TextTooLong:
        return outbox.MOST_BY_HAND + 1


def length(crm: Program, text: str) -> Content:
    """Characters and SMS, in the colour of what is to be noticed: from two on it costs more, what is
    too long does not go out."""
    parts = parts_of(text)
    told = sms_count(crm, text)
    if parts > outbox.MOST_BY_HAND:
        return content(
            (f"✗ {crm.say(TooManySms(parts=parts, most=outbox.MOST_BY_HAND))}", "$error bold")
        )
    return content((told, "$accent bold" if parts > 1 else ""))


async def write_reply(page: Page, message_id: int, name: str) -> bool:
    """Ask for an answer to an SMS and queue it; whether that was done."""
    crm = page.crm
    answers = await crm.desk.ask(correspondence.count_answers, message_id)
    letter = (await crm.desk.ask(message_view.look, message_id)).letter

    async def send(text: str, hold: float) -> object:
        return await crm.desk.act(
            correspondence.reply, message_id, text, answers=answers, hold=hold
        )

    title = crm.tr(N_("Reply to {name}"), name=name)
    quote = _quoted(letter.text)
    return await _write(page, draft_name(message_id, ""), title, N_("Answer"), send, quote)


async def write_to(page: Page, phone: str, name: str, last: str = "") -> bool:
    """Ask for an SMS to a number and queue it; whether that was done. `last`: what the customer wrote
    last, which the box would hide."""

    async def send(text: str, hold: float) -> object:
        return await page.desk.act(outbox.send, phone, text, hold=hold)

    title = page.tr(N_("Write to {name}"), name=name)
    return await _write(page, draft_name(None, phone), title, N_("SMS"), send, _quoted(last))


def _quoted(text: str) -> str:
    return f"“{one_line(text.strip(), _QUOTED)}”" if text.strip() else ""


async def _write(
    page: Page,
    key: str,
    title: str,
    label: str,
    send: Callable[[str, float], Awaitable[object]],
    quote: str = "",
) -> bool:
    crm = page.crm
    hold = float(await page.desk.ask(HOLD_SECONDS))

    async def submit(values: Values) -> object:
        text, parts = values["text"], parts_of(values["text"])
        if USUAL < parts <= outbox.MOST_BY_HAND and not await _sure(page, parts):
            raise TooLong(parts=parts)
        return await send(text, hold)

    errors = (TextMissing, TextTooLong, TooManySms, TooLong, NotAnswerable, BadPhone)
    form = Form(
        key, title, [Field("text", crm.tr(label), long=True, errors=errors)], submit, done=N_("Send"),
        intro=quote, remark=lambda values: length(crm, values["text"]),
    )  # fmt: skip
    if not await page.ask_for(form):
        return False
    page.notice_undoable(page.tr(N_("The SMS is on its way.")), hold)
    return True


async def _sure(page: Page, parts: int) -> bool:
    question = page.tr(N_("Send {parts} SMS?"), parts=parts)
    detail = page.tr(N_("The text is long: each SMS costs, and the customer gets all of them."))
    answers = [("y", "y", page.tr(N_("Send {parts} SMS"), parts=parts))]
    return bool(await page.ask_for(Decide(question, detail, answers)))
