"""What customers may call themselves by SMS without a person looking at it."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import pairwise
from string import digits as _DIGITS

from crm_tui.errors import N_, UNSAID, Sentence
from crm_tui.shop.customers.people import Customer

_LINK = re.compile(r"(?i)://|\bwww\.|[\w-]{2,}\.[a-z]{2,}(?![a-z])|@")
_SIGNS = " .,'’-/&()"
_NUMBER = re.compile(r"(?:\d[\s.\-]*){7,}")
"""Of a telephone, or an account, in an address."""
_ALIKE = str.maketrans("01i5|34678$", "ollsleagtbs")
"""Signs that pass for a letter where one reads quickly."""
_LIKE_ONE = (("rn", "m"), ("vv", "w"))
_OWN_SHAPE = frozenset("ßæœøđłðþ")
"""Letters of Latin that are none with a mark, and that names of people have."""
_OWN_SCRIPTS = frozenset(
    ["LATIN", "CJK", "ARABIC", "HIRAGANA", "KATAKANA", "THAI", "TAMIL", "DEVANAGARI", "JAVANESE",
     "BALINESE", "SUNDANESE", "BATAK"]
)  # fmt: skip
"""Scripts whose letters pass for none of Latin's; those of Greek, Cyrillic, Cherokee or Lisu do."""
_TELLING = 7
"""Letters from which on a name is one person's, or the shop's, whatever stands around it."""
_NOBODY = frozenset(
    [
        "admin",
        "adm",
        "administrator",
        "kasir",
        "operator",
        "cs",
        "bank",
        "bca",
        "bri",
        "bni",
        "btn",
        "klik",
        "www",
        "com",
        "banking",
        "mbanking",
        "bcamobile",
        "gopay",
        "ovo",
        "shopeepay",
        "linkaja",
        "qris",
    ]
)
"""Words of writers for a shop or a bank, not of people."""
_MOST_WORDS, _MOST_SIGNS, _MOST_DIGITS = 6, 40, 4


def doubt(customer: Customer, name: str, address: str, others: Collection[str]) -> Sentence:
    """Why a person has to look at a name and address that came by SMS, "" if nobody has to. `others`:
    names that would be somebody else's."""
    if _LINK.search(f"{name} {address}"):
        return N_("the name or address that was sent holds a link")
    if not _is_name(name) or not _is_plain(address):
        return N_("what was sent as a name does not look like one")
    if _NUMBER.search(address):
        return N_("the address that was sent holds a number to call or to pay to")
    if _key(name) != _key(customer.name) and any(_passes_for(name, each) for each in others):
        return N_("wants the name of the shop, or of a customer who may owe")
    if customer.name and not customer.own_name and _key(name) != _key(customer.name):
        return N_("wants another name than the one that you wrote")
    if customer.known and customer.address and address and _key(address) != _key(customer.address):
        return N_("wants another address than the one that you know")
    return UNSAID


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _passes_for(name: str, other: str) -> bool:
    """Whether a name is another one, or a longer one with more around it: "Admin Toko Maju"."""
    said, there = _bare(name), _bare(other)
    turned = sorted(map(_bare, name.split())) == sorted(map(_bare, other.split()))
    return said == there or turned or (len(there) >= _TELLING and there in said)


def _bare(text: str) -> str:
    """What one reads of a name: letters alone, without their marks, those that look alike the same."""
    parts = unicodedata.normalize("NFKD", text).casefold().translate(_ALIKE)
    letters = "".join(char for char in parts if char.isalpha())
    for two, one in _LIKE_ONE:
        letters = letters.replace(two, one)
    return letters


def _is_nobody(name: str) -> bool:
    """Whether it has a word of writers for a shop or a bank, however it is spelt: B.C.A, Kasir1."""
    words = [word.strip(_DIGITS) for word in re.findall(r"\w+", name.casefold())]
    return not _NOBODIES.isdisjoint([_bare(name), *map(_bare, words), *map(_bare, name.split())])


def _is_name(name: str) -> bool:
    """Whether it is a few words of one script, and no sentence, number or picture."""
    if len(name) > _MOST_SIGNS or len(name.split()) > _MOST_WORDS or not _is_plain(name):
        return False
    if _is_nobody(name):
        return False
    if sum(char.isdigit() for char in name) > _MOST_DIGITS:
        return False
    if any("LATIN" in unicodedata.name(a, "") and b for a, b in _marked(name)):
        # Letters have their marks within them; what is left strikes them out, or towers over them.
        return False
    return any(char.isalpha() for char in name) and all(
        char in _SIGNS or char in _DIGITS or unicodedata.category(char)[0] in "LM" for char in name
    )


def _marked(name: str) -> Iterator[tuple[str, bool]]:
    """Each sign of a name, and whether a mark stands behind it."""
    signs = unicodedata.normalize("NFC", name)
    for sign, behind in pairwise(signs + " "):
        yield sign, unicodedata.category(behind)[0] == "M"


def _is_plain(text: str) -> bool:
    """Whether nothing in it is unseen, and no letter of one script stands for one of another."""
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Cs") for char in text):
        return False
    if any(char.isalpha() and unicodedata.decomposition(char)[:1] == "<" for char in text):
        # A letter in another shape: bold, wide, in a circle.
        return False
    letters = {char for char in text if char.isalpha()}
    scripts = {unicodedata.name(char, "?").split()[0] for char in letters}
    if scripts <= {"LATIN"}:
        # Small capitals, letters with a hook or a stroke: one reads another one.
        return all(_is_ordinary(char) for char in letters)
    return len(scripts) == 1 and scripts <= _OWN_SCRIPTS


def _is_ordinary(letter: str) -> bool:
    """Whether it is one of the alphabet, with or without marks, or one that names have."""
    low = letter.casefold()
    return low[:1] in _OWN_SHAPE or unicodedata.normalize("NFKD", low)[:1].isascii()


_NOBODIES = frozenset(map(_bare, _NOBODY))
