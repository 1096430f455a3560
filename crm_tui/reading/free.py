"""Free texts: what a careful clerk would understand of them, with only the catalogue and the talk.

Whatever is doubtful is asked about or left to people. What a person has to see comes first, then
what names no item, the conversation, and the items.
"""

from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import (
    all_but,
    around,
    asides,
    asked_besides,
    asking_status,
    beside_wishes,
    cheaper_ones,
    contrasting,
    costs,
    cues,
    distributing,
    graded,
    intents,
    last_resort,
    leftover,
    meant_instead,
    misspelt,
    operations,
    other_one,
    pending_choices,
    pointing,
    presuming,
    proposed_besides,
    quality,
    rearranging,
    reason_behind,
    reasons_beside,
    recounting,
    registering,
    remarks,
    requests,
    same_use,
    self_corrections,
    sides_of_none,
    spoken,
    supposing,
    told_around,
    vetoes,
    was_wrong,
    weighing,
    withdrawing,
)
from crm_tui.reading.amending import Change
from crm_tui.reading.excluding import without_excluded
from crm_tui.reading.following import Following
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.proposals import HALF
from crm_tui.reading.roles import Tagged
from crm_tui.reading.self_corrections import tag_quietly
from crm_tui.reading.tagging import tag
from crm_tui.reading.turn import Turn
from crm_tui.reading.wishes import Conversation, Kind, Reading, Wish, human

MOST_WORDS = 80
"""A longer SMS is read by people."""
TOO_LONG = human(N_("too long to be read by itself"))


def read(text: str, index: ItemIndex, talk: Conversation) -> Reading:
    """What a free text asks for; in doubt it is for the staff."""
    if vetoes.hostile(text):
        return human(N_("signs that no customer writes"))
    every = tag(text, index)
    tagged = self_corrections.quieted(every, index)
    if not tagged.words:
        return human(N_("no words"))
    graded_text = graded.named(tagged, text, index, talk)
    if graded_text:
        return read(graded_text, index, talk)
    if weighing.spaced(tagged):
        return human(N_("letters that stand apart"))
    if len(tagged.words) > MOST_WORDS:
        return TOO_LONG
    tagged = spoken.exchanging(tagged, talk)
    reading = (
        _gone_on(tagged, text, index, talk)
        or _read(tagged, text, index, talk)
        or human(N_("no wish that is known"))
    )
    reading = distributing.with_the_others(reading, tagged, index, talk)
    reading = distributing.each_of_which(reading, tagged, talk)
    reading = quality.asked(reading, tagged, index, talk)
    reading = sides_of_none.not_missed(reading, tagged, index, talk)
    reading = quality.tinted(reading, tagged, text, index, talk)
    if reading.outcome is Kind.ORDER and told_around.unsettled(every, index):
        reading = presuming.asked_about(reading, talk, asking=False) or human(vetoes.WHY["later"])
    reading = spoken.seized(reading, tagged, index, talk)
    if reading.outcome in (Kind.ORDER, Kind.AMEND, Kind.CANCEL):
        reading = operations.checked(reading, tagged, text, index, talk, _clause(index))
    if reasons_beside.settled(tagged):
        return reading
    return human(vetoes.WHY["haggle"]) if spoken.bids(reading, tagged, index, talk) else reading


