"""The same text in the words of another language of the shop's customers is the same wish."""

import pytest

from crm_tui.reading.lexicon import Phrases
from crm_tui.reading.wishes import Conversation, Kind, Line
from tests.test_free_texts import INDEX, TALK, shown

_HOWEVER = {
    "ga": ("gak", "dak", "idak", "ndak", "tidak", "ora", "teu", "mboten"),
    "depan": ("muko", "mukonyo", "ngarepe", "hareup"),
    "kanan": ("tengen", "tengene", "katuhu"),
    "kiri": ("kiwo", "kiwa", "kenca"),
    "selusin": ("salusin", "sekelusin", "sakelusin"),
    "ambil": ("ambek", "jupuk", "njupuk", "candak", "nyokot"),
    "kalau": ("kalu", "nek", "yen", "lamun", "jika"),
    "habis": ("entek", "abis", "seep", "telas"),
    "ada": ("ado", "ono", "aya", "wonten"),
    "ganti": ("gantike", "ganteni", "tuker", "tukar"),
    "juga": ("jugo", "ugo", "oge"),
    "harganya": ("hargonyo", "regane", "pangaosna"),
    "mau": ("nak", "arep", "hayang", "bade"),
    "kirim": ("kirimke", "kirimin", "kintun"),
}
_ORDERED = Conversation(order=(Line(INDEX.entry(1), 2), Line(INDEX.entry(3), 4)))


@pytest.mark.parametrize(
    ("text", "said", "talk"),
    [
        ("sepul depan alpa 2 ya", "depan", TALK),
        ("namira gamma kanan 1, kiri 2 pesan", "kanan", TALK),
        ("namira gamma kanan 1, kiri 2 pesan", "kiri", TALK),
        ("pesan gerita 12mm selusin", "selusin", TALK),
        ("ambil gerita 12mm 3", "ambil", TALK),
        ("kalau ada kirim gerita 12mm 3", "kalau", TALK),
        ("kalau ada kirim gerita 12mm 3", "ada", TALK),
        ("kirim gerita 12mm 3", "kirim", TALK),
        ("gerita 12mm 3, kalau habis 14mm 3", "habis", TALK),
        ("lumas tirta 5L harganya", "harganya", TALK),
        ("saya mau gerita 12mm 3", "mau", TALK),
        ("gerita 12mm ga usah", "ga", _ORDERED),
        ("gerita 12mm ga jadi", "ga", _ORDERED),
        ("ganti gerita 14mm aja, 4", "ganti", _ORDERED),
        ("tambah handuk delta 1 juga", "juga", _ORDERED),
    ],
)
def test_in_other_words(text: str, said: str, talk: Conversation) -> None:
    """What a text asks for does not hang on which language a word of talk is taken from."""
    wanted = shown(text, talk)
    assert wanted[0] != Kind.HUMAN, text
    for other in _HOWEVER[said]:
        assert shown(text.replace(said, other), talk) == wanted, other


def test_equal_words_of_phrases() -> None:
    """Within a phrase words of one meaning are one; a word by itself is found only as it is listed."""
    phrases = Phrases({"refuse": ["ga usah", "ndak"]}, {"ga": "ga", "dak": "ga", "ndak": "ga"})
    assert phrases.spans(["ya", "dak", "usah"]) == {"refuse": [(1, 3)]}
    assert phrases.spans(["ya", "dak", "ada"]) == {}
    assert phrases.spans(["ya", "ndak", "usah"]) == {"refuse": [(1, 3)]}


@pytest.mark.parametrize("strange", ["zulu", "luhur", "sing kae"])
def test_a_line_that_comes_to_the_same_item(strange: str) -> None:
    """Where a word was not understood, so that two lines are one item, nothing is ordered."""
    outcome, lines, _ = shown(f"gerita 12mm karsa 4, {strange} karsa 4")
    assert outcome != Kind.ORDER or lines == {"GRT-12": 4}, (outcome, lines)


@pytest.mark.parametrize(
    "written", ["10%", "€2", "~3", "≤2", ".5", "5°", "2‰", "± 4", "½", "2½", "> 3"]
)
@pytest.mark.parametrize(
    "said", ["PESAN GRT-12 {}", "pesan gerita 12mm {}", "gerita 12mm karsa {} ya"]
)
def test_a_sign_beside_a_number(said: str, written: str) -> None:
    """A number with a sign that makes something else of it is no quantity that is ordered."""
    assert shown(said.format(written))[0] != Kind.ORDER


@pytest.mark.parametrize("begun", ["ok mang eh", "ya", "oke", "siap eh", "boleh,", "gas"])
def test_who_asks_for_a_price_changes_nothing(begun: str) -> None:
    """A yes before a question about the price of another sort neither orders nor changes anything."""
    talk = Conversation(
        order=(Line(INDEX.entry(3), 2),), recent=(INDEX.entry(4), INDEX.entry(3)),
        listed=(INDEX.entry(3), INDEX.entry(4)),
    )  # fmt: skip
    outcome, _, _ = shown(f"{begun} kalu yg 14mm berapo hargonyo", talk)
    assert outcome not in (Kind.ORDER, Kind.AMEND, Kind.CONFIRM)
