"""Good customers, as the staff reward them and write to them on the screen; reports into files."""

import openpyxl
import pytest

from crm_tui.screens.customers.ranking import RankingScreen
from crm_tui.screens.customers.rewards import TimesBad, times
from crm_tui.screens.promos.campaigns import PromosScreen
from crm_tui.screens.promos.compose import Review
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.form import Form
from crm_tui.shop.customers import people
from crm_tui.shop.loyalty import points, scores, tiers
from crm_tui.shop.promos import audience as promo_audience
from crm_tui.shop.promos import campaigns
from crm_tui.shop.promos.audience import Audience
from tests.conftest import HOSTILE
from tests.counter import counter, staff
from tests.shop import ANI, BUDI, CITRA, Shop
from tests.test_hostile import clean
from tests.test_promos import got
from tests.test_rewards import person, sell

pytestmark = pytest.mark.asyncio


async def test_a_list_gets_a_promo_with_two_keys(shop: Shop) -> None:
    """p shows what a list of the ranking would get, Enter sends it; Esc leaves nothing behind."""
    ani = person(shop, ANI, "Ani")
    person(shop, BUDI, "Budi")
    sell(shop, "PQ-R", ani)
    scores.choose(shop.ctx)
    tiers.review(shop.ctx)
    async with counter(shop, staff(shop)) as here:
        await here.press("r", "right", "right", "right", "p")
        await here.until(
            lambda: isinstance(here.app.screen, Review) and "1 SMS, Rp350" in here.text
        )
        assert "Halo Ani, terima kasih" in here.text
        await here.press("escape")
        await here.until(lambda: shop.one("SELECT count(*) FROM promos") == 0)
        await here.press("p")
        await here.until(lambda: isinstance(here.app.screen, Review))
        await here.press("k")
        await here.until(lambda: shop.one("SELECT max(status) FROM promos") == "running")
    shop.run(30)
    assert got(shop, "terima kasih") == [ANI]


@pytest.mark.soak
async def test_the_whole_list_is_no_more_than_the_list(shop: Shop) -> None:
    """A promo from the list of all ranked goes to those, one from a search to those found; never to
    every customer of the shop."""
    sell(shop, "PQ-R", person(shop, ANI, "Ani"))
    sell(shop, "PQ-R", person(shop, BUDI, "Budi"))
    person(shop, CITRA, "Citra, hanya bertanya")
    scores.choose(shop.ctx)
    tiers.review(shop.ctx)
    async with counter(shop, staff(shop)) as here:
        await here.press("r", "p")
        await here.until(lambda: isinstance(here.app.screen, Review))
        await here.press("k")
        await here.until(lambda: shop.one("SELECT max(status) FROM promos") == "running")
        await here.until(lambda: isinstance(here.app.screen, RankingScreen))
        await here.press("slash")
        await here.paste("budi")
        await here.press("enter")
        await here.pilot.pause(0.3)
        await here.press("p")
        await here.until(lambda: isinstance(here.app.screen, Review))
        await here.press("k")
        await here.until(
            lambda: shop.one("SELECT count(*) FROM promos WHERE status <> 'draft'") == 2
        )
    shop.run(5)
    meant = "SELECT customer_id FROM promo_people WHERE promo_id = ? ORDER BY customer_id"
    assert [row["customer_id"] for row in shop.rows(meant, 1)] == [1, 2]
    assert [row["customer_id"] for row in shop.rows(meant, 2)] == [2]


@pytest.mark.parametrize("typed", ["inf", "nan", "1e400", "-1", "1,234", "½", "9" * 400])
async def test_a_factor_is_a_plain_number(typed: str) -> None:
    """What is no factor is refused with a sentence, however it looks like a number."""
    with pytest.raises(TimesBad):
        times(typed)
    assert [times(each) for each in ("", "1,5", "0.25", "100")] == [100, 150, 25, 10_000]


@pytest.mark.soak
async def test_a_promo_is_written_changed_and_stopped(shop: Shop) -> None:
    """What is wrong stands beside its field; a draft is changed; a running one paused and stopped."""
    person(shop, ANI, "Ani")
    async with counter(shop, staff(shop)) as here:
        await here.press("m", "n", "down", "down", "enter", "f4")
        await here.until(lambda: isinstance(here.app.screen, Review))
        await here.press("u")
        await here.until(lambda: isinstance(here.app.screen, Form))
        here.app.screen.query_one("#field-text").text = "Halo {nama}"  # type: ignore[attr-defined]
        await here.press("f4")
        await here.until(lambda: "{nama} tidak bisa diisi" in here.text, here.text)
        here.app.screen.query_one("#field-text").text = "Halo {name}, promo"  # type: ignore[attr-defined]
        await here.press("f4")
        await here.until(lambda: "Halo Ani, promo" in here.text and "Rp350" in here.text, here.text)
        await here.press("k")
        await here.until(lambda: shop.one("SELECT max(status) FROM promos") == "running")
        await here.until(lambda: isinstance(here.app.screen, PromosScreen))
        await here.pilot.pause(0.8)
        await here.press("d")
        await here.until(lambda: campaigns.get(shop.ctx, 1).status == "paused", here.text)
        await here.pilot.pause(0.8)
        await here.press("d")
        await here.until(lambda: campaigns.get(shop.ctx, 1).status == "running", here.text)
        await here.pilot.pause(0.8)
        await here.press("x", "y")
        await here.until(lambda: campaigns.get(shop.ctx, 1).status == "cancelled", here.text)
    shop.run(30)
    assert got(shop) == []


