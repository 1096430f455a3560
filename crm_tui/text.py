"""Text from outside, made harmless for a terminal."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_VISIBLE: dict[int, int | None] = {
    **{code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)},
    0x7F: 0x2421,
    **dict.fromkeys(range(128, 160), 65533),
    # Controls that turn the direction of writing, and those that separate lines unseen.
    **dict.fromkeys((1564, 8206, 8207, 8232, 8233), 65533),
    **dict.fromkeys(range(8234, 8239), 65533),
    **dict.fromkeys(range(8294, 8298), 65533),
    0xFEFF: 0xFFFD,
    # What has no shape of its own (Default_Ignorable_Code_Point), so that two texts could look alike.
    **dict.fromkeys(
        (
            0xAD,
            0x034F,
            0x115F,
            0x1160,
            0x17B4,
            0x17B5,
            *range(0x180B, 0x1810),
            0x200B,
            0x200C,
            *range(0x2060, 0x2070),
            0x3164,
            0xFFA0,
            *range(0xFFF0, 0xFFF9),
            *range(0x1BCA0, 0x1BCA4),
            *range(0x1D173, 0x1D17B),
            *range(0xE0000, 0xE1000),
        ),
        0xFFFD,
    ),
    # What joins or tints pictures: terminals do not agree how wide the whole is, and lines break.
    **dict.fromkeys((0x200D, *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400))),
    # No characters at all: some programs refuse a whole file that holds one.
    **dict.fromkeys((65534, 65535, *range(55296, 57344)), 65533),
}


def visible(text: str) -> str:
    """`text` with every control shown as a picture or a mark, so that none is obeyed.

    Pictures that are joined out of several are shown one beside the other.
    """
    return text.translate(_VISIBLE)


def one_line(text: str, width: int | None = None) -> str:
    """`visible` on one line; longer than `width` characters it ends in an ellipsis."""
    line = " ".join(visible(text).split())
    if width is not None and len(line) > width:
        return line[: max(0, width - 1)] + "…"
    return line


_NO_WORD = "\u2066"
"""A sign that reading takes for no part of any word, so that a person looks at the text."""
_STRAY = {code: 0xFFFD for code, sign in _VISIBLE.items() if sign == 0xFFFD}


def plainly_written(text: str) -> str:
    """`text`, sign for sign, as it may be read: a number is ASCII or full-width digits, and nothing
    else that has the value of a number or no shape is anything."""
    if text.isascii():
        return text
    return "".join(
        _NO_WORD
        if not char.isascii()
        and (
            ord(char) in _STRAY
            or (
                not "０" <= char <= "９"
                and any(one.isnumeric() for one in unicodedata.normalize("NFKC", char))
            )
        )
        else char
        for char in text
    )


_COMPUTED = "=+\\-@＝＋－＠"
"""What spreadsheets take for the beginning of a formula; the wide ones in the Far East."""
_LIVE = re.compile(rf"((?:^|[;,|\t\r\n])[\s\"]*)([{_COMPUTED}])(?!(?<=[+\-])\d+(?:[;,|\t\r\n]|$))")


def cell(text: str) -> str:
    """`visible` text for a cell that no spreadsheet computes, whichever of the usual separators it
    takes the line to have: what begins like a formula is led by an apostrophe. Numbers stay."""
    if not (text.isascii() and text.isprintable()):
        text = visible(text)
    return _LIVE.sub(r"\1'\2", text)


def plain_cells(texts: Sequence[str]) -> bool:
    """Whether `cell` would change none of them; it may say no where it would."""
    # All at once: a look at each costs as much as the rest of a file of a hundred thousand rows.
    joined = "\t".join(texts)
    return joined.isascii() and joined.replace("\t", "").isprintable() and not _LIVE.search(joined)


def printable(text: str) -> str:
    """Lines of text, and nothing that a printer obeys."""
    return "".join(char if char == "\n" or char.isprintable() else "?" for char in text)


def echoed(text: str, most: int = 20) -> str:
    """What of a stranger's words is said back: letters, digits, single blanks and hyphens, at most
    `most` of them."""
    kept = "".join(char if char.isalnum() or char in " -" else "" for char in text)
    return " ".join(kept.split())[:most].strip()


def marked(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it stands in one of the half-open `spans` of characters.

    Blanks alone between two spans belong to them; blanks around the text are left out.
    """
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    joined: list[list[int]] = []
    for first, last in sorted(spans):
        first, last = max(first, begin), min(last, end)
        if first >= last:
            continue
        if joined and not text[joined[-1][1] : first].strip():
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    pieces: list[tuple[str, bool]] = []
    for first, last in joined:
        pieces += [(text[begin:first], False), (text[first:last], True)]
        begin = last
    pieces.append((text[begin:end], False))
    return [piece for piece in pieces if piece[0]]


def rupiah(amount: int) -> str:
    """Rp85.000"""
    return ("-" if amount < 0 else "") + "Rp" + f"{abs(amount):,}".replace(",", ".")


def phone(number: str) -> str:
    """An Indonesian number as people read it, 0813-7310-0101; others as they are."""
    if not number.startswith("+62"):
        return number
    digits = "0" + number[3:]
    return "-".join(digits[place : place + 4] for place in range(0, len(digits), 4))
