"""Taking files in: import items, customers, sales."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from crm_tui import atomic_file
from crm_tui.cli.base import Command, Group, Option, open_shop
from crm_tui.cli.place import Place
from crm_tui.errors import N_, Problem
from crm_tui.shop.gate.errors import FileUnwritable
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging, taking_back, telling, wrong_lines
from crm_tui.shop.imports.dates import day_of
from crm_tui.shop.imports.errors import (
    AnswerUnknown,
    ColumnUnknown,
    RowsRefused,
)
from crm_tui.shop.imports.planning import LABELS, Plan
from crm_tui.shop.imports.questions import Choices, Question
from crm_tui.text import visible


@click.group("import", cls=Group, help=N_("Import a file, all or nothing."))
def import_() -> None:
    pass


def _file_command(name: str, kind: staging.Kind, help: str) -> None:
    """Declares `import NAME FILE`."""

    @import_.command(name, cls=Command, help=help)
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option(
        "--dry-run", cls=Option, is_flag=True,
        help=N_("Show what was understood and what would change, and change nothing."),
    )  # fmt: skip
    @click.option(
        "--errors", cls=Option, type=click.Path(path_type=Path), metavar="FILE",
        help=N_("Write all lines that cannot be taken into a CSV file."),
    )  # fmt: skip
    @click.option(
        "--sheet", cls=Option, default="", metavar="NAME", help=N_("The sheet of a workbook.")
    )
    @click.option(
        "--column", "columns", cls=Option, multiple=True, metavar="HEADING=FIELD",
        help=N_("What a column is; HEADING= leaves it out. It is remembered for such files."),
    )  # fmt: skip
    @click.option(
        "--answer", "answers", cls=Option, multiple=True, metavar="KEY=ANSWER",
        help=N_("The answer to a question of the file, as --dry-run shows it."),
    )  # fmt: skip
    @click.pass_obj
    def run(
        place: Place, file: Path, dry_run: bool, errors: Path | None, sheet: str,
        columns: Sequence[str], answers: Sequence[str],
    ) -> None:  # fmt: skip
        ctx = open_shop(place)
        choices = Choices(sheet, answers=dict(map(parted, answers)))
        if errors is not None:
            wrong_lines.check(errors, file, ctx.store.path)
        try:
            staged = staging.examine(ctx, kind, file, choices=choices)
            if columns:
                staged.close()
                choices = with_columns(staged, columns)
                staged = staging.examine(ctx, kind, file, choices=choices)
            while staged.open_questions and sys.stdin.isatty() and not dry_run:
                staged.close()
                choices = _asked(place, choices, staged.open_questions)
                staged = staging.examine(ctx, kind, file, choices=choices)
        except RowsRefused as refused:
            if errors is not None:
                rows = refused.params["rows"]
                assert isinstance(rows, list)
                _write_errors(place, errors, None, rows, len(rows))
            raise
        try:
            if errors is not None and staged.refused:
                every = staged.refused_count
                _write_errors(place, errors, staged.plan, staged.refused, every)
            if dry_run:
                _show(place, staged)
            elif staged.open_questions:
                show_questions(place, staged.questions)
            staged.raise_if_bad()
        except BaseException:
            staged.close()
            raise
        if dry_run:
            staged.close()
            click.echo(place.tr(N_("Nothing was changed.")))
            return
        done = staging.merge(ctx, staged)
        for tell in (telling.left_out, telling.otherwise):
            for told in tell(staged, place.tr):
                click.echo(visible(told))
        for told in telling.not_taken(staged.plan, place.tr):
            click.echo(visible(told))
        click.echo(telling.done(kind, done, place.tr))


_file_command(
    "items", import_items.KIND,
    N_("Import items from CSV or XLSX: "
       "code,name,unit,price,stock[,cost,category,barcode,other_names,reorder_level]; Indonesian "
       "headings work too. A list of codes and prices changes prices only."),
)  # fmt: skip
_file_command(
    "customers", import_customers.KIND,
    N_("Import customers from CSV or XLSX: name,phone[,address,notes,credit_limit,consent]; "
       "Indonesian headings work too."),
)  # fmt: skip
_file_command(
    "sales", import_sales.KIND,
    N_("Import an old sales book from CSV or XLSX: date,phone,name,code,quantity,price,discount, or "
       "total; it counts for ranking and revenue, not for stock."),
)  # fmt: skip


@import_.command(
    "back", cls=Command,
    help=N_("Take an old sales book back as a whole; without NUMBER: which ones there are."),
)  # fmt: skip
@click.argument("number", type=int, required=False)
@click.pass_obj
def back(place: Place, number: int | None) -> None:
    ctx = open_shop(place)
    if number is not None:
        files = taking_back.leaning(ctx, number)
        count = taking_back.take_back(ctx, number)
        click.echo(place.tr(N_("{count} sales were taken back."), count=count))
        if files:
            click.echo(visible(place.tr(taking_back.LEANING, files=", ".join(files))))
        return
    rows = taking_back.candidates(ctx)
    for row in rows:
        told = N_("{number}  {at}  {file}  {count} sales")
        click.echo(
            place.tr(
                told, number=row["id"], at=day_of(row["at"]), file=row["file"], count=row["total"]
            )
        )
    if not rows:
        click.echo(place.tr(N_("No sales book was imported.")))


def parted(told: str) -> tuple[str, str]:
    """KEY=ANSWER in its two parts. Raises `AnswerUnknown`."""
    key, sign, answer = told.partition("=")
    if not sign:
        raise AnswerUnknown(answer=told)
    return key.strip(), answer.strip()


def with_columns(staged: staging.Staging, told: Sequence[str]) -> Choices:
    """What is chosen of a file, for earlier ones with these headings, too, with what columns are said
    to be. Raises `ColumnUnknown`."""
    choices, plan, kind = staged.choices, staged.plan, staged.kind
    assert plan is not None
    for each in told:
        heading, _, told = each.rpartition("=")
        name = kind.columns.field(told)
        if heading not in plan.headings or (told and not name):
            raise ColumnUnknown(column=heading, field=told)
        choices = choices.column(plan.headings.index(heading), name)
    return choices


def _asked(place: Place, choices: Choices, questions: Sequence[Question]) -> Choices:
    """With what the person at the terminal answers."""
    for asked in questions:
        click.echo(visible(telling.question(asked, place.tr)))
        answers = telling.answers(asked, place.tr)
        for number, (_, text) in enumerate(answers, start=1):
            click.echo(visible(f"  {number}  {text}"))
        number = click.prompt(place.tr(N_("Your answer")), type=click.IntRange(1, len(answers)))
        choices = choices.answered(asked.key, answers[number - 1][0])
    return choices


def show_questions(place: Place, questions: Sequence[Question], *, err: bool = True) -> None:
    """Each question, and how it is answered on the command line."""
    for asked in questions:
        click.echo(visible(telling.question(asked, place.tr)), err=err)
        for name, text in telling.answers(asked, place.tr):
            chosen = "*" if name == (asked.answer or asked.default) else " "
            click.echo(
                visible(f" {chosen} --answer {_quoted(f'{asked.key}={name}')}  {text}"), err=err
            )


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def _show(place: Place, staged: staging.Staging) -> None:
    """What was understood, what is asked and what would change."""
    for told in telling.understood(staged, place.tr):
        place.say(visible(told))
    if staged.plan is not None:
        for name in staged.plan.missing:
            click.echo(visible(f'   --column "…={name}"  {place.tr(LABELS[name])}'))
    show_questions(place, staged.questions, err=False)
    if staged.refused or staged.open_questions or (staged.plan and staged.plan.missing):
        return
    preview = staged.preview
    for code in preview.new:
        told = telling.called(preview, code)
        click.echo(visible(place.tr(N_("new: {code}"), code=told)))
    for code, changes in preview.changed.items():
        told = telling.differences(changes, place.tr)
        changed = place.tr(
            N_("changes: {code}: {differences}"), code=telling.called(preview, code),
            differences=told,
        )  # fmt: skip
        click.echo(visible(changed))
    click.echo(telling.others(staged.kind, preview, place.tr))


def _write_errors(
    place: Place, target: Path, plan: Plan | None, rows: Sequence[tuple[int, Problem]], every: int
) -> None:
    """All lines that cannot be taken, with where and why. Raises `FileUnwritable`."""
    try:
        atomic_file.write(target, wrong_lines.table(rows, plan, place.tr).encode())
    except OSError as trouble:
        raise FileUnwritable(file=target, why=trouble.strerror or trouble) from trouble
    click.echo(visible(wrong_lines.said(len(rows), every, target, place.tr)), err=True)
