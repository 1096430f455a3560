"""Writing a report into a file: in which form, over what is there or beside it, with its progress."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.errors import N_, Problem
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.working import Working
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.reports import formats, publish, registry
from crm_tui.shop.reports.base import Report, Wanted
from crm_tui.shop.reports.publish import Order

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

FORMS = {
    "xlsx": N_("Excel workbook"), "table": N_("Text"), "csv": "CSV", "json": "JSON",
}  # fmt: skip


Find = Callable[[Context, str], Report]


async def export(
    page: "Page", name: str, wanted: Wanted | None = None, find: Find = registry.find
) -> None:
    """Ask for the form, write the report into exports/, and say where it is."""
    tr, desk = page.tr, page.desk
    answers = [(form, tr(label)) for form, label in FORMS.items()]
    form = await page.ask_for(Choose(tr(N_("In which format?")), answers))
    if form is None:
        return
    wanted = wanted or Wanted()
    report = await desk.ask(find, name)
    target = await desk.take_time(publish.usual_target, report, wanted, str(form))
    order = Order(report, wanted, str(form), target)
    if target.exists():
        chosen = await _over(page, target)
        if chosen is None:
            return
        order = replace(order, target=chosen)
    progress = Progress()
    box = Working(
        tr(N_("Writing {file} …"), file=order.target.name), progress,
        lambda: desk.take_time(publish.write, order, tr, progress),
    )  # fmt: skip
    done = await page.ask_for(box)
    if isinstance(done, Problem):
        page.notice(page.crm.say(done), bad=True)
    elif isinstance(done, Path):
        page.notice(tr(N_("Written: {file}"), file=done))


async def _over(page: "Page", target: Path) -> Path | None:
    """What becomes of a file that has this name already."""
    beside = formats.free_name(target)
    answers = [
        ("beside", page.tr(N_("Save it as {file}"), file=beside.name)),
        ("over", page.tr(N_("Overwrite it"))),
    ]
    title = page.tr(N_("{file} already exists."), file=target.name)
    found = await page.ask_for(Choose(title, answers))
    return {"beside": beside, "over": target}.get(str(found)) if found else None
