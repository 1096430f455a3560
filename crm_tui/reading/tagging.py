"""The words of a free text with their roles."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crm_tui.reading import (
    around,
    bare_words,
    bent_words,
    dictating,
    noise,
    numbers,
    sized_words,
)
from crm_tui.reading.conditions import FAR
from crm_tui.reading.cues import prayed
from crm_tui.reading.edit_model import BEGINNING, EXACT, SOUND
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Draft, Role, Tagged, Word
from crm_tui.reading.tokenizer import Token, plain, tokens

_IN_FULL = 10_000
"""From here on a price is not said in thousands."""
_MOST_PRICED = 40
_WHICH = ("yang", "yg", "yng", "nu", "sing", "warna", "warno", "wrn")
_WITH = (
    "dengan", "dgn", "dg", "vs", "versus", "lawan", "lwn", "ke", "jo", "mbek", "apa", "apo", "opo",
)  # fmt: skip
_TWO = 2


def tag(text: str, index: ItemIndex) -> Tagged:
    """The words of `text` with their roles. What is found out of them (`found`) is of each reading."""
    return index.kept("tag", text, lambda: _tag(text, index)).afresh()


def _tag(text: str, index: ItemIndex) -> Tagged:
    read = dictating.written(sized_words.written(_bracketed(text, index), index), index)
    parts = [part for token in read for part in bare_words.cut(token, index) or [token]]
    bare = [
        token.text if bare_words.introduced(parts, at, index) else bare_words.bare(token, index)
        for at, token in enumerate(parts)
    ]
    bare = noise.without_plates(text, parts, bare, index.lexicon)
    draft = Draft(parts, bare, index)
    _phrases(draft)
    noise.hide(draft)
    at = 0
    while at < len(parts):
        if draft.roles[at] is None:
            at = numbers.take(draft, at) or _word(draft, at)
        else:
            at += 1
    words = [word for word in draft.roles if word is not None]
    words = sized_words.of_clothes(_which_vehicle(draft, words), draft.vocabulary)
    price = around.own_price(words, draft.texts)
    if price is not None and not _in_name(draft, words, price):
        draft.priced = True
        value = words[price].value
        draft.prices.append(value if value >= _IN_FULL else value * 1000)
        words[price] = replace(words[price], role=Role.STILL)
    return Tagged(
        tuple(_aims(draft, noise.sign(draft, words))), tuple(draft.texts), draft.marks, draft.priced,
        any(token.minus and token.key[:1].isdigit() for token in parts), "?" in plain(text)[0],
        tuple(draft.prices),
    )  # fmt: skip


def _bracketed(text: str, index: ItemIndex) -> Sequence[Token]:
    """The words of a text; a name in brackets goes on with what it stands behind: "kenari (canary)
    musi"."""
    every = tokens(text)
    if "(" not in text:
        return every
    joined = list(every)
    again: list[Token] = []
    for at, token in enumerate(every[:-1]):
        opened = at and text[: token.start].rstrip().endswith("(")
        closed = text[token.end :].lstrip().startswith(")")
        if not (opened and closed):
            continue
        if every[at - 1].key == str(index.lexicon.numbers.get(token.text)):
            # "2 (dua) set"
            again.append(token)
            joined[at + 1] = replace(every[at + 1], pause=0)
        plain = token.key.isalpha() and token.pause == 1 and every[at + 1].pause == 1
        if plain and index.words.has(token.key):
            joined[at] = replace(token, pause=0)
            joined[at + 1] = replace(every[at + 1], pause=0)
    return [token for token in joined if token not in again]


def _which_vehicle(draft: Draft, words: list[Word]) -> list[Word]:
    """The same where a car's and a motorcycle's are wanted of one kind of thing: then the words for
    vehicles name what is wanted."""
    lexicon, vocabulary = draft.lexicon, draft.vocabulary
    heads = {lexicon.name(word.key) for word in words if word.role is Role.NAME}
    telling = [
        at
        for at, word in enumerate(words)
        if word.role is Role.MAYBE
        and draft.texts[at] in lexicon.words["vehicles"]
        and any(vocabulary.follows(head, lexicon.name(word.key)) for head in heads)
    ]
    if len({words[at].key for at in telling}) < _TWO:
        return words
    return [
        replace(word, role=Role.NAME) if at in telling else word for at, word in enumerate(words)
    ]


