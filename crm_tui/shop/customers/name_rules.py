"""What customers may call themselves by SMS without a person looking at it."""

import re
import unicodedata

from crm_tui.errors import N_, UNSAID, Sentence
from crm_tui.shop.customers.people import Customer

_LINK = re.compile(r"(?i)://|\bwww\.|[\w-]{2,}\.[a-z]{2,}(?![a-z])|@")
_SIGNS = " .,'’-/&()"
_MOST_WORDS, _MOST_SIGNS, _MOST_DIGITS = 6, 40, 4


def doubt(customer: Customer, name: str, address: str) -> Sentence:
    """Why a person has to look at a name and address that came by SMS, "" if nobody has to."""
    if _LINK.search(f"{name} {address}"):
        return N_("the name or address that was sent holds a link")
    if not _is_name(name) or not _is_plain(address):
        return N_("what was sent as a name does not look like one")
    if customer.name and not customer.own_name and _key(name) != _key(customer.name):
        return N_("wants another name than the one that you wrote")
    if customer.known and customer.address and address and _key(address) != _key(customer.address):
        return N_("wants another address than the one that you know")
    return UNSAID


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _is_name(name: str) -> bool:
    """Whether it is a few words of one script, and no sentence, number or picture."""
    if len(name) > _MOST_SIGNS or len(name.split()) > _MOST_WORDS or not _is_plain(name):
        return False
    if sum(char.isdigit() for char in name) > _MOST_DIGITS:
        return False
    return all(
        char in _SIGNS or char.isdigit() or unicodedata.category(char)[0] in "LM" for char in name
    )


def _is_plain(text: str) -> bool:
    """Whether nothing in it is unseen, and no letter of one script stands for one of another."""
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Cs") for char in text):
        return False
    if any(char.isalpha() and unicodedata.decomposition(char)[:1] == "<" for char in text):
        # A letter in another shape: bold, wide, in a circle.
        return False
    scripts = {unicodedata.name(char, "?").split()[0] for char in text if char.isalpha()}
    return len(scripts) <= 1 and not scripts & {"HANGUL", "HALFWIDTH"}
