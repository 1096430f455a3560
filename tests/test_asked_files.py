"""What a file leaves open of items: which one a name means, which price it is, what a title is."""

from pathlib import Path

import pytest

from crm_tui.cli import importing
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import headings, staging, taking_back
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports.cells import plain
from crm_tui.shop.imports.errors import ColumnsUnnamed, ItemsWithoutCodes
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


PROGRAMS: dict[str, tuple[str, list[list[object]], str, dict[str, object]]] = {
    # Lines of a form below its headings are no items.
    "tokopedia": (
        "items",
        [["Error Message", "Product ID", "Nama Produk", "Status", "SKU Name", "Harga (Rp)*", "Stok*"],
         ["", "Wajib", "", "Aktif/Nonaktif", "Opsional", "min Rp100", "0-999"],
         ["", 2149583217, "Kampas Rem", "Aktif", "KR-BEAT", 60000, 12]],
        "takes 1 title:1", {"code": "KR-BEAT", "price": 60_000},
    ),
    "wajib": (
        "items", [["Kode", "Nama", "Harga", "Stok"], ["A", "Wajib Helm", 1000, 1]], "takes 1",
        {"code": "A", "price": 1000},
    ),
    "olsera": (
        "items",
        [["product_name", "sku", "sell_price", "buy_price", "stock_qty"],
         ["Oli MPX2", "MPX2", "45000.0000", "38000.0000", "10.0000"]],
        "takes 1", {"price": 45_000, "cost": 38_000, "stock": 10},
    ),
    "no codes": ("items", [["Nama Barang", "Harga"], ["Kampas Rem", 1000]], "missing code", {}),
    "google": (
        "customers",
        [["First Name", "Last Name", "Organization Name", "Phone 1 - Value"],
         ["", "", "CV Maju", "081211111111"], ["Budi", "Santoso", "CV Jaya", "081222222222"]],
        "takes 2", {"name": "CV Maju"},
    ),
    "whatsapp": (
        "customers",
        [["Saved Name", "Public Name", "Phone Number"], ["", "Ani", "081211111111"]], "takes 1",
        {"name": "Ani"},
    ),
    "moka": (
        "sales",
        [["Date", "Event Type", "Items", "SKU", "Quantity", "Net Sales"],
         ["13-02-2025", "Payment", "Pakai Quantum x 1", "", 1, 85000]],
        "takes 1", {"code": "Pakai Quantum x 1 → PQ-R"},
    ),
    "tokopedia sales": (
        "sales",
        [["Nomor", "Nomor Invoice", "Tanggal Pesanan", "Nomor SKU", "Jumlah Produk Dibeli",
          "Total Penjualan (IDR)"], [1, "INV/1", "13/02/2025 10:15", "PQ-R", 2, 170000]],
        "takes 1", {"phone": None, "code": "PQ-R", "quantity": 2, "total": 170_000},
    ),
    "numbers": (
        "sales", [["Nomor", "Tanggal", "Total"], ["081211111111", "13/02/2025", 1000]], "takes 1",
        {"phone": "+6281211111111"},
    ),
    # A sum without a word and without a day is none of the day above.
    "by day": (
        "sales",
        [["Tanggal", "Omzet", "HPP"], ["13/02/2025", "1.250.000", 9], ["14/02/2025", "990.000", 7],
         ["", "2.240.000", 16], ["15/02/2025", "10.000", 1], ["16/02/2025", "20.000", 1],
         ["", "30.000", 2]],
        "takes 4 total:2", {"total": 1_250_000},
    ),
    # Headings in one word, and what else programs call them.
    "ipos": (
        "items",
        [["KODEITEM", "NAMAITEM", "HARGAPOKOK", "HARGAJUAL1", "STOK", "STOKMIN"],
         ["8991", "Busi", "10000.0000", "15000.0000", "12.0000", "3.0000"]],
        "takes 1", {"code": "8991", "cost": 10_000, "price": 15_000, "stock": 12, "reorder_level": 3},
    ),
    "moka items": (
        "items",
        [["Items Name (Do Not Edit)", "Variant name", "Basic - Price", "SKU", "In Stock", "COGS"],
         ["MPX2", "0.8L", 45000, "MPX-08", 12, 38000]],
        "takes 1", {"name": "MPX2 0.8L", "price": 45_000, "stock": 12, "cost": 38_000},
    ),
    "myob": (
        "items",
        [["{}"], ["Item Number", "Item Name", "Selling Price", "Standard Cost", "Inactive Item"],
         ["PQ-R", "Busi", "15.000", "10.000", "N"], ["A2", "Oli", "45.000", "1.000", "Y"]],
        "takes 1 off_sale:1", {"price": 15_000, "cost": 10_000},
    ),
    "qasir": (
        "items",
        [["Nama Produk", "Nama Varian", "Harga Jual", "Harga Modal", "Kode Varian (SKU)", "Stok"],
         ["Busi", "CPR8", 15000, 10000, "B1", 12]],
        "takes 1", {"code": "B1", "name": "Busi CPR8"},
    ),
    "ngk": (
        "items", [["STOCK NO", "TYPE", "HARGA"], ["PQ-R", "CPR8EA-9", 15000]], "takes 1",
        {"price": 15_000},
    ),
    # What was there before goods came and went is not what is there.
    "at the beginning": (
        "items",
        [["Kode", "Nama", "Stok Awal", "Masuk", "Keluar", "Harga"], ["PQ-R", "a", 10, 5, 3, 85000]],
        "asks sure:stock", {},
    ),
    "an invoice": (
        "items", [["FAKTUR PEMBELIAN"], ["Kode", "Nama", "Qty", "Harga"], ["PQ-R", "a", 5, 60000]],
        "asks money:price,sure:stock", {},
    ),
    "what sold": (
        "items", [["LAPORAN PENJUALAN"], ["Kode", "Nama", "Qty", "Harga"], ["PQ-R", "a", 5, 85000]],
        "asks sure:stock", {},
    ),
    "what is there": (
        "items",
        [["LAPORAN STOK"], ["Kode", "Nama", "Qty", "Harga"], ["PQ-R", "a", 5, 85000]],
        "takes 1",
        {"stock": 5},
    ),
    # What was bought, or came back, was not sold.
    "purchases": (
        "sales",
        [["Tgl", "Pemasok", "Kode", "Qty", "Harga", "Jumlah"],
         ["13/02/2025", "CV Jaya", "PQ-R", 5, 60000, 300000]],
        "asks unsold", {},
    ),
    "returns": (
        "sales", [["RETUR PENJUALAN"], ["Tanggal", "Kode", "Total"], ["13/02/2025", "PQ-R", 85000]],
        "asks unsold", {},
    ),
    # A column for what did not stay sold, with a yes or so many in it.
    "voided": (
        "sales",
        [["Tanggal", "Kode", "Total", "Void"], ["13/02/2025", "PQ-R", 85000, ""],
         ["13/02/2025", "PQ-S", 62000, "Y"]],
        "asks status:Void", {},
    ),
    # What has no price just now is left as it is.
    "no price just now": (
        "items", [["Kode", "Harga"], ["PQ-R", "-"], ["PQ-S", "63.000"]], "takes 1 bare:1",
        {"code": "PQ-S", "price": 63_000},
    ),
    "not voided": (
        "sales",
        [["Tanggal", "Kode", "Total", "Batal", "Retur"], ["13/02/2025", "PQ-R", 85000, "0", "Rp 0"],
         ["13/02/2025", "PQ-S", 62000, "tidak", "-"]],
        "takes 2", {},
    ),
    "so many came back": (
        "sales", [["Tanggal", "Kode", "Qty", "Retur", "Harga"], ["13/02/2025", "PQ-R", 2, 1, 85000]],
        "asks back:Retur", {},
    ),
    "changed their mind": (
        "sales",
        [["Tanggal", "Barang", "Total", "Ket"], ["13/02/2025", "Coba Dua", 25000, "tidak jadi"],
         ["14/02/2025", "Coba Dua", 25000, "lunas"]],
        "asks status:tidak jadi", {},
    ),
    # The time of a day is no second day.
    "a day and its time": (
        "sales", [["Tanggal", "Waktu", "Produk", "Total"], ["13/02/2025", "10:00", "Coba Dua", 25000]],
        "takes 1", {"total": 25_000},
    ),
    "sold for": (
        "sales", [["Tanggal", "Kode", "Qty", "Modal", "Jual"], ["13/02/2025", "PQ-R", 2, 60000, 85000]],
        "takes 1", {"total": 170_000},
    ),
    # A customer's number in the shop's books is none of a telephone's.
    "members": (
        "customers", [["Nomor Pelanggan", "Nama Member", "HP"], [10000123, "Budi", "081211112222"]],
        "takes 1", {"phones": "+6281211112222", "name": "Budi"},
    ),
    "no number at all": (
        "customers",
        [["Nomor Pelanggan", "Nama", "Alamat"], [10000123, "Budi", "Jl. A"]],
        "missing phone", {},
    ),
    "the same number": (
        "customers", [["Nama", "HP", "WA"], ["Budi", "0711-350123 ext 12", "sama"]], "takes 1",
        {"phones": "+62711350123"},
    ),
    # Of which town, nobody knows.
    "without a town": (
        "customers",
        [["Nama", "Telepon"], ["Budi", "021-5550123, 5550124"]],
        "refused 2:RowPhoneBad", {},
    ),
    "a small limit": (
        "customers", [["Nama", "HP", "Limit"], ["A", "081211112221", 500], ["B", "081211112222", 9e6]],
        "asks scale:credit_limit", {},
    ),
    "by hand": (
        "sales",
        [["Tgl", "Nama Barang", "Bnyk", "Harga", "Jumlah"], ["13/2/25", "coba dua", 2, "25rb", "50rb"]],
        "takes 1", {"code": "coba dua → CD-2-X", "quantity": 2, "total": 50_000},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_files_of_other_programs(shop: Shop, tmp_path: Path, name: str) -> None:
    """What programs, telephones and marketplaces write is taken as a person would read it."""
    kind, rows, wanted, first = PROGRAMS[name]
    made = examined(shop, staging.kind_of(kind), text(*rows), tmp_path, "a.csv")
    assert verdict(made) == wanted
    names = [each.split()[0] for each in made.kind.staged.split(", ")]
    told = dict(zip(names, made.samples[0][1], strict=True)) if made.samples else {}
    assert {each: told[each] for each in first} == first


def test_a_sum_without_a_word(shop: Shop, tmp_path: Path) -> None:
    """A line without a day that is the sum of all above, or since the last sum, is left out; of others
    somebody says whether they are."""
    _, rows, _, _ = PROGRAMS["by day"]
    made = examined(shop, import_sales.KIND, text(*rows), tmp_path, "a.csv")
    assert verdict(made) == "takes 4 total:2"
    choices = Choices(answers={"no_date": "leave"})
    made = examined(
        shop, import_sales.KIND, text(*rows, ["", "5.000", 1]), tmp_path, "b.csv", choices
    )
    assert verdict(made) == "takes 4 no_date:1 total:2"


DAYS = ["Tanggal", "Kode", "Nama Barang", "Qty", "Total"]
SOLD: list[list[object]] = [
    ["01/10/2025", "QUARTZ-1", "TOTAL QUARTZ 9000", "", "95.000"],
    ["01/10/2025", "BSI-1", "Busi", 2, "30.000"],
]


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        (["01/10/2025", "TOTAL", "", "", "125.000"], False),
        (["31/10/2025", "", "Total Penjualan Oktober 2025", 3, "999.000"], False),
        (["01/10/2025", "Jumlah", "", "", ""], False),
        (["01/10/2025", "", "Total s/d hari ini", "", "7.000"], False),
        (["02/10/2025", "", "", "", "120.000"], True),
        (["02/10/2025", "", "TOTAL QUARTZ 5000", "", "80.000"], True),
        (["02/10/2025", "TOTAL-100", "Oli", 1, "125.000"], True),
    ],
)
def test_a_sum_with_a_day(shop: Shop, tmp_path: Path, line: list[object], taken: bool) -> None:
    """A sum is left out whichever day stands beside it; what a shop sells may be called Total."""
    choices = Choices(answers={"no_item": "revenue"})
    made = examined(shop, import_sales.KIND, text(DAYS, *SOLD, line), tmp_path, "a.csv", choices)
    assert verdict(made) == ("takes 3" if taken else "takes 2 total:1")


