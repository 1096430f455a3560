"""Judges how one turn is read behind a talk: right, asked, left to people, amiss, or a wrong order.

The talks stand in `corpora/turns/talks.txt`, the turns behind them in the other files, one a line:
which talk, what is written, and which results are right: an order as "CODE=2 OTHER=1" (several of them:
"CODE=2,OTHER=1"), the kind of an answer ("price CODE": one that names it), `none` for nobody's answer.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.wishes import Kind
from tests import reading_judge as judge

FOLDER = judge.CORPORA / "turns"
_ORDERS = (Kind.ORDER, Kind.AMEND, Kind.CONFIRM)
_ANSWERS = {"price": {"price", "stock"}, "stock": {"price", "stock"}}


@dataclass
class Turns:
    """How the turns of a file were read; each told as (how, talk, text, wanted, what came of it)."""

    how: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def share(self, *names: str) -> float:
        """Which part was read so, 0..1."""
        return sum(self.how[name] for name in names) / self.how.total()

    def __str__(self) -> str:
        return "\n".join([str(dict(self.how)), *sorted(self.told)])


@dataclass(frozen=True)
class Wanted:
    """What may come of a turn."""

    orders: tuple[dict[str, int], ...]
    kinds: frozenset[str]
    codes: frozenset[str]


def _lines(name: str) -> Iterator[list[str]]:
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield [part.strip() for part in line.split("|")]


def wanted(results: str) -> Wanted:
    """The right results of a turn."""
    words = results.split()
    counted = [word for word in words if "=" in word]
    orders = [_order(word.split(",")) for word in counted if "," in word]
    whole = [word for word in counted if "," not in word]
    if whole:
        orders.append(_order(whole))
    kinds = {word for word in words if word.islower()} | ({"human"} if "none" in words else set())
    codes = {word for word in words if not word.islower() and "=" not in word}
    return Wanted(tuple(orders), frozenset(kinds), frozenset(codes))


def _order(lines: list[str]) -> dict[str, int]:
    return {code: int(count) for code, _, count in (line.partition("=") for line in lines)}


def read(name: str) -> Turns:
    """Each turn of a file, behind its talk."""
    talks = {talk: (corpus, said.split(" / ")) for talk, corpus, said in _lines("talks.txt")}
    known: dict[str, ItemIndex] = {}
    turns = Turns()
    for talk, text, results in _lines(name):
        corpus, said = talks[talk]
        if corpus not in known:
            known[corpus] = judge.catalogue(judge.CORPORA / corpus)
        shop = judge.Shop(known[corpus])
        for sms in said:
            shop.take(sms)
        how, shown = _judged(shop, text, wanted(results))
        turns.how[how] += 1
        if how != "right":
            turns.told.append(f"  {how.upper()} {talk} | {text} | {results} | {shown}")
    return turns


def _judged(shop: judge.Shop, text: str, right: Wanted) -> tuple[str, str]:
    before = dict(shop.order)
    answer = shop.take(text)
    outcome = answer.outcome
    shown = f"{outcome.value} {answer.options or sorted(answer.named)} {shop.order or ''}"
    if answer.reading and not answer.reading.certain:
        shown += f" {answer.reading.why}"
    if outcome in _ORDERS or shop.order != before:
        fits = shop.order in right.orders
        fits = fits or (outcome is Kind.CANCEL and "cancel" in right.kinds and not shop.order)
        return ("right" if fits else "wrong"), shown
    if outcome is Kind.CHOICES and not answer.options:
        shop.take("ya")
        shown += f" → {shop.order}"
        fits = shop.order in right.orders
        if right.orders and not fits:
            return "amiss", shown
        return ("right" if "choices" in right.kinds else "asked" if fits else "missed"), shown
    same = _ANSWERS.get(outcome.value, {outcome.value})
    if same & right.kinds:
        return ("right" if right.codes <= answer.named else "missed"), shown
    if outcome is Kind.CHOICES and right.orders:
        return "asked", shown
    return ("people" if outcome is Kind.HUMAN else "missed"), shown


if __name__ == "__main__":
    for each in sorted(path.name for path in FOLDER.glob("*.txt")):
        if each != "talks.txt":
            print(each, read(each))
