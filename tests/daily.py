"""What is tried each day of many values, and what `make soak` alone tries."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest


def daily(values: Iterable[Any], most: int = 1) -> list[Any]:
    """The values for a parametrized test: the first `most` of them each day, all of them in soak."""
    return [
        pytest.param(value, marks=[] if at < most else pytest.mark.soak)
        for at, value in enumerate(values)
    ]


def by_turns(values: Iterable[Any], parts: int) -> list[Any]:
    """The values for a parametrized test: one of so many parts a day, all of them in soak."""
    today = date.today().toordinal()
    return [
        pytest.param(value, marks=pytest.mark.soak if (at + today) % parts else ())
        for at, value in enumerate(values)
    ]