def test_a_sum_with_a_day_and_no_word(shop: Shop, tmp_path: Path) -> None:
    """A line with a day that names nothing and is as much as those above is asked about."""
    content = text(DAYS, *SOLD, ["01/10/2025", "", "", 3, "125.000"])
    wanted = {"": "asks sum", "leave": "takes 2 total:1", "take": "takes 3"}
    for answer, told in wanted.items():
        choices = Choices(answers={"sum": answer} if answer else {})
        made = examined(shop, import_sales.KIND, content, tmp_path, "a.csv", choices)
        assert verdict(made) == told


def test_headings_in_other_words(shop: Shop, tmp_path: Path) -> None:
    """Headings that are said otherwise on the next page are no other table."""
    content = text(
        ["Nama", "No HP", "Alamat"], ["Budi", "081271001122", "A"],
        ["Pelanggan", "Telepon", "Alamat lengkap"], ["Siti", "081367112233", "B"],
    )  # fmt: skip
    made = examined(shop, import_customers.KIND, content, tmp_path, "a.csv")
    assert verdict(made) == "takes 2 heading:1"


def test_a_price_that_nobody_named(shop: Shop, tmp_path: Path) -> None:
    """A list whose price has a heading of the shop's own is shown with what is missing, and that column
    can be named, in the user's words too."""
    content = text(["Kode", "Nama", "Ambil di tempat"], ["ZZ-1", "Kampas Rem", 1000])
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv")
    assert made.plan is not None
    assert made.plan.missing == ["price"]
    with pytest.raises(ColumnsUnnamed):
        made.raise_if_bad()
    choices = importing.with_columns(made, ["Ambil di tempat=harga"]).answered("new", "add")
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv", choices)
    assert verdict(made) == "takes 1"


