"""Promos in words: kinds, states, audiences, what they will do and what they did."""

from collections.abc import Sequence

from crm_tui.clock import moment
from crm_tui.errors import N_, Sentence
from crm_tui.screens.shell import display
from crm_tui.screens.shell.program import Program
from crm_tui.screens.widgets.plain import Piece
from crm_tui.shop.loyalty.tiers import Tier
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.promos.chance import Difference
from crm_tui.shop.promos.outlook import Outlook
from crm_tui.shop.promos.results import Results
from crm_tui.shop.promos.texts import Size
from crm_tui.text import one_line

KINDS = {
    "new": N_("New products"), "discount": N_("Discount on items"), "text": N_("Free text"),
    "howto": N_("How to order by SMS"),
}  # fmt: skip
STATES = {
    "draft": N_("draft"), "building": N_("preparing"), "running": N_("going out"),
    "paused": N_("paused"), "done": N_("all out"), "cancelled": N_("cancelled"),
}  # fmt: skip
BASES = {
    "all": N_("All customers"), "ranked": N_("All who have bought"), "due": N_("Due now"),
    "leaving": N_("Slipping away"),
    "new": N_("New customers"), "asked": N_("Asked, not had"), "tier": N_("Everybody with a tier"),
    "hand": N_("Chosen by hand"), "nobody": N_("Nobody (the discount alone)"),
}  # fmt: skip
FATES = {
    "queued": N_("waiting"), "held": N_("waiting"), "sending": N_("sending"), "sent": N_("sent"),
    "delivered": N_("delivered"), "failed": N_("failed"), "in_doubt": N_("in doubt"),
    "expired": N_("too late"), "cancelled": N_("taken back"),
}  # fmt: skip


def base_names(crm: Program, tiers: Sequence[Tier]) -> dict[str, tuple[str, int]]:
    """What an audience can begin with, by how it is called: base and key of the tier."""
    named = {crm.tr(label): (base, 0) for base, label in BASES.items() if base != "hand"}
    for each in tiers:
        named[crm.tr(N_("Tier {name}"), name=each.name)] = ("tier", each.id)
    return named


def audience(crm: Program, wanted: Audience, tiers: Sequence[Tier], item: str = "") -> str:
    """An audience in one line."""
    tr = crm.tr
    tier = next((each.name for each in tiers if each.id == wanted.tier), "")
    parts = [tr(N_("Tier {name}"), name=tier) if tier else tr(BASES[wanted.base])]
    if wanted.base == "hand":
        parts = [tr(N_("{count} chosen by hand"), count=len(wanted.customers))]
    if item:
        parts.append(tr(N_("bought {what}"), what=item))
    if wanted.category:
        parts.append(tr(N_("bought {what}"), what=wanted.category))
    if wanted.quiet:
        parts.append(tr(N_("quiet for {days} days"), days=wanted.quiet))
    if wanted.area:
        parts.append(tr(N_("address with “{area}”"), area=wanted.area))
    return ", ".join(parts)


def span(crm: Program, seconds: float) -> str:
    """How long the sending takes."""
    minutes = round(seconds / 60)
    if minutes < 120:
        return crm.tr(N_("{count} min"), count=max(1, minutes))
    if minutes < 48 * 60:
        return crm.tr(N_("{count} h"), count=round(minutes / 60))
    return crm.tr(N_("{count} d"), count=round(minutes / 1440))


def size(crm: Program, measured: Size, cost: int) -> str:
    """ "132 characters, 1 SMS, Rp350"."""
    sentence = crm.tr(
        N_("{count} characters, {parts} SMS"), count=measured.characters, parts=measured.parts
    )
    if measured.ucs2:
        sentence += ", " + crm.tr(N_("UCS-2: only 70 characters per SMS"))
    return f"{sentence}, {display.rupiah(measured.parts * cost)}"


