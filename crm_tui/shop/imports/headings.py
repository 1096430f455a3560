"""Which column is which field: what shops write above them is a table (`headings.toml`)."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from crm_tui.shop.imports.dates import is_month

NUMBERS = frozenset(
    {"price", "cost", "stock", "reorder_level", "quantity", "discount", "total", "credit_limit"}
)
"""Fields of which a heading may say how they are counted."""
_PIECES = frozenset({"stock", "reorder_level", "quantity"})
"""Those of them that are never rupiah."""
_SEVERAL = {"customers": ("phone",)}
"""Fields that may stand in several columns: a customer has all the numbers."""
_MONEY = ("rp", "idr", "rupiah")
_RUPIAH = re.compile(rf"(?<![^\W_])(?:{'|'.join(_MONEY)})(?![^\W_])", re.I)
_LONGEST = 400
_BRACKETS = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_SIGNS = re.compile(r"[^\w%]+|_+")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[a-z]{3})(?=[A-Z])")
"""Where programs join words: "NamaProduk"."""


def words(text: str) -> str:
    """A heading as it is looked up: "No. HP" is "no hp", "HARGA_JUAL (Rp)" is "harga jual"."""
    # Long ones are no headings, and each of the first lines is looked at as if it had some.
    # "Disc%" is "disc %".
    text = text.replace("%", " % ")
    kept = _SIGNS.sub(" ", _HUMPS.sub(" ", text[:_LONGEST]).casefold()).split()
    return " ".join(word for word in kept if word not in _MONEY)


def spelt_out(heading: str) -> str:
    """A heading (as `words` has it) with no word that is short for another: "kts tersedia" is
    "kuantitas tersedia"."""
    parts = heading.split()
    short = _table()["short"]
    return " ".join(short.get(part, part) for part in parts) if len(parts) > 1 else heading


def in_brackets(text: str) -> list[str]:
    """What stands in brackets in a text."""
    return [each[1:-1] for each in _BRACKETS.findall(text)] if "(" in text or "[" in text else []


@dataclass(frozen=True)
class Aliases:
    """What columns of one kind of file are called: words to the fields they can mean. `asked`: words
    that are asked about."""

    sure: Mapping[str, Sequence[str]]
    vague: Mapping[str, Sequence[str]]
    asked: frozenset[str]
    first: Mapping[str, Sequence[str]]
    whole: Mapping[str, str] = field(default_factory=dict)
    """The words above by how they are spelt out."""
    joined: Mapping[str, str] = field(default_factory=dict)
    """The same by how they are written without blanks: "kodeitem"."""

    def known_as(self, name: str) -> str:
        """The field with what people call it: "price (harga)"."""
        other = next((each for each in self.first[name] if each != name.replace("_", " ")), name)
        return f"{name} ({other})" if other != name else name

    def doubtful(self, heading: str, name: str) -> bool:
        """Whether a heading says of its field what nobody but a person can weigh: "Stok (lusin)"."""
        if words(heading) in self.asked:
            return True
        if name not in NUMBERS:
            return False
        about = _table()["about"]
        told = {word for each in _BRACKETS.findall(heading) for word in words(each).split()}
        return not told.issubset({*about["plain"], *about["scale"]})

    def scaled(self, heading: str) -> bool:
        """Whether a heading says that amounts are so many thousand or million."""
        return not set(words(heading).split()).isdisjoint(_table()["about"]["scale"])

    def longer(self, heading: str) -> Sequence[str]:
        """The fields of numbers that a heading begins with, and says more of: "Harga Jual Umum"."""
        told = words(re.sub(r"[/+]", " ", heading)).split()
        for so_many in range(len(told) - 1, 0, -1):
            if found := self.sure.get(" ".join(told[:so_many])):
                found = _without_pieces(heading, found)
                return [name for name in found if name in NUMBERS or name == "date"]
        return ()

    def meanings(self, heading: str) -> tuple[Sequence[str], bool]:
        """The fields that a heading can mean, the likeliest first, and whether one of them is."""
        for text in dict.fromkeys((words(heading), words(_BRACKETS.sub(" ", heading)))):
            for spelt in dict.fromkeys((text, re.sub(r"(?<=\D)[ ]?\d$", "", text))):
                for known in (spelt, self.whole.get(spelt_out(spelt)), self.joined.get(spelt)):
                    if found := self._known(known or ""):
                        return _without_pieces(heading, found[0]), found[1]
                # "No Telp Pembeli" is whose it is anyway.
                rest, _, owner = spelt.rpartition(" ")
                theirs = self._known(rest) if owner in _table()["whose"]["words"] else None
                # "Nomor Pelanggan" is a number that the shop has given.
                if theirs and theirs[1] and theirs[0][0] in ("phone", "address"):
                    return theirs
        return (), False

    def _known(self, spelt: str) -> tuple[Sequence[str], bool] | None:
        sure, vague = self.sure.get(spelt, ()), self.vague.get(spelt, ())
        if not sure and not vague:
            return None
        return (*sure, *(each for each in vague if each not in sure)), bool(sure)


def says_rupiah(text: str) -> bool:
    """Whether rupiah stands in a text."""
    return _RUPIAH.search(text) is not None


def _without_pieces(heading: str, names: Sequence[str]) -> Sequence[str]:
    """What a heading can mean, but for what is counted in pieces if it says rupiah: “Saldo (Rp)”."""
    if not says_rupiah(heading):
        return names
    return tuple(name for name in names if name not in _PIECES)


@cache
def _table() -> Mapping[str, Any]:
    text = (files("crm_tui.shop.imports") / "headings.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def aliases(kind: str) -> Aliases:
    """The words of this kind of file."""
    sure: dict[str, list[str]] = {}
    vague: dict[str, list[str]] = {}
    first: dict[str, Sequence[str]] = {}
    asked: set[str] = set()
    for name, lists in _table()[kind].items():
        first[name] = lists["words"]
        asked.update(map(words, lists.get("asked", ())))
        for into, listed in (
            (sure, (*lists["words"], *lists.get("against", ()))),
            (vague, (*lists.get("vague", ()), *lists.get("asked", ()), *lists.get("either", ()))),
        ):  # fmt: skip
            for each in listed:
                into.setdefault(words(each), []).append(name)
    whole = {spelt_out(each): each for each in (*vague, *sure)}
    joined = {each.replace(" ", ""): each for each in (*vague, *sure) if " " in each}
    return Aliases(sure, vague, frozenset(asked), first, whole, joined)


def title(kind: str, cells: Sequence[str]) -> str:
    """The first of these cells that says what `kind` (of "titles") tells of a list; else ""."""
    listed = [f" {each} " for each in _table()["titles"][kind]]
    for cell in cells:
        told = f" {words(cell)} "
        if any(each in told for each in listed):
            return cell
    return ""


def of_purchases(headings: Sequence[str]) -> str:
    """The first heading that lists of what the shop bought have, else ""."""
    listed = _table()["titles"]["columns"]
    return next((each for each in headings if words(each) in listed), "")


def is_known(heading: str) -> bool:
    """Whether a heading is one of any kind of file."""
    return any(aliases(kind).meanings(heading)[0] for kind in ("items", "customers", "sales"))


@cache
def status_words() -> Mapping[str, str]:
    """What a sale's state is called (as `words` has it), by what it means: counted, cancelled,
    returned."""
    return {words(each): name for name, listed in _table()["status"].items() for each in listed}


@cache
def listed(kind: str) -> frozenset[str]:
    """What stands above columns of this kind that are no field: "receipts", "places"."""
    return frozenset(map(words, _table()[kind]["words"]))


@cache
def amounts() -> Mapping[str, Any]:
    """What stands for a stock beside figures: `gone`, `there`, `about`, `packs`; `pieces` by their
    name."""
    told: Mapping[str, Any] = _table()["amounts"]
    return told


@cache
def sold_words() -> Mapping[str, str]:
    """What tells whether an item is sold still (as `words` has it): on, off; yes, no."""
    return {words(each): name for name, listed in _table()["sold"].items() for each in listed}


def speaks_against(heading: str) -> bool:
    """Whether a yes in this column takes an item off sale."""
    told = {words(heading), words(_BRACKETS.sub(" ", heading))}
    return not told.isdisjoint(map(words, _table()["items"]["status"]["against"]))


@cache
def notes() -> tuple[str, ...]:
    """What lines begin with that tell what is to be written below them."""
    return tuple(_table()["notes"]["words"])


@cache
def times() -> frozenset[str]:
    """Words of lines that tell when the ones below were."""
    return frozenset(_table()["times"]["words"])


@cache
def sum_row() -> re.Pattern[str]:
    """What a row of sums begins with. Words in front of a code with digits ("TOTAL-100") are a name."""
    listed = sorted(_table()["sums"]["words"], key=len, reverse=True)
    spelt = "|".join(re.escape(each).replace(r"\ ", r"[\s-]*") for each in listed)
    return re.compile(rf"(?:{spelt})\b(?!.*\d{{3}}-)", re.IGNORECASE)


@lru_cache(2000)
def names_a_sum(text: str) -> bool:
    """Whether a whole cell names a sum and nothing else: "TOTAL OKTOBER 2026", not "TOTAL QUARTZ"."""
    table, told = _table(), words(text).split()
    behind = {*table["sums"]["behind"], *table["times"]["words"]}
    for so_many in (3, 2, 1):
        if " ".join(told[:so_many]) in table["sums"]["words"]:
            return all(
                each.isdecimal() or is_month(each) or each in behind for each in told[so_many:]
            )
    return False


@dataclass
class Meaning:
    """Which field each column is (None: not taken), and between which columns nobody can choose;
    `unsure`: columns of a field by its name alone, whose heading says more of it."""

    fields: list[str | None]
    rivals: dict[str, list[int]] = field(default_factory=dict)
    unsure: dict[str, int] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)
    """Columns that stand before a field: the country's code before a number."""
    either: dict[str, int] = field(default_factory=dict)
    """Columns of which somebody must say which field they are, by the question that asks."""
    instead: dict[str, list[int]] = field(default_factory=dict)
    """Columns that count for a field where that is empty: a company, for a person's name."""


