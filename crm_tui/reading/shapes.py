"""What sizes and years look like, and which mentions are no more than a guess."""

from crm_tui.reading.channel import SOUND
from crm_tui.reading.pieces import Mention, rate


def named(mentions: list[Mention]) -> list[Mention]:
    """Without what is only like an abbreviation, where something else is named well."""
    if not any(rate(mention) > 2.5 for mention in mentions):
        return mentions
    return [
        mention
        for mention in mentions
        if mention.quantity is not None or len(mention.terms) > 1 or mention.match.sure >= SOUND
        or mention.match.missing
    ]  # fmt: skip


def shape(key: str) -> str:
    """What a size looks like: 0 for a digit, a for a letter; "" of a plain word."""
    if not any(char.isdigit() for char in key):
        return ""
    return "".join("0" if char.isdigit() else "a" for char in key)


def year(number: str) -> bool:
    """Whether it is a year, or two of them: 2015, 1215."""
    first, last = int(number[:2]), int(number[2:] or 0)
    return len(number) == 4 and (1970 <= int(number) <= 2035 or first < last <= 35)
