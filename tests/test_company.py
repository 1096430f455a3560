"""What people write beside changes: how well it is told what undoes one from what does not."""

from collections.abc import Iterator

import pytest

from crm_tui.reading import company, read
from crm_tui.reading.wishes import Conversation, Kind, Line
from tests.company_weights import CORPUS, learned, samples, told
from tests.test_near_items import index

PUT_AWAY = CORPUS / "put_away"
NAMES = ("KENARI MUSI", "GELATIK BETO")
SHOP = index(NAMES)
ORDER = tuple(Line(SHOP.entry(number), 2) for number in (1, 2))


def weights(kind: str, known: dict[str, float] | None = None) -> list[float]:
    """How each text of a kind that no weight was learned from is weighed."""
    found = []
    for said, before, takes, _ in samples([PUT_AWAY / f"{kind}.jsonl"]):
        found.append(company.weigh(said, before=before, takes=takes))
    return found


def share(found: list[float], least: float) -> float:
    return sum(weight < least for weight in found) / len(found)


def test_told_apart() -> None:
    """Of what a writer had put away, harmful texts are found and hardly a harmless one is called so."""
    assert share(weights("harmless"), company.HARMFUL) <= 0.02
    assert share(weights("harmful"), company.HARMFUL) >= 0.4
    assert share(weights("harmful"), 4.0) >= 0.9


@pytest.mark.soak
def test_learned_anew() -> None:
    """What is learned from the texts anew tells as well, and each time the same."""
    rows = samples(sorted(CORPUS.glob("*.jsonl")))
    first = learned(rows)
    assert told(first) == told(learned(rows))
    shipped = company.weights()
    strayed = [abs(weight - shipped[one]) for one, weight in first.items() if one in shipped]
    assert sum(strayed) / len(strayed) < 0.05


def changes() -> Iterator[tuple[str, str]]:
    for text in ("kenarinya 3 aja", "gelatiknya ga jadi", "kenari musi jadi 5"):
        for beside in (
            "becanda nih", "itu baru pikiran saya aja", "masih galau nih", "masih mikir2 dulu",
            "lupain aja sms ini", "bukan itu maksud saya",
        ):  # fmt: skip
            yield text, beside


@pytest.mark.parametrize(("text", "beside"), changes())
def test_what_undoes_a_change(text: str, beside: str) -> None:
    """A change beside what may undo it is asked about, or left to people; alone it is made."""
    talk = Conversation(order=ORDER)
    assert read(text, SHOP, talk, free=True).outcome is Kind.AMEND
    assert read(f"{text}, {beside}", SHOP, talk, free=True).outcome in (Kind.CHOICES, Kind.HUMAN)


def test_each_end_as_by_itself() -> None:
    """What stands before and behind is weighed at once as each of it would be by itself."""
    seen = 0
    for kind in ("harmless", "harmful"):
        for said, _, takes, _ in samples([PUT_AWAY / f"{kind}.jsonl"]):
            for before in (True, False):
                lengths = range(1, len(said))
                weights_of = {
                    many: company.weigh(
                        said[:many] if before else said[-many:], before=before, takes=takes
                    )
                    for many in lengths
                }
                expected = {
                    many: weight for many, weight in weights_of.items() if weight < company.HARMFUL
                }
                got = {
                    many: weight
                    for weight, many in company.harmful(said, before=before, takes=takes)
                }
                assert got == pytest.approx(expected)
                seen += len(got)
    assert seen > 100
