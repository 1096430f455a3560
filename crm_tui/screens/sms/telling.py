"""Orders and messages in words, as the panes beside the lists show them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.program import Program
from crm_tui.screens.widgets.plain import Piece, content, fit
from crm_tui.text import marked

if TYPE_CHECKING:
    from crm_tui.shop.answers.explaining import Why
    from crm_tui.shop.messages.view import MessageView, Words
    from crm_tui.shop.orders.view import LineView, OrderView


_ORDER_HEAD = 2
"""Lines above those of an order."""
ROOMY = 60
"""Cells from which on a line of an order is one line of the screen; in fewer it takes two."""


def _height(width: int) -> int:
    """Lines of the screen that each line of an order takes."""
    return 1 if width >= ROOMY else 2


def unseen_lines(count: int, hidden: int, width: int) -> int:
    """How many of the `count` lines of an order are not seen whose details are seen up to `hidden`."""
    return max(0, count - max(0, hidden - _ORDER_HEAD) // _height(width))


def order_details(crm: Program, view: "OrderView", width: int, why: "Why | None" = None) -> Content:
    """What is decided about first: the total, the customer, all lines with their stock; then the SMS,
    what it was read as and why, and what else is to be known. Lines are at most `width` cells."""
    tr, order = crm.tr, view.order
    total = f"{display.rupiah(view.total)} · " + tr(N_("{count} items"), count=len(view.lines))
    named = tr(N_("Order {number}"), number=order.number)
    head = f"{named}  {tr(order.status)}  "
    head = fit(head, max(0, width - cell_len(total)))
    pieces: list[Piece] = [head, (fit(total, min(width, cell_len(total))), "bold"), "\n"]
    known = tr(N_("orders collected before: {count}"), count=view.orders_before)
    if not view.orders_before:
        known = tr(N_("has bought before")) if view.bought else tr(N_("has never bought"))
    name = display.who(view.customer.name, order.phone)
    shown = f"  {display.phone(order.phone)}  " if view.customer.name else "  "
    name = fit(name, min(cell_len(name), max(12, width - cell_len(shown + known))))
    rest = max(0, width - cell_len(name + shown))
    pieces += [(name, "bold"), shown, (fit(known, rest), "$muted"), "\n"]
    units = max((cell_len(each.line.unit) for each in view.lines), default=0)
    codes = max((cell_len(each.line.code) for each in view.lines), default=0)
    for line in view.lines:
        pieces += _line(crm, line, width, units, codes)
    for line in view.lines:
        pieces += _remarks(crm, line)
    if view.words:
        pieces += ["\n", *_said(crm, view.words, why)]
    pieces += _state(crm, view)
    return content(*pieces)


def _said(crm: Program, said: "Words", why: "Why | None") -> list[Piece]:
    at = display.clock_time(said.at, crm.desk.clock.now())
    pieces: list[Piece] = [(f"{at}  ", "$muted"), *quoted(said.text, why), "\n"]
    pieces += _read_as(crm, said, why)
    if said.why:
        pieces += ["\n", (crm.tr(N_("because: ")), "$muted"), crm.retell(said.why)]
    return [*pieces, "\n"]


MARK = "bold underline $accent"


def quoted(text: str, why: "Why | None") -> list[Piece]:
    """A customer's words, those marked on which the reading rests."""
    if why is None:
        return [(f"“{text.strip()}”", "$primary")]
    pieces: list[Piece] = [
        (piece, MARK if within else "$primary")
        for piece, within in marked(text, why.evidence.spans)
    ]
    return [("“", "$primary"), *pieces, ("”", "$primary")]


def _read_as(crm: Program, said: "Words", why: "Why | None") -> list[Piece]:
    pieces: list[Piece] = [(crm.tr(N_("read as: ")), "$muted")]
    pieces += wishes(crm, said.understood, said.wishes)
    if why is not None and why.evidence.how_sure:
        sure = why.evidence.how_sure
        pieces += [" · ", (crm.tr(sure), _SURENESS.get(sure, ""))]
    return pieces


_SURENESS = {"sure": "$success", "a guess": "$accent"}


