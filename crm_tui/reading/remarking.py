"""Which clauses of a text are remarks, and of which kind: when it is fetched and by whom, why it is
needed, where somebody lives, who they are, thanks and apologies, and what shall not befall the goods.
"""

from itertools import pairwise

from crm_tui.reading.remark_parts import (
    MOST_STRANGE,
    NEVER,
    THEN,
    TURNS,
    WHICH,
    Part,
    counts,
    elsewhere,
    free,
    soon,
)
from crm_tui.reading.roles import Role

DOUBT = "remarks.doubt"
"""Marks a remark that may be a complaint: an order beside it is proposed."""

FETCHING = "fetching"
"""The kind of a remark that says when and by whom something is fetched."""
_MOST_SIGNED = 6
_MOST_MISHAP = 7
_MOST_INTRODUCED = 9
_NEAR = 3
_WISHES = tuple(
    f"intents.{name}"
    for name in ("stop", "start", "cancel", "promo", "points", "status", "catalogue")
)
_SELLS = frozenset(("jual", "dijual", "kujual", "ngejual"))
_GOES_UP = frozenset(("naik", "naek"))
"""Said of prices, but as well of what is put on a lathe."""


def kind_of(part: Part, parts: int) -> str:
    """Which kind of remark a part of a text is, "" if it is none."""
    if parts < 2 or not part.says("remark.words") or any(word.token.asked for word in part.words):
        return ""
    asks = part.group("price").intersection(part.texts) - _GOES_UP
    if asks or part.says("order", "but"):
        return ""
    if any(map(part.marked, _WISHES)):
        return ""
    for kind in (
        _no_longer,
        _if_it_may,
        _mishap,
        _courtesy,
        _fetching,
        _paying,
        _waiting,
        _left_with,
        _placed,
        _signed,
        _plated,
        _trading,
        _reason,
        _picked,
    ):
        found = kind(part)
        if found:
            return found
    return ""


def _no_longer(part: Part) -> str:
    """That somebody waits no more: "ga jadi nunggu deh"."""
    withdrawn = set(part.marked("dialogue.remove"))
    waits = part.group("waiting")
    calm = part.group("polite", "honorifics", "pronouns")
    rest = [
        text
        for at, text in enumerate(part.texts, start=part.begin)
        if at not in withdrawn and text not in calm
    ]
    return "waiting" if withdrawn and rest and waits.issuperset(rest) and part.apart else ""


def _if_it_may(part: Part) -> str:
    """When somebody would like it, if that may be, and why: "kalo bisa hari ini soalnya mau dipake"."""
    because = part.group("mild.because")
    if not because.isdisjoint(part.texts[1:]):
        cut = next(at for at, text in enumerate(part.texts) if at and text in because)
        begin = part.begin + cut
        why = Part(part.tagged, part.index, begin, part.end, apart=True)
        before = Part(part.tagged, part.index, part.begin, begin, apart=part.apart)
        return _if_it_may(before) if _reason(why) else ""
    at = part.begun()
    first, *rest = part.texts[at : at + 2]
    may = rest and part.within(first, "visit.if") and part.within(rest[0], "may")
    calm = part.group(
        "polite", "honorifics", "daytimes", "days", "soon", "today", "done", "prepared"
    )
    behind = part.texts[at + 2 :]
    return "wish" if may and behind and calm.issuperset(behind) and not counts(part) else ""


def _mishap(part: Part) -> str:
    """What shall not befall the goods: "jangan sampai lecet", "jgn salah kirim ya"."""
    if len(part.texts) > _MOST_MISHAP or counts(part):
        return ""
    at = part.begun()
    if not part.within(part.texts[at], "forbidding") or part.group("forbids").isdisjoint(
        part.texts[at : at + 2]
    ):
        return ""
    while at < len(part.texts) and part.within(part.texts[at], "forbidding"):
        at += 1
    behind = part.texts[at:]
    mishaps = part.group("mishaps")
    calm = mishaps | part.group("polite", "honorifics", "take", "from_here", "other_people")
    rest = [
        word
        for text, word in zip(behind, part.words[at:], strict=True)
        if text.rstrip("2") not in calm
    ]
    befallen = bool(behind) and behind[0].rstrip("2") in mishaps
    return "mishap" if befallen and all(word.role is Role.STILL for word in rest) else ""


