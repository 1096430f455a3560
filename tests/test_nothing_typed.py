"""Fields in which nothing was typed, though something is needed."""

from collections.abc import Callable

import pytest

from crm_tui.errors import Problem
from crm_tui.i18n import LANGUAGES, say
from crm_tui.shop.gate import money, phones
from crm_tui.shop.reports.period import Period

READ: dict[str, Callable[[str], object]] = {
    "amount": money.parsed,
    "percentage": money.percent,
    "number": lambda text: phones.checked(text, "ID"),
    "date": lambda text: Period.parse(text, text),
}


@pytest.mark.parametrize("what", READ)
@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_is_asked_for(what: str, typed: str) -> None:
    """Where nothing stands the sentence says what to type; it does not begin with nothing."""
    with pytest.raises(Problem) as caught:
        READ[what](typed)
    for language in LANGUAGES:
        told = say(caught.value, language)
        assert told[0].isupper(), told
        assert "isi" in told.lower() or "type" in told.lower(), told
