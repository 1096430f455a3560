"""A stock that people wrote, and nobody counted in pieces: "habis", "± 3", "2 dus @12", "1 lusin"."""

import re
from dataclasses import dataclass
from functools import cache

from crm_tui.shop.imports import headings


@dataclass(frozen=True)
class Guessed:
    """What a text may mean, by the question that asks; `pieces` is its number where it has one."""

    question: str
    pieces: int = 0
    packs: int = 0


def read(text: str) -> Guessed | None:
    """What a text that is no number may mean as a stock, None if nobody knows."""
    told = headings.amounts()
    bare = " ".join(text.casefold().replace("(", " ").replace(")", " ").split())
    plain = headings.words(bare)
    if plain in told["gone"]:
        return Guessed("gone")
    if plain in told["there"]:
        return Guessed("there")
    about, packed = _patterns()
    if match := about.fullmatch(bare):
        return Guessed("about", int(match[1] or match[2]))
    if match := packed.fullmatch(bare):
        packs, each = int(match[1]), match[3] or told["pieces"].get(match[2])
        return Guessed("packs", packs * int(each), packs) if each else None
    return None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    told = headings.amounts()
    signs = "|".join(re.escape(each) for each in told["about"])
    units = "|".join((*told["packs"], *told["pieces"]))
    piece = r"\s*(?:pcs|pc|buah|bh|biji|unit)?\.?"
    return (
        re.compile(rf"(?:{signs})\s*(\d{{1,6}}){piece}|(\d{{1,5}}0)-?an{piece}"),
        re.compile(rf"(\d{{1,5}})\s*({units})\.?(?:\s*(?:@|x|×|isi|\*)\s*(\d{{1,4}}){piece})?"),
    )
