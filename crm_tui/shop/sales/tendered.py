"""Cash that customers hand over: which sums are likely, and which nobody means."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput

_NOTES = (10_000, 20_000, 50_000, 100_000)
_LARGEST = 100_000


class BeyondSense(BadInput):
    text = N_("{amount} in cash for {total}? If that is right, press {key} once more.")


def likely(total: int) -> list[int]:
    """What customers are likely to hand over who do not have a sum exactly, in rupiah: at most four
    sums, the smallest first."""
    return sorted({-(-total // note) * note for note in _NOTES} - {total})


def beyond_sense(total: int, received: int) -> bool:
    """Whether it is more than anybody hands over: a whole largest note too many, as when a barcode was
    taken for a sum."""
    return received >= (-(-total // _LARGEST) + 1) * _LARGEST
