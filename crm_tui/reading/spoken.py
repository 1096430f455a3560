"""What words say in a talk, and do not by themselves: "tukar" of somebody with an open order, "ya udah"
behind a price."""

from collections.abc import Collection
from dataclasses import replace

from crm_tui.reading import cues, vetoes
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.proposals import HALF, MOST_OPTIONS
from crm_tui.reading.remarks import QUIET
from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.turn import WHICH
from crm_tui.reading.wishes import Conversation, Kind, Reading

_THOUSANDS = 100
"""So many are rather a price in thousands of rupiah, where there are not so many."""
_DEEDS = ("add", "change", "swap", "less")


def exchanging(tagged: Tagged, talk: Conversation) -> Tagged:
    """Of somebody with an open order "tuker" is no complaint: another line is wanted in it."""
    complaints = tagged.marks.get("veto.complaint", ())
    if not (talk.order and talk.amendable and complaints) or tagged.has("veto.past"):
        return tagged
    left = [
        (start, end)
        for start, end in complaints
        if end - start > 1 or tagged.texts[start] not in REPLACES
    ]
    return replace(tagged, marks={**tagged.marks, "veto.complaint": left})


def deeds(tagged: Tagged, index: ItemIndex, talk: Conversation) -> Tagged:
    """In a talk, "tambah" and "ganti" say what is to be done with what was named, also where an item
    has that word in its name."""
    if not (talk.order or talk.offered or talk.proposed or talk.quoted):
        return tagged
    inside = {
        at
        for name in _DEEDS
        for begin, end in tagged.marks.get(f"dialogue.{name}", ())
        for at in range(begin, end)
    }
    words = tuple(
        replace(word, role=Role.STILL) if at in inside and word.role is Role.NAME else word
        for at, word in enumerate(tagged.words)
    )
    return quieted(replace(tagged, words=words), _urging(tagged, index))


def quieted(tagged: Tagged, places: Collection[int]) -> Tagged:
    """A text in which the words at some places say nothing, and are not read again."""
    if not places:
        return tagged
    words = list(tagged.words)
    for at in places:
        token = replace(words[at].token, text=QUIET, key=QUIET)
        words[at] = replace(words[at], token=token, role=Role.STILL)
    texts = tuple(QUIET if at in places else text for at, text in enumerate(tagged.texts))
    return replace(tagged, words=tuple(words), texts=texts)


def seized(reading: Reading, tagged: Tagged, index: ItemIndex, talk: Conversation) -> Reading:
    """ "Sikat 3" takes what was spoken of, or is a thing that is called so: which, is asked."""
    said = (*talk.offered, *(line.entry for line in talk.proposed), *talk.quoted)
    seizes = index.lexicon.words["seizes"]
    lines = [line for wish in reading.wishes for line in wish.lines]
    if reading.outcome is not Kind.ORDER or not said or seizes.isdisjoint(tagged.texts):
        return reading
    if len(lines) != 1 or lines[0].entry in said:
        return reading
    options = tuple(dict.fromkeys((*said, lines[0].entry)))[-MOST_OPTIONS:]
    wish = replace(
        reading.wishes[0], kind=Kind.CHOICES, lines=(), options=options, choosing=Kind.ORDER,
        quantity=lines[0].quantity, if_available=False,
    )  # fmt: skip
    return replace(reading, wishes=(wish,), sureness=min(reading.sureness, HALF))


def _urging(tagged: Tagged, index: ItemIndex) -> set[int]:
    """The place of "go ahead" at the beginning, before how many, what is to be done, or nothing: "oke
    gas 2"."""
    words = index.lexicon.words
    if words["urges"].isdisjoint(tagged.texts):
        return set()
    calm = index.lexicon.union("yes", "polite", "honorifics") - words["urges"]
    at = next((at for at, text in enumerate(tagged.texts) if text not in calm), len(tagged.texts))
    if at == len(tagged.texts) or tagged.texts[at] not in words["urges"]:
        return set()
    behind = tagged.words[at + 1 : at + 2]
    plain = all(one.role is Role.NUMBER or one.token.pause for one in behind)
    calm = index.lexicon.union("doing", "yes") | set(WHICH)
    return {at} if plain or tagged.texts[at + 1] in calm else set()


def agreed(tagged: Tagged, index: ItemIndex, talk: Conversation) -> Tagged:
    """In a talk, "ya udah" agrees to what was said, and tells of nothing in the past."""
    tagged = _accepted(tagged, index, talk)
    past = tagged.marks.get("veto.past", ())
    if talk.order and len(past) == 1 and _points_back(tagged, past[0]):
        tagged = replace(tagged, marks={**tagged.marks, "veto.past": []})
        past = []
    if len(past) == 1 and _taken_up(tagged, past[0], index, talk):
        return replace(tagged, marks={**tagged.marks, "veto.past": []})
    if not past or not (talk.quoted or talk.offered or talk.proposed or talk.recent):
        return tagged
    words = index.lexicon.words
    told = tagged.marks.get("conditions.list_price", ())
    left = [
        (start, end)
        for start, end in past
        if not any(begin <= start and end <= stop for begin, stop in told)
        and not (
            start and tagged.texts[start] in words["done"]
            and tagged.texts[start - 1] in vetoes.AGREES
            and words["beginnings"].issuperset(tagged.texts[: start - 1])
        )
    ]  # fmt: skip
    return replace(tagged, marks={**tagged.marks, "veto.past": left})


