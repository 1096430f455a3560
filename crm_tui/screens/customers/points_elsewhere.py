"""Points of a customer that lie in other branches: seen, and asked for."""

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import parse_quantity
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.shop.branches import grants, identity
from crm_tui.shop.branches.errors import LendLimit, NoPointsThere
from crm_tui.shop.branches.grants import Elsewhere
from crm_tui.shop.branches.settings import OFFLINE_POINTS
from crm_tui.shop.loyalty.points import BadPoints

ASK = Action(
    "points.ask", "m", N_("Points here"), N_("Ask another branch for points of this customer"),
    command="branches.ask_points", shown=False,
)  # fmt: skip


async def told(page: Page, customer_id: int) -> str:
    """Where else the customer has points, "" if nowhere."""
    found = await page.desk.ask(grants.elsewhere, customer_id)
    now = page.desk.clock.now()
    told = []
    for each in found:
        at = display.clock_time(each.at, now)
        parts = [f"{display.thousands(each.points)} {each.branch.name} ({at})"]
        if each.asked:
            asked = display.thousands(each.asked)
            parts.append(page.tr(N_("{count} asked for"), count=asked))
        told.append(", ".join(parts))
    return "; ".join(told)


async def ask(page: Page, customer_id: int) -> bool:
    """Ask another branch for points; whether somebody did."""
    found = await page.desk.ask(grants.elsewhere, customer_id)
    if not found:
        page.notice(page.tr(N_("No other branch has points of this customer, as far as is known.")))
        return False
    there = await _which(page, found)
    if there is None:
        return False
    lends = await page.desk.ask(OFFLINE_POINTS)

    async def send(values: Values) -> object:
        await page.desk.act(
            grants.ask, customer_id, there.branch.number, parse_quantity(values["points"])
        )
        now = values.get("now", "").strip()
        if now and parse_quantity(now, "now"):
            await page.desk.act(
                grants.lend, customer_id, there.branch.number, parse_quantity(now, "now")
            )
        return True

    fields = [
        Field("points", page.tr(N_("Points")),
              page.tr(N_("{count} available"), count=display.thousands(there.points)),
              str(there.points), digits=7, errors=(NoPointsThere, BadPoints)),
    ]  # fmt: skip
    if lends:
        hint = page.tr(N_("at most {count}; empty: none"), count=display.thousands(lends))
        fields.append(
            Field("now", page.tr(N_("Use at once")), hint, digits=7, errors=(LendLimit,))
        )  # fmt: skip
    title = page.tr(N_("Points of {branch}"), branch=there.branch.name)
    closed = await page.desk.ask(identity.is_closed, there.branch.number)
    intro = page.tr(
        N_("{branch} is closed: they come from the head office, as soon as this branch has met it.")
        if closed
        else N_("They come when both branches have met the head office."),
        branch=there.branch.name,
    )
    form = Form(f"ask points {customer_id}", title, fields, send, intro=intro, done=N_("Ask"))
    if not await page.ask_for(form):
        return False
    page.notice(page.tr(N_("{branch} is asked for the points."), branch=there.branch.name))
    return True


async def _which(page: Page, found: list[Elsewhere]) -> Elsewhere | None:
    if len(found) == 1:
        return found[0]
    answers = [
        (str(each.branch.number), f"{each.branch.name}  {display.thousands(each.points)}")
        for each in found
    ]
    chosen = await page.ask_for(Choose(page.tr(N_("Points of which branch?")), answers))
    return next((each for each in found if str(each.branch.number) == chosen), None)
