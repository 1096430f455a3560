"""How wide the columns of a list are, which give way, and what of a cell is cut."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crm_tui.screens.widgets.columns import GAP, Cell, Column, Measured, fit_cell

NUMBER = Column("No.", 5, align="right")
NAME = Column("Nama", 12, flex=True)
TEXT = Column("Teks", 20, flex=True)
STATUS = Column("Status", 12, rank=2)
KIND = Column("Jenis", 8, rank=1)
COLUMNS = (NUMBER, NAME, TEXT, KIND, STATUS)


def row(number: int, name: str, text: str, kind: str, status: str) -> list[Cell]:
    return [Cell(str(number)), Cell(name), Cell(text), Cell(kind), Cell(status)]


def seen(*rows: list[Cell]) -> Measured:
    measured = Measured()
    measured.see(rows)
    return measured


def test_a_narrow_screen() -> None:
    """Where there is hardly room, flexible columns shrink, and none is cut off at the edge."""
    widths = seen(row(1, "Bengkel Maju", "Pak, kampas rem yang kemarin", "", "")).widths(
        COLUMNS, 30
    )
    assert sum(widths) + GAP * 2 == 30
    assert fit_cell("Pak, kampas rem yang kemarin", widths[2]).endswith("…")


def test_columns_that_say_nothing_are_left_out() -> None:
    """Empty columns, and those alike in all rows, give their room away; they come when they differ."""
    alike = [row(1, "Ani", "PESAN", "", "menunggu"), row(2, "Budi", "HARGA", "", "menunggu")]
    measured = seen(*alike)
    assert [bool(each) for each in measured.widths(COLUMNS, 80)] == [True, True, True, False, False]
    assert measured.see([row(3, "Citra", "STOK", "", "dijawab")])
    assert measured.widths(COLUMNS, 80)[4] == len("menunggu")
    # Of a single row nothing is known to be alike.
    assert seen(alike[0]).widths(COLUMNS, 80)[4]


def test_a_wider_list_cuts_nothing() -> None:
    """Given the width that it likes, nothing in a list is cut, and no more is asked for than that."""
    rows = [
        row(1, "Bengkel Maju Jaya Sentosa", "Pak, kampas rem " * 4, "tanya", "menunggu"),
        row(22, "Ani", "HARGA", "pesan", "dijawab"),
    ]
    measured = seen(*rows)
    widths = measured.widths(COLUMNS, measured.width(COLUMNS) - 2)
    for cells in rows:
        for cell, width in zip(cells, widths, strict=True):
            assert fit_cell(cell.text, width).strip() == cell.text.strip()
    assert sum(widths) + GAP * 4 + 2 == measured.width(COLUMNS)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**7), st.text("ab ", max_size=40), st.text("ab ", max_size=90),
                  st.sampled_from(["", "x", "yyyy"]), st.sampled_from(["", "menunggu"])),
        min_size=1, max_size=5,
    ),
    st.integers(30, 160),
)  # fmt: skip
def test_any_rows_fit(rows: list[tuple[int, str, str, str, str]], room: int) -> None:
    """Whatever stands in the rows, the columns fill the room and no more; more room takes none away."""
    measured = seen(*(row(*each) for each in rows))
    widths = measured.widths(COLUMNS, room)
    shown = [each for each in widths if each]
    assert sum(shown) + GAP * (len(shown) - 1) == room
    wider = measured.widths(COLUMNS, room + 20)
    assert all(before <= after for before, after in zip(widths, wider, strict=True))


@given(st.integers(0, 10**12), st.integers(2, 12), st.sampled_from(["Rp{:,}", "0{}", "{}"]))
def test_numbers_keep_their_last_digits(number: int, width: int, form: str) -> None:
    """A number that has no room loses its beginning, never its end, and says so."""
    text = form.format(number).replace(",", ".")
    told = fit_cell(text, width)
    assert cell_len(told) == width
    if len(text) > width:
        assert told.strip().startswith("…")
        assert text.endswith(told.strip()[1:])
    assert fit_cell("Kampas Rem Depan", 8) == "Kampas …"
    assert fit_cell("0813-7310-0102", 10) == "…7310-0102"
