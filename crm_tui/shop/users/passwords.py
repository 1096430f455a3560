"""Which passwords and PINs are taken: long ones that nobody tries first (NIST SP 800-63B).

No rule of signs and capitals: those make people write the password down.
"""

import re
import string
import unicodedata
from importlib.resources import files
from itertools import pairwise

from crm_tui.shop.users.errors import BadPassword, BadPin, EasyPin, TooEasy

LEAST = 8
_FEWEST_SIGNS = 4
PIN = re.compile(r"[0-9]{4,8}")
_KEYPAD = frozenset({"2580", "0852", "1470", "0741", "1379", "7931", "147258", "159357", "789456"})
_HERE = ("katasandi", "sandi", "rahasia", "admin", "qwertyui", "indonesia", "palembang", "sukucadang",
         "bengkel", "toko", "kasir", "pempek", "sriwijaya", "ampera", "sayangku",
         "merdeka")  # fmt: skip
"""What people here would try, besides the commonest of all, with or without digits around it."""
_AROUND = string.digits + string.punctuation
_LIKE_LETTERS = str.maketrans("@4301$57", "aaeoisst")


def check(password: str, login: str, *others: str) -> None:
    """Whether a user may have this password; `others`: what else stands near, as the shop's name.
    Raises `BadPassword` if it is too short, `TooEasy`."""
    if len(password) < LEAST:
        raise BadPassword(least=LEAST)
    # As a guesser sees it: blanks, signs without a shape, other forms of letters, a year or an
    # exclamation mark around a word, digits that look like its letters are no help.
    whole = unicodedata.normalize("NFKC", password).casefold().strip()
    plain = _plain(password)
    forms = {plain, _bare(plain)}
    forms |= {each.strip(_AROUND) for each in forms}
    forms |= {each.translate(_LIKE_LETTERS) for each in forms}
    near = {_bare(_plain(each)) for each in (*_HERE, login, login * 2, *others)} - {""}
    guessed = bool(near & {_bare(each) for each in forms})
    if len(set(plain)) < _FEWEST_SIGNS or guessed or _is_common({whole, *forms}):
        raise TooEasy()


def check_pin(pin: str) -> None:
    """Whether a user may have this PIN. Raises `BadPin` if it is not 4 to 8 digits, `EasyPin`."""
    if not PIN.fullmatch(pin):
        raise BadPin()
    if _is_easy_pin(pin):
        raise EasyPin()


def _is_easy_pin(pin: str) -> bool:
    """Whether a PIN is among those that are tried first: digits in a row, up or down, what is repeated,
    columns of the keypad, and years."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    repeated = any(
        len(pin) % length == 0 and pin == pin[:length] * (len(pin) // length)
        for length in range(1, len(pin) // 2 + 1)
    )
    year = len(pin) == 4 and pin[:2] in ("19", "20")
    return steps in ({1}, {9}) or repeated or year or pin in _KEYPAD


def _plain(text: str) -> str:
    signs = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in signs if each.isprintable() and not each.isspace())


def _bare(plain: str) -> str:
    return "".join(each for each in plain if each.isalnum())


def _is_common(tried: set[str]) -> bool:
    # Read each time: passwords are chosen seldom, and a megabyte is not kept for it.
    with files(__package__).joinpath("common.txt").open(encoding="utf-8") as lines:
        return any(line.rstrip("\n") in tried for line in lines)
