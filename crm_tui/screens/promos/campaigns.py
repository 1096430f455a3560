"""SMS Promo: written, sent, paused, cancelled; what became of each, and what they brought."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_, Sentence
from crm_tui.screens.promos import compose, telling
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card, sure
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.sms.conversation import ConversationScreen
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing
from crm_tui.shop.items import catalogue
from crm_tui.shop.loyalty import tiers
from crm_tui.shop.promos import campaigns, pricing
from crm_tui.shop.promos import results as promo_results
from crm_tui.shop.promos.lists import PROMO_PEOPLE, PROMOS

NEW = Action("promos.new", "n", N_("New"), N_("Write a promo"), command="promos.save")
CHANGE = Action("promos.change", "u", N_("Change"), N_("Change a draft"), command="promos.save")
START = Action(
    "promos.start", "k", N_("Send"), N_("See what it will do, and start it"),
    command="promos.start",
)  # fmt: skip
PAUSE = Action(
    "promos.pause",
    "d",
    N_("Pause"),
    N_("Send nothing more for now"),
    command="promos.pause",
    done=N_("The promo is paused."),
)
RESUME = Action(
    "promos.resume",
    "d",
    N_("Go on"),
    N_("Continue where it was paused"),
    command="promos.resume",
    done=N_("The promo goes on."),
)
CANCEL = Action(
    "promos.cancel", "x", N_("Stop it"), N_("Write to nobody else; a discount ends at once"),
    command="promos.cancel",
    done=N_("The promo is stopped."),
)  # fmt: skip
REMOVE = Action(
    "promos.remove", "delete", N_("Discard"), N_("Discard a draft"),
    command="promos.remove", shown=False,
    done=N_("The draft is discarded."),
)  # fmt: skip
PEOPLE = Action(
    "promos.people", "enter", N_("Customers"), N_("Who got it, and why others did not"),
    permission="promos.send", opens=True,
)  # fmt: skip
TALK = Action(
    "promo_people.talk", "enter", N_("Conversation"), N_("All SMS with this customer"),
    permission="messages.view", opens=True,
)  # fmt: skip

ROLES = {"send": N_("gets it"), "control": N_("to compare"), "left_out": N_("gets nothing")}


class PromosScreen(ListPage):
    """Promos, the newest first; beside them how far they are and what they brought."""

    needs = "promos.send"
    heading = N_("SMS promo")
    about = N_(
        "{promos_new} writes a promo; before it is sent you see how it reads, who gets it, what "
        "it costs and how long it takes. Only customers who agreed get one, and STOP counts at "
        "once."
    )
    own = (NEW, CHANGE, START, PAUSE, RESUME, CANCEL, REMOVE, PEOPLE)
    topics = frozenset({"promos", "messages", "sales"})
    listed = PROMOS
    subject = "promo"
    columns = (
        Column(N_("Name"), 18, flex=True),
        Column(N_("Kind"), 20, rank=2),
        Column(N_("Begins"), 11, rank=1),
        Column(N_("Status"), 15),
        Column(N_("To"), 7, align="right"),
        Column(N_("Waiting"), 8, align="right"),
    )
    empty = {
        "": (N_("No promos yet"), N_("“New” writes the first one.")),
    }

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        status = str(values["status"])
        tone = "due" if status in ("running", "building", "paused") else ""
        begun = values["started_at"]
        return (
            Cell(str(values["name"]), "strong"),
            Cell(self.tr(telling.KINDS[str(values["kind"])])),
            Cell(display.clock_time(str(begun), self.desk.clock.now()) if begun else "", "dim"),
            Cell(self.tr(telling.STATES[status]), tone),
            Cell(display.thousands(int(values["people"] or 0)) if begun else ""),
            Cell(display.thousands(int(values["waiting"] or 0)) if values["waiting"] else ""),
        )

    async def details(self, row: listing.Line) -> Content:
        promo = await self.desk.ask(campaigns.get, row.id)
        known = await self.desk.ask(tiers.every)
        draft, tr = promo.draft, self.tr
        item = ""
        if draft.audience.item:
            item = (await self.desk.ask(catalogue.by_id, draft.audience.item)).code
        last = pricing.last_day(promo.ends_at)
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Status")), tr(telling.STATES[promo.status])),
            (tr(N_("To whom")), telling.audience(self.crm, draft.audience, known, item)),
            (tr(N_("Items")), await self.desk.ask(campaigns.typed_items, draft.items)),
            (tr(N_("Until")), f"{last:%d/%m/%Y}"),
        ]
        more: list[Piece] = ["\n", draft.text, "\n\n"]
        if promo.started_at:
            found = await self.desk.ask(promo_results.of, row.id)
            more += telling.results(self.crm, found)
        return card([(draft.name, "bold")], rows, *more)

    def ready_for(self, action: Action) -> bool:
        row = self.current
        if action is NEW:
            return True
        if row is None:
            return False
        status = str(row.values["status"])
        states = {
            CHANGE: ("draft",), START: ("draft",), REMOVE: ("draft",), PAUSE: ("running",),
            RESUME: ("paused",), CANCEL: ("building", "running", "paused", "done"),
        }  # fmt: skip
        if action in states and status not in states[action]:
            return False
        if action is PEOPLE:
            return status != "draft"
        return super().ready_for(action)

    def on_paged_list_chosen(self) -> None:
        row = self.current
        if row is not None:
            self.perform(START if row.values["status"] == "draft" else PEOPLE)

    @once_a_time
    async def do_promos_new(self) -> None:
        kind = await compose.choose_kind(self)
        if kind is None:
            return
        draft = await self.desk.ask(campaigns.beginning, kind)
        draft = replace(draft, name=compose.named(self, telling.KINDS[kind]))
        number = await compose.compose(self, draft)
        if number is not None:
            await compose.review(self, number)
            await self.rows.bring(number)

    @once_a_time
    async def do_promos_change(self) -> None:
        row = self.current
        if row is None:
            return
        promo = await self.desk.ask(campaigns.get, row.id)
        if await compose.compose(self, promo.draft, row.id) is not None:
            await compose.review(self, row.id)
        self.look_again()

    @once_a_time
    async def do_promos_start(self) -> None:
        row = self.current
        if row is not None:
            await compose.review(self, row.id)
            self.look_again()

    async def do_promos_pause(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(campaigns.pause, row.id)

    async def do_promos_resume(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(campaigns.resume, row.id)

    @once_a_time
    async def do_promos_cancel(self) -> None:
        row = self.current
        if row is None:
            return
        question = self.tr(N_("Give up “{name}”?"), name=row.values["name"])
        detail = self.tr(N_("Nobody else gets an SMS, and its discounts end now."))
        if await sure(self, question, detail, self.tr(N_("Stop it"))):
            await self.desk.act(campaigns.cancel, row.id)

    @once_a_time
    async def do_promos_remove(self) -> None:
        row = self.current
        if row is None:
            return
        question = self.tr(N_("Discard “{name}”?"), name=row.values["name"])
        if await sure(self, question, self.tr(N_("It was never sent.")), self.tr(N_("Discard"))):
            await self.desk.act(campaigns.remove, row.id)

    async def do_promos_people(self) -> None:
        row = self.current
        if row is not None:
            await self.app.push_screen(PromoPeopleScreen(row.id, str(row.values["name"])))


class PromoPeopleScreen(ListPage):
    """The whole audience: customers who got it and what became of it, and why others did not."""

    needs = "promos.send"
    heading = N_("Customers of a promo")
    about = N_("Everybody in the audience is here; → shows who was left out, and why.")
    own = (TALK,)
    topics = frozenset({"promos", "messages"})
    listed = PROMO_PEOPLE
    columns = (
        Column(N_("Customer"), 16, flex=True),
        Column(N_("Phone"), 15, rank=1),
        Column(N_("What became of it"), 24, flex=True),
    )
    empty = {"": (N_("Nobody here"), N_("→ shows the others."))}

    def __init__(self, promo_id: int = 0, name: str = "") -> None:
        super().__init__()
        self._view = replace(self._view, given={"promo": promo_id})
        self._called = name

    def title_text(self) -> str:
        return self._called or self.tr(self.heading)

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        return (
            Cell(display.who(str(values["name"] or ""), str(values["phone"])), "strong"),
            Cell(display.phone(str(values["phone"])), "dim"),
            Cell(self._fate(values), "due" if values["fate"] in ("failed", "in_doubt") else ""),
        )

    def _fate(self, values: "dict[str, str | int | None] | object") -> str:
        person = cast("dict[str, str | int | None]", values)
        if person["fate"]:
            fate = self.tr(telling.FATES[str(person["fate"])])
            return (
                f"{fate}: {self.crm.retell(Sentence(person['reason']))}"
                if person["reason"]
                else fate
            )
        if person["why"]:
            return self.crm.retell(Sentence(person["why"]))
        return self.tr(ROLES[str(person["role"])])

    def ready_for(self, action: Action) -> bool:
        row = self.current
        return action is not TALK or (row is not None and bool(row.values["phone"]))

    def on_paged_list_chosen(self) -> None:
        self.perform(TALK)

    async def do_promo_people_talk(self) -> None:
        row = self.current
        if row is not None and row.values["phone"]:
            await self.app.push_screen(ConversationScreen(str(row.values["phone"])))
