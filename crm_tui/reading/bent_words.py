"""Words of talk that name a thing where they are said with an ending: "ringnya", "bos nya ada?"."""

from crm_tui.reading.roles import Draft

_OF_IT = ("nya", "nyo")


def thing(draft: Draft, at: int) -> bool:
    """Whether an address that a name has stands where a thing is meant: the "bos nya" of a BOS ARM."""
    if not draft.vocabulary.has(draft.found[at].key):
        return False
    behind = draft.found[at + 1 : at + 2]
    bent = bool(behind) and not behind[0].pause and draft.texts[at + 1] in _OF_IT
    return bent and draft.texts[at] == draft.found[at].text


def thing_of_it(draft: Draft, at: int) -> bool:
    """Whether a word of talk that is one for a thing, too, is said to be one of what was spoken of: the
    "per nya" of "per nya ada?"."""
    words, token = draft.lexicon.words, draft.found[at]
    text = draft.texts[at]
    if text not in words["things"] or text in words["vehicles"] or text in draft.lexicon.units:
        return False
    behind = draft.found[at + 1 : at + 2]
    apart = bool(behind) and not behind[0].pause and draft.texts[at + 1] in _OF_IT
    bent = token.text != text and token.text.startswith(text) and token.text.endswith(_OF_IT)
    end = at + 1 + apart
    asked = token.asked or end == len(draft.found) or draft.found[end].pause
    following = draft.texts[end] if end < len(draft.found) else ""
    numbered = following.isdecimal() or following in draft.lexicon.numbers
    return (apart or bent) and bool(
        asked or numbered or following in words["asking"] or following in words["just"]
    )


def bent_name(draft: Draft, at: int) -> bool:
    """Whether a word of talk that some names have is said with an ending: "anak2", "ringnya"."""
    text, key = draft.texts[at], draft.found[at].key
    bent = key == f"{text}2" or (key != text and key.startswith(text) and key.endswith(_OF_IT))
    words = draft.lexicon.words
    return (
        bent
        and text in words["stop"]
        and text not in words["honorifics"]
        and text not in words["personal"]
        and draft.vocabulary.has(text)
    )


def bent(draft: Draft, at: int) -> bool:
    """Whether a word is one that some names have, with an ending: the "gase" of a KABEL GAS."""
    text, token = draft.texts[at], draft.found[at]
    return text != token.text and token.text.startswith(text) and draft.vocabulary.has(text)
