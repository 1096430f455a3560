"""Kamus: the shop's own words on their screen."""

import pytest

from crm_tui.screens.items.words import CHANGE, REMOVE, WordsScreen
from crm_tui.shop.gate import undo
from crm_tui.shop.items import lexicon
from crm_tui.shop.items.lexicon import SameWordsUnknown
from tests.counter import counter, staff
from tests.shop import Shop


def rows(shop: Shop) -> list[str]:
    return [row["words"] for row in shop.rows("SELECT words FROM same_words ORDER BY id")]


def test_a_row_is_changed_and_comes_back(shop: Shop) -> None:
    """A row has other words once it was changed; a deleted one comes back as it was."""
    key = lexicon.add(shop.ctx, ["Laher", "bearing"])
    lexicon.change(shop.ctx, key, ["laher", "klahar, kelahar"])
    assert rows(shop) == ["laher, klahar, kelahar"]
    step = lexicon.remove(shop.ctx, key)
    assert rows(shop) == []
    with pytest.raises(SameWordsUnknown):
        lexicon.change(shop.ctx, key, ["laher", "bearing"])
    with pytest.raises(SameWordsUnknown):
        lexicon.remove(shop.ctx, key)
    undo.undo(shop.ctx, step)
    assert rows(shop) == ["laher, klahar, kelahar"]
    assert shop.one("SELECT topic FROM changes ORDER BY seq DESC LIMIT 1") == "lexicon"


@pytest.mark.soak
@pytest.mark.asyncio
async def test_words_at_the_counter(shop: Shop) -> None:
    """Words are added, refused with a sentence, changed, searched, deleted and brought back."""
    async with counter(shop, staff(shop)) as here:
        await here.press("d")
        assert isinstance(here.app.screen, WordsScreen)
        assert "Belum ada kata sendiri" in here.text
        await here.press("n")
        await here.type("laher")
        await here.press("f4")
        await here.until(lambda: "dua kata atau lebih" in " ".join(here.text.split()))
        await here.type(", bearing")
        await here.press("f4")
        await here.until(lambda: rows(shop) == ["laher, bearing"])
        await here.until(lambda: here.app.screen.offers(CHANGE))  # type: ignore[attr-defined]
        await here.press("u")
        await here.press("end")
        await here.type(", klahar")
        await here.press("f4")
        await here.until(lambda: rows(shop) == ["laher, bearing, klahar"])
        await here.press("slash")
        await here.type("klah")
        await here.until(lambda: "1–1 dari 1" in here.text)
        await here.press("escape")
        await here.until(lambda: here.app.screen.offers(REMOVE))  # type: ignore[attr-defined]
        await here.press("delete")
        await here.until(lambda: rows(shop) == [])
        await here.press("z", "y")
        await here.until(lambda: rows(shop) == ["laher, bearing, klahar"])


@pytest.mark.soak
@pytest.mark.asyncio
async def test_from_the_items(shop: Shop) -> None:
    """The word list opens from the items, and is found by its name with F2; a clerk has neither."""
    async with counter(shop, staff(shop)) as here:
        await here.press("6")
        await here.press("w")
        assert isinstance(here.app.screen, WordsScreen)
        await here.press("escape", "escape", "f2")
        await here.type("kamus")
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, WordsScreen))
        await here.app.signed_in(staff(shop, "Staf Konter", "tono"))
        await here.press("d")
        assert not isinstance(here.app.screen, WordsScreen)