def test_a_column_that_was_answered_about(shop: Shop, tmp_path: Path) -> None:
    """Who answers which column is the price, and then calls it the cost, has a cost; so has who calls
    another one the price."""
    content = text(["Kode", "Het", "Netto"], ["PQ-R", 9000, 7000])
    answered = Choices(answers={"column:price": "Netto"})
    for choices, wanted in (
        (answered, ["code", None, "price"]),
        (answered.column(2, "cost"), ["code", "price", "cost"]),
        (answered.column(1, "price"), ["code", "price", None]),
    ):
        made = examined(shop, import_items.KIND, content, tmp_path, "a.csv", choices)
        assert made.plan is not None
        assert made.plan.fields == wanted, choices


@pytest.mark.parametrize(("answer", "price"), [("same", 1500), ("leave", 1000)])
def test_codes_without_their_dashes(shop: Shop, tmp_path: Path, answer: str, price: int) -> None:
    """Whether codes that a supplier writes without dashes are the shop's is asked once for all; the
    item keeps its own."""
    shop.ctx.db.execute("UPDATE items SET price = 1000 WHERE code = 'CD-2-X'")
    content = text(["Kode", "Harga"], ["CD2X", 1500])
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv")
    assert [each.key for each in made.open_questions] == ["spelt"]
    assert not made.refused
    choices = Choices(answers={"spelt": answer})
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv", choices)
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_items.KIND, tmp_path / "a.csv",
                                          choices=choices))  # fmt: skip
    found = shop.one("SELECT price FROM items WHERE code = 'CD-2-X'")
    assert found == price
    assert shop.one("SELECT count(*) FROM items WHERE code = 'CD2X'") == 0


