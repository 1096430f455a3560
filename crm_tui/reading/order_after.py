"""What the operations of a turn make of the open order, all of them together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crm_tui.reading.deeds import CHANGES, Deed, Operation
from crm_tui.reading.index import Entry
from crm_tui.reading.turn import Turn
from crm_tui.reading.wishes import Kind, Reading, Wish


def applied(turn: Turn, operations: Sequence[Operation], *, asking: bool) -> Reading | None:
    """What operations make of the order; `asking`: a doubt in one of them makes a proposal."""
    whole = len(turn.talk.order) == 1 and any(one.deed is Deed.CANCEL for one in operations)
    operations = (
        operations if whole else spared(operations, [line.entry for line in turn.talk.order])
    )
    doing = [one for one in operations if one.deed in CHANGES]
    sure = all(one.sure for one in operations)
    chosen = any(one.deed is Deed.ONLY for one in operations)
    chosen = chosen and any(one.deed is Deed.REASON for one in operations)
    if not (doing or chosen) or (not sure and not asking):
        return None
    if any(one.deed is Deed.CANCEL for one in doing):
        stays = any(one.deed in (Deed.STAY, Deed.ONLY, Deed.ASK) for one in operations)
        why_said = [one for one in operations if one.deed is Deed.REASON]
        shown = any(one.bare or one.entries if doing[0].bare else one.also for one in why_said)
        bare = shown or (doing[0].bare and bool(turn.last_said() or turn.talk.left))
        alone = len(doing) == 1 or (
            all(one.deed is Deed.CANCEL for one in doing) and _said_twice(turn)
        )
        if not alone or stays or bare or not sure:
            return None
        return turn.wish(Wish(Kind.CANCEL, evidence=turn.text))
    before = {line.entry: line.quantity or 0 for line in turn.talk.order}
    after = after_operations(before, operations)
    if after is None and asking:
        sure, after = False, after_operations(before, operations, asking=True)
    if after is None:
        return None
    only = {entry for one in operations if one.deed is Deed.ONLY for entry in one.entries}
    more = [one.count for one in operations if one.deed is Deed.REASON and one.count]
    if (
        more
        and [after[entry] - before.get(entry, 0) for one in doing for entry in one.entries] != more
    ):
        # "Jadi tiga, temen nitip satu", of which there were two.
        return None
    if any(one.alone and not _all_left(one, doing, after) for one in operations):
        return None
    why = {
        entry
        for one in operations
        if one.deed is Deed.REASON and not one.alone
        for entry in one.entries
    }
    if not only and any(after.get(entry, 0) >= before.get(entry, 0) for entry in why):
        # What is said of a line is no reason for what is done to others.
        return None
    if only and any(count for entry, count in after.items() if entry not in only):
        told = any(one.deed is Deed.REASON for one in operations)
        if (not asking and not told) or not why.isdisjoint(only):
            return None
        sure = sure and told
        after = {entry: count if entry in only else 0 for entry, count in after.items()}
    changes = {entry: count for entry, count in after.items() if count != before.get(entry, 0)}
    if not changes:
        return None
    asked = [wish for one in operations for wish in one.wishes]
    found = turn.amend(changes)
    if not sure:
        if asked or not found.certain or not any(after.values()):
            return None
        lines = found.wishes[0].lines
        return turn.wish(Wish(Kind.CHOICES, lines, choosing=Kind.AMEND))
    if asked and found.certain:
        found = _with(found, asked)
    return found


def _said_twice(turn: Turn) -> bool:
    """Whether "ga jadi, batalin" takes the order back with two words; "batal, eh ga jadi" may not, nor
    "ga jadi dibatalin"."""
    marks, words = turn.tagged.marks, turn.tagged.words
    spans = [span for name in ("dialogue.remove", "intents.cancel") for span in marks.get(name, ())]
    first, last = min(spans), max(spans)
    parted = any(words[at].token.pause for at in range(first[1], last[0] + 1))
    return parted and last in marks.get("intents.cancel", ())


def _all_left(why: Operation, doing: Sequence[Operation], after: Mapping[Entry, int]) -> bool:
    """Whether a reason names just what is left where others fall: "duitnya cuma cukup yg blkg"."""
    falls = all(one.deed is Deed.OUT and one.sure for one in doing)
    return falls and {*why.entries} == {entry for entry, count in after.items() if count}


def spared(operations: Sequence[Operation], order: Sequence[Entry]) -> Sequence[Operation]:
    """What is taken out "but for" some lines, "selain sirsak, batalkan", or of which it is said why."""
    about = tuple(entry for one in operations if one.deed is Deed.REASON for entry in one.entries)
    bare = [at for at, one in enumerate(operations) if one.deed is Deed.CANCEL and one.bare]
    later = any(
        one.deed is Deed.REASON and one.entries and one.parted
        for one in operations[max(bare, default=0) :]
    )
    only = {entry for one in operations if one.deed is Deed.ONLY for entry in one.entries}
    if bare and only and only.isdisjoint(about) and only.union(about) == set(order):
        # "Urung pak, sirsaknya masih bagus, kenarinya aja"
        return [one for one in operations if one.deed is not Deed.CANCEL]
    if about and bare and not later:
        # "Sirsaknya masih bagus, hapus saja"
        return [
            Operation(Deed.OUT, about) if one.deed is Deed.CANCEL else one for one in operations
        ]
    left = tuple(entry for one in operations if one.deed is Deed.BUT for entry in one.entries)
    if not left:
        return operations
    return [
        Operation(Deed.REST_OUT, left) if one.deed is Deed.CANCEL else one
        for one in operations
        if one.deed is not Deed.BUT
    ]


def completed(turn: Turn, operations: Sequence[Operation]) -> Sequence[Operation]:
    """Several lines that are taken out are certain where another clause keeps just the others: "urung
    sirsake, kenari wae"."""
    order = {line.entry for line in turn.talk.order}
    kept = {
        entry
        for one in operations
        if one.deed in (Deed.STAY, Deed.ONLY) and one.sure
        for entry in one.entries
    }
    return [
        replace(one, sure=True)
        if one.deed is Deed.OUT
        and len(one.entries) > 1
        and kept
        and kept.isdisjoint(one.entries)
        and kept.union(one.entries) == order
        else one
        for one in operations
    ]


