"""An import told in sentences: what was understood of the file, what is asked, what would change."""

from collections.abc import Iterator
from datetime import datetime

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.shop.imports.planning import LABELS, Plan
from crm_tui.shop.imports.questions import Question
from crm_tui.shop.imports.rows import LEFT
from crm_tui.shop.imports.sales_rows import SalesReader
from crm_tui.shop.imports.staged import Kind, Preview
from crm_tui.shop.imports.staging import Difference, Staging
from crm_tui.text import day, rupiah

_ENCODINGS = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows (ANSI)"}
_SEPARATORS = {"\t": N_("tab")}
_STAGED = {"at": "date", "phones": "phone"}
_MONEY = ("price", "cost", "total", "credit_limit")
_REMARKS = {
    "rounded": N_("{column}: {count} amounts are rounded to whole rupiah"),
    "free": N_("{column}: {count} items would cost nothing (Rp0)"),
    "total": N_("{column}: {count} are not price × quantity less discount; the total counts"),
    "lines": N_("{column}: {count} are those of a whole receipt; price × quantity counts"),
    "returned": N_("{column}: {count} lines came back, and count against it"),
    "nobody": N_("{column}: {count} lines name nobody: they count for revenue, for no customer"),
    "named": N_(
        "{column}: {count} lines have no telephone number: they count for revenue, for no customer"
    ),
}


_OTHERS = {"sales": N_("sales: {same}")}
"""What is said of the rows that are neither new nor changed, where they are not unchanged ones."""
_NEW = {"sales": N_("new customers: {count}")}
_DONE = {
    "items": N_("{new} new items, {changed} changed, {same} unchanged."),
    "customers": N_("{new} new customers, {changed} changed, {same} unchanged."),
    "sales": N_("{same} sales, {new} new customers."),
}


def new(kind: Kind, preview: Preview, tr: Translate) -> str:
    """How many rows make a new card: of a sales book, its customers."""
    return tr(_NEW.get(kind.name, N_("new: {count}")), count=len(preview.new))


def others(kind: Kind, preview: Preview, tr: Translate) -> str:
    """How many rows change no card: of a sales book, its sales."""
    return tr(_OTHERS.get(kind.name, N_("unchanged: {same}")), same=preview.same)


def done(kind: Kind, merged: Preview, tr: Translate) -> str:
    """What an import has brought, in a sentence."""
    return tr(_DONE[kind.name], new=len(merged.new), changed=len(merged.changed), same=merged.same)


def file_form(plan: Plan, tr: Translate) -> str:
    """Where the headings of a file stand, and how it is written."""
    if plan.form == "xlsx":
        return tr(
            N_("{file}, sheet “{sheet}”, headings in line {line}"), file=plan.file, sheet=plan.sheet,
            line=plan.line,
        )  # fmt: skip
    sign = plan.separator
    sign = tr(_SEPARATORS[sign]) if sign in _SEPARATORS else f"“{sign}”"
    return tr(
        N_("{file}, text in {encoding}, cells parted by {sign}, headings in line {line}"),
        file=plan.file, encoding=_ENCODINGS[plan.encoding], sign=sign, line=plan.line,
    )  # fmt: skip


def column_pairs(plan: Plan, tr: Translate) -> list[tuple[str, str]]:
    """Each heading with the field that its column is, "–" if it is none."""
    instead = {at: name for name, columns in plan.instead.items() for at in columns}
    pairs = []
    for at, (heading, name) in enumerate(zip(plan.headings, plan.fields, strict=True)):
        told = tr(LABELS[name]) if name else "–"
        if at in instead:
            told = tr(N_("{field}, where it is empty"), field=tr(LABELS[instead[at]]))
        if heading or name:
            pairs.append((heading, told))
    return pairs


def remarks(staging: Staging, tr: Translate) -> Iterator[str]:
    """How numbers and days are written, what is left out, and what is taken otherwise than written."""
    reader, plan = staging.reader, staging.plan
    if staging.remembered:
        yield tr(N_("columns as they were chosen for an earlier file with these headings"))
    if reader is None or plan is None:
        return
    for name, sign in reader.cells.forms.items():
        told = f"1{sign}000" if sign in ".," else "1 000"
        yield tr(N_("{column}: {told} is a thousand"), column=plan.heading(name), told=told)
    if isinstance(reader, SalesReader) and reader.days.form:
        form = N_("day/month/year") if reader.days.form == "dmy" else N_("month/day/year")
        yield tr(N_("{column}: {form}"), column=plan.heading("date"), form=tr(form))
    yield from left_out(staging, tr)
    yield from otherwise(staging, tr)


