"""Learns how harmless it is what people write beside changes: `python -m tests.company_weights`.

Logistic regression by stochastic gradient steps (AdaGrad) over `tests/company`, the same each
time; what stands in one text alone is a strange word. Writes `crm_tui/reading/company.tsv`.
"""

import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from crm_tui.reading import company
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.tagging import tag

CORPUS = Path(__file__).parent / "company"
TAKES = {"withdraw", "cancel", "fewer"}
_LEAST = 2
_SAID = 3
"""What other tests say beside orders counts so many times."""
_STEPS, _RATE, _SMALL = 30, 0.5, 2.0
Sample = tuple[tuple[str, ...], bool, bool, bool]


def samples(paths: Iterable[Path]) -> list[Sample]:
    """The words of each text, whether it stands before, beside what takes back, and is harmless."""
    index = ItemIndex(())
    found = []
    for path in paths:
        for row in path.read_text(encoding="utf-8").splitlines():
            label = json.loads(row)
            said = tuple(company.spoken(tag(label["text"], index).texts, index.lexicon))
            fits = set(label["fits"])
            sides = {
                takes for takes in (False, True)
                if "any" in fits or (fits & TAKES if takes else fits - TAKES)
            }  # fmt: skip
            harmless = path.stem.startswith("harmless")
            times = _SAID if path.stem.endswith("_said") else 1
            found += [
                (said, label["place"] == "before", takes, harmless) for takes in sorted(sides)
            ] * times
    return found


def learned(rows: Sequence[Sample]) -> dict[str, float]:
    """The weight of each feature."""
    known = Counter(word for said in {row[0] for row in rows} for word in set(said))
    counted = Counter(
        one
        for said, before, takes, _ in rows
        for one in set(company.features(said, before=before, takes=takes))
    )
    made = []
    for said, before, takes, harmless in rows:
        own = {
            one: 1.0
            for one in company.features(said, before=before, takes=takes)
            if counted[one] >= _LEAST and (" " in one or known.get(one, _LEAST) >= _LEAST)
        }
        strange = sum(known[word] < _LEAST for word in said)
        own[company.STRANGE] = min(strange, company.MOST_STRANGE)
        made.append((list(own.items()), harmless))
    return fitted(made)


def fitted(
    made: list[tuple[list[tuple[str, float]], bool]], steps_made: int = _STEPS
) -> dict[str, float]:
    """The weights of features, of texts with so much of each that are harmless or not."""
    weights: dict[str, float] = {}
    steps: dict[str, float] = {}
    order = random.Random(1)
    for _ in range(steps_made):
        order.shuffle(made)
        for features, harmless in made:
            odds = sum(weights.get(one, 0.0) * value for one, value in features)
            off = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))) - harmless
            for one, value in features:
                step = off * value + _SMALL / len(made) * weights.get(one, 0.0)
                steps[one] = steps.get(one, 1e-6) + step * step
                weights[one] = weights.get(one, 0.0) - _RATE * step / math.sqrt(steps[one])
    return weights


def told(weights: dict[str, float]) -> str:
    """The weights as the file has them: a feature and its weight a line."""
    words = {one for one in weights if " " not in one}
    kept = (one for one in sorted(weights) if one in words or abs(weights[one]) >= 0.15)
    return "".join(f"{one}\t{weights[one]:.2f}\n" for one in kept)


if __name__ == "__main__":
    paths = [Path(one) for one in sys.argv[1:]] or sorted(CORPUS.glob("*.jsonl"))
    text = told(learned(samples(paths)))
    Path(company.__file__).with_name("company.tsv").write_text(text, encoding="utf-8")
    print(len(text.splitlines()), "features")
