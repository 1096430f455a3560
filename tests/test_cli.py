"""The command line: bad input gets one clear sentence, an exit code, and changes nothing."""

import contextlib
import csv
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from crm_tui import check_result, cli, sqlite
from crm_tui.cli.place import Place
from crm_tui.errors import Problem
from crm_tui.shop.gate.folder import store_path
from crm_tui.shop.imports import items as import_items
from crm_tui.store import Store
from tests.peers import BIN, copied, crm, end, founded, quick_worker, run, simulator, until
from tests.shop import ITEMS


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = founded(tmp_path_factory.mktemp("muster") / "toko")
    crm(folder, "import", "items", str(ITEMS))
    return folder


@pytest.fixture
def toko(pattern: Path, tmp_path: Path) -> Path:
    """A shop with items."""
    return copied(pattern, tmp_path / "toko")


def test_a_strange_copy_is_looked_through(pattern: Path, tmp_path: Path) -> None:
    """The first program that opens a shop which somebody else has copied checks it."""
    folder = Path(shutil.copytree(pattern, tmp_path / "salinan"))
    path = store_path(folder)
    assert not check_result.read(path).at
    crm(folder, "report", "stock")
    assert check_result.read(path).at


def fails(folder: Path, *words: str, given: str | None = None) -> str:
    return crm(folder, *words, given=given, ok=False)


def code_of(*words: str) -> int:
    return run(*words).code


def test_version_is_quick() -> None:
    """--version needs no screen: Textual is not imported."""
    script = (
        "import sys; sys.argv=['crm-tui','--version']\n"
        "from crm_tui.cli.commands import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('textual','rich','openpyxl')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert done.stdout.startswith("crm-tui, version ")


@pytest.mark.parametrize(
    ("words", "folder", "language"),
    [
        ("", "", ""), ("--data toko", "toko", ""), ("--data=a=b --lang en", "a=b", "en"),
        ("--data x --data y", "y", ""), ("--lang=id", "", "id"),
        *((words, None, None) for words in (
            "demo", "--help", "--version", "--data", "--data=", "--lang fr", "--data toko check",
            "--data x=--lang id", "-d toko", "--data -h", "--data pyproject.toml",
        )),
    ],
)  # fmt: skip
def test_the_screens_are_opened_without_click(
    words: str, folder: str | None, language: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing but a folder and a language are named; what else there is, right or wrong, is
    click's."""
    monkeypatch.delenv("CRM_TUI_DATA", raising=False)
    monkeypatch.delenv("CRM_TUI_LANG", raising=False)
    place = cli.of_the_screens(words.split())
    if folder is None:
        assert place is None
    else:
        assert place is not None
        assert place.folder == (Path(folder) if folder else Place().folder)
        assert place.chosen_language == (language or None)


def test_core_without_textual() -> None:
    """The worker and the shop run where Textual is not installed."""
    script = (
        "import sys; sys.modules['textual'] = None; sys.modules['rich'] = None\n"
        "import crm_tui.gateway, crm_tui.cli, crm_tui.shop.reports, crm_tui.simulator.protocol_sim"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_exit_codes(tmp_path: Path) -> None:
    """Usage errors exit with 2, bad input with 1, help with 0."""
    assert code_of() == 0
    assert code_of("--help") == 0
    assert code_of("nonsense") == 2
    assert code_of("confirm") == 2
    assert code_of("--data", str(tmp_path), "confirm", "1") == 1


def test_language(tmp_path: Path) -> None:
    """Sentences are Indonesian, or English when asked for."""
    assert "Belum ada toko" in fails(tmp_path, "report", "orders")
    assert "There is no shop" in fails(tmp_path, "--lang", "en", "report", "orders")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["import", "items", "x", "--yes"], "Maksudnya '--errors'?"),
        (["report", "sales", "--format"], "perlu nilai"),
        (["report", "sales", "--format", "docx"], "bukan salah satu dari 'table'"),
        (["report", "sales", "stock", "orders"], "Ada argumen berlebih (stock orders)"),
    ],
)
def test_what_click_says_of_one_or_many(tmp_path: Path, words: list[str], says: str) -> None:
    """The sentences of the library that know a plural are Indonesian, too."""
    assert says in fails(tmp_path, *words)


