"""What the screens say back: errors that are true and seen, and a word for what somebody may not do."""

import pytest
from textual.color import Color
from textual.theme import Theme

from crm_tui.screens.door.permit import PermitForm
from crm_tui.screens.sales.pickups import PickupsScreen
from crm_tui.screens.sales.receipts import Settled
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell.theme import DARK, LIGHT
from crm_tui.screens.widgets.form import Form
from crm_tui.screens.widgets.plain import Plain
from crm_tui.shop.customers import cards
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.orders import deciding
from crm_tui.shop.sales import entry, till
from crm_tui.shop.sales.payments import Paid
from crm_tui.shop.sales.settings import CREDIT_LIMIT
from tests.counter import counter, staff
from tests.shop import ANI, Shop, cart_of

_LEAST = 4.5
"""WCAG 2.2, contrast (minimum), for texts of ordinary size."""


def _light(colour: str) -> float:
    """The relative luminance, as WCAG defines it."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in Color.parse(colour).rgb)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_light(one), _light(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_word_can_be_read(theme: Theme) -> None:
    """Each colour of words stands out on each ground on which words stand, hints included."""
    inks = [theme.foreground, theme.accent, theme.error, theme.success, theme.primary]
    inks += [theme.variables[name] for name in ("muted", "faint", "text-muted", "text-disabled")]
    grounds = [theme.background, theme.surface, theme.panel, theme.boost]
    for ink in inks:
        for ground in grounds:
            assert ink is not None
            assert ground is not None
            ratio = _contrast(ink, ground)
            assert ratio >= _LEAST, (ink, ground, round(ratio, 2))


@pytest.mark.asyncio
async def test_who_may(shop: Shop) -> None:
    """A key that a user may not use says who may; so does a debt at the till."""
    async with counter(shop, staff(shop, "Staf Konter")) as here:
        await here.press("0")
        await here.paste("PQ-R")
        await here.press("enter", "f8")
        # What is typed may be permitted by who may: that is said at once.
        await here.until(lambda: isinstance(here.app.screen, Form), here.text)
        page = next(each for each in here.app.screen_stack if isinstance(each, TillScreen))
        told = page.query_one("#notice", Plain)
        await here.until(lambda: "Kepala Bengkel" in str(told.render()), here.text)
        await here.press("escape", "f4", "f7")
        await here.until(lambda: isinstance(here.app.screen, PermitForm), here.text)
        await here.press("escape")
        await here.until(lambda: "✗ Hanya Administrator, Kepala Bengkel" in here.text, here.text)
        assert shop.one("SELECT count(*) FROM sales") == 0


@pytest.mark.asyncio
async def test_more_than_was_ordered(shop: Shop) -> None:
    """Nine of two is refused beside its own field, with what was ordered, in red."""
    shop.ask(ANI, "PESAN PQ-R 2, AB-1 1")
    deciding.confirm(shop.ctx, 1)
    async with counter(shop, staff(shop)) as here:
        await here.press("4")
        await here.until(lambda: isinstance(here.app.screen, PickupsScreen), here.text)
        await here.press("p", "enter", "backspace", "9", "f4")
        told = here.app.screen.query_one("#help-1", Plain)
        await here.until(lambda: "AB-1 yang dipesan hanya 1" in str(told.render()), here.text)
        assert str(told.render()).startswith("✗")
        assert told.styles.color == Color.parse(here.app.theme_variables["error"])
        assert here.app.screen.focused is here.app.screen.query_one("#field-1")


@pytest.mark.asyncio
async def test_a_repayment_is_said(shop: Shop) -> None:
    """After a repayment its sum stands there, with what is still owed."""
    shop.set(CREDIT_LIMIT, 10**6)
    who = cards.add(shop.ctx, Card("Bengkel Maju"))
    bought = entry.enter(shop.ctx, "PQ-R", {}, None).line
    till.sell(shop.ctx, cart_of([bought]).sold(), [Paid("account", 85_000)], who)
    async with counter(shop, staff(shop)) as here:
        await here.press("7", "b")
        await here.paste("50000")
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, Settled), here.text)
        assert "DITERIMA Rp50.000" in here.text
        assert "Rp35.000" in here.text
