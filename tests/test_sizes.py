"""Sizes however they are written: of the catalogue's way and the customer's neither decides."""

import pytest

from crm_tui.reading import read, sizes
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind

WAYS = {
    "gelang": [
        "2.75-17", "275-17", "275x17", "275/17", "2,75-17", "2.75 x 17", "2.75 r17", "275r17",
    ],
    "gelang dua": ["90/90-14", "90/90R14", "90/90 R14", "90/90x14", "9090-14", "90-90-14"],
    "gelang tiga": ["185/65R15", "185/65 R15", "185/65-15", "185/65x15", "185/65/15"],
    "gelang empat": ["7.50-16", "750-16", "7.50 R16", "7,50-16", "750x16"],
    "lumas": ["0.8L", "800ml", "800 ml", "0.8 L", "0,8 liter", "800cc"],
    "lumas dua": ["10W-40", "10w40", "10W 40"],
    "tenaga": ["12V 5AH", "12V5Ah", "12v-5ah", "12V/5AH"],
    "seker": ["OS 50", "os50", "OS 0.50", "oversize 50", "os 0,50", "os 050"],
    "terang": ["12V 35/35W", "35/35W", "35w/35w"],
    "rante": ["428-104", "428/104", "428x104"],
    "sil": ["20X32X7", "20-32-7", "20/32/7", "20 x 32 x 7"],
    "baut": ["M8X25", "m8 x 25", "M8-25"],
}  # fmt: skip
TYPED_ONLY = {
    "lumas": ["0,8", "0.8 ltr"],
    "lumas dua": ["10/40", "10-40", "1040"],
    "baut": ["8x25"],
    "gelang": ["275 ring 17", "2.75 ring 17", "275 rng 17"],
    "gelang dua": ["90/90 ring 14", "90 90 14", "90 90 ring 14", "90/90 rng 14"],
    "gelang tiga": ["185/65 ring 15", "185 65 r15"],
}
OTHERS = {
    "gelang": "3.00-18", "gelang dua": "80/80-17", "gelang tiga": "205/55R16",
    "gelang empat": "10.00-20", "lumas": "5L", "lumas dua": "20W-50", "tenaga": "12V 7AH",
    "seker": "OS 25", "terang": "12V 10W", "rante": "520-120", "sil": "27X40X10.5", "baut": "M6X30",
}  # fmt: skip


def _index(size: str, other: str) -> ItemIndex:
    return ItemIndex(
        Entry(number, f"XA-{number}", name, "pcs", "", (), 10_000, 99)
        for number, name in enumerate(
            (f"KENARI BETO {size} KARSA", f"KENARI BETO {other} KARSA", "GERITA ALPA 110"), start=1
        )
    )


@pytest.mark.parametrize("kind", WAYS)
def test_any_way_against_any(kind: str) -> None:
    """A size that is asked for finds what has it, whichever way each of both writes it."""
    missed = []
    for written in WAYS[kind]:
        if kind == "terang" and not written.startswith("12"):
            # 12 volts are not said of what is called by its watts alone.
            continue
        index = _index(written.upper(), OTHERS[kind])
        for typed in (*WAYS[kind], *TYPED_ONLY.get(kind, ())):
            found = read(f"harga kenari beto {typed}", index, Conversation(), free=True)
            items = {line.entry.id for wish in found.wishes for line in wish.lines}
            if items != {1}:
                missed.append((written, typed, found.outcome.value, items))
    assert not missed


@pytest.mark.parametrize("kind", WAYS)
def test_never_another_size(kind: str) -> None:
    """What is ordered by a size is never recorded as another size, nor a part of it as how many."""
    for written in WAYS[kind]:
        index = _index(written.upper(), OTHERS[kind])
        for typed in (*WAYS[kind], *TYPED_ONLY.get(kind, ())):
            found = read(f"pesan kenari beto {typed} 3", index, Conversation(), free=True)
            lines = [(line.entry.id, line.quantity) for wish in found.wishes for line in wish.lines]
            assert found.outcome is not Kind.ORDER or lines == [(1, 3)], (written, typed, lines)
        found = read(f"pesan kenari beto {OTHERS[kind]} 3", index, Conversation(), free=True)
        lines = [(line.entry.id, line.quantity) for wish in found.wishes for line in wish.lines]
        assert found.outcome is not Kind.ORDER or lines == [(2, 3)], (written, lines)


def test_each_width_of_one() -> None:
    """What fits two widths, or a range of them, is found by each, and by no height of one."""
    assert {*sizes.written("beto 275/300-17 karsa")} >= {"size:27517", "size:30017"}
    assert {*sizes.written("beto 70/90-80/90 r14")} >= {"size:709014", "size:809014"}
    assert "size:9014" not in {*sizes.written("beto 90/90-14")}


@pytest.mark.parametrize(
    ("text", "outcome", "lines", "options"),
    [
        ("no rangka MH1JBE113AK123456 butuh kenari beto 1", Kind.ORDER, {1: 1}, set()),
        ("pesan kenari beto 1, norangka MH1JBE113AK", Kind.ORDER, {1: 1}, set()),
        ("ABC-12-K1 2 pcs pak", Kind.CHOICES, {2: 2}, set()),
        ("ABC-12-K1", Kind.CHOICES, {}, {2}),
        ("PESAN GRT-BEA-APS 2", Kind.CHOICES, {3: 2}, set()),
        ("mas enten kenari?", Kind.STOCK, {1: None}, set()),
    ],
)
def test_codes_and_numbers(
    text: str, outcome: Kind, lines: dict[int, int | None], options: set[int]
) -> None:
    """A vehicle's number is no item; a code with a slip is asked about, whatever stands beside it."""
    index = ItemIndex(
        [
            Entry(1, "XA-1", "KENARI BETO KARSA", "pcs", "", (), 10_000, 99),
            Entry(2, "ABC-12-K01", "GERITA ALPA 110", "pcs", "", (), 10_000, 99),
            Entry(3, "GRT-BEA-ASP", "GERITA BEAT", "pcs", "", (), 10_000, 99),
        ]
    )
    found = read(text, index, Conversation(), free=True)
    assert found.outcome is outcome
    assert {line.entry.id: line.quantity for wish in found.wishes for line in wish.lines} == lines
    assert {entry.id for wish in found.wishes for entry in wish.options} == options
