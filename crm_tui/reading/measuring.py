"""Sizes in which things differ that have the same name but for them: 191 ml and 333 ml."""

import re
from collections.abc import Iterable, Sequence

_SIZED = re.compile(r"(\d+)(?:p(\d+))?(l|ml|kg|gr|mm|cm|in|w|ah|a|v|m)?")
_AREA = re.compile(r"(\d+)x(\d+)")
_ENGINE = re.compile(r"([1-9])(\d)00ml")
_HELD = ("l", "kg")
_SMALLER = {"ml": ("l", 1000), "gr": ("kg", 1000), "mm": ("cm", 10)}


def measures(names: Iterable[Iterable[str]]) -> list[float] | None:
    """The sizes of things with these words, which differ in nothing else, in one measure; None if it
    is not so."""
    words = [set(name) for name in names]
    common = words[0].intersection(*words)
    own = [one - common for one in words]
    areas = [_AREA.fullmatch(next(iter(one))) for one in own if len(one) == 1]
    if len(areas) == len(words) and all(areas):
        return [float(one[1]) * float(one[2]) for one in areas if one]
    found = [_SIZED.fullmatch(next(iter(one))) for one in own if len(one) == 1]
    sizes = [one for one in found if one]
    if len(sizes) < len(words):
        return None
    units = [_SMALLER.get(one[3] or "", (one[3], 1)) for one in sizes]
    values = [
        float(f"{one[1]}.{one[2] or 0}") / by for one, (_, by) in zip(sizes, units, strict=True)
    ]
    alike = len({unit for unit, _ in units}) == 1 and len(set(values)) == len(values)
    return values if alike else None


def held(word: str) -> tuple[str, float] | None:
    """How much a thing holds or weighs that has this word, in litres or kilograms; None if it does not
    say."""
    found = _SIZED.fullmatch(word)
    unit, by = _SMALLER.get(found[3] or "", (found[3], 1)) if found else ("", 1)
    return (unit, float(f"{found[1]}.{found[2] or 0}") / by) if found and unit in _HELD else None


def otherwise(size: str) -> str:
    """The same size in the greater or smaller measure, as catalogues write it: 0p8l of 800ml, and the
    other way round; "" if there is none."""
    found = _SIZED.fullmatch(size)
    if found is None or not found[3]:
        return ""
    whole, part = found[1], found[2] or ""
    if found[3] in _SMALLER:
        unit, by = _SMALLER[found[3]]
        if part or found[3] == "mm":
            return ""
        value = f"{int(whole) / by:g}"
        return value.replace(".", "p") + unit if len(value) < len(whole) + 2 else ""
    smaller = next(
        (one for one, (unit, by) in _SMALLER.items() if unit == found[3] and by > 10), ""
    )
    amount = round(float(f"{whole}.{part or 0}") * 1000)
    return f"{amount}{smaller}" if smaller else ""


def displacement(size: str) -> str:
    """What an engine of so many cc is called in litres: 1p3 of 1300ml; "" if it is none."""
    found = _ENGINE.fullmatch(size)
    return f"{found[1]}p{found[2]}" if found else ""


def of_grade(grade: str, items: Sequence[int], names: Sequence[Iterable[str]]) -> int | None:
    """Which of two things the small or the big one is; None if they differ in more than a size."""
    sizes = measures(names) if len(items) == 2 else None
    if sizes is None:
        return None
    return items[sizes.index(min(sizes) if grade == "kecil" else max(sizes))]