def mapped(
    kind: str, headings: Sequence[str], chosen: Mapping[int, str], groups: Sequence[str] = ()
) -> Meaning:
    """What each column is; `chosen` is what a person said (column → field, "" for none), `groups` what
    stands above headings of two rows."""
    known = aliases(kind)
    claims: dict[str, list[int]] = {}
    open_: list[tuple[int, Sequence[str]]] = []
    vague: list[tuple[int, Sequence[str]]] = []
    result = Meaning([None] * len(headings))
    for column, heading in enumerate(headings):
        if column in chosen:
            result.fields[column] = chosen[column] or None
            continue
        meanings, sure = known.meanings(heading)
        if not meanings and column < len(groups) and groups[column]:
            # "Harga Jual" above "Umum" and "Bengkel".
            meanings, sure = known.meanings(groups[column])[0], False
        if not meanings:
            continue
        if not sure:
            vague.append((column, meanings))
        elif len(meanings) > 1:
            open_.append((column, meanings))
        else:
            claims.setdefault(meanings[0], []).append(column)
    taken = set(result.fields)
    # "Jumlah" is what "Qty" and "Total" leave over.
    for column, meanings in open_:
        free = [each for each in meanings if each not in claims and each not in taken]
        if free:
            claims.setdefault(free[0], []).append(column)
    if kind == "sales" and not {"price", "total"}.intersection((*claims, *taken)):
        # Nothing else is money: "Jumlah" beside no price is hardly how many.
        for column, meanings in open_:
            if "total" in meanings and column in claims.get("quantity", ()):
                del claims["quantity"]
                result.unsure["total"] = column
    if kind == "sales":
        _ask_who_is_named(claims, open_, vague, taken, result)
    late: dict[str, list[int]] = {}
    for column, meanings in vague:
        free = [each for each in meanings if each not in claims and each not in taken]
        if free:
            late.setdefault(free[0], []).append(column)
    if kind == "items":
        _add_either_price(headings, claims, late, [*chosen], result)
    # What says more than a field's name is asked about, if nothing else is that field.
    more: dict[str, list[int]] = {}
    for column, heading in enumerate(headings):
        if column in chosen or known.meanings(heading)[0] or column in claims.get("price", ()):
            continue
        for name in known.longer(heading):
            if name not in claims and name not in late and name not in taken:
                more.setdefault(name, []).append(column)
    for name, columns in more.items():
        if len(columns) > 1:
            result.rivals[name] = columns
        elif name == "price" and _may_be_cost(headings[columns[0]], claims, late, taken):
            result.either["money:price"] = columns[0]
        else:
            result.unsure[name] = columns[0]
    for name, columns in (*claims.items(), *late.items()):
        if name in taken:
            # A person has said which it is.
            continue
        if len(columns) > 1 and name not in _SEVERAL.get(kind, ()):
            result.rivals[name] = columns
        elif len(columns) == 1 and (
            known.doubtful(headings[columns[0]], name)
            or _moved(kind, name, headings, headings[columns[0]], vague=name in late)
        ):
            result.unsure[name] = columns[0]
        else:
            for column in columns:
                result.fields[column] = name
    for name, lists in _table()[kind].items():
        if name in late or lists.get("always"):
            _add_behind(name, lists.get("behind", ()), headings, result)
        for column, heading in enumerate(headings):
            if column not in chosen and words(heading) in lists.get("before", ()):
                result.before[name] = column
            if result.fields[column] is None and words(heading) in lists.get("instead", ()):
                result.instead.setdefault(name, []).append(column)
    return result


