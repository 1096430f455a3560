"""Batches and what goes down as files: signed, taken once, refused when anything is wrong with them."""

import gzip
import os
from pathlib import Path

import pytest

from crm_tui.office import administering, batches, certificates, closing, status
from crm_tui.office.batches import NoBatch
from crm_tui.office.database import Office
from crm_tui.office.errors import BranchIsClosed
from crm_tui.replication import batch_down, batch_up, change_capture, down, enrolling, errors
from crm_tui.replication.batch_down import CarriedDamaged, CarriedForAnother
from crm_tui.replication.batch_up import BatchMissing
from crm_tui.replication.up import ACTOR
from crm_tui.shop.customers import cards
from crm_tui.shop.gate.output_files import FileThere, TargetNoFile
from crm_tui.shop.loyalty import points
from tests import postgres
from tests.shop import ANI, Shop
from tests.test_branch_postgres import Branch, enrol, sell
from tests.test_office import run


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return postgres.office(tmp_path)


@pytest.fixture
def branch(shop: Shop, office: Office) -> Branch:
    return enrol(shop, office)


def export(branch: Branch, name: str) -> Path:
    """What `crm-tui chain export` writes."""
    ctx = branch.shop.ctx.acting(ACTOR)
    change_capture.keep(ctx)
    file = branch.shop.folder.parent / name
    batch_up.write(ctx, enrolling.address(ctx).folder / "branch.key", file)
    return file


def test_a_branch_without_a_line(branch: Branch, office: Office) -> None:
    """A branch that only ever sends files is at the office as one with a line; a file that comes
    twice, or an older one, brings nothing new, and one behind a gap waits for the one before."""
    sell(branch.shop)
    first = export(branch, "first")
    taken = batches.take(office, first)
    assert (taken.name, taken.rows > 10) == ("Satu", True)
    branch.agrees()
    [standing] = status.look(office)
    assert (standing.state, standing.facts["skew"]) == ("open", None)
    sell(branch.shop)
    second = export(branch, "second")
    assert batches.take(office, second).rows > 0
    branch.agrees()
    assert [batches.take(office, each).rows for each in (first, second)] == [0, 0]
    # By line and by file.
    sell(branch.shop)
    third = export(branch, "third")
    branch.round()
    assert batches.take(office, third).rows == 0
    sell(branch.shop)
    fourth = export(branch, "fourth")
    branch.round()
    sell(branch.shop)
    fifth = export(branch, "fifth")
    assert batches.take(office, fourth).rows == 0
    assert batches.take(office, fifth).rows > 0
    branch.agrees()
    assert branch.round() == 0


def test_a_branch_without_a_line_closes(branch: Branch, office: Office, tmp_path: Path) -> None:
    """By files alone: it is closed behind the one in which it says that it has heard of it, and no
    earlier one."""
    ctx = branch.shop.ctx
    ani = cards.add(ctx, cards.Card("Ani", phone=ANI))
    points.give(ctx, ani, 30, "")
    batches.take(office, export(branch, "first"))
    with pytest.raises(closing.BranchIsTold):
        closing.close(office, "Satu")
    batches.give(office, "Satu", tmp_path / "down", branch.shop.clock)
    unheard = export(branch, "unheard")
    points.redeem(ctx, ani, 10, "payung")
    down.take_file(ctx, tmp_path / "down")
    batches.take(office, unheard)
    with pytest.raises(closing.BranchIsTold):
        closing.close(office, "Satu")
    heard = export(branch, "heard")
    batches.take(office, heard)
    batches.take(office, unheard)
    closing.close(office, "Satu")
    assert closing.points_at_home(office, "Satu").points == 20


