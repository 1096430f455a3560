"""What stands above and below every screen: the shop, the user, and whether all is well."""

from typing import TYPE_CHECKING

from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.program import Program
from crm_tui.screens.widgets.statusline import LongPart, Part

if TYPE_CHECKING:
    from crm_tui.shop.overview.dashboard import Figures


def head_parts(crm: Program, title: str) -> tuple[list[Part], list[Part]]:
    """The head line, left and right."""
    figures = crm.figures
    name = figures.shop if figures else crm.place
    left = [(name, "bold"), ("  ›  ", "$faint"), (title, "")]
    right: list[Part] = []
    if crm.desk.user is not None:
        right.append((crm.desk.user.name + "  ", "$muted"))
    if figures is not None and figures.practice:
        mark = crm.tr(N_("PRACTICE"))
        right.append((f" {mark} ", "bold $background on $primary"))
        right.append(("  ", ""))
    local = crm.desk.clock.now().astimezone()
    right.append((f"{local:%H:%M}", "$muted"))
    return left, right


def status_parts(crm: Program) -> list[Part | LongPart]:
    """The status line: orders, modem, queue, what to decide, the last backup."""
    tr, figures, now = crm.tr, crm.figures, crm.desk.clock.now()
    if crm.standing is not None:
        return list(crm.standing)
    if figures is None:
        return [] if crm.no_shop_yet else [(tr(N_("Opening the shop …")), "")]
    parts: list[Part | LongPart] = []
    if figures.damage:
        parts.append((tr(figures.damage), "bad"))
    if figures.clock is not None:
        shown = display.local_time(figures.clock.shown)
        text = tr(N_("Is it {shown}? F2 “Clock”"), shown=shown)
        # Beside it, orders have room at 80 columns.
        parts.append((text, "bad", tr(N_(", or set the computer's clock"))))
    if figures.waiting:
        tone = "bad" if figures.oldest_at and crm.is_old(figures.oldest_at) else "due"
        age = display.age(tr, figures.oldest_at, now)
        text = N_("orders waiting: {count}, the oldest {age}")
        parts.append((tr(text, count=figures.waiting, age=age), tone))
    else:
        parts.append((tr(N_("no orders waiting")), ""))
    parts.append(modem_part(crm, figures))
    if figures.late:
        parts.append((tr(figures.late), "bad"))
    if figures.queue:
        parts.append((tr(N_("{count} SMS to send"), count=figures.queue), ""))
    if figures.trouble:
        parts.append((tr(N_("{count} SMS to decide"), count=figures.trouble), "due"))
    if not figures.practice:
        backup = backup_part(crm, figures)
        # What is in danger stands where it is read on a narrow screen, too.
        parts.insert(1 if backup[1] == "bad" else len(parts), backup)
    return parts


def backup_part(crm: Program, figures: "Figures") -> Part:
    """How old the last good backup is; red when that is long, or when a folder for them is missing."""
    tr, found = crm.tr, figures.backups
    tone = "bad" if found.bad else ""
    if found.silent:
        return tr(N_("2nd backup folder does not answer")), tone
    if found.missing:
        return tr(N_("backup folder missing")), tone
    if found.failing:
        return tr(N_("backup folder fails")), tone
    if found.good is None:
        return tr(N_("no backup yet")), tone
    age = display.age(tr, found.good.at, crm.desk.clock.now())
    return tr(N_("backup {age}"), age=age), tone or ("due" if found.trouble else "")


def modem_part(crm: Program, figures: "Figures") -> Part | LongPart:
    """The modem in words and colour; operator and signal where there is room."""
    said = figures.gateway
    if said is None:
        return crm.tr(N_("no modem yet")), ""
    text = crm.tr(display.STATES[said.state])
    if said.silence(crm.desk.clock.now()):
        return "● " + crm.tr(N_("the worker is silent")), "bad"
    if said.brief and said.error and said.state != "stopped":
        return "● " + crm.tr(said.brief), "bad"
    if said.state == "ready":
        strength = "" if said.strength is None else f" {said.strength}%"
        name = f" {said.operator}" if said.operator else ""
        if said.network == "roaming":
            name += " (" + crm.tr(N_("roaming")) + ")"
        return f"● {text}", "bad" if said.error else "good", name + strength
    return f"● {text}", "bad" if said.state in ("waiting", "stopped") else ""
