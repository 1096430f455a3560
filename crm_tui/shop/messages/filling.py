"""Texts with fields, which the shop may word anew."""

import re
from collections.abc import Mapping

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.settings import Setting

_FIELDS: dict[str, frozenset[str]] = {}
_FIELD = re.compile(r"\{(\w+)\}")
_NEEDED = {
    "number", "numbers", "lines", "total", "code", "codes", "price", "stock", "quantity", "amount",
    "reason", "changes", "example", "status", "points", "hours", "address",
}  # fmt: skip


class Template:
    """One automatic text; `fields` are what {…} may name in it."""

    def __init__(self, name: str, default: str, fields: str, help: str) -> None:
        self.fields = frozenset(fields.split())
        # What a customer must be told: numbers, codes, sums. The rest is for the shop to choose.
        self.needed = self.fields & _NEEDED & set(_FIELD.findall(default))
        self.setting = Setting(f"reply.{name}", default, self._checked, help)
        _FIELDS[self.setting.key] = self.fields

    def _checked(self, text: str) -> str:
        if not text.strip():
            raise ValueError(N_("it must not be empty"))
        used = set(_FIELD.findall(text))
        if used - self.fields or re.search(r"[{}]", _FIELD.sub("", text)):
            raise ValueError(" ".join(f"{{{name}}}" for name in sorted(self.fields)) or "–")
        missing = self.needed - used
        if missing:
            raise ValueError(" + " + " ".join(f"{{{name}}}" for name in sorted(missing)))
        return text

    def wording(self, ctx: Context) -> str:
        """The text as the shop has it, its fields not filled."""
        return self.setting(ctx)

    def __call__(self, ctx: Context, **values: object) -> str:
        """The text, filled. Values are put in as they are: braces in them mean nothing."""
        return fill(self.setting(ctx), values)


def fields_of(key: str) -> list[str]:
    """What {…} the template called `key` may hold; nothing for another setting."""
    return [f"{{{name}}}" for name in sorted(_FIELDS.get(key, ()))]


def named(text: str) -> list[str]:
    """What the {…} in a text name, in order."""
    return _FIELD.findall(text)


def fill(text: str, values: Mapping[str, object]) -> str:
    """`text` with each {name} replaced; nothing else in braces is touched."""
    return _FIELD.sub(lambda found: str(values.get(found[1], found[0])), text)
