"""Paths that people name: nothing but what is meant is written, emptied or taken away."""

import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_tui import secret
from crm_tui.clock import SimulatedClock
from crm_tui.errors import Problem
from crm_tui.gsm.errors import PortRefused
from crm_tui.gsm.ports import open_port
from crm_tui.shop.gate import output_files, settings
from crm_tui.shop.gate.errors import BadSetting
from crm_tui.shop.messages.settings import PORT
from crm_tui.shop.sales import printing
from crm_tui.shop.sales.errors import PrinterFailed, PrinterNoDevice
from crm_tui.shop.sales.settings import PRINTER
from crm_tui.simulator import control, terminal
from crm_tui.simulator.commands import SimulatedModem
from tests.shop import Shop

pytestmark = pytest.mark.skipif(os.name == "nt", reason="devices and sockets are no files there")


def others(folder: Path) -> list[Path]:
    """What is no file: a folder, a pipe, a device, a link to one."""
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("/dev/null")
    return [folder / "folder", folder / "pipe", folder / "link", Path("/dev/null")]


def test_reports_are_files(shop: Shop, tmp_path: Path) -> None:
    """What is written is a file, new or in the place of a file, and never one of the shop's, by
    whatever name or case it is called."""
    store = shop.ctx.store.path
    output_files.check(tmp_path / "new.csv", store)
    (tmp_path / "old.csv").write_text("x")
    output_files.check(tmp_path / "old.csv", store)
    for each in others(tmp_path):
        with pytest.raises(output_files.TargetNoFile):
            output_files.check(each, store)
    (tmp_path / "hard.csv").hardlink_to(store)
    (tmp_path / "soft.csv").symlink_to(store)
    wal = store.with_name("crm.db-wal")
    for each in (
        store, store.with_name("CRM.DB"), wal, wal.with_suffix(".DB-WAL"), tmp_path / "hard.csv",
        tmp_path / "soft.csv", store.with_name("crm.db-journal"), store.with_name("Replace.JSON"),
        tmp_path / "Crm.Lock",
        # On a stick with backups.
        tmp_path / "Erased.json", tmp_path / "epochs.json", tmp_path / "crm-20261101-120000.db.age",
        tmp_path / "crm-20261101-120000-1.db.json",
    ):  # fmt: skip
        with pytest.raises(output_files.TargetTaken):
            output_files.check(each, store)


def test_a_printer_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that takes no more, as one without paper, is told of after some seconds; nobody waits
    for it for good."""
    monkeypatch.setattr(printing, "_SECONDS", 0.2)
    ours, theirs = os.openpty()
    with pytest.raises(PrinterFailed):
        printing.send("baris\n" * 20_000, os.ttyname(theirs))
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    "name",
    ["backups/crm-20261101-120000.db.age", "backups/crm-20261101-120000.db.json", "crm.log.1",
     "damaged/crm.db-wal-1", "office/office.crt"],
)  # fmt: skip
def test_what_a_shop_keeps_stays(shop: Shop, tmp_path: Path, name: str) -> None:
    """Neither a backup, its note, a log, what was set aside nor a key is what a report is written over,
    straight or by a link; what was written before may be written once more."""
    (shop.folder / "office").mkdir()
    (shop.folder / "office" / "authority.key").write_text("x")
    kept = shop.folder / name
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("x")
    link = tmp_path / "link.csv"
    link.symlink_to(kept)
    for each in (kept, link):
        with pytest.raises(output_files.TargetTaken):
            output_files.check(each)
    for written in ("exports/sales.csv", "sales.csv"):
        file = shop.folder / written
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
        output_files.check(file, shop.ctx.store.path)


@pytest.mark.parametrize("name", ["backups", "replaced", "Damaged", "exports"])
def test_no_file_stands_in_a_folder_s_place(shop: Shop, name: str) -> None:
    """Nothing is written where the shop will have a folder: a file called like that of the backups
    would keep all of them away."""
    with pytest.raises(output_files.TargetTaken):
        output_files.check(shop.folder / name, shop.ctx.store.path)
    output_files.check(shop.folder / "laporan", shop.ctx.store.path)


def test_the_key_stays(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the ledgers' chain, a branch's, and what is kept beside them, are nothing that a
    report is written over, by whatever name or link; another file in the same folder is."""
    keys = tmp_path / "keys"
    monkeypatch.setenv("CRM_TUI_KEY", str(keys / "Toko.key"))
    assert secret.key()
    (keys / "chain-1f").mkdir()
    (keys / "chain-1f" / "branch.key").write_text("x")
    (tmp_path / "hard.csv").hardlink_to(keys / "Toko.key")
    (tmp_path / "folder").symlink_to(keys)
    for each in (
        "keys/Toko.key", "folder/Toko.key", "keys/TOKO.KEY", "hard.csv", "keys/heads.json",
        "keys/rules-36", "keys/checked-1f2e", "folder/chain-1f/branch.key", "keys/../keys/Toko.key",
    ):  # fmt: skip
        with pytest.raises(output_files.TargetTaken):
            output_files.check(tmp_path / each, shop.ctx.store.path)
    output_files.check(keys / "stok.csv", shop.ctx.store.path)