@pytest.mark.soak
async def test_points_and_tiers_at_the_till(shop: Shop) -> None:
    """The buyer's tier lowers the prices at once, points take their worth off, and no right to give
    discounts is needed for either."""
    ani = person(shop, ANI, "Ani")
    points.give(shop.ctx, ani, 100, "")
    sell(shop, "PQ-R", ani)
    tiers.save(shop.ctx, tiers.Tier("Juara", 0, top=10_000, discount=1000))
    tiers.keep_up(shop.ctx)
    async with counter(shop, staff(shop, "Staf Konter")) as here:
        await here.press("0")
        await here.paste("pq-r")
        await here.press("enter", "f3")
        await here.paste("ani")
        await here.press("enter")
        await here.until(lambda: "Total Rp76.500" in here.text, here.text)
        assert "Juara" in here.text
        await here.press("f4", "f8")
        await here.until(lambda: "Bayar: Rp65.700" in here.text, here.text)
        await here.press("f4")
        await here.until(lambda: shop.one("SELECT count(*) FROM sales") == 2, here.text)
        await here.until(lambda: "Poin dipakai" in here.text, here.text)
    assert shop.rows("SELECT total FROM sales WHERE id = 2") == [{"total": 76_500 - 10_800}]
    assert points.balance(shop.ctx, ani) == 6


@pytest.mark.soak
async def test_a_tier_is_made_frozen_and_given(shop: Shop) -> None:
    """A customer has a new tier at once; the list is frozen, written to a file, the gift ticked off."""
    sell(shop, "PQ-R", person(shop, ANI, "Ani"))
    async with counter(shop, staff(shop)) as here:
        await here.press("h", "n")
        await here.paste("Juara")
        await here.press("enter")
        await here.paste("50%")
        await here.press("enter", "enter")
        here.app.screen.query_one("#field-level").value = "0"  # type: ignore[attr-defined]
        here.app.screen.query_one("#field-gift").value = "Payung"  # type: ignore[attr-defined]
        await here.press("f4")
        await here.until(lambda: tiers.name_of(shop.ctx, 1) == "Juara", here.text)
        await here.press("b", "f4")
        await here.until(lambda: shop.one("SELECT count(*) FROM reward_entries") == 1, here.text)
        await here.press("enter")
        await here.until(lambda: "Payung" in here.text, here.text)
        await here.press("f")
        await here.until(lambda: "rewards-1.txt" in here.notice, here.text)
        await here.pilot.pause(0.8)
        await here.press("a")
        await here.until(lambda: shop.one("SELECT count(given_at) FROM reward_entries") == 1)
        written = shop.folder / "exports" / "rewards-1.txt"
        assert "Payung" in written.read_text("utf-8")
        # All names in a file are for who may write reports into files, whatever the screen believes.
        written.unlink()
        with shop.ctx.store.transaction() as db:
            db.execute("DELETE FROM role_permissions WHERE permission = 'reports.export'")
        await here.press("f")
        await here.until(lambda: "✗" in here.notice, here.text)
        assert not written.exists()


@pytest.mark.soak
async def test_a_report_for_other_days_into_files(shop: Shop) -> None:
    """A period by name or by days, totals beside those before it; the same file is asked about."""
    sell(shop, "PQ-R", None, 2)
    shop.clock.wait(86400)
    sell(shop, "AB-1", None, 1)
    async with counter(shop, staff(shop)) as here:
        await here.press("o", "down", "down", "down", "enter")
        await here.until(lambda: "Rp180.000" in here.text, here.text)
        await here.press("p", "enter")
        await here.until(lambda: "Rp170.000" in here.text and "25/11/2026" in here.text, here.text)
        await here.press("p", "up", "enter")
        await here.paste("24/11/2026")
        await here.press("f4")
        for _ in range(2):
            await here.press("f", "enter")
            await here.until(
                lambda: isinstance(here.app.screen, Choose) or "Tersimpan" in here.notice, here.text
            )
            if isinstance(here.app.screen, Choose):
                await here.press("enter")
            await here.until(lambda: "Tersimpan" in here.notice, here.text)
            here.app.screen.notice("")  # type: ignore[attr-defined]
    made = sorted(each.name for each in (shop.folder / "exports").iterdir())
    assert len(made) == 2
    book = openpyxl.load_workbook(shop.folder / "exports" / made[0])
    assert book["Data"].max_row == 4


@pytest.mark.soak
async def test_hostile_text_in_promos_and_reports(shop: Shop) -> None:
    """Names, questions and promos with markup, escapes and controls are shown as they are."""
    texts = [HOSTILE["markup"], HOSTILE["escape"], HOSTILE["bidi"]]
    for number, text in enumerate(texts):
        phone = f"+62811000000{number:02}"
        who = person(shop, phone, "x")
        people.register(shop.ctx, who, text[:60], text)
        sell(shop, "PQ-R", who)
        shop.ask(phone, f"HARGA {text.split()[0]}")
        audience = Audience("hand", customers=(who,))
        campaigns.save(shop.ctx, campaigns.Draft(text[:40], "text", f"Halo {text}", audience))
    tiers.save(shop.ctx, tiers.Tier("[b]J[/b]", 0, top=10_000, gift=HOSTILE["markup"]))
    tiers.keep_up(shop.ctx)
    assert promo_audience.people(shop.ctx, Audience())
    async with counter(shop, staff(shop)) as here:
        for key, moves in (("h", 2), ("m", 2), ("b", 2), ("r", 2)):
            await here.press(key)
            for _ in range(moves):
                clean(here, key)
                await here.press("down")
            await here.press("escape")
        await here.press("m", "k")
        clean(here, "review")
        await here.press("escape", "escape", "o", "enter")
        clean(here, "report")
