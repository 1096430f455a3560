"""Words and sentences that the store keeps, in the reader's language."""

from crm_tui.i18n import Translate, unfolded
from crm_tui.shop.reports.base import Told


def in_words(value: object, translate: Translate) -> str:
    """Words of the store, with commas between them, in the reader's language."""
    return ", ".join(translate(each.strip()) for each in str(value).split(","))


def in_language(value: Told, translate: Translate) -> str:
    """A sentence of the store in the reader's language."""
    text, params = unfolded(value.stored)
    return value if text is None else translate(text, **params)
