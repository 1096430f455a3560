"""Words that only say what an order is for: "kenari 2, mobil calya".

For which vehicle something is wanted is no line of the order. It may speak against what else was named,
and then that is asked about.
"""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.reading.edit_model import SOUND
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.shapes import dated
from crm_tui.reading.vocabulary import Vocabulary

_MOST = 3
"""So many words name a vehicle."""


def without_aims(
    mentions: Sequence[Mention], tagged: Tagged, vocabulary: Vocabulary
) -> list[Mention]:
    """What is named without what only says for what it is, where a kind of thing is named besides."""
    mentions = _doubted(mentions, tagged, vocabulary)
    named = [one for one in mentions if one.match.headed and not one.match.missing]
    aims = [one for one in mentions if named and _says_for_what(one, tagged, vocabulary)]
    if not aims:
        return list(mentions)
    doubt = not all(_marked(one, tagged, vocabulary) for one in aims)
    said = {
        word for one in mentions if one not in aims for term in one.terms for word in term.senses
    }
    owned = [word for aim in aims for word in _words_of(aim, tagged, vocabulary)]
    return [
        replace(
            one,
            words=(*one.words, *owned) if one is named[-1] else one.words,
            doubt=one.doubt or doubt or any(_against(aim, one, said, vocabulary) for aim in aims),
        )
        for one in mentions
        if one not in aims
    ]


def _doubted(mentions: Sequence[Mention], tagged: Tagged, vocabulary: Vocabulary) -> list[Mention]:
    """What is named by what something is for, in the light of what was named before it: "kenari ada?
    pesan 2 buat sirsak" may be one thing or two."""
    result: list[Mention] = []
    for one in mentions:
        before = result[-1] if result else None
        if before is not None and one.lean and _marked(one, tagged, vocabulary):
            if one.quantity is None and set(one.match.items) <= set(before.match.items):
                owned = _words_of(one, tagged, vocabulary)
                doubt = before.doubt or bool(owned and _against(one, before, set(), vocabulary))
                result[-1] = replace(before, words=(*before.words, *owned), doubt=doubt)
                continue
            if before.match.one and before.quantity is None and _goes_on(one):
                # "Gelatik musi, 1 buat sirsak": so many of what was named.
                count = one.quantity
                result[-1] = replace(
                    before, quantity=count, doubt=True, words=(*before.words, *one.words)
                )
                continue
            one = replace(one, doubt=one.doubt or None in (one.quantity, before.quantity))
        elif one.match.one and _aimed(one, tagged, vocabulary):
            one = replace(one, doubt=True)
        result.append(one)
    return result


def _goes_on(mention: Mention) -> bool:
    """Whether a number, and behind it what something is for, stand behind a comma alone."""
    numbers = (word for word in mention.words if word.role is Role.NUMBER and not word.year)
    first = next(numbers, None)
    return first is not None and first.token.pause == 1


def _aimed(mention: Mention, tagged: Tagged, vocabulary: Vocabulary) -> bool:
    """Whether nothing says what kind of thing is meant but what stands behind "for"."""
    heads = set(vocabulary.heads[mention.match.items[0]])
    kinds = [term for term in mention.terms if not heads.isdisjoint(term.senses)]
    if not kinds:
        return _marked(mention, tagged, vocabulary)
    return all(tagged.words[term.place].purpose for term in kinds)


def _says_for_what(mention: Mention, tagged: Tagged, vocabulary: Vocabulary) -> bool:
    """Whether a mention has no kind and no number, but a model, or stands behind a word for one."""
    found = mention.match
    if found.headed or mention.lean or mention.quantity is not None:
        return False
    needed = [term for term in mention.terms if not term.soft]
    if not needed or any(vocabulary.kinds.get(word) for term in needed for word in term.senses):
        return False
    if _marked(mention, tagged, vocabulary):
        return len(needed) <= _MOST
    return not found.missing and all(any(map(vocabulary.applies, term.senses)) for term in needed)


def _marked(mention: Mention, tagged: Tagged, vocabulary: Vocabulary) -> bool:
    """Whether a word for vehicles, or "for", stands before the first word of a mention."""
    words = vocabulary.lexicon.words
    marks = words["vehicles"] | words["purpose"]
    at = min(term.place for term in mention.terms)
    if tagged.texts[at] in marks or _owned(mention, tagged, vocabulary):
        return True
    while at and not tagged.words[at].token.pause:
        at -= 1
        if tagged.texts[at] in marks:
            return True
        if tagged.words[at].role not in (Role.STILL, Role.MAYBE):
            return False
    return False


def _owned(mention: Mention, tagged: Tagged, vocabulary: Vocabulary) -> bool:
    """Whether a clause behind what is wanted says whose it is, or of which year: "alpa saya 2016"."""
    first = min(term.place for term in mention.terms)
    last = max(term.place for term in mention.terms)
    if not first or not tagged.words[first].token.pause:
        return False
    own = vocabulary.lexicon.words["mine_here"]
    following = tagged.texts[last + 1 : last + 2]
    dated = [word.year for word in tagged.words[first : last + 3] if word.role is Role.NUMBER]
    return (bool(following) and following[0] in own) or (bool(dated) and all(dated))


def _words_of(mention: Mention, tagged: Tagged, vocabulary: Vocabulary) -> list[Word]:
    """The words that say whose it is, the year among them; none of what does not say so."""
    if not _owned(mention, tagged, vocabulary):
        return []
    begin = mention.words[0].span
    return [
        word for word in tagged.words if word in mention.words or (word.year and word.span > begin)
    ]


def _against(aim: Mention, mention: Mention, said: set[str], vocabulary: Vocabulary) -> bool:
    """Whether what is named may be for something else than this; `said`: all that was said of items."""
    wanted = {
        word
        for term in aim.terms
        if not term.soft
        for word, weight in term.senses.items()
        if weight >= SOUND and word[:5] != "code:"
    }
    kinds = _kinds(wanted, vocabulary)
    sized = [term for term in aim.terms if any(char.isdigit() for char in term.key)]
    for item in mention.match.items:
        if any(
            not term.fits(vocabulary, item)
            and (not term.soft or any(map(dated, vocabulary.words[item])))
            for term in sized
        ):
            # Another model of the name, or of other years.
            return True
        if any(item in vocabulary.items(word) for word in wanted):
            continue
        models = {word for word in vocabulary.words[item] if _model(word, vocabulary)}
        if models - said or (models and not wanted):
            return True
        if any(not kinds.isdisjoint(_kinds({model}, vocabulary)) for model in models):
            return True
    return False


def _model(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a word may be a model's; a size or a measure is none."""
    lexicon = vocabulary.lexicon
    measured = word in lexicon.measures or word in lexicon.units
    return word[0].isalpha() and not measured and vocabulary.applies(word)


def _kinds(words: set[str], vocabulary: Vocabulary) -> set[str]:
    return {head for word in words for item in vocabulary.items(word)
            for head in vocabulary.heads[item][:1]}  # fmt: skip
