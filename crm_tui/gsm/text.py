"""From a text to the segments that carry it, and back (23.040 § 9.2.3.24.1)."""

from collections.abc import Sequence

from crm_tui.gsm import alphabets
from crm_tui.gsm.errors import TextTooLong
from crm_tui.gsm.fields import Alphabet
from crm_tui.gsm.pdu import UserData

MOST_SEGMENTS = 255
_WHOLE = {Alphabet.GSM7: 160, Alphabet.UCS2: 140}
_SEGMENT = {
    8: {Alphabet.GSM7: 153, Alphabet.UCS2: 134},
    16: {Alphabet.GSM7: 152, Alphabet.UCS2: 132},
}
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"), "…": "...", "•": "-", "\u00ad": "",
        **dict.fromkeys(map(chr, (0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)), " "),
        **dict.fromkeys(map(chr, (0x200B, 0x200C, 0x2060, 0xFEFF)), ""),
    }
)  # fmt: skip
MISSING = "[…]"
"""Stands for segments that have not come."""


def plain(text: str) -> str:
    """`text` with quotes, dashes and blanks as a telephone types them: one that a word processor set
    would make each SMS hold 70 characters in place of 160."""
    return text if text.isascii() else text.translate(_PLAIN)


def segments(text: str, bits: int = 8) -> list[UserData]:
    """`text` in as few segments as hold it; none ends inside an escape or a surrogate pair.

    One that fits into a single SMS has no header; `bits` is the size of the reference in the others
    (8 or 16). Raises `TextTooLong` beyond 255 segments.
    """
    whole = alphabets.to_septets(text)
    alphabet = Alphabet.UCS2 if whole is None else Alphabet.GSM7
    if whole is None:
        whole = text.encode("utf-16-be", "replace")
    if len(whole) <= _WHOLE[alphabet]:
        return [UserData(alphabet, whole)]
    units = [
        (
            char.encode("utf-16-be", "replace")
            if alphabet is Alphabet.UCS2
            else alphabets.to_septets(char)
        )
        or b""
        for char in text
    ]
    cut: list[bytearray] = [bytearray()]
    for unit in units:
        if len(cut[-1]) + len(unit) > _SEGMENT[bits][alphabet]:
            cut.append(bytearray())
        cut[-1] += unit
    if len(cut) > MOST_SEGMENTS:
        raise TextTooLong(characters=len(text))
    return [UserData(alphabet, bytes(content)) for content in cut]


def join(parts: Sequence[UserData | None]) -> str:
    """The text of segments in their order; a missing one shows as `MISSING`.

    Neighbours in one alphabet are joined before they are read, so that an escape or a surrogate
    pair that was split between them is whole again.
    """
    text: list[str] = []
    run: list[UserData] = []
    for part in [*parts, None]:
        if part is not None and (not run or _alike(run[-1], part)):
            run.append(part)
            continue
        if run:
            text.append(_read(run))
            run = []
        if part is not None:
            run = [part]
        else:
            text.append(MISSING)
    return "".join(text[:-1])


def _alike(one: UserData, other: UserData) -> bool:
    return (
        one.alphabet is other.alphabet
        and one.header.locking_shift == other.header.locking_shift
        and one.header.single_shift == other.header.single_shift
    )


def _read(run: list[UserData]) -> str:
    content = b"".join([part.content for part in run])
    head = run[0].header
    if run[0].alphabet is Alphabet.GSM7:
        return alphabets.from_septets(content, locking=head.locking_shift, single=head.single_shift)
    if run[0].alphabet is Alphabet.UCS2:
        return alphabets.from_ucs2(content)
    return _words(content)


def _words(octets: bytes) -> str:
    """Octets of data as the text that they are, or in hexadecimal if they are none."""
    for encoding, least in (("utf-8", 0.0), ("latin-1", 0.75)):
        try:
            text = octets.decode(encoding)
        except UnicodeDecodeError:
            continue
        shown = all(char.isprintable() or char in "\r\n\t" for char in text)
        if shown and sum(map(str.isascii, text)) >= least * len(text):
            return text
    return f"[{octets.hex(' ')}]"
