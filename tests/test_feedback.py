"""What the screens say back: errors that are true and seen, and a word for what somebody may not do."""

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import Theme

from crm_tui import i18n
from crm_tui.screens.door.permit import PermitForm
from crm_tui.screens.sales.pickups import PickupsScreen
from crm_tui.screens.sales.receipts import Slip
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell import theme as themes
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.form import Form
from crm_tui.screens.widgets.line import Line
from crm_tui.screens.widgets.options import Options
from crm_tui.screens.widgets.plain import Plain
from crm_tui.screens.widgets.statusline import HeadLine
from crm_tui.shop.customers import cards
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.gate import conflicts
from crm_tui.shop.messages import correspondence
from crm_tui.shop.orders import deciding
from crm_tui.shop.orders.errors import OrderNotOpen
from crm_tui.shop.sales import entry, till
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.sales.settings import CREDIT_LIMIT
from crm_tui.shop.users import login
from tests.counter import counter, staff
from tests.shop import ANI, BUDI, CITRA, Shop, cart_of

_LEAST = 4.5
"""WCAG 2.2, contrast (minimum), for texts of ordinary size."""


_XTERM = {
    "ansi_default": "#e5e5e5", "ansi_black": "#000000", "ansi_white": "#e5e5e5",
    "ansi_bright_white": "#ffffff", "ansi_cyan": "#00cdcd", "ansi_yellow": "#cdcd00",
    "ansi_green": "#00cd00", "ansi_bright_red": "#ff0000", "ansi_blue": "#0000ee",
}  # fmt: skip
"""The palette of xterm, in which the theme "terminal" is measured, on black."""