def test_a_list_without_codes(shop: Shop, tmp_path: Path) -> None:
    """Whoever has no codes is told how to come by some."""
    (tmp_path / "a.csv").write_bytes(text(["Nama Barang", "Harga"], ["Kampas Rem", 1000]))
    with pytest.raises(ItemsWithoutCodes):
        staging.stage(shop.ctx, import_items.KIND, tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("written", "asked", "stocks"),
    [
        ("Habis", "gone:stock", {"zero": 0, "unknown": None}),
        ("KOSONG.", "gone:stock", {"zero": 0}),
        ("ready", "there:stock", {"unknown": None}),
        ("± 3", "about:stock", {"take": 3, "unknown": None}),
        ("kira-kira 12 pcs", "about:stock", {"take": 12}),
        ("20an", "about:stock", {"take": 20}),
        ("2 dus @12", "packs:stock", {"take": 24, "packs": 2}),
        ("3 box isi 10 pcs", "packs:stock", {"take": 30}),
        ("1 lusin", "packs:stock", {"take": 12, "packs": 1}),
    ],
)
def test_a_stock_that_nobody_counted(
    shop: Shop, tmp_path: Path, written: str, asked: str, stocks: dict[str, int | None]
) -> None:
    """A stock in words, in packs or by guess is asked about, and is what was answered."""
    content = text(
        ["Kode", "Nama", "Harga", "Stok"], ["A", "Aki", 85000, written], ["B", "Ban", 9000, 4]
    )
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv")
    assert verdict(made) == f"asks {asked}"
    for answer, stock in stocks.items():
        choices = Choices(answers={asked: answer})
        made = examined(shop, import_items.KIND, content, tmp_path, "a.csv", choices)
        assert verdict(made) == "takes 2"
        assert made.samples[0][1][5] == stock


