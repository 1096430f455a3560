"""What stands beside a list: lines that are too long go on below their own text."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from crm_tui.screens.widgets.details import hung

WORDS = st.lists(st.text("abäß東é “”", min_size=0, max_size=30), max_size=6).map("  ".join)


@given(st.lists(WORDS, max_size=5).map("\n".join), st.integers(4, 60))
def test_nothing_is_lost_or_too_wide(text: str, width: int) -> None:
    """Every sign that is no blank is there, in its order, and no line is wider than there is room."""
    laid = hung(Content(text), width).plain
    assert "".join(laid.split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in laid.split("\n") if line.strip())


def test_lines_go_on_below_their_text() -> None:
    """A history goes on behind its moment, a card behind its name, an SMS behind its quotation mark."""
    text = (
        "27/11 15:31  SMS Keluar  Pesanan 238 siap: 1 WPR-22. Total Rp45.080.\n"
        "Alamat  Jalan Veteran nomor delapan puluh delapan, dekat pasar\n"
        " 07:08  “Pesanan 241 kami terima:\n1 FO-AVZ Rp37.240”\n"
        "baris tanpa judul yang terlalu panjang untuk lebar ini"
    )
    assert hung(Content(text), 40).plain.split("\n") == [
        "27/11 15:31  SMS Keluar  Pesanan 238",
        "             siap: 1 WPR-22. Total",
        "             Rp45.080.",
        "Alamat  Jalan Veteran nomor delapan",
        "        puluh delapan, dekat pasar",
        " 07:08  “Pesanan 241 kami terima:",
        "        1 FO-AVZ Rp37.240”",
        "baris tanpa judul yang terlalu panjang",
        "untuk lebar ini",
    ]


def test_what_fits_stays() -> None:
    """Nothing is done to lines that have room."""
    text = "Pesanan 240 menunggu      Rp662.000\n   2 set   KR-VAR-D  Kampas\n\n“a\nb”"
    assert hung(Content(text), 60).plain == text