def _few(colour: str) -> str:
    """A colour as a terminal of 256 colours shows it."""
    return RichColor.parse(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex


def _rgb(colour: str) -> tuple[int, int, int]:
    return Color.parse(_XTERM.get(colour, colour)).rgb


def _light(colour: str) -> float:
    """The relative luminance, as WCAG defines it."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _rgb(colour))
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_light(one), _light(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", themes.ALL, ids=lambda theme: theme.name)
def test_every_word_can_be_read(theme: Theme) -> None:
    """Each colour of words stands out on each ground on which words stand, hints included."""
    named = theme.variables
    loud = [theme.foreground, theme.accent, theme.error, theme.success, theme.primary]
    hints = [named[name] for name in ("muted", "faint", "text-muted", "text-disabled")]
    grounds = [theme.background, theme.surface, theme.panel, theme.boost]
    if theme.ansi:
        grounds = ["ansi_black"]
    pairs = [(ink, ground) for ink in (*loud, *hints) for ground in grounds]
    pairs.append((named["list-cursor-text"], named["list-cursor"]))
    pairs.append((named["input-cursor-foreground"], named["input-cursor-background"]))
    if not theme.ansi:
        # The chosen row of a list that one does not type in, and bubbles of the shop's SMS.
        blurred = named["list-cursor-blurred"]
        pairs += [(ink, blurred) for ink in (*loud, named["muted"], named["text-muted"])]
        # The badge of the practice shop.
        pairs.append((theme.background, theme.primary))
    for ink, ground in pairs:
        assert ink is not None
        assert ground is not None
        if theme in (themes.DARK_256, themes.LIGHT_256):
            ink, ground = _few(ink), _few(ground)
        assert _contrast(ink, ground) >= _LEAST, (ink, ground, round(_contrast(ink, ground), 2))


def test_few_colours() -> None:
    """A terminal of 256 colours gets a theme of those alone, so that none turns into another."""
    for setting in themes.THEMES:
        theme = themes.fitting(setting, "256")
        assert themes.fitting(setting, "truecolor") is themes.THEMES[setting]
        own = [theme.foreground, theme.accent, theme.error, theme.success, theme.primary,
               theme.background, theme.surface, theme.panel, *theme.variables.values()]  # fmt: skip
        for colour in own:
            assert colour is not None
            if not colour.startswith("ansi_"):
                wanted, shown = Color.parse(colour).rgb, Color.parse(_few(colour)).rgb
                # A grey may become the grey beside it, and nothing else.
                assert max(abs(a - b) for a, b in zip(wanted, shown, strict=True)) <= 10, colour


@pytest.mark.soak
@pytest.mark.asyncio
async def test_who_may(shop: Shop) -> None:
    """A key that a user may not use says who may; so does a debt at the till, of a customer who may owe
    it."""
    shop.set(CREDIT_LIMIT, 10**6)
    cards.add(shop.ctx, Card("Bengkel Maju"))
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
        await here.until(lambda: "✗ Utang perlu" in here.text, here.text)
        await here.press("escape", "f3")
        await here.type("maju")
        await here.press("enter", "f4", "f7")
        await here.until(lambda: isinstance(here.app.screen, PermitForm), here.text)
        # What is typed is the secret, wherever Tab leads.
        await here.press("tab", "r", "tab", "x")
        assert here.app.screen.query_one("#field-secret", Line).value == "rx"
        assert here.app.screen.query_one("#field-name", Line).value == "bos"
        await here.press("escape")
        await here.until(
            lambda: "✗ Hanya Kepala Bengkel atau Administrator" in here.text, here.text
        )
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
        assert "Bayar:" not in here.text
        # It goes as soon as something else is typed, and the sum is there again.
        await here.press("backspace", "1")
        assert "✗" not in here.text
        assert "Bayar: Rp180.000" in here.text


@pytest.mark.asyncio
async def test_more_than_was_bought(shop: Shop) -> None:
    """In a return, too, nine of one is refused beside its own field, before a reason is asked for."""
    shop.set(CREDIT_LIMIT, 10**6)
    bought = entry.enter(shop.ctx, "PQ-R", {}, None).line
    till.sell(shop.ctx, cart_of([bought]).sold(), [Paid("cash", 85_000)])
    async with counter(shop, staff(shop)) as here:
        await here.press("5", "r", "backspace", "9", "f4")
        field = here.app.screen.query_one("#field-1")
        told = here.app.screen.query_one("#help-1", Plain)
        await here.until(lambda: str(told.render()).startswith("✗"), here.text)
        assert here.app.screen.focused is field
        assert "Rp" not in str(here.app.screen.query_one("#remark", Plain).render())
        assert here.text.count("✗") == 1


@pytest.mark.asyncio
async def test_what_is_refused_is_said_once(shop: Shop) -> None:
    """A text that is too long for SMS is told of once, with the figure of what stands there."""
    shop.ask(ANI, "bos, jejengkol kemarin sikok lagi")
    async with counter(shop, staff(shop)) as here:
        await here.press("2")
        await here.until(lambda: "jejengkol" in here.text, here.text)
        await here.press("j")
        await here.until(lambda: isinstance(here.app.screen, Form), here.text)
        await here.paste("Halo " * 400)
        await here.press("f4", "enter")
        await here.until(lambda: "✗" in here.text, here.text)
        assert here.text.count("✗") == 1, here.text
        await here.press("backspace")
        assert here.text.count("✗") == 1, here.text


@pytest.mark.soak
@pytest.mark.asyncio
async def test_a_repayment_is_said(shop: Shop) -> None:
    """After a repayment its sum stands there, with what is still owed."""
    shop.set(CREDIT_LIMIT, 10**6)
    who = cards.add(shop.ctx, Card("Bengkel Maju"))
    bought = entry.enter(shop.ctx, "PQ-R", {}, None).line
    till.sell(shop.ctx, cart_of([bought]).sold(), [Paid("account", 85_000)], who)
    async with counter(shop, staff(shop)) as here:
        await here.press("7")
        await here.until(lambda: "Batas utang" in here.text, here.text)
        await here.press("b")
        await here.paste("50000")
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, Slip), here.text)
        assert "DITERIMA Rp50.000" in here.text
        assert "Rp35.000" in here.text
        # It can be printed or kept as receipts of sales can, and again later, as a copy.
        for title in ("BUKTI PELUNASAN", "SALINAN 1"):
            await here.press("f")
            await here.until(lambda: "Tersimpan" in here.text, here.text)
            (kept,) = (shop.folder / "exports").glob("pelunasan-*.txt")
            paper = kept.read_text()
            assert title in paper
            assert "Rp50.000" in paper
            kept.unlink()
            await here.press("escape", "c", "down", "enter")
        # All of it is asked about once, and can be undone.
        await here.press("escape", "b", "f4")
        await here.until(lambda: "Rp35.000 sudah diterima" in here.text, here.text)
        await here.press("enter", "escape")
        await here.until(lambda: "✗ Belum dicatat" in here.text, here.text)
        await here.press("f4", "y")
        await here.until(lambda: isinstance(here.app.screen, Slip), here.text)
        await here.press("enter", "z")
        await here.until(lambda: "Batalkan pembayaran utang Rp35.000" in here.text, here.text)
        await here.press("y")
        await here.until(lambda: shop.one("SELECT sum(due) FROM dues") == 35_000, here.text)


@pytest.mark.soak
@pytest.mark.asyncio
async def test_what_lies_behind_goes_on(shop: Shop) -> None:
    """Clock and status of a screen go on behind one box, and behind two that lie on each other."""
    shop.ask(ANI, "PESAN PQ-R 1")
    async with counter(shop, staff(shop), painted=True) as here:
        for number, key in enumerate(("1", "t", "f1")):
            await here.press(key)
            await here.paint()
            page = next(each for each in reversed(here.app.screen_stack) if isinstance(each, Page))
            page.query_one(HeadLine).show([(f"Toko {number}", "")], [("08:00", "")])
            # Between a change and the program's own picture of it nothing is looked at.
            await here.pilot.pause()
            await here.paint()
            # … and what lies behind the box is looked at, too.
            lines = here.app.screen._compositor.render_strips()
            whole = "\n".join(line.text for line in lines)
            assert f" Toko {number} " in whole, whole
        assert len(here.app.screen_stack) > 3


@pytest.mark.soak
@pytest.mark.asyncio
async def test_the_slower_of_two_counters(shop: Shop) -> None:
    """Whose order another counter has just taken is told by whom and what it is now, where the list is
    empty since, where the order still stands there, and in the box that was open meanwhile."""
    for phone in (ANI, BUDI, CITRA):
        shop.ask(phone, "PESAN PQ-R 1")
    tono = shop.ctx.acting(staff(shop, name="tono").actor)
    async with counter(shop, staff(shop)) as here:
        await here.press("1", "right", "right", "home", "t")
        deciding.reject(tono, 3, "habis")
        await here.until(lambda: "ditolak" in here.text or "t Tolak" not in here.text, here.text)
        await here.type("habis")
        await here.press("enter")
        await here.until(
            lambda: "✗ Tono lebih dulu: pesanan 3 sudah ditolak." in here.text, here.text
        )
        await here.press("escape", "escape", "left", "left")
        for number in (1, 2):
            deciding.confirm(tono, number)
        await here.until(lambda: "0811-" not in here.text, here.text)
        await here.press("k")
        assert here.notice == "✗ Tono lebih dulu: pesanan 1 sudah dikonfirmasi."
        await here.press("right", "right", "k")
        await here.until(lambda: "pesanan 3 sudah ditolak" in here.notice, here.notice)
    async with counter(shop, login.user(shop.ctx, tono.actor.user_id or 0)) as here:
        await here.press("1", "right", "right", "home", "k")
        await here.until(lambda: "Pesanan 3 sudah ditolak" in here.notice, here.notice)


@pytest.mark.asyncio
async def test_what_became_of_any_row(shop: Shop) -> None:
    """A row that somebody else took out of the list says who did what, in the words of the audit."""
    tono = shop.ctx.acting(staff(shop, name="tono").actor)
    shop.ask(ANI, "kok lama sekali pak")
    async with counter(shop, staff(shop)) as here:
        await here.press("2")
        await here.until(lambda: "kok lama" in here.text, here.text)
        correspondence.settle(tono, shop.one("SELECT id FROM messages WHERE status = 'staff'"))
        await here.until(lambda: "kok lama" not in here.text, here.text)
        await here.press("e")
        assert here.notice == "✗ Tono lebih dulu: 0811-0000-0001, SMS diselesaikan."


def test_only_what_another_did_lately(shop: Shop) -> None:
    """One's own deed is nobody else's; what one has touched since, or long ago, was not missed."""
    tono, sari = (shop.ctx.acting(staff(shop, name=name).actor) for name in ("tono", "sari"))
    shop.ask(ANI, "PESAN PQ-R 1")
    deciding.later(tono, 1)
    assert conflicts.by_another(tono, "order 1") is None
    assert conflicts.by_another(sari, "order 1") == conflicts.Deed("Tono", "orders.later")
    assert conflicts.by_another(sari, "order 2") is None
    shop.clock.wait(601)
    assert conflicts.by_another(sari, "order 1") is None
    deciding.later(tono, 1)
    deciding.later(sari, 1)
    assert conflicts.by_another(sari, "order 1") is None


def test_whoever_has_no_name_was_not_quicker(shop: Shop) -> None:
    """Whose order the customer has just cancelled by SMS is told what it is, by nobody's name."""
    shop.ask(ANI, "PESAN PQ-R 1")
    shop.ask(ANI, "BATAL 1")
    with pytest.raises(OrderNotOpen) as problem:
        deciding.confirm(shop.ctx.acting(staff(shop).actor), 1)
    assert i18n.say(problem.value, "id") == (
        "Pesanan 1 sudah dibatalkan; ini tidak bisa dilakukan lagi."
    )


@pytest.mark.asyncio
async def test_the_marked_option_has_one_colour(shop: Shop) -> None:
    """What is coloured in an option – keys, counts, who may – is drawn in the cursor's own colour where
    the cursor stands on it, for only that one is measured on its ground."""
    shop.ask(ANI, "PESAN PQ-R 1")
    async with counter(shop, staff(shop), painted=True) as here:
        menu = here.app.screen.query_one("#entries", Options)
        seen = 0
        for at, option in enumerate(menu.options):
            if option.disabled:
                continue
            menu.highlighted = at
            await here.settle()
            line = menu._index_to_line[at] - menu.scroll_offset.y
            colours = {
                part.style.color
                for part in menu.render_line(line)
                if part.style and part.text.strip()
            }
            assert len(colours) == 1, option.id
            seen += 1
        assert seen > 10