def wishes(crm: Program, read_as: str, understood: Sequence[dict[str, object]]) -> list[Piece]:
    """What an SMS was read as, with codes and quantities."""
    pieces: list[Piece] = [crm.tr(read_as) if read_as else "–"]
    for wish in understood:
        lines = wish.get("lines")
        if isinstance(lines, list) and lines:
            named = ", ".join(
                f"{line['quantity']} {line['code']}" if line["quantity"] else line["code"]
                for line in lines
            )
            pieces.append(f" · {named}")
        options = wish.get("options")
        if isinstance(options, list) and options:
            asked = crm.tr(N_("which one: {codes}"), codes=", ".join(map(str, options)))
            pieces += [" · ", asked]
        unknown = wish.get("unknown")
        if isinstance(unknown, list) and unknown:
            rest = crm.tr(N_("unknown: {words}"), words=", ".join(map(str, unknown)))
            pieces += [" · ", (rest, "$accent")]
    return pieces


def _priced(name: str, each: str, width: int) -> str:
    """A name with what a piece costs; where not both have room, the name is cut."""
    if not each:
        return fit(name, width)
    short = min(cell_len(name), max(0, width - cell_len(each) - 1))
    return fit(f"{fit(name, short)} {each}", width)


def _line(crm: Program, view: "LineView", width: int, units: int, codes: int) -> list[Piece]:
    """A line of an order: how many, what, for how much, and whether it is there. Its columns begin
    where those of the other lines do: `units` and `codes` are so wide."""
    line = view.line
    stock = crm.tr(N_("stock {count}"), count=view.stock)
    what = f"{line.quantity:>4} {line.unit:<{units}} "
    money = f"  {display.rupiah(line.amount):>11}  "
    state = (f"{stock:<9}", "$error bold" if view.short else "$success")
    room = width - cell_len(what) - cell_len(money) - cell_len(state[0])
    each = f"@{_bare(line.price)}" if line.quantity != 1 else ""
    if _height(width) == 1:
        code = fit(line.code, min(codes, room // 2))
        named = _priced(line.name, each, max(0, room - cell_len(code) - 2))
        return [(what, "bold"), (f"{code}  ", "bold"), (named, "$muted"), money, state, "\n"]
    # The code has to be whole: it is what is fetched from the shelf.
    named = fit(line.name, max(0, width - cell_len(what + line.code) - 2))
    return [
        (what, "bold"), (fit(line.code, min(cell_len(line.code), width - cell_len(what))), "bold"),
        (f"  {named}", "$muted"), "\n",
        (fit(each, max(0, width - cell_len(money + state[0])), "right"), "$muted"), money, state, "\n",
    ]  # fmt: skip


def _bare(amount: int) -> str:
    return display.rupiah(amount).removeprefix("Rp")


def _remarks(crm: Program, view: "LineView") -> list[Piece]:
    """What is unusual about the price of a line."""
    line, remarks = view.line, []
    if view.last_price is not None and view.last_price != line.price:
        remarks.append(crm.tr(N_("last paid {price}"), price=display.rupiah(view.last_price)))
    if line.discount:
        remarks.append(crm.tr(N_("{amount} off each"), amount=display.rupiah(line.discount)))
    # What an offer or a tier took off is no other price.
    if view.list_price != line.price + line.discount:
        remarks.append(crm.tr(N_("costs {price} now"), price=display.rupiah(view.list_price)))
    if not remarks:
        return []
    told = f"{line.code}: {display.rupiah(line.price)} · {' · '.join(remarks)}"
    return [(told, "$accent"), "\n"]


def _state(crm: Program, view: "OrderView") -> list[Piece]:
    tr, order, now = crm.tr, view.order, crm.desk.clock.now()
    pieces: list[Piece] = []
    if order.reserved_until:
        until = display.clock_time(order.reserved_until, now)
        sentence = tr(N_("The goods are reserved for the customer until {until}."), until=until)
        pieces += [(sentence, "$muted"), "\n"]
    elif order.status == "waiting":
        sentence = tr(
            N_("Nothing is reserved for it: it is too much for a customer who has never bought.")
        )
        pieces += [(sentence, "$accent"), "\n"]
    if view.proposed is not None:
        asked = ", ".join(f"{count} {code}" for count, code in view.proposed if count)
        told = N_("The customer was asked for a YA and has not answered yet: {lines}")
        pieces += [(tr(told, lines=asked or tr(N_("cancel the order"))), "$accent"), "\n"]
    if view.reason and order.status == "rejected":
        pieces += [(tr(N_("Reason: ")), "$muted"), view.reason, "\n"]
    if view.sale_id:
        pieces += [(tr(N_("Sale {number}"), number=view.sale_id), "$muted"), "\n"]
    return pieces


def message_details(crm: Program, view: "MessageView", why: "Why | None" = None) -> Content:
    """An SMS whole, what became of it and why, and what belongs to it."""
    tr, letter, now = crm.tr, view.letter, crm.desk.clock.now()
    incoming = letter.direction == "in"
    pieces: list[Piece] = [(display.who(letter.customer, letter.phone), "bold")]
    if letter.customer:
        pieces.append(f"  {display.phone(letter.phone)}")
    at = display.clock_time(letter.at, now)
    pieces += ["\n", (f"{at}  ", "$muted")]
    pieces += quoted(letter.text, why) if incoming else [f"“{letter.text.strip()}”"]
    pieces.append("\n")
    if view.read is not None and view.read.read_as:
        pieces += [*_read_as(crm, view.read, why), "\n"]
    suggested = why is not None and why.evidence.waits and letter.status == "staff"
    if letter.reason and not suggested:
        pieces += [(tr(N_("because: ")), "$muted"), crm.retell(letter.reason), "\n"]
    if why is not None and letter.status == "staff":
        pieces += _to_decide(crm, why)
    state = _HELD if letter.to_decide else display.MESSAGE_STATES[letter.status]
    pieces += ["\n", (tr(letter.status), "bold"), "  ", tr(state)]
    if letter.status in ("failed", "in_doubt", "expired"):
        told = N_("It has been decided.") if letter.decided else _DECIDE[letter.status]
        pieces += [" ", (tr(told), "$muted" if letter.decided else "$accent")]
    pieces.append("\n")
    if letter.segments > 1:
        pieces += [(tr(N_("{count} SMS long"), count=letter.segments), "$muted"), "\n"]
    if view.again:
        came = ", ".join(display.clock_time(at, now) for at in view.again)
        again = N_("The network brought the very same SMS once more ({times}); it counts once.")
        pieces += [(tr(again, times=came), "$muted"), "\n"]
    if letter.order_id:
        pieces += [(tr(N_("Order {number}"), number=letter.order_id), "$muted"), "\n"]
    for answer in view.answers:
        pieces += ["\n", (f"{display.clock_time(answer.at, now)}  ", "$muted")]
        pieces += [f"“{answer.text.strip()}”", (f"  {tr(answer.status)}", "$muted"), "\n"]
    if view.question is not None:
        pieces += ["\n", (tr(N_("answers: ")), "$muted")]
        pieces += [(f"“{view.question.text.strip()}”", "$primary"), "\n"]
    return content(*pieces)


def _to_decide(crm: Program, why: "Why") -> list[Piece]:
    """What the staff need for an SMS that waits for them: the prepared answer, the likely items."""
    pieces: list[Piece] = []
    if why.evidence.waits:
        pieces += ["\n", (crm.tr(N_("Answer ready: ")), "$accent bold")]
        pieces += [f"“{why.evidence.reply.strip()}”", "\n"]
    if not why.candidates or (why.evidence.waits and len(why.candidates) == 1):
        # The answer names it.
        return pieces
    pieces += ["\n", (crm.tr(N_("May be meant:")), "$muted"), "\n"]
    for item, weight in why.candidates:
        share = f"{round(weight * 100)}%"
        pieces += [(f"{share:>6}  ", "$muted"), (item.code, "bold"), f"  {item.name}", "\n"]
    return pieces


_HELD = N_("It does not go out by itself: it waits until you decide.")
_DECIDE = {
    "failed": N_("Send it again, or give it up."),
    "in_doubt": N_("If it matters, send it again: it is marked (ulang), so that nobody is misled."),
    "expired": N_("Send it again if it is still useful, or give it up."),
}
