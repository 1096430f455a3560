"""An SMS → its reading: how long it takes with few and with many items, and what the index costs.

Catalogues are made by chance from kinds of parts, makes and models, with the words of a real one's
size; messages name items as people do (shortened words, typos, models, quantities). Printed are the
50th and 95th percentile of one reading in milliseconds, building the index, and its memory. The
floor is splitting the same text into words and looking each up in a dictionary. Times are those of
the processor: what else runs on the computer does not count, but for what it takes of the caches.

Rows of turns are short texts in talks (what was quoted, offered, proposed, ordered is chosen by chance,
so that nothing of the turn before helps): another make or side, numbers, corrections, withdrawals.
"""

import random
import statistics
import time
import tracemalloc

from tabulate import tabulate

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Line

SIZES = (500, 50_000)
MESSAGES = 2_000
TURNS = 1_000
WANTED_MS = {500: 1.0, 50_000: 5.0}
WANTED_TURN_MS = {500: (1.0, 5.0), 50_000: (1.0, 5.0)}
"""The 50th and the 95th percentile of a turn in a talk."""
WANTED_BUILD = 2.0

_SOUNDS = ["ka", "ri", "mo", "ten", "su", "bal", "er", "no", "vi", "gas", "lu", "pro", "di", "xen"]
_TURNS = [
    "yang {} brp", "kalo yg {}?", "{}nya 2", "tambah yg {} 1", "jadi 3 aja", "2 ya", "ya",
    "eh salah, yg {}", "yg {} ga jadi", "masing2 2", "sama {} 2", "ambil 1 sama {} 2", "udah itu aja",
]  # fmt: skip
_SIDES = ["DPN", "BLK", "KANAN", "KIRI", "", ""]


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(_SOUNDS) for _ in range(chance.randint(2, 4)))


def catalogue(count: int, seed: int = 7) -> list[Entry]:
    """So many items: kind, side, model, size and make, each code another one."""
    chance = random.Random(seed)
    kinds = [
        " ".join(_word(chance) for _ in range(chance.randint(1, 2)))
        for _ in range(60 + count // 200)
    ]
    models = [
        _word(chance) + chance.choice(["", "", " 125", "2"]) for _ in range(40 + count // 100)
    ]
    makes = [_word(chance) for _ in range(30)]
    entries = []
    for number in range(1, count + 1):
        kind, model = chance.choice(kinds), chance.choice(models)
        size = chance.choice(["", f"{chance.randint(10, 99)}MM", f"{chance.randint(100, 9999)}"])
        name = " ".join([kind, chance.choice(_SIDES), model, size, chance.choice(makes)]).upper()
        entries.append(
            Entry(number, f"{kind[:2]}{model[:1]}-{number}".upper(), " ".join(name.split()), "pcs",
                  price=number * 1000, available=number % 20)
        )  # fmt: skip
    return entries


def messages(entries: list[Entry], count: int, seed: int = 8) -> list[str]:
    """Texts that name items in part, with slips and quantities."""
    chance = random.Random(seed)
    texts = []
    for _ in range(count):
        words = [word.lower() for word in chance.choice(entries).name.split()]
        if chance.random() < 0.4:
            at = chance.randrange(len(words))
            if len(words[at]) > 4:
                words[at] = words[at][:2] + words[at][3:]
        if chance.random() < 0.3:
            words = words[:-1] or words
        form = chance.choice(
            ["bos {} ada ga, brp", "pesan {} 2 ya", "hrg {}", "min {} 3 pcs kirim ya makasih"]
        )
        texts.append(form.format(" ".join(words)))
    return texts


def turns(entries: list[Entry], count: int, seed: int = 9) -> list[tuple[str, Conversation]]:
    """Short texts with the talks in which they come."""
    chance = random.Random(seed)
    return [_turn(entries, chance) for _ in range(count)]


def _turn(entries: list[Entry], chance: random.Random) -> tuple[str, Conversation]:
    some = tuple(chance.choice(entries) for _ in range(chance.randint(1, 3)))
    words = chance.choice([*some, chance.choice(entries)]).name.lower().split()
    said = " ".join(chance.sample(words, min(chance.randint(1, 2), len(words))))
    lines = tuple(Line(entry, 2) for entry in dict.fromkeys(some))
    talk = chance.choice(
        [
            Conversation(quoted=some[-1:], recent=some),
            Conversation(offered=some, choosing=Kind.ORDER, quantity=2, recent=some),
            Conversation(asked=True, proposed=lines[-1:], recent=some),
            Conversation(order=lines, recent=some),
            Conversation(order=lines, recent=some),
        ]
    )
    return chance.choice(_TURNS).format(said), talk


def percentiles(index: ItemIndex, texts: list[tuple[str, Conversation]]) -> tuple[float, float]:
    """The 50th and 95th percentile of a reading, in milliseconds."""
    times = []
    for text, talk in texts:
        begin = time.process_time()
        read(text, index, talk, free=True)
        times.append((time.process_time() - begin) * 1e3)
    cuts = statistics.quantiles(times, n=20)
    return cuts[9], cuts[18]


def floor(entries: list[Entry], texts: list[str]) -> float:
    """The 95th percentile of looking all words up, in milliseconds."""
    known: dict[str, list[int]] = {}
    for entry in entries:
        for word in entry.name.lower().split():
            known.setdefault(word, []).append(entry.id)
    times = []
    for text in texts:
        begin = time.process_time()
        for word in text.split():
            known.get(word)
        times.append((time.process_time() - begin) * 1e3)
    return statistics.quantiles(times, n=20)[18]


def main() -> None:
    rows = []
    missed = []
    for size in SIZES:
        entries = catalogue(size)
        texts = messages(entries, MESSAGES)
        begin = time.process_time()
        index = ItemIndex(entries)
        assert index.words.size == size
        build = time.process_time() - begin
        half, most = percentiles(index, [(text, Conversation()) for text in texts])
        typical, rare = percentiles(index, turns(entries, TURNS))
        begin = time.process_time()
        for entry in entries[:200]:
            index.put(entry)
        update = (time.process_time() - begin) / 200 * 1e3
        tracemalloc.start()
        again = ItemIndex(entries)
        assert again.words.size == size
        memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        rows.append(
            [size, half, most, most / floor(entries, texts), typical, rare, build, update, memory]
        )
        for share, got, wanted in zip((50, 95), (typical, rare), WANTED_TURN_MS[size], strict=True):
            if got > wanted:
                missed.append(f"{size} items: turn p{share} {got:.2f} ms, wanted {wanted}")
        if most > WANTED_MS[size]:
            missed.append(f"{size} items: {most:.2f} ms, wanted {WANTED_MS[size]}")
        if build > WANTED_BUILD:
            missed.append(f"{size} items: index in {build:.2f} s, wanted {WANTED_BUILD}")
    print(tabulate(
        rows,
        ["items", "p50 ms", "p95 ms", "× floor", "turn p50 ms", "turn p95 ms", "index s",
         "one item ms", "MB"],
        floatfmt=".2f",
    ))  # fmt: skip
    if missed:
        raise SystemExit("; ".join(missed))


if __name__ == "__main__":
    main()