def _courtesy(part: Part) -> str:
    """Thanks, an apology or a blessing: "maaf kalau banyak nanya", "terima kasih atas bantuannya"."""
    first = part.texts[part.begun()]
    begins = part.within(first, "beg_pardon", "thanks", "blessings") and first != "kasih"
    if first == "terima":
        begins = part.texts[part.begun() + 1 :][:1] in (("kasih",), ("kasi",), ("ksh",))
    if not begins or counts(part) or part.says("doing", "there", "may", "whether", "yet"):
        return ""
    if not part.group("done").isdisjoint(set(part.texts) - THEN):
        return ""
    if len(part.roles(Role.UNKNOWN)) > MOST_STRANGE:
        return ""
    thanked = part.within(part.texts[part.begun()], "thanks")
    named = [word for word in part.roles(Role.NAME) if word.key not in part.group("said_of_thanks")]
    if named and not (thanked and all(word.key in part.group("side") for word in named)):
        return ""
    bothered = part.says("bothers")
    if any(part.marked(name) for name in TURNS if name != "conditions.condition"):
        return ""
    if part.marked("conditions.condition") and not bothered:
        return ""
    groups = NEVER - {"own", "past"} if bothered else NEVER
    if part.says("yesterdays") or any(part.marked(f"veto.{group}") for group in groups):
        return ""
    later = [at for at in part.marked("veto.later") if not _if(part, at)]
    more = part.marked("veto.others") or part.marked("veto.service")
    return "" if later or more else "courtesy"


def _if(part: Part, at: int) -> bool:
    """Whether "if" stands right behind a word of apology: "maaf kalau …"."""
    before = part.tagged.texts[max(part.begin, at - 2) : at]
    return not part.group("beg_pardon").isdisjoint(before)


def _fetching(part: Part) -> str:
    """When and by whom it is fetched: "besok pagi sebelum narik saya mampir"."""
    comes = part.says("fetch", "coming") or any(
        one == "ke" and part.within(two, "shops", "places") for one, two in pairwise(part.texts)
    )
    if not comes or counts(part) or not free(part) or part.says("may", "none"):
        return ""
    if elsewhere(part) or not soon(part):
        return ""
    service = part.group("people", "carriers", "daytimes", "routines", "shops")
    served = all(part.tagged.texts[at] in service for at in part.marked("veto.service"))
    who = part.group("changed_mind", "people", "pronouns", "honorifics", "sends", "leaves")
    theirs = all(part.tagged.texts[at] in who for at in part.marked("veto.others"))
    return FETCHING if served and theirs else ""


def _paying(part: Part) -> str:
    """Who will pay, or take it in: "yang bayar anak saya", "nanti istri yang terima". That it is paid,
    or how, is for people."""
    takes = part.says("receives") and (part.says("soon") or not WHICH.isdisjoint(part.texts))
    if not (part.says("pays") or takes) or counts(part) or part.says("may", "none"):
        return ""
    if not free(part) or not soon(part) or part.roles(Role.NAME, Role.UNKNOWN):
        return ""
    who = part.group("mild.others", "people", "pronouns", "honorifics", "sends", "pays", "receives")
    marked = [*part.marked("veto.others"), *part.marked("veto.service")]
    somebody = part.group("mild.others", "people") - part.group("pronouns")
    told = all(part.tagged.texts[at] in who for at in marked)
    return "paying" if told and not somebody.isdisjoint(part.texts) else ""


def _waiting(part: Part) -> str:
    """That somebody waits: "saya tunggu di toko", "ditunggu kabarnya"."""
    waits = part.group("waiting")
    at = next((at for at, text in enumerate(part.texts) if text in waits), -1)
    # "Sudah nunggu"
    already = part.texts[max(0, at - 1) : at] if at >= 0 else ()
    if at < 0 or counts(part) or not free(part, but=already) or not soon(part):
        return ""
    if elsewhere(part, "waiters"):
        return ""
    passive = part.words[at].token.text.startswith("di")
    before = any(
        part.within(text, "pronouns", "people", "waiters")
        for text in part.texts[max(0, at - _NEAR) : at]
    )
    behind = part.texts[at + 1 : at + 2]
    me = bool(behind) and part.within(behind[0], "pronouns") and not part.says("notify_words")
    if part.marked("veto.service") or "dulu" in part.texts or "dulu" in behind:
        return ""
    return "waiting" if passive or before or me else ""


