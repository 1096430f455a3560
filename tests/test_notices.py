"""SMS that are no words of a person: what can be read of them is shown, and named for what it is."""

from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui import archive, sqlite
from crm_tui.clock import stamp
from crm_tui.gsm import pdu
from crm_tui.gsm.errors import PduProblem
from crm_tui.gsm.fields import Alphabet, Concatenation
from crm_tui.gsm.pdu import UserData
from crm_tui.gsm.text import join, segments
from crm_tui.shop.messages import archiving, text_retention
from crm_tui.shop.messages.settings import ARCHIVE_MONTHS, KEEP_MONTHS
from tests.shop import ANI, START, Shop, statuses
from tests.test_messages import LONG
from tests.test_pdu import WHEN, any_text, numbers

MMS = (
    "0006226170706C69636174696F6E2F766E642E7761702E6D6D732D6D65737361676500AF848C829834343400"
    "8D908918802B363238313130303030303030312F545950453D504C4D4E00966F6C69008A808E02753088058103"
    "03F48083687474703A2F2F6D6D732E782F6100"
)
"""A notification as an MMS centre sends it (OMA MMS encapsulation § 7.3), shortened."""


def made(
    data: UserData, *, pid: int = 0, dcs: int | None = None, head: str = "", sender: str = ANI
) -> str:
    """A DELIVER with another protocol identifier, coding scheme or user data header."""
    whole = bytearray.fromhex(pdu.deliver(sender, data, START))
    at = 2 + 2 + (len(sender.lstrip("+")) + 1) // 2
    whole[at] = pid
    if dcs is not None:
        whole[at + 1] = dcs
    if head:
        octets = bytes.fromhex(head)
        whole[1] |= 0x40
        content = octets + data.content
        return (bytes(whole[: at + 9]) + bytes([len(content)]) + content).hex().upper()
    return whole.hex().upper()


def text(words: str) -> UserData:
    return segments(words)[0]


def data(hexadecimal: str) -> UserData:
    return UserData(Alphabet.DATA, bytes.fromhex(hexadecimal))


KINDS = {
    "silent": made(text("PESAN PQ-R 1"), pid=0x40),
    "sim": made(data("D0010203"), pid=0x7F, dcs=0xF6),
    "mms": made(data(MMS), dcs=0x04, head="0605040B8423F0"),
    "wap": made(data("0006 03 AE81EA 0205 6A0045C60C03" + b"toko.example".hex()), dcs=0x04,
                head="0605040B8423F0"),
    "app": made(data(b"BEGIN:VCARD N:Ani".hex()), dcs=0x04, head="06050423F40000"),
    "voicemail": made(text(" "), dcs=0xC8),
    "replace": made(text("PESAN PQ-R 1"), pid=0x41),
    "flash": made(text("PESAN PQ-R 1"), dcs=0x10),
    "data": made(data(b"PESAN PQ-R 1".hex()), dcs=0x04),
    "empty": made(text("  \n")),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_named_for_what_it_is(shop: Shop, kind: str) -> None:
    """Each is named, makes no order, no answer and no prospect, and leaves the SIM."""
    shop.modem.inject_pdu(KINDS[kind])
    shop.run(5)
    row = shop.rows("SELECT * FROM messages")[0]
    assert (row["kind"], row["phone"], row["read_as"]) == (kind, ANI, "human")
    assert row["status"] == ("done" if kind in ("silent", "sim") else "staff")
    assert row["reason"]
    assert shop.one("SELECT count(*) FROM orders") == 0
    assert shop.one("SELECT count(*) FROM customers") == 0
    assert shop.modem.card.used("SM") == len(shop.modem.sent) == 0


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("mms", "http://mms.x/a"),
        ("wap", "toko.example"),
        ("app", "VCARD"),
        ("data", "PESAN PQ-R 1"),
    ],
)
def test_what_can_be_read_is_shown(shop: Shop, kind: str, shown: str) -> None:
    """Words and links within data are shown."""
    shop.modem.inject_pdu(KINDS[kind])
    shop.run(5)
    assert shown in shop.one("SELECT text FROM messages")


