"""Learns how harmless the kinds of words are that stand beside changes: `python -m
tests.accompanying_weights` writes `crm_tui/reading/accompanying.tsv` anew, from what
`tests.company_weights` learns the words of."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from crm_tui.reading import accompanying
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.tagging import tag
from tests.company_weights import CORPUS, TAKES, fitted

WRITTEN = tuple(CORPUS / f"{kind}.jsonl" for kind in ("harmless", "harmful"))
_LEAST = 4
_STEPS = 12
_WEIGHTY = 0.05


def learned(paths: Iterable[Path]) -> dict[str, float]:
    """The weight of each feature that several texts have."""
    index = ItemIndex(())
    made = []
    for path in paths:
        for row in path.read_text(encoding="utf-8").splitlines():
            label = json.loads(row)
            tagged = tag(label["text"], index)
            many = len(tagged.words)
            found = accompanying.features(tagged, index.lexicon, 0, many)
            fits = set(label["fits"])
            for takes in (False, True):
                if "any" in fits or (fits & TAKES if takes else fits - TAKES):
                    sided = accompanying.sided(
                        found, many, before=label["place"] == "before", takes=takes,
                        asked=tagged.asked,
                    )  # fmt: skip
                    made.append((list(sided), path.stem.startswith("harmless")))
    counted = Counter(one for sided, _ in made for one in sided)
    rows = [
        (sorted((one, 1.0) for one in sided if counted[one] >= _LEAST), harmless)
        for sided, harmless in made
    ]
    return fitted(rows, _STEPS)


def told(weights: dict[str, float]) -> str:
    """The weights as the file has them: a feature and its weight a line."""
    kept = (one for one in sorted(weights) if abs(weights[one]) >= _WEIGHTY)
    return "".join(f"{one}\t{weights[one]:.2f}\n" for one in kept)


if __name__ == "__main__":
    text = told(learned(WRITTEN))
    Path(accompanying.__file__).with_name("accompanying.tsv").write_text(text, encoding="utf-8")
    print(len(text.splitlines()), "features")
