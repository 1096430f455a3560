"""One turn behind a talk, as many customers write it: right, or asked about; never a wrong order."""

import pytest

from tests import reading_turns as turns

_FEW = 0.01


@pytest.mark.parametrize(
    ("name", "right", "settled"),
    [
        ("customers.txt", 0.82, 0.9),
        ("ten_customers.txt", 0.78, 0.87),
        pytest.param("ten_more.txt", 0.67, 0.8, marks=pytest.mark.soak),
    ],
)
def test_turns(name: str, right: float, settled: float) -> None:
    """No turn makes a wrong order, nor proposes one that lacks a part of what was said; few are left to
    people."""
    found = turns.read(name)
    print(name, found)
    assert not found.how["wrong"], str(found)
    assert found.share("amiss") <= _FEW, str(found)
    assert found.share("right") >= right, str(found)
    assert found.share("right", "asked") >= settled, str(found)