def otherwise(staging: Staging, tr: Translate) -> Iterator[str]:
    """What is taken otherwise than written, or by halves."""
    reader, plan = staging.reader, staging.plan
    if reader is None or plan is None:
        return
    for (what, name), count in reader.cells.remarks.items():
        heading = plan.heading(name) if name in plan.places else tr(LABELS[name])
        yield tr(_REMARKS[what], column=heading, count=count)


def left_out(staging: Staging, tr: Translate) -> Iterator[str]:
    """Which lines are left out, and why."""
    for why, count in staging.left.counts.items():
        first = ", ".join(map(str, sorted(staging.left.lines[why])))
        more = " …" if count > len(staging.left.lines[why]) else ""
        yield tr(N_("left out: {what}"), what=tr(LEFT[why], count=count, lines=first + more))


def sample(staging: Staging, values: tuple[object, ...] | list[object], tr: Translate) -> str:
    """A row as it will be stored."""
    names = [column.split()[0] for column in staging.kind.staged.split(", ")]
    told = []
    for name, value in zip(names, values, strict=True):
        name = _STAGED.get(name, name)
        if name == "code" and staging.plan is not None and name not in staging.plan.places:
            # An old book that has names only.
            name = "item"
        if name in LABELS and value is not None:
            told.append(f"{tr(LABELS[name])} {shown(name, value, tr)}")
    return " · ".join(told)


def shown(name: str, value: object, tr: Translate) -> str:
    """A value of a field for people."""
    if value is None or value == "":
        return "–"
    if name == "consent":
        # What a customer may have said are words of the program's own.
        return tr(str(value))
    if name in _MONEY and isinstance(value, int):
        return rupiah(value)
    if name == "date":
        return day(datetime.fromisoformat(str(value)))
    return ", ".join(str(value).split()) if name == "phone" else str(value)


def called(preview: Preview, key: str) -> str:
    """A card as people know it: an item's name stands beside its code."""
    return f"{key}  {preview.names[key]}" if preview.names.get(key) else key


def differences(changes: Difference, tr: Translate) -> str:
    """What changes of a known item or customer."""
    return ", ".join(
        f"{tr(LABELS[name])} {shown(name, before, tr)} → {shown(name, after, tr)}"
        if name in LABELS
        else tr(N_("active again") if after else N_("off sale"))
        for name, (before, after) in changes.items()
    )


def question(asked: Question, tr: Translate) -> str:
    """The sentence of a question."""
    params = dict(asked.params)
    if asked.key.startswith(("column:", "sure:")):
        params["field"] = tr(str(params["field"]))
    return tr(asked.text, **params)


def answers(asked: Question, tr: Translate) -> list[tuple[str, str]]:
    """The answers of a question by name."""
    if asked.of_file:
        # Text from outside is no text of ours: it is neither translated nor filled.
        return [
            (name, tr(asked.ours[name]) if name in asked.ours else text)
            for name, text in asked.answers.items()
        ]
    return [(name, tr(text, **asked.params)) for name, text in asked.answers.items()]


def not_taken(plan: Plan | None, tr: Translate) -> Iterator[str]:
    """Which columns are no field."""
    if plan is not None and plan.not_taken:
        yield tr(N_("not taken: {columns}"), columns=", ".join(plan.not_taken))


def understood(staging: Staging, tr: Translate) -> Iterator[str]:
    """What was understood of the file, line by line."""
    plan = staging.plan
    if plan is None:
        return
    yield file_form(plan, tr)
    pairs = column_pairs(plan, tr)
    wide = max((len(heading) for heading, name in pairs if name != "–"), default=0)
    for heading, name in pairs:
        if name != "–":
            yield f"  {heading:{wide}} → {name}"
    yield from not_taken(plan, tr)
    for line, values in staging.samples:
        told = sample(staging, list(values), tr)
        yield tr(N_("line {line} becomes: {told}"), line=line, told=told)
    yield from remarks(staging, tr)
