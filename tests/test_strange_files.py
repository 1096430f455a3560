"""Files that were made to hurt: each is refused with a sentence, whatever it holds."""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports import customers, files
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import staging as import_staging
from crm_tui.shop.imports.errors import FileTooWide, ImportProblem
from tests import strange_files
from tests.daily import by_turns
from tests.shop import Shop

_CHEAP = [
    "entities that unfold", "entities in UTF-16", "a chain of entities", "entities in styles",
    "entities behind a remark", "styles of nothing", "a row beyond the sheet",
    "a row beyond all numbers", "a column beyond the sheet", "an element in an element",
    "attributes without end", *strange_files.OTHERS,
]  # fmt: skip


def read(file: Path, progress: Progress | None = None) -> None:
    """All rows of all sheets."""
    source = files.opened(file, files.look(file, progress), progress)
    try:
        for sheet in source.sheets:
            for _ in source.rows(sheet):
                pass
    finally:
        source.close()


def refused(name: str, folder: Path) -> None:
    with pytest.raises(ImportProblem):
        read(strange_files.make(name, folder))


@pytest.mark.skipif(os.name == "nt", reason="there are neither pipes nor devices among files")
@pytest.mark.parametrize("name", by_turns(_CHEAP, 2))
def test_what_was_made_to_hurt_is_refused(tmp_path: Path, name: str) -> None:
    """What unfolds, has no end or is no file is refused, before it fills the memory."""
    refused(name, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(set(strange_files.NAMES) - set(_CHEAP)))
def test_what_is_large_is_refused(tmp_path: Path, name: str) -> None:
    """The same of what takes long to make; benchmarks/bench_strange_files.py measures both."""
    refused(name, tmp_path)


def test_columns_without_end_are_refused(shop: Shop, tmp_path: Path) -> None:
    """A file of more columns than anybody has is refused before their headings are thought about, and
    one of many is taken."""
    began = time.process_time()
    for count, problem in ((100_000, FileTooWide), (1_500, None)):
        file = tmp_path / "lebar.csv"
        file.write_text("Nama,No. HP" + ",x" * count + "\nAni,08110000001\n")
        if problem is None:
            import_staging.stage(shop.ctx, customers.KIND, file).close()
        else:
            with pytest.raises(problem):
                import_staging.stage(shop.ctx, customers.KIND, file)
            assert time.process_time() - began < 1


@pytest.mark.parametrize("cell", ["(" * 100_000, "[(" * 50_000, "1." * 50_000, "aB" * 50_000])
def test_a_cell_of_anything_is_read_at_once(shop: Shop, tmp_path: Path, cell: str) -> None:
    """Whatever a cell is full of, its file is understood or refused in a moment: brackets that never
    end took a minute each."""
    file = tmp_path / "sel.csv"
    file.write_text(f"Kode;Nama;Harga\nA1;Aki;1000\nA2;{cell};2000\n")
    began = time.process_time()
    with suppress(ImportProblem):
        import_staging.stage(shop.ctx, import_items.KIND, file).close()
    assert time.process_time() - began < 0.5
