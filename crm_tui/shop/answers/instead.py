"""What is there instead of what is out, said behind an answer as far as there is room."""

from collections.abc import Sequence

from crm_tui.reading.wishes import Kind
from crm_tui.shop.answers.choosing import NAMES, shortened
from crm_tui.shop.answers.outcome import Case, More
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item, stock_word
from crm_tui.shop.messages import replies
from crm_tui.shop.promos import pricing

MOST = 2


def offered(case: Case, short: Sequence[Item], choosing: Kind | None = None) -> tuple[More, ...]:
    """Up to two items that are there instead of the one that is not, or not enough; of several none:
    it would not be plain what stands for what.

    `choosing`: they are numbered, and a number tells the price (PRICE), or is asked about once more,
    with the quantity that was ordered (UNAVAILABLE). None: a quantity or a YA may be meant by the next
    answer, so they have no numbers.
    """
    keys = case.substitutes(short[0].id) if len(short) == 1 else ()
    found = catalogue.by_ids(case.ctx, keys).values() if keys else ()
    items = [item for item in found if item.available and item.active]
    items.sort(key=lambda item: (abs(item.price - short[0].price), item.code))
    items = items[:MOST]
    if not items:
        return ()
    prices = pricing.of_each(case.ctx, items, case.customer.id)
    numbered = choosing is not None and case.alone
    texts = []
    for most in NAMES:
        rows = [
            " ".join(
                part
                for part in (
                    f"{number}." if numbered else "-", item.code, shortened(item.name, most),
                    rupiah(prices[item.id].price), stock_word(item),
                )
                if part
            )
            for number, item in enumerate(items, start=1)
        ]  # fmt: skip
        texts.append(replies.INSTEAD(case.ctx, lines="\n".join(rows)))
    return (More(texts, tuple(item.id for item in items) if numbered else (), choosing),)
