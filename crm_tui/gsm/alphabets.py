"""The alphabets of SMS: 3GPP TS 23.038 (default alphabet § 6.2.1, its extension § 6.2.1.1).

Septets are bytes of 0 to 127, one a character; packed they are octets (§ 6.1.2.1).
"""

ESCAPE = 0x1B
MARK = "\N{REPLACEMENT CHARACTER}"
"""Stands for what cannot be known."""

_DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_TO_SEPTETS: dict[str, bytes] = {
    **{char: bytes([code]) for code, char in enumerate(_DEFAULT) if code != ESCAPE},
    **{char: bytes([ESCAPE, code]) for code, char in _EXTENSION.items()},
}


def to_septets(text: str) -> bytes | None:
    """`text` in the default alphabet, or None if a character of it is not there."""
    try:
        return b"".join([_TO_SEPTETS[char] for char in text])
    except KeyError:
        return None


def from_septets(septets: bytes, *, locking: int = 0, single: int = 0) -> str:
    """The text of `septets`.

    `locking` and `single` name national tables (23.038 § 6.2.1.2.4 and § 6.2.1.2.2; 0 is none).
    We hold none of them: what such a table changes is shown as `MARK`, never guessed.
    An escape before a code that the extension does not hold shows that code (§ 6.2.1.1 note 1).
    """
    if ESCAPE not in septets and not locking:
        return "".join([_DEFAULT[code] for code in septets])
    text: list[str] = []
    escaped = False
    for code in septets:
        if escaped:
            escaped = False
            if single or code == ESCAPE:
                text.append(MARK)
            else:
                text.append(_EXTENSION.get(code) or (MARK if locking else _DEFAULT[code]))
        elif code == ESCAPE:
            escaped = True
        else:
            text.append(MARK if locking else _DEFAULT[code])
    if escaped:
        text.append(MARK)
    return "".join(text)


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """`septets` as octets, after `fill_bits` zero bits (23.040 § 9.2.3.24, behind a header)."""
    bits = 0
    for index, septet in enumerate(septets):
        bits |= septet << (7 * index + fill_bits)
    return bits.to_bytes((7 * len(septets) + fill_bits + 7) // 8, "little")


def unpack(octets: bytes, count: int, fill_bits: int = 0) -> bytes:
    """`count` septets of `octets` (fewer if the octets do not hold them), without the fill bits."""
    count = min(count, (8 * len(octets) - fill_bits) // 7)
    bits = int.from_bytes(octets, "little") >> fill_bits
    return bytes([(bits >> (7 * index)) & 0x7F for index in range(max(0, count))])


def from_ucs2(octets: bytes) -> str:
    """The text of UCS-2 octets, surrogate pairs joined; a lone surrogate or half a unit is `MARK`."""
    return octets.decode("utf-16-be", "replace")
