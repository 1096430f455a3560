"""Peringkat Pelanggan: the customers worth most next, and why; those due, slipping away, new."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_, Problem
from crm_tui.screens.promos import telling
from crm_tui.screens.promos.compose import promo_to
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.sms.conversation import ConversationScreen
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.screens.widgets.working import Working
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.loyalty import ranking_table, scores, tiers
from crm_tui.shop.loyalty.lists import RANKING
from crm_tui.shop.loyalty.ranking_table import Reasons
from crm_tui.shop.loyalty.scores import Chosen
from crm_tui.shop.promos import audience as promo_audience
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.reports.people import RANKING as RANKING_REPORT
from crm_tui.text import day

TALK = Action(
    "ranking.talk", "enter", N_("Conversation"), N_("All SMS with this customer"),
    permission="messages.view", opens=True,
)  # fmt: skip
EXPORT = Action(
    "ranking.export", "f", N_("To Excel"), N_("Save the whole list as a workbook in exports/"),
    permission="reports.export",
)  # fmt: skip
ANEW = Action(
    "ranking.anew", "l", N_("Test again"),
    N_("Use the shop's own past to choose how fast a purchase is forgotten"),
    permission="reports.view", shown=False,
)  # fmt: skip

PROMO = Action(
    "ranking.promo", "p", N_("Promo"), N_("A promo to the customers of this part of the list"),
    command="promos.save",
)  # fmt: skip

_BARS = " ▁▂▃▄▅▆▇█"


class RankingScreen(ListPage):
    """The ranked customers, the best first; beside them why."""

    needs = "reports.view"
    heading = N_("Customer ranking")
    about = N_(
        "A purchase counts half as much after each half-life, so customers who bought a lot "
        "recently come first. → shows customers who are due to buy again, who are slipping away, "
        "and who are new."
    )
    own = (TALK, PROMO, EXPORT, ANEW)
    topics = frozenset({"sales", "customers", "ranking"})
    listed = RANKING
    columns = (
        Column(N_("No."), 6, align="right"),
        Column(N_("Customer"), 14, flex=True),
        Column(N_("Tier"), 8, rank=1),
        Column(N_("Score"), 10, align="right", rank=3),
        Column(N_("Bought for"), 14, align="right"),
        Column(N_("Times"), 5, align="right", rank=2),
        Column(N_("Last time"), 10, rank=1),
    )
    empty = {
        "all": (
            N_("Nobody has bought yet"),
            N_("Sales to known customers rank them. An old sales book: crm-tui import sales"),
        ),
        "": (N_("Nobody here"), N_("→ shows the others.")),
    }

    def __init__(self, part: str = "", search: str = "") -> None:
        super().__init__(part, search)
        self._view = replace(self._view, given={"model": 0, "today": 0})
        self._model: Chosen | None = None
        self._asked = False

    async def _use(self) -> None:
        if self._model is None:
            # Else it would say for a moment that nobody has bought.
            self._model = await self.desk.ask(scores.chosen)
            given = await self.desk.ask(ranking_table.params, self._model)
            self._view = replace(self._view, given=given)
        await super()._use()

    async def show(self) -> None:
        if not self._asked:
            self._asked = True
            if await self.desk.ask(scores.is_due):
                self.perform(ANEW)
            elif await self.desk.ask(tiers.is_due):
                self.beside(lambda: self.desk.take_time(tiers.review))
        self._model = await self.desk.ask(scores.chosen)
        given = await self.desk.ask(ranking_table.params, self._model)
        if given != self._view.given:
            self.look_at(replace(self._view, given=given))
        else:
            await super().show()
        self.draw_frame()

    def title_text(self) -> str:
        proof = self._model.proof if self._model else None
        if proof is None:
            return self.tr(self.heading)
        return self.tr(
            N_("Ranking – the top 10 % a quarter ago made {caught} of sales since (chance 10 "
               "%, at best {best})"), caught=f"{proof.caught[1]:.0%}", best=f"{proof.best[1]:.0%}",
        )  # fmt: skip

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        phone = str(values["phones"]).partition(" ")[0]
        model, today = self._model, int(self._view.given.get("today", 0))
        score = model.model.score(float(values["heat"] or 0), today) if model else 0.0
        return (
            Cell(display.thousands(int(values["rank"] or 0))),
            Cell(display.who(str(values["name"] or ""), phone), "strong"),
            Cell(str(values["tier"])),
            Cell(display.thousands(round(score))),
            Cell(display.rupiah(int(values["spent"] or 0))),
            Cell(display.thousands(int(values["sales"] or 0))),
            Cell(day(date.fromordinal(int(values["last_day"] or 1))), "dim"),
        )

    async def details(self, row: listing.Line) -> Content:
        if self._model is None:
            return Content("")
        reasons = await self.desk.ask(ranking_table.reasons, self._model, row.id)
        if reasons is None:
            return Content("")
        today = self.desk.clock.now().astimezone().date().toordinal()
        tr = self.tr
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Rank")), tr(N_("{rank} of {count}"), rank=display.thousands(reasons.rank),
                                    count=display.thousands(reasons.ranked))),
            (tr(N_("Tier")), str(row.values["tier"])),
            (tr(N_("How much")), display.rupiah(reasons.figures.spent)),
            (tr(N_("Profit")), self._profit(reasons)),
            (tr(N_("How often")), self._how_often(reasons)),
            (tr(N_("How recently")), self._how_recently(today - reasons.figures.last_day)),
            (tr(N_("Trend")), self._which_way(reasons)),
            (tr(N_("12 months")), (spark(reasons.months), "$primary")),
        ]  # fmt: skip
        phone = str(row.values["phones"]).partition(" ")[0]
        name = display.who(str(row.values["name"] or ""), phone)
        return card([(name, "bold")], rows)

    def _profit(self, reasons: Reasons) -> str:
        if reasons.profit is None:
            return ""
        told = display.rupiah(reasons.profit)
        if reasons.covered == reasons.figures.spent:
            return told
        return f"{told} " + self.tr(N_("of {known}"), known=display.rupiah(reasons.covered))

    def _how_recently(self, days: int) -> str:
        if days < 1:
            return self.tr(N_("today"))
        return self.tr(N_("yesterday") if days == 1 else N_("{count} days ago"), count=days)

    def _how_often(self, reasons: Reasons) -> str:
        rhythm = reasons.figures.rhythm
        count = reasons.figures.sales
        if count < 2:
            return self.tr(N_("once"))
        if rhythm is None:
            return self.tr(N_("{count} times, on one day"), count=count)
        return self.tr(N_("{count} times, every {days} days"), count=count, days=round(rhythm))

    def _which_way(self, reasons: Reasons) -> Piece:
        half = self._model.model.half_life if self._model else 0
        first = reasons.figures.first_day
        if first > self.desk.clock.now().astimezone().date().toordinal() - 2 * half:
            # There is no whole time before to compare with.
            sentence = N_("{lately} in the last {days} days; first bought on {day}")
            return self.tr(
                sentence, lately=display.short_rupiah(self.tr, reasons.lately),
                days=half, day=day(date.fromordinal(first)),
            ), ""  # fmt: skip
        change = self.tr(
            N_("{lately} in the last {days} days, {before} in the {days} before"), days=half,
            lately=display.short_rupiah(self.tr, reasons.lately),
            before=display.short_rupiah(self.tr, reasons.before),
        )  # fmt: skip
        if reasons.lately > reasons.before:
            return f"▲ {change}", "$success"
        return (f"▼ {change}", "$error") if reasons.lately < reasons.before else (f"= {change}", "")

    def ready_for(self, action: Action) -> bool:
        row = self.current
        if action is TALK:
            return row is not None and bool(row.values["phones"])
        return True

    def on_paged_list_chosen(self) -> None:
        self.perform(TALK)

    @once_a_time
    async def do_ranking_promo(self) -> None:
        base = promo_audience.LISTS[self._view.part]
        if not self._view.search:
            await promo_to(self, Audience(base), base, telling.BASES[base])
            return
        # Those who were found are meant, and nobody else.
        found = await self.desk.ask(_found, self._view)
        await promo_to(self, Audience("hand", customers=found), "hand", telling.BASES["hand"])

    async def do_ranking_talk(self) -> None:
        row = self.current
        if row is not None and row.values["phones"]:
            await self.app.push_screen(ConversationScreen(str(row.values["phones"]).split()[0]))

    @once_a_time
    async def do_ranking_anew(self) -> None:
        progress = Progress()
        box = Working(
            self.tr(N_("Looking at the shop's past …")), progress,
            lambda: self.desk.take_time(_anew, progress),
        )  # fmt: skip
        done = await self.ask_for(box)
        if isinstance(done, Problem):
            self.notice(self.crm.say(done), bad=True)
        self.look_again()

    @once_a_time
    async def do_ranking_export(self) -> None:
        from crm_tui.screens.shell.exporting import export

        await export(self, RANKING_REPORT.name)


def _found(ctx: Context, view: listing.View) -> tuple[int, ...]:
    rows = listing.every(ctx, RANKING, view)
    return tuple(int(row["number"] or 0) for row in rows)


def _anew(ctx: Context, progress: Progress) -> None:
    scores.choose(ctx, progress)
    tiers.review(ctx)


def spark(values: Sequence[int]) -> str:
    """One bar a value, the highest one full; what is below 0 counts as 0."""
    top = max(1, *values)
    return "".join(_BARS[max(0, -(-value * (len(_BARS) - 1) // top))] for value in values)