def test_printers_are_devices(tmp_path: Path) -> None:
    """Nothing is printed into a file, nor is one made."""
    file = tmp_path / "crm.db"
    file.write_text("everything")
    for each in (file, *others(tmp_path)[:2]):
        with pytest.raises(PrinterNoDevice):
            printing.send("x", str(each))
    with pytest.raises(Problem):
        printing.send("x", str(tmp_path / "new"))
    assert file.read_text() == "everything"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("setting", "good", "bad"),
    [
        (PRINTER, ["", "EPSON TM-T20", "/dev/usb/lp0", "LPT1", "\\\\KASIR\\nota"],
         ["/home/shop/crm.db", "../crm.db", "C:\\crm.db", "\\\\PC\\c\\crm.db", "crm/x"]),
        (PORT, ["auto", "COM3", "/dev/ttyUSB0", "socket://192.168.1.9:2000", "rfc2217://modem:4001"],
         ["spy:///dev/ttyUSB0?file=crm.db", "sim://practice", "sim://x?state=crm.db", "loop://",
          "alt://x", "socket://x:1?logging=debug", "file:///x", ""]),
    ],
)  # fmt: skip
def test_settings_that_are_paths(
    shop: Shop, setting: settings.Setting[str], good: list[str], bad: list[str]
) -> None:
    """A printer's or modem's setting takes what such a thing can be, and nothing else."""
    for value in good:
        settings.change(shop.ctx, setting.key, value)
        assert setting(shop.ctx) == value
    for value in bad:
        with pytest.raises(BadSetting):
            settings.change(shop.ctx, setting.key, value)


@pytest.mark.parametrize("name", ["spy:///dev/null?file=%s", "loop://", "alt:///dev/null", "%s"])
def test_ports_are_devices(tmp_path: Path, name: str) -> None:
    """A port is a device, a serial server or the simulator: what else the library knows is refused."""
    file = tmp_path / "crm.db"
    file.write_text("everything")
    with pytest.raises(PortRefused):
        open_port(name.replace("%s", str(file)))
    assert file.read_text() == "everything"


def _left(folder: Path) -> tuple[Path, Path]:
    """A socket and a link that a simulator left."""
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(folder / "socket"))
    left.close()
    (folder / "port").symlink_to(folder / "gone")
    return folder / "socket", folder / "port"


@pytest.mark.parametrize("unlink", [control.unlink, terminal.unlink])
def test_only_what_was_left_is_taken_away(tmp_path: Path, unlink: Callable[[Path], None]) -> None:
    """A simulator takes away the socket or link that one before it left, and nothing else."""
    mine = dict(zip((control.unlink, terminal.unlink), _left(tmp_path), strict=True))
    unlink(mine[unlink])
    assert not os.path.lexists(mine[unlink])
    unlink(tmp_path / "nothing")
    file = tmp_path / "crm.db"
    file.write_text("everything")
    for each in (file, tmp_path):
        with pytest.raises(FileExistsError):
            unlink(each)
    assert file.exists()


def test_a_link_is_not_made_over_a_file(tmp_path: Path) -> None:
    """A file that lies where the simulator's port or socket is to be stays."""
    modem = SimulatedModem(SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC)))
    file = tmp_path / "crm.db"
    file.write_text("everything")
    with pytest.raises(FileExistsError):
        terminal.serve(modem, file, threading.Event())
    with pytest.raises(FileExistsError):
        control.serve(modem, file)
    assert file.read_text() == "everything"
