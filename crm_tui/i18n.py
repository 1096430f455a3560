"""Language at display: nothing below the screens and the command line holds a translated text.

The keys of the catalogues are English sentences; English itself translates only the single words
that the store keeps as keys.
"""

import gettext
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from crm_tui.errors import Problem

DOMAIN = "crm_tui"
LANGUAGES = ("id", "en")
DEFAULT = "id"

Translate = Callable[..., str]
"""`tr`, wherever it is handed on: a text of the catalogues, in a language, with its fields filled."""


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = Path(__file__).parent / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if not path.is_file():
        # A checkout that was not built: English beats an error.
        return gettext.NullTranslations()
    with path.open("rb") as source:
        return gettext.GNUTranslations(source)


def translate(text: str, language: str, /, **params: object) -> str:
    """`text` in `language`, its {fields} filled.

    A `Problem` among the fields is told too, and a `status` is a word of the catalogues.
    """
    sentence = _catalogue(language).gettext(text) if text else ""
    return _filled(sentence, language, params) if params else sentence


def say(problem: Problem, language: str) -> str:
    """The sentence for the person who met `problem`."""
    return _filled(_catalogue(language).gettext(problem.text), language, problem.params)


def _filled(sentence: str, language: str, params: Mapping[str, object]) -> str:
    filled: dict[str, object] = {}
    for name, value in params.items():
        if isinstance(value, Problem):
            filled[name] = say(value, language)
        elif name in ("status", "why") and isinstance(value, str) and value:
            filled[name] = _catalogue(language).gettext(value)
        else:
            filled[name] = value
    return sentence.format_map(filled)


def retell(stored: str, language: str) -> str:
    """A sentence that `errors.stored` made, in `language`; a plain text is looked up as it is."""
    if stored.startswith('["'):
        import json

        try:
            text, params = json.loads(stored)
        except ValueError:
            return stored
        return translate(text, language, **params)
    return translate(stored, language)
