"""Files that were made to hurt: each is refused with a sentence, whatever it holds."""

import os
from pathlib import Path

import pytest

from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports import files
from crm_tui.shop.imports.errors import ImportProblem
from tests import strange_files

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
@pytest.mark.parametrize("name", _CHEAP)
def test_what_was_made_to_hurt_is_refused(tmp_path: Path, name: str) -> None:
    """What unfolds, has no end or is no file is refused, before it fills the memory."""
    refused(name, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(set(strange_files.NAMES) - set(_CHEAP)))
def test_what_is_large_is_refused(tmp_path: Path, name: str) -> None:
    """The same of what takes long to make; benchmarks/bench_strange_files.py measures both."""
    refused(name, tmp_path)
