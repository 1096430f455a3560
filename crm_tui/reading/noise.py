"""What is no part of an order: telephone numbers, prices, times, addresses, people's names."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crm_tui.reading import numbers
from crm_tui.reading.cutting import is_year
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.roles import Draft, Role, Word
from crm_tui.reading.tokenizer import Token

_MONEY = re.compile(r"(\d+)(?:[.,]\d{1,2})?(rb|ribu|k|jt|juta)|\d{1,3}(\.\d{3})+(,\d+)?")
_AMOUNT = re.compile(r"(\d+)(?:[.,](\d{1,2}))?")
_THOUSANDS = {"rb", "ribu", "rbu", "jt", "juta", "rupiah"}
_PLACES = {
    "jl", "jln", "jalan", "lrg", "lorong", "gg", "gang", "alamat", "cv", "pt", "toko", "bengkel",
    "gudang", "nama", "namo", "namanya", "namonyo", "namone", "hub", "hubungi", "perum",
    "perumahan", "komplek", "a.n", "an", "nopol",
}  # fmt: skip
_SIGNS = ("saya", "sy", "aku", "dari", "dr", "ttd", "salam", "nama", "an")
_MOST_NAMES = 3
_MOST_PAPER = 6
_PLATE = 4
"""A plate and the word before it: letters, a number of at most so many digits, letters."""
_PLATE_SHAPE = (str.isalpha, str.isdecimal, str.isalpha)
_DIGITS = 3
"""So many digits behind millions are thousands."""
_NUMBER = {"no", "nomor", "nomer", "nmr"}
_LONG, _A_CHASSIS = 15, 6
"""So many letters and digits are a vehicle's number: by themselves, and behind a word for it."""
_TODAY = (("hari", "ini"), ("hari", "iki"))
_INTRODUCES = ("saya", "sy", "aku", "ini", "dengan", "dgn", "dg", "dari", "dr")


def hide(draft: Draft) -> None:
    """Telephone numbers, prices, times, addresses and names: nothing in them is an order."""
    lexicon, texts = draft.lexicon, draft.texts
    last = len(texts)
    listed = [token.key for token in draft.found if token.listed and token.digits]
    counted = [str(number) for number in range(1, len(listed) + 1)]
    expected = 1
    for at, token in enumerate(draft.found):
        if draft.roles[at] is not None:
            continue
        text, following = texts[at], texts[at + 1] if at + 1 < last else ""
        before = texts[at - 1] if at else ""
        begins = at == 0 or token.pause or _heads_list(draft, at)
        if (
            token.listed
            and token.key == str(expected)
            and (begins or (len(listed) > 1 and listed == counted))
        ):
            expected += 1
            draft.roles[at] = Word(token, Role.LINK, token.key)
        elif (
            token.digits
            and token.key.startswith(("0", "62", "8"))
            and (len(token.key) > (9 if token.key[0] == "8" else 7))
            and not draft.index.find(token.key)
        ):
            draft.set(at, Role.STILL)
        elif (
            token.digits
            and token.key.startswith("08")
            and len(token.key) == 4
            and (following.isdecimal() and len(following) > 2)
        ):
            _still(draft, at, 3, lambda one: one.isdecimal() and len(one) > 2)
        elif _chassis(draft, at):
            for place in range(at, -1, -1):
                if place < at and texts[place] not in lexicon.words["chassis"] | _NUMBER:
                    break
                draft.set(place, Role.STILL)
        elif text in lexicon.words["plates"] and _plate(draft, at):
            for place in range(at, min(at + _PLATE, last)):
                last_of_it = texts[place] or "x"
                if place < at + _PLATE - 1 or (last_of_it.isalpha() and len(last_of_it) < _PLATE):
                    draft.set(place, Role.STILL)
        elif text in lexicon.words["papers"] and begins and _paper(draft, at):
            _still(draft, at, _MOST_PAPER, lambda one: not draft.vocabulary.has(one))
        elif (
            token.digits
            and following in lexicon.words["quarters"]
            and not draft.vocabulary.has(following)
        ):
            draft.set(at, Role.STILL)
            draft.set(at + 1, Role.STILL)
        elif _MONEY.fullmatch(token.text) and not draft.vocabulary.senses(token.key):
            _price(draft, at)
        elif following in _THOUSANDS and _AMOUNT.fullmatch(token.text):
            _price(draft, at)
            draft.roles[at + 1] = Word(draft.found[at + 1], Role.STILL, following)
            _and_thousands(draft, at + 2)
        elif text in lexicon.numbers and _spelled_price(draft, at):
            pass
        elif (token.digits and before == "rp") or (
            text[:2] == "rp" and text[2:3].isdigit() and not draft.index.find(token.key.upper())
        ):
            _price(draft, at)
        elif (
            token.key[:1].isdigit()
            and before in lexicon.words["ignore_after"]
            and (before not in ("km", "bg", "blok", "rt", "rw") or len(token.key) < 5)
            and not _named(draft, at - 1)
            and not _pieces(draft, at)
        ):
            draft.set(at, Role.STILL)
            if before == "bg" and following.isalpha() and len(following) < 4:
                draft.set(at + 1, Role.STILL)
        elif (
            token.digits
            and following in lexicon.words["time"]
            and following not in ("km",)
            # "Pesen 2, minggu sy ambil"
            and not draft.found[at + 1].pause
            # "Pesan 2 hari ini" counts no days.
            and (following, *texts[at + 2 : at + 3]) not in _TODAY
            # "Alpa 150 tahun 2018" is no age.
            and not (at + 2 < len(draft.found) and is_year(draft.found[at + 2].key))
        ):
            draft.set(at, Role.STILL)
        elif (
            (
                text in _PLACES
                and draft.roles[at] is None
                and (not draft.vocabulary.has(text) or text in ("jl", "jln"))
                # "Brp an" asks for the price.
                and not (text == "an" and before in lexicon.words["price"])
            )
            or (text in ("kirim", "antar", "anter", "kirimkan", "antarkan") and following == "ke")
            or (text in ("atas", "ats") and following in ("nama", "namo", "nma", "nm"))
            or (token.text == "a/n" and not draft.vocabulary.has("a/n"))
            or (text == "blok" and len(following) == 1)
            or (text in ("ke", "ka") and _sent_to(draft, at))
            or (text in lexicon.words["carriers"] and before in lexicon.words["via"])
            or (
                text == "dari"
                and following
                and (following in _PLACES or not draft.vocabulary.has(following))
            )
        ):
            _address(draft, at)


