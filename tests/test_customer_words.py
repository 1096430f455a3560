"""What a customer's page says of what happened."""

from types import SimpleNamespace
from typing import Any

import pytest

from crm_tui.clock import SystemClock
from crm_tui.i18n import LANGUAGES, translate
from crm_tui.screens.customers.telling import CONSENTS, POINT_KINDS, happened
from crm_tui.shop.overview.customer import Happening

AT = "2026-11-28T04:40:00+00:00"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_the_store_is_told(language: str) -> None:
    """Answers about promos and kinds of points are told in the language of the screen, and why they
    were given stands behind them as somebody wrote it."""
    crm: Any = SimpleNamespace(
        tr=lambda text, /, **params: translate(text, language, **params),
        desk=SimpleNamespace(clock=SystemClock()),
    )
    for answer in CONSENTS:
        told = happened(crm, [Happening(AT, "consent", 1, f"{answer} · formulir", None)])[-1]
        assert f"{answer} ·" not in str(told)
        assert str(told).strip().endswith("formulir")
    for kind in POINT_KINDS:
        told = happened(crm, [Happening(AT, "points", 6, kind, None)])[-1]
        assert "_" not in str(told)
        assert "+6 " in str(told)
