"""The status line: what does not fit is left out by rank, and nothing is cut."""

import pytest

from crm_tui.i18n import translate
from crm_tui.screens.widgets.statusline import LongPart, Part, StatusLine

ORDERS: Part = ("3 pesanan menunggu (2 mnt)", "due")
MODEM: LongPart = ("● modem siap", "good", " Simulasi 68%")
FOLDER: Part = ("folder cadangan tak ada", "bad")


@pytest.mark.parametrize(
    ("width", "told"),
    [(120, "3 pesanan menunggu (2 mnt) · folder cadangan tak ada · ● modem siap Simulasi 68%"),
     (80, "3 pesanan menunggu (2 mnt) · folder cadangan tak ada · ● modem siap"),
     (60, "3 pesanan menunggu (2 mnt) · folder cadangan tak ada")],
)  # fmt: skip
def test_details_go_first(monkeypatch: pytest.MonkeyPatch, width: int, told: str) -> None:
    """The operator's name goes before the modem does: where there is room, its state is told."""
    said: list[str] = []
    line = StatusLine()
    monkeypatch.setattr(StatusLine, "room", width)
    monkeypatch.setattr(line, "put", lambda pieces: said.append(
        "".join(each if isinstance(each, str) else each[0] for each in pieces)))  # fmt: skip
    line.show([ORDERS, FOLDER, MODEM])
    assert said == [" " + told]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_wrong_clock_leaves_room(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """What is asked about the clock leaves room for orders at 80 columns, and a waiting order is told
    beside it; where there is room, all that can be done is."""
    clock = [
        translate("Is it {shown}? F2 “Clock”", language, shown="28/11/2026 12:34"),
        translate(", or set the computer's clock", language),
    ]
    for width, told in ((80, clock[0]), (140, "".join(clock))):
        said: list[str] = []
        line = StatusLine()
        monkeypatch.setattr(StatusLine, "room", width)
        monkeypatch.setattr(line, "put", lambda pieces, said=said: said.append(
            "".join(each if isinstance(each, str) else each[0] for each in pieces)))  # fmt: skip
        line.show([(clock[0], "bad", clock[1]), ORDERS, MODEM])
        assert said[0].startswith(f" {told} · {ORDERS[0]}")
