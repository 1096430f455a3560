"""Which branch somebody means: by its name, in any case, or by its number."""

from collections.abc import Mapping


def chosen(wanted: str, names: Mapping[int, str]) -> int | None:
    """The number of the branch that is called so, of these; None if none is. A name as it is written
    comes before one in another case, a name before a number."""
    wanted = wanted.strip()
    for same in (
        lambda number, name: name == wanted,
        lambda number, name: name.casefold() == wanted.casefold(),
        lambda number, name: str(number) == wanted,
    ):
        for number, name in names.items():
            if same(number, name):
                return number
    return None
