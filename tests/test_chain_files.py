"""What the chain writes into files and reads from them, and what the office's answers mean; without an
office."""

from pathlib import Path
from typing import Any, cast

import pytest

from crm_tui.office import certificates, lost
from crm_tui.office.lost import Lost
from crm_tui.office.reading import ReadSide
from crm_tui.replication import errors, files, watching
from crm_tui.replication.rounds import ACTOR
from tests.branch import enrol
from tests.day import found_people
from tests.shop import Shop


def test_no_line_is_longer_than_is_read(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many rows a batch has, each line of its file is one that is read, and all rows are in
    them."""
    found_people(shop.ctx)
    enrol(shop.ctx, 1)
    certificates.begin(tmp_path, "pusat", ["localhost"])
    pair = certificates.of_branch(tmp_path, "crm_branch_1")
    (tmp_path / "branch.key").write_text(pair.key)
    monkeypatch.setattr(files, "_LONGEST", 4_000)
    monkeypatch.setattr(files, "_PART", 500)
    watching.keep(shop.ctx.acting(ACTOR))
    rows = files.write(shop.ctx.acting(ACTOR), tmp_path / "branch.key", tmp_path / "batch")
    opened = files.Opened(tmp_path / "batch", "Satu", pair.certificate)
    found = [piece for batch in opened.batches() for piece in batch.pieces]
    assert sum(len(piece.rows) for piece in found) == rows
    assert len(found) > len({piece.table.table for piece in found})


class _Office:
    """Keeps what was noted, and whether there was a file by then."""

    def __init__(self, target: Path) -> None:
        self.noted: list[tuple[Any, ...]] = []
        self._target = target

    def ask_nothing(self, statement: str, given: Any = ()) -> None:
        assert not self._target.exists()
        self.noted.append(given)


def test_what_was_lost_is_noted_before_it_is_written(tmp_path: Path) -> None:
    """Whoever dies between the two has noted a file that nobody can import, never the other way round:
    then those sales would count twice."""
    target = tmp_path / "hilang.csv"
    office = _Office(target)
    found = Lost(7, (1, 2), [dict.fromkeys(lost.COLUMNS, 1)])
    lost.save(cast(ReadSide, office), found, target)
    assert [row[:2] for row in office.noted] == [(7, 1), (7, 2)]
    assert target.read_text().splitlines()[0] == ",".join(lost.COLUMNS)


@pytest.mark.parametrize(
    ("code", "detail", "problem"),
    [
        ("CB001", None, errors.EpochClosed),
        ("CB003", None, errors.MarksDiffer),
        ("CB005", "branch", errors.BranchOlder),
        ("CB005", "office", errors.OfficeOlder),
        ("42703", None, None),
    ],
)
def test_what_a_refusal_means(code: str, detail: str | None, problem: type | None) -> None:
    """Over the line and for a file the office's refusals mean the same; each has a sentence without
    gaps."""
    found = errors.refusal(code, detail)
    assert found is problem
    if found is not None:
        assert "–" not in str(found(name="Satu", office="pusat:5432"))
