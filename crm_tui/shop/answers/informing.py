"""What a customer is told about orders, points, offers, and about being one."""

from crm_tui.clock import moment
from crm_tui.errors import N_, UNSAID, Sentence
from crm_tui.reading.vetoes import WHY
from crm_tui.reading.wishes import Kind, Wish
from crm_tui.shop.answers.outcome import Case, Outcome
from crm_tui.shop.answers.quoting import _MOST_ECHOED, quoted
from crm_tui.shop.answers.settings import WAITING_DAYS
from crm_tui.shop.customers import name_rules, people
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.gate.settings import ADDRESS, HOURS
from crm_tui.shop.loyalty import points, tiers
from crm_tui.shop.messages import replies
from crm_tui.shop.orders import book
from crm_tui.shop.orders.book import Order
from crm_tui.shop.promos import pricing
from crm_tui.text import day, echoed

_TOPICS = {"hours": HOURS, "address": ADDRESS}


def tell_status(case: Case, wish: Wish) -> Outcome:
    ctx = case.ctx
    orders = book.open_of(ctx, case.customer.id)
    if wish.number is not None:
        row = ctx.db.execute(
            "SELECT 1 FROM orders WHERE id = ? AND customer_id = ?", (wish.number, case.customer.id)
        ).fetchone()
        # The customer learns nothing of somebody else's order.
        orders = [book.get(ctx, wish.number)] if row else []
    if not orders:
        return Outcome(Kind.STATUS, replies.NO_ORDER(ctx))
    return Outcome(Kind.STATUS, status_text(ctx, orders[-5:]), orders[-1].number)


def status_text(ctx: Context, orders: list[Order]) -> str:
    return "\n".join(
        replies.STATUS_LINE(
            ctx, number=order.number, status=replies.STATUS_WORDS[order.status],
            total=rupiah(order.total), lines=book.brief(order),
        )
        for order in orders
    )  # fmt: skip


def register(case: Case, wish: Wish) -> Outcome:
    shop = settings.SHOP_NAME(case.ctx)
    others = {shop, *people.who_may_owe(case.ctx, case.customer.id)}
    doubt = name_rules.doubt(case.customer, wish.name, wish.address, others)
    if doubt:
        return Outcome(Kind.REGISTER, replies.REGISTER_LATER(case.ctx, shop=shop), staff=doubt)
    people.register(case.ctx, case.customer.id, wish.name, wish.address)
    return Outcome(Kind.REGISTER, replies.REGISTERED(case.ctx, name=echoed(wish.name), shop=shop))


def stop(case: Case, wish: Wish) -> Outcome:
    people.consent(case.ctx, case.customer.id, "stopped", f"SMS {case.message_id}")
    return Outcome(Kind.STOP, replies.STOPPED(case.ctx))


def start(case: Case, wish: Wish) -> Outcome:
    people.consent(case.ctx, case.customer.id, "yes", f"SMS {case.message_id}")
    return Outcome(Kind.START, replies.STARTED(case.ctx, shop=settings.SHOP_NAME(case.ctx)))


def tell_points(case: Case, wish: Wish) -> Outcome:
    ctx = case.ctx
    standing = points.standing(ctx, case.customer.id)
    tier = tiers.of(ctx, case.customer.id)
    soon = ""
    if standing.soon:
        until = day(moment(standing.until))
        soon = replies.POINTS_SOON(ctx, points=standing.soon, until=until)
    reply = replies.POINTS(
        ctx, points=standing.points, value=rupiah(standing.rupiah), soon=soon,
        tier=replies.POINTS_TIER(ctx, tier=tier.name) if tier else "",
        shop=settings.SHOP_NAME(ctx),
    )  # fmt: skip
    return Outcome(Kind.POINTS, reply)


def tell_offers(case: Case, wish: Wish) -> Outcome:
    ctx = case.ctx
    found = pricing.on_offer(ctx, _MOST_ECHOED)
    if found:
        lines = "\n".join(quoted(case, found).values())
        return Outcome(Kind.PROMO, replies.OFFERS(ctx, lines=lines))
    start = "" if case.customer.consent == "yes" else replies.OFFERS_START(ctx)
    shop = settings.SHOP_NAME(ctx)
    return Outcome(Kind.PROMO, replies.NO_OFFERS(ctx, start=start, shop=shop))


def left_to_staff(ctx: Context, wish: Wish) -> Sentence:
    """Why a wish is for the staff: it is about what the shop has not said yet, its hours or address,
    about a list that it does not keep, or points that are no longer its own. "" if it is not."""
    if wish.notify and not WAITING_DAYS(ctx):
        return N_("wants to be told when it is there")
    if wish.kind is Kind.POINTS and points.have_ended(ctx):
        return N_("asks for points, which other branches give out")
    setting = _TOPICS.get(wish.topic)
    return WHY["service"] if setting is not None and not setting(ctx) else UNSAID


def tell_how(case: Case, wish: Wish) -> Outcome:
    """How to write to the shop, when it is open, or where it is."""
    ctx, shop = case.ctx, settings.SHOP_NAME(case.ctx)
    if wish.topic == "hours":
        return Outcome(Kind.HELP, replies.OPENING(ctx, hours=HOURS(ctx), shop=shop))
    if wish.topic == "address":
        return Outcome(Kind.HELP, replies.ADDRESS(ctx, address=ADDRESS(ctx), shop=shop))
    return Outcome(Kind.HELP, replies.HELP(case.ctx, shop=settings.SHOP_NAME(case.ctx)))
