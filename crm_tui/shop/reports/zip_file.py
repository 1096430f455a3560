"""A ZIP file that can be called off. Loaded only when a workbook is written."""

import zipfile
from pathlib import Path
from typing import Any

from crm_tui.shop.gate.progress import Progress

_CHUNK = 1 << 18


class Archive(zipfile.ZipFile):
    """A ZIP that can be called off while a large sheet goes in."""

    def __init__(self, path: Path, progress: Progress) -> None:
        super().__init__(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._progress = progress

    def write(self, filename: Any, arcname: Any = None, *more: Any, **other: Any) -> None:
        kind = zipfile.ZipInfo.from_file(filename, arcname)
        kind.compress_type = zipfile.ZIP_DEFLATED
        # The sheet's size is known, so that a large one does not need the ZIP64 form by guess.
        with open(filename, "rb") as source, self.open(kind, "w") as target:
            size, done, begun = max(1, kind.file_size), 0, self._progress.share
            while chunk := source.read(_CHUNK):
                target.write(chunk)
                done += len(chunk)
                self._progress.at(round(1000 * (begun + (1 - begun) * done / size)), 1000)
