"""A transfer and its lines in words."""

from textual.content import Content

from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.plain import Piece
from crm_tui.shop.branches.transfers import Transfer
from crm_tui.shop.gate.stored_words import actor

MOST_TOLD = 4
"""Lines that a question names: it leaves room for its answer."""


def described(page: Page, transfer: Transfer) -> Content:
    """A transfer with its lines, as far as they are known."""
    tr, now = page.tr, page.desk.clock.now()
    rows: list[tuple[str, str | Piece]] = [
        (tr(N_("Sent")), f"{display.clock_time(transfer.at, now)}  {actor(transfer.actor, tr)}"),
        (tr(N_("Note")), transfer.note),
        (tr(N_("Goes back")), transfer.back_of),
        (tr(N_("Received")), "" if transfer.ended_at is None
         else f"{display.clock_time(transfer.ended_at, now)}  {actor(transfer.ended_by, tr)}"),
        (tr(N_("Our note") if transfer.incoming else N_("They say")), transfer.ended_note),
    ]  # fmt: skip
    more: list[Piece] = ["\n"]
    for line in transfer.lines:
        more += [(f"{display.thousands(line.sent):>6} ", "bold"), f"{line.code}  {line.name}\n"]
        found = differences(page, line.broken, line.missing)
        if found:
            more.append((f"       {found}\n", "$error"))
        if line.off_sale:
            off = tr(N_("off sale here"))
            more.append((f"       {off}\n", "$warning"))
    title: list[Piece] = [(tr(N_("From {branch}") if transfer.incoming else N_("To {branch}"),
                              branch=transfer.branch.name), "bold")]  # fmt: skip
    return card(title, rows, *more)


def all_differences(page: Page, transfer: Transfer) -> str:
    """The first lines that are not as they were sent, and how many more; "" where all are."""
    found = [
        f"{line.code}: {told}"
        for line in transfer.lines
        if (told := differences(page, line.broken, line.missing))
    ]
    more = len(found) - MOST_TOLD
    if more > 1:
        found[MOST_TOLD:] = [page.tr(N_("… and {count} more"), count=display.thousands(more))]
    return "\n".join(found)


def differences(page: Page, broken: int, missing: int) -> str:
    """What is not as it was sent, in words; "" where all is."""
    found = []
    if broken:
        found.append(page.tr(N_("{count} broken"), count=display.thousands(broken)))
    if missing > 0:
        found.append(page.tr(N_("{count} missing"), count=display.thousands(missing)))
    if missing < 0:
        found.append(page.tr(N_("{count} too many"), count=display.thousands(-missing)))
    return ", ".join(found)
