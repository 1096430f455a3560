"""Files that people name to be read: never waited for, never without an end."""

import os
import stat
from pathlib import Path

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput


class SourceMissing(BadInput):
    text = N_("There is no file {file}.")


class SourceNoFile(BadInput):
    text = N_("{file} is a folder, a pipe or a device. Name a file.")


class SourceUnread(BadInput):
    text = N_("{file} cannot be opened: {why}.")


def check(source: Path) -> None:
    """Whether a file can be read. Raises `SourceMissing`, `SourceNoFile`, `SourceUnread`."""
    try:
        # A pipe that nobody writes to would be waited for here.
        handle = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError) as trouble:
        raise SourceMissing(file=source) from trouble
    except OSError as trouble:
        # Windows opens no folder at all.
        if source.is_dir():
            raise SourceNoFile(file=source) from trouble
        raise SourceUnread(file=source, why=trouble.strerror or trouble) from trouble
    except ValueError as trouble:
        raise SourceMissing(file=source) from trouble
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise SourceNoFile(file=source)
    finally:
        os.close(handle)