def recounted(text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """A line of the order counted anew; None if that is not all that is said."""
    if not talk.order or vetoes.hostile(text):
        return None
    return recounting.read(Turn(tag_quietly(text, index), text, index, talk))


def told_beside(text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """What is ordered or asked beside what is only told; None if that is not so."""
    if vetoes.hostile(text):
        return None
    return reasons_beside.wanted(tag_quietly(text, index), text, index, talk, read)


def taken_back(text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """All that is ordered, taken back with why behind it; None if that is not so."""
    if not talk.order or vetoes.hostile(text):
        return None
    return reason_behind.read(tag_quietly(text, index), text, index, talk, read)


def presumed(text: str, index: ItemIndex, talk: Conversation, strict: Reading) -> Reading | None:
    """What a text most likely asks for, as a question back, where the `strict` reading is not certain;
    None if there is no telling."""
    more = presuming.open_to_more(text, talk, strict)
    missed = {Kind.NOT_FOUND} == {*strict.kinds}
    if (strict.certain and not (more or missed)) or vetoes.hostile(text):
        return None
    tagged = spoken.exchanging(tag_quietly(text, index), talk)
    if not tagged.words or weighing.spaced(tagged):
        return None
    found = operations.proposed(tagged, text, index, talk, _clause(index)) if more else None
    if more and found is None:
        found = presuming.presumed(tagged, text, index, talk, strict, _in_talk(index))
    if found is None and not strict.certain:
        found = presuming.which_one(tagged, text, index, talk) if more else None
    if found is None and missed:
        found = misspelt.asked(tagged, text, index, talk, _in_talk(index))
    if found is None and (more or not strict.certain):
        missed = strict.certain
        found = last_resort.asked(tagged, text, index, talk, _in_talk(index), missed=missed)
    if found is None or presuming.asked_before(found, talk):
        return None
    found = operations.checked(found, tagged, text, index, talk, _clause(index))
    return found if found.certain else None


def _read(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    if not tagged.words:
        return None
    return (
        _operated(tagged, text, index, talk)
        or weighing.veto(tagged, index, vetoes.STRANGE)
        or (human(vetoes.WHY["service"]) if talk.order and vetoes.sent_to(tagged, index) else None)
        or intents.subscription(tagged, text, index)
        or registering.spoken(tagged, text)
        or registering.address(tagged, text, index)
        or _only_asked(tagged, text, index, talk)
        or beside_wishes.visit(tagged, text, index, talk, _read)
        or beside_wishes.notify(tagged, text, index, talk, _read)
        or beside_wishes.apart(tagged, text, index, talk, _read)
        or _summed_up(tagged, text, index, talk)
        or _relayed(tagged, text, index, talk)
        or _dear(tagged, text, index, talk)
        or cheaper_ones.cheaper(Change(tagged, text, index, talk))
        or _asked_for_another(tagged, text, index, talk)
        or _asked_now(tagged, text, index, talk)
        or weighing.veto(tagged, index, weighing.personal(tagged, index))
        or _catalogue(tagged, text, index)
        or (human(vetoes.WHY["advice"]) if asides.asks_measure(tagged, index) else None)
        or intents.about(tagged, text, index, talk)
        or _items(tagged, text, index, talk)
    )


def _operated(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """What the clauses of a turn make of the open order, each read for certain, or a plain withdrawal
    with what has happened behind it, "batal semua, mobilnya dijual"; None if it is neither."""
    if not talk.order or not tagged.words or tagged.has("veto.own"):
        return None
    strange = weighing.veto(tagged, index, vetoes.STRANGE)
    found = None if strange else was_wrong.read(tagged, text, index, talk)
    if not strange and found is None:
        found = operations.operated(tagged, text, index, talk, _clause(index))
    found = found or (None if strange else meant_instead.read(Turn(tagged, text, index, talk)))
    found = found or reasons_beside.read(tagged, text, index, talk, read)
    why = 0 if found else withdrawing.told_apart(tagged, index, talk)
    rest = text[: tagged.words[why].span[0]]
    return found or (_taken_back(tag_quietly(rest, index), rest, index, talk) if why else None)


def _gone_on(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """What goes on from a text that was left to people: no more than a proposal of what it named, for
    nobody knows what they answered; None if nothing does."""
    entries = leftover.about(tagged, index, talk)
    if not entries and leftover.doubted(tagged, index, talk):
        found = _read(tagged, text, index, replace(talk, left=""))
        bare = found is not None and found.outcome is Kind.ORDER
        return supposing.proposed(found, talk) if bare else found
    if not entries:
        return None
    found = _read(tagged, text, index, replace(talk, quoted=entries, left=""))
    found = leftover.no_more(found, talk, entries)
    ordered = {line.entry for line in talk.order}
    if found is None and not ordered.issuperset(entries) and not intents.named(tagged):
        return human(N_("so many of which item?"))
    return found


def _only_asked(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """A question of somebody who says that nothing is ordered; None if that is not said."""
    rest = asides.only_asks(tagged, text, index)
    if rest is None:
        return None
    reading = _read(tag_quietly(rest, index), rest, index, talk)
    return reading if asides.asks(reading) else human(vetoes.WHY["negation"])


def _asked_for_another(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation
) -> Reading | None:
    """A question of somebody who asks for another person; an order for one is for people."""
    if not tagged.has("veto.others"):
        return None
    asked = cues.cues(tagged, index)
    rest = self_corrections.without_others(tagged, index) if asked.price or asked.stock else None
    reading = _read(rest, text, index, talk) if rest is not None else None
    return reading if asides.asks(reading) else None


def _taken_back(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    found = Change(spoken.deeds(tagged, index, talk), text, index, talk).removed()
    return found if found is not None and found.certain else None


def _summed_up(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """A sum that is right, whoever wants more or less of what is ordered; None if none is said."""
    if not talk.order or not tagged.has("veto.others"):
        return None
    return rearranging.summed_up(Change(spoken.deeds(tagged, index, talk), text, index, talk))


def _relayed(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """What somebody else has decided of what was spoken of, as a proposal; None if it is none."""
    if not (talk.quoted or talk.offered or talk.proposed or talk.order):
        return None
    rest = supposing.relayed(tagged, text, index)
    if rest is None:
        return None
    found = _read(tag_quietly(rest, index), rest, index, talk)
    own = supposing.corrects(found, talk) or told_around.orders_oneself(tagged, index)
    return found if own else supposing.proposed(found, talk)


def _dear(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """Another thing than what is found dear, asked about or proposed; None if none is named."""
    if talk.order or not (talk.quoted or talk.offered or talk.proposed):
        return None
    rest = supposing.dear(tagged, text, index)
    if rest is None:
        return None
    found = _read(tag_quietly(rest, index), rest, index, talk)
    return found if asides.asks(found) else supposing.proposed(found, talk)


def _asked_now(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """What is asked about today behind what somebody tells of the past; None if it is no question."""
    rest = supposing.now_asked(tagged, text, index)
    reading = _read(tag_quietly(rest, index), rest, index, talk) if rest is not None else None
    return reading if asides.asks(reading) else None


def _topic(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """So many of something that "if" only names, as a proposal; None if it is none."""
    spoken = talk.order or talk.quoted or talk.offered or talk.proposed
    rest = supposing.topic(tagged, text, index) if spoken else None
    if rest is None:
        return None
    return supposing.proposed(_items(tag_quietly(rest, index), rest, index, talk), talk)


def _items(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    tagged = spoken.at_list_price(
        spoken.agreed(spoken.deeds(tagged, index, talk), index, talk), index, talk
    )
    tagged = sides_of_none.silenced(rearranging.without_never(tagged, talk.order), index, talk)
    text = remarks.blanked(tagged, text)
    turn = Following(tagged, text, index, talk)
    change = Change(tagged, text, index, talk)
    closing = asking_status.status(turn) or turn.closing() or turn.only_what_is_ordered()
    if closing is not None:
        return closing
    if not (talk.order or talk.offered or talk.proposed or talk.quoted):
        tagged = weighing.meant(without_excluded(tagged, index), tagged, index)
    if not talk.order:
        tagged = weighing.wanted(around.without_withdrawn(tagged), index)
    change = rearranging.without_reason(tagged, change)
    by_talk = (
        other_one.other(turn)
        or all_but.asked(turn)
        or asked_besides.besides(turn)
        or contrasting.contrasted(turn)
        or _unliked(tagged, text, index, talk)
        or _if_there(tagged, text, index, talk)
        or _topic(tagged, text, index, talk)
        or costs.supposed(turn)
        or (
            weighing.exchanged(change, tagged, index, talk)
            or change.removed()
            or change.totalled()
            or weighing.veto(tagged, index, weighing.doubtful(tagged, index, talk))
            or weighing.happened(tagged, index)
            or rearranging.rearranged(change)
            or change.change()
            or weighing.veto(tagged, index, ("negation",))
            or (human(vetoes.WHY["negation"]) if vetoes.refused(tagged, index) else None)
            or turn.yes()
            or turn.taken()
            or turn.fetched()
            or turn.repeated()
            or turn.what_is_left()
            or distributing.distributed(turn)
            or turn.plural()
            or pointing.pointed(turn)
            or turn.numbered()
            or turn.picked()
            or turn.picked_and_more()
            or turn.at_its_price()
            or turn.counted()
            or turn.one_and_more()
            or turn.quoted_price()
            or costs.of_ordered(turn)
            or turn.enough()
            or turn.graded()
            or turn.both_sides()
            or change.again(same_use.kept(turn, turn.contrasted(), turn.spoken()))
            or turn.besides()
        )
    )
    if by_talk is None or by_talk.outcome is Kind.NOT_FOUND:
        by_talk = asked_besides.of_the_kind(turn) or by_talk
    if by_talk is not None:
        found = pending_choices.completed(by_talk, talk) or by_talk
        return change.replaced(proposed_besides.together(turn, found))
    none = same_use.none_for_it(turn)
    if none is not None:
        return none
    if turn.counts_nothing():
        return human(N_("numbers that belong to no item"))
    refine = turn.refined if weighing.leans(tagged) else None
    reading = requests.read(tagged, text, index, refine)
    if around.message_for_somebody(text) and not (reading and reading.outcome is Kind.ORDER):
        return human(N_("a message for somebody, perhaps"))
    if reading is None:
        return None
    reading = pending_choices.completed(turn.instead(reading), talk) or reading
    return change.replaced(change.again(proposed_besides.together(turn, reading)))


def _in_talk(index: ItemIndex) -> operations.Read:
    return lambda text, talk: _read(tag_quietly(text, index), text, index, talk)


def _clause(index: ItemIndex) -> operations.Read:
    """Reads a clause of a turn that is no operation of its own."""

    def read(text: str, talk: Conversation) -> Reading | None:
        tagged = operations.as_clause(tag_quietly(text, index))
        return _read(tagged, text, index, talk)

    return read


def _unliked(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """An order with what is not wanted for it behind: it is proposed; None if that is not so."""
    aside = None if talk.order else asides.unliked(tagged, text, index)
    if aside is None:
        return None
    found = _items(tag_quietly(aside.rest, index), aside.rest, index, talk)
    if found is None or found.outcome is not Kind.ORDER or len(found.wishes) != 1:
        return None
    wish = found.wishes[0]
    if wish.alternatives or wish.unless or any(line.entry.id in aside.items for line in wish.lines):
        return None
    proposed = replace(wish, kind=Kind.CHOICES, choosing=Kind.ORDER, if_available=False)
    return replace(found, wishes=(proposed,), sureness=min(found.sureness, HALF))


def _if_there(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """An order that the stock settles, with the question whether there is some before it."""
    rest = supposing.if_there(tagged, text, index)
    found = _items(tag_quietly(rest, index), rest, index, talk) if rest is not None else None
    if found is None or len(found.wishes) != 1 or not found.wishes[0].lines:
        return None
    if found.outcome is Kind.CHOICES:
        return found
    if found.outcome is not Kind.ORDER:
        return None
    return replace(found, wishes=(replace(found.wishes[0], if_available=True),))


def _catalogue(tagged: Tagged, text: str, index: ItemIndex) -> Reading | None:
    """KATALOG and a word: a list to choose from; without one, how it is done."""
    if not tagged.has("intents.catalogue"):
        return None
    found = requests.read(tagged, text, index)
    if found is not None and found.outcome in (Kind.CHOICES, Kind.PRICE, Kind.STOCK):
        return found
    return Reading((Wish(Kind.HELP, evidence=text),)) if not intents.named(tagged) else None
