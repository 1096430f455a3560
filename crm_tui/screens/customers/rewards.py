"""Hadiah: tiers with what they give, frozen lists, and gifts that were handed out."""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.customers.reward_lists import PeriodsScreen
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import as_typed, card, parse_money, parse_quantity, sure
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing, money
from crm_tui.shop.gate.errors import BadInput, BadMoney, BadPercent, BadQuantity
from crm_tui.shop.loyalty import rewards, settings, tiers
from crm_tui.shop.loyalty.lists import TIERS
from crm_tui.shop.loyalty.rewards import NobodyRanked, PeriodNameMissing
from crm_tui.shop.loyalty.tiers import DiscountBad, Tier, TierBad, TierNameMissing, TierTaken

NEW = Action(
    "tiers.new",
    "n",
    N_("New"),
    N_("Add a tier"),
    command="loyalty.save_tier",
    done=N_("The tier is stored."),
)
CHANGE = Action(
    "tiers.change",
    "u",
    N_("Change"),
    N_("Change the tier"),
    command="loyalty.save_tier",
    done=N_("The tier {row} is stored."),
)
REMOVE = Action(
    "tiers.remove", "delete", N_("Give up"), N_("Nobody has this tier any more"),
    command="loyalty.remove_tier", shown=False,
    done=N_("The tier {row} is given up."),
)  # fmt: skip
FREEZE = Action(
    "rewards.freeze", "b", N_("Save list"), N_("Save the list of everybody who has a tier now"),
    command="loyalty.freeze",
    done=N_("The list is stored."),
)  # fmt: skip
LISTS = Action(
    "rewards.lists", "enter", N_("Saved lists"), N_("Lists that were saved; gifts to hand out"),
    permission="customers.view", opens=True,
)  # fmt: skip


class TimesBad(BadInput):
    text = N_("{text} is not a factor: write 1, 1,5 or 2, up to 100.")


