"""The SMS gateways of others and ours, side by side: what each loses, doubles, and how fast it is.

    python -m benchmarks.peers [part of a scenario's name]

Each program serves a simulated modem of its own, over a pseudo-terminal at 115200 baud, through the
same scenarios in one run. Ahead is who lost, left, doubled and called wrongly the fewest SMS; where
they are alike, who took the least time.
"""

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tabulate import tabulate

from benchmarks.peers.programs import PEERS, Peer
from benchmarks.peers.scenarios import ALONE, BESIDE, Outcome, Scenario
from tests.peers import simulator


def run(kind: type[Peer], scenario: Scenario) -> Outcome:
    """One program through one scenario."""
    with tempfile.TemporaryDirectory(prefix="crm-tui-") as name:
        folder = Path(name)
        with simulator(folder, "--baud", "115200") as modem:
            peer = kind(folder / "peer", modem.port)
            try:
                return scenario(peer, modem)
            finally:
                peer.end()


def _harm(outcome: Outcome) -> int:
    return outcome.lost + outcome.stuck + outcome.doubled + outcome.wrong


def _ahead(ours: Outcome, others: list[Outcome]) -> str:
    """Whether ours is ahead of all others in a row."""
    if all((_harm(ours), ours.seconds) <= (_harm(each), each.seconds) for each in others):
        return "yes"
    if all(_harm(ours) <= _harm(each) for each in others):
        return "no more harm, but slower"
    return "NO"


def main() -> int:
    wanted = " ".join(sys.argv[1:])
    kinds = []
    for kind in PEERS:
        if kind.missing():
            print(f"  {kind.missing()}: its rows are missing")
        else:
            kinds.append(kind)
    rows, verdicts = [], []
    for name, scenario in {**ALONE, **BESIDE}.items():
        if wanted not in name:
            continue
        with ThreadPoolExecutor(1 if name in ALONE else len(kinds)) as pool:
            outcomes = list(pool.map(lambda kind: run(kind, scenario), kinds))  # noqa: B023
        verdict = _ahead(outcomes[0], outcomes[1:]) if len(outcomes) > 1 else "alone"
        verdicts.append(verdict)
        print(f"  {name}: {verdict}", file=sys.stderr, flush=True)
        for kind, one in zip(kinds, outcomes, strict=True):
            counts = [one.wanted, one.lost, one.stuck, one.doubled, one.wrong, f"{one.seconds:.1f}"]
            ours = kind is kinds[0]
            rows.append([name if ours else "", kind.name, *counts, verdict if ours else ""])
    heads = ["scenario", "program", "SMS", "lost", "stuck", "doubled", "wrong", "seconds", "ahead"]
    print(tabulate(rows, heads, colalign=("left", "left", *["right"] * 6, "left")))
    return 1 if "NO" in verdicts or len(kinds) < len(PEERS) else 0


if __name__ == "__main__":
    sys.exit(main())
