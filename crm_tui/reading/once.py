"""What is found out of a word or a clause once, when it is first asked for."""

from functools import cached_property
from typing import TypeVar

_Found = TypeVar("_Found")


class once(cached_property[_Found]):
    """A cached property without its lock: of many thousand words a second most are asked but once."""

    def __get__(self, instance: object, owner: type | None = None) -> _Found:  # type: ignore[override]
        found = instance.__dict__[self.attrname or ""] = self.func(instance)
        return found
