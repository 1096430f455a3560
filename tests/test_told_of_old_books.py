"""What reports tell of an old book: revenue of its days, and nobody's doing."""

from datetime import timedelta

import pytest

from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging
from crm_tui.shop.imports.questions import Choices
from crm_tui.shop.loyalty import scores
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.registry import REPORTS
from tests.day import PHONES, found_people, standings_add_up
from tests.shop import Shop
from tests.test_rewards import sell


def take_in(shop: Shop, *lines: str) -> None:
    """A book of lines "days ago;number;code;quantity;total"."""
    today = shop.clock.now().astimezone().date()
    rows = [(today - timedelta(int(line.split(";")[0])), line.partition(";")[2]) for line in lines]
    file = shop.folder / "buku.csv"
    file.write_text(
        "\n".join(["tanggal;hp;kode;jumlah;total", *(f"{day};{rest}" for day, rest in rows)])
    )
    choices = Choices(answers={"unnamed": "nobody", "sign": "back"})
    made = staging.stage(shop.ctx, import_sales.KIND, file, choices=choices)
    staging.merge(shop.ctx, made)


def told(shop: Shop, name: str, part: str = "") -> list[dict[str, object]]:
    return [dict(row) for row in REPORTS[name].rows(shop.ctx, Period(None, None), part, "")]


def test_who_took_it_in_did_not_sell_it(shop: Shop) -> None:
    """Sales and returns of an old book are those of no clerk: not among the earnings of who took
    it in, and not among what is out of the ordinary."""
    found_people(shop.ctx)
    take_in(shop, f"40;{PHONES[0]};PQ-R;2;150000", f"35;{PHONES[0]};PQ-R;-1;-75000")
    sell(shop, "PQ-S", 1)
    actor = shop.ctx.actor.name
    earned = {row["what"]: row["total"] for row in told(shop, "profit", "seller")}
    own = shop.one("SELECT sum(total) FROM sales WHERE import_id IS NULL AND actor = ?", actor)
    book = shop.one("SELECT sum(total) FROM sales WHERE import_id IS NOT NULL")
    assert earned == {actor: own, "–": book}
    assert told(shop, "exceptions") == []


@pytest.mark.parametrize("model", [False, True])
def test_what_came_back_is_no_purchase(shop: Shop, model: bool) -> None:
    """A line of an old book with goods that came back takes off what was spent, and is no purchase,
    whether the sale behind it was in the shop first or the ranking."""
    found_people(shop.ctx)
    take_in(
        shop, f"40;{PHONES[0]};PQ-R;2;150000", f"35;{PHONES[0]};PQ-R;-1;-75000",
        f"30;{PHONES[1]};PQ-R;-1;-75000",
    )  # fmt: skip
    if model:
        scores.choose(shop.ctx)
    sell(shop, "PQ-S", 1)
    sell(shop, "PQ-S", 2)
    if not model:
        scores.choose(shop.ctx)
    ranked = {row["phone"]: row for row in told(shop, "ranking")}
    today = str(shop.clock.now().astimezone().date())
    first, second = ranked[PHONES[0]], ranked[PHONES[1]]
    assert (first["purchases"], first["spent"], first["rhythm_days"]) == (2, 137_000, 40.0)
    assert (second["purchases"], second["spent"], second["first_day"]) == (1, -13_000, today)
    assert second["rhythm_days"] is None
    standings_add_up(shop.ctx)
