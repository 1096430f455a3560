"""Who did something is told in words, wherever it is told."""

import re

import pytest

from crm_tui.screens.menu.entries import ENTRIES
from crm_tui.screens.menu.main import MenuScreen
from crm_tui.shop.sales import drawer, z_report
from tests.counter import LARGE, counter
from tests.scene import scene
from tests.shop import Shop

_KEY = re.compile(r"console:|chain:office")
"""Who did something as the store keeps it."""


@pytest.mark.soak
@pytest.mark.asyncio
async def test_no_screen_tells_a_key(shop: Shop) -> None:
    """What was done at the command line, by the program or at the head office is told in words on every
    screen that the menu opens, and in the details of its rows."""
    user = scene(shop)
    async with counter(shop, user, size=LARGE, painted=True) as here:
        seen = []
        for entry in ENTRIES:
            if entry.chain:
                continue
            await here.press(entry.action.key)
            for _ in range(3):
                assert not _KEY.search(here.text), (entry.action.name, here.text)
                seen.append(here.text)
                await here.press("right")
            for _ in range(4):
                if isinstance(here.app.screen, MenuScreen):
                    break
                await here.press("escape")
        assert any("konsol (" in text for text in seen)


def test_no_paper_tells_a_key(shop: Shop) -> None:
    """Papers of the drawer tell who opened it in words."""
    drawer.move(shop.ctx, 50_000, "modal")
    now = drawer.current(shop.ctx)
    assert now is not None
    told = z_report.text(shop.ctx, now.id)
    assert not _KEY.search(told), told
    assert "konsol (" in told
