"""Language at display: nothing below the screens and the command line holds a translated text.

The keys of the catalogues are English sentences; English itself translates only the single words
that the store keeps as keys.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from crm_tui.catalogue import Catalogue
from crm_tui.errors import N_, Problem, Sentence, filled
from crm_tui.text import brief

DOMAIN = "crm_tui"
LANGUAGES = ("id", "en")
DEFAULT = "id"
FOLDER = Path(__file__).parent / "locale"

_TYPED = ("text", "value")
"""Fields of sentences that hold what somebody typed, pasted or scanned."""
Translate = Callable[..., str]
"""`tr`, wherever it is handed on: a text of the catalogues, in a language, with its fields filled."""


@lru_cache
def _catalogue(language: str) -> Catalogue | None:
    """None in a checkout that was not built: English beats an error."""
    try:
        return Catalogue(FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.mo")
    except FileNotFoundError:
        return None


def _told(text: str, language: str) -> str:
    """A key in a language; what is none is given back as it is."""
    catalogue = _catalogue(language)
    found = catalogue.find(text) if catalogue and text else None
    return text if found is None else found


def translate(text: str, language: str, /, **params: object) -> str:
    """`text` in `language`, its {fields} filled.

    A `Problem` among the fields is told too; a `status` or `role` is a word of the catalogues, and
    so is each of `roles` and `areas`.
    """
    sentence = _told(text, language)
    return _filled(sentence, language, params) if params else sentence


def say(problem: Problem, language: str) -> str:
    """The sentence for the person who met `problem`."""
    return _filled(_told(problem.text, language), language, problem.params)


def say_briefly(problem: Problem, language: str) -> str:
    """The same for a line of a screen: what was typed is told by its beginning."""
    params = {
        name: brief(value) if name in _TYPED and isinstance(value, str) else value
        for name, value in problem.params.items()
    }
    return _filled(_told(problem.text, language), language, params)


def _filled(sentence: str, language: str, params: Mapping[str, object]) -> str:
    values: dict[str, object] = {}
    for name, value in params.items():
        if isinstance(value, Problem):
            values[name] = say(value, language)
        elif name == "roles":
            told = [_told(each, language) for each in str(value).split(", ")]
            values[name] = _either(told, language)
        elif name == "areas":
            values[name] = ", ".join(_told(each, language) for each in str(value).split(", "))
        elif name in ("status", "why", "role") and isinstance(value, str) and value:
            values[name] = _told(value, language)
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


def _ours(text: str) -> bool:
    """Whether `text` is a key of the catalogues."""
    keys = _catalogue(DEFAULT)
    return bool(text) and (keys is None or keys.find(text) is not None)
