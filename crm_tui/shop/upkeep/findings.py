"""What upkeep watches over: room on the disk, the log, the folder of exports."""

import shutil
from pathlib import Path

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.findings import megabytes
from crm_tui.shop.gate.health import ATTENTION, BAD, WELL, Check, Finding, finding

SCARCE = 200_000_000
"""Octets free on the disk below which the shop may stand still any day."""
LITTLE = 1_000_000_000
"""Octets below which room should be made."""


def disk(ctx: Context) -> Finding:
    """Room on the disk of the shop's folder: a backup needs as much again as the store."""
    path = ctx.store.path
    usage = shutil.disk_usage(path.parent)
    needed = 2 * path.stat().st_size
    facts = {"free_octets": usage.free, "total_octets": usage.total}
    free = megabytes(usage.free)
    if usage.free < SCARCE:
        return finding(
            BAD, N_("Only {free} are left on the disk; when it is full nothing can be stored."),
            N_("Delete what is not needed, or move old exports and backups elsewhere."), facts,
            free=free,
        )  # fmt: skip
    if usage.free < max(LITTLE, needed):
        return finding(
            ATTENTION, N_("{free} are left on the disk."),
            N_("Make room: a backup needs as much again as the store."), facts, free=free,
        )  # fmt: skip
    return finding(WELL, N_("{free} are left on the disk."), "", facts, free=free)


def octets(files: list[Path]) -> int:
    """How much these files hold; one that went meanwhile holds nothing."""
    total = 0
    for each in files:
        try:
            total += each.stat().st_size
        except OSError:
            continue
    return total


CHECKS = (Check("disk", N_("Disk"), disk, place=60),)
