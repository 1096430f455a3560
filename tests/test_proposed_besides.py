"""What is wanted besides a proposal is proposed with it."""

import pytest

from crm_tui.reading.wishes import Kind
from tests.test_proposed_anew import proposed

GASKETS = ["kalo paking full set beat ada?", "full set aja 1, seal klep 1"]
MOUNTS = ["shock depan avanza kiri berapa", "mahal juga ya. support shock avanza aja 2 dulu"]
OIL = ["oli buat avanza 2013 yg bagus apa ya", "tmo yg 4 liter aja deh, 1"]


@pytest.mark.parametrize(
    ("shop", "before", "text", "lines"),
    [
        ("bengkelku", GASKETS, "lem paking juga dong satu",
         {"PK-FS-BT": 1, "SL-KLP": 1, "LEM-3BD": 1}),
        ("martapura", MOUNTS, "eh sama karet stabilizer 1 set", {"SM-AVZ": 2, "KST-AVZ": 1}),
        ("martapura", MOUNTS, "plus karet stabilizer 1 set", {"SM-AVZ": 2, "KST-AVZ": 1}),
        ("martapura", OIL, "filter oli avanza yg ori 1", {"TMO-1040-4": 1, "90915-YZZE1": 1}),
    ],
)  # fmt: skip
def test_both_are_proposed(shop: str, before: list[str], text: str, lines: dict[str, int]) -> None:
    """Something certain of another kind, or "also", leaves the proposal; nothing is ordered."""
    assert proposed(shop, [*before, text]) == (Kind.CHOICES, lines, {})


@pytest.mark.parametrize(
    "text", ["filter oli avanza yg ori aja 1", "kalo gitu filter oli avanza yg ori 1 aja"]
)
def test_what_is_wanted_alone_is_ordered_alone(text: str) -> None:
    """ "Only" says no to what was proposed."""
    assert proposed("martapura", [*OIL, text])[2] in ({"90915-YZZE1": 1}, {})
    assert "TMO-1040-4" not in proposed("martapura", [*OIL, text])[1]
