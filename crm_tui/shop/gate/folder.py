"""Where a shop keeps its files."""

import os
import tempfile
from pathlib import Path

from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import FileUnwritable

FILE = "crm.db"
MODEM_LOCK = "modem.lock"
"""Whoever holds it serves the modem; the system frees it when its holder dies."""


def store_path(folder: Path) -> Path:
    """The shop's file in its folder."""
    return folder / FILE


def exports(ctx: Context) -> Path:
    """The shop's folder of exports, which is made if there is none."""
    folder = ctx.store.path.parent / "exports"
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as trouble:
        raise FileUnwritable(file=folder, why=trouble.strerror or trouble) from trouble
    return folder


def save(ctx: Context, name: str, text: str) -> Path:
    """Write a text into exports/, whole or not at all, in the place of one of that name."""
    target = exports(ctx) / name
    write(target, text)
    return target


def write(target: Path, text: str) -> None:
    """Write a text into a file for its owner's eyes alone, whole or not at all; a file of
    that name, which others might read, is replaced. Raises `FileUnwritable`."""
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".txt")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text + "\n")
            os.replace(temporary, target)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as trouble:
        raise FileUnwritable(file=target, why=trouble.strerror or trouble) from trouble