def without_plates(
    text: str, found: Sequence[Token], texts: list[str], lexicon: Lexicon
) -> list[str]:
    """The words as the lexicon has them, without the last letters of a vehicle's number that is written
    in capitals among small letters: the KL of "plat BG 1234 KL" is no "kl", which says "if"."""
    if text.isupper():
        return texts
    plates = lexicon.words["plates"] - lexicon.words["honorifics"]
    kept = list(texts)
    for at, word in enumerate(texts[: -_PLATE + 1]):
        if word in plates and all(
            text[token.start : token.end].isupper() if shape is str.isalpha else shape(token.text)
            for token, shape in zip(found[at + 1 : at + _PLATE], _PLATE_SHAPE, strict=True)
        ):
            kept[at + _PLATE - 1] = ""
    return kept


def _plate(draft: Draft, at: int) -> bool:
    """Whether a vehicle's number stands behind a word for it: "plat B 1234 XY"."""
    letters, number = (*draft.texts[at + 1 : at + 3], "", "")[:2]
    told = draft.texts[at] not in draft.lexicon.words["honorifics"]
    written = letters.isalpha() and len(letters) < _PLATE - 1 and number.isdecimal()
    return told and written and len(number) < _PLATE + 1


def _paper(draft: Draft, at: int) -> bool:
    """Whether a word stands before the number of a paper, and nothing else is said in its line: "PO
    0417/LOG", "ref no 12"."""
    if draft.vocabulary.has(draft.texts[at]):
        return False
    behind = []
    for token in draft.found[at + 1 :]:
        if token.pause > 1:
            break
        behind.append(token)
    parts = draft.found[at + 1 + len(behind) :]
    numbered = any(token.key[:1].isdigit() for token in behind)
    strange = not any(draft.vocabulary.senses(token.key) for token in behind if token.key.isalpha())
    return bool(parts) and numbered and strange and len(behind) < _MOST_PAPER


def _chassis(draft: Draft, at: int) -> bool:
    """Whether a long word of letters and digits is what one vehicle alone is called."""
    key = draft.found[at].key
    told = at > 0 and draft.texts[at - 1] in draft.lexicon.words["chassis"]
    mixed = key.isalnum() and not key.isalpha() and not key.isdecimal()
    long = len(key) >= (_A_CHASSIS if told else _LONG)
    return long and mixed and not draft.vocabulary.senses(key) and not draft.index.near(key)


def _named(draft: Draft, at: int) -> bool:
    """Whether a word that may stand before the number of something else is one of a thing's name here,
    right behind another word of it: "kenari plat 2"."""
    words = draft.vocabulary
    if not at or not words.has(draft.texts[at]) or draft.found[at].pause:
        return False
    items = [
        {item for sense in words.senses(text) for item in words.items(sense)}
        for text in draft.texts[at - 1 : at + 1]
    ]
    return not items[0].isdisjoint(items[1])