def _moved(kind: str, name: str, headings: Sequence[str], own: str, *, vague: bool) -> bool:
    """Whether other headings say that a number may be that of what was sold, or came: “Qty” beside
    “Total”; or what was handed over: “Total Bayar” beside “Kembali”."""
    lists = _table()[kind][name]
    if not (words(own) in lists["handed"] if "handed" in lists else vague):
        return False
    return any(words(each) in lists.get("beside", ()) for each in headings)


def _add_either_price(
    headings: Sequence[str], claims: dict[str, list[int]], late: dict[str, list[int]],
    chosen: Collection[int], meaning: Meaning,
) -> None:  # fmt: skip
    """“NETTO” may be the shop's price as well as its cost: one is asked about, several are a choice."""
    lists = _table()["items"]["price"]
    told = [{words(each), words(_BRACKETS.sub(" ", each))} for each in headings]
    found = [at for at, each in enumerate(told) if not each.isdisjoint(lists["either"])]
    found = [at for at in found if at not in chosen]
    sure = claims.get("price", [])
    if not found or "price" in meaning.fields:
        return
    if any(not told[at].isdisjoint(lists["plain"]) for at in sure):
        return
    found = sorted({*found, *late.pop("price", ())})
    if sure or len(found) > 1:
        claims["price"] = sorted({*sure, *found})
    elif "cost" in {*claims, *late} or "cost" in meaning.fields:
        meaning.unsure["price"] = found[0]
    else:
        meaning.either["money:price"] = found[0]


