"""Anything at all, by chance: PDUs, lines of a modem, texts of customers, files. A small part each
time, and in `make soak` a million PDUs and octets of lines, 100,000 texts, 10,000 files.

Nothing but the errors that are said is raised, and nothing takes more steps than its bound.
"""

import contextlib
import io
import itertools
import random
import sys
import zipfile
from pathlib import Path
from types import FrameType

import openpyxl
import pytest

from crm_tui.errors import Problem
from crm_tui.gsm import pdu
from crm_tui.gsm.errors import ModemProblem, PduProblem
from crm_tui.reading import read
from crm_tui.reading.following import Following
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.tagging import tag
from crm_tui.reading.wishes import Conversation, Line
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import staging
from crm_tui.shop.items.catalogue import Catalogue
from tests.conftest import HOSTILE
from tests.shop import Shop
from tests.test_line import line_of
from tests.test_strange_files import read as read_file

SHARDS = 10
"""Each of a soak's parts is one of so many, so that they go on side by side."""


def shards(daily: int, soak: int) -> pytest.MarkDecorator:
    """`chance`: of the day, with so many trials; in soak so many all together, other ones each time."""
    return pytest.mark.parametrize(
        ("chance", "trials"),
        [
            pytest.param(random.Random(7), daily, id="daily"),
            *(
                pytest.param(
                    random.Random(), soak // SHARDS, id=f"soak{each}", marks=pytest.mark.soak
                )
                for each in range(SHARDS)
            ),
        ],
    )