def test_waiting_elsewhere(shop: Shop) -> None:
    """Voice mail says how much waits; that nothing waits any more asks nobody."""
    shop.modem.inject_pdu(made(text("x"), head="0401028003", dcs=0x04))
    shop.modem.inject_pdu(made(text(" "), dcs=0xC0))
    shop.run(5)
    rows = shop.rows("SELECT kind, status, reason FROM messages ORDER BY id")
    assert [row["kind"] for row in rows] == ["voicemail", "voicemail"]
    assert [row["status"] for row in rows] == ["staff", "done"]
    assert '"3"' in rows[0]["reason"]


@given(numbers, any_text, st.data())
def test_cut_anywhere_behind_the_sender(sender: str, words: str, chosen: st.DataObject) -> None:
    """A PDU cut anywhere behind its sender keeps the sender and the beginning of its text, and says
    that it is damaged; one that is cut before is a `PduProblem`."""
    part = segments(words)[0]
    whole = pdu.deliver(sender, part, WHEN)
    head = 2 + 2 + (len(sender) - 1 + 1) // 2
    at = chosen.draw(st.integers(0, len(whole) // 2 - 1))
    cut = whole[: 2 * at]
    if at < head:
        with pytest.raises(PduProblem):
            pdu.decode(cut)
        return
    decoded = pdu.decode(cut)
    assert isinstance(decoded, pdu.Deliver)
    assert decoded.sender == sender
    assert decoded.damage
    assert part.content.startswith(decoded.data.content)


@given(numbers, any_text, st.binary(min_size=1, max_size=20))
def test_octets_too_many(sender: str, words: str, more: bytes) -> None:
    """Octets behind the end are damage, unless they only fill a record up; the text is as announced."""
    part = segments(words)[0]
    decoded = pdu.decode(pdu.deliver(sender, part, WHEN) + more.hex())
    assert isinstance(decoded, pdu.Deliver)
    assert decoded.data.content == part.content
    assert bool(decoded.damage) == (len(set(more) - {0xFF}) > 0 and len(set(more) - {0}) > 0)


@given(
    st.text(alphabet="0123456789ABCDEF", max_size=60), st.sampled_from(" \t\n\r\u00a0"), st.data()
)
def test_blanks_are_no_digits(octets: str, blank: str, chosen: st.DataObject) -> None:
    """A blank in a line of octets is a `PduProblem`, wherever it stands."""
    at = chosen.draw(st.integers(0, len(octets)))
    with pytest.raises(PduProblem):
        pdu.octets(octets[:at] + blank + octets[at:])


def test_damaged_goes_to_the_staff(shop: Shop) -> None:
    """What is left of a damaged order is shown with its sender, and orders nothing."""
    shop.modem.inject_pdu(pdu.deliver(ANI, text("PESAN PQ-R 10"), START)[:-2])
    shop.run(5)
    row = shop.rows("SELECT * FROM messages")[0]
    assert (row["phone"], row["kind"], row["status"]) == (ANI, "damaged", "staff")
    assert row["text"].startswith("PESAN PQ-R 1")
    assert shop.one("SELECT count(*) FROM orders") == 0


def test_damaged_part(shop: Shop) -> None:
    """One damaged part keeps the whole from being read by the program."""
    parts = segments(LONG)
    for number, part in enumerate(parts, start=1):
        octets = pdu.deliver(ANI, part, START, joined=Concatenation(3, len(parts), number))
        shop.modem.inject_pdu(octets[:-2] if number == 2 else octets)
    shop.run(5)
    assert statuses(shop, "in") == ["staff"]
    assert shop.one("SELECT text FROM messages").endswith("AB-1 1")


# ── parts that come late ──────────────────────────────────────────────────────────────────────


def parts_of(reference: int, numbers: list[int], *, later: timedelta = timedelta()) -> list[str]:
    parts = segments(LONG)
    return [
        pdu.deliver(
            ANI, parts[number - 1], START + later, joined=Concatenation(reference, len(parts), number)
        )
        for number in numbers
    ]  # fmt: skip


@pytest.mark.parametrize("hours", [1, 25, 60])
def test_late_part_joins_what_was_seen(shop: Shop, hours: int) -> None:
    """After some minutes the staff see what is there; a part that comes hours later joins it, and they
    are told; nothing is ordered behind their back."""
    for octets in parts_of(7, [1, 3]):
        shop.modem.inject_pdu(octets)
    shop.run(5)
    assert statuses(shop, "in") == ["incomplete"]
    shop.clock.wait(11 * 60)
    shop.run(5)
    assert statuses(shop, "in") == ["staff"]
    assert '"2"' in shop.one("SELECT reason FROM messages")
    shop.clock.wait(hours * 3600)
    shop.modem.inject_pdu(parts_of(7, [2])[0])
    shop.run(5)
    row = shop.rows("SELECT * FROM messages")[0]
    assert (row["text"], row["status"]) == (LONG, "staff")
    assert "later" in row["reason"]
    assert shop.one("SELECT count(*) FROM orders") == 0


def test_late_part_opens_what_was_settled(shop: Shop) -> None:
    """What the staff had settled without the late part comes back to them."""
    for octets in parts_of(7, [1, 2]):
        shop.modem.inject_pdu(octets)
    shop.run(5)
    shop.clock.wait(11 * 60)
    shop.run(5)
    shop.ctx.db.execute("UPDATE messages SET status = 'done'")
    shop.modem.inject_pdu(parts_of(7, [3])[0])
    shop.run(5)
    assert statuses(shop, "in") == ["staff"]


def test_parts_sent_apart_are_put_together(shop: Shop) -> None:
    """Parts that were sent further apart, and fill each other's gaps, are one to be checked."""
    for octets in parts_of(7, [1, 3]):
        shop.modem.inject_pdu(octets)
    shop.run(5)
    shop.clock.wait(3600)
    shop.modem.inject_pdu(parts_of(7, [2], later=timedelta(minutes=50))[0])
    shop.run(5)
    shop.clock.wait(11 * 60)
    shop.run(5)
    rows = shop.rows("SELECT text, status, reason FROM messages ORDER BY id")
    assert [row["status"] for row in rows] == ["staff", "done"]
    assert rows[0]["text"] == LONG
    assert '"50"' in rows[0]["reason"]
    assert shop.one("SELECT count(*) FROM orders") == 0


def test_same_words_sent_twice_leave_a_row(shop: Shop) -> None:
    """A part whose words are there already is not taken in twice, and a row says so."""
    shop.modem.inject_pdu(parts_of(7, [1])[0])
    shop.modem.inject_pdu(parts_of(7, [1], later=timedelta(seconds=9))[0])
    shop.run(5)
    assert statuses(shop, "in") == ["incomplete"]
    assert shop.one("SELECT message_id FROM repeats") == 1


def test_same_words_sent_twice_go_for_good(shop: Shop) -> None:
    """The octets of a part that came twice go with the words of old SMS, though they are of no message;
    also where younger ones were archived before."""
    shop.modem.inject_pdu(parts_of(7, [1])[0])
    shop.modem.inject_pdu(parts_of(7, [1], later=timedelta(seconds=9))[0])
    shop.run(5)
    apart = "SELECT count(*) FROM pdus WHERE kind = 'deliver' AND message_id IS NULL AND pdu <> ''"
    assert shop.one(apart) == 1
    shop.clock.wait(20 * 31 * 86_400)
    with shop.ctx.store.transaction() as db:
        # What a program noted that took reports alone.
        db.execute("INSERT INTO upkeep VALUES ('archive reports', '', 1000)")
    shop.set(ARCHIVE_MONTHS, 0)
    shop.set(KEEP_MONTHS, 12)
    archiving.run(shop.ctx)
    assert shop.one(apart) == 0
    text_retention.run(shop.ctx)
    with closing(sqlite.connect(archive.beside(shop.ctx.store.path))) as file:
        assert file.execute("SELECT count(*) FROM pdus").fetchone()[0] == 0
    assert archiving.run(shop.ctx) == 0
    assert not archiving.has_due(shop.ctx, stamp(shop.clock.now()))


@given(st.binary(max_size=140))
def test_any_data_is_shown(octets: bytes) -> None:
    """Any octets of data become a text without control characters, or hexadecimal."""
    shown = join([UserData(Alphabet.DATA, octets)])
    assert all(char.isprintable() or char in "\r\n\t" for char in shown)
