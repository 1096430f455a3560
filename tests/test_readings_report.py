"""What people made of free texts, counted: accepted, corrected, thrown away."""

from collections.abc import Mapping
from typing import Any

import pytest

from crm_tui.shop.answers import accepting
from crm_tui.shop.answers.settings import FREE_TEXT
from crm_tui.shop.items import cards, stock
from crm_tui.shop.messages import correspondence
from crm_tui.shop.orders import deciding
from crm_tui.shop.reports import readings
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.registry import REPORTS
from tests.counter import counter, staff
from tests.shop import ANI, BUDI, CITRA, Shop

DAVID, EVI = "+6281100000004", "+6281100000005"


@pytest.fixture
def plugs(shop: Shop) -> Shop:
    """A shop with one more item, of many pieces."""
    key = cards.add(shop.ctx, cards.Card("BS-1", "Busi Iridium", "pcs", 98_000))
    stock.receive(shop.ctx, [stock.Goods(key, 50)])
    return shop


def counted(shop: Shop) -> dict[str, Mapping[str, Any]]:
    """The rows of the report by what was read."""
    rows = REPORTS["readings"].rows(shop.ctx, Period())
    return {str(row["read_as"]): row for row in rows}


def figures(row: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(row[key] for key in ("read", "accepted", "corrected", "thrown_away", "open"))


def test_suggestions(plugs: Shop) -> None:
    """Sent as it was: accepted; answered otherwise, or made an order: corrected; settled: thrown
    away; none of it yet: open."""
    plugs.set(FREE_TEXT, "suggests")
    for phone in (ANI, BUDI, CITRA, DAVID, EVI):
        plugs.ask(phone, "pesan busi iridium 2")
    first = plugs.one("SELECT min(message_id) FROM readings")
    numbers = [row["message_id"] for row in plugs.rows("SELECT message_id FROM readings")]
    assert len(numbers) == 5
    assert figures(counted(plugs)["order"]) == (5, 0, 0, 0, 5)
    accepting.accept(plugs.ctx, first)
    correspondence.reply(plugs.ctx, numbers[1], "Kosong Pak")
    correspondence.settle(plugs.ctx, numbers[2])
    item = plugs.one("SELECT id FROM items WHERE code = 'BS-1'")
    deciding.place_for(plugs.ctx, numbers[3], {item: 1})
    row = counted(plugs)["order"]
    assert figures(row) == (5, 1, 2, 1, 1)
    assert (row["suggested"], row["acted"], row["right_percent"]) == (5, 0, 25)


def test_orders_that_were_taken(plugs: Shop) -> None:
    """Confirmed as it was: accepted; changed before, or answered by hand: corrected; rejected: thrown
    away."""
    for phone in (ANI, BUDI, CITRA, DAVID):
        plugs.ask(phone, "pesan busi iridium 2")
    item = plugs.one("SELECT id FROM items WHERE code = 'BS-1'")
    assert figures(counted(plugs)["order"]) == (4, 0, 0, 0, 4)
    deciding.confirm(plugs.ctx, 1)
    deciding.change(plugs.ctx, 2, {item: 1})
    deciding.confirm(plugs.ctx, 2)
    deciding.reject(plugs.ctx, 3, "kosong")
    row = counted(plugs)["order"]
    assert figures(row) == (4, 1, 1, 1, 1)
    assert (row["acted"], row["suggested"]) == (4, 0)
    assert figures(row)[0] == sum(figures(row)[1:]) + row["for_staff"]


def test_what_was_not_understood(plugs: Shop) -> None:
    """What is left to people counts as that, and as no judgement; strict forms are not counted."""
    plugs.ask(ANI, "Pak, barangnya rusak, gimana ini")
    plugs.ask(BUDI, "PESAN BS-1 1")
    plugs.ask(CITRA, "busi iridium brp bos")
    rows = counted(plugs)
    assert set(rows) == {"human", "price"}
    assert rows["human"]["for_staff"] == 1
    assert figures(rows["human"]) == (1, 0, 0, 0, 0)
    assert figures(rows["price"]) == (1, 0, 0, 0, 1)


def test_the_last_days(plugs: Shop) -> None:
    """Only what came within the days that are told counts beside the setting."""
    assert readings.lately(plugs.ctx) == readings.Judged()
    plugs.ask(ANI, "pesan busi iridium 2")
    deciding.confirm(plugs.ctx, 1)
    assert readings.lately(plugs.ctx) == readings.Judged(1, 1)
    plugs.clock.wait((readings.DAYS + 1) * 86400)
    plugs.ask(BUDI, "pesan busi iridium 2")
    assert readings.lately(plugs.ctx) == readings.Judged(1, 0)


@pytest.mark.asyncio
async def test_beside_the_setting(plugs: Shop) -> None:
    """The settings tell beside "free text" how the readings of late were judged."""
    plugs.ask(ANI, "pesan busi iridium 2")
    deciding.confirm(plugs.ctx, 1)
    async with counter(plugs, staff(plugs), size=(120, 40)) as here:
        await here.press("t")
        screen = here.app.screen
        options = screen.query_one("#list")
        place = options.get_option_index(FREE_TEXT.key)  # type: ignore[attr-defined]
        options.highlighted = place  # type: ignore[attr-defined]
        await here.until(lambda: "1 SMS bebas dibaca" in " ".join(here.text.split()))
