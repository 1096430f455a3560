"""Settings that are on or off: how they are typed, kept and told."""

import json

import pytest
from click.testing import CliRunner

from crm_tui.cli.commands import main
from crm_tui.i18n import LANGUAGES, translate
from crm_tui.screens.administration.settings import SettingsScreen
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.errors import BadSetting
from crm_tui.shop.users import audit_telling
from tests.counter import counter, staff
from tests.shop import Shop


def _switches() -> list[str]:
    return [key for key, each in settings.every().items() if each.switches]


def _stored(shop: Shop, key: str) -> str | None:
    row = shop.ctx.db.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def _takes(setting: settings.Setting[object], text: str) -> bool:
    try:
        setting.read(text)
    except ValueError:
        return False
    return True


def test_what_is_on_or_off_is_a_switch() -> None:
    """No setting takes 1 and 0 and nothing else without being a switch, and none is explained so."""
    assert len(_switches()) >= 6
    for key, each in settings.every().items():
        only = _takes(each, "1") and _takes(each, "0") and not _takes(each, "2")
        assert each.switches == only or isinstance(each.default, str), key
        for language in LANGUAGES:
            told = translate(each.help, language)
            assert not each.switches or not any(digit in told for digit in "01"), told


@pytest.mark.parametrize(
    ("typed", "kept"), [("ya", "1"), ("Tidak ", "0"), ("yes", "1"), ("NO", "0"), ("1", "1")]
)
def test_a_switch_is_typed_in_words_and_kept_as_ever(shop: Shop, typed: str, kept: str) -> None:
    """A word is kept as the figure that programs of before read, too."""
    for key in _switches():
        settings.change(shop.ctx, key, typed)
        assert _stored(shop, key) == kept
        assert settings.find(key)(shop.ctx) == int(kept)


def test_a_switch_takes_nothing_else(shop: Shop) -> None:
    """What is neither yes nor no is refused, and what stood there stays."""
    settings.change(shop.ctx, "till.print_always", "ya")
    for typed in ("2", "", "mungkin", "-1"):
        with pytest.raises(BadSetting):
            settings.change(shop.ctx, "till.print_always", typed)
    assert _stored(shop, "till.print_always") == "1"


def test_a_switch_is_told_in_words(shop: Shop) -> None:
    """The audit and the command line say yes and no; a number that is 1 stays one."""
    settings.change(shop.ctx, "till.print_always", "1")
    settings.change(shop.ctx, "screen.lock_minutes", "1")
    rows = shop.ctx.db.execute(
        "SELECT before, after FROM audit WHERE command = 'settings.change' ORDER BY id DESC LIMIT 2"
    ).fetchall()
    tr = lambda text, /, **params: translate(text, "id", **params)  # noqa: E731
    minutes, printing = (
        audit_telling.pairs(row["before"], row["after"], tr)[0][1:] for row in rows
    )
    assert (printing, minutes) == (("tidak", "ya"), ("10", "1"))
    assert json.loads(rows[1]["after"]) == {"value": True}
    said = CliRunner().invoke(main, ["--data", str(shop.folder), "settings", "till.print_always"])
    assert "till.print_always = ya" in said.output


@pytest.mark.soak
@pytest.mark.asyncio
async def test_a_switch_is_switched_by_a_key(shop: Shop) -> None:
    """Space and Enter turn a switch, and say so; Space on another setting changes nothing."""
    async with counter(shop, staff(shop)) as here:
        await here.app.push_screen(SettingsScreen())
        await here.settle()
        page = here.app.screen
        assert isinstance(page, SettingsScreen)
        keys = [page.options.get_option_at_index(at).id for at in range(page.options.option_count)]
        page.options.highlighted = keys.index("till.print_always")
        await here.press("space")
        await here.until(lambda: _stored(shop, "till.print_always") == "1", here.text)
        await here.settle()
        assert "ya." in here.notice
        await here.press("enter")
        await here.until(lambda: _stored(shop, "till.print_always") == "0", here.text)
        page.options.highlighted = keys.index("shop.name")
        await here.press("space")
        await here.settle()
        assert _stored(shop, "shop.name") == "Toko Uji"
        assert "Enter" in here.notice


def test_each_choice_has_a_word(shop: Shop) -> None:
    """What may be a few things is told on screens in words, never as programs keep it; the command line
    tells both."""
    ran = CliRunner().invoke(main, ["--data", str(shop.folder), "settings"])
    for key, each in settings.every().items():
        if not each.choices or key == settings.ZONE.key:
            continue
        assert list(each.words) == list(each.choices), key
        for choice in each.choices:
            for language in LANGUAGES:
                assert each.told(choice, lambda text, language=language: translate(text, language))
            assert f"{choice} ({translate(each.words[choice], 'id')})" in ran.output


@pytest.mark.asyncio
async def test_a_choice_is_chosen_by_its_word(shop: Shop) -> None:
    """Enter offers the words, the one in force first; the choice is kept as the program knows it."""
    async with counter(shop, staff(shop)) as here:
        await here.app.push_screen(SettingsScreen("promo.consent"))
        await here.settle()
        await here.press("enter", "down", "enter")
        assert _stored(shop, "promo.consent") == "bought"
        await here.press("enter", "enter")
        assert _stored(shop, "promo.consent") == "bought"