@pytest.mark.parametrize(
    ("words", "given", "says"),
    [
        (["init", "--shop", "X", "--admin", "bos"], "kuda lumping\nkuda kepang\n", "berbeda"),
        (["init", "--shop", "X", "--admin", "bos"], "abc\nabc\n", "paling sedikit"),
        (["init", "--shop", "X", "--admin", "bos"], "", "paling sedikit"),
        (["init", "--shop", " ", "--admin", "bos"], "kuda lumping\nkuda lumping\n", "perlu nama"),
        (
            ["init", "--shop", "X", "--admin", "a b"],
            "kuda lumping\nkuda lumping\n",
            "Nama pengguna",
        ),
    ],
)
def test_bad_init(tmp_path: Path, words: list[str], given: str, says: str) -> None:
    """A shop that cannot be founded is not there afterwards."""
    told = fails(tmp_path / "toko", *words, given=given)
    assert says in told
    assert len(told.splitlines()) == 1
    assert not (tmp_path / "toko").exists()


def test_second_init(toko: Path) -> None:
    """A shop that is there stays as it is."""
    told = fails(
        toko, "init", "--shop", "Lain", "--admin", "lain", given="kuda lumping\nkuda lumping\n"
    )
    assert "Toko Uji" in told


HEAD = "code,name,unit,price,stock\n"
GOOD = "".join(f"N-{number},Barang {number},pcs,1000,1\n" for number in range(15))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "kosong"),
        (b" \n\n", "kosong"),
        ((HEAD + GOOD + "N-16,Salah,pcs,abc,1\n").encode(), "baris 17: price berisi abc"),
        ((HEAD + GOOD + "N-16,Salah,pcs,-5,1\n").encode(), "baris 17: price berisi -5"),
        ((HEAD + GOOD + "N-16,Salah,pcs,,1\n").encode(), "baris 17: price"),
        ((HEAD + GOOD + "N-16,Salah,pcs,1.5,1\n").encode(), "baris 17: price berisi 1.5"),
        ((HEAD + GOOD + "N-16,Salah,pcs,5,9999999999999999999\n").encode(), "baris 17: stock"),
        (
            (HEAD + GOOD + "N-3,Dua kali,pcs,5,1\n").encode(),
            "baris 17: kode N-3 sudah ada di baris 5",
        ),
        (
            (HEAD + GOOD + "N3,Mirip,pcs,5,1\n").encode(),
            "baris 17: kode N3 tidak bisa dibedakan dari N-3",
        ),
        ((HEAD + GOOD + "---,Tanpa,pcs,5,1\n").encode(), "baris 17: --- bukan kode"),
        ((HEAD + GOOD + ",Tanpa,pcs,5,1\n").encode(), "baris 17: kode kosong"),
        ((HEAD + GOOD + "N-16,,pcs,5,1\n").encode(), "baris 17: nama kosong"),
        ((HEAD + GOOD).encode() + b"N-16,Caf\x81,pcs,5,1\n", "baris 17 tidak bisa dibaca"),
        (bytes(range(256)) * 20, "bukan CSV maupun XLSX"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "bukan CSV maupun XLSX"),
        (b"PK\x03\x04 broken", "bukan CSV maupun XLSX"),
        (b"\xff\xfeq", "bukan CSV maupun XLSX"),
        (b"kode;nama\nA;B\n", "price (harga)"),
    ],
)
def test_bad_items(toko: Path, tmp_path: Path, content: bytes, says: str) -> None:
    """A file that cannot be taken is told by line and reason, and nothing of it is imported."""
    file = tmp_path / "barang.csv"
    file.write_bytes(content)
    before = crm(toko, "import", "items", "--dry-run", str(ITEMS))
    assert says in fails(toko, "import", "items", str(file))
    assert crm(toko, "import", "items", "--dry-run", str(ITEMS)) == before


def test_missing_file(toko: Path) -> None:
    """A file that is not there is told of."""
    assert "Tidak ada berkas" in fails(toko, "import", "items", "tidak-ada.csv")


