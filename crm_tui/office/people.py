"""Who is one person in the chain: customers of all branches, linked by telephone number and by merging.

Links are edges, and people are found anew from all of them each time; so the order in which branches
merge or send does not matter, and a merge that is undone is undone here. No row of a branch is
changed by it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crm_tui.office.reading import ReadSide

Known = tuple[int, int]
"""A branch and the key of a customer there."""


@dataclass(frozen=True)
class People:
    """`of`: the number of the person behind each customer of a branch; `customers` and `phones` of each
    person, in order."""

    of: Mapping[Known, int]
    customers: Mapping[int, tuple[Known, ...]]
    phones: Mapping[int, tuple[str, ...]]


def linked(
    customers: Iterable[Known],
    merges: Iterable[tuple[Known, Known]],
    phones: Iterable[tuple[str, Known]],
) -> People:
    """The people behind customers. `merges`: who was merged into whom; `phones`: numbers and whose they
    are. People are numbered by their first customer in order."""
    parent: dict[Known, Known] = {each: each for each in customers}

    def top(known: Known) -> Known:
        parent.setdefault(known, known)
        while parent[known] != known:
            # Halved on the way, so that the next one finds it at once.
            parent[known] = parent[parent[known]]
            known = parent[known]
        return known

    def link(one: Known, other: Known) -> None:
        one, other = sorted((top(one), top(other)))
        parent[other] = one

    for gone, kept in merges:
        link(gone, kept)
    numbers = sorted(phones)
    first: dict[str, Known] = {}
    for number, known in numbers:
        link(first.setdefault(number, known), known)
    groups: dict[Known, list[Known]] = {}
    for known in sorted(parent):
        groups.setdefault(top(known), []).append(known)
    of = {known: at for at, group in enumerate(groups.values()) for known in group}
    theirs: dict[int, dict[str, None]] = {}
    for number, known in numbers:
        theirs.setdefault(of[known], {})[number] = None
    return People(
        of,
        {at: tuple(group) for at, group in enumerate(groups.values())},
        {person: tuple(each) for person, each in theirs.items()},
    )


PRESENT = "JOIN crm.branches AS own USING (branch) WHERE NOT gone AND epoch >= own.since"
"""SQL: of the rows of all branches those that they have, without what a restore lost."""


def everybody(office: ReadSide) -> People:
    """All people of the chain, by what the branches have sent."""
    customers = office.ask(
        f"SELECT branch, id, merged_into FROM crm.customers {PRESENT}"  # noqa: S608 - ours
    )
    phones = office.ask(
        f"SELECT number, branch, customer_id FROM crm.phones {PRESENT}"  # noqa: S608 - ours
    )
    return linked(
        ((row[0], row[1]) for row in customers),
        (((row[0], row[1]), (row[0], row[2])) for row in customers if row[2] is not None),
        ((row[0], (row[1], row[2])) for row in phones),
    )
