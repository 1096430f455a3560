"""What a file leaves open of items: which one a name means, which price it is, what a title is."""

from pathlib import Path

import pytest

from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging, taking_back
from crm_tui.shop.imports.questions import Choices
from tests.shop import Shop
from tests.test_files import examined, text, verdict
from tests.test_rewards import sell


def test_a_book_that_names_items(shop: Shop, tmp_path: Path) -> None:
    """An item that a book calls by its name, however that is spelt, is found by it, in the column of
    codes or one of its own; which of several it is, is asked. What is no item is told, and may be left
    out. A book saved again is listed with the sales that came in of it."""
    lines = [
        ["03/02/2025", "PQ-R", "1", "10000"],
        ["04/02/2025", "COBA  dua", "2", "30000"],
        ["14/02/2025", "stang seher", "1", "5000"],
    ]
    for head in (["Tanggal", "Kode", "Jumlah", "Total"], ["Tgl", "NAMA BARANG", "Qty", "Total"]):
        made = examined(shop, import_sales.KIND, text(head, *lines), tmp_path, "a.csv")
        assert made.asks.questions["no_item"].params["count"] == 1
        assert "Coba Dua → CD-2-X".casefold() in str(made.samples[1][1][3]).casefold()
    choices = Choices(answers={"no_item": "leave"})
    made = examined(shop, import_sales.KIND, text(head, *lines), tmp_path, "l.csv", choices)
    assert verdict(made) == "takes 2 no_item:1"
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, tmp_path / "a.csv"))
    sold = shop.rows("SELECT code, quantity FROM sale_lines ORDER BY sale_id")
    assert [(row["code"], row["quantity"]) for row in sold] == [("PQ-R", 1), ("CD-2-X", 2)]
    lines.append(["15/02/2025", "PQ-R", "1", "10000"])
    (tmp_path / "b.csv").write_bytes(text(head, *lines))
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, tmp_path / "b.csv"))
    assert [row["total"] for row in taking_back.candidates(shop.ctx)] == [1, 3]


def test_a_name_that_several_items_have(shop: Shop, tmp_path: Path) -> None:
    """Which of several items of one name an old book means is asked, with none of them as an answer."""
    shop.rows("UPDATE items SET name = 'Pakai Sedang' WHERE code = 'PQ-R' RETURNING id")
    content = text(
        ["Tanggal", "Nama Barang", "Nama Pelanggan", "Qty", "Total"],
        ["13/02/2025", "pakai sedang", "Ani", 1, 62000],
        ["14/02/2025", "Anu Bagian Satu", "", 1, 10000],
    )  # fmt: skip
    made = examined(shop, import_sales.KIND, content, tmp_path, "a.csv")
    assert verdict(made) == "asks item:pakai sedang"
    (tmp_path / "b.csv").write_bytes(content)
    for answer, wanted in (("-", ["AB-1"]), ("PQ-S", ["PQ-S", "AB-1"])):
        choices = Choices(answers={"item:pakai sedang": answer})
        staged = staging.stage(shop.ctx, import_sales.KIND, tmp_path / "b.csv", choices=choices)
        staging.merge(shop.ctx, staged)
        sold = shop.rows("SELECT code FROM sale_lines ORDER BY sale_id")
        assert [row["code"] for row in sold] == wanted
        taking_back.take_back(shop.ctx, taking_back.candidates(shop.ctx)[0]["id"])