def test_items_with_indonesian_headings(toko: Path, tmp_path: Path) -> None:
    """Headings, separators and numbers as people write them are taken; so is a workbook."""
    file = tmp_path / "barang.csv"
    file.write_text(
        "Kode;Nama Barang;Satuan;Harga Jual;Stok;Kategori\nZ-9;Zat;pcs;Rp 85.000;1.200;Lain\n",
        "utf-8-sig",
    )
    assert "baru: Z-9" in crm(toko, "import", "items", "--dry-run", str(file))
    assert "1 barang baru" in crm(toko, "import", "items", str(file))
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["kode", "nama", "satuan", "harga", "stok"])
    book.active.append(["Z-9", "Zat", "pcs", 90000, 1000])
    book.save(tmp_path / "barang.xlsx")
    told = crm(toko, "import", "items", "--dry-run", str(tmp_path / "barang.xlsx"))
    assert "Z-9  Zat: Harga Rp85.000 → Rp90.000, Stok 1200 → 1000" in told
    assert "1 berubah" in crm(toko, "import", "items", str(tmp_path / "barang.xlsx"))
    # Sales that are new are not called unchanged.
    sales = tmp_path / "buku.csv"
    sales.write_text("tanggal;kode;jumlah;total\n13/11/2024;Z-9;1;90000\n", "utf-8")
    told = crm(toko, "import", "sales", "--dry-run", str(sales))
    assert "penjualan: 1" in told
    assert "tetap" not in told.split()
    connection = sqlite.connect(toko / "crm.db")
    assert (
        connection.execute("SELECT on_hand FROM stock ORDER BY item_id DESC LIMIT 1").fetchone()[0]
        == 1000
    )
    assert connection.execute(
        "SELECT before, after FROM price_changes ORDER BY id DESC LIMIT 1"
    ).fetchone() == (85000, 90000)
    connection.close()


