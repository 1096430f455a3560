"""What short words come to, among what they may be about."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.reading.pieces import Mention


@dataclass(frozen=True)
class Resolved:
    """What short words name; `sure`: nothing but what they say differs from what was named before, and
    no number is left over."""

    mentions: Sequence[Mention]
    sure: bool
    wide: Sequence[Mention] = ()
    """The same with all that have what was said, be it of another make."""


def meaning(found: Sequence[Mention]) -> list[tuple[tuple[int, ...], int | None]]:
    return [(tuple(sorted(mention.match.items)), mention.quantity) for mention in found]
