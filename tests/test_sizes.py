"""Windows that are drawn smaller and larger while somebody works in them."""

from typing import Any

import pytest
from textual.screen import Screen

from crm_tui.screens.promos.campaigns import PromosScreen
from crm_tui.screens.reports.figures import FiguresScreen
from crm_tui.screens.reports.report import ReportScreen, ReportsScreen
from tests.counter import LARGE, SMALL, Counter, counter
from tests.scene import good_customers, scene
from tests.shop import Shop
from tests.test_pictures import walk

pytestmark = [pytest.mark.asyncio, pytest.mark.soak]

_SIZES = ((60, 20), (40, 10), (22, 5), (5, 3), (1, 1), LARGE, (200, 60), (40, 10), SMALL)


class _Shaken:
    """Goes where pictures are taken, and draws the window small and large there."""

    def __init__(self, here: Counter) -> None:
        self.here = here

    async def at(self, name: str, expected: type[Screen[Any]], *keys: str) -> None:
        await self.here.press(*keys)
        await self.here.until(lambda: isinstance(self.here.app.screen, expected), name)
        await self.here.settle()
        for width, height in _SIZES:
            await self.here.pilot.resize_terminal(width, height)
        await self.here.settle()
        assert isinstance(self.here.app.screen, expected), f"{name}: {self.here.text}"


async def test_every_screen_bears_any_size(shop: Shop) -> None:
    """However small or large the window gets, the screen stays, and so does what was typed in it."""
    user = scene(shop)
    async with counter(shop, user, painted=True) as here:
        await walk(_Shaken(here))  # type: ignore[arg-type]


async def test_reports_bear_any_size(shop: Shop) -> None:
    """The same for reports, charts and promos."""
    user = scene(shop)
    good_customers(shop)
    async with counter(shop, user, painted=True) as here:
        shaken = _Shaken(here)
        await shaken.at("promos", PromosScreen, "m")
        await shaken.at("reports", ReportsScreen, "escape", "o")
        await shaken.at("report", ReportScreen, "down", "down", "down", "enter")
        await shaken.at("figures", FiguresScreen, "escape", "escape", "g")
