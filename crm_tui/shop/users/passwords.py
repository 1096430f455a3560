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
_SHORTEST = 3
"""Letters of a word; shorter ones are in every password."""
_KEYPAD = frozenset({"2580", "0852", "1470", "0741", "1379", "7931", "147258", "159357", "789456"})
_WALKS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz",
          "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
          "1q2w3e4r5t6y7u8i9o0p", "a1b2c3d4e5f6g7h8",
          "1qazxsw23edcvfr45tgbnhy67ujm")  # fmt: skip
"""Ways of a finger over the keys, and rows that everybody knows by heart."""
_STEPS = 4
"""From so many signs on it is a walk and not a part of a word."""
_MOST_WORDS = 2
"""Of more words it is a sentence, which is long."""
_NUMBERS = re.compile(
    r"(?:0|62)8\d{7,11}|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
"""Telephones, and days as people are born on them."""
_ENDS = ("ku", "mu", "nya", "kita", "fc")
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
    names = {_bare(_plain(each)) for each in (login, *others)}
    for each in (login, *others):
        signs = unicodedata.normalize("NFKC", each).casefold()
        names.update(re.split(r"[\W_]+|(?<=[^\W\d_])(?=\d)", signs))
    words = _words_here() | {each for each in names if len(each) >= _SHORTEST}
    words |= {each[::-1] for each in words}
    if (
        len(set(plain)) < _FEWEST_SIGNS
        or any(_is_put_together(_bare(each), words) for each in forms)
        or _is_common({whole, *forms, *(each[::-1] for each in forms)})
    ):
        raise TooEasy()


def _is_put_together(bare: str, words: set[str]) -> bool:
    """Whether nothing is in it but at most two of the words, the same one again and again, walks over
    the keys, and digits."""
    if bare.isdigit():
        return _is_easy_number(bare)
    longest = max(map(len, words))
    # Behind so many signs: the fewest words of which all before is made, by what the last one was.
    least: list[dict[str, int]] = [{"": 0}] + [{} for _ in bare]
    for at, before in enumerate(least[:-1]):
        for last, count in before.items():
            steps = {at + 1: 0} if bare[at].isdigit() else {}
            if walk := _walk(bare, at):
                steps |= dict.fromkeys(range(at + _STEPS, at + walk + 1), 0)
            steps |= {at + len(each): 0 for each in _ENDS if at and bare.startswith(each, at)}
            for end in steps:
                least[end][last] = min(least[end].get(last, count), count)
            for end in range(at + _SHORTEST, min(at + longest, len(bare)) + 1):
                word = bare[at:end]
                now = count + (word != last)
                if word in words and now <= _MOST_WORDS:
                    least[end][word] = min(least[end].get(word, now), now)
    return bool(bare) and bool(least[-1])


def _is_easy_number(digits: str) -> bool:
    """Whether it is a telephone number, a day, or what `_is_easy_pin` knows, once or twice."""
    half = len(digits) // 2
    halves = (digits[:half], digits[half:])
    return bool(
        _NUMBERS.fullmatch(digits)
        or all(map(_is_easy_pin, halves))
        or _is_easy_pin(digits)
        or any(digits in pin * len(digits) for pin in _KEYPAD)
    )


def _walk(bare: str, at: int) -> int:
    """How many signs from `at` on are a walk; 0 if none."""
    steps = 0
    for walk in (*_WALKS, *(each[::-1] for each in _WALKS)):
        length = _STEPS
        while at + length <= len(bare) and bare[at : at + length] in walk:
            steps, length = max(steps, length), length + 1
    return steps


def _words_here() -> set[str]:
    with files(__package__).joinpath("here.txt").open(encoding="utf-8") as lines:
        return {word for line in lines if not line.startswith("#") for word in line.split()}


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
        return not (tried - {""}).isdisjoint(lines.read().split("\n"))