def _sent_to(draft: Draft, at: int) -> bool:
    """Whether a place that nobody knows stands behind "to", and what is to be sent there before it."""
    if at < 2 or at + 1 >= len(draft.found):
        return False
    sent = not (draft.lexicon.words["sent"] | draft.lexicon.words["take"]).isdisjoint(
        draft.texts[:at]
    )
    before = draft.found[at - 1].digits or draft.texts[at - 1] in draft.lexicon.numbers
    place = draft.found[at + 1]
    strange = not draft.vocabulary.senses(place.key) and not place.digits
    return sent and before and strange and draft.texts[at + 1] not in draft.lexicon.known


def _heads_list(draft: Draft, at: int) -> bool:
    """Whether a number with a dot begins a list right behind "order": something is counted behind it,
    while "pesan 1. makasih" ends there."""
    if not at or draft.texts[at - 1] not in draft.lexicon.words["order"]:
        return False
    behind = zip(draft.found[at + 1 :], draft.texts[at + 1 :], strict=True)
    return any(token.digits or text in draft.lexicon.numbers for token, text in behind)


def _and_thousands(draft: Draft, at: int) -> None:
    """The rest of a price in millions: 1 juta 650."""
    million = draft.texts[at - 1] in ("jt", "juta")
    if not million or at >= len(draft.found) or draft.found[at].pause:
        return
    token = draft.found[at]
    if token.digits and len(token.key) == _DIGITS:
        draft.prices[-1] += int(token.key) * 1000
        draft.set(at, Role.STILL)
        if draft.texts[at + 1 : at + 2] and draft.texts[at + 1] in _THOUSANDS:
            draft.roles[at + 1] = Word(draft.found[at + 1], Role.STILL, draft.texts[at + 1])


def _spelled_price(draft: Draft, at: int) -> bool:
    """Take a price in words: "seratus tiga puluh delapan ribu"; whether there is one."""
    value, end = numbers.spelled(draft, at)
    unit = draft.texts[end] if end < len(draft.texts) else ""
    if unit not in _THOUSANDS or unit == "rupiah" or draft.found[end].pause:
        return False
    price = value * (1_000_000 if unit in ("jt", "juta") else 1000)
    if unit in ("jt", "juta") and end + 1 < len(draft.texts) and not draft.found[end + 1].pause:
        # "Satu juta enam ratus ribu"
        more = draft.texts[end + 1] in draft.lexicon.numbers
        rest, last = numbers.spelled(draft, end + 1) if more else (0, 0)
        if more and last < len(draft.texts) and draft.texts[last] in _THOUSANDS:
            price, end = price + rest * 1000, last
    draft.priced = True
    draft.prices.append(price)
    for place in range(at, end + 1):
        draft.roles[place] = Word(draft.found[place], Role.STILL, draft.texts[place])
    _which_costs(draft, at)
    return True


def _which_costs(draft: Draft, at: int) -> None:
    """ "Yang harganya 235 ribu" says which one, and asks for no price."""
    which = at > 1 and draft.texts[at - 1] in draft.lexicon.words["price"]
    if which and draft.texts[at - 2] in ("yang", "yg", "yng", "nu", "sing"):
        draft.marks.setdefault("conditions.list_price", []).append((at - 1, at))


def _pieces(draft: Draft, at: int) -> bool:
    """Whether the number there counts pieces of what the shop sells by the word before it, and is not
    a vehicle's. Then that word names a thing."""
    named = draft.texts[at - 1]
    told = named in draft.index.lexicon.words["plates"] and draft.vocabulary.has(named)
    if not told or len(draft.found[at].key) > 2:
        return False
    draft.set(at - 1, Role.NAME)
    return True


def _price(draft: Draft, at: int) -> None:
    _which_costs(draft, at)
    draft.priced = True
    draft.prices.append(_rupiah(draft, at))
    draft.set(at, Role.STILL)


def _rupiah(draft: Draft, at: int) -> int:
    """What a price says in rupiah: 45rb, 45 ribu, 45.000."""
    text = draft.found[at].text.removeprefix("rp")
    following = draft.texts[at + 1] if at + 1 < len(draft.texts) else ""
    part = _AMOUNT.match(text)
    if part and part[2] and (text[part.end() :] or following) in _THOUSANDS | {"k"}:
        # 1,5 juta
        unit = text[part.end() :] or following
        return int(part[1] + part[2].ljust(6 if unit in ("jt", "juta") else 3, "0"))
    digits = re.match(r"[\d.]+", text)
    value = int(digits[0].replace(".", "") or 0) if digits else 0
    unit = re.sub(r"[\d.,]", "", text) or following
    if unit in ("jt", "juta"):
        return value * 1_000_000
    return value * 1000 if unit in _THOUSANDS | {"k"} and unit != "rupiah" else value


