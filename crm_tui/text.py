"""Text from outside, made harmless for a terminal."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime

_MARK = 0xFFFD
_TURNING = (0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
"""Controls that turn the direction of writing, and those that separate lines unseen."""
_SHAPELESS = (
    range(0xAD, 0xAE), range(0x034F, 0x0350), range(0x115F, 0x1161), range(0x17B4, 0x17B6),
    range(0x180B, 0x1810), range(0x200B, 0x200D), range(0x2060, 0x2070), range(0x3164, 0x3165),
    range(0xFFA0, 0xFFA1), range(0xFFF0, 0xFFF9), range(0x1BCA0, 0x1BCA4),
    range(0x1D173, 0x1D17B), range(0xE0000, 0xE1000),
)  # fmt: skip
"""What has no shape of its own (Default_Ignorable_Code_Point), so that two texts could look alike."""
_JOINING = (range(0x200D, 0x200E), range(0xFE00, 0xFE10), range(0x1F3FB, 0x1F400))
"""What joins or tints pictures: terminals do not agree how wide the whole is, and lines break."""
_NO_CHARACTERS = (range(0xD800, 0xE000), range(0xFFFE, 0x10000))
"""Some programs refuse a whole file that holds one."""
_MOST_KNOWN = 4_096


def _shown(code: int) -> int | None:
    """What stands for a character; None: nothing."""
    if code < 0x20:
        return code if code in (0x09, 0x0A) else 0x2400 + code
    if code == 0x7F:
        return 0x2421
    if code < 0x7F:
        return code
    if any(code in some for some in _JOINING):
        return None
    marked = code < 0xA0 or code in _TURNING
    if marked or any(code in some for some in (*_SHAPELESS, *_NO_CHARACTERS)):
        return _MARK
    return code


class _Shown(dict[int, int | None]):
    """What stands for each character, as far as any was asked for: all of them would be half a
    megabyte."""

    def __missing__(self, code: int) -> int | None:
        shown = _shown(code)
        if len(self) < _MOST_KNOWN:
            self[code] = shown
        return shown


_VISIBLE = _Shown()


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


def plainly_written(text: str) -> str:
    """`text`, sign for sign, as it may be read: a number is ASCII or full-width digits, and nothing
    else that has the value of a number or no shape is anything."""
    if text.isascii():
        return text
    return "".join(
        _NO_WORD
        if not char.isascii()
        and (
            _VISIBLE[ord(char)] == _MARK
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
_NUMBER = r"(?<=[+\-])\d+(?:[;,|\t\r\n]|$)"
_LIVE = re.compile(rf"((?:^|[;,|\t\r\n])[\s\"]*)([{_COMPUTED}])(?!{_NUMBER})")
_LIVE_BEHIND = re.compile(rf"[;,|\t\r\n][\s\"]*[{_COMPUTED}](?!{_NUMBER})")
"""The same behind a separator: it begins with a set of signs, and those are skipped to quickly."""


def cell(text: str) -> str:
    """`visible` text for a cell that no spreadsheet computes, whichever of the usual separators it
    takes the line to have: what begins like a formula is led by an apostrophe. Numbers stay."""
    if not (text.isascii() and text.isprintable()):
        text = visible(text)
    return _LIVE.sub(r"\1'\2", text)


def plain_cells(texts: Sequence[str]) -> bool:
    """Whether `cell` would change none of them; it may say no where it would."""
    # All at once: a look at each costs as much as the rest of a file of a hundred thousand rows.
    # Without the empty ones: a run of separators is looked through from each of them.
    joined = "\t" + "\t".join(filter(None, texts))
    return (
        joined.isascii()
        and joined.replace("\t", "").isprintable()
        and not _LIVE_BEHIND.search(joined)
    )


def printable(text: str) -> str:
    """Lines of text as any printer takes them, in ASCII, and nothing that one obeys.

    The octets 128 to 159, of which UTF-8 is full, are commands to some, 155 an escape. What begins as
    PostScript, PDF or a command of printers' own does, is none behind a blank.
    """
    plain = "".join(char if char == "\n" else _on_paper(char) for char in text)
    plain = _COMMANDS.sub(r" \g<0>", plain)
    # What a job is, spoolers guess by its first signs.
    return plain if plain[:1] in ("", " ", "\n") else f"\n{plain}"


_COMMANDS = re.compile(r"^(?:%|@|#!|<)", re.MULTILINE)
_LIKE = str.maketrans(
    {"–": "-", "—": "-", "‐": "-", "−": "-", "·": "-", "•": "-", "×": "x", "…": ".", "‘": "'", "’": "'",
     "“": '"', "”": '"', "→": ">", "←": "<", "¹": "1", "²": "2", "³": "3"}
)  # fmt: skip


def _on_paper(char: str) -> str:
    """One sign as ASCII: alike, without its accent, or "?"."""
    near = char.translate(_LIKE)
    if not near.isascii():
        near = unicodedata.normalize("NFKD", near)[:1]
    return near if near.isascii() and near.isprintable() else "?"


def echoed(text: str, most: int = 20) -> str:
    """What is said back of a stranger's words: letters, digits, single blanks and hyphens, at most
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


def thousands(count: int) -> str:
    """12.345"""
    return f"{count:,}".replace(",", ".")


def rupiah(amount: int) -> str:
    """Rp85.000"""
    return ("-" if amount < 0 else "") + "Rp" + thousands(abs(amount))


def hundredths(count: int) -> str:
    """12,5 of 1250, 2 of 200"""
    return f"{count / 100:g}".replace(".", ",")


def percent(part: int) -> str:
    """12,5%, of hundredths of a percent."""
    return hundredths(part) + "%"


def day(at: date) -> str:
    """24/11/2026, as people here write it; of a moment its day in the shop's zone."""
    return f"{at.astimezone() if isinstance(at, datetime) else at:%d/%m/%Y}"


def day_and_time(at: datetime, *, seconds: bool = False) -> str:
    """24/11/2026 08:49, on the clock of the shop."""
    local = at.astimezone()
    return f"{day(local)} {local:%H:%M:%S}" if seconds else f"{day(local)} {local:%H:%M}"


def brief(text: str, most: int = 40) -> str:
    """What somebody typed, as it is told in a sentence: of what is long only its beginning."""
    return text if len(text) <= most else text[: most - 1] + "…"


def phone(number: str) -> str:
    """An Indonesian number as people read it, 0813-7310-0101; others as they are."""
    if not number.startswith("+62"):
        return number
    digits = "0" + number[3:]
    return "-".join(digits[place : place + 4] for place in range(0, len(digits), 4))
