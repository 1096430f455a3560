"""Choosing one's own password."""

from crm_tui.errors import N_
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.shop.users import accounts
from crm_tui.shop.users.errors import (
    BadPassword,
    PasswordsDiffer,
    SamePassword,
    TooEasy,
    WrongLogin,
)


def own_password(page: Page) -> Form:
    """Ubah kata sandi: one's own."""
    tr = page.tr

    async def change(values: Values) -> object:
        if values["new"] != values["again"]:
            raise PasswordsDiffer()
        await page.desk.act(accounts.change_password, values["old"], values["new"])
        return True

    fields = [
        Field("old", tr(N_("Current password")), errors=(WrongLogin,), secret=True),
        Field("new", tr(N_("The new password")), tr(N_("8 characters or more; words are good")),
              errors=(BadPassword, TooEasy, SamePassword), secret=True),
        Field("again", tr(N_("The same again")), errors=(PasswordsDiffer,), secret=True),
    ]  # fmt: skip
    return Form("password", tr(N_("Change password")), fields, change)
