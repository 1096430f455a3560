"""Where backups go, and when."""

from pathlib import Path

from crm_tui.errors import N_
from crm_tui.shop.backups import places
from crm_tui.shop.gate.settings import Setting, between, switch


def _folder(text: str) -> str:
    text = text.strip()
    if len(text) > 400:
        raise ValueError("0 … 400")
    if text and not Path(text).is_absolute():
        raise ValueError(N_("write the whole path, as /media/usb or D:\\Backup"))
    return text


FOLDER: Setting[str] = Setting(
    "backup.folder", "", _folder,
    N_("A second folder for backups: a USB stick, a folder on the network; empty: only beside the"
       " store"),
    chosen=lambda ctx: places.open_other(ctx, FOLDER(ctx)),
)  # fmt: skip
AT_EXIT = Setting(
    "backup.at_exit", 1, switch,
    N_("Make a backup when the program ends, if anything changed"),
)  # fmt: skip
DAILY = Setting("backup.daily", 7, between(2, 60), N_("Backups kept: the last of so many days"))
WEEKLY = Setting("backup.weekly", 4, between(0, 60), N_("… and the last of so many weeks"))
MONTHLY = Setting("backup.monthly", 12, between(0, 120), N_("… and the last of so many months"))
