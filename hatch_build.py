"""Compiles the message catalogues (.po) to what gettext reads (.mo) when the package is built."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for po in Path(self.root, "crm_tui", "locale").glob("*/LC_MESSAGES/*.po"):
            with po.open("rb") as source:
                catalogue = read_po(source, locale=po.parts[-3])
            # A program that runs goes on reading the file that it has opened.
            new = po.with_suffix(".mo.new")
            with new.open("wb") as target:
                write_mo(target, catalogue)
            new.replace(po.with_suffix(".mo"))
