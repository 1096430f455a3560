"""The form of a customer's card."""

from crm_tui.errors import N_
from crm_tui.screens.shell.asking import as_typed, parse_money
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.shop.customers import cards
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.customers.errors import PhoneTaken
from crm_tui.shop.gate.errors import BadMoney, BadPhone, PersonNameMissing


def customer_form(page: Page, customer_id: int | None, there: Card) -> Form:
    """The card of a customer; a new one has a number as well."""
    tr = page.tr

    async def save(values: Values) -> object:
        wanted = Card(
            values["name"], values["address"], values["notes"], parse_money(values["limit"]),
            values.get("phone", ""),
        )  # fmt: skip
        if customer_id is None:
            return await page.desk.act(cards.add, wanted)
        await page.desk.act(cards.edit, customer_id, wanted)
        return customer_id

    fields = [Field("name", tr(N_("Name")), "", there.name, errors=(PersonNameMissing,))]
    if customer_id is None:
        fields.append(Field("phone", tr(N_("Number")), errors=(BadPhone, PhoneTaken)))
    fields += [
        Field("address", tr(N_("Address")), "", there.address),
        Field("notes", tr(N_("Notes")), tr(N_("Vehicles, for example")), there.notes),
        Field("limit", tr(N_("Credit limit")), tr(N_("In rupiah; empty: the usual limit")),
              as_typed(there.credit_limit), errors=(BadMoney,)),
    ]  # fmt: skip
    title = tr(N_("New customer")) if customer_id is None else there.name or tr(N_("Customer"))
    return Form(f"customer {customer_id or ''}", title, fields, save)