def test_damaged_workbooks(toko: Path, tmp_path: Path) -> None:
    """A workbook with any part cut, emptied or replaced is told of, whatever breaks."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["kode", "nama", "satuan", "harga", "stok"])
    book.active.append(["Z-9", "Zat", "pcs", 90000, 1000])
    whole = tmp_path / "barang.xlsx"
    book.save(whole)
    with zipfile.ZipFile(whole) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for broken in members:
        for content in (members[broken][: len(members[broken]) // 2], b"", b"<a/>"):
            made = tmp_path / "rusak.xlsx"
            with zipfile.ZipFile(made, "w") as archive:
                for name, data in members.items():
                    archive.writestr(name, content if name == broken else data)
            with contextlib.suppress(Problem):
                import_items.read_file(made)


def test_blank_first_line(tmp_path: Path) -> None:
    """A blank line before the headings changes nothing."""
    file = tmp_path / "barang.csv"
    file.write_text("\nkode;nama;satuan;harga;stok\nZ-9;Zat;pcs;90000;1\n", "utf-8")
    assert [row.code for row in import_items.read_file(file)] == ["Z-9"]


def test_damaged_store(toko: Path) -> None:
    """Damage that shows in the middle of a report is told, not thrown."""
    path = toko / "crm.db"
    # What is in its log is brought to its place: that would be a change.
    Store(path).close()
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (path.stat().st_size - 8192))
    before = path.read_bytes()
    assert "rusak" in fails(toko, "report", "messages")
    assert "rusak" in fails(toko, "confirm", "1")
    assert path.read_bytes() == before


def test_gateway_refusals(toko: Path, tmp_path: Path) -> None:
    """No port, a port in use, no SIM, a wrong PIN, a second worker: each one sentence."""
    assert "Tidak ada modem di /dev/tty-tidak-ada" in fails(
        toko, "gateway", "--port", "/dev/tty-tidak-ada"
    )
    assert "Tidak ada port" in fails(toko, "gateway", "--port", "auto")
    with simulator(tmp_path) as modem:
        first = quick_worker(toko, modem.port)
        try:
            until(lambda: "ready" in state(toko))
            assert "sudah melayani modem" in fails(toko, "gateway", "--port", str(modem.port))
            other = founded(tmp_path / "lain")
            assert "dipakai program lain" in fails(other, "gateway", "--port", str(modem.port))
        finally:
            end(first)
        modem.do("fault", sim="MISSING")
        assert "Tidak ada kartu SIM" in fails(toko, "gateway", "--port", str(modem.port))
        modem.do("fault", sim="PIN")
        assert "meminta PIN" in fails(toko, "gateway", "--port", str(modem.port))
        assert "modem.pin -" in fails(toko, "settings", "modem.pin", "9999")
        crm(toko, "settings", "modem.pin", "-", given="9999\n")
        assert "tidak diubah" in fails(toko, "settings", "modem.pin", "-", given="")
        assert "menolak PIN" in fails(toko, "gateway", "--port", str(modem.port))
        assert "menolak PIN" in fails(toko, "gateway", "--port", str(modem.port))
        assert "9999" not in crm(toko, "settings", "modem.pin")
        modem.do("fault", silent=True)
        assert "tidak menjawab" in fails(toko, "gateway", "--port", str(modem.port))


def state(folder: Path) -> str:
    connection = sqlite.connect(folder / "crm.db")
    row = connection.execute("SELECT state FROM gateway").fetchone()
    connection.close()
    return str(row[0]) if row else ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["confirm", "99"], "Tidak ada pesanan nomor 99"),
        (["reject", "99", "--reason", "x"], "Tidak ada pesanan nomor 99"),
        (["send", "bukan", "Halo"], "bukan nomor telepon"),
        (["send", "+6281234567890", ""], "kosong"),
        (["send", "+6281234567890", "x" * 100_000], "terlalu panjang"),
        (["report", "apa"], "Tidak ada laporan bernama apa"),
        (["report", "orders", "--from", "kemarin"], "kemarin bukan tanggal"),
        (["settings", "apa.saja", "1"], "Tidak ada pengaturan"),
        (["settings", "sms.limit_day", "banyak"], 'tidak bisa diisi "banyak"'),
        (["settings", "reply.price", "{lines} {rahasia}"], "{lines}"),
        (["read", "PESAN AB-1", "--from", "siapa"], "bukan nomor telepon"),
    ],
)
def test_bad_words(toko: Path, words: list[str], says: str) -> None:
    """Whatever is wrong is one line that says what."""
    told = fails(toko, *words)
    assert says in told
    assert len(told.splitlines()) == 1


def test_read(toko: Path) -> None:
    """`read` shows what would happen, and nothing does."""
    told = json.loads(crm(toko, "read", "PESAN AB-1 9", "--format", "json"))
    assert told["read_as"] == "unavailable"
    assert told["wishes"] == [{"kind": "order", "lines": [{"code": "AB-1", "quantity": 9}]}]
    assert "AB-1 sisa 5" in told["reply"]
    assert json.loads(crm(toko, "report", "messages", "--format", "json")) == []


def test_reports(toko: Path, tmp_path: Path, hostile: str) -> None:
    """Reports come as table, CSV, JSON and workbook; hostile text is text in all of them."""
    if not hostile.strip():
        return
    # As long as an SMS by hand can be.
    hostile = hostile[:1_000]
    crm(toko, "send", "+6281234567890", hostile)
    told = json.loads(crm(toko, "report", "messages", "--format", "json"))
    assert told[0]["text"] == hostile
    assert list(told[0]) == ["id", "direction", "kind", "at", "phone", "text", "status", "status_at",
                             "read_as", "wishes", "reply_to", "order", "reason"]  # fmt: skip
    for form in ("table", "csv", "json"):
        shown = crm(toko, "report", "messages", "--format", form)
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown) or form == "csv"
    crm(toko, "report", "messages", "--format", "xlsx")
    sheet = openpyxl.load_workbook(toko / "exports" / "messages.xlsx")["Data"]
    assert sheet is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.freeze_panes == "A2"
    saved = tmp_path / "pesan.csv"
    crm(toko, "report", "messages", "--format", "csv", "-o", str(saved))
    assert not re.search(r"(?m)(^|,)\"?=", saved.read_text("utf-8"))


def test_story() -> None:
    """The practice day is told in words, in both languages, and ends well, in whatever zone the
    computer is."""
    told = (("id", "Hari ini dalam angka", "UTC"), ("en", "The day in figures", "America/New_York"))
    for language, word, zone in told:
        done = run("--lang", language, "demo", "--story", env={"TZ": zone})
        assert (done.code, done.err) == (0, "")
        assert word in done.out
        assert "\n08:0" in done.out
        assert "Maaf, pesanan 2 tidak dapat kami penuhi" in done.out


def test_module() -> None:
    """`python -m crm_tui` is the program."""
    done = subprocess.run(
        [str(BIN / "python"), "-m", "crm_tui", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "version" in done.stdout


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_our_own_exports_come_back_in(toko: Path, tmp_path: Path, form: str) -> None:
    """What the program wrote of items and customers can be imported as it is, and changes nothing."""
    people = tmp_path / "orang.csv"
    people.write_text("nama;hp;alamat\nAni;081211111111;Jl. 1\n=Budi;081211111112;\n", "utf-8")
    crm(toko, "import", "customers", str(people))
    for name, kind, told in (
        ("stock", "items", "0 barang baru, 0 berubah"),
        ("customers", "customers", "0 pelanggan baru, 0 berubah, 2"),
    ):
        file = tmp_path / f"{name}.{form}"
        crm(toko, "report", name, "--format", form, "-o", str(file))
        assert told in crm(toko, "import", kind, str(file))


BAD = "Kode;Nama;Harga;Harga Jual;Stok\nA;Aki;6.000;8.500;1\nB;Busi;600;x;1\nC;;600;850;y\n"


def test_a_file_that_leaves_something_open(toko: Path, tmp_path: Path) -> None:
    """Without a terminal a question is told with its answers and refused; an option answers it. All bad
    lines are written into a file, with column, value and reason."""
    file, errors = tmp_path / "barang.csv", tmp_path / "salah.csv"
    file.write_text(BAD, "utf-8")
    told = fails(toko, "import", "items", str(file))
    assert '--answer "column:price=Harga Jual"' in told
    chosen = ("--answer", "column:price=Harga Jual", "--column", "Harga=cost")
    told = fails(toko, "import", "items", *chosen, "--errors", str(file), str(file))
    assert "sedang diimpor" in told
    assert file.read_text("utf-8") == BAD
    told = fails(toko, "import", "items", *chosen, "--errors", str(errors), str(file))
    assert "baris 3" in told
    with errors.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["Baris"], row["Kolom"], row["Isi"]) for row in rows] == [
        ("3", "Harga Jual", "x"), ("4", "Stok", "y"),
    ]  # fmt: skip
    assert all("angka bulat" in row["Sebab"] for row in rows)
    file.write_text(BAD.split("B;")[0], "utf-8")
    told = crm(toko, "import", "items", *chosen, "--dry-run", str(file))
    assert "Harga Jual  → Harga" in told.replace("Harga Jual →", "Harga Jual  →")
    assert "baru: A" in told
    crm(toko, "import", "items", *chosen, str(file))
    assert "0 barang baru, 0 berubah, 1" in crm(toko, "import", "items", str(file))
    assert "bukan jawaban" in fails(toko, "import", "items", "--answer", "x", str(file))
    assert "Tidak ada kolom" in fails(toko, "import", "items", "--column", "X=price", str(file))


def test_a_sales_book_taken_back(toko: Path, tmp_path: Path) -> None:
    """A sales book is listed with its number, and taken back by it."""
    file = tmp_path / "buku.csv"
    file.write_text("tanggal;total\n13/02/2025;5000\n", "utf-8")
    crm(toko, "import", "sales", str(file))
    number = crm(toko, "import", "back").split()[0]
    assert "1 penjualan dibatalkan" in crm(toko, "import", "back", number)
    assert "Belum ada buku" in crm(toko, "import", "back")


def test_json_is_obeyed_by_no_terminal() -> None:
    """What programs read of the command line is ASCII: signs from 128 on are escaped, the controls of
    8-bit terminals among them."""
    for path in Path(cli.__file__).parent.glob("*.py"):
        assert "ensure_ascii" not in path.read_text("utf-8"), path.name
    assert json.dumps("\x9b2J") == '"\\u009b2J"'