class RewardsScreen(ListPage):
    """The shop's tiers, the best first; beside them what they give."""

    needs = "customers.view"
    heading = N_("Rewards")
    about = N_(
        "A tier is for the best customers of the ranking, or for purchases in a year; it gives a "
        "discount, more points or a gift. {rewards_freeze} saves the list of a period, to print "
        "it and hand out the gifts."
    )
    own = (NEW, CHANGE, REMOVE, FREEZE, LISTS)
    topics = frozenset({"rewards", "customers", "ranking"})
    listed = TIERS
    columns = (
        Column(N_("Tier"), 14, flex=True),
        Column(N_("For whom"), 22, flex=True),
        Column(N_("Discount"), 9, align="right"),
        Column(N_("Points"), 7, align="right"),
        Column(N_("Gift"), 12, flex=True, rank=1),
        Column(N_("Now"), 7, align="right"),
    )
    empty = {"": (N_("No tiers yet"), N_("“New” adds one."))}

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        discount = int(values["discount"] or 0)
        return (
            Cell(str(values["name"]), "strong"),
            Cell(self._for_whom(values)),
            Cell(display.percent(discount) if discount else ""),
            Cell(f"× {display.hundredths(int(values['multiplier'] or 0))}"),
            Cell(str(values["gift"])),
            Cell(display.thousands(int(values["members"] or 0))),
        )

    def _for_whom(self, values: Mapping[str, str | int | None]) -> str:
        if values["top"] is not None:
            return self.tr(N_("the best {share}"), share=display.percent(int(values["top"])))
        spent = display.rupiah(int(values["spent"] or 0))
        return self.tr(N_("from {amount} a year"), amount=spent)

    async def details(self, row: listing.Line) -> Content:
        values, tr = row.values, self.tr
        rupiah, value, days, keep = await self.desk.ask(
            lambda ctx: (
                settings.POINT_RUPIAH(ctx), settings.POINT_VALUE(ctx),
                settings.POINT_DAYS(ctx), settings.KEEP_DAYS(ctx),
            )
        )  # fmt: skip
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("For whom")), self._for_whom(values)),
            (tr(N_("Discount")), display.percent(int(values["discount"] or 0))),
            (tr(N_("Gift")), str(values["gift"])),
            (tr(N_("Have it now")), display.thousands(int(values["members"] or 0))),
        ]
        term = tr(N_("A tier lasts at least {days} days."), days=keep)
        points = tr(N_("Points are switched off (setting points.rupiah)."))
        if rupiah:
            points = tr(
                N_("A point for each {rupiah}, worth {value}."), rupiah=display.rupiah(rupiah),
                value=display.rupiah(value),
            )  # fmt: skip
            if days:
                points += " " + tr(N_("Points expire after {days} days."), days=days)
        return card(
            [(str(values["name"]), "bold")], rows, "\n", (term, "$muted"), "\n", (points, "$muted")
        )

    def ready_for(self, action: Action) -> bool:
        if action in (NEW, LISTS, FREEZE):
            return True
        return self.current is not None and super().ready_for(action)

    def on_paged_list_chosen(self) -> None:
        self.perform(LISTS)

    async def do_rewards_lists(self) -> None:
        await self.app.push_screen(PeriodsScreen())

    @once_a_time
    async def do_tiers_new(self) -> None:
        known = await self.desk.ask(tiers.every)
        level = max((each.level for each in known), default=0) + 1
        await self._ask(Tier("", level), self.tr(N_("New tier")))

    @once_a_time
    async def do_tiers_change(self) -> None:
        row = self.current
        if row is None:
            return
        known = await self.desk.ask(tiers.every)
        there = next((each for each in known if each.id == row.id), None)
        if there is not None:
            await self._ask(there, there.name)

    async def _ask(self, there: Tier, title: str) -> None:
        tr = self.tr

        async def save(values: Values) -> object:
            top, spent = values["top"].strip(), parse_money(values["spent"])
            wanted = Tier(
                values["name"], parse_quantity(values["level"] or "1"),
                money.percent(top) if top else None, spent,
                money.percent(values["discount"] or "0"), times(values["multiplier"]), values["gift"],
                there.id,
            )  # fmt: skip
            number = await self.desk.act(tiers.save, wanted)
            # The ranking is reviewed at once, so that the list shows the customers with the tier.
            await self.desk.take_time(tiers.keep_up)
            return number

        fields = [
            Field("name", tr(N_("Name")), "", there.name, errors=(TierNameMissing, TierTaken)),
            Field("top", tr(N_("For the best … percent")), tr(N_("or empty, and an amount below")),
                  "" if there.top is None else display.percent(there.top),
                  errors=(BadPercent, TierBad)),
            Field("spent", tr(N_("For purchases in a year of")), tr(N_("in rupiah, or empty")),
                  as_typed(there.spent), errors=(BadMoney,)),
            Field("level", tr(N_("Place")),
                  tr(N_("1 is the best; if two fit, the better one counts")),
                  str(there.level), digits=2, errors=(BadQuantity,)),
            Field("discount", tr(N_("Discount")),
                  tr(N_("at the till and in price answers; 0: none")),
                  display.percent(there.discount), errors=(DiscountBad,)),
            Field("multiplier", tr(N_("Points, times")), tr(N_("1,5: half as many again")),
                  display.hundredths(there.multiplier), errors=(TimesBad,)),
            Field("gift", tr(N_("Gift")), tr(N_("shown on the list of a period; may be empty")),
                  there.gift),
        ]  # fmt: skip
        saved = await self.ask_for(Form(f"tier {there.id or ''}", title, fields, save))
        if saved:
            await self.rows.bring(saved)

    @once_a_time
    async def do_tiers_remove(self) -> None:
        row = self.current
        if row is None:
            return
        question = self.tr(N_("Give up the tier {name}?"), name=row.values["name"])
        detail = self.tr(N_("Its customers get the next tier they qualify for, or none."))
        if await sure(self, question, detail, self.tr(N_("Give up"))):
            await self.desk.act(tiers.remove, row.id)
            await self.desk.take_time(tiers.keep_up)

    @once_a_time
    async def do_rewards_freeze(self) -> None:
        now = self.desk.clock.now().astimezone()
        count = len(await self.desk.take_time(rewards.current))

        async def freeze(values: Values) -> object:
            return await self.desk.act(rewards.freeze, values["name"])

        field = Field(
            "name", self.tr(N_("Name of the list")), "",
            self.tr(N_("Quarter {number}/{year}"), number=(now.month + 2) // 3, year=now.year),
            errors=(PeriodNameMissing, NobodyRanked),
        )  # fmt: skip
        intro = self.tr(N_("{count} customers have a tier now."), count=display.thousands(count))
        title = self.tr(N_("Save today's list"))
        if await self.ask_for(Form("freeze", title, [field], freeze, intro=intro)):
            await self.app.push_screen(PeriodsScreen())


def times(text: str) -> int:
    """ "1,5" as hundredths. Raises `TimesBad`."""
    match = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?", text.strip() or "1")
    value = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match else -1
    if not 0 <= value <= 10_000:
        raise TimesBad(text=text)
    return value