@pytest.mark.parametrize("written", ["2 dus", "lusin", "3 atau 4", "12 @", "5an"])
def test_a_stock_that_nobody_can_read(shop: Shop, tmp_path: Path, written: str) -> None:
    """Packs of which nobody says how many pieces are in them are refused by their line."""
    content = text(["Kode", "Nama", "Harga", "Stok"], ["A", "Aki", 85000, written])
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv")
    assert verdict(made) == "refused 2:RowNumberBad"


def test_a_table_of_something_else_below(shop: Shop, tmp_path: Path) -> None:
    """Suppliers below the items are asked about once, not refused line by line; items go on where
    their headings stand again."""
    head = ["Kode", "Nama", "Harga Jual", "Stok"]
    content = text(
        head, ["A1", "Aki", 230000, 3], [], ["DAFTAR SUPPLIER"], ["Kode", "Nama", "Telepon", "Kota"],
        ["S1", "CV Jaya", "0711-355123", "Palembang"], ["S2", "PT Maju", "0711355999", 5], head,
        ["A2", "Ban", 9000, 1],
    )  # fmt: skip
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv")
    assert verdict(made) == "asks below"
    choices = Choices(answers={"below": "leave"})
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv", choices)
    assert verdict(made) == "takes 2 below:3 heading:1 title:1"


def test_a_day_on_which_nothing_was_sold(shop: Shop, tmp_path: Path) -> None:
    """A day with a dash beside it is left out; a line that names something without a sum is refused."""
    rows = [["01/10/2025", "", "1.250.000"], ["02/10/2025", "", "-"], ["03/10/2025", "", ""]]
    head = ["Tanggal", "Pelanggan", "Omzet"]
    made = examined(shop, import_sales.KIND, text(head, *rows), tmp_path, "a.csv")
    assert verdict(made) == "takes 1 nothing:2"
    made = examined(
        shop, import_sales.KIND, text(head, *rows, ["04/10/2025", "Budi", ""]), tmp_path, "b.csv"
    )
    assert verdict(made) == "refused 5:RowTotalMissing"