def damaged(chance: random.Random, octets: bytes) -> bytes:
    """Some octets changed, taken away, doubled, or put in."""
    made = bytearray(octets)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(made) + 1)
        match chance.randrange(4):
            case 0:
                made[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del made[at : at + chance.randint(1, 8)]
            case 2:
                made[at:at] = made[at : at + chance.randint(1, 20)]
            case _:
                made[at:at] = chance.randbytes(chance.randint(1, 4))
    return bytes(made)


_PDUS = [
    bytes.fromhex(each)
    for each in (
        "07912618010000F0040D91261811111111F10000621142018000820BC8329BFD06DDDF723619",
        "07912618010000F0440D91261811111111F1000862114201800082140500030A0201004800610072006700610020",
        "07912618010000F006050D91261811111111F16211420180008262114201801082000000",
        "07912618010000F0040BD0C8329BFD06DDDF0000621142018000820BC8329BFD06DDDF723619",
    )
]


@shards(2_000, 1_000_000)
def test_any_pdu(chance: random.Random, trials: int) -> None:
    """Whatever octets are taken for a PDU, they are decoded, or refused as one."""
    for _ in range(trials):
        if chance.random() < 0.2:
            octets = chance.randbytes(chance.randint(0, 180))
        else:
            octets = damaged(chance, chance.choice(_PDUS))
        with contextlib.suppress(PduProblem):
            pdu.decode(octets.hex().upper())


_SAID = [
    b"\r\nOK\r\n", b"\r\nERROR\r\n", b"+CMS ERROR: 500\r\n", b'+CMTI: "SM",3\r\n', b"\r\n> ",
    b"+CMGS: 7\r\n", b"+CMGR: 0,,23\r\n07AABB\r\n", b"+CDS: 26\r\n00FF\r\n", b"RDY\r\n",
    b"\xff\x00\x80", b'+CUSD: 0,"pulsa\n', b"07912618", b"\r", b"\n", b"AT+CMGR=1\r", b"\x1a", b'"',
    b"+CPIN: READY\r\n",
]  # fmt: skip


@shards(150, 60_000)
def test_any_modem(chance: random.Random, trials: int) -> None:
    """Whatever a modem says, in whatever pieces, what is asked ends with an answer or an error of the
    line. Some twenty pieces a trial: a million in soak."""
    for _ in range(trials):
        said = [chance.choice(_SAID) for _ in range(chance.randint(0, 30))]
        stream = b"".join(said)
        pieces = damaged(chance, stream) if chance.random() < 0.5 else stream
        size = chance.randint(1, 40)
        line, _ = line_of(*(pieces[at : at + size] for at in range(0, len(pieces), size)))
        with contextlib.suppress(ModemProblem):
            line.command("AT+CMGR=1", expects="+CMGR:", body=True, own=chance.random() < 0.5)
        with contextlib.suppress(ModemProblem):
            line.submit(3, "00AA", lambda: True, 5)
        with contextlib.suppress(ModemProblem):
            line.listen(1)


_SAID_BY_PEOPLE = (
    "PESAN HARGA STOK BATAL UBAH TAMBAH YA STOP DAFTAR pesan harga brp ada ga kampas rem depan blkg oli"
    " ban busi beat vario 2 3 10 50 70/90 17 x 1/2 jadi aja eh salah batal dong yg itu masing2 sama"
    " PQ-R PQ-S BSI-C7 GH-4 pcs set ? , . ; - dan atau bukan jgn 0,8 10w40 utk buat mobil pak bu"
)
_WORDS = _SAID_BY_PEOPLE.split()


def written(chance: random.Random) -> str:
    """A text as nobody, or somebody in a hurry, writes it."""
    words = [chance.choice(_WORDS) for _ in range(chance.randint(0, 40))]
    if chance.random() < 0.3:
        words.insert(chance.randrange(len(words) + 1), chance.choice(list(HOSTILE.values())))
    text = chance.choice([" ", "  ", ""]).join(words)[: chance.choice([160, 160, 500])]
    if chance.random() < 0.3:
        text = damaged(chance, text.encode("utf-8", "replace")).decode("utf-8", "replace")
    return text


def steps(index: ItemIndex, text: str, talk: Conversation, *, free: bool) -> int:
    """How many functions of Python reading it calls."""
    count = 0

    def look(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(look)
    try:
        read(text, index, talk, free=free)
    finally:
        sys.setprofile(None)
    return count


MOST_STEPS = 400_000
"""Functions called for one text at most: the worst of those below calls 140,000, in 0.03 s; what took
half a second called millions."""


def _talks(index: ItemIndex) -> list[Conversation]:
    entries = tuple(index.get(number) for number in (1, 2, 3))
    some = tuple(entry for entry in entries if entry is not None)
    lines = tuple(Line(entry, 2) for entry in some)
    return [
        Conversation(), Conversation(asked=True, proposed=lines), Conversation(offered=some),
        Conversation(quoted=some, recent=some), Conversation(order=lines, amendable=True),
    ]  # fmt: skip


@shards(60, 100_000)
def test_any_text(shop: Shop, chance: random.Random, trials: int) -> None:
    """Whatever a customer writes, in whatever talk, is read, within a bound of steps."""
    index = Catalogue().index(shop.ctx)
    talks = _talks(index)
    for _ in range(trials):
        text, talk = written(chance), chance.choice(talks)
        free = chance.random() < 0.8
        # To count takes longer than to read.
        if trials < 1000 or chance.random() < 0.1:
            count = steps(index, text, talk, free=free)
            assert count <= MOST_STEPS, (count, text)
        else:
            read(text, index, talk, free=free)


_UNITS = (
    "2 ", "10 50 ", "ban 70 90 ", "2 PQ-R ", "PQ-R 2, ", "oli 1/2 ", "rem 2 x 3 ", "yg 2 ",
    "2 bukan 3 ",
)  # fmt: skip


@pytest.mark.parametrize(
    ("units", "begins"),
    [
        (_UNITS[:3], ("UBAH ",)),
        pytest.param(_UNITS, ("", "pesan ", "kampas rem ", "UBAH "), marks=pytest.mark.soak),
    ],
)
def test_many_ways_take_few_steps(
    shop: Shop, units: tuple[str, ...], begins: tuple[str, ...]
) -> None:
    """A text whose numbers may be sizes or quantities in thousands of ways, short or of 160 characters,
    is read within the bound of steps."""
    index = Catalogue().index(shop.ctx)
    for unit, begin, times in itertools.product(units, begins, (4, 5, 80)):
        text = (begin + unit * times)[:160]
        for talk in _talks(index)[-1:] if len(begins) == 1 else _talks(index):
            count = steps(index, text, talk, free=True)
            assert count <= MOST_STEPS, (count, text)


def _plain() -> bytes:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active.append(["Kode", "Nama", "Satuan", "Harga", "Stok"])
    for number in range(5):
        made.active.append([f"AB-{number}", f"Kampas rem {number}", "pcs", 10_000 + number, number])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


_BOOK = _plain()
_CSV = (
    'Kode;Nama;Satuan;Harga;Stok\r\nAB-1;Kampas "rem";pcs;10.000;3\r\nAB-2;Oli;btl;Rp 5.000;-\r\n'
)


def file_by_chance(chance: random.Random) -> bytes:
    """A damaged list, or a workbook of which one part was damaged before it was packed."""
    match chance.randrange(4):
        case 0:
            return damaged(chance, _CSV.encode(chance.choice(["utf-8", "utf-16", "cp1252"])))
        case 1:
            return damaged(chance, _BOOK)
        case _:
            out = io.BytesIO()
            with zipfile.ZipFile(io.BytesIO(_BOOK)) as old, zipfile.ZipFile(out, "w") as new:
                hurt = chance.choice(old.namelist())
                for name in old.namelist():
                    octets = old.read(name)
                    new.writestr(name, damaged(chance, octets) if name == hurt else octets)
            return out.getvalue()


@shards(40, 10_000)
def test_any_file(shop: Shop, tmp_path: Path, chance: random.Random, trials: int) -> None:
    """Whatever file is chosen is read, asked about, or refused with a sentence."""
    file = tmp_path / "a.xlsx"
    for _ in range(trials):
        file.write_bytes(file_by_chance(chance))
        with contextlib.suppress(Problem):
            read_file(file)
        with contextlib.suppress(Problem):
            staging.examine(shop.ctx, import_items.KIND, file).close()


def test_nothing_left_agrees_to_nothing(shop: Shop) -> None:
    """A text of which no word is left, once what tells why is taken out, answers no question."""
    index = Catalogue().index(shop.ctx)
    for talk in _talks(index):
        assert Following(tag("", index), "", index, talk).closing() is None