def _in_name(draft: Draft, words: Sequence[Word], at: int) -> bool:
    """Whether a number behind a name belongs to it, and is far from the price of what is so called:
    "os 50 aja 1", "kenari 5100 aja"."""
    before = words[at - 1] if at else words[at]
    if before.role is not Role.NAME or words[at].token.pause:
        return False
    if before.key in draft.lexicon.words["size_marks"]:
        return True
    items = [
        {item for sense in draft.vocabulary.senses(key) for item in draft.vocabulary.items(sense)}
        for key in (before.key, words[at].key)
    ]
    joined = draft.vocabulary.whole(before.key + words[at].key)
    own = (items[0] & items[1]) | {item for one in joined for item in draft.vocabulary.items(one)}
    prices = [draft.index.entry(item).price for item in sorted(own)[:_MOST_PRICED]]
    value = words[at].value
    bids = (value, value * 1000)
    return bool(prices) and all(
        price is not None and not any(price * 4 < bid * 10 and bid < price * 2 for bid in bids)
        for price in prices
    )


def _phrases(draft: Draft) -> None:
    for name in (
        "conditions.if_available", "conditions.if_out", "conditions.when_ready",
        "conditions.pickup", "conditions.cheap", "intents.catalogue", "intents.which_ones",
        "conditions.filler", "dialogue.remove", "dialogue.all", "dialogue.keep", "dialogue.other_one",
    ):  # fmt: skip
        for start, end in draft.marks.get(name, ()):
            for at in range(start, end):
                draft.set(at, Role.STILL)
    _out(draft)
    for start, end in draft.marks.get("numbers.each", ()):
        for at in range(start, end):
            draft.set(at, Role.EACH)
            if draft.texts[at] in ("satu2", "siji2"):
                draft.roles[at] = Word(draft.found[at], Role.EACH, "1", 1)


def _out(draft: Draft) -> None:
    """What is wanted and what is to be had instead are two things: kalau kenari HABIS sirsak 2."""
    for start, _ in draft.marks.get("conditions.condition", ()):
        for place, end in draft.marks.get("conditions.out", ()):
            if start < place <= start + FAR:
                for at in range(place, end):
                    draft.set(at, Role.LINK)
                if end < len(draft.texts) and draft.texts[end] in draft.lexicon.words["then_take"]:
                    draft.set(end, Role.STILL)
        before = draft.texts[:start]
        if not draft.lexicon.words["price"].isdisjoint(before) and draft.roles[start] is None:
            # The other thing that is asked about: kenari berapa kalo sirsak berapa.
            draft.set(start, Role.LINK)


def _urged(draft: Draft, at: int) -> bool:
    """Whether a word only says to go ahead: the last one, behind a number, "kenari 2 gas", or the first
    one, before a number and nothing else, "gas 2"."""
    before = draft.roles[at - 1] if at else None
    end = at + 1
    if draft.texts[end : end + 1] and draft.texts[end] in draft.lexicon.words["doing"]:
        end += 1
    while end < len(draft.found) and not draft.found[end].pause:
        end += 1
    behind = draft.texts[at + 1 : end]
    if behind and all(word is None or word.role is Role.STILL for word in draft.roles[:at]):
        calm = draft.lexicon.union("polite", "honorifics", "just")
        if len(behind) > 1 and behind[0] in draft.lexicon.words["doing"]:
            # "Gas, ambil 2"
            at, behind = at + 1, behind[1:]
        numbers = draft.found[at + 1].digits or behind[0] in draft.lexicon.numbers
        units = draft.lexicon.units.keys() | draft.lexicon.dozens.keys()
        return numbers and all(text in calm or text in units for text in behind[1:])
    counted = any(word is not None and word.role is Role.NUMBER for word in draft.roles[:at])
    named = before is not None and before.role in (Role.NAME, Role.UNKNOWN)
    return counted and not named and at + 1 == len(draft.texts)


def _beside_side(draft: Draft, at: int) -> bool:
    """Whether a word that may be an address stands for a side here: "ka ki"."""
    opposite = draft.lexicon.opposites.get(draft.lexicon.name(draft.texts[at]))
    near = draft.texts[max(0, at - 2) : at] + draft.texts[at + 1 : at + 3]
    return opposite is not None and any(draft.lexicon.name(one) == opposite for one in near)


def _between(draft: Draft, at: int) -> bool:
    """Whether a word for adding stands between two items, and names neither."""
    following = draft.texts[at + 1] if at + 1 < len(draft.texts) else ""
    kinds = draft.vocabulary.kinds
    says = (Role.NAME, Role.NUMBER, Role.EACH, Role.MAYBE, Role.UNKNOWN)
    counted = at > 0 and draft.roles[at - 1] is not None
    counted = counted and any(word is not None and word.role in says for word in draft.roles[:at])
    return bool(
        counted and draft.texts[at] not in kinds and kinds.get(draft.lexicon.name(following))
    )


