"""Language at display: nothing below the screens and the command line holds a translated text.

The keys of the catalogues are English sentences; English itself translates only the single words
that the store keeps as keys.
"""

import gettext
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from crm_tui.errors import N_, Problem, Sentence, filled

DOMAIN = "crm_tui"
LANGUAGES = ("id", "en")
DEFAULT = "id"
FOLDER = Path(__file__).parent / "locale"

Translate = Callable[..., str]
"""`tr`, wherever it is handed on: a text of the catalogues, in a language, with its fields filled."""


def _read(language: str) -> gettext.NullTranslations:
    """A catalogue; gettext reads each file once, whoever asks for it (click does, too). A checkout that
    was not built has none: English beats an error."""
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)


_catalogue = lru_cache(_read)


def translate(text: str, language: str, /, **params: object) -> str:
    """`text` in `language`, its {fields} filled.

    A `Problem` among the fields is told too; a `status` or `role` is a word of the catalogues, and
    so is each of `roles`.
    """
    sentence = _catalogue(language).gettext(text) if text else ""
    return _filled(sentence, language, params) if params else sentence


def say(problem: Problem, language: str) -> str:
    """The sentence for the person who met `problem`."""
    return _filled(_catalogue(language).gettext(problem.text), language, problem.params)


def _filled(sentence: str, language: str, params: Mapping[str, object]) -> str:
    values: dict[str, object] = {}
    for name, value in params.items():
        if isinstance(value, Problem):
            values[name] = say(value, language)
        elif name == "roles":
            told = [_catalogue(language).gettext(each) for each in str(value).split(", ")]
            values[name] = _either(told, language)
        elif name in ("status", "why", "role") and isinstance(value, str) and value:
            values[name] = _catalogue(language).gettext(value)
        else:
            values[name] = value
    return filled(sentence, values)


def _either(words: list[str], language: str) -> str:
    """One, two or three: "Kepala Bengkel, Kepala Cabang atau Administrator"."""
    *others, last = words
    if not others:
        return last
    return translate(N_("{others} or {last}"), language, others=", ".join(others), last=last)


def retell(stored: Sentence, language: str) -> str:
    """A sentence that `errors.stored` made, in `language`; one without fields is looked up as it is.

    What is no `Sentence`, or no key of the catalogues, is given back untouched: it may be anybody's.
    """
    text, params = unfolded(stored)
    if text is None:
        return stored
    return translate(text, language, **params)


def unfolded(stored: str) -> tuple[Sentence | None, dict[str, str]]:
    """The key of a stored sentence and what fills it; None if it is none of ours."""
    if not isinstance(stored, Sentence):
        return None, {}
    text: object = stored
    params: object = {}
    if stored.startswith('["'):
        import json

        try:
            text, params = json.loads(stored)
        except ValueError:
            return None, {}
    if not isinstance(text, str) or not isinstance(params, dict) or not _ours(text):
        return None, {}
    # What fills it are words, whatever the row holds.
    return Sentence(text), {str(name): str(value) for name, value in params.items()}


class _Unknown(gettext.NullTranslations):
    """Behind a catalogue: what it has not is told by an error, not by the text itself."""

    def gettext(self, message: str) -> str:
        raise KeyError(message)


@lru_cache
def _keys() -> gettext.NullTranslations | None:
    """The catalogue that knows which keys there are; None in a checkout that was not built."""
    known = _read(DEFAULT)
    if not isinstance(known, gettext.GNUTranslations):
        return None
    known.add_fallback(_Unknown())
    return known


@lru_cache(maxsize=1024)
def _ours(text: str) -> bool:
    """Whether `text` is a key of the catalogues."""
    keys = _keys()
    if keys is None or not text:
        return keys is None and bool(text)
    try:
        keys.gettext(text)
    except KeyError:
        return False
    return True
