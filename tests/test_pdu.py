"""PDUs: what we write others read, what others write we read, and octets without sense are told."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from smspdudecoder.easy import read_incoming_sms

from crm_tui.gsm import alphabets, pdu
from crm_tui.gsm.errors import PduProblem, TextTooLong
from crm_tui.gsm.fields import Alphabet, Concatenation, Header
from crm_tui.gsm.pdu import Fate, UserData
from crm_tui.gsm.text import MISSING, join, segments

GSM = "".join(alphabets._TO_SEPTETS)
WHEN = datetime(2026, 11, 24, 8, 15, 30, tzinfo=timezone(timedelta(hours=7)))
PUBLISHED = "07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37"
HEXADECIMAL = re.compile("([0-9A-Fa-f]{2})*")

gsm_text = st.text(alphabet=GSM, min_size=1, max_size=700)
any_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)
numbers = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)


@given(st.one_of(gsm_text, any_text))
def test_text_survives_segments(text: str) -> None:
    """Any text comes back whole from its segments."""
    assert join(segments(text)) == text


@given(st.one_of(gsm_text, any_text))
def test_segments_fit_and_split_nothing(text: str) -> None:
    """No segment exceeds 140 octets, ends in an escape, or in half a surrogate pair."""
    parts = segments(text)
    for part in parts:
        number, octets = pdu._user_data_octets(
            part, Concatenation(1, len(parts), 1) if len(parts) > 1 else None
        )
        assert len(octets) <= 140
        assert number <= (160 if part.alphabet is Alphabet.GSM7 else 140)
        if part.alphabet is Alphabet.GSM7:
            assert part.content[-1] != alphabets.ESCAPE
        else:
            assert not 0xD8 <= part.content[-2] <= 0xDB


@given(numbers, st.one_of(gsm_text, any_text), st.integers(0, 255))
def test_submit_comes_back(number: str, text: str, reference: int) -> None:
    """What is submitted is decoded to the same recipient, words and header."""
    parts = segments(text)
    decoded = []
    for position, part in enumerate(parts, start=1):
        joined = Concatenation(reference, len(parts), position) if len(parts) > 1 else None
        made = pdu.submit(number, part, joined=joined)
        back = pdu.decode_submit(made)
        assert back.recipient == number
        assert back.data.header.concatenation == joined
        assert back.report_asked
        assert pdu.tpdu_length(made) == len(made) // 2 - 1
        decoded.append(back.data)
    assert join(decoded) == text


@given(
    st.one_of(numbers, st.from_regex(r"[A-Za-z ]{1,10}[A-Za-z]", fullmatch=True)),
    any_text,
    st.sampled_from([8, 16]),
)
def test_deliver_comes_back(sender: str, text: str, bits: int) -> None:
    """What a network delivers is decoded to the same sender, time and words, 8 or 16 bit references."""
    parts = segments(text, bits)
    back = []
    for position, part in enumerate(parts, start=1):
        joined = Concatenation(0xAB, len(parts), position, bits) if len(parts) > 1 else None
        decoded = pdu.decode(pdu.deliver(sender, part, WHEN, joined=joined))
        assert isinstance(decoded, pdu.Deliver)
        assert (decoded.sender, decoded.sent_at) == (sender, WHEN)
        assert decoded.data.header.concatenation == joined
        assert decoded.data.content == part.content
        back.append(decoded.data)
    assert join(back) == text


@given(
    numbers,
    st.one_of(
        st.text(alphabet=GSM, min_size=1, max_size=150),
        st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60),
    ),
)
def test_others_read_ours(sender: str, text: str) -> None:
    """smspdudecoder reads in our PDU what we wrote."""
    part = segments(text)[0]
    read = read_incoming_sms(pdu.deliver(sender, part, WHEN, service_centre="+6281100000"))
    shown = read["content"]
    if part.alphabet is Alphabet.GSM7 and len(part.content) % 8 == 7:
        # It takes the seven bits left over in the last octet for one more character, "@".
        shown = shown.removesuffix("@") if not join([part]).endswith("@") else shown[:-1]
    assert shown == join([part])
    assert read["sender"].lstrip("+") == sender.lstrip("+")
    assert read["date"].astimezone(UTC) == WHEN.astimezone(UTC)


@given(st.binary(max_size=200))
def test_garbage_is_told(octets: bytes) -> None:
    """Any octets either are an SMS or a `PduProblem`, nothing else."""
    try:
        decoded = pdu.decode(octets.hex())
    except PduProblem:
        return
    assert isinstance(decoded, pdu.Deliver | pdu.Report)
    if isinstance(decoded, pdu.Deliver):
        assert join([decoded.data]).encode("utf-8").decode("utf-8") == join([decoded.data])


@given(st.text(max_size=40).filter(lambda line: not HEXADECIMAL.fullmatch(line)))
def test_any_line_is_told(line: str) -> None:
    """A line that is no hexadecimal, or ends in half an octet, is a `PduProblem`."""
    with pytest.raises(PduProblem):
        pdu.decode(line)


@given(
    st.integers(0, len(PUBLISHED)),
    st.characters(exclude_characters="0123456789ABCDEFabcdef", exclude_categories=["Cs"]),
)
@example(2, "\uff10")
def test_one_character_that_is_no_digit_is_told(place: int, char: str) -> None:
    """A PDU that would be whole but for one character that is no hexadecimal digit, and no blank, is a
    `PduProblem`."""
    assume(not char.isspace())
    for kept in (place, place + 1):
        with pytest.raises(PduProblem):
            pdu.decode(PUBLISHED[:place] + char + PUBLISHED[kept:])


def test_published_deliver() -> None:
    """The widely published example of a DELIVER reads "hellohello"."""
    decoded = pdu.decode(PUBLISHED)
    assert isinstance(decoded, pdu.Deliver)
    assert decoded.service_centre == "+27381000015"
    assert decoded.sender == "27838890001"
    assert join([decoded.data]) == "hellohello"


@pytest.mark.parametrize(
    ("status", "fate"),
    [(0, Fate.DELIVERED), (2, Fate.DELIVERED), (0x20, Fate.TRYING), (0x30, Fate.TRYING),
     (0x40, Fate.FAILED), (0x46, Fate.FAILED), (0x60, Fate.FAILED)],
)  # fmt: skip
def test_report(status: int, fate: Fate) -> None:
    """A status report tells reference, recipient and fate; a missing discharge time is survived."""
    made = pdu.report("+6281234567", 77, WHEN, WHEN, status=status)
    short = made[:-16] + made[-2:]
    for each in (made, short):
        decoded = pdu.decode(each)
        assert isinstance(decoded, pdu.Report)
        assert (decoded.reference, decoded.recipient, decoded.fate) == (77, "+6281234567", fate)


def test_unknown_tables_are_marked() -> None:
    """With a national table that we do not hold, what it changes is a mark, never a guess."""
    septets = bytes([0x41, 0x1B, 0x42, 0x43])
    assert alphabets.from_septets(septets, single=1) == "A\N{REPLACEMENT CHARACTER}C"
    assert set(alphabets.from_septets(septets, locking=3)) == {"\N{REPLACEMENT CHARACTER}"}


def test_split_by_others_is_whole() -> None:
    """An escape and a surrogate pair that another phone split are whole after joining."""
    euro = (
        UserData(Alphabet.GSM7, bytes([0x41, 0x1B])),
        UserData(Alphabet.GSM7, bytes([0x65, 0x42])),
    )
    assert join(euro) == "A€B"
    face = "😀".encode("utf-16-be")
    halves = UserData(Alphabet.UCS2, face[:2]), UserData(Alphabet.UCS2, face[2:])
    assert join(halves) == "😀"
    assert join([halves[0], None]) == "\N{REPLACEMENT CHARACTER}" + MISSING


def test_void_concatenation() -> None:
    """A segment numbered 0 or beyond the total is no segment (23.040 § 9.2.3.24.1)."""
    made = pdu.deliver("+6281234567", segments("x")[0], WHEN, joined=Concatenation(1, 2, 3))
    decoded = pdu.decode(made)
    assert isinstance(decoded, pdu.Deliver)
    assert decoded.data.header.concatenation is None
    assert decoded.data.header == Header(size=6)


def test_too_long() -> None:
    """Beyond 255 segments a text is refused."""
    with pytest.raises(TextTooLong):
        segments("x" * (153 * 255 + 1))


@pytest.mark.parametrize(
    ("validity", "octet"),
    [(timedelta(minutes=1), 0), (timedelta(hours=2), 23), (timedelta(hours=12), 143),
     (timedelta(hours=24), 167), (timedelta(days=3), 169), (timedelta(weeks=6), 198)],
)  # fmt: skip
def test_validity(validity: timedelta, octet: int) -> None:
    """Validity periods by the table of 23.040 § 9.2.3.12.1."""
    assert pdu._relative_validity(validity) == octet