def _verb(draft: Draft, at: int) -> bool:
    """Whether a word of talk that some names have begins the text, where no kind of thing is
    called so: tambah kenari 1."""
    text = draft.texts[at]
    return (
        text in draft.lexicon.words["adding"]
        and draft.lexicon.name(text) not in draft.vocabulary.kinds
        and all(word is None or word.role is Role.STILL for word in draft.roles[:at])
    )


def _links(draft: Draft, at: int) -> bool:
    """Whether a word stands between two items."""
    text = draft.texts[at]
    if text in draft.lexicon.words["links"]:
        return text != "tambah" or _between(draft, at)
    return text in _WITH and _compares(draft, at)


def _compares(draft: Draft, at: int) -> bool:
    """Whether "with" stands between two things whose prices are compared: "A dgn B beda berapa", "lebih
    murah mana A apa B"."""
    texts, words = draft.texts, draft.lexicon.words
    named = any(word is not None and word.role is Role.NAME for word in draft.roles[:at])
    differs = not words["differs"].isdisjoint(texts) or not words["compares"].isdisjoint(texts)
    if texts[at] in words["either"] and (texts[at + 1 : at + 2] in ([], ["ga"], ["aja"])):
        return False
    priced = not words["price"].isdisjoint(texts)
    return named and differs and priced and words["doing"].isdisjoint(texts)


def _colours(draft: Draft, at: int) -> bool:
    """Whether a word that may be one of talk says a colour here, as it does behind a name or a number
    and before another number: "merah 10 item 10", "cat item doff"."""
    text = draft.texts[at]
    if text not in draft.lexicon.words["colours"] or not draft.vocabulary.has(text):
        return False
    before = draft.roles[at - 1] if at else None
    bent = draft.found[at].text != text
    if bent or (at and draft.texts[at - 1] in _WHICH):
        # "Itemnya", "yang item"
        return True
    if at and draft.texts[at - 1] in draft.lexicon.words["visit.if"]:
        # "Kalo item?", "kalo item ada"
        asking = draft.texts[at + 1 : at + 2]
        return draft.found[at].asked or not asking or asking[0] in draft.lexicon.words["asking"]
    if before is None or draft.found[at].pause > 1:
        return False
    following = draft.found[at + 1] if at + 1 < len(draft.found) else None
    counted = following is not None and following.key[:1].isdigit()
    named = any(word is not None and word.role is Role.NAME for word in draft.roles[:at])
    return before.role is Role.NAME or (counted and named and before.role is not Role.CUE)


def _begins_name(draft: Draft, at: int) -> bool:
    """Whether an address and the word behind it begin a name of the catalogue, too: the "mas kenari" of
    a MAS KENARI."""
    if at + 1 >= len(draft.found) or draft.found[at + 1].pause:
        return False
    following = draft.lexicon.name(draft.texts[at + 1])
    return draft.vocabulary.follows(draft.lexicon.name(draft.texts[at]), following)


def _of_diameter(draft: Draft, at: int) -> bool:
    """Whether a word says that the number behind it is a diameter, which some name has as R17."""
    following = draft.found[at + 1] if at + 1 < len(draft.found) else None
    return following is not None and following.digits and draft.vocabulary.has(f"r{following.key}")


def _says_nothing(draft: Draft, at: int) -> bool:
    """Whether a word is for a bill, which no thing of the shop is called by, or tells a diameter."""
    words, text = draft.lexicon.words, draft.texts[at]
    if len(text) == 1 and at and draft.texts[at - 1] in words["greetings"] and not at > _TWO:
        # "Punten a", to an elder brother.
        return text == "a"
    billed = text in words["invoice"] and not draft.vocabulary.has(draft.found[at].key)
    return billed or (text in words["diameters"] and _of_diameter(draft, at))


