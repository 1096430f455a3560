"""What of a text counts: without what is not meant or wanted, and which vetoes hold in the talk."""

from crm_tui.reading import around, corrections, cues, happening, vetoes
from crm_tui.reading import mentions as finding
from crm_tui.reading.amending import Change
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.proposals import cheaper
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.wishes import Conversation, Reading, human

_OWNED = frozenset(("punya", "punyo", "pnya", "milik", "duwe", "duweke", "gadah", "gaduh"))
"""Before somebody: whose it is."""


def meant(rest: Tagged, tagged: Tagged, index: ItemIndex) -> Tagged:
    """A text without what it says it does not mean, unless that is all that it names."""
    if rest is tagged:
        return tagged
    lost = {item for _, items in rest.excluded for item in items}
    found = finding.find(rest, index, ordering=True)
    none = any(one.match.items and lost.issuperset(one.match.items) for one in found)
    return tagged if none else rest


def wanted(tagged: Tagged, index: ItemIndex) -> Tagged:
    """A text without what it says is not wanted, where that is none of what is."""
    rest = around.without_unwanted(tagged)
    if rest is tagged:
        return tagged
    wanted = finding.find(rest, index, ordering=True)
    every = finding.find(tagged, index, ordering=True)
    same = [(one.match.items, one.quantity) for one in wanted]
    if not wanted or [(one.match.items, one.quantity) for one in every[: len(same)]] != same:
        return tagged
    others = {item for one in every[len(same) :] for item in one.match.items}
    missing = any(one.match.missing for one in every)
    mine = {item for one in wanted for item in one.match.items}
    return rest if others and not missing and others.isdisjoint(mine) else tagged


def exchanged(
    change: Change, tagged: Tagged, index: ItemIndex, talk: Conversation
) -> Reading | None:
    found = corrections.exchanged(change) if talk.order or talk.proposed or talk.quoted else None
    if found is None or veto(tagged, index, doubtful(tagged, index, talk)):
        return None
    if vetoes.stray_negation(tagged, index):
        return human(vetoes.WHY["negation"])
    return None if happened(tagged, index) else found


def happened(tagged: Tagged, index: ItemIndex) -> Reading | None:
    asked = cues.cues(tagged, index)
    if (asked.price or asked.stock) and not asked.order:
        return None
    if happening.planned(tagged, index):
        return human(vetoes.WHY["later"])
    return human(vetoes.WHY["past"]) if happening.happened(tagged, index) else None


def doubtful(tagged: Tagged, index: ItemIndex, talk: Conversation) -> tuple[str, ...]:
    """A question may begin with "if": kalo kanan? kalo yang belakang berapa"""
    if not tagged.has("veto.later", "veto.haggle"):
        # Nothing else may be calm.
        return vetoes.DOUBTFUL
    asked = cues.cues(tagged, index)
    named = bool(talk.quoted or talk.offered or talk.proposed or talk.recent or talk.sought)
    said = bool(talk.quoted or talk.offered or talk.sought)
    short = len(tagged.words) <= 6 and tagged.asked and said
    short = short or (named and cues.supposes(tagged, index))
    wanted = asked.want and not index.lexicon.words["want"].isdisjoint(tagged.texts)
    wanted = wanted and _wants(tagged, index)
    asking = (asked.price or asked.stock) and not (asked.order or wanted)
    conditions = len(tagged.marks.get("conditions.condition", ()))
    later = len(tagged.marks.get("veto.later", ()))
    # What one of it costs is asked with a number, too, and so is what a size of it costs.
    numbers = any(
        word.role is Role.NUMBER and word.unit and word.value > 1 and word.key.isdecimal()
        for word in tagged.words
    )
    asking = asking and (not numbers or around.asks_first(tagged, index))
    calm = {"later"} if (short or asking) and later <= conditions else set()
    if cheaper(tagged) and (talk.offered or len(talk.quoted) > 1):
        calm.add("haggle")
    return tuple(name for name in vetoes.DOUBTFUL if name not in calm)


def _wants(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether something is wanted, and not only to be asked: "mau tanya"."""
    words, texts = index.lexicon.words, tagged.texts
    return any(
        text in words["want"] and words["asks"].isdisjoint(texts[at + 1 : at + 2])
        for at, text in enumerate(texts)
    )


def personal(tagged: Tagged, index: ItemIndex) -> tuple[str, ...]:
    """What leaves a text to people whatever it is about; who drives it, with a mere question about a
    price, is nothing of that: "kenari berapa, istri saya yang pakai"."""
    if not tagged.has("veto.others"):
        return vetoes.PERSONAL
    asked = cues.cues(tagged, index)
    first = cues.asks_first(tagged, index)
    asks = (asked.price or asked.stock or first) and not (asked.order or asked.want)
    numbers = not first and any(word.role is Role.NUMBER for word in tagged.words)
    told = tagged.has("intents.orders", "intents.status_marks", "veto.past")
    uses = not index.lexicon.words["drives"].isdisjoint(tagged.texts)
    uses = uses or _of_somebody(tagged, index)
    if not asks or numbers or told or not uses:
        return vetoes.PERSONAL
    return tuple(name for name in vetoes.PERSONAL if name != "others")


def _of_somebody(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether it is only said whose vehicle it is for: "kenari musi punya bapak saya brp"."""
    owned = index.lexicon.words["vehicles"] | _OWNED
    return all(
        start and tagged.texts[start - 1] in owned
        for start, _ in tagged.marks.get("veto.others", ())
    )


def leans(tagged: Tagged) -> bool:
    """Whether a text may go on from what was named before it: it is short."""
    return sum(word.role is Role.NAME for word in tagged.words) <= 3


def spaced(tagged: Tagged) -> bool:
    """Whether words are written letter by letter."""
    run = 0
    for text in tagged.texts:
        run = run + 1 if len(text) == 1 and text.isalpha() else 0
        if run == 4:
            return True
    return False


def veto(tagged: Tagged, index: ItemIndex, groups: tuple[str, ...]) -> Reading | None:
    why = vetoes.vetoed(tagged, index, groups)
    return human(why) if why else None