def _may_be_cost(heading: str, *there: Collection[str | None]) -> bool:
    """Whether a heading that begins with the price's name may be that of the cost: “Harga Dealer”, but
    not “Harga/pcs”."""
    told = set(words(heading).replace("/", " ").split()) - {"harga", "hrg", "price"}
    return not told.issubset(_table()["about"]["plain"]) and not any(
        "cost" in each for each in there
    )


def _ask_who_is_named(
    claims: dict[str, list[int]], open_: Sequence[tuple[int, Sequence[str]]],
    vague: Sequence[tuple[int, Sequence[str]]], taken: Collection[str | None], meaning: Meaning,
) -> None:  # fmt: skip
    """“Nama” in a book that names neither numbers nor codes, but pieces or prices, may be what was
    sold."""
    there = {*claims, *taken, *(each for _, found in vague for each in found)}
    if there.isdisjoint({"phone", "code", "item"}) and not there.isdisjoint({"quantity", "price"}):
        for column, meanings in open_:
            if "item" in meanings and claims.get("name") == [column]:
                del claims["name"]
                meaning.either["named:name"] = column


def _add_behind(
    name: str, behind: Sequence[str], headings: Sequence[str], meaning: Meaning
) -> None:
    """A first name goes on in other columns, an item's in that of its variant."""
    if name in meaning.fields:
        for column, heading in enumerate(headings):
            if meaning.fields[column] is None and words(_BRACKETS.sub(" ", heading)) in behind:
                meaning.fields[column] = name
