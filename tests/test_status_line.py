"""The status line: what does not fit is left out by rank, and nothing is cut."""

import pytest

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
