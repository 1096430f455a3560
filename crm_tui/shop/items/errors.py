"""Broken rules about items and their stock."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, Overtaken, RuleBroken


class CodeInWords(BadInput):
    text = N_(
        "Write the code without blanks, for example {like}. What people call it are other names."
    )


class BadCode(BadInput):
    text = N_("{code} is no code: it needs a letter or digit, and at most {most} characters.")


class CodeTaken(BadInput):
    text = N_("{code} cannot be told from {other}, which is there already.")


class BarcodeTaken(BadInput):
    text = N_("The barcode {barcode} stands for {code} already.")


class ItemNameMissing(BadInput):
    text = N_("The item needs a name of at most {most} characters.")


class UnitBad(BadInput):
    text = N_("The unit has 1 to {most} characters: pcs, set, botol …")


class BadLevel(BadInput):
    text = N_("{text} is no number of pieces. Write a whole number, or nothing.")


class CategoryUnknown(BadInput):
    text = N_("No item has the category {category}. Choose one with ↑ ↓, or leave it empty.")


class ItemGone(RuleBroken):
    text = N_("{code} is not sold any more.")


class ItemChanged(Overtaken):
    text = N_("{code} was changed by somebody else meanwhile. Look at it once more.")


class PriceChanged(ItemChanged):
    text = N_("The price of {code} is {now} by now, not {seen}. Look at it once more.")


class StockChanged(Overtaken):
    text = N_("The stock of {code} is {there} by now, not {seen}. Look at it once more.")


class NothingToCorrect(BadInput):
    text = N_("The stock of {code} is {there} already.")


class CountOpen(RuleBroken):
    text = N_("A count is under way already. Post it or drop it first.")


class NoCountOpen(RuleBroken):
    text = N_("This count has ended.")


class NothingCounted(RuleBroken):
    text = N_("Nothing has been counted yet.")


class NotEnoughStock(RuleBroken):
    text = N_("There is not enough stock of {code}: {available} left, {wanted} wanted.")


class ItemDeleted(RuleBroken):
    text = N_("{code} was deleted meanwhile.")


class AnItemDeleted(RuleBroken):
    text = N_("An item was deleted meanwhile.")


class UnknownItem(RuleBroken):
    text = N_("There is no item with the code {code}.")