def _accepted(tagged: Tagged, index: ItemIndex, talk: Conversation) -> Tagged:
    """Behind a price that was told, "cocok" agrees to it: "cocok, ambil 1"."""
    if tagged.asked or talk.order or not (talk.quoted or talk.proposed):
        return tagged
    if index.lexicon.union("doing", "want").isdisjoint(tagged.texts):
        return tagged
    calm = index.lexicon.union("yes", "done", "polite", "honorifics")
    left = [
        (start, end)
        for start, end in tagged.marks.get("veto.advice", ())
        if tagged.texts[start:end] not in (("cocok",), ("sreg",))
        or not calm.issuperset(tagged.texts[:start])
    ]
    return replace(tagged, marks={**tagged.marks, "veto.advice": left})


def at_list_price(tagged: Tagged, index: ItemIndex, talk: Conversation) -> Tagged:
    """In a talk, "harga pas" behind a yes agrees to the price that the shop told: "ya udah harga pas,
    1"."""
    spans = tagged.marks.get("veto.haggle", ())
    if not spans or not (talk.quoted or talk.proposed or talk.offered):
        return tagged
    words, texts = index.lexicon.words, tagged.texts
    agreed = index.lexicon.union("yes", "so_be_it") | set(vetoes.AGREES)
    said = next((text for text in texts if text not in words["honorifics"]), "")
    fixed = all(
        texts[start] in words["price"] and texts[start + 1 : end] == ("pas",)
        for start, end in spans
    )
    if said not in agreed or not fixed:
        return tagged
    inside = {at for start, end in spans for at in range(start, end)}
    listed = [*tagged.marks.get("conditions.list_price", ()), *spans]
    return replace(
        tagged,
        words=tuple(
            replace(word, role=Role.STILL) if at in inside else word
            for at, word in enumerate(tagged.words)
        ),
        marks={**tagged.marks, "veto.haggle": [], "conditions.list_price": listed},
    )


def _points_back(tagged: Tagged, span: tuple[int, int]) -> bool:
    """Whether "yang tadi" only points to what is ordered, of which a change is said: "yg tadi jadi
    5"."""
    start, end = span
    which = start > 0 and tagged.texts[start - 1] in WHICH and end - start == 1
    changed = tagged.has("dialogue.change", "dialogue.add", "dialogue.less", "dialogue.remove")
    return which and changed


def _taken_up(tagged: Tagged, span: tuple[int, int], index: ItemIndex, talk: Conversation) -> bool:
    """Whether "yang tadi" only points to the one thing of which the shop has just spoken, and so many
    are wanted: "yang tadi pesan 2"."""
    start, end = span
    words = index.lexicon.words
    which = start > 0 and tagged.texts[start - 1] in WHICH and end - start == 1
    told = index.lexicon.union("got", "done") | words["bought"] - words["doing"]
    numbers = [word for word in tagged.words if word.role is Role.NUMBER]
    one = len(talk.quoted) == 1 and not talk.order
    return which and one and len(numbers) == 1 and told.isdisjoint(tagged.texts)


def below_price(found: Reading, tagged: Tagged) -> bool:
    """Whether a price is said that is below that of all of which so many are wanted."""
    prices = [
        line.entry.price for wish in found.wishes for line in wish.lines
        if line.quantity and line.entry.price is not None
    ]  # fmt: skip
    return bool(prices) and any(0 < said < min(prices) for said in tagged.prices)


def only_asks_price(found: Reading, tagged: Tagged, index: ItemIndex) -> bool:
    """Whether a text of which an order was made asks for a price and says nowhere that it orders: "ok,
    yang biru berapa"."""
    asked = cues.cues(tagged, index)
    changes = found.outcome in (Kind.ORDER, Kind.AMEND, Kind.CONFIRM)
    if changes and all(wish.if_available for wish in found.wishes):
        # "Ada? 1 kalo ada": the stock answers.
        return False
    answered = not {Kind.PRICE, Kind.STOCK}.isdisjoint(found.kinds)
    return changes and not answered and (asked.price or asked.question) and not asked.order


def bids(found: Reading, tagged: Tagged, index: ItemIndex, talk: Conversation) -> bool:
    """Whether a text changes an order at another price, or only asks for the price of an order."""
    if found.outcome is Kind.AMEND and below_price(found, tagged):
        return True
    # "How late are you open" asks for no price; the rest was looked at by itself.
    about = any(wish.topic for wish in found.wishes)
    return not about and only_asks_price(found, at_list_price(tagged, index, talk), index)


def counts_money(found: Reading) -> bool:
    """Whether a number is more than there is of a thing, and about its price in thousands of rupiah:
    "n70 nya 850 ya pak, deal?"."""
    for wish in found.wishes:
        if wish.kind not in (Kind.ORDER, Kind.AMEND, Kind.CHOICES):
            continue
        for line in wish.lines:
            count, price = line.quantity or 0, line.entry.price or 0
            if count < _THOUSANDS or count <= (line.entry.available or 0):
                continue
            if price / 2 <= count * 1000 <= price * 1.1:
                return True
    return False