def outlook(crm: Program, forecast: Outlook) -> list[Piece]:
    """What starting would do."""
    tr = crm.tr
    pieces: list[Piece] = [
        (tr(N_("{count} get it"), count=display.thousands(forecast.send)), "bold"),
    ]  # fmt: skip
    if forecast.control:
        sentence = tr(
            N_("{count} get nothing, to compare"), count=display.thousands(forecast.control)
        )
        pieces.append(f", {sentence}")
    if forecast.send:
        sentence = tr(
            N_("{parts} SMS, {cost}, sent in about {span}"), parts=display.thousands(forecast.parts),
            cost=display.rupiah(forecast.cost), span=span(crm, forecast.seconds),
        )  # fmt: skip
        pieces += ["\n", sentence]
    if forecast.late:
        sentence = tr(
            N_("{count} of them would not get it in time: let it last longer, or send more per "
               "minute."),
            count=display.thousands(forecast.late),
        )  # fmt: skip
        pieces += ["\n", (sentence, "$error")]
    for why, count in sorted(forecast.left_out.items(), key=lambda each: -each[1]):
        pieces += ["\n", (f"{display.thousands(count):>6}  {crm.retell(Sentence(why))}", "$muted")]
    return pieces


def results(crm: Program, outcome: Results) -> list[Piece]:
    """What a promo brought, as lines."""
    tr = crm.tr
    counted: dict[str, int] = {}
    for fate, count in outcome.fates.items():
        label = tr(FATES[fate])
        counted[label] = counted.get(label, 0) + count
    pieces: list[Piece] = []
    if outcome.waiting:
        pieces += [(tr(N_("{count} still waiting"), count=outcome.waiting), "$accent"), "\n"]
    for label, count in counted.items():
        pieces += [(f"{display.thousands(count):>6}  ", "bold"), label, "\n"]
    for why, count in outcome.left_out.items():
        pieces += [
            (f"{display.thousands(count):>6}  {one_line(crm.retell(Sentence(why)))}", "$muted"),
            "\n",
        ]
    if not outcome.out:
        return pieces
    pieces += [
        "\n", (f"{display.thousands(outcome.replied):>6}  ", "bold"),
        tr(N_("wrote afterwards")), "\n",
        (f"{display.thousands(outcome.stopped):>6}  ", "bold"),
        tr(N_("said STOP afterwards")), "\n\n",
    ]  # fmt: skip
    spent = tr(
        N_("{parts} SMS cost {cost}; the promo took {discount} off"),
        parts=display.thousands(outcome.parts), cost=display.rupiah(outcome.cost),
        discount=display.rupiah(outcome.discount),
    )  # fmt: skip
    pieces += [spent, "\n\n"]
    until = moment(outcome.until).astimezone()
    until_text = tr(N_("Bought by {day}"), day=f"{until:%d/%m/%Y}")
    pieces += [(until_text, "$muted"), "\n"]
    for name, group in (
        (N_("written to"), outcome.sent), (N_("to compare"), outcome.control),
    ):  # fmt: skip
        if group.people:
            share = f"{group.buyers / group.people:.0%}"
            average = display.rupiah(round(group.rupiah / group.people))
            pieces += [
                f"{tr(name)}: ",
                (tr(N_("{buyers} of {people} ({share})"), buyers=display.thousands(group.buyers),
                      people=display.thousands(group.people), share=share), "bold"),
                ", ", tr(N_("{total}, {each} per customer"), total=display.rupiah(group.rupiah),
                           each=average), "\n",
            ]  # fmt: skip
    return [*pieces, *_verdict(crm, outcome)]


def _verdict(crm: Program, outcome: Results) -> list[Piece]:
    """What the figures prove of the promo's effect."""
    tr = crm.tr
    if not outcome.control.people:
        return [
            (
                tr(N_("Nobody was left out to compare with: the effect cannot be measured.")),
                "$muted",
            )
        ]
    difference: Difference | None = outcome.more_rupiah
    if difference is not None and difference.certain:
        verdict = tr(
            N_("A customer who was written to spent {value} more ({low} to {high})."),
            value=display.rupiah(round(difference.value)), low=display.rupiah(round(difference.low)),
            high=display.rupiah(round(difference.high)),
        )  # fmt: skip
    elif outcome.more_buyers is not None and outcome.more_buyers.certain:
        verdict = tr(
            N_("{value} more of those who were written to bought ({low} to {high})."),
            value=f"{outcome.more_buyers.value:.0%}", low=f"{outcome.more_buyers.low:.0%}",
            high=f"{outcome.more_buyers.high:.0%}",
        )  # fmt: skip
    else:
        return [(tr(N_("The difference may be chance: it proves nothing.")), "$muted")]
    more: list[Piece] = [(verdict, "$success")]
    if not outcome.over:
        more.append((" " + tr(N_("The promo has not ended yet.")), "$muted"))
    return more