def _left_with(part: Part) -> str:
    """Where or with whom it is to be left: "titip di meja depan", "titip mobil travel"."""
    at = part.begun()
    if not part.within(part.texts[at], "leaves") or counts(part):
        return ""
    behind = part.texts[at + 1 : at + 2]
    where = bool(behind) and (
        part.within(behind[0], "left_at", "carriers", "via", "vehicles", "take")
    )
    named = [word for word in part.roles(Role.NAME) if word.key not in part.group("side", "places")]
    return "left" if where and free(part) and soon(part) and not named else ""


def _placed(part: Part) -> str:
    """Where somebody lives: "rumah saya belakang masjid", "simpang empat pasar"."""
    places = part.group("places")
    at = part.begun()
    first, behind = part.texts[at], part.texts[at + 1 : at + 4]
    near = part.group("near", "side")
    mine = first in ("rumah", "rmh", "bengkel", "toko", "alamat") and any(
        part.within(one, "pronouns") for one in behind[:1]
    )
    here = part.within(first, "pronouns", "posts") and behind[:1] in (
        ("di",),
        ("ning",),
        ("nang",),
    )
    beside = (first in near or here or mine) and any(
        one in places for one in behind[: 1 if part.within(first, "side") else 3]
    )
    crossing = part.within(first, "crossings")
    if not (beside or crossing or mine) or part.roles(Role.CUE, Role.LINK, Role.EACH):
        return ""
    counted = any(word.unit or word.label for word in part.roles(Role.NUMBER))
    if counted or not (part.apart or beside or crossing) or not free(part) or not soon(part):
        return ""
    service = part.marked("veto.service")
    return "" if service else "place"


def _signed(part: Part) -> str:
    """Who writes: "Dodi travel", "ini Pendi L300 tangga buntung"."""
    most = _MOST_INTRODUCED if _introduces(part) else _MOST_SIGNED
    if not part.apart or len(part.texts) > most or counts(part):
        return ""
    if part.roles(Role.CUE, Role.LINK) or not part.roles(Role.UNKNOWN):
        return ""
    said = part.within(part.texts[0], "signs") or _introduces(part)
    trades = part.group("people", "carriers", "trades")
    kinds = part.index.words.kinds
    if part.roles(Role.NAME) and (not said or any(kinds.get(w.key) for w in part.roles(Role.NAME))):
        return ""
    if part.says("may", "want", "whether", "none", "yet") or any(map(part.marked, TURNS)):
        return ""
    words = part.tagged.words
    told = [
        at
        for name in part.tagged.marks
        if name[:5] == "veto."
        for at in part.marked(name)
        # What is only like such a word is rather a name.
        if words[at].token.text == part.tagged.texts[at]
    ]
    if any(part.tagged.texts[at] not in trades for at in told):
        return ""
    return "signed" if told or said else ""


def _introduces(part: Part) -> bool:
    """Whether several words behind "with this we" say who writes: "dengan ini kami CV Jaya Makmur"."""
    texts = part.texts
    at = next((at for at, text in enumerate(texts) if part.within(text, "pronouns")), -1)
    before = texts[: max(at, 0)]
    calm = part.group("greetings", "honorifics", "polite", "formal")
    behind = part.words[at + 1 :]
    strange = [word.role in (Role.UNKNOWN, Role.STILL) for word in behind]
    names = sum(word.role is Role.UNKNOWN for word in behind)
    return at >= 0 and names > 1 and all(strange) and calm.issuperset(before)


