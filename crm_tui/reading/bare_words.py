"""Words as the lexicon has them: joined ones cut, endings and doublings taken off."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crm_tui.reading import stems
from crm_tui.reading.edit_model import BEGINNING, SLIP, SOUND
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.tokenizer import Token, key_of

_TYRE = re.compile(r"(\d+/\d+)-?(z?r\d+)")
_AGAIN = re.compile(r"([a-z])\1+$")
_STEM = 4
_SHORT = 3
_RUN_TOGETHER = 6
_FIRST_NAMED = 2
_OF_ONE = re.compile(r"(se|sak|sa)(.+?)(nyo|nya|ny|ne|no|na|e)")
_SUFFIX = re.compile(r"(nyo|nya|ny|ne|no|e)$")


def introduced(found: Sequence[Token], at: int, index: ItemIndex) -> bool:
    """Whether a word is what somebody uses as a name of their own: "ini tante Mira, …"."""
    if at < _FIRST_NAMED or found[at - 1].pause or found[at].pause:
        return False
    words = index.lexicon.words
    said = found[at - 2].text in words["signs"]
    return said and found[at - 1].text in words["honorifics"] and found[at].text.isalpha()


def cut(token: Token, index: ItemIndex) -> list[Token] | None:
    if index.words.senses(token.key) or len(token.key) < 3:
        return None
    numbered = re.fullmatch(r"(.*[a-z0-9])[.,](\d{1,3})", token.text)
    if numbered and index.find(key_of(numbered[1]).upper()):
        border = token.start + len(numbered[1])
        head = replace(token, text=numbered[1], key=key_of(numbered[1]), end=border, asked=False)
        tail = Token(numbered[2], numbered[2], border + 1, token.end, asked=token.asked)
        return [head, tail]
    tyre = _TYRE.fullmatch(token.text)
    if tyre and all(index.words.has(key_of(part)) for part in tyre.groups()):
        border = token.start + len(tyre[1])
        head = replace(token, text=tyre[1], key=key_of(tyre[1]), end=border, asked=False)
        return [head, Token(tyre[2], tyre[2], border, token.end, asked=token.asked)]
    if "/" in token.text and re.search("[a-z]", token.text):
        parts = []
        place = token.start
        for number, part in enumerate(token.text.split("/")):
            if part:
                parts.append(
                    Token(
                        part,
                        key_of(part),
                        place,
                        place + len(part),
                        0 if number else token.pause,
                    )
                )
            place += len(part) + 1
        return parts
    if token.key.isalpha() and len(token.key) > 7:
        for cut in range(4, len(token.key) - 2):
            one, two = token.key[:cut], token.key[cut:]
            if index.words.has(one) and index.words.has(two):
                border = token.start + cut
                return [
                    replace(token, text=one, key=one, end=border, asked=False),
                    Token(two, two, border, token.end, asked=token.asked),
                ]
    return _run_together(token, index)


def _run_together(token: Token, index: ItemIndex) -> list[Token] | None:
    """Two short words with which names begin, written in one: "kenpin", of a KEN PIN; None if it is not
    so."""
    words, lexicon = index.words, index.lexicon
    text = token.text
    if not text.isalpha() or not text.islower() or len(text) < _RUN_TOGETHER:
        return None
    for cut in range(_SHORT, len(text) - _SHORT + 1):
        one, two = text[:cut], text[cut:]
        plain = two if words.has(two) else _SUFFIX.sub("", two)
        if len(plain) >= _SHORT and words.follows(lexicon.name(one), lexicon.name(plain)):
            border = token.start + cut
            return [
                replace(token, text=one, key=key_of(one), end=border, asked=False),
                Token(two, key_of(two), border, token.end, asked=token.asked),
            ]
    return None


def bare(token: Token, index: ItemIndex) -> str:
    """A word as the lexicon has it: without "-nya" and the 2 that doubles it."""
    text = token.text
    lexicon = index.lexicon
    if _knows(lexicon, text):
        side = _SUFFIX.sub("", text) if text in lexicon.words["near"] else text
        # "Kenari sampingnya", of a KENARI SAMPING
        return side if side != text and index.words.has(side) else text
    if text in lexicon.spelled and not index.words.has(text):
        return lexicon.spelled[text]
    squeezed = _AGAIN.sub(r"\1", text) if text[-1:] == text[-2:-1] else text
    if squeezed != text and not index.words.has(text) and _knows(lexicon, squeezed):
        # "Haloo", "dongg"
        return squeezed
    if text.endswith("2") and text[:-1].isalpha() and not index.words.senses(token.key):
        stem = text[:-1]
        if index.words.has(stem * 2):
            return stem * 2
        # "Kiri2", and "jari2" of a JARI JARI.
        return stem if _knows(lexicon, stem) or index.words.follows(stem, stem) else text
    if text.isalpha() and not index.words.has(text):
        of_one = _OF_ONE.fullmatch(text)
        if of_one and of_one[2] in lexicon.units:
            # "Sebotolnya", "sabotolna"
            return of_one[1] + of_one[2]
        stem = _SUFFIX.sub("", text)
        if len(stem) > 2 and (_knows(lexicon, stem) or index.words.has(stem)):
            return stem
        senses = index.words.senses(token.key)
        known = not senses or (len(stem) < len(text) and max(senses.values()) < BEGINNING)
        if known and stem != text and _stands_for(index, stem):
            return stem
        if text in lexicon.words["named"]:
            return text
        if text.endswith("x") and len(stem) > _STEM and _knows(lexicon, text[:-1]):
            # "Pirox", "hargax"
            return text[:-1]
        if max(senses.values(), default=0.0) < BEGINNING:
            heard = lexicon.heard if not senses else {}
            return stems.meant(text, lexicon.words["verbs"], heard) or text
    return text


def _stands_for(index: ItemIndex, stem: str) -> bool:
    """Whether a word without its ending is like one of the catalogue's: sirsaj of sirsaje."""
    least = SLIP if len(stem) > _STEM else SOUND
    return len(stem) > 2 and max(index.words.senses(stem).values(), default=0.0) >= least


def _knows(lexicon: Lexicon, text: str) -> bool:
    return text in lexicon.known or text in lexicon.numbers or text in lexicon.units
