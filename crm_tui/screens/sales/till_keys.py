"""What can be done at the till beside typing, with the keys that do it."""

from crm_tui.actions import Action
from crm_tui.errors import N_

CUSTOMER = Action("sales.customer", "f3", N_("Buyer"), N_("The buyer"),
                  permission="customers.view")  # fmt: skip
PAY = Action("sales.sell", "f4", N_("Pay"), N_("Take the money: the sale is done"),
             command="sales.sell")  # fmt: skip
DISCOUNT = Action("sales.discount", "f8", N_("Discount"),
                  N_("A discount on the line, or on the whole sale"),
                  permission="sales.discount", settled=True)  # fmt: skip
PARK = Action("sales.park", "f11", N_("Put aside"),
              N_("Put the sale aside, or bring one back that was put aside"),
              command="sales.park")  # fmt: skip
LAST = Action("sales.last_receipt", "ctrl+r", N_("Receipt"),
              N_("The receipt of the last sale; print it, or save it in a file"),
              permission="sales.sell")  # fmt: skip