def test_only_files_are_replaced(branch: Branch, office: Office, tmp_path: Path) -> None:
    """What is no file stays what it is, whoever is told to write there."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(TargetNoFile):
        batch_up.write(branch.shop.ctx.acting(ACTOR), tmp_path / "key", pipe)
    with pytest.raises(TargetNoFile):
        batches.give(office, "Satu", pipe, branch.shop.clock)
    assert pipe.is_fifo()
    # Nor does another file give way.
    other = tmp_path / "kas.xlsx"
    other.write_bytes(b"PK")
    with pytest.raises(FileThere):
        batch_up.write(branch.shop.ctx.acting(ACTOR), tmp_path / "key", other)
    with pytest.raises(FileThere):
        batches.give(office, "Satu", other, branch.shop.clock)
    assert other.read_bytes() == b"PK"


def test_a_file_behind_a_gap(branch: Branch, office: Office) -> None:
    """An office that was restored asks for the earlier file, and takes nothing of a later one alone."""
    sell(branch.shop)
    branch.round()
    sell(branch.shop)
    later = export(branch, "later")
    with office.connected() as own:
        # As its marks were before anything came.
        own.execute("DELETE FROM crm.marks")
    with pytest.raises(BatchMissing):
        batches.take(office, later)
    assert len(branch.books.ledger("sales", branch.number)) == 1


def test_a_file_that_is_not_right(branch: Branch, office: Office) -> None:
    """A batch that was changed or cut anywhere, that another key has signed, whose key was revoked, or
    whose branch is closed, brings nothing at all."""
    sell(branch.shop)
    file = export(branch, "batch")
    octets = file.read_bytes()
    other = certificates.of_branch(office.folder, "x")
    for broken in (b"", octets[:50], octets[:-1], octets[:-40] + b"\0" + octets[-39:], octets + b"x",
                   *(b"CRMBATCH1\n" + b"A" * 88 + b"\n" + gzip.compress(told) for told in (
                       b'{"branch": [1]}\n', b'{"branch": 1e999}', b"[" * 100_000)),
                   octets[:120] + b"\xff\xff\xff\xff" + octets[124:],
                   octets[:10] + b"A" * 88 + octets[98:]):  # fmt: skip
        file.write_bytes(broken)
        with pytest.raises(NoBatch):
            batches.take(office, file)
    key = branch.shop.folder.parent / "other.key"
    key.write_text(other.key)
    batch_up.write(branch.shop.ctx.acting(ACTOR), key, file)
    with pytest.raises(NoBatch):
        batches.take(office, file)
    assert branch.books.ledger("sales", branch.number) == []
    file.write_bytes(octets)
    assert batches.take(office, file).rows > 0
    administering.end_epoch(office, "Satu")
    with pytest.raises(errors.EpochEnded):
        batches.take(office, file)
    key.write_text(str(administering.renew(office, "Satu")["key"]))
    with pytest.raises(NoBatch):
        batches.take(office, file)
    # Its new key counts until the branch is closed.
    batch_up.write(branch.shop.ctx.acting(ACTOR), key, file)
    with pytest.raises(errors.EpochEnded):
        batches.take(office, file)
    closing.close(office, "Satu")
    with pytest.raises(NoBatch):
        batches.take(office, file)


def test_what_goes_down_as_a_file(branch: Branch, office: Office) -> None:
    """The office's file holds what waits for this branch and nothing of another's; whoever changes
    it, or has no key of the office, makes none that is believed."""
    second = administering.add(office, "Dua")
    with office.connected() as own:
        own.execute("SELECT crm.send(%s, 'price', 'AB-1', '{\"price\": 5}')", (branch.number,))
        own.execute("SELECT crm.send(%s, 'price', 'AB-1', '{\"price\": 6}')", (second["branch"],))
        own.execute("SELECT crm.send(NULL, 'price', 'AB-2', '{\"price\": 7}')")
    file = branch.shop.folder.parent / "downs"
    count = batches.give(office, "Satu", file, branch.shop.clock)
    authority = certificates.authority(office.folder)
    made = batch_down.opened(file, authority, branch.number)
    prices = [(row[2], row[3]) for row in made.fetch(0, 100) if row[1] == "price"]
    assert prices == [("AB-1", {"price": 5}), ("AB-2", {"price": 7})]
    assert len(made.rows) == count
    assert made.fetch(made.upto, 100) == []
    assert len(made.fetch(0, 1)) == 1
    with pytest.raises(CarriedForAnother):
        batch_down.opened(file, authority, branch.number + 1)
    with office.connected() as own:
        own.execute("UPDATE crm.branches SET cursor = %s WHERE name = 'Satu'", (made.upto,))
    assert batches.give(office, "Satu", file, branch.shop.clock) == 0
    assert batch_down.opened(file, authority, branch.number).after == made.upto
    assert batches.give(office, "Satu", file, branch.shop.clock, everything=True) == count
    octets = file.read_bytes()
    for broken in (b"", octets[:60], octets[:-1], octets[:-30] + b"\0" + octets[-29:]):
        file.write_bytes(broken)
        with pytest.raises(CarriedDamaged):
            batch_down.opened(file, authority, branch.number)
    pair = certificates.of_branch(office.folder, "x")
    file.write_bytes(octets)
    with pytest.raises(CarriedDamaged):
        batch_down.opened(file, pair.certificate, branch.number)
    closing.close(office, "Satu")
    with pytest.raises(BranchIsClosed):
        batches.give(office, "Satu", file, branch.shop.clock)


def test_files_on_the_command_line(
    branch: Branch, office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is taken and given is said in a sentence; so is what is wrong."""
    sell(branch.shop)
    file = export(branch, "batch")
    code, said = run(capsys, tmp_path, "take", str(file))
    assert code == 0
    assert said.endswith("new rows of branch Satu.\n")
    code, said = run(capsys, tmp_path, "take", str(tmp_path / "nothing"))
    assert (code, "There is no file" in said) == (1, True)
    code, said = run(capsys, tmp_path, "give", "Satu", str(tmp_path / "no" / "where"))
    assert (code, "There is no folder" in said) == (1, True)
    code, said = run(capsys, tmp_path, "give", "Satu", str(tmp_path / "downs"))
    assert (code, said.startswith("downs: ")) == (0, True)