def _reason(part: Part) -> str:
    """Why it is needed: "musi mau dipake besok", "yang lama sudah bocor", "yang ori mahal nian"."""
    if counts(part) or part.says("doing", "bought", "got", "ordered", "may", "yesterdays"):
        return ""
    if any(part.marked(name) for name in TURNS if name != "conditions.cheap"):
        return ""
    if any(part.marked(f"veto.{group}") for group in NEVER - {"complaint", "mistaken", "advice"}):
        return ""
    at = part.begun()
    first = part.texts[at]
    sells = part.within(first, "purpose") and not _SELLS.isdisjoint(part.texts)
    if not sells and (
        not part.group("from_here").isdisjoint(part.texts[at + 1 :])
        or (part.within(first, "from_here") and not part.says("stores"))
    ):
        return ""
    purpose = part.within(first, "so_that", "according") or (
        part.within(first, "purpose") and part.says("uses")
    )
    # "Buat turun mesin" names no engine that is wanted.
    told = {
        at for at in part.marked("veto.service") if part.tagged.texts[at] not in part.group("uses")
    }
    own = part.within(first, "vehicles", "mine") or (
        first in WHICH and not part.group("former").isdisjoint(part.texts[at + 1 : at + 2])
    )
    worn = part.says("worn", "states")
    named = [
        word
        for at, word in enumerate(part.words, start=part.begin)
        if word.role is Role.NAME and at not in told
    ]
    dear = (first in WHICH and part.says("dearness")) or part.within(first, "fed_up")
    goods = first[:6] == "barang" and not part.group("stores").isdisjoint(part.texts[1:4])
    stock = (part.within(first, "supplies") or goods) and part.says("runs_out")
    works = own and part.says("states", "uses")
    using = part.within(first, "want") and part.says("uses")
    part_worn = bool(named) and part.words[at].role is Role.NAME and worn
    broken = part.says("accidents") and not named
    if not (purpose or (own and worn) or dear or stock or works or part_worn or using or broken):
        return ""
    if named and (not part.begin or not (dear or worn or purpose or using)):
        # Said first, it is what something is wanted for.
        return ""
    if purpose and named and not worn:
        # For what it is says which one it is.
        return ""
    if len(part.roles(Role.UNKNOWN)) > MOST_STRANGE or not soon(part):
        return ""
    if not part.apart and named and not dear and not purpose and not own:
        return ""
    service = part.group("people", "carriers", "daytimes", "trades", "states", "uses", "vague")
    if any(part.tagged.texts[at] not in service for at in part.marked("veto.service")):
        return ""
    doubt = part.marked("veto.complaint") or dear or (using and named)
    return DOUBT if doubt else "reason"


def _plated(part: Part) -> str:
    """Which of somebody's vehicles it is for: "plat BG 1234 AB yg kemarin mogok itu". Of the past only
    that of the vehicle is told."""
    at = part.begun()
    vehicle = part.within(part.texts[at], "vehicles") and part.says("states", "accidents", "worn")
    if not part.apart or not (part.within(part.texts[at], "plates") or vehicle):
        return ""
    if part.roles(Role.NAME, Role.NUMBER, Role.EACH, Role.CUE) or any(map(part.marked, TURNS)):
        return ""
    if part.says("bought", "got", "ordered", "doing", "want", "there", "may"):
        return ""
    told = ("past", "complaint", "service")
    if any(part.marked(f"veto.{group}") for group in NEVER.difference(told)):
        return ""
    return "vehicle" if len(part.roles(Role.UNKNOWN)) <= MOST_STRANGE else ""


def _trading(part: Part) -> str:
    """What somebody lives by: "punya rental", "kami bengkel las"."""
    at = part.begun()
    own = part.within(part.texts[at], "mine", "mine_here") and part.apart
    if not own or not part.says("trades", "shops") or part.roles(Role.NAME) or counts(part):
        return ""
    if part.says("doing", "price", "may") or any(map(part.marked, TURNS)):
        return ""
    trades = part.group("trades", "shops", "mine")
    served = all(part.tagged.texts[at] in trades for at in part.marked("veto.service"))
    others = NEVER.difference(("service",))
    return "trade" if served and not any(part.marked(f"veto.{one}") for one in others) else ""


def _picked(part: Part) -> str:
    """That a good one shall be picked: "tolong pilihkan yang bagus"."""
    at = part.begun()
    behind = part.texts[at + 1 :]
    picks = part.within(part.texts[at], "picks") and behind[:1] and behind[0] in WHICH
    calm = part.group("plain", "fine", "polite", "honorifics") | WHICH | {"barang", "barangnya"}
    return "picked" if picks and calm.issuperset(behind) else ""
