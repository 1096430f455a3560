"""Forms: an error stands beside its field, Enter goes on, Esc asks only if something was typed.

What was typed is kept as a draft until it is sent or thrown away, so that neither a locked screen
nor a closed form loses it.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from textual import events, on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from crm_tui.errors import N_, Problem
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.plain import Plain
from crm_tui.screens.widgets.tasks import beside
from crm_tui.text import visible

log = logging.getLogger(__name__)

Values = Mapping[str, str]
Submit = Callable[[Values], Awaitable[object]]


def _widget(field: Field, value: str, entered: Callable[[], None]) -> Widget:
    if field.long:
        # Loaded with the first one: most forms have none.
        from crm_tui.screens.widgets.area import Area

        return Area(field, value)
    return Line(field, value, entered)


class Form(Dialog[object]):
    """Asks for some fields and hands them to `submit`; a `Problem` that it raises is shown.

    `key` names the draft. `remark` tells something of the values as they are typed.
    """

    def __init__(
        self,
        key: str,
        title: str,
        fields: Sequence[Field],
        submit: Submit,
        *,
        intro: str = "",
        done: str = N_("Save"),
        remark: Callable[[Values], str | Content] | None = None,
    ) -> None:
        super().__init__()
        self._key, self._title, self._submit = key, title, submit
        # As it stands in the field: what looks the same was not changed.
        self._fields = [replace(each, initial=visible(each.initial)) for each in fields]
        self._intro, self._done, self._remark = intro, done, remark
        self._leaving = False
        self._refused: Values | None = None
        """What was typed when a problem was shown that stands there still."""

    def title_text(self) -> str:
        return self._title

    def body(self) -> Sequence[Widget]:
        draft = self.program.drafts.get(self.program.draft_key(self._key), {})
        parts: list[Widget] = []
        if self._intro:
            parts.append(Plain(self._intro, classes="text"))
        for field in self._fields:
            value = draft.get(field.name, field.initial)
            parts.append(Plain(field.label, id=f"label-{field.name}", classes="label"))
            parts.append(_widget(field, value, self._entered))
            parts.append(Plain(field.help, id=f"help-{field.name}", classes="help"))
        parts.append(Plain("", id="remark", classes="help"))
        parts.append(Plain("", id="problem", classes="problem"))
        return [VerticalScroll(*parts, id="fields", can_focus=False)]

    def on_mount(self) -> None:
        self._show_usual_keys()
        self._say_remark()
        self._input(self._fields[0].name).focus()
        # The focus brings the field into view, and may push its label out of it.
        self.call_after_refresh(self.query_one("#fields").scroll_home, animate=False)

    def _show_usual_keys(self) -> None:
        self._leaving = False
        last = N_("Next") if len(self._fields) > 1 else self._done
        keys = [("Enter", last), ("Esc", N_("Back"))]
        if len(self._fields) > 1:
            keys.insert(1, ("F4", self._done))
        if any(field.usual for field in self._fields):
            keys.insert(1, ("↑↓", N_("Usual answers")))
        self.show_keys(keys)

    hints = (
        ("Tab ⇧Tab", N_("To the next field, or the one before")),
        ("Ctrl+U", N_("Empty what stands before the cursor")),
    )

    def explained(self) -> Sequence[tuple[str, str]]:
        return [(field.label, field.help) for field in self._fields]

    def _input(self, name: str) -> Widget:
        return self.query_one(f"#field-{name}")

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields now."""
        values = {}
        for field in self._fields:
            widget = self._input(field.name)
            values[field.name] = widget.text if field.long else widget.value  # type: ignore[attr-defined]
        return values

    @property
    def changed(self) -> bool:
        values = self.values
        return any(values[field.name] != field.initial for field in self._fields)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The label of the field in which one types stands out."""
        for field in self._fields:
            here = event.widget.id == f"field-{field.name}"
            self.query_one(f"#label-{field.name}").set_class(here, "here")

    # ── typing ────────────────────────────────────────────────────────────────────────────────

    def on_text_area_changed(self) -> None:
        self._typed()

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._leaving:
            self._show_usual_keys()
        plain = {field.name for field in self._fields if not field.secret}
        key = self.program.draft_key(self._key)
        if self.changed:
            self.program.drafts[key] = {k: v for k, v in self.values.items() if k in plain}
        else:
            self.program.drafts.pop(key, None)
        if self._refused is not None and self._refused != self.values:
            # It is about what stood there before.
            self._show_problem(None)
        self._say_remark()

    def _say_remark(self) -> None:
        if self._remark is not None:
            # While something is refused, that alone is said.
            told = "" if self._refused is not None else self._remark(self.values)
            self.query_one("#remark", Plain).show(told)

    def on_area_done(self) -> None:
        self._next(scanned=False)

    def _entered(self) -> None:
        """Enter in a line: the cursor goes on before any later key is looked at."""
        self._next(scanned=isinstance(self.focused, Line) and bool(self.focused.scanned))

    def _next(self, *, scanned: bool) -> None:
        if self._leaving:
            self._show_usual_keys()
            return
        names = [field.name for field in self._fields]
        focused = self.focused.id if self.focused is not None else ""
        place = names.index((focused or "").removeprefix("field-"))
        if place + 1 < len(names):
            self.set_focus(self._input(names[place + 1]))
        elif scanned:
            # A scanner fills a field; what becomes of it, a person says.
            told = self.tr(N_("That came from a scanner. Press Enter if it is right."))
            self.query_one("#problem", Plain).show(told)
        else:
            self._send()

    def key_f4(self, event: events.Key) -> None:
        # The screen below may have that key as well.
        event.stop()
        self._send()

    def _send(self) -> None:
        if not self._busy:
            self._busy = True
            beside(self, self._try)

    async def _try(self) -> None:
        self._show_problem(None)
        try:
            result = await self._submit(self.values)
        except Problem as problem:
            self._show_problem(problem)
        except Exception:
            # What was typed stays; the sentence says where the details are.
            log.exception("a form could not be sent")
            self._show_problem(self.program.unforeseen())
        else:
            self.program.drafts.pop(self.program.draft_key(self._key), None)
            self.dismiss(result if result is not None else True)
        finally:
            self._busy = False

    def tell_anew(self, name: str, help: str) -> None:
        """What is to be known of a field is something else by now."""
        self._fields = [
            replace(field, help=help) if field.name == name else field for field in self._fields
        ]

    def _show_problem(self, problem: Problem | None) -> None:
        self._refused = None if problem is None else dict(self.values)
        self._say_remark()
        self.query_one("#problem", Plain).show("")
        for field in self._fields:
            help = self.query_one(f"#help-{field.name}", Plain)
            mine = problem is not None and _is_of(problem, field)
            help.set_class(mine, "problem")
            if problem is not None and mine:
                help.show(f"✗ {self.program.say(problem)}")
                typed = self._input(field.name)
                typed.focus()
                if field.digits and isinstance(typed, Line):
                    # Another number is typed over it, not behind it.
                    typed.select_all()
                problem = None
            else:
                help.show(field.help)
        if problem is not None:
            error = self.query_one("#problem", Plain)
            error.show(f"✗ {self.program.say(problem)}")
            # The error would stand out of sight in a long form.
            self.call_after_refresh(error.scroll_visible, animate=False)

    # ── leaving ───────────────────────────────────────────────────────────────────────────────

    def action_leave(self) -> None:
        if self._busy:
            self.query_one("#problem", Plain).show(self.tr(N_("One moment …")))
            return
        if self.changed and not self._leaving:
            self._leaving = True
            self.show_keys([("Esc", N_("Discard what was typed")), ("Enter", N_("Go on"))])
            return
        self.program.drafts.pop(self.program.draft_key(self._key), None)
        self.dismiss(None)


def _is_of(problem: Problem, field: Field) -> bool:
    """Whether it is this field's: where a form has many alike, the problem names one of them."""
    named = problem.params.get("field")
    return named == field.name if named is not None else isinstance(problem, field.errors or ())
