"""What a file leaves open, and what somebody has said of it.

A question has answers by name. One with a `default` need not be answered; others hold up the import.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from crm_tui.errors import N_

_OF_A_PIECE = (
    N_("Is “{column}” the {field} that the shop keeps ({example})? Prices are those of one piece."),
    {"yes": N_("Yes"), "no": N_("No: leave this column out")},
)
QUESTIONS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "sheet": (N_("Which sheet of {file} is meant?"), {}),
    "column": (N_("Which column is “{field}”? More than one could be."), {}),
    "sure": (
        N_("Is “{column}” the {field} that the shop keeps ({example})?"),
        {"yes": N_("Yes"), "no": N_("No: leave this column out")},
    ),
    "sure:price": _OF_A_PIECE,
    "sure:cost": _OF_A_PIECE,
    "sure:stock": _OF_A_PIECE,
    "money": (
        N_("What is “{column}” ({example})? Prices are those of one piece."),
        {
            "price": N_("The price at which the shop sells"),
            "cost": N_("What the shop pays its supplier"),
            "none": N_("Neither: leave this column out"),
        },
    ),
    "unsold": (
        N_("“{example}” stands in this file. Was this sold to customers? If not, do not take it in."),
        {
            "sold": N_("Yes: they are sales"),
            "returned": N_("It came back from them: it counts against it"),
        },
    ),
    "titled": (
        N_("No column tells the day, but “{example}” stands above lines. Is it their day?"),
        {"below": N_("Yes: that of all lines below it, up to the next one")},
    ),
    "named": (
        N_("What does “{column}” name ({example})?"),
        {
            "item": N_("The items that were sold"),
            "name": N_("The customers"),
            "none": N_("Neither: leave this column out"),
        },
    ),
    "scale": (
        N_("{column}: what is {example}?"),
        {
            "rupiah": N_("{rupiah}: all amounts are as they stand there"),
            "small": N_("{thousand}: amounts below Rp1.000 are in thousands"),
            "thousands": N_("{thousand}: all amounts of this column are in thousands"),
            "millions": N_("{million}: all amounts of this column are in millions"),
        },
    ),
    "hidden": (
        N_("{count} lines are hidden in the spreadsheet (the first one: {first})."),
        {"leave": N_("Leave these lines out"), "take": N_("Take them as well")},
    ),
    "struck": (
        N_("{count} lines are struck through in the spreadsheet (the first one: {first})."),
        {"leave": N_("Leave these lines out"), "take": N_("Take them as well")},
    ),
    "tables": (
        N_("{tables} tables with the same headings stand side by side."),
        {"all": N_("Take all of them"), "first": N_("Take the first one only")},
    ),
    "off_sale": (
        N_(
            "{count} items are not sold any more ({example}). {known} of them are on sale in the shop."
        ),
        {
            "leave": N_("Leave these lines out"),
            "off": N_("Put those that the shop has off sale, and leave the others out"),
            "take": N_("Take them as well: they are on sale then"),
        },
    ),
    "sold": (
        N_("{column}: are items that are “{example}” on sale? ({count} lines)"),
        {"on": N_("Yes"), "off": N_("No: they are not sold any more")},
    ),
    "group": (
        N_(
            "{count} lines hold nothing but a text above sales that name nobody ({example}). What is"
            " it?"
        ),
        {
            "customer": N_("The customer: the sales below are theirs"),
            "title": N_("A title: the customers are not known"),
        },
    ),
    "unnamed": (
        N_("{lines} lines name no customer, but a line above them does ({example}). Whose are they?"),
        {
            "above": N_("Those of the customer above: each stands once above their sales"),
            "nobody": N_("Nobody's: the customers are not known"),
        },
    ),
    "status": (
        N_("{column}: do sales that are “{example}” count? ({count} lines)"),
        {
            "counted": N_("Yes: they were sold"),
            "cancelled": N_("No: leave these lines out"),
            "returned": N_("They came back: they count against it"),
        },
    ),
    "back": (
        N_(
            "{column}: in {count} lines a part came back ({example}). Are the count and the total those"
            " before that?"
        ),
        {
            "off": N_("Yes: what came back goes off both"),
            "told": N_("The count only: the total is without it already"),
            "whole": N_("No: both are without it already"),
        },
    ),
    "whole": (
        N_("{column}: in {count} lines it is more than price × quantity ({example}). Which counts?"),
        {
            "lines": N_("Price × quantity: the total is that of a whole receipt"),
            "total": N_("The total: so much was paid"),
        },
    ),
    "receipt": (
        N_(
            "{column}: all lines of one receipt have the same ({example}; {count} lines). Is it that of"
            " the whole receipt?"
        ),
        {
            "whole": N_("Yes: it counts once, with the first line of the receipt"),
            "line": N_("No: each line was that much"),
        },
    ),
    "amount": (
        N_("{column}: are there {example} pieces, or is that rupiah? ({count} lines)"),
        {"pieces": N_("Pieces"), "rupiah": N_("Rupiah: the total of the line")},
    ),
    "sign": (
        N_(
            "{column} is below zero in {count} lines, and what was paid is not ({example}). What was"
            " it?"
        ),
        {"back": N_("Goods that came back"), "sold": N_("A sale")},
    ),
    "three": (
        N_("{column}: what is {example}? ({count} lines are written so.)"),
        {
            "thousands": N_("{thousands}: the sign parts the thousands"),
            "fraction": N_("{fraction}: the sign begins a fraction"),
        },
    ),
    "negative": (
        N_("{column} is below zero in {count} lines ({example}). There is no such stock."),
        {"zero": N_("Take them as 0")},
    ),
    "sum": (
        N_(
            "{count} lines name nothing and are as much as lines above them ({example}). Are they"
            " sums?"
        ),
        {"leave": N_("Yes: leave them out"), "take": N_("No: they are sales")},
    ),
    "decimal": (
        N_("{column}: {count} lines end in “.0” ({example}), as if a program had reckoned with them."),
        {"whole": N_("Leave that away: {whole}"), "text": N_("Take them as they are: {example}")},
    ),
    "below": (
        N_(
            "In line {first} another table begins, of something else ({example}); it has {count}"
            " lines."
        ),
        {"leave": N_("Leave that table out")},
    ),
    "gone": (
        N_("{column}: “{example}” or a word like it ({count} lines). Is nothing there?"),
        {"zero": N_("Yes: take them as 0"), "unknown": N_("Nobody knows: leave their stock as it is")},
    ),
    "there": (
        N_("{column}: “{example}” or a word like it is no number ({count} lines)."),
        {"unknown": N_("Leave their stock as it is; new items begin with 0")},
    ),
    "about": (
        N_("{column}: “{example}” was guessed ({count} lines are). Does the number count?"),
        {"take": N_("Yes: {example} is {pieces}"), "unknown": N_("No: leave their stock as it is")},
    ),
    "packs": (
        N_("{column}: what is “{example}”? ({count} lines are written so.)"),
        {
            "take": N_("{pieces}: pieces are what the shop sells"),
            "packs": N_("{packs}: whole packs are what the shop sells"),
        },
    ),
    "noted": (
        N_("“{example}” stands within the list. Are its amounts rupiah, and those of one piece?"),
        {"yes": N_("Yes: take them as they stand there")},
    ),
    "no_phone": (
        N_("{count} lines have no telephone number ({example}). Customers are known by it here."),
        {"leave": N_("Leave these lines out")},
    ),
    "service": (
        N_("{count} lines have a number of a service, as networks have them ({example})."),
        {"leave": N_("Leave these lines out")},
    ),
    "twice": (
        N_("{count} lines have a number that stands in an earlier line already ({example}:"
           " lines {first} and {again})."),
        {"first": N_("The earlier line counts: leave these out")},
    ),
    "stopped": (
        N_("{count} customers said STOP, and the file says that they want promos ({example}). What"
           " counts?"),
        {
            "keep": N_("Their STOP: they get no promos"),
            "take": N_("The file: they have said yes since"),
        },
    ),
    "no_date": (
        N_("{count} lines have no date ({example})."),
        {
            "above": N_("It is that of the line above, and so is the customer"),
            "leave": N_("Leave these lines out"),
        },
    ),
    "spelt": (
        N_("{count} codes are written otherwise in the shop ({example}: {other}). Are they the same"
           " items?"),
        {"same": N_("Yes: the shop's codes stay"), "leave": N_("No: leave these lines out")},
    ),
    "new": (
        N_("{count} items of this price list are not in the shop ({example})."),
        {"leave": N_("Leave them out: only prices change"), "add": N_("Add them as new items")},
    ),
    "dates": (
        N_("{example}: which is the day? No number in the dates of this file is above 12."),
        {"day": N_("The first one: day/month"), "month": N_("The second one: month/day")},
    ),
    "years": (
        N_("{example}: which is the year? The number in front hardly changes in this file."),
        {"year": N_("The first one: year-month-day"), "day": N_("The last one: day-month-year")},
    ),
    "swapped": (
        N_("Excel has probably taken days for months ({example}): cells that it knows as dates have "
           "days up to 12 only, and the others are text."),
        {"swap": N_("Put day and month right in them"), "keep": N_("Leave them as they are")},
    ),
    "discount": (
        N_("{column}: is {example} rupiah or per cent?"),
        {"percent": N_("Per cent"), "rupiah": N_("Rupiah")},
    ),
    "apiece": (
        N_("{column}: {example} beside {pieces} pieces, and no total. Is that for each of them?"),
        {
            "line": N_("No, for the line: {example} goes off"),
            "piece": N_("Yes, for each piece: {each} goes off"),
        },
    ),
    "net": (
        N_("The total is price × quantity, and the discount stands beside it ({example}). Does the "
           "discount still go off?"),
        {"off": N_("Yes: the discount goes off the total"), "paid": N_("No: the total was paid")},
    ),
    "less": (
        N_("A discount stands beside the total, and no price ({example}). Does it still go off?"),
        {"off": N_("Yes: the discount goes off the total"), "paid": N_("No: the total was paid")},
    ),
    "category": (
        N_("{count} lines hold nothing but a text above items ({example}). What is it?"),
        {
            "category": N_("The category of the items below"),
            "title": N_("A title or a note: leave it out"),
        },
    ),
    "item": (
        N_("“{name}”: which item of the shop is that? ({count} lines; several have this name)"), {},
    ),
    "no_item": (
        N_("{count} lines name no item of the shop ({example})."),
        {
            "revenue": N_("They count for revenue, for no item"),
            "leave": N_("Leave these lines out"),
        },
    ),
    "again": (
        N_("{count} lines are in the shop already: same day, customer, code, quantity and total."),
        {"leave": N_("Leave them out"), "take": N_("Take them once more")},
    ),
    "alike": (
        N_(
            "{count} lines may be in the shop already: day and total are the same, but item or customer"
            " stand on one side only. The same book, saved with fewer columns?"
        ),
        {"leave": N_("Yes: leave them out"), "take": N_("No: they are other sales")},
    ),
}  # fmt: skip
"""By their keys or the first part of them ("three:stock" is of a field): the sentence, its answers."""


@dataclass
class Question:
    """`answers`: name → text, of the file itself if it is `of_file`. `default`: what counts if nobody
    answers; "" holds up the import."""

    key: str
    text: str
    params: dict[str, object]
    answers: Mapping[str, str]
    default: str = ""
    answer: str = ""
    lines: list[int] = field(default_factory=list)
    of_file: bool = False
    ours: Mapping[str, str] = field(default_factory=dict)
    """Those of its answers that are not the file's."""

    @property
    def open(self) -> bool:
        return not (self.answer or self.default)


