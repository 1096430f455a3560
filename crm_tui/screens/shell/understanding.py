"""What was understood of a file, before anything of it is written."""

from collections.abc import Callable, Iterator, Sequence

from textual.containers import VerticalScroll
from textual.widget import Widget

from crm_tui.errors import N_, Problem
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.plain import Piece, Plain, content, fit
from crm_tui.shop.imports import telling
from crm_tui.shop.imports.planning import LABELS
from crm_tui.shop.imports.staging import Staging

TAKE, COLUMNS, ANSWERS, WRONG = "take", "columns", "answers", "wrong"
_NEW, _CHANGED, _REFUSED = 4, 6, 12
_WIDE, _NAMED = 28, 60


class Understood(Dialog[str]):
    """Comes back with what is to be done: `TAKE` it in, change `COLUMNS`, give `ANSWERS`, write the
    `WRONG` lines into a file; None: leave it. `say` tells a problem; `done` is what was done last."""

    BINDINGS = [
        ("enter", "go", ""), ("k", "columns", ""), ("j", "answers", ""), ("f", "wrong", ""),
    ]  # fmt: skip

    def __init__(self, staged: Staging, say: Callable[[Problem], str], done: str = "") -> None:
        super().__init__()
        self._staged, self._say, self._done = staged, say, done

    @property
    def _bad(self) -> bool:
        plan = self._staged.plan
        return bool(self._staged.refused or (plan is not None and plan.missing))

    def title_text(self) -> str:
        staged = self._staged
        if staged.open_questions:
            return self.tr(N_("{file} leaves something open"), file=staged.file)
        if self._bad:
            return self.tr(N_("{file} cannot be imported as it is"), file=staged.file)
        return self.tr(
            N_("Import {count} lines from {file}?"), count=staged.count, file=staged.file
        )

    def body(self) -> Sequence[Widget]:
        return [VerticalScroll(Plain(content(*self._pieces())), id="reading")]

    def on_mount(self) -> None:
        self.query_one("#reading").focus()
        keys = [("K", self.tr(N_("Change a column"))), ("Esc", self.tr(N_("Back")))]
        if self._staged.refused:
            keys.insert(0, ("F", self.tr(N_("To a file"))))
        if self._staged.questions:
            keys.insert(0, ("J", self.tr(N_("Answers"))))
        if self._staged.open_questions:
            keys[0] = ("Enter", self.tr(N_("Give the answer")))
        elif not self._bad:
            keys.insert(0, ("Enter", self.tr(N_("Import them"))))
        self.show_keys(keys)

    def action_go(self) -> None:
        if self._staged.open_questions:
            self.dismiss(ANSWERS)
        else:
            self.dismiss(None if self._bad else TAKE)

    def action_columns(self) -> None:
        self.dismiss(COLUMNS)

    def action_answers(self) -> None:
        if self._staged.questions:
            self.dismiss(ANSWERS)

    def action_wrong(self) -> None:
        if self._staged.refused:
            self.dismiss(WRONG)

    def _pieces(self) -> Iterator[Piece]:
        if self._done:
            yield (f"{self._done}\n\n", "$primary")
        yield from self._open()
        yield from self._refused()
        yield from self._file()
        if not (self._bad or self._staged.open_questions):
            yield from self._changes()

    def _open(self) -> Iterator[Piece]:
        tr = self.tr
        for asked in self._staged.questions:
            yield (f"? {telling.question(asked, tr)}\n", "$warning" if asked.open else "$primary")
            for name, text in telling.answers(asked, tr):
                mark = "•" if name == (asked.answer or asked.default) else " "
                yield f"  {mark} {text}\n"
            yield "\n"

    def _file(self) -> Iterator[Piece]:
        staged, tr = self._staged, self.tr
        plan = staged.plan
        if plan is None:
            return
        yield (f"{telling.file_form(plan, tr)}\n", "bold")
        for heading, name in telling.column_pairs(plan, tr):
            yield f"  {fit(heading, _WIDE)} → "
            yield (f"{name}\n", "$muted" if name == "–" else "$primary")
        if plan.missing:
            missing = ", ".join(tr(LABELS[each]) for each in plan.missing)
            yield (tr(N_("missing: {columns}"), columns=missing) + "\n", "$warning")
            if plan.lack is not None:
                yield f"{self._say(plan.lack)}\n"
        yield "\n"
        for line, values in staged.samples:
            yield (f"{line:>6}  ", "$accent")
            yield f"{telling.sample(staged, list(values), tr)}\n"
        for told in telling.remarks(staged, tr):
            yield f"{told}\n"
        yield "\n"

    def _refused(self) -> Iterator[Piece]:
        refused = self._staged.refused
        if not refused:
            return
        told = self.tr(N_("Lines that cannot be imported"))
        yield (f"{told}: {self._staged.refused_count}\n", "bold")
        for line, why in refused[:_REFUSED]:
            yield (f"{line:>6}  ", "$accent")
            yield f"{self._say(why)}\n"
        yield from self._more(self._staged.refused_count - _REFUSED)
        told = N_(
            "Nothing is written yet: put these lines right in the file, save it, import it again."
        )
        yield f"{self.tr(told)}\n\n"

    def _more(self, count: int) -> Iterator[Piece]:
        """That so many more are not named."""
        if count > 0:
            yield "  " + self.tr(N_("… and {count} more"), count=count) + "\n"

    def _changes(self) -> Iterator[Piece]:
        tr, preview = self.tr, self._staged.preview
        new = telling.new(self._staged.kind, preview, tr)
        yield (new + "\n", "bold")
        for each in preview.new[:_NEW]:
            yield f"  {fit(telling.called(preview, each), _NAMED).rstrip()}\n"
        yield from self._more(len(preview.new) - _NEW)
        yield (tr(N_("changed: {count}"), count=len(preview.changed)) + "\n", "bold")
        for name, changes in list(preview.changed.items())[:_CHANGED]:
            called = fit(telling.called(preview, name), _NAMED).rstrip()
            yield f"  {called}: {telling.differences(changes, tr)}\n"
        yield from self._more(len(preview.changed) - _CHANGED)
        yield telling.others(self._staged.kind, preview, tr) + "\n"
