"""A promo is written, looked at as a customer will read it, and started."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.containers import VerticalScroll
from textual.widget import Widget

from crm_tui.errors import N_, Problem
from crm_tui.screens.promos import telling
from crm_tui.screens.shell.asking import parse_quantity
from crm_tui.screens.shell.program import Program, program
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece, Plain, content
from crm_tui.screens.widgets.tasks import beside
from crm_tui.screens.widgets.working import Working
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput, BadPercent, BadPhone, BadQuantity
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import UnknownItem
from crm_tui.shop.loyalty import tiers
from crm_tui.shop.messages.settings import SMS_COST
from crm_tui.shop.promos import audience as promo_audience
from crm_tui.shop.promos import campaigns
from crm_tui.shop.promos import outlook as promo_outlook
from crm_tui.shop.promos import sending as promo_sending
from crm_tui.shop.promos import texts as promo_texts
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.promos.campaigns import Draft, Promo
from crm_tui.shop.promos.outlook import Outlook

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

_PREVIEWED = 50


class BoughtUnknown(BadInput):
    text = N_("{what} is neither a code nor a category.")


class QuietBad(BadInput):
    text = N_("{text} is not a number of days.")


class AudienceUnknown(BadInput):
    text = N_("{name} is not a list of customers. Choose one with ↑ ↓.")


async def choose_kind(page: "Page") -> str | None:
    """Which kind of promo it shall be."""
    answers = [(kind, page.tr(label)) for kind, label in telling.KINDS.items()]
    found = await page.ask_for(Choose(page.tr(N_("What is the promo about?")), answers))
    return str(found) if found else None


def named(page: "Page", label: str) -> str:
    """A name to begin with: what it is about, and the day."""
    return f"{page.tr(label)} {page.desk.clock.now().astimezone():%d/%m}"


async def compose(page: "Page", draft: Draft, promo_id: int | None = None) -> int | None:
    """Let the promo be written; its key once it is kept, None if it was thrown away."""
    tr, desk = page.tr, page.desk
    known = await desk.ask(tiers.every)
    bases = telling.base_names(page.crm, known)
    bases[tr(telling.BASES["hand"])] = ("hand", 0)
    now = (draft.audience.base, draft.audience.tier)
    # A tier that was given up since stands for nobody: it must be chosen anew.
    shown = next((name for name, base in bases.items() if base == now), "")
    typed, bought, cost, sample, chosen = await desk.ask(_beginning, draft)

    async def save(values: Values) -> object:
        if values["who"].strip() not in bases:
            raise AudienceUnknown(name=values["who"].strip() or "–")
        base, tier = bases[values["who"].strip()]
        if values["hand"].strip():
            # Customers who are named are meant, whatever stands above.
            base, tier = "hand", 0

        def keep(ctx: Context) -> int:
            wanted = campaigns.parsed_items(ctx, values["items"]) if "items" in values else ()
            bought = values["bought"].strip()
            item = catalogue.exactly(ctx, bought) if bought else None
            if bought and item is None and not promo_audience.is_category(ctx, bought):
                raise BoughtUnknown(what=bought)
            named = promo_audience.chosen(ctx, values["hand"]) if base == "hand" else ()
            audience = Audience(
                base, tier, named,
                item.id if item else 0, "" if item else bought, draft.audience.days,
                _days(values["quiet"]), values["area"].strip(),
            )  # fmt: skip
            after = replace(
                draft, name=values["name"], text=values["text"], items=wanted, audience=audience,
                days=parse_quantity(values["days"]), control=parse_quantity(values["control"] or "0"),
            )  # fmt: skip
            return campaigns.save(ctx, after, promo_id)

        return await desk.act(keep)

    def remark(values: Values) -> str:
        text = promo_texts.filled(values["text"], sample)
        try:
            size = promo_texts.size(text)
        except Problem as problem:
            return page.crm.say(problem)
        sentence = telling.size(page.crm, size, cost)
        if "STOP" not in text.upper():
            sentence += "\n" + tr(N_("Tell customers how to get no more promos: STOP."))
        return f"{text}\n{sentence}"

    fields = [
        Field("name", tr(N_("Name")), tr(N_("for your own use")), draft.name,
              errors=(campaigns.PromoNameMissing,)),
        Field("text", tr(N_("Text")), " ".join(f"{{{each}}}" for each in promo_texts.FIELDS),
              draft.text, long=True, errors=(promo_texts.UnknownField, campaigns.PromoTextMissing)),
    ]  # fmt: skip
    if draft.kind in ("new", "discount"):
        fields.append(
            Field("items", tr(N_("Items")),
                  tr(N_("ABC-1 10%, ABC-2 15%; without %: only mentioned")),
                  typed, errors=(UnknownItem, BadPercent, campaigns.DiscountMissing,
                                 promo_texts.NothingToName))
        )  # fmt: skip
    fields += [
        Field("who", tr(N_("To whom")), tr(N_("↑ ↓ choose")), shown, usual=list(bases),
              errors=(AudienceUnknown,)),
        Field("hand", tr(N_("Or these, by hand")),
              tr(N_("their numbers, separated by commas; empty: as above")), chosen,
              errors=(BadPhone, promo_audience.NotACustomer)),
        Field("bought", tr(N_("Only customers who bought")),
              tr(N_("a code or a category; empty: anything")), bought,
              errors=(BoughtUnknown,)),
        Field("quiet", tr(N_("Only customers without a purchase for (days)")), tr(N_("empty: all")),
              str(draft.audience.quiet or ""), digits=4, errors=(QuietBad,)),
        Field("area", tr(N_("Only from")), tr(N_("a word of the address; empty: from anywhere")),
              draft.audience.area),
        Field("days", tr(N_("Days it lasts")),
              tr(N_("the discount ends then, and nothing is sent later")), str(draft.days),
              digits=3, errors=(campaigns.PromoDaysBad, BadQuantity)),
        Field("control", tr(N_("Percent of customers who get nothing, to compare")),
              tr(N_("10 is usual; 0: the effect cannot be measured")), str(draft.control),
              digits=2, errors=(campaigns.ControlBad,)),
    ]  # fmt: skip
    form = Form(
        f"promo {promo_id or draft.kind}", tr(telling.KINDS[draft.kind]), fields, save,
        remark=remark, done=N_("Look at it"),
    )  # fmt: skip
    found = await page.ask_for(form)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _days(text: str) -> int:
    if not text.strip():
        return 0
    if not text.strip().isdecimal():
        raise QuietBad(text=text)
    return int(text)


def _beginning(ctx: Context, draft: Draft) -> tuple[str, str, int, dict[str, str], str]:
    """The items and what was bought as they are typed, what an SMS costs, a customer's values, and the
    numbers of customers chosen by hand."""
    bought = draft.audience.category
    if draft.audience.item:
        bought = catalogue.by_id(ctx, draft.audience.item).code
    people = promo_audience.people(ctx, draft.audience)
    ends = campaigns.ending(ctx, draft.days)
    used = frozenset(promo_texts.FIELDS)
    sample = promo_texts.common(ctx, draft.items, ends)
    if people:
        sample |= promo_texts.personal(ctx, people[:1], used)[people[0]]
    chosen = promo_audience.typed(ctx, draft.audience.customers)
    cost = SMS_COST(ctx)
    return campaigns.typed_items(ctx, draft.items), bought, cost, sample, chosen


class Review(Dialog[str]):
    """How a promo reads and what starting it does: "start", "change", or None from Esc."""

    def __init__(self, promo: Promo, leave: str) -> None:
        super().__init__()
        self._draft, self._seed = promo.draft, promo.seed
        self._progress = Progress()
        self._outlook: Outlook | None = None
        self._read: Sequence[tuple[str, str]] = ()
        self._at = 0
        self._cost = 0
        self._trouble = ""
        self.keys = [
            ("k", N_("Start")), ("u", N_("Change")), ("←→", N_("Another customer")),
            ("Esc", leave),
        ]  # fmt: skip

    @property
    def crm(self) -> Program:
        return program(self)

    def title_text(self) -> str:
        return self._draft.name

    def body(self) -> Sequence[Widget]:
        return [VerticalScroll(Plain("", id="review"), id="reading")]

    def on_mount(self) -> None:
        self._draw()
        beside(self, self._look)

    def on_unmount(self) -> None:
        self._progress.cancel()

    async def _look(self) -> None:
        desk = self.crm.desk
        try:
            self._read, self._cost = await desk.ask(_as_read, self._draft)
            self._draw()
            self._outlook = await desk.take_time(
                partial(promo_outlook.outlook, progress=self._progress), self._draft, self._seed
            )
            lowers = any(part for _, part in self._draft.items)
            if not self._outlook.people and not lowers:
                raise campaigns.NobodyMeant()
        except Problem as problem:
            self._trouble = self.program.say(problem)
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        pieces: list[Piece] = []
        if self._read:
            name, text = self._read[self._at]
            size = telling.size(self.crm, promo_texts.size(text), self._cost)
            told = self.tr(N_("As {name} reads it:"), name=name)
            pieces += [(told, "$muted"), "\n", text, "\n", (size, "$muted"), "\n\n"]
        if self._trouble:
            pieces.append((self._trouble, "$error"))
        elif self._outlook is None:
            pieces.append((self.tr(N_("Counting the customers …")), "$muted"))
        else:
            pieces += telling.outlook(self.crm, self._outlook)
        self.query_one("#review", Plain).show(content(*pieces))

    def on_key(self, event: events.Key) -> None:
        if event.key in ("left", "right") and self._read:
            self._at = (self._at + (1 if event.key == "right" else -1)) % len(self._read)
            self._draw()
        elif event.key == "k" and not self._trouble:
            self.dismiss("start")
        elif event.key == "u":
            self.dismiss("change")
        else:
            return
        event.stop()


def _as_read(ctx: Context, draft: Draft) -> tuple[list[tuple[str, str]], int]:
    """How some of the customers will read it."""
    common = promo_texts.common(ctx, draft.items, campaigns.ending(ctx, draft.days))
    used = frozenset(promo_texts.FIELDS)
    samples = []
    people = promo_audience.people(ctx, draft.audience)[:_PREVIEWED]
    for personal in promo_texts.personal(ctx, people, used).values():
        values = common | personal
        samples.append((values["name"], promo_texts.filled(draft.text, values)))
    if not samples:
        samples = [("–", promo_texts.filled(draft.text, common))]
    return samples, SMS_COST(ctx)


async def review(page: "Page", promo_id: int, leave: str = N_("Keep it as a draft")) -> bool:
    """Show what a draft will do; whether it was started. `leave`: what Esc does."""
    while True:
        promo = await page.desk.ask(campaigns.get, promo_id)
        answer = await page.ask_for(Review(promo, leave))
        if answer == "change":
            if await compose(page, promo.draft, promo_id) is not None:
                leave = N_("Keep it as a draft")
            continue
        if answer != "start":
            return False
        await _start(page, promo_id)
        return True


async def _start(page: "Page", promo_id: int) -> None:
    await page.desk.act(campaigns.start, promo_id)
    progress = Progress()
    # It is started: the list is made whatever happens, and cancelling has a key of its own.
    progress.begin_final()
    box = Working(
        page.tr(N_("Preparing the list …")), progress,
        lambda: page.desk.take_time(promo_sending.build, promo_id, progress),
    )  # fmt: skip
    done = await page.ask_for(box)
    if isinstance(done, Problem):
        page.notice(page.crm.say(done), bad=True)
    else:
        page.notice(page.tr(N_("The promo is going out; SMS promo shows how far it is.")))


async def promo_to(page: "Page", audience: Audience, list_name: str, label: str) -> None:
    """A promo to a list of customers: one key opens it with its usual text, Enter sends it."""

    def prepare(ctx: Context) -> int:
        draft = campaigns.beginning(ctx, "text", audience, list_name)
        return campaigns.save(ctx, replace(draft, name=named(page, label)))

    promo_id = await page.desk.act(prepare)
    if not await review(page, promo_id, N_("Back")):
        still = await page.desk.ask(campaigns.get, promo_id)
        usual = await page.desk.ask(campaigns.beginning, "text", audience, list_name)
        if still.status == "draft" and still.draft == replace(usual, name=still.draft.name):
            # Nobody has written anything: a look is no draft.
            await page.desk.act(campaigns.remove, promo_id)
