"""Tables that stand side by side on one sheet, with the same headings."""

from collections.abc import Sequence

from crm_tui.shop.imports.headings import aliases, words


def tables(kind: str, key: str, headings: Sequence[str]) -> tuple[Sequence[int], int]:
    """Where tables with the same headings begin that stand side by side, and how wide they are; none
    if there is one only. `key`: the field that each has."""
    known = aliases(kind)
    marks = [(known.meanings(each)[0][:1] or (words(each),))[0] for each in headings]
    for first, mark in enumerate(marks):
        for wide in range(2, len(marks) - first):
            if not mark or marks[first + wide] != mark:
                continue
            starts = range(first, len(marks), wide)
            padded = [*marks, *[""] * wide]
            blocks = {tuple(padded[start : start + wide]) for start in starts}
            if len(blocks) == 1 and key in marks[first : first + wide] and len(set(*blocks)) > 1:
                return list(starts), wide
        if mark and known.meanings(headings[first])[0]:
            break
    return (), 0
