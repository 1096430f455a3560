"""Customers who give their name and address: DAFTAR name, address; or in their own words."""

import re

from crm_tui.errors import N_
from crm_tui.reading import keywords
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Tagged
from crm_tui.reading.wishes import Kind, Reading, Wish, human

_PLACE = re.compile(
    r",|\s+(?=(?:alamat|almt|jl|jln|jalan|lrg|lorong|gg|gang|perum|perumahan|komp|komplek|kompleks"
    r"|blok|rt|dusun|dsn|desa|kp|kampung)\b)",
    re.IGNORECASE,
)
"""Where an address begins behind a name."""
_WHOM = r"(?:pelanggan|member|anggota|langganan|customer|konsumen)\b"
_NAMED = re.compile(
    rf"^(?:(?:jadi|sebagai|sbg|utk|untuk)?\s*{_WHOM}\W*)?"
    r"(?:(?:atas )?nama\b|a/?n\b)?[\s:=]*(?:(?:saya|sy|aku)\s+)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\W*(?:alamat|almt)\b[\s:=.]*", re.IGNORECASE)
_SAID = re.compile(
    r"\b(?:daftar|ndaftar|daftarin|daftarkan|mendaftar|registrasi)\b(?:(?!\bharga\b).)*?"
    r"\b(?:nama(?:nya)?|atas nama|a/?n)\b[\s:=]*(?:(?:saya|sy|aku)\b\s*)?(?P<body>\w.*)",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(
    r"^\W*(?:(?:ini|maaf|pak|bu|bang|kak|mas|bos|om|ya|oke|ok|pagi|siang|sore)\W+)*"
    r"(?:alamat|almt)(?:ny[ao]|ku)?\b"
    r".*\b(?:jl|jln|jalan|lrg|lorong|gg|gang|perum|komplek?s?|blok|rt|dusun|desa|kec|kel|kab|km)\b",
    re.IGNORECASE | re.DOTALL,
)
"""A text that says where something is to be sent, and begins with that."""
_MOST_NAME = 60
_MOST_ADDRESS = 200


_COUNTED = re.compile(r"^\s*\d+\s*[.):]|\S\s*[x=:]\s*\d+\s*\w*\s*$", re.IGNORECASE | re.MULTILINE)
"""A line of a list: numbered, or with so many of something."""
_LIST = 2


def lists(text: str) -> bool:
    """Whether "daftar" heads a list, line by line: "Daftar kebutuhan: 1. …"."""
    return len(_COUNTED.findall(text)) >= _LIST


def keyword(text: str) -> Reading:
    """DAFTAR name[, address]: parted by #, *, ; or a new line, else by the first comma or the word
    with which an address begins."""
    body = re.sub(r"^\W*\w+[\s#*:;,.]*", "", text.strip(), count=1).strip(" #*;,\r\n")
    if not body:
        return Reading((Wish(Kind.HELP, evidence=text),))
    first = re.split(r"[#*;,\s]+", body, maxsplit=1)[0].upper()
    if first in keywords.LISTS | keywords.PRICE | keywords.STOCK | keywords.ORDER | keywords.HELP:
        return human(N_("asks for a list, perhaps"))
    return _taken(body, text)


def spoken(tagged: Tagged, text: str) -> Reading | None:
    """ "Saya mau daftar, nama Budi, alamat jl Mawar 5"; None if it is no such text."""
    said = _SAID.search(text)
    if said is None or tagged.asked or tagged.has("veto.negation", "veto.others", "veto.past"):
        return None
    return _taken(said["body"], text)


def address(tagged: Tagged, text: str, index: ItemIndex) -> Reading | None:
    """ "Alamat kirim: Jl. Mawar 5": it is for people, and none of it is asked for; None if it asks for
    something, or orders it."""
    if _ADDRESS.match(text) is None or tagged.asked:
        return None
    if tagged.has("veto.service", "veto.complaint") or not (
        index.lexicon.union("order", "asking").isdisjoint(tagged.texts)
    ):
        return None
    return human(N_("about delivery, payment, service or hours"))


def _taken(body: str, text: str) -> Reading:
    pieces = re.split(r"[#*;\n]+", body, maxsplit=1)
    if len(pieces) == 1:
        pieces = _PLACE.split(body, maxsplit=1)
    name = _NAMED.sub("", " ".join(pieces[0].split())).strip(" ,.:")
    address = " ".join(re.sub(r"[#*;\n]+", ", ", pieces[1]).split()) if len(pieces) > 1 else ""
    address = _LABEL.sub("", address)
    if not re.search(r"\w", name) or len(name) > _MOST_NAME or len(address) > _MOST_ADDRESS:
        return human(N_("no name that can be taken"))
    return Reading((Wish(Kind.REGISTER, name=name, address=address, evidence=text),))