def _word(draft: Draft, at: int) -> int:
    token, text = draft.found[at], draft.texts[at]
    words = draft.lexicon.words
    if text == "x" and at + 1 < len(draft.found) and draft.found[at + 1].digits:
        draft.set(at, Role.STILL)
    elif _links(draft, at):
        draft.set(at, Role.LINK)
    elif text in words["cue"]:
        draft.set(at, Role.STILL if prayed(draft.texts, draft.index, at) else Role.CUE)
    elif text in words["prayers"] and not draft.vocabulary.has(token.key):
        draft.set(at, Role.STILL)
    elif (
        text in words["side"]
        or (len(text) > 2 and draft.lexicon.name(text) in words["side"])
        or (text in words["honorifics"] and _beside_side(draft, at))
    ):
        draft.set(at, Role.NAME)
    elif (
        (text in words["urges"] and _urged(draft, at))
        or text in draft.lexicon.ordinals
        or (
            text in draft.lexicon.words["talking"]
            and (
                not (draft.vocabulary.has(token.key) or bent_words.bent(draft, at))
                or _verb(draft, at)
            )
        )
    ):
        draft.set(at, Role.STILL)
    elif _colours(draft, at):
        draft.set(at, Role.NAME)
    elif _says_nothing(draft, at):
        draft.set(at, Role.STILL)
    elif bent_words.bent_name(draft, at):
        # "Kenari anak2", of a KENARI ANAK; "ringnya", of a RING.
        draft.roles[at] = Word(token, Role.MAYBE, text)
    elif text in words["honorifics"] and (_begins_name(draft, at) or bent_words.thing(draft, at)):
        draft.roles[at] = Word(token, Role.MAYBE, text)
    elif text in words["stop"] or text in words["markers"]:
        own = draft.vocabulary.has(token.key) or (text != token.text and draft.vocabulary.has(text))
        known = own and text not in words["personal"]
        near = text in draft.lexicon.canon or text not in words["honorifics"]
        if bent_words.thing_of_it(draft, at):
            # "Plat nya?"
            draft.roles[at] = Word(token, Role.NAME if own else Role.UNKNOWN, text)
        else:
            draft.set(at, Role.MAYBE if known and near else Role.STILL)
    elif numbers.unit_of(draft, text) and draft.vocabulary.senses(token.key):
        draft.set(at, Role.MAYBE)
    elif numbers.unit_of(draft, text) and text != token.key and draft.vocabulary.has(text):
        draft.roles[at] = Word(token, Role.MAYBE, text)
    elif numbers.unit_of(draft, text):
        draft.set(at, Role.STILL)
    else:
        senses = draft.vocabulary.senses(token.key)
        bent = text != token.text and _called_by_stem(draft, token, text, senses)
        key = text if bent or not senses else token.key
        named = bool(draft.vocabulary.senses(key)) or text in draft.lexicon.canon
        house = draft.lexicon.houses.get(text, ())
        named = named or any(map(draft.vocabulary.has, house))
        draft.roles[at] = Word(token, Role.NAME if named else Role.UNKNOWN, key)
    return at + 1


def _called_by_stem(draft: Draft, token: Token, text: str, senses: Mapping[str, float]) -> bool:
    """Whether a word without its ending names something rather than the word itself: "sennya" is a SEN
    before it is a misspelt SENJA."""
    likest = max(senses.values(), default=0.0)
    own = likest < EXACT and token.text.startswith(text) and draft.vocabulary.has(text)
    return likest < BEGINNING or own


def _aims(draft: Draft, words: Sequence[Word]) -> list[Word]:
    """Mark what stands behind "for": buat kenari 2010."""
    result: list[Word] = []
    want = draft.lexicon.words["want"]
    aim = begun = False
    for at, word in enumerate(words):
        wanting = draft.texts[at] in want and draft.texts[at] != "jadi"
        ends = wanting or word.role in (Role.LINK, Role.CUE)
        ends = ends or (aim and begun and _kind(draft, word))
        aim = aim and not word.token.pause and not ends
        result.append(replace(word, purpose=True) if aim else word)
        if draft.texts[at] in draft.lexicon.words["purpose"]:
            # What all is for may be said first: buat Musi kenari 2.
            begun = all(one.role in (Role.STILL, Role.CUE) for one in words[:at])
            aim = True
        aim = aim or _vehicle(draft, words, at)
    return result


def _kind(draft: Draft, word: Word) -> bool:
    """Whether a word says what kind of thing is meant."""
    words = draft.vocabulary
    return word.role is Role.NAME and any(
        words.kinds.get(sense) and not words.applies(sense)
        for sense, weight in words.senses(word.key).items()
        if weight >= SOUND
    )


def _vehicle(draft: Draft, words: Sequence[Word], at: int) -> bool:
    """Whether a word for vehicles, behind a pause or a number, stands before the name of one."""
    if draft.texts[at] not in draft.lexicon.words["vehicles"] or at == 0:
        return False
    before = words[at - 1].role in (Role.NUMBER, Role.STILL)
    following = [word for word in words[at + 1 : at + 3] if word.role is not Role.STILL][:1]
    words_of = draft.vocabulary
    return (words[at].token.pause > 0 or before) and any(
        word.role is Role.UNKNOWN
        or (word.role is Role.NAME and any(map(words_of.applies, words_of.senses(word.key))))
        for word in following
    )
