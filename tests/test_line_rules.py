"""The rules of a line to the head office: the office in memory and PostgreSQL keep the same ones."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_tui.office import administering
from crm_tui.replication import enrolling, errors
from crm_tui.replication.enrolling import Enrolment
from crm_tui.replication.line import Line, Wire
from crm_tui.replication.reading import Batch, Mark, Piece
from crm_tui.shipped import LEDGER
from tests import postgres
from tests.memory_office import MemoryLine, Office
from tests.shop import Shop

AT = "2026-11-24T01:00:00.000Z"
SALES = LEDGER["sales"]


@pytest.fixture(params=["memory", "postgres"])
def line(request: pytest.FixtureRequest, shop: Shop, tmp_path: Path) -> Iterator[Line]:
    made: Line
    if request.param == "memory":
        office = Office()
        made = MemoryLine(office, office.add("Satu"))
    else:
        told = administering.add(postgres.office(tmp_path), "Satu")
        enrolling.enrol(shop.ctx, Enrolment(**told))  # type: ignore[arg-type]
        made = Wire(enrolling.address(shop.ctx))
    made.hello("toko", datetime(2026, 11, 24, tzinfo=UTC))
    yield made
    made.close()


def sales(epoch: int, old: Mark, first: int, last: int) -> Batch:
    """Sales of these numbers, and their mark."""
    rows = [
        (n, AT, "counter", None, None, 5000 + n, "ani", "sale", None, "", None)
        for n in range(first, last + 1)
    ]
    return Batch(epoch, [Piece(SALES, rows)], [("sales", old, mark(last))])


def mark(number: int) -> Mark:
    return Mark(number, bytes([number]) * 16)


NEW = Mark(0, b"")


def test_an_epoch_begins_once(line: Line) -> None:
    """A beginning whose answer was lost may be repeated as it was; with other common rows, or of an
    epoch that is not after the last one, it is refused."""
    for _ in range(2):
        line.begin_epoch(2, AT, {"sales": 0})
    for epoch, common in ((2, {"sales": 3}), (1, {}), (2, {})):
        with pytest.raises(errors.EpochClosed):
            line.begin_epoch(epoch, AT, common)
    hello = line.hello("toko", datetime(2026, 11, 24, tzinfo=UTC))
    assert (hello.open_epoch, hello.epochs) == (2, (2,))
    line.begin_epoch(3, AT, {})
    with pytest.raises(errors.EpochClosed):
        line.begin_epoch(2, AT, {"sales": 0})


def test_marks_move_from_where_they_are(line: Line) -> None:
    """A batch that follows nothing that the office has, or another row than the one it has, is refused
    whole."""
    line.begin_epoch(1, AT, {})
    line.send(sales(1, NEW, 1, 2))
    for wrong in (sales(1, mark(3), 4, 5), sales(1, Mark(2, b"x" * 16), 3, 4), sales(1, NEW, 3, 4)):
        with pytest.raises(errors.HistoriesDiffer):
            line.send(wrong)
    line.send(sales(1, mark(2), 3, 4))
    hello = line.hello("toko", datetime(2026, 11, 24, tzinfo=UTC))
    assert hello.marks == {(1, "sales"): mark(4)}
    assert line.holds(SALES, 1, sales(1, NEW, 4, 4).pieces[0].rows[0])
    assert not line.holds(SALES, 1, sales(1, NEW, 5, 5).pieces[0].rows[0])


def test_a_closed_epoch_takes_what_the_next_shares(line: Line) -> None:
    """Of an epoch that another one followed only rows that both have in common are taken; of one that
    never began none."""
    with pytest.raises(errors.EpochClosed):
        line.send(sales(1, NEW, 1, 1))
    line.begin_epoch(1, AT, {})
    line.send(sales(1, NEW, 1, 1))
    line.begin_epoch(2, AT, {"sales": 3})
    with pytest.raises(errors.EpochClosed):
        line.send(sales(1, mark(1), 2, 4))
    line.send(sales(1, mark(1), 2, 3))
    line.send(sales(2, Mark(3, b""), 4, 4))


def test_another_shop_is_none(line: Line) -> None:
    """A branch is one shop."""
    with pytest.raises(errors.OtherShop):
        line.hello("lain", datetime(2026, 11, 24, tzinfo=UTC))
