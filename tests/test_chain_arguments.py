"""Files that people name to the commands of a chain: each that is none gives one true sentence."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from crm_tui.cli.commands import main
from crm_tui.errors import Problem
from crm_tui.replication import batch_down
from crm_tui.shop.gate import input_files, output_files
from crm_tui.shop.gate.errors import FolderMissing
from tests.shop import Shop


def made(folder: Path) -> dict[str, Path]:
    """What is no file that can be read."""
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    return {
        "missing": folder / "missing",
        "beneath a file": folder / "file" / "more",
        "folder": folder / "folder",
        "pipe": folder / "pipe",
        "endless": Path("/dev/zero"),
    }


def refused(path: Path) -> str:
    with pytest.raises(Problem) as caught:
        input_files.check(path)
    return caught.value.id


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_what_is_no_file_is_not_read_and_not_waited_for(tmp_path: Path) -> None:
    """A missing file is called missing; folders, pipes and devices are called so."""
    (tmp_path / "file").write_text("x")
    input_files.check(tmp_path / "file")
    found = {name: refused(path) for name, path in made(tmp_path).items()}
    assert found == {
        "missing": "SourceMissing", "beneath a file": "SourceMissing", "folder": "SourceNoFile",
        "pipe": "SourceNoFile", "endless": "SourceNoFile",
    }  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_what_is_no_file_is_not_written_over(tmp_path: Path) -> None:
    """A batch takes the place of no pipe and no device, and needs a folder that there is."""
    there = made(tmp_path)
    for name in ("pipe", "endless", "folder"):
        with pytest.raises(output_files.TargetNoFile):
            output_files.check(there[name])
    with pytest.raises(FolderMissing):
        output_files.check(tmp_path / "nowhere" / "batch")


def test_another_file_is_not_written_over(tmp_path: Path) -> None:
    """A batch takes the place of an earlier batch, or of nothing; whatever else lies there stays."""
    book = tmp_path / "pembukuan.xlsx"
    output_files.check_kind(tmp_path / "baru", batch_down.MAGIC)
    for octets, stays in ((b"PK\x03\x04", True), (b"CRM", True), (b"CRMBATCH1\n", True),
                          (b"", False), (batch_down.MAGIC + b"x", False)):  # fmt: skip
        book.write_bytes(octets)
        if stays:
            with pytest.raises(output_files.FileThere):
                output_files.check_kind(book, batch_down.MAGIC)
        else:
            output_files.check_kind(book, batch_down.MAGIC)
        assert book.read_bytes() == octets


def test_an_enrolment_that_is_not_there_is_told_without_a_code(shop: Shop, tmp_path: Path) -> None:
    """The sentence names the file and what is wrong, before a passphrase is asked for."""
    shop.leave()
    file = str(tmp_path / "anak.crm")
    words = ["--lang", "en", "--data", str(shop.folder), "chain", "enrol", file]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 1
    assert told.output == f"There is no file {file}.\n"
