"""Language at display: nothing below the screens and the command line holds a translated text.

The keys of the catalogues are English sentences; English itself translates only the single words
that the store keeps as keys.
"""

import gettext
import json
from functools import lru_cache
from importlib.resources import files

from crm_tui.errors import Problem

DOMAIN = "crm_tui"
LANGUAGES = ("id", "en")
DEFAULT = "id"


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = files("crm_tui") / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if not path.is_file():
        # A checkout that was not built: English beats an error.
        return gettext.NullTranslations()
    with path.open("rb") as source:
        return gettext.GNUTranslations(source)


def translate(text: str, language: str, /, **params: object) -> str:
    """`text` in `language`, its {fields} filled; a `Problem` among the fields is told too."""
    told = _catalogue(language).gettext(text) if text else ""
    if not params:
        return told
    return told.format_map(
        {
            name: say(value, language) if isinstance(value, Problem) else value
            for name, value in params.items()
        }
    )


def say(problem: Problem, language: str) -> str:
    """The sentence for the person who met `problem`."""
    told = _catalogue(language).gettext(problem.text)
    return told.format_map(
        {
            name: say(value, language) if isinstance(value, Problem) else value
            for name, value in problem.params.items()
        }
    )


def retell(stored: str, language: str) -> str:
    """A sentence that `errors.stored` made, in `language`; a plain text is looked up as it is."""
    if stored.startswith('["'):
        try:
            text, params = json.loads(stored)
        except ValueError:
            return stored
        return translate(text, language, **params)
    return translate(stored, language)