def _with(found: Reading, asked: Sequence[Wish]) -> Reading:
    """A change with the questions beside it."""
    return Reading((*found.wishes, *asked), sureness=found.sureness)


def after_operations(
    before: dict[Entry, int], operations: Sequence[Operation], *, asking: bool = False
) -> dict[Entry, int] | None:
    """How many of each item are ordered after some operations; None if they contradict one another, or
    say a thing twice. `asking`: a number may be all that there shall be, or so many more."""
    after = dict(before)
    by: dict[Entry, Deed] = {}
    stays = (Deed.STAY, Deed.ONLY, Deed.REST_OUT)
    kept = {entry for one in operations if one.deed in stays for entry in one.entries}
    adding, last = False, None
    for one in operations:
        if one.deed is Deed.STAY and not one.entries:
            last = one
        if one.deed not in CHANGES or one.deed is Deed.REST_OUT:
            continue
        doubted = (one.bare and adding) or (
            one.also and not (last and last.deed in (Deed.SET, Deed.STAY))
        )
        if doubted and not asking:
            # "Tambah kenari 2, sirsak 3" may want three more of it; so may "sama sirsak 3".
            return None
        last = one
        adding = adding or one.deed in (Deed.MORE, Deed.LESS, Deed.CHANGE)
        some = one.wanted or dict.fromkeys(one.entries, one.count)
        if len(one.entries) > 1 and not one.sure:
            return None
        for entry, count in some.items():
            then = _then(one.deed, before.get(entry, 0), count)
            if then is None or (entry in by and (by[entry] is one.deed or after[entry] != then)):
                # Two changes of a line agree in what there is then: "nambah 2 jadi 6".
                return None
            after[entry], by[entry] = then, one.deed
    touched = set(by)
    if not kept.isdisjoint(touched):
        return None
    if any(one.deed is Deed.REST_OUT for one in operations):
        named = kept or touched
        if not named or not kept.union(touched) < set(before) | touched:
            return None
        after |= {entry: 0 for entry in before if entry not in kept and entry not in touched}
    return after


def _then(deed: Deed, before: int, count: int) -> int | None:
    """How many there are of a line after a change of it; None if it has not so many."""
    if deed is Deed.MORE:
        return before + count
    if deed is Deed.LESS:
        return before - count if count < before else None
    return 0 if deed is Deed.OUT else count


def contradicts(
    reading: Reading, before: dict[Entry, int], operations: Sequence[Operation], *, whole: bool
) -> bool:
    """Whether a reading takes back the whole order where the clauses, all of them read, leave some of
    it, or changes a line that a clause keeps: "nomor 1 hapus", "ga jadi. sirsaknya aja"."""
    kept = {
        entry
        for one in operations
        if one.deed in (Deed.STAY, Deed.ONLY, Deed.BUT)
        for entry in one.entries
    }
    changed = {
        line.entry
        for wish in reading.wishes
        if wish.kind is Kind.AMEND or wish.choosing is Kind.AMEND
        for line in wish.lines
        if line.entry in before and line.quantity != before[line.entry]
    }
    if not kept.isdisjoint(changed):
        return True
    by_name = (Deed.SET, Deed.MORE, Deed.LESS, Deed.OUT)
    doing = {entry for one in operations if one.deed in by_name for entry in one.entries}
    if whole and reading.outcome is Kind.AMEND and doing and changed and doing.isdisjoint(changed):
        # "No 1 jadi 4": the first line, or an ALPA1?
        return True
    if reading.outcome is not Kind.CANCEL or not whole:
        return False
    deeds = {one.deed for one in operations}
    if Deed.CANCEL in deeds or CHANGES.isdisjoint(deeds):
        return False
    after = after_operations(before, operations, asking=True)
    return after is None or any(after.values())
