"""The shop's day: whatever is done in it, in whatever order, stock, debts and drawer add up."""

import multiprocessing
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.clock import SystemClock
from crm_tui.practice.clock import EventClock
from crm_tui.shop.gate import money
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.sales.cart import CartLine
from crm_tui.store import Store, StoreLocked
from tests.day import STEPS, found_people, money_adds_up
from tests.shop import START, Shop, cart_of, found, ledgers_add_up

NUMBER = st.integers(0, 23)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), NUMBER, NUMBER, NUMBER), max_size=30),
)
def test_any_day(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int, int]]
) -> None:
    """After each step all ledgers agree; a step that is refused changes nothing."""
    shop = Shop(tmp_path_factory.mktemp("toko"))
    try:
        found_people(shop.ctx)
        for name, *numbers in steps:
            before = shop.one("SELECT max(id) FROM audit"), shop.one("SELECT max(seq) FROM changes")
            try:
                STEPS[name](shop.ctx, *numbers)
            except RuleBroken:
                after = (
                    shop.one("SELECT max(id) FROM audit"),
                    shop.one("SELECT max(seq) FROM changes"),
                )
                assert after == before
            ledgers_add_up(shop.ctx, strict=False)
            money_adds_up(shop.ctx)
    finally:
        shop.close()


def _work(path: Path, seed: int, steps: int) -> None:
    """Another counter, busy at random."""
    ctx = Context(Store(path), SystemClock(), console())
    chance = random.Random(seed)
    names = sorted(STEPS)
    done = 0
    for _ in range(steps):
        try:
            STEPS[chance.choice(names)](ctx, *(chance.randrange(24) for _ in range(3)))
            done += 1
        except (RuleBroken, StoreLocked):
            # A busy computer may let the other one go first for seconds: one is told, and tries again.
            pass
    assert done > steps // 5
    ctx.store.close()


@pytest.mark.soak
def test_two_counters(tmp_path: Path) -> None:
    """2,000 steps by two processes at once: everything adds up in the end."""
    ctx = found(tmp_path / "toko", EventClock(START))
    found_people(ctx)
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_work, args=(ctx.store.path, seed, 1000)) for seed in (11, 12)]
    for each in others:
        each.start()
    for each in others:
        each.join(120)
        assert each.exitcode == 0
    ledgers_add_up(ctx, strict=False)
    money_adds_up(ctx)
    assert ctx.db.execute("SELECT count(*) FROM sales").fetchone()[0] > 50
    ctx.store.close()


# ── sums ──────────────────────────────────────────────────────────────────────────────────────────

LINES = st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 99)), min_size=1, max_size=6)


@given(LINES, st.integers(0, 10**9), st.integers(0, 10_000))
def test_discounts(lines: list[tuple[int, int]], amount: int, part: int) -> None:
    """However discounts are given, lines add up to the total, none is below nothing, and an amount
    takes off just that amount."""
    made = cart_of(
        [
            CartLine(at, "X", "x", "pcs", price, quantity)
            for at, (price, quantity) in enumerate(lines)
        ]
    )
    full = made.total
    by_part = made.discounted(money.Discount(part=part))
    assert all(0 <= line.total <= line.price * line.quantity for line in by_part.sold())
    assert abs((full - by_part.total) - full * part / 10_000) <= len(lines) / 2
    amount = min(amount, full)
    by_amount = made.discounted(money.Discount(amount=amount))
    assert by_amount.total == full - amount
    assert all(0 <= line.total <= line.price * line.quantity for line in by_amount.sold())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", money.Discount()),
        ("10%", money.Discount(part=1000)),
        ("12,5 %", money.Discount(part=1250)),
        ("5000", money.Discount(amount=5000)),
        ("Rp 5.000", money.Discount(amount=5000)),
        ("101%", None),
        ("-5%", None),
        ("lima", None),
        ("5e3", None),
    ],
)
def test_discount_as_typed(text: str, wanted: money.Discount | None) -> None:
    """A discount is a percentage or an amount; anything else is refused with a sentence."""
    if wanted is None:
        with pytest.raises(RuleBroken):
            money.discount(text)
    else:
        assert money.discount(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("50rb", 50_000), ("50 ribu", 50_000), ("50k", 50_000), ("Rp50 Rb", 50_000),
        ("1,5jt", 1_500_000), ("2 juta", 2_000_000), ("12.5rb", 12_500), ("50.000", 50_000),
        ("1.500rb", None), ("rb", None), ("50 rbu", None), ("5x", None), ("-50rb", None),
    ],
)  # fmt: skip
def test_money_as_people_say_it(text: str, wanted: int | None) -> None:
    """Thousands and millions may be said in words; what could be meant in two ways is refused."""
    if wanted is None:
        with pytest.raises(RuleBroken):
            money.parsed(text)
    else:
        assert money.parsed(text) == wanted


@given(st.integers(0, 10_000), st.integers(0, 10**9))
def test_discount_as_shown(part: int, amount: int) -> None:
    """What a discount is shown as is read as the same discount."""
    for each in (money.Discount(part=part), money.Discount(amount=amount)):
        assert money.discount(each.typed) == each


PERCENTS: Mapping[str, int] = {"10": 1000, "-2,5": -250, "+3.25%": 325, "0": 0}


def test_percent_as_typed() -> None:
    """Percentages are read with comma or point, exactly."""
    assert {text: money.percent(text) for text in PERCENTS} == PERCENTS