def test_a_book_of_what_the_counter_sold(shop: Shop, tmp_path: Path) -> None:
    """What was sold at the counter is left out of a book that names the item, as often."""
    sell(shop, "PQ-S", None)
    day = f"{shop.clock.now().astimezone():%d/%m/%Y}"
    rows = [[day, name, 1, 62000] for name in ("pakai SEDANG", "Pakai Quantum")]
    content = text(["Tanggal", "Nama Barang", "Qty", "Total"], *rows)
    made = examined(shop, import_sales.KIND, content, tmp_path, "a.csv")
    assert verdict(made) == "takes 1 again:1"


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("Nama", "asks named:name"), ("Nama Barang", "takes 1"), ("Uraian", "takes 1"),
        ("Nama,Nama Pelanggan", "takes 1"), ("Nama,Kode", "takes 1"), ("Nama,No HP", "takes 1"),
    ],
)  # fmt: skip
def test_who_or_what_is_named(shop: Shop, tmp_path: Path, head: str, wanted: str) -> None:
    """Where nothing else tells what was sold, or to whom, “Nama” may be either, and is asked about."""
    names = head.split(",")
    told_ = ["Coba Dua", *[""] * (len(names) - 1)]
    content = text(["Tanggal", *names, "Qty", "Harga"], ["13/02/2025", *told_, 1, 1000])
    assert verdict(examined(shop, import_sales.KIND, content, tmp_path, "a.csv")) == wanted
    if wanted != "takes 1":
        for answer, known in (("item", "code"), ("name", "name")):
            choices = Choices(answers={wanted.removeprefix("asks "): answer})
            made = examined(shop, import_sales.KIND, content, tmp_path, "a.csv", choices)
            names_ = [each.split()[0] for each in made.kind.staged.split(", ")]
            told = dict(zip(names_, made.samples[0][1], strict=True))
            assert str(told[known]).startswith("Coba Dua")


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("NETTO", "asks money:price"), ("HET", "takes 1"), ("H.Jual", "takes 1"),
        ("DPP", "asks money:price"),
        ("Harga Net", "asks money:price"), ("Nett", "asks money:price"), ("Harga Baru", "takes 1"),
        ("Harga Dealer", "asks money:price"), ("HET,NETTO,DPP", "asks column:price"),
        ("Harga Baru,Nett", "asks column:price"), ("Harga Jual,DPP", "takes 1"),
        ("Harga Beli,NETTO", "asks sure:price"),
    ],
)  # fmt: skip
def test_prices_as_suppliers_call_them(shop: Shop, tmp_path: Path, head: str, wanted: str) -> None:
    """What may be the price at which the shop sells, or what it pays, is asked; of several one is."""
    names = head.split(",")
    content = text(["Kode", *names], ["PQ-R", *(f"{90 + at}.000" for at in range(len(names)))])
    assert verdict(examined(shop, import_items.KIND, content, tmp_path, "a.csv")) == wanted
    if wanted == "asks money:price":
        for answer, field in (("price", "price"), ("cost", "cost")):
            choices = Choices(answers={"money:price": answer})
            made = examined(shop, import_items.KIND, content, tmp_path, "a.csv", choices)
            assert list(made.preview.changed["PQ-R"]) == [field]


GROUPED: dict[str, tuple[list[list[object]], str]] = {
    "in names": ([["", "OLI", "", ""], ["A", "Oli", 1000, 1], ["", "BAN DALAM", "", ""],
                  ["B", "Ban", 2000, 1]], "asks category"),
    "in codes": ([["OLI", "", "", ""], ["A", "Oli", 1000, 1], ["BAN DALAM", "", "", ""],
                  ["B", "Ban", 2000, 1]], "asks category"),
    "told": ([["Kategori: OLI", "", "", ""], ["A", "Oli", 1000, 1], ["Kategori : BAN DALAM"],
              ["B", "Ban", 2000, 1]], "asks category"),
    "of pages": ([["A", "Oli", 1000, 1], ["Halaman 2", "", "", ""], ["B", "Ban", 2000, 1],
                  ["Dicetak oleh Sari"]], "takes 2 title:2"),
    "codes alone": ([["A-1", "", "", ""], ["B", "Ban", 2000, 1]], "takes 1 title:1"),
}  # fmt: skip


@pytest.mark.parametrize("name", GROUPED)
def test_titles_within_a_list(shop: Shop, tmp_path: Path, name: str) -> None:
    """A title above items is asked about, and is their category if somebody says so; what tells of
    pages, or has nothing below, is none."""
    rows, wanted = GROUPED[name]
    head = ["Kode", "Nama", "Harga", "Stok"]
    content = text(head, *rows)
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv")
    assert verdict(made) == wanted
    if wanted != "asks category":
        return
    assert made.asks.questions["category"].params["example"] == "OLI, BAN DALAM"
    for answer, told in (("category", ["OLI", "BAN DALAM"]), ("title", [None, None])):
        choices = Choices(answers={"category": answer})
        made = examined(shop, import_items.KIND, content, tmp_path, "a.csv", choices)
        assert [row[1][7] for row in made.samples] == told
    # A column of its own tells it better.
    told_ = [[*row, "Oli"] if len(row) == 4 and row[2] else row for row in rows]
    made = examined(shop, import_items.KIND, text([*head, "Kategori"], *told_), tmp_path, "b.csv")
    assert verdict(made) == "takes 2 title:2"


def test_numbered_titles(shop: Shop, tmp_path: Path) -> None:
    """A title may have the number of its group before it."""
    content = text(
        ["No", "Kode", "Nama", "Harga"], ["I", "", "OLI", ""], [1, "A", "Oli", 1000],
        ["II", "BAN", "", ""], [1, "B", "Ban", 2000],
    )  # fmt: skip
    choices = Choices(answers={"category": "category", "new": "add"})
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv", choices)
    assert verdict(made) == "takes 2 title:2"
    assert [row[1][7] for row in made.samples] == ["OLI", "BAN"]