@dataclass(frozen=True)
class Choices:
    """What somebody has said of a file: its sheet, what columns are (column → field, "" for none), and
    answers by question."""

    sheet: str = ""
    columns: Mapping[int, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def answered(self, key: str, answer: str) -> "Choices":
        """The same with this answer."""
        if key == "sheet":
            return replace(self, sheet=answer)
        return replace(self, answers={**self.answers, key: answer})

    def column(self, column: int, name: str) -> "Choices":
        """The same with this column as that field ("" for none); no other column is it."""
        others = {at: "" if each == name else each for at, each in self.columns.items()}
        return replace(self, columns={**others, column: name})


_NO_MORE: Mapping[str, str] = MappingProxyType({})


class Asks:
    """Collects what is doubtful in a file while it is read."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self._answers = answers
        self.questions: dict[str, Question] = {}

    def said(self, key: str) -> str:
        """What was answered, "" if nothing was."""
        return self._answers.get(key, "")

    def settle(self, key: str, line: int, default: str = "", **params: object) -> str:
        """What was answered to this, or counts without; "" if that is open, and then it is noted.

        `params` fill the sentence as of the first line; {count} is how many there were.
        """
        question = self.questions.get(key)
        if question is None:
            text, answers = QUESTIONS.get(key) or QUESTIONS[key.partition(":")[0]]
            answer = self._answers.get(key, "")
            question = Question(
                key, text, {**params, "count": 0}, answers, default,
                answer if answer in answers else "",
            )  # fmt: skip
            self.questions[key] = question
        question.params["count"] = int(str(question.params["count"])) + 1
        if len(question.lines) < _LINES:
            question.lines.append(line)
        return question.answer or default

    def ask(
        self, key: str, answers: Mapping[str, str], *, ours: Mapping[str, str] = _NO_MORE,
        **params: object,
    ) -> None:  # fmt: skip
        """Note a question whose answers come from the file, or the shop: name → text; and `ours`."""
        text = QUESTIONS[key.partition(":")[0]][0]
        said = self._answers.get(key, "")
        answers = {**answers, **ours}
        self.questions[key] = Question(
            key, text, params, answers, "", said if said in answers else "", of_file=True, ours=ours
        )


_LINES = 20