def _still(draft: Draft, at: int, most: int, fits: object) -> None:
    for place in range(at, min(at + most, len(draft.found))):
        if place > at and not callable(fits):
            break
        if place > at and callable(fits) and not fits(draft.texts[place]):
            break
        draft.set(place, Role.STILL)


def _address(draft: Draft, at: int) -> None:
    """An address or name ends with its line, a comma, or the word for ordering."""
    begin = at
    if draft.texts[at] in ("kirim", "antar", "anter", "kirimkan", "antarkan"):
        begin = at + 1
    ends = draft.lexicon.words["order"] | (draft.lexicon.words["take"] - {"kirim", "antar"})
    for place in range(begin, len(draft.found)):
        token = draft.found[place]
        if place > begin and (token.pause or draft.texts[place] in ends or _sends(draft, place)):
            break
        if place > begin and draft.found[place - 1].digits and _begins(draft, place):
            break
        if draft.roles[place] is None:
            draft.set(place, Role.STILL)


def _sends(draft: Draft, at: int) -> bool:
    """Whether "send" begins an order behind a workshop's name: "bengkel x kirim kenari 2"."""
    if draft.texts[at] not in draft.lexicon.words["take"] or at + 1 == len(draft.found):
        return False
    following = draft.lexicon.name(draft.texts[at + 1])
    counted = draft.found[at + 1].digits and at + 2 < len(draft.found)
    following = draft.lexicon.name(draft.texts[at + 2]) if counted else following
    return following in draft.vocabulary.kinds


def _begins(draft: Draft, at: int) -> bool:
    """Whether an item's name begins behind a house number: "no 45 kenari kecil"."""
    name = draft.lexicon.name(draft.texts[at])
    return name in draft.vocabulary.kinds and at + 1 < len(draft.found)


def sign(draft: Draft, words: Sequence[Word]) -> list[Word]:
    """People's names behind how they are addressed: pak Darto, mang Udin."""
    result: list[Word] = []
    for at, word in enumerate(words):
        after = at > 0 and _addressed(draft, at) and not word.token.pause
        if after and word.role in (Role.UNKNOWN, Role.NAME) and not draft.vocabulary.has(word.key):
            best = max(draft.vocabulary.senses(word.key).values(), default=0.0)
            following = words[at + 1] if at + 1 < len(words) else word
            goes_on = following.role in (Role.NAME, Role.MAYBE, Role.NUMBER, Role.UNKNOWN)
            names = goes_on and not following.token.pause
            if best < 0.9 and not (names and following is not word):
                word = replace(word, role=Role.STILL)
        signed = word.role is Role.UNKNOWN and (
            at >= _signature(draft, words) or (at > 0 and draft.texts[at - 1] == "si")
        )
        introduced = signed or (
            word.role is Role.UNKNOWN and at > 0 and _introduced(draft, words, result, at)
        )
        result.append(replace(word, role=Role.STILL) if introduced else word)
    return result


def _signature(draft: Draft, words: Sequence[Word]) -> int:
    """Where the writer's name begins that ends a text: "kenari 2. saya Rudi Sako 0812…"; its end if
    there is none."""
    begin = len(words) - 1
    while begin > 0 and not words[begin].token.pause:
        begin -= 1
    clause = words[begin:]
    strange = sum(word.role is Role.UNKNOWN for word in clause)
    plain = all(word.role in (Role.UNKNOWN, Role.STILL) for word in clause)
    said = begin > 0 and draft.texts[begin] in _SIGNS
    return begin if said and plain and 0 < strange <= _MOST_NAMES else len(words)


def _addressed(draft: Draft, at: int) -> bool:
    """Whether an honorific that names follow stands before: "pak Joko Susilo", not "min"."""
    words = draft.lexicon.words

    def names(text: str) -> bool:
        return text in words["honorifics"] and text not in words["vocatives"]

    second = at > 1 and names(draft.texts[at - 2]) and not draft.vocabulary.has(draft.texts[at - 1])
    return names(draft.texts[at - 1]) or second


def _introduced(draft: Draft, words: Sequence[Word], before: Sequence[Word], at: int) -> bool:
    """Whether an unknown word is the writer's name: "saya Andi mau pesan"."""
    named = any(word.role is Role.NAME for word in before)
    cued = any(word.role is Role.CUE for word in before)
    follows = any(word.role is Role.CUE for word in words[at + 1 : at + 5])
    return not named and not cued and follows and draft.texts[at - 1] in _INTRODUCES