@pytest.mark.parametrize(
    ("head", "kind", "name"),
    [("STK", "items", "stock"), ("QTY OH", "items", "stock"),
     ("Limit Hutang", "customers", "credit_limit"), ("Disc%", "sales", "discount"),
     ("Disk (%)", "sales", "discount")],
)  # fmt: skip
def test_other_headings(head: str, kind: str, name: str) -> None:
    """What shops write above columns."""
    assert headings.aliases(kind).meanings(head) == ((name,), True)


def test_what_was_there_first(shop: Shop, tmp_path: Path) -> None:
    """Of what there was at first and what is left, what is left is the stock."""
    content = text(["Kode", "Nama", "Harga", "Stok Awal", "Sisa"], ["A1", "Aki", 230000, 9, 4])
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv")
    assert (verdict(made), made.samples[0][1][5]) == ("takes 1", 4)


def test_codes_that_a_program_reckoned_with(shop: Shop, tmp_path: Path) -> None:
    """A code that became 1001.0 is asked about, and is what was answered."""
    content = text(["Kode", "Nama", "Harga"], ["1001.0", "Aki", 85000], ["B", "Ban", 9000])
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv")
    assert verdict(made) == "asks decimal:code,new"
    for answer, code in (("whole", "1001"), ("text", "1001.0")):
        choices = Choices(answers={"decimal:code": answer, "new": "add"})
        made = examined(shop, import_items.KIND, content, tmp_path, "a.csv", choices)
        assert (verdict(made), made.samples[0][1][0]) == ("takes 2", code)


@pytest.mark.parametrize(
    ("cell", "told"),
    [("Lampu Ã˜35 â€“ LED", "Lampu Ø35 – LED"), ("SÃO JOÃO", "SÃO JOÃO"), ("CafÃ©", "Café"),
     ("Ø35", "Ø35")],
)  # fmt: skip
def test_texts_read_in_the_wrong_alphabet(cell: str, told: str) -> None:
    """What a program read in the wrong alphabet is what it was; what was written so stays."""
    assert plain(cell) == told


def test_headings_below_others(shop: Shop, tmp_path: Path) -> None:
    """Two places below one “Stok” are a choice, not nothing."""
    rows: list[list[object]] = [
        ["No", "Barang", "", "Harga", "", "Stok", ""],
        ["", "Kode", "Nama", "Beli", "Jual", "Toko", "Gudang"], [1, "A1", "Busi", 9000, 13000, 3, 10],
    ]  # fmt: skip
    made = examined(shop, import_items.KIND, text(*rows), tmp_path, "a.csv")
    assert verdict(made) == "asks column:stock"
    choices = Choices(answers={"column:stock": "Stok Gudang"})
    made = examined(shop, import_items.KIND, text(*rows), tmp_path, "a.csv", choices)
    assert (verdict(made), made.samples[0][1][5]) == ("takes 1", 10)


def test_who_wants_promos_in_other_words(shop: Shop, tmp_path: Path) -> None:
    """Consent in the words of shops; all numbers of a customer, whatever stands above them."""
    rows = [["Budi", "081271001122", "0711-355123", "mau"], ["Siti", "081367112233", "", "tdk"]]
    rows.append(["Tono", "081367112244", "", "√"])
    content = text(["Nama Pelanggan", "Kontak 1", "Kontak 2", "Promo"], *rows)
    made = examined(shop, import_customers.KIND, content, tmp_path, "a.csv")
    assert verdict(made) == "takes 3"
    assert [values[-1] for _, values in made.samples] == ["yes", "stopped", "yes"]
    assert made.samples[0][1][0] == "+6281271001122 +62711355123"
